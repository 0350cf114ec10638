//! Calibrated weights and their variance: by hand, by dense normal equations, against R, and what must hold for any sample.

mod against_r;
mod any_sample;
mod by_hand;
mod diagnosis;
mod trimming;

use codebook::LonelyPsu;
use estimate::{
    AmountMargin, CalibrateError, Calibration, Category, CategoryMargin, Degrees, DesignTable, Distance, Estimate,
    Excess, IntervalMethod, Margin, Method, NotEstimable, Outcome, Regression, SampledUnit, Single, Stratum, Sums,
    TrimBound, TrimBounds, TrimError, UnitValue, WeightSummary, Wide, calibrate, post_stratify, rake, trim,
};

use crate::sample::{Road, Unit, assert_near, estimated, sums, wide};
use crate::schools::{Schools, schools};

const METHOD: Method = Method { shares: IntervalMethod::T, level: 0.95, degrees: Degrees::Design };

fn logit(low: f64, high: f64) -> Distance {
    Distance::Logit { low: wide(low), high: wide(high) }
}

/// A margin by the totals of its categories and the category of each unit.
fn categories(name: &str, totals: &[(&str, f64)], of_units: &[usize]) -> CategoryMargin {
    let category = |(name, total): &(&str, f64)| Category { name: (*name).to_owned(), total: Some(wide(*total)) };
    CategoryMargin {
        name: name.to_owned(),
        categories: totals.iter().map(category).collect(),
        of_units: of_units.to_vec(),
    }
}

fn amount(name: &str, total: f64, of_units: &[f64]) -> Margin {
    let of_units = of_units.iter().map(|value| wide(*value)).collect();
    Margin::Amount(AmountMargin { name: name.to_owned(), total: wide(total), of_units })
}

fn doubles(weights: &[Wide]) -> Vec<f64> {
    weights.iter().map(|weight| weight.to_f64()).collect()
}

fn messages<T: std::fmt::Debug>(result: Result<T, Vec<CalibrateError>>) -> Vec<String> {
    result.expect_err("the margins cannot be met").iter().map(CalibrateError::to_string).collect()
}

/// The sample with calibrated weights, and its design with the variance that belongs to them.
fn calibrated_design(
    design: &DesignTable,
    units: &[Unit],
    margins: &[Margin],
    weights: &[Wide],
    regression: Regression,
) -> (DesignTable, Vec<Unit>) {
    let sampled = |(unit, of): (usize, &Unit)| SampledUnit { unit, stratum: of.stratum, psu: of.psu, weight: of.w };
    let sampled: Vec<SampledUnit> = units.iter().enumerate().map(sampled).collect();
    let calibration =
        Calibration::new(&sampled, margins, weights, regression).expect("the weights were calibrated to them");
    let reweighted = |(unit, of): (usize, &Unit)| Unit { w: calibration.weight(unit), ..of.clone() };
    let reweighted = units.iter().enumerate().map(reweighted).collect();
    (DesignTable { calibration: Some(calibration), ..design.clone() }, reweighted)
}
