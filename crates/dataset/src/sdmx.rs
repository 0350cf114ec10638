//! SDMX-CSV 2.0: every cell of the release as an observation, for exchange between statistics offices.
//!
//! The structure is named in every row, `DNK:TABLES(1.0)`. Its identifiers hold no points and pluses, which names of variables and codes may hold:
//! `$` stands for the one and `@` for the other. The words of observation status are those of the code list CL_OBS_STATUS.

use disclose::{Cell, Hidden};

use crate::observation::{Observed, numbers, origin};
use crate::{DatasetError, Source};

/// The columns: dimensions, measure, attributes.
pub(crate) const COLUMNS: [&str; 19] = [
    "STRUCTURE",
    "STRUCTURE_ID",
    "ACTION",
    "TABLE",
    "BASE",
    "ITEM",
    "CATEGORY",
    "BREAKDOWN",
    "GROUP",
    "TIME_PERIOD",
    "OBS_VALUE",
    "SE",
    "CI_LOW",
    "CI_HIGH",
    "N",
    "UNIT_MEASURE",
    "OBS_STATUS",
    "REASON",
    "SOURCE",
];

/// Everyone, where a dimension divides nobody.
pub(crate) const TOTAL: &str = "_T";

pub(crate) fn csv(source: Source<'_>, tables: &[Observed<'_>]) -> Result<Vec<u8>, DatasetError> {
    let structure = format!("{}:TABLES(1.0)", source.country.id.as_str().to_uppercase());
    let wave = source.published.wave().to_string();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for table in tables {
        let from = origin(table.source);
        let unit = table.unit().replace(' ', "_").to_uppercase();
        for row in &table.spec.rows {
            let codes: Vec<String> = row.codes.iter().map(|code| id(code.as_str())).collect();
            let category = if codes.is_empty() { TOTAL.to_owned() } else { codes.join("@") };
            for group in table.groups() {
                let cell = table.cell(row, &group);
                let [estimate, se, low, high, n] = match &cell {
                    Cell::Shown(figures) | Cell::Flagged(figures, _) => numbers(figures),
                    Cell::Hidden(_) => Default::default(),
                };
                let of_total = || TOTAL.to_owned();
                writer.write_record([
                    "dataflow",
                    &structure,
                    "I",
                    &id(table.spec.id.as_str()),
                    &id(table.spec.base.as_str()),
                    &id(row.item.as_str()),
                    &category,
                    &group.breakdown.map_or_else(of_total, |(name, _)| id(name.as_str())),
                    &group.category.map_or_else(of_total, |(code, _)| id(code.as_str())),
                    &wave,
                    &estimate,
                    &se,
                    &low,
                    &high,
                    &n,
                    &unit,
                    observation_status(&cell),
                    &table.status(row, &group, &cell).1,
                    from,
                ])?;
            }
        }
    }
    Ok(writer.into_inner().expect("a vector takes every byte"))
}

/// Normal, of low reliability, suppressed, cannot exist, missing.
fn observation_status(cell: &Cell) -> &'static str {
    match cell {
        Cell::Shown(_) => "A",
        Cell::Flagged(_, _) => "U",
        Cell::Hidden(Hidden::Confidential | Hidden::Unreliable) => "Q",
        Cell::Hidden(Hidden::Empty) => "M",
        Cell::Hidden(Hidden::NotEstimable) => "O",
    }
}

/// A name as SDMX writes it.
fn id(name: &str) -> String {
    name.replace('.', "$").replace(['+', ':'], "@")
}

/// The name that SDMX writes so, the other way round.
pub(crate) fn name(id: &str) -> String {
    id.replace('$', ".").replace('@', "+")
}
