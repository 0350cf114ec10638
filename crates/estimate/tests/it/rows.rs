//! Differences between rows of one table, among the same answers: by hand, and as the mean of paired differences.

use codebook::{BaseId, CellName, Code, LonelyPsu, Measure, Row, RowComparison, RowId, TableId, TableSpec, Translated};
use estimate::{
    Degrees, DesignTable, Domain, IntervalMethod, Method, Outcome, RowSums, Single, Stratum, TableSums, Wide,
    row_differences,
};
use proptest::prelude::*;

use crate::sample::{Road, Unit, assert_near, estimated, place, sums, variable};

const METHOD: Method = Method { shares: IntervalMethod::Xlogit, level: 0.95, degrees: Degrees::Design };

/// An answer to a question that allows several: its stratum, its weight, and whether it names the one and the other.
type Answer = (usize, u64, bool, bool);

fn design(answers: &[Answer]) -> DesignTable {
    let strata = answers.iter().map(|(stratum, ..)| stratum + 1).max().unwrap_or(0);
    let stratum = |index: usize| {
        let n = u64::try_from(answers.iter().filter(|(stratum, ..)| *stratum == index).count()).expect("few answers");
        Stratum {
            key: vec![Code::new(&index.to_string()).expect("a code")],
            units: n,
            psus: n,
            population: Some(Wide::from_count(4 * n)),
            weight: None,
        }
    };
    DesignTable::of_strata((0..strata).map(stratum).collect(), LonelyPsu::Refuse)
}

fn units(answers: &[Answer], y: impl Fn(bool, bool) -> Wide) -> Vec<Unit> {
    let unit = |(psu, (stratum, weight, one, other)): (usize, &Answer)| Unit {
        stratum: *stratum,
        psu,
        w: Wide::from_count(*weight),
        y: y(*one, *other),
        group: "a",
    };
    answers.iter().enumerate().map(unit).collect()
}

fn indicator(is: bool) -> Wide {
    Wide::from_count(u64::from(is))
}

/// The difference between the shares of the two.
fn difference(answers: &[Answer], road: Road) -> Outcome {
    let id = TableId::new("values").expect("a table id");
    let names = ["one", "other"].map(|name| RowId::new(name).expect("a row id"));
    let row = |id: &RowId| Row {
        id: id.clone(),
        label: Translated::default(),
        item: variable(id.as_str()),
        codes: Vec::new(),
        over: None,
    };
    let spec = TableSpec {
        id: id.clone(),
        title: Translated::default(),
        base: BaseId::new("all").expect("a base id"),
        measure: Measure::Share,
        rows: names.iter().map(row).collect(),
        breakdowns: Vec::new(),
        decimals: 0,
        scale: None,
        sensitivity: codebook::Sensitivity::Ordinary,
        base_sensitivity: codebook::Sensitivity::Ordinary,
        place: place(),
    };
    let of_row = [units(answers, |one, _| indicator(one)), units(answers, |_, other| indicator(other))];
    let rows =
        names.iter().zip(&of_row).map(|(row, units)| RowSums { row: row.clone(), domains: vec![sums(units, road)] });
    let sums = TableSums { table: id.clone(), domains: vec![Domain::Total], rows: rows.collect() };
    let [one, other] = names;
    let comparison = RowComparison { of: CellName { table: id, row: one, group: None }, than: other };
    row_differences(&spec, &sums, &design(answers), &[comparison], METHOD).remove(0).outcome
}

/// One stratum of four answers of weight 1 out of 16; three name the one, two the other, one both. Paired differences are
/// 1, 1, 0 and -1, their mean 1/4, their squares around it 11/4: V = 3/4 (4/3) (11/4) / 16 = 11/64.
#[test]
fn an_answer_may_be_in_both_rows() {
    let answers = [(0, 1, true, false), (0, 1, true, false), (0, 1, true, true), (0, 1, false, true)];
    for road in [Road::Psu, Road::Unit] {
        let found = estimated(difference(&answers, road));
        assert_near(found.value, 0.25, 1e-15);
        assert_near(found.se * found.se, 11.0 / 64.0, 1e-14);
        assert_near(found.df, 3.0, 0.0);
    }
}

#[test]
#[should_panic(expected = "rows are compared by PSU or by unit")]
fn sums_by_stratum_do_not_tell_who_is_in_both() {
    let _ = difference(&[(0, 1, true, false), (0, 1, false, true)], Road::Stratum);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_difference_of_two_shares_is_the_mean_of_paired_differences(
        answers in prop::collection::vec((0_usize..2, 1_u64..9, any::<bool>(), any::<bool>()), 2..30)
    ) {
        let mut answers = answers;
        // No stratum has a single answer.
        answers.extend([(0, 1, true, false), (0, 2, false, false), (1, 3, true, true), (1, 1, false, true)]);
        let paired = units(&answers, |one, other| indicator(one) - indicator(other));
        let road = Road::Unit;
        match (difference(&answers, road), Single::Mean.estimate(&sums(&paired, road), &design(&answers), METHOD)) {
            (Outcome::Estimated(found), Outcome::Estimated(mean)) => {
                prop_assert!((found.value - mean.value).abs() < 1e-14);
                prop_assert!((found.se - mean.se).abs() < 1e-13);
            }
            (Outcome::NotEstimable { reason, .. }, Outcome::NotEstimable { reason: other, .. }) => prop_assert_eq!(reason, other),
            (found, mean) => prop_assert!(false, "{found:?} {mean:?}"),
        }
    }
}
