//! Who answered: complete rows, unit ids, and the register's row of each unit.

use std::collections::BTreeMap;

use codebook::{Finding, LeftOut, Place, Wave};

use crate::delimited::DataFile;
use crate::mapping::SYNTHETIC_COLUMN;
use crate::raw::RawColumn;
use crate::tally::{Tally, listed_groups};
use crate::texts::index;
use crate::tool;

const MARK: &str = "SYNTHETIC";

/// One row of a file for each unit, or none. Four bytes each: every column is read through it.
#[derive(Debug, Default)]
pub(crate) struct UnitRows(Vec<u32>);

impl UnitRows {
    /// Stands for no row; reading allows fewer.
    const NONE: u32 = u32::MAX;

    /// How many units there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The row of a unit.
    #[inline]
    pub(crate) fn of(&self, unit: usize) -> Option<usize> {
        Self::row(self.0[unit])
    }

    /// The row of each unit.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = Option<usize>> + '_ {
        self.0.iter().map(|row| Self::row(*row))
    }

    #[inline]
    fn row(row: u32) -> Option<usize> {
        if row == Self::NONE { None } else { Some(index(row)) }
    }
}

impl FromIterator<Option<usize>> for UnitRows {
    fn from_iter<I: IntoIterator<Item = Option<usize>>>(rows: I) -> Self {
        let number = |row: usize| u32::try_from(row).expect("reading allows two billion rows");
        Self(rows.into_iter().map(|row| row.map_or(Self::NONE, number)).collect())
    }
}

/// Takes the decimals off ids that are whole numbers: a program that holds them as decimals writes 10001.0 for 10001, and in one file of a survey
/// only. Where some id is another text all stay as they are.
pub(crate) fn take_decimals_off(data: &mut DataFile, unit: &str) {
    let Some(ids) = data.columns.get_mut(unit) else { return };
    let is_number = |id: &str| !whole(id).is_empty() && whole(id).bytes().all(|byte| byte.is_ascii_digit());
    let has_decimals = ids.values().iter().any(|id| whole(id) != id);
    if has_decimals && ids.values().iter().all(|id| id.is_empty() || is_number(id)) {
        *ids = ids.mapped(whole);
    }
}

/// A number without decimals that are zeros.
fn whole(id: &str) -> &str {
    let parts = id.split_once(['.', ',']);
    let is_whole = |decimals: &str| !decimals.is_empty() && decimals.bytes().all(|byte| byte == b'0');
    parts.filter(|(_, decimals)| is_whole(decimals)).map_or(id, |(number, _)| number)
}

/// The rows of the units that count as answers.
pub(crate) struct Units {
    /// Each unit's row in the answers.
    pub(crate) answers: UnitRows,
    /// Each unit's row in the register.
    pub(crate) register: UnitRows,
    /// Rows that are no answers, by reason.
    pub(crate) left_out: BTreeMap<LeftOut, u64>,
}

impl Units {
    /// Finds the units: complete rows with a unit id that no other row has, each with its row in the register.
    pub(crate) fn find(
        wave: &Wave,
        answers: &DataFile,
        register: Option<&DataFile>,
        findings: &mut Vec<Finding>,
    ) -> Option<Self> {
        let ids = answers.column(&wave.answers.unit)?;
        findings.extend(rules_without_column(wave, answers));
        let (complete, left_out) = answering_rows(wave, answers);
        if complete.is_empty() && !left_out.is_empty() {
            let place = Place::File { file: answers.path.clone() };
            let message = if wave.answers.leave_out.is_empty() && wave.answers.complete.is_some() {
                "no row is a complete answer by the completion rule"
            } else {
                "no row is an answer by the completion rule and the rules that leave rows out"
            };
            findings.push(Finding::error(place, "no-rows", message));
        }
        findings.extend(id_findings(answers, &wave.answers.unit, ids, &complete));
        let mut register_rows = vec![None; complete.len()];
        if let (Some(register), Some(file)) = (register, &wave.register)
            && let Some(register_ids) = register.column(&file.unit)
        {
            let every_row: Vec<usize> = (0..register.row_numbers.len()).collect();
            findings.extend(id_findings(register, &file.unit, register_ids, &every_row));
            // Where an id stands more than once, which is an error, its last row counts.
            let mut row_of_id = vec![0; register_ids.values().len()];
            for row in &every_row {
                row_of_id[register_ids.index(*row)] = *row;
            }
            // Each id is looked for once, however many rows have it.
            let known: Vec<Option<usize>> =
                ids.values().iter().map(|id| register_ids.index_of(id).map(|number| row_of_id[number])).collect();
            let mut absent = Tally::error("not-in-register", format!("unit without a row in {}", register.path));
            for (found, row) in register_rows.iter_mut().zip(&complete) {
                *found = known[ids.index(*row)];
                // An empty id and a register with unreadable rows are told already.
                if found.is_none() && !ids.value(*row).is_empty() && !register.damaged {
                    absent.add(answers.row_numbers[*row]);
                }
            }
            findings.extend(absent.finding(&answers.path, &wave.answers.unit));
        }
        Some(Self {
            answers: complete.into_iter().map(Some).collect(),
            register: register_rows.into_iter().collect(),
            left_out,
        })
    }
}

/// The rows that are usable answers, and how many are not, by reason: that of the first rule that leaves a row out, the
/// completion rule last; those of the tool come behind those of the wave.
fn answering_rows(wave: &Wave, answers: &DataFile) -> (Vec<usize>, BTreeMap<LeftOut, u64>) {
    let mut rules: Vec<(&RawColumn, Vec<bool>, LeftOut)> = Vec::new();
    for rule in &wave.answers.leave_out {
        let Some(column) = answers.column(&rule.column) else { continue };
        let leaves = column.values().iter().map(|value| rule.rows.include(value)).collect();
        rules.push((column, leaves, rule.because));
    }
    if let Some(rule) = &wave.answers.complete
        && let Some(column) = answers.column(&rule.column)
    {
        let leaves =
            column.values().iter().map(|value| !rule.values.iter().any(|complete| complete == value)).collect();
        rules.push((column, leaves, LeftOut::Incomplete));
    }
    for rule in tool::rules(wave, wave.answers.tool) {
        let Some(column) = answers.column(rule.column) else { continue };
        let leaves = column.values().iter().map(|value| rule.rows.include(value)).collect();
        rules.push((column, leaves, rule.because));
    }
    let (mut rows, mut left_out) = (Vec::new(), BTreeMap::new());
    for row in 0..answers.row_numbers.len() {
        match rules.iter().find(|(column, leaves, _)| leaves[column.index(row)]) {
            Some((_, _, because)) => *left_out.entry(*because).or_insert(0) += 1,
            None => rows.push(row),
        }
    }
    (rows, left_out)
}

/// Rows that a tool would leave out and that cannot be told, since the export lacks the column.
fn rules_without_column(wave: &Wave, answers: &DataFile) -> Vec<Finding> {
    let tool = wave.answers.tool;
    let absent = tool::rules(wave, tool).into_iter().filter(|rule| answers.column(rule.column).is_none());
    let finding = |rule: tool::ToolRule| {
        let (column, because) = (rule.column, rule.because.as_str());
        let message =
            format!("no column {column:?}, by which {} tells rows that are {because}: every row counts", tool.as_str());
        let hint = match rule.because {
            LeftOut::Incomplete => "export the column, or state complete under [answers]",
            LeftOut::Preview | LeftOut::Duplicate | LeftOut::OtherWave | LeftOut::OutOfScope => {
                "export the column, or state leave_out under [answers]"
            }
        };
        Finding::warning(Place::File { file: answers.path.clone() }, "no-tool-column", message).hint(hint)
    };
    absent.map(finding).collect()
}

/// Unit ids that are empty or stand more than once among these rows. The ids themselves are not told.
fn id_findings(data: &DataFile, name: &str, ids: &RawColumn, rows: &[usize]) -> Vec<Finding> {
    let mut empty = Tally::error("no-unit-id", "row without a unit id");
    let mut seen = vec![false; ids.values().len()];
    let mut repeated: BTreeMap<usize, Vec<u64>> = BTreeMap::new();
    for row in rows {
        let id = ids.index(*row);
        if ids.values()[id].is_empty() {
            empty.add(data.row_numbers[*row]);
        } else if std::mem::replace(&mut seen[id], true) {
            repeated.entry(id).or_default();
        }
    }
    // A repeated id is an error and rare, so only then are the rows gone through again.
    let again = if repeated.is_empty() { &[] } else { rows };
    for row in again {
        if let Some(rows) = repeated.get_mut(&ids.index(*row)) {
            rows.push(data.row_numbers[*row]);
        }
    }
    let mut repeated: Vec<Vec<u64>> = repeated.into_values().collect();
    repeated.sort();
    empty.finding(&data.path, name).into_iter().chain(repeated_units(data, name, &repeated)).collect()
}

fn repeated_units(data: &DataFile, name: &str, repeated: &[Vec<u64>]) -> Option<Finding> {
    let row = *repeated.first()?.get(1)?;
    let place = Place::Cell { file: data.path.clone(), row, column: name.to_owned() };
    let message = format!("the same unit in {}", listed_groups(repeated));
    Some(Finding::error(place, "repeated-unit", message).hint("one row for each unit"))
}

/// A synthetic wave's files say so in every row, and no other wave's does.
pub(crate) fn synthetic_marks(wave: &Wave, data: &DataFile) -> Option<Finding> {
    let marks = data.column(SYNTHETIC_COLUMN);
    let is_marked = |row: usize| marks.is_some_and(|marks| marks.value(row) == MARK);
    if wave.synthetic && marks.is_none() {
        let place = Place::File { file: data.path.clone() };
        let message = format!("the wave is synthetic, but the file has no column {SYNTHETIC_COLUMN:?}");
        return Some(
            Finding::error(place, "synthetic-mark", message).hint(format!("every row must say {MARK} in this column")),
        );
    }
    let mut wrong = if wave.synthetic {
        Tally::error("synthetic-mark", format!("no mark {MARK}")).hint("every row of a synthetic file must say so")
    } else {
        Tally::error("synthetic-mark", format!("mark {MARK} in a wave that is not synthetic"))
            .hint("is this the right file? if so, the wave's file must say synthetic = true")
    };
    for (row, number) in data.row_numbers.iter().enumerate() {
        if is_marked(row) != wave.synthetic {
            wrong.add(*number);
        }
    }
    wrong.finding(&data.path, SYNTHETIC_COLUMN)
}
