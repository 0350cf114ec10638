//! The margins of the statements' cells: sums by stratum (and PSU) in total and for each group of each breakdown.
//!
//! A statement groups by several breakdowns at once. Its cells are disjoint, so each margin is a sum of whole numbers, which
//! is the same in any order.

use std::collections::{BTreeMap, BTreeSet};

use codebook::{Codebook, VariableName};
use estimate::{DesignTable, Domain};

use crate::TabulateError;
use crate::aggregate::Aggregate;
use crate::engine::Outcome;
use crate::plan::{Setting, SumsStatement};

/// Where in the design sums belong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spot {
    /// Index into [`DesignTable::strata`].
    pub(crate) stratum: usize,
    /// Number of the PSU; 0 where units are PSUs.
    pub(crate) psu: usize,
}

/// A sum that is not 0, in units of 10^-scale, at its spot; sorted by spot.
pub(crate) type Series = Vec<(Spot, i128)>;

/// The sums of one aggregate.
#[derive(Debug, Default)]
struct Margin {
    scale: u8,
    domains: BTreeMap<Domain, Series>,
}

/// The sums of every aggregate in every domain that was asked for.
#[derive(Debug, Default)]
pub(crate) struct Margins(BTreeMap<Aggregate, Margin>);

impl Margins {
    /// Adds up what a statement gave.
    pub(crate) fn read(
        &mut self,
        statement: &SumsStatement,
        outcome: &Outcome,
        design: &DesignTable,
        setting: &Setting<'_>,
    ) -> Result<(), TabulateError> {
        let spots = spots(outcome, setting.clusters, design)?;
        let first = if setting.clusters { 2 } else { 1 };
        let mut domains = vec![(Domain::Total, vec![true; outcome.rows()])];
        for (index, breakdown) in statement.breakdowns.iter().enumerate() {
            domains.extend(groups(breakdown, outcome, first + index, &setting.country.codebook)?);
        }
        let cells = Cells::new(&spots, &domains);
        for (index, aggregate) in statement.aggregates.iter().enumerate() {
            let column = outcome.decimals(first + statement.breakdowns.len() + index)?;
            let margin = self.0.entry(aggregate.clone()).or_default();
            margin.scale = column.scale;
            for ((domain, _), series) in domains.iter().zip(cells.add_up(&column.values)) {
                margin.domains.insert(domain.clone(), series);
            }
        }
        Ok(())
    }

    /// The sums of an aggregate in a domain, with their scale.
    ///
    /// # Panics
    /// When the plan did not ask for it: a bug.
    pub(crate) fn of(&self, aggregate: &Aggregate, domain: &Domain) -> (&Series, u8) {
        let margin = self.0.get(aggregate).expect("the plan asks for every sum that is read");
        let series = margin.domains.get(domain).expect("the plan asks for every domain that is read");
        (series, margin.scale)
    }

    /// A count over the whole sample.
    ///
    /// # Panics
    /// When the plan did not ask for it, or it is no count: a bug.
    pub(crate) fn count(&self, aggregate: &Aggregate) -> u64 {
        let (series, _) = self.of(aggregate, &Domain::Total);
        u64::try_from(series.iter().map(|(_, count)| count).sum::<i128>()).expect("it is a count")
    }
}

/// The rows of a result by spot and domain.
struct Cells {
    /// Every spot, sorted.
    spots: Vec<Spot>,
    /// For each row, the index of its spot.
    spot_of_row: Vec<usize>,
    /// For each domain, the rows in it.
    rows_of_domain: Vec<Vec<usize>>,
}

impl Cells {
    fn new(spot_of_row: &[Spot], domains: &[(Domain, Vec<bool>)]) -> Self {
        let spots: Vec<Spot> = spot_of_row.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
        let index = |spot| spots.binary_search(spot).expect("every spot is among them");
        Self {
            spot_of_row: spot_of_row.iter().map(index).collect(),
            rows_of_domain: domains
                .iter()
                .map(|(_, members)| (0..members.len()).filter(|row| members[*row]).collect())
                .collect(),
            spots,
        }
    }

    /// The sums of a column for each domain.
    fn add_up<'a>(&'a self, column: &'a [Option<i128>]) -> impl Iterator<Item = Series> + 'a {
        self.rows_of_domain.iter().map(|rows| {
            let mut sums = vec![0_i128; self.spots.len()];
            for row in rows {
                // SUM over no unit is NULL.
                let sum = &mut sums[self.spot_of_row[*row]];
                let more = column[*row].unwrap_or(0);
                *sum = sum.checked_add(more).expect("the plan proves that the sum over all answers fits 38 digits");
            }
            let sums = self.spots.iter().copied().zip(sums);
            sums.filter(|(_, sum)| *sum != 0).collect()
        })
    }
}

/// For each row of a result, its place in the design.
fn spots(outcome: &Outcome, clusters: bool, design: &DesignTable) -> Result<Vec<Spot>, TabulateError> {
    let strata = outcome.integers(0)?;
    let psus = if clusters { Some(outcome.integers(1)?) } else { None };
    (0..outcome.rows())
        .map(|row| {
            let psu = psus.as_ref().map_or(0, |psus| psus.value(row));
            spot(strata.value(row), psu, design)
        })
        .collect()
}

/// The place in the design of an answer with these numbers in the file.
pub(crate) fn spot(stratum: i64, psu: i64, design: &DesignTable) -> Result<Spot, TabulateError> {
    let of_answers = usize::try_from(stratum).ok().and_then(|stratum| design.of_answers.get(stratum));
    match (of_answers, usize::try_from(psu)) {
        (Some(stratum), Ok(psu)) => Ok(Spot { stratum: *stratum, psu }),
        (None, _) | (_, Err(_)) => Err(TabulateError::Stratum { stratum, strata: design.of_answers.len() }),
    }
}

/// For each category of a breakdown, its domain and which rows are in it. Rows without a value are in none.
pub(crate) fn groups(
    breakdown: &VariableName,
    outcome: &Outcome,
    column: usize,
    codebook: &Codebook,
) -> Result<Vec<(Domain, Vec<bool>)>, TabulateError> {
    let codes = outcome.texts(column)?;
    let variable = codebook.variable(breakdown).expect("reading a country refuses unknown breakdowns");
    let group = |category: &codebook::Category| {
        let domain = Domain::Group { breakdown: breakdown.clone(), code: category.code.clone() };
        (domain, codes.iter().map(|code| code == Some(category.code.as_str())).collect())
    };
    Ok(variable.categories().iter().map(group).collect())
}
