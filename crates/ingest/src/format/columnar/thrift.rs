//! One look at a Parquet footer before the Parquet crate reads it: how many groups of rows it claims to have.
//!
//! The crate makes room for as many as the footer says, four billion if need be, which ends the program. All other lists it
//! compares with what is left of the footer, and so does this, by the rules of Thrift's compact protocol.

/// The field of the footer that holds the groups of rows.
const ROW_GROUPS: i64 = 4;

/// Structures within structures; those of Parquet lie far less deep.
const DEPTH_AT_MOST: usize = 32;

/// Whether the footer has at least a byte for each group of rows that it claims. `None` when it cannot be read at all.
pub(super) fn row_groups_fit(footer: &[u8]) -> Option<bool> {
    let mut rest = Rest { bytes: footer };
    let mut field = 0;
    loop {
        let kind = rest.field(&mut field)?;
        if kind == STOP {
            return Some(true);
        }
        if field == ROW_GROUPS && kind == LIST {
            let (_, size) = rest.list()?;
            return Some(size <= rest.bytes.len());
        }
        rest.skip(kind, DEPTH_AT_MOST)?;
    }
}

const STOP: u8 = 0;
const LIST: u8 = 9;

/// What is left of the footer.
struct Rest<'f> {
    bytes: &'f [u8],
}

impl Rest<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    /// Seven bits in each byte, the low ones first.
    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn length(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }

    /// The kind of the next field, whose number is added to the last one's or stands in full.
    fn field(&mut self, number: &mut i64) -> Option<u8> {
        let header = self.byte()?;
        let (step, kind) = (header >> 4, header & 0x0f);
        if kind != STOP && step == 0 {
            // The sign is in the lowest bit.
            let folded = i64::try_from(self.number()?).ok()?;
            *number = (folded >> 1) ^ -(folded & 1);
        } else {
            *number += i64::from(step);
        }
        Some(kind)
    }

    /// The kind and number of a list's elements.
    fn list(&mut self) -> Option<(u8, usize)> {
        let header = self.byte()?;
        let size = match header >> 4 {
            15 => self.length()?,
            few => usize::from(few),
        };
        Some((header & 0x0f, size))
    }

    /// Goes past a value of some kind.
    fn skip(&mut self, kind: u8, depth: usize) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        match kind {
            // Conditions are in the field's kind.
            1 | 2 => Some(()),
            3 => self.byte().map(|_| ()),
            4..=6 => self.number().map(|_| ()),
            7 => self.past(8),
            8 => self.length().and_then(|length| self.past(length)),
            9 | 10 => {
                let (kind, size) = self.list()?;
                (0..size).try_for_each(|_| self.skip_element(kind, depth))
            }
            11 => self.skip_map(depth),
            12 => {
                let mut field = 0;
                while let kind @ 1.. = self.field(&mut field)? {
                    self.skip(kind, depth)?;
                }
                Some(())
            }
            _ => None,
        }
    }

    /// Goes past an element of a list, of which every kind takes a byte or more.
    fn skip_element(&mut self, kind: u8, depth: usize) -> Option<()> {
        match kind {
            1 | 2 => self.byte().map(|_| ()),
            _ => self.skip(kind, depth),
        }
    }

    fn skip_map(&mut self, depth: usize) -> Option<()> {
        let size = self.length()?;
        if size == 0 {
            return Some(());
        }
        let kinds = self.byte()?;
        for _ in 0..size {
            self.skip_element(kinds >> 4, depth)?;
            self.skip_element(kinds & 0x0f, depth)?;
        }
        Some(())
    }

    fn past(&mut self, bytes: usize) -> Option<()> {
        self.bytes = self.bytes.get(bytes..)?;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::row_groups_fit;

    #[test]
    fn a_footer_cannot_claim_more_groups_of_rows_than_it_has_bytes() {
        // Version 1, then a list of no schema elements as field 2, three rows, and the groups of rows.
        let start = [0x15, 0x02, 0x19, 0x0c, 0x16, 0x06];
        let footer = |groups: &[u8]| [&start, groups].concat();
        assert_eq!(row_groups_fit(&footer(&[0x19, 0x1c, 0x00, 0x00])), Some(true));
        assert_eq!(row_groups_fit(&footer(&[0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07, 0x00])), Some(false));
        assert_eq!(row_groups_fit(&footer(&[0x19, 0x2c, 0x00])), Some(false));
        assert_eq!(row_groups_fit(&footer(&[])), None);
        assert_eq!(row_groups_fit(&footer(&[0x00])), Some(true));
    }

    #[test]
    fn structures_within_structures_end_somewhere() {
        assert_eq!(row_groups_fit(&[0x1c; 1000]), None);
    }
}
