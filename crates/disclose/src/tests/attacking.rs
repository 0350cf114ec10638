//! What the protection lets through, the attack does not break; what the protection would hide, it does.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::enumerating::{Small, base_of, leak_of_tables, small};
use super::*;
use crate::{Cell, Hidden, Spot, Statement, Surroundings, Told, ToldCells, attack};

/// What a published release tells a reader.
fn told(published: &Published) -> Vec<Statement> {
    told_by(published.tables())
}

fn told_by(tables: &[crate::PublishedTable]) -> Vec<Statement> {
    let mut statements = Vec::new();
    for table in tables {
        let base = base_of(table);
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
        let derived = attack(&told(&published), surroundings(&survey));
        prop_assert!(derived.is_empty(), "{:#?}", derived);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

/// A wave has an edition with some of its tables, and is drawn again when the country has more: the two are protected by two choices. Where the later choice
/// hides in the edition's tables what the edition hid, or the series shows nothing that the edition does not, whoever has both knows no more
/// than one choice lets him.
#[test]
fn an_edition_and_a_later_series_of_its_wave_hide_together_what_one_choice_hides() {
    let (refused, proven) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    let parts = (small(), proptest::collection::vec(any::<bool>(), 5), proptest::collection::vec(any::<bool>(), 5));
    let outcome = runner(2_500).run(&parts, |(survey, in_edition, drawn)| {
        let (edition, whole) = (survey.only(&in_edition).disclose(), survey.disclose());
        // A table that is withheld whole adds nothing to what the edition tells, whatever that is.
        let tells = |table: &&crate::PublishedTable| {
            told_by(std::slice::from_ref(*table)).iter().any(|statement| statement.told != Told::Confidential)
        };
        let drawn = whole.tables().iter().zip(&drawn).filter(|(_, is_drawn)| **is_drawn).map(|(table, _)| table);
        let series: Vec<crate::PublishedTable> = drawn.filter(tells).cloned().collect();
        let [of_edition, of_whole, of_series] = [edition.tables(), whole.tables(), &series].map(ToldCells::of);
        if of_edition.tell_no_more_with(&of_whole, &of_series).is_err() {
            refused.set(refused.get() + 1);
            return Ok(());
        }
        proven.set(proven.get() + 1);
        prop_assert_eq!(leak_of_tables(&survey, &[edition.tables(), &series].concat()), None);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    assert!(refused.get() > 100 && proven.get() > 1_000, "{} refused, {} proven", refused.get(), proven.get());
}
