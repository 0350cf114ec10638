//! Several waves beside each other: which of them make a series, how their samples hang together, and where it breaks.
//!
//! Whether an item of one wave may be joined with that of another is asked in one place, [`Country::joint`]. Charts draw a gap where it may not, and claims are
//! refused.

use std::collections::BTreeSet;

use crate::{Country, Expr, Place, Row, TableSpec, Translated, VariableName, WaveId};

/// The waves that a country shows beside each other.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series {
    /// The official series, in order of time. Waves are compared within it.
    pub waves: Vec<WaveId>,
    /// Waves that are shown and compared with none, with the reason.
    pub outside: Vec<(WaveId, Translated)>,
    /// Two waves that texts compare.
    pub pairs: Vec<WavePair>,
    /// Where nothing may be joined.
    pub breaks: Vec<Break>,
}

/// Two waves whose samples hang together in a known way.
#[derive(Debug, Clone, PartialEq)]
pub struct WavePair {
    /// The earlier wave.
    pub earlier: WaveId,
    /// The later wave.
    pub later: WaveId,
    /// How the samples hang together.
    pub samples: Samples,
    /// How that is known.
    pub source: Translated,
    /// Where it is written.
    pub place: Place,
}

/// How the samples of two waves hang together (statistics: section 4). Every pair declares it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Samples {
    /// Drawn without regard to each other: variances add, even if units recur.
    Independent,
    /// Drawn with regard to each other; which units recur is not known, so variances add, which errs to the safe side where answers are alike.
    Coordinated,
    /// The same units asked again: a test needs the covariance.
    Panel,
}

impl Samples {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Independent, Self::Coordinated, Self::Panel];

    /// Its word in TOML.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Independent => "independent",
            Self::Coordinated => "coordinated",
            Self::Panel => "panel",
        }
    }
}

/// A break between two waves that follow each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Break {
    /// The last wave before it.
    pub before: WaveId,
    /// The first wave behind it.
    pub behind: WaveId,
    /// The variables that it parts, with all that are made from them; `None` is everything.
    pub items: Option<BTreeSet<VariableName>>,
    /// What changed.
    pub kind: BreakKind,
    /// The same in words, for readers.
    pub because: Translated,
}

/// What changed between two waves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreakKind {
    /// Other words.
    Reworded,
    /// Another scale of answers.
    OtherScale,
    /// Others were asked.
    OtherBase,
    /// Another kind of unit answers.
    OtherUnit,
    /// Another way of asking.
    OtherMode,
    /// Weights that correct for something else.
    OtherWeights,
}

impl BreakKind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Reworded, Self::OtherScale, Self::OtherBase, Self::OtherUnit, Self::OtherMode, Self::OtherWeights];

    /// Its word in TOML.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reworded => "reworded",
            Self::OtherScale => "other_scale",
            Self::OtherBase => "other_base",
            Self::OtherUnit => "other_unit",
            Self::OtherMode => "other_mode",
            Self::OtherWeights => "other_weights",
        }
    }
}

/// Whether an item of one wave may be joined with that of a later one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Joint<'c> {
    /// They measure the same.
    Joined,
    /// One of the waves lies outside of the series, for this reason.
    Outside(&'c Translated),
    /// Something changed between them.
    Broken(&'c Break),
    /// One of the waves did not ask, or is none of the country's series.
    Absent,
}

impl Series {
    /// Every wave that may be shown, in order of time.
    #[must_use]
    pub fn shown(&self) -> Vec<WaveId> {
        let mut waves: Vec<WaveId> =
            self.waves.iter().copied().chain(self.outside.iter().map(|(wave, _)| *wave)).collect();
        waves.sort_unstable();
        waves
    }

    /// How the samples of two waves hang together, if the country tells.
    #[must_use]
    pub fn pair(&self, earlier: WaveId, later: WaveId) -> Option<&WavePair> {
        self.pairs.iter().find(|pair| (pair.earlier, pair.later) == (earlier, later))
    }

    /// The first break for an item between two waves, whether or not they follow each other.
    fn broken(&self, item: &VariableName, earlier: WaveId, later: WaveId) -> Option<&Break> {
        let lies_between = |it: &&Break| earlier <= it.before && it.behind <= later;
        let is_of_item = |it: &&Break| it.items.as_ref().is_none_or(|items| items.contains(item));
        self.breaks.iter().filter(lies_between).find(is_of_item)
    }
}

impl Country {
    /// The same for a row of a table, by a breakdown or in total: what is counted, who is counted, and how they are grouped must all be the same.
    #[must_use]
    pub fn joint_of(
        &self,
        (table, row): (&TableSpec, &Row),
        breakdown: Option<&VariableName>,
        earlier: WaveId,
        later: WaveId,
    ) -> Joint<'_> {
        let base = self.bases.get(&table.base).and_then(|base| base.condition.as_ref());
        let of_base = base.map(Expr::variables).unwrap_or_default();
        let items = std::iter::once(&row.item).chain(&row.over).chain(of_base).chain(breakdown);
        let joints = items.map(|item| self.joint(item, earlier, later));
        joints.into_iter().find(|joint| *joint != Joint::Joined).unwrap_or(Joint::Joined)
    }

    /// Whether an item of one wave may be joined with that of a later one, in a line of a chart or a sentence.
    #[must_use]
    pub fn joint(&self, item: &VariableName, earlier: WaveId, later: WaveId) -> Joint<'_> {
        let outside = |wave: WaveId| self.series.outside.iter().find(|(known, _)| *known == wave);
        if let Some((_, because)) = outside(earlier).or_else(|| outside(later)) {
            return Joint::Outside(because);
        }
        let lacks = |wave: WaveId| {
            !self.series.waves.contains(&wave) || self.waves.get(&wave).is_some_and(|wave| wave.absent.contains(item))
        };
        if lacks(earlier) || lacks(later) {
            return Joint::Absent;
        }
        self.series.broken(item, earlier, later).map_or(Joint::Joined, Joint::Broken)
    }
}
