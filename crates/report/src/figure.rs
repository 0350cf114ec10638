//! A figure block: headline, chart, caption and data table, or the sentence that says why there is none.

mod description;
mod drawing;
mod lines;
mod omitted;
mod over_waves;
mod sources;
mod table;
mod wave_notes;

use codebook::{ClaimId, Figure, Measure, Predicate, RowId, TableId, Theme};
use disclose::{Figures, Hidden};
use estimate::Domain;
use minijinja::{Value, context};

use crate::caption::{Subject, Told, caption, interval_note};
use crate::chart::{Drawing, Plot, Reach, gauge};
use crate::language::{Number, Word};
use crate::narrative::{Headline, Narrative};
use crate::page::{Scene, page_of};
use crate::significance::family_of;
use crate::templates::{list, markup, text};

use lines::{answers, estimates, has_loose_totals, lines};
use sources::Sources;
pub(crate) use sources::{anchor, variables};
use table::DataTable;
pub(crate) use table::{FLAG, PRINTED, flagged, reason, symbol};

/// A figure with all its words.
#[derive(Debug, Clone)]
pub(crate) struct FigureBlock {
    id: String,
    headline: Headline,
    key: Option<KeyNumber>,
    caption: Vec<String>,
    /// What there is to know of the waves that it shows, if it shows several.
    waves: String,
    /// What it shows, the first sentence of the caption.
    shows: String,
    source: String,
    /// The way to its drawing.
    file: String,
    /// The way to it on its page.
    place: String,
    mark: String,
    content: Content,
    sources: Sources,
    /// What an earlier edition showed otherwise: a sentence, and the way to what is told of it.
    corrections: Vec<(String, String)>,
}

/// The number that a headline tells, large beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyNumber {
    pub(crate) value: String,
    pub(crate) interval: String,
    /// A share on its line from 0 to 100; empty for other numbers.
    gauge: String,
}

/// Where a figure stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stand {
    /// On a page, where its table is folded and its sources are linked.
    Page,
    /// In the edition for printing, where its table stands open and one link leads to it on its page.
    Document,
}

/// A cell whose number a sentence tells.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct KeyCell<'t> {
    pub(crate) table: &'t TableId,
    pub(crate) row: &'t RowId,
    pub(crate) domain: Domain,
    pub(crate) figures: Figures,
}

#[derive(Debug, Clone)]
enum Content {
    Drawn(Box<Drawn>),
    /// Why there is nothing to draw.
    Withheld(String),
}

/// A chart and its numbers.
#[derive(Debug, Clone)]
struct Drawn {
    chart: Drawing,
    table: DataTable,
}

impl FigureBlock {
    pub(crate) fn new(scene: Scene<'_>, theme: &Theme, figure: &Figure, narrative: &Narrative) -> Self {
        let edition = scene.edition;
        let spec = edition.country.table(&figure.table).expect("reading a country resolves the tables of its figures");
        let headline = narrative.headlines.get(&figure.id).cloned().unwrap_or_default();
        let table = edition.published.table(&figure.table);
        let lines = lines(scene, figure, spec);
        let told = Told {
            estimates: lines.as_ref().map_or_else(|_| Vec::new(), |lines| estimates(lines)),
            has_loose_totals: lines.as_ref().is_ok_and(|lines| has_loose_totals(lines)),
            answers: table.and_then(|table| answers(spec, table)),
            answers_of_waves: scene.answers_over_waves(figure, spec),
            omitted: if lines.is_ok() { scene.omitted(figure, spec) } else { Vec::new() },
            waves: scene.notes_over_waves(figure, spec),
        };
        let subject = Subject {
            country: edition.country,
            wave: edition.wave,
            theme,
            figure,
            table: spec,
            headline: &headline,
            family: family_of(edition.published.families(), theme),
            level: edition.published.level(),
            pack: scene.pack,
        };
        let content = match &lines {
            Ok(lines) => Content::Drawn(Box::new(Drawn {
                chart: scene.drawing(
                    figure,
                    spec,
                    lines,
                    [scene.description(figure, spec, lines, &headline, told.answers), scene.readings(spec, lines)],
                ),
                table: scene.data_table(figure, spec, lines),
            })),
            Err(hidden) => Content::Withheld(scene.withheld(figure, *hidden)),
        };
        Self {
            id: figure.id.as_str().to_owned(),
            key: scene.key_number(theme, &headline.claims),
            caption: caption(subject, &told),
            waves: told.waves.join(" "),
            shows: subject.shows(),
            headline,
            source: scene.source(),
            file: scene.href(&format!("figures/{}.svg", figure.id)),
            place: scene.href(&format!("{}#{}", page_of(theme), figure.id)),
            mark: scene.mark(),
            content,
            sources: scene.sources(figure, spec),
            corrections: scene.corrections_of_figure(figure),
        }
    }

    /// The number to place beside the headline; none where the chart itself shows it large.
    fn key_beside(&self) -> Option<&KeyNumber> {
        let is_single = matches!(&self.content, Content::Drawn(drawn) if matches!(drawn.chart.plot, Plot::Single(_)));
        if is_single { None } else { self.key.as_ref() }
    }

    /// The headline's number, if it tells one.
    pub(crate) fn key(&self) -> Option<&KeyNumber> {
        self.key.as_ref()
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn headline(&self) -> &Headline {
        &self.headline
    }

    /// The chart as a file of its own, if there is one.
    pub(crate) fn drawing(&self) -> Option<String> {
        let Content::Drawn(drawn) = &self.content else { return None };
        let notes = drawn.table.notes.iter().map(|(symbol, meaning)| format!("{symbol} {meaning}"));
        let corrections = self.corrections.iter().map(|(sentence, _)| sentence.clone());
        let small_print = corrections.chain(self.caption.iter().cloned()).chain(notes).chain([self.source.clone()]);
        let small_print: Vec<String> = small_print.collect();
        Some(drawn.chart.alone(&self.headline.text.plain, &small_print))
    }

    /// What a template places. `level` is that of the headline; `told` is the number that the page already shows large, which is not
    /// repeated.
    pub(crate) fn value(&self, level: u8, told: Option<&KeyNumber>, stand: Stand) -> Value {
        let (chart, table, withheld) = match &self.content {
            Content::Drawn(drawn) => {
                let chart = match stand {
                    Stand::Page => drawn.chart.inline(),
                    Stand::Document => drawn.chart.inline_unmarked(),
                };
                (markup(chart), drawn.table.value(), text(""))
            }
            Content::Withheld(sentence) => (text(""), text(""), text(sentence.clone())),
        };
        context! {
            id => text(self.id.clone()),
            level => text(level.to_string()),
            headline => markup(self.headline.text.html.clone()),
            headline_plain => text(self.headline.text.plain.clone()),
            key => self.key_beside().filter(|key| told != Some(*key)).map_or_else(|| text(""), KeyNumber::value),
            mark => text(self.mark.clone()),
            chart,
            withheld,
            corrections => list(self.corrections.iter().map(|(sentence, href)| {
                context! { sentence => text(sentence.clone()), href => text(href.clone()) }
            })),
            caption => list(self.caption.iter().map(text)),
            shows => text(self.shows.clone()),
            waves => text(self.waves.clone()),
            sure => text(self.caption.last().cloned().unwrap_or_default()),
            source => text(self.source.clone()),
            drawing => text(self.file.clone()),
            place => text(match stand {
                Stand::Page => "",
                Stand::Document => &self.place,
            }),
            table,
            sources => self.sources.value(),
        }
    }
}

impl KeyNumber {
    pub(crate) fn value(&self) -> Value {
        context! {
            value => text(self.value.clone()),
            interval => text(self.interval.clone()),
            gauge => markup(self.gauge.clone()),
        }
    }
}

impl Scene<'_> {
    /// A published number as it is told alone.
    pub(crate) fn told(&self, measure: Measure, number: Number) -> String {
        match measure {
            Measure::Share => self.pack.percent(number),
            Measure::Mean | Measure::Total | Measure::Ratio | Measure::Quantile { .. } => self.pack.number(number),
        }
    }

    fn interval(&self, figures: &Figures) -> String {
        let (low, high) = (self.pack.number(figures.low().into()), self.pack.number(figures.high().into()));
        self.pack.fill(Word::Interval, &[("low", &low), ("high", &high)])
    }

    /// Whether the design is not published, so that every interval is approximate.
    fn is_approximate(&self) -> bool {
        interval_note(self.edition.wave) == Word::IntervalApproximate
    }

    /// An interval that says what it is: "95 % interval 79-83".
    pub(crate) fn interval_short(&self, low: Number, high: Number) -> String {
        let word = if self.is_approximate() { Word::IntervalShortApproximate } else { Word::IntervalShort };
        let level = self.pack.level(self.edition.published.level());
        let (low, high) = (self.pack.number(low), self.pack.number(high));
        self.pack.fill(word, &[("level", &level), ("low", &low), ("high", &high)])
    }

    /// What the numbers beside the bars are.
    fn interval_column(&self) -> String {
        let word = if self.is_approximate() { Word::IntervalColumnApproximate } else { Word::IntervalColumn };
        self.pack.fill(word, &[("level", &self.pack.level(self.edition.published.level()))])
    }

    /// The number of the first of some claims that tells an estimate which is shown.
    pub(crate) fn key_number(&self, theme: &Theme, claims: &[ClaimId]) -> Option<KeyNumber> {
        let KeyCell { table, figures, .. } = self.key_cell(theme, claims)?;
        let [estimate, low, high] = [figures.estimate(), figures.low(), figures.high()].map(Number::from);
        let measure = self.measure(table);
        Some(KeyNumber {
            value: self.told(measure, estimate),
            interval: self.interval_short(low, high),
            gauge: if measure == Measure::Share { gauge(Reach { estimate, low, high }) } else { String::new() },
        })
    }

    /// The cell that number is of.
    pub(crate) fn key_cell<'t>(&self, theme: &'t Theme, claims: &[ClaimId]) -> Option<KeyCell<'t>> {
        claims.iter().find_map(|id| {
            let claim = theme.claims.iter().find(|claim| claim.id == *id)?;
            let Predicate::Near { table, row, group } = &claim.predicate else { return None };
            let domain = match group {
                None => Domain::Total,
                Some((breakdown, code)) => Domain::Group { breakdown: breakdown.clone(), code: code.clone() },
            };
            let figures = *self.edition.published.table(table)?.cell(row, &domain)?.figures()?;
            Some(KeyCell { table, row, domain, figures })
        })
    }

    pub(crate) fn measure(&self, table: &TableId) -> Measure {
        self.edition.country.table(table).expect("reading a country resolves the tables of its claims").measure
    }

    fn withheld(&self, figure: &Figure, hidden: Option<Hidden>) -> String {
        let reason = self.pack.text(reason(hidden.unwrap_or(Hidden::Confidential)));
        let Some(breakdown) = figure.chart.breakdown() else {
            return self.pack.fill(Word::WithheldTable, &[("reason", reason)]);
        };
        let variable = self.edition.country.codebook.variable(breakdown);
        let label = variable.map_or(breakdown.as_str(), |it| it.label.get(self.pack.language()));
        self.pack.fill(Word::WithheldBreakdown, &[("breakdown", label), ("reason", reason)])
    }
}
