//! Quantiles: the weighted distribution of one item in one domain, its inverse, and Woodruff's interval.
//!
//! A quantile is no sum, so it has no linearised value. Woodruff (1952) goes by way of one that has: the share of the domain at or
//! below the estimate q. Its interval comes from the one variance, so strata, clusters, later stages, replicates and calibration
//! need nothing of their own here, and the inverse of the distribution maps its limits back to values. The standard error is what
//! a t interval of that width would have.
//!
//! Rules are those of Hyndman and Fan (1996) with weights, as in R's `survey` since 4.1 (`svyquantile`, `qrule`), where the
//! interval is named `interval.type`. This file must not compute a variance of its own.

use codebook::{Measure, QuantileRule};

use crate::distribution::t_quantile;
use crate::linearise::Statistic;
use crate::variance::Fixed;
use crate::{
    DesignTable, Estimate, Interval, IntervalMethod, Method, NotEstimable, Outcome, PsuCell, Sides, StratumCell, Sums,
    UnitValue, Wide,
};

/// Sums over the units of a domain that have one value, in one stratum or one cluster. A unit is in one cell only; how units with the same
/// value are spread over cells does not matter. Calibrated weights, and replicate weights of units, need a cell for each unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValueCell {
    /// Index into [`DesignTable::strata`].
    pub stratum: usize,
    /// Number of the cluster, as in [`PsuCell::psu`]. Ignored where units are PSUs, unless weights are replicated or calibrated.
    pub psu: usize,
    /// The value, in the unit of the item.
    pub value: Wide,
    /// Units with a weight above 0.
    pub n: u64,
    /// The sum of w.
    pub w: Wide,
    /// The sum of w^2.
    pub ww: Wide,
    /// The highest number of a unit among them, as in [`UnitValue::unit`]. It and its weight order ties: see
    /// [`QuantileRule::Hf7`].
    pub last: usize,
    /// The weight of that unit.
    pub last_w: Wide,
}

/// The quantile that is asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantile {
    /// Above 0 and below 1; 0.5 for the median.
    pub probability: f64,
    /// The inverse that gives the estimate, and maps the limits back.
    pub rule: QuantileRule,
    /// The interval of the share at or below the estimate. It takes the place of [`Method::shares`]: the default of quantiles is
    /// [`IntervalMethod::T`], whatever shares are published with.
    pub limits: IntervalMethod,
}

impl Quantile {
    /// The quantile with the defaults of the house: [`QuantileRule::Hf1`] and [`IntervalMethod::T`].
    #[must_use]
    pub fn of(probability: f64) -> Self {
        Self { probability, rule: QuantileRule::Hf1, limits: IntervalMethod::T }
    }
}

/// The weighted distribution of an item in a domain, sorted once for all its quantiles.
#[derive(Debug, Clone, PartialEq)]
pub struct WeightedDistribution {
    /// Sorted by value, then by stratum, cluster and unit, so that sums over them do not depend on the order they came in.
    cells: Vec<ValueCell>,
    /// The distinct values, ascending.
    steps: Vec<Step>,
}

/// A value that units have, and the weights around it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Step {
    value: Wide,
    /// The weight of all smaller values.
    below: Wide,
    /// The weight of this value and all smaller ones.
    through: Wide,
    /// The weight of the last unit with this value.
    last_w: Wide,
    /// Cells of this value and all smaller ones.
    cells: usize,
}

impl From<&UnitValue> for ValueCell {
    fn from(unit: &UnitValue) -> Self {
        let UnitValue { stratum, psu, unit, w, y, .. } = *unit;
        Self { stratum, psu, value: y, n: 1, w, ww: w.square(), last: unit, last_w: w }
    }
}

impl WeightedDistribution {
    /// From sums by value, in any order.
    ///
    /// # Panics
    /// When values are not numbers: a bug.
    #[must_use]
    pub fn new(cells: &[ValueCell]) -> Self {
        let mut cells: Vec<ValueCell> = cells.iter().filter(|cell| cell.n > 0).copied().collect();
        cells.sort_by(|a, b| {
            let by_place = || (a.stratum, a.psu, a.last).cmp(&(b.stratum, b.psu, b.last));
            let by_value = a.value.partial_cmp(&b.value).expect("values are numbers");
            by_value.then_with(by_place)
        });
        let steps = steps(&cells);
        Self { cells, steps }
    }

    /// Estimates a quantile. Its standard error is the width of the interval over 2 t(df).
    ///
    /// There is none where the variance of the share at or below it is 0 without a census, as where all values are the same or the
    /// estimate is the largest of them; nor where the interval of that share reaches below 0 or above 1, since the sample then
    /// holds no value that bounds the quantile on that side (R gives NaN).
    ///
    /// # Panics
    /// When the probability is not above 0 and below 1, or with calibrated weights a cell holds more than one unit: bugs.
    #[must_use]
    pub fn quantile(&self, asked: Quantile, design: &DesignTable, method: Method) -> Outcome {
        let Quantile { probability, rule, limits } = asked;
        assert!(0.0 < probability && probability < 1.0, "there is no quantile of probability {probability}");
        let n = self.cells.iter().map(|cell| cell.n).sum();
        if n == 0 {
            return Outcome::NotEstimable { reason: NotEstimable::Empty, n };
        }
        let positive = self.cells.iter().filter(|cell| !cell.value.is_zero()).map(|cell| cell.n).sum();
        let quantile = self.inverse(rule, probability);
        let value = quantile.to_f64();
        let share = match self.share_at_most(quantile, design, Method { shares: limits, ..method }) {
            Outcome::Estimated(share) => share,
            not_estimable @ Outcome::NotEstimable { .. } => return not_estimable,
        };
        let is_exact = share.df <= 0.0;
        if is_exact {
            let sides = Some(self.sides(quantile, [quantile, quantile]));
            let exact = Estimate { value, se: 0.0, low: value, high: value, df: 0.0, n, positive, deff: None, sides };
            return Outcome::Estimated(exact);
        }
        let Some([low, high]) = self.woodruff(quantile, share, rule) else {
            return Outcome::NotEstimable { reason: NotEstimable::Unbounded, n };
        };
        let sides = Some(self.sides(quantile, [low, high]));
        let Interval { low, high } = Interval { low: low.to_f64(), high: high.to_f64() };
        let se = (high - low) / (2.0 * t_quantile(f64::midpoint(1.0, method.level), share.df));
        Outcome::Estimated(Estimate { value, se, low, high, df: share.df, n, positive, deff: None, sides })
    }

    /// Its value alone, also where nothing tells how uncertain it is; `None` where nobody is in the domain. Not to be published.
    ///
    /// # Panics
    /// When the probability is not above 0 and below 1: a bug.
    #[must_use]
    pub fn value(&self, asked: Quantile) -> Option<f64> {
        let Quantile { probability, rule, .. } = asked;
        assert!(0.0 < probability && probability < 1.0, "there is no quantile of probability {probability}");
        (!self.steps.is_empty()).then(|| self.inverse(rule, probability).to_f64())
    }

    /// The interval of the quantile from that of the share at or below it.
    fn woodruff(&self, quantile: Wide, share: Estimate, rule: QuantileRule) -> Option<[Wide; 2]> {
        let is_share = |limit: f64| (0.0..=1.0).contains(&limit);
        if share.se <= 0.0 || !is_share(share.low) || !is_share(share.high) {
            return None;
        }
        // Interpolation stretches the distribution, by much where single weights are large, so that it need not map the share at or
        // below the quantile to the quantile. The interval holds it all the same.
        let [at_low, at_high] = [share.low, share.high].map(|limit| self.inverse(rule, limit));
        let low = if at_low < quantile { at_low } else { quantile };
        let high = if at_high > quantile { at_high } else { quantile };
        Some([low, high])
    }

    /// The units at or below the lower value, or those at or above the higher one, whichever are fewer.
    fn fewest_beyond(&self, low: Wide, high: Wide) -> u64 {
        let count = |is_beyond: &dyn Fn(Wide) -> bool| -> u64 {
            self.cells.iter().filter(|cell| is_beyond(cell.value)).map(|cell| cell.n).sum()
        };
        count(&|value| value <= low).min(count(&|value| value >= high))
    }

    /// Who is beyond the limits, and who has the same number as the estimate and the limits when they are rounded.
    fn sides(&self, quantile: Wide, [low, high]: [Wide; 2]) -> Sides {
        let alike = std::array::from_fn(|place| {
            let of = |value: Wide| self.rounded_alike(value.to_f64(), place);
            of(quantile).min(of(low)).min(of(high))
        });
        Sides { fewest: self.fewest_beyond(low, high), alike }
    }

    /// The units whose values are rounded to the same multiple of a power of ten as this one.
    fn rounded_alike(&self, value: f64, place: usize) -> u64 {
        let unit = (0..place).fold(1e-6, |unit: f64, _| unit * 10.0);
        let middle = (value / unit).round() * unit;
        let below = |bound: f64| self.cells.partition_point(|cell| cell.value.to_f64() < bound);
        let (first, behind) = (below(middle - unit / 2.0), below(middle + unit / 2.0));
        self.cells.get(first..behind).unwrap_or_default().iter().map(|cell| cell.n).sum()
    }

    /// The value at a probability from 0 to 1. Somebody is in the domain.
    fn inverse(&self, rule: QuantileRule, probability: f64) -> Wide {
        let last = self.steps.last().expect("somebody is in the domain");
        match rule {
            QuantileRule::Hf1 => {
                // Compared as doubles, since that is all that a probability has: 1/10 of the weight is at least 0.1 of it.
                let is_too_small = |step: &Step| (step.through / last.through).to_f64() < probability;
                let found = self.steps.partition_point(is_too_small);
                self.steps.get(found).unwrap_or(last).value
            }
            QuantileRule::Hf7 => {
                let target = Wide::from_f64(probability) * (last.through - last.last_w);
                let found = self.steps.partition_point(|step| step.below <= target) - 1;
                let Some(next) = self.steps.get(found + 1) else { return last.value };
                let step = &self.steps[found];
                let beyond = target - (step.through - step.last_w);
                if beyond <= Wide::ZERO {
                    return step.value;
                }
                step.value + (next.value - step.value) * (beyond / step.last_w)
            }
        }
    }

    /// The share of the domain at or below the value.
    fn share_at_most(&self, value: Wide, design: &DesignTable, method: Method) -> Outcome {
        let sums = self.indicator(value, design);
        let share = Statistic::new(Measure::Share, &sums, design).expect("somebody is in the domain");
        share.outcome(Measure::Share, Fixed::No, design, method)
    }

    /// The sums of y = 1 for units at or below the value and 0 for the others, by the road that the design needs.
    fn indicator(&self, value: Wide, design: &DesignTable) -> Sums {
        let found = self.steps.partition_point(|step| step.value <= value);
        let cells = found.checked_sub(1).map_or(0, |last| self.steps[last].cells);
        let (at_most, above) = self.cells.split_at(cells);
        let counted = at_most.iter().map(|cell| (cell, Wide::ONE)).chain(above.iter().map(|cell| (cell, Wide::ZERO)));
        // Replicate weights that come with the data are weights of units, others of clusters.
        let is_unit_by_unit = self.cells.iter().all(|cell| cell.n == 1);
        if design.replicates.is_some() {
            if is_unit_by_unit { by_unit(counted) } else { by_psu(counted) }
        } else if design.calibration.is_some() {
            by_unit(counted)
        } else if design.units_are_psus {
            by_stratum(counted)
        } else {
            by_psu(counted)
        }
    }
}

/// The distinct values of sorted cells.
fn steps(cells: &[ValueCell]) -> Vec<Step> {
    let (mut weight, mut count) = (Wide::ZERO, 0);
    let step = |tied: &[ValueCell]| {
        let below = weight;
        weight += tied.iter().map(|cell| cell.w).sum();
        count += tied.len();
        let last = tied.iter().max_by_key(|cell| cell.last).expect("a value is somebody's");
        Step { value: last.value, below, through: weight, last_w: last.last_w, cells: count }
    };
    cells.chunk_by(|a, b| a.value == b.value).map(step).collect()
}

/// Units of the cell with y other than 0.
fn positive(cell: &ValueCell, y: Wide) -> u64 {
    if y.is_zero() { 0 } else { cell.n }
}

fn by_stratum<'a>(counted: impl Iterator<Item = (&'a ValueCell, Wide)>) -> Sums {
    Sums::by_stratum(counted.map(|(cell, y)| {
        let (wy, wwy) = (cell.w * y, cell.ww * y);
        StratumCell {
            stratum: cell.stratum,
            n: cell.n,
            positive: positive(cell, y),
            wx: cell.w,
            wy,
            wyy: wy,
            wwxx: cell.ww,
            wwxy: wwy,
            wwyy: wwy,
        }
    }))
}

fn by_psu<'a>(counted: impl Iterator<Item = (&'a ValueCell, Wide)>) -> Sums {
    Sums::by_psu(counted.map(|(cell, y)| {
        let wy = cell.w * y;
        let (stratum, psu, n) = (cell.stratum, cell.psu, cell.n);
        PsuCell { stratum, psu, n, positive: positive(cell, y), wx: cell.w, wy, wyy: wy, wwxx: cell.ww }
    }))
}

fn by_unit<'a>(counted: impl Iterator<Item = (&'a ValueCell, Wide)>) -> Sums {
    let unit = |(cell, y): (&ValueCell, Wide)| {
        assert_eq!(cell.n, 1, "calibrated weights need the values unit by unit");
        UnitValue { stratum: cell.stratum, psu: cell.psu, unit: cell.last, w: cell.w, x: Wide::ONE, y }
    };
    let mut units: Vec<UnitValue> = counted.map(unit).collect();
    units.sort_by_key(|unit| (unit.stratum, unit.psu, unit.unit));
    Sums::ByUnit(units.into())
}
