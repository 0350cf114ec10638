//! What a draft makes of values that an export declares to mean no answer, as SPSS and Stata files do.
//!
//! Who does not know has answered: such a value becomes a code with its role, and stays in the base as everywhere in this house. Any other is
//! no answer, for the reason that its words tell.

use codebook::{Missing, Role};
use ingest::inspect::{InspectedCode, InspectedColumn};

/// A raw value that means no answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct NoAnswer {
    pub(super) raw: String,
    pub(super) reason: &'static str,
    /// Its words, where the export has some.
    pub(super) label: Option<String>,
}

impl NoAnswer {
    /// A value and the reason that its words tell; a lack of knowledge is none where only numbers or days are answers.
    pub(super) fn of(code: &InspectedCode) -> Self {
        let reason = match code.label.as_deref().map(meaning) {
            Some(Means::NoAnswer(reason)) => reason,
            Some(Means::Role(_)) | None => Missing::Blank,
        };
        Self { raw: code.value.clone(), reason: reason.as_str(), label: code.label.clone() }
    }
}

/// The codes of one list, and the values that are no answers.
#[derive(Debug)]
pub(super) struct Told<'i> {
    pub(super) codes: Vec<(&'i InspectedCode, Role)>,
    pub(super) no_answers: Vec<NoAnswer>,
}

impl<'i> Told<'i> {
    /// What the values of a column mean, or of all columns that share a list.
    pub(super) fn of(columns: impl Iterator<Item = &'i InspectedColumn> + Clone) -> Self {
        Self::by(columns.clone().flat_map(|column| &column.codes), columns.flat_map(|column| &column.missing_marks))
    }

    /// The same for codes in their order, and marks for a missing answer.
    pub(super) fn by(
        codes: impl Iterator<Item = &'i InspectedCode>,
        marks: impl Iterator<Item = &'i InspectedCode>,
    ) -> Self {
        let mut told = Self { codes: Vec::new(), no_answers: Vec::new() };
        for code in codes {
            if code.declared_missing { told.add(code) } else { told.add_code(code, Role::Answer) }
        }
        // What any program writes where an answer is missing, such as NA, is the whole wave's to tell.
        marks.filter(|mark| is_of_list(mark)).for_each(|mark| told.add(mark));
        told.no_answers.sort();
        told
    }

    fn add(&mut self, code: &'i InspectedCode) {
        match code.label.as_deref().map(meaning) {
            Some(Means::Role(role)) => self.add_code(code, role),
            Some(Means::NoAnswer(_)) | None => {
                if !self.no_answers.iter().any(|known| known.raw == code.value) {
                    self.no_answers.push(NoAnswer::of(code));
                }
            }
        }
    }

    fn add_code(&mut self, code: &'i InspectedCode, role: Role) {
        if !self.codes.iter().any(|(known, _)| known.value == code.value) {
            self.codes.push((code, role));
        }
    }
}

/// Whether a mark for a missing answer is one list's alone: it has words there, or could be a code elsewhere.
pub(super) fn is_of_list(mark: &InspectedCode) -> bool {
    mark.label.is_some() || mark.value.parse::<f64>().is_ok_and(f64::is_finite)
}

/// Whether a column of codes has at least one that is an answer.
pub(super) fn has_answers(column: &InspectedColumn) -> bool {
    column.codes.iter().any(|code| !code.declared_missing)
}

/// What the words of a value say that is declared missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Means {
    Role(Role),
    NoAnswer(Missing),
}

/// Words in small letters, by what they mean.
const DONT_KNOW: &[&str] = &[
    "don't know",
    "don’t know",
    "dont know",
    "do not know",
    "ved ikke",
    "vet ikke",
    "veit ikkje",
    "vet ej",
    "vet inte",
    "osaa sanoa",
    "en tiedä",
    "veit ekki",
    "weet niet",
    "weet ik niet",
    "weiß nicht",
    "weiss nicht",
    "no sabe",
    "no sé",
    "não sabe",
    "não sei",
];
const NOT_RELEVANT: &[&str] = &[
    "not relevant",
    "ikke relevant",
    "ikkje relevant",
    "inte relevant",
    "ej relevant",
    "niet relevant",
    "nicht relevant",
    "no relevante",
];
const REFUSED: &[&str] = &[
    "refus",
    "prefer not",
    "ønsker ikke",
    "vil ikke",
    "vil ikkje",
    "vill inte",
    "vill ej",
    "halua",
    "vil ekki",
    "wil niet",
    "weiger",
    "verweiger",
    "no contesta",
    "no responde",
    "não responde",
    "rehúsa",
    "recus",
];
const NOT_ASKED: &[&str] = &[
    "not asked",
    "not applicable",
    "inapplicable",
    "skipped",
    "ikke spurgt",
    "ikke spurt",
    "ej tillämpligt",
    "ej aktuellt",
    "ikke aktuelt",
    "ei kysytty",
    "ekki spurt",
    "niet gevraagd",
    "niet van toepassing",
    "nicht gefragt",
    "trifft nicht zu",
    "no aplica",
    "no corresponde",
    "não se aplica",
];

fn meaning(label: &str) -> Means {
    let label = label.to_lowercase();
    let has = |known: &[&str]| known.iter().any(|words| label.contains(words));
    match (has(DONT_KNOW), has(REFUSED)) {
        // "Don't know, or no answer" tells neither.
        (true, true) => Means::NoAnswer(Missing::Blank),
        (true, false) => Means::Role(Role::DontKnow),
        (false, true) => Means::NoAnswer(Missing::Refused),
        (false, false) if has(NOT_RELEVANT) => Means::Role(Role::NotRelevant),
        (false, false) if has(NOT_ASKED) => Means::NoAnswer(Missing::NotAsked),
        (false, false) => Means::NoAnswer(Missing::Blank),
    }
}

#[cfg(test)]
mod tests {
    use codebook::{Missing, Role};

    use super::{Means, meaning};

    #[test]
    fn words_tell_why_there_is_no_answer() {
        for (label, means) in [
            ("Ved ikke", Means::Role(Role::DontKnow)),
            ("Don't know", Means::Role(Role::DontKnow)),
            ("En osaa sanoa", Means::Role(Role::DontKnow)),
            ("Ikke relevant", Means::Role(Role::NotRelevant)),
            ("Ønsker ikke at svare", Means::NoAnswer(Missing::Refused)),
            ("Refused", Means::NoAnswer(Missing::Refused)),
            ("Don't know / refused", Means::NoAnswer(Missing::Blank)),
            ("No sabe, no contesta", Means::NoAnswer(Missing::Blank)),
            ("Not asked", Means::NoAnswer(Missing::NotAsked)),
            ("Uoplyst", Means::NoAnswer(Missing::Blank)),
        ] {
            assert_eq!(meaning(label), means, "{label}");
        }
    }
}
