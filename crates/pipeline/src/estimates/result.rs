//! What `barometer estimate` gives back, as values, JSON and CSV.

use codebook::Finding;
use estimate::{Degrees, Estimate, Outcome};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// Estimates from a data file. Nothing here has passed disclosure control.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Estimates {
    /// How the sample was drawn, as far as the file and the request tell.
    pub design: DesignSummary,
    /// The columns of domains.
    #[serde(skip)]
    pub by: Vec<String>,
    /// One for each statistic, level and domain: statistic by statistic, each in the order in which it was asked for.
    pub rows: Vec<EstimateRow>,
    /// One for each test and domain.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<TestRow>,
    /// What a person should know of the file's columns that were asked for.
    #[serde(skip)]
    pub warnings: Vec<Finding>,
}

/// How the sample was drawn, and how its variance is estimated.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DesignSummary {
    /// The file, as the caller named it.
    pub file: String,
    /// Its rows.
    pub rows: u64,
    /// Units in the sample: rows with a weight above 0.
    pub units: u64,
    /// Rows with weight 0, which count nowhere.
    pub without_weight: u64,
    /// Rows that are left out since a `by` column has no value there.
    pub without_group: u64,
    /// Rows that are left out since the condition is neither true nor false there: a value that it needs is missing.
    pub without_condition: u64,
    /// Where weights come from.
    pub weights: String,
    /// Strata in the sample.
    pub strata: usize,
    /// Primary sampling units in the sample.
    pub psus: u64,
    /// The columns that identify clusters.
    pub stages: Vec<String>,
    /// The columns of population sizes.
    pub population: Vec<String>,
    /// What a stratum with one PSU contributes.
    pub lonely: &'static str,
    /// How variance is estimated.
    pub variance: String,
    /// Degrees of freedom of the whole design.
    pub df: f64,
    /// What degrees of freedom count.
    #[serde(serialize_with = "as_name")]
    pub degrees: Degrees,
    /// How intervals of shares are made.
    pub interval: &'static str,
    /// The confidence level.
    pub level: f64,
    /// How the tests are adjusted for being many, as one family; `None` if they are not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adjustment: Option<&'static str>,
}

/// One estimate.
#[derive(Debug, Clone, PartialEq)]
pub struct EstimateRow {
    /// The domain: column and value.
    pub by: Vec<(String, String)>,
    /// What was asked: `mean`, `share`, `total`, `ratio`, `quantile`, `difference`, `trend`.
    pub statistic: &'static str,
    /// Of what, as it was written.
    pub variable: String,
    /// The level of a share, the probability of a quantile, the groups of a difference.
    pub level: Option<String>,
    /// What its numbers are.
    pub scale: Scale,
    /// What came of it.
    pub outcome: Outcome,
    /// The value, also where the sample does not tell how uncertain it is; `None` if there is none.
    pub value: Option<f64>,
    /// Why there is no value, or no error of it; what an error of 0 rests on.
    pub note: Option<&'static str>,
    /// Units of the domain where the item has no value.
    pub missing: u64,
}

/// What the numbers of a row are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Parts of 1.
    Share,
    /// Numbers in the item's own unit.
    Number,
}

/// The columns of the CSV, behind those of the domains.
const CSV_COLUMNS: [&str; 18] = [
    "statistic",
    "variable",
    "level",
    "estimate",
    "se",
    "ci_low",
    "ci_high",
    "df",
    "n",
    "deff",
    "effective_n",
    "cv",
    "missing",
    "df1",
    "df2",
    "p",
    "p_adjusted",
    "note",
];

/// Which test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestKind {
    /// Whether a difference is 0: its t.
    T,
    /// Whether rows and columns are independent: F of Rao and Scott's second order.
    RaoScott,
    /// The same by chi-square of the first order.
    RaoScottFirstOrder,
    /// Whether a straight line over waves has no slope: its t.
    Trend,
    /// Whether all waves are the same, whatever their order: F.
    NoChange,
    /// Whether the waves lie on a straight line: F.
    Straight,
}

impl TestKind {
    /// What JSON, CSV and tables call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::T => "t",
            Self::RaoScott => "rao-scott",
            Self::RaoScottFirstOrder => "rao-scott first order",
            Self::Trend => "trend",
            Self::NoChange => "no change",
            Self::Straight => "straight line",
        }
    }
}

fn as_name<S: Serializer>(degrees: &Degrees, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(degrees.name())
}

fn as_test<S: Serializer>(test: &TestKind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(test.name())
}

/// One test.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TestRow {
    /// The domain: column and value.
    #[serde(serialize_with = "as_map")]
    pub by: Vec<(String, String)>,
    /// Which test.
    #[serde(serialize_with = "as_test")]
    pub test: TestKind,
    /// Of what.
    pub variable: String,
    /// The statistic; `None` if it could not be tested.
    pub statistic: Option<f64>,
    /// Degrees of freedom of its numerator.
    pub df1: Option<f64>,
    /// Degrees of freedom of its denominator; `None` for chi-square.
    pub df2: Option<f64>,
    /// The probability of a statistic at least as far out if there is no association, or no difference.
    pub p: Option<f64>,
    /// The same among all tests that were asked for, where they are adjusted as a family.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p_adjusted: Option<f64>,
    /// Units that are looked at.
    pub n: u64,
    /// Units of the domain that are in no cell and no group, since a value that tells it is missing.
    pub missing: u64,
    /// Why it could not be tested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

fn as_map<S: Serializer>(by: &[(String, String)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(by.len()))?;
    for (column, value) in by {
        map.serialize_entry(column, value)?;
    }
    map.end()
}

/// A row as it is printed: what is not known is null.
#[derive(Serialize)]
struct Printed<'a> {
    #[serde(serialize_with = "as_map")]
    by: &'a [(String, String)],
    statistic: &'static str,
    variable: &'a str,
    level: Option<&'a str>,
    estimate: Option<f64>,
    se: Option<f64>,
    ci_low: Option<f64>,
    ci_high: Option<f64>,
    df: Option<f64>,
    n: u64,
    deff: Option<f64>,
    effective_n: Option<f64>,
    cv: Option<f64>,
    missing: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
}

impl EstimateRow {
    /// The estimate with its error, if the sample tells that.
    #[must_use]
    pub fn estimate(&self) -> Option<&Estimate> {
        match &self.outcome {
            Outcome::Estimated(estimate) => Some(estimate),
            Outcome::NotEstimable { .. } => None,
        }
    }

    fn printed(&self) -> Printed<'_> {
        let estimate = self.estimate();
        let figure = |of: fn(&Estimate) -> f64| estimate.map(of);
        Printed {
            by: &self.by,
            statistic: self.statistic,
            variable: &self.variable,
            level: self.level.as_deref(),
            estimate: self.value,
            se: figure(|estimate| estimate.se),
            ci_low: figure(|estimate| estimate.low),
            ci_high: figure(|estimate| estimate.high),
            df: figure(|estimate| estimate.df),
            n: self.outcome.n(),
            deff: estimate.and_then(|estimate| estimate.deff),
            effective_n: estimate.and_then(Estimate::effective_n),
            cv: estimate.and_then(Estimate::cv),
            missing: self.missing,
            note: self.note,
        }
    }
}

impl Serialize for EstimateRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.printed().serialize(serializer)
    }
}

/// Estimates with the mark that they may not be published as they are.
#[derive(Serialize)]
struct Marked<'a> {
    disclosure: &'static str,
    #[serde(flatten)]
    estimates: &'a Estimates,
}

/// A number with every digit; far from 1 with an exponent.
fn printed_number(value: f64) -> String {
    let is_near_1 = (1e-6..1e15).contains(&value.abs());
    if is_near_1 || value.abs() <= 0.0 { value.to_string() } else { format!("{value:e}") }
}

impl Estimates {
    /// As JSON, numbers in full precision.
    ///
    /// # Panics
    /// Never: these values are all JSON.
    #[must_use]
    pub fn json(&self) -> String {
        let marked = Marked { disclosure: "NOT DISCLOSURE-CHECKED", estimates: self };
        serde_json::to_string_pretty(&marked).expect("texts, numbers and nothing else are JSON") + "\n"
    }

    /// As CSV, one record for each row or test, numbers in full precision. What a row does not have is empty.
    ///
    /// # Panics
    /// Never: memory can be written to.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let by: Vec<String> = self.by.iter().map(|column| qualified(column)).collect();
        let written = "memory can be written to";
        writer.write_record(by.iter().map(String::as_str).chain(CSV_COLUMNS)).expect(written);
        for row in &self.rows {
            writer.write_record(row.printed().record()).expect(written);
        }
        for test in &self.tests {
            writer.write_record(test.record()).expect(written);
        }
        String::from_utf8(writer.into_inner().expect(written)).expect("texts stay texts")
    }
}

/// A column of a domain in the CSV. The name of one of ours is qualified, so that no name stands there twice.
fn qualified(column: &str) -> String {
    let unqualified = column.trim_start_matches("by.");
    if CSV_COLUMNS.contains(&unqualified) { format!("by.{column}") } else { column.to_owned() }
}

impl Printed<'_> {
    fn record(&self) -> Vec<String> {
        let number = |value: Option<f64>| value.map(printed_number).unwrap_or_default();
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let by = self.by.iter().map(|(_, value)| value.clone());
        let named = [self.statistic.to_owned(), self.variable.to_owned(), text(self.level)];
        let numbers = [self.estimate, self.se, self.ci_low, self.ci_high, self.df].map(number);
        let effects = [self.deff, self.effective_n, self.cv].map(number);
        let more = std::iter::once(self.n.to_string()).chain(effects).chain([self.missing.to_string()]);
        let tests = [String::new(), String::new(), String::new(), String::new(), text(self.note)];
        by.chain(named).chain(numbers).chain(more).chain(tests).collect()
    }
}

impl TestRow {
    fn record(&self) -> Vec<String> {
        let number = |value: Option<f64>| value.map(printed_number).unwrap_or_default();
        let none = String::new;
        let by = self.by.iter().map(|(_, value)| value.clone());
        let named = [self.test.name().to_owned(), self.variable.clone(), none(), number(self.statistic)];
        let empty = [none(), none(), none(), none()];
        let counted = [self.n.to_string(), none(), none(), none(), self.missing.to_string()];
        let tested = [self.df1, self.df2, self.p, self.p_adjusted].map(number);
        let note = self.note.clone().unwrap_or_default();
        by.chain(named).chain(empty).chain(counted).chain(tested).chain([note]).collect()
    }
}
