//! Which bytes of a record stand in quotes, by the CSV reader's own rules; it does not tell.

use super::MISSING_MARK;

/// Where in a record a byte leaves its reader, by the CSV reader's own rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    FieldStart,
    Plain,
    Quoted,
    AfterQuote,
}

impl At {
    fn step(self, byte: u8, delimiter: u8) -> Self {
        match (self, byte) {
            (Self::Quoted, b'"') => Self::AfterQuote,
            (Self::Quoted, _) | (Self::FieldStart | Self::AfterQuote, b'"') => Self::Quoted,
            (Self::FieldStart | Self::Plain | Self::AfterQuote, b'\n' | b'\r') => Self::FieldStart,
            (Self::FieldStart | Self::Plain | Self::AfterQuote, byte) if byte == delimiter => Self::FieldStart,
            (Self::FieldStart | Self::Plain | Self::AfterQuote, _) => Self::Plain,
        }
    }
}

/// Whether a quote is still open at the end of a record.
pub(super) fn ends_inside_quotes(record: &str, delimiter: u8) -> bool {
    record.bytes().fold(At::FieldStart, |at, byte| at.step(byte, delimiter)) == At::Quoted
}

/// Whether a quote may close behind [`MISSING_MARK`] somewhere in a record. Most records have no such place, which saves a walk
/// over them.
pub(super) fn has_quoted_mark(record: &str) -> bool {
    let before_quotes = record.rsplit_once('"').map(|(before, _)| before.split('"'));
    before_quotes.is_some_and(|mut texts| texts.any(|text| text.trim_end_matches([' ', '\t']).ends_with(MISSING_MARK)))
}

/// Whether each field of a record stands in quotes. The text may begin with line breaks and end with one.
pub(super) fn quoted_fields(record: &str, delimiter: u8) -> Vec<bool> {
    let mut quoted = vec![false];
    let mut at = At::FieldStart;
    for byte in record.trim_start_matches(['\n', '\r']).bytes() {
        let next = at.step(byte, delimiter);
        if at == At::FieldStart
            && next == At::Quoted
            && let Some(last) = quoted.last_mut()
        {
            *last = true;
        }
        if next == At::FieldStart && byte == delimiter {
            quoted.push(false);
        }
        at = next;
    }
    quoted
}
