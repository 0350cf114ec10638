//! The numbers to be of a figure, in groups: what each is called, and its published cell.

use codebook::{Chart, ChartKind, Figure, Kind, Role, Row, TableId, TableSpec, VariableName};
use disclose::{Cell, Figures, Hidden, PublishedTable, WaveCell};
use estimate::Domain;

use crate::chart::Fill;
use crate::language::{Number, Word};
use crate::page::Scene;

/// One number to be: its words and its published cell.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) label: String,
    pub(super) fill: Fill,
    pub(super) cell: WaveCell,
    /// Whether its wave asked for it: where nothing is at hand, the reason.
    pub(super) is_asked: bool,
    /// Whether an earlier edition showed it otherwise.
    pub(super) is_revised: bool,
}

/// The lines of one row or of one group of the base; all of them where a figure has one dimension.
#[derive(Debug, Clone)]
pub(super) struct LineGroup {
    /// Empty where a figure has one dimension.
    pub(super) heading: String,
    pub(super) is_total: bool,
    pub(super) lines: Vec<Line>,
}

impl LineGroup {
    fn only(lines: Vec<Line>) -> Vec<Self> {
        vec![Self { heading: String::new(), is_total: false, lines }]
    }

    /// What one of its lines is called where it stands alone.
    pub(super) fn name(&self, line: &Line) -> String {
        if self.heading.is_empty() { line.label.clone() } else { format!("{}: {}", self.heading, line.label) }
    }
}

/// The lines of a figure; or why there are none, if a reason is published.
pub(super) fn lines(scene: Scene<'_>, figure: &Figure, spec: &TableSpec) -> Result<Vec<LineGroup>, Option<Hidden>> {
    if matches!(figure.chart, Chart::OverWaves { .. }) {
        return Ok(scene.lines_over_waves(figure, spec));
    }
    let table = published(scene, spec, figure.chart.breakdown())?;
    Ok(match &figure.chart {
        Chart::Rows => {
            let mut lines = row_lines(scene, spec, table);
            if figure.kind == ChartKind::Stacked {
                number(&mut lines);
                let heading = scene.pack.text(Word::Total).to_owned();
                return Ok(vec![LineGroup { heading, is_total: true, lines }]);
            }
            LineGroup::only(lines)
        }
        Chart::Row { row } => {
            LineGroup::only(spec.row(row).and_then(|row| row_line(scene, spec, row, table)).into_iter().collect())
        }
        Chart::Groups { row, breakdown } => {
            let line = |domain: &Domain| {
                let cell = WaveCell::from(*table.cell(row, domain)?);
                let (label, fill) = scene.domain_label(domain);
                Some(Line { label, fill, cell, is_asked: true, is_revised: scene.is_revised(spec, row, domain) })
            };
            LineGroup::only(domains(table, breakdown).filter_map(line).collect())
        }
        Chart::RowsByGroups { breakdown } => match figure.kind {
            ChartKind::Stacked => stacks(scene, spec, table, breakdown),
            ChartKind::Bar
            | ChartKind::GroupedBar
            | ChartKind::Diverging
            | ChartKind::Columns
            | ChartKind::Slope
            | ChartKind::Line
            | ChartKind::Dot
            | ChartKind::Single => groups(scene, spec, table, breakdown),
        },
        Chart::OverWaves { .. } => Vec::new(),
        Chart::Against { table: other, parts } => {
            let tabled = |id: &TableId| {
                let spec = scene.edition.country.table(id);
                let spec = spec.expect("reading a country resolves the tables of its figures");
                Ok((spec, published(scene, spec, None)?))
            };
            let of = |ids: &[TableId]| ids.iter().map(tabled).collect::<Result<Vec<_>, Option<Hidden>>>();
            opposed(scene, [tabled(other)?, (spec, table)], &[of(&parts.left)?, of(&parts.right)?])
        }
    })
}

/// A table, unless what the figure needs of it is withheld.
fn published<'p>(
    scene: Scene<'p>,
    spec: &TableSpec,
    breakdown: Option<&VariableName>,
) -> Result<&'p PublishedTable, Option<Hidden>> {
    let table = scene.edition.published.table(&spec.id).ok_or(None)?;
    let withheld = table.withheld().iter().find(|it| it.breakdown.is_none() || it.breakdown.as_ref() == breakdown);
    withheld.map_or(Ok(table), |withheld| Err(Some(withheld.why)))
}

/// The total and the groups of a breakdown.
fn domains<'t>(table: &'t PublishedTable, breakdown: &'t VariableName) -> impl Iterator<Item = &'t Domain> {
    table.domains().iter().filter(move |domain| match domain {
        Domain::Total => true,
        Domain::Group { breakdown: found, .. } => found == breakdown,
    })
}

fn row_line(scene: Scene<'_>, spec: &TableSpec, row: &Row, table: &PublishedTable) -> Option<Line> {
    let cell = WaveCell::from(*table.cell(&row.id, &Domain::Total)?);
    let is_revised = scene.is_revised(spec, &row.id, &Domain::Total);
    Some(Line { label: scene.item_label(row), fill: scene.fill(row), cell, is_asked: true, is_revised })
}

/// A line for each row.
fn row_lines(scene: Scene<'_>, spec: &TableSpec, table: &PublishedTable) -> Vec<Line> {
    in_order(spec, table).into_iter().filter_map(|row| row_line(scene, spec, row, table)).collect()
}

/// Rows of different items are sorted by their value in total; those of one question keep its order.
fn in_order<'s>(spec: &'s TableSpec, table: &PublishedTable) -> Vec<&'s Row> {
    let mut rows: Vec<&Row> = spec.rows.iter().collect();
    let is_one_question = spec.rows.windows(2).all(|pair| pair[0].item == pair[1].item);
    if !is_one_question {
        // Hidden ones last; the sort is stable, so equals keep the questionnaire's order.
        rows.sort_by_key(|row| {
            let figures = table.cell(&row.id, &Domain::Total).and_then(Cell::figures);
            std::cmp::Reverse(figures.map(|figures| figures.estimate().units()))
        });
    }
    rows
}

/// A group for each row, a line in it for each group of the base.
fn groups(scene: Scene<'_>, spec: &TableSpec, table: &PublishedTable, breakdown: &VariableName) -> Vec<LineGroup> {
    let group = |row: &Row| {
        let parts = domains(table, breakdown).filter(|domain| **domain != Domain::Total);
        let line = |domain: &Domain| {
            let (label, fill) = scene.domain_label(domain);
            let is_revised = scene.is_revised(spec, &row.id, domain);
            Some(Line { label, fill, cell: WaveCell::from(*table.cell(&row.id, domain)?), is_asked: true, is_revised })
        };
        let mut lines: Vec<Line> = parts.filter_map(line).collect();
        number(&mut lines);
        LineGroup { heading: scene.item_label(row), is_total: false, lines }
    };
    in_order(spec, table).into_iter().map(group).collect()
}

/// A group for the total and for each group of the base, a line in it for each row.
fn stacks(scene: Scene<'_>, spec: &TableSpec, table: &PublishedTable, breakdown: &VariableName) -> Vec<LineGroup> {
    let stack = |domain: &Domain| {
        let line = |row: &Row| {
            let cell = WaveCell::from(*table.cell(&row.id, domain)?);
            let is_revised = scene.is_revised(spec, &row.id, domain);
            Some(Line { label: scene.item_label(row), fill: scene.fill(row), cell, is_asked: true, is_revised })
        };
        let mut lines: Vec<Line> = spec.rows.iter().filter_map(line).collect();
        number(&mut lines);
        let (heading, fill) = scene.domain_label(domain);
        LineGroup { heading, is_total: fill == Fill::Total, lines }
    };
    domains(table, breakdown).map(stack).collect()
}

/// A table, and what is published of it.
type Tabled<'t> = (&'t TableSpec, &'t PublishedTable);

/// A group for each row, with what the other table counts, to the left, and what this one counts, to the right. Where sides are divided, the total
/// of each comes first and its answers behind it, from the middle outwards: the farther out, the darker.
fn opposed(scene: Scene<'_>, sides: [Tabled<'_>; 2], parts: &[Vec<Tabled<'_>>; 2]) -> Vec<LineGroup> {
    let line = |(spec, table): Tabled<'_>, row: &Row, fill: Fill| {
        let row = spec.row(&row.id)?;
        let cell = WaveCell::from(*table.cell(&row.id, &Domain::Total)?);
        let is_revised = scene.is_revised(spec, &row.id, &Domain::Total);
        Some(Line { label: scene.answers_label(row), fill, cell, is_asked: true, is_revised })
    };
    let side = |index: usize, row: &Row| -> Option<Vec<Line>> {
        let (outer, inner) =
            if index == 0 { (Fill::Against(0), Fill::Against(1)) } else { (Fill::Series(0), Fill::Series(2)) };
        let divided = &parts[index];
        let total = line(sides[index], row, if divided.is_empty() { outer } else { Fill::Total });
        let fill = |place: usize| if place + 1 == divided.len() { outer } else { inner };
        let answers = divided.iter().enumerate().map(|(place, tabled)| line(*tabled, row, fill(place)));
        std::iter::once(total).chain(answers).collect()
    };
    let group = |row: &Row| {
        let lines = [side(0, row)?, side(1, row)?].concat();
        Some(LineGroup { heading: scene.item_label(row), is_total: false, lines })
    };
    let (spec, table) = sides[1];
    in_order(spec, table).into_iter().filter_map(group).collect()
}

/// Gives the lines of a group the fills of a series.
fn number(lines: &mut [Line]) {
    for (index, line) in lines.iter_mut().filter(|line| line.fill == Fill::Plain).enumerate() {
        line.fill = Fill::Series(index);
    }
}

/// The estimates of each group, where they are shown.
pub(super) fn estimates(groups: &[LineGroup]) -> Vec<Vec<Option<Number>>> {
    let estimate = |line: &Line| line.cell.estimate().map(Number::from);
    groups.iter().map(|group| group.lines.iter().map(estimate).collect()).collect()
}

/// Whether a total differs from the sum of the parts that stand behind it, all of them shown.
pub(super) fn has_loose_totals(groups: &[LineGroup]) -> bool {
    let units = |line: &Line| line.cell.figures().map(|figures| figures.estimate().units());
    let is_loose = |lines: &[Line]| {
        let [total, parts @ ..] = lines else { return false };
        let sum = parts.iter().map(units).sum::<Option<i64>>();
        !parts.is_empty() && sum.zip(units(total)).is_some_and(|(sum, total)| sum != total)
    };
    groups.iter().any(|group| {
        let totals = group.lines.iter().enumerate().filter(|(_, line)| line.fill == Fill::Total);
        let starts: Vec<usize> = totals.map(|(index, _)| index).collect();
        let ends = starts.iter().skip(1).copied().chain([group.lines.len()]);
        // One total among the groups of a breakdown has no parts.
        starts.len() > 1 && starts.iter().zip(ends).any(|(start, end)| is_loose(&group.lines[*start..end]))
    })
}

/// The answers in the base of a table: the most that one of its rows has in total.
pub(super) fn answers(spec: &TableSpec, table: &PublishedTable) -> Option<u64> {
    let cells = spec.rows.iter().filter_map(|row| table.cell(&row.id, &Domain::Total)?.figures());
    cells.map(Figures::n).max()
}

impl Scene<'_> {
    fn item_label(&self, row: &Row) -> String {
        row.label.get(self.pack.language()).to_owned()
    }

    /// The answers that a row counts, by their labels.
    fn answers_label(&self, row: &Row) -> String {
        let variable = self.edition.country.codebook.variable(&row.item);
        let categories = variable.map_or(&[][..], |variable| variable.categories());
        let counted = categories.iter().filter(|category| row.codes.contains(&category.code));
        let labels: Vec<String> = counted.map(|category| category.label.get(self.pack.language()).to_owned()).collect();
        self.pack.list(&labels, Word::ListOr)
    }

    fn fill(&self, row: &Row) -> Fill {
        let variable = self.edition.country.codebook.variable(&row.item);
        let is_opinion = |role: Role| matches!(role, Role::Answer);
        let categories = variable.map_or(&[][..], |variable| variable.categories());
        let mut counted = categories.iter().filter(|category| row.codes.contains(&category.code)).peekable();
        let is_category = variable.is_some_and(|variable| matches!(variable.kind, Kind::Category { .. }));
        if is_category && counted.peek().is_some() && counted.all(|category| !is_opinion(category.role)) {
            return Fill::Muted;
        }
        Fill::Plain
    }

    /// The words of a domain: the total, or the category of a breakdown.
    pub(crate) fn domain_label(&self, domain: &Domain) -> (String, Fill) {
        match domain {
            Domain::Total => (self.pack.text(Word::Total).to_owned(), Fill::Total),
            Domain::Group { breakdown, code } => {
                let variable = self.edition.country.codebook.variable(breakdown);
                let category =
                    variable.and_then(|variable| variable.categories().iter().find(|category| category.code == *code));
                let label = category.map_or(code.as_str(), |category| category.label.get(self.pack.language()));
                let is_answer = category.is_none_or(|category| matches!(category.role, Role::Answer));
                (label.to_owned(), if is_answer { Fill::Plain } else { Fill::Muted })
            }
        }
    }
}
