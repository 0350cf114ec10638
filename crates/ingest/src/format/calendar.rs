//! Seconds since an epoch, as SPSS and Stata store days and moments, and numbers as the shortest text that means them.
//!
//! What is outside the calendar of jiff (years −9999 to 9999) stays a number: nothing is lost, and no date is invented.

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Span, Unit};

use super::moment::{fraction, moment_text};

/// The shortest decimal that means a number.
pub(super) fn decimal(number: f64) -> String {
    // Adding zero makes a negative zero positive.
    (number + 0.0).to_string()
}

/// The day, `2019-12-31`, so many seconds after midnight of `epoch`; with its time where it is not midnight.
pub(super) fn day(epoch: Date, seconds: f64) -> Option<String> {
    let moment = after(epoch, seconds)?;
    let is_midnight = moment.time() == jiff::civil::Time::midnight();
    Some(if is_midnight { moment.date().to_string() } else { moment_text(moment) })
}

/// The moment, `2019-12-31 23:59:59`, so many seconds after midnight of `epoch`.
pub(super) fn moment(epoch: Date, seconds: f64) -> Option<String> {
    after(epoch, seconds).map(moment_text)
}

/// A time of day or a duration, `27:30:00`.
pub(super) fn clock(seconds: f64) -> Option<String> {
    let duration = to_the_millisecond(seconds)?;
    let sign = if duration.is_negative() { "-" } else { "" };
    let (whole, nanoseconds) = (duration.as_secs().unsigned_abs(), duration.subsec_nanos().abs());
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60);
    Some(format!("{sign}{hours:02}:{minutes:02}:{rest:02}{}", fraction(nanoseconds)))
}

fn after(epoch: Date, seconds: f64) -> Option<DateTime> {
    let since = to_the_millisecond(seconds)?;
    // One step would count nanoseconds in 64 bits, which end after 292 years.
    let days = since.as_hours() / 24;
    let day = epoch.checked_add(Span::new().try_days(days).ok()?).ok()?;
    day.at(0, 0, 0, 0).checked_add(since.checked_sub(SignedDuration::try_from_hours(days * 24)?)?).ok()
}

/// Doubles hold a moment of our time since 1582 to about two microseconds.
fn to_the_millisecond(seconds: f64) -> Option<SignedDuration> {
    SignedDuration::try_from_secs_f64(seconds).ok()?.round(Unit::Millisecond).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{clock, day, decimal, moment};

    #[test]
    fn days_and_moments_are_counted_from_the_epoch_of_the_format() {
        // SPSS's manual: the calendar began on 14 October 1582; its first full day is 86,400.
        assert_eq!(day(date(1582, 10, 14), 86_400.0).as_deref(), Some("1582-10-15"));
        assert_eq!(day(date(1582, 10, 14), 13_797_129_600.0).as_deref(), Some("2019-12-31"));
        assert_eq!(day(date(1960, 1, 1), -86_400.0).as_deref(), Some("1959-12-31"));
        assert_eq!(day(date(1960, 1, 1), -1.0).as_deref(), Some("1959-12-31 23:59:59"));
        assert_eq!(moment(date(1960, 1, 1), 0.0).as_deref(), Some("1960-01-01 00:00:00"));
        assert_eq!(moment(date(1960, 1, 1), 1.25).as_deref(), Some("1960-01-01 00:00:01.25"));
    }

    #[test]
    fn what_no_calendar_has_is_no_day() {
        for seconds in [f64::NAN, f64::INFINITY, 1e300, -1e300, 1e15, -1e15] {
            assert_eq!(day(date(1960, 1, 1), seconds), None, "{seconds}");
        }
        assert_eq!(clock(1e300), None);
    }

    #[test]
    fn a_duration_may_be_longer_than_a_day() {
        assert_eq!(clock(99_000.5).as_deref(), Some("27:30:00.5"));
        assert_eq!(clock(-60.0).as_deref(), Some("-00:01:00"));
    }

    #[test]
    fn a_number_is_the_shortest_decimal_that_means_it() {
        assert_eq!([0.1, 17.0, -0.0, 1e-5].map(decimal), ["0.1", "17", "0", "0.00001"]);
    }
}
