//! The survey tool that wrote an export, and with it the rows above the answers.

use serde::Serialize;

/// A survey tool, as far as its exports have a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tool {
    /// No tool in particular: one row of names above the answers.
    Plain,
    /// SurveyXact: its own columns for the respondent and the one-hot status.
    SurveyXact,
    /// Qualtrics: names, questions, and in newer exports a row of JSON.
    Qualtrics,
    /// LimeSurvey.
    LimeSurvey,
}

impl Tool {
    /// Its name as files write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::SurveyXact => "surveyxact",
            Self::Qualtrics => "qualtrics",
            Self::LimeSurvey => "limesurvey",
        }
    }

    /// Whether a column is the tool's own and no answer.
    #[must_use]
    pub fn is_own_column(self, name: &str) -> bool {
        match self {
            Self::Plain => false,
            Self::SurveyXact => SURVEYXACT.contains(&name) || name.starts_with("stat"),
            Self::Qualtrics => QUALTRICS.contains(&name),
            Self::LimeSurvey => LIMESURVEY.contains(&name),
        }
    }

    /// The column and the values of complete answers, the likeliest first, as far as one column tells.
    #[must_use]
    pub fn completion(self) -> Option<(&'static str, &'static [&'static str])> {
        match self {
            Self::Plain | Self::LimeSurvey => None,
            Self::SurveyXact => Some(("stat_4", &["1"])),
            Self::Qualtrics => Some(("Finished", &["1", "True", "TRUE"])),
        }
    }
}

const SURVEYXACT: [&str; 9] =
    ["respondentid", "organisation", "email", "created", "modified", "closetime", "starttime", "difftime", "response"];
const QUALTRICS: [&str; 18] = [
    "StartDate",
    "EndDate",
    "Status",
    "IPAddress",
    "Progress",
    "Duration (in seconds)",
    "Finished",
    "RecordedDate",
    "ResponseId",
    "ResponseID",
    "ResponseSet",
    "RecipientLastName",
    "RecipientFirstName",
    "RecipientEmail",
    "ExternalReference",
    "LocationLatitude",
    "LocationLongitude",
    "DistributionChannel",
];
const LIMESURVEY: [&str; 9] =
    ["id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp", "ipaddr", "refurl"];

/// What the first records of a file show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Recognised {
    pub(super) tool: Tool,
    /// Rows above the answers; 0 where the first row holds answers already.
    pub(super) header_rows: usize,
    /// The row with the wording of the questions, the first being 0.
    pub(super) labels: Option<usize>,
}

/// The most rows above the answers that any tool writes.
pub(super) const HEADER_ROWS_AT_MOST: usize = 3;

/// Recognises a tool by the first records of its export.
pub(super) fn recognise(records: &[Vec<String>]) -> Recognised {
    let plain = Recognised { tool: Tool::Plain, header_rows: 1, labels: None };
    let Some(names) = records.first() else { return plain };
    let has = |name: &str| names.iter().any(|known| known == name);
    let is_import_row = |record: &Vec<String>| {
        record.iter().filter(|cell| !cell.is_empty()).all(|cell| cell.starts_with("{\"ImportId\""))
    };
    let qualtrics = |header_rows| Recognised { tool: Tool::Qualtrics, header_rows, labels: Some(1) };
    match records {
        [_, _, third, ..] if third.iter().any(|cell| !cell.is_empty()) && is_import_row(third) => return qualtrics(3),
        [_, second, ..] if second.iter().any(|cell| matches!(cell.as_str(), "ResponseID" | "ResponseSet")) => {
            return qualtrics(2);
        }
        _ => {}
    }
    if has("respondentid") && (has("stat_4") || has("closetime") || has("statcompletion_1")) {
        return Recognised { tool: Tool::SurveyXact, ..plain };
    }
    if has("submitdate") && (has("lastpage") || has("startlanguage")) {
        return Recognised { tool: Tool::LimeSurvey, ..plain };
    }
    if crate::data_file::holds_no_names(names) {
        return Recognised { header_rows: 0, ..plain };
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{Tool, recognise};

    fn recognised(text: &str) -> (Tool, usize) {
        let records: Vec<Vec<String>> = text.lines().map(|line| line.split(';').map(str::to_owned).collect()).collect();
        let found = recognise(&records);
        (found.tool, found.header_rows)
    }

    #[test]
    fn tools_are_known_by_the_rows_above_the_answers() {
        assert_eq!(recognised("respondentid;s_1;stat_4\n1;1;1"), (Tool::SurveyXact, 1));
        let import = "ResponseId;Q1\nResponse ID;What?\n{\"ImportId\":\"_recordId\"};{\"ImportId\":\"QID1\"}\nR_1;2";
        assert_eq!(recognised(import), (Tool::Qualtrics, 3));
        assert_eq!(recognised("V1;V2;Q1\nResponseID;ResponseSet;What?\nR_1;x;2"), (Tool::Qualtrics, 2));
        assert_eq!(recognised("id;submitdate;lastpage;Q1[SQ001]\n1;;2;Y"), (Tool::LimeSurvey, 1));
        assert_eq!(recognised("region;q1\n1;2"), (Tool::Plain, 1));
        assert_eq!(recognised("1;2,5\n2;3,5"), (Tool::Plain, 0));
    }
}
