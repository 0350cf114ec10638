//! Numbers in running text, whatever language it is in.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use report::Languages;

/// A number as it stands in a text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Written {
    /// Where it begins.
    pub(super) start: usize,
    /// Where what follows begins.
    pub(super) end: usize,
    /// What it can mean: `2.271` is more than two thousand in Danish and a little more than two in English.
    pub(super) meanings: Vec<f64>,
    /// Whether a per cent sign follows.
    pub(super) is_percent: bool,
}

impl Written {
    /// Whether it can mean this number.
    pub(super) fn can_be(&self, number: f64) -> bool {
        self.meanings.iter().any(|meaning| (meaning - number).abs() < 1e-6)
    }
}

/// How languages begin to say that a number is in per cent.
const PER_CENT: [&str; 9] =
    ["%", "per cent", "percent", "procent", "prosent", "prósent", "por ciento", "pct", "pourcent"];

/// The numbers of a text.
pub(super) fn numbers(text: &str) -> Vec<Written> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find(|letter: char| letter.is_ascii_digit()).map(|at| from + at) {
        let end = end_of_number(text, start);
        from = end;
        // What is grown together with letters is a name: q1, 2b.
        let before = text[..start].chars().next_back();
        let after = text[end..].chars().next();
        if before.is_some_and(char::is_alphabetic) || after.is_some_and(char::is_alphabetic) {
            continue;
        }
        let behind = text[end..].trim_start_matches([' ', '\u{a0}', '\u{202f}']);
        let is_percent = PER_CENT.iter().any(|words| behind.starts_with(words));
        found.push(Written { start, end, meanings: meanings(&text[start..end]), is_percent });
    }
    found
}

/// Digits, and marks that have digits on both sides; a space only before three digits that are not followed by a fourth.
fn end_of_number(text: &str, start: usize) -> usize {
    let digits =
        |from: usize| text[from..].find(|letter: char| !letter.is_ascii_digit()).map_or(text.len(), |at| from + at);
    let mut end = digits(start);
    while let Some(mark) = text[end..].chars().next() {
        let behind = end + mark.len_utf8();
        let more = digits(behind) - behind;
        let goes_on = match mark {
            '.' | ',' => more > 0,
            '\u{a0}' | '\u{202f}' | '\'' | '’' => more == 3,
            _ => false,
        };
        if !goes_on {
            break;
        }
        end = behind + more;
    }
    end
}

fn meanings(written: &str) -> Vec<f64> {
    let parts: Vec<&str> = written.split(|letter: char| !letter.is_ascii_digit()).collect();
    let (first, rest) = parts.split_first().unwrap_or((&"", &[]));
    let mut meanings: Vec<String> = Vec::new();
    if first.len() <= 3 && rest.iter().all(|part| part.len() == 3) || rest.is_empty() {
        meanings.push(parts.concat());
    }
    if let Some((decimals, whole)) = parts.split_last().filter(|_| !rest.is_empty()) {
        meanings.push(format!("{}.{decimals}", whole.concat()));
    }
    meanings.iter().filter_map(|number| number.parse().ok()).collect()
}

/// The names of months in the languages that the program carries, in small letters.
static MONTHS: LazyLock<BTreeSet<String>> =
    LazyLock::new(|| Languages::read(&[]).0.months().map(str::to_lowercase).collect());

/// Whether a number is the day of a date: `13 January 2020`, `13. januar 2020`, `13 de enero de 2020`.
pub(super) fn is_day(text: &str, number: &Written) -> bool {
    let is_small = text[number.start..number.end].parse().is_ok_and(|day: u8| (1..=31).contains(&day));
    let mut words = text[number.end..].trim_start_matches('.').split_whitespace().filter(|word| *word != "de");
    let is_year = |word: &str| {
        word.get(..4).is_some_and(|year| year.bytes().all(|it| it.is_ascii_digit()))
            && !word[4..].starts_with(|letter: char| letter.is_alphanumeric())
    };
    is_small
        && words.next().is_some_and(|month| MONTHS.contains(&month.to_lowercase()))
        && words.next().is_some_and(is_year)
}

/// At most so many letters stand between a label and the number that it is told with: `Regions: n = 3`.
const GAP: usize = 12;

/// The number that is told right behind a label, each time that the label stands in a text as a word of its own.
pub(super) fn behind_label(text: &str, label: &str) -> Vec<Written> {
    let mut found = Vec::new();
    if label.is_empty() {
        return found;
    }
    for (at, _) in text.match_indices(label) {
        let behind = at + label.len();
        let is_word = !text[..at].chars().next_back().is_some_and(char::is_alphanumeric)
            && !text[behind..].chars().next().is_some_and(char::is_alphanumeric);
        let rest = &text[behind..];
        let phrase = &rest[..rest.find(". ").or_else(|| rest.find([';', '\n'])).unwrap_or(rest.len())];
        let number = numbers(phrase).into_iter().next();
        let near = number.filter(|it| is_word && phrase[..it.start].chars().count() <= GAP);
        found.extend(near.map(|it| Written { start: behind + it.start, end: behind + it.end, ..it }));
    }
    found
}

/// At most so many letters stand between a number and the name that it is told of: `109 answers came from police`.
const GAP_BEFORE: usize = 32;

/// The number that is told right before a label, each time that the label stands in a text as a word of its own, and the phrase in which both stand.
pub(super) fn before_label<'t>(text: &'t str, label: &str) -> Vec<(Written, &'t str)> {
    let mut found = Vec::new();
    if label.is_empty() {
        return found;
    }
    for (at, _) in text.match_indices(label) {
        let behind = at + label.len();
        let is_word = !text[..at].chars().next_back().is_some_and(char::is_alphanumeric)
            && !text[behind..].chars().next().is_some_and(char::is_alphanumeric);
        let ends = [". ", "; ", "\n", "? ", "! "].iter().filter_map(|end| Some(text[..at].rfind(end)? + end.len()));
        let start = ends.max().unwrap_or(0);
        let end = text[behind..].find([';', '\n']).into_iter().chain(text[behind..].find(". ")).min();
        let phrase = &text[start..end.map_or(text.len(), |end| behind + end)];
        let number = numbers(&text[start..at]).into_iter().next_back();
        let near = number.filter(|it| is_word && text[start + it.end..at].chars().count() <= GAP_BEFORE);
        found.extend(near.map(|it| (Written { start: start + it.start, end: start + it.end, ..it }, phrase)));
    }
    found
}

/// A label as it stands within a sentence: its first letter small. `None` where it is small already.
pub(super) fn in_other_case(label: &str) -> Option<String> {
    let first = label.chars().next().filter(|letter| letter.is_uppercase())?;
    Some(first.to_lowercase().chain(label.chars().skip(1)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Vec<f64>> {
        numbers(text).into_iter().map(|number| number.meanings).collect()
    }

    #[test]
    fn numbers_are_read_in_every_form_that_a_language_writes() {
        assert_eq!(read("2,271 answers"), [[2271.0, 2.271]]);
        assert_eq!(read("2.271 svar, 80,5 %"), [vec![2271.0, 2.271], vec![80.5]]);
        assert_eq!(read("2\u{a0}271 vastausta"), [[2271.0, 2.271]]);
        assert_eq!(read("81. In 2019 (79–83)"), [[81.0], [2019.0], [79.0], [83.0]]);
        assert_eq!(read("q1 and 2b"), Vec::<Vec<f64>>::new());
        assert!(
            numbers("80,5 %")[0].is_percent
                && numbers("80 per cent")[0].is_percent
                && !numbers("80 people")[0].is_percent
        );
    }

    #[test]
    fn a_label_is_followed_by_its_number() {
        let told = |text: &str| behind_label(text, "State").iter().map(|it| it.meanings.clone()).collect::<Vec<_>>();
        assert_eq!(told("Highest: State, 85% (95% interval 82–88). Lowest: 3"), [[85.0]]);
        assert_eq!(told("State (n = 3)"), [[3.0]]);
        assert_eq!(told("Statement 3. State. 5"), Vec::<Vec<f64>>::new());
        assert_eq!(told("State and municipalities, 3"), Vec::<Vec<f64>>::new(), "too far away");
    }

    #[test]
    fn a_number_may_stand_before_its_label() {
        let told = |text: &str| {
            let found = before_label(text, "police").into_iter();
            found.map(|(number, _)| (number.meanings[0], number.is_percent)).collect::<Vec<_>>()
        };
        assert_eq!(told("109 answers came from police."), [(109.0, false)]);
        assert_eq!(told("Health is 81. 82 per cent of police innovate."), [(82.0, true)]);
        assert_eq!(told("Health is 81. Of police nothing is told."), []);
        assert_eq!(told("81 % in health; police (c)"), []);
        assert_eq!(in_other_case("Police, courts").as_deref(), Some("police, courts"));
    }

    #[track_caller]
    fn check_day(text: &str, expected: bool) {
        let written = numbers(text);
        assert_eq!(is_day(text, &written[0]), expected, "{text}");
    }

    #[test]
    fn a_day_stands_before_a_month_and_a_year() {
        for date in [
            "13 January 2020",
            "13. januar 2020,",
            "13 de enero de 2020",
            "13.\u{a0}tammikuuta 2020",
            "1 March 2020 - 2",
        ] {
            check_day(date, true);
        }
        for count in
            ["13 answers 2020", "13 January", "32 January 2020", "13 of January 2020", "130 January 2020", "13 %"]
        {
            check_day(count, false);
        }
    }
}
