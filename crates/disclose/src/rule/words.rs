//! The choices of a country as words of stores and manifests. Where a choice is the usual one, no word is kept.

use codebook::{Extremes, Numerators, QualityPreset};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(remote = "Extremes", rename_all = "snake_case")]
pub(super) enum ExtremesWord {
    Shown,
    Sensitive,
    Hidden,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Numerators", rename_all = "snake_case")]
pub(super) enum NumeratorsWord {
    Never,
    Sensitive,
    Always,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "QualityPreset", rename_all = "snake_case")]
pub(super) enum QualityWord {
    Usual,
    Nchs,
    Ons,
    Statcan,
    None,
}

/// Whether a choice is the usual one.
pub(super) fn is_usual<T: Default + PartialEq>(choice: &T) -> bool {
    *choice == T::default()
}
