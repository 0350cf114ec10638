//! The bars to be of a figure: what each is called, and its published cell.

use codebook::{Chart, Figure, Kind, Role, Row, TableSpec};
use disclose::{Cell, Figures, Hidden, PublishedTable};
use estimate::Domain;

use crate::chart::Tone;
use crate::language::{Number, Word};
use crate::page::Scene;

/// One bar to be: its words and its published cell.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) label: String,
    pub(super) tone: Tone,
    pub(super) cell: Cell,
}

/// The bars of a figure; or why there are none, if a reason is published.
pub(super) fn lines(
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

pub(super) fn estimate(line: &Line) -> Option<Number> {
    line.cell.figures().map(|figures| figures.estimate().into())
}

/// The answers in the base of a table: the most that one of its rows has in total.
pub(super) fn answers(spec: &TableSpec, table: &PublishedTable) -> Option<u64> {
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
}
