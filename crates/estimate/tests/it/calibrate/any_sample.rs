//! What must hold for any sample, and dense normal equations as the second road.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

/// A unit as drawn: its region, its size class, its employees, what it says, its design weight, and the weight over the design
/// weight in a population that the sample could be from.
#[derive(Debug, Clone)]
struct Drawn {
    region: usize,
    size: usize,
    employees: u32,
    y: i32,
    weight: u32,
    factor: f64,
}

fn drawn() -> impl Strategy<Value = Vec<Drawn>> {
    let unit = (0_usize..3, 0_usize..2, 1_u32..50, -300_i32..300, 100_u32..2_000, 0.6_f64..1.6)
        .prop_map(|(region, size, employees, y, weight, factor)| Drawn { region, size, employees, y, weight, factor });
    prop::collection::vec(unit, 6..24)
}

impl Drawn {
    fn design_weight(&self) -> Wide {
        Wide::from_decimal(i128::from(self.weight), 2)
    }

    fn unit(&self, psu: usize) -> Unit {
        Unit { stratum: 0, psu, w: self.design_weight(), y: wide(f64::from(self.y)), group: "a" }
    }
}

/// The totals of the population that the sample could be from.
fn known(sample: &[Drawn]) -> Vec<Margin> {
    let total = |value: &dyn Fn(&Drawn) -> f64| {
        sample.iter().map(|unit| unit.design_weight() * wide(unit.factor) * wide(value(unit))).sum::<Wide>()
    };
    let margin = |name: &str, count: usize, of: &dyn Fn(&Drawn) -> usize| {
        let category = |index: usize| Category {
            name: index.to_string(),
            total: Some(total(&|unit| if of(unit) == index { 1.0 } else { 0.0 })),
        };
        Margin::Categories(CategoryMargin {
            name: name.to_owned(),
            categories: (0..count).map(category).collect(),
            of_units: sample.iter().map(of).collect(),
        })
    };
    let employees = AmountMargin {
        name: "employees".to_owned(),
        total: total(&|unit| f64::from(unit.employees)),
        of_units: sample.iter().map(|unit| wide(f64::from(unit.employees))).collect(),
    };
    vec![margin("region", 3, &|unit| unit.region), margin("size", 2, &|unit| unit.size), Margin::Amount(employees)]
}

fn before(sample: &[Drawn]) -> Vec<Wide> {
    sample.iter().map(Drawn::design_weight).collect()
}

fn simple_design(sample: &[Drawn]) -> (DesignTable, Vec<Unit>) {
    let n = u64::try_from(sample.len()).expect("few units");
    let stratum = Stratum { key: Vec::new(), units: n, psus: n, population: None, weight: None };
    let units = sample.iter().enumerate().map(|(psu, unit)| unit.unit(psu)).collect();
    (DesignTable::of_strata(vec![stratum], LonelyPsu::Refuse), units)
}

/// How far weights are from the totals, at worst and relative to them.
fn worst_miss(margins: &[Margin], weights: &[Wide]) -> f64 {
    let relative = |reached: Wide, total: Wide| {
        if total.is_zero() { reached.abs().to_f64() } else { ((reached - total) / total).abs().to_f64() }
    };
    let misses = margins.iter().flat_map(|margin| match margin {
        Margin::Categories(margin) => {
            let of = |index: usize| margin.of_units.iter().zip(weights).filter(move |(of, _)| **of == index);
            let reached = |index: usize| of(index).map(|(_, weight)| *weight).sum::<Wide>();
            let total = |index: usize| margin.categories[index].total.expect("every category has a total");
            (0..margin.categories.len()).map(|index| relative(reached(index), total(index))).collect::<Vec<_>>()
        }
        Margin::Amount(margin) => {
            let reached = margin.of_units.iter().zip(weights).map(|(value, weight)| *value * *weight).sum();
            vec![relative(reached, margin.total)]
        }
    });
    misses.fold(0.0, f64::max)
}

/// The second road: b with A b = right, by elimination in plain doubles; `None` if A is nearly singular.
fn dense(mut rows: Vec<Vec<f64>>) -> Option<Vec<f64>> {
    let n = rows.len();
    for column in 0..n {
        let pivot = (column..n).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()))?;
        rows.swap(column, pivot);
        if rows[column][column].abs() < 1e-2 {
            return None;
        }
        let eliminated = rows[column].clone();
        for row in (0..n).filter(|row| *row != column) {
            let times = rows[row][column] / eliminated[column];
            rows[row].iter_mut().zip(&eliminated).for_each(|(value, of)| *value -= times * of);
        }
    }
    Some((0..n).map(|row| rows[row][n] / rows[row][row]).collect())
}

/// Regions that the sample has, without gaps, and the number of employees: x in full.
fn full_rows(sample: &[Drawn]) -> Vec<Vec<f64>> {
    let regions: BTreeSet<usize> = sample.iter().map(|unit| unit.region).collect();
    let row = |unit: &Drawn| {
        let is_in = |region: &usize| if unit.region == *region { 1.0 } else { 0.0 };
        regions.iter().map(is_in).chain([f64::from(unit.employees)]).collect()
    };
    sample.iter().map(row).collect()
}

/// The normal equations of weighted least squares, with the right side as last column.
fn normal_equations(x: &[Vec<f64>], weights: &[f64], right: &dyn Fn(usize) -> f64) -> Vec<Vec<f64>> {
    let sum = |a: usize, b: usize| x.iter().zip(weights).map(|(row, weight)| weight * row[a] * row[b]).sum();
    let columns = x[0].len();
    (0..columns).map(|a| (0..columns).map(|b| sum(a, b)).chain([right(a)]).collect()).collect()
}

proptest! {
    #[test]
    fn every_margin_is_met_and_the_bounds_are_kept(sample in drawn()) {
        let margins = known(&sample);
        let before = before(&sample);
        for distance in [Distance::Linear, Distance::Raking, logit(0.5, 2.0)] {
            let found = calibrate(&before, &margins, distance);
            prop_assert!(found.is_ok(), "{:?} {:?}", distance, found);
            let calibrated = found.unwrap();
            prop_assert!(worst_miss(&margins, &calibrated.weights) < 1e-20);
            let summary = WeightSummary::new(&before, &calibrated.weights);
            match distance {
                Distance::Linear => prop_assert_eq!(calibrated.negative.is_some(), summary.smallest < 0.0),
                Distance::Raking => prop_assert!(summary.smallest_factor > 0.0),
                Distance::Logit { .. } => prop_assert!(0.5 <= summary.smallest_factor && summary.largest_factor <= 2.0),
            }
        }
    }

    #[test]
    fn the_numbering_of_the_units_does_not_matter_but_for_rounding(sample in drawn()) {
        let backwards: Vec<Drawn> = sample.iter().rev().cloned().collect();
        for distance in [Distance::Linear, Distance::Raking, logit(0.5, 2.0)] {
            let forth = calibrate(&before(&sample), &known(&sample), distance).unwrap().weights;
            let back = calibrate(&before(&backwards), &known(&backwards), distance).unwrap().weights;
            for ((forth, back), unit) in forth.iter().zip(back.iter().rev()).zip(&sample) {
                prop_assert!((*forth - *back).abs().to_f64() <= 1e-13 * unit.design_weight().to_f64());
            }
        }
    }

    #[test]
    fn the_unit_of_the_design_weights_does_not_matter_for_raking(sample in drawn(), times in 2_u64..100_000) {
        let margins = known(&sample);
        let before = before(&sample);
        let small: Vec<Wide> = before.iter().map(|weight| *weight / Wide::from_count(times)).collect();
        let by_before = calibrate(&before, &margins, Distance::Raking).unwrap().weights;
        let by_small = calibrate(&small, &margins, Distance::Raking).unwrap().weights;
        for (by_before, by_small) in by_before.iter().zip(&by_small) {
            prop_assert!((*by_before - *by_small).abs().to_f64() <= 1e-11 * by_before.to_f64());
        }
    }

    #[test]
    fn a_calibrated_amount_adds_its_total_and_no_error(sample in drawn(), times in 1_u32..100) {
        let margins = known(&sample);
        let weights = calibrate(&before(&sample), &margins, logit(0.5, 2.0)).unwrap().weights;
        let (design, units) = simple_design(&sample);
        let (design, units) = calibrated_design(&design, &units, &margins, &weights, Regression::DesignWeights);
        let added = f64::from(times);
        let more: Vec<Unit> = units
            .iter()
            .zip(&sample)
            .map(|(unit, drawn)| Unit { y: unit.y + wide(added * f64::from(drawn.employees)), ..unit.clone() })
            .collect();
        let total = |units: &[Unit]| Single::Total.estimate(&sums(units, Road::Unit), &design, METHOD);
        let Some(Margin::Amount(employees)) = margins.last() else { panic!("employees come last") };
        match (total(&units), total(&more)) {
            (Outcome::Estimated(plain), Outcome::Estimated(more)) => {
                let expected = plain.value + added * employees.total.to_f64();
                prop_assert!((more.value - expected).abs() <= 1e-12 * (expected.abs() + plain.value.abs()));
                prop_assert!((more.se - plain.se).abs() <= 1e-12 * plain.se);
            }
            (plain, more) => prop_assert_eq!(plain.reason(), more.reason()),
        }
    }

    #[test]
    fn dense_normal_equations_give_the_same_weights_and_the_same_error(sample in drawn()) {
        let margins: Vec<Margin> = known(&sample).into_iter().filter(|margin| match margin {
            Margin::Categories(margin) => margin.name == "region",
            Margin::Amount(_) => true,
        }).collect();
        let x = full_rows(&sample);
        let d = doubles(&before(&sample));
        let miss = |column: usize| {
            let pairs = x.iter().zip(&sample).zip(&d);
            pairs.map(|((row, unit), weight)| weight * (unit.factor - 1.0) * row[column]).sum::<f64>()
        };
        let lambda = dense(normal_equations(&x, &d, &miss));
        prop_assume!(lambda.is_some());
        let product = |row: &[f64], by: &[f64]| row.iter().zip(by).map(|(a, b)| a * b).sum::<f64>();
        let lambda = lambda.unwrap();
        let w: Vec<f64> = x.iter().zip(&d).map(|(row, weight)| weight * (1.0 + product(row, &lambda))).collect();
        let found = calibrate(&before(&sample), &margins, Distance::Linear).unwrap();
        for (found, (w, d)) in found.weights.iter().zip(w.iter().zip(&d)) {
            prop_assert!((found.to_f64() - w).abs() <= 1e-9 * d, "{} {}", found.to_f64(), w);
        }

        let y_sum = |column: usize| {
            x.iter().zip(&sample).zip(&d).map(|((row, unit), weight)| weight * row[column] * f64::from(unit.y)).sum::<f64>()
        };
        let b = dense(normal_equations(&x, &d, &y_sum)).unwrap();
        let residual = |index: usize| w[index] * (f64::from(sample[index].y) - product(&x[index], &b));
        let n = f64::from(u32::try_from(sample.len()).unwrap());
        let mean = (0..sample.len()).map(residual).sum::<f64>() / n;
        let spread = (0..sample.len()).map(|index| (residual(index) - mean) * (residual(index) - mean)).sum::<f64>();
        let variance = n / (n - 1.0) * spread;
        let (design, units) = simple_design(&sample);
        let (design, units) = calibrated_design(&design, &units, &margins, &found.weights, Regression::DesignWeights);
        if let Outcome::Estimated(total) = Single::Total.estimate(&sums(&units, Road::Unit), &design, METHOD) {
            prop_assert!((total.se * total.se - variance).abs() <= 1e-9 * (variance + 1.0), "{} {}", total.se, variance.sqrt());
        }
    }

    #[test]
    fn trimming_keeps_the_sum_and_the_bounds(sample in drawn(), low in 1_u64..100, high in 100_u64..400) {
        let weights = before(&sample);
        let bound = |percent: u64| Some(TrimBound::TimesMean(Wide::from_ratio(percent, 100)));
        let bounds = TrimBounds { low: bound(low), high: bound(high) };
        let sum: Wide = weights.iter().copied().sum();
        let mean = sum.to_f64() / f64::from(u32::try_from(weights.len()).unwrap());
        for excess in [Excess::Proportional, Excess::Equal] {
            let trimmed = trim(&weights, bounds, excess).unwrap();
            let after: Wide = trimmed.weights.iter().copied().sum();
            prop_assert!((after - sum).abs().to_f64() <= 1e-28 * sum.to_f64());
            for weight in doubles(&trimmed.weights) {
                let (low, high) = (f64::from(u32::try_from(low).unwrap()), f64::from(u32::try_from(high).unwrap()));
                prop_assert!(weight >= mean * low / 100.0 * (1.0 - 1e-14) && weight <= mean * high / 100.0 * (1.0 + 1e-14));
            }
            prop_assert_eq!(trimmed.cut == 0, trimmed.weights == weights);
        }
    }
}
