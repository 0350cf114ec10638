//! A stratum with one PSU, by each rule for it, against R.

use serde_json::Value;

use super::{assert_near, estimates_of};

/// Of four strata one has a single PSU; group 1 is in three of them, that one included, and group 2 in the two others.
const LONELY: &[u8] =
    b"h,g,b,y,w\na,1,1,1,1\na,1,2,3,1\na,2,1,2,1\nb,1,2,4,2\nb,1,1,9,2\nc,1,1,5,1\nd,2,2,8,3\nd,2,1,6,2\nd,2,2,7,2\n";

/// The standard errors of mean and total of each group, then of both together.
fn errors_beside_a_lonely_psu(rule: &[&str]) -> Vec<f64> {
    let asked = ["f.csv", "--strata", "h", "--weight", "w", "--mean", "y", "--total", "y", "--format", "json"];
    let errors = |by: &[&str]| -> Vec<f64> {
        let said = estimates_of(&[("f.csv", LONELY)], &[&asked[..], rule, by].concat());
        let found: Value = serde_json::from_str(&said).expect("it is JSON");
        found["rows"].as_array().expect("rows").iter().map(|row| row["se"].as_f64().expect("a number")).collect()
    };
    let by_group = errors(&["--by", "g"]);
    // Rows come statistic by statistic.
    [vec![by_group[0], by_group[2], by_group[1], by_group[3]], errors(&[])].concat()
}

#[test]
fn a_lonely_psu_has_the_mean_variance_of_the_other_strata_of_its_domain_as_in_r() {
    // R 4.2.2, survey 4.1.1:
    //   options(survey.lonely.psu = "average")
    //   d <- svydesign(id = ~1, strata = ~h, weights = ~w, data = read.csv("f.csv"))
    //   for (g in 1:2) print(c(SE(svymean(~y, d[d$variables$g == g, ])), SE(svytotal(~y, d[d$variables$g == g, ]))), digits = 16)
    //   print(c(SE(svymean(~y, d)), SE(svytotal(~y, d))), digits = 16)
    let expected = [
        1.851_640_199_545_103,
        12.668_859_459_319_93,
        0.824_431_622_392_057_5,
        11.313_708_498_984_76,
        0.887_910_572_740_963_2,
        17.397_317_800_933_184,
    ];
    for (found, expected) in errors_beside_a_lonely_psu(&["--lonely", "average"]).iter().zip(expected) {
        assert!((found / expected - 1.0).abs() < 1e-13, "{found} instead of {expected}");
    }
    // For totals the jackknife gives the same.
    let replicated = errors_beside_a_lonely_psu(&["--lonely", "average", "--replicate-method", "jackknife"]);
    for total in [1, 3, 5] {
        assert!((replicated[total] / expected[total] - 1.0).abs() < 1e-13, "{replicated:?}");
    }
}

#[test]
fn the_cells_of_a_test_are_of_one_domain_and_have_its_lonely_psu_as_in_r() {
    // As above, and print(svychisq(~g + b, d), digits = 16)
    let asked = [
        "f.csv",
        "--strata",
        "h",
        "--weight",
        "w",
        "--lonely",
        "average",
        "--test",
        "g,b",
        "--categories",
        "g,b",
        "--format",
        "json",
    ];
    let found: Value = serde_json::from_str(&estimates_of(&[("f.csv", LONELY)], &asked)).expect("it is JSON");
    assert_near(&found["tests"][0]["statistic"], 0.156_738_498_754_392_7, "F");
}

#[test]
fn a_centred_psu_is_r_s_adjusted_one_for_means_of_any_domain() {
    // As above with survey.lonely.psu = "adjust". For totals R measures from 0; here it is the mean PSU total of the domain over all PSUs of
    // the sample, so a lonely PSU outside of the domain is as far from it as 0 is. By hand: of group 1, PSU totals 1, 3, 0 | 8, 18 | 5
    // | 0, 0, 0, their mean 35/9: 7 + 100 + (5 - 35/9)^2; of group 2 0, 0, 2 | 0, 0 | 0 | 24, 12, 14, their mean 52/9:
    // 4 + 3/2 (24^2 + 12^2 + 14^2 - 50^2/3) + (52/9)^2.
    let found = errors_beside_a_lonely_psu(&["--lonely", "centre"]);
    for (index, expected) in [(0, 1.511_857_892_036_909), (2, 0.824_431_622_392_057_5), (4, 0.770_800_449_749_047_2)] {
        assert!((found[index] / expected - 1.0).abs() < 1e-13, "{} instead of {expected}", found[index]);
    }
    let of_group_1: f64 = 7.0 + 100.0 + 100.0 / 81.0;
    let of_group_2: f64 = 4.0 + 1.5 * (576.0 + 144.0 + 196.0 - 2500.0 / 3.0) + 2704.0 / 81.0;
    for (index, expected) in [(1, of_group_1.sqrt()), (3, of_group_2.sqrt())] {
        assert!((found[index] / expected - 1.0).abs() < 1e-13, "{} instead of {expected}", found[index]);
    }
}
