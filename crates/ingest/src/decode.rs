//! From bytes to text, strictly: a byte that the declared encoding does not have is a finding, never U+FFFD.

use std::borrow::Cow;

use codebook::{Finding, Place};
use encoding_rs::{DecoderResult, Encoding};

use crate::delimited::Format;

/// The character that stands where bytes could not be decoded, until [`crate::delimited`] has found its row and column.
/// It is never part of an answer: a file with a NUL is refused.
pub(crate) const UNREADABLE: char = '\0';

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
    Some(match encoding.decode_without_bom_handling_and_without_replacement(body) {
        Some(text) => Text { text, malformed: false },
        None => Text { text: Cow::Owned(decode_around_malformed(body, encoding)), malformed: true },
    })
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
