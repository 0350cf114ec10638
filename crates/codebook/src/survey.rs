//! What readers must know of a wave before they believe a number: who answers for whom, and whose choices went into it.

use std::collections::BTreeMap;

use crate::{Place, Translated};

/// The word for what nobody knows. It is better told than left out.
pub const UNKNOWN: &str = "unknown";

/// `[survey]` of a wave's file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Survey {
    /// What answers: a workplace, a municipality.
    pub unit: Translated,
    /// All of which there are.
    pub population: Translated,
    /// Whom or what one answer speaks for.
    pub speaks_for: Translated,
    /// How weights are made.
    pub weights: Translated,
    /// Whose cut points a list of codes has, by its name: where a scale is cut into high and low, or a number into groups.
    pub cut_points: BTreeMap<String, Translated>,
    /// Where it is written.
    pub place: Place,
}

impl Survey {
    /// Whether a text says that nobody knows, in every language.
    #[must_use]
    pub fn is_unknown(text: &Translated) -> bool {
        text.iter().all(|(_, words)| words == UNKNOWN)
    }
}
