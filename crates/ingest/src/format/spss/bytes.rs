//! The bytes of a file, taken from the front; a length that the file claims and does not have is a fault, never a reservation.

use super::Fault;

/// How the writer's machine ordered the bytes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    LittleEndian,
    BigEndian,
}

impl Order {
    pub(super) fn double(self, bytes: [u8; 8]) -> f64 {
        match self {
            Self::LittleEndian => f64::from_le_bytes(bytes),
            Self::BigEndian => f64::from_be_bytes(bytes),
        }
    }

    pub(super) fn bytes_of(self, double: f64) -> [u8; 8] {
        match self {
            Self::LittleEndian => double.to_le_bytes(),
            Self::BigEndian => double.to_be_bytes(),
        }
    }

    pub(super) fn integer(self, bytes: [u8; 4]) -> i32 {
        match self {
            Self::LittleEndian => i32::from_le_bytes(bytes),
            Self::BigEndian => i32::from_be_bytes(bytes),
        }
    }

    pub(super) fn long(self, bytes: [u8; 8]) -> i64 {
        match self {
            Self::LittleEndian => i64::from_le_bytes(bytes),
            Self::BigEndian => i64::from_be_bytes(bytes),
        }
    }
}

/// What is left of some bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bytes<'b> {
    pub(super) rest: &'b [u8],
    pub(super) order: Order,
}

impl<'b> Bytes<'b> {
    pub(super) fn new(rest: &'b [u8], order: Order) -> Self {
        Self { rest, order }
    }

    /// The next `length` bytes.
    pub(super) fn take(&mut self, length: usize) -> Result<&'b [u8], Fault> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Fault::CutDictionary)?;
        self.rest = rest;
        Ok(taken)
    }

    /// The next `length` bytes, and what fills them up to a multiple of `unit` when `before` bytes are counted with them.
    pub(super) fn take_padded(&mut self, length: usize, before: usize, unit: usize) -> Result<&'b [u8], Fault> {
        let taken = self.take(length)?;
        let used = (length + before) % unit;
        self.take(if used == 0 { 0 } else { unit - used })?;
        Ok(taken)
    }

    pub(super) fn array<const LENGTH: usize>(&mut self) -> Result<[u8; LENGTH], Fault> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(Fault::CutDictionary)?;
        self.rest = rest;
        Ok(*taken)
    }

    pub(super) fn integer(&mut self) -> Result<i32, Fault> {
        Ok(self.order.integer(self.array()?))
    }

    /// An integer that counts something.
    pub(super) fn count(&mut self) -> Result<usize, Fault> {
        usize::try_from(self.integer()?).map_err(|_| Fault::Damaged("a count below 0"))
    }

    pub(super) fn long(&mut self) -> Result<i64, Fault> {
        Ok(self.order.long(self.array()?))
    }

    pub(super) fn double(&mut self) -> Result<f64, Fault> {
        Ok(self.order.double(self.array()?))
    }
}
