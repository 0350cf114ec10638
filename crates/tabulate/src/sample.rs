//! A tiny wave for tests: a country written as TOML, answers written as columns.

use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Decimal128Array, Int32Array, Int64Array, RecordBatch, StringArray};
use codebook::{Code, Country, Decimal, SourceFile, StratumAnswers, TableSpec, Wave};
use estimate::{DesignTable, Domain, StratumCell, Sums, weigh};
use parquet::arrow::ArrowWriter;
use tempfile::TempDir;

use crate::{Resources, Tabulation, tabulate};

const COUNTRY: &str = r#"
=== country.toml
languages = ["en"]
name = "Sample"
title = "Sample"
publisher = "Nobody"
smallest_base = 1

=== codebook.toml
[code_lists]
yes_no = [
  { code = "yes", label = "Yes" },
  { code = "no", label = "No" },
  { code = "dont_know", label = "Don't know", role = "dont_know" },
]
level = [{ code = "city", label = "City" }, { code = "region", label = "Region" }, { code = "state", label = "State" }]
size = [{ code = "small", label = "Small" }, { code = "large", label = "Large" }]

[variables.level]
label = "Level"
codes = "level"

[variables.innovative]
label = "Innovative"
codes = "yes_no"

[variables.employees]
label = "Employees"
kind = "number"

[variables.founded]
label = "Founded"
kind = "date"

[variables.helped_by_users]
label = "Helped by users"
codes = "yes_no"
asked_if = "innovative = 'yes'"

[variables.helped_by_firms]
label = "Helped by firms"
codes = "yes_no"
asked_if = "innovative = 'yes'"

[derived.innovator]
label = "Innovators"
sql = "innovative = 'yes'"

[derived.helped]
label = "Helped by anybody"
sql = "helped_by_users = 'yes' OR helped_by_firms = 'yes'"

[derived.helped_innovator]
label = "Helped innovators"
sql = "innovator AND helped"

[derived.size]
label = "Size"
codes = "size"
sql = "CASE WHEN employees < 10 THEN 'small' WHEN employees >= 10 THEN 'large' END"

[derived.twice]
label = "Twice the employees"
kind = "number"
sql = "2 * employees"

=== tables.toml
[bases.all]
label = "all"
counting_unit = "workplaces"

[bases.helped]
where = "helped"
label = "helped workplaces"
counting_unit = "workplaces"

[bases.innovative]
where = "innovator"
label = "innovative workplaces"
counting_unit = "workplaces"

[tables.sample]
title = "Sample"
"#;

const WAVE: &str = r#"
=== waves/2000.toml
window = "1999-2000"
published = 2001-01-01
about = "Made by hand"
[answers]
file = "answers.csv"
unit = "id"
[columns]
level = "level"
innovative = "innovative"
employees = "employees"
founded = "founded"
helped_by_users = "users"
helped_by_firms = "firms"
[design]
lonely = "certainty"
"#;

/// A country with the one table that `table` describes in TOML, and with the design that `design` does.
pub(crate) fn country(table: &str, design: &str) -> Country {
    let text = format!("{COUNTRY}{table}\n{WAVE}{design}\n");
    let files: Vec<SourceFile> =
        testkit::country("pipelines/sample", &text).into_iter().map(|(path, text)| SourceFile { path, text }).collect();
    let (country, findings) = Country::read("pipelines/sample", &files);
    let findings: Vec<String> = findings.iter().map(ToString::to_string).collect();
    country.unwrap_or_else(|| panic!("{}", findings.join("\n")))
}

/// A wave with its answers in a Parquet file.
pub(crate) struct Sample {
    pub(crate) country: Country,
    pub(crate) design: DesignTable,
    folder: TempDir,
}

impl Sample {
    /// Answers by column, one stratum for each different number in `__stratum`.
    pub(crate) fn new(country: Country, columns: &[(&str, ArrayRef)]) -> Self {
        let strata = columns.iter().find(|(name, _)| *name == "__stratum").expect("a sample has strata");
        let strata = strata.1.as_any().downcast_ref::<Int32Array>().expect("strata are numbers").clone();
        let count = |stratum| u64::try_from(strata.iter().filter(|found| *found == Some(stratum)).count()).unwrap();
        let highest = strata.iter().flatten().max().unwrap_or(-1);
        let answers: Vec<StratumAnswers> = (0..=highest)
            .map(|stratum| StratumAnswers {
                key: vec![Code::new(&stratum.to_string()).unwrap()],
                units: count(stratum),
                psus: count(stratum),
                population: None,
            })
            .collect();
        let design = weigh(&wave(&country).design, &answers, &[], None).expect("the sample's design is sound");
        let folder = tempfile::tempdir().unwrap();
        let sample = Self { country, design, folder };
        sample.write(columns);
        sample
    }

    fn path(&self) -> PathBuf {
        // Characters that mean something in patterns and URLs.
        self.folder.path().join("50% of [answers]? é*.parquet")
    }

    fn write(&self, columns: &[(&str, ArrayRef)]) {
        let fields = columns.iter().map(|(name, array)| (*name, Arc::clone(array), true));
        let batch = RecordBatch::try_from_iter_with_nullable(fields).expect("columns are of one length");
        let file = std::fs::File::create(self.path()).unwrap();
        let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
        // Several row groups, so that threads share the work.
        let rows = batch.num_rows().div_ceil(2).max(1);
        for start in (0..batch.num_rows()).step_by(rows) {
            writer.write(&batch.slice(start, rows.min(batch.num_rows() - start))).unwrap();
            writer.flush().unwrap();
        }
        writer.close().unwrap();
    }

    pub(crate) fn tabulate_on(&self, threads: usize) -> Tabulation {
        let tables: Vec<&TableSpec> = self.country.tables.iter().collect();
        tabulate(
            &self.country,
            wave(&self.country),
            &tables,
            &self.design,
            &self.path(),
            Resources::of_threads(threads),
        )
        .unwrap_or_else(|error| panic!("{error}"))
    }

    /// The error that tabulating ends with.
    pub(crate) fn fails(&self) -> String {
        let tables: Vec<&TableSpec> = self.country.tables.iter().collect();
        let result =
            tabulate(&self.country, wave(&self.country), &tables, &self.design, &self.path(), Resources::of_threads(1));
        result.expect_err("it should fail").to_string()
    }

    pub(crate) fn tabulate(&self) -> Tabulation {
        self.tabulate_on(2)
    }
}

pub(crate) fn wave(country: &Country) -> &Wave {
    country.newest().expect("the sample has a wave")
}

impl Tabulation {
    /// The sums of a row in a domain: `total`, or `breakdown:code`.
    pub(crate) fn sums(&self, row: &str, domain: &str) -> &Sums {
        let table = &self.tables[0];
        let domain_of = |domain: &Domain| match domain {
            Domain::Total => "total".to_owned(),
            Domain::Group { breakdown, code } => format!("{breakdown}:{code}"),
        };
        let domain = table.domains.iter().position(|found| domain_of(found) == domain).expect("the domain exists");
        let row = table.rows.iter().find(|found| found.row.as_str() == row).expect("the row exists");
        &row.domains[domain]
    }

    pub(crate) fn strata(&self, row: &str, domain: &str) -> &[StratumCell] {
        match self.sums(row, domain) {
            Sums::ByStratum(cells) => cells,
            other @ (Sums::ByPsu(_) | Sums::ByUnit(_)) => panic!("expected sums by stratum, found {other:?}"),
        }
    }

    /// Stratum, n and positive of each cell.
    pub(crate) fn counts(&self, row: &str, domain: &str) -> Vec<(usize, u64, u64)> {
        self.strata(row, domain).iter().map(|cell| (cell.stratum, cell.n, cell.positive)).collect()
    }

    pub(crate) fn base(&self, base: &str) -> u64 {
        self.bases.iter().find(|(id, _)| id.as_str() == base).expect("the base exists").1
    }

    pub(crate) fn said(&self) -> Vec<String> {
        self.findings.iter().map(|finding| format!("{}: {}", finding.code, finding.message)).collect()
    }
}

/// A column of codes written `yes no - yes`, where `-` is missing.
pub(crate) fn codes(text: &str) -> ArrayRef {
    let values: Vec<Option<&str>> = text.split_whitespace().map(|code| (code != "-").then_some(code)).collect();
    Arc::new(StringArray::from(values))
}

/// A column of decimals written `1.5 2 -`, with so many digits behind the point.
pub(crate) fn decimals(text: &str, scale: u8) -> ArrayRef {
    let units = |number: &str| Decimal::parse(number, '.').unwrap().units_at(scale).unwrap();
    let values: Vec<Option<i128>> =
        text.split_whitespace().map(|number| (number != "-").then(|| units(number))).collect();
    let array = Decimal128Array::from(values).with_precision_and_scale(38, i8::try_from(scale).unwrap()).unwrap();
    Arc::new(array)
}

pub(crate) fn strata(numbers: &[i32]) -> ArrayRef {
    Arc::new(Int32Array::from(numbers.to_vec()))
}

pub(crate) fn units(count: i64) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(0..count))
}
