//! The back test: what comes out today against what was printed when a wave came out.
//!
//! Whether two numbers agree is judged on the unrounded estimate; told is only the rounded one, and only of cells that are shown.

use codebook::{CellName, Measure, Printed, PrintedNumber, WaveId, Weighting};
use estimate::{Contributors, Outcome, Table, Wide};

use crate::judge::domain;
use crate::rule::percent_shift;
use crate::{Cell, PublishedTable, Release, Rounded};

/// Points by which a share may be off: a whole per cent is printed for what lies within half a point of it.
const POINTS: f64 = 0.5;
/// Points by which a difference of doubles may pass a bound that the decimal numbers meet exactly.
const LAST_BITS: f64 = 1e-9;

/// A number of an earlier publication beside what comes out today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackTested {
    pub(crate) printed: usize,
    pub(crate) wave: WaveId,
    pub(crate) estimate: Rounded,
    pub(crate) n: u64,
    pub(crate) agreement: Agreement,
}

/// Whether two numbers are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    /// Within half a point, and of as many answers.
    Agrees,
    /// The share is another one.
    OtherShare,
    /// The share agrees, and the number of answers does not.
    OtherAnswers,
}

impl BackTested {
    /// Its place in [`Country::printed`](codebook::Country::printed).
    #[must_use]
    pub fn printed(&self) -> usize {
        self.printed
    }

    /// The wave.
    #[must_use]
    pub fn wave(&self) -> WaveId {
        self.wave
    }

    /// What comes out today, rounded like its table.
    #[must_use]
    pub fn estimate(&self) -> Rounded {
        self.estimate
    }

    /// The answers of its base today.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.n
    }

    /// Whether it is what was printed.
    #[must_use]
    pub fn agreement(&self) -> Agreement {
        self.agreement
    }
}

/// Compares everything that was printed of the wave of a release with its tables; `tables` is what may be shown of them.
pub(crate) fn back_test(release: &Release<'_>, tables: &[PublishedTable], printed: &[Printed]) -> Vec<BackTested> {
    let of_wave = printed.iter().enumerate().filter(|(_, printed)| printed.wave == release.wave);
    of_wave.filter_map(|(index, printed)| compare(release, tables, index, printed)).collect()
}

fn compare(release: &Release<'_>, tables: &[PublishedTable], index: usize, printed: &Printed) -> Option<BackTested> {
    let cell = printed.cell.as_ref()?;
    if matches!(printed.told, PrintedNumber::About(_)) {
        return None;
    }
    let at = release.specs.iter().position(|spec| spec.id == cell.table)?;
    let spec = release.specs[at];
    if spec.measure != Measure::Share {
        return None;
    }
    let published = tables.iter().find(|table| table.id == cell.table)?;
    let shown = published.cell(&cell.row, &domain(cell.group.as_ref())).and_then(Cell::figures)?;
    let (outcome, behind) = unrounded(&release.tables[at], &release.contributors[at], cell)?;
    let share = match (printed.weighting, outcome) {
        (Weighting::Weighted, Outcome::Estimated(estimate)) => estimate.value,
        (Weighting::Unweighted, _) => (Wide::from_count(behind.positive) / Wide::from_count(behind.n)).to_f64(),
        (Weighting::Weighted, Outcome::NotEstimable { .. }) => return None,
    };
    let told = printed.percent().map(|percent| Wide::from_decimal(percent.units(), percent.scale()).to_f64());
    let is_apart = told.is_some_and(|told| (share * 100.0 - told).abs() > POINTS + LAST_BITS);
    let agreement = match printed.n {
        _ if is_apart => Agreement::OtherShare,
        Some(n) if n != shown.n => Agreement::OtherAnswers,
        Some(_) | None => Agreement::Agrees,
    };
    let estimate = Rounded::new(share, percent_shift(spec.measure), spec.decimals)?;
    Some(BackTested { printed: index, wave: release.wave, estimate, n: shown.n, agreement })
}

fn unrounded<'t>(
    table: &'t Table,
    contributors: &'t [Vec<Contributors>],
    cell: &CellName,
) -> Option<(&'t Outcome, &'t Contributors)> {
    let row = table.rows.iter().position(|row| *row == cell.row)?;
    let group = domain(cell.group.as_ref());
    let column = table.domains.iter().position(|found| *found == group)?;
    Some((&table.cells[row][column], &contributors[row][column]))
}
