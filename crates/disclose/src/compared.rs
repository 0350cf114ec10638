//! Numbers of several countries beside each other, for a comparison.
//!
//! **Nothing new is told.** A cell comes from a country's own release, as [`Published`] opens it, or from what was printed when the wave came out. Both are
//! public already: what an edition hides is hidden here, by the same symbol, and no sum, difference or rank is made of cells that are shown. An edition
//! that did not ask what the shared questionnaire asks has no number here at all, only the reasons.

mod correction;

use std::collections::BTreeMap;

use codebook::{
    BreakReason, CellName, CellSource, ComparedEdition, ComparedId, Country, CountryComparison, EditionId,
    InComparison, PrintedNumber, Row, RowId, TableId, TableSpec, WaveId, Weighting,
};
use estimate::Domain;

pub use correction::{ComparedCellName, ComparedCorrection, ComparedCorrections, FormerCell, FormerlyCompared};

use crate::judge::domain;
use crate::published::breakdown_of;
use crate::series::as_rounded;
use crate::{Cell, Hidden, Published, PublishedTable, Rounded};

/// An edition that is compared, and where its numbers are.
#[derive(Debug, Clone, Copy)]
pub struct Member<'a> {
    /// The edition.
    pub edition: &'a ComparedEdition,
    /// Its country, with what was printed of it.
    pub country: &'a Country,
    /// Its release, by the name of its folder; `None` where numbers are those that were printed.
    pub release: Option<(EditionId, &'a Published)>,
}

/// Everything that a comparison may show. Only [`compare`] makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparedTables {
    pub(crate) synthetic: bool,
    pub(crate) tables: Vec<ComparedTable>,
}

/// One table: its rows, each by edition.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparedTable {
    pub(crate) id: TableId,
    pub(crate) rows: Vec<ComparedRow>,
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparedRow {
    pub(crate) id: RowId,
    pub(crate) cells: BTreeMap<ComparedId, ComparedCell>,
}

/// What readers see of an edition in a row.
#[derive(Debug, Clone, PartialEq)]
pub enum ComparedCell {
    /// As the country's release shows it, or hides it.
    Released(Cell),
    /// As it was printed, without an interval; with the answers of its base, if they were printed, and where it stood.
    Printed {
        /// The share, in per cent.
        estimate: Rounded,
        /// The answers of its base.
        n: Option<u64>,
        /// Where it was printed.
        source: String,
    },
    /// It did not ask the same, for these reasons; never empty.
    NotComparable(Vec<BreakReason>),
    /// It asked the same, and only words were printed of it.
    InWords,
    /// It asked the same, and what was printed is without weights.
    Unweighted,
    /// It asked the same, and no number is at hand.
    NotPublished,
}

impl ComparedCell {
    /// The share in per cent, if one is shown.
    #[must_use]
    pub fn estimate(&self) -> Option<Rounded> {
        match self {
            Self::Released(cell) => cell.figures().map(crate::Figures::estimate),
            Self::Printed { estimate, .. } => Some(*estimate),
            Self::NotComparable(_) | Self::InWords | Self::Unweighted | Self::NotPublished => None,
        }
    }

    /// The answers of its base, if a number is shown and they are told.
    #[must_use]
    pub fn n(&self) -> Option<u64> {
        match self {
            Self::Released(cell) => cell.figures().map(crate::Figures::n),
            Self::Printed { n, .. } => *n,
            Self::NotComparable(_) | Self::InWords | Self::Unweighted | Self::NotPublished => None,
        }
    }
}

impl ComparedTables {
    /// Whether its numbers are made up.
    #[must_use]
    pub fn synthetic(&self) -> bool {
        self.synthetic
    }

    /// The tables, in the order of the comparison.
    #[must_use]
    pub fn tables(&self) -> &[ComparedTable] {
        &self.tables
    }

    /// The table of this name.
    #[must_use]
    pub fn table(&self, id: &TableId) -> Option<&ComparedTable> {
        self.tables.iter().find(|table| table.id == *id)
    }
}

impl ComparedTable {
    /// Its name.
    #[must_use]
    pub fn id(&self) -> &TableId {
        &self.id
    }

    /// The rows, in the order of the table.
    #[must_use]
    pub fn rows(&self) -> &[ComparedRow] {
        &self.rows
    }

    /// The row of this name.
    #[must_use]
    pub fn row(&self, id: &RowId) -> Option<&ComparedRow> {
        self.rows.iter().find(|row| row.id == *id)
    }
}

impl ComparedRow {
    /// Its name.
    #[must_use]
    pub fn id(&self) -> &RowId {
        &self.id
    }

    /// What readers see of an edition.
    #[must_use]
    pub fn cell(&self, edition: &ComparedId) -> Option<&ComparedCell> {
        self.cells.get(edition)
    }

    /// What readers see of every edition.
    pub fn cells(&self) -> impl Iterator<Item = &ComparedCell> {
        self.cells.values()
    }

    /// Whether there is anything to compare: at least two of these editions show a number.
    #[must_use]
    pub fn is_compared(&self, editions: &[ComparedId]) -> bool {
        let shown = editions.iter().filter_map(|edition| self.cell(edition)?.estimate());
        shown.count() >= 2
    }
}

/// Puts the numbers of the members of a comparison beside each other.
#[must_use]
pub fn compare(comparison: &CountryComparison, members: &[Member<'_>]) -> ComparedTables {
    let row = |table: &TableSpec, row: &Row| ComparedRow {
        id: row.id.clone(),
        cells: members.iter().map(|member| (member.edition.id.clone(), member.cell(comparison, table, row))).collect(),
    };
    let tables = comparison.tables.iter().map(|table| ComparedTable {
        id: table.id.clone(),
        rows: table.rows.iter().map(|it| row(table, it)).collect(),
    });
    ComparedTables {
        synthetic: members.iter().any(|member| member.release.is_some_and(|(_, release)| release.synthetic())),
        tables: tables.collect(),
    }
}

impl Member<'_> {
    fn cell(&self, comparison: &CountryComparison, table: &TableSpec, row: &Row) -> ComparedCell {
        match self.country.in_comparison(comparison, self.edition, table, row) {
            InComparison::Apart(reasons) => ComparedCell::NotComparable(reasons),
            InComparison::NotTabled => ComparedCell::NotPublished,
            InComparison::Cell(cell) => match self.edition.cells {
                CellSource::Printed => self.printed(&cell),
                CellSource::Release => released(self.release.map(|(_, published)| published), self.edition.wave, &cell),
            },
        }
    }

    fn printed(&self, cell: &CellName) -> ComparedCell {
        let Some(printed) = self.country.printed_of(self.edition.wave, cell) else { return ComparedCell::NotPublished };
        match (&printed.told, printed.weighting) {
            (PrintedNumber::About(_), _) => ComparedCell::InWords,
            (PrintedNumber::Answers, _) => ComparedCell::NotPublished,
            (PrintedNumber::Percent(_), Weighting::Unweighted) => ComparedCell::Unweighted,
            (PrintedNumber::Percent(percent), Weighting::Weighted) => match as_rounded(*percent) {
                Some(estimate) => ComparedCell::Printed { estimate, n: printed.n, source: printed.source.clone() },
                None => ComparedCell::NotPublished,
            },
        }
    }
}

/// A cell as the release of its wave has it. A wave of another year is no release of it, and a table or group that the release does not have is not published.
pub(crate) fn released(release: Option<&Published>, wave: WaveId, cell: &CellName) -> ComparedCell {
    let release = release.filter(|release| release.wave() == wave);
    let Some(table) = release.and_then(|release| release.table(&cell.table)) else {
        return ComparedCell::NotPublished;
    };
    let place = domain(cell.group.as_ref());
    match table.cell(&cell.row, &place) {
        Some(shown) => ComparedCell::Released(*shown),
        None => {
            withheld(table, &place).map_or(ComparedCell::NotPublished, |why| ComparedCell::Released(Cell::Hidden(why)))
        }
    }
}

/// Why a release withholds a part of a table, if it does.
fn withheld(table: &PublishedTable, place: &Domain) -> Option<Hidden> {
    let breakdown = breakdown_of(place).map(|(name, _)| name);
    let of_place = |part: &&crate::Withheld| part.breakdown.is_none() || part.breakdown.as_ref() == breakdown;
    table.withheld().iter().find(of_place).map(|part| part.why)
}
