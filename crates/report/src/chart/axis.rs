//! The scale of a chart, in whole numbers of the published unit.

use std::fmt;

use crate::language::Number;

/// A scale from `low` to `high`, in units of 10^-`decimals`. It always holds zero.
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

/// Where a bar and its whisker stand, in per cent of the plot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Positions {
    pub(crate) from: Percent,
    pub(crate) width: Percent,
    pub(crate) low: Percent,
    pub(crate) high: Percent,
    /// Behind bar and whisker, where the value is written.
    pub(crate) end: Percent,
}

/// Hundredths of a per cent, written without needless zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Percent(i128);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, hundredths) = (if self.0 < 0 { "-" } else { "" }, self.0.abs());
        let digits = format!("{sign}{}.{:02}", hundredths / 100, hundredths % 100);
        f.write_str(digits.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl Axis {
    /// A scale for these bars. The numbers of one table share their decimals. A scale of shares ends at 100 at the latest.
    pub(crate) fn over(reaches: &[Reach], decimals: u8, is_share: bool) -> Self {
        let hundred = 100 * 10_i128.pow(u32::from(decimals));
        let highest = reaches.iter().map(|it| i128::from(it.high.units.max(it.estimate.units))).max().unwrap_or(0);
        let lowest = reaches.iter().map(|it| i128::from(it.low.units.min(it.estimate.units))).min().unwrap_or(0);
        let high = match round_up(highest.max(0)) {
            _ if is_share && (highest * 2 > hundred || reaches.is_empty()) => hundred,
            0 => round_up(1),
            high => high,
        };
        Self { low: -round_up((-lowest).max(0)), high, decimals }
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

    pub(crate) fn position(&self, number: Number) -> Percent {
        self.place(i128::from(number.units))
    }

    pub(crate) fn positions(&self, reach: Reach) -> Positions {
        let [estimate, low, high] = [reach.estimate, reach.low, reach.high].map(|number| self.position(number));
        let zero = self.place(0);
        let (from, to) = (zero.min(estimate), zero.max(estimate));
        Positions { from, width: Percent(to.0 - from.0), low, high, end: to.max(high) }
    }

    fn place(&self, units: i128) -> Percent {
        let length = self.high - self.low;
        let (numerator, denominator) = ((units - self.low) * 10_000 * 2 + length, length * 2);
        Percent(numerator.div_euclid(denominator))
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
