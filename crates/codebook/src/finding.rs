//! What a person must know or mend, with its place.

use std::fmt;

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is built until it is mended.
    Error,
    /// The run goes on, and says it.
    Warning,
}

/// Where a finding is. Lines, rows and columns count from 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// A whole file or folder.
    File {
        /// The path as the caller named it.
        file: String,
    },
    /// A place in a text file.
    Text {
        /// The path as the caller named it.
        file: String,
        /// The line.
        line: u32,
        /// The column, in characters.
        column: u32,
    },
    /// A cell of a data file.
    Cell {
        /// The path as the caller named it.
        file: String,
        /// The record, counted as a spreadsheet shows it: the header is row 1.
        row: u64,
        /// The column's name in the header.
        column: String,
    },
}

/// As nothing: where something is written is no part of what is meant by it, so what is made from it does not change when it moves.
impl serde::Serialize for Place {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

/// One thing for a person to mend or to know.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Finding {
    /// Where it is. First, so that findings sort by place.
    pub place: Place,
    /// How grave it is.
    pub severity: Severity,
    /// A stable short name of the rule, such as `unknown-key`; tests and machines match on it.
    pub code: &'static str,
    /// What was found and what was expected, in one sentence without a full stop. Never a respondent's text.
    pub message: String,
    /// What to do, each a sentence fragment: `did you mean "vægt"?`
    pub hints: Vec<String>,
}

impl Finding {
    /// An error at `place`.
    #[must_use]
    pub fn error(place: Place, code: &'static str, message: impl Into<String>) -> Self {
        Self { place, severity: Severity::Error, code, message: message.into(), hints: Vec::new() }
    }

    /// A warning at `place`.
    #[must_use]
    pub fn warning(place: Place, code: &'static str, message: impl Into<String>) -> Self {
        Self { place, severity: Severity::Warning, code, message: message.into(), hints: Vec::new() }
    }

    /// The same finding with one more hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The same finding with `did you mean "…"?` when one of `known` is near `found`, else with the list of what is known
    /// when it is short.
    #[must_use]
    pub fn did_you_mean<'a>(self, found: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        let nearest = known
            .iter()
            .map(|candidate| (strsim::damerau_levenshtein(found, candidate), *candidate))
            .filter(|(distance, candidate)| *distance <= 1 + candidate.chars().count().max(found.chars().count()) / 4)
            .min();
        match nearest {
            Some((_, candidate)) => self.hint(format!("did you mean {candidate:?}?")),
            None if (1..=12).contains(&known.len()) => self.hint(format!("known here: {}", known.join(", "))),
            None => self,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { file } => write!(f, "{file}"),
            Self::Text { file, line, column } => write!(f, "{file}:{line}:{column}"),
            Self::Cell { file, row, column } => write!(f, "{file}: row {row}, column {column:?}"),
        }
    }
}

impl fmt::Display for Finding {
    /// `place: message`, then one line `help: …` for each hint. Warnings say so.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.severity {
            Severity::Error => "",
            Severity::Warning => "warning: ",
        };
        write!(f, "{}: {mark}{}", self.place, self.message)?;
        for hint in &self.hints {
            write!(f, "\nhelp: {hint}")?;
        }
        Ok(())
    }
}
