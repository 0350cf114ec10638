//! What a twin is made from, as meant: every name resolved, every chance a whole number.
//!
//! [`Specification::read`] reads `twin/<year>.toml`. Chances and shares are kept as hundredths of a per cent, so that 81 is
//! 8,100 and 0.5 is 50.

use std::num::NonZeroUsize;

use codebook::{BaseId, Code, Place, VariableName};
use jiff::civil::Date;

use super::TwinError;

/// Hundredths of a per cent in a whole.
pub(super) const WHOLE: u32 = 10_000;

/// What a twin is made from; it belongs to the country and wave that it was read for.
#[derive(Debug, Clone, PartialEq)]
pub struct Specification {
    /// Complete answers.
    pub(super) answers: u32,
    /// Rows of those who did not finish.
    pub(super) incomplete: u32,
    /// The first day of answers.
    pub(super) opened: Date,
    /// How many days answers came in.
    pub(super) days: u32,
    pub(super) frame: Frame,
    /// Published targets first, then those that were assumed.
    pub(super) targets: Vec<Target>,
    /// For each variable of the codebook, the chances of its codes; empty for those that are not drawn.
    pub(super) chances: Vec<Vec<u32>>,
    pub(super) rules: Vec<Rule>,
    pub(super) ranges: Vec<Range>,
}

/// The population in groups, which divide by one more variable into strata.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Frame {
    /// The variable, by number, by which groups divide, and for each of its codes the chance to answer when invited.
    pub(super) split: usize,
    pub(super) response: Vec<u32>,
    pub(super) groups: Vec<Group>,
}

/// Workplaces that share the codes of all stratum variables but the one that splits.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    /// The other stratum variables, by number, with the number of the code.
    pub(super) codes: Vec<(usize, u8)>,
    pub(super) workplaces: u32,
    /// The share that is invited.
    pub(super) sampled: u32,
    /// The chances of the codes of the split.
    pub(super) split: Vec<u32>,
}

/// A share, or a number of answers, that the twin must have.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Target {
    pub(super) place: Place,
    pub(super) share_of: VariableName,
    /// The codes that count; empty for a condition.
    pub(super) codes: Vec<Code>,
    pub(super) base: BaseId,
    pub(super) group: Option<(VariableName, Code)>,
    pub(super) wanted: Wanted,
}

/// What a target wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// A weighted share and how far from it is near enough, in hundredths of a per cent.
    Share { share: u32, tolerance: u32 },
    /// An unweighted number, among the specification's own number of answers.
    Answers(u32),
}

/// How the options of a battery go together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rule {
    /// Its items, by number.
    pub(super) items: Vec<usize>,
    /// Items that exclude the others.
    pub(super) alone: Vec<usize>,
    /// Whether something must be ticked.
    pub(super) at_least_one: bool,
    /// The chance that nothing is ticked; then, and only then, nothing is.
    pub(super) none: Option<u32>,
    /// For each item, the item of another battery that must be ticked as well.
    pub(super) within: Vec<(usize, usize)>,
}

/// A number of the register: from and to, in tenths, by the code of another variable.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Range {
    pub(super) variable: usize,
    pub(super) by: usize,
    pub(super) tenths: Vec<(u32, u32)>,
}

/// The size of a twin in proportion to its specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scale {
    /// Complete answers.
    pub(super) rows: u32,
    /// Complete answers of the specification.
    of: u32,
}

impl Scale {
    /// A number of the specification, in proportion, rounded half up.
    pub(super) fn apply(self, count: u32) -> u32 {
        let (count, rows, of) = (u64::from(count), u64::from(self.rows), u64::from(self.of));
        u32::try_from((2 * count * rows + of) / (2 * of))
            .expect("Specification::scale refuses more than 10,000,000 rows")
    }

    /// How much wider tolerances are: with fewer answers than the specification's own, one answer is a larger share.
    pub(super) fn coarseness(self) -> f64 {
        if self.rows < self.of { f64::from(self.of) / f64::from(self.rows) } else { 1.0 }
    }
}

impl Specification {
    /// The scale for a number of rows, the specification's own if there is none.
    pub(super) fn scale(&self, rows: Option<NonZeroUsize>) -> Result<Scale, TwinError> {
        let Some(rows) = rows else {
            return Ok(Scale { rows: self.answers, of: self.answers });
        };
        match u32::try_from(rows.get()) {
            // A population is some ten times its answers, and must stay far below 2^32.
            Ok(rows) if rows <= 10_000_000 => Ok(Scale { rows, of: self.answers }),
            Ok(_) | Err(_) => {
                Err(TwinError::Rows { rows: rows.get(), reason: "10,000,000 is the most that a twin can have" })
            }
        }
    }
}
