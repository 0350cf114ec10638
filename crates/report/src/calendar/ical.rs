//! The calendar as iCalendar (RFC 5545): CRLF, lines of at most 75 octets, an event for each edition.

use super::Entry;

/// Octets of a line without its end.
const OCTETS: usize = 75;

pub(super) fn calendar(entries: &[Entry<'_>]) -> String {
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//barometer//release calendar//EN".to_owned(),
    ];
    for entry in entries {
        lines.extend(event(entry));
    }
    lines.push("END:VCALENDAR".to_owned());
    lines.iter().map(|line| format!("{}\r\n", folded(line))).collect()
}

fn event(entry: &Entry<'_>) -> Vec<String> {
    let basic = |text: &str| text.replace(['-', ':'], "");
    let day = basic(&entry.date().to_string());
    let (start, stamp) = match entry.moment() {
        Some(at) => {
            let at = basic(&at);
            (format!("DTSTART:{at}"), at)
        }
        None => (format!("DTSTART;VALUE=DATE:{day}"), format!("{day}T000000Z")),
    };
    vec![
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}-{}@barometer", entry.id, entry.edition),
        // When the event was made would be a clock; the day of publication changes just when the event does.
        format!("DTSTAMP:{stamp}"),
        start,
        format!("SUMMARY;LANGUAGE={}:{}", entry.pack.language(), text(&entry.title())),
        "END:VEVENT".to_owned(),
    ]
}

fn text(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

/// A line in pieces that no program may break in the middle of a letter.
fn folded(line: &str) -> String {
    let (mut folded, mut octets) = (String::new(), 0);
    for letter in line.chars() {
        if octets + letter.len_utf8() > OCTETS {
            folded.push_str("\r\n ");
            octets = 1;
        }
        folded.push(letter);
        octets += letter.len_utf8();
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::{OCTETS, folded};

    #[test]
    fn long_lines_are_folded_between_letters_and_unfold_to_themselves() {
        let line = format!("SUMMARY:{}", "Innovationsbarometeret på øer ".repeat(9));
        let folded = folded(&line);
        assert!(folded.split("\r\n").all(|piece| piece.len() <= OCTETS), "{folded}");
        assert_eq!(folded.replace("\r\n ", ""), line);
    }
}
