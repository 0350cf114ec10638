//! The frame table: how many units of the population each stratum has.

use std::collections::BTreeMap;
use std::rc::Rc;

use codebook::{Code, Codebook, Decimal, Finding, FrameCount, FrameFile, Place, Value, Variable, Wave};

use crate::delimited::DataFile;
use crate::sample::stratum_name;
use crate::tally::{Tally, class_of};
use crate::translate::{Meaning, meaning};

/// Reads the frame's counts, sorted by stratum. Rows with a finding are left out.
pub(crate) fn counts(
    codebook: &Codebook,
    wave: &Wave,
    frame: &FrameFile,
    data: &DataFile,
    findings: &mut Vec<Finding>,
) -> Vec<FrameCount> {
    let units = units(wave, frame, data, findings);
    let strata: Vec<Vec<Option<Code>>> = wave
        .design
        .strata
        .iter()
        .filter_map(|name| codebook.variable(name))
        .filter_map(|variable| frame.strata.get(&variable.name).map(|column| (variable, column.as_str())))
        .map(|(variable, column)| codes(variable, wave, column, data, findings))
        .collect();
    let mut rows_of: BTreeMap<Vec<Code>, (u64, Vec<u64>)> = BTreeMap::new();
    for (row, number) in data.row_numbers.iter().enumerate() {
        let key: Option<Vec<Code>> = strata.iter().map(|codes| codes[row].clone()).collect();
        let (Some(key), Some(units)) = (key, units[row]) else { continue };
        rows_of.entry(key).or_insert_with(|| (units, Vec::new())).1.push(*number);
    }
    for (key, (_, rows)) in rows_of.iter().filter(|(_, (_, rows))| rows.len() > 1) {
        let place = Place::Cell { file: data.path.clone(), row: rows[1], column: frame.count.clone() };
        let message = format!("stratum {} also stands in row {}", stratum_name(key), rows[0]);
        findings.push(Finding::error(place, "repeated-stratum", message).hint("one row for each stratum"));
    }
    rows_of.into_iter().map(|(key, (units, _))| FrameCount { key, units }).collect()
}

/// The number of units in each row.
fn units(wave: &Wave, frame: &FrameFile, data: &DataFile, findings: &mut Vec<Finding>) -> Vec<Option<u64>> {
    let Some(raw) = data.column(&frame.count) else { return vec![None; data.row_numbers.len()] };
    let whole = |value: &Rc<str>| {
        let number = Decimal::parse(value, wave.answers.decimal_mark).ok()?;
        u64::try_from(number.units_at(0)?).ok()
    };
    let parsed: Vec<Option<u64>> = raw.values.iter().map(whole).collect();
    let mut bad = Tally::error("bad-count", "number of units that is not a whole number of at least 0");
    let mut units = Vec::new();
    for (row, number) in data.row_numbers.iter().enumerate() {
        let count = parsed[raw.index(row)];
        if count.is_none() {
            bad.add_class(*number, &class_of(raw.value(row)));
        }
        units.push(count);
    }
    findings.extend(bad.finding(&data.path, &frame.count));
    units
}

/// The code of a stratum variable in each row.
fn codes(
    variable: &Variable,
    wave: &Wave,
    column: &str,
    data: &DataFile,
    findings: &mut Vec<Finding>,
) -> Vec<Option<Code>> {
    let Some(raw) = data.column(column) else { return vec![None; data.row_numbers.len()] };
    let code = |value: &Rc<str>| match meaning(variable, wave, value) {
        Meaning::Value(Value::Text(code)) => Code::new(&code).map_err(|_| class_of(value)),
        Meaning::Value(Value::Boolean(_) | Value::Number(_)) | Meaning::Missing(_) => Err(class_of(value)),
        Meaning::Unknown(class) => Err(class),
    };
    let known: Vec<Result<Code, String>> = raw.values.iter().map(code).collect();
    let mut unknown = Tally::error("unknown-code", format!("unknown value of {:?}", variable.name.as_str()))
        .hint(format!("recodes of {} must name it", variable.name));
    let mut codes = Vec::new();
    for (row, number) in data.row_numbers.iter().enumerate() {
        let code = known[raw.index(row)].as_ref();
        if let Err(class) = code {
            unknown.add_class(*number, class);
        }
        codes.push(code.ok().cloned());
    }
    findings.extend(unknown.finding(&data.path, column));
    codes
}
