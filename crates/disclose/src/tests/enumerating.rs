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
        let row = |(item, code, _): &(&str, &str, Kinds)| Row {
            id: RowId::new(&if code.is_empty() { (*item).to_owned() } else { format!("{item}:{code}") }).unwrap(),
            label: label.clone(),
            item: VariableName::new(item).unwrap(),
            over: None,
            codes: if code.is_empty() { Vec::new() } else { vec![Code::new(code).unwrap()] },
        };
        survey.spec.rows = layout.rows.iter().map(row).collect();
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
            differences: Vec::new(),
            row_differences: Vec::new(),
        };
        (survey.spec, table, contributors)
    }

    /// The base of each table that is published, in their order.
    pub(super) fn bases(&self) -> Vec<&'static str> {
        self.tables.iter().map(|table| TABLES[*table].base.0).collect()
    }

    pub(super) fn disclose(&self) -> Published {
        let parts: Vec<_> = self.tables.iter().map(|table| self.estimates(&TABLES[*table])).collect();
        let specs: Vec<&TableSpec> = parts.iter().map(|(spec, _, _)| spec).collect();
        let tables: Vec<Table> = parts.iter().map(|(_, table, _)| table.clone()).collect();
        let contributors: Vec<_> = parts.iter().map(|(_, _, contributors)| contributors.clone()).collect();
        let rules = Rules {
            smallest_base: self.smallest_base,
            unreliable_below: 0,
            flagged_below: 0,
            widest_interval: 100,
            ..RULES
        };
        disclose(Release {
            wave: WaveId::new("2019").unwrap(),
            synthetic: false,
            rules,
            method: METHOD,
            specs: &specs,
            tables: &tables,
            contributors: &contributors,
            themes: &[],
            wordings: &[],
            phrases: &Default::default(),
            fieldwork: Fieldwork::default(),
            beside: crate::Beside::default(),
        })
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
    fn of(survey: &Small, published: &Published) -> Self {
        let layouts = || survey.tables.iter().map(|table| &TABLES[*table]);
        let told: Vec<Kinds> =
            layouts().flat_map(|it| it.rows.iter().map(|row| both(it.base.1, row.2)).chain([it.base.1])).collect();
        let is_told = |kind: usize, other: usize| told.iter().any(|kinds| kinds[kind] != kinds[other]);
        let mut knowledge = Self {
            groups: vec![BTreeMap::new(); survey.groups.len()],
            total: BTreeMap::new(),
            told_apart: [0, 1, 2, 3].map(|kind| (0..kind).all(|earlier| is_told(kind, earlier))),
            everyone: survey.groups.iter().flatten().sum(),
        };
        for (layout, table) in layouts().zip(published.tables()) {
            let (_, estimates, contributors) = survey.estimates(layout);
            for (row, (_, _, kinds)) in layout.rows.iter().enumerate() {
                for (domain, behind) in estimates.domains.iter().zip(&contributors[row]) {
                    let facts = match domain {
                        Domain::Total => &mut knowledge.total,
                        Domain::Group { code, .. } => {
                            let group = CODES.iter().position(|it| *it == code.as_str()).unwrap();
                            &mut knowledge.groups[group]
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
        knowledge
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

/// What is wrong with what is published of a survey.
fn leak(survey: &Small, published: &Published) -> Option<String> {
    let knowledge = Knowledge::of(survey, published);
    let (candidates, facts) = knowledge.listed();
    for (layout, table) in survey.tables.iter().map(|table| &TABLES[*table]).zip(published.tables()) {
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
fn no_confidential_count_is_pinned_whatever_the_answers_are() {
    const CASES: u32 = 10_200;
    let (mut protected, mut with_shown_groups) = (0_u32, 0_u32);
    let mut runner = TestRunner::new_with_rng(
        Config { cases: CASES, failure_persistence: None, max_shrink_iters: 300, ..Config::default() },
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let counts = std::cell::RefCell::new((&mut protected, &mut with_shown_groups));
    let outcome = runner.run(&small(), |survey| {
        let published = survey.disclose();
        let hides = |table: &crate::PublishedTable| {
            let cells = || table.domains().iter().filter_map(|domain| table.cell(&table.rows()[0], domain)).skip(1);
            let is_hidden = |cell: &crate::Cell| *cell == crate::Cell::Hidden(crate::Hidden::Confidential);
            (
                cells().any(is_hidden) || !table.withheld().is_empty(),
                cells().any(is_hidden) && cells().any(|cell| cell.figures().is_some()),
            )
        };
        let found: Vec<(bool, bool)> = published.tables().iter().map(hides).collect();
        let mut counts = counts.borrow_mut();
        *counts.0 += u32::from(found.iter().any(|(hides, _)| *hides));
        *counts.1 += u32::from(found.iter().any(|(_, beside_shown)| *beside_shown));
        prop_assert_eq!(leak(&survey, &published), None);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    // Past the harness, which keeps what a passing test prints to itself: .ci/run looks for it.
    writeln!(
        std::io::stdout(),
        "\nof {CASES} surveys every set of answers was listed: {protected} with something confidential, {with_shown_groups} of them with cells shown beside it"
    )
    .expect("standard output can be written");
    assert!(
        protected > CASES / 2 && with_shown_groups > CASES / 20,
        "the surveys need protection: {protected}, {with_shown_groups}"
    );
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
