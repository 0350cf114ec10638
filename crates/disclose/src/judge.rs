//! Judging claims: does what a sentence says hold, by the unrounded estimates?
//!
//! A verdict explains itself to the analyst with rounded numbers of shown cells only, and a claim about a cell that is not
//! shown is refused without a number, since a sentence that passes or fails tells about the cell as well as a digit does.
//!
//! | the words | hold when |
//! | --- | --- |
//! | "81 per cent" | they tell the estimate, rounded to the decimals they use, which are at most those of the table |
//! | "9 of 10" | the phrase is at most 3 points and 15 % of the estimate away from it, and no other of the language's list is nearer |
//! | "just over 80 per cent" | the number is at most so far away, and the estimate is above it |
//! | "2,271 workplaces" | it is the number of answers in the base |
//! | "every sixth answered" | the phrase or number tells answers by population, by the rules of shares |
//! | "a majority" | the share is above 50, and a test among those of the page finds so ([`family`](crate::family)) |
//! | "more often" | the difference is above the points asked for, and a test among those of the page finds so |
//! | "the most common" | the row is above every other one, and a test among those of the page finds so for each of them |
//! | "rose", "fell" | the change since an earlier wave goes that way, and a test among those of the page finds so |
//! | "unchanged" | the interval of the change lies within the margin |
//! | "about the same" | the interval of every difference between two groups lies within the margin |
//!
//! What fails comes with words that would hold ([`Instead`]), judged by the same rules.

mod common;
pub(crate) mod compared;
mod instead;
mod slack;
mod told;
mod waves;

use std::collections::{BTreeMap, BTreeSet};

use codebook::{
    BaseId, Claim, ClaimId, Code, Codebook, Comparison, ConfidenceLevel, Language, Measure, Predicate, RowComparison,
    RowId, SharePhrase, Spoken, TableId, TableSpec, Theme, ThemeId, VariableName, Wording,
};
use estimate::{Domain, Estimate, Outcome, Table, Wide};

use crate::family::{Significance, Size, TestedFamily};
use crate::published::breakdown_of;
use crate::rule::{is_withheld, percent_shift};
use crate::{Cell, Earlier, Figures, Hidden, PublishedTable, PublishedWave, Rounded, Verdict, VerdictKind};

pub use instead::Instead;
use told::near;
pub use told::tells;

/// Points by which a difference of doubles may pass a bound that the decimal numbers meet exactly.
const LAST_BITS: f64 = 1e-9;

/// The differences that the claims of the themes need, sorted, each once. "About the same" needs every pair of the
/// breakdown's categories, the earlier one first.
///
/// # Panics
/// When a claim names a breakdown that the codebook does not have: reading a country excludes that.
#[must_use]
pub fn comparisons(themes: &[Theme], codebook: &Codebook) -> Vec<Comparison> {
    let mut needed = BTreeSet::new();
    for claim in themes.iter().flat_map(|theme| &theme.claims) {
        match &claim.predicate {
            Predicate::MoreOften { comparison, .. } => {
                needed.insert(comparison.clone());
            }
            Predicate::AboutTheSame { table, row, breakdown, .. } => {
                let variable = codebook.variable(breakdown).expect("reading a country checks the breakdowns of claims");
                let codes: Vec<&Code> = variable.categories().iter().map(|category| &category.code).collect();
                needed.extend(pairs(&codes).map(|(group, than)| Comparison {
                    table: table.clone(),
                    row: row.clone(),
                    breakdown: breakdown.clone(),
                    group: group.clone(),
                    than: than.clone(),
                }));
            }
            Predicate::Near { .. }
            | Predicate::NearThen { .. }
            | Predicate::Change { .. }
            | Predicate::Unchanged { .. }
            | Predicate::Answers { .. }
            | Predicate::Answered
            | Predicate::Majority { .. }
            | Predicate::MostCommon { .. } => {}
        }
    }
    needed.into_iter().collect()
}

/// The differences between rows that the claims of the themes need, sorted, each once.
#[must_use]
pub fn row_comparisons(themes: &[Theme]) -> Vec<RowComparison> {
    let mut needed = BTreeSet::new();
    for claim in themes.iter().flat_map(|theme| &theme.claims) {
        if let Predicate::MostCommon { row, others } = &claim.predicate {
            needed.extend(others.iter().map(|than| RowComparison { of: row.clone(), than: than.clone() }));
        }
    }
    needed.into_iter().collect()
}

/// Every pair of a list, the earlier one first.
fn pairs<'a>(codes: &'a [&'a Code]) -> impl Iterator<Item = (&'a Code, &'a Code)> {
    codes.iter().enumerate().flat_map(|(index, first)| codes[index + 1..].iter().map(move |second| (*first, *second)))
}

/// What the judge sees: the unrounded estimates, and what of them is shown.
pub(crate) struct Bench<'a> {
    /// Specifications of the tables.
    pub(crate) specs: &'a [&'a TableSpec],
    /// Unrounded estimates, parallel to `specs`.
    pub(crate) estimates: &'a [Table],
    /// What is published of them, parallel to `specs`.
    pub(crate) published: &'a [PublishedTable],
    /// The published number of answers in each base.
    pub(crate) bases: &'a [(BaseId, u64)],
    /// How many answered, of how many; `None` where nobody knows the second.
    pub(crate) answered: Option<(u64, u64)>,
    /// How sure intervals and tests are.
    pub(crate) level: ConfidenceLevel,
    /// The phrases that each language tells shares by.
    pub(crate) phrases: &'a BTreeMap<Language, Vec<SharePhrase>>,
    /// What is published of earlier waves.
    pub(crate) earlier: &'a [PublishedWave],
    /// Those of them that were counted.
    pub(crate) counted: &'a [Earlier<'a>],
}

/// A judgement on the way: what it is refused for, or whether it holds and, if not, why.
type Judgement = Result<Ruling, Hidden>;

/// Whether the words hold, and if not, why not and what would.
enum Ruling {
    Holds,
    Fails { because: String, instead: Vec<Instead> },
}

impl Ruling {
    /// Holds under a condition; if it does not, `because` says why.
    fn if_true(holds: bool, because: impl FnOnce() -> String) -> Self {
        if holds { Self::Holds } else { Self::fails(because()) }
    }

    fn fails(because: String) -> Self {
        Self::Fails { because, instead: Vec::new() }
    }

    /// With words that would hold, if these do not.
    fn or_else(self, words: impl FnOnce() -> Vec<Instead>) -> Self {
        match self {
            Self::Holds => Self::Holds,
            Self::Fails { because, .. } => Self::Fails { because, instead: words() },
        }
    }
}

/// A testing claim and the family that its test is in.
#[derive(Clone, Copy)]
struct Tested<'a> {
    claim: &'a ClaimId,
    family: Option<&'a TestedFamily>,
    level: ConfidenceLevel,
}

impl Tested<'_> {
    /// How the claim's test came out.
    fn significance(&self) -> Significance {
        let found = self.family.and_then(|family| family.significance(self.claim, self.level));
        found.expect("the family of a theme has a test for every claim that tests")
    }

    /// How it would have come out with another p value, all else in the family being the same.
    fn with(&self, p: f64) -> Significance {
        let found = self.family.and_then(|family| family.with(self.claim, p, self.level));
        found.expect("the family of a theme has a test for every claim that tests")
    }
}

impl<'a> Bench<'a> {
    /// One verdict for each wording, in their order.
    pub(crate) fn judge_all(
        &self,
        themes: &[Theme],
        families: &[TestedFamily],
        wordings: &[(ThemeId, Wording)],
    ) -> Vec<Verdict> {
        let verdict = |(wording, (theme, words)): (usize, &(ThemeId, Wording))| {
            let family = families.iter().find(|tested| tested.family.theme == *theme);
            let tested = Tested { claim: &words.claim, family, level: self.level };
            let (kind, instead) = match self.judge(&claim_of(themes, theme, words).predicate, words, tested) {
                Ok(Ruling::Holds) => (VerdictKind::Holds, Vec::new()),
                Ok(Ruling::Fails { because, instead }) => (VerdictKind::Fails { because }, instead),
                Err(why) => (VerdictKind::Refused(why), Vec::new()),
            };
            Verdict { theme: theme.clone(), claim: words.claim.clone(), wording, kind, instead }
        };
        wordings.iter().enumerate().map(verdict).collect()
    }

    fn judge(&self, predicate: &Predicate, words: &Wording, tested: Tested<'_>) -> Judgement {
        let phrases = self.phrases.get(&words.language).map_or(&[][..], Vec::as_slice);
        match predicate {
            Predicate::Near { table, row, group } => {
                let subject = self.table(table);
                let cell = subject.shown(row, &domain(group.as_ref()))?;
                Ok(near(subject.spec, &cell, words, phrases)
                    .or_else(|| instead::of_share(subject.spec, &cell, words, phrases)))
            }
            Predicate::NearThen { cell, wave } => self.near_then(cell, *wave, words, phrases),
            Predicate::Change { cell, since, direction } => self.changed(cell, *since, *direction, tested),
            Predicate::Unchanged { cell, since, margin } => self.unchanged(cell, *since, *margin),
            Predicate::Answers { base } => self.answers(base, words),
            Predicate::Answered => self.answered(words),
            Predicate::Majority { table, row, group } => {
                let subject = self.table(table);
                let cell = subject.shown(row, &domain(group.as_ref()))?;
                Ok(majority(subject.spec, &cell, tested.significance())
                    .or_else(|| instead::of_share(subject.spec, &cell, words, phrases)))
            }
            Predicate::MoreOften { comparison, at_least } => {
                self.table(&comparison.table).more_often(comparison, *at_least, tested)
            }
            Predicate::MostCommon { row, others } => {
                self.table(&row.table).most_common(row, others, tested.significance())
            }
            Predicate::AboutTheSame { table, row, breakdown, margin } => {
                self.table(table).about_the_same(row, breakdown, *margin)
            }
        }
    }

    fn answers(&self, base: &BaseId, words: &Wording) -> Judgement {
        // A base that is not published has too few answers to be named.
        let (_, n) = self.bases.iter().find(|(id, _)| id == base).ok_or(Hidden::Confidential)?;
        let ruling = match words.spoken {
            Some(Spoken::Count(told)) => Ruling::if_true(told == *n, || {
                format!("{:?} tells {told}, but base {base} has {n} answers", words.text)
            }),
            Some(Spoken::Percent { .. } | Spoken::Phrase { .. }) | None => {
                Ruling::fails(format!("{:?} tells no count; base {base} has {n} answers", words.text))
            }
        };
        Ok(ruling.or_else(|| vec![Instead::Count(*n)]))
    }

    /// Two published counts, so there is no interval.
    fn answered(&self, words: &Wording) -> Judgement {
        let phrases = self.phrases.get(&words.language).map_or(&[][..], Vec::as_slice);
        let (answers, population) = self.answered.ok_or(Hidden::NotEstimable)?;
        let percent = (Wide::from_count(answers) / Wide::from_count(population)).to_f64() * points(Measure::Share);
        let nearer = match words.spoken {
            Some(Spoken::Phrase { percent: told, .. }) => told::nearer(phrases, told, percent),
            Some(Spoken::Percent { .. } | Spoken::Count(_)) | None => None,
        };
        let is_told = words.spoken.is_some_and(|spoken| tells(spoken, percent)) && nearer.is_none();
        let share = Rounded::new(percent, 0, 0);
        let ruling = Ruling::if_true(is_told, || {
            let share = share.map_or_else(String::new, plain);
            format!("{:?} is not the {share} per cent that {answers} of {population} are", words.text)
        });
        Ok(ruling.or_else(|| instead::of_percent(percent, share, phrases)))
    }

    pub(crate) fn table(&self, id: &TableId) -> Subject<'a> {
        let index = self.specs.iter().position(|spec| spec.id == *id).expect("a claim is about a table of the release");
        Subject { spec: self.specs[index], estimates: &self.estimates[index], published: &self.published[index] }
    }
}

fn claim_of<'a>(themes: &'a [Theme], theme: &ThemeId, words: &Wording) -> &'a Claim {
    themes
        .iter()
        .find(|candidate| candidate.id == *theme)
        .and_then(|theme| theme.claims.iter().find(|claim| claim.id == words.claim))
        .expect("a wording's claim is in its theme's list")
}

pub(crate) fn domain(group: Option<&(VariableName, Code)>) -> Domain {
    match group {
        None => Domain::Total,
        Some((breakdown, code)) => Domain::Group { breakdown: breakdown.clone(), code: code.clone() },
    }
}

/// One table before and behind the barrier.
pub(crate) struct Subject<'a> {
    pub(crate) spec: &'a TableSpec,
    estimates: &'a Table,
    published: &'a PublishedTable,
}

/// A shown cell: what readers see of it, and what it is.
pub(crate) struct ShownCell<'a> {
    pub(crate) figures: &'a Figures,
    pub(crate) estimate: &'a Estimate,
}

impl<'a> Subject<'a> {
    /// The cell, if readers see it.
    pub(crate) fn shown(&self, row: &RowId, domain: &Domain) -> Result<ShownCell<'a>, Hidden> {
        let figures = match self.published.cell(row, domain) {
            Some(Cell::Shown(figures) | Cell::Flagged(figures, _)) => figures,
            Some(Cell::Hidden(why)) => return Err(*why),
            None => return Err(self.reason_for_absence(domain)),
        };
        let row_index = self.estimates.rows.iter().position(|candidate| candidate == row);
        let domain_index = self.estimates.domains.iter().position(|candidate| candidate == domain);
        let (row_index, domain_index) =
            row_index.zip(domain_index).expect("a published cell comes from the estimates of its table");
        match &self.estimates.cells[row_index][domain_index] {
            Outcome::Estimated(estimate) => Ok(ShownCell { figures, estimate }),
            Outcome::NotEstimable { .. } => Err(Hidden::NotEstimable),
        }
    }

    fn reason_for_absence(&self, domain: &Domain) -> Hidden {
        assert!(is_withheld(domain, &self.published.withheld), "a claim is about a row and a domain of its table");
        Hidden::Confidential
    }

    /// The unrounded difference between two shown groups.
    pub(crate) fn difference(&self, comparison: &Comparison) -> Result<&'a Estimate, Hidden> {
        for code in [&comparison.group, &comparison.than] {
            let group = Domain::Group { breakdown: comparison.breakdown.clone(), code: code.clone() };
            self.shown(&comparison.row, &group)?;
        }
        let difference = self.estimates.differences.iter().find(|difference| difference.comparison == *comparison);
        match &difference.expect("the differences that claims need are estimated").outcome {
            Outcome::Estimated(estimate) => Ok(estimate),
            Outcome::NotEstimable { .. } => Err(Hidden::NotEstimable),
        }
    }

    fn more_often(&self, comparison: &Comparison, at_least: f64, tested: Tested<'_>) -> Judgement {
        let difference = self.difference(comparison)?;
        let is_above = difference.value * self.points() > at_least;
        let significance = tested.significance();
        let ruling = Ruling::if_true(is_above && significance.is_found(), || {
            let Comparison { group, than, .. } = comparison;
            let found = format!("{group} less {than} is {}", self.told(difference));
            format!("{found}, {}", not_above(is_above, at_least, significance))
        });
        Ok(ruling.or_else(|| self.instead_of_more_often(comparison, difference, tested)))
    }

    fn about_the_same(&self, row: &RowId, breakdown: &VariableName, margin: f64) -> Judgement {
        let groups = self.groups_with_answers(row, breakdown)?;
        if groups.len() < 2 {
            return Err(Hidden::Empty);
        }
        let mut apart = Vec::new();
        for (comparison, difference) in self.differences_between(row, breakdown, &groups)? {
            let Comparison { group, than, .. } = comparison;
            let bound = margin + LAST_BITS;
            if difference.low * self.points() < -bound || difference.high * self.points() > bound {
                apart.push(format!("{group} less {than} is {}", self.told(difference)));
            }
        }
        let ruling = Ruling::if_true(apart.is_empty(), || {
            format!("{}; every interval must lie within {margin} of 0", apart.join(", "))
        });
        Ok(ruling.or_else(|| vec![self.shares_of(row, breakdown, &groups)]))
    }

    /// The differences between all of these groups.
    fn differences_between(
        &self,
        row: &RowId,
        breakdown: &VariableName,
        groups: &[&Code],
    ) -> Result<Vec<(Comparison, &'a Estimate)>, Hidden> {
        let difference = |(group, than): (&Code, &Code)| {
            let comparison = Comparison {
                table: self.spec.id.clone(),
                row: row.clone(),
                breakdown: breakdown.clone(),
                group: group.clone(),
                than: than.clone(),
            };
            self.difference(&comparison).map(|difference| (comparison, difference))
        };
        pairs(groups).map(difference).collect()
    }

    /// The categories of a breakdown that are shown. Those with nobody in them have nothing to be compared; one that is
    /// hidden for another reason refuses the claim, which is about all of them.
    fn groups_with_answers(&self, row: &RowId, breakdown: &VariableName) -> Result<Vec<&'a Code>, Hidden> {
        let mut groups = Vec::new();
        for domain in &self.estimates.domains {
            let Some((_, code)) = breakdown_of(domain).filter(|(of_domain, _)| *of_domain == breakdown) else {
                continue;
            };
            match self.shown(row, domain) {
                Ok(_) => groups.push(code),
                Err(Hidden::Empty) => {}
                Err(why) => return Err(why),
            }
        }
        Ok(groups)
    }

    /// Points per unit of the estimates.
    fn points(&self) -> f64 {
        points(self.spec.measure)
    }

    /// A difference as a reader may see it: rounded once, like the table's cells. `None` when it is no number to publish.
    pub(crate) fn size(&self, difference: &Estimate) -> Option<Size> {
        let round = |value| Rounded::new(value, percent_shift(self.spec.measure), self.spec.decimals);
        Some(Size { estimate: round(difference.value)?, low: round(difference.low)?, high: round(difference.high)? })
    }

    /// A difference in words for the analyst.
    fn told(&self, difference: &Estimate) -> String {
        self.size(difference).map_or_else(
            || "no number".to_owned(),
            |Size { estimate, low, high }| format!("{} (interval {} to {})", plain(estimate), plain(low), plain(high)),
        )
    }
}

/// Points per unit of an estimate: shares are told in per cent.
pub(crate) fn points(measure: Measure) -> f64 {
    match measure {
        Measure::Share => 100.0,
        Measure::Mean | Measure::Total | Measure::Ratio | Measure::Quantile { .. } => 1.0,
    }
}

fn majority(spec: &TableSpec, cell: &ShownCell<'_>, significance: Significance) -> Ruling {
    let Figures { estimate, low, high, .. } = cell.figures;
    let (estimate, low, high) = (plain(*estimate), plain(*low), plain(*high));
    match spec.measure {
        Measure::Share => {
            let is_above = cell.estimate.value > 0.5;
            Ruling::if_true(is_above && significance.is_found(), || {
                let found = format!("the estimate is {estimate} per cent (interval {low} to {high})");
                format!("{found}, {}", not_above(is_above, 50.0, significance))
            })
        }
        Measure::Mean | Measure::Total | Measure::Ratio | Measure::Quantile { .. } => {
            Ruling::fails(format!("table {} has no shares", spec.id))
        }
    }
}

/// Why something is not found to be above a bound: because it is not, or because the test does not find so.
fn not_above(is_above: bool, bound: f64, significance: Significance) -> String {
    if !is_above {
        return format!("which is not above {bound}");
    }
    let Significance { adjusted, tests, level } = significance;
    let p = Rounded::new(adjusted, 0, 4).map_or_else(|| "no number".to_owned(), plain);
    let adjusted = if tests == 1 {
        String::new()
    } else {
        format!(", adjusted by Holm's method for the {tests} tests of its page,")
    };
    let needed = level.test_level();
    format!("but that it is above {bound} has a p value of {p}{adjusted} and needs one below {needed}")
}

/// A rounded number for the analyst.
fn plain(rounded: Rounded) -> String {
    rounded.to_string()
}
