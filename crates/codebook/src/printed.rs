//! What was printed of a wave when it came out.

use crate::{CellName, Country, Decimal, Place, Translated, WaveId};

/// One number of an earlier publication, a row of `published.csv`.
#[derive(Debug, Clone, PartialEq)]
pub struct Printed {
    /// The wave that it is about, which need not have a file of its own.
    pub wave: WaveId,
    /// The cell that shows it today; `None` where no table does, which compares it with nothing.
    pub cell: Option<CellName>,
    /// What it is, in words, where no table shows it.
    pub item: String,
    /// The number.
    pub told: PrintedNumber,
    /// The answers of its base, if they were printed.
    pub n: Option<u64>,
    /// Its base.
    pub base: String,
    /// Whether it was printed with weights.
    pub weighting: Weighting,
    /// Where it was printed.
    pub source: String,
    /// Why it is another number today.
    pub because: Option<Translated>,
    /// Its line.
    pub place: Place,
}

/// How a number was printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrintedNumber {
    /// In digits: per cent, with the decimals that were printed.
    Percent(Decimal),
    /// In words alone, such as "about half": `~50`, `~80-81`.
    About(String),
    /// Not at all: only how many answers there were.
    Answers,
}

/// Whether a share was printed with weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weighting {
    /// Every answer stands for its share of the population.
    Weighted,
    /// Every answer stands for itself.
    Unweighted,
}

impl Printed {
    /// The per cent, where digits were printed.
    #[must_use]
    pub fn percent(&self) -> Option<Decimal> {
        match self.told {
            PrintedNumber::Percent(percent) => Some(percent),
            PrintedNumber::About(_) | PrintedNumber::Answers => None,
        }
    }
}

impl Country {
    /// What was printed of a cell of a wave and still stands: a number that was corrected since does not. One in digits and with weights goes before others.
    #[must_use]
    pub fn printed_of(&self, wave: WaveId, cell: &CellName) -> Option<&Printed> {
        let standing = self.printed.iter().filter(|it| it.wave == wave && it.because.is_none());
        let of_cell = standing.filter(|it| it.cell.as_ref() == Some(cell));
        of_cell.min_by_key(|it| (it.percent().is_none(), it.weighting == Weighting::Unweighted))
    }
}
