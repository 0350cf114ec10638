//! The steps of a run, counted: those that it carried out, and those whose result an earlier run had kept.

use std::collections::BTreeMap;

/// A step of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The country's files and texts are understood.
    Plan,
    /// The raw export is checked.
    Ingest,
    /// Weights are made.
    Weigh,
    /// Sums are made, through SQL.
    Tabulate,
    /// Estimates are made.
    Estimate,
    /// Tables pass the barrier, and sentences are judged.
    Disclose,
    /// The files of numbers are written in one language.
    Download,
    /// A page is rendered.
    Page,
    /// The card of a page is drawn.
    Card,
    /// The finished files are looked through for what must not leave.
    Guard,
    /// The editor's sheet is rendered.
    Proof,
    /// The release is put in its place.
    Release,
}

impl Step {
    /// All of them, in the order of a run.
    pub const ALL: [Self; 12] = [
        Self::Plan,
        Self::Ingest,
        Self::Weigh,
        Self::Tabulate,
        Self::Estimate,
        Self::Disclose,
        Self::Download,
        Self::Page,
        Self::Card,
        Self::Guard,
        Self::Proof,
        Self::Release,
    ];

    /// Its name in logs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Ingest => "ingest",
            Self::Weigh => "weigh",
            Self::Tabulate => "tabulate",
            Self::Estimate => "estimate",
            Self::Disclose => "disclose",
            Self::Download => "download",
            Self::Page => "page",
            Self::Card => "card",
            Self::Guard => "guard",
            Self::Proof => "proof",
            Self::Release => "release",
        }
    }
}

/// How often each step was carried out, and how often there was no need to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Steps {
    done: BTreeMap<Step, u64>,
    reused: BTreeMap<Step, u64>,
}

impl Steps {
    /// How often this step was carried out.
    #[must_use]
    pub fn done(&self, step: Step) -> u64 {
        self.done.get(&step).copied().unwrap_or(0)
    }

    /// How often the result of this step was taken from the cache, or from the release that stands.
    #[must_use]
    pub fn reused(&self, step: Step) -> u64 {
        self.reused.get(&step).copied().unwrap_or(0)
    }

    /// Steps that were carried out, of any kind.
    #[must_use]
    pub fn all_done(&self) -> u64 {
        self.done.values().sum()
    }

    /// Steps that were not, of any kind.
    #[must_use]
    pub fn all_reused(&self) -> u64 {
        self.reused.values().sum()
    }

    pub(super) fn add_done(&mut self, step: Step) {
        *self.done.entry(step).or_default() += 1;
    }

    pub(super) fn add_reused(&mut self, step: Step) {
        *self.reused.entry(step).or_default() += 1;
    }
}
