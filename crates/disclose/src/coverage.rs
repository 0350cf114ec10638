//! Respondents against the population: how many answered of each kind of unit, beside how many there are.
//!
//! The population comes from a register and discloses nobody. How many of a kind answered is a count of respondents like any n, so it is held to the
//! same rules, for a breakdown as a whole: with the sum of all answers known, one group alone could not be left out.

use codebook::{Code, VariableName};
use estimate::Domain;

use crate::{Cell, Hidden, PublishedTable, Rounded, Rules};

/// The units of the population and the answers by the categories of a variable that strata are made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// The variable.
    pub variable: VariableName,
    /// Its categories that are in the population, each once.
    pub groups: Vec<CoveredGroup>,
}

/// One category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoveredGroup {
    /// Its code.
    pub code: Code,
    /// Units of the population.
    pub population: u64,
    /// Usable answers.
    pub answers: u64,
    /// Units that were drawn, where a list of them tells the category.
    pub drawn: Option<u64>,
    /// The share of the weighted answers, in per cent; `None` where they have no weight.
    pub weighted: Option<Rounded>,
}

impl CoveredGroup {
    /// A share of the weighted answers, between 0 and 1, as it is told: in per cent with one decimal. `None` when it is no number.
    #[must_use]
    pub fn weighted_share(share: f64) -> Option<Rounded> {
        Rounded::new(share, 2, 1)
    }
}

/// Those of which nothing follows that a table hides.
pub(crate) fn publish_coverage(coverage: Vec<Coverage>, tables: &[PublishedTable], rules: Rules) -> Vec<Coverage> {
    let is_safe = |it: &Coverage| tables.iter().all(|table| !hides(table, it) && !leaves_few(table, it, rules));
    coverage.into_iter().filter(|it| !has_few(it, rules) && is_safe(it)).collect()
}

/// Whether somebody, but too few, answered in a group.
fn has_few(coverage: &Coverage, rules: Rules) -> bool {
    coverage.groups.iter().any(|group| (1..rules.smallest_base).contains(&group.answers))
}

/// Whether a table keeps a group of this variable confidential, which counting its answers could undo.
fn hides(table: &PublishedTable, coverage: &Coverage) -> bool {
    let is_withheld = table
        .withheld()
        .iter()
        .any(|part| part.why == Hidden::Confidential && part.breakdown.as_ref() == Some(&coverage.variable));
    is_withheld || cells(table, coverage).any(|(cell, _)| *cell == Cell::Hidden(Hidden::Confidential))
}

/// Whether a group has a few answers more than a cell that is shown of it: those few would follow by subtraction.
fn leaves_few(table: &PublishedTable, coverage: &Coverage, rules: Rules) -> bool {
    let few = 1..rules.smallest_base;
    cells(table, coverage)
        .filter_map(|(cell, group)| Some((cell.figures()?.n(), group.answers)))
        .any(|(n, answers)| few.contains(&answers.saturating_sub(n)))
}

/// The cells of a table that are about a group of the variable, with that group.
fn cells<'a>(table: &'a PublishedTable, coverage: &'a Coverage) -> impl Iterator<Item = (&'a Cell, &'a CoveredGroup)> {
    coverage.groups.iter().flat_map(move |group| {
        let domain = Domain::Group { breakdown: coverage.variable.clone(), code: group.code.clone() };
        let cells: Vec<&Cell> = table.rows().iter().filter_map(|row| table.cell(row, &domain)).collect();
        cells.into_iter().map(move |cell| (cell, group))
    })
}
