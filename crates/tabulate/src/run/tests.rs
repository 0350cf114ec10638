use arrow::array::ArrayRef;
use codebook::{Comparator, Expr, Literal, Place, Severity};
use estimate::{Calibration, Regression, SampledUnit, Sums, Wide};

use crate::Tabulation;
use crate::sample::{Sample, codes, country, decimals, strata, units};

const SHARES: &str = "base = \"all\"\nmeasure = \"share\"\n";

fn wide(text: &str) -> Wide {
    let number = codebook::Decimal::parse(text, '.').unwrap();
    Wide::from_decimal(number.units(), number.scale())
}

fn sql(tabulation: &Tabulation) -> Vec<&str> {
    tabulation.statements.iter().map(|statement| statement.sql.as_str()).collect()
}

/// Six answers in two strata. Three are innovative; one of them is helped by users, one by firms, one says no to both.
fn six_answers() -> Vec<(&'static str, ArrayRef)> {
    vec![
        ("__unit", units(6)),
        ("__stratum", strata(&[0, 0, 0, 1, 1, 1])),
        ("level", codes("city city city state state -")),
        ("innovative", codes("yes no dont_know yes yes -")),
        ("employees", decimals("5 12 3.5 20 8 -", 1)),
        ("helped_by_users", codes("yes - - no dont_know -")),
        ("helped_by_users__missing", codes("- not_asked not_asked - - not_asked")),
        ("helped_by_firms", codes("no - - yes no -")),
        ("helped_by_firms__missing", codes("- not_asked not_asked - - not_asked")),
    ]
}

fn equal_weights(table: &str) -> Sample {
    Sample::new(country(table, "weights = \"equal\""), &six_answers())
}

#[test]
fn a_union_over_routed_out_parts_is_false_for_those_routed_out() {
    let tabulation = equal_weights(&format!("{SHARES}rows = [\"helped\"]")).tabulate();
    assert_eq!(tabulation.counts("helped", "total"), [(0, 3, 1), (1, 3, 1)]);
    assert!(tabulation.findings.is_empty(), "{:?}", tabulation.said());
}

#[test]
fn dont_know_stays_in_the_base_and_missing_leaves_it() {
    let table = format!("{SHARES}rows = [\"innovative\"]");
    let tabulation = equal_weights(&table).tabulate();
    assert_eq!(tabulation.counts("innovative:yes", "total"), [(0, 3, 1), (1, 2, 2)]);
    assert_eq!(tabulation.counts("innovative:dont_know", "total"), [(0, 3, 1), (1, 2, 0)]);
}

#[test]
fn a_stratum_without_respondents_in_a_domain_is_absent() {
    let table = format!("{SHARES}rows = [\"innovator\"]\nbreakdowns = [\"level\"]");
    let tabulation = equal_weights(&table).tabulate();
    assert_eq!(tabulation.counts("innovator", "level:city"), [(0, 3, 1)]);
    assert_eq!(tabulation.counts("innovator", "level:region"), []);
    assert_eq!(tabulation.counts("innovator", "level:state"), [(1, 2, 2)]);
}

#[test]
fn who_has_no_value_of_the_breakdown_is_in_the_total_only() {
    let table = format!("{SHARES}rows = [\"innovator\"]\nbreakdowns = [\"level\"]");
    let tabulation = equal_weights(&table).tabulate();
    assert_eq!(tabulation.counts("innovator", "total"), [(0, 3, 1), (1, 3, 2)]);
    let domains: Vec<String> = tabulation.tables[0].domains.iter().map(|domain| format!("{domain:?}")).collect();
    assert_eq!(domains.len(), 4);
    assert!(domains[0].contains("Total") && domains[1].contains("city") && domains[3].contains("state"));
}

#[test]
fn overlapping_bases_count_each_of_their_members() {
    let tabulation = equal_weights(&format!("{SHARES}rows = [\"innovator\"]")).tabulate();
    assert_eq!(["all", "innovative", "helped"].map(|base| tabulation.base(base)), [6, 3, 2]);
}

#[test]
fn a_derived_breakdown_is_computed_before_it_groups() {
    let table = "base = \"innovative\"\nmeasure = \"share\"\nrows = [\"helped_innovator\"]\nbreakdowns = [\"size\"]";
    let tabulation = equal_weights(table).tabulate();
    assert_eq!(tabulation.counts("helped_innovator", "size:small"), [(0, 1, 1), (1, 1, 0)]);
    assert_eq!(tabulation.counts("helped_innovator", "size:large"), [(1, 1, 1)]);
    assert!(tabulation.findings.is_empty(), "{:?}", tabulation.said());
}

#[test]
fn a_derived_variable_without_a_value_is_a_finding() {
    let table = format!("{SHARES}rows = [\"innovator\"]\nbreakdowns = [\"size\"]");
    let sample = equal_weights(&table);
    let tabulation = sample.tabulate();
    assert_eq!(
        tabulation.said(),
        ["derived-missing: derived variable \"size\" has no value for 1 answer of base \"all\""]
    );
    let size = codebook::VariableName::new("size").unwrap();
    assert_eq!(tabulation.findings[0].place, sample.country.codebook.variable(&size).unwrap().place);
    assert_eq!(tabulation.findings[0].severity, Severity::Error);
}

#[test]
fn a_base_that_was_not_all_asked_is_a_finding() {
    let table = format!("{SHARES}rows = [\"helped_by_users\"]");
    let tabulation = equal_weights(&table).tabulate();
    let expected =
        "not-asked-in-base: base \"all\" of table \"sample\" holds 3 answers that were not asked \"helped_by_users\"";
    assert_eq!(tabulation.said(), [expected]);
    assert!(matches!(&tabulation.findings[0].place, Place::Text { file, .. } if file.ends_with("tables.toml")));
    let hint = "count it in a base of those who were asked, where \"innovative\" = 'yes'";
    assert_eq!(tabulation.findings[0].hints, [hint]);

    let table = "base = \"innovative\"\nmeasure = \"share\"\nrows = [\"helped_by_users\"]\ncodes = [\"yes\"]";
    assert!(equal_weights(table).tabulate().findings.is_empty());
}

#[test]
fn the_weight_of_a_stratum_multiplies_counts_and_sums_of_numbers() {
    let mut sample = equal_weights("base = \"all\"\nmeasure = \"mean\"\nrows = [\"employees\"]");
    sample.design.strata[0].weight = Some(wide("37") / wide("7"));
    let tabulation = sample.tabulate();
    let cells = tabulation.strata("employees", "total");
    // 5 + 12 + 3.5 = 20.5; 25 + 144 + 12.25 = 181.25
    let weight = wide("37") / wide("7");
    assert_eq!((cells[0].n, cells[0].positive), (3, 3));
    assert_eq!(cells[0].wx, wide("3") * weight);
    assert_eq!(cells[0].wy, wide("20.5") * weight);
    assert_eq!(cells[0].wwyy, wide("181.25") * weight * weight);
    assert_eq!((cells[1].n, cells[1].wx, cells[1].wy), (2, wide("2"), wide("28")));
}

#[test]
fn a_collapsed_stratum_counts_with_its_neighbour() {
    let mut sample = equal_weights(&format!("{SHARES}rows = [\"innovator\"]"));
    sample.design.strata.pop();
    sample.design.of_answers = vec![0, 0];
    assert_eq!(sample.tabulate().counts("innovator", "total"), [(0, 6, 3)]);
}

fn supplied_weights(table: &str, weights: ArrayRef) -> Sample {
    let mut columns = six_answers();
    columns.push(("__weight", weights));
    Sample::new(country(table, "weights = { column = \"w\" }"), &columns)
}

#[test]
fn supplied_weights_are_summed_exactly() {
    let table = format!("{SHARES}rows = [\"innovator\"]\nbreakdowns = [\"level\"]");
    let sample = supplied_weights(&table, decimals("0.1 0.2 0.3 1.5 2.25 4", 2));
    let tabulation = sample.tabulate();
    let cells = tabulation.strata("innovator", "total");
    assert_eq!((cells[0].wx, cells[0].wy), (wide("0.6"), wide("0.1")));
    assert_eq!((cells[0].wwxx, cells[0].wwxy, cells[0].wwyy), (wide("0.14"), wide("0.01"), wide("0.01")));
    assert_eq!(tabulation.strata("innovator", "level:state")[0].wx, wide("3.75"));
}

#[test]
fn an_answer_with_weight_zero_counts_nowhere() {
    let table = format!("{SHARES}rows = [\"innovator\"]\nbreakdowns = [\"size\"]");
    let tabulation = supplied_weights(&table, decimals("1 0 1 0 2 0", 0)).tabulate();
    assert_eq!(tabulation.counts("innovator", "total"), [(0, 2, 1), (1, 1, 1)]);
    assert_eq!(["all", "innovative"].map(|base| tabulation.base(base)), [3, 2]);
    // The one without a size has no weight.
    assert!(tabulation.findings.is_empty(), "{:?}", tabulation.said());
}

#[test]
fn answers_are_counted_by_the_bases_and_groups_that_they_are_in() {
    let table = format!(
        "{SHARES}rows = [\"innovator\"]\nbreakdowns = [\"level\", \"size\"]\n\
         [tables.helped]\ntitle = \"t\"\nbase = \"innovative\"\nmeasure = \"share\"\nrows = [\"helped_innovator\"]"
    );
    let tabulation = supplied_weights(&table, decimals("1 1 0 1 1 1", 0)).tabulate();
    let described = |it: &estimate::Membership| {
        let bases: Vec<&str> = it.bases.iter().map(codebook::BaseId::as_str).collect();
        let groups: Vec<&str> = it.groups.values().map(codebook::Code::as_str).collect();
        format!("{} of {}: {}", it.n, bases.join(" and "), groups.join(", "))
    };
    let mut found: Vec<String> = tabulation.memberships.iter().map(described).collect();
    found.sort();
    // The third has weight 0, the last neither a level nor a size.
    assert_eq!(
        found,
        [
            "1 of all and innovative: city, small",
            "1 of all and innovative: state, large",
            "1 of all and innovative: state, small",
            "1 of all: ",
            "1 of all: city, large",
        ]
    );
}

#[test]
fn calibrated_weights_go_unit_by_unit_and_zero_stays_zero() {
    let table = format!("{SHARES}rows = [\"innovator\"]\nbreakdowns = [\"level\"]");
    let mut sample = supplied_weights(&table, decimals("1 0 1 0 2 1", 0));
    let sampled = |(unit, stratum): (usize, usize)| SampledUnit { unit, stratum, psu: unit, weight: Wide::ONE };
    let units: Vec<SampledUnit> = [(0, 0), (2, 0), (4, 1), (5, 1)].map(sampled).into();
    let weights = ["2.5", "0.5", "3", "1"].map(wide);
    let calibration = Calibration::new(&units, &[], &weights, Regression::DesignWeights).unwrap();
    sample.design.calibration = Some(calibration);
    let tabulation = sample.tabulate();
    let Sums::ByUnit(values) = tabulation.sums("innovator", "total") else { panic!("expected sums by unit") };
    let found: Vec<(usize, usize, Wide)> = values.iter().map(|value| (value.stratum, value.unit, value.w)).collect();
    assert_eq!(found, [(0, 0, weights[0]), (0, 2, weights[1]), (1, 4, weights[2]), (1, 5, weights[3])]);
    let names: Vec<&str> = tabulation.statements.iter().map(|statement| statement.name.as_str()).collect();
    assert_eq!(names, ["sums-01", "units"], "sums that nobody multiplies need no proof");
}

#[test]
fn the_roads_by_stratum_and_by_unit_give_the_same_sums() {
    let table = "base = \"all\"\nmeasure = \"mean\"\nrows = [\"twice\"]\nbreakdowns = [\"level\"]";
    let weights = "0.1 0.2 0.3 1.5 2.25 4";
    let grouped = supplied_weights(table, decimals(weights, 2)).tabulate();
    // With 19 decimals the square of a weight fits no DECIMAL(38) beside the square of a number.
    let by_unit = supplied_weights(table, decimals(weights, 19)).tabulate();
    for domain in ["total", "level:city", "level:state"] {
        let Sums::ByUnit(values) = by_unit.sums("twice", domain) else { panic!("expected sums by unit") };
        for cell in grouped.strata("twice", domain) {
            let inside = || values.iter().filter(|value| value.stratum == cell.stratum);
            let sum =
                |term: fn(Wide, Wide) -> Wide| inside().fold(Wide::ZERO, |sum, value| sum + term(value.w, value.y));
            assert_eq!(u64::try_from(inside().count()).unwrap(), cell.n);
            assert_near(sum(|w, _| w), cell.wx);
            assert_near(sum(|w, y| w * y), cell.wy);
            assert_near(sum(|w, _| w * w), cell.wwxx);
            assert_near(sum(|w, y| w * w * y), cell.wwxy);
            assert_near(sum(|w, y| w * w * y * y), cell.wwyy);
        }
    }
    let Sums::ByUnit(nobody) = by_unit.sums("twice", "level:region") else { panic!("expected sums by unit") };
    assert!(nobody.is_empty());
}

/// Equal to about 30 digits: adding in another order rounds elsewhere.
fn assert_near(one: Wide, other: Wide) {
    let difference = (one - other).to_f64().abs();
    assert!(difference <= 1e-29 * other.to_f64().abs(), "{one:?} is not {other:?}");
}

#[test]
fn shares_go_unit_by_unit_when_squared_weights_would_not_fit() {
    let table = format!("{SHARES}rows = [\"innovative\"]");
    let tabulation = supplied_weights(&table, decimals("0.1 0.2 0.3 1.5 2.25 4", 20)).tabulate();
    let Sums::ByUnit(values) = tabulation.sums("innovative:yes", "total") else { panic!("expected sums by unit") };
    let found: Vec<_> = values.iter().map(|value| (value.stratum, value.psu, value.w, value.y)).collect();
    let expected =
        [(0, 0, "0.1", "1"), (0, 1, "0.2", "0"), (0, 2, "0.3", "0"), (1, 3, "1.5", "1"), (1, 4, "2.25", "1")];
    assert_eq!(found, expected.map(|(stratum, psu, w, y)| (stratum, psu, wide(w), wide(y))));
}

#[test]
fn clusters_are_summed_by_psu() {
    let table = format!("{SHARES}rows = [\"innovator\"]");
    let mut columns = six_answers();
    columns.push(("__psu", strata(&[0, 1, 1, 2, 3, 3])));
    columns.push(("__weight", decimals("1 2 3 4 5 6", 0)));
    let country = country(&table, "weights = { column = \"w\" }\npsu = [\"employees\"]");
    let tabulation = Sample::new(country, &columns).tabulate();
    let Sums::ByPsu(cells) = tabulation.sums("innovator", "total") else { panic!("expected sums by PSU") };
    let found: Vec<_> =
        cells.iter().map(|cell| (cell.stratum, cell.psu, cell.n, cell.positive, cell.wx, cell.wy)).collect();
    let expected = [(0, 0, 1, 1, "1", "1"), (0, 1, 2, 0, "5", "0"), (1, 2, 1, 1, "4", "4"), (1, 3, 2, 1, "11", "5")];
    assert_eq!(
        found,
        expected.map(|(stratum, psu, n, positive, w, wy)| (stratum, psu, n, positive, wide(w), wide(wy)))
    );
    assert_eq!(cells[1].wwxx, wide("13"));
}

#[test]
fn threads_and_the_order_of_rows_change_no_bit() {
    let table =
        "base = \"all\"\nmeasure = \"mean\"\nrows = [\"employees\", \"twice\"]\nbreakdowns = [\"level\", \"size\"]";
    for scale in [2, 19] {
        let mut columns = six_answers();
        columns.push(("__weight", decimals("0.1 0.2 0.3 1.5 2.25 4", scale)));
        let recipe = "weights = { column = \"w\" }";
        let reversed = arrow::array::Int64Array::from_iter_values((0..6).rev());
        let turned: Vec<(&str, ArrayRef)> = columns
            .iter()
            .map(|(name, array)| (*name, arrow::compute::take(array, &reversed, None).unwrap()))
            .collect();
        let sample = Sample::new(country(table, recipe), &columns);
        let turned = Sample::new(country(table, recipe), &turned);
        let one = sample.tabulate_on(1);
        assert_eq!(one, sample.tabulate_on(2));
        assert_eq!(one, turned.tabulate_on(2));
    }
}

#[test]
fn many_sums_are_split_over_statements_without_changing_any() {
    // Two sums for each of 61 bases.
    let rows: String = (0..61)
        .map(|limit| {
            format!("[bases.b{limit}]\nwhere = \"employees > {limit}\"\nlabel = \"b\"\ncounting_unit = \"b\"\n")
        })
        .chain((0..61).map(|limit| {
            format!(
                "[tables.t{limit}]\ntitle = \"t\"\nbase = \"b{limit}\"\nmeasure = \"share\"\nrows = [\"innovator\"]\n"
            )
        }))
        .collect();
    let tabulation = equal_weights(&format!("{SHARES}rows = [\"innovator\"]\n{rows}")).tabulate();
    assert_eq!(tabulation.statements.len(), 2);
    for (limit, table) in tabulation.tables.iter().skip(1).enumerate() {
        let Sums::ByStratum(cells) = &table.rows[0].domains[0] else { panic!("expected sums by stratum") };
        let members = [5.0, 12.0, 3.5, 20.0, 8.0]
            .iter()
            .filter(|employees| **employees > f64::from(u32::try_from(limit).unwrap()));
        let expected = u64::try_from(members.count()).unwrap();
        assert_eq!(cells.iter().map(|cell| cell.n).sum::<u64>(), expected, "{:?}", table.table);
    }
}

#[test]
fn a_table_without_answers_has_no_cells() {
    let none: Vec<_> = six_answers().into_iter().map(|(name, array)| (name, array.slice(0, 0))).collect();
    let table = format!("{SHARES}rows = [\"innovator\"]\nbreakdowns = [\"level\"]");
    let tabulation = Sample::new(country(&table, "weights = \"equal\""), &none).tabulate();
    assert_eq!(tabulation.counts("innovator", "total"), []);
    assert_eq!(tabulation.base("all"), 0);
}

#[test]
fn a_file_of_another_design_is_an_error() {
    let mut sample = equal_weights(&format!("{SHARES}rows = [\"innovator\"]"));
    sample.design.of_answers.pop();
    assert_eq!(sample.fails(), "the answers have a stratum 1, the design table has 1");
}

#[test]
fn statements_tell_the_whole_computation() {
    let table = "base = \"innovative\"\nmeasure = \"share\"\nrows = [\"helped_innovator\"]\nbreakdowns = [\"size\"]";
    let sample = supplied_weights(table, decimals("1 1 1 1 1 1", 1));
    let tabulation = sample.tabulate();
    assert_eq!(sql(&tabulation), [BOUNDS, SUMS]);
}

const BOUNDS: &str = r#"SELECT
  COUNT(*) AS "answers",
  MIN("__weight") AS "smallest __weight",
  MAX("__weight") AS "largest __weight"
FROM "responses""#;
const SUMS: &str = r#"SELECT
  "__stratum",
  "size",
  COUNT(CASE WHEN "__base_all" THEN 1 END) AS "n_01",
  COUNT(CASE WHEN "__base_helped" THEN 1 END) AS "n_02",
  COUNT(CASE WHEN "__base_innovative" AND "size" IS NULL THEN 1 END) AS "n_03",
  COUNT(CASE WHEN "__base_innovative" THEN 1 END) AS "n_04",
  SUM(CASE WHEN "__base_innovative" THEN "__weight" END) AS "w_05",
  SUM(CASE WHEN "__base_innovative" THEN "__weight" * "__weight" END) AS "ww_06",
  COUNT(CASE WHEN "__base_innovative" AND "helped_innovator" THEN 1 END) AS "n_07",
  SUM(CASE WHEN "__base_innovative" AND "helped_innovator" THEN "__weight" END) AS "w_08",
  SUM(CASE WHEN "__base_innovative" AND "helped_innovator" THEN "__weight" * "__weight" END) AS "ww_09"
FROM (
  SELECT
    "__stratum",
    "__weight",
    CASE WHEN "__weight" > 0 THEN TRUE ELSE FALSE END AS "__base_all",
    CASE WHEN "__weight" > 0 AND "helped" THEN TRUE ELSE FALSE END AS "__base_helped",
    CASE WHEN "__weight" > 0 AND "innovator" THEN TRUE ELSE FALSE END AS "__base_innovative",
    "helped_innovator",
    "size"
  FROM (
    SELECT
      "__stratum",
      "__weight",
      "helped",
      CASE WHEN "innovator" AND "helped" THEN TRUE ELSE FALSE END AS "helped_innovator",
      "innovator",
      "size"
    FROM (
      SELECT
        "__stratum",
        "__weight",
        CASE WHEN "helped_by_users" = 'yes' OR "helped_by_firms" = 'yes' THEN TRUE ELSE FALSE END AS "helped",
        CASE WHEN "innovative" = 'yes' THEN TRUE ELSE FALSE END AS "innovator",
        CASE WHEN "employees" < 10 THEN 'small' WHEN "employees" >= 10 THEN 'large' END AS "size"
      FROM "responses"
    ) AS "derived"
  ) AS "derived"
) AS "bases"
GROUP BY
  "__stratum",
  "size""#;

#[test]
fn a_literal_that_looks_like_sql_is_compared_as_a_text() {
    let mut sample = equal_weights(&format!("{SHARES}rows = [\"innovator\"]"));
    let innovative = codebook::VariableName::new("innovative").unwrap();
    for text in ["x' OR 'a' = 'a", "yes' --", "\\' OR TRUE --", "line\nbreak"] {
        let hostile = Expr::Compare {
            left: Box::new(Expr::Variable(innovative.clone())),
            comparator: Comparator::Equal,
            right: Box::new(Expr::Literal(Literal::Text(text.to_owned()))),
        };
        let base = sample.country.bases.values_mut().find(|base| base.id.as_str() == "helped").unwrap();
        base.condition = Some(hostile);
        assert_eq!(sample.tabulate().base("helped"), 0, "{text}");
    }
}
