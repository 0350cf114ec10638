//! Replicate weights that come with the answers.

use crate::{Decimal, Place};

/// Replicate weights that come with the answers; they then give the variance instead of strata and clusters.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct ReplicateRecipe {
    /// The columns of the answers that hold them, whole weights, one for each replicate.
    pub columns: ColumnPattern,
    /// How they were made, which tells how they are scaled.
    pub method: ReplicateKind,
    /// What the sum of squares is multiplied by; `None` is what the method tells.
    pub scale: Option<Decimal>,
    /// Around what squares are taken.
    pub centre: ReplicateCentre,
    /// Where it is written.
    pub place: Place,
}

/// How supplied replicate weights were made.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub enum ReplicateKind {
    /// Jackknife of an unstratified sample.
    Jk1,
    /// Jackknife of a stratified sample.
    Jkn {
        /// (n_h - 1)/n_h of the stratum whose PSU each replicate leaves out: one for all, or one for each in the order of the columns.
        rscales: Vec<Decimal>,
    },
    /// Jackknife of pairs, one replicate for each stratum.
    Jk2,
    /// Balanced repeated replication.
    Brr,
    /// The same, with part of the weight left to the half that is left out.
    Fay {
        /// That part: from 0 to below 1.
        rho: Decimal,
    },
    /// Bootstrap.
    Bootstrap,
    /// Successive differences.
    Sdr,
}

impl ReplicateKind {
    /// The words of the wave's file.
    pub const WORDS: [&str; 7] = ["jk1", "jkn", "jk2", "brr", "fay", "bootstrap", "sdr"];
}

/// Around what the squares of replicates are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub enum ReplicateCentre {
    /// The mean of the replicates, as R does unless told.
    Mean,
    /// The full estimate, as most agencies say of their weights.
    Estimate,
}

/// A pattern for names of columns, in which `*` stands for anything and `?` for one character.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ColumnPattern(String);

impl ColumnPattern {
    /// Any text is a pattern.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a name fits.
    #[must_use]
    pub fn fits(&self, name: &str) -> bool {
        fits(&self.0, name)
    }
}

fn fits(pattern: &str, name: &str) -> bool {
    let mut characters = pattern.chars();
    match characters.next() {
        None => name.is_empty(),
        Some('*') => {
            let rest = characters.as_str();
            name.char_indices().map(|(at, _)| &name[at..]).chain([""]).any(|tail| fits(rest, tail))
        }
        Some(wanted) => {
            let mut found = name.chars();
            found.next().is_some_and(|first| wanted == '?' || wanted == first)
                && fits(characters.as_str(), found.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ColumnPattern;

    #[test]
    fn a_star_stands_for_anything_and_a_question_mark_for_one_character() {
        let fits = |pattern: &str, name: &str| ColumnPattern::new(pattern).fits(name);
        assert!(fits("repw*", "repw1") && fits("repw*", "repw") && fits("*", "") && fits("w?", "wø"));
        assert!(!fits("repw*", "xrepw1") && !fits("w?", "w") && !fits("w?", "w10"));
        assert!(fits("*_w_*", "a_w_1") && !fits("*_w_*", "a_w1") && fits("*_w*1", "a_w_w21"));
        assert!(!fits("repw*", "Repw1") && !fits("r?p", "reep") && !fits("", "x") && !fits("?", ""));
    }
}
