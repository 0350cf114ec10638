//! The records of a delimited text, one after the other, as pieces of it.
//!
//! The rules are those of the `csv` crate, which a test compares with: a record ends at any line break, empty lines are none, a quote opens a
//! field only at its start and a doubled one stands for itself. Unlike that crate's reader this one copies nothing but fields with doubled
//! quotes, and tells which fields stood in quotes. Delimiters and line breaks are found eight bytes at a time, since half of the bytes of a
//! survey's export are delimiters.

use super::COLUMNS_AT_MOST;
use super::marks::Marks;

/// The records of a text, one after the other.
pub(crate) struct Records<'a> {
    text: &'a str,
    delimiter: u8,
    marks: Marks<'a>,
    /// Where what follows the record begins.
    next: usize,
    /// How many fields the record has.
    width: usize,
    /// The fields of the record, one more than a table may have columns at the most.
    fields: Vec<Field>,
    /// Texts of fields that are not pieces of the text.
    unquoted: String,
    /// Whether the text ends in the record, inside of quotes.
    is_open: bool,
}

/// Where a field stands.
#[derive(Debug, Clone, Copy)]
struct Field {
    start: usize,
    end: usize,
    written: Written,
}

/// How a field is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    Plain,
    Quoted,
    /// In quotes, with something to be taken out: it stands among [`Records::unquoted`].
    Copied,
}

impl<'a> Records<'a> {
    pub(crate) fn new(text: &'a str, delimiter: u8) -> Self {
        let marks = Marks::new(text.as_bytes(), [delimiter, b'"', b'\n', b'\r']);
        // A byte order mark is no part of the first field.
        let next = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let (fields, unquoted) = (Vec::new(), String::new());
        Self { text, delimiter, marks, next, width: 0, fields, unquoted, is_open: false }
    }

    /// Goes to the next record; false at the end.
    pub(super) fn advance(&mut self) -> bool {
        let bytes = self.text.as_bytes();
        let mut start = self.next;
        while matches!(bytes.get(start), Some(b'\n' | b'\r')) {
            start += 1;
        }
        self.next = start;
        if start == bytes.len() {
            return false;
        }
        self.fields.clear();
        self.unquoted.clear();
        (self.width, self.is_open) = (0, false);
        loop {
            let mut end = self.marks.next_from(start).unwrap_or(bytes.len());
            while bytes.get(end) == Some(&b'"') && end > start {
                end = self.marks.next_from(end + 1).unwrap_or(bytes.len());
            }
            if bytes.get(end) == Some(&b'"') {
                end = self.quoted(start);
                self.marks.go_to(end);
            } else {
                self.push(Field { start, end, written: Written::Plain });
            }
            start = end + 1;
            if bytes.get(end) != Some(&self.delimiter) {
                self.next = start.min(bytes.len());
                return true;
            }
        }
    }

    #[inline]
    fn push(&mut self, field: Field) {
        self.width += 1;
        if self.width <= COLUMNS_AT_MOST + 1 {
            self.fields.push(field);
        }
    }

    /// Takes the field whose quote opens here. Gives the place of the delimiter or line break behind it, or the end of the text.
    fn quoted(&mut self, open: usize) -> usize {
        let bytes = self.text.as_bytes();
        let ends_field = |byte: u8| byte == self.delimiter || byte == b'\n' || byte == b'\r';
        let find = |from: usize, is: &dyn Fn(u8) -> bool| {
            bytes[from..].iter().position(|byte| is(*byte)).map_or(bytes.len(), |place| from + place)
        };
        let copied_from = self.unquoted.len();
        let mut piece = open + 1;
        let mut written = Written::Quoted;
        loop {
            let quote = find(piece, &|byte| byte == b'"');
            let behind = bytes.get(quote + 1).copied();
            let is_last = quote == bytes.len() || behind.is_none_or(ends_field);
            if is_last {
                self.is_open = quote == bytes.len();
                let field = match written {
                    Written::Plain | Written::Quoted => Field { start: piece, end: quote, written: Written::Quoted },
                    Written::Copied => self.copied(copied_from, &self.text[piece..quote]),
                };
                self.push(field);
                return (quote + 1).min(bytes.len());
            }
            written = Written::Copied;
            self.unquoted.push_str(&self.text[piece..quote]);
            piece = quote + 1;
            if behind == Some(b'"') {
                self.unquoted.push('"');
                piece += 1;
            } else {
                // What stands behind the closing quote belongs to the field, and quotes in it are nothing but themselves.
                let end = find(piece, &ends_field);
                let field = self.copied(copied_from, &self.text[piece..end]);
                self.push(field);
                return end;
            }
        }
    }

    /// A field among those that were copied, with its last piece.
    fn copied(&mut self, start: usize, last: &str) -> Field {
        self.unquoted.push_str(last);
        Field { start, end: self.unquoted.len(), written: Written::Copied }
    }

    /// How many fields the record has.
    #[inline]
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// A field of the record, with the blanks around it.
    #[inline]
    pub(super) fn field(&self, position: usize) -> &str {
        self.text_of(self.fields[position])
    }

    #[inline]
    fn text_of(&self, field: Field) -> &str {
        match field.written {
            Written::Plain | Written::Quoted => &self.text[field.start..field.end],
            Written::Copied => &self.unquoted[field.start..field.end],
        }
    }

    /// The fields of the record, one more than a table may have columns at the most.
    pub(super) fn fields(&self) -> impl ExactSizeIterator<Item = &str> {
        self.fields.iter().map(|field| self.text_of(*field))
    }

    /// Whether a field stands in quotes.
    pub(super) fn is_quoted(&self, position: usize) -> bool {
        self.fields[position].written != Written::Plain
    }

    /// Whether nothing follows the record.
    pub(super) fn is_at_the_end(&self) -> bool {
        self.next == self.text.len()
    }

    /// Whether the text ends in the record, in a quote that is never closed.
    pub(super) fn is_open(&self) -> bool {
        self.is_open
    }

    /// Whether the text ends in a line break.
    pub(super) fn is_ended(&self) -> bool {
        self.text.ends_with(['\n', '\r'])
    }

    /// The whole text.
    pub(super) fn text(&self) -> &'a str {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Records;

    /// The fields of each record, by this reader and by the `csv` crate.
    fn both(text: &str) -> (Vec<Vec<String>>, Vec<Vec<String>>) {
        let mut records = Records::new(text, b';');
        let mut own = Vec::new();
        while records.advance() {
            assert_eq!(records.fields().len(), records.width());
            own.push(records.fields().map(str::to_owned).collect());
        }
        let reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(b';').from_reader(text.as_bytes());
        let theirs =
            reader.into_records().map(|record| record.expect("memory can be read").iter().map(str::to_owned).collect());
        (own, theirs.collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn records_are_those_of_the_csv_crate(text in "[a;\"\n\r ø]{0,40}") {
            let (own, theirs) = both(&text);
            prop_assert_eq!(own, theirs);
        }
    }

    #[test]
    fn texts_longer_than_a_word_of_the_search_are_cut_alike() {
        for text in
            ["", "\u{feff}a;b", "1;2;;12345678;9\r\n\r\n;;;;;;;;;\r\n", "a\n\"x\"\"y;\nz\";b\n\"open;", "\"a\"b\"c;d\n"]
        {
            let (own, theirs) = both(text);
            assert_eq!(own, theirs, "{text:?}");
        }
    }

    #[test]
    fn quotes_are_told_and_the_one_that_is_never_closed() {
        let mut records = Records::new("NA;\"NA\";\"N\"\"A\"\n1;\"2\n", b';');
        assert!(records.advance());
        assert_eq!([0, 1, 2].map(|field| records.is_quoted(field)), [false, true, true]);
        assert!(!records.is_open());
        assert!(records.advance());
        assert_eq!((records.width(), records.is_open(), records.is_at_the_end()), (2, true, true));
        let mut closed = Records::new("1;\"2\"", b';');
        assert!(closed.advance());
        assert!(!closed.is_open());
    }
}
