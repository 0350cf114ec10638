//! What a cell looks like: a number, a day, a mark for a missing answer, or text.

use codebook::{Decimal, SlashedDays};

use crate::translate::date;

/// What one cell looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Integer(i64),
    /// A number with decimals.
    Decimal {
        mark: char,
    },
    /// A number in which both marks stand, such as `1.234,5`.
    Grouped,
    /// A day as ingest reads it.
    Date {
        order: Order,
    },
    /// A day with a time.
    Moment {
        order: Order,
    },
    /// TRUE or FALSE.
    Condition,
    /// What programs write where an answer is missing.
    MissingMark,
    Text,
}

/// What a day tells of the order in which it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// It needs none to be read.
    Plain,
    /// It has slashes, and only one number can be that of the day.
    Told(SlashedDays),
    /// It has slashes, and either number can be that of the day.
    Open,
}

/// What programs write where an answer is missing: R, LimeSurvey, Excel, SQL, SPSS, Python and Stata.
const MISSING_MARKS: [&str; 8] = ["NA", "N/A", "#N/A", "NULL", "#NULL!", "NaN", "nan", "."];

impl Shape {
    /// The shape of a cell that is not empty.
    pub(super) fn of(text: &str) -> Self {
        if MISSING_MARKS.contains(&text) {
            return Self::MissingMark;
        }
        let first = text.bytes().next().unwrap_or(b' ');
        if first.is_ascii_digit() || matches!(first, b'-' | b'+') {
            return number(text).or_else(|| day(text)).unwrap_or(Self::Text);
        }
        if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") {
            Self::Condition
        } else {
            Self::Text
        }
    }
}

/// A number as ingest reads it, or one with marks between its thousands.
fn number(text: &str) -> Option<Shape> {
    let is_plain = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b',' | b'.' | b'e' | b'E');
    if !text.bytes().all(is_plain) {
        return None;
    }
    let reads = |mark| Decimal::parse(text, mark).ok().filter(|number| number.is_answer_sized());
    match (text.contains('.'), text.contains(',')) {
        (false, false) => match text.parse() {
            Ok(number) if reads('.').is_some() => Some(Shape::Integer(number)),
            Ok(_) => None,
            // A number as 2e3 has neither mark and may have decimals; a point is what its writer would have set.
            Err(_) => reads('.').map(|_| Shape::Decimal { mark: '.' }),
        },
        (true, false) => reads('.').map(|_| Shape::Decimal { mark: '.' }),
        (false, true) => reads(',').map(|_| Shape::Decimal { mark: ',' }),
        (true, true) => is_grouped(text).then_some(Shape::Grouped),
    }
}

/// `1.234,5` and `12,345.67`: groups of three, then the other mark once.
fn is_grouped(text: &str) -> bool {
    let unsigned = text.trim_start_matches(['-', '+']);
    let Some(mark) = unsigned.chars().rev().find(|character| matches!(character, ',' | '.')) else { return false };
    let Some((whole, decimals)) = unsigned.rsplit_once(mark) else { return false };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let mut groups = whole.split(if mark == ',' { '.' } else { ',' });
    let first_fits = groups.next().is_some_and(|first| (1..=3).contains(&first.len()) && digits(first));
    first_fits && digits(decimals) && groups.all(|group| group.len() == 3 && digits(group))
}

fn day(text: &str) -> Option<Shape> {
    if !(8..=35).contains(&text.len()) {
        return None;
    }
    match text.split_once([' ', 'T']) {
        None => order(text).map(|order| Shape::Date { order }),
        Some((day, time)) => {
            let clock = time.trim_end_matches(['A', 'P', 'M', 'a', 'p', 'm', ' ']);
            let is_time = clock.contains(':')
                && clock.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.' | b'Z' | b'+' | b'-'));
            order(day).filter(|_| is_time).map(|order| Shape::Moment { order })
        }
    }
}

/// The order in which a text is a day; `None` where it is none.
fn order(text: &str) -> Option<Order> {
    let is_day = |slashed| date(text, slashed).is_some();
    let [day_first, month_first] = SlashedDays::ALL.map(|slashed| is_day(Some(slashed)));
    match (is_day(None), day_first, month_first) {
        (true, ..) => Some(Order::Plain),
        (false, true, true) => Some(Order::Open),
        (false, true, false) => Some(Order::Told(SlashedDays::DayFirst)),
        (false, false, true) => Some(Order::Told(SlashedDays::MonthFirst)),
        (false, false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use codebook::SlashedDays;

    use super::{Order, Shape};

    #[test]
    fn numbers_days_and_marks_are_told_apart() {
        let decimal = |mark| Shape::Decimal { mark };
        let plain = Order::Plain;
        for (text, shape) in [
            ("7", Shape::Integer(7)),
            ("-99", Shape::Integer(-99)),
            ("007", Shape::Integer(7)),
            ("3,5", decimal(',')),
            ("3.5", decimal('.')),
            ("1.234,5", Shape::Grouped),
            ("12,345.67", Shape::Grouped),
            ("1.23,45.6", Shape::Text),
            ("2019-12-31", Shape::Date { order: plain }),
            ("31.12.2019", Shape::Date { order: plain }),
            ("31-12-2019 23:59", Shape::Moment { order: plain }),
            ("2019-12-31T23:59:59Z", Shape::Moment { order: plain }),
            ("31/12/2019", Shape::Date { order: Order::Told(SlashedDays::DayFirst) }),
            ("12/31/2019", Shape::Date { order: Order::Told(SlashedDays::MonthFirst) }),
            ("3/4/2019", Shape::Date { order: Order::Open }),
            ("2/4/2019 10:00:00 AM", Shape::Moment { order: Order::Open }),
            ("2019/12/31", Shape::Date { order: plain }),
            ("13/13/2019", Shape::Text),
            ("2019-13-31", Shape::Text),
            ("TRUE", Shape::Condition),
            ("NA", Shape::MissingMark),
            ("3-9", Shape::Text),
            ("50+", Shape::Text),
            ("Ja", Shape::Text),
            ("1234567890123456789", Shape::Text),
        ] {
            assert_eq!(Shape::of(text), shape, "{text}");
        }
    }
}
