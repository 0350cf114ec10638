//! Rao and Scott's test: by hand, by a naive second road, against R.

use codebook::{Code, LonelyPsu};
use estimate::{Degrees, DesignTable, NotTestable, RaoScott, Stratum, TableCell, TestOutcome, Wide, independence};
use proptest::prelude::*;
use testkit::oracle;

use crate::sample::{Road, Unit, assert_near, sums, wide};
use crate::schools::{School, Schools, schools};

/// A unit and its row and column.
type Classified = (Unit, usize, usize);

fn cells(units: &[Classified], rows: usize, columns: usize, road: Road) -> Vec<TableCell> {
    let cell = |row: usize, column: usize| {
        let of_cell = |(unit, r, c): &Classified| (*r == row && *c == column).then(|| unit.clone());
        let members: Vec<Unit> = units.iter().filter_map(of_cell).collect();
        TableCell { row, column, sums: sums(&members, road) }
    };
    (0..rows).flat_map(|row| (0..columns).map(move |column| cell(row, column))).collect()
}

fn both_orders(
    units: &[Classified],
    (rows, columns): (usize, usize),
    design: &DesignTable,
    road: Road,
) -> [Result<TestOutcome, NotTestable>; 2] {
    let cells = cells(units, rows, columns, road);
    [RaoScott::First, RaoScott::Second].map(|order| independence(&cells, rows, columns, design, order, Degrees::Design))
}

/// The schools in a table of two variables whose categories are told by number.
fn classified(sample: &Schools, row: impl Fn(&School) -> usize, column: &str, codes: &[&str]) -> Vec<Classified> {
    let column = |school: &School| codes.iter().position(|code| *code == school.text(column)).expect("a known code");
    sample.schools.iter().map(|school| (school.unit(Wide::ONE, "a"), row(school), column(school))).collect()
}

fn assert_is(found: TestOutcome, [statistic, df1, p]: [f64; 3], df2: Option<f64>) {
    assert_near(found.statistic, statistic, 1e-9);
    assert_near(found.df1, df1, 1e-9);
    assert_near(found.p, p, 1e-9);
    match (found.df2, df2) {
        (Some(found), Some(expected)) => assert_near(found, expected, 1e-9),
        (found, expected) => assert_eq!(found, expected),
    }
}

fn compare(name: &str, roads: &[Road]) {
    let sample = schools(name);
    let wide_goal = |school: &School| usize::from(school.text("sch.wide") == "Yes");
    let units = classified(&sample, wide_goal, "stype", &["E", "H", "M"]);
    let mut compared = 0;
    for row in oracle().iter().filter(|row| row.design == name && row.statistic == "rao-scott") {
        let (parameters, p) = row.extra.split_once(" p=").expect("parameters and p");
        let parameters = parameters.strip_prefix("parameter=").expect("parameters").split(';');
        let parameters: Vec<f64> = parameters.map(|text| text.parse().expect("a number")).collect();
        let p: f64 = p.parse().expect("a number");
        for road in roads {
            let [first, second] = both_orders(&units, (2, 3), &sample.design, *road);
            let found = match row.method.as_str() {
                "F" => second,
                "Chisq" => first,
                other => panic!("no test {other}"),
            };
            assert_is(found.expect("testable"), [row.estimate, parameters[0], p], parameters.get(1).copied());
            compared += 1;
        }
    }
    assert_eq!(compared, 2 * roads.len(), "both orders of {name} by every road");
}

#[test]
fn a_simple_random_sample_has_the_test_of_r() {
    compare("srs", &[Road::Stratum, Road::Psu, Road::Unit]);
}

#[test]
fn a_stratified_sample_has_the_test_of_r() {
    compare("strat", &[Road::Stratum, Road::Psu, Road::Unit]);
    compare("strat_wr", &[Road::Stratum, Road::Psu, Road::Unit]);
}

#[test]
fn a_cluster_sample_has_the_test_of_r() {
    compare("clus1", &[Road::Psu, Road::Unit]);
    compare("clus2", &[Road::Psu, Road::Unit]);
}

/// R 4.1, survey 4.1: `svychisq(~cut(meals, c(-1, 20, 50, 100)) + stype, strat)`, F and Chisq.
#[test]
fn a_table_of_three_by_three_has_the_test_of_r() {
    let sample = schools("strat");
    let meals = |school: &School| {
        let meals = school.number("meals").to_f64();
        usize::from(meals > 20.0) + usize::from(meals > 50.0)
    };
    let units = classified(&sample, meals, "stype", &["E", "H", "M"]);
    let [first, second] = both_orders(&units, (3, 3), &sample.design, Road::Stratum);
    assert_is(first.expect("testable"), [10.435_864_371_402_257, 4.0, 0.003_842_379_990_145_52], None);
    let expected = [3.864_112_693_449_85, 3.800_481_889_063_773_7, 0.004_800_260_362_646_4];
    assert_is(second.expect("testable"), expected, Some(748.694_932_145_563_4));
}

/// R: `svychisq(~k + awards, strat)`, k = a without a school-wide goal, b with goal and award, c with goal only.
#[test]
fn empty_cells_count_as_in_r() {
    let sample = schools("strat");
    let k = |school: &School| match (school.text("sch.wide"), school.text("awards")) {
        ("No", _) => 0,
        (_, "Yes") => 1,
        (_, _) => 2,
    };
    let units = classified(&sample, k, "awards", &["No", "Yes"]);
    for road in [Road::Stratum, Road::Unit] {
        let [first, second] = both_orders(&units, (3, 2), &sample.design, road);
        assert_is(first.expect("testable"), [200.0, 2.0, 3.716_002_352_023_99e-84], None);
        let expected = [192.104_499_357_603, 1.158_790_474_515_22, 2.159_553_612_303_99e-35];
        assert_is(second.expect("testable"), expected, Some(228.281_723_479_499));
    }
}

/// One stratum of `counts[row][column]` units of weight 1, out of a population of that size.
fn simple_sample(counts: &[&[usize]], population: Option<u64>) -> (Vec<Classified>, DesignTable) {
    let mut units: Vec<Classified> = Vec::new();
    for (row, counts) in counts.iter().enumerate() {
        for (column, count) in counts.iter().enumerate() {
            for _ in 0..*count {
                let unit = Unit { stratum: 0, psu: units.len(), w: Wide::ONE, y: Wide::ONE, group: "a" };
                units.push((unit, row, column));
            }
        }
    }
    (units.clone(), design(&[(count(units.len()), population)]))
}

fn count(count: usize) -> u64 {
    u64::try_from(count).expect("few units")
}

fn design(strata: &[(u64, Option<u64>)]) -> DesignTable {
    let stratum = |(index, (n, population)): (usize, &(u64, Option<u64>))| Stratum {
        key: vec![Code::new(&index.to_string()).expect("a code")],
        units: *n,
        psus: *n,
        population: population.map(Wide::from_count),
        weight: None,
    };
    DesignTable::of_strata(strata.iter().enumerate().map(stratum).collect(), LonelyPsu::Refuse)
}

#[test]
fn in_a_simple_random_sample_only_the_finite_population_corrects_pearson() {
    // X2 = 100 (10 40 - 20 30)^2 / (30 70 40 60) = 4e6 / 5.04e6. V is n/(n-1) (1-f) times what Pearson supposes, in every direction: Delta =
    // 100/99 3/4, and F = X2 / Delta on 1 and 99.
    let (units, design) = simple_sample(&[&[10, 20], &[30, 40]], Some(400));
    let pearson = 4.0 / 5.04;
    for road in [Road::Stratum, Road::Psu, Road::Unit] {
        let [first, second] = both_orders(&units, (2, 2), &design, road).map(|test| test.expect("testable"));
        assert_near(first.statistic, pearson, 1e-14);
        assert_near(second.statistic, pearson * 0.99 / 0.75, 1e-14);
        assert_near(second.df1, 1.0, 1e-14);
        assert_near(second.df2.expect("finite"), 99.0, 1e-14);
    }
}

#[test]
fn independent_margins_have_a_statistic_of_0() {
    let (units, design) = simple_sample(&[&[2, 4, 6], &[3, 6, 9]], None);
    let [first, second] = both_orders(&units, (2, 3), &design, Road::Stratum).map(|test| test.expect("testable"));
    assert!(first.statistic < 1e-50, "{first:?}");
    assert_near(first.p, 1.0, 1e-12);
    assert_near(second.p, 1.0, 1e-12);
    assert_near(second.df1, 2.0, 1e-14);
}

#[test]
fn what_cannot_be_tested_says_why() {
    let reason = |counts: &[&[usize]], population| {
        let (units, design) = simple_sample(counts, population);
        let reasons = both_orders(&units, (counts.len(), counts[0].len()), &design, Road::Stratum);
        assert_eq!(reasons[0], reasons[1]);
        reasons[0].expect_err("not testable")
    };
    assert_eq!(reason(&[&[0, 0], &[0, 0]], None), NotTestable::Empty);
    assert_eq!(reason(&[&[3, 4], &[0, 0]], None), NotTestable::OneCategory);
    assert_eq!(reason(&[&[3, 0], &[4, 0]], None), NotTestable::OneCategory);
    // In a census nothing is left to chance.
    assert_eq!(reason(&[&[3, 4], &[5, 1]], Some(13)), NotTestable::NoVariance);
    // Two blocks that share no row and no column do not tell how those of one hang together with those of the other.
    assert_eq!(reason(&[&[5, 3, 0, 0], &[2, 4, 0, 0], &[0, 0, 5, 1], &[0, 0, 2, 2]], None), NotTestable::TooSparse);
}

#[test]
fn an_association_without_exception_is_not_told_as_none() {
    for counts in [&[&[5, 0][..], &[0, 5]][..], &[&[5, 0, 0], &[0, 5, 0], &[0, 0, 5]]] {
        let (units, design) = simple_sample(counts, None);
        for test in both_orders(&units, (counts.len(), counts[0].len()), &design, Road::Stratum) {
            assert_eq!(test, Err(NotTestable::Complete), "{counts:?}");
        }
    }
}

#[test]
fn what_the_strata_fix_cannot_be_tested() {
    // Rows are strata 0 and 1, and so are columns: the table was decided before anyone answered.
    let units: Vec<Classified> = (0..20)
        .map(|number| {
            let stratum = number % 2;
            (Unit { stratum, psu: number, w: wide(3.0), y: Wide::ONE, group: "a" }, stratum, stratum)
        })
        .collect();
    let design = design(&[(10, Some(30)), (10, Some(30))]);
    for road in [Road::Stratum, Road::Psu, Road::Unit] {
        for test in both_orders(&units, (2, 2), &design, road) {
            assert_eq!(test, Err(NotTestable::Complete));
        }
    }
}

/// (population beyond the sample, then weight, row, column of each answer) of each stratum.
type Drawn = Vec<(Option<u64>, Vec<(u64, usize, usize)>)>;

fn drawings() -> impl Strategy<Value = Drawn> {
    let unit = (1_u64..1000, 0_usize..3, 0_usize..3);
    let stratum = (prop::option::of(1_u64..50), prop::collection::vec(unit, 2..25));
    prop::collection::vec(stratum, 1..4)
}

fn drawn_sample(drawn: &Drawn) -> (Vec<Classified>, DesignTable) {
    let mut units: Vec<Classified> = Vec::new();
    let mut sizes = Vec::new();
    for (stratum, (beyond, members)) in drawn.iter().enumerate() {
        for (w, row, column) in members {
            let w = Wide::from_decimal(i128::from(*w), 2);
            units.push((Unit { stratum, psu: units.len(), w, y: Wide::ONE, group: "a" }, *row, *column));
        }
        let n = count(members.len());
        sizes.push((n, beyond.map(|beyond| n + beyond)));
    }
    (units, design(&sizes))
}

/// The second road: plain doubles, the covariance matrix of all cell totals, and another basis of the interactions. Every
/// cell must hold somebody. Gives X2, tr Delta and tr Delta^2.
fn naive(units: &[Classified], design: &DesignTable) -> [f64; 3] {
    const CELLS: usize = 9;
    let mut covariance = [[0.0; CELLS]; CELLS];
    let mut totals = [0.0; CELLS];
    for (index, stratum) in design.strata.iter().enumerate() {
        let n = f64::from(u32::try_from(stratum.psus).expect("few"));
        let (mut sum, mut squares) = ([0.0; CELLS], [0.0; CELLS]);
        for (unit, row, column) in units.iter().filter(|(unit, _, _)| unit.stratum == index) {
            sum[row * 3 + column] += unit.w.to_f64();
            squares[row * 3 + column] += unit.w.to_f64() * unit.w.to_f64();
        }
        let correction = stratum.correction() * n / (n - 1.0);
        for a in 0..CELLS {
            totals[a] += sum[a];
            for b in 0..CELLS {
                let own = if a == b { squares[a] } else { 0.0 };
                covariance[a][b] += correction * (own - sum[a] * sum[b] / n);
            }
        }
    }
    let all: f64 = totals.iter().sum();
    let shares = totals.map(|total| total / all);
    let n = f64::from(u32::try_from(units.len()).expect("few"));
    let margin = |cells: [usize; 3]| cells.iter().map(|cell| shares[*cell]).sum::<f64>();
    let pearson: f64 = (0..CELLS)
        .map(|cell| {
            let (row, column) = (cell / 3, cell % 3);
            let expected = margin([row * 3, row * 3 + 1, row * 3 + 2]) * margin([column, column + 3, column + 6]);
            n * (shares[cell] - expected) * (shares[cell] - expected) / expected
        })
        .sum();

    // Products of the contrasts (1, 0, -1) and (1, -2, 1), orthogonal to both margins.
    let contrasts = [[1.0, 0.0, -1.0], [1.0, -2.0, 1.0]];
    let interaction = |k: usize| -> [f64; CELLS] {
        std::array::from_fn(|cell| contrasts[k / 2][cell / 3] * contrasts[k % 2][cell % 3] / shares[cell])
    };
    let quadratic = |a: [f64; CELLS], b: [f64; CELLS]| -> f64 {
        (0..CELLS).map(|i| (0..CELLS).map(|j| a[i] * covariance[i][j] * b[j]).sum::<f64>()).sum::<f64>() / (all * all)
    };
    let simple = |a: [f64; CELLS], b: [f64; CELLS]| (0..CELLS).map(|i| a[i] * b[i] * shares[i]).sum::<f64>() / n;
    let table = |of: &dyn Fn([f64; CELLS], [f64; CELLS]) -> f64| -> [[f64; 4]; 4] {
        std::array::from_fn(|a| std::array::from_fn(|b| of(interaction(a), interaction(b))))
    };
    let delta = quotient(table(&simple), table(&quadratic));
    let trace = (0..4).map(|i| delta[i][i]).sum();
    let trace_of_square = (0..4).map(|i| (0..4).map(|j| delta[i][j] * delta[j][i]).sum::<f64>()).sum();
    [pearson, trace, trace_of_square]
}

/// left^-1 right, by elimination.
fn quotient(mut left: [[f64; 4]; 4], mut right: [[f64; 4]; 4]) -> [[f64; 4]; 4] {
    for pivot in 0..4 {
        for row in (0..4).filter(|row| *row != pivot) {
            let factor = left[row][pivot] / left[pivot][pivot];
            for column in 0..4 {
                left[row][column] -= factor * left[pivot][column];
                right[row][column] -= factor * right[pivot][column];
            }
        }
    }
    for row in 0..4 {
        right[row] = right[row].map(|element| element / left[row][row]);
    }
    right
}

fn agree(a: &Result<TestOutcome, NotTestable>, b: &Result<TestOutcome, NotTestable>) -> bool {
    let close = |a: f64, b: f64, scale: f64| (a - b).abs() <= 1e-10 * scale.abs() + 1e-12;
    match (a, b) {
        (Ok(a), Ok(b)) => {
            close(a.statistic, b.statistic, a.statistic)
                && close(a.df1, b.df1, a.df1)
                && close(a.p, b.p, a.p)
                && close(a.df2.unwrap_or(0.0), b.df2.unwrap_or(0.0), a.df2.unwrap_or(0.0))
        }
        (a, b) => a == b,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_covariance_matrix_of_all_cells_gives_the_same_test(drawn in drawings()) {
        // One more stratum, so that every cell holds somebody.
        let every_cell = (0..9).map(|cell| (100, cell / 3, cell % 3)).collect();
        let (units, design) = drawn_sample(&drawn.into_iter().chain([(None, every_cell)]).collect());
        let [pearson, trace, trace_of_square] = naive(&units, &design);
        let tests = both_orders(&units, (3, 3), &design, Road::Stratum);
        let [first, second] = tests.map(|test| test.expect("every cell holds somebody"));
        prop_assert!((first.statistic - pearson).abs() <= 1e-9 * (1.0 + pearson));
        prop_assert!((second.statistic - pearson / trace).abs() <= 1e-8 * (1.0 + second.statistic));
        prop_assert!((second.df1 - trace * trace / trace_of_square).abs() <= 1e-8 * second.df1);
    }

    #[test]
    fn every_road_gives_the_same_test(drawn in drawings()) {
        let (units, design) = drawn_sample(&drawn);
        let by_stratum = both_orders(&units, (3, 3), &design, Road::Stratum);
        for road in [Road::Psu, Road::Unit] {
            let by_road = both_orders(&units, (3, 3), &design, road);
            prop_assert!(agree(&by_stratum[0], &by_road[0]) && agree(&by_stratum[1], &by_road[1]));
        }
    }

    #[test]
    fn names_and_order_of_rows_and_columns_do_not_matter(drawn in drawings()) {
        let (units, design) = drawn_sample(&drawn);
        let before = both_orders(&units, (3, 3), &design, Road::Stratum);
        let turned: Vec<Classified> = units.iter().map(|(unit, row, column)| (unit.clone(), 2 - column, *row)).collect();
        // Two more rows that nobody is in.
        let spread: Vec<Classified> = units.iter().map(|(unit, row, column)| (unit.clone(), 2 * row, *column)).collect();
        let after = both_orders(&turned, (3, 3), &design, Road::Stratum);
        let with_gaps = both_orders(&spread, (5, 3), &design, Road::Stratum);
        for order in 0..2 {
            prop_assert!(agree(&before[order], &after[order]), "{:?} {:?}", before[order], after[order]);
            prop_assert!(agree(&before[order], &with_gaps[order]), "{:?} {:?}", before[order], with_gaps[order]);
        }
    }

    #[test]
    fn the_unit_of_the_weights_does_not_matter(drawn in drawings(), factor in 1_u64..1000) {
        let (units, design) = drawn_sample(&drawn);
        let scaled = |unit: &Unit| Unit { w: unit.w * Wide::from_ratio(factor, 7), ..unit.clone() };
        let scaled: Vec<Classified> = units.iter().map(|(unit, row, column)| (scaled(unit), *row, *column)).collect();
        let before = both_orders(&units, (3, 3), &design, Road::Stratum);
        let after = both_orders(&scaled, (3, 3), &design, Road::Stratum);
        prop_assert!(agree(&before[0], &after[0]) && agree(&before[1], &after[1]));
    }
}
