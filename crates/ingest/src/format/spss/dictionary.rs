//! The dictionary of an SPSS system file: what stands before the cases. Texts stay bytes until their encoding is known, which the
//! file tells near the end.
//!
//! The format is nowhere published by IBM; the manual of PSPP describes it ("System File Format", appendix of the developers' guide).

use super::Fault;
use super::bytes::{Bytes, Order};
use super::extension::Extensions;

/// How the cases are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Plain,
    /// One byte for a small whole number or a blank.
    Bytecode,
    /// The same, in blocks packed by zlib.
    Zlib,
}

/// What stands before the cases.
#[derive(Debug)]
pub(super) struct Dictionary<'b> {
    pub(super) order: Order,
    pub(super) packing: Packing,
    /// What is taken off a byte code to give its number; 100 in all files of SPSS.
    pub(super) bias: f64,
    /// How many cases there are, where the writer knew it.
    pub(super) cases: Option<u64>,
    /// The slot of the weight variable.
    pub(super) weight_slot: Option<usize>,
    pub(super) variables: Vec<Variable<'b>>,
    /// The length of a case, in slots of 8 bytes.
    pub(super) slots: usize,
    pub(super) label_sets: Vec<LabelSet<'b>>,
    pub(super) extensions: Extensions<'b>,
    /// The cases.
    pub(super) body: &'b [u8],
}

/// A variable, or a segment of a very long text.
#[derive(Debug)]
pub(super) struct Variable<'b> {
    /// The first of its slots in a case.
    pub(super) slot: usize,
    /// Its name of at most 8 bytes.
    pub(super) name: &'b [u8],
    pub(super) label: Option<&'b [u8]>,
    pub(super) kind: Kind,
    /// The number of the format that it is printed in.
    pub(super) print_format: u8,
    /// 8 bytes each.
    pub(super) missing: Vec<[u8; 8]>,
    pub(super) missing_form: MissingForm,
}

/// What a variable holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    /// At most so many bytes, 1 to 255.
    Text(usize),
}

impl Kind {
    /// The number of slots in a case.
    pub(super) fn slots(self) -> usize {
        match self {
            Self::Number => 1,
            Self::Text(width) => width.div_ceil(8),
        }
    }
}

/// What the values declared missing mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MissingForm {
    /// Each by itself.
    Values,
    /// The first two are the ends of a range; a third stands by itself.
    Range,
}

/// A value and its words.
type Label<'b> = ([u8; 8], &'b [u8]);

/// Value labels, and the slots of the variables that they are for.
#[derive(Debug)]
pub(super) struct LabelSet<'b> {
    pub(super) labels: Vec<Label<'b>>,
    pub(super) slots: Vec<usize>,
}

const VARIABLE: i32 = 2;
const VALUE_LABELS: i32 = 3;
const VARIABLES_OF_LABELS: i32 = 4;
const DOCUMENT: i32 = 6;
const EXTENSION: i32 = 7;
const END: i32 = 999;

impl<'b> Dictionary<'b> {
    /// Reads it from the file's first byte on.
    pub(super) fn read(file: &'b [u8]) -> Result<Self, Fault> {
        let (mut bytes, mut dictionary) = Self::read_header(file)?;
        let mut pending = None;
        loop {
            let record = bytes.integer()?;
            match (record, pending.take()) {
                (VARIABLES_OF_LABELS, Some(labels)) => {
                    let slots = slots_of_labels(&mut bytes)?;
                    dictionary.label_sets.push(LabelSet { labels, slots });
                }
                (_, Some(_)) | (VARIABLES_OF_LABELS, None) => {
                    return Err(Fault::Damaged("value labels without variables"));
                }
                (VARIABLE, None) => dictionary.read_variable(&mut bytes)?,
                (VALUE_LABELS, None) => pending = Some(value_labels(&mut bytes)?),
                (DOCUMENT, None) => {
                    let lines = bytes.count()?;
                    bytes.take(lines.checked_mul(80).ok_or(Fault::CutDictionary)?)?;
                }
                (EXTENSION, None) => dictionary.extensions.read(&mut bytes)?,
                (END, None) => break,
                (_, None) => return Err(Fault::Damaged("a record of unknown kind")),
            }
        }
        bytes.integer()?;
        dictionary.body = bytes.rest;
        dictionary.complete()
    }

    fn read_header(file: &'b [u8]) -> Result<(Bytes<'b>, Self), Fault> {
        if !file.starts_with(b"$FL2") && !file.starts_with(b"$FL3") {
            return Err(Fault::NotSpss);
        }
        let mut bytes = Bytes::new(file, Order::LittleEndian);
        bytes.take(64)?;
        let layout: [u8; 4] = bytes.array()?;
        let order = [Order::LittleEndian, Order::BigEndian]
            .into_iter()
            .find(|order| matches!(order.integer(layout), 2 | 3))
            .ok_or(Fault::Damaged("a layout that is neither 2 nor 3"))?;
        bytes.order = order;
        bytes.integer()?;
        let packing = match bytes.integer()? {
            0 => Packing::Plain,
            1 => Packing::Bytecode,
            2 => Packing::Zlib,
            _ => return Err(Fault::Damaged("an unknown kind of compression")),
        };
        let weight_slot = bytes.count()?.checked_sub(1);
        let cases = u64::try_from(bytes.integer()?).ok();
        let bias = bytes.double()?;
        if packing != Packing::Plain && !(0.0..=255.0).contains(&bias) {
            return Err(Fault::Damaged("an impossible compression bias"));
        }
        bytes.take(9 + 8 + 64 + 3)?;
        let dictionary = Self {
            order,
            packing,
            bias,
            cases,
            weight_slot,
            variables: Vec::new(),
            slots: 0,
            label_sets: Vec::new(),
            extensions: Extensions::default(),
            body: &[],
        };
        Ok((bytes, dictionary))
    }

    fn read_variable(&mut self, bytes: &mut Bytes<'b>) -> Result<(), Fault> {
        let kind = bytes.integer()?;
        let has_label = bytes.integer()? == 1;
        let missing_form = bytes.integer()?;
        let [_, print_format, _, _] = match bytes.order {
            Order::LittleEndian => {
                bytes.array::<4>().map(|[decimals, width, kind, filler]| [filler, kind, width, decimals])
            }
            Order::BigEndian => bytes.array::<4>(),
        }?;
        bytes.integer()?;
        let name = trimmed(bytes.take(8)?);
        let label = if has_label {
            let length = bytes.count()?;
            Some(bytes.take_padded(length, 0, 4)?)
        } else {
            None
        };
        let (values, missing_form) = match missing_form {
            0..=3 => (missing_form.unsigned_abs(), MissingForm::Values),
            -3 | -2 => (missing_form.unsigned_abs(), MissingForm::Range),
            _ => return Err(Fault::Damaged("a variable with an impossible number of missing values")),
        };
        let missing = (0..values).map(|_| bytes.array()).collect::<Result<Vec<_>, _>>()?;
        let slot = self.slots;
        self.slots += 1;
        let kind = match kind {
            // A further slot of the text before it.
            -1 => return self.continues_a_text(),
            0 => Kind::Number,
            1..=255 => Kind::Text(usize::try_from(kind).expect("it is at least 1")),
            _ => return Err(Fault::Damaged("a variable of unknown type")),
        };
        self.variables.push(Variable { slot, name, label, kind, print_format, missing, missing_form });
        Ok(())
    }

    fn continues_a_text(&self) -> Result<(), Fault> {
        let fits = self.variables.last().is_some_and(|last| self.slots <= last.slot + last.kind.slots());
        if fits { Ok(()) } else { Err(Fault::Damaged("a text longer than its variable")) }
    }

    /// Checks that every variable has its slots.
    fn complete(self) -> Result<Self, Fault> {
        let ends = self.variables.iter().map(|variable| variable.slot + variable.kind.slots());
        let starts = self.variables.iter().skip(1).map(|variable| variable.slot).chain([self.slots]);
        if self.variables.is_empty() {
            return Err(Fault::NoVariables);
        }
        if !ends.eq(starts) {
            return Err(Fault::Damaged("a text shorter than its variable"));
        }
        Ok(self)
    }
}

fn value_labels<'b>(bytes: &mut Bytes<'b>) -> Result<Vec<Label<'b>>, Fault> {
    let count = bytes.count()?;
    let mut labels = Vec::new();
    for _ in 0..count {
        let value = bytes.array()?;
        let [length] = bytes.array()?;
        labels.push((value, bytes.take_padded(usize::from(length), 1, 8)?));
    }
    Ok(labels)
}

fn slots_of_labels(bytes: &mut Bytes<'_>) -> Result<Vec<usize>, Fault> {
    let count = bytes.count()?;
    let mut slots = Vec::new();
    for _ in 0..count {
        slots.push(bytes.count()?.checked_sub(1).ok_or(Fault::Damaged("value labels of variable 0"))?);
    }
    Ok(slots)
}

/// A text without the blanks and NULs that fill it up.
pub(super) fn trimmed(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|byte| !matches!(byte, b' ' | 0)).map_or(0, |last| last + 1);
    &text[..end]
}
