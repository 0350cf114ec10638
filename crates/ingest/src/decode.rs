//! From bytes to text, strictly: a byte that the declared encoding does not have is a finding, never U+FFFD.

use std::borrow::Cow;

use codebook::{Finding, Place};
use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::delimited::Format;

/// The character that stands where bytes could not be decoded, until [`crate::delimited`] has found its row and column.
/// It is never part of an answer: a file with a NUL is refused.
pub(crate) const UNREADABLE: char = '\0';

/// Characters at the start of a file from which UTF-16 is told.
const CHARACTERS_TRIED: usize = 2048;

/// The text of a raw file.
pub(crate) struct Text<'a> {
    pub(crate) text: Cow<'a, str>,
    /// Whether some bytes could not be decoded; [`UNREADABLE`] stands in their place.
    pub(crate) malformed: bool,
}

/// Decodes a file, without its byte order mark. `None`, with a finding, when it is empty or marked as something else.
pub(crate) fn decode<'a>(path: &str, bytes: &'a [u8], format: Format, findings: &mut Vec<Finding>) -> Option<Text<'a>> {
    let encoding = format.encoding;
    let place = Place::File { file: path.to_owned() };
    if bytes.is_empty() {
        findings.push(Finding::error(place, "empty-file", "the file is empty").hint("export it again"));
        return None;
    }
    let body = match Encoding::for_bom(bytes) {
        Some((marked, length)) if marked == encoding => &bytes[length..],
        Some((marked, _)) => {
            let (marked, declared) = (name_of(marked), name_of(encoding));
            let message = format!("the file starts with the byte order mark of {marked}, not {declared}");
            let finding = Finding::error(place, "encoding", message);
            findings.push(finding.hint(format.source.marked_hint(&marked)));
            return None;
        }
        None => bytes,
    };
    if let Some(other) = evident(body, encoding) {
        let (other, declared) = (name_of(other), name_of(encoding));
        let message = format!("the file is written in {other}, not {declared}");
        findings.push(Finding::error(place, "encoding", message).hint(format.source.marked_hint(&other)));
        return None;
    }
    // By the WHATWG's names, latin-1 is windows-1252.
    if encoding == WINDOWS_1252 {
        findings.extend(letters_elsewhere(0, body).finding(path));
    }
    let text = match encoding.decode_without_bom_handling_and_without_replacement(body) {
        Some(text) => Text { text, malformed: false },
        None => Text { text: Cow::Owned(decode_around_malformed(body, encoding)), malformed: true },
    };
    findings.extend(twice(characters_twice(&text.text), path));
    Some(text)
}

/// The encoding that a file without a mark evidently has, if it is another than the declared one. A text of single bytes
/// reads as anything, so it would go wrong unseen: letters beyond ASCII that are all whole in UTF-8 are UTF-8. Every second byte of UTF-16 is
/// zero, which no other text has.
fn evident(body: &[u8], declared: &'static Encoding) -> Option<&'static Encoding> {
    let other = wide(body).or_else(|| {
        let is_utf_8 = declared.is_single_byte() && !body.is_ascii() && std::str::from_utf8(body).is_ok();
        is_utf_8.then_some(UTF_8)
    });
    other.filter(|other| *other != declared)
}

/// UTF-16 without a mark: of the characters of a survey's export, delimiters and digits at the least, most have a zero byte,
/// all on the same side. No other text has zeros.
pub(crate) fn wide(start: &[u8]) -> Option<&'static Encoding> {
    let pairs = || start.chunks_exact(2).take(CHARACTERS_TRIED);
    let zeros = |side: usize| pairs().filter(|pair| pair[side] == 0).count();
    // A stray zero is damage rather than an encoding.
    let enough = pairs().count().div_ceil(4).max(3);
    match (zeros(0), zeros(1)) {
        (0, low) if low >= enough => Some(UTF_16LE),
        (high, 0) if high >= enough => Some(UTF_16BE),
        _ => None,
    }
}

/// Bytes that are letters in Mac Roman or in the code pages of DOS, and in windows-1252 none that stands behind a letter: of the five Nordic
/// letters and of those with accents.
const LETTERS_ELSEWHERE: [u8; 26] = [
    0x80, 0x81, 0x82, 0x83, 0x84, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F, 0x90, 0x98, 0x99, 0x9A,
    0x9B, 0x9D, 0x9F, 0xA7, 0xAE, 0xBE, 0xBF,
];

/// How many bytes inside of words are letters in an older code page and none in windows-1252, if there are more of them than of its own letters: a text of single
/// bytes reads as anything, so it would go wrong unseen. `before` is the byte before these.
pub(crate) fn letters_elsewhere(before: u8, bytes: &[u8]) -> Letters {
    let mut letters = Letters::default();
    let mut before = before;
    for (place, byte) in bytes.iter().enumerate() {
        let is_inside = before.is_ascii_alphabetic() && bytes.get(place + 1).is_some_and(u8::is_ascii_lowercase);
        if is_inside && LETTERS_ELSEWHERE.contains(byte) {
            letters.elsewhere += 1;
        } else if is_inside && *byte >= 0xC0 {
            letters.own += 1;
        }
        before = *byte;
    }
    letters
}

/// Letters beyond ASCII inside of words of a text of single bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Letters {
    /// That an older code page would have.
    pub(crate) elsewhere: u64,
    /// That windows-1252 has.
    pub(crate) own: u64,
}

impl Letters {
    /// What there is to say, if the text is hardly windows-1252.
    pub(crate) fn finding(self, path: &str) -> Option<Finding> {
        if self.elsewhere <= self.own {
            return None;
        }
        let what = if self.elsewhere == 1 { "1 byte".to_owned() } else { format!("{} bytes", self.elsewhere) };
        let message =
            format!("{what} inside of words are no letters in windows-1252, but in text of older Macs or of DOS");
        let hint = "if the file came from a Mac, write encoding = \"macintosh\"; else save it again as UTF-8";
        Some(Finding::warning(Place::File { file: path.to_owned() }, "encoding", message).hint(hint))
    }
}

/// How many characters of a text were in UTF-8 before, were read as windows-1252 and saved again: each became a capital letter with a tilde or
/// a circumflex and a sign that no word has.
pub(crate) fn characters_twice(text: &str) -> u64 {
    let is_sign = |rest: &str| rest.chars().next().is_some_and(|sign| ('\u{80}'..='\u{bf}').contains(&sign));
    // One character at a time is looked for by the fastest means there are: a text may be as large as it likes.
    let before_a_sign = |letter: char| {
        text.match_indices(letter).filter(|(place, found)| is_sign(&text[place + found.len()..])).count()
    };
    crate::tally::counted(before_a_sign('\u{c2}') + before_a_sign('\u{c3}'))
}

/// What there is to say of so many characters that were encoded twice.
pub(crate) fn twice(characters: u64, path: &str) -> Option<Finding> {
    let what = match characters {
        0 => return None,
        1 => "1 character was".to_owned(),
        many => format!("{many} characters were"),
    };
    let message = format!("{what} saved as UTF-8 twice, such as \u{c3}\u{b8} for \u{f8}");
    let hint = "export it again; if it was opened and saved in between, tell that program that it is UTF-8";
    Some(Finding::warning(Place::File { file: path.to_owned() }, "encoding", message).hint(hint))
}

/// The encoding's name as a wave's file writes it.
pub(crate) fn name_of(encoding: &'static Encoding) -> String {
    encoding.name().to_ascii_lowercase()
}

/// Decodes what can be decoded and puts [`UNREADABLE`] where it cannot.
fn decode_around_malformed(mut bytes: &[u8], encoding: &'static Encoding) -> String {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(bytes.len());
    loop {
        let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
        bytes = &bytes[read..];
        match result {
            DecoderResult::InputEmpty => return text,
            DecoderResult::OutputFull => text.reserve(bytes.len().max(64)),
            DecoderResult::Malformed(..) => {
                text.reserve(64);
                text.push(UNREADABLE);
            }
        }
    }
}
