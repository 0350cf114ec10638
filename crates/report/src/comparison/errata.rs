//! What an edition of a comparison shows otherwise than the ones before it: the page that tells all of it, and the notices on figures that lead there.

use codebook::{ComparedId, EditionId, Erratum, Figure, Language, RowId, TableId, Touched};
use disclose::{ComparedCell, ComparedCorrection, FormerlyCompared, Rounded};
use minijinja::{Value, context};

use super::{Frame, PageView, View};
use crate::ReportError;
use crate::language::Word;
use crate::templates::{Engine, list, text};

/// The page of errata, below its language's folder.
pub(super) const ERRATA: &str = "errata.html";

impl<'a> View<'a> {
    /// The errata that tell why a cell is not as it was.
    fn errata_of(&self, corrected: &'a ComparedCorrection) -> impl Iterator<Item = &'a Erratum> {
        let ComparedCorrection { edition, table, row, of, .. } = corrected;
        self.edition.comparison.errata_of(*edition, (table, row, of))
    }

    /// What an earlier edition showed otherwise in a figure of a page with these editions: sentences, and the way to what is told of each.
    pub(super) fn corrections_of_figure(&self, figure: &Figure, editions: &[ComparedId]) -> Vec<(String, String)> {
        let shows = |it: &&ComparedCorrection| it.table == figure.table && editions.contains(&it.of);
        let corrected = self.edition.corrections.all().iter().filter(shows);
        let told: Vec<&Erratum> = corrected.flat_map(|it| self.errata_of(it)).collect();
        let names_it = |erratum: &Erratum| {
            erratum.touches.iter().any(|(touched, _)| matches!(touched, Touched::Figure(id) if *id == figure.id))
        };
        let is_about = |erratum: &&Erratum| names_it(erratum) || told.iter().any(|it| it.id == erratum.id);
        let about = self.edition.comparison.errata.iter().filter(is_about);
        let pointer = |erratum: &Erratum| (self.pack.happened(erratum), format!("{ERRATA}#{}", erratum.id));
        about.map(pointer).collect()
    }

    /// That the edition takes the place of an earlier one; nothing for the first.
    pub(super) fn corrected(&self) -> Value {
        let edited = self.edition.comparison.edited();
        let edition = edited.edition();
        if edition.corrects().is_none() {
            return text("");
        }
        let day = edited.day_of(edition);
        let (name, date) = (edition.to_string(), self.pack.date(day));
        context! {
            edition => text(name.clone()),
            date => text(date.clone()),
            date_iso => text(day.to_string()),
            notice => text(self.pack.fill(Word::EditionNotice, &[("edition", &name), ("date", &date)])),
            href => text(ERRATA),
        }
    }

    /// The page that tells all errata, the newest first.
    pub(super) fn errata_page(
        &self,
        engine: &Engine<'_>,
        views: &[PageView<'_>],
        languages: &[Language],
    ) -> Result<String, ReportError> {
        let lead = self.words(Word::ErrataLead);
        let frame = Frame { name: ERRATA, title: self.words(Word::Errata), description: lead, languages };
        engine.render("html/comparison-errata.html", &self.context(&frame, self.errata(views)))
    }

    /// All errata with the numbers before and now, and the way to the earlier editions.
    pub(super) fn errata(&self, views: &[PageView<'_>]) -> Value {
        let edited = self.edition.comparison.edited();
        let mut errata: Vec<&Erratum> = edited.errata.iter().collect();
        errata.sort_by_key(|erratum| std::cmp::Reverse(erratum.edition));
        let mut earlier: Vec<EditionId> = edited.editions().filter(|edition| *edition < edited.edition()).collect();
        earlier.reverse();
        context! {
            introduction => text(self.words(Word::ErrataLead)),
            errata => list(errata.into_iter().map(|erratum| self.erratum(erratum, views))),
            editions => list(earlier.into_iter().map(|edition| self.earlier(edition))),
        }
    }

    /// The way to an earlier edition, which lies beside this one for good.
    fn earlier(&self, edition: EditionId) -> Value {
        let day = self.edition.comparison.edited().day_of(edition);
        context! {
            edition => text(edition.to_string()),
            date => text(self.pack.date(day)),
            date_iso => text(day.to_string()),
            href => text(format!("{}../{edition}/{}index.html", self.up(), self.folder(self.language()))),
        }
    }

    fn erratum(&self, erratum: &'a Erratum, views: &[PageView<'_>]) -> Value {
        let language = self.language();
        let of_edition = self.edition.corrections.all().iter().filter(|it| it.edition == erratum.edition);
        let own = of_edition.filter(|it| self.errata_of(it).any(|other| other.id == erratum.id));
        context! {
            id => text(erratum.id.as_str()),
            heading => text(self.pack.happened(erratum)),
            wrong => text(erratum.wrong.get(language)),
            changed => text(erratum.changed.get(language)),
            touches => list(erratum.touches.iter().filter_map(|(touched, _)| self.touched(touched, views))),
            numbers => list(own.map(|corrected| self.before_and_now(corrected))),
        }
    }

    /// What an erratum touches, with the way there if it has a place of its own.
    fn touched(&self, touched: &Touched, views: &[PageView<'_>]) -> Option<Value> {
        let (label, href) = match touched {
            Touched::AllTables => (self.words(Word::ErratumAllTables), String::new()),
            Touched::Table(id) => {
                (self.edition.comparison.table(id)?.title.get(self.language()).to_owned(), String::new())
            }
            Touched::Figure(id) => {
                let shown = |view: &&PageView<'_>| view.figures.iter().any(|figure| figure.id() == id.as_str());
                let view = views.iter().find(shown)?;
                let headline = view.narrative.headlines.get(id).map(|it| it.text.plain.clone());
                (headline.unwrap_or_else(|| id.to_string()), format!("{}#{id}", view.name()))
            }
            Touched::Claim(page, _) | Touched::Page(page) => {
                let view = views.iter().find(|view| view.page.theme.id == *page)?;
                (view.narrative.title.plain.clone(), view.name())
            }
        };
        Some(context! { label => text(label), href => text(href) })
    }

    fn before_and_now(&self, corrected: &ComparedCorrection) -> Value {
        let ComparedCorrection { table, row, of, formerly, .. } = corrected;
        let told = |estimate: Rounded, limits: Option<[Rounded; 2]>| {
            let estimate = self.pack.percent(estimate.into());
            let Some([low, high]) = limits.map(|limits| limits.map(|limit| self.pack.number(limit.into()))) else {
                return estimate;
            };
            format!("{estimate} ({})", self.pack.fill(Word::Interval, &[("low", &low), ("high", &high)]))
        };
        let not_shown = || self.words(Word::ErratumNotShown);
        let cell = self.edition.compared.table(table).and_then(|it| it.row(row)?.cell(of));
        let limits = |cell: &ComparedCell| match cell {
            ComparedCell::Released(cell) => cell.figures().map(|it| [it.low(), it.high()]),
            ComparedCell::Printed { .. }
            | ComparedCell::NotComparable(_)
            | ComparedCell::InWords
            | ComparedCell::Unweighted
            | ComparedCell::NotPublished => None,
        };
        let now = cell.and_then(|cell| Some(told(cell.estimate()?, limits(cell)))).unwrap_or_else(not_shown);
        let before = match formerly {
            FormerlyCompared::Shown(former) => told(former.estimate(), former.limits()),
            FormerlyCompared::NotShown => not_shown(),
            // It showed a number, which is no longer told.
            FormerlyCompared::Untold => self.words(Word::ErratumUntold),
        };
        context! { label => text(self.cell_label((table, row, of))), before => text(before), now => text(now) }
    }

    fn cell_label(&self, (table, row, of): (&TableId, &RowId, &ComparedId)) -> String {
        let spec = self.edition.comparison.table(table);
        let of_row = spec.and_then(|spec| Some(self.title_of(spec, spec.row(row)?)));
        format!("{}, {}", of_row.unwrap_or_else(|| table.to_string()), self.name_of(of))
    }
}
