//! The variance after calibration: linearised values less what the margins tell of them.
//!
//! z <- w (z/w - x'B), with B from regressing z/w on x with the weights before calibration, over all units; those outside a
//! domain have z = 0 there, but residuals of their own (Särndal, Swensson and Wretman 1992, 6.6; Deville and Särndal 1992,
//! section 3; R's `svyrecvar` of a design that `calibrate` made). After post-stratification this centres z/w within the cells.

use std::collections::BTreeMap;

use super::margin::{Auxiliaries, Entry};
use super::{CalibrateError, Margin};
use crate::Wide;
use crate::linearise::Total;
use crate::solve::Factor;

/// A unit of the sample and its weight before calibration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SampledUnit {
    /// The unit's own number within the wave.
    pub unit: usize,
    /// Index into [`DesignTable::strata`](crate::DesignTable::strata).
    pub stratum: usize,
    /// Number of the cluster within the wave, as in [`UnitValue::psu`](crate::UnitValue::psu).
    pub psu: usize,
    /// The design weight, above 0.
    pub weight: Wide,
}

/// How z/w is regressed on the margins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Regression {
    /// By least squares with the weights before calibration.
    DesignWeights,
    /// As in the variance of R's `rake`: every unit counts the same, and the means within the categories of one margin after the other
    /// are taken away, ten times over and no more, so that margins which nearly tell the same are not quite taken away.
    InTurn,
}

/// What the weights of a sample were calibrated to, for the variance. Made once per wave: a statistic then costs one pass over
/// its units and one over the clusters.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// Sorted by number.
    units: Vec<Unit>,
    solver: Solver,
    clusters: BTreeMap<(usize, usize), Vec<Sum>>,
}

/// A unit of the sample.
#[derive(Debug, Clone, PartialEq)]
struct Unit {
    number: usize,
    cluster: (usize, usize),
    /// After calibration, and trimming if there was any.
    weight: Wide,
    /// q / w, with q how much the unit counts in the regression.
    leverage: Wide,
    row: Vec<Entry>,
}

/// The sum of w x over one cluster, for one auxiliary.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Sum {
    column: usize,
    wx: Wide,
    /// The sum of |w x|.
    size: f64,
}

impl Calibration {
    /// `units` are all units of the sample that have a weight, sorted by number; `weights` are theirs after calibration and, if there
    /// was any, trimming. Margins tell of the units in the same order.
    ///
    /// # Errors
    /// When a category is in the sample or in the population only, or margins add up to different populations.
    ///
    /// # Panics
    /// When units are not sorted, or weights and margins are not of as many: bugs.
    pub fn new(
        units: &[SampledUnit],
        margins: &[Margin],
        weights: &[Wide],
        regression: Regression,
    ) -> Result<Self, Vec<CalibrateError>> {
        assert!(units.is_sorted_by(|a, b| a.unit < b.unit), "units are sorted by their numbers");
        assert_eq!(units.len(), weights.len(), "every unit has one weight");
        let before: Vec<Wide> = units.iter().map(|unit| unit.weight).collect();
        let auxiliaries = Auxiliaries::new(&before, margins)?;
        let (counted, solver) = match regression {
            Regression::DesignWeights => {
                let (factor, _) = Factor::new(&auxiliaries.normal_matrix(&before));
                (before, Solver::AtOnce(factor))
            }
            Regression::InTurn => {
                let counted = vec![Wide::ONE; units.len()];
                let matrix = auxiliaries.normal_matrix(&counted);
                (counted, Solver::InTurn(matrix))
            }
        };
        let rows = units.iter().zip(weights).zip(counted).zip(auxiliaries.rows);
        let units: Vec<Unit> = rows
            .map(|(((unit, weight), counted), row)| Unit {
                number: unit.unit,
                cluster: (unit.stratum, unit.psu),
                weight: *weight,
                // A unit whose weight became 0 is in no sum, and its z is 0.
                leverage: if weight.is_zero() { Wide::ZERO } else { counted / *weight },
                row,
            })
            .collect();
        Ok(Self { clusters: cluster_sums(&units), units, solver })
    }

    /// The calibrated weight of a unit.
    ///
    /// # Panics
    /// When the sample has no such unit: a bug.
    #[must_use]
    pub fn weight(&self, unit: usize) -> Wide {
        self.unit(unit).weight
    }

    fn unit(&self, number: usize) -> &Unit {
        let place = self.units.binary_search_by_key(&number, |unit| unit.number);
        &self.units[place.expect("every unit with a weight was there when the weights were calibrated")]
    }

    /// Totals by stratum and cluster of what calibration leaves of linearised values: z <- w (z/w - x'B), with B from regressing z/w on the
    /// margins with the weights before calibration (statistics section 6). `values` are z, weights included, by unit; all
    /// other units have z = 0.
    pub(crate) fn residuals(&self, values: &[(usize, Total)]) -> BTreeMap<(usize, usize), Total> {
        let coefficients = self.coefficients(values);
        let fitted = |sums: &Vec<Sum>| {
            let mut total = Total::ZERO;
            for Sum { column, wx, size } in sums {
                let coefficient = coefficients[*column];
                total.add(Total { z: -(coefficient * *wx), size: size * coefficient.abs().to_f64() });
            }
            total
        };
        let mut totals: BTreeMap<(usize, usize), Total> =
            self.clusters.iter().map(|(cluster, sums)| (*cluster, fitted(sums))).collect();
        for (unit, value) in values {
            totals.entry(self.unit(*unit).cluster).or_insert(Total::ZERO).add(*value);
        }
        totals
    }

    /// B, which solves sum q x x' B = sum q x (z/w).
    fn coefficients(&self, values: &[(usize, Total)]) -> Vec<Wide> {
        let mut right = vec![Wide::ZERO; self.solver.columns()];
        for (unit, value) in values {
            let unit = self.unit(*unit);
            let counted = value.z * unit.leverage;
            for entry in &unit.row {
                right[entry.column] += counted * entry.value;
            }
        }
        self.solver.solve(&right)
    }
}

/// The normal equations of the regression.
#[derive(Debug, Clone, PartialEq)]
enum Solver {
    /// Factored.
    AtOnce(Factor),
    /// The lower triangle of the matrix, for as many rounds as R makes.
    InTurn(Vec<Vec<Wide>>),
}

impl Solver {
    fn columns(&self) -> usize {
        match self {
            Self::AtOnce(factor) => factor.columns(),
            Self::InTurn(matrix) => matrix.len(),
        }
    }

    fn solve(&self, right: &[Wide]) -> Vec<Wide> {
        const ROUNDS: u32 = 10;
        let matrix = match self {
            Self::AtOnce(factor) => return factor.solve(right),
            Self::InTurn(matrix) => matrix,
        };
        // To take away the means within the categories of a margin is to solve for its coefficients given those of the other
        // margins: Gauss and Seidel's iteration, since the categories of one margin share no unit.
        let mut solution = vec![Wide::ZERO; right.len()];
        for _ in 0..ROUNDS {
            for (row, right) in right.iter().enumerate() {
                let entry = |column: usize| matrix[row.max(column)][row.min(column)];
                let explained: Wide = solution.iter().enumerate().map(|(column, value)| entry(column) * *value).sum();
                // An auxiliary that is 0 for every unit tells nothing.
                if !entry(row).is_zero() {
                    solution[row] += (*right - explained) / entry(row);
                }
            }
        }
        solution
    }
}

fn cluster_sums(units: &[Unit]) -> BTreeMap<(usize, usize), Vec<Sum>> {
    let mut clusters: BTreeMap<(usize, usize), BTreeMap<usize, (Wide, f64)>> = BTreeMap::new();
    for unit in units {
        let columns = clusters.entry(unit.cluster).or_default();
        for entry in &unit.row {
            let wx = unit.weight * entry.value;
            let (sum, size) = columns.entry(entry.column).or_insert((Wide::ZERO, 0.0));
            *sum += wx;
            *size += wx.abs().to_f64();
        }
    }
    let sums = |columns: BTreeMap<usize, (Wide, f64)>| {
        columns.into_iter().map(|(column, (wx, size))| Sum { column, wx, size }).collect()
    };
    clusters.into_iter().map(|(cluster, columns)| (cluster, sums(columns))).collect()
}
