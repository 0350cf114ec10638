//! Numbers that stand beside the name of something hidden, behind it or before it: `Police: n = 109`, `109 answers came from police`.

use std::collections::{BTreeMap, BTreeSet};

use super::cells::{CellLine, Printed};
use super::figures::{is_explained, is_of_label, told_behind};
use super::seen::Seen;
use super::words::{Written, before_label, behind_label, in_other_case, is_day};

/// Which numbers before a name are taken for its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// Every one, where nothing but the release's own numbers is told: in captions, alternative texts, notes of data files.
    Every,
    /// Per cents, where people write: `98 municipalities` may be a fact from elsewhere.
    PerCent,
}

/// The names of what is hidden in some cells, and the cells that explain a number beside them.
pub(super) struct Names<'c> {
    scope: Scope,
    hidden: BTreeMap<&'c str, Named<'c>>,
    shown: Vec<&'c CellLine>,
    labels: BTreeSet<&'c str>,
    waves: Vec<&'c str>,
}

/// Whose numbers stand beside names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// Those of one figure: one of everybody's explains itself.
    Figure,
    /// Those of a release: one of everybody's has its row named.
    Release,
}

/// What is hidden under a name.
struct Named<'c> {
    cell: &'c CellLine,
    /// Whether it is the name of a group, or of a row that is hidden in total: not that of a row which is hidden in some group only.
    is_own: bool,
}

impl<'c> Names<'c> {
    /// Of the cells of a figure: groups and rows of what it hides.
    pub(super) fn of_figure(cells: &[&'c CellLine]) -> Self {
        Self::of(cells, Scope::Figure)
    }

    /// Of everything that a page or a file may tell of: groups, and rows that are hidden in total. What rows are called in total is told by many numbers.
    pub(super) fn of_all(cells: &[&'c CellLine]) -> Self {
        Self::of(cells, Scope::Release)
    }

    fn of(cells: &[&'c CellLine], scope: Scope) -> Self {
        let mut hidden: BTreeMap<&str, Named<'_>> = BTreeMap::new();
        let (mut labels, mut waves): (BTreeSet<&str>, Vec<&str>) = (BTreeSet::new(), Vec::new());
        for &cell in cells {
            labels.extend([cell.group_label.as_str(), cell.row_label.as_str()]);
            if !waves.contains(&cell.wave.as_str()) {
                waves.push(&cell.wave);
            }
            if !cell.is_hidden() {
                continue;
            }
            let mut name = |label: &'c str, is_own: bool| {
                let named = hidden.entry(label).or_insert(Named { cell, is_own });
                if is_own && !named.is_own {
                    (named.cell, named.is_own) = (cell, true);
                }
            };
            name(&cell.group_label, true);
            let is_total = cell.spot.group.is_none();
            if is_total || scope == Scope::Figure {
                name(&cell.row_label, is_total);
            }
        }
        hidden.remove("");
        labels.remove("");
        Self { scope, hidden, shown: cells.iter().copied().filter(|cell| !cell.is_hidden()).collect(), labels, waves }
    }

    /// The words with longer names taken out of which this one is a part, everything else in its place: `other areas` of `Culture and other areas`.
    fn without_longer(&self, words: &str, name: &str) -> String {
        let longer = self.labels.iter().filter(|label| label.len() > name.len() && label.contains(name));
        longer.fold(words.to_owned(), |words, label| words.replace(label, &"_".repeat(label.len())))
    }

    /// Whether nothing is hidden that has a name.
    pub(super) fn are_none(&self) -> bool {
        self.hidden.is_empty()
    }

    /// Reads a text.
    pub(super) fn read(&self, words: &str, before: Before, place: &str, seen: &mut Seen) {
        for (label, named) in &self.hidden {
            // A single word may be any word where it is written small.
            let small = in_other_case(label).filter(|_| named.is_own && label.contains(' '));
            for name in std::iter::once((*label).to_owned()).chain(small) {
                if !words.contains(&name) {
                    continue;
                }
                let words = &self.without_longer(words, &name);
                for number in behind_label(words, &name) {
                    let of_label =
                        self.shown.iter().filter(|cell| cell.group_label == *label || cell.row_label == *label);
                    if !self.is_no_number(words, &number, label) && !is_explained(&number, of_label) {
                        told_behind(words, &number, named.cell, place, seen);
                    }
                }
                for (number, phrase) in before_label(words, &name) {
                    let is_asked = named.is_own && (before == Before::Every || number.is_percent);
                    if is_asked && !self.is_no_number(words, &number, label) && !self.is_told_in(phrase, &number, label)
                    {
                        let value = Printed::of(number.meanings.first().copied().unwrap_or_default(), 0.5);
                        seen.tells(named.cell, if number.is_percent { "estimate" } else { "n" }, value, place);
                    }
                }
            }
        }
    }

    /// Whether it is a part of a name, a year, the day of a date, or the number of a section.
    fn is_no_number(&self, words: &str, number: &Written, label: &str) -> bool {
        let text = &words[number.start..number.end];
        let is_year = text.len() == 4 && (text.starts_with("19") || text.starts_with("20"));
        let of_any = |cell: &CellLine| {
            [&cell.group_label, &cell.row_label]
                .into_iter()
                .any(|it| words.contains(it.as_str()) && is_of_label(number, it))
        };
        // "n = 1987" is no year.
        (is_year && !words[..number.start].trim_end().ends_with('='))
            || is_day(words, number)
            || words[..number.start].ends_with('.')
            || is_of_label(number, label)
            || self.waves.contains(&text)
            || self.hidden.keys().any(|label| words.contains(*label) && is_of_label(number, label))
            || self.shown.iter().any(|cell| of_any(cell))
    }

    /// Whether it is a number of what a phrase names and the cells show, or in a figure one of everybody. A name of one word is a word of many phrases, so every cell explains a number before it.
    fn is_told_in(&self, phrase: &str, number: &Written, name: &str) -> bool {
        let is_named = |label: &str| {
            let named = |label: &str| !label.is_empty() && phrase.contains(label);
            named(label) || in_other_case(label).is_some_and(|label| named(&label))
        };
        let of_phrase = self.shown.iter().filter(|cell| {
            !name.contains(' ')
                || (cell.spot.group.is_none() && self.scope == Scope::Figure)
                || is_named(&cell.group_label)
                || is_named(&cell.row_label)
        });
        is_explained(number, of_phrase)
    }
}
