//! Families of tests: what the sentences of one theme page test, taken together.
//!
//! The more a page tests, the likelier one of its sentences holds by chance. So the testing claims of a theme are one family, and
//! their p values are adjusted by Holm's method (1979): however many there are, the chance that any of them holds though
//! nothing is there is at most the level.
//!
//! | claim | the hypothesis that is to be rejected | test |
//! | --- | --- | --- |
//! | "more often" | the difference is the points asked for | t, on the difference's degrees of freedom |
//! | "the most common" | the row is as common as another one | t, each difference on its own degrees of freedom; the largest p value |
//! | "a majority" | the share is a half | t of the log odds, on the share's degrees of freedom |
//!
//! Tests are two-sided, and a sentence needs the right direction besides, so it errs half as often as the level says.
//!
//! **The family is what the theme's file lists**, nothing that comes of the data. A claim about a cell that is not shown, or whose
//! error is not known, is refused; its test stays in the family with a p value of 1. So the size of the family tells nothing
//! about a hidden cell, and no other test does: Holm multiplies each p value by the number of those not smaller, and a test that is last
//! whatever its data say changes no product. A claim is one test in however many languages and sentences it is worded,
//! and one that no text words is a test as well, since it could have been worded had it come out.
//!
//! **"About the same" is in no family.** It says that every difference lies within the margin, and holds when every one is shown to
//! (an intersection-union test, Berger 1982). To say it wrongly at least one difference must lie outside and be shown to lie
//! inside, which is as improbable as for that one alone, so its many intervals need no adjustment. Nor do the other claims of the
//! page, which it makes no easier: each of the two is about sentences of its kind.

use codebook::{Claim, ClaimId, ConfidenceLevel, Predicate, Theme, ThemeId};
use estimate::{Adjustment, Estimate, adjust, p_of_difference, p_of_majority};

use crate::judge::{Bench, domain, points};
use crate::{Figures, Rounded};

/// The tests of one theme page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    pub(crate) theme: ThemeId,
    pub(crate) adjustment: Adjustment,
    pub(crate) tests: Vec<Test>,
}

impl Family {
    /// The theme.
    #[must_use]
    pub fn theme(&self) -> &ThemeId {
        &self.theme
    }

    /// What is done about their number.
    #[must_use]
    pub fn adjustment(&self) -> Adjustment {
        self.adjustment
    }

    /// The tests in the order of the theme's claims, at least one.
    #[must_use]
    pub fn tests(&self) -> &[Test] {
        &self.tests
    }
}

/// One test. There is no p value in it: what a test says stands in a sentence, and its size beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    pub(crate) claim: ClaimId,
    pub(crate) kind: TestKind,
    pub(crate) size: Option<Size>,
}

impl Test {
    /// The claim that it is made for.
    #[must_use]
    pub fn claim(&self) -> &ClaimId {
        &self.claim
    }

    /// Which test it is.
    #[must_use]
    pub fn kind(&self) -> TestKind {
        self.kind
    }

    /// How large what is tested is; `None` where that is not shown.
    #[must_use]
    pub fn size(&self) -> Option<Size> {
        self.size
    }
}

/// A design-based t test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestKind {
    /// Of a difference between two groups.
    Difference,
    /// Of the differences between one row and several others, of which the least is shown.
    RowDifference,
    /// Of the log odds of a share.
    LogOdds,
    /// Of the change since an earlier wave.
    Change,
}

/// A tested difference or share with its interval, rounded as the table's cells are. Shares are per cent, differences of
/// shares are points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub(crate) estimate: Rounded,
    pub(crate) low: Rounded,
    pub(crate) high: Rounded,
}

impl Size {
    /// The estimate.
    #[must_use]
    pub fn estimate(&self) -> Rounded {
        self.estimate
    }

    /// The lower confidence limit.
    #[must_use]
    pub fn low(&self) -> Rounded {
        self.low
    }

    /// The upper confidence limit.
    #[must_use]
    pub fn high(&self) -> Rounded {
        self.high
    }
}

impl From<&Figures> for Size {
    fn from(figures: &Figures) -> Self {
        Self { estimate: figures.estimate, low: figures.low, high: figures.high }
    }
}

/// A family with the p values that only the judge sees.
pub(crate) struct TestedFamily {
    pub(crate) family: Family,
    /// Parallel to the family's tests.
    p_values: Vec<f64>,
    /// The same, adjusted.
    adjusted: Vec<f64>,
}

/// What the judge knows of one test: how it came out, and among how many.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Significance {
    /// The adjusted p value.
    pub(crate) adjusted: f64,
    /// Tests in the family.
    pub(crate) tests: usize,
    /// The level.
    pub(crate) level: ConfidenceLevel,
}

impl Significance {
    /// Whether the hypothesis is rejected.
    pub(crate) fn is_found(&self) -> bool {
        self.adjusted < self.level.test_level()
    }
}

impl TestedFamily {
    /// The families of the themes that test anything, in the order of the themes.
    pub(crate) fn all(themes: &[Theme], bench: &Bench<'_>) -> Vec<Self> {
        themes.iter().filter_map(|theme| Self::of(theme, bench)).collect()
    }

    fn of(theme: &Theme, bench: &Bench<'_>) -> Option<Self> {
        let adjustment = Adjustment::Holm;
        let (tests, p_values): (Vec<Test>, Vec<f64>) = theme.claims.iter().filter_map(|it| test(it, bench)).unzip();
        let adjusted = adjust(&p_values, adjustment);
        let family = |tests| Family { theme: theme.id.clone(), adjustment, tests };
        (!tests.is_empty()).then(|| Self { family: family(tests), p_values, adjusted })
    }

    /// What came of a claim's test.
    pub(crate) fn significance(&self, claim: &ClaimId, level: ConfidenceLevel) -> Option<Significance> {
        let index = self.index(claim)?;
        Some(Significance { adjusted: self.adjusted[index], tests: self.p_values.len(), level })
    }

    /// What would have come of it had this been its p value.
    pub(crate) fn with(&self, claim: &ClaimId, p: f64, level: ConfidenceLevel) -> Option<Significance> {
        let index = self.index(claim)?;
        let mut p_values = self.p_values.clone();
        p_values[index] = p;
        let adjusted = adjust(&p_values, self.family.adjustment)[index];
        Some(Significance { adjusted, tests: p_values.len(), level })
    }

    fn index(&self, claim: &ClaimId) -> Option<usize> {
        self.family.tests.iter().position(|test| test.claim == *claim)
    }
}

/// The test of a claim and its p value, which is 1 where nothing may be told; `None` for a claim that tests nothing.
fn test(claim: &Claim, bench: &Bench<'_>) -> Option<(Test, f64)> {
    let (kind, found) = match &claim.predicate {
        Predicate::Near { .. }
        | Predicate::NearThen { .. }
        | Predicate::Answers { .. }
        | Predicate::Answered
        | Predicate::AboutTheSame { .. }
        | Predicate::Unchanged { .. } => return None,
        Predicate::Change { cell, since, .. } => {
            let subject = bench.table(&cell.table);
            let change = bench.change(cell, *since).ok();
            (TestKind::Change, change.map(|it| (subject.size(&it), p_of_difference(&it, 0.0))))
        }
        Predicate::Majority { table, row, group } => {
            let cell = bench.table(table).shown(row, &domain(group.as_ref())).ok();
            let p = |share: &Estimate| p_of_majority(share, bench.level.as_f64());
            (TestKind::LogOdds, cell.map(|cell| (Some(Size::from(cell.figures)), p(cell.estimate))))
        }
        Predicate::MoreOften { comparison, at_least } => {
            let subject = bench.table(&comparison.table);
            let null = at_least / points(subject.spec.measure);
            let difference = subject.difference(comparison).ok();
            (TestKind::Difference, difference.map(|it| (subject.size(it), p_of_difference(it, null))))
        }
        Predicate::MostCommon { row, others } => {
            let subject = bench.table(&row.table);
            let found = subject.lead(row, others).ok().map(|lead| (subject.size(lead.over_next), lead.p));
            (TestKind::RowDifference, found)
        }
    };
    let (size, p) = found.unwrap_or((None, 1.0));
    Some((Test { claim: claim.id.clone(), kind, size }, p))
}
