//! What the protection lets through, the attack does not break; what the protection would hide, it does.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::enumerating::{Small, small};
use super::*;
use crate::{Cell, Hidden, Spot, Statement, Surroundings, Told, attack};

/// What a published release tells a reader.
fn told(survey: &Small, published: &Published) -> Vec<Statement> {
    let mut statements = Vec::new();
    for (base, table) in survey.bases().into_iter().zip(published.tables()) {
        for row in table.rows() {
            let (item, codes) = row.as_str().split_once(':').unwrap_or((row.as_str(), ""));
            for domain in table.domains() {
                let group = match domain {
                    Domain::Total => None,
                    Domain::Group { breakdown, code } => Some((breakdown.to_string(), code.to_string())),
                };
                let codes = codes.split('+').filter(|code| !code.is_empty()).map(str::to_owned).collect();
                let spot = Spot { base: base.to_owned(), item: item.to_owned(), codes, group };
                let place = table.id().to_string();
                let tell = |told| Statement { spot: spot.clone(), told, place: place.clone() };
                match table.cell(row, domain).unwrap() {
                    Cell::Shown(figures) | Cell::Flagged(figures, _) => {
                        let percent = figures.estimate().in_units();
                        let share = Told::Share { low: (percent - 0.5) / 100.0, high: (percent + 0.5) / 100.0 };
                        statements.extend([tell(Told::Answers(figures.n())), tell(share)]);
                    }
                    Cell::Hidden(Hidden::Confidential) => statements.push(tell(Told::Confidential)),
                    Cell::Hidden(Hidden::Empty) => statements.push(tell(Told::Answers(0))),
                    Cell::Hidden(_) => statements.push(tell(Told::NotShown)),
                }
            }
        }
    }
    statements
}

fn runner(cases: u32) -> TestRunner {
    TestRunner::new_with_rng(
        Config { cases, failure_persistence: None, max_shrink_iters: 300, ..Config::default() },
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    )
}

fn surroundings(survey: &Small) -> Surroundings {
    Surroundings { asked: survey.smallest_base, weight_ratio: 1.0 }
}

#[test]
fn nothing_that_is_protected_can_be_derived() {
    let outcome = runner(2_500).run(&small(), |survey| {
        let published = survey.disclose();
        let derived = attack(&told(&survey, &published), surroundings(&survey));
        prop_assert!(derived.is_empty(), "{:#?}", derived);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
