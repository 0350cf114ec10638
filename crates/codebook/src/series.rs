//! Several waves beside each other: which of them make a series, and how their samples hang together.
//!
//! Whether a number of one wave may be joined with that of another is asked in one place, [`Country::joint_of`]. Charts draw a gap where it may not, and
//! claims are refused.

use std::collections::BTreeSet;

use crate::{
    BreakReason, CellName, Comparability, Country, Place, Predicate, Row, TableSpec, Translated, VariableName, WaveId,
};

/// The waves that a country shows beside each other.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series {
    /// The official series, in order of time. Waves are compared within it.
    pub waves: Vec<WaveId>,
    /// Waves that are shown and compared with none, with the reason.
    pub outside: Vec<(WaveId, Translated)>,
    /// Two waves that texts compare.
    pub pairs: Vec<WavePair>,
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
    /// The same units asked again: those that are in both waves are linked by their pseudonyms, and a test has the covariance of their answers in it.
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

/// Whether a number of one wave may be joined with that of a later one of the series.
#[derive(Debug, Clone, PartialEq)]
pub enum Joint<'c> {
    /// They measure the same.
    Joined,
    /// One of the waves lies outside of the series, for this reason.
    Outside(&'c Translated),
    /// Something changed between them, by the ledger. Never empty.
    Broken(Vec<BreakReason>),
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
}

impl Country {
    /// The cells whose change since an earlier wave of a panel the texts of a wave tell, each once.
    #[must_use]
    pub fn panel_changes(&self, wave: WaveId) -> BTreeSet<(WaveId, CellName)> {
        let themes = self.waves.get(&wave).map_or(&[][..], |wave| wave.themes.as_slice());
        let claims = themes.iter().flat_map(|theme| &theme.claims);
        let changes = claims.filter_map(|claim| {
            if let Predicate::Change { cell, since, .. } | Predicate::Unchanged { cell, since, .. } = &claim.predicate {
                Some((*since, cell.clone()))
            } else {
                None
            }
        });
        let is_panel = |since: WaveId| self.series.pair(since, wave).is_some_and(|it| it.samples == Samples::Panel);
        changes.filter(|(since, _)| is_panel(*since)).collect()
    }

    /// The cells of a wave that are linked with another wave of a panel, whichever of the two is the later one.
    #[must_use]
    pub fn panel_cells(&self, wave: WaveId) -> BTreeSet<CellName> {
        let of = |later: WaveId| {
            let changes = self.panel_changes(later).into_iter();
            changes.filter(move |(since, _)| later == wave || *since == wave).map(|(_, cell)| cell)
        };
        self.waves.keys().flat_map(|later| of(*later)).collect()
    }

    /// Whether a row of a table, by a breakdown or in total, may be joined with that of a later wave, in a line of a chart or a sentence: both belong to the
    /// official series, and what is counted, who is counted, and how they are grouped are the same by the ledger.
    #[must_use]
    pub fn joint_of(
        &self,
        (table, row): (&TableSpec, &Row),
        breakdown: Option<&VariableName>,
        earlier: WaveId,
        later: WaveId,
    ) -> Joint<'_> {
        let outside = |wave: WaveId| self.series.outside.iter().find(|(known, _)| *known == wave);
        if let Some((_, because)) = outside(earlier).or_else(|| outside(later)) {
            return Joint::Outside(because);
        }
        if [earlier, later].iter().any(|wave| !self.series.waves.contains(wave)) {
            return Joint::Absent;
        }
        let variables = self.variables_of(table, row).into_iter().chain(breakdown);
        match self.comparable(variables, earlier, later) {
            Comparability::Comparable => Joint::Joined,
            Comparability::Break(reasons) if reasons.iter().any(BreakReason::is_absence) => Joint::Absent,
            Comparability::Break(reasons) => Joint::Broken(reasons),
        }
    }

    /// Whether a wave asked everything that a row of a table, by a breakdown or in total, is made from, as far as the ledger tells.
    #[must_use]
    pub fn asks(&self, (table, row): (&TableSpec, &Row), breakdown: Option<&VariableName>, wave: WaveId) -> bool {
        let Some(ledger) = &self.ledger else { return true };
        let absent = ledger.absent(wave);
        let variables = self.variables_of(table, row).into_iter().chain(breakdown);
        self.codebook.asked_behind(variables).into_iter().all(|variable| !absent.contains(variable))
    }
}
