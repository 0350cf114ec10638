//! The valid country that the broken ones are made from, as meant.

use codebook::{
    BatteryKind, CalibrationMethod, CellTotals, ChartKind, CheckKind, CheckRule, CheckSeverity, Code, Country, Decimal,
    FactorBounds, LeftOut, MarginOf, Missing, Origin, Population, RawValue, Row, VariableName, WeightBound,
    WeightRecipe,
};

use crate::files_with;

fn base() -> Country {
    let (country, findings) = Country::read("pipelines/test", &files_with(None));
    let findings: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert_eq!(findings, Vec::<String>::new());
    country.unwrap()
}

#[test]
fn variables_are_in_questionnaire_order_and_derived_ones_last() {
    let country = base();
    let names: Vec<&str> = country.codebook.variables.iter().map(|variable| variable.name.as_str()).collect();
    let asked = ["level", "type_product", "type_service", "novelty", "reasons_employees", "reasons_managers", "staff"];
    assert_eq!(names[..7], asked);
    assert_eq!(names[7..], ["comment", "innovative", "size"]);
}

#[test]
fn items_of_a_battery_share_its_question_codes_and_routing() {
    let country = base();
    let battery = &country.codebook.batteries[0];
    let BatteryKind::Multiple { mentioned } = &battery.kind else { panic!("several answers are allowed") };
    assert_eq!(mentioned.as_str(), "yes");
    for item in &battery.items {
        let variable = country.codebook.variable(item).unwrap();
        assert_eq!(variable.question.as_ref(), Some(&battery.question));
        assert_eq!(variable.categories().len(), 2);
        assert_eq!(variable.origin, Origin::Answer);
        let routing = variable.asked_if.as_ref().unwrap().variables();
        assert_eq!(routing, [&VariableName::new("innovative").unwrap()]);
    }
}

#[test]
fn rows_are_spelled_out_by_what_the_variable_is() {
    let country = base();
    let rows_of = |id: &str| -> Vec<String> {
        let table = country.tables.iter().find(|table| table.id.as_str() == id).unwrap();
        let codes = |row: &Row| row.codes.iter().map(Code::as_str).collect::<Vec<_>>().join(",");
        table.rows.iter().map(|row| format!("{} = {} [{}]", row.id, row.item, codes(row))).collect()
    };
    assert_eq!(rows_of("innovation"), ["innovative = innovative []", "type_product = type_product [yes]"]);
    assert_eq!(
        rows_of("novelty"),
        [
            "novelty:first = novelty [first]",
            "novelty:adapted = novelty [adapted]",
            "novelty:dont_know = novelty [dont_know]",
        ]
    );
    assert_eq!(
        rows_of("reasons"),
        ["reasons_employees = reasons_employees [yes]", "reasons_managers = reasons_managers [yes]"]
    );
    assert_eq!(rows_of("staff"), ["staff = staff []"]);
}

#[test]
fn a_wave_maps_columns_recodes_and_design() {
    let country = base();
    let wave = country.newest().unwrap();
    assert_eq!(wave.id.year(), 2020);
    assert_eq!(wave.published.to_string(), "2021-03-01");
    assert_eq!(wave.columns.len(), 8);
    assert_eq!(wave.columns[&VariableName::new("reasons_managers").unwrap()].0, "q3_2");
    assert_eq!(wave.missing["888"], Missing::Refused);
    assert_eq!(wave.recodes["staff"].0["9999"], RawValue::Missing(Missing::Refused));
    assert_eq!(wave.design.population, Population::Frame);
    assert_eq!(wave.design.weights, WeightRecipe::Response);
    assert_eq!(wave.themes[0].figures.len(), 2);
    assert_eq!(wave.themes[0].claims.len(), 2);
}

#[test]
fn one_text_serves_all_languages() {
    let country = base();
    for language in &country.languages {
        assert_eq!(country.newest().unwrap().window.get(language), "2019-2020");
    }
}

#[test]
fn a_scale_counts_the_codes_that_the_table_tells() {
    let mut files = files_with(None);
    for file in &mut files {
        file.text = file.text.replace("multiple = \"yes\"\n", "");
        file.text = file.text.replace("rows = [\"reasons\"]", "rows = [\"reasons\"]\ncodes = [\"yes\", \"no\"]");
    }
    let (country, findings) = Country::read("pipelines/test", &files);
    assert_eq!(findings, []);
    let country = country.unwrap();
    let table = country.tables.iter().find(|table| table.id.as_str() == "reasons").unwrap();
    let codes: Vec<usize> = table.rows.iter().map(|row| row.codes.len()).collect();
    assert_eq!(codes, [2, 2]);
}

#[test]
fn a_stratum_without_answers_collapses_into_a_named_one() {
    let mut files = files_with(None);
    let collapse = "weights = \"response\"\ncollapse = [{ from = [\"state\"], into = [\"region\"] }]";
    for file in &mut files {
        file.text = file.text.replace("weights = \"response\"", collapse);
    }
    let (country, findings) = Country::read("pipelines/test", &files);
    assert_eq!(findings, []);
    let code = |text| vec![Code::new(text).unwrap()];
    assert_eq!(country.unwrap().newest().unwrap().design.collapse, [(code("state"), code("region"))]);
}

#[test]
fn margins_come_from_the_frame_a_file_the_wave_itself_or_are_one_number() {
    let recipe = r#"
[design.calibration]
method = "logit"
bounds = [0.25, 4]
[[design.calibration.margins]]
by = ["level"]
totals = "frame"
[[design.calibration.margins]]
by = ["size"]
totals = { small = 30, large = 14.5 }
[[design.calibration.margins]]
by = ["level", "size"]
file = "margins.csv"
count = "workplaces"
columns = { level = "l", size = "s" }
[[design.calibration.margins]]
total_of = "staff"
total = 2_000.25
[design.trim]
highest = { times_median = 4.5 }
"#;
    let mut files = files_with(None);
    for file in files.iter_mut().filter(|file| file.path.ends_with("2020.toml")) {
        file.text.push_str(recipe);
    }
    let (country, findings) = Country::read("pipelines/test", &files);
    assert_eq!(findings, []);
    let country = country.unwrap();
    let design = &country.newest().unwrap().design;
    let (decimal, code) = (|text| Decimal::parse(text, '.').unwrap(), |text| Code::new(text).unwrap());
    let calibration = design.calibration.as_ref().unwrap();
    let bounds = FactorBounds { low: decimal("0.25"), high: decimal("4") };
    assert_eq!(calibration.method, CalibrationMethod::Logit { bounds });
    let names: Vec<Vec<&str>> = calibration
        .margins
        .iter()
        .map(|margin| margin.variables().iter().map(VariableName::as_str).collect())
        .collect();
    assert_eq!(names, [vec!["level"], vec!["size"], vec!["level", "size"], vec!["staff"]]);
    let totals = |index: usize| match &calibration.margins[index].of {
        MarginOf::Cells { totals, .. } => totals.clone(),
        MarginOf::Number { .. } => panic!("margin {index} counts cells"),
    };
    assert_eq!(totals(0), CellTotals::Frame);
    let listed = [(code("large"), decimal("14.5")), (code("small"), decimal("30"))];
    assert_eq!(totals(1), CellTotals::Listed(listed.into()));
    let CellTotals::File(file) = totals(2) else { panic!("the third margin has a file") };
    assert_eq!((file.file.as_str(), file.count.as_str(), file.columns.len()), ("margins.csv", "workplaces", 2));
    assert!(matches!(calibration.margins[3].of, MarginOf::Number { total, .. } if total == decimal("2000.25")));
    let trim = design.trim.as_ref().unwrap();
    assert_eq!((trim.lowest, trim.highest), (None, Some(WeightBound::TimesMedian(decimal("4.5")))));
}

#[test]
fn derived_variables_stand_behind_those_they_need() {
    let mut files = files_with(None);
    for file in &mut files {
        let first = "[derived.innovative]\n";
        let more =
            "[derived.early]\nlabel = \"Early\"\nsql = \"innovative AND size = 'small'\"\n\n[derived.innovative]\n";
        file.text = file.text.replace(first, more);
    }
    let (country, findings) = Country::read("pipelines/test", &files);
    assert_eq!(findings, []);
    let names: Vec<String> =
        country.unwrap().codebook.variables.iter().map(|variable| variable.name.to_string()).collect();
    assert_eq!(names[8..], ["innovative", "size", "early"]);
}

/// The base with these lines behind a line of one of its files.
fn with_lines(additions: &[(&str, &str, &str)]) -> Country {
    let mut files = files_with(None);
    for (name, line, more) in additions {
        let file = files.iter_mut().find(|file| file.path.ends_with(name)).unwrap();
        assert_eq!(file.text.matches(line).count(), 1, "{line}");
        file.text = file.text.replace(line, &format!("{line}{more}"));
    }
    let (country, findings) = Country::read("pipelines/test", &files);
    assert_eq!(findings, []);
    country.unwrap()
}

/// The kind of the figure `reasons`, where it shows this instead.
fn kind_of(shown: &str) -> ChartKind {
    let mut files = files_with(None);
    let theme = files.iter_mut().find(|file| file.path.ends_with("main.toml")).unwrap();
    theme.text = theme.text.replace("table = \"reasons\"", shown);
    let other = "[tables.no_reasons]\ntitle = \"No reasons\"\nbase = \"innovative\"\nmeasure = \"share\"\nrows = \
                 [\"reasons\"]\ncodes = [\"no\"]\n";
    files.iter_mut().find(|file| file.path.ends_with("tables.toml")).unwrap().text.push_str(other);
    let (country, findings) = Country::read("pipelines/test", &files);
    assert_eq!(findings, [], "{shown}");
    country.unwrap().newest().unwrap().themes[0].figures[1].kind
}

#[test]
fn a_figure_without_a_kind_takes_that_of_what_it_shows() {
    assert_eq!(kind_of("table = \"reasons\""), ChartKind::Bar);
    assert_eq!(kind_of("table = \"innovation\"\nrow = \"innovative\""), ChartKind::Single);
    assert_eq!(kind_of("table = \"staff\""), ChartKind::Bar);
    assert_eq!(kind_of("table = \"innovation\"\nrow = \"innovative\"\nbreakdown = \"level\""), ChartKind::Bar);
    assert_eq!(kind_of("table = \"novelty\"\nbreakdown = \"level\""), ChartKind::GroupedBar);
    assert_eq!(kind_of("table = \"reasons\"\nagainst = \"no_reasons\""), ChartKind::Diverging);
}

#[test]
fn a_figure_names_another_kind_that_fits() {
    assert_eq!(kind_of("table = \"reasons\"\nkind = \"dot\""), ChartKind::Dot);
    assert_eq!(kind_of("table = \"novelty\"\nkind = \"stacked\""), ChartKind::Stacked);
    assert_eq!(kind_of("table = \"novelty\"\nbreakdown = \"level\"\nkind = \"stacked\""), ChartKind::Stacked);
}

#[test]
fn checks_are_named_by_what_they_demand_unless_they_have_a_name() {
    let rules = r#"
[[checks]]
sum = ["staff", "beds"]
of = 100
tolerance = 0.5
where = "innovative"
[[checks]]
name = "one workplace, one answer"
unique = ["level", "staff"]
severity = "warning"
[[checks]]
holds = """
staff >= 1
  OR size = 'large'"""
[variables.beds]
label = "Beds"
kind = "number"
range = { low = 0 }
unique = true
[variables.opened]
label = "Opened"
kind = "date"
range = [1990-01-01, 2019-12-31]
"#;
    let country = with_lines(&[("codebook.toml", "  ELSE 'large'\nEND\"\"\"\n", rules)]);
    let told: Vec<(&str, CheckKind)> =
        country.checks.iter().map(|check| (check.name.as_str(), check.rule.kind())).collect();
    assert_eq!(
        told,
        [
            ("range of beds", CheckKind::Range),
            ("unique beds", CheckKind::Unique),
            ("range of opened", CheckKind::Range),
            ("staff + beds = 100", CheckKind::Sum),
            ("one workplace, one answer", CheckKind::Unique),
            ("staff >= 1 OR size = 'large'", CheckKind::Condition),
        ]
    );
    let CheckRule::Sum { tolerance, only_if, .. } = &country.checks[3].rule else { panic!("it is a sum") };
    assert_eq!(*tolerance, Decimal::parse("0.5", '.').unwrap());
    assert!(only_if.is_some());
    let looked_at: Vec<&str> = country.checks[3].rule.variables().into_iter().map(VariableName::as_str).collect();
    assert_eq!(looked_at, ["beds", "innovative", "staff"]);
    assert_eq!(country.checks[4].severity, Some(CheckSeverity::Warning));
}

#[test]
fn a_wave_tells_its_days_of_fieldwork_and_which_rows_are_no_answers() {
    let answers = r#"
started = "created"
finished = "closetime"
leave_out = [
  { column = "kind", with = ["1", "2"], because = "preview" },
  { column = "year", without = ["2020"], because = "other_wave" },
]
[fieldwork]
from = 2020-01-20
to = 2020-03-10
[checks]
speeding = "error"
"#;
    let country = with_lines(&[
        ("country.toml", "smallest_base = 2\n", "[checks]\nspeeding = \"off\"\nfieldwork = \"warning\"\n"),
        ("waves/2020.toml", "complete = { column = \"status\", value = \"1\" }\n", answers),
    ]);
    let wave = country.newest().unwrap();
    let period = wave.fieldwork.as_ref().unwrap();
    let days = (period.from.to_string(), period.to.to_string(), period.shortest_minutes);
    assert_eq!(days, ("2020-01-20".to_owned(), "2020-03-10".to_owned(), None));
    assert_eq!(wave.answers.times.finished.as_deref(), Some("closetime"));
    let [preview, other_wave] = &wave.answers.leave_out[..] else { panic!("there are two rules") };
    assert_eq!((preview.because, other_wave.because), (LeftOut::Preview, LeftOut::OtherWave));
    assert!(preview.rows.include("2") && !preview.rows.include("3"));
    assert!(other_wave.rows.include("2019") && other_wave.rows.include("") && !other_wave.rows.include("2020"));
    assert_eq!(wave.severities.of(CheckKind::Speeding), CheckSeverity::Error);
    assert_eq!(wave.severities.of(CheckKind::Fieldwork), CheckSeverity::Warning);
    assert_eq!(wave.severities.of(CheckKind::Range), CheckSeverity::Error);
}

#[test]
fn neighbouring_answers_are_one_row_of_their_own_with_an_asterisk() {
    let rows = |merge: &str| {
        let mut files = files_with(None);
        for file in files.iter_mut().filter(|file| file.path.ends_with("tables.toml")) {
            file.text =
                file.text.replace("rows = [\"novelty\"]\n", &format!("rows = [\"novelty\"]\nmerge = {merge}\n"));
        }
        let (country, findings) = Country::read("pipelines/test", &files);
        assert!(findings.is_empty(), "{findings:?}");
        let country = country.unwrap();
        let table = country.tables.iter().find(|table| table.id.as_str() == "novelty").unwrap();
        let language = codebook::Language::new("en").unwrap();
        let told = |row: &codebook::Row| (row.id.to_string(), row.label.get(&language).to_owned(), row.is_merged());
        table.rows.iter().map(told).collect::<Vec<_>>()
    };
    let row = |id: &str, label: &str, is_merged| (id.to_owned(), label.to_owned(), is_merged);
    let dont_know = row("novelty:dont_know", "Don't know", false);
    let merged = row("novelty:first+adapted", "First to develop / Adapted*", true);
    assert_eq!(rows("[[\"first\", \"adapted\"]]"), [merged, dont_know.clone()]);
    let words = "{ en = \"One's own or adapted\", da = \"Egen eller tilpasset\" }";
    let merged = row("novelty:first+adapted", "One's own or adapted*", true);
    assert_eq!(rows(&format!("[{{ codes = [\"first\", \"adapted\"], label = {words} }}]")), [merged, dont_know]);
}

#[test]
fn a_missing_licence_is_told_unless_all_answers_are_made_up_and_none_is_invented() {
    let country = |synthetic: bool, told: &str| {
        let mut files = files_with(None);
        for file in &mut files {
            if file.path.ends_with("country.toml") {
                file.text.push_str(told);
            }
            file.text = file.text.replace("synthetic = true", &format!("synthetic = {synthetic}"));
        }
        Country::read("pipelines/test", &files).0.unwrap()
    };
    let gap = |synthetic, told| country(synthetic, told).licence_gap("pipelines/test").map(|finding| finding.code);
    assert_eq!(gap(false, ""), Some("no-licence"));
    assert_eq!(gap(true, ""), None);
    assert_eq!(country(false, "").licence, None);
    let licence = "https://creativecommons.org/licenses/by/4.0/";
    let told = format!("licence = \"{licence}\"\n");
    assert_eq!(gap(false, &told), None);
    assert_eq!(country(false, &told).licence.as_deref(), Some(licence));
}

#[test]
fn what_an_accessibility_statement_lacks_is_told_and_stops_nothing() {
    let gaps = |synthetic: bool, told: &str| {
        let mut files = files_with(None);
        for file in &mut files {
            if file.path.ends_with("country.toml") {
                file.text.push_str(told);
            }
            file.text = file.text.replace("synthetic = true", &format!("synthetic = {synthetic}"));
        }
        let (country, findings) = Country::read("pipelines/test", &files);
        assert!(findings.is_empty(), "{findings:?}");
        let gaps = country.unwrap().accessibility_gaps("pipelines/test");
        assert!(gaps.iter().all(|finding| finding.severity == codebook::Severity::Warning), "{gaps:?}");
        gaps.iter().map(|finding| finding.code).collect::<Vec<_>>()
    };
    assert_eq!(gaps(false, ""), ["no-accessibility-contact"]);
    assert_eq!(gaps(true, ""), [""; 0], "nobody publishes made-up answers");
    let empty = "[accessibility]\n";
    assert_eq!(gaps(true, empty), ["no-accessibility-contact", "no-enforcement-body"]);
    assert_eq!(gaps(false, "[accessibility]\ncontact = \"a\"\nenforcement = \"b\"\n"), [""; 0]);
}

/// The sensitivity of each table that is named.
fn sensitivities(country: &Country, tables: &[&str]) -> Vec<bool> {
    let of = |name: &&str| {
        let table = country.tables.iter().find(|table| table.id.as_str() == *name).unwrap();
        table.sensitivity == codebook::Sensitivity::Sensitive
    };
    tables.iter().map(of).collect()
}

#[test]
fn sensitivity_belongs_to_what_is_asked_and_to_all_that_tells_of_it() {
    let table = |id: &str, rows: &str, more: &str| {
        format!(
            "[tables.{id}]\ntitle = {{ en = \"T\", da = \"T\" }}\nbase = \"innovative\"\nmeasure = \"share\"\nrows = [\"{rows}\"]\n{more}\n"
        )
    };
    let tables = [
        table("marked", "novelty", "codes = [\"first\"]\nsensitive = true"),
        table("other_answers", "novelty", "codes = [\"adapted\"]"),
        table("derived_of_it", "not_first", ""),
        table("apart", "reasons", ""),
    ];
    let tables = format!("\n{}", tables.concat());
    let derived =
        "\n[derived.not_first]\nlabel = { en = \"Not first\", da = \"Ikke først\" }\nsql = \"NOT novelty = 'first'\"\n";
    let (file, last) = ("tables.toml", "rows = [\"reasons\"]");
    let country = with_lines(&[(file, last, &tables), ("codebook.toml", "END\"\"\"", derived)]);
    let of = ["marked", "other_answers", "derived_of_it", "apart"];
    assert_eq!(sensitivities(&country, &of), [true, true, true, false]);
    // The same where the codebook marks the complement, and no table anything.
    let marked = derived.replace("sql", "sensitive = true\nsql");
    let unmarked = tables.replace("\nsensitive = true", "");
    let country = with_lines(&[(file, last, &unmarked), ("codebook.toml", "END\"\"\"", &marked)]);
    assert_eq!(sensitivities(&country, &of), [true, true, true, false]);
    let country = with_lines(&[(file, last, &unmarked), ("codebook.toml", "END\"\"\"", derived)]);
    assert_eq!(sensitivities(&country, &of), [false; 4]);
}

#[test]
fn a_base_that_a_sensitive_question_makes_tells_of_it() {
    // The base of both tables is a condition over "novelty", which one of two countries marks.
    let base = "\n[bases.firsts]\nwhere = \"novelty = 'first'\"\nlabel = { en = \"f\", da = \"f\" }\ncounting_unit = { en = \"u\", da = \"u\" }\n";
    let of_firsts = "\n[tables.of_firsts]\ntitle = { en = \"T\", da = \"T\" }\nbase = \"firsts\"\nmeasure = \"share\"\nrows = [\"reasons\"]\n";
    let marked = "\n[tables.marked]\ntitle = { en = \"T\", da = \"T\" }\nbase = \"innovative\"\nmeasure = \"share\"\nrows = [\"novelty\"]\nsensitive = true\n";
    let (file, last) = ("tables.toml", "rows = [\"reasons\"]");
    let bases = |more: &str| {
        let country = with_lines(&[(file, last, &format!("{base}{of_firsts}{more}"))]);
        let tables = country.tables.iter().filter(|table| ["of_firsts", "marked"].contains(&table.id.as_str()));
        tables.map(|table| table.base_sensitivity == codebook::Sensitivity::Sensitive).collect::<Vec<_>>()
    };
    assert_eq!(bases(""), [false]);
    assert_eq!(bases(marked), [true, false], "who innovates is another question");
}
