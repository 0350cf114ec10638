//! The proof sheet: how far each estimate could move before a sentence about it were false.
//!
//! It is for the editor, who sees which sentences stand on a knife's edge. It tells more of the estimates than is published, so it is no
//! part of [`Published`] and never of a release.

use codebook::{ClaimId, ThemeId};

use crate::family::TestedFamily;
use crate::judge::Bench;
use crate::{Published, Release, Rounded};

/// A wording that holds, and by how much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The theme page.
    pub theme: ThemeId,
    /// The claim.
    pub claim: ClaimId,
    /// Index of the wording in the list that was judged.
    pub wording: usize,
    /// How far it is from being false.
    pub slack: Slack,
}

/// How far what a wording is about may move before the wording is false, its standard error being the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slack {
    /// Not at all: it tells a count.
    Exact,
    /// So many points, or units of a mean; `None` where it is more than 20, or where nothing would make it false.
    Points {
        /// Downwards.
        down: Option<Rounded>,
        /// Upwards.
        up: Option<Rounded>,
    },
}

impl Slack {
    /// The nearer of the two, in tenths; the most fragile sentence has the least.
    #[must_use]
    pub fn tenths(self) -> Option<i64> {
        match self {
            Self::Exact => None,
            Self::Points { down, up } => down.into_iter().chain(up).map(Rounded::units).min(),
        }
    }
}

/// The proof of every wording of a release that holds, the most fragile first; counts, which are exact, last.
///
/// # Panics
/// When the release is not the one that was published.
#[must_use]
pub fn proofs(release: &Release<'_>, published: &Published) -> Vec<Proof> {
    let bench = Bench {
        specs: release.specs,
        estimates: release.tables,
        published: &published.tables,
        bases: &published.fieldwork.bases,
        answered: published.fieldwork.answered(),
        level: published.level,
        phrases: release.phrases,
        earlier: &published.earlier,
        counted: release.beside.earlier,
    };
    let families = TestedFamily::all(release.themes, &bench);
    let wordings = release.wordings.iter().enumerate();
    let mut proofs: Vec<Proof> = wordings
        .filter_map(|(wording, (theme, words))| {
            let slack = bench.slack(release.themes, &families, theme, words)?;
            Some(Proof { theme: theme.clone(), claim: words.claim.clone(), wording, slack })
        })
        .collect();
    proofs.sort_by_key(|proof| match proof.slack {
        Slack::Points { .. } => (false, proof.slack.tenths().unwrap_or(i64::MAX)),
        Slack::Exact => (true, 0),
    });
    proofs
}

/// Points that are looked at on each side.
const POINTS_TRIED: u32 = 20;
const STEPS_PER_POINT: u32 = 10;

/// How far something may move to both sides while `holds`; `None` if it does not hold where it is.
pub(crate) fn slack(holds: impl Fn(f64) -> bool) -> Option<Slack> {
    let reach = |side: f64| {
        let tried = (1..=POINTS_TRIED * STEPS_PER_POINT).map(|step| f64::from(step) / f64::from(STEPS_PER_POINT));
        let first_false = tried.map(|points| points * side).find(|points| !holds(*points))?;
        Some(bisected(first_false - side / f64::from(STEPS_PER_POINT), first_false, &holds).abs())
    };
    let rounded = |points: Option<f64>| points.and_then(|points| Rounded::new(points, 0, 1));
    holds(0.0).then(|| Slack::Points { down: rounded(reach(-1.0)), up: rounded(reach(1.0)) })
}

/// Where between a point that holds and one that does not the change lies.
fn bisected(mut holding: f64, mut failing: f64, holds: &impl Fn(f64) -> bool) -> f64 {
    for _ in 0..40 {
        let middle = f64::midpoint(holding, failing);
        if holds(middle) {
            holding = middle;
        } else {
            failing = middle;
        }
    }
    holding
}
