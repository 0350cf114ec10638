//! Words that tell a number: does it tell the estimate?

use codebook::{Lean, Measure, SharePhrase, Spoken, TableSpec, Wording};

use super::{LAST_BITS, Ruling, ShownCell, plain, points};
use crate::Rounded;
use crate::rule::percent_shift;

/// How far a phrase may be from the estimate: in points, and as a part of the estimate. Both must hold.
const PHRASE_POINTS: f64 = 3.0;
const PHRASE_PART: f64 = 0.15;

/// Whether the words tell the cell. `phrases` are those of their language.
pub(super) fn near(spec: &TableSpec, cell: &ShownCell<'_>, words: &Wording, phrases: &[SharePhrase]) -> Ruling {
    let estimate = with_unit(spec.measure, plain(cell.figures.estimate));
    match (words.spoken, spec.measure) {
        (Some(Spoken::Percent { value, decimals, lean: Lean::Neither }), _) => {
            number_told(spec, cell, words, value, decimals)
        }
        (Some(Spoken::Percent { value, lean, .. }), Measure::Share) => beside(cell, words, value, lean),
        (Some(Spoken::Phrase { percent, lean }), Measure::Share) => match beside(cell, words, percent, lean) {
            Ruling::Holds => nearest_told(cell, words, percent, phrases),
            fails @ Ruling::Fails { .. } => fails,
        },
        (Some(Spoken::Percent { .. }), Measure::Mean | Measure::Total | Measure::Ratio | Measure::Quantile { .. }) => {
            Ruling::fails(format!(
                "{:?} tells a side of the estimate, which only shares have; it is {estimate}",
                words.text
            ))
        }
        (Some(Spoken::Phrase { .. }), Measure::Mean | Measure::Total | Measure::Ratio | Measure::Quantile { .. }) => {
            Ruling::fails(format!("{:?} tells a share; the estimate is {estimate}", words.text))
        }
        (Some(Spoken::Count(_)) | None, _) => {
            Ruling::fails(format!("{:?} does not tell the estimate, which is {estimate}", words.text))
        }
    }
}

/// A number told as it is: the per cent of a share, or a mean or total in its own unit.
fn number_told(spec: &TableSpec, cell: &ShownCell<'_>, words: &Wording, told: f64, decimals: u8) -> Ruling {
    let published = plain(cell.figures.estimate);
    if decimals > spec.decimals {
        return Ruling::fails(format!(
            "{:?} tells more decimals than table {} publishes ({}); the estimate is {}",
            words.text,
            spec.id,
            spec.decimals,
            with_unit(spec.measure, published)
        ));
    }
    let truth = match spec.measure {
        // Nobody's value is told more closely than it is published.
        Measure::Quantile { .. } => Rounded::new(cell.figures.estimate.as_f64(), 0, decimals),
        Measure::Share | Measure::Mean | Measure::Total | Measure::Ratio => {
            Rounded::new(cell.estimate.value, percent_shift(spec.measure), decimals)
        }
    };
    let is_told = truth.is_some() && truth == Rounded::new(told, 0, decimals);
    Ruling::if_true(is_told, || {
        let truth = with_unit(spec.measure, truth.map_or(published, plain));
        format!("the estimate is {truth} ({})", interval(cell))
    })
}

fn with_unit(measure: Measure, number: String) -> String {
    match measure {
        Measure::Share => format!("{number} per cent"),
        Measure::Mean | Measure::Total | Measure::Ratio | Measure::Quantile { .. } => number,
    }
}

fn interval(cell: &ShownCell<'_>) -> String {
    format!("interval {} to {}", plain(cell.figures.low), plain(cell.figures.high))
}

/// Whether words that tell a share tell this per cent: a number rounded as it is told, or a phrase that is near it. For facts from
/// elsewhere, which are published already.
#[must_use]
pub fn tells(spoken: Spoken, percent: f64) -> bool {
    match spoken {
        Spoken::Percent { value, decimals, lean: Lean::Neither } => {
            let truth = Rounded::new(percent, 0, decimals);
            truth.is_some() && truth == Rounded::new(value, 0, decimals)
        }
        Spoken::Percent { value: told, lean, .. } | Spoken::Phrase { percent: told, lean } => {
            is_near(told, percent) && is_on_side(told, lean, percent)
        }
        Spoken::Count(_) => false,
    }
}

/// Whether a phrase is near enough to a share, both in per cent.
pub(super) fn is_near(told: f64, percent: f64) -> bool {
    let apart = (told - percent).abs();
    apart <= PHRASE_POINTS + LAST_BITS && apart <= PHRASE_PART * percent + LAST_BITS
}

/// Whether a share lies where the words say it does.
fn is_on_side(told: f64, lean: Lean, percent: f64) -> bool {
    match lean {
        Lean::Neither => true,
        Lean::Over => percent > told,
        Lean::Under => percent < told,
    }
}

/// The listed phrase that is nearest to a share in per cent; the first of those that are as near.
pub(super) fn nearest(phrases: &[SharePhrase], percent: f64) -> Option<&SharePhrase> {
    let apart = |phrase: &SharePhrase| (phrase.percent - percent).abs();
    phrases.iter().reduce(|best, next| if apart(next) + LAST_BITS < apart(best) { next } else { best })
}

/// A number near the estimate, on the side that is told.
fn beside(cell: &ShownCell<'_>, words: &Wording, told: f64, lean: Lean) -> Ruling {
    let percent = cell.estimate.value * points(Measure::Share);
    let stands_for = || Rounded::new(told, 0, 1).map_or_else(|| "no number".to_owned(), plain);
    let (text, estimate, interval) = (&words.text, plain(cell.figures.estimate), interval(cell));
    if !is_near(told, percent) {
        return Ruling::fails(format!(
            "{text:?} stands for {} per cent, but the estimate is {estimate} per cent ({interval}); a phrase may be at most \
             {PHRASE_POINTS} points and {} % of the estimate away",
            stands_for(),
            PHRASE_PART * 100.0,
        ));
    }
    let side = match lean {
        Lean::Neither | Lean::Over => "above",
        Lean::Under => "below",
    };
    Ruling::if_true(is_on_side(told, lean, percent), || {
        format!(
            "{text:?} says that the estimate is {side} {} per cent, and it is not: {estimate} per cent ({interval})",
            stands_for()
        )
    })
}

/// The listed phrase that is nearer to a share than what is told, all in per cent.
pub(super) fn nearer(phrases: &[SharePhrase], told: f64, percent: f64) -> Option<&SharePhrase> {
    nearest(phrases, percent).filter(|phrase| (phrase.percent - percent).abs() + LAST_BITS < (told - percent).abs())
}

/// No phrase of the language's list is nearer.
fn nearest_told(cell: &ShownCell<'_>, words: &Wording, told: f64, phrases: &[SharePhrase]) -> Ruling {
    let percent = cell.estimate.value * points(Measure::Share);
    match nearer(phrases, told, percent) {
        None => Ruling::Holds,
        Some(phrase) => Ruling::fails(format!(
            "{:?} is nearer than {:?} to the estimate, which is {} per cent ({})",
            phrase.words,
            words.text,
            plain(cell.figures.estimate),
            interval(cell)
        )),
    }
}
