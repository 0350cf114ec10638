//! Whether a stream of delimited text ends inside of quotes. The CSV reader takes the end of the file for the end of a quote and does not tell.

/// What stands before the next byte, by the CSV reader's own rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    FieldStart,
    Plain,
    Quoted,
    AfterQuote,
}

/// Follows the quotes of a text that comes in pieces.
#[derive(Debug)]
pub(super) struct Quotes {
    at: At,
    delimiter: u8,
}

impl Quotes {
    pub(super) fn new(delimiter: u8) -> Self {
        Self { at: At::FieldStart, delimiter }
    }

    /// Whether a quote is open.
    pub(super) fn is_open(&self) -> bool {
        self.at == At::Quoted
    }

    /// Takes the next piece. Only quotes and what stands beside them are looked at.
    pub(super) fn follow(&mut self, piece: &[u8]) {
        let mut rest = piece;
        while let Some(first) = rest.first() {
            let quote = rest.iter().position(|byte| *byte == b'"');
            (self.at, rest) = match (self.at, quote) {
                (At::Quoted, None) => return,
                (At::Quoted, Some(quote)) => (At::AfterQuote, &rest[quote + 1..]),
                (At::AfterQuote, _) if *first == b'"' => (At::Quoted, &rest[1..]),
                (At::AfterQuote, _) => (self.behind(*first), &rest[1..]),
                (At::FieldStart, Some(0)) => (At::Quoted, &rest[1..]),
                (At::Plain, Some(0)) => (At::Plain, &rest[1..]),
                (At::FieldStart | At::Plain, Some(quote)) => (self.behind(rest[quote - 1]), &rest[quote..]),
                (At::FieldStart | At::Plain, None) => (self.behind(rest[rest.len() - 1]), &[][..]),
            };
        }
    }

    /// Where a byte outside of quotes leaves its reader.
    fn behind(&self, byte: u8) -> At {
        if byte == self.delimiter || byte == b'\n' || byte == b'\r' { At::FieldStart } else { At::Plain }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Quotes;

    /// Whether the same text ends inside of quotes, byte by byte.
    fn plainly(text: &[u8]) -> bool {
        let (mut is_quoted, mut at_start, mut after_quote) = (false, true, false);
        for byte in text {
            match (byte, is_quoted) {
                (b'"', true) => (is_quoted, after_quote) = (false, true),
                (_, true) => {}
                (b'"', false) if at_start || after_quote => (is_quoted, at_start, after_quote) = (true, false, false),
                _ => (at_start, after_quote) = (b";\n\r".contains(byte), false),
            }
        }
        is_quoted
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn pieces_are_followed_as_the_whole_text(text in "[a;\"\n]{0,24}", cut in 0_usize..24) {
            let (first, second) = text.as_bytes().split_at(cut.min(text.len()));
            let mut quotes = Quotes::new(b';');
            quotes.follow(first);
            quotes.follow(second);
            prop_assert_eq!(quotes.is_open(), plainly(text.as_bytes()));
        }
    }
}
