//! Places in a text, for findings.

use codebook::Place;

/// The place of a byte offset of a file's text; columns count characters.
pub(crate) fn place_at(file: &str, text: &str, offset: usize) -> Place {
    let before = text.get(..text.floor_char_boundary(offset)).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |line_break| line_break + 1);
    let line = 1 + before.bytes().filter(|byte| *byte == b'\n').count();
    let column = 1 + before[line_start..].chars().count();
    let clamp = |count| u32::try_from(count).unwrap_or(u32::MAX);
    Place::Text { file: file.to_owned(), line: clamp(line), column: clamp(column) }
}
