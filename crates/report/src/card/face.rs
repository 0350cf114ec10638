//! Letters as outlines, from a font that the program carries: Noto Sans, of which Latin, Greek and Cyrillic letters are kept (see `fonts/OFL.txt`).

use tiny_skia::{Path, PathBuilder};
use ttf_parser::{GlyphId, OutlineBuilder};

/// A weight of the font.
pub(super) struct Face(ttf_parser::Face<'static>);

impl Face {
    pub(super) fn regular() -> Self {
        Self::read(include_bytes!("../../fonts/NotoSans-Regular.ttf"))
    }

    pub(super) fn bold() -> Self {
        Self::read(include_bytes!("../../fonts/NotoSans-Bold.ttf"))
    }

    fn read(bytes: &'static [u8]) -> Self {
        Self(ttf_parser::Face::parse(bytes, 0).expect("the font that the program carries is whole"))
    }

    /// Whether the font has every letter of a text.
    pub(super) fn has(&self, text: &str) -> bool {
        text.chars().all(|letter| self.0.glyph_index(drawn(letter)).is_some())
    }

    /// The width of a text, in the units of `size`.
    pub(super) fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|letter| self.advance(self.glyph(letter), size)).sum()
    }

    /// The outline of a text whose first letter stands at `left` on the line `baseline`; nothing where nothing is to be seen.
    pub(super) fn outline(&self, text: &str, size: f32, left: f32, baseline: f32) -> Option<Path> {
        let mut pen = Pen { path: PathBuilder::new(), scale: size / self.units(), left, baseline };
        for letter in text.chars() {
            let glyph = self.glyph(letter);
            // Blanks have no outline.
            let _ = self.0.outline_glyph(glyph, &mut pen);
            pen.left += self.advance(glyph, size);
        }
        pen.path.finish()
    }

    fn glyph(&self, letter: char) -> GlyphId {
        self.0.glyph_index(drawn(letter)).unwrap_or(GlyphId(0))
    }

    fn advance(&self, glyph: GlyphId, size: f32) -> f32 {
        f32::from(self.0.glyph_hor_advance(glyph).unwrap_or(0)) * size / self.units()
    }

    fn units(&self) -> f32 {
        f32::from(self.0.units_per_em())
    }
}

/// A blank that does not break is drawn as any other.
fn drawn(letter: char) -> char {
    if letter.is_whitespace() { ' ' } else { letter }
}

/// Puts the outlines of a font, which grow upwards, onto a sheet, which grows downwards.
struct Pen {
    path: PathBuilder,
    scale: f32,
    left: f32,
    baseline: f32,
}

impl Pen {
    fn x(&self, x: f32) -> f32 {
        self.left + x * self.scale
    }

    fn y(&self, y: f32) -> f32 {
        self.baseline - y * self.scale
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(self.x(x), self.y(y));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(self.x(x), self.y(y));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.path.quad_to(self.x(x1), self.y(y1), self.x(x), self.y(y));
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.path.cubic_to(self.x(x1), self.y(y1), self.x(x2), self.y(y2), self.x(x), self.y(y));
    }

    fn close(&mut self) {
        self.path.close();
    }
}
