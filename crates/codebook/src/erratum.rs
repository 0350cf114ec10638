//! Errata: what an edition shows otherwise than the one before it, and why.

use jiff::civil::Date;

use crate::{Chart, Claim, ClaimId, Code, EditionId, ErratumId, Figure, FigureId, Place, Predicate, ReleaseMoment};
use crate::{ComparedId, CountryComparison, RowId, TableId, ThemeId, Translated, VariableName, Wave, WaveId};

/// One thing that was wrong in an edition, or is known better since.
#[derive(Debug, Clone, PartialEq)]
pub struct Erratum {
    /// Its name, unique in the wave, and its anchor on the page of errata.
    pub id: ErratumId,
    /// The edition that puts it right.
    pub edition: EditionId,
    /// The day on which that edition becomes public.
    pub date: Date,
    /// What kind of change it is.
    pub kind: ErratumKind,
    /// What was wrong.
    pub wrong: Translated,
    /// What is different now.
    pub changed: Translated,
    /// Why the edition is published though an earlier one tells what it hides of what this touches; `None` refuses it.
    pub known_before: Option<String>,
    /// What it touches, each with the place where it is named; at least one.
    pub touches: Vec<(Touched, Place)>,
    /// Where it is written.
    pub place: Place,
}

/// What kind of change an erratum tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ErratumKind {
    /// Something was wrong.
    Correction,
    /// Nothing was wrong with what was known then; more is known now, such as late answers or a new frame.
    Revision,
    /// Something is no longer published.
    Withdrawal,
    /// Something is published that was not.
    Addition,
}

impl ErratumKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Correction, Self::Revision, Self::Withdrawal, Self::Addition];

    /// What became of the numbers that it touches, for files that are in no language.
    #[must_use]
    pub fn done(self) -> &'static str {
        match self {
            Self::Correction => "corrected",
            Self::Revision => "revised",
            Self::Withdrawal => "withdrawn",
            Self::Addition => "added",
        }
    }

    /// Its word in TOML and in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Correction => "correction",
            Self::Revision => "revision",
            Self::Withdrawal => "withdrawal",
            Self::Addition => "addition",
        }
    }
}

/// What an erratum touches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Touched {
    /// Every table of the edition.
    AllTables,
    /// A table, with every figure and claim that tells a number of it.
    Table(TableId),
    /// What a figure shows.
    Figure(FigureId),
    /// What a claim of a page tells.
    Claim(ThemeId, ClaimId),
    /// The texts of a page.
    Page(ThemeId),
}

/// A cell of a table: a row, in total (`None`) or in one group of a breakdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellOf<'c> {
    /// The table.
    pub table: &'c TableId,
    /// The row.
    pub row: &'c RowId,
    /// The group.
    pub group: Option<(&'c VariableName, &'c Code)>,
}

impl Touched {
    /// Whether it is, or shows, this cell of the wave's tables.
    #[must_use]
    pub fn is_about(&self, cell: CellOf<'_>, wave: &Wave) -> bool {
        match self {
            Self::AllTables => true,
            Self::Table(table) => table == cell.table,
            Self::Figure(id) => {
                wave.themes.iter().flat_map(|theme| &theme.figures).any(|figure| figure.id == *id && figure.shows(cell))
            }
            Self::Claim(theme, id) => {
                let claims = wave.themes.iter().filter(|it| it.id == *theme).flat_map(|theme| &theme.claims);
                claims.into_iter().any(|claim| claim.id == *id && claim.tells(cell))
            }
            Self::Page(_) => false,
        }
    }
}

impl Touched {
    /// Whether it is, or shows, what an edition has in a row of a comparison over countries.
    #[must_use]
    pub fn is_about_compared(
        &self,
        (table, row, edition): (&TableId, &RowId, &ComparedId),
        comparison: &CountryComparison,
    ) -> bool {
        let pages = || comparison.pages.iter().filter(|page| page.editions.contains(edition));
        match self {
            Self::AllTables => true,
            Self::Table(id) => id == table,
            Self::Figure(id) => {
                pages().flat_map(|page| &page.theme.figures).any(|figure| figure.id == *id && figure.table == *table)
            }
            Self::Claim(theme, id) => {
                let of_page = pages().filter(|page| page.theme.id == *theme && page.told.get(id) == Some(edition));
                let cell = CellOf { table, row, group: None };
                of_page.flat_map(|page| &page.theme.claims).any(|claim| claim.id == *id && claim.tells(cell))
            }
            Self::Page(_) => false,
        }
    }
}

impl Figure {
    /// Whether it shows this cell.
    #[must_use]
    pub fn shows(&self, cell: CellOf<'_>) -> bool {
        let is_own = self.table == *cell.table;
        match &self.chart {
            Chart::Rows => is_own && cell.group.is_none(),
            Chart::Row { row } => is_own && row == cell.row && cell.group.is_none(),
            Chart::Groups { row, breakdown } => {
                is_own && row == cell.row && cell.group.is_none_or(|(name, _)| name == breakdown)
            }
            Chart::RowsByGroups { breakdown } => is_own && cell.group.is_some_and(|(name, _)| name == breakdown),
            // Of the waves that it shows, the edition's own one is corrected by its errata.
            Chart::OverWaves { row, breakdown, .. } => {
                is_own
                    && row.as_ref().is_none_or(|row| row == cell.row)
                    && cell.group.map(|(name, _)| name) == breakdown.as_ref()
            }
            Chart::Against { table, parts } => {
                (is_own || std::iter::once(table).chain(parts.tables()).any(|table| table == cell.table))
                    && cell.group.is_none()
            }
        }
    }
}

impl Claim {
    /// Whether it says something of this cell. A number of answers is in no cell.
    #[must_use]
    pub fn tells(&self, cell: CellOf<'_>) -> bool {
        let is_cell = |table: &TableId, row: &RowId, group: Option<(&VariableName, &Code)>| {
            cell == (CellOf { table, row, group })
        };
        match &self.predicate {
            Predicate::Near { table, row, group } | Predicate::Majority { table, row, group } => {
                is_cell(table, row, group.as_ref().map(|(name, code)| (name, code)))
            }
            Predicate::MoreOften { comparison, .. } => [&comparison.group, &comparison.than]
                .into_iter()
                .any(|code| is_cell(&comparison.table, &comparison.row, Some((&comparison.breakdown, code)))),
            Predicate::MostCommon { row, others } => {
                let group = row.group.as_ref().map(|(name, code)| (name, code));
                std::iter::once(&row.row).chain(others).any(|other| is_cell(&row.table, other, group))
            }
            Predicate::AboutTheSame { table, row, breakdown, .. } => {
                table == cell.table && row == cell.row && cell.group.is_some_and(|(name, _)| name == breakdown)
            }
            Predicate::Change { cell: changed, .. } | Predicate::Unchanged { cell: changed, .. } => {
                is_cell(&changed.table, &changed.row, changed.group.as_ref().map(|(name, code)| (name, code)))
            }
            // An earlier wave's share is in no cell of this one.
            Predicate::NearThen { .. } | Predicate::Answers { .. } | Predicate::Answered => false,
        }
    }
}

impl Wave {
    /// The edition that its files make: the first one, or the last that an erratum names.
    #[must_use]
    pub fn edition(&self) -> EditionId {
        self.edited().edition()
    }

    /// What an edition's errata say about a cell that it shows otherwise than the one before.
    pub fn errata_of<'w>(&'w self, edition: EditionId, cell: CellOf<'w>) -> impl Iterator<Item = &'w Erratum> {
        self.edited()
            .errata_of(edition)
            .filter(move |erratum| erratum.touches.iter().any(|(touched, _)| touched.is_about(cell, self)))
    }

    /// What it tells of its editions.
    #[must_use]
    pub fn edited(&self) -> Edited<'_> {
        Edited { first: self.id, published: self.published, release_at: self.release_at.as_ref(), errata: &self.errata }
    }

    /// The day on which an edition became public: that of its errata, of the first one that of publication.
    #[must_use]
    pub fn day_of(&self, edition: EditionId) -> Date {
        self.edited().day_of(edition)
    }

    /// The moment from which an edition may be seen, as [`Edited::moment_of`] tells it.
    #[must_use]
    pub fn moment_of(&self, edition: EditionId) -> Option<ReleaseMoment> {
        self.edited().moment_of(edition)
    }

    /// Every edition that its files tell of, the first one first.
    pub fn editions(&self) -> impl Iterator<Item = EditionId> {
        self.edited().editions()
    }
}

/// What a publication tells of its editions, be it a wave or a comparison over countries.
#[derive(Debug, Clone, Copy)]
pub struct Edited<'e> {
    /// The year of the first one.
    pub first: WaveId,
    /// The day of the first one.
    pub published: Date,
    /// The moment of the first one, if an hour is told.
    pub release_at: Option<&'e ReleaseMoment>,
    /// Those that make the others.
    pub errata: &'e [Erratum],
}

impl<'e> Edited<'e> {
    /// The edition that its files make: the first one, or the last that an erratum names.
    #[must_use]
    pub fn edition(self) -> EditionId {
        let corrected = self.errata.iter().map(|erratum| erratum.edition).max();
        corrected.unwrap_or_else(|| EditionId::first(self.first))
    }

    /// The errata of an edition, in the order of their file.
    pub fn errata_of(self, edition: EditionId) -> impl Iterator<Item = &'e Erratum> {
        self.errata.iter().filter(move |erratum| erratum.edition == edition)
    }

    /// The day on which an edition became public: that of its errata, of the first one that of publication.
    #[must_use]
    pub fn day_of(self, edition: EditionId) -> Date {
        self.errata_of(edition).next().map_or(self.published, |erratum| erratum.date)
    }

    /// The moment from which an edition may be seen: of the first one what the file tells, if it does. One that corrects another becomes public
    /// on the day of its errata, at the hour of the first and in its zone, or with the day in UTC where the first has no hour.
    #[must_use]
    pub fn moment_of(self, edition: EditionId) -> Option<ReleaseMoment> {
        if edition.correction() == 0 {
            return self.release_at.cloned();
        }
        let day = self.day_of(edition);
        let hour = self.release_at.and_then(|moment| moment.as_str().split_once('T'));
        ReleaseMoment::new(&format!("{day}T{}", hour.map_or("00:00:00Z", |(_, hour)| hour)))
    }

    /// Every edition, the first one first.
    pub fn editions(self) -> impl Iterator<Item = EditionId> {
        let mut editions = vec![self.edition()];
        while let Some(earlier) = editions.last().and_then(|edition| edition.corrects()) {
            editions.push(earlier);
        }
        editions.into_iter().rev()
    }
}
