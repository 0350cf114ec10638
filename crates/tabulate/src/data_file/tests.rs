//! Scans of small files.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryArray, BooleanArray, Decimal128Array, FixedSizeBinaryArray, Float32Array, Float64Array, Int32Array,
    Int32Builder, ListBuilder, RecordBatch, StringArray,
};
use codebook::{Comparator, Expr, Literal, VariableName};
use estimate::{StratumCell, Sums, Wide};
use parquet::arrow::ArrowWriter;

use crate::plan::Statement;

use super::{Cells, Clusters, DataFile, Item, ItemKind, MissingWeight, Order, Placing, Scan, Scanned, Trouble, Wanted};

/// A file that is open, with its folder.
struct Opened {
    file: DataFile,
    _folder: tempfile::TempDir,
}

fn open(columns: &[(&str, ArrayRef)]) -> Opened {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.parquet");
    let batch =
        RecordBatch::try_from_iter_with_nullable(columns.iter().map(|(name, array)| (*name, Arc::clone(array), true)));
    let batch = batch.unwrap();
    let mut writer = ArrowWriter::try_new(std::fs::File::create(&path).unwrap(), batch.schema(), None).unwrap();
    let half = batch.num_rows() / 2;
    for part in [batch.slice(0, half), batch.slice(half, batch.num_rows() - half)] {
        writer.write(&part).unwrap();
        writer.flush().unwrap();
    }
    writer.close().unwrap();
    let mut file = DataFile::open(&path, 2).unwrap();
    file.name((0..file.columns().len()).map(|index| variable(&format!("column.{index}"))).collect());
    Opened { file, _folder: folder }
}

fn variable(name: &str) -> VariableName {
    VariableName::new(name).unwrap()
}

fn column(index: usize) -> Expr {
    Expr::Variable(variable(&format!("column.{index}")))
}

fn number(y: Expr) -> Item {
    Item { y, kind: ItemKind::Number, x: None, within: None }
}

fn is(index: usize, text: &str) -> Expr {
    Expr::Compare {
        left: Box::new(column(index)),
        comparator: Comparator::Equal,
        right: Box::new(Expr::Literal(Literal::Text(text.to_owned()))),
    }
}

fn condition(y: Expr) -> Item {
    Item { y, kind: ItemKind::Condition, x: None, within: None }
}

fn scan(items: Vec<Item>) -> Scan {
    Scan {
        strata: Vec::new(),
        stages: Vec::new(),
        sizes: Vec::new(),
        weight: None,
        replicates: Vec::new(),
        condition: None,
        by: Vec::new(),
        items,
        units: Wanted::Sums,
        order: Order::Asked,
        missing_weight: MissingWeight::Refused,
    }
}

/// Six schools: stratum, weight, score, whether awarded, pupils.
fn schools(weights: ArrayRef) -> Opened {
    let pupils: ArrayRef = Arc::new(Float64Array::from(vec![0.5, 1.25, 2.0, 3.0, f64::NAN, 4.0]));
    open(&[&without_doubles(weights)[..], &[("enroll", pupils)]].concat())
}

/// The same without the pupils, and so without a column that might hold what is no number.
fn without_doubles(weights: ArrayRef) -> [(&'static str, ArrayRef); 4] {
    let texts = |values: [Option<&str>; 6]| -> ArrayRef { Arc::new(StringArray::from(values.to_vec())) };
    [
        ("Type of school", texts([Some("E"), Some("E"), Some("H"), Some("H"), Some("H"), Some("E")])),
        ("pw", weights),
        ("api.00", Arc::new(Int32Array::from(vec![Some(700), Some(600), Some(500), None, Some(400), Some(800)]))),
        ("awards", Arc::new(BooleanArray::from(vec![true, false, true, true, false, true]))),
    ]
}

fn decimals() -> ArrayRef {
    let array = Decimal128Array::from(vec![10_i128, 20, 25, 25, 5, 0]);
    Arc::new(array.with_precision_and_scale(10, 1).unwrap())
}

fn doubles() -> ArrayRef {
    Arc::new(Float64Array::from(vec![1.0, 2.0, 2.5, 2.5, 0.5, 0.0]))
}

fn wide(value: f64) -> Wide {
    Wide::from_f64(value)
}

/// Mean of the score and share of awards by nothing, in strata by type.
fn request() -> Scan {
    Scan {
        strata: vec![variable("column.0")],
        weight: Some(variable("column.1")),
        ..scan(vec![number(column(2)), condition(column(3))])
    }
}

fn placing(places: &[(usize, usize)]) -> Placing<'_> {
    Placing { places, weights: None, clusters: Clusters::None }
}

fn strata(scanned: &Scanned, item: usize, group: usize) -> Vec<StratumCell> {
    let Sums::ByStratum(cells) = scanned.sums(item, group, placing(&[(0, 0), (1, 0)])) else {
        panic!("sums by stratum are expected")
    };
    cells
}

#[test]
fn doubles_are_the_numbers_they_are_printed_as() {
    // Digits for which no common scale brings every double back, as decimals and as doubles.
    let exact = Decimal128Array::from(vec![3_333_333_333_333_333, 1_000_000_000_000_000, 12_345_678_901_234_567]);
    let exact: ArrayRef = Arc::new(exact.with_precision_and_scale(38, 16).unwrap());
    let nearest: ArrayRef = Arc::new(Float64Array::from(vec![0.333_333_333_333_333_3, 0.1, 1.234_567_890_123_456_7]));
    let values = |array: ArrayRef| {
        let mut opened = open(&[("y", array)]);
        let scanned =
            opened.file.scan(&Scan { units: Wanted::Units, ..scan(vec![number(column(0))]) }).unwrap().unwrap();
        let Sums::ByUnit(units) = scanned.sums(0, 0, placing(&[(0, 0)])) else { panic!("units were asked for") };
        units.iter().map(|unit| unit.y).collect::<Vec<_>>()
    };
    assert_eq!(values(exact), values(nearest));
}

#[test]
fn columns_of_lists_and_bytes_are_left_out_and_named() {
    let mut lists = ListBuilder::new(Int32Builder::new());
    lists.append_value([Some(1), Some(2)]);
    lists.append_value([Some(3)]);
    let ids = FixedSizeBinaryArray::try_from_iter([[1_u8; 16], [2; 16]].into_iter()).unwrap();
    let mut opened = open(&[
        ("answers", Arc::new(lists.finish())),
        ("y", Arc::new(Int32Array::from(vec![1, 2]))),
        ("id", Arc::new(ids)),
        ("raw", Arc::new(BinaryArray::from(vec![b"a".as_slice(), b"\xff"]))),
    ]);
    assert_eq!(opened.file.columns(), [("y".to_owned(), codebook::ColumnKind::Number)]);
    let left_out = opened.file.left_out();
    let bytes = "bytes that are not declared as text";
    assert_eq!(left_out.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["answers", "id", "raw"]);
    assert_eq!(
        left_out.iter().map(|(_, held)| *held).collect::<Vec<_>>(),
        ["lists", "16 bytes in each row, such as UUIDs", bytes]
    );
    let scanned = opened.file.scan(&scan(vec![number(column(0))])).unwrap().unwrap();
    assert_eq!(scanned.rows, 2);
}

#[test]
fn rows_whose_condition_cannot_be_told_are_counted() {
    // The fourth school has no score; the last, which has no weight, would be in the condition.
    let many = Expr::Compare {
        left: Box::new(column(2)),
        comparator: Comparator::Greater,
        right: Box::new(Expr::Literal(Literal::Number(codebook::Decimal::new(550, 0)))),
    };
    for units in [Wanted::Sums, Wanted::Units] {
        let asked = Scan { condition: Some(many.clone()), units, ..request() };
        let scanned = schools(decimals()).file.scan(&asked).unwrap().unwrap();
        assert_eq!(scanned.without_condition, 1);
        assert_eq!(
            schools(decimals()).file.scan(&Scan { condition: None, ..asked }).unwrap().unwrap().without_condition,
            0
        );
    }
}

#[test]
fn sums_by_stratum_are_those_by_hand() {
    for weights in [decimals(), doubles()] {
        let scanned = schools(weights).file.scan(&request()).unwrap().unwrap();
        assert!(matches!(scanned.cells, Cells::Grouped(_)));
        assert_eq!((scanned.rows, scanned.without_weight), (6, 1));
        assert_eq!(scanned.groups, vec![Vec::<String>::new()]);
        let found: Vec<_> = scanned.clusters.iter().map(|found| (found.stratum.join(" "), found.units)).collect();
        assert_eq!(found, [("E".to_owned(), 2), ("H".to_owned(), 3)]);
        let scores = strata(&scanned, 0, 0);
        assert_eq!((scores[0].n, scores[0].wx, scores[0].wy), (2, wide(3.0), wide(1900.0)));
        assert_eq!((scores[0].wwxx, scores[0].wwxy), (wide(5.0), wide(3100.0)));
        assert_eq!((scores[0].wwyy, scores[0].wyy), (wide(490_000.0 + 1_440_000.0), wide(490_000.0 + 720_000.0)));
        // The school without a score is not in its domain.
        assert_eq!((scores[1].n, scores[1].wx), (2, wide(3.0)));
        let awards = strata(&scanned, 1, 0);
        assert_eq!((awards[1].n, awards[1].positive, awards[1].wx, awards[1].wy), (3, 2, wide(5.5), wide(5.0)));
        assert_eq!(scanned.missing, [[1], [0]]);
    }
}

#[test]
fn units_give_the_sums_that_sql_does() {
    let wanted = Scan { by: vec![variable("column.3")], ..request() };
    let grouped = schools(decimals()).file.scan(&wanted).unwrap().unwrap();
    let by_unit = schools(doubles()).file.scan(&Scan { units: Wanted::Units, ..wanted }).unwrap().unwrap();
    assert_eq!(grouped.groups, [["false"], ["true"]]);
    assert_eq!(grouped.groups, by_unit.groups);
    assert_eq!(grouped.clusters, by_unit.clusters);
    // The school without a score has awards; of each group its own are missing.
    assert_eq!(grouped.missing, [[0, 1], [0, 0]]);
    assert_eq!(grouped.missing, by_unit.missing);
    let places = [(0, 0), (1, 0)];
    for item in 0..2 {
        for group in 0..2 {
            let Sums::ByUnit(units) = by_unit.sums(item, group, placing(&places)) else { panic!("units are expected") };
            for cell in strata(&grouped, item, group) {
                let inside = || units.iter().filter(|unit| unit.stratum == cell.stratum);
                assert_eq!(u64::try_from(inside().count()).unwrap(), cell.n);
                let sum: Wide = inside().map(|unit| unit.w * unit.w * unit.y * unit.y).sum();
                assert_eq!(sum, cell.wwyy);
            }
        }
    }
}

#[test]
fn doubles_that_are_no_decimals_are_taken_unit_by_unit() {
    let thirds: ArrayRef = Arc::new(Float64Array::from(vec![1.0 / 3.0; 6]));
    let scanned = schools(thirds).file.scan(&request()).unwrap().unwrap();
    assert!(matches!(scanned.cells, Cells::Units(_)));
}

#[test]
fn what_is_no_number_is_missing() {
    let scanned = schools(decimals()).file.scan(&scan(vec![number(column(4))])).unwrap().unwrap();
    assert_eq!(scanned.missing, [[1]]);
    let Sums::ByStratum(cells) = scanned.sums(0, 0, placing(&[(0, 0)])) else { panic!("sums by stratum are expected") };
    assert_eq!((cells[0].n, cells[0].wy), (5, wide(10.75)));
}

/// A file keeps the extremes of its columns, and they pass over what is no number.
#[test]
fn what_is_no_number_beside_one_value_is_missing_too() {
    let ones: ArrayRef = Arc::new(Float64Array::from(vec![1.0, f64::NAN, 1.0, f64::NAN]));
    let ys: ArrayRef = Arc::new(Float64Array::from(vec![10.0, 100.0, 20.0, 30.0]));
    let mut opened = open(&[("t", ones), ("y", ys)]);
    let levels = opened.file.levels(&[column(0)]).unwrap();
    assert_eq!((levels[0].values.as_slice(), levels[0].missing), (&[("1".to_owned(), 2)][..], 2));
    let scanned = opened.file.scan(&scan(vec![number(column(0)), number(column(1))])).unwrap().unwrap();
    assert_eq!(scanned.missing, [[2], [0]]);
    let weighted = Scan { weight: Some(variable("column.0")), ..scan(vec![number(column(1))]) };
    let troubles = opened.file.scan(&weighted).unwrap().unwrap_err();
    assert!(matches!(&troubles[..], [Trouble::Missing { rows: 2, .. }]), "{troubles:?}");
}

#[test]
fn singles_are_the_numbers_they_are_printed_as() {
    let singles: ArrayRef = Arc::new(Float32Array::from(vec![0.1, 0.3, 0.1, f32::NAN]));
    let mut opened = open(&[("f", singles)]);
    let levels = opened.file.levels(&[column(0)]).unwrap();
    assert_eq!(
        (levels[0].values.as_slice(), levels[0].missing),
        (&[("0.1".to_owned(), 2), ("0.3".to_owned(), 1)][..], 1)
    );
}

#[test]
fn a_ratio_wants_both_its_parts() {
    let ratio = Item { x: Some(column(4)), ..number(column(2)) };
    let scanned = schools(decimals()).file.scan(&scan(vec![ratio])).unwrap().unwrap();
    let Sums::ByStratum(cells) = scanned.sums(0, 0, placing(&[(0, 0)])) else { panic!("sums by stratum are expected") };
    // The fourth school has no score and the fifth no number of pupils.
    assert_eq!((cells[0].n, cells[0].wx, cells[0].wy), (4, wide(7.75), wide(2600.0)));
    assert_eq!(cells[0].wwxy, wide(350.0 + 750.0 + 1000.0 + 3200.0));
    assert_eq!(scanned.missing, [[2]]);
}

#[test]
fn a_condition_is_a_domain_and_takes_nobody_out_of_the_design() {
    let wanted = Scan { condition: Some(is(0, "E")), ..request() };
    let scanned = schools(decimals()).file.scan(&wanted).unwrap().unwrap();
    assert_eq!(scanned.clusters.len(), 2);
    assert_eq!(strata(&scanned, 0, 0).len(), 1);
    let within = Item { within: Some(is(0, "H")), ..number(column(2)) };
    let scanned = schools(decimals()).file.scan(&Scan { items: vec![within], ..request() }).unwrap().unwrap();
    assert_eq!(strata(&scanned, 0, 0)[0].stratum, 1);
    assert_eq!(scanned.missing, [[1]]);
}

#[test]
fn what_is_wrong_with_design_columns_is_told_all_at_once() {
    let broken: ArrayRef = Arc::new(Float64Array::from(vec![Some(1.0), Some(-2.0), None, Some(-1.0), None, Some(1.0)]));
    let wanted = Scan { strata: vec![variable("column.2")], ..request() };
    let troubles = schools(broken).file.scan(&wanted).unwrap().unwrap_err();
    let [score, weight] = ["column.2", "column.1"].map(variable);
    assert_eq!(
        troubles,
        [
            Trouble::Missing { column: score, rows: 1 },
            Trouble::Missing { column: weight.clone(), rows: 2 },
            Trouble::Negative { column: weight, rows: 2 },
        ]
    );
    let nothing: ArrayRef = Arc::new(Float64Array::from(vec![0.0; 6]));
    assert_eq!(schools(nothing).file.scan(&request()).unwrap().unwrap_err(), [Trouble::Nobody]);
}

#[test]
fn levels_are_counted_in_order() {
    let mut opened = schools(decimals());
    let levels = opened.file.levels(&[column(2), column(0)]).unwrap();
    let values: Vec<&str> = levels[0].values.iter().map(|(value, _)| value.as_str()).collect();
    assert_eq!((values, levels[0].missing), (vec!["400", "500", "600", "700", "800"], 1));
    assert_eq!(levels[1].values, [("E".to_owned(), 3), ("H".to_owned(), 3)]);
}

#[test]
fn columns_as_they_are_need_no_look_at_the_rows_before_they_are_summed() {
    let weights = |last: i128| -> ArrayRef {
        let array = Decimal128Array::from(vec![10_i128, 20, 25, 25, 5, last]);
        Arc::new(array.with_precision_and_scale(10, 1).unwrap())
    };
    let asked = || Scan {
        strata: vec![variable("column.0")],
        weight: Some(variable("column.1")),
        ..scan(vec![condition(column(3))])
    };
    let mut opened = open(&without_doubles(weights(1)));
    let scanned = opened.file.scan(&asked()).unwrap().unwrap();
    let names: Vec<&str> = scanned.statements.iter().map(|statement| statement.name.as_str()).collect();
    assert_eq!(names, ["statistics", "sums"]);
    let explained = Statement { name: "plan".to_owned(), sql: format!("EXPLAIN {}", scanned.statements[0].sql) };
    let outcome = opened.file.engine.run(&[&explained]).unwrap().remove(0);
    let plans = outcome.keys(1).unwrap().into_iter().flatten().collect::<Vec<_>>().join("\n");
    assert!(plans.contains("PlaceholderRowExec") && !plans.contains("DataSourceExec"), "{plans}");
    // A unit of weight 0 does not count, so it must be known which items the others have.
    let with_zero = open(&without_doubles(weights(0))).file.scan(&asked()).unwrap().unwrap();
    assert_eq!(with_zero.statements[0].name, "probe");
    assert_eq!((with_zero.without_weight, scanned.without_weight), (1, 0));
    let positive = |scanned: &Scanned| strata(scanned, 0, 0).iter().map(|cell| cell.positive).collect::<Vec<_>>();
    assert_eq!((positive(&scanned), positive(&with_zero)), (vec![2, 2], vec![1, 2]));
}

#[test]
fn a_text_that_an_expression_makes_has_levels_too() {
    let y: ArrayRef = Arc::new(Int32Array::from(vec![Some(1), Some(5), None, Some(7)]));
    let mut opened = open(&[("y", y)]);
    let many = Expr::Compare {
        left: Box::new(column(0)),
        comparator: Comparator::Greater,
        right: Box::new(Expr::Literal(Literal::Number(codebook::Decimal::new(4, 0)))),
    };
    let text = |text: &str| Expr::Literal(Literal::Text(text.to_owned()));
    let grouped = Expr::Case { branches: vec![(many, text("many"))], otherwise: Some(Box::new(text("few"))) };
    let levels = opened.file.levels(&[grouped]).unwrap().remove(0);
    // Where nothing is known, the condition does not hold.
    assert_eq!((levels.values, levels.missing), (vec![("few".to_owned(), 2), ("many".to_owned(), 2)], 0));
}

#[test]
fn columns_of_one_name_are_all_told() {
    let numbers = |numbers: [i32; 2]| -> ArrayRef { Arc::new(Int32Array::from(numbers.to_vec())) };
    let mut opened = open(&[("y", numbers([1, 2])), ("z", numbers([3, 4])), ("y", numbers([5, 6]))]);
    let names: Vec<String> = opened.file.columns().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names.iter().filter(|name| *name == "y").count(), 2, "{names:?}");
    let z = names.iter().position(|name| name == "z").unwrap();
    let levels = opened.file.levels(&[column(z)]).unwrap().remove(0);
    assert_eq!(levels.values, [("3".to_owned(), 1), ("4".to_owned(), 1)]);
}
