//! Samples small enough to see: units with their strata, weights, values and groups, and the tables made from them.

use std::collections::BTreeMap;

use codebook::{BaseId, Code, Comparison, Measure, Place, Row, RowId, TableId, TableSpec, Translated, VariableName};
use estimate::{
    DesignTable, Domain, Estimate, Method, NotEstimable, Outcome, PsuCell, RowSums, StratumCell, Sums, Table,
    TableSums, UnitValue, Wide, estimate,
};

/// One answer.
#[derive(Debug, Clone)]
pub(crate) struct Unit {
    pub(crate) stratum: usize,
    pub(crate) psu: usize,
    pub(crate) w: Wide,
    pub(crate) y: Wide,
    /// Its category in the breakdown.
    pub(crate) group: &'static str,
}

/// Which sums a table is made from: by stratum, by PSU or by unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Road {
    Stratum,
    Psu,
    Unit,
}

pub(crate) const GROUPS: [&str; 3] = ["a", "b", "c"];

/// What a table is about: one row, one breakdown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question<'a> {
    pub(crate) measure: Measure,
    pub(crate) item: &'a str,
    pub(crate) breakdown: &'a str,
}

pub(crate) const TOTAL: Question<'_> = Question { measure: Measure::Total, item: "employees", breakdown: "grouping" };
pub(crate) const MEAN: Question<'_> = Question { measure: Measure::Mean, item: "employees", breakdown: "grouping" };
pub(crate) const SHARE: Question<'_> = Question { measure: Measure::Share, item: "innovative", breakdown: "grouping" };

pub(crate) fn code(text: &str) -> Code {
    Code::new(text).expect("a code")
}

pub(crate) fn variable(text: &str) -> VariableName {
    VariableName::new(text).expect("a variable name")
}

pub(crate) fn place() -> Place {
    Place::File { file: "test".to_owned() }
}

pub(crate) fn wide(value: f64) -> Wide {
    Wide::from_f64(value)
}

/// Sums over `units` by the road asked for.
pub(crate) fn sums(units: &[Unit], road: Road) -> Sums {
    ratio_sums(&units.iter().map(|unit| (unit.clone(), Wide::ONE)).collect::<Vec<_>>(), road)
}

/// Sums over units and their denominators by the road asked for.
pub(crate) fn ratio_sums(units: &[(Unit, Wide)], road: Road) -> Sums {
    match road {
        Road::Stratum => {
            let mut cells: BTreeMap<usize, StratumCell> = BTreeMap::new();
            for (unit, x) in units {
                let stratum = unit.stratum;
                let [wx, wy, wyy, wwxx, wwxy, wwyy] = [Wide::ZERO; 6];
                let empty = StratumCell { stratum, n: 0, positive: 0, wx, wy, wyy, wwxx, wwxy, wwyy };
                let cell = cells.entry(stratum).or_insert(empty);
                let (wx, wy) = (unit.w * *x, unit.w * unit.y);
                cell.n += 1;
                cell.positive += u64::from(unit.y != Wide::ZERO);
                cell.wx += wx;
                cell.wy += wy;
                cell.wyy += wy * unit.y;
                cell.wwxx += wx * wx;
                cell.wwxy += wx * wy;
                cell.wwyy += wy * wy;
            }
            Sums::ByStratum(cells.into_values().collect())
        }
        Road::Psu => {
            let mut cells: BTreeMap<(usize, usize), PsuCell> = BTreeMap::new();
            for (unit, x) in units {
                let (stratum, psu) = (unit.stratum, unit.psu);
                let [wx, wy, wyy, wwxx] = [Wide::ZERO; 4];
                let empty = PsuCell { stratum, psu, n: 0, positive: 0, wx, wy, wyy, wwxx };
                let cell = cells.entry((stratum, psu)).or_insert(empty);
                let (wx, wy) = (unit.w * *x, unit.w * unit.y);
                cell.n += 1;
                cell.positive += u64::from(unit.y != Wide::ZERO);
                cell.wx += wx;
                cell.wy += wy;
                cell.wyy += wy * unit.y;
                cell.wwxx += wx * wx;
            }
            Sums::ByPsu(cells.into_values().collect())
        }
        Road::Unit => Sums::ByUnit(
            units
                .iter()
                .enumerate()
                .map(|(number, (unit, x))| UnitValue {
                    stratum: unit.stratum,
                    psu: unit.psu,
                    unit: number,
                    w: unit.w,
                    x: *x,
                    y: unit.y,
                })
                .collect(),
        ),
    }
}

/// The table of one row in total and by group, with the difference between the groups named.
pub(crate) fn table(
    question: Question<'_>,
    units: &[Unit],
    groups: &[&str],
    compared: Option<(&str, &str)>,
    design: &DesignTable,
    road: Road,
    method: Method,
) -> Table {
    let id = TableId::new("table").expect("a table id");
    let row = RowId::new(question.item).expect("a row id");
    let spec = TableSpec {
        id: id.clone(),
        title: Translated::default(),
        base: BaseId::new("all").expect("a base id"),
        measure: question.measure,
        rows: vec![Row {
            id: row.clone(),
            label: Translated::default(),
            item: variable(question.item),
            codes: Vec::new(),
            over: None,
        }],
        breakdowns: vec![variable(question.breakdown)],
        decimals: 0,
        scale: None,
        sensitivity: codebook::Sensitivity::Ordinary,
        base_sensitivity: codebook::Sensitivity::Ordinary,
        place: place(),
    };
    let breakdown = variable(question.breakdown);
    let mut domains = vec![Domain::Total];
    let mut row_sums = vec![sums(units, road)];
    for group in groups {
        let members: Vec<Unit> = units.iter().filter(|unit| unit.group == *group).cloned().collect();
        domains.push(Domain::Group { breakdown: breakdown.clone(), code: code(group) });
        row_sums.push(sums(&members, road));
    }
    let comparisons: Vec<Comparison> = compared
        .into_iter()
        .map(|(group, than)| Comparison {
            table: id.clone(),
            row: row.clone(),
            breakdown: breakdown.clone(),
            group: code(group),
            than: code(than),
        })
        .collect();
    let table_sums = TableSums { table: id, domains, rows: vec![RowSums { row, domains: row_sums }] };
    estimate(&spec, &table_sums, design, &comparisons, method)
}

pub(crate) fn estimated(outcome: Outcome) -> Estimate {
    match outcome {
        Outcome::Estimated(estimate) => estimate,
        Outcome::NotEstimable { reason, n } => panic!("not estimable: {reason:?}, n = {n}"),
    }
}

pub(crate) fn not_estimable(outcome: Outcome) -> (NotEstimable, u64) {
    match outcome {
        Outcome::NotEstimable { reason, n } => (reason, n),
        Outcome::Estimated(estimate) => panic!("estimated: {estimate:?}"),
    }
}

/// |found - expected| <= tolerance |expected|, or exactly 0 where 0 is expected.
#[track_caller]
pub(crate) fn assert_near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance * expected.abs(), "found {found:e}, expected {expected:e}");
}
