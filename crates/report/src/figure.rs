//! A figure block: headline, chart, caption and data table, or the sentence that says why there is none.

use codebook::{Chart, Figure, Kind, Measure, Predicate, Role, Row, TableId, TableSpec, Theme};
use disclose::{Cell, Figures, Hidden, PublishedTable};
use estimate::Domain;
use minijinja::{Value, context};

use crate::caption::{Subject, Told, caption, interval_note, sentence};
use crate::chart::{Axis, Bar, BarChart, BarReach, Reach, Tone};
use crate::language::{Number, Word};
use crate::narrative::{Headline, Narrative};
use crate::page::Scene;
use crate::significance::family_of;
use crate::templates::{list, markup, text};

/// The mark of a number that few answers stand behind.
pub(crate) const FLAG: &str = "†";

/// A figure with all its words.
#[derive(Debug, Clone)]
pub(crate) struct FigureBlock {
    id: String,
    headline: Headline,
    key: Option<KeyNumber>,
    caption: Vec<String>,
    source: String,
    mark: String,
    content: Content,
}

/// The number that a headline tells, large beside it.
#[derive(Debug, Clone)]
pub(crate) struct KeyNumber {
    pub(crate) value: String,
    pub(crate) interval: String,
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
    chart: BarChart,
    table: DataTable,
}

/// The numbers of a chart.
#[derive(Debug, Clone)]
struct DataTable {
    columns: [String; 5],
    rows: Vec<DataRow>,
    /// What the symbols in it mean.
    notes: Vec<(String, String)>,
}

#[derive(Debug, Clone)]
struct DataRow {
    label: String,
    is_total: bool,
    /// Estimate, limits and n; or a symbol and the reason.
    cells: Result<[String; 4], (String, String)>,
}

/// One bar to be: its words and its published cell.
#[derive(Debug, Clone)]
struct Line {
    label: String,
    tone: Tone,
    cell: Cell,
}

/// The symbol of what is not shown. Each reason has its own, in every format.
pub(crate) fn symbol(hidden: Hidden) -> &'static str {
    match hidden {
        Hidden::Confidential => "c",
        Hidden::Unreliable => "u",
        Hidden::Empty => ".",
        Hidden::NotEstimable => ":",
    }
}

/// The reason in words.
pub(crate) fn reason(hidden: Hidden) -> Word {
    match hidden {
        Hidden::Confidential => Word::Confidential,
        Hidden::Unreliable => Word::Unreliable,
        Hidden::Empty => Word::Empty,
        Hidden::NotEstimable => Word::NotEstimable,
    }
}

impl FigureBlock {
    pub(crate) fn new(scene: Scene<'_>, theme: &Theme, figure: &Figure, narrative: &Narrative) -> Self {
        let edition = scene.edition;
        let spec = edition.country.table(&figure.table).expect("reading a country resolves the tables of its figures");
        let headline = narrative.headlines.get(&figure.id).cloned().unwrap_or_default();
        let table = edition.published.table(&figure.table);
        let lines = table.map_or_else(|| Err(None), |table| lines(scene, figure, spec, table));
        let told = Told {
            estimates: lines.as_ref().map_or_else(|_| Vec::new(), |lines| lines.iter().map(estimate).collect()),
            answers: table.and_then(|table| answers(spec, table)),
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
                chart: scene.chart(figure, spec, lines, &headline, told.answers),
                table: scene.data_table(figure, spec, lines),
            })),
            Err(hidden) => Content::Withheld(scene.withheld(figure, *hidden)),
        };
        Self {
            id: figure.id.as_str().to_owned(),
            key: scene.key_number(theme, &headline),
            caption: caption(subject, &told),
            headline,
            source: scene.source(),
            mark: scene.mark(),
            content,
        }
    }

    /// The headline's number, if it tells one.
    pub(crate) fn key(&self) -> Option<&KeyNumber> {
        self.key.as_ref()
    }

    pub(crate) fn headline(&self) -> &Headline {
        &self.headline
    }

    /// The chart as a file of its own, if there is one.
    pub(crate) fn drawing(&self) -> Option<String> {
        let Content::Drawn(drawn) = &self.content else { return None };
        let notes = drawn.table.notes.iter().map(|(symbol, meaning)| format!("{symbol} {meaning}"));
        let small_print: Vec<String> = self.caption.iter().cloned().chain(notes).chain([self.source.clone()]).collect();
        Some(drawn.chart.alone(&self.headline.text.plain, &small_print))
    }

    /// What a template places. `level` is that of the headline.
    pub(crate) fn value(&self, level: u8) -> Value {
        let (chart, table, withheld) = match &self.content {
            Content::Drawn(drawn) => (markup(drawn.chart.inline()), drawn.table.value(), text("")),
            Content::Withheld(sentence) => (text(""), text(""), text(sentence.clone())),
        };
        context! {
            id => text(self.id.clone()),
            level => text(level.to_string()),
            headline => markup(self.headline.text.html.clone()),
            headline_plain => text(self.headline.text.plain.clone()),
            key => self.key.as_ref().map_or_else(|| text(""), KeyNumber::value),
            mark => text(self.mark.clone()),
            chart,
            withheld,
            caption => list(self.caption.iter().map(text)),
            source => text(self.source.clone()),
            drawing => text(format!("figures/{}.svg", self.id)),
            table,
        }
    }
}

impl KeyNumber {
    pub(crate) fn value(&self) -> Value {
        context! { value => text(self.value.clone()), interval => text(self.interval.clone()) }
    }
}

impl DataTable {
    fn value(&self) -> Value {
        let rows = self.rows.iter().map(|row| {
            let (cells, symbol, reason) = match &row.cells {
                Ok(cells) => (list(cells.iter().map(text)), text(""), text("")),
                Err((symbol, reason)) => (list([]), text(symbol.clone()), text(reason.clone())),
            };
            context! { label => text(row.label.clone()), is_total => row.is_total, cells, symbol, reason }
        });
        let notes = self.notes.iter().map(|(symbol, meaning)| {
            context! { symbol => text(symbol.clone()), meaning => text(meaning.clone()) }
        });
        context! { columns => list(self.columns.iter().map(text)), rows => list(rows), notes => list(notes) }
    }
}

/// The bars of a figure; or why there are none, if a reason is published.
fn lines(
    scene: Scene<'_>,
    figure: &Figure,
    spec: &TableSpec,
    table: &PublishedTable,
) -> Result<Vec<Line>, Option<Hidden>> {
    let breakdown = match &figure.chart {
        Chart::Rows => None,
        Chart::Groups { breakdown, .. } => Some(breakdown),
    };
    let withheld = table.withheld().iter().find(|it| it.breakdown.is_none() || it.breakdown.as_ref() == breakdown);
    if let Some(withheld) = withheld {
        return Err(Some(withheld.why));
    }
    Ok(match &figure.chart {
        Chart::Rows => row_lines(scene, spec, table),
        Chart::Groups { row, .. } => {
            let domains = table.domains().iter().filter(|domain| match domain {
                Domain::Total => true,
                Domain::Group { breakdown: found, .. } => Some(found) == breakdown,
            });
            let line = |domain: &Domain| {
                let cell = *table.cell(row, domain)?;
                let (label, tone) = scene.domain_label(domain);
                Some(Line { label, tone, cell })
            };
            domains.filter_map(line).collect()
        }
    })
}

/// A bar for each row. Bars of different items are sorted by value; those of one question keep its order.
fn row_lines(scene: Scene<'_>, spec: &TableSpec, table: &PublishedTable) -> Vec<Line> {
    let line = |row: &Row| {
        let cell = *table.cell(&row.id, &Domain::Total)?;
        let label = row.label.get(scene.pack.language()).to_owned();
        Some(Line { label, tone: scene.tone(row), cell })
    };
    let mut lines: Vec<Line> = spec.rows.iter().filter_map(line).collect();
    let is_one_question = spec.rows.windows(2).all(|pair| pair[0].item == pair[1].item);
    if !is_one_question {
        // Hidden ones last; the sort is stable, so equals keep the questionnaire's order.
        lines.sort_by_key(|line| std::cmp::Reverse(line.cell.figures().map(|figures| figures.estimate().units())));
    }
    lines
}

fn estimate(line: &Line) -> Option<Number> {
    line.cell.figures().map(|figures| figures.estimate().into())
}

/// The answers in the base of a table: the most that one of its rows has in total.
fn answers(spec: &TableSpec, table: &PublishedTable) -> Option<u64> {
    let cells = spec.rows.iter().filter_map(|row| table.cell(&row.id, &Domain::Total)?.figures());
    cells.map(Figures::n).max()
}

impl Scene<'_> {
    fn tone(&self, row: &Row) -> Tone {
        let variable = self.edition.country.codebook.variable(&row.item);
        let is_opinion = |role: Role| matches!(role, Role::Answer);
        let categories = variable.map_or(&[][..], |variable| variable.categories());
        let mut counted = categories.iter().filter(|category| row.codes.contains(&category.code)).peekable();
        let is_category = variable.is_some_and(|variable| matches!(variable.kind, Kind::Category { .. }));
        if is_category && counted.peek().is_some() && counted.all(|category| !is_opinion(category.role)) {
            return Tone::Muted;
        }
        Tone::Plain
    }

    /// The words of a domain: the total, or the category of a breakdown.
    fn domain_label(&self, domain: &Domain) -> (String, Tone) {
        match domain {
            Domain::Total => (self.pack.text(Word::Total).to_owned(), Tone::Total),
            Domain::Group { breakdown, code } => {
                let variable = self.edition.country.codebook.variable(breakdown);
                let category =
                    variable.and_then(|variable| variable.categories().iter().find(|category| category.code == *code));
                let label = category.map_or(code.as_str(), |category| category.label.get(self.pack.language()));
                let is_answer = category.is_none_or(|category| matches!(category.role, Role::Answer));
                (label.to_owned(), if is_answer { Tone::Plain } else { Tone::Muted })
            }
        }
    }

    /// A published number as it is told alone.
    fn told(&self, measure: Measure, number: Number) -> String {
        match measure {
            Measure::Share => self.pack.percent(number),
            Measure::Mean | Measure::Total => self.pack.number(number),
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
    fn interval_short(&self, low: Number, high: Number) -> String {
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

    /// The number of the first claim of a headline that tells an estimate which is shown.
    fn key_number(&self, theme: &Theme, headline: &Headline) -> Option<KeyNumber> {
        headline.claims.iter().find_map(|id| {
            let claim = theme.claims.iter().find(|claim| claim.id == *id)?;
            let Predicate::Near { table, row, group } = &claim.predicate else { return None };
            let domain = match group {
                None => Domain::Total,
                Some((breakdown, code)) => Domain::Group { breakdown: breakdown.clone(), code: code.clone() },
            };
            let figures = *self.edition.published.table(table)?.cell(row, &domain)?.figures()?;
            Some(KeyNumber {
                value: self.told(self.measure(table), figures.estimate().into()),
                interval: self.interval_short(figures.low().into(), figures.high().into()),
            })
        })
    }

    fn measure(&self, table: &TableId) -> Measure {
        self.edition.country.table(table).expect("reading a country resolves the tables of its claims").measure
    }

    fn withheld(&self, figure: &Figure, hidden: Option<Hidden>) -> String {
        let reason = self.pack.text(reason(hidden.unwrap_or(Hidden::Confidential)));
        match &figure.chart {
            Chart::Rows => self.pack.fill(Word::WithheldTable, &[("reason", reason)]),
            Chart::Groups { breakdown, .. } => {
                let variable = self.edition.country.codebook.variable(breakdown);
                let label = variable.map_or(breakdown.as_str(), |it| it.label.get(self.pack.language()));
                self.pack.fill(Word::WithheldBreakdown, &[("breakdown", label), ("reason", reason)])
            }
        }
    }

    fn chart(
        &self,
        figure: &Figure,
        spec: &TableSpec,
        lines: &[Line],
        headline: &Headline,
        answers: Option<u64>,
    ) -> BarChart {
        let bars: Vec<Bar> = lines.iter().map(|line| self.bar(spec, line)).collect();
        let reaches: Vec<Reach> = bars.iter().filter_map(|bar| Some(bar.reach.as_ref()?.reach)).collect();
        let axis = Axis::over(&reaches, spec.decimals, matches!(spec.measure, Measure::Share));
        let unit = match spec.measure {
            Measure::Share => Word::AxisShare,
            Measure::Mean => Word::AxisMean,
            Measure::Total => Word::AxisTotal,
        };
        let title = self.chart_title(figure, spec);
        BarChart {
            id: figure.id.as_str().to_owned(),
            description: self.description(&title, &bars, headline, answers),
            title,
            unit: self.pack.text(unit).to_owned(),
            interval: self.interval_column(),
            bars,
            axis,
            ticks: axis.marks().into_iter().map(|mark| (mark, self.tick(mark))).collect(),
            mark: self.mark(),
        }
    }

    /// A mark of the scale, without decimals that say nothing.
    fn tick(&self, mark: Number) -> String {
        let mut mark = mark;
        while mark.decimals > 0 && mark.units % 10 == 0 {
            mark = Number { units: mark.units / 10, decimals: mark.decimals - 1 };
        }
        self.pack.number(mark)
    }

    fn chart_title(&self, figure: &Figure, spec: &TableSpec) -> String {
        let title = spec.title.get(self.pack.language());
        match &figure.chart {
            Chart::Rows => title.to_owned(),
            Chart::Groups { breakdown, .. } => {
                let variable = self.edition.country.codebook.variable(breakdown);
                let breakdown = variable.map_or(breakdown.as_str(), |it| it.label.get(self.pack.language()));
                self.pack.fill(Word::ChartTitleBy, &[("title", title), ("breakdown", breakdown)])
            }
        }
    }

    fn bar(&self, spec: &TableSpec, line: &Line) -> Bar {
        let (reach, absent) = match &line.cell {
            Cell::Shown(figures) => (Some(self.bar_reach(spec, figures, "")), String::new()),
            Cell::Flagged(figures, _) => (Some(self.bar_reach(spec, figures, FLAG)), String::new()),
            Cell::Hidden(hidden) => (None, format!("{} {}", symbol(*hidden), self.pack.text(reason(*hidden)))),
        };
        Bar { label: line.label.clone(), tone: line.tone, reach, absent }
    }

    fn bar_reach(&self, spec: &TableSpec, figures: &Figures, flag: &str) -> BarReach {
        let [estimate, low, high] = [figures.estimate(), figures.low(), figures.high()].map(Number::from);
        BarReach {
            reach: Reach { estimate, low, high },
            value: self.told(spec.measure, estimate) + flag,
            interval: self.interval(figures),
        }
    }

    /// The chart in words: what it is, its finding, its extremes, n and source.
    fn description(&self, title: &str, bars: &[Bar], headline: &Headline, answers: Option<u64>) -> String {
        let count = self.pack.count(u64::try_from(bars.len()).expect("a chart has few bars"));
        let mut sentences =
            vec![self.pack.fill(Word::ChartDescription, &[("count", &count), ("title", &sentence(title))])];
        if !headline.text.plain.is_empty() {
            sentences.push(self.pack.fill(Word::ChartFinding, &[("headline", &sentence(&headline.text.plain))]));
        }
        sentences.extend(self.extremes(bars));
        if let Some(answers) = answers {
            sentences.push(self.pack.fill(Word::ChartAnswers, &[("n", &self.pack.count(answers))]));
        }
        sentences.push(self.source());
        let mark = self.mark();
        if !mark.is_empty() {
            sentences.push(format!("{mark}."));
        }
        sentences.join(" ")
    }

    fn extremes(&self, bars: &[Bar]) -> Option<String> {
        // The total lies between its groups, so it is no extreme.
        let shown = bars.iter().filter(|bar| bar.tone != Tone::Total);
        let shown: Vec<(&Bar, &BarReach)> = shown.filter_map(|bar| Some((bar, bar.reach.as_ref()?))).collect();
        let highest = shown.iter().rev().max_by_key(|(_, reach)| reach.reach.estimate.units)?;
        let lowest = shown.iter().min_by_key(|(_, reach)| reach.reach.estimate.units)?;
        let interval = |BarReach { reach, .. }: &BarReach| self.interval_short(reach.low, reach.high);
        if shown.len() == 1 {
            let interval = interval(highest.1);
            let values = [("label", highest.0.label.as_str()), ("value", &highest.1.value), ("interval", &interval)];
            return Some(self.pack.fill(Word::ChartSingle, &values));
        }
        let values = [
            ("highest", highest.0.label.as_str()),
            ("highest_value", &highest.1.value),
            ("highest_interval", &interval(highest.1)),
            ("lowest", lowest.0.label.as_str()),
            ("lowest_value", &lowest.1.value),
            ("lowest_interval", &interval(lowest.1)),
        ];
        Some(self.pack.fill(Word::ChartExtremes, &values))
    }

    fn data_table(&self, figure: &Figure, spec: &TableSpec, lines: &[Line]) -> DataTable {
        let language = self.pack.language();
        let first = match &figure.chart {
            Chart::Rows => self.pack.text(Word::RowColumn).to_owned(),
            Chart::Groups { breakdown, .. } => {
                let variable = self.edition.country.codebook.variable(breakdown);
                variable.map_or(breakdown.as_str(), |it| it.label.get(language)).to_owned()
            }
        };
        let estimate = match spec.measure {
            Measure::Share => Word::AxisShare,
            Measure::Mean => Word::AxisMean,
            Measure::Total => Word::AxisTotal,
        };
        let words = [estimate, Word::LowColumn, Word::HighColumn, Word::AnswersColumn];
        let [estimate, low, high, answers] = words.map(|word| self.pack.text(word).to_owned());
        DataTable {
            columns: [first, estimate, low, high, answers],
            rows: lines.iter().map(|line| self.data_row(line)).collect(),
            notes: self.notes(lines),
        }
    }

    fn data_row(&self, line: &Line) -> DataRow {
        let numbers = |figures: &Figures, flag: &str| {
            let [estimate, low, high] =
                [figures.estimate(), figures.low(), figures.high()].map(|rounded| self.pack.number(rounded.into()));
            [estimate + flag, low, high, self.pack.count(figures.n())]
        };
        let cells = match &line.cell {
            Cell::Shown(figures) => Ok(numbers(figures, "")),
            Cell::Flagged(figures, _) => Ok(numbers(figures, FLAG)),
            Cell::Hidden(hidden) => Err((symbol(*hidden).to_owned(), self.pack.text(reason(*hidden)).to_owned())),
        };
        DataRow { label: line.label.clone(), is_total: line.tone == Tone::Total, cells }
    }

    /// The meaning of each symbol that a table holds, each once.
    fn notes(&self, lines: &[Line]) -> Vec<(String, String)> {
        let mut notes: Vec<(String, String)> = Vec::new();
        for line in lines {
            let note = match &line.cell {
                Cell::Shown(_) => continue,
                Cell::Flagged(_, _) => (FLAG.to_owned(), self.pack.text(Word::FewAnswers).to_owned()),
                Cell::Hidden(hidden) => (symbol(*hidden).to_owned(), self.pack.text(reason(*hidden)).to_owned()),
            };
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        notes
    }
}
