//! Why a twin cannot be made.

use std::fmt;

use codebook::Place;

/// Why a twin cannot be made from a specification that was read without findings.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TwinError {
    /// The number of rows asked for.
    #[error("cannot make {rows} answers: {reason}")]
    Rows {
        /// The number.
        rows: usize,
        /// Why not.
        reason: &'static str,
    },
    /// Targets that do not hold together, as far as the search could tell.
    #[error("{} of the targets cannot be met together:{}", .0.len(), lines(.0))]
    Unmet(Vec<Unmet>),
}

/// A target that was not met, and by how much.
#[derive(Debug, Clone, PartialEq)]
pub struct Unmet {
    /// Where it is written.
    pub place: Place,
    /// What it is a share of, in which base and group.
    pub target: String,
    /// What was wanted, in per cent or answers.
    pub wanted: f64,
    /// What was reached.
    pub reached: f64,
    /// How far apart they may be.
    pub tolerance: f64,
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, target, wanted, reached, tolerance } = self;
        write!(f, "{place}: {target}: wanted {wanted}, reached {reached:.2} (tolerance {tolerance})")
    }
}

fn lines(unmet: &[Unmet]) -> String {
    unmet.iter().map(|one| format!("\n  {one}")).collect()
}
