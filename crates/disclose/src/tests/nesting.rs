//! Small surveys with two breakdowns that divide each other, and a base that is some groups: what is published of them pins no confidential count.
//!
//! Fine and coarse groups fall into parts; within a part, people of any fine group may be in any coarse one. Most parts are a coarse group of several fine ones, some have several
//! of both. The attacker knows the parts, who is in the second base, and the unweighted counts behind every shown cell. Every set of answers that agrees with these is counted in.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use estimate::Membership;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::{Cell, Hidden, PublishedTable, Unions};

/// People of a fine and a coarse group who say yes, and who say no.
#[derive(Clone)]
struct Atom {
    fine: usize,
    coarse: usize,
    says: [u64; 2],
}

impl std::fmt::Debug for Atom {
    /// `1 in 0: 2 yes, 3 no`, fine in coarse.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [yes, no] = self.says;
        write!(f, "{} in {}: {yes} yes, {no} no", self.fine, self.coarse)
    }
}

/// A survey and the tables that are published of it.
#[derive(Debug, Clone)]
struct Nested {
    atoms: Vec<Atom>,
    /// Whether the people of each fine group are in the second base.
    in_part: Vec<bool>,
    /// Of the second base or of all; by fine groups, by coarse ones.
    tables: BTreeSet<(bool, bool, bool)>,
    smallest_base: u64,
}

const MOST_GROUPS: usize = 9;

fn nested() -> impl Strategy<Value = Nested> {
    // Numbers of fine and coarse groups of each part.
    let part = prop_oneof![6 => (1_usize..=3, Just(1_usize)), 1 => (Just(2), Just(2)), 1 => (Just(1), Just(2))];
    let parts = proptest::collection::vec(part, 2..=3);
    let says = prop_oneof![5 => 0_u64..=1, 3 => 0_u64..=2, 1 => 0_u64..=4];
    let says = proptest::collection::vec([says.clone(), says], 2 * MOST_GROUPS);
    let in_part = proptest::collection::vec(any::<bool>(), MOST_GROUPS);
    let table = (proptest::bool::weighted(0.3), proptest::bool::weighted(0.6), any::<bool>());
    let tables = proptest::collection::btree_set(table, 1..=4);
    (parts, says, in_part, tables, 2_u64..=4).prop_map(|(parts, says, in_part, tables, smallest_base)| {
        let (mut atoms, mut first) = (Vec::new(), (0, 0));
        let mut says = says.into_iter().cycle();
        for (fine, coarse) in parts {
            for group in 0..fine * coarse {
                let says = says.next().expect("it does not end");
                atoms.push(Atom { fine: first.0 + group % fine, coarse: first.1 + group / fine, says });
            }
            first = (first.0 + fine, first.1 + coarse);
        }
        Nested { atoms, in_part, tables, smallest_base }
    })
}

/// A published set: in which base, and in which group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Spot {
    Total,
    Fine(usize),
    Coarse(usize),
}

impl Spot {
    fn domain(self) -> Domain {
        let group = |name: &str, index: usize| Domain::Group {
            breakdown: VariableName::new(name).unwrap(),
            code: code(&format!("g{index}")),
        };
        match self {
            Self::Total => Domain::Total,
            Self::Fine(index) => group("industry", index),
            Self::Coarse(index) => group("sector", index),
        }
    }
}

impl Nested {
    fn is_in(&self, atom: &Atom, of_part: bool, spot: Spot) -> bool {
        let is_of_base = !of_part || self.in_part[atom.fine];
        is_of_base
            && match spot {
                Spot::Total => true,
                Spot::Fine(index) => atom.fine == index,
                Spot::Coarse(index) => atom.coarse == index,
            }
    }

    /// The numbers of the atoms in a set.
    fn atoms_in(&self, of_part: bool, spot: Spot) -> BTreeSet<usize> {
        (0..self.atoms.len()).filter(|atom| self.is_in(&self.atoms[*atom], of_part, spot)).collect()
    }

    fn spots(&self, by_fine: bool, by_coarse: bool) -> Vec<Spot> {
        let most = |of: fn(&Atom) -> usize| self.atoms.iter().map(of).max().unwrap();
        let fine = (0..=most(|atom| atom.fine)).filter(|_| by_fine).map(Spot::Fine);
        let coarse = (0..=most(|atom| atom.coarse)).filter(|_| by_coarse).map(Spot::Coarse);
        std::iter::once(Spot::Total).chain(fine).chain(coarse).collect()
    }

    /// Those who say yes and those who say no in a set.
    fn says(&self, atoms: &BTreeSet<usize>) -> [u64; 2] {
        [0, 1].map(|answer| atoms.iter().map(|atom| self.atoms[*atom].says[answer]).sum())
    }

    fn table(&self, &(of_part, by_fine, by_coarse): &(bool, bool, bool)) -> (TableSpec, Table, Vec<Vec<Contributors>>) {
        let mut survey = Survey::sound();
        survey.spec.id =
            TableId::new(&format!("t{}{}{}", u8::from(of_part), u8::from(by_fine), u8::from(by_coarse))).unwrap();
        survey.spec.base = BaseId::new(if of_part { "part" } else { "all" }).unwrap();
        survey.spec.rows.truncate(1);
        let names = [("industry", by_fine), ("sector", by_coarse)].into_iter().filter(|(_, is_there)| *is_there);
        survey.spec.breakdowns = names.map(|(name, _)| VariableName::new(name).unwrap()).collect();
        let spots = self.spots(by_fine, by_coarse);
        let cell = |spot: &Spot| {
            let [yes, no] = self.says(&self.atoms_in(of_part, *spot));
            let (n, positive) = (yes + no, yes);
            let size = estimate::Wide::from_count(n).to_f64();
            let value = estimate::Wide::from_count(positive).to_f64() / size;
            let (weight, lightest, heaviest, take_all, sizes) = (3.0 * size, 3.0, 3.0, false, None);
            let estimate =
                Estimate { value, se: 0.1, low: value, high: value, df: 9.0, n, positive, deff: None, sides: None };
            let outcome = if n == 0 { not_estimable(NotEstimable::Empty, 0) } else { Outcome::Estimated(estimate) };
            (outcome, Contributors { n, positive, weight, lightest, heaviest, take_all, sizes })
        };
        let (cells, contributors): (Vec<_>, Vec<_>) = spots.iter().map(cell).unzip();
        let table = Table {
            id: survey.spec.id.clone(),
            domains: spots.iter().map(|spot| spot.domain()).collect(),
            rows: survey.spec.rows.iter().map(|row| row.id.clone()).collect(),
            cells: vec![cells],
            strata: Vec::new(),
            differences: Vec::new(),
            row_differences: Vec::new(),
        };
        (survey.spec, table, vec![contributors])
    }

    fn memberships(&self) -> Vec<Membership> {
        let membership = |atom: &Atom| {
            let bases = [("all", true), ("part", self.in_part[atom.fine])].into_iter().filter(|(_, is_in)| *is_in);
            let group = |spot: Spot| match spot.domain() {
                Domain::Group { breakdown, code } => (breakdown, code),
                Domain::Total => unreachable!("it is a group"),
            };
            Membership {
                n: atom.says.iter().sum(),
                bases: bases.map(|(base, _)| BaseId::new(base).unwrap()).collect(),
                groups: [Spot::Fine(atom.fine), Spot::Coarse(atom.coarse)].map(group).into(),
            }
        };
        self.atoms.iter().map(membership).filter(|it| it.n > 0).collect()
    }

    /// What is published where the unions are known to the protection, or where they are not.
    fn disclose(&self, knows_unions: bool) -> Vec<PublishedTable> {
        let made: Vec<_> = self.tables.iter().map(|table| self.table(table)).collect();
        let specs: Vec<&TableSpec> = made.iter().map(|(spec, ..)| spec).collect();
        let tables: Vec<Table> = made.iter().map(|(_, table, _)| table.clone()).collect();
        let contributors: Vec<_> = made.iter().map(|(.., behind)| behind.clone()).collect();
        let unions =
            if knows_unions { Unions::of(&self.memberships(), &specs, self.smallest_base) } else { Unions::default() };
        let rules = Rules {
            smallest_base: self.smallest_base,
            unreliable_below: 0,
            flagged_below: 0,
            widest_interval: 100,
            ..RULES
        };
        let published = disclose(Release {
            wave: WaveId::new("2019").unwrap(),
            synthetic: false,
            rules,
            method: METHOD,
            specs: &specs,
            tables: &tables,
            contributors: &contributors,
            unions: &unions,
            themes: &[],
            wordings: &[],
            phrases: &BTreeMap::new(),
            fieldwork: Fieldwork::default(),
            beside: crate::Beside::default(),
        });
        published.tables().to_vec()
    }

    /// What is wrong with what is published.
    fn leak(&self, published: &[PublishedTable]) -> Option<String> {
        let mut shown = BTreeSet::new();
        let mut totals = BTreeSet::new();
        for (layout, table) in self.tables.iter().zip(published) {
            let (of_part, by_fine, by_coarse) = *layout;
            for spot in self.spots(by_fine, by_coarse) {
                let cell = table.cell(&table.rows()[0], &spot.domain());
                let is_told = cell.is_some_and(|cell| cell.figures().is_some() || *cell == Cell::Hidden(Hidden::Empty));
                if is_told {
                    shown.insert(self.atoms_in(of_part, spot));
                    totals.extend((spot == Spot::Total).then(|| self.atoms_in(of_part, spot)));
                }
            }
        }
        let few = 1..self.smallest_base;
        let size = |atoms: &BTreeSet<usize>| self.says(atoms).iter().sum::<u64>();
        for larger in &shown {
            if let Some(smaller) =
                shown.iter().find(|it| it.is_subset(larger) && few.contains(&(size(larger) - size(it))))
            {
                return Some(format!("{} of {larger:?} less those of {smaller:?}", size(larger)));
            }
        }
        for ((of_part, by_fine, by_coarse), table) in self.tables.iter().zip(published) {
            let everyone = size(&self.atoms_in(*of_part, Spot::Total));
            for spot in self.spots(*by_fine, *by_coarse) {
                let atoms = self.atoms_in(*of_part, spot);
                let n = size(&atoms);
                if !few.contains(&n) {
                    continue;
                }
                if shown.contains(&atoms) {
                    return Some(format!("{spot:?} of {n} is shown"));
                }
                let [yes, no] = [0, 1].map(|answer| self.range(&atoms, &shown, answer));
                if yes + no < self.smallest_base.min(everyone.saturating_sub(1)) {
                    return Some(format!("the {n} of {spot:?} (part: {of_part}) range over {}", yes + no));
                }
                // Of a row no more can be asked than if nothing but totals were told; nor where it is told that all of a larger group say the same.
                let around = self.told_around(&atoms, &shown).into_iter().flat_map(|larger| self.says(&larger));
                let of_totals = [0, 1].map(|answer| self.range(&atoms, &totals, answer));
                let at_best = of_totals[0].min(of_totals[1]).min(around.min().unwrap_or(u64::MAX));
                let asked = self.smallest_base.min(n).min(at_best);
                // Of a table that is not published at all, only the numbers of answers are asked for: what other bases tell of its people, no group of its own can hide.
                if yes < asked && !table.domains().is_empty() {
                    return Some(format!(
                        "those of {spot:?} (part: {of_part}) who say yes range over {yes}, not {asked}"
                    ));
                }
            }
        }
        None
    }

    /// Sets that hold some people and of which it is told how many say yes: groups that are shown, several of one breakdown together, and what they leave of a larger set.
    fn told_around(&self, atoms: &BTreeSet<usize>, shown: &BTreeSet<BTreeSet<usize>>) -> Vec<BTreeSet<usize>> {
        let mut around = Vec::new();
        for (of_part, by_fine) in [(false, false), (false, true), (true, false), (true, true)] {
            let groups = self.spots(by_fine, !by_fine).into_iter().skip(1).map(|spot| self.atoms_in(of_part, spot));
            let (touching, apart): (Vec<_>, Vec<_>) =
                groups.filter(|group| shown.contains(group)).partition(|group| !group.is_disjoint(atoms));
            around.push(touching.into_iter().flatten().collect());
            for larger in shown {
                let beside: BTreeSet<usize> =
                    apart.iter().filter(|group| group.is_subset(larger)).flatten().copied().collect();
                around.push(larger - &beside);
            }
        }
        around.retain(|larger: &BTreeSet<usize>| atoms.is_subset(larger));
        around
    }

    /// How far the number of those in some atoms who give an answer can range over everything that all atoms can be, given their number in the told sets. Yes and no are told of
    /// the same sets, so each ranges by itself.
    fn range(&self, atoms: &BTreeSet<usize>, told: &BTreeSet<BTreeSet<usize>>, answer: usize) -> u64 {
        let told: Vec<&BTreeSet<usize>> = told.iter().collect();
        let left: Vec<u64> = told.iter().map(|set| self.says(set)[answer]).collect();
        let mut known = BTreeMap::new();
        let ends = ends(0, self.atoms.len(), (&told, left), atoms, &mut known);
        let (least, most) = ends.expect("the answers themselves fit");
        most - least
    }
}

/// The least and the most that some atoms can have together from a number on, given what is left of each told set; `None` where nothing fits.
type Ends = Option<(u64, u64)>;

fn ends(
    atom: usize,
    atoms: usize,
    (told, left): (&[&BTreeSet<usize>], Vec<u64>),
    wanted: &BTreeSet<usize>,
    known: &mut BTreeMap<(usize, Vec<u64>), Ends>,
) -> Ends {
    if atom == atoms {
        return left.iter().all(|left| *left == 0).then_some((0, 0));
    }
    if let Some(ends) = known.get(&(atom, left.clone())) {
        return *ends;
    }
    let is_told = |set: &&BTreeSet<usize>| set.contains(&atom);
    // Of somebody of whom nothing is told, there may be any number; a few are enough to see it.
    let any = if wanted.contains(&atom) { 6 } else { 0 };
    let most = told.iter().zip(&left).filter(|(set, _)| is_told(set)).map(|(_, left)| *left).min().unwrap_or(any);
    let mut found: Ends = None;
    for n in 0..=most {
        let rest: Vec<u64> =
            told.iter().zip(&left).map(|(set, left)| left - if is_told(set) { n } else { 0 }).collect();
        let is_over = |(set, left): (&&BTreeSet<usize>, &u64)| set.last() <= Some(&atom) && *left > 0;
        if told.iter().zip(&rest).any(is_over) {
            continue;
        }
        let own = if wanted.contains(&atom) { n } else { 0 };
        if let Some((least, most)) = ends(atom + 1, atoms, (told, rest), wanted, known) {
            let so_far = found.unwrap_or((u64::MAX, 0));
            found = Some((so_far.0.min(least + own), so_far.1.max(most + own)));
        }
    }
    known.insert((atom, left), found);
    found
}

#[test]
fn breakdowns_that_divide_each_other_pin_no_confidential_count() {
    const CASES: u32 = 10_000;
    let mut runner = TestRunner::new_with_rng(
        Config { cases: CASES, failure_persistence: None, max_shrink_iters: 400, ..Config::default() },
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    // With something confidential, with cells shown beside it; those that would leak if nobody knew of the unions.
    let seen = std::cell::Cell::new([0_usize; 3]);
    let outcome = runner.run(&nested(), |survey| {
        let published = survey.disclose(true);
        let cells = || {
            published.iter().flat_map(|table| {
                table.domains().iter().skip(1).filter_map(|domain| table.cell(&table.rows()[0], domain))
            })
        };
        let is_hidden = cells().any(|cell| *cell == Cell::Hidden(Hidden::Confidential));
        let is_protected = is_hidden || published.iter().any(|table| !table.withheld().is_empty());
        let is_beside = is_protected && cells().any(|cell| cell.figures().is_some());
        let mut counted = seen.get();
        let would_leak = is_protected && survey.leak(&survey.disclose(false)).is_some();
        for (count, is_it) in counted.iter_mut().zip([is_protected, is_beside, would_leak]) {
            *count += usize::from(is_it);
        }
        seen.set(counted);
        prop_assert_eq!(survey.leak(&published), None);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    let [protected, beside, would_leak] = seen.get();
    // Past the harness, which keeps what a passing test prints to itself.
    writeln!(
        std::io::stdout(),
        "\nof {CASES} surveys with breakdowns that divide each other every set of answers was listed: {protected} with something confidential, {beside} of them with groups shown beside it; \
         {would_leak} would have given a count away if each breakdown had been protected by itself"
    )
    .expect("standard output can be written");
    assert!(protected > 5_000 && beside > 1_000 && would_leak > 500, "{protected} {beside} {would_leak}");
}

/// All who say yes and as many who say no, by fine and coarse group; a base that is the first so many fine groups.
fn survey(groups: &[(usize, usize, u64)], of_part: usize, tables: &[(bool, bool, bool)]) -> Nested {
    let atom =
        |(fine, coarse, n): &(usize, usize, u64)| Atom { fine: *fine, coarse: *coarse, says: [n / 2, n - n / 2] };
    Nested {
        atoms: groups.iter().map(atom).collect(),
        in_part: (0..MOST_GROUPS).map(|fine| fine < of_part).collect(),
        tables: tables.iter().copied().collect(),
        smallest_base: 5,
    }
}

/// The groups of the first table that are shown: fine ones, coarse ones.
fn shown_groups(survey: &Nested, knows_unions: bool) -> [Vec<usize>; 2] {
    let published = survey.disclose(knows_unions);
    let is_shown =
        |spot: &Spot| published[0].cell(&row("any"), &spot.domain()).is_some_and(|cell| cell.figures().is_some());
    let shown = |by_fine: bool| {
        let spots = survey.spots(by_fine, !by_fine).into_iter().skip(1).filter(is_shown);
        spots.map(|spot| if let Spot::Fine(index) | Spot::Coarse(index) = spot { index } else { 0 }).collect()
    };
    [shown(true), shown(false)]
}

#[test]
fn a_hidden_industry_needs_a_companion_in_its_own_sector() {
    let groups = [(0, 0, 3), (1, 0, 60), (2, 1, 8), (3, 1, 50)];
    let survey = survey(&groups, 0, &[(false, true, true)]);
    assert_eq!(shown_groups(&survey, false), [vec![1, 3], vec![0, 1]], "63 in the sector less 60 would tell the 3");
    assert_eq!(shown_groups(&survey, true), [vec![2, 3], vec![0, 1]]);
}

#[test]
fn a_base_that_is_two_industries_tells_their_sum_by_its_total() {
    let groups = [(0, 0, 3), (1, 0, 60), (2, 0, 8), (3, 0, 50)];
    let survey = survey(&groups, 2, &[(false, true, false), (true, false, false)]);
    assert_eq!(shown_groups(&survey, false)[0], [1, 3]);
    assert_eq!(shown_groups(&survey, true)[0], [2, 3]);
}

#[test]
fn a_group_and_a_base_that_differ_by_a_few_people_are_not_both_shown() {
    let disclosed = |few: u64| {
        let groups = [(0, 0, 60), (1, 0, few), (2, 1, 40), (3, 2, 50), (4, 2, 50)];
        shown_groups(&survey(&groups, 1, &[(false, false, true), (true, false, false)]), true)[1].clone()
    };
    for few in 1..5 {
        assert_eq!(disclosed(few), [2], "{few} of the sector are not in the base, and 40 others hide how many");
    }
    assert_eq!(disclosed(0), [0, 1, 2]);
    assert_eq!(disclosed(5), [0, 1, 2]);
}

#[test]
fn unions_come_back_as_they_were_kept() {
    let survey =
        survey(&[(0, 0, 60), (1, 0, 3), (2, 1, 40), (3, 2, 50)], 1, &[(false, true, true), (true, false, false)]);
    let made: Vec<_> = survey.tables.iter().map(|table| survey.table(table)).collect();
    let specs: Vec<&TableSpec> = made.iter().map(|(spec, ..)| spec).collect();
    let unions = Unions::of(&survey.memberships(), &specs, 5);
    assert!(!unions.ties.is_empty() && !unions.nears.is_empty(), "{unions:?}");
    assert_eq!(Unions::from_stored(&unions.stored()), Some(unions));
    assert_eq!(Unions::from_stored("{}"), None);
}
