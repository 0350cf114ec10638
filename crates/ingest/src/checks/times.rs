//! When answers were given: within the days of fieldwork, finished after they were started, and not too fast to be read.

use codebook::{CheckKind, FieldworkPeriod, Severity, SlashedDays};
use jiff::civil::{Date, DateTime, Time};

use super::{Answers, Outcome};
use crate::tally::{Tally, class_of};
use crate::translate::{DAYS, date};

/// A median of fewer durations says little.
const DURATIONS_AT_LEAST: usize = 10;
/// An answer is too fast below this part of the median.
const MEDIAN_OVER_SHORTEST: u64 = 3;

/// A day, with its time where the export tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Moment {
    day: Date,
    time: Option<Time>,
}

impl Moment {
    /// Reads a day in one of the forms of dates, alone or followed by a blank or `T` and a time such as `9:05`, `09:05:30`,
    /// `09:05:30.25`, `09:05:30Z`, `9:05 PM`.
    fn read(raw: &str, slashed: Option<SlashedDays>) -> Option<Self> {
        let Some((day, time)) = raw.split_once([' ', 'T']) else {
            return Some(Self { day: date(raw, slashed)?, time: None });
        };
        let (time, half) = half_of_day(time.trim_start().trim_end_matches('Z'));
        let parts: Vec<&str> = time.split(':').collect();
        let (hour, minute, second) = match parts[..] {
            [hour, minute] => (hour, minute, "0"),
            [hour, minute, second] => (hour, minute, second.split_once('.').map_or(second, |(whole, _)| whole)),
            _ => return None,
        };
        let number = |digits: &str| digits.parse::<i8>().ok().filter(|_| digits.bytes().all(|it| it.is_ascii_digit()));
        let hour = number(hour)?;
        let hour = match half {
            None => hour,
            // Noon and midnight are 12 of the half that they begin.
            Some(half) if (1..=12).contains(&hour) => hour % 12 + if half == HalfOfDay::After { 12 } else { 0 },
            Some(_) => return None,
        };
        let time = Time::new(hour, number(minute)?, number(second)?, 0).ok()?;
        Some(Self { day: date(day, slashed)?, time: Some(time) })
    }

    fn to_datetime(self) -> Option<DateTime> {
        Some(self.day.to_datetime(self.time?))
    }
}

/// Before or after noon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HalfOfDay {
    Before,
    After,
}

/// A time without the word that tells its half of the day, and that half.
fn half_of_day(time: &str) -> (&str, Option<HalfOfDay>) {
    let ends = |word: &str| {
        let at = time.len().checked_sub(word.len())?;
        time.get(at..).filter(|end| end.eq_ignore_ascii_case(word)).map(|_| time[..at].trim_end())
    };
    match (ends("AM"), ends("PM")) {
        (Some(rest), _) => (rest, Some(HalfOfDay::Before)),
        (None, Some(rest)) => (rest, Some(HalfOfDay::After)),
        (None, None) => (time, None),
    }
}

/// A column of moments, one for each unit.
struct Moments<'a> {
    name: &'a str,
    of_units: Vec<Option<Moment>>,
}

/// The day of a moment of the export; `None` where it tells none that can be read.
pub(crate) fn day(raw: &str, slashed: Option<SlashedDays>) -> Option<Date> {
    Moment::read(raw, slashed).map(|moment| moment.day)
}

impl Answers<'_> {
    /// Compares the moments of the export with the days of fieldwork and with each other. Gives the median duration in seconds.
    pub(super) fn check_times(&self, outcome: &mut Outcome<'_>) -> Option<u64> {
        let times = &self.wave.answers.times;
        let started = times.started.as_deref().and_then(|name| self.moments(name, outcome));
        let finished = times.finished.as_deref().and_then(|name| self.moments(name, outcome));
        if let Some(period) = &self.wave.fieldwork {
            for moments in started.iter().chain(&finished) {
                self.check_days(moments, period, outcome);
            }
        }
        let durations = self.durations(&started?, finished.as_ref()?, outcome);
        let median = median(durations.iter().filter_map(|seconds| *seconds).collect());
        self.check_speed(&durations, median, finished.as_ref()?.name, outcome);
        median
    }

    /// The moments that a column tells. One that cannot be read is told; an empty cell is none.
    fn moments<'m>(&self, name: &'m str, outcome: &mut Outcome<'_>) -> Option<Moments<'m>> {
        let raw = self.answers.data.column(name)?;
        let read: Vec<Option<Moment>> =
            raw.values().iter().map(|value| Moment::read(value, self.wave.answers.slashed_days)).collect();
        let mut unreadable = Tally::new(Severity::Error, "bad-moment", "moment that cannot be read".to_owned())
            .hint(format!("{DAYS}; times stand behind them: 23:59, 23:59:59 or 11:59 PM"));
        let mut of_units = Vec::with_capacity(self.units());
        for (unit, row) in self.answers.rows.iter().enumerate() {
            let moment = row.and_then(|row| read[raw.index(row)]);
            if let Some(row) = row
                && moment.is_none()
                && !raw.value(row).is_empty()
            {
                unreadable.add_class(self.answers.row_number(unit), &class_of(raw.value(row)));
            }
            of_units.push(moment);
        }
        outcome.record(CheckKind::Fieldwork, None, unreadable, (&self.answers.data.path, name));
        Some(Moments { name, of_units })
    }

    fn check_days(&self, moments: &Moments<'_>, period: &FieldworkPeriod, outcome: &mut Outcome<'_>) {
        let statement = "answer outside the days of fieldwork".to_owned();
        let mut outside = Tally::new(Severity::Error, "outside-fieldwork", statement)
            .hint(format!("fieldwork is told at {}", period.place));
        for (unit, moment) in moments.of_units.iter().enumerate() {
            let Some(Moment { day, .. }) = moment else { continue };
            if *day < period.from {
                outside.add_class(self.answers.row_number(unit), &format!("a day before {}", period.from));
            } else if *day > period.to {
                outside.add_class(self.answers.row_number(unit), &format!("a day after {}", period.to));
            }
        }
        outcome.record(CheckKind::Fieldwork, None, outside, (&self.answers.data.path, moments.name));
    }

    /// How many seconds each answer took, where both moments have a time.
    fn durations(&self, started: &Moments<'_>, finished: &Moments<'_>, outcome: &mut Outcome<'_>) -> Vec<Option<u64>> {
        let statement = "answer finished before it was started".to_owned();
        let mut backwards = Tally::new(Severity::Error, "finished-before-started", statement)
            .hint("are started and finished under [answers] the right way round?");
        let mut durations = Vec::with_capacity(self.units());
        for (unit, (started, finished)) in started.of_units.iter().zip(&finished.of_units).enumerate() {
            let moments = started.and_then(Moment::to_datetime).zip(finished.and_then(Moment::to_datetime));
            // The clocks of an export have no zone; an answer across the night of a change of clocks is an hour off.
            let seconds = moments.map(|(started, finished)| finished.duration_since(started).as_secs());
            if seconds.is_some_and(|seconds| seconds < 0) {
                backwards.add(self.answers.row_number(unit));
            }
            durations.push(seconds.and_then(|seconds| u64::try_from(seconds).ok()));
        }
        outcome.record(CheckKind::Fieldwork, None, backwards, (&self.answers.data.path, finished.name));
        durations
    }

    /// Tells answers that took less than the wave's shortest time or, if it tells none, than a third of the median.
    fn check_speed(&self, durations: &[Option<u64>], median: Option<u64>, column: &str, outcome: &mut Outcome<'_>) {
        let stated = self.wave.fieldwork.as_ref().and_then(|period| period.shortest_minutes);
        let (shortest, than) = match (stated, median) {
            (Some(minutes), _) => (minutes * 60, format!("{minutes} minutes")),
            (None, Some(median)) => (median.div_ceil(MEDIAN_OVER_SHORTEST), "a third of the median".to_owned()),
            (None, None) => return,
        };
        let mut fast = Tally::new(Severity::Warning, "speeding", format!("answer given in less time than {than}"))
            .hint("can the questions be read so fast?");
        for (unit, seconds) in durations.iter().enumerate() {
            if seconds.is_some_and(|seconds| seconds < shortest) {
                fast.add(self.answers.row_number(unit));
            }
        }
        outcome.record(CheckKind::Speeding, None, fast, (&self.answers.data.path, column));
    }
}

/// The lower median, which is one of the durations; `None` of few.
fn median(mut durations: Vec<u64>) -> Option<u64> {
    durations.sort_unstable();
    let middle = durations.len().checked_sub(1)? / 2;
    (durations.len() >= DURATIONS_AT_LEAST).then(|| durations[middle])
}

#[cfg(test)]
mod tests {
    use codebook::SlashedDays;

    use super::Moment;

    #[test]
    fn moments_are_read_in_the_forms_of_survey_tools_and_no_other() {
        let read = |raw: &str| Moment::read(raw, None).map(|moment| (moment.day.to_string(), moment.time.is_some()));
        let day = |has_time| Some(("2020-02-01".to_owned(), has_time));
        for raw in ["2020-02-01 14:28:00", "2020-02-01T14:28:00Z", "01-02-2020 14:28", "01.02.2020  9:05:30.25"] {
            assert_eq!(read(raw), day(true), "{raw}");
        }
        assert_eq!(read("2020-02-01"), day(false));
        for raw in
            ["", "2020-02-30 10:00", "2020-02-01 24:00", "2020-02-01 10:61", "2/1/2020 10:00", "2020-02-01 +1:00"]
        {
            assert_eq!(read(raw), None, "{raw}");
        }
    }

    #[test]
    fn a_time_may_be_told_by_its_half_of_the_day() {
        let read = |raw: &str| {
            let moment = Moment::read(raw, Some(SlashedDays::MonthFirst)).expect("it is a moment");
            moment.to_datetime().expect("it has a time").to_string()
        };
        assert_eq!(read("2/1/2020 9:05:00 AM"), "2020-02-01T09:05:00");
        assert_eq!(read("2/1/2020 9:05 pm"), "2020-02-01T21:05:00");
        assert_eq!(read("2/1/2020 12:05 AM"), "2020-02-01T00:05:00");
        assert_eq!(read("2/1/2020 12:05 PM"), "2020-02-01T12:05:00");
        assert_eq!(Moment::read("2020-02-01 13:05 PM", None), None);
    }
}
