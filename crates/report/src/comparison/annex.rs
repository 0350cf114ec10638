//! What is compared and what not, with reasons and wordings; every cell with its source; how it was done.

use codebook::{BreakCause, ComparedId, Country, Row, Sameness, TableSpec, Translated, VariableName, WaveId};
use disclose::{Cell, ComparedCell, Member};
use minijinja::{Value, context};

use super::View;
use super::designs::{MOST_COLUMNS, alike};
use super::part::{Part, Told};
use super::told::CellWords;
use crate::figure::{FLAG, PRINTED, flagged};
use crate::language::Word;
use crate::page::{difference, parts_of_difference};
use crate::templates::{BETWEEN, list, text};

/// Two wordings of one item, in a language that both have.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wording {
    item: String,
    before: String,
    edition: String,
    after: String,
    /// The language, where it is not the page's.
    language: String,
}

impl<'a> View<'a> {
    /// Every row that a page shows, each once.
    fn shown_rows(&self) -> Vec<(&'a TableSpec, &'a Row)> {
        let comparison = self.edition.comparison;
        let figures = || comparison.pages.iter().flat_map(|page| &page.theme.figures);
        let shown = comparison.tables.iter().filter(|table| figures().any(|figure| figure.table == table.id));
        shown.flat_map(|table| table.rows.iter().map(move |row| (table, row))).collect()
    }

    /// The editions that a page shows in a table.
    fn shown_members(&self, table: &'a TableSpec) -> impl Iterator<Item = &'a Member<'a>> {
        let comparison = self.edition.comparison;
        self.edition.members.iter().filter(move |member| comparison.shows(&member.edition.id, &table.id))
    }

    /// A row by the title of its table, and by its own label where there are several.
    pub(super) fn title_of(&self, table: &TableSpec, row: &Row) -> String {
        let title = table.title.get(self.language());
        if table.rows.len() == 1 { title.to_owned() } else { format!("{title}: {}", self.item(table, row)) }
    }

    /// Item by item and edition by edition; then what is left out; then why.
    pub(super) fn comparability(&self) -> Vec<Part> {
        vec![self.items_table(), self.left_out(), self.ledger_reasons()]
    }

    /// Of which editions each item has a number, and why not of the others: a column for each edition as long as a page holds them, else a list.
    fn items_table(&self) -> Part {
        let members = self.edition.members;
        let heading = self.words(Word::ComparabilityTable);
        let part = Part { id: "ledger".to_owned(), heading, ..Part::default() };
        let labels: Vec<&str> = members.iter().map(|member| member.edition.label.get(self.language())).collect();
        // What it is of each edition; nothing where no page shows it.
        let told = |table: &'a TableSpec, row| {
            let compared = self.row(table, row);
            let tell = move |member: &Member<'_>| {
                let id = &member.edition.id;
                if !self.edition.comparison.shows(id, &table.id) {
                    return Told::default();
                }
                let gap = self.gap(self.cell(compared, id)).map(|(_, reason)| reason);
                Told::from(gap.unwrap_or_else(|| self.words(Word::ComparabilitySame)))
            };
            members.iter().map(tell).collect::<Vec<Told>>()
        };
        let items = self.shown_rows().into_iter();
        if members.len() <= MOST_COLUMNS {
            let heads = labels.iter().map(|label| (*label).to_owned());
            let columns = std::iter::once(self.words(Word::ComparabilityItem)).chain(heads).collect();
            let rows = items.map(|(table, row)| (self.title_of(table, row), told(table, row))).collect();
            return Part { columns, rows, ..part };
        }
        let terms = items.map(|(table, row)| {
            let mut groups = alike(&labels, told(table, row));
            groups.retain(|(_, told)| *told != Told::default());
            // Those that can be compared come first.
            groups.sort_by_key(|(_, told)| told.words != self.pack.text(Word::ComparabilitySame));
            let groups = groups.into_iter().map(|(labels, told)| format!("{}: {}", told.words, labels.join(BETWEEN)));
            (self.title_of(table, row), Told::from(groups.collect::<Vec<_>>().join("; ")))
        });
        Part { terms: terms.collect(), ..part }
    }

    /// Items of which no page has two comparable numbers.
    fn left_out(&self) -> Part {
        let pages = || self.edition.comparison.pages.iter();
        let is_compared = |table: &TableSpec, row: &Row| {
            let compared = self.row(table, row);
            let with_it = pages().filter(|page| page.theme.figures.iter().any(|figure| figure.table == table.id));
            let mut of_pages = with_it.map(|page| compared.is_some_and(|row| row.is_compared(&page.editions)));
            of_pages.any(|compared| compared)
        };
        let terms =
            self.shown_rows().into_iter().filter(|(table, row)| !is_compared(table, row)).map(|(table, row)| {
                let compared = self.row(table, row);
                let gaps = self.shown_members(table).filter_map(|member| {
                    let (_, reason) = self.gap(self.cell(compared, &member.edition.id))?;
                    Some(format!("{}: {reason}", member.edition.label.get(self.language())))
                });
                (self.title_of(table, row), Told::from(gaps.collect::<Vec<_>>().join("; ")))
            });
        let terms: Vec<(String, Told)> = terms.collect();
        let paragraphs =
            if terms.is_empty() { Vec::new() } else { vec![Told::from(self.words(Word::ComparisonTooFew))] };
        Part {
            id: "left-out".to_owned(),
            heading: self.words(Word::ComparisonLeftOutHeading),
            paragraphs,
            terms,
            ..Part::default()
        }
    }

    /// Why editions are kept apart, in the words of their ledgers: each reason once, with all items that it is about.
    fn ledger_reasons(&self) -> Part {
        let mut told: Vec<(Told, Vec<String>)> = Vec::new();
        for (table, row) in self.shown_rows() {
            let compared = self.row(table, row);
            for member in self.shown_members(table) {
                let label = member.edition.label.get(self.language());
                for (kind, because) in self.reasons(self.cell(compared, &member.edition.id)) {
                    let reason = because.after(&format!("{label}: {kind}. "));
                    let item = self.pack.quote(&self.title_of(table, row));
                    match told.iter_mut().find(|(known, _)| *known == reason) {
                        Some((_, items)) if items.contains(&item) => {}
                        Some((_, items)) => items.push(item),
                        None => told.push((reason, vec![item])),
                    }
                }
            }
        }
        let rows = told.into_iter().map(|(reason, items)| (items.join(BETWEEN), vec![reason]));
        Part {
            id: "reasons".to_owned(),
            heading: self.words(Word::ComparabilityReasons),
            columns: [Word::ComparabilityItem, Word::ComparabilityReasons].map(|word| self.words(word)).to_vec(),
            rows: rows.collect(),
            ..Part::default()
        }
    }

    /// Where an edition worded otherwise what the shared questionnaire asks: both wordings, and how they differ.
    pub(super) fn wordings(&self) -> Value {
        let mut wordings: Vec<Wording> = Vec::new();
        for (table, row) in self.shown_rows() {
            for member in self.shown_members(table) {
                let cell = self.cell(self.row(table, row), &member.edition.id);
                let ComparedCell::NotComparable(reasons) = cell else { continue };
                let reworded = reasons.iter().filter(|it| it.cause == BreakCause::Item(Sameness::Reworded));
                for item in reworded.filter_map(|reason| reason.item.as_ref()) {
                    let label = member.edition.label.get(self.language());
                    let of_item = self.wording(member.country, member.edition.wave, item, label);
                    let new: Vec<Wording> = of_item.into_iter().filter(|it| !wordings.contains(it)).collect();
                    wordings.extend(new);
                }
            }
        }
        list(wordings.iter().map(|wording| {
            context! {
                item => text(wording.item.clone()),
                reference => text(self.words(Word::ComparabilityCoreName)),
                before => text(wording.before.clone()),
                where => text(wording.edition.clone()),
                after => text(wording.after.clone()),
                lang => text(wording.language.clone()),
                parts => parts_of_difference(&difference(&wording.before, &wording.after)),
            }
        }))
    }

    /// The wordings of an item, and of the battery that it is an item of, where they differ from those of the shared questionnaire. None where nobody knows what the wave asked:
    /// the codebook's words are then not its own.
    fn wording(&self, country: &Country, wave: WaveId, item: &VariableName, edition: &str) -> Vec<Wording> {
        if country.is_wording_unknown(item, wave) {
            return Vec::new();
        }
        let questionnaire = &self.edition.comparison.questionnaire;
        let of_variable = |book: &codebook::Codebook| -> Option<Translated> {
            let variable = book.variable(item)?;
            let is_item = book.battery_of(item).is_some();
            let question = variable.question.clone().filter(|_| !is_item);
            Some(question.unwrap_or_else(|| variable.label.clone()))
        };
        let of_battery =
            |book: &codebook::Codebook| -> Option<Translated> { Some(book.battery_of(item)?.question.clone()) };
        // As the wave asked it, which its ledger tells where that was otherwise than the codebook; with the years as a place: what differs is told by its words.
        let own = country.wording(item, wave).cloned().or_else(|| of_variable(&country.codebook));
        let battery = country.codebook.battery_of(item);
        let own_battery = battery
            .and_then(|battery| country.wording(&battery.name, wave).cloned())
            .or_else(|| of_battery(&country.codebook));
        let label = questionnaire.variable(item).map(|variable| variable.label.clone());
        let pairs = [
            (questionnaire.battery_of(item).map(|it| it.question.clone()), of_battery(questionnaire), own_battery),
            (label, of_variable(questionnaire), own),
        ];
        let both = pairs.into_iter().filter_map(|(label, before, after)| Some((label?, before?, after?)));
        both.filter_map(|(label, before, after)| self.in_one_language(&label, edition, &before, &after)).collect()
    }

    fn in_one_language(
        &self,
        label: &Translated,
        edition: &str,
        before: &Translated,
        after: &Translated,
    ) -> Option<Wording> {
        let page = self.language();
        let known = |language: &codebook::Language| Some((before.find(language)?, after.find(language)?));
        let common = after.iter().map(|(language, _)| language).find(|language| language.as_str() == "en");
        let (language, (before, after)) =
            [Some(page), common].into_iter().flatten().find_map(|language| Some((language, known(language)?)))?;
        let without_years = |words: &str| words.replace("{window}", "…");
        let (before, after) = (without_years(before), without_years(after));
        let label = without_years(label.get(page));
        (before != after).then(|| Wording {
            item: format!("{label} · {edition}"),
            before,
            edition: edition.to_owned(),
            after,
            language: if language == page { String::new() } else { language.to_string() },
        })
    }

    /// Every cell, with its number or the reason why there is none, and its source.
    pub(super) fn cells_table(&self) -> Part {
        let (mut rows, mut marks): (Vec<(String, Vec<Told>)>, Vec<Told>) = (Vec::new(), Vec::new());
        for (table, row) in self.shown_rows() {
            let compared = self.row(table, row);
            for member in self.shown_members(table) {
                let cell = self.cell(compared, &member.edition.id);
                rows.push((self.title_of(table, row), self.told_cell(&member.edition.id, cell)));
                let mark = mark(cell).map(|(mark, word)| Told::from(format!("{mark} {}.", self.words(word))));
                marks.extend(mark.filter(|mark| !marks.contains(mark)));
            }
        }
        let columns = [
            Word::ComparabilityItem,
            Word::ComparisonEdition,
            Word::AxisShare,
            Word::ComparisonLimits,
            Word::AnswersColumn,
            Word::ComparisonSourceOrReason,
        ];
        Part {
            id: "cells".to_owned(),
            heading: self.words(Word::ComparisonAllCells),
            paragraphs: marks,
            columns: columns.map(|word| self.words(word)).to_vec(),
            rows,
            ..Part::default()
        }
    }

    /// A cell in the table of all of them: its edition; its number with limits and answers, or the symbol of a gap; and last the reason of a gap and the
    /// source, as far as there are.
    fn told_cell(&self, id: &ComparedId, cell: &ComparedCell) -> Vec<Told> {
        let (number, limits, n, why) = match self.in_words(cell) {
            CellWords::Number([number, low, high, n]) => {
                let interval = || self.pack.fill(Word::Interval, &[("low", &low), ("high", &high)]);
                let limits = if low.is_empty() { String::new() } else { interval() };
                (number, limits, n, None)
            }
            CellWords::Gap(symbol, reason) => (symbol, String::new(), String::new(), Some(reason)),
        };
        let last: Vec<String> = why.into_iter().chain(self.source_of(id, cell)).collect();
        [self.name_of(id), number, limits, n, last.join(" · ")].map(Told::from).to_vec()
    }

    pub(super) fn method(&self) -> Vec<Part> {
        let version = self.edition.comparison.core.version();
        let has_printed = self.edition.members.iter().any(|member| member.release.is_none());
        let has_released = self.edition.members.iter().any(|member| member.release.is_some());
        let same = self.pack.fill(Word::ComparisonMethodSame, &[("version", version)]);
        let sources = has_printed
            .then(|| self.words(Word::ComparisonMethodPrinted))
            .into_iter()
            .chain(has_released.then(|| self.words(Word::ComparisonMethodReleased)));
        let part = |id: &str, heading: Word, paragraphs: Vec<String>| Part {
            id: id.to_owned(),
            heading: self.words(heading),
            paragraphs: paragraphs.into_iter().map(Told::from).collect(),
            ..Part::default()
        };
        vec![
            part("items", Word::ComparisonMethodItems, vec![same, self.words(Word::ComparisonTooFew)]),
            part("numbers", Word::ComparisonNumbersFrom, sources.collect()),
            part("differences", Word::ComparisonMethodDifferences, vec![self.words(Word::ComparisonMethodOrder)]),
        ]
    }
}

/// The mark beside a number, and what it means.
fn mark(cell: &ComparedCell) -> Option<(&'static str, Word)> {
    match cell {
        ComparedCell::Printed { .. } => Some((PRINTED, Word::PrintedThen)),
        ComparedCell::Released(Cell::Flagged(_, quality)) => Some((FLAG, flagged(*quality))),
        ComparedCell::Released(Cell::Shown(_) | Cell::Hidden(_))
        | ComparedCell::NotComparable(_)
        | ComparedCell::InWords
        | ComparedCell::Unweighted
        | ComparedCell::NotPublished => None,
    }
}
