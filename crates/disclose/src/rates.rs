//! The rates of a quality report, each a ratio of two counts that are printed beside it. The page and the file for programs have them from here, so that
//! they tell the same.

use codebook::{Indicator, LeftOut};

use crate::{Fieldwork, ItemGap, Rounded};

/// A part of a whole in per cent with one decimal, half up; `None` of nothing.
#[must_use]
pub fn per_hundred(part: u64, whole: u64) -> Option<Rounded> {
    let tenths = (u128::from(part) * 2000 + u128::from(whole)).checked_div(2 * u128::from(whole))?;
    Some(Rounded::stored(i64::try_from(tenths).ok()?, 1))
}

impl Fieldwork {
    /// The rates of units that are known, in per cent, in the order of [`Indicator::ALL`].
    #[must_use]
    pub fn rates(&self) -> Vec<(Indicator, Rounded)> {
        let (usable, unfinished) = (self.usable(), self.left_out(LeftOut::Incomplete));
        let of_eligible = |answers| self.eligible().and_then(|eligible| per_hundred(answers, eligible));
        let response = of_eligible(usable);
        // From the printed rate, so that both make a hundred.
        let rest = response.map(|rate| Rounded::stored(1000 - rate.units(), rate.decimals()));
        let rates = [
            (
                Indicator::OverCoverageRate,
                self.drawn.and_then(|drawn| per_hundred(self.left_out(LeftOut::OutOfScope), drawn)),
            ),
            (Indicator::ResponseRate, response),
            (Indicator::ResponseRateWithUnfinished, of_eligible(usable + unfinished)),
            (Indicator::NonResponseRate, rest),
            (Indicator::CompletionRate, per_hundred(usable, usable + unfinished)),
        ];
        rates.into_iter().filter_map(|(indicator, rate)| Some((indicator, rate?))).collect()
    }

    /// One of these rates.
    #[must_use]
    pub fn rate(&self, indicator: Indicator) -> Option<Rounded> {
        self.rates().into_iter().find(|(of, _)| *of == indicator).map(|(_, rate)| rate)
    }
}

impl ItemGap {
    /// Item non-response in per cent; `None` where one of its counts is not told.
    #[must_use]
    pub fn rate(&self) -> Option<Rounded> {
        self.unanswered().and_then(|(unanswered, asked)| per_hundred(unanswered, asked))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_rounded_half_up_and_make_a_hundred_with_their_rest() {
        let fieldwork = Fieldwork {
            answers: 2_271,
            drawn: Some(4_510),
            left_out: [(LeftOut::OutOfScope, 10), (LeftOut::Incomplete, 41)].into(),
            ..Fieldwork::default()
        };
        let told: Vec<(&str, String)> =
            fieldwork.rates().into_iter().map(|(it, rate)| (it.name(), rate.to_string())).collect();
        // 10 of 4,510 are 0.22; 2,271 of 4,500 are 50.47, 2,312 are 51.38; 2,271 of 2,312 are 98.23.
        let expected = [
            ("over_coverage_rate", "0.2"),
            ("response_rate_rr1", "50.5"),
            ("response_rate_rr2", "51.4"),
            ("unit_non_response_rate", "49.5"),
            ("completion_rate", "98.2"),
        ];
        assert_eq!(told, expected.map(|(name, rate)| (name, rate.to_owned())));
        let unknown = Fieldwork { drawn: None, ..fieldwork };
        assert_eq!(unknown.rates().len(), 1, "without the units drawn there is nothing but completion");
        assert_eq!((per_hundred(1, 2_000), per_hundred(1, 0)), (Some(Rounded::stored(1, 1)), None));
    }
}
