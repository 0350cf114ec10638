//! Weights from a wave's file and its answers, by hand.

use std::num::NonZeroUsize;

use codebook::{Country, Severity, SourceFile};
use estimate::Wide;
use ingest::{CheckedWave, RawFile};

use super::{Weighed, weigh};
use crate::PipelineError;

/// Six workplaces in two regions: three small and one large in the west, one of each in the east.
const COUNTRY: &str = r#"
=== country.toml
languages = ["en"]
name = "Testland"
title = "Test"
publisher = "Test"
smallest_base = 1
=== codebook.toml
[code_lists]
region = [{ code = "west", label = "West" }, { code = "east", label = "East" }]
size = [{ code = "small", label = "Small" }, { code = "large", label = "Large" }]
[variables.region]
label = "Region"
codes = "region"
[variables.size]
label = "Size"
codes = "size"
[variables.staff]
label = "Staff"
kind = "number"
=== tables.toml
[bases.all]
label = "all"
counting_unit = "workplaces"
[tables.staff]
title = "Staff"
base = "all"
measure = "mean"
rows = ["staff"]
=== waves/2020.toml
window = "2020"
published = 2021-01-01
about = "Test"
[answers]
file = "answers.csv"
unit = "id"
[columns]
region = "region"
size = "size"
staff = "staff"
[design]
weights = { column = "w" }
DESIGN
"#;

const ANSWERS: &str = "\
id,region,size,staff,w,fpc
1,west,small,1,10,60
2,west,small,2,10,60
3,west,small,3,10,60
4,west,large,20,10,60
5,east,small,4,10,60
6,east,large,30,10,60
";

/// The wave with this much more in its design, and with some of its texts replaced.
fn weighed(design: &str, replaced: &[(&str, &str)]) -> Result<Weighed, Vec<String>> {
    let replace = |text: String| replaced.iter().fold(text, |text, (from, to)| text.replace(from, to));
    let text = replace(COUNTRY.replace("DESIGN", design));
    let files: Vec<SourceFile> =
        testkit::country("test", &text).into_iter().map(|(path, text)| SourceFile { path, text }).collect();
    let (country, findings) = Country::read("test", &files);
    let country = country.unwrap_or_else(|| panic!("{findings:?}"));
    let wave = country.newest().expect("there is one wave");
    let raw = [RawFile { path: "answers.csv".to_owned(), bytes: replace(ANSWERS.to_owned()).into_bytes() }];
    let key = ingest::PseudonymKey::of_random(&[1; 32]);
    let (checked, findings) = ingest::check(&country, wave, &raw, &key, NonZeroUsize::MIN);
    let checked: CheckedWave = checked.unwrap_or_else(|| panic!("{findings:?}"));
    match weigh(&country, wave, &checked) {
        Ok(weighed) => Ok(weighed),
        Err(PipelineError::Findings(findings)) => {
            assert!(findings.iter().any(|finding| finding.severity == Severity::Error), "{findings:?}");
            Err(findings.iter().map(ToString::to_string).collect())
        }
        Err(error) => panic!("{error}"),
    }
}

fn weights(weighed: &Weighed, units: &[usize]) -> Vec<f64> {
    let calibration = weighed.design.calibration.as_ref().expect("the wave has weights by unit");
    units.iter().map(|unit| calibration.weight(*unit).to_f64()).collect()
}

fn warnings(weighed: &Weighed) -> Vec<String> {
    weighed.warnings.iter().map(ToString::to_string).collect()
}

#[test]
fn weights_are_multiplied_until_every_margin_fits() {
    // Four workplaces of ten in the west and two in the east have to be 50 and 10; four small and two large, 36 and 24.
    let recipe = r#"
[design.calibration]
method = "rake"
margins = [{ by = ["region"], totals = { west = 50, east = 10 } }, { by = ["size"], totals = { small = 36, large = 24 } }]
"#;
    let weighed = weighed(recipe, &[]).expect("the margins can be met");
    let w = weights(&weighed, &[0, 1, 2, 3, 4, 5]);
    let near = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-8, "{found} is not {expected}");
    near(w[0] + w[1] + w[2] + w[3], 50.0);
    near(w[4] + w[5], 10.0);
    near(w[0] + w[1] + w[2] + w[4], 36.0);
    // Raking keeps the odds between the cells as they were.
    near(w[0] * w[5] / (w[3] * w[4]), 1.0);
    assert_eq!(warnings(&weighed), Vec::<String>::new());
    let summary = weighed.weights.expect("weights are unequal");
    assert_eq!(summary.units, 6);
    near(summary.sum, 60.0);
    assert!(summary.design_effect > 1.0, "{summary:?}");
}

#[test]
fn a_margin_of_another_population_than_the_frames_is_told() {
    let told = |west: &str| {
        let recipe = format!(
            "population = {{ column = \"fpc\" }}\n[design.calibration]\nmethod = \"rake\"\n\
             margins = [{{ by = [\"region\"], totals = {{ west = {west}, east = 10 }} }}]\n"
        );
        warnings(&weighed(&recipe, &[]).expect("weights can be made"))
    };
    assert_eq!(
        told("55"),
        ["test/waves/2020.toml:16:12: warning: margin region adds up to 65, and the frame to 60\n\
          help: both count the population: correct the one that is wrong, or take them from the same day"]
    );
    assert_eq!(told("50"), Vec::<String>::new());
}

#[test]
fn margins_that_cannot_be_met_are_told_at_their_place_with_what_is_missing() {
    let recipe = r#"
[design.calibration]
method = "rake"
[[design.calibration.margins]]
by = ["region"]
totals = { west = 50, east = 10 }
[[design.calibration.margins]]
by = ["size"]
totals = { small = 36, large = 34 }
"#;
    let findings = weighed(recipe, &[]).expect_err("50 + 10 is not 36 + 34");
    assert_eq!(
        findings,
        ["test/waves/2020.toml:19:1: margin size adds up to 70, but margin region to 60\n\
          help: margins of cells divide the same population: correct the totals of one of them"]
    );
    let findings = weighed(&recipe.replace(", large = 34", ""), &[]).expect_err("large workplaces have no total");
    assert!(
        findings[0].starts_with(
            "test/waves/2020.toml:19:1: margin size, category large has 2 units in the sample and no total"
        ),
        "{findings:?}"
    );
}

#[test]
fn bounds_that_are_too_narrow_are_told_with_what_they_allow() {
    let recipe = r#"
[design.calibration]
method = "logit"
bounds = [0.5, 1.5]
margins = [{ by = ["region"], totals = { west = 30, east = 31 } }]
"#;
    let findings = weighed(recipe, &[]).expect_err("two of ten are at most 30");
    assert_eq!(
        findings,
        [
            "test/waves/2020.toml:17:12: margin region, category east has total 31, but within the bounds weights reach only \
          10 to 30\nhelp: widen the bounds, merge categories, or check whether weights add up to the population"
        ]
    );
}

#[test]
fn negative_weights_are_a_warning_and_cannot_be_trimmed() {
    let recipe = r#"
[design.calibration]
method = "linear"
margins = [{ by = ["region"], totals = { west = 40, east = 20 } }, { total_of = "staff", total = 80 }]
"#;
    // The answers stand for a staff of 600, of whom 500 are in the two large workplaces.
    let found = weighed(recipe, &[]).expect("linear weights may be negative");
    let warnings = warnings(&found);
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    let expected = "test/waves/2020.toml:14:1: warning: calibration gives 2 units a weight below 0";
    assert!(warnings[0].starts_with(expected), "{warnings:?}");
    let findings = weighed(&format!("{recipe}[design.trim]\nhighest = 30\n"), &[]).expect_err("nothing to trim");
    assert!(findings.iter().any(|finding| finding.contains("so weights cannot be trimmed")), "{findings:?}");
}

#[test]
fn an_answer_with_weight_zero_is_in_no_margin() {
    let recipe = r#"
[design.calibration]
method = "poststratify"
margins = [{ by = ["size"], totals = { small = 36, large = 24 } }]
"#;
    let found = weighed(recipe, &[("1,west,small,1,10", "1,west,small,1,0")]).expect("three small ones are left");
    assert_eq!(weights(&found, &[1, 2, 4]), [12.0, 12.0, 12.0]);
    assert_eq!(found.weights.expect("weights are unequal").units, 5);
}

#[test]
fn trimming_alone_cuts_the_largest_weight_and_keeps_the_sum() {
    let replaced = [("6,east,large,30,10", "6,east,large,30,50")];
    let found = weighed("[design.trim]\nhighest = { times_median = 3 }\n", &replaced).expect("the sum fits");
    // 20 of the 50 go to the five others, 4 to each.
    assert_eq!(weights(&found, &[0, 5]), [14.0, 30.0]);
    let trimmed = found.trimmed.as_ref().expect("the wave trims");
    assert_eq!(trimmed.cut, 1);
    let facts = found.facts().expect("weights are unequal");
    assert_eq!((facts.largest().units(), facts.trimmed().map(disclose::Rounded::units)), (3_000, Some(167)));
}

#[test]
fn supplied_weights_that_add_up_to_the_sample_are_told() {
    let scaled: Vec<(&str, &str)> = vec![(",10,60", ",1,60")];
    let population = "population = { column = \"fpc\" }";
    let found = weighed(population, &scaled).expect("means do not depend on the scale");
    assert_eq!(found.population, Some(60));
    assert_eq!(
        warnings(&found),
        [
            "test/waves/2020.toml:11:1: warning: the weights of column \"w\" add up to 6.0, the number of answers, while the \
          population has 60 units\nhelp: a weight is the number of units an answer stands for; otherwise totals are not those \
          of the population"
        ]
    );
    let with_totals = [scaled[0], ("measure = \"mean\"", "measure = \"total\"")];
    assert!(weighed(population, &with_totals).is_err(), "totals would be those of the sample");
    let found = weighed("", &with_totals).expect("without a population it is only a suspicion");
    assert_eq!(warnings(&found).len(), 1);
    assert_eq!(warnings(&weighed(population, &[]).expect("60 of 60")), Vec::<String>::new());
}

#[test]
fn sampled_fractions_tell_the_size_of_the_population() {
    let found = weighed("population = { column = \"fpc\" }", &[(",10,60", ",10,0.1")]).expect("six are a tenth of 60");
    assert_eq!(found.population, Some(60));
    assert_eq!(found.design.strata[0].population.map(Wide::to_f64), Some(60.0));
    assert_eq!(found.design.calibration, None);
}

#[test]
fn more_answers_than_units_drawn_are_refused() {
    let drawn = |units: &str| weighed("", &[("window = \"2020\"", &format!("window = \"2020\"\ndrawn = {units}"))]);
    assert!(drawn("6").is_ok(), "everybody may answer");
    let findings = drawn("5").expect_err("six of five cannot answer");
    assert_eq!(
        findings,
        ["test/waves/2020.toml:2:9: 5 units were drawn, and 6 usable answers came in\n\
          help: drawn counts every unit that was invited, those that did not answer included"]
    );
}
