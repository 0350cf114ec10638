//! Which estimates are too uncertain to be shown, or to be shown without a mark: the presets of `codebook::QualityPreset`.

use codebook::{Measure, QualityPreset};
use estimate::{Estimate, Wide};

use crate::{Quality, Rules};

/// What becomes of an estimate for its uncertainty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reliability {
    Sound,
    ReadWithCare(Quality),
    Unreliable,
}

/// Answers below which neither the American nor the Canadian office shows anything.
const FEW: u64 = 30;

/// Judges an estimate.
pub(super) fn reliability(estimate: &Estimate, measure: Measure, rules: Rules) -> Reliability {
    let is_share = measure == Measure::Share;
    match rules.quality {
        QualityPreset::None => Reliability::Sound,
        QualityPreset::Usual if estimate.n < rules.unreliable_below => Reliability::Unreliable,
        QualityPreset::Usual if is_share && points(estimate) > f64::from(rules.widest_interval) => {
            Reliability::Unreliable
        }
        QualityPreset::Usual if estimate.n < rules.flagged_below => Reliability::ReadWithCare(Quality::FewAnswers),
        QualityPreset::Usual => Reliability::Sound,
        QualityPreset::Nchs if is_few(estimate) || (is_share && is_wide(estimate)) => Reliability::Unreliable,
        QualityPreset::Nchs => Reliability::Sound,
        QualityPreset::Ons if variation(estimate) >= 0.2 => Reliability::ReadWithCare(Quality::Imprecise),
        QualityPreset::Ons => Reliability::Sound,
        QualityPreset::Statcan if estimate.n < FEW || variation(estimate) > 0.333 => Reliability::Unreliable,
        QualityPreset::Statcan if variation(estimate) > 0.165 => Reliability::ReadWithCare(Quality::Imprecise),
        QualityPreset::Statcan => Reliability::Sound,
    }
}

/// Fewer answers than 30, or than 30 would tell in a simple sample.
fn is_few(estimate: &Estimate) -> bool {
    let effective = Wide::from_count(estimate.n).to_f64() / estimate.deff.unwrap_or(1.0).max(1.0);
    estimate.n < FEW || effective < Wide::from_count(FEW).to_f64()
}

/// 30 points or more; more than 5 that are wider than 1.3 times the share.
fn is_wide(share: &Estimate) -> bool {
    let width = points(share);
    width >= 30.0 || (width > 5.0 && width > 1.3 * 100.0 * share.value)
}

/// The width of the interval of a share.
fn points(share: &Estimate) -> f64 {
    (share.high - share.low) * 100.0
}

/// The coefficient of variation; infinite where the estimate is 0 and its error is not.
fn variation(estimate: &Estimate) -> f64 {
    if estimate.se <= 0.0 { 0.0 } else { estimate.se / estimate.value.abs() }
}
