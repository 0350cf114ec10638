//! A comparison over countries: which editions stand beside each other, on which items of the shared questionnaire.
//!
//! It holds no numbers. A number comes from what a country printed or released, and only where the country's ledger says that it asked what the shared
//! questionnaire asks ([`Country::in_comparison`]); anywhere else stands a gap with its reason.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::{
    Base, BaseId, BreakReason, CellName, ClaimId, Code, Codebook, ComparedId, ConfidenceLevel, CoreQuestionnaire,
    Country, CountryId, Decimal, Edited, EditionId, Erratum, Expr, Fact, Finding, Language, Measure, Place,
    ReleaseMoment, Row, RowId, SourceFile, Standing, TableId, TableSpec, Theme, Translated, VariableName, WaveId,
};

/// A comparison over countries that was read and checked.
#[derive(Debug, Clone, PartialEq)]
pub struct CountryComparison {
    /// Its name, which is also the name of its folder.
    pub id: CountryId,
    /// The languages of its pages, the first of which is the root of the site.
    pub languages: Vec<Language>,
    /// What it is called. Pages of a demonstration say that it is one.
    pub title: Translated,
    /// Who publishes it.
    pub publisher: Translated,
    /// What it is and is not, in a paragraph without numbers.
    pub about: Translated,
    /// Where that is written.
    pub about_place: Place,
    /// The year of this edition, which is the name of its folder.
    pub year: WaveId,
    /// The day of publication; the only date that outputs carry.
    pub published: Date,
    /// The moment from which everybody may see it; `None` if it is public as soon as it is built.
    pub release_at: Option<ReleaseMoment>,
    /// Whether what is made of it is for everybody: so it is read, and whoever makes a draft says otherwise.
    pub standing: Standing,
    /// Whether all its numbers are made up. Nothing else may take numbers from answers that are.
    pub demonstration: bool,
    /// The version of the shared questionnaire.
    pub core: CoreQuestionnaire,
    /// The shared questionnaire, in all languages that it has.
    pub questionnaire: Codebook,
    /// Who is counted.
    pub bases: BTreeMap<BaseId, Base>,
    /// What is compared: shares of items of the shared questionnaire.
    pub tables: Vec<TableSpec>,
    /// The editions, in the order in which they are shown; they are never put into the order of their numbers.
    pub editions: Vec<ComparedEdition>,
    /// The pages, in their order.
    pub pages: Vec<ComparisonPage>,
    /// What its texts tell from other sources.
    pub facts: Vec<Fact>,
    /// What editions show otherwise than those before them, in the order of the file.
    pub errata: Vec<Erratum>,
}

/// An edition that numbers are taken from.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparedEdition {
    /// Its name in the comparison.
    pub id: ComparedId,
    /// The country.
    pub country: CountryId,
    /// The wave.
    pub wave: WaveId,
    /// Where its numbers come from.
    pub cells: CellSource,
    /// The group of the shared questionnaire's that is shown, such as one level of government; `None` is the total.
    pub group: Option<(VariableName, Code)>,
    /// The country's bases in the place of those of the comparison: the same units, which the country calls or tells apart otherwise.
    pub bases: BTreeMap<BaseId, BaseId>,
    /// What it is called: "Norway, municipal sector, 2018".
    pub label: Translated,
    /// What readers must know of it beside every number, such as which years were asked about; with where it is written. It tells no numbers.
    pub note: Option<(Translated, Place)>,
    /// Rows of which it is known that no number was published, so that nobody looks for one.
    pub not_published: Vec<RowId>,
    /// How it was made.
    pub design: ComparedDesign,
    /// Where it is written.
    pub place: Place,
}

/// Where the numbers of an edition come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellSource {
    /// What was printed when the wave came out: the country's `published.csv`, with its sources.
    Printed,
    /// The country's own release, counted by this program from its answers and through its disclosure control.
    Release,
}

impl CellSource {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Printed, Self::Release];

    /// Its word in TOML.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Printed => "published",
            Self::Release => "release",
        }
    }
}

/// How an edition was made, as far as the comparison tells it. What it leaves out, the wave's `[survey]` tells, or nobody knows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ComparedDesign {
    /// What answers.
    pub unit: Option<Translated>,
    /// All of which there are.
    pub population: Option<Translated>,
    /// From what the sample was drawn, and how.
    pub frame: Option<Translated>,
    /// How it was asked.
    pub mode: Option<Translated>,
    /// When it was asked.
    pub fieldwork: Option<Translated>,
    /// Whom or what one answer speaks for.
    pub speaks_for: Option<Translated>,
    /// How weights were made.
    pub weights: Option<Translated>,
    /// Usable answers.
    pub answers: Option<u64>,
    /// Units that were asked.
    pub invited: Option<u64>,
    /// The response rate as it was printed, in per cent.
    pub response: Option<Decimal>,
    /// Where these numbers were told.
    pub source: Option<Translated>,
}

/// A page of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparisonPage {
    /// Its figures, texts and claims, in the form of a country's page. A figure shows a table, each row by edition.
    pub theme: Theme,
    /// The editions that it shows, in the order of the comparison.
    pub editions: Vec<ComparedId>,
    /// The edition that each claim is about.
    pub told: BTreeMap<ClaimId, ComparedId>,
}

/// A country that a comparison names.
#[derive(Debug, Clone, PartialEq)]
pub enum MemberCountry {
    /// It was read.
    Read(Box<Country>),
    /// Its files have errors, which its own check tells.
    Broken,
}

/// Where an edition stands in a row of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub enum InComparison {
    /// It asked the same: this cell of the country's counts it.
    Cell(CellName),
    /// It did not, for these reasons; never empty.
    Apart(Vec<BreakReason>),
    /// It asked the same, and no table of the country shows it of the same base.
    NotTabled,
}

impl CountryComparison {
    /// Reads the files of a comparison's folder and checks them as a whole, together with the countries that it names ([`Self::members`]), by the names
    /// of their folders.
    ///
    /// Files: `comparison.toml`, `tables.toml`, `report/<page>.toml`, `report/facts.toml`; texts are read elsewhere. The comparison is there unless a
    /// finding is an error. All findings come back at once, sorted by place.
    #[must_use]
    pub fn read(
        folder: &str,
        files: &[SourceFile],
        countries: &BTreeMap<String, MemberCountry>,
    ) -> (Option<Self>, Vec<Finding>) {
        crate::read::comparison(folder, files, countries)
    }

    /// The names of the countries that the files of a comparison name, each once.
    #[must_use]
    pub fn members(folder: &str, files: &[SourceFile]) -> Vec<String> {
        crate::read::members(folder, files)
    }

    /// The edition of this name.
    #[must_use]
    pub fn edition(&self, id: &ComparedId) -> Option<&ComparedEdition> {
        self.editions.iter().find(|edition| edition.id == *id)
    }

    /// The table of this name.
    #[must_use]
    pub fn table(&self, id: &crate::TableId) -> Option<&TableSpec> {
        self.tables.iter().find(|table| table.id == *id)
    }

    /// Whether a page shows an edition in a table.
    #[must_use]
    pub fn shows(&self, edition: &ComparedId, table: &crate::TableId) -> bool {
        let with_it = |page: &ComparisonPage| page.theme.figures.iter().any(|figure| figure.table == *table);
        self.pages.iter().any(|page| page.editions.contains(edition) && with_it(page))
    }

    /// That the intervals of editions which stand beside each other are not equally sure: one of 90 per cent is shorter than one of 95, and readers compare them by
    /// their lengths. `levels` are those of the editions that have intervals.
    #[must_use]
    pub fn mixed_levels(&self, levels: &BTreeMap<ComparedId, ConfidenceLevel>) -> Option<Finding> {
        let of = |edition: &&ComparedEdition| levels.get(&edition.id).copied();
        let mut with_intervals = self.editions.iter().filter(|edition| of(edition).is_some());
        let first = with_intervals.next()?;
        let other = with_intervals.find(|edition| of(edition) != of(&first))?;
        let told = |edition: &ComparedEdition| {
            let level = of(&edition).map(|level| level.percent().to_string()).unwrap_or_default();
            format!("{} has intervals of {level} per cent", edition.id)
        };
        let message = format!("{}, and {}: their lengths cannot be compared", told(other), told(first));
        let help = "give the countries one confidence_level and build their editions again, or take cells = \"published\", which has no intervals";
        Some(Finding::error(other.place.clone(), "mixed-levels", message).hint(help))
    }

    /// What it tells of its own editions.
    #[must_use]
    pub fn edited(&self) -> Edited<'_> {
        Edited {
            first: self.year,
            published: self.published,
            release_at: self.release_at.as_ref(),
            errata: &self.errata,
        }
    }

    /// The edition that its files make, which is the name of its folder.
    #[must_use]
    pub fn edition_id(&self) -> EditionId {
        self.edited().edition()
    }

    /// What an edition's errata say about a cell that it shows otherwise than the one before.
    pub fn errata_of<'c>(
        &'c self,
        edition: EditionId,
        cell: (&'c TableId, &'c RowId, &'c ComparedId),
    ) -> impl Iterator<Item = &'c Erratum> {
        let is_about =
            move |erratum: &&Erratum| erratum.touches.iter().any(|(touched, _)| touched.is_about_compared(cell, self));
        self.edited().errata_of(edition).filter(is_about)
    }

    /// The condition of a base.
    fn condition(&self, base: &BaseId) -> Option<&Expr> {
        self.bases.get(base)?.condition.as_ref()
    }

    /// The variables that a row of a table depends on, for an edition that shows a group of it.
    fn variables_of<'c>(
        &'c self,
        edition: &'c ComparedEdition,
        table: &'c TableSpec,
        row: &'c Row,
    ) -> Vec<&'c VariableName> {
        let base = self.condition(&table.base).map(Expr::variables).unwrap_or_default();
        let group = edition.group.as_ref().map(|(variable, _)| variable);
        std::iter::once(&row.item).chain(base).chain(group).collect()
    }
}

impl Country {
    /// Where an edition of this country stands in a row of a comparison. What is counted, who is counted and how they are grouped must be asked as the
    /// shared questionnaire asks it; a base that the comparison declares to be the country's own stands for the comparison's.
    #[must_use]
    pub fn in_comparison(
        &self,
        comparison: &CountryComparison,
        edition: &ComparedEdition,
        table: &TableSpec,
        row: &Row,
    ) -> InComparison {
        let variables = comparison.variables_of(edition, table, row);
        let owned: Vec<VariableName> = variables.iter().map(|name| (*name).clone()).collect();
        let version = comparison.core.version();
        let reasons = self.comparable_with_core(version, edition.wave, &owned).reasons();
        if !reasons.is_empty() {
            return InComparison::Apart(self.explained(comparison, reasons));
        }
        let then = self.of_wave(edition.wave);
        let cell = then.tables.iter().find_map(|own| then.cell_of(own, (comparison, edition), (table, row)));
        cell.map_or(InComparison::NotTabled, InComparison::Cell)
    }

    /// The cell of one of the country's tables that counts what a row of a comparison's counts, if it does.
    fn cell_of(
        &self,
        own: &TableSpec,
        (comparison, edition): (&CountryComparison, &ComparedEdition),
        (table, row): (&TableSpec, &Row),
    ) -> Option<CellName> {
        let is_base = match edition.bases.get(&table.base) {
            Some(stated) => *stated == own.base,
            None => {
                let condition = self.bases.get(&own.base).map(|base| base.condition.as_ref());
                condition == Some(comparison.condition(&table.base))
            }
        };
        let is_grouped = edition.group.as_ref().is_none_or(|(breakdown, _)| own.breakdowns.contains(breakdown));
        let is_share = own.measure == Measure::Share && table.measure == Measure::Share;
        let found = own.rows.iter().find(|it| it.item == row.item && it.codes == row.codes)?;
        (is_base && is_grouped && is_share).then(|| CellName {
            table: own.id.clone(),
            row: found.id.clone(),
            group: edition.group.clone(),
        })
    }

    /// The reasons, with what the ledger says of the parts of what is derived from what the country does not have.
    fn explained(&self, comparison: &CountryComparison, reasons: Vec<BreakReason>) -> Vec<BreakReason> {
        let mut all: Vec<BreakReason> = Vec::new();
        for reason in reasons {
            let parts = match &reason.item {
                Some(item) if reason.is_absence() && reason.because.is_none() => self.absent_parts(comparison, item),
                Some(_) | None => Vec::new(),
            };
            let told = if parts.is_empty() { vec![reason] } else { parts };
            for reason in told {
                if !all.contains(&reason) {
                    all.push(reason);
                }
            }
        }
        all
    }

    fn absent_parts(&self, comparison: &CountryComparison, item: &VariableName) -> Vec<BreakReason> {
        let questionnaire = &comparison.questionnaire;
        let Some(ledger) = &self.ledger else { return Vec::new() };
        let reasons = |name: &VariableName| {
            let battery = questionnaire.battery_of(name).map(|battery| &battery.name);
            let line = ledger.core.get(name).or_else(|| ledger.core.get(battery?));
            line.into_iter()
                .flat_map(|line| BreakReason::of_line(line, None, battery.unwrap_or(name)))
                .collect::<Vec<_>>()
        };
        let parts = questionnaire.asked_behind([item]);
        let absent = parts.into_iter().flat_map(reasons).filter(BreakReason::is_absence);
        let mut told: Vec<BreakReason> = Vec::new();
        for reason in absent {
            if !told.contains(&reason) {
                told.push(reason);
            }
        }
        told
    }
}
