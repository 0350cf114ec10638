//! A key: swatches with their words, in the order in which the fills stand in the bars.

use super::sheet::{Across, Anchor, Fill, SWATCH, Sheet, height};
use super::text::Face;

/// A swatch and the space behind it.
const INDENT: i64 = SWATCH + 6;
/// Between two entries.
const GAP: i64 = 18;

/// Draws the entries from left to right, in as many lines as they need, and gives the top of what follows.
pub(super) fn key<'k>(sheet: &mut Sheet, entries: impl IntoIterator<Item = (Fill, &'k str)>) -> i64 {
    let width = sheet.room.least();
    let (mut left, mut top, mut bottom) = (0, 0, 0);
    for (fill, words) in entries {
        let lines = Face::Quiet.lines(words, width - INDENT);
        let wide = INDENT + Face::Quiet.widest(lines.iter().map(String::as_str));
        if left > 0 && left + wide > width {
            (left, top) = (0, bottom + 4);
        }
        sheet.swatch(fill, Across { pixels: left, ..Across::LEFT }, top + 2);
        sheet.texts(Face::Quiet, Anchor::Start, Across { pixels: left + INDENT, ..Across::LEFT }, top + 14, &lines);
        left += wide + GAP;
        bottom = bottom.max(top + height(Face::Quiet, &lines));
    }
    bottom + 14
}
