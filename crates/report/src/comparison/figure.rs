//! A figure of a comparison: each row of a table by edition, with a gap and its reason where an edition did not ask the same.

use codebook::{ChartKind, ComparedId, ComparisonPage, ConfidenceLevel, Figure, Row, TableSpec};
use disclose::{Cell, ComparedCell, ComparedRow};
use minijinja::{Value, context};

use super::View;
use super::part::Told;
use super::told::{CellWords, NOT_COMPARABLE};
use crate::caption::sentence;
use crate::chart::{Axis, Bar, Bars, Drawing, End, Fill, Group, Plot, Reach, Tick};
use crate::figure::{FLAG, PRINTED, flagged};
use crate::language::{Number, Word};
use crate::narrative::{Headline, Narrative};
use crate::templates::{list, markup, text};

/// A figure with all its words.
pub(super) struct FigureView<'a> {
    view: View<'a>,
    page: &'a ComparisonPage,
    figure: &'a Figure,
    table: &'a TableSpec,
    headline: Headline,
    /// The rows of which at least two editions have a number.
    rows: Vec<(&'a Row, &'a ComparedRow)>,
    /// The others.
    left_out: Vec<&'a Row>,
}

impl<'a> FigureView<'a> {
    pub(super) fn new(view: View<'a>, page: &'a ComparisonPage, figure: &'a Figure, narrative: &Narrative) -> Self {
        let table = view.edition.comparison.table(&figure.table);
        let table = table.expect("reading a comparison resolves the tables of its figures");
        let (mut rows, mut left_out) = (Vec::new(), Vec::new());
        for row in &table.rows {
            match view.row(table, row).filter(|it| it.is_compared(&page.editions)) {
                Some(compared) => rows.push((row, compared)),
                None => left_out.push(row),
            }
        }
        let headline = narrative.headlines.get(&figure.id).cloned().unwrap_or_default();
        Self { view, page, figure, table, headline, rows, left_out }
    }

    pub(super) fn id(&self) -> &str {
        self.figure.id.as_str()
    }

    pub(super) fn is_drawn(&self) -> bool {
        !self.rows.is_empty()
    }

    fn cells(&self) -> impl Iterator<Item = (&'a Row, &'a ComparedId, &'a ComparedCell)> {
        let (view, editions) = (self.view, &self.page.editions);
        let rows = self.rows.clone().into_iter();
        rows.flat_map(move |(row, compared)| editions.iter().map(move |id| (row, id, view.cell(Some(compared), id))))
    }

    /// The level of the intervals, if any number has one.
    fn level(&self) -> Option<ConfidenceLevel> {
        let counted =
            self.cells().find(|(_, _, cell)| matches!(cell, ComparedCell::Released(cell) if cell.figures().is_some()));
        let (_, id, _) = counted?;
        let member = self.view.edition.members.iter().find(|member| member.edition.id == *id)?;
        member.release.map(|(_, release)| release.level())
    }

    fn chart(&self) -> Drawing {
        let (view, pack) = (self.view, self.view.pack);
        let is_one = self.table.rows.len() == 1;
        let group = |(row, compared): &(&Row, &ComparedRow)| Group {
            heading: if is_one { String::new() } else { view.item(self.table, row) },
            bars: self
                .page
                .editions
                .iter()
                .map(|id| Bar {
                    label: view.name_of(id),
                    fill: Fill::Plain,
                    reading: view.reading(view.cell(Some(compared), id)),
                })
                .collect(),
        };
        let groups: Vec<Group> = self.rows.iter().map(group).collect();
        let reaches: Vec<Reach> =
            groups.iter().flat_map(|group| group.bars.iter().filter_map(|bar| bar.reading.reach())).collect();
        // What was printed may have more decimals than what is released.
        let decimals = reaches.iter().map(|reach| reach.estimate.decimals).max().unwrap_or(0);
        let reaches: Vec<Reach> = reaches.into_iter().map(|reach| at(reach, decimals)).collect();
        let axis = Axis::over(&reaches, decimals, End::AtMost(100));
        let whole = |mark: Number| Number { units: mark.units / 10_i64.pow(u32::from(mark.decimals)), decimals: 0 };
        let limits = self
            .level()
            .map_or_else(String::new, |level| pack.fill(Word::IntervalColumn, &[("level", &pack.level(level))]));
        let bars = Bars {
            unit: view.words(Word::AxisShare),
            limits,
            groups: groups
                .into_iter()
                .map(|group| Group {
                    bars: group.bars.into_iter().map(|bar| rescaled(bar, decimals)).collect(),
                    ..group
                })
                .collect(),
            axis,
            ticks: axis.marks().into_iter().map(|number| Tick { number, words: pack.number(whole(number)) }).collect(),
        };
        Drawing {
            id: self.id().to_owned(),
            title: self.table.title.get(view.language()).to_owned(),
            description: self.description(),
            readings: self.readings(),
            mark: view.mark(),
            plot: if self.figure.kind == ChartKind::Bar { Plot::Bar(bars) } else { Plot::Dot(bars) },
        }
    }

    /// What there is to see: what it is, its finding, which editions have a gap, and the source. No extremes: nothing is ranked.
    fn description(&self) -> String {
        let (view, pack) = (self.view, self.view.pack);
        let marks = self.cells().filter(|(_, _, cell)| cell.estimate().is_some()).count();
        let marks = u64::try_from(marks).expect("a chart has few marks");
        let word = if self.figure.kind == ChartKind::Bar { Word::ChartDescription } else { Word::ChartDots };
        let title = sentence(self.table.title.get(view.language()));
        let mut sentences = vec![pack.fill_counted(word, marks, &[("title", &title)])];
        if !self.headline.text.plain.is_empty() {
            sentences.push(pack.fill(Word::ChartFinding, &[("headline", &sentence(&self.headline.text.plain))]));
        }
        for (id, reason) in self.gaps() {
            sentences.push(sentence(&format!("{}: {reason}", view.name_of(id))));
        }
        sentences.push(view.source());
        let mark = view.mark();
        if !mark.is_empty() {
            sentences.push(format!("{mark}."));
        }
        sentences.join(" ")
    }

    /// Each gap once for all rows that have it.
    fn gaps(&self) -> Vec<(&'a ComparedId, String)> {
        let mut gaps: Vec<(&ComparedId, String)> = Vec::new();
        for (_, id, cell) in self.cells() {
            if let Some((_, reason)) = self.view.gap(cell)
                && !gaps.contains(&(id, reason.clone()))
            {
                gaps.push((id, reason));
            }
        }
        gaps
    }

    /// Every number in words, and the reason of every gap.
    fn readings(&self) -> String {
        let is_one = self.table.rows.len() == 1;
        let reading = |(row, id, cell): (&Row, &ComparedId, &ComparedCell)| {
            let name = self.view.name_of(id);
            let name = if is_one { name } else { format!("{}, {name}", self.view.item(self.table, row)) };
            match self.view.in_words(cell) {
                CellWords::Number([estimate, low, high, _]) if low.is_empty() && high.is_empty() => {
                    let estimate = estimate.trim_end_matches(PRINTED).to_owned();
                    format!("{name}: {estimate} ({}).", self.view.words(Word::PrintedThen))
                }
                CellWords::Number([value, low, high, _]) => {
                    let interval = self.view.pack.fill(Word::Interval, &[("low", &low), ("high", &high)]);
                    let values = [("label", name.as_str()), ("value", &value), ("interval", &interval)];
                    self.view.pack.fill(Word::ChartSingle, &values)
                }
                CellWords::Gap(_, reason) => sentence(&format!("{name}: {reason}")),
            }
        };
        self.cells().map(reading).collect::<Vec<_>>().join(" ")
    }

    /// The caption in paragraphs: what is shown and asked; of whom; why there are gaps; what each edition is; where its numbers come from.
    fn caption(&self) -> Vec<Told> {
        let (view, pack, language) = (self.view, self.view.pack, self.view.language());
        let comparison = view.edition.comparison;
        let base =
            comparison.bases.get(&self.table.base).expect("reading a comparison resolves the bases of its tables");
        let title = sentence(self.table.title.get(language));
        let mut shows = vec![pack.fill(Word::ShowsShare, &[("title", &title), ("base", base.label.get(language))])];
        shows.extend(self.question());
        shows.push(pack.fill(Word::CountingUnit, &[("unit", base.counting_unit.get(language))]));
        let mut paragraphs = vec![Told::from(shows.join(" "))];
        if !self.left_out.is_empty() && self.is_drawn() {
            paragraphs.push(Told::from(self.left_out_note()));
        }
        paragraphs.extend(self.reasons());
        for id in &self.page.editions {
            let note = view.edition_of(id).and_then(|edition| edition.note.as_ref());
            let told = |(note, _): &(codebook::Translated, codebook::Place)| {
                Told::from(format!("{}: {}", view.name_of(id), note.get(language)))
            };
            paragraphs.extend(note.map(told));
        }
        paragraphs.extend(self.sources().map(Told::from));
        if let Some(level) = self.level() {
            let values = [("shown", view.words(Word::LinesShow)), ("level", pack.level(level))];
            let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
            paragraphs.push(Told::from(pack.fill(Word::IntervalDesign, &values)));
        }
        paragraphs.push(Told::from(view.words(Word::ComparisonOrder)));
        paragraphs
    }

    /// The question as the shared questionnaire puts it, without its years.
    fn question(&self) -> Option<String> {
        let questionnaire = &self.view.edition.comparison.questionnaire;
        let mut asked: Vec<String> = Vec::new();
        for row in &self.table.rows {
            let battery = questionnaire.battery_of(&row.item).map(|battery| &battery.question);
            let question = battery.or_else(|| questionnaire.variable(&row.item)?.question.as_ref());
            let Some(question) = question.and_then(|question| question.find(self.view.language())) else { continue };
            let quoted = self.view.pack.quote(&question.replace("{window}", "…"));
            if !asked.contains(&quoted) {
                asked.push(quoted);
            }
        }
        match asked.as_slice() {
            [] => None,
            [only] => Some(self.view.pack.fill(Word::Question, &[("question", only)])),
            several => Some(self.view.pack.fill(Word::Questions, &[("questions", &several.join(" "))])),
        }
    }

    fn left_out_note(&self) -> String {
        let items: Vec<String> =
            self.left_out.iter().map(|row| self.view.pack.quote(&self.view.item(self.table, row))).collect();
        let items = self.view.pack.list(&items, Word::ListAnd);
        self.view.pack.fill(Word::ComparisonLeftOut, &[("items", &items)])
    }

    /// Why editions are kept apart, in the words of their ledgers; each reason once.
    fn reasons(&self) -> Vec<Told> {
        let mut paragraphs: Vec<Told> = Vec::new();
        for (_, id, cell) in self.cells() {
            for (kind, because) in self.view.reasons(cell).into_iter().filter(|(_, because)| !because.words.is_empty())
            {
                let told = because.after(&format!("{}: {kind}. ", self.view.name_of(id)));
                if !paragraphs.contains(&told) {
                    paragraphs.push(told);
                }
            }
        }
        paragraphs
    }

    /// Where the numbers come from, edition by edition.
    fn sources(&self) -> Option<String> {
        let mut sources: Vec<String> = Vec::new();
        for (_, id, cell) in self.cells() {
            let Some(source) = self.view.source_of(id, cell) else { continue };
            let source = format!("{}: {source}", self.view.name_of(id));
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
        let joined = sources.join("; ");
        (!sources.is_empty()).then(|| self.view.pack.fill(Word::ComparisonSources, &[("sources", &joined)]))
    }

    /// What the symbols mean, each once.
    fn notes(&self) -> Vec<(String, String)> {
        let mut notes: Vec<(String, String)> = Vec::new();
        for (_, _, cell) in self.cells() {
            let note = match cell {
                ComparedCell::Printed { .. } => Some((PRINTED.to_owned(), self.view.words(Word::PrintedThen))),
                ComparedCell::Released(Cell::Flagged(_, quality)) => {
                    Some((FLAG.to_owned(), self.view.words(flagged(*quality))))
                }
                ComparedCell::Released(_)
                | ComparedCell::NotComparable(_)
                | ComparedCell::InWords
                | ComparedCell::Unweighted
                | ComparedCell::NotPublished => self.view.gap(cell).filter(|(symbol, _)| symbol != NOT_COMPARABLE),
            };
            notes.extend(note.filter(|note| !notes.contains(note)));
        }
        // One symbol has one meaning; why each edition has it stands above.
        let apart = self.cells().filter_map(|(_, _, cell)| self.view.kinds(cell));
        let mut kinds: Vec<String> = Vec::new();
        for kind in apart.flatten() {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        if !kinds.is_empty() {
            notes.push((NOT_COMPARABLE.to_owned(), self.view.not_comparable(&kinds)));
        }
        notes
    }

    fn table(&self) -> Value {
        let is_one = self.table.rows.len() == 1;
        let words = |word: Word| self.view.words(word);
        let item = (!is_one).then(|| words(Word::ComparabilityItem));
        let columns = item.into_iter().chain([words(Word::ComparisonEdition)]);
        let numbers = [Word::AxisShare, Word::LowColumn, Word::HighColumn, Word::AnswersColumn];
        let columns: Vec<String> = columns.chain(numbers.map(words)).collect();
        let labels = columns.len() - numbers.len();
        let rows = self.cells().map(|(row, id, cell)| {
            let item = (!is_one).then(|| self.view.item(self.table, row));
            let labels = item.into_iter().chain([self.view.name_of(id)]);
            let (cells, symbol, reason) = match self.view.in_words(cell) {
                CellWords::Number(cells) => (list(cells.iter().map(text)), text(""), text("")),
                CellWords::Gap(symbol, reason) => (list([]), text(symbol), text(reason)),
            };
            context! { labels => list(labels.map(text)), is_total => false, cells, symbol, reason }
        });
        let notes = self.notes().into_iter().map(|(symbol, meaning)| {
            context! { symbol => text(symbol), meaning => text(meaning) }
        });
        let rules = (0..columns.len()).map(|column| text(if column < labels { "---" } else { "---:" }));
        context! {
            columns => list(columns.iter().map(text)),
            rules => list(rules),
            rows => list(rows),
            notes => list(notes),
        }
    }

    pub(super) fn drawing(&self) -> Option<String> {
        let small_print = self.caption().into_iter().map(|told| told.words);
        let notes = self.notes().into_iter().map(|(symbol, meaning)| format!("{symbol} {meaning}"));
        let corrections = self.corrections().into_iter().map(|(sentence, _)| sentence);
        let small_print: Vec<String> =
            corrections.chain(small_print).chain(notes).chain([self.view.source()]).collect();
        self.is_drawn().then(|| self.chart().alone(&self.headline.text.plain, &small_print))
    }

    /// What an earlier edition showed otherwise here.
    fn corrections(&self) -> Vec<(String, String)> {
        self.view.corrections_of_figure(self.figure, &self.page.editions)
    }

    /// What a template places, on a page.
    pub(super) fn value(&self, level: u8) -> Value {
        let caption = list(self.caption().iter().map(|told| markup(told.html())));
        self.valued(level, caption)
    }

    pub(super) fn value_in_markdown(&self) -> Value {
        let caption = list(self.caption().into_iter().map(|told| text(told.words)));
        self.valued(3, caption)
    }

    fn valued(&self, level: u8, caption: Value) -> Value {
        let withheld = if self.is_drawn() { String::new() } else { self.left_out_note() };
        context! {
            id => text(self.id()),
            level => text(level.to_string()),
            headline => markup(self.headline.text.html.clone()),
            headline_plain => text(self.headline.text.plain.clone()),
            key => text(""),
            mark => text(self.view.mark()),
            chart => if self.is_drawn() { markup(self.chart().inline()) } else { text("") },
            withheld => text(withheld),
            corrections => list(self.corrections().into_iter().map(|(sentence, href)| {
                context! { sentence => text(sentence), href => text(href) }
            })),
            caption,
            place => text(""),
            drawing => text(format!("figures/{}.svg", self.id())),
            table => if self.is_drawn() { self.table() } else { text("") },
            sources => context! {
                tables => list([context! {
                    name => text(self.view.words(Word::ComparisonAllCells)),
                    files => list([context! {
                        label => text("CSV"),
                        spoken => text(format!("{}, CSV", self.view.words(Word::ComparisonAllCells))),
                        href => text(self.view.edition.cells),
                    }]),
                }]),
                questions => list([]),
                statements => list([]),
            },
        }
    }
}

/// The same number with more decimals.
fn with_decimals(number: Number, decimals: u8) -> Number {
    let more = decimals.saturating_sub(number.decimals);
    Number { units: number.units * 10_i64.pow(u32::from(more)), decimals: number.decimals + more }
}

fn at(reach: Reach, decimals: u8) -> Reach {
    let [estimate, low, high] = [reach.estimate, reach.low, reach.high].map(|number| with_decimals(number, decimals));
    Reach { estimate, low, high }
}

fn rescaled(bar: Bar, decimals: u8) -> Bar {
    use crate::chart::Reading;
    let reading = match bar.reading {
        Reading::Shown { reach, value, bare, limits } => {
            Reading::Shown { reach: at(reach, decimals), value, bare, limits }
        }
        absent @ Reading::Absent { .. } => absent,
    };
    Bar { reading, ..bar }
}
