//! The rules and the door.

use codebook::{TableSpec, Theme, WaveId, Wording};
use estimate::Table;

use crate::{Fieldwork, Published};

/// The rules of one release.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rules {
    /// Unweighted contributors that the base of a cell needs; below it the cell is confidential.
    pub smallest_base: u64,
    /// Below so many answers a cell is unreliable and not shown.
    pub unreliable_below: u64,
    /// Below so many answers a shown cell is flagged.
    pub flagged_below: u64,
    /// A share whose interval is wider than so many points is unreliable.
    pub widest_interval: f64,
}

/// Applies the rules, rounds, and judges every wording of every claim on the unrounded estimates.
///
/// `wordings` go by theme; a wording's claim is in its theme's list. A breakdown with any confidential cell is withheld whole.
/// `specs` and `tables` run in parallel.
#[must_use]
pub fn disclose(
    wave: WaveId,
    synthetic: bool,
    specs: &[&TableSpec],
    tables: &[Table],
    rules: Rules,
    themes: &[Theme],
    wordings: &[(codebook::ThemeId, Wording)],
    fieldwork: Fieldwork,
) -> Published {
    let _ = (wave, synthetic, specs, tables, rules, themes, wordings, fieldwork);
    todo!()
}
