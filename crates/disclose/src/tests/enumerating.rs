//! Small surveys of which every possible set of answers can be listed: what is published of them pins no confidential count.
//!
//! Four kinds of people (who innovates or not, who says yes or not) in a few groups, all of one weight. The attacker knows the unweighted count
//! behind every shown cell. For each survey all answers are listed that agree with everything shown; how many there can be in a
//! confidential group must then range as wide as asked.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;

pub(super) mod waves;

/// People of each kind: innovates and says yes, innovates and says no, does not and says yes, does not and says no.
type Group = [u64; 4];

const CODES: [&str; 4] = ["a", "b", "c", "d"];

/// Which kinds of people count, by name of what is counted.
type Kinds = [bool; 4];
const ALL: Kinds = [true; 4];
const INNOVATIVE: Kinds = [true, true, false, false];
const NOT_INNOVATIVE: Kinds = [false, false, true, true];
const YES: Kinds = [true, false, true, false];

/// Written out, since it is what the test spends its time on.
fn count(group: &Group, kinds: Kinds) -> u64 {
    let [one, two, three, four] = *group;
    let [first, second, third, fourth] = kinds;
    let counted = |n: u64, counts: bool| if counts { n } else { 0 };
    counted(one, first) + counted(two, second) + counted(three, third) + counted(four, fourth)
}

fn both(one: Kinds, other: Kinds) -> Kinds {
    [0, 1, 2, 3].map(|kind| one[kind] && other[kind])
}

/// A table: its base, and each row with who is in it.
struct Layout {
    id: &'static str,
    base: (&'static str, Kinds),
    rows: &'static [(&'static str, &'static str, Kinds)],
}

impl Layout {
    fn row(&self, index: usize) -> RowId {
        let (item, code, _) = self.rows[index];
        RowId::new(&if code.is_empty() { item.to_owned() } else { format!("{item}:{code}") }).unwrap()
    }

    fn codes(&self, index: usize) -> Vec<Code> {
        let (_, code, _) = self.rows[index];
        if code.is_empty() { Vec::new() } else { vec![Code::new(code).unwrap()] }
    }
}

const TABLES: [Layout; 5] = [
    Layout { id: "innovation", base: ("all", ALL), rows: &[("innovative", "", INNOVATIVE)] },
    Layout { id: "opinion", base: ("all", ALL), rows: &[("opinion", "yes", YES)] },
    Layout { id: "opinion_of_innovators", base: ("innovative", INNOVATIVE), rows: &[("opinion", "yes", YES)] },
    Layout {
        id: "kinds",
        base: ("all", ALL),
        rows: &[
            ("kind", "both", [true, false, false, false]),
            ("kind", "only", [false, true, false, false]),
            ("kind", "neither", [false, false, true, true]),
        ],
    },
    Layout { id: "opinion_of_others", base: ("other", NOT_INNOVATIVE), rows: &[("opinion", "yes", YES)] },
];

/// A survey: its groups and the tables that are published.
#[derive(Debug, Clone)]
pub(super) struct Small {
    groups: Vec<Group>,
    tables: Vec<usize>,
    pub(super) smallest_base: u64,
}

pub(super) fn small() -> impl Strategy<Value = Small> {
    let people = prop_oneof![5 => 0_u64..=1, 3 => 0_u64..=2, 1 => 0_u64..=3];
    let group = [people.clone(), people.clone(), people.clone(), people];
    let groups = prop_oneof![40 => Just(3), 1 => Just(4)]
        .prop_flat_map(move |groups| proptest::collection::vec(group.clone(), groups));
    let tables = proptest::sample::subsequence((0..TABLES.len()).collect::<Vec<_>>(), 1..=TABLES.len());
    (groups, tables, 2_u64..=4).prop_map(|(groups, tables, smallest_base)| Small { groups, tables, smallest_base })
}

impl Small {
    fn estimates(&self, layout: &Layout) -> (TableSpec, Table, Vec<Vec<Contributors>>) {
        let mut survey = Survey::sound();
        survey.spec.id = TableId::new(layout.id).unwrap();
        survey.spec.base = BaseId::new(layout.base.0).unwrap();
        let label = survey.spec.title.clone();
        let row = |index: usize| Row {
            id: layout.row(index),
            label: label.clone(),
            item: VariableName::new(layout.rows[index].0).unwrap(),
            over: None,
            codes: layout.codes(index),
        };
        survey.spec.rows = (0..layout.rows.len()).map(row).collect();
        let mut total = [0; 4];
        for group in &self.groups {
            (0..4).for_each(|kind| total[kind] += group[kind]);
        }
        let domains = std::iter::once(Domain::Total).chain(CODES[..self.groups.len()].iter().map(|it| group(it)));
        let cell = |people: &Group, row: Kinds| {
            let (n, positive) = (count(people, layout.base.1), count(people, both(layout.base.1, row)));
            let size = estimate::Wide::from_count(n).to_f64();
            let value = estimate::Wide::from_count(positive).to_f64() / size;
            let contributors = Contributors {
                n,
                positive,
                weight: 3.0 * size,
                lightest: 3.0,
                heaviest: 3.0,
                take_all: false,
                sizes: None,
            };
            let outcome = if n == 0 {
                not_estimable(NotEstimable::Empty, 0)
            } else {
                let estimate =
                    Estimate { value, se: 0.1, low: value, high: value, df: 9.0, n, positive, deff: None, sides: None };
                Outcome::Estimated(estimate)
            };
            (outcome, contributors)
        };
        let of_row = |(_, _, row): &(&str, &str, Kinds)| -> (Vec<Outcome>, Vec<Contributors>) {
            std::iter::once(&total).chain(&self.groups).map(|people| cell(people, *row)).unzip()
        };
        let (cells, contributors): (Vec<_>, Vec<_>) = layout.rows.iter().map(of_row).unzip();
        let table = Table {
            id: survey.spec.id.clone(),
            domains: domains.collect(),
            rows: survey.spec.rows.iter().map(|row| row.id.clone()).collect(),
            cells,
            strata: Vec::new(),
            differences: Vec::new(),
            row_differences: Vec::new(),
        };
        (survey.spec, table, contributors)
    }

    /// The same survey with some of its tables, or all where none are left.
    pub(super) fn only(&self, kept: &[bool]) -> Self {
        let tables: Vec<usize> = self.tables.iter().copied().filter(|table| kept[*table]).collect();
        if tables.is_empty() { self.clone() } else { Self { tables, ..self.clone() } }
    }

    /// What was counted of each table that is published.
    fn counted(&self) -> Counted {
        let mut counted = Counted::default();
        for table in &self.tables {
            let (spec, table, contributors) = self.estimates(&TABLES[*table]);
            counted.specs.push(spec);
            counted.tables.push(table);
            counted.contributors.push(contributors);
        }
        counted
    }

    pub(super) fn disclose(&self) -> Published {
        let counted = self.counted();
        let specs: Vec<&TableSpec> = counted.specs.iter().collect();
        disclose(counted.release(&specs, self.smallest_base))
    }
}

/// Tables of a survey, parallel to each other.
#[derive(Debug, Default)]
struct Counted {
    specs: Vec<TableSpec>,
    tables: Vec<Table>,
    contributors: Vec<Vec<Vec<Contributors>>>,
}

impl Counted {
    /// A release without sentences, in which nothing is unreliable.
    fn release<'a>(&'a self, specs: &'a [&'a TableSpec], smallest_base: u64) -> Release<'a> {
        const NO_PHRASES: &std::collections::BTreeMap<Language, Vec<SharePhrase>> = &std::collections::BTreeMap::new();
        let rules = Rules { smallest_base, unreliable_below: 0, flagged_below: 0, widest_interval: 100, ..RULES };
        Release {
            wave: WaveId::new("2019").unwrap(),
            synthetic: false,
            rules,
            method: METHOD,
            specs,
            tables: &self.tables,
            contributors: &self.contributors,
            unions: crate::Unions::NONE,
            themes: &[],
            wordings: &[],
            phrases: NO_PHRASES,
            fieldwork: Fieldwork::default(),
            beside: crate::Beside::default(),
        }
    }
}

/// What the attacker knows: how many people of some kinds there are, in total or in a group.
struct Knowledge {
    groups: Vec<BTreeMap<Kinds, u64>>,
    total: BTreeMap<Kinds, u64>,
    /// Kinds that some table tells apart from the kinds before them; the others are counted with those.
    told_apart: Kinds,
    everyone: u64,
}

impl Knowledge {
    /// What is known before anything is published: how many people there are.
    fn before(survey: &Small) -> Self {
        let layouts = || survey.tables.iter().map(|table| &TABLES[*table]);
        let told: Vec<Kinds> =
            layouts().flat_map(|it| it.rows.iter().map(|row| both(it.base.1, row.2)).chain([it.base.1])).collect();
        let is_told = |kind: usize, other: usize| told.iter().any(|kinds| kinds[kind] != kinds[other]);
        Self {
            groups: vec![BTreeMap::new(); survey.groups.len()],
            total: BTreeMap::new(),
            told_apart: [0, 1, 2, 3].map(|kind| (0..kind).all(|earlier| is_told(kind, earlier))),
            everyone: survey.groups.iter().flatten().sum(),
        }
    }

    fn of(survey: &Small, published: &Published) -> Self {
        let mut knowledge = Self::before(survey);
        knowledge.learn(survey, published.tables());
        knowledge
    }

    /// Takes in what some tables show of a survey.
    fn learn(&mut self, survey: &Small, tables: &[crate::PublishedTable]) {
        for table in tables {
            let layout = layout_of(table);
            let (_, estimates, contributors) = survey.estimates(layout);
            for (row, (_, _, kinds)) in layout.rows.iter().enumerate() {
                for (domain, behind) in estimates.domains.iter().zip(&contributors[row]) {
                    let facts = match domain {
                        Domain::Total => &mut self.total,
                        Domain::Group { code, .. } => {
                            let group = CODES.iter().position(|it| *it == code.as_str()).unwrap();
                            &mut self.groups[group]
                        }
                    };
                    match table.cell(&table.rows()[row], domain) {
                        Some(cell) if cell.figures().is_some() => {
                            facts.insert(layout.base.1, behind.n);
                            facts.insert(both(layout.base.1, *kinds), behind.positive);
                        }
                        Some(crate::Cell::Hidden(crate::Hidden::Empty)) => {
                            facts.insert(layout.base.1, 0);
                        }
                        Some(_) | None => {}
                    }
                }
            }
        }
    }

    /// What a group cannot have more of: of the total, what is shown of other groups.
    fn ceilings(&self, group: usize) -> Vec<(Kinds, u64)> {
        let others = || self.groups.iter().enumerate().filter(|(other, _)| *other != group);
        let shown = |kinds: &Kinds| -> u64 { others().filter_map(|(_, facts)| facts.get(kinds)).sum() };
        self.total.iter().map(|(kinds, n)| (*kinds, n - shown(kinds))).collect()
    }

    /// Everything that the people of a group can be, as far as the group itself and the ceilings tell.
    fn candidates(&self, group: usize) -> Vec<Group> {
        let ceilings = self.ceilings(group);
        let most = |kind: usize| {
            let of_kind = ceilings.iter().filter(|(kinds, _)| kinds[kind]).map(|(_, n)| *n);
            if self.told_apart[kind] { of_kind.min().unwrap_or(self.everyone) } else { 0 }
        };
        let mut found = vec![[0; 4]];
        for kind in 0..4 {
            let grown = |people: &Group| {
                let people = *people;
                (0..=most(kind)).map(move |n| [0, 1, 2, 3].map(|it| if it == kind { n } else { people[it] }))
            };
            found = found.iter().flat_map(grown).collect();
            let is_within = |people: &Group| ceilings.iter().all(|(kinds, n)| count(people, *kinds) <= *n);
            found.retain(|people| count(people, ALL) <= self.everyone && is_within(people));
        }
        let facts = &self.groups[group];
        found.retain(|people| facts.iter().all(|(kinds, n)| count(people, *kinds) == *n));
        found
    }

    /// What is told in total of some people, a byte for each fact, so that adding these numbers adds the facts.
    fn told(&self, people: &Group) -> u64 {
        assert!(self.total.len() <= 8 && self.everyone < 128, "a fact fits into a byte");
        self.total.keys().fold(0, |told, kinds| (told << 8) + count(people, *kinds))
    }

    /// How far a count of a group can range over everything that it can be, given everything. The list is not written down: it is searched from
    /// both ends for answers of the other groups that fit.
    fn range(&self, group: usize, kinds: Kinds, candidates: &[Vec<Group>], told: &[Vec<u64>]) -> u64 {
        let all = self.total.values().fold(0_u64, |told, n| (told << 8) + n);
        let mut others: Vec<&[u64]> =
            (0..self.groups.len()).filter(|other| *other != group).map(|other| told[other].as_slice()).collect();
        others.sort_by_key(|told| told.len());
        let fits = |people: &&Group| less(all, self.told(people)).is_some_and(|rest| can_be(rest, &others));
        let mut people: Vec<&Group> = candidates[group].iter().collect();
        people.sort_by_cached_key(|people| count(people, kinds));
        let (least, most) = (people.iter().copied().find(fits), people.iter().rev().copied().find(fits));
        let counts = [least, most].map(|people| count(people.expect("the answers themselves fit"), kinds));
        counts[1] - counts[0]
    }

    /// The candidates of every group, and what is told of them, each number once.
    fn listed(&self) -> (Vec<Vec<Group>>, Vec<Vec<u64>>) {
        let candidates: Vec<Vec<Group>> = (0..self.groups.len()).map(|group| self.candidates(group)).collect();
        let told = |group: &Vec<Group>| {
            let told: BTreeSet<u64> = group.iter().map(|people| self.told(people)).collect();
            told.into_iter().collect()
        };
        let told = candidates.iter().map(told).collect();
        (candidates, told)
    }
}

/// All facts less some, fact by fact; `None` where one would be below 0.
fn less(all: u64, some: u64) -> Option<u64> {
    const HIGH_BITS: u64 = 0x8080_8080_8080_8080;
    let rest = (all | HIGH_BITS) - some;
    (rest & HIGH_BITS == HIGH_BITS).then_some(rest & !HIGH_BITS)
}

/// Whether one number of each list can add up to a sum.
fn can_be(sum: u64, lists: &[&[u64]]) -> bool {
    match lists {
        [] => sum == 0,
        [last] => last.binary_search(&sum).is_ok(),
        [first, rest @ ..] => first.iter().any(|told| less(sum, *told).is_some_and(|sum| can_be(sum, rest))),
    }
}

/// The base of a table.
pub(super) fn base_of(table: &crate::PublishedTable) -> &'static str {
    layout_of(table).base.0
}

/// What is wrong with tables of several editions.
pub(super) fn leak_of_tables(survey: &Small, tables: &[crate::PublishedTable]) -> Option<String> {
    let mut knowledge = Knowledge::before(survey);
    knowledge.learn(survey, tables);
    leak_to(&knowledge, survey, tables)
}

fn layout_of(table: &crate::PublishedTable) -> &'static Layout {
    TABLES.iter().find(|layout| layout.id == table.id().as_str()).expect("every table has a layout")
}

/// What is wrong with what is published of a survey.
fn leak(survey: &Small, published: &Published) -> Option<String> {
    leak_to(&Knowledge::of(survey, published), survey, published.tables())
}

/// What is wrong with some tables of a survey, for somebody who knows more than they show.
fn leak_to(knowledge: &Knowledge, survey: &Small, tables: &[crate::PublishedTable]) -> Option<String> {
    let (candidates, facts) = knowledge.listed();
    for table in tables {
        let layout = layout_of(table);
        let people = |kinds: Kinds| -> u64 { survey.groups.iter().map(|group| count(group, kinds)).sum() };
        let (base, everyone) = (layout.base.1, people(layout.base.1));
        for (group, of_group) in survey.groups.iter().enumerate() {
            let n = count(of_group, base);
            if n == 0 || n >= survey.smallest_base {
                continue;
            }
            let domain = super::group(CODES[group]);
            let told = |row: &RowId| table.cell(row, &domain).is_some_and(|cell| cell.figures().is_some());
            if table.rows().iter().any(told) {
                return Some(format!("{} shows group {group} of {n}", layout.id));
            }
            let range = knowledge.range(group, base, &candidates, &facts);
            if range < survey.smallest_base.min(everyone.saturating_sub(1)) {
                return Some(format!("{}: the {n} answers of group {group} range over {range}", layout.id));
            }
            for (row, _, kinds) in layout.rows {
                let counting = both(base, *kinds);
                let asked = survey.smallest_base.min(n).min(people(counting)).min(everyone - people(counting));
                let range = knowledge.range(group, counting, &candidates, &facts);
                if range < asked {
                    return Some(format!("{}: the {row} of group {group} range over {range}, not {asked}", layout.id));
                }
            }
        }
    }
    None
}

#[test]
fn the_list_finds_a_count_that_is_not_protected() {
    // Group a has one innovator of 6 people; the table of innovators hides it, but the shares among all would tell it.
    let survey = Small { groups: vec![[1, 0, 2, 3], [3, 1, 2, 2], [2, 3, 3, 1]], tables: vec![0, 2], smallest_base: 3 };
    let all_shown = Small { smallest_base: 1, ..survey.clone() };
    let knowledge = Knowledge::of(&survey, &all_shown.disclose());
    let (candidates, facts) = knowledge.listed();
    assert_eq!(knowledge.range(0, INNOVATIVE, &candidates, &facts), 0, "everything shown pins it");
    assert_eq!(leak(&survey, &survey.disclose()), None);
}
