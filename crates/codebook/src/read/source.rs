//! Places in a file: from a byte offset, and from a line and column of the SQL inside a TOML string.

use crate::Place;

/// Whose file it is, in the order in which what they define follows each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum WrittenAt {
    /// This file of the questionnaire that countries share.
    Core(usize),
    /// The country's folder.
    Country,
}

/// A file and where its lines start.
pub(super) struct Source<'f> {
    written_at: WrittenAt,
    path: &'f str,
    text: &'f str,
    line_starts: Vec<usize>,
}

impl<'f> Source<'f> {
    /// A file of the country.
    pub(super) fn new(path: &'f str, text: &'f str) -> Self {
        Self::of(WrittenAt::Country, path, text)
    }

    /// A file.
    pub(super) fn of(written_at: WrittenAt, path: &'f str, text: &'f str) -> Self {
        let after_breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(offset, _)| offset + 1);
        Self { written_at, path, text, line_starts: std::iter::once(0).chain(after_breaks).collect() }
    }

    pub(super) fn written_at(&self) -> WrittenAt {
        self.written_at
    }

    pub(super) fn text(&self) -> &'f str {
        self.text
    }

    /// The file as a whole.
    pub(super) fn whole(&self) -> Place {
        Place::File { file: self.path.to_owned() }
    }

    /// The place of a byte offset; one behind the end is the end.
    pub(super) fn place(&self, offset: usize) -> Place {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.line_starts.partition_point(|start| *start <= offset);
        let line_start = line.checked_sub(1).and_then(|index| self.line_starts.get(index)).copied().unwrap_or(0);
        let column = 1 + self.text.get(line_start..offset).map_or(0, |before| before.chars().count());
        Place::Text { file: self.path.to_owned(), line: clamp(line), column: clamp(column) }
    }
}

/// A line or column as findings hold it. A file with more than four thousand million lines ends there.
fn clamp(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The byte offset, within the raw TOML string `raw` (quotes and all), of the character at `line` and `column` of its
/// `value`; both count from 1. One behind the end gives the closing quote.
///
/// SQL is checked as the value says it, but findings stand where it is written: escapes make a character longer, and a
/// multi-line string drops its first line break and those behind a backslash.
pub(super) fn offset_in_string(raw: &str, value: &str, line: u64, column: u64) -> usize {
    let Some((characters, end)) = decode(raw) else { return 0 };
    if !characters.iter().map(|(_, character)| *character).eq(value.chars()) {
        return 0;
    }
    let (mut at_line, mut at_column) = (1, 1);
    for (offset, character) in &characters {
        if (at_line, at_column) >= (line, column) {
            return *offset;
        }
        if *character == '\n' {
            (at_line, at_column) = (at_line + 1, 1);
        } else {
            at_column += 1;
        }
    }
    end
}

/// The characters of a raw TOML string, each with its offset, and the offset of the closing quotes.
fn decode(raw: &str) -> Option<(Vec<(usize, char)>, usize)> {
    let quote = raw.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    let is_long = raw.len() >= 6 && raw.chars().take(3).all(|character| character == quote);
    let width = if is_long { 3 } else { 1 };
    let end = raw.len().checked_sub(width)?;
    let inside = raw.get(width..end)?;
    let first_break = match inside {
        _ if !is_long => 0,
        _ if inside.starts_with("\r\n") => 2,
        _ if inside.starts_with('\n') => 1,
        _ => 0,
    };
    let (inside, start) = (&inside[first_break..], width + first_break);
    let characters = if quote == '"' {
        unescape(inside, start)
    } else {
        inside.char_indices().map(|(offset, character)| (start + offset, character)).collect()
    };
    Some((characters, end))
}

fn unescape(text: &str, start: usize) -> Vec<(usize, char)> {
    let mut decoded = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((offset, character)) = rest.next() {
        if character != '\\' {
            decoded.push((start + offset, character));
            continue;
        }
        let Some((_, escape)) = rest.next() else { break };
        let digits = match escape {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ if escape.is_ascii_whitespace() => {
                while rest.next_if(|(_, next)| next.is_ascii_whitespace()).is_some() {}
                continue;
            }
            _ => 0,
        };
        let hexadecimal: String = rest.by_ref().take(digits).map(|(_, digit)| digit).collect();
        decoded.push((start + offset, escaped(escape, &hexadecimal)));
    }
    decoded
}

fn escaped(escape: char, hexadecimal: &str) -> char {
    match escape {
        'b' => '\u{8}',
        'e' => '\u{1b}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'x' | 'u' | 'U' => {
            u32::from_str_radix(hexadecimal, 16).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::offset_in_string;

    /// The rest of the raw string from the place of a line and column of its value.
    #[track_caller]
    fn check(raw: &str, line: u64, column: u64, expected: &str) {
        let (table, errors) = toml::de::DeTable::parse_recoverable(raw);
        assert!(errors.is_empty(), "{errors:?}");
        let value = table.get_ref().get("x").unwrap();
        let text = value.get_ref().as_str().unwrap();
        let raw = &raw[value.span()];
        assert_eq!(&raw[offset_in_string(raw, text, line, column)..], expected);
    }

    #[test]
    fn sql_in_one_line_stands_where_it_is_written() {
        check(r#"x = "a = 'b'""#, 1, 5, "'b'\"");
        check(r#"x = 'a = "b"'"#, 1, 5, "\"b\"'");
        check(r#"x = "a""#, 1, 9, "\"");
        check(r#"x = """#, 1, 1, "\"");
    }

    #[test]
    fn escapes_make_a_character_longer() {
        check(r#"x = "\"a\" = '\u00e6' OR b""#, 1, 14, "b\"");
        check("x = \"\"\"a\\\n   b\"\"\"", 1, 2, "b\"\"\"");
        check("x = \"a\\nb\"", 2, 1, "b\"");
    }

    #[test]
    fn a_long_string_drops_its_first_line_break() {
        check("x = \"\"\"\nCASE\n  WHEN é THEN b\n\"\"\"", 2, 15, "b\n\"\"\"");
        check("x = '''\nCASE\n  WHEN é THEN b\n'''", 2, 15, "b\n'''");
        check("x = \"\"\"\r\nCASE\r\n  WHEN a\r\n\"\"\"", 2, 8, "a\r\n\"\"\"");
    }
}
