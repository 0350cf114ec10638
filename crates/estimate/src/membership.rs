//! Which answers are alike: in the same bases, and in the same group of every breakdown.
//!
//! Disclosure control asks for it, since whatever is published is about sets of such answers: a group of one breakdown may be some groups of another one, and a
//! base a group. Many kinds of answers are single ones, so nothing here may be published, or kept.

use std::collections::{BTreeMap, BTreeSet};

use codebook::{BaseId, Code, VariableName};

/// Answers that no table tells apart by who is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// How many they are, unweighted.
    pub n: u64,
    /// The bases that they are in.
    pub bases: BTreeSet<BaseId>,
    /// Their group of each breakdown; a breakdown of which it is not known is not there.
    pub groups: BTreeMap<VariableName, Code>,
}
