//! Judging again with an estimate moved: see [`crate::Proof`].

use codebook::{Predicate, Theme, ThemeId, Wording};
use estimate::{Estimate, p_of_difference, p_of_majority};

use super::common::p_of_lead;
use super::told::near;
use super::waves::{is_in, lies_within};
use super::{Bench, Judgement, LAST_BITS, Ruling, ShownCell, Subject, Tested, claim_of, domain, points};
use crate::family::TestedFamily;
use crate::proof::slack;
use crate::{Hidden, Slack};

/// The estimate moved by so many points, with its error as it is.
fn moved(estimate: &Estimate, points: f64, per_unit: f64) -> Estimate {
    let by = points / per_unit;
    Estimate { value: estimate.value + by, low: estimate.low + by, high: estimate.high + by, ..*estimate }
}

/// A number of answers has no error: words tell it, or they do not.
fn exact(judgement: Judgement) -> Result<Option<Slack>, Hidden> {
    judgement.map(|ruling| matches!(ruling, Ruling::Holds).then_some(Slack::Exact))
}

impl Bench<'_> {
    /// How far the words are from being false; `None` if they are false, or about something that is not shown.
    pub(crate) fn slack(
        &self,
        themes: &[Theme],
        families: &[TestedFamily],
        theme: &ThemeId,
        words: &Wording,
    ) -> Option<Slack> {
        let family = families.iter().find(|tested| tested.family.theme == *theme);
        let tested = Tested { claim: &words.claim, family, level: self.level };
        let predicate = &claim_of(themes, theme, words).predicate;
        let shown = match predicate {
            Predicate::Answers { base } => exact(self.answers(base, words)),
            Predicate::Answered => exact(self.answered(words)),
            Predicate::NearThen { .. } | Predicate::Change { .. } | Predicate::Unchanged { .. } => {
                self.slack_over_waves(predicate, words, tested)
            }
            Predicate::Near { table, row, group } => {
                let subject = self.table(table);
                subject.shown(row, &domain(group.as_ref())).map(|cell| self.slack_of_words(&subject, &cell, words))
            }
            Predicate::Majority { table, row, group } => {
                let subject = self.table(table);
                subject.shown(row, &domain(group.as_ref())).map(|cell| {
                    slack(|points| {
                        let share = moved(cell.estimate, points, subject.points());
                        let is_share = 0.0 < share.value && share.value < 1.0;
                        let is_found = || tested.with(p_of_majority(&share, self.level.as_f64())).is_found();
                        share.value > 0.5 && (!is_share || is_found())
                    })
                })
            }
            Predicate::MoreOften { comparison, at_least } => {
                let subject = self.table(&comparison.table);
                let null = at_least / points(subject.spec.measure);
                subject.difference(comparison).map(|difference| {
                    slack(|points| {
                        let difference = moved(difference, points, subject.points());
                        difference.value > null && tested.with(p_of_difference(&difference, null)).is_found()
                    })
                })
            }
            Predicate::MostCommon { row, others } => {
                let subject = self.table(&row.table);
                subject.row_differences(row, others).map(|differences| {
                    slack(|points| {
                        let p = |it: &Estimate| p_of_lead(&moved(it, points, subject.points()));
                        tested.with(differences.iter().map(|(_, it)| p(it)).fold(0.0, f64::max)).is_found()
                    })
                })
            }
            Predicate::AboutTheSame { table, row, breakdown, margin } => {
                let subject = self.table(table);
                let groups = subject.groups_with_answers(row, breakdown);
                groups.and_then(|groups| subject.differences_between(row, breakdown, &groups)).map(|differences| {
                    let bound = margin + LAST_BITS;
                    slack(|by| {
                        differences.iter().all(|(_, difference)| {
                            let Estimate { low, high, .. } = moved(difference, by, subject.points());
                            -bound <= low * subject.points() && high * subject.points() <= bound
                        })
                    })
                })
            }
        };
        shown.ok().flatten()
    }

    /// The same for a claim about an earlier wave.
    fn slack_over_waves(
        &self,
        predicate: &Predicate,
        words: &Wording,
        tested: Tested<'_>,
    ) -> Result<Option<Slack>, Hidden> {
        match predicate {
            Predicate::NearThen { cell, wave } => {
                let phrases = self.phrases.get(&words.language).map_or(&[][..], Vec::as_slice);
                // What an earlier wave says does not move any more.
                exact(self.near_then(cell, *wave, words, phrases))
            }
            Predicate::Change { cell, since, direction } => {
                let subject = self.table(&cell.table);
                self.change(cell, *since).map(|change| {
                    slack(|points| {
                        let change = moved(&change, points, subject.points());
                        is_in(&change, *direction) && tested.with(p_of_difference(&change, 0.0)).is_found()
                    })
                })
            }
            Predicate::Unchanged { cell, since, margin } => {
                let subject = self.table(&cell.table);
                self.change(cell, *since).map(|change| {
                    slack(|by| lies_within(&moved(&change, by, subject.points()), subject.points(), *margin))
                })
            }
            Predicate::Near { .. }
            | Predicate::Answers { .. }
            | Predicate::Answered
            | Predicate::Majority { .. }
            | Predicate::MoreOften { .. }
            | Predicate::MostCommon { .. }
            | Predicate::AboutTheSame { .. } => Ok(None),
        }
    }

    fn slack_of_words(&self, subject: &Subject<'_>, cell: &ShownCell<'_>, words: &Wording) -> Option<Slack> {
        let phrases = self.phrases.get(&words.language).map_or(&[][..], Vec::as_slice);
        slack(|points| {
            let estimate = moved(cell.estimate, points, subject.points());
            let cell = ShownCell { figures: cell.figures, estimate: &estimate };
            matches!(near(subject.spec, &cell, words, phrases), Ruling::Holds)
        })
    }
}
