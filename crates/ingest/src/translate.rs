//! From raw values to typed ones: recodes, sentinel codes, numbers, dates.
//!
//! Each distinct raw value of a column is translated once. What a raw value means is looked up in this order: the
//! variable's own recode, the recode of its list of codes, the wave's values for missing answers (categories only), the tool's; without
//! any recode the raw value is the code.

use codebook::{Code, Finding, Kind, Missing, Origin, RawValue, SlashedDays, Value, Variable, Wave};
use jiff::civil::Date;

use crate::column::{Cell, Cells, Column};
use crate::delimited::DataFile;
use crate::numbers::Numbers;
use crate::raw::RawColumn;
use crate::suspicions;
use crate::tally::{Tally, advice, class_of, number};
use crate::texts::index;
use crate::tool::{self, enalyzer};
use crate::units::UnitRows;

/// What one distinct raw value means.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Meaning {
    /// A value of the variable.
    Value(Value),
    /// No answer; [`Missing::Blank`] is an empty cell until routing has looked at it.
    Missing(Missing),
    /// Nothing that the codebook knows, told by its class.
    Unknown(String),
}

/// The meaning of a raw value of a variable.
pub(crate) fn meaning(variable: &Variable, wave: &Wave, decimal_mark: char, raw: &str) -> Meaning {
    if let Some(recoded) = wave.recodes.get(variable.name.as_str()).and_then(|recode| recode.0.get(raw)) {
        return recoded_meaning(variable, recoded);
    }
    if raw.is_empty() {
        let recoded = list_recode(variable, wave, raw);
        return recoded.map_or(Meaning::Missing(Missing::Blank), |recoded| recoded_meaning(variable, recoded));
    }
    if variable.origin == Origin::Answer
        && list_recode(variable, wave, raw).is_none()
        && !wave.missing.contains_key(raw)
        && let Some(reason) = tool::missing(wave.answers.tool, raw)
    {
        return Meaning::Missing(reason);
    }
    match &variable.kind {
        Kind::Category { list, .. } => category(variable, list, wave, raw),
        Kind::Condition => Meaning::Unknown(class_of(raw)),
        Kind::Number => {
            number(raw, decimal_mark).map_or_else(Meaning::Unknown, |number| Meaning::Value(Value::Number(number)))
        }
        Kind::Date => date(raw, wave.answers.slashed_days)
            .map_or_else(|| Meaning::Unknown(class_of(raw)), |date| Meaning::Value(Value::Text(date.to_string()))),
        Kind::Text => Meaning::Value(Value::Text(raw.to_owned())),
    }
}

fn recoded_meaning(variable: &Variable, recoded: &RawValue) -> Meaning {
    match (recoded, &variable.kind) {
        (RawValue::Missing(reason), _) => Meaning::Missing(*reason),
        // A recode of a number, such as "none" = "0", is written with a point.
        (RawValue::Code(code), Kind::Number) => {
            number(code.as_str(), '.').map_or_else(Meaning::Unknown, |number| Meaning::Value(Value::Number(number)))
        }
        (RawValue::Code(code), Kind::Category { .. } | Kind::Condition | Kind::Date | Kind::Text) => {
            Meaning::Value(Value::Text(code.as_str().to_owned()))
        }
    }
}

/// What the recode of a variable's list of codes says of a raw value.
fn list_recode<'w>(variable: &Variable, wave: &'w Wave, raw: &str) -> Option<&'w RawValue> {
    match &variable.kind {
        Kind::Category { list, .. } => wave.recodes.get(list)?.0.get(raw),
        Kind::Condition | Kind::Number | Kind::Date | Kind::Text => None,
    }
}

/// The code that a raw value of a list of codes means, where no variable has a recode of its own, or why there is no answer; an empty cell is
/// blank.
pub(crate) fn code_or_reason(kind: &Kind, wave: &Wave, raw: &str) -> Result<Result<Code, Missing>, String> {
    let Kind::Category { list, categories } = kind else { return Err(class_of(raw)) };
    let recode = wave.recodes.get(list).filter(|recode| !recode.0.is_empty());
    match (recode.and_then(|recode| recode.0.get(raw)), recode) {
        (Some(RawValue::Code(code)), _) => Ok(Ok(code.clone())),
        (Some(RawValue::Missing(reason)), _) => Ok(Err(*reason)),
        (None, _) if raw.is_empty() => Ok(Err(Missing::Blank)),
        (None, _) if wave.missing.contains_key(raw) => Ok(Err(wave.missing[raw])),
        (None, None) => {
            let code = categories.iter().map(|category| &category.code).find(|code| code.as_str() == raw);
            code.cloned().map(Ok).ok_or_else(|| class_of(raw))
        }
        (None, Some(_)) => Err(class_of(raw)),
    }
}

fn category(variable: &Variable, list: &str, wave: &Wave, raw: &str) -> Meaning {
    let recode = |name: &str| wave.recodes.get(name).filter(|recode| !recode.0.is_empty());
    if let Some(recoded) = list_recode(variable, wave, raw) {
        return recoded_meaning(variable, recoded);
    }
    if let Some(reason) = wave.missing.get(raw) {
        return Meaning::Missing(*reason);
    }
    let raw_values_are_codes = recode(variable.name.as_str()).is_none() && recode(list).is_none();
    match Code::new(raw) {
        Ok(code) if raw_values_are_codes && variable.categories().iter().any(|category| category.code == code) => {
            Meaning::Value(Value::Text(raw.to_owned()))
        }
        Ok(_) | Err(_) => Meaning::Unknown(class_of(raw)),
    }
}

/// How days are written.
pub(crate) const DAYS: &str = "days are written 2019-12-31, 31-12-2019 or 31.12.2019; with slashes where the wave says dates = \"31/12/2019\" or \
                               \"12/31/2019\" under [answers]";

/// What stands behind a day in a column of moments that are all days, as pandas and Arrow store them.
const MIDNIGHTS: [&str; 3] = [" 00:00:00", "T00:00:00", " 00:00"];

/// A date as `2019-12-31`, `31-12-2019` or `31.12.2019`, also at midnight; with slashes only if the wave says what stands first.
pub(crate) fn date(raw: &str, slashed: Option<SlashedDays>) -> Option<Date> {
    let raw = MIDNIGHTS.iter().find_map(|midnight| raw.strip_suffix(midnight)).unwrap_or(raw);
    let separator = ['.', '/'].into_iter().find(|mark| raw.contains(*mark)).unwrap_or('-');
    let parts: Vec<&str> = raw.split(separator).collect();
    let (year, month, day) = match (parts.as_slice(), separator) {
        ([year, month, day], '-' | '/') if year.len() == 4 => (year, month, day),
        ([first, second, year], '/') if year.len() == 4 => match slashed? {
            SlashedDays::DayFirst => (year, second, first),
            SlashedDays::MonthFirst => (year, first, second),
        },
        ([day, month, year], _) if year.len() == 4 => (year, month, day),
        _ => return None,
    };
    let is_plain = [year, month, day].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    if !is_plain {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// Where the answers of each unit stand: one row of a file for each, or none.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) data: &'a DataFile,
    pub(crate) rows: &'a UnitRows,
}

impl Source<'_> {
    /// The number of a unit's row in the file; the header's when the unit has none.
    #[inline]
    pub(crate) fn row_number(self, unit: usize) -> u64 {
        self.rows.of(unit).map_or(1, |row| self.data.row_numbers[row])
    }
}

/// What stands in the cells of a column of codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CellForm {
    /// Raw values that recodes tell, or codes.
    Values,
    /// The position of the code in its list.
    Positions,
}

/// Types one column.
pub(crate) fn column(
    variable: &Variable,
    wave: &Wave,
    (name, form): (&str, CellForm),
    raw: &RawColumn,
    source: Source<'_>,
    findings: &mut Vec<Finding>,
) -> Column {
    let mut typed = Column::of_categories(variable);
    let meanings: Vec<Result<Cell, Untold>> = raw
        .values()
        .iter()
        .map(|value| {
            let meaning = meaning_of(variable, wave, (name, form), source.data, value);
            if source.data.said.is_missing(name, value) && is_untold(variable, wave, value, &meaning) {
                return Err(Untold::Missing(class_of(value)));
            }
            cell(meaning, variable, &mut typed)
                .map_err(|class| Untold::Unknown { class, advice: bad_number_advice(variable, source.data, value) })
        })
        .collect();
    let told: Vec<Cell> = meanings.iter().map(|meaning| *meaning.as_ref().unwrap_or(&Cell::UNKNOWN)).collect();
    let cell = |number: Option<usize>| number.map_or(Cell::UNKNOWN, |number| told[number]);
    typed.cells = match &raw.cells {
        Numbers::Bytes(bytes) => {
            let numbers = source.rows.iter().map(|row| row.map(|row| usize::from(bytes[row])));
            Cells::of(typed.values.len(), numbers.map(cell))
        }
        Numbers::Words(words) => {
            let numbers = source.rows.iter().map(|row| row.map(|row| index(words[row])));
            Cells::of(typed.values.len(), numbers.map(cell))
        }
    };
    let (mut unknown, mut missing) = (unknown_values(variable), untold_missing(variable));
    // Only a column with an untold value is gone through again, for its rows.
    let has_untold = meanings.iter().any(Result::is_err);
    for (unit, row) in source.rows.iter().enumerate().filter(|_| has_untold) {
        match row.map(|row| &meanings[raw.index(row)]) {
            Some(Err(Untold::Unknown { class, .. })) => unknown.add_class(source.row_number(unit), class),
            Some(Err(Untold::Missing(class))) => missing.add_class(source.row_number(unit), class),
            Some(Ok(_)) | None => {}
        }
    }
    let untold = meanings.iter().filter_map(|meaning| meaning.as_ref().err());
    for advice in untold.filter_map(Untold::advice) {
        unknown.advise(advice.to_owned());
    }
    findings.extend(unknown.finding(&source.data.path, name));
    findings.extend(missing.finding(&source.data.path, name));
    findings.extend(suspicions::of_numbers(variable, name, raw, source));
    typed
}

/// The meaning of a raw value of a column.
pub(crate) fn meaning_of(
    variable: &Variable,
    wave: &Wave,
    (name, form): (&str, CellForm),
    data: &DataFile,
    raw: &str,
) -> Meaning {
    match form {
        CellForm::Values => meaning_in(variable, wave, name, data, raw),
        CellForm::Positions => meaning_at(variable, wave, data.decimal_mark, raw),
    }
}

/// The meaning of a raw value, or of the other form of it where the file tells values and their words and the wave knows one of them.
fn meaning_in(variable: &Variable, wave: &Wave, name: &str, data: &DataFile, raw: &str) -> Meaning {
    let told = meaning(variable, wave, data.decimal_mark, raw);
    let (Meaning::Unknown(_), Some(labels), Kind::Category { .. }) =
        (&told, data.said.labels.get(name), &variable.kind)
    else {
        return told;
    };
    let others = labels.iter().filter_map(|label| match (label.value == raw, label.label == raw) {
        (true, false) => Some(&label.label),
        (false, true) => Some(&label.value),
        (true, true) | (false, false) => None,
    });
    let known = others.map(|other| meaning(variable, wave, data.decimal_mark, other));
    let mut known = known.filter(|meaning| !matches!(meaning, Meaning::Unknown(_)));
    match (known.next(), known.next()) {
        (Some(one), None) => one,
        // Two values with the same words leave open which is meant.
        (Some(one), Some(other)) if one == other => one,
        (Some(_), Some(_)) | (None, _) => told,
    }
}

/// The meaning of the position of a code.
fn meaning_at(variable: &Variable, wave: &Wave, decimal_mark: char, raw: &str) -> Meaning {
    match (enalyzer::code_at(variable, raw), wave.missing.get(raw)) {
        (_, Some(reason)) => Meaning::Missing(*reason),
        (Some(code), None) => Meaning::Value(Value::Text(code.to_owned())),
        (None, None) if raw.is_empty() => meaning(variable, wave, decimal_mark, raw),
        (None, None) => Meaning::Unknown(class_of(raw)),
    }
}

/// A raw value that the wave does not tell the meaning of, by its class.
enum Untold {
    /// Nothing that the codebook knows, and what to do about it where that can be told.
    Unknown { class: String, advice: Option<String> },
    /// No answer by the file's own word, which does not say why.
    Missing(String),
}

impl Untold {
    fn advice(&self) -> Option<&str> {
        match self {
            Self::Unknown { advice, .. } => advice.as_deref(),
            Self::Missing(_) => None,
        }
    }
}

/// What to do about a cell of numbers that holds none; of other cells their variable tells it.
fn bad_number_advice(variable: &Variable, data: &DataFile, raw: &str) -> Option<String> {
    match &variable.kind {
        Kind::Number => Some(
            advice(raw, data.decimal_mark)
                .unwrap_or_else(|| format!("write special values under [recodes.{}]", variable.name)),
        ),
        Kind::Category { .. } | Kind::Condition | Kind::Date | Kind::Text => None,
    }
}

/// Whether the wave says nothing of its own about a value that the file declares missing. A code that the codebook lists is
/// an answer whatever the file thinks of it ("don't know" often is both); a number or a date is none.
fn is_untold(variable: &Variable, wave: &Wave, raw: &str, meaning: &Meaning) -> bool {
    match (meaning, &variable.kind) {
        (Meaning::Missing(_), _) | (Meaning::Value(_), Kind::Category { .. } | Kind::Condition) => false,
        (Meaning::Unknown(_), _) => true,
        (Meaning::Value(_), Kind::Number | Kind::Date | Kind::Text) => {
            wave.recodes.get(variable.name.as_str()).is_none_or(|recode| !recode.0.contains_key(raw))
        }
    }
}

/// The rule that a value breaks which the file declares missing and the wave does not.
fn untold_missing(variable: &Variable) -> Tally {
    let name = variable.name.as_str();
    let told = format!("value of {name:?} that the file says means no answer");
    Tally::error("declared-missing", told)
        .hint(format!("say why there is none under [recodes.{name}], such as 99 = {{ missing = \"refused\" }}"))
}

/// The cell that a raw value becomes, or the class of a value that is unknown.
fn cell(meaning: Meaning, variable: &Variable, typed: &mut Column) -> Result<Cell, String> {
    match (meaning, &variable.kind) {
        (Meaning::Unknown(class), _) => Err(class),
        (Meaning::Missing(reason), _) => Ok(Cell::missing(reason)),
        (Meaning::Value(value), Kind::Category { .. }) => Ok(Cell::value(typed.number_of(value))),
        // Distinct raw values are distinct numbers, dates or texts, but for 1 and 1.0, which do no harm.
        (Meaning::Value(value), Kind::Condition | Kind::Number | Kind::Date | Kind::Text) => {
            Ok(Cell::value(typed.push(value)))
        }
    }
}

/// The rule that a raw value breaks when the codebook does not know it.
fn unknown_values(variable: &Variable) -> Tally {
    let name = variable.name.as_str();
    match &variable.kind {
        Kind::Category { list, .. } => {
            let recodes = if list == name { name.to_owned() } else { format!("{name} or {list}") };
            Tally::error("unknown-code", format!("unknown value of {name:?}"))
                .hint(format!("recodes of {recodes}, or missing values, must name it"))
        }
        Kind::Number => Tally::error("not-a-number", format!("bad number for {name:?}")),
        Kind::Date => Tally::error("not-a-date", format!("bad date for {name:?}")).hint(DAYS),
        Kind::Condition | Kind::Text => Tally::error("unknown-code", format!("unknown value of {name:?}")),
    }
}

#[cfg(test)]
mod tests {
    use codebook::SlashedDays;

    use super::date;

    #[track_caller]
    fn check(raw: &str, slashed: Option<SlashedDays>, expected: Option<&str>) {
        assert_eq!(date(raw, slashed).map(|date| date.to_string()).as_deref(), expected, "{raw}");
    }

    #[test]
    fn days_are_read_in_the_forms_that_tell_which_number_is_the_month() {
        for raw in ["2019-12-31", "31-12-2019", "31.12.2019", "2019/12/31", "2019-12-31 00:00:00", "31-12-2019 00:00"] {
            check(raw, None, Some("2019-12-31"));
        }
        for raw in
            ["31/12/2019", "12/31/2019", "2019-12-31 10:00:00", "31.12.19", "31-12.2019", "2019.12.31", "1/2/3/2019"]
        {
            check(raw, None, None);
        }
    }

    #[test]
    fn days_with_slashes_are_read_as_the_wave_says() {
        check("3/4/2019", Some(SlashedDays::DayFirst), Some("2019-04-03"));
        check("3/4/2019", Some(SlashedDays::MonthFirst), Some("2019-03-04"));
        check("31/12/2019", Some(SlashedDays::MonthFirst), None);
        check("3.4.2019", Some(SlashedDays::MonthFirst), Some("2019-04-03"));
    }
}
