//! The numbers of a quality report that have a name: what the page and the file for programs call one and the same thing, and which of them are quality and
//! performance indicators of the European Statistical System.

use jiff::civil::{Date, date};

use crate::{Concept, Wave, WaveId, days_between};

macro_rules! indicators {
    ($($indicator:ident = $name:literal $code:expr, $concept:ident, $words:literal;)*) => {
        /// A named number of a quality report.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Indicator { $(#[doc = $words] $indicator),* }

        impl Indicator {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$indicator),*];

            /// Its name in files for programs, such as `response_rate_rr1`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$indicator => $name),* }
            }

            /// Its code among the indicators of the European Statistical System, such as `A4`; `None` for one that is not among them.
            #[must_use]
            pub fn code(self) -> Option<&'static str> {
                match self { $(Self::$indicator => $code),* }
            }

            /// The concept that it belongs to.
            #[must_use]
            pub fn concept(self) -> Concept {
                match self { $(Self::$indicator => Concept::$concept),* }
            }
        }
    };
}

indicators! {
    CoefficientOfVariation = "coefficient_of_variation" Some("A1"), SamplingError, "The standard error over the estimate.";
    OverCoverageRate = "over_coverage_rate" Some("A2"), CoverageError, "Units drawn that do not belong to the population, of all that were drawn.";
    ResponseRate = "response_rate_rr1" None, NonResponseError, "AAPOR's RR1: usable answers of the units drawn that belong to the population, or may.";
    ResponseRateWithUnfinished = "response_rate_rr2" None, NonResponseError, "AAPOR's RR2: RR1 with the answers that were not finished.";
    NonResponseRate = "unit_non_response_rate" Some("A4"), NonResponseError, "What RR1 leaves of a hundred.";
    CompletionRate = "completion_rate" None, NonResponseError, "Usable answers of those that were begun.";
    ItemNonResponseRate = "item_non_response_rate" Some("A5"), NonResponseError, "Units that did not answer a question, of those that were asked it.";
    DaysAfterReferencePeriod = "days_after_reference_period" Some("TP2"), Timeliness, "Days from the end of the reference period to the final results.";
    DaysAfterFieldwork = "days_after_fieldwork" None, Timeliness, "Days from the end of fieldwork to the final results.";
    DaysAfterAnnouncedDay = "days_after_announced_day" Some("TP3"), Punctuality, "Days from the announced day to publication.";
}

/// Days from one that something ended on, or was announced for, to publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lag {
    /// Which.
    pub indicator: Indicator,
    /// The day that is counted from.
    pub from: Date,
    /// How many days; negative where publication was earlier.
    pub days: i64,
}

impl Wave {
    /// The days to publication that are known. The results of an edition are final, so there is no lag of first results (TP1) beside that of final ones.
    #[must_use]
    pub fn lags(&self) -> Vec<Lag> {
        let known = [
            (Indicator::DaysAfterReferencePeriod, end_of(self.id)),
            (Indicator::DaysAfterFieldwork, self.fieldwork.as_ref().map(|period| period.to)),
            (Indicator::DaysAfterAnnouncedDay, self.planned),
        ];
        let lag = |(indicator, from): (Indicator, Option<Date>)| {
            let from = from?;
            Some(Lag { indicator, from, days: days_between(from, self.published) })
        };
        known.into_iter().filter_map(lag).collect()
    }
}

/// The last day of what a wave is about: a wave is called after the year in which its window ends.
fn end_of(wave: WaveId) -> Option<Date> {
    let year: i16 = wave.to_string().parse().ok()?;
    Some(date(year, 12, 31))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_those_of_the_european_statistical_system() {
        let codes: Vec<(&str, &str)> = Indicator::ALL.iter().filter_map(|it| Some((it.code()?, it.name()))).collect();
        assert_eq!(
            codes,
            [
                ("A1", "coefficient_of_variation"),
                ("A2", "over_coverage_rate"),
                ("A4", "unit_non_response_rate"),
                ("A5", "item_non_response_rate"),
                ("TP2", "days_after_reference_period"),
                ("TP3", "days_after_announced_day"),
            ]
        );
    }

    #[test]
    fn the_reference_period_ends_with_the_year_of_the_wave() {
        let wave = WaveId::new("2019").expect("it is a wave");
        assert_eq!(end_of(wave), Some(date(2019, 12, 31)));
    }
}
