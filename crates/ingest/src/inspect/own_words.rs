//! Whether the texts of a column are the respondents' own words, not answers that were offered to them.
//!
//! A remark that several people write alike ("No time.") comes again as an offered answer does. Taken for a code, it would stand as a label in a country's files. So it
//! errs on the side of caution, as [`personal`] does: offered answers that are taken for own words cost a person one line.

use super::profile::Counted;
use super::{headings, personal};

/// Several people write the same few words; an answer that was offered is given more often.
const FEW: u64 = 3;
/// One value in so many that only few people have makes the others suspicious.
const ONE_IN: usize = 3;
/// Letters of a text that is longer than answers are.
const LONG: usize = 80;
/// Words in the question of a box for one's own words. "Other" is none of them: an option is called so as well.
const BOXES: [&str; 34] = [
    "comment",
    "comments",
    "remark",
    "remarks",
    "specify",
    "describe",
    "kommentar",
    "kommentarer",
    "kommentera",
    "bemærkning",
    "bemærkninger",
    "uddyb",
    "beskriv",
    "merknad",
    "merknader",
    "anmärkning",
    "anmärkningar",
    "huomautus",
    "huomautuksia",
    "kommentti",
    "kommentteja",
    "täsmennä",
    "athugasemd",
    "athugasemdir",
    "opmerking",
    "opmerkingen",
    "toelichting",
    "namelijk",
    "bemerkung",
    "bemerkungen",
    "anmerkung",
    "anmerkungen",
    "comentario",
    "observaciones",
];

/// A column of texts, as far as it tells whose words they are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Texts<'t> {
    /// Its name.
    pub(super) name: &'t str,
    /// The wording of its question, where the file tells it.
    pub(super) question: Option<&'t str>,
    /// The different values, without marks for a missing answer.
    pub(super) values: &'t [&'t Counted],
    /// Cells that hold one of them.
    pub(super) cells: u64,
    /// Rows of the file.
    pub(super) rows: u64,
}

impl Texts<'_> {
    /// Whether they are own words.
    pub(super) fn are_own_words(self) -> bool {
        let Self { name, question, values, cells, rows } = self;
        let holds = |shape: fn(&str) -> bool| values.iter().any(|value| shape(&value.value));
        let is_named = personal::is_open_text(name) || is_box(name);
        // A question that begs to specify may be that of the options above the box.
        let is_asked = || question.is_some_and(is_box) && holds(has_words);
        if is_named || holds(has_lines) || is_asked() {
            return true;
        }
        let alone = values.iter().filter(|value| value.count == 1).count();
        // What most people leave empty is a box more often than a question.
        let is_mostly_empty = cells * 2 <= rows;
        let few = values.iter().filter(|value| value.count <= FEW && has_words(&value.value)).count();
        alone * ONE_IN > values.len()
            || (is_mostly_empty && (few * ONE_IN > values.len() || holds(is_sentence) || holds(is_long)))
    }
}

fn is_box(text: &str) -> bool {
    headings::words(text).iter().any(|word| BOXES.contains(&word.as_str()))
}

fn has_lines(text: &str) -> bool {
    text.contains(['\n', '\r'])
}

/// Whether it is of several words.
fn has_words(text: &str) -> bool {
    text.split_whitespace().nth(1).is_some()
}

fn is_sentence(text: &str) -> bool {
    has_words(text) && text.trim_end().ends_with(['.', '!', '?'])
}

fn is_long(text: &str) -> bool {
    text.chars().count() > LONG
}

#[cfg(test)]
mod tests {
    use super::super::profile::Counted;
    use super::Texts;

    fn are_own_words(name: &str, question: Option<&str>, values: &[(&str, u64)], rows: u64) -> bool {
        let counted: Vec<Counted> =
            values.iter().map(|(value, count)| Counted { value: (*value).into(), count: *count }).collect();
        let values: Vec<&Counted> = counted.iter().collect();
        let cells = counted.iter().map(|value| value.count).sum();
        Texts { name, question, values: &values, cells, rows }.are_own_words()
    }

    #[test]
    fn a_remark_that_comes_three_times_is_own_words_under_any_name() {
        for name in ["Q17", "REMARK", "q_17_comment"] {
            assert!(are_own_words(name, None, &[("No time", 3), ("Good form", 3)], 300), "{name}");
        }
    }

    #[test]
    fn sentences_that_most_people_leave_out_are_own_words_however_often_they_come() {
        assert!(are_own_words("Q17", None, &[("We are waiting for money.", 30), ("A good form", 40)], 300));
        assert!(are_own_words("Q17", Some("Any remarks?"), &[("No time", 40), ("A good form", 40)], 100));
        assert!(are_own_words("Q17", None, &[(&"a long answer ".repeat(7), 40)], 300));
    }

    #[test]
    fn answers_that_were_offered_are_no_own_words() {
        let scale = [("To a great extent", 2), ("To some extent", 60), ("Not at all", 40)];
        assert!(!are_own_words("Q3", None, &scale, 102));
        // One of four was chosen by few of the few who were asked.
        let few_asked = [("Very good", 2), ("Rather good", 10), ("Rather bad", 12), ("Very bad", 9)];
        assert!(!are_own_words("Q4", None, &few_asked, 300));
        // Options that were ticked.
        assert!(!are_own_words("Q5", Some("Other partners: please specify"), &[("Yes", 3)], 300));
    }
}
