//! Tables of estimates, before disclosure control.

use codebook::{CellName, Comparison, Measure, Row, RowComparison, RowId, TableId, TableSpec};

use crate::linearise::{Statistic, Totals};
use crate::single::without_value;
use crate::strata::strata;
use crate::variance::Fixed;
use crate::{
    DesignTable, Difference, Domain, IntervalMethod, NotEstimable, Outcome, Quantile, RowDifference, StratumPart, Sums,
    TableSums, ValueCell, WeightedDistribution, Wide,
};

/// How estimates are made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Method {
    /// For shares; other measures take [`IntervalMethod::T`].
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
    /// PSUs less strata of the whole design, as R's `svymean` and `svyby` do.
    Design,
    /// PSUs that hold the domain, less the strata that do: the `degf` of R's `subset`, which `svyciprop` and `svychisq` take there. A
    /// stratum whose PSUs are all in the sample counts. With calibrated weights as [`Domain`](Self::Domain), since what they leave
    /// of a domain reaches beyond it.
    Subset,
}

impl Degrees {
    /// What users write and read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Domain => "domain",
            Self::Design => "design",
            Self::Subset => "subset",
        }
    }
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
    /// What each stratum adds to a cell, `[row][domain]`: of shares, in total and in groups of whole strata. For disclosure control.
    pub strata: Vec<Vec<Vec<StratumPart>>>,
    /// The differences between groups that claims ask for.
    pub differences: Vec<Difference>,
    /// The differences between rows that claims ask for.
    pub row_differences: Vec<RowDifference>,
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
    if let Measure::Quantile { probability, rule } = spec.measure {
        let probability = Wide::from_decimal(probability.units(), probability.scale()).to_f64();
        return quantiles(spec, sums, design, Quantile { rule, ..Quantile::of(probability) }, method);
    }
    assert_of_one_shape(spec, sums);
    // A statistic over units is as large as their number, so that of a cell goes before that of the next comes.
    let cells = spec
        .rows
        .iter()
        .zip(&sums.rows)
        .map(|(row, of_row)| {
            let cell = |(domain, sums): (&Domain, &Sums)| match Statistic::new(spec.measure, sums, design) {
                None => Outcome::NotEstimable { reason: without_value(sums), n: Totals::of(sums).n },
                Some(statistic) => {
                    statistic.outcome(spec.measure, fixed(spec, row, domain, sums, design), design, method)
                }
            };
            sums.domains.iter().zip(&of_row.domains).map(cell).collect()
        })
        .collect();
    let mut table = Table {
        id: spec.id.clone(),
        domains: sums.domains.clone(),
        rows: spec.rows.iter().map(|row| row.id.clone()).collect(),
        cells,
        strata: strata(spec.measure, sums, design),
        differences: Vec::new(),
        row_differences: Vec::new(),
    };
    table.differences = comparisons
        .iter()
        .filter(|comparison| comparison.table == spec.id)
        .map(|comparison| Difference {
            comparison: comparison.clone(),
            outcome: table.compare(comparison, spec, sums, design, method),
        })
        .collect();
    table
}

/// A table of quantiles, which are compared with nothing.
fn quantiles(spec: &TableSpec, sums: &TableSums, design: &DesignTable, asked: Quantile, method: Method) -> Table {
    let cell = |sums: &Sums| {
        let Sums::ByUnit(units) = sums else { panic!("the distribution of a number needs sums by unit") };
        let cells: Vec<ValueCell> = units.iter().map(ValueCell::from).collect();
        WeightedDistribution::new(&cells).quantile(asked, design, method)
    };
    Table {
        id: spec.id.clone(),
        domains: sums.domains.clone(),
        rows: spec.rows.iter().map(|row| row.id.clone()).collect(),
        cells: sums.rows.iter().map(|row| row.domains.iter().map(cell).collect()).collect(),
        strata: strata(spec.measure, sums, design),
        differences: Vec::new(),
        row_differences: Vec::new(),
    }
}

/// Estimates differences between rows of one table; comparisons of other tables are left out. An answer may be in both rows, as where
/// a question allows several, so their covariance is taken from the answers.
///
/// # Panics
/// When the sums are by stratum, which does not tell who is in both rows, or a comparison names what the table does not have: bugs.
#[must_use]
pub fn row_differences(
    spec: &TableSpec,
    sums: &TableSums,
    design: &DesignTable,
    comparisons: &[RowComparison],
    method: Method,
) -> Vec<RowDifference> {
    let position = |row: &RowId| {
        let row = spec.rows.iter().position(|known| known.id == *row);
        row.expect("a comparison names rows of its table")
    };
    let difference = |comparison: &RowComparison| {
        let CellName { row, group, .. } = &comparison.of;
        let named = match group {
            None => Domain::Total,
            Some((breakdown, code)) => Domain::Group { breakdown: breakdown.clone(), code: code.clone() },
        };
        let domain = sums.domains.iter().position(|domain| *domain == named).expect("a comparison names a domain");
        let [of, than] = [row, &comparison.than].map(|row| &sums.rows[position(row)].domains[domain]);
        let by_stratum = [of, than].into_iter().any(|sums| matches!(sums, Sums::ByStratum(_)));
        assert!(!by_stratum, "rows are compared by PSU or by unit");
        let statistics = [of, than].map(|sums| Statistic::new(spec.measure, sums, design));
        let outcome = match statistics {
            [Some(of), Some(than)] => of.minus(&than).outcome(Fixed::No, design, method),
            [None, _] | [_, None] => Outcome::NotEstimable { reason: NotEstimable::Empty, n: 0 },
        };
        RowDifference { comparison: comparison.clone(), outcome }
    };
    comparisons.iter().filter(|comparison| comparison.of.table == spec.id).map(difference).collect()
}

/// Sums are of the table that they are taken for.
fn assert_of_one_shape(spec: &TableSpec, sums: &TableSums) {
    let rows_agree = spec.rows.iter().map(|row| &row.id).eq(sums.rows.iter().map(|row| &row.row));
    assert!(spec.id == sums.table && rows_agree, "the sums of table {} are those of {}", spec.id, sums.table);
    let is_whole = sums.rows.iter().all(|row| row.domains.len() == sums.domains.len());
    assert!(is_whole, "each row of {} has sums for every domain", spec.id);
}

/// Whether the design tells a share before anyone answers: that of the variable that makes the domain, of a stratum variable in a
/// domain of whole strata, or of a variable that the weights were calibrated to among all answers. Elsewhere, as among those who
/// innovate, its share is sampled like any other.
fn fixed(spec: &TableSpec, row: &Row, domain: &Domain, sums: &Sums, design: &DesignTable) -> Fixed {
    let makes_the_domain = match domain {
        Domain::Total => false,
        Domain::Group { breakdown, .. } => *breakdown == row.item,
    };
    let is_of_strata = design.variables.contains(&row.item) && sums.are_of_whole_strata(design);
    let is_calibrated = design.calibrated.contains(&row.item) && sums.are_of_everyone(design);
    match spec.measure {
        Measure::Share if makes_the_domain || is_of_strata || is_calibrated => Fixed::ByDesign,
        Measure::Share | Measure::Mean | Measure::Total | Measure::Ratio | Measure::Quantile { .. } => Fixed::No,
    }
}

impl Table {
    /// The difference between two groups; not estimable if one of them is not.
    fn compare(
        &self,
        comparison: &Comparison,
        spec: &TableSpec,
        sums: &TableSums,
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
        let statistic = |domain: usize| Statistic::new(spec.measure, &sums.rows[row].domains[domain], design);
        let [Some(a), Some(b)] = [group, than].map(statistic) else {
            return Outcome::NotEstimable { reason: NotEstimable::Empty, n };
        };
        let fixed = fixed(spec, &spec.rows[row], &self.domains[group], &sums.rows[row].domains[group], design);
        a.minus(&b).outcome(fixed, design, method)
    }
}
