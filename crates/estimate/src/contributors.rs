//! Who stands behind each cell of a table: how many, how many of them count, and how unequal their weights are.
//!
//! Disclosure control asks for it, also of cells that have no estimate. It is about answers as they came, so nothing here may be published
//! as it is.

use crate::linearise::Totals;
use crate::{DesignTable, Sums, TableSums, Wide};

/// The answers behind one cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contributors {
    /// Unweighted units in the domain.
    pub n: u64,
    /// Those of them with a value other than 0: for a share, the unweighted numerator.
    pub positive: u64,
    /// The sum of their weights.
    pub weight: f64,
    /// None of their weights is below this.
    pub lightest: f64,
    /// None of their weights is above this.
    pub heaviest: f64,
    /// Whether each of them is in a stratum of which everybody answered.
    pub take_all: bool,
    /// How large the largest are; `None` where units are not told apart.
    pub sizes: Option<Sizes>,
}

/// The sizes of what units contribute, each counted as often as it weighs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sizes {
    /// All of them together.
    pub total: f64,
    /// The five largest of the population that the units stand for, the largest first; zeros where there are fewer.
    pub largest: [f64; 5],
}

impl Sizes {
    /// A unit of weight 2.5 is two of its size and a half; where a place is filled by several, it is as large as they are together.
    fn of<'u>(units: impl Iterator<Item = &'u crate::UnitValue>) -> Self {
        let mut sizes: Vec<(f64, f64)> = units.map(|unit| (unit.y.to_f64().abs(), unit.w.to_f64())).collect();
        sizes.sort_by(|one, other| other.0.total_cmp(&one.0));
        let total = sizes.iter().map(|(size, weight)| size * weight).sum();
        let mut largest = [0.0; 5];
        let mut left = sizes.into_iter().peekable();
        let mut of_unit = left.next();
        for place in &mut largest {
            let mut room = 1.0;
            while let Some((size, weight)) = of_unit {
                let taken = weight.min(room);
                *place += size * taken;
                room -= taken;
                of_unit = if weight > taken { Some((size, weight - taken)) } else { left.next() };
                if room <= 0.0 {
                    break;
                }
            }
        }
        Self { total, largest }
    }
}

/// The contributors of every cell, `[row][domain]`, as in [`Table::cells`](crate::Table::cells).
#[must_use]
pub fn contributors(sums: &TableSums, design: &DesignTable) -> Vec<Vec<Contributors>> {
    let of_row = |row: &crate::RowSums| row.domains.iter().map(|sums| Contributors::of(sums, design)).collect();
    sums.rows.iter().map(of_row).collect()
}

impl Contributors {
    fn of(sums: &Sums, design: &DesignTable) -> Self {
        let Totals { n, positive, wx, .. } = Totals::of(sums);
        let (mut lightest, mut heaviest) = (f64::INFINITY, 0.0_f64);
        let mut weigh = |(low, high): (f64, f64)| {
            lightest = lightest.min(low);
            heaviest = heaviest.max(high);
        };
        match sums {
            Sums::ByStratum(cells) => {
                cells.iter().filter(|cell| cell.n > 0).for_each(|cell| weigh(weights(cell.n, cell.wx, cell.wwxx)));
            }
            Sums::ByPsu(cells) => {
                cells.iter().filter(|cell| cell.n > 0).for_each(|cell| weigh(weights(cell.n, cell.wx, cell.wwxx)));
            }
            Sums::ByUnit(units) => units.iter().for_each(|unit| weigh((unit.w.to_f64(), unit.w.to_f64()))),
        }
        let take_all = n > 0 && sums.strata().into_iter().all(|stratum| design.strata[stratum].is_sampled_whole());
        let lightest = if n == 0 { 0.0 } else { lightest };
        let sizes = match sums {
            Sums::ByUnit(units) => Some(Sizes::of(units.iter())),
            Sums::ByStratum(_) | Sums::ByPsu(_) => None,
        };
        Self { n, positive, weight: wx.to_f64(), lightest, heaviest, take_all, sizes }
    }
}

/// Bounds of n weights with this sum and sum of squares (Samuelson 1968: no value is further than sqrt(n - 1) standard deviations from
/// the mean). Where all are equal both bounds are the weight.
fn weights(n: u64, sum: Wide, squares: Wide) -> (f64, f64) {
    /// Relative to the squared mean; far above the error of 106 bits, far below any difference of printed weights.
    const EQUAL: f64 = 1e-20;
    let size = Wide::from_count(n);
    let mean = sum / size;
    let variance = (squares / size - mean * mean).to_f64();
    let mean = mean.to_f64();
    if variance <= EQUAL * mean * mean {
        return (mean, mean);
    }
    let reach = libm::sqrt(variance * (size - Wide::ONE).to_f64());
    ((mean - reach).max(0.0), mean + reach)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(values: &[f64]) -> (f64, f64) {
        let wide = |value: f64| Wide::from_f64(value);
        let sum = values.iter().map(|it| wide(*it)).fold(Wide::ZERO, |sum, it| sum + it);
        let squares = values.iter().map(|it| wide(*it) * wide(*it)).fold(Wide::ZERO, |sum, it| sum + it);
        weights(u64::try_from(values.len()).unwrap(), sum, squares)
    }

    fn unit(y: f64, w: f64) -> crate::UnitValue {
        let wide = Wide::from_f64;
        crate::UnitValue { stratum: 0, psu: 0, unit: 0, w: wide(w), x: Wide::ONE, y: wide(y) }
    }

    #[test]
    fn the_largest_are_counted_as_often_as_they_weigh() {
        let sizes = Sizes::of([unit(3.0, 1.0), unit(-10.0, 2.5), unit(4.0, 1.0)].iter());
        assert!((sizes.total - 32.0).abs() < 1e-12, "25 + 4 + 3");
        // Two tens; half a ten and half a four; the other half and half a three; the rest of the three.
        let text = |sizes: Sizes| format!("{:?}", sizes.largest);
        assert_eq!(text(sizes), "[10.0, 10.0, 7.0, 3.5, 1.5]");
        assert_eq!(text(Sizes::of([unit(3.0, 1.0)].iter())), "[3.0, 0.0, 0.0, 0.0, 0.0]");
    }

    #[test]
    fn equal_weights_are_known_and_unequal_ones_bounded() {
        assert_eq!(bounds(&[2.5; 7]), (2.5, 2.5));
        let (low, high) = bounds(&[1.0, 1.0, 4.0]);
        assert!((0.0..=1.0).contains(&low) && (4.0..4.5).contains(&high), "{low} {high}");
        // The bound is met where all others are equal.
        assert!((high - 4.0).abs() < 1e-9, "{high}");
    }
}
