//! Every mean, total, share and contrast of two groups that R `survey` gives for the samples of schools.

use codebook::Measure;
use estimate::{Degrees, IntervalMethod, Method, Outcome, Wide};
use testkit::{OracleRow, oracle};

use crate::sample::{Question, Road, Unit, assert_near, estimated, table};
use crate::schools::{School, Schools, schools};
use crate::textbook;

/// What a row of the oracle asks.
pub(crate) struct Asked<'a> {
    measure: Measure,
    item: &'a str,
    /// The code that counts, for shares.
    level: Option<&'a str>,
    /// Variable and category of the domain.
    domain: Option<(&'a str, &'a str)>,
    /// The category that is subtracted.
    than: Option<&'a str>,
}

/// Reads a row of the oracle; `None` for statistics that other modules estimate.
pub(crate) fn asked(row: &OracleRow) -> Option<Asked<'_>> {
    let measure = match row.statistic.as_str() {
        "share" => Measure::Share,
        "total" => Measure::Total,
        "mean" | "contrast" => Measure::Mean,
        _ => return None,
    };
    let by = row.by.as_str();
    let (item, level) = match row.variable.split_once('=') {
        Some((item, level)) => (item, Some(level)),
        None => (row.variable.as_str(), by.strip_prefix(row.variable.as_str()).filter(|level| !level.is_empty())),
    };
    let plain = Asked { measure, item, level, domain: None, than: None };
    if let Some((group, than)) = by.split_once(" minus ") {
        let (variable, group) = group.split_once('=').expect("a contrast names groups");
        let (_, than) = than.split_once('=').expect("a contrast names groups");
        return Some(Asked { domain: Some((variable, group)), than: Some(than), ..plain });
    }
    if row.statistic == "contrast" {
        return None;
    }
    let domain = by.split(':').next().and_then(|domain| domain.split_once('='));
    Some(Asked { domain: domain.map(|(variable, group)| (variable, group.trim())), ..plain })
}

impl Asked<'_> {
    fn value(&self, school: &School) -> Wide {
        match self.level {
            Some(level) if school.text(self.item) == level => Wide::ONE,
            Some(_) => Wide::ZERO,
            None => school.number(self.item),
        }
    }

    fn group(&self, school: &School) -> &'static str {
        match (self.domain, self.than) {
            (Some((variable, group)), _) if school.text(variable) == group => "a",
            (Some((variable, _)), Some(than)) if school.text(variable) == than => "b",
            _ => "c",
        }
    }

    fn units(&self, sample: &Schools) -> Vec<Unit> {
        sample.schools.iter().map(|school| school.unit(self.value(school), self.group(school))).collect()
    }

    pub(crate) fn outcome(&self, sample: &Schools, road: Road, shares: IntervalMethod) -> Outcome {
        let breakdown = self.domain.map_or("none", |(variable, _)| variable);
        let question = Question { measure: self.measure, item: self.item, breakdown };
        let method = Method { shares, level: 0.95, degrees: Degrees::Design };
        let compared = self.than.map(|_| ("a", "b"));
        let units = self.units(sample);
        let table = table(question, &units, &["a", "b", "c"], compared, &sample.design, road, method);
        match (self.than, self.domain) {
            (Some(_), _) => table.differences[0].outcome,
            (None, Some(_)) => table.cells[0][1],
            (None, None) => table.cells[0][0],
        }
    }

    fn by_textbook(&self, sample: &Schools) -> (f64, f64) {
        let units = self.units(sample);
        let members = |group: &str| units.iter().filter(|unit| unit.group == group).cloned().collect::<Vec<_>>();
        match (self.than, self.domain) {
            (Some(_), _) => textbook::difference(self.measure, &members("a"), &members("b"), &sample.design),
            (None, Some(_)) => textbook::estimate_and_variance(self.measure, &members("a"), &sample.design),
            (None, None) => textbook::estimate_and_variance(self.measure, &units, &sample.design),
        }
    }
}

fn compare(design: &str, roads: &[Road]) {
    let sample = schools(design);
    // The other methods of intervals have a module of their own.
    let is_ours = |row: &OracleRow| ["t", "mean", "xlogit", "covariance kept"].contains(&row.method.as_str());
    let rows: Vec<OracleRow> = oracle().into_iter().filter(|row| row.design == design && is_ours(row)).collect();
    let mut compared = 0;
    for row in &rows {
        let Some(asked) = asked(row) else { continue };
        compared += 1;
        let shares = if row.method == "xlogit" { IntervalMethod::Xlogit } else { IntervalMethod::T };
        for road in roads {
            let found = estimated(asked.outcome(&sample, *road, shares));
            assert_near(found.value, row.estimate, 1e-9);
            assert_near(found.se, row.se, 1e-9);
            if row.se > 0.0 {
                assert_near(found.df, row.df, 0.0);
                let (value, variance) = asked.by_textbook(&sample);
                assert_near(found.value, value, 1e-12);
                assert_near(found.se, variance.sqrt(), 1e-11);
            }
            // R gives a share of 0 the interval from 0 to 0; ours has an outer limit.
            if !row.ci_low.is_nan() && (row.se > 0.0 || row.estimate > 0.0) {
                assert_near(found.low, row.ci_low, 1e-9);
                assert_near(found.high, row.ci_high, 1e-9);
            }
        }
    }
    assert_eq!(compared, 27, "means, totals, shares and contrasts of {design}");
}

#[test]
fn a_simple_random_sample_gives_the_numbers_of_r() {
    compare("srs", &[Road::Stratum, Road::Psu, Road::Unit]);
}

#[test]
fn a_stratified_sample_gives_the_numbers_of_r() {
    compare("strat", &[Road::Stratum, Road::Psu, Road::Unit]);
}

#[test]
fn a_stratified_sample_of_a_population_of_undeclared_size_gives_the_numbers_of_r() {
    compare("strat_wr", &[Road::Stratum, Road::Psu, Road::Unit]);
}

#[test]
fn a_cluster_sample_gives_the_numbers_of_r() {
    compare("clus1", &[Road::Psu, Road::Unit]);
}

#[test]
fn the_share_of_a_stratum_has_no_error_at_all() {
    // In plain doubles the variance of these shares comes out as a small negative number.
    let sample = schools("strat");
    for (level, share) in [("E", 4421.0 / 6194.0), ("H", 755.0 / 6194.0), ("M", 1018.0 / 6194.0)] {
        let asked = Asked { measure: Measure::Share, item: "stype", level: Some(level), domain: None, than: None };
        for road in [Road::Stratum, Road::Psu, Road::Unit] {
            let found = estimated(asked.outcome(&sample, road, IntervalMethod::Xlogit));
            assert_near(found.se, 0.0, 0.0);
            assert_near(found.low, found.value, 0.0);
            assert_near(found.high, found.value, 0.0);
            // The weights were printed with 15 digits of a single-precision number.
            assert_near(found.value, share, 1e-7);
        }
    }
}
