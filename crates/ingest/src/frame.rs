//! Tables of the population: the frame's units by stratum, and the totals of margins by cell.

use std::collections::BTreeMap;

use codebook::{
    Code, Codebook, Decimal, Finding, FrameCount, FrameFile, MarginFile, Place, Value, Variable, VariableName, Wave,
};

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
    let counts = Counts { what: "number of units that is not a whole number of at least 0", read: whole };
    let table = Table {
        codebook,
        wave,
        data,
        keys: "stratum",
        by: &wave.design.strata,
        columns: &frame.strata,
        count: &frame.count,
    };
    table.read(&counts, findings).into_iter().map(|(key, units)| FrameCount { key, units }).collect()
}

/// Reads the totals of a margin's cells, by the codes of `by`. Rows with a finding are left out.
pub(crate) fn totals(
    codebook: &Codebook,
    wave: &Wave,
    (file, by): (&MarginFile, &[VariableName]),
    data: &DataFile,
    findings: &mut Vec<Finding>,
) -> BTreeMap<Vec<Code>, Decimal> {
    let counts = Counts { what: "total that is not a number of at least 0", read: not_negative };
    Table { codebook, wave, data, keys: "cell", by, columns: &file.columns, count: &file.count }.read(&counts, findings)
}

/// How the column of counts is read.
struct Counts<T> {
    /// What is wrong with a cell that is no count.
    what: &'static str,
    /// Reads a cell, given the decimal mark.
    read: fn(&str, char) -> Option<T>,
}

fn whole(value: &str, decimal_mark: char) -> Option<u64> {
    u64::try_from(Decimal::parse(value, decimal_mark).ok()?.units_at(0)?).ok()
}

fn not_negative(value: &str, decimal_mark: char) -> Option<Decimal> {
    let number = Decimal::parse(value, decimal_mark).ok()?;
    (number.is_answer_sized() && number.units() >= 0).then_some(number)
}

/// A table with one row for each combination of codes.
struct Table<'a> {
    codebook: &'a Codebook,
    wave: &'a Wave,
    data: &'a DataFile,
    /// What a row stands for, in messages.
    keys: &'static str,
    /// The variables of the keys, in their order.
    by: &'a [VariableName],
    /// Their columns.
    columns: &'a BTreeMap<VariableName, String>,
    /// The column of the counts.
    count: &'a str,
}

impl Table<'_> {
    fn read<T: Clone>(&self, counts: &Counts<T>, findings: &mut Vec<Finding>) -> BTreeMap<Vec<Code>, T> {
        let counted = self.counted(counts, findings);
        let keys: Vec<Vec<Option<Code>>> = self
            .by
            .iter()
            .filter_map(|name| self.codebook.variable(name))
            .filter_map(|variable| self.columns.get(&variable.name).map(|column| (variable, column.as_str())))
            .map(|(variable, column)| codes(variable, self.wave, column, self.data, findings))
            .collect();
        let mut rows_of: BTreeMap<Vec<Code>, (T, Vec<u64>)> = BTreeMap::new();
        for (row, number) in self.data.row_numbers.iter().enumerate() {
            let key: Option<Vec<Code>> = keys.iter().map(|codes| codes[row].clone()).collect();
            let (Some(key), Some(count)) = (key, counted[row].clone()) else { continue };
            rows_of.entry(key).or_insert_with(|| (count, Vec::new())).1.push(*number);
        }
        for (key, (_, rows)) in rows_of.iter().filter(|(_, (_, rows))| rows.len() > 1) {
            let place = Place::Cell { file: self.data.path.clone(), row: rows[1], column: self.count.to_owned() };
            let message = format!("{} {} also stands in row {}", self.keys, stratum_name(key), rows[0]);
            let hint = format!("one row for each {}", self.keys);
            findings.push(Finding::error(place, "repeated-stratum", message).hint(hint));
        }
        rows_of.into_iter().map(|(key, (count, _))| (key, count)).collect()
    }

    /// The count in each row.
    fn counted<T: Clone>(&self, counts: &Counts<T>, findings: &mut Vec<Finding>) -> Vec<Option<T>> {
        let Some(raw) = self.data.column(self.count) else { return vec![None; self.data.row_numbers.len()] };
        let mark = self.data.decimal_mark;
        let parsed: Vec<Option<T>> = raw.values().iter().map(|value| (counts.read)(value, mark)).collect();
        let mut bad = Tally::error("bad-count", counts.what);
        let mut counted = Vec::new();
        for (row, number) in self.data.row_numbers.iter().enumerate() {
            let count = parsed[raw.index(row)].clone();
            if count.is_none() {
                bad.add_class(*number, &class_of(raw.value(row)));
            }
            counted.push(count);
        }
        findings.extend(bad.finding(&self.data.path, self.count));
        counted
    }
}

/// The code of a variable in each row.
fn codes(
    variable: &Variable,
    wave: &Wave,
    column: &str,
    data: &DataFile,
    findings: &mut Vec<Finding>,
) -> Vec<Option<Code>> {
    let Some(raw) = data.column(column) else { return vec![None; data.row_numbers.len()] };
    let code = |value: &str| match meaning(variable, wave, data.decimal_mark, value) {
        Meaning::Value(Value::Text(code)) => Code::new(&code).map_err(|_| class_of(value)),
        Meaning::Value(Value::Boolean(_) | Value::Number(_)) | Meaning::Missing(_) => Err(class_of(value)),
        Meaning::Unknown(class) => Err(class),
    };
    let known: Vec<Result<Code, String>> = raw.values().iter().map(code).collect();
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
