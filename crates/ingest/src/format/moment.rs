//! Moments and times as every reader writes them: `2019-12-31 23:59:59`, with a fraction of a second only where there is one.

use jiff::civil::{DateTime, Time};

/// A moment without a time zone.
pub(super) fn moment_text(moment: DateTime) -> String {
    format!("{} {}", moment.date(), time_text(moment.time()))
}

/// A time of day.
pub(super) fn time_text(time: Time) -> String {
    let fraction = fraction(time.subsec_nanosecond());
    format!("{:02}:{:02}:{:02}{fraction}", time.hour(), time.minute(), time.second())
}

/// `.5` for half a second, nothing for a whole one.
pub(super) fn fraction(nanoseconds: i32) -> String {
    match nanoseconds {
        0 => String::new(),
        some => format!(".{some:09}").trim_end_matches('0').to_owned(),
    }
}
