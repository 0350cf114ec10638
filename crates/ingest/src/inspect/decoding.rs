//! From bytes to UTF-8, piece by piece, in an encoding that is found out.
//!
//! The order is that of section 7 of the survey's description: byte order mark, then strict UTF-8, then windows-1252. A byte that an encoding does not have
//! ends the reading in that encoding; nothing ever becomes U+FFFD.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, WINDOWS_1252};
use serde::Serialize;

use super::quotes::Quotes;
use crate::decode::{Letters, characters_twice, letters_elsewhere, name_of, wide};

/// Bytes that are read and decoded at once.
const PIECE: usize = 1 << 16;
/// The longest character in UTF-8, with room for one that an earlier piece began.
const SMALLEST_READ: usize = 16;
/// Bytes of a record, decoded. A longer one is a quote that is never closed, and would fill the memory: each of its bytes may be a
/// delimiter, and a cell takes eight.
pub(super) const RECORD_AT_MOST: u64 = 1 << 24;
/// Bytes that windows-1252 leaves undefined.
const UNDEFINED: [u8; 5] = [0x81, 0x8D, 0x8F, 0x90, 0x9D];

/// How a text is encoded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TextEncoding {
    /// The encoding's WHATWG label, as a wave's file writes it: `utf-8`, `utf-16le`, `windows-1252`.
    pub name: String,
    /// Whether the file begins with its byte order mark.
    pub byte_order_mark: bool,
}

/// An encoding that a file may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) encoding: &'static Encoding,
    /// Bytes of its byte order mark.
    pub(super) mark: usize,
}

impl Candidate {
    /// The encodings to try for a file that begins with these bytes, the likeliest first.
    pub(super) fn of(start: &[u8]) -> Vec<Self> {
        let unmarked = |encoding| Self { encoding, mark: 0 };
        if let Some((encoding, mark)) = Encoding::for_bom(start) {
            return vec![Self { encoding, mark }];
        }
        match wide(start) {
            Some(encoding) => vec![unmarked(encoding)],
            None => vec![unmarked(UTF_8), unmarked(WINDOWS_1252)],
        }
    }

    pub(super) fn description(self) -> TextEncoding {
        TextEncoding { name: name_of(self.encoding), byte_order_mark: self.mark > 0 }
    }

    /// The text of the first bytes, as far as they can be decoded.
    pub(super) fn text(self, start: &[u8]) -> String {
        let mut decoder = self.encoding.new_decoder_without_bom_handling();
        let body = &start[self.mark..];
        let most = decoder.max_utf8_buffer_length_without_replacement(body.len());
        let mut text = String::with_capacity(most.unwrap_or(body.len()));
        let _ = decoder.decode_to_string_without_replacement(body, &mut text, false);
        text
    }
}

/// Why the text of a file ended before the file did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The encoding does not have what stands at (or just before) this byte of the file, counted from 1.
    Malformed { byte: u64 },
    /// A record is longer than [`RECORD_AT_MOST`].
    RecordTooLong,
    /// A record at the top has more cells than a table has columns.
    TooManyColumns { row: u64 },
}

/// A source that gives UTF-8.
pub(super) struct Decoded<R> {
    source: R,
    decoder: Decoder,
    encoding: &'static Encoding,
    piece: Vec<u8>,
    /// Which bytes of the piece are not decoded yet.
    left: std::ops::Range<usize>,
    at_end: bool,
    /// Whether the decoder has given its last character.
    is_finished: bool,
    /// Bytes of the file that were decoded.
    position: u64,
    /// Decoded bytes that the record at hand may still have.
    room: u64,
    pub(super) trouble: Option<Trouble>,
    /// Whether a NUL came by.
    pub(super) has_nul: bool,
    /// Bytes that windows-1252 leaves undefined; 0 for other encodings.
    pub(super) undefined: usize,
    /// Letters that make the text windows-1252, or another code page; none for other encodings.
    pub(super) letters: Letters,
    /// Characters that are UTF-8 twice over.
    pub(super) twice: u64,
    /// The quotes of its text, where its delimiter is known.
    quotes: Option<Quotes>,
}

impl<R: Read> Decoded<R> {
    /// Decodes a file from its beginning.
    pub(super) fn new(mut source: R, candidate: Candidate) -> io::Result<Self> {
        let mut mark = vec![0; candidate.mark];
        source.read_exact(&mut mark)?;
        Ok(Self {
            source,
            decoder: candidate.encoding.new_decoder_without_bom_handling(),
            encoding: candidate.encoding,
            piece: vec![0; PIECE],
            left: 0..0,
            at_end: false,
            is_finished: false,
            position: length(candidate.mark),
            room: RECORD_AT_MOST,
            trouble: None,
            has_nul: false,
            undefined: 0,
            letters: Letters::default(),
            twice: 0,
            quotes: None,
        })
    }

    /// The same text, whose fields this delimiter cuts.
    pub(super) fn cut_at(self, delimiter: u8) -> Self {
        Self { quotes: Some(Quotes::new(delimiter)), ..self }
    }

    /// Whether a quote is open behind what was read.
    pub(super) fn is_in_quotes(&self) -> bool {
        self.quotes.as_ref().is_some_and(Quotes::is_open)
    }

    /// Tells that a record ended.
    pub(super) fn next_record(&mut self) {
        self.room = RECORD_AT_MOST;
    }

    fn fill(&mut self) -> io::Result<()> {
        if !self.left.is_empty() || self.at_end {
            return Ok(());
        }
        let read = loop {
            match self.source.read(&mut self.piece) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.left = 0..read;
        self.at_end = read == 0;
        Ok(())
    }

    fn stop(&mut self, trouble: Trouble) -> io::Error {
        self.trouble = Some(trouble);
        io::Error::from(io::ErrorKind::InvalidData)
    }

    /// Takes note of what was decoded.
    fn note(&mut self, consumed: std::ops::Range<usize>, decoded: &[u8]) -> io::Result<()> {
        if self.encoding == WINDOWS_1252 {
            let before = consumed.start.checked_sub(1).map_or(0, |place| self.piece[place]);
            let Letters { elsewhere, own } = letters_elsewhere(before, &self.piece[consumed.clone()]);
            self.letters.elsewhere += elsewhere;
            self.letters.own += own;
            self.undefined += self.piece[consumed].iter().filter(|byte| UNDEFINED.contains(byte)).count();
        }
        self.twice += std::str::from_utf8(decoded).map_or(0, characters_twice);
        self.has_nul |= decoded.contains(&0);
        if let Some(quotes) = &mut self.quotes {
            quotes.follow(decoded);
        }
        match self.room.checked_sub(length(decoded.len())) {
            Some(room) => self.room = room,
            None => return Err(self.stop(Trouble::RecordTooLong)),
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.len() < SMALLEST_READ {
            return Err(io::Error::from(io::ErrorKind::InvalidInput));
        }
        while !self.is_finished {
            self.fill()?;
            let bytes = &self.piece[self.left.clone()];
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(bytes, out, self.at_end);
            let consumed = self.left.start..self.left.start + read;
            self.left.start += read;
            self.position += length(read);
            self.note(consumed, &out[..written])?;
            match result {
                DecoderResult::Malformed(_, beyond) => {
                    let byte = self.position.saturating_sub(u64::from(beyond)).max(1);
                    return Err(self.stop(Trouble::Malformed { byte }));
                }
                DecoderResult::InputEmpty if written == 0 && !self.at_end => {}
                DecoderResult::InputEmpty => {
                    self.is_finished = self.at_end;
                    return Ok(written);
                }
                DecoderResult::OutputFull => return Ok(written),
            }
        }
        Ok(0)
    }
}

fn length(length: usize) -> u64 {
    crate::tally::counted(length)
}

#[cfg(test)]
mod tests {
    use encoding_rs::UTF_16LE;

    use super::*;

    /// Gives one byte at a time, so that every character is cut.
    struct Dripping<'b>(&'b [u8]);

    impl Read for Dripping<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let Some((first, rest)) = self.0.split_first() else { return Ok(0) };
            out[0] = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    fn decoded(bytes: &[u8], candidate: Candidate) -> Result<String, Option<Trouble>> {
        let mut reader = Decoded::new(Dripping(bytes), candidate).expect("the mark is there");
        let (mut text, mut piece) = (Vec::new(), [0; SMALLEST_READ]);
        loop {
            match reader.read(&mut piece) {
                Ok(0) => return Ok(String::from_utf8(text).expect("what is decoded is UTF-8")),
                Ok(read) => text.extend_from_slice(&piece[..read]),
                Err(_) => return Err(reader.trouble),
            }
        }
    }

    #[test]
    fn characters_that_are_cut_between_two_pieces_stay_whole() {
        let utf_8 = Candidate { encoding: UTF_8, mark: 0 };
        assert_eq!(decoded("blåbærgrød €".as_bytes(), utf_8), Ok("blåbærgrød €".to_owned()));
        let utf_16 = Candidate { encoding: UTF_16LE, mark: 2 };
        assert_eq!(decoded(b"\xFF\xFEa\0\xE6\0\n\0", utf_16), Ok("aæ\n".to_owned()));
    }

    #[test]
    fn a_byte_that_is_not_utf_8_is_told_by_its_place() {
        let utf_8 = Candidate { encoding: UTF_8, mark: 0 };
        assert_eq!(decoded(b"bl\xE5 b\xE6r", utf_8), Err(Some(Trouble::Malformed { byte: 3 })));
        assert_eq!(decoded(b"bl\xE5", utf_8), Err(Some(Trouble::Malformed { byte: 3 })));
    }

    #[test]
    fn utf_16_is_known_without_a_mark() {
        let names =
            |bytes: &[u8]| Candidate::of(bytes).iter().map(|found| found.description().name).collect::<Vec<_>>();
        assert_eq!(names(b"i\0d\0;\0q\x001\0\n\0"), ["utf-16le"]);
        assert_eq!(names(b"\0i\0d\0;\0q\x001\0\n"), ["utf-16be"]);
        assert_eq!(names(b"id;q1\n"), ["utf-8", "windows-1252"]);
        assert_eq!(names(b"i\0;\0\0q"), ["utf-8", "windows-1252"]);
    }
}
