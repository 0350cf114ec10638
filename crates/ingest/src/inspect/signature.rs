//! The survey tool that wrote an export, by names and rows that only its exports have.

use codebook::SurveyTool;

use crate::tool::{self, Heading, enalyzer};

/// What the first records of a file show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Recognised {
    pub(super) tool: SurveyTool,
    /// The names of the columns, and how many rows stand above the answers: 0 where the first row holds answers already.
    pub(super) heading: Heading,
    /// The wording of each column's question, where the rows above the answers tell it.
    pub(super) labels: Vec<Option<String>>,
}

/// Recognises the tool by the first records of an export.
pub(super) fn recognise(records: &[Vec<String>]) -> Recognised {
    let first = records.first().cloned().unwrap_or_default();
    let tool = tool_of(records);
    let holds_answers = tool == SurveyTool::Plain && !first.is_empty() && crate::data_file::holds_no_names(&first);
    let heading = if holds_answers {
        Heading { names: vec![String::new(); first.len()], rows: 0 }
    } else {
        tool::heading(tool, records)
    };
    let labels = match tool {
        SurveyTool::Qualtrics => question_row(records.get(1), first.len()),
        SurveyTool::LimeSurvey => {
            first.iter().zip(&heading.names).map(|(full, name)| behind_code(full, name)).collect()
        }
        SurveyTool::Plain
        | SurveyTool::SurveyXact
        | SurveyTool::Enalyzer
        | SurveyTool::Questback
        | SurveyTool::Forsta
        | SurveyTool::Spss => vec![None; first.len()],
    };
    Recognised { tool, heading, labels }
}

fn tool_of(records: &[Vec<String>]) -> SurveyTool {
    let Some(first) = records.first() else { return SurveyTool::Plain };
    let limesurvey = tool::heading(SurveyTool::LimeSurvey, records).names;
    let has = |name: &str| first.iter().any(|known| known == name);
    let has_code = |name: &str| limesurvey.iter().any(|known| known == name);
    let is_qualtrics = tool::heading(SurveyTool::Qualtrics, records).rows == 3
        || records.get(1).is_some_and(|second| second.iter().any(|cell| cell == "ResponseID" || cell == "ResponseSet"));
    if is_qualtrics {
        SurveyTool::Qualtrics
    } else if has("respondentid") && (has("stat_4") || has("closetime")) {
        SurveyTool::SurveyXact
    } else if has_code("submitdate") && (has_code("lastpage") || has_code("startlanguage")) {
        SurveyTool::LimeSurvey
    } else if has("lfdn") && has("dispcode") {
        SurveyTool::Questback
    } else if has("responseid") && has("respid") && has("status") {
        SurveyTool::Forsta
    } else if enalyzer::OWN_COLUMNS.iter().all(|name| has(name)) {
        SurveyTool::Enalyzer
    } else {
        SurveyTool::Plain
    }
}

/// The texts of a row below the names.
fn question_row(row: Option<&Vec<String>>, width: usize) -> Vec<Option<String>> {
    let cell = |position: usize| row.and_then(|row| row.get(position)).filter(|text| !text.is_empty()).cloned();
    (0..width).map(cell).collect()
}

/// The text behind the code of a heading that has both.
fn behind_code(full: &str, code: &str) -> Option<String> {
    full.strip_prefix(code).and_then(|rest| rest.strip_prefix(". ")).map(|text| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::{SurveyTool, recognise};

    #[track_caller]
    fn check(text: &str, tool: SurveyTool, header_rows: usize) {
        let records: Vec<Vec<String>> = text.lines().map(|line| line.split(';').map(str::to_owned).collect()).collect();
        let found = recognise(&records);
        assert_eq!((found.tool, found.heading.rows), (tool, header_rows));
    }

    #[test]
    fn tools_are_known_by_the_rows_above_the_answers() {
        check("respondentid;s_1;stat_4\n1;1;1", SurveyTool::SurveyXact, 1);
        let import = "ResponseId;Q1\nResponse ID;What?\n{\"ImportId\":\"_recordId\"};{\"ImportId\":\"QID1\"}\nR_1;2";
        check(import, SurveyTool::Qualtrics, 3);
        check("V1;V2;Q1\nResponseID;ResponseSet;What?\nR_1;x;2", SurveyTool::Qualtrics, 2);
        check("id;submitdate;lastpage;Q1[SQ001]\n1;;2;Y", SurveyTool::LimeSurvey, 1);
        check("id. Response ID;submitdate. Date;lastpage. Last page;Q1. New?\n1;;2;Y", SurveyTool::LimeSurvey, 1);
        check("Response ID;Date submitted;Last page;Anything new?\n1;;2;Yes", SurveyTool::LimeSurvey, 1);
        check("lfdn;dispcode;v_1\n1;31;2", SurveyTool::Questback, 1);
        check("Respondent ID;Created;Last modified;New?\n1;a;b;2", SurveyTool::Enalyzer, 1);
        check("Respondent ID;New?\n1;2", SurveyTool::Plain, 1);
        check("region;q1\n1;2", SurveyTool::Plain, 1);
        check("1;2,5\n2;3,5", SurveyTool::Plain, 0);
    }

    #[test]
    fn full_headings_of_limesurvey_are_a_code_and_a_question() {
        let records =
            [["id. Response ID", "submitdate. Date", "lastpage. Last page", "Q1[SQ001]. What was new? [A product]"]];
        let records: Vec<Vec<String>> = records.iter().map(|row| row.map(str::to_owned).to_vec()).collect();
        let found = recognise(&records);
        assert_eq!(found.heading.names[3], "Q1[SQ001]");
        assert_eq!(found.labels[3].as_deref(), Some("What was new? [A product]"));
    }
}
