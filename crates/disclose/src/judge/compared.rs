//! Claims of a comparison: words that tell the share of one edition. They are judged on what is shown of it, which is all that is at hand: a share with its
//! interval where a release has it, the share alone where it was printed.

use std::collections::BTreeMap;

use codebook::{ComparisonPage, CountryComparison, Language, Predicate, SharePhrase, ThemeId, Wording};
use estimate::Estimate;

use super::told::near;
use super::waves::{as_printed, as_shown};
use super::{Ruling, ShownCell, instead};
use crate::compared::{ComparedCell, ComparedTables};
use crate::{Figures, Hidden, Verdict, VerdictKind};

impl ComparedTables {
    /// What becomes of each wording; in the order of `wordings`.
    #[must_use]
    pub fn judge(
        &self,
        comparison: &CountryComparison,
        wordings: &[(ThemeId, Wording)],
        phrases: &BTreeMap<Language, Vec<SharePhrase>>,
    ) -> Vec<Verdict> {
        let verdict = |(index, (theme, wording)): (usize, &(ThemeId, Wording))| {
            let page = comparison.pages.iter().find(|page| page.theme.id == *theme);
            let phrases = phrases.get(&wording.language).map_or(&[][..], Vec::as_slice);
            let ruling = page.and_then(|page| self.ruling(comparison, page, wording, phrases));
            let (kind, instead) = match ruling {
                Some(Ruling::Holds) => (VerdictKind::Holds, Vec::new()),
                Some(Ruling::Fails { because, instead }) => (VerdictKind::Fails { because }, instead),
                None => (VerdictKind::Refused(Hidden::NotEstimable), Vec::new()),
            };
            Verdict { theme: theme.clone(), claim: wording.claim.clone(), wording: index, kind, instead }
        };
        wordings.iter().enumerate().map(verdict).collect()
    }

    /// Whether the words tell the number; `None` where none is shown.
    fn ruling(
        &self,
        comparison: &CountryComparison,
        page: &ComparisonPage,
        words: &Wording,
        phrases: &[SharePhrase],
    ) -> Option<Ruling> {
        let claim = page.theme.claims.iter().find(|claim| claim.id == words.claim)?;
        let Predicate::Near { table, row, .. } = &claim.predicate else { return None };
        let spec = comparison.table(table)?;
        let cell = self.table(table)?.row(row)?.cell(page.told.get(&claim.id)?)?;
        let (figures, estimate) = shown(cell)?;
        let cell = ShownCell { figures: &figures, estimate: &estimate };
        Some(near(spec, &cell, words, phrases).or_else(|| instead::of_share(spec, &cell, words, phrases)))
    }
}

/// What words about a cell are judged on; `None` where no number is shown.
pub(crate) fn shown(cell: &ComparedCell) -> Option<(Figures, Estimate)> {
    match cell {
        ComparedCell::Released(cell) => cell.figures().map(|figures| (*figures, as_shown(figures))),
        ComparedCell::Printed { estimate, n, .. } => Some(as_printed(*estimate, n.unwrap_or(0))),
        ComparedCell::NotComparable(_)
        | ComparedCell::InWords
        | ComparedCell::Unweighted
        | ComparedCell::NotPublished => None,
    }
}
