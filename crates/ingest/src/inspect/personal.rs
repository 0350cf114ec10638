//! What tells who a respondent is, by what a cell looks like; [`headings`] knows the names of columns, [`persons`](super::persons) decides.
//!
//! It errs on the side of caution: a column that is classed here needlessly costs a person one look, and one that is missed could
//! cost a respondent.

use jiff::civil::Date;
use serde::Serialize;

use super::headings::{self, words};

/// What a column says about who answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Personal {
    /// An address for electronic mail.
    Email,
    /// A telephone number.
    Phone,
    /// A person's number in a national register.
    PersonalNumber,
    /// The address of a computer.
    IpAddress,
    /// Where on Earth the respondent was.
    Coordinates,
    /// A name.
    Name,
    /// A postal address.
    Address,
    /// A code whose word tells how somebody is reached.
    Contact,
    /// What may be the name of a person, or stand for one.
    MaybeName,
}

impl Personal {
    /// Its name for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Email => "e-mail address",
            Self::Phone => "telephone number",
            Self::PersonalNumber => "personal number",
            Self::IpAddress => "IP address",
            Self::Coordinates => "coordinates",
            Self::Name => "name",
            Self::Address => "postal address",
            Self::Contact => "contact",
            Self::MaybeName => "maybe a person's name",
        }
    }
}

/// Words in the name of a column of open text.
const OPEN_TEXT: [&str; 24] = [
    "text",
    "txt",
    "tekst",
    "fritekst",
    "fritext",
    "comment",
    "comments",
    "kommentar",
    "kommentarer",
    "bemærkning",
    "bemærkninger",
    "other",
    "andet",
    "annet",
    "annat",
    "muu",
    "annað",
    "anders",
    "otro",
    "specify",
    "uddyb",
    "beskriv",
    "describe",
    "opmerking",
];
/// Words in the name of a column that identifies a unit.
const IDENTIFIER: [&str; 12] =
    ["id", "nr", "no", "number", "nummer", "key", "code", "respondentid", "responseid", "løbenr", "lopenr", "uuid"];

/// Whether a column of this name may tell who answered.
pub(crate) fn identifies_by_name(name: &str) -> bool {
    headings::by_name(name).is_some()
}

/// Whether a column of this name holds answers in the respondent's own words.
pub(super) fn is_open_text(name: &str) -> bool {
    words(name).iter().any(|word| OPEN_TEXT.contains(&word.as_str()))
}

/// Whether a column of this name may identify a unit.
pub(super) fn is_identifier(name: &str) -> bool {
    let words = words(name);
    words.iter().any(|word| IDENTIFIER.contains(&word.as_str()) || word.ends_with("id"))
}

/// What one text tells about who answered.
pub(super) fn in_text(text: &str) -> Option<Personal> {
    if holds_email(text) {
        Some(Personal::Email)
    } else if is_ip_address(text) {
        Some(Personal::IpAddress)
    } else if is_personal_number(text) {
        Some(Personal::PersonalNumber)
    } else if is_phone(text) {
        Some(Personal::Phone)
    } else {
        None
    }
}

/// Whether an address for electronic mail stands in a text.
fn holds_email(text: &str) -> bool {
    text.split_whitespace().any(is_email)
}

/// Whether a text that is none of a respondent's own, such as the name of a column or the word of a code, tells how somebody is reached:
/// by mail, or by a telephone number with its country.
pub(crate) fn holds_contact(text: &str) -> bool {
    let is_telephone = |rest: &str| {
        let is_plain = |letter: &char| letter.is_ascii_digit() || matches!(letter, ' ' | '-' | '(' | ')' | '/');
        let digits = rest.chars().take_while(is_plain).filter(char::is_ascii_digit).count();
        rest.starts_with(|first: char| first.is_ascii_digit()) && digits >= 8
    };
    holds_email(text) || text.split('+').skip(1).any(is_telephone)
}

fn is_email(text: &str) -> bool {
    let text = text.trim_matches(|character: char| !character.is_alphanumeric());
    let Some((local, domain)) = text.split_once('@') else { return false };
    !local.is_empty() && domain.split_once('.').is_some_and(|(host, top)| !host.is_empty() && !top.is_empty())
}

fn is_ip_address(text: &str) -> bool {
    let octets: Vec<&str> = text.split('.').collect();
    let is_octet = |part: &&str| (1..=3).contains(&part.len()) && part.parse::<u8>().is_ok();
    let is_fourth = octets.len() == 4 && octets.iter().all(is_octet);
    let colons = text.bytes().filter(|byte| *byte == b':').count();
    let is_hexadecimal = text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':');
    // A time has at most two colons.
    is_fourth || (is_hexadecimal && (colons > 2 || text.contains("::")))
}

/// A telephone number as people write one: with a plus, or in groups.
fn is_phone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_plain = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'+' | b' ' | b'-' | b'(' | b')' | b'/');
    let groups: Vec<&str> = text.split([' ', '-']).collect();
    let in_groups = groups.len() >= 3 && groups.iter().all(|group| (1..=5).contains(&group.len()));
    (8..=15).contains(&digits) && text.bytes().all(is_plain) && (text.starts_with('+') || in_groups)
}

/// A number of a person as it is written with its sign: Danish and Icelandic `010170-1234`, Swedish `700101-1234` and
/// `19700101-1234`, Finnish `010170-123A`.
fn is_personal_number(text: &str) -> bool {
    let Some((born, number)) = text.split_once(['-', '+']).or_else(|| finnish_since_2000(text)) else { return false };
    let is_number = number.len() == 4
        && number.bytes().take(3).all(|byte| byte.is_ascii_digit())
        && number.bytes().skip(3).all(|byte| byte.is_ascii_alphanumeric());
    is_number && is_birthday(born)
}

/// The parts around the letter that stands for the century.
fn finnish_since_2000(text: &str) -> Option<(&str, &str)> {
    text.split_once(['A', 'B', 'C', 'D', 'E', 'F'])
}

/// Whether digits alone may be the number of a person: ten of Denmark, Iceland and Sweden, eleven of Norway, twelve of Sweden.
/// Some other numbers look alike, so only a whole column tells.
pub(crate) fn may_be_personal_number(text: &str) -> bool {
    let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    is_digits
        && matches!(text.len(), 10..=12)
        && text.get(..if text.len() == 12 { 8 } else { 6 }).is_some_and(is_birthday)
}

/// Digits of a day: `010170`, `700101` or `19700101`. Days may be raised by 40 or 60, as of people without a register entry.
fn is_birthday(digits: &str) -> bool {
    let number = |range: std::ops::Range<usize>| digits.get(range).and_then(|text| text.parse::<i8>().ok());
    let is_day = |month: Option<i8>, day: Option<i8>| {
        let day = day.map(|day| {
            if day > 60 {
                day - 60
            } else if day > 40 {
                day - 40
            } else {
                day
            }
        });
        // Any leap year: the century is not told.
        month.zip(day).is_some_and(|(month, day)| Date::new(2000, month, day).is_ok())
    };
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    match digits.len() {
        6 => is_day(number(2..4), number(0..2)) || is_day(number(2..4), number(4..6)),
        8 => matches!(digits.get(..2), Some("18" | "19" | "20")) && is_day(number(4..6), number(6..8)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Personal, holds_contact, in_text, is_identifier, is_open_text, may_be_personal_number};

    #[test]
    fn names_of_columns_tell_own_words_and_ids() {
        assert!(is_open_text("Q5_4_TEXT") && is_open_text("Q1[other]") && !is_open_text("s_1"));
        assert!(is_identifier("ResponseId") && is_identifier("respondentid") && !is_identifier("turnover"));
    }

    #[test]
    fn texts_that_identify_are_known_by_their_form() {
        for (text, personal) in [
            ("bo@kommune.example", Some(Personal::Email)),
            ("write to bo@kommune.example, please", Some(Personal::Email)),
            ("+45 12 34 56 78", Some(Personal::Phone)),
            ("12 34 56 78", Some(Personal::Phone)),
            ("010170-1234", Some(Personal::PersonalNumber)),
            ("19700131-1234", Some(Personal::PersonalNumber)),
            ("010170A123X", Some(Personal::PersonalNumber)),
            ("192.168.0.17", Some(Personal::IpAddress)),
            ("2001:db8::1", Some(Personal::IpAddress)),
            ("3-9", None),
            ("2018-2019", None),
            ("12:34:56", None),
            ("Municipality", None),
            ("990070-1234", None),
        ] {
            assert_eq!(in_text(text), personal, "{text}");
        }
        assert!(may_be_personal_number("0101701234") && !may_be_personal_number("9999991234"));
    }

    #[test]
    fn names_and_words_may_tell_how_somebody_is_reached() {
        for text in ["sent to bo@kommune.example", "Bo, tlf. +45 12 34 56 78", "+4512345678"] {
            assert!(holds_contact(text), "{text}");
        }
        for text in ["q1", "50+ employees, 2018-2019", "2018 + 2019", "1+2", "Share of @", "+45 1234"] {
            assert!(!holds_contact(text), "{text}");
        }
    }
}
