//! Earlier waves beside that of the report.
//!
//! **Each wave has its own system.** The answers of one wave are other answers than those of another, so no sum joins them; what links two waves on a page is a change,
//! which is the difference of two cells that are both shown. An earlier wave is protected with *all* of its tables, as in its own edition, and only then is
//! taken what a figure or claim of this report needs. So what its edition hid stays hidden here, and the two together show nothing that one does not.
//!
//! **What was printed** is shown where the answers of a wave are not at hand. It is public already, has no interval, and is tested with nothing.

use std::collections::{BTreeMap, BTreeSet};

use codebook::{CellName, Decimal, Printed, RowId, TableId, TableSpec, Theme, VariableName, WaveId, Weighting};
use estimate::{Contributors, Domain, Outcome, Table};

use crate::judge::domain;
use crate::protect::pattern;
use crate::published::breakdown_of;
use crate::rule::publish;
use crate::{Cell, Fieldwork, Figures, Hidden, Published, PublishedTable, Release, Rounded, Unions};

/// What stands beside a release: earlier waves, and what was printed when they came out.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside<'a> {
    /// Earlier waves whose answers are at hand, in order of time.
    pub earlier: &'a [Earlier<'a>],
    /// What was printed of every wave.
    pub printed: &'a [Printed],
}

/// An earlier wave that was counted again: everything that its own edition has.
#[derive(Debug, Clone)]
pub struct Earlier<'a> {
    /// The wave.
    pub wave: WaveId,
    /// Whether its answers are made up.
    pub synthetic: bool,
    /// The specification of each table that the wave has.
    pub specs: &'a [&'a TableSpec],
    /// The estimates, parallel to `specs`.
    pub tables: &'a [Table],
    /// Who stands behind each cell, parallel to `tables`.
    pub contributors: &'a [Vec<Vec<Contributors>>],
    /// Which groups and bases of the wave are the same people.
    pub unions: &'a Unions,
    /// The changes since then of cells of a panel, with the covariance of the units that are in both waves. Other changes are those of independent waves.
    pub changes: &'a [(CellName, Outcome)],
}

/// What may be shown of an earlier wave.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishedWave {
    pub(crate) wave: WaveId,
    pub(crate) synthetic: bool,
    pub(crate) tables: Vec<PublishedTable>,
    pub(crate) printed: Vec<PrintedCell>,
}

/// A share as it was printed, in place of one that can be counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintedCell {
    pub(crate) cell: CellName,
    pub(crate) estimate: Rounded,
    pub(crate) n: Option<u64>,
}

/// What a reader sees of a cell in some wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaveCell {
    /// It was counted.
    Counted(Cell),
    /// It was printed, without an interval; with the answers of its base, if they were printed.
    Printed(Rounded, Option<u64>),
    /// The wave did not have it, or neither its answers nor what was printed are at hand.
    Absent,
}

impl WaveCell {
    /// The numbers of a cell that was counted, if it shows any.
    #[must_use]
    pub fn figures(&self) -> Option<&Figures> {
        match self {
            Self::Counted(cell) => cell.figures(),
            Self::Printed(..) | Self::Absent => None,
        }
    }

    /// The estimate, counted or printed.
    #[must_use]
    pub fn estimate(&self) -> Option<Rounded> {
        match self {
            Self::Counted(cell) => cell.figures().map(Figures::estimate),
            Self::Printed(estimate, _) => Some(*estimate),
            Self::Absent => None,
        }
    }
}

impl From<Cell> for WaveCell {
    fn from(cell: Cell) -> Self {
        Self::Counted(cell)
    }
}

impl PublishedWave {
    /// The wave.
    #[must_use]
    pub fn wave(&self) -> WaveId {
        self.wave
    }

    /// The tables that were counted; none where only what was printed is at hand.
    #[must_use]
    pub fn tables(&self) -> &[PublishedTable] {
        &self.tables
    }

    pub(crate) fn cell(&self, table: &TableId, row: &RowId, domain: &Domain) -> WaveCell {
        if let Some(counted) = self.tables.iter().find(|counted| counted.id == *table) {
            let has_row = counted.rows.contains(row);
            let withheld = counted.withheld.iter().find(|part| match &part.breakdown {
                None => true,
                Some(breakdown) => breakdown_of(domain).is_some_and(|(name, _)| name == breakdown),
            });
            return match (counted.cell(row, domain), withheld) {
                (Some(cell), _) => WaveCell::Counted(*cell),
                (None, Some(part)) if has_row => WaveCell::Counted(Cell::Hidden(part.why)),
                (None, _) => WaveCell::Absent,
            };
        }
        let is_it = |printed: &&PrintedCell| {
            printed.cell.table == *table
                && printed.cell.row == *row
                && self::domain(printed.cell.group.as_ref()) == *domain
        };
        let printed = self.printed.iter().find(is_it);
        printed.map_or(WaveCell::Absent, |printed| WaveCell::Printed(printed.estimate, printed.n))
    }
}

impl Published {
    /// The earlier waves that are shown beside this one, in order of time.
    #[must_use]
    pub fn earlier(&self) -> &[PublishedWave] {
        &self.earlier
    }

    /// A cell in this wave or an earlier one.
    #[must_use]
    pub fn in_wave(&self, wave: WaveId, table: &TableId, row: &RowId, domain: &Domain) -> WaveCell {
        if wave == self.wave {
            let known = self.table(table).and_then(|table| table.cell(row, domain)).copied();
            return WaveCell::Counted(known.unwrap_or(Cell::Hidden(Hidden::Confidential)));
        }
        let earlier = self.earlier.iter().find(|earlier| earlier.wave == wave);
        earlier.map_or(WaveCell::Absent, |earlier| earlier.cell(table, row, domain))
    }
}

/// The tables of earlier waves that the themes need, with the breakdowns that they need of them.
#[must_use]
pub fn needed_of_earlier(themes: &[Theme]) -> BTreeMap<WaveId, BTreeMap<TableId, BTreeSet<VariableName>>> {
    let mut needed: BTreeMap<WaveId, BTreeMap<TableId, BTreeSet<VariableName>>> = BTreeMap::new();
    let mut need = |wave: WaveId, table: &TableId, breakdown: Option<&VariableName>| {
        needed.entry(wave).or_default().entry(table.clone()).or_default().extend(breakdown.cloned());
    };
    for theme in themes {
        for figure in &theme.figures {
            let earlier = figure.chart.waves().split_last().map_or(&[][..], |(_, earlier)| earlier);
            earlier.iter().for_each(|wave| need(*wave, &figure.table, figure.chart.breakdown()));
        }
        for (cell, wave) in theme.claims.iter().filter_map(|claim| claim.predicate.earlier()) {
            need(wave, &cell.table, cell.group.as_ref().map(|(breakdown, _)| breakdown));
        }
    }
    needed
}

/// Protects every earlier wave as a whole, and keeps what the themes of the release need of it.
pub(crate) fn publish_earlier(release: &Release<'_>) -> Vec<PublishedWave> {
    let needed = needed_of_earlier(release.themes);
    let of_wave = |(wave, tables): (&WaveId, &BTreeMap<TableId, BTreeSet<VariableName>>)| match release
        .beside
        .earlier
        .iter()
        .find(|earlier| earlier.wave == *wave)
    {
        Some(earlier) => counted(release, earlier, tables),
        None => PublishedWave {
            wave: *wave,
            synthetic: false,
            tables: Vec::new(),
            printed: printed(release.beside.printed, *wave, tables),
        },
    };
    needed.iter().map(of_wave).collect()
}

fn counted(
    release: &Release<'_>,
    earlier: &Earlier<'_>,
    needed: &BTreeMap<TableId, BTreeSet<VariableName>>,
) -> PublishedWave {
    let whole = alone(release, earlier);
    let hidden = pattern(&whole).tables.into_iter().enumerate();
    let tables = hidden.filter_map(|(index, hidden)| {
        let breakdowns = needed.get(&earlier.specs[index].id)?;
        Some(narrowed(publish(&whole, index, hidden), breakdowns))
    });
    PublishedWave { wave: earlier.wave, synthetic: earlier.synthetic, tables: tables.collect(), printed: Vec::new() }
}

/// An earlier wave as a release of its own, without sentences.
pub(crate) fn alone<'a>(release: &Release<'a>, earlier: &Earlier<'a>) -> Release<'a> {
    Release {
        wave: earlier.wave,
        synthetic: earlier.synthetic,
        specs: earlier.specs,
        tables: earlier.tables,
        contributors: earlier.contributors,
        unions: earlier.unions,
        themes: &[],
        wordings: &[],
        fieldwork: Fieldwork::default(),
        beside: Beside { earlier: &[], printed: &[] },
        ..release.clone()
    }
}

/// The total and the groups of some breakdowns.
fn narrowed(table: PublishedTable, breakdowns: &BTreeSet<VariableName>) -> PublishedTable {
    let is_needed = |domain: &Domain| breakdown_of(domain).is_none_or(|(name, _)| breakdowns.contains(name));
    let kept: Vec<usize> = (0..table.domains.len()).filter(|index| is_needed(&table.domains[*index])).collect();
    let PublishedTable { id, domains, rows, cells, withheld } = table;
    PublishedTable {
        id,
        domains: kept.iter().map(|index| domains[*index].clone()).collect(),
        rows,
        cells: cells.iter().map(|row| kept.iter().map(|index| row[*index]).collect()).collect(),
        withheld: withheld
            .into_iter()
            .filter(|part| part.breakdown.as_ref().is_none_or(|name| breakdowns.contains(name)))
            .collect(),
    }
}

/// What was printed of the cells of some tables: with weights, and not what was corrected since.
fn printed(printed: &[Printed], wave: WaveId, needed: &BTreeMap<TableId, BTreeSet<VariableName>>) -> Vec<PrintedCell> {
    let plain = printed.iter().filter(|it| it.wave == wave && it.because.is_none());
    let weighted = plain.filter(|it| it.weighting == Weighting::Weighted);
    let cell = |it: &Printed| {
        let cell = it.cell.clone().filter(|cell| needed.contains_key(&cell.table))?;
        Some(PrintedCell { cell, estimate: as_rounded(it.percent()?)?, n: it.n })
    };
    weighted.filter_map(cell).collect()
}

/// A printed number with its digits.
pub(crate) fn as_rounded(number: Decimal) -> Option<Rounded> {
    let units = i64::try_from(number.units()).ok()?;
    Some(Rounded::stored(units, number.scale()))
}

/// Everything that an earlier wave could show by the choice that it is protected by here: what of each of its tables readers may be told, drawn or not.
///
/// It is for comparison with the wave's own edition ([`ToldCells::tell_no_more_with`]), and holds no number.
#[must_use]
pub fn told_of_earlier(release: &Release<'_>, wave: WaveId) -> Option<ToldCells> {
    let earlier = release.beside.earlier.iter().find(|earlier| earlier.wave == wave)?;
    let whole = alone(release, earlier);
    let hidden = pattern(&whole).tables.into_iter().enumerate();
    let tables: Vec<PublishedTable> = hidden.map(|(index, hidden)| publish(&whole, index, hidden)).collect();
    Some(ToldCells::of(&tables))
}

/// The cells of some tables of which readers are told anything, be it that they are empty: all that are not confidential. By table, row and group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ToldCells(BTreeMap<String, BTreeSet<CellKey>>);

/// A row, and the breakdown and code of a group; no group is the total.
type CellKey = (String, Option<(String, String)>);

impl ToldCells {
    /// Those of published tables.
    #[must_use]
    pub fn of(tables: &[PublishedTable]) -> Self {
        let mut told = Self::default();
        for table in tables {
            told.add_table(table.id.as_str());
            for (row, cells) in table.rows.iter().zip(&table.cells) {
                for (domain, cell) in table.domains.iter().zip(cells) {
                    if *cell != Cell::Hidden(Hidden::Confidential) {
                        let group = breakdown_of(domain).map(|(name, code)| (name.to_string(), code.to_string()));
                        told.add(table.id.as_str(), row.as_str(), group);
                    }
                }
            }
        }
        told
    }

    /// Takes in a table, which may tell nothing.
    pub fn add_table(&mut self, table: &str) {
        self.0.entry(table.to_owned()).or_default();
    }

    /// Takes in a cell.
    pub fn add(&mut self, table: &str, row: &str, group: Option<(String, String)>) {
        self.0.entry(table.to_owned()).or_default().insert((row.to_owned(), group));
    }

    /// The same without the cells that are told of anyway: table, row and group.
    #[must_use]
    pub fn without(mut self, is_told_anyway: impl Fn(&str, &str, Option<&(String, String)>) -> bool) -> Self {
        for (table, cells) in &mut self.0 {
            cells.retain(|(row, group)| !is_told_anyway(table, row, group.as_ref()));
        }
        self
    }

    /// Whether an edition of a wave tells of everything that a series of it draws (`drawn`): then the two together tell no more than the edition does. Of a
    /// series that was published before, nobody knows any more what its choice hid of the tables that it does not draw, and nothing else can be proved.
    ///
    /// # Errors
    /// The first cell that the series tells and the edition hides or lacks.
    pub fn tell_all_of(&self, drawn: &Self) -> Result<(), Differing> {
        let mut cells = drawn.0.iter().flat_map(|(table, cells)| cells.iter().map(move |cell| (table, cell)));
        let is_more =
            |(table, cell): &(&String, &CellKey)| !self.0.get(*table).is_some_and(|told| told.contains(*cell));
        let more = cells.find(is_more);
        more.map_or(Ok(()), |(table, (row, group))| {
            let (table, row, group) = (table.clone(), row.clone(), group.clone());
            Err(Differing { table, row, group, is_told_by_edition: false })
        })
    }

    /// Whether an edition of a wave and a later series of it together tell no more than one protected release of the wave: the series (`drawn`) tells of nothing that
    /// the edition hides or lacks, or the choice that it was protected by (`whole`, of all tables that the wave has today) hides of each table
    /// of the edition just what the edition hid. Otherwise the table and row of a cell where the two choices differ, and its group.
    ///
    /// # Errors
    /// The first cell that one of the choices hides and the other tells.
    pub fn tell_no_more_with(&self, whole: &Self, drawn: &Self) -> Result<(), Differing> {
        if self.tell_all_of(drawn).is_ok() {
            return Ok(());
        }
        for (table, before) in &self.0 {
            let none = BTreeSet::new();
            let now = whole.0.get(table).unwrap_or(&none);
            if let Some((row, group)) = before.symmetric_difference(now).next() {
                let is_told_by_edition = before.contains(&(row.clone(), group.clone()));
                return Err(Differing {
                    table: table.clone(),
                    row: row.clone(),
                    group: group.clone(),
                    is_told_by_edition,
                });
            }
        }
        Ok(())
    }
}

/// A cell that an edition hides and a later choice tells, or the other way round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differing {
    /// The table.
    pub table: String,
    /// The row.
    pub row: String,
    /// The breakdown and the code of the group; `None` is the total.
    pub group: Option<(String, String)>,
    /// Whether it is the edition that tells of it.
    pub is_told_by_edition: bool,
}
