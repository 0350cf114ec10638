//! The scale of a chart, in whole numbers of the published unit.

use std::fmt;

use super::columns::Slot;
use crate::language::Number;

/// A scale from `low` to `high`, in units of 10^-`decimals`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Axis {
    low: i128,
    high: i128,
    decimals: u8,
}

/// An estimate and its limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reach {
    pub(crate) estimate: Number,
    pub(crate) low: Number,
    pub(crate) high: Number,
}

/// Hundredths of a per cent, written without needless zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Percent(i64);

impl Percent {
    pub(super) const ZERO: Self = Self(0);

    pub(super) fn whole(percent: i64) -> Self {
        Self(percent * 100)
    }

    /// What lies between two places.
    pub(super) fn from(self, start: Self) -> Self {
        Self(self.0 - start.0)
    }

    /// So many pixels of a width, rounded down.
    pub(super) fn of(self, width: i64) -> i64 {
        self.0 * width / 10_000
    }

    /// The place in the middle.
    pub(super) fn middle(self, other: Self) -> Self {
        Self(i64::midpoint(self.0, other.0))
    }
}

/// The part of a sheet's width that a scale is laid over, in whole per cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Plot {
    pub(super) start: i64,
    pub(super) width: i64,
}

impl Plot {
    pub(super) fn start(self) -> Percent {
        Percent::whole(self.start)
    }

    pub(super) fn end(self) -> Percent {
        Percent::whole(self.start + self.width)
    }

    /// So many per cent of the sheet left of the plot.
    pub(super) fn left_of(self, percent: i64) -> Percent {
        Percent::whole(self.start - percent)
    }

    /// So many per cent of the sheet right of the plot.
    pub(super) fn right_of(self, percent: i64) -> Percent {
        Percent::whole(self.start + self.width + percent)
    }

    /// A place of the plot (0 to 100 per cent of it) as a place of the sheet.
    fn across(self, inside: Percent) -> Percent {
        Percent(self.start * 100 + (inside.0 * self.width + 50).div_euclid(100))
    }

    /// The first, second, .. of some columns that share the plot's width evenly; each leaves a quarter of its part free on either side.
    pub(super) fn slot(self, index: i64, slots: i64) -> Slot {
        let place = |quarters: i64| self.across(Percent(10_000 * (4 * index + quarters) / (4 * slots.max(1))));
        let (from, to) = (place(1), place(3));
        Slot { from, width: to.from(from), middle: place(2) }
    }

    /// The place from edge to edge of what lies so many parts of a whole from the first; the middle where there is one place only.
    pub(super) fn passed(self, parts: i64, whole: i64) -> Percent {
        if whole < 1 {
            return self.across(Percent(5_000));
        }
        self.across(Percent(10_000 * parts / whole))
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, hundredths) = (if self.0 < 0 { "-" } else { "" }, self.0.abs());
        let digits = format!("{sign}{}.{:02}", hundredths / 100, hundredths % 100);
        f.write_str(digits.trim_end_matches('0').trim_end_matches('.'))
    }
}

/// Where a scale may end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// At the next round number.
    Open,
    /// At this number at the latest: shares at 100.
    AtMost(u32),
    /// At this number, which gives the others their meaning: an index from 0 to 100.
    At(u32),
}

impl End {
    fn units(self, decimals: u8) -> Option<i128> {
        match self {
            Self::Open => None,
            Self::AtMost(last) | Self::At(last) => Some(i128::from(last) * 10_i128.pow(u32::from(decimals))),
        }
    }

    fn is_fixed(self) -> bool {
        matches!(self, Self::At(_))
    }
}

impl Axis {
    /// A scale from zero for these numbers, which share their decimals.
    pub(crate) fn over(reaches: &[Reach], decimals: u8, end: End) -> Self {
        let highest = reaches.iter().map(|it| i128::from(it.high.units.max(it.estimate.units))).max().unwrap_or(0);
        let lowest = reaches.iter().map(|it| i128::from(it.low.units.min(it.estimate.units))).min().unwrap_or(0);
        let high = match (round_up(highest.max(0)), end.units(decimals)) {
            (_, Some(last)) if end.is_fixed() || highest * 2 > last || reaches.is_empty() => last,
            (0, _) => round_up(1),
            (high, _) => high,
        };
        Self { low: -round_up((-lowest).max(0)), high, decimals }
    }

    /// A scale of two sides: `left` counts away from zero to the left, `right` to the right.
    pub(super) fn both_sides(left: i128, right: i128, decimals: u8) -> Self {
        Self { low: -left.max(0), high: right.max(1), decimals }
    }

    /// A scale of two sides that ends on each at the next number of one digit and zeros.
    pub(super) fn opposed(left: i128, right: i128, decimals: u8) -> Self {
        let next = |units: i128| {
            let mut power = 1;
            while units > 10 * power {
                power *= 10;
            }
            (units + power - 1) / power * power
        };
        Self::both_sides(next(left.max(0)), next(right.max(1)), decimals)
    }

    /// A scale from zero to the next round number, for heights: there, room that no number reaches is a gap over all of them.
    pub(crate) fn up(reaches: &[Reach], decimals: u8, end: End) -> Self {
        if end.is_fixed() {
            return Self::over(reaches, decimals, end);
        }
        let axis = Self::over(reaches, decimals, End::Open);
        Self { high: end.units(decimals).map_or(axis.high, |last| axis.high.min(last)), ..axis }
    }

    /// The marks of the scale: its ends, its middle, and zero.
    pub(crate) fn marks(&self) -> Vec<Number> {
        let number = |units: i128| Number {
            units: i64::try_from(units).expect("the ends of a scale are near published numbers"),
            decimals: self.decimals,
        };
        if self.low < 0 {
            return vec![number(self.low), number(0), number(self.high)];
        }
        vec![number(0), number(self.high / 2), number(self.high)]
    }

    /// Where a number stands on the sheet.
    pub(super) fn place(&self, plot: Plot, number: Number) -> Percent {
        self.units(plot, i128::from(number.units))
    }

    /// Where so many units of the published decimals stand.
    pub(super) fn units(&self, plot: Plot, units: i128) -> Percent {
        let length = self.high - self.low;
        let (numerator, denominator) = ((units - self.low) * 10_000 * 2 + length, length * 2);
        let inside = numerator.div_euclid(denominator);
        plot.across(Percent(i64::try_from(inside).expect("a number is near the scale that was made for it")))
    }

    /// How far down a number stands in a height, from its top; higher numbers stand higher.
    pub(super) fn down(&self, number: Number, height: i64) -> i64 {
        let (length, from_top) = (self.high - self.low, self.high - i128::from(number.units));
        let down = (from_top * i128::from(height) * 2 + length).div_euclid(length * 2);
        i64::try_from(down).expect("a number is near the scale that was made for it")
    }
}

/// The next round number: 2, 4, 6, 8 or 10 times a power of ten, so that its half is whole. 0 stays 0.
fn round_up(units: i128) -> i128 {
    if units == 0 {
        return 0;
    }
    let mut power = 1;
    while units > 10 * power {
        power *= 10;
    }
    [2, 4, 6, 8, 10].map(|step| step * power).into_iter().find(|round| *round >= units).unwrap_or(10 * power)
}
