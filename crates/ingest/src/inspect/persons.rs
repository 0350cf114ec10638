//! Whether a column tells who answered, or names anybody else: by its cells, by its heading, or by both.
//!
//! A heading alone is enough unless the values contradict it: a column `leder` may hold names, and it may hold Yes and No. Values alone are
//! enough where most of them look like names. What remains in doubt counts as personal, since a person can look at it, and a name that is
//! taken for a code would be published as a label.

use super::answers;
use super::class::is_quasi_identifier;
use super::headings::{self, Whose};
use super::personal::{self, Personal};
use super::profile::{Counted, Tally};
use crate::raw::ValueLabel;

/// Values of an address that are few enough to be answers.
const FEW: usize = 12;
/// Rows for each of such values.
const OFTEN: u64 = 4;
/// Words of a name.
const NAME_WORDS: usize = 4;
/// Words between those of a name that have no capital.
const PARTICLES: &str =
    "van der de den von af av la le del da do dos das di du y e bin ibn el al zu ter ten op und og och i";

/// A column as far as it may tell who somebody is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen<'s> {
    /// Its name.
    pub(super) name: &'s str,
    /// The wording of its question, where the file tells it.
    pub(super) question: Option<&'s str>,
    /// The words of its values, where the file tells them.
    pub(super) labels: &'s [ValueLabel],
    /// Whether it tells them for all of its values.
    pub(super) is_labelled: bool,
    /// The different values without marks for a missing answer; `None` where they are too many.
    pub(super) values: Option<&'s [&'s Counted]>,
    pub(super) tally: &'s Tally,
    /// Whether each row has a value of its own.
    pub(super) is_unique: bool,
}

impl Seen<'_> {
    /// What it tells about who answered.
    pub(super) fn personal(&self) -> Option<Personal> {
        let tally = self.tally;
        if tally.birthdays * 10 >= tally.cells() * 9 && tally.birthdays > 0 {
            return Some(Personal::PersonalNumber);
        }
        if let Some((found, _)) = tally.personal.iter().max_by_key(|(_, count)| *count) {
            return Some(*found);
        }
        // A number of an interviewer or a contact may have the address for its word.
        if self.labels.iter().any(|label| personal::holds_contact(&label.label)) {
            return Some(Personal::Contact);
        }
        self.by_heading().or_else(|| (self.names_persons() || self.looks_like_names()).then_some(Personal::MaybeName))
    }

    /// What its name says, or its question, if its cells can be that.
    fn by_heading(&self) -> Option<Personal> {
        let by_name = headings::by_name(self.name).filter(|named| self.can_be(*named));
        by_name.or_else(|| {
            let question = self.question?;
            let named = headings::by_name(question).filter(|named| self.can_be(*named))?;
            (headings::is_short(question) || self.supports(named)).then_some(named)
        })
    }

    /// Whether its cells do not contradict what its heading says.
    fn can_be(&self, named: Personal) -> bool {
        let tally = self.tally;
        let can_be = match named {
            Personal::Email => tally.texts > 0,
            Personal::Name => tally.texts > 0 || self.are_mostly(is_name),
            Personal::Address => tally.texts * 10 >= tally.cells().max(1) && !self.are_few_words(),
            Personal::Phone | Personal::PersonalNumber => tally.longest >= 6 && tally.with_digit > 0,
            Personal::IpAddress => tally.longest >= 7 && tally.with_digit > 0,
            Personal::Coordinates => tally.points + tally.commas + tally.texts > 0,
            Personal::Contact | Personal::MaybeName => true,
        };
        can_be && !self.holds_answers()
    }

    /// Whether its cells are what a question is about that holds such a word among others.
    fn supports(&self, named: Personal) -> bool {
        let tally = self.tally;
        match named {
            Personal::Name => self.values.is_none() || self.are_mostly(is_name),
            Personal::Address => tally.with_digit * 2 >= tally.cells(),
            Personal::Phone | Personal::PersonalNumber => tally.integers * 2 >= tally.cells(),
            // These are known by their cells.
            Personal::Email | Personal::IpAddress | Personal::Coordinates => false,
            Personal::Contact | Personal::MaybeName => true,
        }
    }

    /// Whether a short heading names a person, and the cells can stand for one.
    fn names_persons(&self) -> bool {
        let tally = self.tally;
        let headings = std::iter::once(self.name).chain(self.question);
        let Some(whose) = headings.filter_map(headings::whose).min_by_key(|it| *it == Whose::Person) else {
            return false;
        };
        let is_text = (tally.texts > 0 && tally.with_digit * 2 < tally.cells()) || self.is_labelled;
        let is_number = tally.integers + tally.texts == tally.cells() && tally.cells() > 0 && !self.is_unique;
        let stands_for_one = match whose {
            Whose::Interviewer => is_text || is_number,
            Whose::Person => is_text && !self.is_its_heading(),
        };
        stands_for_one && !self.holds_answers()
    }

    /// Whether most of its values, or of their words, are built like the name and the surname of a person. A heading that says what else
    /// they are is believed: places are written alike.
    fn looks_like_names(&self) -> bool {
        let is_told = std::iter::once(self.name)
            .chain(self.question)
            .any(|heading| is_quasi_identifier(heading) || headings::tells_a_trait(heading));
        !is_told && self.are_mostly(is_full_name)
    }

    /// Whether all of its answers are some that a questionnaire offers.
    fn holds_answers(&self) -> bool {
        self.texts().is_some_and(answers::are_answers)
    }

    /// Whether more than half of its texts have this form.
    fn are_mostly(&self, form: fn(&str) -> bool) -> bool {
        let texts = self.texts().unwrap_or_default();
        texts.iter().filter(|text| form(text)).count() * 2 > texts.len()
    }

    /// Whether its values are few single words that come again and again, as those of an answer.
    fn are_few_words(&self) -> bool {
        let tally = self.tally;
        self.values
            .is_some_and(|values| values.len() <= FEW && tally.cells() >= crate::tally::counted(values.len()) * OFTEN)
            && tally.with_digit + tally.with_blank == 0
    }

    /// Whether its only value is written in its heading, as tools write an option that was ticked.
    fn is_its_heading(&self) -> bool {
        let only = self.texts().filter(|texts| texts.len() == 1).and_then(|texts| texts.first().copied());
        let is_in = |heading: &str| only.is_some_and(|text| heading.to_lowercase().contains(&text.to_lowercase()));
        is_in(self.name) || self.question.is_some_and(is_in)
    }

    /// The words of its values, where the file tells any, or else the values that are no numbers.
    fn texts(&self) -> Option<Vec<&str>> {
        if self.is_labelled {
            return Some(self.labels.iter().map(|label| label.label.as_str()).collect());
        }
        let values = self.values?.iter().map(|value| &*value.value);
        Some(values.filter(|value| value.chars().any(char::is_alphabetic)).collect())
    }
}

/// What the words of a column's codes tell about who somebody is, and its name and question with them.
pub(super) fn by_words<'w>(
    name: &str,
    question: Option<&str>,
    words: impl Iterator<Item = &'w str>,
) -> Option<Personal> {
    let label = |word: &str| ValueLabel { value: String::new(), label: word.to_owned() };
    let labels: Vec<ValueLabel> = words.filter(|word| word.chars().any(char::is_alphabetic)).map(label).collect();
    let tally = Tally::default();
    let is_labelled = !labels.is_empty();
    Seen { name, question, labels: &labels, is_labelled, values: None, tally: &tally, is_unique: false }
        .personal()
        .filter(|_| is_labelled)
}

/// Whether a text is built like the name and the surname of a person.
fn is_full_name(text: &str) -> bool {
    is_name(text) && capitalised(text) >= 2
}

/// Whether a text may be a name: words with a capital, or such as "van der" between them.
fn is_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return false };
    let is_particle = |word: &str| headings::is_among(&word.to_lowercase(), PARTICLES);
    let are_words = words.iter().all(|word| is_name_word(word) || is_particle(word));
    let ends = is_name_word(first) && is_name_word(last.trim_end_matches('.')) && !last.ends_with(',');
    // "Berg, Anna" has one comma, behind the first word.
    let commas = words.iter().skip(1).filter(|word| word.ends_with(',')).count();
    are_words && ends && commas == 0 && capitalised(text) <= NAME_WORDS && !answers::is_answer(text)
}

fn capitalised(text: &str) -> usize {
    text.split_whitespace().filter(|word| is_name_word(word)).count()
}

/// `Anna`, `ANNA`, `Berg-Olsen`, `O'Brien`, `A.`, `Berg,`.
fn is_name_word(word: &str) -> bool {
    let is_part = |letter: char| letter.is_alphabetic() || matches!(letter, '-' | '\'' | '’' | '.');
    let plain = word.strip_suffix(',').unwrap_or(word);
    plain.starts_with(char::is_uppercase) && plain.chars().all(is_part) && plain.chars().count() > 1
}

#[cfg(test)]
mod tests {
    use super::super::profile::{Memory, Profile};
    use super::{Personal, Seen, by_words, is_full_name};
    use crate::raw::ValueLabel;

    /// What a column tells whose rows have these values in turn, forty times.
    fn personal(name: &str, question: Option<&str>, values: &[&str], labels: &[(&str, &str)]) -> Option<Personal> {
        let (mut profile, mut memory) = (Profile::new(Vec::new()), Memory::new());
        (0..40).flat_map(|_| values).for_each(|value| profile.add(value, &mut memory));
        let label = |(value, label): &(&str, &str)| ValueLabel { value: (*value).into(), label: (*label).into() };
        let (tally, labels) = (profile.tally(), labels.iter().map(label).collect::<Vec<_>>());
        let values: Option<Vec<_>> = profile.values.as_ref().map(|values| values.iter().collect());
        let is_unique = profile.is_unique();
        Seen {
            name,
            question,
            is_labelled: !labels.is_empty(),
            labels: &labels,
            values: values.as_deref(),
            tally: &tally,
            is_unique,
        }
        .personal()
    }

    const NAMES: [&str; 3] = ["Anna Berg", "Bo Carlsen", "Carl van der Dahl"];

    #[test]
    fn few_names_that_come_again_are_names_whatever_the_column_is_called() {
        for name in ["interviewer", "leder", "respondent", "q5", "kontaktperson", "etunimi"] {
            assert!(personal(name, None, &NAMES, &[]).is_some(), "{name}");
        }
        assert_eq!(personal("q5", None, &NAMES, &[]), Some(Personal::MaybeName));
        assert_eq!(personal("q5", None, &["1", "2"], &[("1", NAMES[0]), ("2", NAMES[1])]), Some(Personal::MaybeName));
        assert_eq!(
            personal("v7", Some("What is the name of the head teacher?"), &["Anna", "Bo"], &[]),
            Some(Personal::Name)
        );
    }

    #[test]
    fn a_heading_that_names_a_person_is_believed_unless_its_values_are_answers() {
        for name in ["interviewer", "Sagsbehandler", "leder", "head teacher", "rehtori", "Responsable"] {
            assert_eq!(personal(name, None, &["Anna", "Bo"], &[]), Some(Personal::MaybeName), "{name}");
            assert_eq!(personal(name, None, &["Ja", "Nej", "Ved ikke"], &[]), None, "{name}");
        }
        assert_eq!(personal("caseworker", None, &["1", "2", "3"], &[]), Some(Personal::MaybeName));
        assert_eq!(personal("leder", None, &["1", "2"], &[]), None);
        assert_eq!(personal("leder", None, &["1", "2"], &[("1", "Ja"), ("2", "Nej")]), None);
        assert_eq!(personal("Q2[teacher]", None, &["Y", ""], &[]), None);
        assert_eq!(personal("teacher", None, &["Teacher", ""], &[]), None);
    }

    #[test]
    fn words_that_become_known_later_are_looked_at_as_well() {
        let words = |name, words: &[&'static str]| by_words(name, None, words.iter().copied());
        assert_eq!(words("s_4", &NAMES), Some(Personal::MaybeName));
        assert_eq!(words("s_4", &["Bo, bo@kommune.example"]), Some(Personal::Contact));
        assert_eq!(words("leder", &["Anna", "Bo"]), Some(Personal::MaybeName));
        assert_eq!(words("leder", &["Ja", "Nej"]), None);
        assert_eq!(words("leder", &["1", "2"]), None);
    }

    #[test]
    fn answers_and_places_are_no_names() {
        for values in [
            &["Very large extent", "Some extent", "Not at all"][..],
            &["Strongly Agree", "Agree", "Disagree"],
            &["Cerro Largo", "Montevideo", "Canelones", "Artigas"],
            &["To a great extent", "Not at all"],
            &["Public Sector", "Private Sector"],
            &["Employees,Managers", "Managers"],
        ] {
            assert_eq!(personal("q5", None, values, &[]), None, "{values:?}");
        }
        assert_eq!(personal("Status", Some("Response Type"), &["IP Address", "Survey Preview"], &[]), None);
        assert_eq!(personal("departamento", None, &["Cerro Largo", "Treinta y Tres"], &[]), None);
        assert_eq!(personal("q5", Some("In which municipality?"), &["San Carlos", "Punta Alta"], &[]), None);
    }

    #[test]
    fn values_that_contradict_a_heading_are_believed() {
        for (name, values) in [
            ("dirección", &["Sí", "No"][..]),
            ("dirección", &["Norte", "Centro"]),
            ("street", &["1", "2"]),
            ("contact", &["Daily", "Weekly", "Never"]),
            ("mobile", &["To some extent", "To a great extent"]),
            ("GPS", &["Yes", "No"]),
            ("name known", &["Yes", "No", "Don't know"]),
        ] {
            assert_eq!(personal(name, None, values, &[]), None, "{name} {values:?}");
        }
        for (name, values, found) in [
            ("dirección", &["Calle Mayor 12", "Calle Nueva 3"][..], Personal::Address),
            ("adresse", &["Nørregade", "Søndergade 4"], Personal::Address),
            ("mobile", &["12345678", "87654321"], Personal::Phone),
            ("cédula", &["41234567", "31234568"], Personal::PersonalNumber),
            ("name", &["Yes", "Anna"], Personal::Name),
        ] {
            assert_eq!(personal(name, None, values, &[]), Some(found), "{name} {values:?}");
        }
    }

    #[test]
    fn names_are_told_by_their_capitals() {
        for name in [
            "Anna Berg",
            "ANNA BERG",
            "Berg, Anna",
            "A. B. Carlsen",
            "Jón Þór Einarsson",
            "Ana María de la Cruz",
            "Ann-Marie O'Brien",
        ] {
            assert!(is_full_name(name), "{name}");
        }
        for text in
            ["Anna", "Very large extent", "Strongly Agree", "Anna Berg 2", "No time.", "A, B", "in Town Hall", ""]
        {
            assert!(!is_full_name(text), "{text}");
        }
    }
}
