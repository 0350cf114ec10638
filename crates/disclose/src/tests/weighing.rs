//! Weights beside unions: industries of other weights in a sector that is shown. What the sector's weighted share tells of the hidden ones among them leaves room.
//!
//! The attacker knows everybody's weight, the answers of every group and how many say yes in all that are shown. Every number of those who say yes in the hidden industries is tried, and counts if
//! the shares of total and sectors are printed as they are.

use std::collections::BTreeSet;

use estimate::Membership;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::{Cell, Rounded, Unions};

/// An industry: its sector, its answers, those who say yes, the weight of each.
#[derive(Debug, Clone, Copy)]
struct Industry {
    sector: usize,
    n: u64,
    yes: u64,
    weight: f64,
}

#[derive(Debug, Clone)]
struct Weighted {
    industries: Vec<Industry>,
    smallest_base: u64,
}

fn weighted() -> impl Strategy<Value = Weighted> {
    let weight = prop_oneof![Just(1.0), Just(2.0), Just(3.0)];
    let small = (0_usize..=1, 1_u64..=8, 0_u64..=8, weight.clone());
    let large = (40_u64..=60, 20_u64..=40, weight);
    (proptest::collection::vec(small, 2..=5), proptest::collection::vec(large, 2), 4_u64..=5).prop_map(
        |(small, large, smallest_base)| {
            let of_small =
                |(sector, n, yes, weight): (usize, u64, u64, f64)| Industry { sector, n, yes: yes.min(n), weight };
            let of_large = |(sector, (n, yes, weight)): (usize, (u64, u64, f64))| Industry { sector, n, yes, weight };
            // A sector of thousands, so that the total tells nothing.
            let rest = Industry { sector: 2, n: 9_000, yes: 4_000, weight: 2.0 };
            let industries = small.into_iter().map(of_small).chain(large.into_iter().enumerate().map(of_large));
            Weighted { industries: industries.chain([rest]).collect(), smallest_base }
        },
    )
}

fn group_of(breakdown: &str, index: usize) -> (VariableName, Code) {
    (VariableName::new(breakdown).unwrap(), code(&format!("g{index}")))
}

fn domain_of(breakdown: &str, index: usize) -> Domain {
    let (breakdown, code) = group_of(breakdown, index);
    Domain::Group { breakdown, code }
}

fn size(n: u64) -> f64 {
    estimate::Wide::from_count(n).to_f64()
}

/// The weighted share of those who say yes.
fn share(of: &[Industry]) -> f64 {
    of.iter().map(|it| size(it.yes) * it.weight).sum::<f64>() / of.iter().map(|it| size(it.n) * it.weight).sum::<f64>()
}

impl Weighted {
    fn sector(&self, sector: usize) -> Vec<usize> {
        (0..self.industries.len()).filter(|place| self.industries[*place].sector == sector).collect()
    }

    /// The places of the industries of each domain: the total, the industries, the sectors.
    fn domains(&self) -> Vec<(Domain, Vec<usize>)> {
        let all = 0..self.industries.len();
        let industries = all.clone().map(|place| (domain_of("industry", place), vec![place]));
        let sectors = (0..3).map(|sector| (domain_of("sector", sector), self.sector(sector)));
        std::iter::once((Domain::Total, all.collect())).chain(industries).chain(sectors).collect()
    }

    fn disclose(&self) -> Vec<(Vec<usize>, Option<Cell>)> {
        let mut survey = Survey::sound();
        survey.spec.rows.truncate(1);
        survey.spec.breakdowns = ["industry", "sector"].map(|name| VariableName::new(name).unwrap()).to_vec();
        let domains = self.domains();
        let cell = |(_, places): &(Domain, Vec<usize>)| {
            let of: Vec<Industry> = places.iter().map(|place| self.industries[*place]).collect();
            let (n, positive) = (of.iter().map(|it| it.n).sum(), of.iter().map(|it| it.yes).sum());
            let value = share(&of);
            let weights = || of.iter().map(|it| it.weight);
            let behind = Contributors {
                n,
                positive,
                weight: of.iter().map(|it| it.weight * size(it.n)).sum(),
                lightest: weights().fold(f64::INFINITY, f64::min),
                heaviest: weights().fold(0.0, f64::max),
                take_all: false,
                sizes: None,
            };
            let estimate =
                Estimate { value, se: 0.1, low: value, high: value, df: 9.0, n, positive, deff: None, sides: None };
            (Outcome::Estimated(estimate), behind)
        };
        let (cells, behind): (Vec<_>, Vec<_>) = domains.iter().map(cell).unzip();
        let table = Table {
            domains: domains.iter().map(|(domain, _)| domain.clone()).collect(),
            rows: survey.table.rows[..1].to_vec(),
            cells: vec![cells],
            ..survey.table.clone()
        };
        let membership = |(place, industry): (usize, &Industry)| Membership {
            n: industry.n,
            bases: [survey.spec.base.clone()].into(),
            groups: [group_of("industry", place), group_of("sector", industry.sector)].into(),
        };
        let memberships: Vec<Membership> = self.industries.iter().enumerate().map(membership).collect();
        let rules = Rules {
            smallest_base: self.smallest_base,
            unreliable_below: 0,
            flagged_below: 0,
            widest_interval: 100,
            numerators: Numerators::Never,
            ..RULES
        };
        let unions = Unions::of(&memberships, &[&survey.spec], self.smallest_base);
        let published = survey.released(|release| {
            let (tables, contributors) = ([table.clone()], [vec![behind.clone()]]);
            disclose(Release { rules, tables: &tables, contributors: &contributors, unions: &unions, ..release })
        });
        let table = published.table(&table_id()).unwrap();
        let cell = |(domain, places): (Domain, Vec<usize>)| (places, table.cell(&row("any"), &domain).copied());
        domains.into_iter().map(cell).collect()
    }

    /// What is wrong with what is shown.
    fn leak(&self, published: &[(Vec<usize>, Option<Cell>)]) -> Option<String> {
        let is_shown = |(_, cell): &&(Vec<usize>, Option<Cell>)| cell.is_some_and(|cell| cell.figures().is_some());
        let told: Vec<&Vec<usize>> = published.iter().filter(is_shown).map(|(places, _)| places).collect();
        let everyone: Vec<usize> = (0..self.industries.len()).collect();
        let hidden: Vec<usize> = everyone.iter().copied().filter(|place| !told.contains(&&vec![*place])).collect();
        let few = 1..self.smallest_base;
        for secret in hidden.iter().copied().filter(|place| few.contains(&self.industries[*place].n)) {
            let sides = |places: &[usize]| {
                let sum = |of: fn(&Industry) -> u64| places.iter().map(|it| of(&self.industries[*it])).sum::<u64>();
                sum(|it| it.yes).min(sum(|it| it.n) - sum(|it| it.yes))
            };
            // No more can be asked than is left of a larger set by those that are shown beside the secret one.
            let beside: Vec<usize> =
                told.iter().filter(|it| !it.contains(&secret)).copied().flatten().copied().collect();
            let left = |places: &[usize]| places.iter().copied().filter(|it| !beside.contains(it)).collect::<Vec<_>>();
            let around = told.iter().filter(|places| places.contains(&secret));
            let around = around.flat_map(|places| [sides(places), sides(&left(places))]);
            let asked = self.smallest_base.min(self.industries[secret].n).min(around.min().unwrap_or(u64::MAX));
            let asked = asked.min(self.range(secret, &hidden, &[&everyone]));
            let range = self.range(secret, &hidden, &told);
            if range < asked {
                return Some(format!("those of {secret} who say yes range over {range}, not {asked}"));
            }
        }
        None
    }

    /// How far those who say yes in a hidden industry range, given what is told of some sets.
    fn range(&self, secret: usize, hidden: &[usize], told: &[&Vec<usize>]) -> u64 {
        let printed = |industries: &[Industry], places: &[usize]| {
            let of: Vec<Industry> = places.iter().map(|place| industries[*place]).collect();
            (of.iter().map(|it| it.yes).sum::<u64>(), Rounded::new(share(&of), 2, 0))
        };
        let mut all = vec![self.industries.clone()];
        for place in hidden {
            let with = |industries: &Vec<Industry>| {
                let industries = industries.clone();
                (0..=industries[*place].n.min(70)).map(move |yes| {
                    let mut industries = industries.clone();
                    industries[*place].yes = yes;
                    industries
                })
            };
            // What is told of sets that hold no hidden industry behind this one must agree already.
            let is_settled = |places: &&&Vec<usize>| !places.iter().any(|it| hidden.contains(it) && it > place);
            let settled: Vec<&Vec<usize>> = told.iter().filter(is_settled).copied().collect();
            let agrees = |industries: &Vec<Industry>| {
                settled.iter().all(|places| printed(industries, places) == printed(&self.industries, places))
            };
            all = all.iter().flat_map(with).filter(agrees).collect();
        }
        let yes: BTreeSet<u64> = all.iter().map(|industries| industries[secret].yes).collect();
        yes.last().zip(yes.first()).map(|(most, least)| most - least).expect("the answers themselves agree")
    }
}

#[test]
fn industries_of_other_weights_are_not_told_by_the_share_of_their_sector() {
    // 3 of weight 1 and 8 of weight 2 are hidden in a sector of 61: its weighted share tells how the 5 who say yes are shared out.
    let industry = |sector, n, yes, weight| Industry { sector, n, yes, weight };
    let industries = vec![
        industry(0, 3, 2, 1.0),
        industry(0, 8, 3, 2.0),
        industry(0, 50, 25, 1.0),
        industry(1, 9_000, 4_000, 2.0),
        industry(2, 9_000, 4_000, 2.0),
    ];
    let survey = Weighted { industries, smallest_base: 5 };
    let published = survey.disclose();
    assert_eq!(survey.leak(&published), None);
    let shown: Vec<&Vec<usize>> = published
        .iter()
        .filter(|(_, cell)| cell.is_some_and(|cell| cell.figures().is_some()))
        .map(|(places, _)| places)
        .collect();
    assert!(shown.contains(&&vec![2]) && shown.len() > 2, "{shown:?}");
    // One weight tells nothing more, and nothing more is hidden.
    let mut alike = survey;
    alike.industries.iter_mut().for_each(|it| it.weight = 2.0);
    let hidden = alike.disclose().iter().filter(|(_, cell)| cell.is_none_or(|it| it.figures().is_none())).count();
    assert_eq!(hidden, 2);
}

#[test]
fn no_hidden_industry_follows_from_weights() {
    let seen = std::cell::Cell::new([0_usize; 2]);
    let mut runner = TestRunner::new(Config { cases: 100, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&weighted(), |survey| {
        let published = survey.disclose();
        let [mut hiding, mut beside] = seen.get();
        let is_hidden = |(_, cell): &(Vec<usize>, Option<Cell>)| cell.is_none_or(|it| it.figures().is_none());
        let of_sectors = &published[1 + survey.industries.len()..];
        hiding += usize::from(published.iter().any(is_hidden));
        beside += usize::from(published.iter().any(is_hidden) && of_sectors.iter().any(|it| !is_hidden(it)));
        seen.set([hiding, beside]);
        prop_assert_eq!(survey.leak(&published), None);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    let [hiding, beside] = seen.get();
    assert!(hiding > 50 && beside > 10, "{hiding} {beside}");
}
