//! What the editions of other countries printed: each share that has a number stands in the country's file and comes out today within half a point.

use codebook::Weighting;

use super::published;
use crate::recompute::country;
use crate::scheduled::TOGETHER;

/// Country, wave, row, group, per cent in tenths, n.
#[rustfmt::skip]
const PRINTED: [(&str, &str, &str, &str, i128, u64); 19] = [
    ("nor_municipal", "2018", "innovative", "", 740, 1786),
    ("nor_municipal", "2018", "introduced_process", "", 630, 1786),
    ("nor_municipal", "2020", "factors_economy", "", 220, 0),
    ("nor_state", "2018", "works_with_innovation", "", 850, 0),
    ("nor_state", "2021", "works_with_innovation", "", 900, 0),
    ("nor_state", "2021", "works_with_innovation", "", 910, 0),
    ("swe", "2021", "values_quality", "", 720, 0),
    ("swe", "2021", "values_user_satisfaction", "", 720, 0),
    ("swe", "2021", "values_efficiency", "", 520, 0),
    ("fin_municipal", "2018", "innovative", "", 950, 0),
    ("fin_municipal", "2022", "innovative", "", 960, 0),
    ("isl", "2018", "innovative", "", 780, 272),
    ("isl", "2018", "values_quality", "", 730, 0),
    ("isl", "2018", "values_efficiency", "", 670, 0),
    ("isl", "2018", "values_insight", "", 260, 0),
    ("isl", "2021", "innovative", "", 730, 0),
    ("isl", "2021", "innovative", "state", 820, 0),
    ("isl", "2021", "financing_own_budget", "", 920, 0),
    ("nld", "2021", "innovative", "", 860, 366),
];

#[test]
fn every_number_that_partner_countries_printed_stands_in_their_files_and_comes_out_today() {
    for (name, wave, row, group, percent, n) in PRINTED {
        let place = format!("{name} {wave} {row} {group}");
        let country = country(&format!("pipelines/{name}"));
        let is_it = |printed: &codebook::Printed| {
            let Some(cell) = &printed.cell else { return false };
            let own = cell.group.as_ref().map_or("", |(_, code)| code.as_str());
            (printed.wave.to_string().as_str(), cell.row.as_str(), own) == (wave, row, group)
                && printed.percent().and_then(|percent| percent.units_at(1)) == Some(percent)
                && printed.weighting == Weighting::Weighted
                && printed.n.unwrap_or(0) == n
        };
        let at = country.printed.iter().position(is_it).unwrap_or_else(|| panic!("{place} is not in its file"));
        let release = published(&TOGETHER.0.path().join(name).join(wave));
        let tests = release["back_tests"].as_array().expect("a list");
        let test = tests.iter().find(|test| test["printed"] == at).unwrap_or_else(|| panic!("{place} is not compared"));
        assert_eq!(test["agreement"], "agrees", "{place}: {test}");
    }
}

/// Nothing in digits is left out above: whoever prints a number adds it.
#[test]
fn nothing_in_digits_is_printed_beside_these() {
    for name in ["nor_municipal", "nor_state", "swe", "fin_municipal", "isl", "nld"] {
        let country = country(&format!("pipelines/{name}"));
        let in_digits = country.printed.iter().filter(|it| it.cell.is_some() && it.percent().is_some()).count();
        let listed = PRINTED.iter().filter(|(of, ..)| *of == name).count();
        assert_eq!(in_digits, listed, "{name}");
    }
}
