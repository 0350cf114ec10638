//! What R `survey` gives for the samples of schools: which test reproduces each of its numbers, and the tests of means, totals,
//! shares, ratios, contrasts and design effects.

use codebook::Measure;
use estimate::{Degrees, DesignEffect, Estimate, IntervalMethod, Method, Outcome, Single, Wide};
use testkit::{OracleRow, oracle};

use crate::sample::{Question, Road, Unit, assert_near, estimated, ratio_sums, sums, table};
use crate::schools::{School, Schools, schools};
use crate::textbook;

/// How a row of the oracle is reproduced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reproduced {
    /// As a cell of a table, or as the difference of two.
    Table(Measure, IntervalMethod),
    /// As a ratio of two items.
    Ratio,
    /// As the difference of two items of the same units.
    Items,
    /// As a design effect.
    Effect(DesignEffect),
    /// By another module of this binary.
    By(&'static str),
}

/// The registry: who reproduces a number of R. `None` for a row that nobody does.
fn reproduced(row: &OracleRow) -> Option<Reproduced> {
    let means = Reproduced::Table(Measure::Mean, IntervalMethod::T);
    let reproduced = match (row.statistic.as_str(), row.method.as_str()) {
        ("mean", "t") => means,
        ("total", "t") => Reproduced::Table(Measure::Total, IntervalMethod::T),
        ("share", "t" | "mean") => Reproduced::Table(Measure::Share, IntervalMethod::T),
        ("share", "xlogit") => Reproduced::Table(Measure::Share, IntervalMethod::Xlogit),
        ("share", "asin" | "beta") => Reproduced::By("interval"),
        ("ratio", "t") => Reproduced::Ratio,
        ("contrast", "covariance kept") if row.by.is_empty() => Reproduced::Items,
        ("contrast", "covariance kept") => means,
        ("deff", "wor") => Reproduced::Effect(DesignEffect::WithoutReplacement),
        ("deff", "replace") => Reproduced::Effect(DesignEffect::WithReplacement),
        ("quantile", "hf1/mean" | "hf7/mean") => Reproduced::By("quantile"),
        ("rao-scott", "F" | "Chisq") => Reproduced::By("independence"),
        _ => return None,
    };
    Some(reproduced)
}

/// The designs and the sums that each can be made from.
const DESIGNS: [(&str, &[Road]); 5] = [
    ("srs", &[Road::Stratum, Road::Psu, Road::Unit]),
    ("strat", &[Road::Stratum, Road::Psu, Road::Unit]),
    ("strat_wr", &[Road::Stratum, Road::Psu, Road::Unit]),
    ("clus1", &[Road::Psu, Road::Unit]),
    ("clus2", &[Road::Psu, Road::Unit]),
];

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

impl<'a> Asked<'a> {
    pub(crate) fn new(row: &'a OracleRow, measure: Measure) -> Self {
        let by = row.by.as_str();
        let (item, level) = match row.variable.split_once('=') {
            Some((item, level)) => (item, Some(level)),
            None => (row.variable.as_str(), by.strip_prefix(row.variable.as_str()).filter(|level| !level.is_empty())),
        };
        let plain = Asked { measure, item, level, domain: None, than: None };
        if let Some((group, than)) = by.split_once(" minus ") {
            let (variable, group) = group.split_once('=').expect("a contrast names groups");
            let (_, than) = than.split_once('=').expect("a contrast names groups");
            return Asked { domain: Some((variable, group)), than: Some(than), ..plain };
        }
        let domain = by.split(':').next().and_then(|domain| domain.split_once('='));
        Asked { domain: domain.map(|(variable, group)| (variable, group.trim())), ..plain }
    }

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

    /// The schools that have the item.
    fn units(&self, sample: &Schools) -> Vec<Unit> {
        let schools = sample.schools.iter().filter(|school| school.has(self.item));
        schools.map(|school| school.unit(self.value(school), self.group(school))).collect()
    }

    pub(crate) fn outcome(&self, sample: &Schools, road: Road, shares: IntervalMethod) -> Outcome {
        let breakdown = self.domain.map_or("none", |(variable, _)| variable);
        let question = Question { measure: self.measure, item: self.item, breakdown };
        let compared = self.than.map(|_| ("a", "b"));
        let units = self.units(sample);
        let table = table(question, &units, &["a", "b", "c"], compared, &sample.design, road, like_r(shares));
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

fn like_r(shares: IntervalMethod) -> Method {
    Method { shares, level: 0.95, degrees: Degrees::Design }
}

/// Values of the schools that have all of the columns.
fn values(sample: &Schools, columns: [&str; 2], value: impl Fn([Wide; 2]) -> Wide) -> Vec<Unit> {
    let schools = sample.schools.iter().filter(|school| columns.iter().all(|column| school.has(column)));
    schools.map(|school| school.unit(value(columns.map(|column| school.number(column))), "a")).collect()
}

fn assert_like_r(found: Estimate, row: &OracleRow) {
    assert_near(found.value, row.estimate, 1e-9);
    assert_near(found.se, row.se, 1e-9);
    if row.se > 0.0 {
        assert_near(found.df, row.df, 0.0);
    }
    // R gives a share of 0 the interval from 0 to 0; ours has an outer limit.
    if !row.ci_low.is_nan() && (row.se > 0.0 || row.estimate > 0.0) {
        assert_near(found.low, row.ci_low, 1e-9);
        assert_near(found.high, row.ci_high, 1e-9);
    }
}

fn assert_like_textbook(found: Estimate, (value, variance): (f64, f64)) {
    if found.se > 0.0 {
        assert_near(found.value, value, 1e-12);
        assert_near(found.se, variance.sqrt(), 1e-11);
    }
}

fn compare_cell(row: &OracleRow, measure: Measure, shares: IntervalMethod, sample: &Schools, road: Road) {
    let asked = Asked::new(row, measure);
    let found = estimated(asked.outcome(sample, road, shares));
    assert_like_r(found, row);
    assert_like_textbook(found, asked.by_textbook(sample));
}

fn compare_ratio(row: &OracleRow, sample: &Schools, road: Road) {
    let (numerator, denominator) = row.variable.split_once('/').expect("a ratio of two items");
    let columns = [numerator, denominator];
    let of = values(sample, columns, |[y, _]| y);
    let to: Vec<Wide> = values(sample, columns, |[_, x]| x).into_iter().map(|unit| unit.y).collect();
    let pairs: Vec<(Unit, Wide)> = of.iter().cloned().zip(to.iter().copied()).collect();
    let found = estimated(Single::Ratio.estimate(&ratio_sums(&pairs, road), &sample.design, like_r(IntervalMethod::T)));
    assert_like_r(found, row);
    assert_like_textbook(found, textbook::ratio(&of, &to, &sample.design));

    // By PSU or unit, it is the ratio of two totals, too.
    if road != Road::Stratum {
        let to = sums(&values(sample, columns, |[_, x]| x), road);
        let relative = Single::Total.relative(&sums(&of, road), &to, &sample.design, like_r(IntervalMethod::T));
        assert_like_r(estimated(relative), row);
    }
}

fn compare_items(row: &OracleRow, sample: &Schools, road: Road) {
    let (item, than) = row.variable.split_once('-').expect("a difference of two items");
    let columns = [item, than];
    let method = like_r(IntervalMethod::T);
    let changes = values(sample, columns, |[a, b]| a - b);
    let mean_change = estimated(Single::Mean.estimate(&sums(&changes, road), &sample.design, method));
    assert_like_r(mean_change, row);
    assert_like_textbook(mean_change, textbook::estimate_and_variance(Measure::Mean, &changes, &sample.design));

    if road != Road::Stratum {
        let [of, than] = [0, 1].map(|index| sums(&values(sample, columns, |values| values[index]), road));
        let difference = estimated(Single::Mean.difference(&of, &than, &sample.design, method));
        assert_like_r(difference, row);
        // Each item alone varies much more than the change, so their covariance is most of it.
        let apart = [of, than].map(|sums| estimated(Single::Mean.estimate(&sums, &sample.design, method)).se);
        assert!(difference.se < 0.5 * apart[0].hypot(apart[1]), "{} of {}", row.variable, row.design);
    }
}

fn compare_effect(row: &OracleRow, compared: DesignEffect, sample: &Schools, road: Road) {
    let item = row.variable.as_str();
    let sums = sums(&values(sample, [item, item], |[y, _]| y), road);
    let found = Single::Mean.design_effect(&sums, &sample.design, compared).expect("the item varies");
    assert_near(found, row.estimate, 1e-9);
    if compared == DesignEffect::WithoutReplacement {
        let mean = estimated(Single::Mean.estimate(&sums, &sample.design, like_r(IntervalMethod::T)));
        assert_near(mean.deff.expect("as before"), found, 0.0);
    }
}

fn compare(design: &str) {
    let sample = schools(design);
    let roads = DESIGNS.iter().find(|(name, _)| *name == design).map(|(_, roads)| *roads).expect("a design of R");
    for row in oracle().iter().filter(|row| row.design == design) {
        for road in roads.iter().copied() {
            match reproduced(row).expect("the registry knows every row") {
                Reproduced::Table(measure, shares) => compare_cell(row, measure, shares, &sample, road),
                Reproduced::Ratio => compare_ratio(row, &sample, road),
                Reproduced::Items => compare_items(row, &sample, road),
                Reproduced::Effect(compared) => compare_effect(row, compared, &sample, road),
                Reproduced::By(_) => {}
            }
        }
    }
}

#[test]
fn a_simple_random_sample_gives_the_numbers_of_r() {
    compare("srs");
}

#[test]
fn a_stratified_sample_gives_the_numbers_of_r() {
    compare("strat");
}

#[test]
fn a_stratified_sample_of_a_population_of_undeclared_size_gives_the_numbers_of_r() {
    compare("strat_wr");
}

#[test]
fn a_cluster_sample_gives_the_numbers_of_r() {
    compare("clus1");
}

#[test]
fn a_two_stage_sample_gives_the_numbers_of_r() {
    compare("clus2");
}

/// The modules of this binary that are named by the registry must be there and name what they are said to reproduce.
#[test]
fn every_number_of_r_is_reproduced_by_some_test() {
    let rows = oracle();
    assert_eq!(rows.len(), 205);
    let folder = testkit::repository().join("crates/estimate/tests/it");
    let mut here = 0;
    for row in &rows {
        let Some(reproduced) = reproduced(row) else { panic!("nobody reproduces {row:?}") };
        let module = match reproduced {
            Reproduced::By(module) => module,
            Reproduced::Table(..) | Reproduced::Ratio | Reproduced::Items | Reproduced::Effect(_) => {
                here += 1;
                let test = format!("    compare(\"{}\");", row.design);
                assert!(include_str!("oracle.rs").contains(&test), "no test compares {row:?}");
                continue;
            }
        };
        let source = std::fs::read_to_string(folder.join(format!("{module}.rs"))).expect("a module of this binary");
        for named in [&row.design, &row.statistic, &row.method] {
            assert!(source.contains(&format!("\"{named}\"")), "{module}.rs does not name {named} of {row:?}");
        }
    }
    // Of each of five designs: 9 means, a total, 16 shares, a ratio, 2 contrasts and 2 design effects.
    assert_eq!(here, 5 * 31);
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

#[test]
fn strata_are_independent_and_their_difference_is_as_uncertain_as_both() {
    let sample = schools("strat");
    let [elementary, high] = ["E", "H"].map(|level| {
        let schools = sample.schools.iter().filter(|school| school.text("stype") == level);
        schools.map(|school| school.unit(school.number("api00"), "a")).collect::<Vec<_>>()
    });
    let method = like_r(IntervalMethod::T);
    for road in [Road::Stratum, Road::Psu, Road::Unit] {
        let [a, b] = [&elementary, &high].map(|units| sums(units, road));
        let [of, than] = [&a, &b].map(|sums| estimated(Single::Mean.estimate(sums, &sample.design, method)));
        let difference = estimated(Single::Mean.difference(&a, &b, &sample.design, method));
        assert_near(difference.value, of.value - than.value, 1e-13);
        assert_near(difference.se, of.se.hypot(than.se), 1e-13);
    }
}
