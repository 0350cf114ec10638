//! Cells that list several answers, such as `1,3,4` or `A product,A service`: one column per option is made from them, as other tools
//! export them.
//!
//! An option's column has `1` where the cell lists it and `0` where the cell lists others. An empty cell stays empty, since only routing
//! tells a unit that was not asked from one that ticked nothing.

use std::collections::{BTreeMap, BTreeSet};

use codebook::{Finding, SurveyTool, Wave};

use crate::delimited::DataFile;
use crate::raw::{Distinct, RawColumn};
use crate::tally::{Tally, class_of};

const TICKED: &str = "1";
const NOT_TICKED: &str = "0";
/// What Qualtrics writes between the choices of a cell.
const QUALTRICS_SEPARATOR: char = ',';

/// One column that a cell with several answers gives.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct MadeChoice {
    /// The column with the cell.
    column: String,
    separator: char,
    /// The name of the column that is made.
    name: String,
    /// The code or label of its option.
    choice: String,
}

impl MadeChoice {
    /// The column that it is made from.
    pub(crate) fn column(&self) -> &str {
        &self.column
    }
}

/// The columns that may have to be made for a wave that names these. What the file has itself is not made.
pub(crate) fn made_choices(wave: &Wave, names: &BTreeSet<&str>) -> Vec<MadeChoice> {
    let mut choices = Vec::new();
    for name in names {
        if let Some(stated) = wave.choices.get(*name) {
            let (column, choice) = (stated.column.clone(), stated.choice.clone());
            choices.push(MadeChoice { column, separator: stated.separator, name: (*name).to_owned(), choice });
        } else if let Some((column, choice)) = numbered_choice(wave.answers.tool, name) {
            let (column, choice) = (column.to_owned(), choice.to_owned());
            choices.push(MadeChoice { column, separator: QUALTRICS_SEPARATOR, name: (*name).to_owned(), choice });
        }
    }
    choices.sort();
    choices
}

/// Question and choice of `Q5_3`, by the tool that writes both forms. `Q5_3_TEXT` is what a respondent wrote beside a choice.
fn numbered_choice(tool: SurveyTool, name: &str) -> Option<(&str, &str)> {
    match tool {
        SurveyTool::Qualtrics => {
            let (question, choice) = name.rsplit_once('_')?;
            let is_number = !choice.is_empty() && choice.bytes().all(|byte| byte.is_ascii_digit());
            (is_number && !question.is_empty()).then_some((question, choice))
        }
        SurveyTool::Plain
        | SurveyTool::SurveyXact
        | SurveyTool::LimeSurvey
        | SurveyTool::Enalyzer
        | SurveyTool::Questback
        | SurveyTool::Forsta
        | SurveyTool::Spss => None,
    }
}

/// Makes the columns that the file does not have. Choices that nobody knows become findings.
pub(crate) fn split(wave: &Wave, choices: &[MadeChoice], data: &mut DataFile) -> Vec<Finding> {
    let mut by_column: BTreeMap<(&str, char), Vec<&MadeChoice>> = BTreeMap::new();
    for choice in choices.iter().filter(|choice| !data.has_column(&choice.name)) {
        by_column.entry((&choice.column, choice.separator)).or_default().push(choice);
    }
    let columns = by_column.into_iter();
    columns
        .filter_map(|((column, separator), options)| split_column(wave, (column, separator), &options, data))
        .collect()
}

fn split_column(
    wave: &Wave,
    (column, separator): (&str, char),
    options: &[&MadeChoice],
    data: &mut DataFile,
) -> Option<Finding> {
    let raw = data.column(column)?;
    let others = wave.answers.other_choices.get(column);
    let known: BTreeSet<&str> = options
        .iter()
        .map(|option| option.choice.as_str())
        .chain(others.into_iter().flatten().map(String::as_str))
        .collect();
    let cells: Vec<Listed<'_>> = raw
        .values()
        .iter()
        .map(|cell| match cell {
            "" => Listed::Nothing(""),
            mark if wave.missing.contains_key(mark) => Listed::Nothing(mark),
            list => listed(list, separator, &known),
        })
        .collect();
    let mut unknown = Tally::error("unknown-choice", "cell with a choice that no item reads").hint(format!(
        "name it for an item of its battery, or as one that none reads: other_choices = {{ {column} = [\"...\"] }} under [answers]"
    ));
    for (row, number) in data.row_numbers.iter().enumerate() {
        if let Listed::Unknown(class) = &cells[raw.index(row)] {
            unknown.add_class(*number, class);
        }
    }
    let made: Vec<RawColumn> = options
        .iter()
        .map(|option| {
            let mut made = Distinct::default();
            for row in 0..raw.rows() {
                made.push(cells[raw.index(row)].cell_of(&option.choice));
            }
            made.into_column()
        })
        .collect();
    let finding = unknown.finding(&data.path, column);
    for (option, made) in options.iter().zip(made) {
        data.add_column(&option.name, column, made);
    }
    finding
}

/// What a cell lists.
enum Listed<'c> {
    /// It is empty, or a mark that stands for no answer.
    Nothing(&'c str),
    Choices(BTreeSet<&'c str>),
    /// The class of what is no known choice.
    Unknown(String),
}

impl Listed<'_> {
    /// The cell of an option's column.
    fn cell_of(&self, choice: &str) -> &str {
        match self {
            Self::Nothing(mark) => mark,
            Self::Choices(choices) if choices.contains(choice) => TICKED,
            // A cell with an unknown choice has a finding of its own, and is no gap.
            Self::Choices(_) | Self::Unknown(_) => NOT_TICKED,
        }
    }
}

/// The choices of a cell. A label may hold the separator itself, so that the longest known choice counts at each place.
fn listed<'c>(cell: &'c str, separator: char, known: &BTreeSet<&'c str>) -> Listed<'c> {
    let mut choices = BTreeSet::new();
    let mut rest = Some(cell.trim());
    while let Some(text) = rest {
        let ends = |choice: &&&str| {
            let after = text.strip_prefix(**choice).map(str::trim_start);
            after.is_some_and(|after| after.is_empty() || after.starts_with(separator))
        };
        let Some(choice) = known.iter().filter(ends).max_by_key(|choice| choice.len()) else {
            let unknown = text.split(separator).next().unwrap_or_default();
            return Listed::Unknown(class_of(unknown.trim()));
        };
        choices.insert(*choice);
        rest = text[choice.len()..].trim_start().strip_prefix(separator).map(str::trim_start);
    }
    Listed::Choices(choices)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cell: &str, expected: Result<&[&str], &str>) {
        let known = BTreeSet::from(["1", "13", "A product", "A service, or a product"]);
        match (listed(cell, ',', &known), expected) {
            (Listed::Choices(choices), Ok(expected)) => assert_eq!(choices.into_iter().collect::<Vec<_>>(), expected),
            (Listed::Unknown(class), Err(expected)) => assert_eq!(class, expected),
            (Listed::Choices(_) | Listed::Unknown(_) | Listed::Nothing(_), _) => {
                panic!("{cell:?} is read as something else")
            }
        }
    }

    #[test]
    fn a_cell_lists_known_choices_also_where_a_label_holds_the_separator() {
        check("1", Ok(&["1"]));
        check("13, 1", Ok(&["1", "13"]));
        check("A service, or a product,A product", Ok(&["A product", "A service, or a product"]));
    }

    #[test]
    fn a_choice_that_nobody_knows_is_told_by_its_class() {
        check("1,7", Err("\"7\""));
        check("131", Err("\"131\""));
        check("1,", Err("an empty cell"));
        check("A service", Err("a text of 9 characters"));
    }

    #[test]
    fn only_a_number_behind_the_last_underscore_is_a_choice() {
        assert_eq!(numbered_choice(SurveyTool::Qualtrics, "Q5_3"), Some(("Q5", "3")));
        assert_eq!(numbered_choice(SurveyTool::Qualtrics, "1_Q5_13"), Some(("1_Q5", "13")));
        assert_eq!(numbered_choice(SurveyTool::Qualtrics, "Q5_3_TEXT"), None);
        assert_eq!(numbered_choice(SurveyTool::Qualtrics, "Q5"), None);
        assert_eq!(numbered_choice(SurveyTool::Plain, "Q5_3"), None);
    }
}
