//! SurveyXact: a dataset whose column names are cut to eight characters, and a structure that tells which is which.
//!
//! The dataset is a CSV with a structure file beside it, or the sheet `Dataset` of a workbook with the sheets `Variables` (name, text) and
//! `Labels` (variable, value, label). Cut names that collide are numbered anew: the column `statc_5` is the second option of
//! `statcreation`. The structure has a row for each option of each variable, so it tells the long names, and the words of the codes.

use std::collections::{BTreeMap, BTreeSet};

use codebook::{Finding, LeftOut, Place, RowsOf};

use super::{ToolRule, values};
use crate::delimited::DataFile;
use crate::raw::{RawColumn, ValueLabel};

/// The sheets of the workbook beside that of the answers.
const VARIABLES_SHEET: &str = "Variables";
const LABELS_SHEET: &str = "Labels";

/// The column that is 1 for a completed answer. The others of its question are for new, distributed, partly answered and rejected ones.
const COMPLETED: &str = "statoverall_4";

/// Columns that the tool adds to the questions. Its status columns are told by [`is_status`].
pub(super) const OWN_COLUMNS: &[&str] =
    &["respondentid", "organisation", "created", "modified", "closetime", "starttime", "difftime", "response"];

/// Long names that every dataset has, cut as the tool cuts them.
const KNOWN_CUTS: [(&str, &str); 5] = [
    ("statoverall_1", "stato_1"),
    ("statoverall_2", "stato_2"),
    ("statoverall_3", "stato_3"),
    (COMPLETED, "stato_4"),
    ("statoverall_5", "stato_5"),
];

/// Completed answers only. The column `response` looks like it, and is not it.
pub(super) fn rules() -> Vec<ToolRule> {
    vec![ToolRule::new(COMPLETED, RowsOf::Without(values(&["1"])), LeftOut::Incomplete)]
}

/// Whether a column tells how far the answer has come: one of those that its status is spread over.
pub(super) fn is_status(name: &str) -> bool {
    name.strip_prefix("stat").is_some_and(|rest| rest.contains('_'))
}

/// The columns that every structure names in its first row: the question, and its column in the dataset.
pub(crate) const STRUCTURE_COLUMNS: [&str; 2] = ["questionName", "variableName"];

/// A row of a structure: a choice of a variable, or a variable without choices.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StructureRow<'r> {
    pub(crate) question: &'r str,
    /// The column of the dataset.
    pub(crate) variable: &'r str,
    /// The wording of the question.
    pub(crate) text: &'r str,
    /// The value of the choice; empty where there is none.
    pub(crate) value: &'r str,
    /// The words of the choice.
    pub(crate) choice: &'r str,
}

/// The rows of a structure that name a variable; `None` where the first row does not name the columns of a structure.
pub(crate) fn structure_rows(rows: &[Vec<String>]) -> Option<impl Iterator<Item = StructureRow<'_>>> {
    let (header, below) = rows.split_first()?;
    let position = |name: &str| header.iter().position(|known| known.trim_start_matches('\u{feff}') == name);
    let (question, variable) = (position(STRUCTURE_COLUMNS[0])?, position(STRUCTURE_COLUMNS[1])?);
    let (text, value, choice) = (position("questionText"), position("choiceValue"), position("choiceText"));
    let rows = below.iter().map(move |row| {
        let cell = |position: Option<usize>| position.and_then(|position| row.get(position)).map_or("", |it| it.trim());
        StructureRow {
            question: cell(Some(question)),
            variable: cell(Some(variable)),
            text: cell(text),
            value: cell(value),
            choice: cell(choice),
        }
    });
    Some(rows.filter(|row| !row.question.is_empty() && !row.variable.is_empty()))
}

/// What the tool says of the columns of a dataset.
#[derive(Debug, Default)]
pub(crate) struct Structure {
    /// The file that says it.
    path: String,
    /// The columns that a long name may mean.
    columns_of: BTreeMap<String, BTreeSet<String>>,
    /// The words of the values of each column.
    labels: BTreeMap<String, Vec<ValueLabel>>,
}

/// A variable of the structure, with its choices.
#[derive(Debug, Default)]
struct Described {
    choices: Vec<ValueLabel>,
}

impl Structure {
    /// What every dataset has, where no structure tells more.
    pub(crate) fn unstated() -> Self {
        let mut structure = Self::default();
        for (long, cut) in KNOWN_CUTS {
            structure.name(long, cut);
        }
        structure
    }

    /// From the rows of a structure file, the first of which names its columns. A row may have a delimiter too many at its end.
    pub(crate) fn of_rows(path: &str, rows: &[Vec<String>]) -> Result<Self, Box<Finding>> {
        let Some(rows) = structure_rows(rows) else {
            let place = Place::File { file: path.to_owned() };
            let message = "the first row does not name questionName and variableName";
            let finding = Finding::error(place, "no-structure", message);
            return Err(Box::new(finding.hint("is this the structure that SurveyXact exports beside the dataset?")));
        };
        let mut questions: BTreeMap<&str, BTreeMap<&str, Described>> = BTreeMap::new();
        for row in rows {
            let described = questions.entry(row.question).or_default().entry(row.variable).or_default();
            if !row.value.is_empty() {
                described.choices.push(ValueLabel { value: row.value.to_owned(), label: row.choice.to_owned() });
            }
        }
        let mut structure = Self { path: path.to_owned(), ..Self::unstated() };
        for (question, variables) in questions {
            structure.question(question, variables);
        }
        Ok(structure)
    }

    /// One question: its own name is that of its only variable, and each of several options is named behind it.
    fn question(&mut self, question: &str, variables: BTreeMap<&str, Described>) {
        let has_one = variables.len() == 1;
        for (variable, Described { choices }) in variables {
            match choices.as_slice() {
                _ if has_one => self.name(question, variable),
                [only] => self.name(&format!("{question}_{}", only.value), variable),
                _ => {}
            }
            // The only choice of an option's column is the option; its cells are 0 and 1.
            if choices.len() > 1 {
                self.labels.insert(variable.to_owned(), choices);
            }
        }
    }

    /// From the sheets of a workbook, each by its name.
    pub(crate) fn of_sheets(path: &str, sheets: &BTreeMap<&str, &[Vec<String>]>) -> Self {
        let mut structure = Self { path: path.to_owned(), ..Self::unstated() };
        for row in sheets.get(VARIABLES_SHEET).copied().unwrap_or_default() {
            if let [name, text, ..] = row.as_slice() {
                structure.name(text.trim(), name.trim());
            }
        }
        for row in sheets.get(LABELS_SHEET).copied().unwrap_or_default() {
            if let [variable, value, label, ..] = row.as_slice() {
                let label = ValueLabel { value: value.trim().to_owned(), label: label.trim().to_owned() };
                structure.labels.entry(variable.trim().to_owned()).or_default().push(label);
            }
        }
        structure
    }

    fn name(&mut self, long: &str, column: &str) {
        // What a structure says replaces what is only known to be usual.
        let is_usual = |column: &String| KNOWN_CUTS.contains(&(long, column.as_str())) && !self.path.is_empty();
        let columns = self.columns_of.entry(long.to_owned()).or_default();
        columns.retain(|known| !is_usual(known));
        columns.insert(column.to_owned());
    }

    /// The columns to read for a wave that names these.
    pub(crate) fn columns_of(&self, names: &BTreeSet<&str>) -> BTreeSet<&str> {
        names.iter().filter_map(|name| self.columns_of.get(*name)).flatten().map(String::as_str).collect()
    }

    /// Gives the dataset's columns the long names that a wave uses, and says what the values are called. A name that means no
    /// column, or more than one, is a finding.
    pub(crate) fn apply(&self, names: &BTreeSet<&str>, data: &mut DataFile) -> Vec<Finding> {
        let mut findings = Vec::new();
        for name in names {
            match self.column_of(name, data) {
                Ok(Some(column)) => {
                    if let Some(cells) = data.column(column).map(RawColumn::copied) {
                        data.add_column(name, column, cells);
                        data.said
                            .labels
                            .extend(self.labels.get(column).map(|labels| ((*name).to_owned(), labels.clone())));
                    }
                }
                Ok(None) => {
                    data.said.labels.extend(self.labels.get(*name).map(|labels| ((*name).to_owned(), labels.clone())));
                }
                Err(message) => {
                    let place = Place::File { file: data.path.clone() };
                    let finding = Finding::error(place, "ambiguous-column", message);
                    findings.push(finding.hint("name the column of the dataset that is meant"));
                }
            }
        }
        findings
    }

    /// The column of the dataset that a name means; `None` where it is the column's own name, or means nothing.
    fn column_of(&self, name: &str, data: &DataFile) -> Result<Option<&str>, String> {
        let Some(columns) = self.columns_of.get(name) else { return Ok(None) };
        let held: Vec<&str> = columns.iter().map(String::as_str).filter(|column| data.has_column(column)).collect();
        match held.as_slice() {
            _ if columns.contains(name) => Ok(None),
            [] if self.path.is_empty() || data.has_column(name) => Ok(None),
            [] => {
                let column = columns.first().map_or("", String::as_str);
                Err(format!("{name:?} is the column {column:?} by {}, and {} has neither", self.path, data.path))
            }
            [column] if data.has_column(name) => {
                Err(format!("{name:?} is a column, and by {} also the long name of {column:?}", self.path))
            }
            [column] => Ok(Some(column)),
            [first, second, ..] => Err(format!("{name:?} may be the column {first:?} or {second:?} by {}", self.path)),
        }
    }
}
