//! The samples of Californian schools that R `survey` ships, with their designs.

use std::collections::BTreeMap;

use codebook::{Decimal, Design, LonelyPsu, Population, StratumAnswers, WeightRecipe};
use estimate::{DesignTable, Wide, weigh};

use crate::sample::{Unit, code, place, variable};

/// One sampled school.
pub(crate) struct School {
    stratum: usize,
    psu: usize,
    weight: Wide,
    columns: BTreeMap<String, String>,
}

impl School {
    pub(crate) fn text(&self, column: &str) -> &str {
        &self.columns[column]
    }

    /// The school as a unit with this value, in one of two groups or in none.
    pub(crate) fn unit(&self, y: Wide, group: &'static str) -> Unit {
        Unit { stratum: self.stratum, psu: self.psu, w: self.weight, y, group }
    }

    pub(crate) fn number(&self, column: &str) -> Wide {
        decimal(self.text(column))
    }
}

/// A sample and the design it was drawn by.
pub(crate) struct Schools {
    pub(crate) schools: Vec<School>,
    pub(crate) design: DesignTable,
}

/// A decimal text without exponent, all digits kept.
fn decimal(text: &str) -> Wide {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let units = format!("{whole}{fraction}").parse().expect("digits");
    Wide::from_decimal(units, u8::try_from(fraction.len()).expect("few decimals"))
}

/// The samples of the oracle by its names.
pub(crate) fn schools(name: &str) -> Schools {
    match name {
        "srs" => read("srs/raw/apisrs.csv", None, None, true),
        "strat" => read("2000/raw/apistrat.csv", Some("stype"), None, true),
        "strat_wr" => read("2000/raw/apistrat.csv", Some("stype"), None, false),
        "clus1" => read("clus1/raw/apiclus1.csv", None, Some("dnum"), true),
        other => panic!("no sample {other}"),
    }
}

fn read(file: &str, strata: Option<&str>, psus: Option<&str>, sizes_are_declared: bool) -> Schools {
    let path = testkit::repository().join("fixtures/schools").join(file);
    let mut reader = csv::Reader::from_path(path).expect("the sample is a fixture of the repository");
    let records: Vec<BTreeMap<String, String>> =
        reader.deserialize().map(|record| record.expect("the sample is well-formed")).collect();

    let key = |record: &BTreeMap<String, String>| strata.map(|column| record[column].clone());
    let mut members: BTreeMap<Option<String>, Vec<&BTreeMap<String, String>>> = BTreeMap::new();
    for record in &records {
        members.entry(key(record)).or_default().push(record);
    }
    let mut answers = Vec::new();
    let mut sampled = Vec::new();
    for (stratum, (key, records)) in members.into_iter().enumerate() {
        let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
        for (index, record) in records.iter().enumerate() {
            let next = numbers.len();
            let psu = psus.map_or(index, |column| *numbers.entry(record[column].as_str()).or_insert(next));
            let columns = BTreeMap::clone(record);
            sampled.push(School { stratum, psu, weight: decimal(&record["pw"]), columns });
        }
        let count = |count: usize| u64::try_from(count).expect("few schools");
        answers.push(StratumAnswers {
            key: key.iter().map(|text| code(text)).collect(),
            units: count(records.len()),
            psus: count(if psus.is_some() { numbers.len() } else { records.len() }),
            population: Some(Decimal::new(records[0]["fpc"].parse().expect("a count"), 0)),
        });
    }
    let design = Design {
        strata: strata.into_iter().map(variable).collect(),
        psu: psus.into_iter().map(variable).collect(),
        population: if sizes_are_declared { Population::Column("fpc".to_owned()) } else { Population::Undeclared },
        weights: WeightRecipe::Supplied { column: "pw".to_owned(), design_known: true },
        calibration: None,
        trim: None,
        collapse: Vec::new(),
        lonely: LonelyPsu::Refuse,
        place: place(),
    };
    Schools { schools: sampled, design: weigh(&design, &answers, None).expect("R's designs are sound") }
}
