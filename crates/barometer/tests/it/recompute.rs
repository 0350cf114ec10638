//! The same numbers by another road: straight from the raw files, row by row in plain floating point, without Parquet, SQL,
//! double-double arithmetic or the estimators. It shares with the program only the codebook and its evaluator.
//!
//! For countries whose weights are N_h / r_h and whose answers sit in one export, with or without a register and a completion rule.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use codebook::{Country, Expr, Kind, Origin, RawValue, SourceFile, TableSpec, Value, VariableName, Wave, WaveId};

/// One respondent: values of all variables, conditions included; its stratum and weight.
pub(crate) struct Unit {
    values: BTreeMap<VariableName, Value>,
    stratum: String,
    weight: f64,
}

/// A share or mean with its standard error and number of answers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Naive {
    pub(crate) value: f64,
    pub(crate) se: f64,
    pub(crate) n: u64,
}

/// Reads a country of the repository.
pub(crate) fn country(folder: &str) -> Country {
    let files: Vec<SourceFile> = crate::house::tree(&testkit::repository().join(folder))
        .into_iter()
        .filter(|(name, _)| name.ends_with(".toml") || name == "published.csv")
        .map(|(name, bytes)| SourceFile {
            path: format!("{folder}/{name}"),
            text: String::from_utf8(bytes).expect("a country's files are UTF-8"),
        })
        .collect();
    let (country, findings) = Country::read(folder, &files);
    country.unwrap_or_else(|| panic!("{folder} has findings: {findings:?}"))
}

/// The rows of a delimited file as maps from column to text.
fn rows(path: &Path, delimiter: char) -> Vec<BTreeMap<String, String>> {
    let bytes = std::fs::read(path).expect("the raw file is there");
    let text = String::from_utf8(bytes).expect("the fixtures are UTF-8");
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(u8::try_from(delimiter).expect("delimiters are ASCII"))
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().expect("there is a header").clone();
    reader
        .records()
        .map(|record| {
            let record = record.expect("the fixtures are well-formed");
            header.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect()
        })
        .collect()
}

/// What a raw value means; nothing when it is missing for any reason.
fn meaning(wave: &Wave, variable: &codebook::Variable, raw: &str) -> Option<Value> {
    let own = wave.recodes.get(variable.name.as_str());
    match &variable.kind {
        Kind::Category { list, .. } => {
            let recode = own.or_else(|| wave.recodes.get(list));
            match recode.and_then(|recode| recode.0.get(raw)) {
                Some(RawValue::Code(code)) => Some(Value::Text(code.to_string())),
                Some(RawValue::Missing(_)) => None,
                None if raw.is_empty() || wave.missing.contains_key(raw) => None,
                None => Some(Value::Text(raw.to_owned())),
            }
        }
        Kind::Number => codebook::Decimal::parse(raw, wave.answers.decimal_mark).ok().map(Value::Number),
        Kind::Condition | Kind::Date | Kind::Text => None,
    }
}

/// Every usable answer of a wave, weighted by N_h / r_h.
pub(crate) fn units(country: &Country, wave: WaveId, raw: &Path) -> Vec<Unit> {
    let wave = &country.waves[&wave];
    let delimiter = wave.answers.delimiter;
    let register: BTreeMap<String, BTreeMap<String, String>> = match &wave.register {
        Some(file) => {
            rows(&raw.join(&file.file), delimiter).into_iter().map(|row| (row[&file.unit].clone(), row)).collect()
        }
        None => BTreeMap::new(),
    };
    let complete = |row: &BTreeMap<String, String>| {
        wave.answers.complete.as_ref().is_none_or(|rule| rule.values.contains(&row[&rule.column]))
    };
    let mut units: Vec<Unit> = rows(&raw.join(&wave.answers.file), delimiter)
        .into_iter()
        .filter(complete)
        .map(|row| {
            let background = register.get(&row[&wave.answers.unit]);
            let mut values = BTreeMap::new();
            for variable in &country.codebook.variables {
                let value = match &variable.origin {
                    Origin::Derived(expression) => derived(&variable.kind, expression, &values),
                    Origin::Answer => cell(wave, variable, &row),
                    Origin::Register => background.and_then(|background| cell(wave, variable, background)),
                    Origin::Fieldwork => panic!("a country's files do not have it"),
                };
                if let Some(value) = value {
                    values.insert(variable.name.clone(), value);
                }
            }
            values.extend(third(wave, &row).map(|third| (codebook::answer_time(), third)));
            let stratum = wave.design.strata.iter().map(|name| text(&values[name])).collect::<Vec<_>>().join(" x ");
            Unit { values, stratum, weight: 1.0 }
        })
        .collect();
    // Routing: what the form did not ask is missing, whatever the export writes there.
    for unit in &mut units {
        let unasked: Vec<VariableName> = country
            .codebook
            .variables
            .iter()
            .filter(|variable| variable.asked_if.as_ref().is_some_and(|asked| !holds(asked, &unit.values)))
            .map(|variable| variable.name.clone())
            .collect();
        for name in unasked {
            unit.values.remove(&name);
        }
    }
    weigh(wave, raw, &mut units);
    units
}

/// The third of the days of fieldwork in which an answer was finished, from the day's number in its year.
fn third(wave: &Wave, row: &BTreeMap<String, String>) -> Option<Value> {
    let (period, column) = (wave.fieldwork.as_ref()?, wave.answers.times.finished.as_ref()?);
    let day: jiff::civil::Date = row[column].get(..10)?.parse().ok()?;
    let number = |day: jiff::civil::Date| f64::from(day.day_of_year());
    let part = (number(day) - number(period.from)) / (number(period.to) - number(period.from) + 1.0);
    let name = if part < 1.0 / 3.0 - 1e-9 {
        "first"
    } else if part < 2.0 / 3.0 - 1e-9 {
        "middle"
    } else {
        "last"
    };
    Some(Value::Text(name.to_owned()))
}

/// The difference between two groups of a row, the covariance in it.
pub(crate) fn difference(
    country: &Country,
    units: &[Unit],
    (table, row): (&TableSpec, &codebook::Row),
    breakdown: &str,
    [group, than]: [&str; 2],
) -> Option<Naive> {
    let (value, z_group) = scores(country, units, table, row, Some((breakdown, group)))?;
    let (other, z_than) = scores(country, units, table, row, Some((breakdown, than)))?;
    let apart: Vec<f64> = z_group.iter().zip(&z_than).map(|(group, than)| group - than).collect();
    let n = apart.iter().filter(|score| **score != 0.0).count();
    Some(Naive { value: value - other, se: variance(units, &apart).max(0.0).sqrt(), n: n.try_into().ok()? })
}

fn cell(wave: &Wave, variable: &codebook::Variable, row: &BTreeMap<String, String>) -> Option<Value> {
    let (column, _) = wave.columns.get(&variable.name)?;
    meaning(wave, variable, row[column].trim())
}

fn weigh(wave: &Wave, raw: &Path, units: &mut [Unit]) {
    let frame = wave.frame.as_ref().expect("response weights need a frame");
    let mut answers: BTreeMap<String, f64> = BTreeMap::new();
    for unit in units.iter() {
        *answers.entry(unit.stratum.clone()).or_default() += 1.0;
    }
    let recoded = |name: &VariableName, raw: &str| -> String {
        wave.recodes.get(name.as_str()).and_then(|recode| recode.0.get(raw)).map_or_else(
            || raw.to_owned(),
            |value| match value {
                RawValue::Code(code) => code.to_string(),
                RawValue::Missing(_) => panic!("a frame has no missing codes"),
            },
        )
    };
    let population: BTreeMap<String, f64> = rows(&raw.join(&frame.file), wave.answers.delimiter)
        .iter()
        .map(|row| {
            let key =
                wave.design.strata.iter().map(|name| recoded(name, &row[&frame.strata[name]])).collect::<Vec<_>>();
            (key.join(" x "), row[&frame.count].parse().expect("a frame counts units"))
        })
        .collect();
    for unit in units {
        unit.weight = population[&unit.stratum] / answers[&unit.stratum];
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Boolean(_) | Value::Number(_) => panic!("strata and breakdowns are categories"),
    }
}

fn derived(kind: &Kind, expression: &Expr, values: &BTreeMap<VariableName, Value>) -> Option<Value> {
    match kind {
        Kind::Condition => Some(Value::Boolean(holds(expression, values))),
        Kind::Category { .. } | Kind::Number | Kind::Date | Kind::Text => {
            expression.evaluate(&|name| values.get(name).map(Cow::Borrowed))
        }
    }
}

fn holds(condition: &Expr, values: &BTreeMap<VariableName, Value>) -> bool {
    condition.evaluate(&|name| values.get(name).map(Cow::Borrowed)) == Some(Value::Boolean(true))
}

/// The estimate of one row of a table in its base, in total or in one category of a breakdown.
pub(crate) fn estimate(
    country: &Country,
    units: &[Unit],
    table: &TableSpec,
    row: &codebook::Row,
    group: Option<(&str, &str)>,
) -> Option<Naive> {
    let (value, n, scores) = valued(country, units, table, row, group)?;
    Some(Naive { value, se: variance(units, &scores).max(0.0).sqrt(), n: n.try_into().ok()? })
}

/// The same as its value and the linearised value of each unit.
fn scores(
    country: &Country,
    units: &[Unit],
    table: &TableSpec,
    row: &codebook::Row,
    group: Option<(&str, &str)>,
) -> Option<(f64, Vec<f64>)> {
    valued(country, units, table, row, group).map(|(value, _, scores)| (value, scores))
}

fn valued(
    country: &Country,
    units: &[Unit],
    table: &TableSpec,
    row: &codebook::Row,
    group: Option<(&str, &str)>,
) -> Option<(f64, usize, Vec<f64>)> {
    let base = country.bases[&table.base].condition.as_ref();
    let value = |unit: &Unit| -> Option<f64> {
        let inside = base.is_none_or(|base| holds(base, &unit.values));
        let in_group = group.is_none_or(|(breakdown, code)| {
            unit.values.iter().any(|(name, value)| name.as_str() == breakdown && text(value) == code)
        });
        if !(inside && in_group) {
            return None;
        }
        Some(match unit.values.get(&row.item)? {
            Value::Boolean(held) => f64::from(u8::from(*held)),
            Value::Text(code) => f64::from(u8::from(row.codes.iter().any(|counted| counted.as_str() == code))),
            Value::Number(number) => number.to_string().parse().expect("a decimal is a number"),
        })
    };
    let valued: Vec<(usize, f64)> =
        units.iter().enumerate().filter_map(|(index, unit)| value(unit).map(|value| (index, value))).collect();
    let total_weight: f64 = valued.iter().map(|(index, _)| units[*index].weight).sum();
    if valued.is_empty() {
        return None;
    }
    let mean = valued.iter().map(|(index, value)| units[*index].weight * value).sum::<f64>() / total_weight;
    let mut scores = vec![0.0; units.len()];
    for (index, value) in &valued {
        scores[*index] = units[*index].weight * (value - mean) / total_weight;
    }
    Some((mean, valued.len(), scores))
}

/// sum over strata of (1 - n/N) n/(n-1) sum (z - mean z)^2, over all units of the design.
fn variance(units: &[Unit], scores: &[f64]) -> f64 {
    let strata: BTreeSet<&str> = units.iter().map(|unit| unit.stratum.as_str()).collect();
    strata
        .into_iter()
        .map(|stratum| {
            let members: Vec<usize> = (0..units.len()).filter(|index| units[*index].stratum == stratum).collect();
            let n: f64 = members.iter().map(|_| 1.0).sum();
            let population = units[members[0]].weight * n;
            let mean = members.iter().map(|index| scores[*index]).sum::<f64>() / n;
            let spread: f64 = members.iter().map(|index| (scores[*index] - mean) * (scores[*index] - mean)).sum();
            if n < 2.0 { 0.0 } else { (1.0 - n / population) * n / (n - 1.0) * spread }
        })
        .sum()
}
