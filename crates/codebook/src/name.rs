//! Validated names. Each is made by parsing once, so that the rest of the program cannot hold a wrong one.

use std::fmt;

/// Why a text is not a name of the asked kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{found:?} is not a {kind}: {rule}")]
pub struct NameError {
    /// What was being read, such as `variable name`.
    pub kind: &'static str,
    /// The text as written.
    pub found: String,
    /// The rule it breaks, as a clause.
    pub rule: &'static str,
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $rule:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        pub struct $name(String);

        impl $name {
            /// Reads a name.
            ///
            /// # Errors
            /// When the text breaks the rule of this kind of name.
            pub fn new(text: &str) -> Result<Self, NameError> {
                let valid: fn(&str) -> bool = $valid;
                if valid(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(NameError { kind: $kind, found: text.to_owned(), rule: $rule })
                }
            }

            /// The name as written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

fn is_identifier(text: &str, extra: &[char]) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|first| first.is_ascii_lowercase())
        && characters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || extra.contains(&c))
}

name!(
    /// The name of a variable, as expressions and tables use it: `any_innovation`, `sch.wide`.
    VariableName, "variable name",
    "it starts with a small letter and holds only small letters, digits, '_' and '.', without '__'",
    |text| is_identifier(text, &['.']) && !text.contains("__") && text.len() <= 64
);
name!(
    /// The stable code of a category: `yes`, `dont_know`, `10`. Not the value in the raw export, which differs between waves.
    Code, "code",
    "it holds only letters, digits, '_', '-', '+' and '.'",
    |text| !text.is_empty() && text.len() <= 64
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+' | '.'))
);
name!(
    /// A country: its three-letter code in small letters, or another short name for a demonstration.
    CountryId, "country id", "it starts with a small letter and holds only small letters, digits and '_'",
    |text| is_identifier(text, &[]) && text.len() <= 32
);
name!(
    /// A table, unique in its country.
    TableId, "table id", "it starts with a small letter and holds only small letters, digits, '_' and '-'",
    |text| is_identifier(text, &['-']) && text.len() <= 64
);
name!(
    /// A base: who is counted in a table.
    BaseId, "base id", "it starts with a small letter and holds only small letters, digits and '_'",
    |text| is_identifier(text, &[]) && text.len() <= 64
);
name!(
    /// A row of a table: a variable's name, or `variable:code` for one of its categories.
    RowId, "row id", "it holds only letters, digits and '_', '.', '-', '+', ':'",
    |text| !text.is_empty()
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+' | '.' | ':'))
);
name!(
    /// A figure, unique in its wave: a table shown with its chart.
    FigureId, "figure id", "it starts with a small letter and holds only small letters, digits, '_' and '-'",
    |text| is_identifier(text, &['-']) && text.len() <= 64
);
name!(
    /// A local case or a quotation, unique on its page.
    InsertId, "name of a case or quotation", "it starts with a small letter and holds only small letters, digits, '_' and '-'",
    |text| is_identifier(text, &['-']) && text.len() <= 64
);
name!(
    /// An erratum, unique in its wave; it becomes an anchor.
    ErratumId, "name of an erratum", "it starts with a small letter and holds only small letters, digits, '_' and '-'",
    |text| is_identifier(text, &['-']) && text.len() <= 64
);
name!(
    /// A theme page, unique in its wave; it becomes the page's file name.
    ThemeId, "theme id", "it starts with a small letter and holds only small letters, digits, '_' and '-'",
    |text| is_identifier(text, &['-']) && text.len() <= 64
);
name!(
    /// An edition within an edition, unique in its wave; it becomes a folder.
    VariantId, "variant id", "it starts with a small letter, holds only small letters, digits, '_' and '-', and has more than three of them",
    |text| is_identifier(text, &['-']) && (4..=64).contains(&text.len())
);
name!(
    /// An edition that a comparison over countries takes numbers from, unique in it.
    ComparedId, "name of a compared edition", "it starts with a small letter and holds only small letters, digits and '_'",
    |text| is_identifier(text, &[]) && text.len() <= 64
);
name!(
    /// A language by its code of two or three letters: `da`, `en`.
    Language, "language code", "it is two or three small letters",
    |text| (2..=3).contains(&text.len()) && text.chars().all(|c| c.is_ascii_lowercase())
);

impl Language {
    /// The languages of which the program carries its own words. A country that has another one brings a pack along.
    pub const CARRIED: [&str; 8] = ["da", "en", "es", "fi", "is", "nb", "nl", "sv"];

    /// The code of the language that people mean by that of a country, or by another code.
    pub(crate) fn meant(code: &str) -> Option<&'static str> {
        Some(match code {
            "dk" => "da",
            "gb" | "uk" | "us" => "en",
            "uy" | "cl" | "mx" => "es",
            "no" | "nn" | "nob" => "nb",
            "se" => "sv",
            _ => return None,
        })
    }
}

/// A wave, known by the year in which its window ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct WaveId(u16);

impl WaveId {
    /// Reads a wave's year.
    ///
    /// # Errors
    /// When it is not a year from 1900 to 2199, written with four digits.
    pub fn new(text: &str) -> Result<Self, NameError> {
        match text.parse::<u16>() {
            Ok(year) if text.len() == 4 && (1900..2200).contains(&year) => Ok(Self(year)),
            _ => Err(NameError { kind: "wave", found: text.to_owned(), rule: "it is a year of four digits" }),
        }
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> u16 {
        self.0
    }
}

impl fmt::Display for WaveId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
