//! The samples of Californian schools that R `survey` ships, with their designs.

use std::collections::BTreeMap;

use codebook::{Decimal, Design, LonelyPsu, Population, StratumAnswers, WeightRecipe};
use estimate::{DesignTable, SampledCluster, Size, Weights, Wide, sampled_design, weigh};

use crate::sample::{Unit, code, place, variable};

/// One sampled school.
pub(crate) struct School {
    /// Its row in the file, from 0.
    pub(crate) row: usize,
    stratum: usize,
    psu: usize,
    pub(crate) weight: Wide,
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
        assert!(self.has(column), "row {} has no {column}", self.row);
        decimal(self.text(column))
    }

    /// Whether there is a value.
    pub(crate) fn has(&self, column: &str) -> bool {
        !self.text(column).is_empty()
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
        "clus2" => two_stage("clus2/raw/apiclus2.csv", Weights::Supplied).0,
        other => panic!("no sample {other}"),
    }
}

fn records(file: &str) -> Vec<BTreeMap<String, String>> {
    let path = testkit::repository().join("fixtures/schools").join(file);
    let mut reader = csv::Reader::from_path(path).expect("the sample is a fixture of the repository");
    reader.deserialize().map(|record| record.expect("the sample is well-formed")).collect()
}

/// Schools within districts, the design as `sampled_design` finds it; and the weights that it makes of the sizes, if asked to.
pub(crate) fn two_stage(file: &str, weights: Weights) -> (Schools, Option<Vec<Wide>>) {
    let records = records(file);
    let size = |record: &BTreeMap<String, String>, column: &str| Size::constant(decimal(&record[column]));
    let clusters: Vec<SampledCluster> = records
        .iter()
        .map(|record| SampledCluster {
            stratum: Vec::new(),
            path: ["dnum", "snum"].map(|column| record[column].clone()).to_vec(),
            units: 1,
            sizes: ["fpc1", "fpc2"].map(|column| size(record, column)).to_vec(),
        })
        .collect();
    let found = sampled_design(&clusters, &[], LonelyPsu::Refuse, weights).expect("R's design is sound");
    let schools = records.into_iter().zip(&found.of_cluster).enumerate().map(|(row, (columns, (stratum, psu)))| {
        School { row, stratum: *stratum, psu: *psu, weight: decimal(&columns["pw"]), columns }
    });
    (Schools { schools: schools.collect(), design: found.table }, found.weights)
}

fn read(file: &str, strata: Option<&str>, psus: Option<&str>, sizes_are_declared: bool) -> Schools {
    let records = records(file);
    let key = |record: &BTreeMap<String, String>| strata.map(|column| record[column].clone());
    let mut members: BTreeMap<Option<String>, Vec<usize>> = BTreeMap::new();
    for (row, record) in records.iter().enumerate() {
        members.entry(key(record)).or_default().push(row);
    }
    let mut answers = Vec::new();
    let mut sampled = Vec::new();
    for (stratum, (key, rows)) in members.into_iter().enumerate() {
        let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
        for (index, row) in rows.iter().copied().enumerate() {
            let record = &records[row];
            let next = numbers.len();
            let psu = psus.map_or(index, |column| *numbers.entry(record[column].as_str()).or_insert(next));
            let columns = record.clone();
            sampled.push(School { row, stratum, psu, weight: decimal(&record["pw"]), columns });
        }
        let count = |count: usize| u64::try_from(count).expect("few schools");
        answers.push(StratumAnswers {
            key: key.iter().map(|text| code(text)).collect(),
            units: count(rows.len()),
            psus: count(if psus.is_some() { numbers.len() } else { rows.len() }),
            population: Some(Decimal::new(records[rows[0]]["fpc"].parse().expect("a count"), 0)),
        });
    }
    let design = Design {
        strata: strata.into_iter().map(variable).collect(),
        psu: psus.into_iter().map(variable).collect(),
        population: if sizes_are_declared { Population::Column("fpc".to_owned()) } else { Population::Undeclared },
        later_populations: Vec::new(),
        replicates: None,
        weights: WeightRecipe::Supplied { column: "pw".to_owned(), design_known: true },
        calibration: None,
        trim: None,
        collapse: Vec::new(),
        lonely: LonelyPsu::Refuse,
        place: place(),
    };
    Schools { schools: sampled, design: weigh(&design, &answers, &[], None).expect("R's designs are sound") }
}
