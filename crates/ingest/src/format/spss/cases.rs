//! The cases of an SPSS system file, one after the other, unpacked as they are asked for.

use flate2::{Decompress, FlushDecompress, Status};

use super::Fault;
use super::bytes::Bytes;
use super::dictionary::{Dictionary, Packing};

/// What a block of a .zsav file holds at most; SPSS writes blocks of 0x3f_f000 bytes.
const BLOCK_BYTES_AT_MOST: usize = 1 << 24;
/// What all blocks hold at most. Bytes that mean nothing would otherwise be unpacked for as long as a file likes.
const UNPACKED_AT_MOST: usize = 4 << 30;

/// Gives the cases.
pub(super) struct Cases<'b> {
    source: Source<'b>,
    /// `None` where every slot stands as it is.
    codes: Option<Codes>,
    slots: usize,
}

/// The byte codes that have not been used yet.
struct Codes {
    codes: [u8; 8],
    next: usize,
    bias: f64,
    order: super::bytes::Order,
    system_missing: f64,
}

/// A slot of a case.
enum Slot {
    Value([u8; 8]),
    /// The cases are over.
    End,
}

impl<'b> Cases<'b> {
    pub(super) fn new(file: &'b [u8], dictionary: &Dictionary<'b>) -> Result<Self, Fault> {
        let codes = Codes {
            codes: [0; 8],
            next: 8,
            bias: dictionary.bias,
            order: dictionary.order,
            system_missing: dictionary.extensions.system_missing.unwrap_or(f64::MIN),
        };
        let (source, codes) = match dictionary.packing {
            Packing::Plain => (Source::plain(dictionary.body), None),
            Packing::Bytecode => (Source::plain(dictionary.body), Some(codes)),
            Packing::Zlib => (Source::blocks(file, dictionary)?, Some(codes)),
        };
        Ok(Self { source, codes, slots: dictionary.slots })
    }

    /// Puts the next case into `case`, as its bytes; false when there is none.
    pub(super) fn read(&mut self, case: &mut Vec<u8>) -> Result<bool, Fault> {
        case.clear();
        for slot in 0..self.slots {
            match self.slot()? {
                Slot::Value(value) => case.extend_from_slice(&value),
                Slot::End if slot == 0 => return Ok(false),
                Slot::End => return Err(Fault::CutCase),
            }
        }
        Ok(true)
    }

    fn slot(&mut self) -> Result<Slot, Fault> {
        let Some(codes) = &mut self.codes else {
            return self.source.take();
        };
        loop {
            if codes.next == 8 {
                match self.source.take()? {
                    Slot::Value(next) => (codes.codes, codes.next) = (next, 0),
                    Slot::End => return Ok(Slot::End),
                }
            }
            let code = codes.codes[codes.next];
            codes.next += 1;
            return Ok(match code {
                0 => continue,
                252 => Slot::End,
                253 => match self.source.take()? {
                    Slot::Value(value) => Slot::Value(value),
                    Slot::End => return Err(Fault::CutCase),
                },
                254 => Slot::Value(*b"        "),
                255 => Slot::Value(codes.order.bytes_of(codes.system_missing)),
                small => Slot::Value(codes.order.bytes_of(f64::from(small) - codes.bias)),
            });
        }
    }
}

/// Slots of 8 bytes, unpacked from blocks where there are any.
struct Source<'b> {
    plain: &'b [u8],
    /// The blocks to come, the next one last.
    blocks: Vec<&'b [u8]>,
    block_number: usize,
    unpacked: Vec<u8>,
    used: usize,
    /// How much all blocks so far held.
    total: usize,
}

impl<'b> Source<'b> {
    fn plain(plain: &'b [u8]) -> Self {
        Self { plain, blocks: Vec::new(), block_number: 0, unpacked: Vec::new(), used: 0, total: 0 }
    }

    /// The blocks as the trailer at the file's end lists them.
    fn blocks(file: &'b [u8], dictionary: &Dictionary<'b>) -> Result<Self, Fault> {
        let mut header = Bytes::new(dictionary.body, dictionary.order);
        header.long().map_err(|_| Fault::NoTrailer)?;
        let trailer = header.long().ok().and_then(|start| file.get(usize::try_from(start).ok()?..));
        let mut trailer = Bytes::new(trailer.ok_or(Fault::NoTrailer)?, dictionary.order);
        trailer.take(8 + 8 + 4).map_err(|_| Fault::NoTrailer)?;
        let count = trailer.count().map_err(|_| Fault::NoTrailer)?;
        let mut blocks = Vec::new();
        let mut end_before = 0;
        for _ in 0..count {
            let (start, length) = block_place(&mut trailer).ok_or(Fault::NoTrailer)?;
            // Blocks that overlap would make much out of little.
            let block = if start < end_before { None } else { file.get(start..).and_then(|rest| rest.get(..length)) };
            blocks.push(block.ok_or(Fault::NoTrailer)?);
            end_before = start + length;
        }
        blocks.reverse();
        Ok(Self { blocks, ..Self::plain(&[]) })
    }

    fn take(&mut self) -> Result<Slot, Fault> {
        if let Some((slot, rest)) = self.plain.split_first_chunk() {
            self.plain = rest;
            return Ok(Slot::Value(*slot));
        }
        if !self.plain.is_empty() {
            return Err(Fault::CutCase);
        }
        loop {
            if let Some(slot) = self.unpacked[self.used..].first_chunk() {
                self.used += 8;
                return Ok(Slot::Value(*slot));
            }
            let Some(block) = self.blocks.pop() else {
                return if self.used == self.unpacked.len() { Ok(Slot::End) } else { Err(Fault::CutCase) };
            };
            self.block_number += 1;
            self.unpacked.drain(..self.used);
            self.used = 0;
            self.total += unpack(block, &mut self.unpacked).ok_or(Fault::Block(self.block_number))?;
            if self.total > UNPACKED_AT_MOST {
                return Err(Fault::TooLarge);
            }
        }
    }
}

/// Where a block begins and how long it is.
fn block_place(trailer: &mut Bytes<'_>) -> Option<(usize, usize)> {
    trailer.long().ok()?;
    let start = usize::try_from(trailer.long().ok()?).ok()?;
    trailer.integer().ok()?;
    Some((start, trailer.count().ok()?))
}

/// Adds what a block holds to `unpacked`, and tells how many bytes that is.
fn unpack(block: &[u8], unpacked: &mut Vec<u8>) -> Option<usize> {
    let mut zlib = Decompress::new(true);
    let start = unpacked.len();
    loop {
        unpacked.reserve(1 << 16);
        let read = usize::try_from(zlib.total_in()).ok()?;
        match zlib.decompress_vec(block.get(read..)?, unpacked, FlushDecompress::None) {
            Ok(Status::StreamEnd) => return Some(unpacked.len() - start),
            Ok(Status::Ok) if unpacked.len() - start <= BLOCK_BYTES_AT_MOST => {}
            Ok(Status::Ok | Status::BufError) | Err(_) => return None,
        }
    }
}
