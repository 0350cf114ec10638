//! "The most common": one row of a table against all the others, among the same answers.

use codebook::{CellName, RowComparison, RowId};
use estimate::{Estimate, Outcome, p_of_difference};

use super::{Instead, Judgement, Ruling, Subject, domain, not_above};
use crate::family::Significance;
use crate::{Hidden, Rounded};

/// How far a row is ahead of the others.
pub(crate) struct Lead<'a> {
    /// The least of its differences to the others.
    pub(crate) over_next: &'a Estimate,
    /// The other row of that difference.
    next: &'a RowId,
    /// The largest p value of its differences, 1 where one is not above 0: it leads if it leads each of them (Berger 1982).
    pub(crate) p: f64,
}

impl<'a> Subject<'a> {
    /// The lead of a row over others, if readers see all of them: one that is hidden might be the more common.
    pub(crate) fn lead(&self, row: &CellName, others: &'a [RowId]) -> Result<Lead<'a>, Hidden> {
        let differences = self.row_differences(row, others)?;
        let p = differences.iter().map(|(_, difference)| p_of_lead(difference)).fold(0.0, f64::max);
        let least =
            differences.into_iter().reduce(|least, next| if next.1.value < least.1.value { next } else { least });
        let (next, over_next) = least.expect("a claim names at least one other row");
        Ok(Lead { over_next, next, p })
    }

    /// The differences to each of the others.
    pub(super) fn row_differences(
        &self,
        row: &CellName,
        others: &'a [RowId],
    ) -> Result<Vec<(&'a RowId, &'a Estimate)>, Hidden> {
        let group = domain(row.group.as_ref());
        for shown in std::iter::once(&row.row).chain(others) {
            self.shown(shown, &group)?;
        }
        let difference = |than: &'a RowId| {
            let comparison = RowComparison { of: row.clone(), than: than.clone() };
            let found = self.estimates.row_differences.iter().find(|difference| difference.comparison == comparison);
            match &found.expect("the differences that claims need are estimated").outcome {
                Outcome::Estimated(difference) => Ok((than, difference)),
                Outcome::NotEstimable { .. } => Err(Hidden::NotEstimable),
            }
        };
        others.iter().map(difference).collect()
    }

    pub(super) fn most_common(&self, row: &CellName, others: &'a [RowId], significance: Significance) -> Judgement {
        let lead = self.lead(row, others)?;
        let is_above = lead.over_next.value > 0.0;
        let ruling = Ruling::if_true(is_above && significance.is_found(), || {
            let found = format!("{} less {} is {}", row.row, lead.next, self.told(lead.over_next));
            format!("{found}, {}", not_above(is_above, 0.0, significance))
        });
        let instead = || {
            let group = domain(row.group.as_ref());
            let share = |row: &RowId| Some((row.clone(), self.shown(row, &group).ok()?.figures.estimate));
            let mut rows: Vec<(RowId, Rounded)> = [&row.row, lead.next].into_iter().filter_map(share).collect();
            // The larger one first: a reader takes the order for a ranking.
            rows.sort_by_key(|(_, share)| std::cmp::Reverse(share.units()));
            vec![Instead::Rows { table: row.table.clone(), rows }]
        };
        Ok(ruling.or_else(instead))
    }
}

/// The p value of being ahead, 1 for who is not.
pub(super) fn p_of_lead(difference: &Estimate) -> f64 {
    if difference.value > 0.0 { p_of_difference(difference, 0.0) } else { 1.0 }
}
