//! Names for variables, code lists and codes, made from what a survey tool calls them.

use std::collections::BTreeSet;

use codebook::{Code, VariableName};

/// Characters that a name keeps, with room for a number behind it.
const LENGTH: usize = 48;
/// Characters that the name of a battery keeps, and that of an item behind it.
const STEM_LENGTH: usize = 22;

/// Letters with a usual spelling in plain ones, and what it is.
const SPELLINGS: [(&str, &str); 15] = [
    ("æäǽ", "ae"),
    ("øöœ", "oe"),
    ("å", "aa"),
    ("ü", "ue"),
    ("ß", "ss"),
    ("þ", "th"),
    ("ð", "d"),
    ("áàâãā", "a"),
    ("éèêëē", "e"),
    ("íìîïī", "i"),
    ("óòôõō", "o"),
    ("úùûū", "u"),
    ("ýÿ", "y"),
    ("ñń", "n"),
    ("çč", "c"),
];

/// Names that are taken.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// A name for a variable: `Q1[SQ001]` becomes `q1_sq001`, `Antal ansatte` `antal_ansatte`; one that is taken gets a number.
    pub(super) fn variable(&mut self, text: &str) -> VariableName {
        VariableName::new(&self.free(&folded(text, "v"))).expect("small letters, digits and single '_', a letter first")
    }

    /// A name for a battery, short enough for names of items behind it.
    pub(super) fn battery(&mut self, text: &str) -> String {
        self.free(cut(&folded(text, "v"), STEM_LENGTH))
    }

    /// The name of an item behind that of its battery.
    pub(super) fn item(&mut self, text: &str) -> String {
        // A digit may stand behind the battery's name.
        let name = folded(text, "");
        let name = cut(name.trim_start_matches('_'), STEM_LENGTH);
        self.free(if name.is_empty() { "item" } else { name })
    }

    /// A name for a list of codes that no variable has.
    pub(super) fn list(&mut self, text: &str) -> String {
        self.free(&folded(text, "codes"))
    }

    /// A code for a text.
    pub(super) fn code(&mut self, text: &str) -> Code {
        Code::new(&self.free(&folded(text, "code"))).expect("small letters, digits and '_'")
    }

    fn free(&mut self, name: &str) -> String {
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let free = std::iter::once(name.to_owned()).chain(numbered).find(|candidate| !self.0.contains(candidate));
        let free = free.expect("there are more numbers than names");
        self.0.insert(free.clone());
        free
    }
}

/// A text in small plain letters and digits, with a single `_` between its words. `first` stands before a digit, and for nothing.
fn folded(text: &str, first: &str) -> String {
    let mut name = String::new();
    for character in text.chars().flat_map(char::to_lowercase) {
        let spelling = SPELLINGS.iter().find(|(letters, _)| letters.contains(character));
        match spelling {
            Some((_, plain)) => name.push_str(plain),
            None if character.is_ascii_alphanumeric() => name.push(character),
            None if !name.is_empty() && !name.ends_with('_') => name.push('_'),
            None => {}
        }
        if name.len() >= LENGTH {
            break;
        }
    }
    let name = name.trim_end_matches('_');
    match name.chars().next() {
        Some(letter) if letter.is_ascii_lowercase() => name.to_owned(),
        Some(_) => format!("{first}_{name}"),
        None => first.to_owned(),
    }
}

/// The first characters of a name, all of which are ASCII.
fn cut(name: &str, length: usize) -> &str {
    name.get(..length).unwrap_or(name).trim_end_matches('_')
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn names_of_tools_become_names_of_variables() {
        let mut names = Names::default();
        let made = |text: &str, names: &mut Names| names.variable(text).as_str().to_owned();
        for (text, name) in [
            ("Q1[SQ001]", "q1_sq001"),
            ("Q1[SQ001_SQ002]", "q1_sq001_sq002"),
            ("Antal ansatte", "antal_ansatte"),
            ("vægt", "vaegt"),
            ("ÅRSVÆRK", "aarsvaerk"),
            ("größe", "groesse"),
            ("2019", "v_2019"),
            ("__x__y__", "x_y"),
            ("Σ", "v"),
            ("q1.sq001", "q1_sq001_2"),
            ("Q1 SQ001", "q1_sq001_3"),
        ] {
            assert_eq!(made(text, &mut names), name, "{text}");
        }
        let long = made(&"a".repeat(200), &mut names);
        assert_eq!(long.len(), super::LENGTH);
    }
}
