//! Tables of estimates, before disclosure control.

use codebook::{Comparison, Measure, Row, RowId, TableId, TableSpec};

use crate::difference::difference;
use crate::linearise::Statistic;
use crate::variance::{Fixed, Precision};
use crate::{DesignTable, Difference, Domain, Interval, IntervalMethod, RowSums, Sums, TableSums, Wide};

/// How estimates are made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Method {
    /// For shares; means and totals take [`IntervalMethod::T`].
    pub shares: IntervalMethod,
    /// The confidence level, such as 0.95.
    pub level: f64,
    /// What degrees of freedom count.
    pub degrees: Degrees,
}

/// What degrees of freedom count (statistics section 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Degrees {
    /// PSUs less strata, over the strata that hold the domain and are not sampled whole. What is published.
    Domain,
    /// PSUs less strata of the whole design, as R does.
    Design,
}

/// A table of estimates. Nothing here has passed disclosure control.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The table.
    pub id: TableId,
    /// As in [`TableSums::domains`].
    pub domains: Vec<Domain>,
    /// The rows, as in the specification.
    pub rows: Vec<RowId>,
    /// `cells[row][domain]`.
    pub cells: Vec<Vec<Outcome>>,
    /// The differences that claims ask for.
    pub differences: Vec<Difference>,
}

/// An estimate, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Outcome {
    /// It could be estimated.
    Estimated(Estimate),
    /// It could not.
    NotEstimable {
        /// Why.
        reason: NotEstimable,
        /// Unweighted units in the domain.
        n: u64,
    },
}

/// Why there is no estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotEstimable {
    /// Nobody is in the domain.
    Empty,
    /// The variance is 0 although the sample is not a census, or no degree of freedom is left: the value stands, its error is
    /// unknown, so it is not shown.
    NoVariance,
}

/// One estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The share (0 to 1), mean or total.
    pub value: f64,
    /// The linearised standard error.
    pub se: f64,
    /// The lower confidence limit.
    pub low: f64,
    /// The upper confidence limit.
    pub high: f64,
    /// Degrees of freedom; 0 where the interval is the point: in a census, or where the design fixes a share.
    pub df: f64,
    /// Unweighted units in the domain.
    pub n: u64,
    /// Those of them with a value other than 0: for a share, the unweighted numerator.
    pub positive: u64,
}

/// Estimates one table and the differences asked for; comparisons of other tables are left out.
///
/// # Panics
/// When sums and specification are not of the same table and shape, or a comparison names what the table does not have: a
/// bug, since reading a country refuses it.
#[must_use]
pub fn estimate(
    spec: &TableSpec,
    sums: &TableSums,
    design: &DesignTable,
    comparisons: &[Comparison],
    method: Method,
) -> Table {
    let statistics = statistics(spec, sums);
    let cells = spec
        .rows
        .iter()
        .zip(&sums.rows)
        .zip(&statistics)
        .map(|((row, of_row), statistics)| {
            let cell = |((domain, sums), statistic): ((&Domain, &Sums), &Option<Statistic>)| match statistic {
                None => Outcome::NotEstimable { reason: NotEstimable::Empty, n: 0 },
                Some(statistic) => {
                    outcome(statistic, spec.measure, fixed(spec, row, domain, sums, design), design, method)
                }
            };
            sums.domains.iter().zip(&of_row.domains).zip(statistics).map(cell).collect()
        })
        .collect();
    let mut table = Table {
        id: spec.id.clone(),
        domains: sums.domains.clone(),
        rows: spec.rows.iter().map(|row| row.id.clone()).collect(),
        cells,
        differences: Vec::new(),
    };
    table.differences = comparisons
        .iter()
        .filter(|comparison| comparison.table == spec.id)
        .map(|comparison| Difference {
            comparison: comparison.clone(),
            outcome: table.compare(comparison, spec, sums, &statistics, design, method),
        })
        .collect();
    table
}

/// The statistic of each cell; `None` where nobody is in the domain.
fn statistics(spec: &TableSpec, sums: &TableSums) -> Vec<Vec<Option<Statistic>>> {
    let rows_agree = spec.rows.iter().map(|row| &row.id).eq(sums.rows.iter().map(|row| &row.row));
    assert!(spec.id == sums.table && rows_agree, "the sums of table {} are those of {}", spec.id, sums.table);
    let of_row = |row: &RowSums| {
        assert_eq!(row.domains.len(), sums.domains.len(), "a row of {} has sums for every domain", spec.id);
        row.domains.iter().map(|sums| Statistic::new(spec.measure, sums)).collect()
    };
    sums.rows.iter().map(of_row).collect()
}

/// The estimate of one cell.
fn outcome(statistic: &Statistic, measure: Measure, fixed: Fixed, design: &DesignTable, method: Method) -> Outcome {
    let value = statistic.value.to_f64();
    let estimated = |se: f64, interval: Interval, df: f64| {
        let Interval { low, high } = interval;
        Outcome::Estimated(Estimate { value, se, low, high, df, n: statistic.n, positive: statistic.positive })
    };
    let not_estimable = Outcome::NotEstimable { reason: NotEstimable::NoVariance, n: statistic.n };
    let (variance, df) = match Precision::new(&statistic.values, fixed, design, method.degrees) {
        Precision::Exact => return estimated(0.0, Interval { low: value, high: value }, 0.0),
        Precision::Unknown => return not_estimable,
        Precision::Sampled { variance, df } => (variance, df),
    };
    let se = libm::sqrt(variance.to_f64());
    if variance.is_zero() {
        // A share that everybody or nobody has still has an outer limit; anything else shows no error to go by.
        return match measure {
            Measure::Share => Interval::at_the_edge(statistic, method.level)
                .map_or(not_estimable, |interval| estimated(se, interval, df)),
            Measure::Mean | Measure::Total => not_estimable,
        };
    }
    let interval = match (measure, method.shares) {
        (Measure::Share, IntervalMethod::Xlogit) => {
            let complement = (Wide::ONE - statistic.value).to_f64();
            Interval::xlogit(value, complement, se, df, method.level)
        }
        (Measure::Share, IntervalMethod::T) | (Measure::Mean | Measure::Total, _) => {
            Interval::around(value, se, df, method.level)
        }
    };
    estimated(se, interval, df)
}

/// Whether the design tells a share before anyone answers: that of the variable that makes the domain, or of a stratum
/// variable in a domain of whole strata. Elsewhere, as among those who innovate, its share is sampled like any other.
fn fixed(spec: &TableSpec, row: &Row, domain: &Domain, sums: &Sums, design: &DesignTable) -> Fixed {
    let makes_the_domain = match domain {
        Domain::Total => false,
        Domain::Group { breakdown, .. } => *breakdown == row.item,
    };
    let is_of_strata = design.variables.contains(&row.item) && sums.are_of_whole_strata(design);
    match spec.measure {
        Measure::Share if makes_the_domain || is_of_strata => Fixed::ByDesign,
        Measure::Share | Measure::Mean | Measure::Total => Fixed::No,
    }
}

impl Table {
    /// The difference between two groups; not estimable if one of them is not.
    fn compare(
        &self,
        comparison: &Comparison,
        spec: &TableSpec,
        sums: &TableSums,
        statistics: &[Vec<Option<Statistic>>],
        design: &DesignTable,
        method: Method,
    ) -> Outcome {
        let row =
            self.rows.iter().position(|row| *row == comparison.row).expect("a comparison names a row of its table");
        let [group, than] = [&comparison.group, &comparison.than].map(|code| {
            let domain = Domain::Group { breakdown: comparison.breakdown.clone(), code: code.clone() };
            self.domains.iter().position(|known| *known == domain).expect("a comparison names groups of its table")
        });
        let cells = [self.cells[row][group], self.cells[row][than]];
        let n = cells.iter().map(Outcome::n).sum();
        if let Some(reason) = cells.iter().find_map(Outcome::reason) {
            return Outcome::NotEstimable { reason, n };
        }
        let [Some(a), Some(b)] = [&statistics[row][group], &statistics[row][than]] else {
            return Outcome::NotEstimable { reason: NotEstimable::Empty, n };
        };
        let fixed = fixed(spec, &spec.rows[row], &self.domains[group], &sums.rows[row].domains[group], design);
        difference(a, b, fixed, design, method)
    }
}

impl Outcome {
    /// Unweighted units in the domain.
    #[must_use]
    pub fn n(&self) -> u64 {
        match self {
            Self::Estimated(estimate) => estimate.n,
            Self::NotEstimable { n, .. } => *n,
        }
    }

    /// Why there is no estimate.
    #[must_use]
    pub fn reason(&self) -> Option<NotEstimable> {
        match self {
            Self::Estimated(_) => None,
            Self::NotEstimable { reason, .. } => Some(*reason),
        }
    }
}
