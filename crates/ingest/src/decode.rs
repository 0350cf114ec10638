//! From bytes to text, strictly: a byte that the declared encoding does not have is a finding, never U+FFFD.

use std::borrow::Cow;

use codebook::{Finding, Place};
use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

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
    Some(match encoding.decode_without_bom_handling_and_without_replacement(body) {
        Some(text) => Text { text, malformed: false },
        None => Text { text: Cow::Owned(decode_around_malformed(body, encoding)), malformed: true },
    })
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
