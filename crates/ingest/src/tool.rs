//! What is known of survey tools: their header rows, the names in them, the columns of their own, and which rows are no answers.
//!
//! Each tool has a file of its own. A tool is a default, never a guess: the wave names it, and whatever the wave says of complete
//! answers counts instead of what the tool says.

pub(crate) mod enalyzer;
mod forsta;
mod limesurvey;
mod qualtrics;
mod questback;
pub(crate) mod surveyxact;

use std::collections::{BTreeMap, BTreeSet};

use codebook::{LeftOut, Missing, RowsOf, SurveyTool, Wave};

/// The most header rows that any tool writes.
pub(crate) const HEADER_ROWS_AT_MOST: usize = 3;

/// What the first rows of an export say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heading {
    /// The name of each column, as a wave calls it.
    pub(crate) names: Vec<String>,
    /// Header rows.
    pub(crate) rows: usize,
}

/// Reads the heading of an export from its first records, the first of which is there.
pub(crate) fn heading(tool: SurveyTool, records: &[Vec<String>]) -> Heading {
    let names = records.first().cloned().unwrap_or_default();
    match tool {
        SurveyTool::Qualtrics => Heading { rows: qualtrics::header_rows(records), names },
        SurveyTool::LimeSurvey => Heading { names: limesurvey::names(names), rows: 1 },
        SurveyTool::Plain
        | SurveyTool::SurveyXact
        | SurveyTool::Enalyzer
        | SurveyTool::Questback
        | SurveyTool::Forsta
        | SurveyTool::Spss => Heading { names, rows: 1 },
    }
}

/// The wording of each column, where the heading of an export has it beside the names.
pub(crate) fn questions(tool: SurveyTool, records: &[Vec<String>]) -> BTreeMap<String, String> {
    match tool {
        SurveyTool::Qualtrics => {
            let rows = records.first().zip(records.get(1));
            rows.map(|(names, texts)| names.iter().cloned().zip(texts.iter().cloned()).collect()).unwrap_or_default()
        }
        SurveyTool::Plain
        | SurveyTool::SurveyXact
        | SurveyTool::LimeSurvey
        | SurveyTool::Enalyzer
        | SurveyTool::Questback
        | SurveyTool::Forsta
        | SurveyTool::Spss => BTreeMap::new(),
    }
}

/// A rule of a tool that leaves rows out. A file without its column has no such rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ToolRule {
    pub(crate) column: &'static str,
    pub(crate) rows: RowsOf,
    pub(crate) because: LeftOut,
}

impl ToolRule {
    fn new(column: &'static str, rows: RowsOf, because: LeftOut) -> Self {
        Self { column, rows, because }
    }
}

/// The rules of a tool that the wave's file leaves standing: a stated completion rule replaces the tool's, and a stated rule for
/// a reason replaces the tool's for the same.
pub(crate) fn rules(wave: &Wave, tool: SurveyTool) -> Vec<ToolRule> {
    let rules = match tool {
        SurveyTool::Qualtrics => qualtrics::rules(),
        SurveyTool::LimeSurvey => limesurvey::rules(),
        SurveyTool::Questback => questback::rules(),
        SurveyTool::Forsta => forsta::rules(),
        SurveyTool::SurveyXact => surveyxact::rules(),
        SurveyTool::Plain | SurveyTool::Enalyzer | SurveyTool::Spss => Vec::new(),
    };
    let is_stated = |because: LeftOut| {
        let is_rule = wave.answers.leave_out.iter().any(|rule| rule.because == because);
        is_rule || (because == LeftOut::Incomplete && wave.answers.complete.is_some())
    };
    rules.into_iter().filter(|rule| !is_stated(rule.because)).collect()
}

/// Whether a tool adds a column of this name to the questions: times, status, its own numbers. They are no answers.
#[must_use]
pub fn is_own_column(tool: SurveyTool, name: &str) -> bool {
    let own = match tool {
        SurveyTool::SurveyXact => surveyxact::OWN_COLUMNS,
        SurveyTool::Qualtrics => qualtrics::OWN_COLUMNS,
        SurveyTool::LimeSurvey => limesurvey::OWN_COLUMNS,
        SurveyTool::Questback => questback::OWN_COLUMNS,
        SurveyTool::Forsta => forsta::OWN_COLUMNS,
        SurveyTool::Enalyzer => enalyzer::OWN_COLUMNS,
        SurveyTool::Plain | SurveyTool::Spss => &[],
    };
    own.contains(&name) || (tool == SurveyTool::SurveyXact && surveyxact::is_status(name))
}

/// Why there is no answer, where a raw value says so in every export of the tool.
pub(crate) fn missing(tool: SurveyTool, raw: &str) -> Option<Missing> {
    match tool {
        SurveyTool::Questback => questback::missing(raw),
        SurveyTool::Plain
        | SurveyTool::SurveyXact
        | SurveyTool::Qualtrics
        | SurveyTool::LimeSurvey
        | SurveyTool::Enalyzer
        | SurveyTool::Forsta
        | SurveyTool::Spss => None,
    }
}

/// Raw values of a column.
fn values(values: &[&str]) -> BTreeSet<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}
