//! What an edition shows otherwise than the ones before it: the page that tells all of it, and the notices on pages and figures that lead there.

use std::collections::BTreeSet;

use codebook::{
    CellName, CellOf, Chart, Claim, EditionId, Erratum, Figure, Language, Measure, RowId, TableSpec, Theme, Touched,
};
use disclose::{Cell, Corrected, Figures, Formerly, Rounded, WaveCell};
use estimate::Domain;
use minijinja::{Value, context};

use super::{Frame, Scene};
use crate::ReportError;
use crate::language::Word;
use crate::templates::{Engine, list, text};

/// Whether a figure shows a corrected cell; one of an earlier wave only where it shows several.
fn is_shown_in(figure: &Figure, corrected: &Corrected) -> bool {
    let is_of_wave = corrected.wave.is_none() || matches!(figure.chart, Chart::OverWaves { .. });
    is_of_wave && figure.shows(corrected.cell.as_ref())
}

/// The page of errata, below its language's folder.
const ERRATA: &str = "errata.html";

impl<'a> Scene<'a> {
    /// Whether an earlier edition showed a cell otherwise.
    pub(crate) fn is_revised(&self, table: &TableSpec, row: &RowId, domain: &Domain) -> bool {
        let group = match domain {
            Domain::Total => None,
            Domain::Group { breakdown, code } => Some((breakdown, code)),
        };
        self.edition.corrections.of(CellOf { table: &table.id, row, group }).next().is_some()
    }

    /// The errata that tell why a cell is not as it was.
    fn errata_of(&self, corrected: &'a Corrected) -> impl Iterator<Item = &'a Erratum> {
        self.edition.wave.errata_of(corrected.edition, corrected.cell.as_ref())
    }

    /// The errata of cells that somebody looks for, or that name it themselves; each once, in the order of the file.
    fn errata_about(
        &self,
        shows: impl Fn(&Corrected) -> bool,
        names: impl Fn(&Touched) -> bool,
    ) -> impl Iterator<Item = &'a Erratum> {
        let corrected = self.edition.corrections.all().iter().filter(|it| shows(it));
        let told: BTreeSet<&str> = corrected.flat_map(|it| self.errata_of(it)).map(|it| it.id.as_str()).collect();
        let errata = self.edition.wave.errata.iter();
        errata.filter(move |it| told.contains(it.id.as_str()) || it.touches.iter().any(|(touched, _)| names(touched)))
    }

    /// What an earlier edition showed otherwise in a figure: sentences, and the way to what is told of each.
    pub(crate) fn corrections_of_figure(&self, figure: &Figure) -> Vec<(String, String)> {
        let names = |touched: &Touched| matches!(touched, Touched::Figure(id) if *id == figure.id);
        self.errata_about(|it| is_shown_in(figure, it), names).map(|erratum| self.pointer(erratum)).collect()
    }

    /// The same for a page: its figures, its claims, its texts.
    pub(super) fn corrections_of_page(&self, theme: &Theme) -> Value {
        let shows = |it: &Corrected| {
            let tells = |claim: &Claim| it.wave.is_none() && claim.tells(it.cell.as_ref());
            theme.figures.iter().any(|figure| is_shown_in(figure, it)) || theme.claims.iter().any(tells)
        };
        let names = |touched: &Touched| match touched {
            Touched::Page(id) | Touched::Claim(id, _) => *id == theme.id,
            Touched::Figure(id) => theme.figures.iter().any(|figure| figure.id == *id),
            Touched::AllTables | Touched::Table(_) => false,
        };
        let pointers = self.errata_about(shows, names).map(|erratum| self.pointer(erratum));
        list(pointers.map(|(sentence, href)| context! { sentence => text(sentence), href => text(href) }))
    }

    /// That something was corrected, and where that is told.
    fn pointer(&self, erratum: &Erratum) -> (String, String) {
        (self.pack.happened(erratum), self.href(&format!("{ERRATA}#{}", erratum.id)))
    }

    /// That the edition takes the place of an earlier one; nothing for the first.
    pub(super) fn corrected(&self) -> Value {
        let edition = self.edition.wave.edition();
        if edition.corrects().is_none() {
            return text("");
        }
        let day = self.edition.wave.day_of(edition);
        let (name, date) = (edition.to_string(), self.pack.date(day));
        context! {
            edition => text(name.clone()),
            date => text(date.clone()),
            date_iso => text(day.to_string()),
            notice => text(self.pack.fill(Word::EditionNotice, &[("edition", &name), ("date", &date)])),
            href => text(self.href(ERRATA)),
        }
    }

    /// The page that tells all errata, the newest first.
    pub(super) fn errata_page(&self, engine: &Engine<'_>, languages: &[Language]) -> Result<String, ReportError> {
        let lead = self.pack.text(Word::ErrataLead);
        let frame =
            Frame { name: ERRATA, title: self.pack.text(Word::Errata).to_owned(), description: lead, languages };
        let wave = self.edition.wave;
        let newest_first = {
            let mut errata: Vec<&Erratum> = wave.errata.iter().collect();
            errata.sort_by_key(|erratum| std::cmp::Reverse(erratum.edition));
            errata
        };
        let earlier: Vec<EditionId> = wave.editions().filter(|edition| *edition < wave.edition()).collect();
        let page = context! {
            introduction => text(lead),
            errata => list(newest_first.into_iter().map(|erratum| self.erratum(erratum))),
            editions => list(earlier.into_iter().rev().map(|edition| self.earlier(edition))),
        };
        engine.render("html/errata.html", &self.context(&frame, page))
    }

    /// The way to an earlier edition, which lies beside this one for good.
    fn earlier(&self, edition: EditionId) -> Value {
        let day = self.edition.wave.day_of(edition);
        context! {
            edition => text(edition.to_string()),
            date => text(self.pack.date(day)),
            date_iso => text(day.to_string()),
            href => text(format!("{}../{edition}/{}index.html", self.up(), self.folder(self.language()))),
        }
    }

    fn erratum(&self, erratum: &Erratum) -> Value {
        let language = self.language();
        let of_edition = self.edition.corrections.all().iter().filter(|it| it.edition == erratum.edition);
        let own: Vec<&Corrected> =
            of_edition.filter(|it| self.errata_of(it).any(|other| other.id == erratum.id)).collect();
        // A table has no page; the figures that show what changed in it have.
        let shows = |figure: &&Figure| own.iter().any(|it| is_shown_in(figure, it));
        let figures = self.edition.wave.themes.iter().flat_map(|theme| &theme.figures).filter(shows);
        let figures = figures.map(|figure| Touched::Figure(figure.id.clone()));
        let mut touched: Vec<Touched> = erratum.touches.iter().map(|(touched, _)| touched.clone()).collect();
        for figure in figures {
            if !touched.contains(&figure) {
                touched.push(figure);
            }
        }
        context! {
            id => text(erratum.id.as_str()),
            heading => text(self.pack.happened(erratum)),
            wrong => text(erratum.wrong.get(language)),
            changed => text(erratum.changed.get(language)),
            touches => list(touched.iter().filter_map(|touched| self.touched(touched))),
            numbers => list(own.into_iter().map(|corrected| self.before_and_now(corrected))),
        }
    }

    /// What an erratum touches, with the way there if it has a place of its own.
    fn touched(&self, touched: &Touched) -> Option<Value> {
        let language = self.language();
        let themes = || self.edition.wave.themes.iter();
        let title = |theme: &Theme| {
            let mut narratives = self.edition.narratives.iter();
            let narrative = narratives.find(|it| it.theme == theme.id && it.language == *language);
            narrative.map_or_else(|| theme.id.to_string(), |it| it.title.plain.clone())
        };
        let (label, href) = match touched {
            Touched::AllTables => (self.pack.text(Word::ErratumAllTables).to_owned(), String::new()),
            Touched::Table(id) => (self.edition.country.table(id)?.title.get(language).to_owned(), String::new()),
            Touched::Figure(id) => {
                let theme = themes().find(|theme| theme.figures.iter().any(|figure| figure.id == *id))?;
                let mut narratives = self.edition.narratives.iter();
                let narrative = narratives.find(|it| it.theme == theme.id && it.language == *language);
                let headline = narrative.and_then(|it| it.headlines.get(id)).map(|it| it.text.plain.clone());
                (headline.unwrap_or_else(|| id.to_string()), format!("{}#{id}", self.page_of(&theme.id)))
            }
            Touched::Claim(page, _) | Touched::Page(page) => {
                (title(themes().find(|theme| theme.id == *page)?), self.page_of(page))
            }
        };
        Some(context! { label => text(label), href => text(href) })
    }

    fn before_and_now(&self, corrected: &Corrected) -> Value {
        let CellName { table, row, group } = &corrected.cell;
        let spec = self.edition.country.table(table);
        let measure = spec.map_or(Measure::Share, |spec| spec.measure);
        let told = |estimate: Rounded, limits: Option<[Rounded; 2]>| {
            let estimate = self.told(measure, estimate.into());
            let Some(limits) = limits else { return estimate };
            let [low, high] = limits.map(|limit| self.pack.number(limit.into()));
            format!("{estimate} ({})", self.pack.fill(Word::Interval, &[("low", &low), ("high", &high)]))
        };
        let not_shown = || self.pack.text(Word::ErratumNotShown).to_owned();
        let domain = group.as_ref().map_or(Domain::Total, |(breakdown, code)| Domain::Group {
            breakdown: breakdown.clone(),
            code: code.clone(),
        });
        let counted = |figures: &Figures| told(figures.estimate(), Some([figures.low(), figures.high()]));
        let now = match corrected.wave.map(|wave| self.edition.published.in_wave(wave, table, row, &domain)) {
            None => {
                let cell = self.edition.published.table(table).and_then(|published| published.cell(row, &domain));
                cell.and_then(Cell::figures).map(counted)
            }
            Some(WaveCell::Counted(cell)) => cell.figures().map(counted),
            Some(WaveCell::Printed(estimate, _)) => Some(told(estimate, None)),
            Some(WaveCell::Absent) => None,
        };
        let before = match corrected.formerly {
            Formerly::Shown(former) => told(former.estimate(), former.limits()),
            Formerly::NotShown => not_shown(),
            // It showed a number, which is no longer told.
            Formerly::Untold => self.pack.text(Word::ErratumUntold).to_owned(),
        };
        let title = spec.map_or(table.as_str(), |spec| spec.title.get(self.language()));
        let label = spec.and_then(|spec| spec.row(row)).map_or(row.as_str(), |row| row.label.get(self.language()));
        let among = match &domain {
            Domain::Total => self.domain_label(&domain).0,
            Domain::Group { breakdown, .. } => format!("{}: {}", self.label(breakdown), self.domain_label(&domain).0),
        };
        let mut label = vec![title.to_owned(), label.to_owned(), among];
        label.dedup();
        label.extend(corrected.wave.map(|wave| {
            let known = self.edition.whole.waves.get(&wave);
            known.map_or_else(|| wave.to_string(), |known| known.window.get(self.language()).to_owned())
        }));
        context! {
            label => text(label.join(", ")),
            before => text(before),
            now => text(now.unwrap_or_else(not_shown)),
        }
    }
}
