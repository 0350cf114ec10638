//! Standard errors where strata are groups: what is printed of the total leaves every confidential group the room that it has without them.
//!
//! Each stratum is a group. The attacker knows the design, so the weights and who was sampled, the counts of every shown group, and how far every number was rounded. All counts that the
//! hidden groups can have are tried: each is estimated anew, from sums by stratum, and counts if it would be printed as the answers are.

use std::collections::BTreeMap;
use std::io::Write;

use codebook::LonelyPsu;
use estimate::{DesignTable, RowSums, Stratum, StratumCell, Sums, TableSums, Wide, contributors, estimate};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::rule::{Coarseness, round};
use crate::{Cell, Figures, Hidden};

const CODES: [&str; 4] = ["a", "b", "c", "d"];

/// A stratum, which is a group: its size, the answers, who of them is in the base, and who of these says yes.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Counts {
    population: u64,
    sampled: u64,
    n: u64,
    yes: u64,
}

/// A survey of which one table is published.
#[derive(Debug, Clone)]
struct Stratified {
    strata: Vec<Counts>,
    decimals: u8,
    smallest_base: u64,
    shares: IntervalMethod,
}

fn stratified() -> impl Strategy<Value = Stratified> {
    let sampled = prop_oneof![4 => 2_u64..=4, 1 => 5_u64..=12];
    // Who is in the base, and says yes, by thirds; times as many in the population, so that weights are often alike.
    let stratum = (sampled, 0_u64..=2, 0_u64..=3, prop_oneof![4 => Just(3_u64), 1 => 2_u64..=5]);
    let is_of_all = proptest::bool::weighted(0.6);
    let methods =
        prop_oneof![2 => Just(IntervalMethod::Xlogit), 1 => Just(IntervalMethod::T), 1 => Just(IntervalMethod::Wilson)];
    (proptest::collection::vec(stratum, 3..=4), is_of_all, 0_u8..=2, 3_u64..=5, methods).prop_map(
        |(strata, is_of_all, decimals, smallest_base, shares)| {
            let counts = |(sampled, left, thirds, times): (u64, u64, u64, u64)| {
                let n = if is_of_all { sampled } else { sampled - left.min(sampled - 1) };
                Counts { population: times * sampled, sampled, n, yes: (n * thirds).div_ceil(3).min(n) }
            };
            Stratified { strata: strata.into_iter().map(counts).collect(), decimals, smallest_base, shares }
        },
    )
}

impl Stratified {
    fn method(&self) -> Method {
        Method { shares: self.shares, ..METHOD }
    }

    fn design(&self) -> DesignTable {
        let stratum = |counts: &Counts| Stratum {
            key: Vec::new(),
            units: counts.sampled,
            psus: counts.sampled,
            population: Some(Wide::from_count(counts.population)),
            weight: Some(Wide::from_ratio(counts.population, counts.sampled)),
        };
        DesignTable::of_strata(self.strata.iter().map(stratum).collect(), LonelyPsu::Certainty)
    }

    fn spec(&self) -> TableSpec {
        let mut spec = Survey::sound().spec;
        spec.rows.truncate(1);
        spec.decimals = self.decimals;
        spec
    }

    /// The sums of the total and of each group, if the strata had these counts.
    fn sums(&self, strata: &[Counts]) -> TableSums {
        let cell = |(stratum, counts): (usize, &Counts)| {
            let weight = Wide::from_ratio(counts.population, counts.sampled);
            let (n, yes) = (Wide::from_count(counts.n), Wide::from_count(counts.yes));
            StratumCell {
                stratum,
                n: counts.n,
                positive: counts.yes,
                wx: weight * n,
                wy: weight * yes,
                wyy: weight * yes,
                wwxx: weight.square() * n,
                wwxy: weight.square() * yes,
                wwyy: weight.square() * yes,
            }
        };
        let cells: Vec<StratumCell> = strata.iter().enumerate().map(cell).filter(|it| it.n > 0).collect();
        let of_group = |stratum| Sums::ByStratum(cells.iter().copied().filter(|it| it.stratum == stratum).collect());
        let domains = std::iter::once(Sums::ByStratum(cells.clone())).chain((0..strata.len()).map(of_group)).collect();
        TableSums {
            table: table_id(),
            domains: std::iter::once(Domain::Total).chain(CODES[..strata.len()].iter().map(|it| group(it))).collect(),
            rows: vec![RowSums { row: row("any"), domains }],
        }
    }

    /// The total if the strata had these counts.
    fn total(&self, strata: &[Counts]) -> Outcome {
        estimate(&self.spec(), &self.sums(strata), &self.design(), &[], self.method()).cells[0][0]
    }

    fn disclose(&self, knows_strata: bool) -> Vec<Cell> {
        let (spec, design) = (self.spec(), self.design());
        let sums = self.sums(&self.strata);
        let mut table = estimate(&spec, &sums, &design, &[], self.method());
        if !knows_strata {
            table.strata.clear();
        }
        let rules = Rules {
            smallest_base: self.smallest_base,
            unreliable_below: 0,
            flagged_below: 0,
            widest_interval: 100,
            numerators: Numerators::Never,
            ..RULES
        };
        let published = disclose(Release {
            wave: WaveId::new("2019").unwrap(),
            synthetic: false,
            rules,
            method: self.method(),
            specs: &[&spec],
            tables: &[table],
            contributors: &[contributors(&sums, &design)],
            unions: crate::Unions::NONE,
            themes: &[],
            wordings: &[],
            phrases: &BTreeMap::new(),
            fieldwork: Fieldwork::default(),
            beside: crate::Beside::default(),
        });
        let table = published.table(&table_id()).unwrap();
        let withheld = Cell::Hidden(Hidden::Confidential);
        let cell = |domain: &Domain| table.cell(&row("any"), domain).copied().unwrap_or(withheld);
        sums.domains.iter().map(cell).collect()
    }

    /// What is wrong with the cells that are shown.
    fn leak(&self, cells: &[Cell]) -> Option<String> {
        let is_hidden = |place: usize| cells[place + 1] == Cell::Hidden(Hidden::Confidential);
        let few = 1..self.smallest_base;
        let secret: Vec<usize> =
            (0..self.strata.len()).filter(|it| is_hidden(*it) && few.contains(&self.strata[*it].n)).collect();
        let Outcome::Estimated(truth) = self.total(&self.strata) else { return None };
        let printed = cells[0].figures().copied();
        let at = |estimate: &Estimate, steps: u8| {
            round(estimate, Measure::Share, self.decimals).map(|figures| Coarseness(steps).of(figures))
        };
        // Nobody is told how coarse a number is but by the number.
        let steps: Vec<u8> = (0..=Coarseness::most(self.decimals).0).filter(|it| at(&truth, *it) == printed).collect();
        assert!(printed.is_none() || !steps.is_empty(), "{printed:?} was rounded somehow");
        let prints = |strata: &[Counts]| match self.total(strata) {
            Outcome::Estimated(estimate) => printed.is_none() || steps.iter().any(|it| at(&estimate, *it) == printed),
            Outcome::NotEstimable { .. } => false,
        };
        let share = |figures: Option<Figures>| figures.map(|it| it.estimate);
        let share_alone = |strata: &[Counts]| match self.total(strata) {
            Outcome::Estimated(estimate) => share(at(&estimate, 0)) == share(at(&truth, 0)),
            Outcome::NotEstimable { .. } => false,
        };
        let is_of_all = self.strata.iter().all(|it| it.n == it.sampled);
        let sum = |of: fn(&Counts) -> u64| self.strata.iter().map(of).sum::<u64>();
        let (n, yes) = (sum(|it| it.n), sum(|it| it.yes));
        for group in secret {
            let asked = self.smallest_base.min(self.strata[group].n).min(yes).min(n - yes);
            let asked = asked.min(self.range(group, (true, |it| it.yes), &is_hidden, &share_alone));
            let width = self.range(group, (true, |it| it.yes), &is_hidden, &prints);
            if width < asked {
                return Some(format!("those of {group} who say yes range over {width}, not {asked}"));
            }
            if is_of_all {
                continue;
            }
            let asked = self.smallest_base.min(self.range(group, (false, |it| it.n), &is_hidden, &share_alone));
            let width = self.range(group, (false, |it| it.n), &is_hidden, &prints);
            if width < asked {
                return Some(format!("the answers of {group} range over {width}, not {asked}"));
            }
        }
        None
    }

    /// How far a count of a group ranges over everything that the hidden groups can be.
    fn range(
        &self,
        group: usize,
        (is_n_known, counting): (bool, fn(&Counts) -> u64),
        is_hidden: &dyn Fn(usize) -> bool,
        fits: &dyn Fn(&[Counts]) -> bool,
    ) -> u64 {
        let mut all = vec![Vec::new()];
        for (place, counts) in self.strata.iter().enumerate() {
            let numbers = if is_n_known { counts.n..=counts.n } else { 1..=counts.sampled };
            let any = || numbers.clone().flat_map(|n| (0..=n).map(move |yes| Counts { n, yes, ..*counts }));
            let own: Vec<Counts> = if is_hidden(place) { any().collect() } else { vec![*counts] };
            all = all
                .iter()
                .flat_map(|before: &Vec<Counts>| {
                    own.iter().map(move |it| before.iter().copied().chain([*it]).collect())
                })
                .collect();
        }
        let sums =
            |strata: &[Counts]| [|it: &Counts| it.n, |it: &Counts| it.yes].map(|of| strata.iter().map(of).sum::<u64>());
        all.retain(|strata| sums(strata) == sums(&self.strata));
        all.sort_by_key(|strata| counting(&strata[group]));
        let least = all.iter().find(|it| fits(it)).map(|it| counting(&it[group]));
        let most = all.iter().rev().find(|it| fits(it)).map(|it| counting(&it[group]));
        most.zip(least).map(|(most, least)| most - least).expect("the answers themselves fit")
    }
}

/// Three groups of three answers and one of three hundred, all of one weight.
fn three_of_three() -> Stratified {
    let small = |yes| Counts { population: 9, sampled: 3, n: 3, yes };
    let large = Counts { population: 900, sampled: 300, n: 300, yes: 150 };
    let strata = vec![small(1), small(1), small(1), large];
    Stratified { strata, decimals: 1, smallest_base: 5, shares: IntervalMethod::Xlogit }
}

#[test]
fn three_hidden_groups_of_three_answers_are_not_told_from_the_standard_error_of_all() {
    let survey = three_of_three();
    let (before, now) = (survey.disclose(false), survey.disclose(true));
    assert!(survey.leak(&before).is_some(), "two decimals of it tell that one of each group says yes");
    assert_eq!(survey.leak(&now), None);
    assert_eq!(before[1..], now[1..], "no group more is hidden");
    let [before, now] = [&before, &now].map(|cells| *cells[0].figures().expect("the total is shown"));
    assert_eq!((before.estimate, before.n), (now.estimate, now.n));
    let of = |figures: Figures| [figures.low, figures.estimate, figures.high, figures.se].map(|it| it.as_f64());
    let ([low_before, _, high_before, se_before], [low, estimate, high, se]) = (of(before), of(now));
    assert!(low <= low_before && high_before <= high && low < estimate && estimate < high, "{now:?}");
    assert!(se_before < se && se < 2.0 * se_before, "{before:?} and {now:?}");
}

#[test]
fn no_confidential_group_follows_from_a_standard_error() {
    const CASES: u32 = 200;
    let mut runner = TestRunner::new(Config { cases: CASES, failure_persistence: None, ..Config::default() });
    let mut counted = (0_u32, 0_u32, 0_u32, 0_u32);
    let cell = std::cell::RefCell::new(&mut counted);
    runner
        .run(&stratified(), |survey| {
            let (before, now) = (survey.disclose(false), survey.disclose(true));
            let mut counted = cell.borrow_mut();
            counted.0 += u32::from(now[1..].contains(&Cell::Hidden(Hidden::Confidential)));
            counted.1 += u32::from(survey.leak(&before).is_some());
            counted.2 += u32::from(before != now);
            counted.3 += u32::from(before[0].figures().is_some() && now[0].figures().is_none());
            prop_assert_eq!(&before[1..], &now[1..]);
            let leak = survey.leak(&now);
            prop_assert!(leak.is_none(), "{:?}", leak);
            Ok(())
        })
        .unwrap();
    let (hiding, leaking, coarser, without) = counted;
    let told = format!(
        "{CASES} surveys, {hiding} with hidden groups: {leaking} would tell one, {coarser} are coarser, {without} of them show no total\n"
    );
    std::io::stderr().write_all(told.as_bytes()).unwrap();
    assert!(leaking > 0 && hiding > CASES / 2, "{told}");
}
