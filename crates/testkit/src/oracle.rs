//! R's numbers on the schools data.

use crate::repository;

/// One estimate of R `survey`, as `fixtures/oracle/r-survey-schools.csv` records it.
#[derive(Debug, Clone, PartialEq)]
pub struct OracleRow {
    /// `srs`, `strat`, `strat_wr`, `clus1` or `clus2`.
    pub design: String,
    /// `mean`, `total`, `share`, `ratio`, `contrast`, `quantile`, `deff` or `rao-scott`.
    pub statistic: String,
    /// The variable or expression.
    pub variable: String,
    /// The domain or level.
    pub by: String,
    /// The method of the interval.
    pub method: String,
    /// The estimate.
    pub estimate: f64,
    /// The standard error; NaN where R gives none.
    pub se: f64,
    /// The lower limit; NaN where R gives none.
    pub ci_low: f64,
    /// The upper limit; NaN where R gives none.
    pub ci_high: f64,
    /// Degrees of freedom; NaN where R gives none.
    pub df: f64,
    /// Parameters and p of tests.
    pub extra: String,
}

/// Every row of the oracle.
///
/// # Panics
/// When the fixture is missing or not in its form.
#[must_use]
pub fn oracle() -> Vec<OracleRow> {
    let path = repository().join("fixtures/oracle/r-survey-schools.csv");
    let mut reader = csv::Reader::from_path(path).expect("the oracle is a fixture of the repository");
    let number =
        |text: &str| if text == "NA" || text.is_empty() { f64::NAN } else { text.parse().expect("R wrote a number") };
    reader
        .records()
        .map(|record| {
            let record = record.expect("the oracle is well-formed");
            let text = |index: usize| record[index].to_owned();
            OracleRow {
                design: text(0),
                statistic: text(1),
                variable: text(2),
                by: text(3),
                method: text(4),
                estimate: number(&record[5]),
                se: number(&record[6]),
                ci_low: number(&record[7]),
                ci_high: number(&record[8]),
                df: number(&record[9]),
                extra: text(10),
            }
        })
        .collect()
}
