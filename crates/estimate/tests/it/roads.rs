//! What must hold for any sample: the roads agree, and what does not matter changes nothing.

use codebook::{Code, LonelyPsu, Measure};
use estimate::{Degrees, DesignTable, IntervalMethod, Method, Outcome, Stratum, Table, Wide};
use proptest::prelude::*;

use crate::sample::{GROUPS, MEAN, Question, Road, SHARE, TOTAL, Unit, table};
use crate::textbook;

const METHOD: Method = Method { shares: IntervalMethod::Xlogit, level: 0.95, degrees: Degrees::Design };

/// A stratum as drawn: units of the population beyond the sample (none: not declared), and (weight, y, group) of each answer.
type DrawnStratum = (Option<u64>, Vec<(u64, i64, usize)>);

fn strata() -> impl Strategy<Value = Vec<DrawnStratum>> {
    let unit = (1_u64..2_000_000, -300_i64..300, 0_usize..3);
    let stratum = (prop::option::of(0_u64..50), prop::collection::vec(unit, 2..8));
    prop::collection::vec(stratum, 1..5)
}

/// The sample of a drawing; weights have five decimals, values two, or are 0 and 1 for shares.
fn sample(drawn: &[DrawnStratum], measure: Measure) -> (DesignTable, Vec<Unit>) {
    let mut units = Vec::new();
    let mut strata = Vec::new();
    for (index, (beyond, members)) in drawn.iter().enumerate() {
        for (w, y, group) in members {
            let y = match measure {
                Measure::Share => Wide::from_count(u64::from(*y > 0)),
                Measure::Mean | Measure::Total | Measure::Ratio | Measure::Quantile { .. } => {
                    Wide::from_decimal(i128::from(*y), 2)
                }
            };
            let w = Wide::from_decimal(i128::from(*w), 5);
            units.push(Unit { stratum: index, psu: units.len(), w, y, group: GROUPS[*group] });
        }
        let n = u64::try_from(members.len()).expect("few units");
        strata.push(Stratum {
            key: vec![Code::new(&index.to_string()).expect("a code")],
            units: n,
            psus: n,
            population: beyond.map(|beyond| Wide::from_count(n + beyond)),
            weight: None,
        });
    }
    let lonely = LonelyPsu::Refuse;
    (DesignTable::of_strata(strata, lonely), units)
}

fn estimates(table: &Table) -> Vec<Outcome> {
    table.cells[0].iter().copied().chain(table.differences.iter().map(|difference| difference.outcome)).collect()
}

fn close(a: f64, b: f64, scale: f64) -> bool {
    (a - b).abs() <= 1e-12 * scale
}

/// Whether two outcomes say the same, but for rounding.
fn same(a: Outcome, b: Outcome) -> bool {
    match (a, b) {
        (Outcome::Estimated(a), Outcome::Estimated(b)) => {
            let scale = a.value.abs() + a.se;
            a.n == b.n
                && a.positive == b.positive
                && close(a.df, b.df, 0.0)
                && close(a.value, b.value, scale)
                && close(a.se, b.se, a.se)
                && close(a.low, b.low, scale * 100.0)
                && close(a.high, b.high, scale * 100.0)
        }
        (a, b) => a == b,
    }
}

fn tables(question: Question<'_>, drawn: &[DrawnStratum], road: Road) -> Vec<Outcome> {
    let (design, units) = sample(drawn, question.measure);
    estimates(&table(question, &units, &GROUPS, Some(("a", "b")), &design, road, METHOD))
}

fn any_question() -> impl Strategy<Value = Question<'static>> {
    prop::sample::select(vec![SHARE, MEAN, TOTAL])
}

proptest! {
    #[test]
    fn sums_by_stratum_psu_and_unit_give_the_same_estimates(question in any_question(), drawn in strata()) {
        let by_unit = tables(question, &drawn, Road::Unit);
        for road in [Road::Stratum, Road::Psu] {
            for (a, b) in by_unit.iter().zip(tables(question, &drawn, road)) {
                prop_assert!(same(*a, b), "{:?} {:?} {:?}", road, a, b);
            }
        }
    }

    #[test]
    fn the_textbook_gives_the_same_estimates(question in any_question(), drawn in strata()) {
        let (design, units) = sample(&drawn, question.measure);
        let table = table(question, &units, &GROUPS, Some(("a", "b")), &design, Road::Stratum, METHOD);
        let group = |group: &str| units.iter().filter(|unit| unit.group == group).cloned().collect::<Vec<_>>();
        let domains = [units.clone(), group("a"), group("b"), group("c")];
        let textbook = domains
            .iter()
            .map(|domain| textbook::estimate_and_variance(question.measure, domain, &design))
            .chain([textbook::difference(question.measure, &domains[1], &domains[2], &design)]);
        for (outcome, (value, variance)) in estimates(&table).into_iter().zip(textbook) {
            if let Outcome::Estimated(found) = outcome {
                // Plain doubles lose digits where values or their spread cancel.
                let scale = value.abs() + found.se;
                let unit_scale = if question.measure == Measure::Total { 1e3 } else { 1.0 };
                prop_assert!((found.value - value).abs() <= 1e-10 * scale.max(unit_scale));
                prop_assert!((found.se * found.se - variance).abs() <= 1e-9 * (variance + 1e-3 * unit_scale * unit_scale));
            }
        }
    }

    #[test]
    fn the_unit_of_the_weights_does_not_matter_for_shares(drawn in strata(), factor in 1_u64..1000, divisor in 1_u64..1000) {
        let (design, units) = sample(&drawn, Measure::Share);
        let scale = Wide::from_ratio(factor, divisor);
        let scaled: Vec<Unit> = units.iter().map(|unit| Unit { w: unit.w * scale, ..unit.clone() }).collect();
        for road in [Road::Stratum, Road::Unit] {
            let before = estimates(&table(SHARE, &units, &GROUPS, Some(("a", "b")), &design, road, METHOD));
            let after = estimates(&table(SHARE, &scaled, &GROUPS, Some(("a", "b")), &design, road, METHOD));
            for (a, b) in before.into_iter().zip(after) {
                prop_assert!(same(a, b), "{:?} {:?}", a, b);
            }
        }
    }

    #[test]
    fn the_order_of_the_units_does_not_matter(question in any_question(), drawn in strata()) {
        let (design, units) = sample(&drawn, question.measure);
        let backwards: Vec<Unit> = units.iter().rev().cloned().collect();
        for road in [Road::Stratum, Road::Psu, Road::Unit] {
            let forth = estimates(&table(question, &units, &GROUPS, None, &design, road, METHOD));
            let back = estimates(&table(question, &backwards, &GROUPS, None, &design, road, METHOD));
            for (a, b) in forth.into_iter().zip(back) {
                prop_assert!(same(a, b), "{:?} {:?}", a, b);
            }
        }
    }

    #[test]
    fn intervals_of_shares_hold_the_share_and_stay_between_0_and_1(drawn in strata()) {
        let (design, units) = sample(&drawn, Measure::Share);
        let table = table(SHARE, &units, &GROUPS, None, &design, Road::Stratum, METHOD);
        for outcome in &table.cells[0] {
            if let Outcome::Estimated(share) = outcome {
                prop_assert!(0.0 <= share.low && share.low <= share.value, "{:?}", share);
                prop_assert!(share.value <= share.high && share.high <= 1.0, "{:?}", share);
            }
        }
    }

    #[test]
    fn yes_and_no_have_the_same_error(drawn in strata()) {
        let (design, units) = sample(&drawn, Measure::Share);
        let opposite: Vec<Unit> = units.iter().map(|unit| Unit { y: Wide::ONE - unit.y, ..unit.clone() }).collect();
        let yes = table(SHARE, &units, &GROUPS, None, &design, Road::Stratum, METHOD);
        let no = table(SHARE, &opposite, &GROUPS, None, &design, Road::Stratum, METHOD);
        for (yes, no) in yes.cells[0].iter().zip(&no.cells[0]) {
            match (yes, no) {
                (Outcome::Estimated(yes), Outcome::Estimated(no)) => {
                    prop_assert!(close(yes.value, 1.0 - no.value, 1.0));
                    prop_assert!(close(yes.se, no.se, yes.se));
                    prop_assert!(close(yes.low, 1.0 - no.high, 1.0));
                }
                (yes, no) => prop_assert_eq!(yes, no),
            }
        }
    }
}
