//! LimeSurvey: one header row of question codes, or of codes with their texts.
//!
//! A heading such as `Q1[SQ001]. What was new? [A product]` is called `Q1[SQ001]`; a heading that is a text alone stays as it is, but for those
//! of the tool's own columns, which are then called by their codes.

use codebook::{LeftOut, RowsOf};

use super::{ToolRule, values};

/// Columns that the tool adds to the questions.
pub(super) const OWN_COLUMNS: &[&str] =
    &["id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp", "refurl"];

/// What the tool's own columns are headed by in an export of full texts, in English.
const OWN_TEXTS: [(&str, &str); 11] = [
    ("Response ID", "id"),
    ("Date submitted", "submitdate"),
    ("Last page", "lastpage"),
    ("Start language", "startlanguage"),
    ("Seed", "seed"),
    ("Access code", "token"),
    ("Token", "token"),
    ("Date started", "startdate"),
    ("Date last action", "datestamp"),
    ("IP address", "ipaddr"),
    ("Referrer URL", "refurl"),
];

/// The names of the columns: the code before the text, where headings have both, and the codes of the tool's own columns. Where those are headed by
/// texts alone all columns are, and a text such as `Staff. All of them` begins with no code.
pub(super) fn names(headings: Vec<String>) -> Vec<String> {
    let own = |heading: &str| OWN_TEXTS.iter().find(|(text, _)| *text == heading).map(|(_, code)| *code);
    let are_texts = headings.iter().any(|heading| own(heading).is_some());
    let code = |heading: &str| if are_texts { None } else { code(heading).map(str::to_owned) };
    let name = |heading: String| own(&heading).map(str::to_owned).or_else(|| code(&heading)).unwrap_or(heading);
    headings.into_iter().map(name).collect()
}

/// The code that a heading begins with, if a text follows it.
fn code(heading: &str) -> Option<&str> {
    let (code, _) = heading.split_once(". ")?;
    let (question, sub_questions) = match code.find('[') {
        Some(start) => code.split_at(start),
        None => (code, ""),
    };
    let is_word =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let are_brackets = sub_questions.is_empty()
        || sub_questions
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .is_some_and(|inner| inner.split("][").all(|part| part.split('_').all(is_word)));
    (is_word(question) && are_brackets).then_some(code)
}

/// A respondent who did not send the answers has no date of submission.
pub(super) fn rules() -> Vec<ToolRule> {
    vec![ToolRule::new("submitdate", RowsOf::With(values(&["", "N/A"])), LeftOut::Incomplete)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(heading: &str, name: &str) {
        assert_eq!(names(vec![heading.to_owned()]), [name]);
    }

    #[test]
    fn a_heading_of_code_and_text_is_called_by_its_code() {
        check("Q1. Anything new?", "Q1");
        check("Q1[SQ001]. What was new? [A product]", "Q1[SQ001]");
        check("Q2[SQ001_SQ002]. How often? [Staff][2019]", "Q2[SQ001_SQ002]");
        check("Q3[other]. Where from? [Other. Please say]", "Q3[other]");
        check("submitdate. Date submitted", "submitdate");
    }

    #[test]
    fn a_heading_of_one_kind_stays_as_it_is_but_for_the_tools_own() {
        check("Date submitted", "submitdate");
        check("Q1[SQ001]", "Q1[SQ001]");
        check("Anything new? If so, tell. ", "Anything new? If so, tell. ");
        check("What was new. And for whom?", "What was new. And for whom?");
    }

    #[test]
    fn beside_headings_of_texts_alone_no_text_begins_with_a_code() {
        let headings = ["Response ID", "Staff. All of them"].map(str::to_owned).to_vec();
        assert_eq!(names(headings), ["id", "Staff. All of them"]);
    }
}
