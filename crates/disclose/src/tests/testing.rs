//! Families of tests: what is in them, what Holm makes of them, and that they tell nothing of hidden cells.

use codebook::{ConfidenceLevel, LonelyPsu};
use estimate::{Adjustment, DesignTable, RowSums, Stratum, StratumCell, Sums, TableSums, Wide, estimate};
use proptest::prelude::*;

use super::*;
use crate::{Family, Hidden, TestKind, VerdictKind};

/// "More often in the first group than in the second".
fn more(first: &str, second: &str) -> Predicate {
    Predicate::MoreOften { comparison: comparison(first, second), at_least: 0.0 }
}

fn majority() -> Predicate {
    Predicate::Majority { table: table_id(), row: row("any"), group: None }
}

fn about_the_same() -> Predicate {
    Predicate::AboutTheSame { table: table_id(), row: row("any"), breakdown: level(), margin: 5.0 }
}

/// A difference of five points which is t standard errors from 0, on a hundred degrees of freedom. Two-sided p values there: 0.0104
/// for 2.61, 0.0214 for 2.34, 0.0401 for 2.08, 0.0602 for 1.9.
fn apart(t: f64) -> Outcome {
    let (value, se) = (0.05, 0.05 / t);
    let (low, high) = (value - 1.984 * se, value + 1.984 * se);
    Outcome::Estimated(Estimate { value, se, low, high, df: 100.0, n: 800, positive: 400, deff: None, sides: None })
}

/// A survey that claims three differences, so many standard errors wide.
fn three(ts: [f64; 3]) -> Survey {
    [("municipality", "region"), ("municipality", "state"), ("region", "state")]
        .into_iter()
        .zip(ts)
        .fold(Survey::sound(), |survey, ((one, other), t)| {
            survey.with_difference(one, other, apart(t)).claiming(more(one, other), None)
        })
}

/// Which wordings hold.
fn holding(survey: &Survey) -> Vec<bool> {
    survey.disclose().verdicts().iter().map(|verdict| verdict.kind == VerdictKind::Holds).collect()
}

fn family(survey: &Survey) -> Family {
    let published = survey.disclose();
    let [family] = published.families() else { panic!("one theme, one family: {:?}", published.families()) };
    family.clone()
}

#[test]
fn each_sentence_must_hold_among_the_others_of_its_page() {
    // 3 * 0.0104 = 0.031, 2 * 0.0214 = 0.043, 0.0401 but not below the one before: 0.043.
    assert_eq!(holding(&three([2.61, 2.34, 2.08])), [true, true, true]);
    // 2 * 0.0401 = 0.080, and what comes behind it is no better.
    assert_eq!(holding(&three([2.61, 2.08, 2.08])), [true, false, false]);
    // 3 * 0.0214 = 0.064: what holds alone does not hold among three.
    assert_eq!(holding(&three([2.34, 2.08, 2.08])), [false, false, false]);
    let alone = Survey::sound()
        .with_difference("municipality", "region", apart(2.08))
        .claiming(more("municipality", "region"), None);
    assert_eq!(holding(&alone), [true]);
}

#[test]
fn a_sentence_that_fails_is_explained_by_its_family() {
    let published = three([2.34, 2.08, 2.08]).disclose();
    let VerdictKind::Fails { because } = &published.verdicts()[0].kind else { panic!("it fails") };
    assert_eq!(
        because,
        "municipality less region is 5 (interval 1 to 9), but that it is above 0 has a p value of 0.0638, adjusted by \
         Holm's method for the 3 tests of its page, and needs one below 0.05"
    );
}

#[test]
fn the_wrong_direction_never_holds() {
    let survey =
        Survey::sound().with_difference("region", "state", apart(-40.0)).claiming(more("region", "state"), None);
    let Outcome::Estimated(estimate) = apart(-40.0) else { panic!() };
    assert!(estimate.value > 0.0, "the helper's difference is positive");
    let mut survey = survey;
    survey.table.differences[0].outcome = Outcome::Estimated(Estimate { value: -0.05, se: 0.001, ..estimate });
    let published = survey.disclose();
    let VerdictKind::Fails { because } = &published.verdicts()[0].kind else { panic!("it fails") };
    assert!(because.starts_with("region less state is -5") && because.contains("which is not above 0"), "{because}");
    let minority = Survey::of_shares(about(0.3, 0.01, 2_271), [about(0.3, 0.03, 700); 3]).claiming(majority(), None);
    assert_eq!(holding(&minority), [false]);
}

#[test]
fn a_claim_is_one_test_in_however_many_languages_it_is_worded() {
    let mut survey = three([2.61, 2.34, 2.08]);
    let once = family(&survey);
    survey.wordings.extend([(0, None), (1, None), (2, None), (0, None)]);
    assert_eq!(family(&survey), once);
    assert_eq!(holding(&survey), [true; 7]);
    survey.wordings.clear();
    assert_eq!(family(&survey), once, "a claim that no text words is tested, too");
}

#[test]
fn a_family_has_the_majorities_and_differences_of_a_page_and_nothing_else() {
    let told = Some(Spoken::Percent { value: 81.0, decimals: 0, lean: Lean::Neither });
    let near = Predicate::Near { table: table_id(), row: row("any"), group: None };
    let inside = about(0.0, 0.04, 800);
    let survey = Survey::sound()
        .with_difference("municipality", "region", inside)
        .with_difference("municipality", "state", inside)
        .with_difference("region", "state", apart(9.0))
        .claiming(near.clone(), told)
        .claiming(majority(), None)
        .claiming(about_the_same(), None)
        .claiming(more("region", "state"), None);
    let family = family(&survey);
    assert_eq!(family.adjustment(), Adjustment::Holm);
    assert_eq!(family.theme().as_str(), "theme");
    let tests: Vec<(&str, TestKind)> = family.tests().iter().map(|test| (test.claim().as_str(), test.kind())).collect();
    assert_eq!(tests, [("claim1", TestKind::LogOdds), ("claim3", TestKind::Difference)]);
    let without = Survey::sound().claiming(near, told).disclose();
    assert!(without.families().is_empty(), "a page that tests nothing has no family");
}

#[test]
fn the_size_of_what_is_tested_stands_beside_the_test() {
    let survey = three([9.0, 9.0, 9.0]).claiming(majority(), None);
    let sizes: Vec<[i64; 3]> = family(&survey)
        .tests()
        .iter()
        .map(|test| test.size().expect("every cell is shown"))
        .map(|size| [size.estimate(), size.low(), size.high()].map(crate::Rounded::units))
        .collect();
    assert_eq!(sizes, [[5, 4, 6], [5, 4, 6], [5, 4, 6], [81, 79, 83]]);
}

#[test]
fn a_hidden_cell_neither_leaves_its_family_nor_moves_another_test() {
    // The first two tests are about a group that is too small to be shown, whatever it says.
    let sealed = |value: f64, t: f64, n: u64| {
        let mut survey = three([t, t, 2.34]);
        survey.table.cells[0][1] = about(value, 0.01, n);
        let published = survey.disclose();
        let kinds: Vec<_> = published.verdicts().iter().map(|verdict| verdict.kind.clone()).collect();
        assert_eq!(kinds[..2], [VerdictKind::Refused(Hidden::Unreliable), VerdictKind::Refused(Hidden::Unreliable)]);
        let [family] = published.families() else { panic!("one family") };
        assert_eq!(family.tests().len(), 3);
        assert_eq!([family.tests()[0].size(), family.tests()[1].size()], [None, None]);
        (published.seal().0, kinds[2].clone())
    };
    let (bytes, kind) = sealed(0.99, 50.0, 29);
    assert!(matches!(&kind, VerdictKind::Fails { because } if because.contains("3 tests")), "{kind:?}");
    for (value, t, n) in [(0.01, 50.0, 29), (0.5, 0.1, 29), (0.8, 2.61, 12)] {
        assert_eq!(sealed(value, t, n), (bytes.clone(), kind.clone()), "{value} {t} {n}");
    }
}

#[test]
fn a_difference_without_an_error_stays_in_the_family() {
    let survey = three([9.0, 2.34, 9.0]);
    assert_eq!(holding(&survey), [true; 3]);
    let mut unknown = three([9.0, 2.08, 9.0]);
    unknown.table.differences[0].outcome = not_estimable(NotEstimable::NoVariance, 800);
    assert_eq!(family(&unknown).tests().len(), 3);
    // 9 first, then 2 * 0.0401.
    assert_eq!(holding(&unknown), [false, false, true]);
}

/// Answers of two strata in each of the three levels: how many there are, and how many of them say yes.
type Counts = [[(u64, u64); 2]; 3];

const WEIGHTS: [u64; 2] = [7, 3];

fn sums(groups: &[[(u64, u64); 2]]) -> Sums {
    let cell = |stratum: usize| {
        let n = groups.iter().map(|group| group[stratum].0).sum();
        let positive = groups.iter().map(|group| group[stratum].1).sum();
        let w = WEIGHTS[stratum];
        let [wx, wy, wwxx, wwxy] = [w * n, w * positive, w * w * n, w * w * positive].map(Wide::from_count);
        StratumCell { stratum, n, positive, wx, wy, wyy: wy, wwxx, wwxy, wwyy: wwxy }
    };
    Sums::ByStratum((0..2).map(cell).filter(|cell| cell.n > 0).collect())
}

/// A survey with these answers and one claim, its intervals at this level, in which every cell is shown.
fn counted(counts: &Counts, confidence: ConfidenceLevel, claim: Predicate) -> Survey {
    let mut survey = Survey::sound().claiming(claim, None);
    survey.rules = Rules { smallest_base: 1, unreliable_below: 1, flagged_below: 1, widest_interval: 100, ..RULES };
    survey.method.level = confidence.as_f64();
    let stratum = |stratum: usize| {
        let units = counts.iter().map(|group| group[stratum].0).sum();
        let [population, weight] = [units * WEIGHTS[stratum], WEIGHTS[stratum]].map(|it| Some(Wide::from_count(it)));
        Stratum { key: Vec::new(), units, psus: units, population, weight }
    };
    let design = DesignTable::of_strata((0..2).map(stratum).collect(), LonelyPsu::Centre);
    let domains = survey.table.domains.clone();
    let of_row = || std::iter::once(sums(counts)).chain(counts.iter().map(|it| sums(&[*it])));
    let rows = survey.spec.rows.iter().map(|row| RowSums { row: row.id.clone(), domains: of_row().collect() });
    let sums = TableSums { table: table_id(), domains, rows: rows.collect() };
    survey.table = estimate(&survey.spec, &sums, &design, &[comparison("state", "municipality")], survey.method);
    survey
}

/// The interval that a claim about one test looks at, and the bound it must lie above, in per cent.
fn interval(survey: &Survey) -> Option<(f64, f64)> {
    let (outcome, bound) = match &survey.claims[0] {
        Predicate::MoreOften { at_least, .. } => (survey.table.differences[0].outcome, *at_least),
        Predicate::Majority { .. } => (survey.table.cells[0][0], 50.0),
        other @ (Predicate::Near { .. }
        | Predicate::Answers { .. }
        | Predicate::Answered
        | Predicate::MostCommon { .. }
        | Predicate::NearThen { .. }
        | Predicate::Change { .. }
        | Predicate::Unchanged { .. }
        | Predicate::AboutTheSame { .. }) => panic!("{other:?}"),
    };
    match outcome {
        Outcome::Estimated(estimate) => Some((estimate.low * 100.0, bound)),
        Outcome::NotEstimable { .. } => None,
    }
}

fn some_counts() -> impl Strategy<Value = Counts> {
    let cell = (1_u64..60).prop_flat_map(|n| (Just(n), prop_oneof![4 => 0..=n, 1 => Just(n)]));
    let group = [cell.clone(), cell];
    [group.clone(), group.clone(), group]
}

fn some_claim() -> impl Strategy<Value = Predicate> {
    prop_oneof![
        Just(majority()),
        prop_oneof![Just(0.0), Just(10.0)]
            .prop_map(|at_least| Predicate::MoreOften { comparison: comparison("state", "municipality"), at_least }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn a_page_with_one_test_says_what_the_interval_says(
        counts in some_counts(),
        claim in some_claim(),
        parts in ConfidenceLevel::LEAST.parts()..=ConfidenceLevel::GREATEST.parts(),
    ) {
        let survey = counted(&counts, ConfidenceLevel::of_parts(parts).unwrap(), claim);
        let kind = survey.disclose().verdicts()[0].kind.clone();
        match interval(&survey) {
            None => prop_assert!(matches!(kind, VerdictKind::Refused(_)), "{kind:?}"),
            Some((low, bound)) => {
                // Where the limit meets the bound to the last digits, either answer is right.
                prop_assume!((low - bound).abs() > 1e-8);
                prop_assert_eq!(kind == VerdictKind::Holds, low > bound, "{} {} {:?}", low, bound, kind);
            }
        }
    }

    #[test]
    fn a_sentence_that_holds_among_others_holds_alone(ts in [1.0..4.0_f64, 1.0..4.0, 1.0..4.0]) {
        for (together, t) in holding(&three(ts)).into_iter().zip(ts) {
            let alone = Survey::sound()
                .with_difference("region", "state", apart(t))
                .claiming(more("region", "state"), None);
            prop_assert!(!together || holding(&alone)[0]);
        }
    }
}

#[test]
fn everybody_of_few_answers_is_a_majority_when_so_many_tosses_would_not_fall_alike() {
    // Six answers of equal weight: 2 / 64 is below 0.05. Five: 2 / 32 is not.
    let everybody = |n: u64| {
        let counts = [[(n, n), (0, 0)], [(0, 0), (0, 0)], [(0, 0), (0, 0)]];
        counted(&counts, ConfidenceLevel::USUAL, majority())
    };
    assert_eq!(holding(&everybody(6)), [true]);
    assert_eq!(holding(&everybody(5)), [false]);
}
