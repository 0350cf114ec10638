//! What chance alone does between two waves.
//!
//! A release holds rounded estimates and standard errors and not who answered in both waves, so the test is that of two independent samples: the
//! difference over the root of the summed squares of the errors, against the normal distribution. Where many units answered in both waves it is
//! too careful. Claims of a report are tested on the unrounded estimates; this is for a person who reads a list of changes.

use estimate::{Adjustment, adjust, distribution::normal_upper_tail};
use serde::Serialize;

use super::{FigureChange, ShownNumbers};

/// The level of a test where a release does not tell it.
pub(super) const USUAL_LEVEL: f64 = 0.05;

/// How many figures differ between two waves, and how many would if nothing had changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chance {
    /// The level of each test.
    pub level: f64,
    /// Figures that both releases show with an error.
    pub tested: usize,
    /// Figures whose own test finds a change.
    pub found: usize,
    /// As many would be found on average if nothing had changed.
    pub by_chance: f64,
    /// Figures of which a change is still found when all tests are taken together, by Holm's method.
    pub found_together: usize,
}

impl Chance {
    /// What a reader must know, in a sentence.
    #[must_use]
    pub fn note(&self) -> String {
        let Self { level, tested, found, by_chance, found_together } = self;
        format!(
            "the releases are of different waves: of {tested} figures that both show, {found} differ by a test at the level {level}, and about \
             {by_chance:.0} would by chance alone if nothing had changed; {found_together} differ when all tests are taken together (Holm). The \
             tests take the waves for independent samples"
        )
    }
}

/// Tests every figure that both releases show.
pub(super) fn test(figures: &mut [FigureChange], level: f64) -> Chance {
    for figure in figures.iter_mut() {
        figure.p = figure.old.zip(figure.new).and_then(|(old, new)| p(&old, &new));
    }
    let p_values: Vec<f64> = figures.iter().filter_map(|figure| figure.p).collect();
    let below = |p_values: &[f64]| p_values.iter().filter(|p| **p < level).count();
    let tested = p_values.len();
    let by_chance = level * f64::from(u32::try_from(tested).unwrap_or(u32::MAX));
    Chance {
        level,
        tested,
        found: below(&p_values),
        by_chance,
        found_together: below(&adjust(&p_values, Adjustment::Holm)),
    }
}

/// How probable a difference at least so large would be if nothing had changed; `None` where neither figure has an error.
fn p(old: &ShownNumbers, new: &ShownNumbers) -> Option<f64> {
    let [one, other] = [old.se?, new.se?].map(|se| se.as_f64());
    let error = (one * one + other * other).sqrt();
    let difference = (new.estimate.as_f64() - old.estimate.as_f64()).abs();
    (error > 0.0).then(|| (2.0 * normal_upper_tail(difference / error)).min(1.0))
}
