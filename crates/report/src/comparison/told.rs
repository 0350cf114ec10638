//! A cell in words: its number, or the symbol and the reason of a gap.

use codebook::{BreakCause, BreakReason, ComparedEdition, ComparedId, Row, TableSpec};
use disclose::{Cell, ComparedCell, ComparedRow, Figures};

use super::View;
use super::part::Told;
use crate::chart::{Reach, Reading};
use crate::figure::{FLAG, PRINTED, reason, symbol};
use crate::language::{Number, Word};
use crate::page::sameness_word;

/// The symbols of gaps that only a comparison has.
pub(super) const NOT_COMPARABLE: &str = "b";
const IN_WORDS: &str = "w";
const UNWEIGHTED: &str = "n";
const NOT_PUBLISHED: &str = "..";
const NOT_ASKED: &str = "x";

/// What stands for an edition in a row.
pub(super) enum CellWords {
    /// Estimate with its mark, limits and n.
    Number([String; 4]),
    /// The symbol, and the reason in brief.
    Gap(String, String),
}

impl<'a> View<'a> {
    pub(super) fn cell<'r>(&self, row: Option<&'r ComparedRow>, edition: &ComparedId) -> &'r ComparedCell {
        row.and_then(|row| row.cell(edition)).unwrap_or(&ComparedCell::NotPublished)
    }

    pub(super) fn row(&self, table: &TableSpec, row: &Row) -> Option<&'a ComparedRow> {
        self.edition.compared.table(&table.id)?.row(&row.id)
    }

    pub(super) fn edition_of(&self, id: &ComparedId) -> Option<&'a ComparedEdition> {
        self.edition.comparison.edition(id)
    }

    pub(super) fn name_of(&self, id: &ComparedId) -> String {
        self.edition_of(id).map_or_else(|| id.to_string(), |edition| edition.label.get(self.language()).to_owned())
    }

    /// The item of a row as the page calls it: a category has what was asked before it where rows of several questions stand beside each other.
    pub(super) fn item(&self, table: &TableSpec, row: &Row) -> String {
        let label = row.label.get(self.language());
        let has_others = table.rows.iter().any(|other| other.item != row.item);
        let asked = self.edition.comparison.questionnaire.variable(&row.item);
        match asked.filter(|_| row.is_answer() && has_others) {
            Some(asked) => format!("{}: {label}", asked.label.get(self.language())),
            None => label.to_owned(),
        }
    }

    pub(super) fn in_words(&self, cell: &ComparedCell) -> CellWords {
        let number = |rounded: disclose::Rounded| self.pack.number(rounded.into());
        let counted = |figures: &Figures, flag: &str| {
            let [low, high] = [figures.low(), figures.high()].map(number);
            CellWords::Number([number(figures.estimate()) + flag, low, high, self.pack.count(figures.n())])
        };
        match cell {
            ComparedCell::Released(Cell::Shown(figures)) => counted(figures, ""),
            ComparedCell::Released(Cell::Flagged(figures, _)) => counted(figures, FLAG),
            ComparedCell::Printed { estimate, n, .. } => {
                let n = n.map_or_else(String::new, |n| self.pack.count(n));
                CellWords::Number([number(*estimate) + PRINTED, String::new(), String::new(), n])
            }
            ComparedCell::Released(Cell::Hidden(_))
            | ComparedCell::NotComparable(_)
            | ComparedCell::InWords
            | ComparedCell::Unweighted
            | ComparedCell::NotPublished => {
                let (symbol, reason) = self.gap(cell).unwrap_or_default();
                CellWords::Gap(symbol, reason)
            }
        }
    }

    /// The symbol of a gap and its reason in brief; `None` where a number is shown.
    pub(super) fn gap(&self, cell: &ComparedCell) -> Option<(String, String)> {
        let words = |symbol: &str, word: Word| Some((symbol.to_owned(), self.words(word)));
        match cell {
            ComparedCell::Released(Cell::Shown(_) | Cell::Flagged(..)) | ComparedCell::Printed { .. } => None,
            ComparedCell::Released(Cell::Hidden(hidden)) => words(symbol(*hidden), reason(*hidden)),
            ComparedCell::NotComparable(reasons) if reasons.iter().any(BreakReason::is_absence) => {
                words(NOT_ASKED, Word::NotAsked)
            }
            ComparedCell::NotComparable(_) => {
                let kinds = self.kinds(cell).unwrap_or_default();
                Some((NOT_COMPARABLE.to_owned(), self.not_comparable(&kinds)))
            }
            ComparedCell::InWords => words(IN_WORDS, Word::ComparisonInWords),
            ComparedCell::Unweighted => words(UNWEIGHTED, Word::ComparisonUnweighted),
            ComparedCell::NotPublished => words(NOT_PUBLISHED, Word::ComparisonNotPublished),
        }
    }

    /// In which ways what an edition asked was another thing, each once; `None` where that is not why it has a gap.
    pub(super) fn kinds(&self, cell: &ComparedCell) -> Option<Vec<String>> {
        let ComparedCell::NotComparable(reasons) = cell else { return None };
        if reasons.iter().any(BreakReason::is_absence) {
            return None;
        }
        let mut kinds: Vec<String> = Vec::new();
        for reason in reasons {
            let words = self.cause(reason.cause);
            if !kinds.contains(&words) {
                kinds.push(words);
            }
        }
        Some(kinds)
    }

    /// That something is not comparable, and in which ways.
    pub(super) fn not_comparable(&self, kinds: &[String]) -> String {
        self.pack.fill(Word::ComparisonNotComparable, &[("why", &kinds.join(" · "))])
    }

    /// What keeps an edition apart, in a few words.
    pub(super) fn cause(&self, cause: BreakCause) -> String {
        self.words(match cause {
            BreakCause::Item(sameness) => sameness_word(sameness),
            BreakCause::OwnItem => Word::ComparabilityOwn,
            BreakCause::OwnDerivation => Word::ComparisonOwnDerivation,
            BreakCause::OtherCore => Word::ComparisonOtherCore,
            BreakCause::NoLedger | BreakCause::Series => Word::ComparisonNoLedger,
        })
    }

    /// Why an edition is kept apart, in the ledger's words: each reason once, with what kind it is.
    pub(super) fn reasons(&self, cell: &ComparedCell) -> Vec<(String, Told)> {
        let ComparedCell::NotComparable(reasons) = cell else { return Vec::new() };
        let mut all: Vec<(String, Told)> = Vec::new();
        for reason in reasons {
            let because = reason.because.as_ref().map(|because| self.told(because)).unwrap_or_default();
            let told = (self.cause(reason.cause), because);
            if !all.contains(&told) {
                all.push(told);
            }
        }
        all
    }

    /// What a chart draws of a cell.
    pub(super) fn reading(&self, cell: &ComparedCell) -> Reading {
        let shown = |figures: &Figures, flag: &str| {
            let [estimate, low, high] = [figures.estimate(), figures.low(), figures.high()].map(Number::from);
            let (low_words, high_words) = (self.pack.number(low), self.pack.number(high));
            Reading::Shown {
                reach: Reach { estimate, low, high },
                value: self.pack.percent(estimate) + flag,
                bare: self.pack.number(estimate) + flag,
                limits: self.pack.fill(Word::Interval, &[("low", &low_words), ("high", &high_words)]),
            }
        };
        match cell {
            ComparedCell::Released(Cell::Shown(figures)) => shown(figures, ""),
            ComparedCell::Released(Cell::Flagged(figures, _)) => shown(figures, FLAG),
            ComparedCell::Printed { estimate, .. } => {
                let number = Number::from(*estimate);
                Reading::Shown {
                    reach: Reach { estimate: number, low: number, high: number },
                    value: self.pack.percent(number) + PRINTED,
                    bare: self.pack.number(number) + PRINTED,
                    limits: String::new(),
                }
            }
            ComparedCell::Released(Cell::Hidden(_))
            | ComparedCell::NotComparable(_)
            | ComparedCell::InWords
            | ComparedCell::Unweighted
            | ComparedCell::NotPublished => {
                let (symbol, reason) = self.gap(cell).unwrap_or_default();
                Reading::Absent { symbol, reason }
            }
        }
    }
}
