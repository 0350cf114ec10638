//! What a sentence may say in place of one that does not hold. Everything here is about shown cells, in published numbers, and would be
//! judged to hold itself.

use codebook::{Code, Comparison, Measure, RowId, SharePhrase, Spoken, TableId, TableSpec, VariableName, Wording};
use estimate::{Domain, Estimate, p_of_difference};

use super::told::{is_near, nearest};
use super::{ShownCell, Subject, Tested, points};
use crate::Rounded;
use crate::rule::percent_shift;

/// Words that would hold, without their language where the program has no words of its own for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Instead {
    /// A phrase of the sentence's language.
    Phrase(String),
    /// The share, in per cent.
    Percent(Rounded),
    /// The mean or total.
    Number(Rounded),
    /// The count.
    Count(u64),
    /// More often in one group than in the other, without more.
    MoreOften {
        /// The breakdown.
        breakdown: VariableName,
        /// The group.
        group: Code,
        /// The other.
        than: Code,
    },
    /// That no difference is found, in either direction.
    NoClearDifference,
    /// The shares of rows, in per cent.
    Rows {
        /// Their table.
        table: TableId,
        /// The rows, the larger share first.
        rows: Vec<(RowId, Rounded)>,
    },
    /// The shares of groups, in per cent.
    Shares {
        /// The breakdown.
        breakdown: VariableName,
        /// The groups, in the breakdown's order.
        groups: Vec<(Code, Rounded)>,
    },
}

/// How else the share or number of a cell may be told: with the decimals of the words if they tell any, or else those of the table.
pub(super) fn of_share(
    spec: &TableSpec,
    cell: &ShownCell<'_>,
    words: &Wording,
    phrases: &[SharePhrase],
) -> Vec<Instead> {
    let decimals = match words.spoken {
        Some(Spoken::Percent { decimals, .. }) => decimals.min(spec.decimals),
        Some(Spoken::Phrase { .. } | Spoken::Count(_)) | None => spec.decimals,
    };
    let rounded = Rounded::new(cell.estimate.value, percent_shift(spec.measure), decimals);
    let estimate = match spec.measure {
        Measure::Quantile { .. } => cell.figures.estimate,
        Measure::Share | Measure::Mean | Measure::Total | Measure::Ratio => rounded.unwrap_or(cell.figures.estimate),
    };
    match spec.measure {
        Measure::Share => of_percent(cell.estimate.value * points(Measure::Share), Some(estimate), phrases),
        Measure::Mean | Measure::Total | Measure::Ratio | Measure::Quantile { .. } => vec![Instead::Number(estimate)],
    }
}

/// The phrase that tells a share in per cent, if one is near enough, and the share as it is published.
pub(super) fn of_percent(percent: f64, published: Option<Rounded>, phrases: &[SharePhrase]) -> Vec<Instead> {
    let phrase = nearest(phrases, percent).filter(|phrase| is_near(phrase.percent, percent));
    let phrase = phrase.map(|phrase| Instead::Phrase(phrase.words.clone()));
    phrase.into_iter().chain(published.map(Instead::Percent)).collect()
}

impl Subject<'_> {
    /// What is left to say of two groups: that the one is more often so without being far more often so, or the other, or that nothing
    /// is found; and their shares.
    pub(super) fn instead_of_more_often(
        &self,
        comparison: &Comparison,
        difference: &Estimate,
        tested: Tested<'_>,
    ) -> Vec<Instead> {
        let Comparison { row, breakdown, group, than, .. } = comparison;
        let more_often = |group: &Code, than: &Code| Instead::MoreOften {
            breakdown: breakdown.clone(),
            group: group.clone(),
            than: than.clone(),
        };
        let is_found = tested.with(p_of_difference(difference, 0.0)).is_found();
        let found = match is_found {
            true if difference.value > 0.0 => more_often(group, than),
            true => more_often(than, group),
            false => Instead::NoClearDifference,
        };
        vec![found, self.shares_of(row, breakdown, &[group, than])]
    }

    /// The published shares of shown groups.
    pub(super) fn shares_of(&self, row: &RowId, breakdown: &VariableName, groups: &[&Code]) -> Instead {
        let share = |code: &&Code| {
            let group = Domain::Group { breakdown: breakdown.clone(), code: (*code).clone() };
            self.shown(row, &group).ok().map(|cell| ((*code).clone(), cell.figures.estimate))
        };
        Instead::Shares { breakdown: breakdown.clone(), groups: groups.iter().filter_map(share).collect() }
    }
}
