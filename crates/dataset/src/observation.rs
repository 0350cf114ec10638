//! A published table cell by cell, with codes and labels.

use std::collections::BTreeSet;

use codebook::{CellOf, Code, Language, Measure, Row, Standing, TableSpec, Variable, VariableName, Wave};
use disclose::{Cell, Corrected, Figures, Hidden, PublishedTable, Quality};
use estimate::Domain;

use crate::Source;

/// A table in one language.
pub(crate) struct Observed<'a> {
    pub(crate) source: Source<'a>,
    pub(crate) spec: &'a TableSpec,
    pub(crate) language: &'a Language,
    published: &'a PublishedTable,
}

/// A group of answers that a table has a column for.
pub(crate) struct Group<'a> {
    pub(crate) domain: Domain,
    /// The breakdown with its label; `None` for the total.
    pub(crate) breakdown: Option<(&'a VariableName, &'a str)>,
    /// Code and label; `None` for the total.
    pub(crate) category: Option<(&'a Code, &'a str)>,
}

impl Group<'_> {
    /// A code that no other group of the table has: `total`, `level:state`.
    pub(crate) fn id(&self) -> String {
        match (self.breakdown, self.category) {
            (Some((breakdown, _)), Some((code, _))) => format!("{breakdown}:{code}"),
            (_, _) => "total".to_owned(),
        }
    }

    /// The same in words: `Level of government: state`. The total is called by the table's base.
    pub(crate) fn label(&self, table: &Observed<'_>) -> String {
        match (self.breakdown, self.category) {
            (Some((_, breakdown)), Some((_, category))) => format!("{breakdown}: {category}"),
            (_, _) => table.base_label().to_owned(),
        }
    }
}

/// The numbers that a cell is told in, in their order.
pub(crate) const CONTENTS: [&str; 5] = ["estimate", "se", "ci_low", "ci_high", "n"];

impl<'a> Observed<'a> {
    /// `None` for a table that is not part of the release.
    pub(crate) fn new(source: Source<'a>, spec: &'a TableSpec, language: &'a Language) -> Option<Self> {
        let published = source.published.table(&spec.id)?;
        Some(Self { source, spec, language, published })
    }

    pub(crate) fn title(&self) -> &'a str {
        self.spec.title.get(self.language)
    }

    pub(crate) fn base_label(&self) -> &'a str {
        self.source.country.bases.get(&self.spec.base).map_or("", |base| base.label.get(self.language))
    }

    fn variable(&self, name: &VariableName) -> Option<&'a Variable> {
        self.source.country.codebook.variable(name)
    }

    pub(crate) fn variable_label(&self, name: &VariableName) -> &'a str {
        self.variable(name).map_or("", |variable| variable.label.get(self.language))
    }

    /// The total, then every category of every breakdown, also of those that are withheld.
    pub(crate) fn groups(&self) -> Vec<Group<'a>> {
        let total = Group { domain: Domain::Total, breakdown: None, category: None };
        let of_breakdown = |name: &'a VariableName| {
            let categories = self.variable(name).map_or(&[][..], |variable| variable.categories());
            let label = self.variable_label(name);
            categories.iter().map(move |category| Group {
                domain: Domain::Group { breakdown: name.clone(), code: category.code.clone() },
                breakdown: Some((name, label)),
                category: Some((&category.code, category.label.get(self.language))),
            })
        };
        std::iter::once(total).chain(self.spec.breakdowns.iter().flat_map(of_breakdown)).collect()
    }

    /// The cell of a row in a group. What is withheld whole is hidden for the reason it is withheld.
    pub(crate) fn cell(&self, row: &Row, group: &Group<'_>) -> Cell {
        let known = self.published.cell(&row.id, &group.domain).copied();
        known.unwrap_or_else(|| {
            let of = |breakdown: &Option<VariableName>| {
                breakdown.as_ref().is_none_or(|name| group.breakdown.is_some_and(|(own, _)| own == name))
            };
            let withheld = self.published.withheld().iter().find(|part| of(&part.breakdown));
            Cell::Hidden(withheld.map_or(Hidden::Confidential, |part| part.why))
        })
    }

    pub(crate) fn unit(&self) -> String {
        match self.spec.measure {
            Measure::Share => "per cent".to_owned(),
            Measure::Mean => "mean".to_owned(),
            Measure::Total => "total".to_owned(),
            Measure::Ratio => "ratio".to_owned(),
            median if median.is_median() => "median".to_owned(),
            Measure::Quantile { probability, .. } => format!("quantile {probability}"),
        }
    }

    /// What is to be known of the table before it is read: that it is a draft or made up, and that an earlier edition showed other numbers.
    pub(crate) fn notes(&self) -> Vec<String> {
        let (corrections, wave) = (self.source.corrections, self.source.wave);
        let of_table = corrections.own().filter(|corrected| corrected.cell.table == self.spec.id);
        let mut errata: Vec<&str> = of_table.flat_map(|corrected| told(corrected, wave)).collect();
        let mut seen = BTreeSet::new();
        errata.retain(|erratum| seen.insert(*erratum));
        let correction = (!errata.is_empty()).then(|| {
            format!("An earlier edition showed other numbers in this table: see errata.html ({})", errata.join(", "))
        });
        mark(self.source).map(str::to_owned).into_iter().chain(correction).collect()
    }

    /// The status of a cell, and the reason where it is not simply shown, or where an earlier edition showed it otherwise: `corrected in 2019.1: e1`.
    pub(crate) fn status(&self, row: &Row, group: &Group<'_>, cell: &Cell) -> (&'static str, String) {
        let (status, reason) = status_in(row, cell);
        // Why a cell is hidden is one word for those who read it; what was withdrawn is told on the page of errata.
        let is_shown = cell.figures().is_some();
        let of = CellOf {
            table: &self.spec.id,
            row: &row.id,
            group: group.breakdown.zip(group.category).map(|((breakdown, _), (code, _))| (breakdown, code)),
        };
        let corrected = self.source.corrections.of(of).filter(|_| is_shown).map(|corrected| {
            let errata = told(corrected, self.source.wave);
            let done = self.source.wave.errata_of(corrected.edition, of).next().map_or("changed", |it| it.kind.done());
            format!("{done} in {}: {}", corrected.edition, errata.join(", "))
        });
        let reasons = std::iter::once(reason.to_owned()).filter(|reason| !reason.is_empty()).chain(corrected);
        (status, reasons.collect::<Vec<_>>().join("; "))
    }
}

/// The errata that tell why a cell is not as it was.
fn told<'w>(corrected: &'w Corrected, wave: &'w Wave) -> Vec<&'w str> {
    wave.errata_of(corrected.edition, corrected.cell.as_ref()).map(|erratum| erratum.id.as_str()).collect()
}

/// That the edition corrects an earlier one; nothing for the first.
pub(crate) fn correction(source: Source<'_>) -> Option<String> {
    let earlier = source.edition().corrects()?;
    let (edition, day) = (source.edition(), source.day());
    Some(format!("Edition {edition} of {day}, which takes the place of {earlier}: see errata.html."))
}

/// What a draft and synthetic data say of themselves; nothing for a release of real data.
pub(crate) fn mark(source: Source<'_>) -> Option<&'static str> {
    match (source.wave.standing, source.published.synthetic()) {
        (Standing::Released, false) => None,
        (Standing::Released, true) => Some("SYNTHETIC: the answers are made up"),
        (Standing::Draft, false) => Some("DRAFT: not released"),
        (Standing::Draft, true) => Some("DRAFT: not released. SYNTHETIC: the answers are made up"),
    }
}

/// What is to be known of the release before its numbers are read: its mark, what that means in the language of the files, and what it corrects.
pub(crate) fn notes(source: Source<'_>) -> Vec<String> {
    let mark = mark(source).map(|mark| format!("{mark}.")).into_iter();
    let notice = Some(source.notice).filter(|notice| !notice.is_empty()).map(str::to_owned);
    mark.chain(notice).chain(correction(source)).collect()
}

/// Where the numbers come from, in a word for a column.
pub(crate) fn origin(source: Source<'_>) -> &'static str {
    match (source.wave.standing, source.published.synthetic()) {
        (Standing::Released, false) => "survey",
        (Standing::Released, true) => "SYNTHETIC",
        (Standing::Draft, false) => "DRAFT",
        (Standing::Draft, true) => "DRAFT, SYNTHETIC",
    }
}

/// The five numbers of a cell as they are printed; none of a hidden one.
pub(crate) fn numbers(figures: &Figures) -> [String; 5] {
    [
        figures.estimate().to_string(),
        figures.se().to_string(),
        figures.low().to_string(),
        figures.high().to_string(),
        figures.n().to_string(),
    ]
}

/// The status of a cell in a row, and its reason where it is not simply shown.
pub(crate) fn status_in(row: &Row, cell: &Cell) -> (&'static str, &'static str) {
    match status(cell) {
        ("shown", _) if row.is_merged() => ("merged", "answers that are shown as one"),
        other => other,
    }
}

/// The status of a cell, and its reason where it is not simply shown.
pub(crate) fn status(cell: &Cell) -> (&'static str, &'static str) {
    match cell {
        Cell::Shown(_) => ("shown", ""),
        Cell::Flagged(_, Quality::FewAnswers) => ("flagged", "few answers"),
        Cell::Flagged(_, Quality::Imprecise) => ("flagged", "imprecise"),
        Cell::Hidden(Hidden::Confidential) => ("hidden", "confidential"),
        Cell::Hidden(Hidden::Unreliable) => ("hidden", "unreliable"),
        Cell::Hidden(Hidden::Empty) => ("hidden", "nobody in the group"),
        Cell::Hidden(Hidden::NotEstimable) => ("hidden", "not estimable"),
    }
}
