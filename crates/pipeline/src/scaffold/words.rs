//! Words that an export does not tell and that its tool has for every survey.

use std::collections::BTreeSet;

use codebook::SurveyTool;
use ingest::inspect::{InspectedColumn, Inspection};

/// LimeSurvey's own codes of questions that are answered with yes or no. An option that can be ticked has the first of them, or nothing.
const YES_NO: [(&str, &str); 3] = [("Y", "Yes"), ("N", "No"), ("U", "Uncertain")];
const NO: &str = "N";

/// Gives the codes of yes and no their words.
pub(super) fn add(inspection: &mut Inspection) {
    if inspection.tool != SurveyTool::LimeSurvey {
        return;
    }
    let has_no = |column: &&InspectedColumn| column.codes.iter().any(|code| code.value == NO);
    // Where one item of a question can be answered with no, all of them can.
    let asked: BTreeSet<String> =
        inspection.columns.iter().filter(has_no).map(|column| question(&column.name).to_owned()).collect();
    for column in inspection.columns.iter_mut().filter(|column| asked.contains(question(&column.name))) {
        let words = |value: &str| YES_NO.iter().find(|(code, _)| *code == value).map(|(_, words)| (*words).to_owned());
        if column.codes.iter().all(|code| words(&code.value).is_some()) {
            for code in column.codes.iter_mut().filter(|code| code.label.is_none()) {
                code.label = words(&code.value);
            }
        }
    }
}

/// What the columns of one question are called alike.
fn question(name: &str) -> &str {
    name.split('[').next().unwrap_or(name)
}
