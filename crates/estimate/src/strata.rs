//! What each stratum adds to a share and to its variance.
//!
//! Where units are PSUs and all units of a stratum weigh the same, the share and its variance are sums over strata of numbers that the counts of each stratum tell: whoever knows
//! the design (sizes and answers of the strata, so the weights) and the counts knows the standard error, and whoever knows the standard error knows something of the counts. Disclosure
//! control asks for it, so nothing here may be published as it is.

use std::collections::BTreeMap;

use codebook::Measure;

use crate::interval::ShareEvidence;
use crate::{DesignTable, Estimate, Method, RowSums, Sums, TableSums, Wide};

/// The answers of a cell that are in one stratum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StratumPart {
    /// Index into [`DesignTable::strata`](crate::DesignTable::strata).
    pub stratum: usize,
    /// Units of the stratum in the sample, in the cell or not.
    pub sampled: u64,
    /// (1 - n/N) n/(n - 1); 0 in a stratum that shows no variance of its own.
    pub factor: f64,
    /// The weight of each unit.
    pub weight: f64,
    /// Unweighted units in the cell.
    pub n: u64,
    /// Those of them that count.
    pub positive: u64,
}

/// The strata of each cell, `[row][domain]`: of the total, and of groups that hold whole strata of it. None of other groups, of other measures, where units are no PSUs, where weights were
/// calibrated or differ within a stratum, and where replicates give the variance.
pub(crate) fn strata(measure: Measure, sums: &TableSums, design: &DesignTable) -> Vec<Vec<Vec<StratumPart>>> {
    let is_plain = measure == Measure::Share && design.units_are_psus;
    let is_told = is_plain && design.replicates.is_none() && design.calibration.is_none();
    let of_row = |row: &RowSums| {
        let none = || vec![Vec::new(); row.domains.len()];
        if !is_told {
            return none();
        }
        let parts: Option<Vec<Vec<StratumPart>>> = row.domains.iter().map(|sums| of_cell(sums, design)).collect();
        let Some(parts) = parts else { return none() };
        let whole: BTreeMap<usize, u64> = parts.first().into_iter().flatten().map(|it| (it.stratum, it.n)).collect();
        let holds_whole = |part: &StratumPart| whole.get(&part.stratum) == Some(&part.n);
        parts.into_iter().map(|cell| if cell.iter().all(holds_whole) { cell } else { Vec::new() }).collect()
    };
    sums.rows.iter().map(of_row).collect()
}

/// `None` where weights differ within a stratum.
fn of_cell(sums: &Sums, design: &DesignTable) -> Option<Vec<StratumPart>> {
    /// Relative to the squared sum; far above the error of 106 bits, far below any difference of printed weights.
    const EQUAL: f64 = 1e-20;
    // By stratum: units, those that count, the sum of the weights and that of their squares.
    let mut strata: BTreeMap<usize, (u64, u64, Wide, Wide)> = BTreeMap::new();
    let mut add = |stratum: usize, n: u64, positive: u64, weight: Wide, squares: Wide| {
        let known = strata.entry(stratum).or_insert((0, 0, Wide::ZERO, Wide::ZERO));
        known.0 += n;
        known.1 += positive;
        known.2 += weight;
        known.3 += squares;
    };
    match sums {
        Sums::ByStratum(cells) => {
            cells.iter().for_each(|it| add(it.stratum, it.n, it.positive, it.wx, it.wwxx));
        }
        Sums::ByPsu(cells) => cells.iter().for_each(|it| add(it.stratum, it.n, it.positive, it.wx, it.wwxx)),
        Sums::ByUnit(units) => {
            units.iter().for_each(|it| add(it.stratum, 1, u64::from(!it.y.is_zero()), it.w, it.w.square()));
        }
    }
    let part = |(stratum, (n, positive, weight, squares)): (usize, (u64, u64, Wide, Wide))| {
        let size = Wide::from_count(n);
        let mean = weight / size;
        let spread = (squares - mean * weight).abs().to_f64();
        let sampled = design.strata[stratum].psus;
        let others = Wide::from_count(sampled.saturating_sub(1));
        let correction = design.strata[stratum].wide_correction();
        let factor = if sampled < 2 { Wide::ZERO } else { correction * Wide::from_count(sampled) / others };
        let is_equal = spread <= EQUAL * squares.to_f64();
        let (factor, weight) = (factor.to_f64(), mean.to_f64());
        is_equal.then_some(StratumPart { stratum, sampled, factor, weight, n, positive })
    };
    strata.into_iter().filter(|(_, (n, ..))| *n > 0).map(part).collect()
}

/// The weighted share; `None` where nobody is in it.
fn share(parts: &[StratumPart]) -> Option<f64> {
    let sum = |of: fn(&StratumPart) -> u64| -> f64 { parts.iter().map(|it| it.weight * count(of(it))).sum() };
    let share = sum(|it| it.positive) / sum(|it| it.n);
    share.is_finite().then_some(share)
}

/// The variance of the share by the formula of `variance.rs`, in doubles.
fn variance(parts: &[StratumPart], share: f64) -> f64 {
    let of_stratum = |part: &StratumPart| {
        let (n, positive) = (count(part.n), count(part.positive));
        let sum = positive - n * share;
        let squares = positive * (1.0 - 2.0 * share) + n * share * share;
        part.factor * part.weight * part.weight * (squares - sum * sum / count(part.sampled))
    };
    let size: f64 = parts.iter().map(|it| it.weight * count(it.n)).sum();
    parts.iter().map(of_stratum).sum::<f64>() / (size * size)
}

/// Counts are small, and there are many tries.
fn count(count: u64) -> f64 {
    u32::try_from(count).map_or_else(|_| Wide::from_count(count).to_f64(), f64::from)
}

impl Estimate {
    /// The share and its standard error if the strata had other counts than these. What the strata do not explain, as of one with a single PSU, stays as it is. The limits are still those of
    /// this estimate. `None` where nobody would be in it.
    #[must_use]
    pub fn with_strata(&self, strata: &[StratumPart], others: &[StratumPart]) -> Option<Self> {
        let value = share(others)?;
        let unexplained = self.se * self.se - variance(strata, share(strata)?);
        let unexplained = if unexplained.abs() <= 1e-9 * self.se * self.se { 0.0 } else { unexplained };
        let se = libm::sqrt((variance(others, value) + unexplained).max(0.0));
        let sum = |of: fn(&StratumPart) -> u64| others.iter().map(of).sum();
        Some(Self { value, se, n: sum(|it| it.n), positive: sum(|it| it.positive), ..*self })
    }

    /// The same share and standard error with the limits that they have by a method where the strata are these; `None` where there are none.
    #[must_use]
    pub fn with_limits(&self, method: Method, strata: &[StratumPart]) -> Option<Self> {
        let Self { value, se, df, n, positive, .. } = *self;
        let sum = |of: fn(&StratumPart) -> f64| strata.iter().map(of).sum::<f64>();
        let (weight, squares) = (sum(|it| it.weight * count(it.n)), sum(|it| it.weight * it.weight * count(it.n)));
        let kish_n = weight * weight / squares;
        let evidence = ShareEvidence { share: value, complement: 1.0 - value, se, df, n, positive, kish_n };
        let interval = evidence.interval(method.shares, method.level)?;
        Some(Self { low: interval.low, high: interval.high, ..*self })
    }
}
