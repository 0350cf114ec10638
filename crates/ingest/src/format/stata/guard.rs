//! Compares the lengths that a file claims with the bytes that it has, before the crate reserves them. What else is wrong with a file
//! the crate finds itself; where nothing can be read here, it is left to do so.

use dta::stata::dta::byte_order::ByteOrder;
use dta::stata::dta::dta_error::Section;
use dta::stata::dta::header::Header;
use dta::stata::dta::release::Release;

use super::Fault;

/// Labels may share their bytes, so that a small file unpacks to a large one. A set may grow so many times.
const GROWTH_AT_MOST: usize = 16;

/// The variables: each takes some bytes for its type, name, format and labels.
pub(super) fn variables(file: &[u8], header: &Header) -> Result<(), Fault> {
    let bytes_of_each = if header.release().is_xml_like() { 2 + 33 + 49 + 33 + 81 } else { 1 + 9 + 7 + 9 + 32 };
    let count = usize::try_from(header.variable_count()).unwrap_or(usize::MAX);
    match count {
        0 => Err(Fault::NoVariables),
        _ if count > file.len() / bytes_of_each => Err(Fault::Cut(Section::Schema)),
        _ => Ok(()),
    }
}

/// The notes of files from Stata 7 to 12, which stand before the data. Older ones count their bytes in 16 bits; newer ones tell where the data begin.
pub(super) fn characteristics(file: &[u8], place: u64, header: &Header) -> Result<(), Fault> {
    if header.release() < Release::V110 || header.release().is_xml_like() {
        return Ok(());
    }
    let mut rest = from(file, place);
    while let Some((kind, behind)) = rest.split_first()
        && let Some((length, behind)) = length(behind, header.byte_order())
        && (*kind, length) != (0, 0)
    {
        rest = behind.get(length..).ok_or(Fault::Cut(Section::Characteristics))?;
    }
    Ok(())
}

/// The next long text.
pub(super) fn long_text(file: &[u8], place: u64, header: &Header) -> Result<(), Fault> {
    let rest = from(file, place);
    let rest = rest.strip_prefix(b"<strls>").unwrap_or(rest);
    let key_and_kind = if header.release() >= Release::V118 { 4 + 8 + 1 } else { 4 + 4 + 1 };
    let length = rest.strip_prefix(b"GSO").and_then(|rest| length(rest.get(key_and_kind..)?, header.byte_order()));
    match length {
        Some((length, rest)) if length > rest.len() => Err(Fault::Cut(Section::LongStrings)),
        Some(_) | None => Ok(()),
    }
}

/// The next set of value labels. Those of files before Stata 6 count their labels in 16 bits.
pub(super) fn value_labels(file: &[u8], place: u64, header: &Header) -> Result<(), Fault> {
    let rest = from(file, place);
    let rest = rest.strip_prefix(b"<value_labels>").unwrap_or(rest);
    let rest = rest.strip_prefix(b"<lbl>").unwrap_or(rest);
    if header.release() < Release::V108 || rest.starts_with(b"</val") {
        return Ok(());
    }
    let is_before = |release| header.release() < release;
    let name = if is_before(Release::V110) {
        9
    } else if is_before(Release::V118) {
        33
    } else {
        129
    };
    let Some((length, rest)) = length(rest, header.byte_order()) else { return Ok(()) };
    let set = rest.get(name + 3..).and_then(|rest| rest.get(..length)).ok_or(Fault::Cut(Section::ValueLabels))?;
    match growth(set, header.byte_order()) {
        Some(bytes) if bytes > GROWTH_AT_MOST * set.len() => Err(Fault::Damaged(Section::ValueLabels)),
        Some(_) | None => Ok(()),
    }
}

/// The bytes of all labels of a set; `None` where it is too short for them, which the crate finds.
fn growth(set: &[u8], order: ByteOrder) -> Option<usize> {
    let (count, rest) = length(set, order)?;
    let (_, rest) = length(rest, order)?;
    let offsets = rest.get(..count.checked_mul(4)?)?;
    let text = rest.get(count.checked_mul(8)?..)?;
    // Where the label ends that a byte is part of.
    let mut end = text.len();
    let mut left = vec![0; text.len()];
    for (place, byte) in text.iter().enumerate().rev() {
        end = if *byte == 0 { place } else { end };
        left[place] = end - place;
    }
    let lengths =
        offsets.chunks_exact(4).map(|offset| length(offset, order).and_then(|(offset, _)| left.get(offset).copied()));
    Some(lengths.map(|length| length.unwrap_or(0)).sum())
}

/// A number of 32 bits, and what follows it.
fn length(bytes: &[u8], order: ByteOrder) -> Option<(usize, &[u8])> {
    let (number, rest) = bytes.split_first_chunk::<4>()?;
    let number = match order {
        ByteOrder::LittleEndian => u32::from_le_bytes(*number),
        ByteOrder::BigEndian => u32::from_be_bytes(*number),
    };
    Some((usize::try_from(number).ok()?, rest))
}

fn from(file: &[u8], place: u64) -> &[u8] {
    usize::try_from(place).ok().and_then(|place| file.get(place..)).unwrap_or_default()
}
