//! Excel's numbers as days, moments and times: a date is a count of days since an epoch, and only the cell's format tells that it is
//! one.

use jiff::civil::{Date, DateTime, date};
use jiff::{SignedDuration, Span, Unit};

use super::sheet::Role;
use crate::format::moment::{fraction, moment_text, time_text};

/// The first day of a workbook's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Epoch {
    /// Windows: day 1 is 1900-01-01, and 1900 has a 29 February that never was.
    From1900,
    /// Old Macs: day 0 is 1904-01-01.
    From1904,
}

/// What a number's format shows of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    Number,
    Day,
    /// A day with a time.
    Moment,
    /// A time of day.
    Time,
    /// Hours that may be more than a day has.
    Duration,
}

/// The last day that Excel knows: 9999-12-31.
const DAYS_AT_MOST: f64 = 2_958_465.0;

impl Shown {
    /// What Excel's built-in format of this number shows (ECMA-376, 18.8.30; those of East Asia are days but for some times).
    pub(super) fn built_in(number: u32) -> Self {
        match number {
            14..=17 | 27..=31 | 36 | 50..=54 | 57..=58 => Self::Day,
            18..=21 | 32..=35 | 45 | 47 | 55..=56 => Self::Time,
            22 => Self::Moment,
            46 => Self::Duration,
            _ => Self::Number,
        }
    }

    /// What a format shows that is written out, such as `dd/mm/yyyy hh:mm`.
    pub(super) fn of_format(format: &str) -> Self {
        let (mut day, mut time, mut duration, mut month_or_minute) = (false, false, false, false);
        let mut letters = format.chars();
        while let Some(letter) = letters.next() {
            match letter {
                // Only the first section counts: the others are for negative numbers, zero and text.
                ';' => break,
                '"' => {
                    letters.by_ref().find(|quoted| *quoted == '"');
                }
                // The next letter is shown as it is, or not at all.
                '\\' | '_' | '*' => {
                    letters.next();
                }
                '[' => {
                    let bracket: String = letters.by_ref().take_while(|inside| *inside != ']').collect();
                    let is_elapsed =
                        |unit| !bracket.is_empty() && bracket.chars().all(|letter| letter.eq_ignore_ascii_case(&unit));
                    duration |= ['h', 'm', 's'].into_iter().any(is_elapsed);
                }
                'y' | 'Y' | 'd' | 'D' => day = true,
                'h' | 'H' | 's' | 'S' => time = true,
                'm' | 'M' => month_or_minute = true,
                _ => {}
            }
        }
        match (duration, day, time, month_or_minute) {
            (true, false, ..) => Self::Duration,
            (_, true, true, _) => Self::Moment,
            (_, true, false, _) | (false, false, false, true) => Self::Day,
            (false, false, true, _) => Self::Time,
            (false, false, false, false) => Self::Number,
        }
    }

    /// The text of a number in a cell of this format. A number that is no date in Excel's calendar stays a number.
    pub(super) fn text(self, number: f64, epoch: Epoch) -> (String, Role) {
        let text = match self {
            Self::Number => None,
            Self::Day | Self::Moment | Self::Time => {
                moment(number, epoch).map(|moment| self.moment_text(moment, number))
            }
            Self::Duration => elapsed(number),
        };
        text.map_or_else(|| (decimal(number), Role::Number), |text| (text, Role::Date))
    }

    fn moment_text(self, moment: DateTime, number: f64) -> String {
        let is_midnight = moment.time() == jiff::civil::Time::midnight();
        match self {
            Self::Time if number < 1.0 => time_text(moment.time()),
            Self::Day if is_midnight => moment.date().to_string(),
            // A time that the format hides is still in the cell.
            Self::Day | Self::Moment | Self::Time | Self::Number | Self::Duration => moment_text(moment),
        }
    }
}

/// A day, or a moment, as ISO writes it and ods and xlsx files hold it. `None` when it is neither.
pub(super) fn iso(text: &str) -> Option<String> {
    match text.parse::<DateTime>() {
        Ok(moment) if text.contains(['T', ' ']) => Some(moment_text(moment)),
        Ok(moment) => Some(moment.date().to_string()),
        Err(_) => None,
    }
}

/// A time or duration as ISO writes it, `PT08H30M00S`, as a clock shows it: `08:30:00`.
pub(super) fn iso_duration(text: &str) -> Option<String> {
    text.parse::<SignedDuration>().ok().and_then(clock)
}

/// The shortest decimal that means a number.
pub(super) fn decimal(number: f64) -> String {
    // Adding zero makes a negative zero positive.
    (number + 0.0).to_string()
}

fn moment(number: f64, epoch: Epoch) -> Option<DateTime> {
    if !(0.0..DAYS_AT_MOST + 1.0).contains(&number) {
        return None;
    }
    let zero: Date = match epoch {
        Epoch::From1904 => date(1904, 1, 1),
        Epoch::From1900 if number < 60.0 => date(1899, 12, 31),
        // The day that Excel invented.
        Epoch::From1900 if number < 61.0 => return None,
        Epoch::From1900 => date(1899, 12, 30),
    };
    let since_zero = since_midnight(number)?;
    // One step would count nanoseconds in 64 bits, which end after 292 years.
    let days = since_zero.as_hours() / 24;
    let day = zero.checked_add(Span::new().try_days(days).ok()?).ok()?;
    day.at(0, 0, 0, 0).checked_add(since_zero.checked_sub(SignedDuration::from_hours(days * 24))?).ok()
}

/// So many days, to the millisecond: doubles hold a moment of our time to about a microsecond.
fn since_midnight(days: f64) -> Option<SignedDuration> {
    SignedDuration::try_from_secs_f64(days * 86_400.0).ok()?.round(Unit::Millisecond).ok()
}

fn elapsed(days: f64) -> Option<String> {
    since_midnight(days).and_then(clock)
}

/// `27:30:00`.
fn clock(duration: SignedDuration) -> Option<String> {
    if duration.is_negative() {
        return None;
    }
    let seconds = duration.as_secs();
    let fraction = fraction(duration.subsec_nanos());
    Some(format!("{:02}:{:02}:{:02}{fraction}", seconds / 3600, seconds / 60 % 60, seconds % 60))
}

#[cfg(test)]
mod tests {
    use super::{Epoch, Role, Shown, iso, iso_duration};

    fn text(format: &str, number: f64) -> String {
        Shown::of_format(format).text(number, Epoch::From1900).0
    }

    /// Days and their numbers as Excel's own manual gives them: 1 is 1900-01-01, 39448 is 2008-01-01.
    #[test]
    fn a_date_is_read_from_the_number_that_excel_stores() {
        assert_eq!(text("dd/mm/yyyy", 1.0), "1900-01-01");
        assert_eq!(text("dd/mm/yyyy", 59.0), "1900-02-28");
        assert_eq!(text("dd/mm/yyyy", 61.0), "1900-03-01");
        assert_eq!(text("d. mmm yy", 39_448.0), "2008-01-01");
        assert_eq!(text("yyyy", 2_958_465.0), "9999-12-31");
        assert_eq!(Shown::Day.text(0.0, Epoch::From1904).0, "1904-01-01");
        assert_eq!(Shown::Day.text(39_448.0 - 1462.0, Epoch::From1904).0, "2008-01-01");
    }

    #[test]
    fn what_is_no_date_in_excels_calendar_stays_a_number() {
        for number in [60.0, -1.0, 2_958_466.0, 1e300] {
            assert_eq!(Shown::Day.text(number, Epoch::From1900), (number.to_string(), Role::Number));
        }
    }

    #[test]
    fn a_time_that_the_format_hides_is_kept() {
        assert_eq!(text("yyyy-mm-dd", 43_773.5), "2019-11-04 12:00:00");
        assert_eq!(text("yyyy-mm-dd hh:mm", 43_773.0), "2019-11-04 00:00:00");
        assert_eq!(text("hh:mm", 0.75), "18:00:00");
        assert_eq!(text("hh:mm", 43_773.75), "2019-11-04 18:00:00");
        assert_eq!(text("[h]:mm:ss", 1.0 + 3.5 / 24.0), "27:30:00");
        assert_eq!(text("hh:mm:ss.0", 0.5 + 0.5 / 86_400.0), "12:00:00.5");
        assert_eq!(text("yyyy-mm-dd hh:mm:ss", 43_831.0 - 1.0 / 86_400.0), "2019-12-31 23:59:59");
    }

    #[test]
    fn letters_that_a_format_only_shows_make_no_date() {
        for format in
            ["General", "0.00", "#,##0\" days\"", "0\\d", "0_d", "[Red]0.0;[Blue]yyyy", "#,##0 [$kr.-406]", "@"]
        {
            assert_eq!(Shown::of_format(format), Shown::Number, "{format}");
        }
        assert_eq!(Shown::of_format("[$-406]d. mmmm yyyy;@"), Shown::Day);
        assert_eq!(Shown::of_format("mmm-yy"), Shown::Day);
        assert_eq!(Shown::of_format("h:mm AM/PM"), Shown::Time);
        assert_eq!(Shown::of_format("mm:ss"), Shown::Time);
    }

    #[test]
    fn iso_dates_and_times_of_an_ods_file() {
        assert_eq!(iso("2019-11-04").as_deref(), Some("2019-11-04"));
        assert_eq!(iso("2019-11-04T08:30:00").as_deref(), Some("2019-11-04 08:30:00"));
        assert_eq!(iso("4.11.2019"), None);
        assert_eq!(iso_duration("PT08H30M00S").as_deref(), Some("08:30:00"));
        assert_eq!(iso_duration("PT27H30M00.5S").as_deref(), Some("27:30:00.5"));
        assert_eq!(iso_duration("half past eight"), None);
    }
}
