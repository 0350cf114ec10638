//! The page of comparability: the ledger as a table, its reasons, and how wordings differ.
//!
//! It tells of this wave and those before it, so that an edition stays what it was when a later wave is added.

use std::collections::BTreeMap;

use codebook::{Battery, CoreItem, Country, Language, Ledger, LedgerLine, Sameness, Variable, VariableName, WaveId};
use minijinja::{Value, context};
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::section::{Section, Table, sections};
use super::setting::Setting;
use super::{Frame, Scene};
use crate::ReportError;
use crate::language::Word;
use crate::templates::{BETWEEN, Engine, list, text};

/// An item in the table: a question, or one item of a battery that does not go with the others.
#[derive(Debug, Clone)]
struct Item<'a> {
    label: String,
    /// The line against the core; `None` where the item is the country's own, or there is no core.
    core: Option<&'a LedgerLine>,
    waves: Vec<Option<&'a LedgerLine>>,
    /// Whether it was not asked, but computed from what was.
    is_derived: bool,
}

/// Two wordings of one thing.
#[derive(Debug, Clone)]
struct Wording {
    item: String,
    /// Whose words the first are, and they.
    reference: String,
    before: String,
    /// Whose words the second are, and they.
    place: String,
    after: String,
}

/// Some words in a row that both wordings have, or one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Same(String),
    /// What the first has, and what the second has in its place; either may be empty.
    Other(String, String),
}

impl Scene<'_> {
    /// The page, where the country has a ledger.
    pub(super) fn comparability(
        &self,
        engine: &Engine<'_>,
        languages: &[Language],
    ) -> Result<Option<String>, ReportError> {
        let Some(ledger) = &self.edition.whole.ledger else { return Ok(None) };
        let lead = self.pack.text(Word::ComparabilityLead);
        let title = self.pack.text(Word::ComparabilityTitle).to_owned();
        let frame = Frame { name: "comparability.html", title, description: lead, languages };
        let items = self.items(ledger);
        let (alike, differing): (Vec<&Item<'_>>, Vec<&Item<'_>>) =
            items.iter().partition(|item| item.is_alike(self.has_core()));
        let all = [
            self.differing(ledger, &differing, items.len()),
            self.alike(&alike, items.len()),
            self.reasons(ledger, &items),
            self.breaks(ledger),
        ];
        let wordings = self.wordings(ledger);
        let page = context! {
            sections => sections(&all, Setting::Page),
            wordings => list(wordings.iter().map(Wording::value)),
        };
        engine.render("html/comparability.html", &self.context(&frame, page)).map(Some)
    }

    /// The waves that the page tells of.
    fn known_waves(&self, ledger: &Ledger) -> Vec<WaveId> {
        ledger.waves.keys().copied().filter(|wave| *wave <= self.edition.wave.id).collect()
    }

    /// Every item in the order of the questionnaire, then those of the core that are not taken.
    fn items<'l>(&self, ledger: &'l Ledger) -> Vec<Item<'l>> {
        let codebook = &self.edition.whole.codebook;
        let mut items: Vec<Item<'l>> = Vec::new();
        let mut done: Vec<&VariableName> = Vec::new();
        for variable in &codebook.variables {
            let of_core = codebook.core.items.get(&variable.name);
            if of_core.is_some_and(CoreItem::is_derived_otherwise) {
                let (label, core) = (self.heading(variable), ledger.core.get(&variable.name));
                items.push(Item { label, core, waves: Vec::new(), is_derived: true });
                continue;
            }
            let Some(item) = self.item(ledger, &variable.name, self.heading(variable)) else { continue };
            let Some(battery) = codebook.battery_of(&variable.name) else {
                items.push(item);
                continue;
            };
            if done.contains(&&battery.name) {
                continue;
            }
            done.push(&battery.name);
            items.extend(self.battery_items(ledger, battery));
        }
        for not_taken in &codebook.core.not_taken {
            let line = ledger.core.get(&not_taken.name);
            let label = not_taken.label.find(self.language()).unwrap_or(not_taken.name.as_str());
            let label = without_years(label);
            items.extend(line.map(|line| Item { label, core: Some(line), waves: Vec::new(), is_derived: false }));
        }
        items
    }

    /// A battery as one item where all its items go together, else each of them.
    fn battery_items<'l>(&self, ledger: &'l Ledger, battery: &Battery) -> Vec<Item<'l>> {
        let question = without_years(battery.question.get(self.language()));
        let named = |name: &VariableName, label: String| self.item(ledger, name, label);
        let all: Vec<Item<'l>> = battery.items.iter().filter_map(|name| named(name, question.clone())).collect();
        let is_one = all.windows(2).all(|pair| pair[0].goes_with(&pair[1]));
        if is_one {
            return all.into_iter().take(1).collect();
        }
        let label = |name: &VariableName| {
            let variable = self.edition.whole.codebook.variable(name);
            let own = variable.map_or(name.as_str(), |variable| variable.label.get(self.language()));
            format!("{question} {own}")
        };
        battery.items.iter().filter_map(|name| named(name, label(name))).collect()
    }

    fn item<'l>(&self, ledger: &'l Ledger, name: &VariableName, label: String) -> Option<Item<'l>> {
        let waves: Vec<Option<&LedgerLine>> =
            self.known_waves(ledger).into_iter().map(|wave| ledger.line(name, wave)).collect();
        let core = ledger.core.get(name);
        (core.is_some() || waves.iter().any(Option::is_some)).then_some(Item { label, core, waves, is_derived: false })
    }

    fn heading(&self, variable: &Variable) -> String {
        let question = variable.question.as_ref().unwrap_or(&variable.label);
        without_years(question.get(self.language()))
    }

    /// The items that were not the same everywhere, each with what it was.
    fn differing(&self, ledger: &Ledger, items: &[&Item<'_>], total: usize) -> Section {
        if items.is_empty() {
            return Section::default();
        }
        let has_core = self.has_core();
        let mut columns = vec![self.words(Word::ComparabilityItem)];
        columns.extend(has_core.then(|| self.words(Word::ComparabilityCore)));
        columns.extend(self.known_waves(ledger).iter().map(ToString::to_string));
        let row = |item: &&Item<'_>| {
            let mut row = vec![item.label.clone()];
            let own = if item.is_derived { Word::ComparabilityDerived } else { Word::ComparabilityOwn };
            row.extend(has_core.then(|| item.core.map_or_else(|| self.words(own), |line| self.statuses(line))));
            // What is computed was asked in no wave; its parts tell of the waves.
            let absent = || if item.is_derived { "–".to_owned() } else { self.words(Word::ComparabilityAbsent) };
            let cell = |line: Option<&LedgerLine>| line.map_or_else(absent, |line| self.statuses(line));
            row.extend((0..columns.len() - row.len()).map(|index| cell(item.waves.get(index).copied().flatten())));
            row
        };
        let rows = items.iter().map(row).collect();
        let note = if has_core { vec![self.words(Word::ComparabilityTableNote)] } else { Vec::new() };
        Section {
            id: "ledger".to_owned(),
            heading: self.how_many(Word::ComparabilityDiffering, items.len(), total),
            paragraphs: note,
            table: Some(Table { columns: columns.clone(), rows, is_numeric: false }),
            ..Section::default()
        }
    }

    /// The items that were the same everywhere: there is nothing to tell of them but which they are.
    fn alike(&self, items: &[&Item<'_>], total: usize) -> Section {
        let labels: Vec<String> = items.iter().map(|item| self.pack.quote(&item.label)).collect();
        Section {
            id: "alike".to_owned(),
            heading: self.how_many(Word::ComparabilityAlike, items.len(), total),
            paragraphs: (!labels.is_empty()).then(|| labels.join(BETWEEN)).into_iter().collect(),
            ..Section::default()
        }
    }

    fn how_many(&self, word: Word, items: usize, total: usize) -> String {
        let count = |items| self.pack.count(u64::try_from(items).expect("a questionnaire has few items"));
        self.pack.fill(word, &[("count", &count(items)), ("total", &count(total))])
    }

    /// Everything that a line says, in words.
    fn statuses(&self, line: &LedgerLine) -> String {
        line.statuses().map(|status| self.words(word(status))).collect::<Vec<_>>().join(" · ")
    }

    fn has_core(&self) -> bool {
        self.edition.whole.codebook.core.version.is_some()
    }

    /// Why what is not the same is not: each reason once, with all that it is about.
    fn reasons(&self, ledger: &Ledger, items: &[Item<'_>]) -> Section {
        let waves = self.known_waves(ledger);
        let mut order: Vec<(String, String)> = Vec::new();
        let mut about: BTreeMap<(String, String), Vec<&str>> = BTreeMap::new();
        for item in items {
            let core = item.core.map(|line| (self.words(Word::ComparabilityCoreName), line));
            let of_waves = waves.iter().zip(&item.waves).filter_map(|(wave, line)| Some((wave.to_string(), (*line)?)));
            for (place, line) in core.into_iter().chain(of_waves) {
                let Some(because) = &line.because else { continue };
                let term = format!("{place}: {}", self.statuses(line));
                let key = (term, because.get(self.language()).to_owned());
                let labels = about.entry(key.clone()).or_default();
                if labels.is_empty() {
                    order.push(key);
                }
                labels.push(&item.label);
            }
        }
        let terms = order.into_iter().map(|key| {
            let labels: Vec<String> = about[&key].iter().map(|label| self.pack.quote(label)).collect();
            // A term is told once, and two reasons may be of one wave.
            (format!("{}. {}", key.0, key.1), labels.join(BETWEEN))
        });
        let terms = terms.collect();
        Section { terms, ..self.section("reasons", Word::ComparabilityReasons, Vec::new()) }
    }

    fn breaks(&self, ledger: &Ledger) -> Section {
        let breaks = ledger.breaks.iter().filter(|it| it.before <= self.edition.wave.id);
        let terms = breaks.map(|it| (it.before.to_string(), it.because.get(self.language()).to_owned())).collect();
        Section { terms, ..self.section("breaks", Word::ComparabilityBreaks, Vec::new()) }
    }

    /// Every wording that differs from the one it is held against, whatever the ledger makes of it.
    fn wordings(&self, ledger: &Ledger) -> Vec<Wording> {
        let whole = self.edition.whole;
        let codebook = &whole.codebook;
        let own_name = self.words(Word::ComparabilityOwnName);
        let mut wordings = Vec::new();
        for (name, item) in &codebook.core.items {
            let own = codebook.battery(name).map(|battery| &battery.question);
            let own = own.or_else(|| codebook.variable(name)?.question.as_ref());
            let (Some(core), Some(own)) = (item.question.as_ref().and_then(|it| it.find(self.language())), own) else {
                continue;
            };
            let own = own.get(self.language());
            if core != own {
                let (item, core, own) = (self.label_of(whole, name), without_years(core), without_years(own));
                let reference = self.words(Word::ComparabilityCoreName);
                wordings.push(Wording { item, reference, before: core, place: own_name.clone(), after: own });
            }
        }
        for wave in self.known_waves(ledger) {
            let batteries = ledger.batteries.get(&wave).into_iter().flatten();
            for (name, line) in batteries.chain(&ledger.waves[&wave]) {
                let Some(then) = line.wording.as_ref().filter(|_| line.sameness != Sameness::Absent) else { continue };
                let Some(own) = self.own_words(whole, name) else { continue };
                let (before, after) = (without_years(own), without_years(then.get(self.language())));
                let (item, reference) = (self.label_of(whole, name), own_name.clone());
                wordings.push(Wording { item, reference, before, place: wave.to_string(), after });
            }
        }
        wordings
    }

    /// What the codebook asks: of an item of a battery, the item's words.
    fn own_words<'c>(&self, country: &'c Country, name: &VariableName) -> Option<&'c str> {
        if let Some(battery) = country.codebook.battery(name) {
            return Some(battery.question.get(self.language()));
        }
        let variable = country.codebook.variable(name)?;
        let is_item = country.codebook.battery_of(name).is_some();
        let question = variable.question.as_ref().filter(|_| !is_item);
        Some(question.unwrap_or(&variable.label).get(self.language()))
    }

    fn label_of(&self, country: &Country, name: &VariableName) -> String {
        let variable = country.codebook.variable(name).map(|variable| &variable.label);
        let battery = country.codebook.battery(name).map(|battery| &battery.question);
        let label = variable.or(battery).map_or(name.as_str(), |label| label.get(self.language()));
        without_years(label)
    }
}

impl Item<'_> {
    /// Whether every wave, and the core where there is one, asked the same.
    fn is_alike(&self, has_core: bool) -> bool {
        let is_same =
            |line: Option<&LedgerLine>| line.is_some_and(|line| line.statuses().all(|it| it == Sameness::Same));
        !self.is_derived && (!has_core || is_same(self.core)) && self.waves.iter().all(|line| is_same(*line))
    }

    /// Whether both were asked alike in every way and for the same reasons.
    fn goes_with(&self, other: &Self) -> bool {
        let alike = |one: &LedgerLine, two: &LedgerLine| {
            one.statuses().eq(two.statuses()) && (&one.because, &one.form) == (&two.because, &two.form)
        };
        let both = |one: Option<&LedgerLine>, two: Option<&LedgerLine>| match (one, two) {
            (Some(one), Some(two)) => alike(one, two),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        both(self.core, other.core) && self.waves.iter().zip(&other.waves).all(|(one, two)| both(*one, *two))
    }
}

impl Wording {
    fn value(&self) -> Value {
        context! {
            item => text(self.item.clone()),
            reference => text(self.reference.clone()),
            before => text(self.before.clone()),
            where => text(self.place.clone()),
            after => text(self.after.clone()),
            parts => parts_of_difference(&difference(&self.before, &self.after)),
        }
    }
}

/// The parts of a difference, as templates place them.
pub(crate) fn parts_of_difference(parts: &[Part]) -> Value {
    list(parts.iter().map(|part| {
        let (same, gone, new) = match part {
            Part::Same(words) => (words.as_str(), "", ""),
            Part::Other(gone, new) => ("", gone.as_str(), new.as_str()),
        };
        context! { same => text(same), gone => text(gone), new => text(new) }
    }))
}

/// A question without its years: it was put in several.
fn without_years(question: &str) -> String {
    question.replace("{window}", "…")
}

pub(crate) fn word(sameness: Sameness) -> Word {
    match sameness {
        Sameness::Same => Word::ComparabilitySame,
        Sameness::Reworded => Word::ComparabilityReworded,
        Sameness::OtherScale => Word::ComparabilityOtherScale,
        Sameness::OtherBase => Word::ComparabilityOtherBase,
        Sameness::OtherUnit => Word::ComparabilityOtherUnit,
        Sameness::OtherMode => Word::ComparabilityOtherMode,
        Sameness::Unknown => Word::ComparabilityUnknown,
        Sameness::Absent => Word::ComparabilityAbsent,
    }
}

/// How two wordings differ, word by word.
pub(crate) fn difference(before: &str, after: &str) -> Vec<Part> {
    let (before, after): (Vec<&str>, Vec<&str>) =
        (before.split_whitespace().collect(), after.split_whitespace().collect());
    let parts = capture_diff_slices(Algorithm::Myers, &before, &after).into_iter().map(|part| {
        let (_, old, new) = part.as_tag_tuple();
        match part {
            DiffOp::Equal { .. } => Part::Same(before[old].join(" ")),
            DiffOp::Delete { .. } | DiffOp::Insert { .. } | DiffOp::Replace { .. } => {
                Part::Other(before[old].join(" "), after[new].join(" "))
            }
        }
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::{Part, difference};

    #[test]
    fn a_difference_keeps_every_word_of_both_wordings_in_order() {
        let (before, after) = ("Did you do it last year?", "Did the workplace do anything last year?");
        let parts = difference(before, after);
        assert!(parts.contains(&Part::Same("last year?".to_owned())), "{parts:?}");
        let side = |of_second: bool| {
            let words = parts.iter().map(|part| match part {
                Part::Same(words) => words.as_str(),
                Part::Other(gone, new) => {
                    if of_second {
                        new
                    } else {
                        gone
                    }
                }
            });
            words.filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!((side(false).as_str(), side(true).as_str()), (before, after));
    }

    #[test]
    fn the_same_words_do_not_differ() {
        assert_eq!(difference("One  two", "One two"), [Part::Same("One two".to_owned())]);
    }
}
