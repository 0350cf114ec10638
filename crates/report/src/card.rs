//! The picture that goes with a link to a theme where people share it: the finding as a sentence, its number large, its interval, what it is
//! from, and the mark of synthetic data. It has the colours of the pages, whose stylesheet it cannot read.
//!
//! Outlines are filled without the processor's vector instructions, so the bytes are the same on any machine.

mod face;

use tiny_skia::{Color, FillRule, Paint, Pixmap, Rect, Transform};

use face::Face;

/// What those who show such pictures ask for.
const WIDTH: u16 = 1200;
const HEIGHT: u16 = 630;

const PAPER: [u8; 3] = [0xff, 0xfe, 0xfb];
const INK: [u8; 3] = [0x1b, 0x24, 0x28];
const QUIET: [u8; 3] = [0x56, 0x64, 0x6a];
const LINE: [u8; 3] = [0xd5, 0xd9, 0xd6];
const ACCENT: [u8; 3] = [0x0b, 0x55, 0x66];
const NOTICE: [u8; 3] = [0xfb, 0xf1, 0xd9];

/// The edges of what is written.
const LEFT: f32 = 72.0;
const RIGHT: f32 = 1128.0;
/// Where the sentence begins beside a number.
const BESIDE: f32 = 500.0;

/// What a card says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Card<'a> {
    /// The report and its years.
    pub(crate) publication: &'a str,
    pub(crate) window: &'a str,
    /// The finding, or the title of a theme that tells none.
    pub(crate) sentence: &'a str,
    /// The number and its interval.
    pub(crate) key: Option<(&'a str, &'a str)>,
    /// SYNTHETIC or DRAFT and what that means; empty for a release of real data.
    pub(crate) mark: (&'a str, &'a str),
}

impl Card<'_> {
    /// All that it says; an empty text where it says nothing.
    pub(crate) fn texts(&self) -> [&str; 7] {
        let Self { publication, window, sentence, key, mark: (mark, notice) } = *self;
        let (value, interval) = key.unwrap_or_default();
        [publication, window, sentence, value, interval, mark, notice]
    }
}

/// Draws a card as PNG; nothing where the font lacks a letter of its words.
pub(crate) fn draw(card: Card<'_>) -> Option<Vec<u8>> {
    let mut sheet = Sheet::new();
    let (value, interval) = card.key.unwrap_or_default();
    let (mark, notice) = card.mark;
    if !card.texts().iter().all(|it| sheet.bold.has(it)) {
        return None;
    }
    let mut top = 0.0;
    if !mark.is_empty() {
        top = 64.0;
        sheet.fill(NOTICE, 0.0, 0.0, f32::from(WIDTH), top);
        let behind = sheet.bold(mark, 24.0, LEFT, 41.0, INK) + 14.0;
        let size = fitting(&sheet.regular, notice, RIGHT - behind, &[24.0, 21.0, 18.0, 15.0, 12.0]);
        sheet.regular(notice, size, behind, 41.0, INK);
    }
    sheet.bold(card.publication, 30.0, LEFT, top + 82.0, ACCENT);
    let left = if value.is_empty() { LEFT } else { BESIDE };
    let (size, lines) = set(&sheet.bold, card.sentence, RIGHT - left);
    let count = f32::from(u8::try_from(lines.len()).unwrap_or(u8::MAX));
    // The middle of what is between the publication and the line above the years.
    let middle = (top + 110.0 + 510.0) / 2.0;
    let mut baseline = middle - count * size * 1.25 / 2.0 + size;
    for line in &lines {
        sheet.bold(line, size, left, baseline, INK);
        baseline += size * 1.25;
    }
    if !value.is_empty() {
        let room = BESIDE - LEFT - 40.0;
        let size = fitting(&sheet.regular, value, room, &[150.0, 130.0, 110.0, 90.0, 70.0, 50.0]);
        sheet.regular(value, size, LEFT, middle + size * 0.25, ACCENT);
        let small = fitting(&sheet.regular, interval, room, &[26.0, 22.0, 19.0, 16.0]);
        sheet.regular(interval, small, LEFT, middle + size * 0.25 + 52.0, QUIET);
    }
    sheet.fill(LINE, LEFT, 538.0, RIGHT - LEFT, 2.0);
    sheet.regular(card.window, 26.0, LEFT, 586.0, QUIET);
    Some(sheet.png(mark))
}

/// The first of some sizes in which a text fits, or the last.
fn fitting(face: &Face, text: &str, room: f32, sizes: &[f32]) -> f32 {
    let fits = sizes.iter().find(|size| face.width(text, **size) <= room);
    fits.or(sizes.last()).copied().expect("there is a size")
}

/// A sentence in lines, as large as it fits.
fn set(face: &Face, text: &str, room: f32) -> (f32, Vec<String>) {
    let sizes = [54.0_f32, 48.0, 42.0, 36.0, 31.0, 26.0];
    let set = |size: f32| (size, lines(face, text, size, room));
    let fits = |(size, lines): &(f32, Vec<String>)| {
        let is_low = f32::from(u8::try_from(lines.len()).unwrap_or(u8::MAX)) * size * 1.25 <= 350.0;
        is_low && lines.iter().all(|line| face.width(line, *size) <= room)
    };
    sizes.into_iter().map(set).find(fits).unwrap_or_else(|| set(22.0))
}

/// Lines broken between words; a word that is wider than the room stands alone.
fn lines(face: &Face, text: &str, size: f32, room: f32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if face.width(&format!("{line} {word}"), size) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) | None => lines.push(word.to_owned()),
        }
    }
    lines
}

/// What is drawn on.
struct Sheet {
    pixels: Pixmap,
    regular: Face,
    bold: Face,
}

impl Sheet {
    fn new() -> Self {
        let mut pixels = Pixmap::new(u32::from(WIDTH), u32::from(HEIGHT)).expect("a card has a size");
        let [red, green, blue] = PAPER;
        pixels.fill(Color::from_rgba8(red, green, blue, 255));
        Self { pixels, regular: Face::regular(), bold: Face::bold() }
    }

    fn fill(&mut self, colour: [u8; 3], left: f32, top: f32, width: f32, height: f32) {
        let area = Rect::from_xywh(left, top, width, height).expect("an area has a size");
        self.pixels.fill_rect(area, &paint(colour), Transform::identity(), None);
    }

    fn regular(&mut self, text: &str, size: f32, left: f32, baseline: f32, colour: [u8; 3]) {
        let outline = self.regular.outline(text, size, left, baseline);
        self.ink(outline, colour);
    }

    /// Writes in bold; gives where the text ends.
    fn bold(&mut self, text: &str, size: f32, left: f32, baseline: f32, colour: [u8; 3]) -> f32 {
        let outline = self.bold.outline(text, size, left, baseline);
        self.ink(outline, colour);
        left + self.bold.width(text, size)
    }

    fn ink(&mut self, outline: Option<tiny_skia::Path>, colour: [u8; 3]) {
        if let Some(outline) = outline {
            self.pixels.fill_path(&outline, &paint(colour), FillRule::Winding, Transform::identity(), None);
        }
    }

    /// The sheet as a file. A mark is also written into it, for those who read the file and do not see it.
    fn png(&self, mark: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, u32::from(WIDTH), u32::from(HEIGHT));
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        if !mark.is_empty() {
            let comment = encoder.add_itxt_chunk("Comment".to_owned(), mark.to_owned());
            comment.expect("the keyword is a valid one");
        }
        // Every pixel is opaque, so its colour is what is stored.
        let opaque: Vec<u8> = self.pixels.data().chunks_exact(4).flat_map(|pixel| pixel[..3].to_vec()).collect();
        let mut writer = encoder.write_header().expect("memory can be written");
        writer.write_image_data(&opaque).expect("the picture has its size");
        writer.finish().expect("memory can be written");
        bytes
    }
}

fn paint(colour: [u8; 3]) -> Paint<'static> {
    let [red, green, blue] = colour;
    let mut paint = Paint::default();
    paint.set_color_rgba8(red, green, blue, 255);
    paint
}

#[cfg(test)]
mod tests;
