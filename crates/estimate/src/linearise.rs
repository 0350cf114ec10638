//! Statistics as sums of linearised values.
//!
//! Every statistic hands in a value z of each unit, such that its variance is that of the total of z (statistics section 2).
//! Share, mean and total are all of the form z = factor (w y - centre w). The variance needs of z only what is kept here:
//! totals by PSU, or, where units are PSUs, the sum and the sum of squares in each stratum.

use std::collections::{BTreeMap, BTreeSet};

use codebook::Measure;

use crate::{DesignEffect, DesignTable, StratumCell, Sums, Wide};

/// A statistic of one domain.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Statistic {
    /// The share, mean, total or ratio.
    pub(crate) value: Wide,
    /// Its linearised values.
    pub(crate) values: Linearised,
    /// The sums it is made from.
    pub(crate) totals: Totals,
}

impl Statistic {
    /// The statistic of a domain, or `None` if nobody is in it. `None`, too, if the denominator
    /// of a ratio is 0, or so near to it that there is no number.
    ///
    /// # Panics
    /// When it should be a quantile: a bug, since that is no sum.
    pub(crate) fn new(measure: Measure, sums: &Sums, design: &DesignTable) -> Option<Self> {
        let totals = Totals::of(sums);
        if totals.n == 0 || (measure != Measure::Total && totals.wx.is_zero()) {
            return None;
        }
        let value_of = |wx: Wide, wy: Wide| match measure {
            Measure::Share | Measure::Mean | Measure::Ratio => wy / wx,
            Measure::Total => wy,
            Measure::Quantile { .. } => panic!("a quantile is no sum, so it has no linearised values"),
        };
        let value = value_of(totals.wx, totals.wy);
        if !value.to_f64().is_finite() {
            return None;
        }
        let form = if measure == Measure::Total {
            LinearForm { centre: Wide::ZERO, factor: Wide::ONE }
        } else {
            LinearForm { centre: value, factor: Wide::ONE / totals.wx }
        };
        let values = match (&design.replicates, &design.calibration) {
            (Some(replicates), _) => Values::Replicates(replicates.values(sums, value, value_of)),
            (None, Some(_)) => form.residuals(sums, design),
            (None, None) => form.of(sums),
        };
        Some(Self { value, values: Linearised { strata: sums.strata(), values }, totals })
    }

    /// The design effect: the variance over that of a simple random sample of the same size (statistics section 4). `None` where
    /// that is 0 or, without replacement, where the weights do not tell how large the population is.
    pub(crate) fn design_effect(&self, measure: Measure, variance: Wide, compared: DesignEffect) -> Option<f64> {
        let Totals { n, wx, wy, wyy, .. } = self.totals;
        let size = Wide::from_count(n);
        if n < 2 {
            return None;
        }
        let correction = match compared {
            DesignEffect::WithoutReplacement if wx <= size => return None,
            DesignEffect::WithoutReplacement => (wx - size) / wx,
            DesignEffect::WithReplacement => Wide::ONE,
        };
        let spread = (wyy / wx - (wy / wx).square()) * size / (size - Wide::ONE);
        let simple = spread * correction / size;
        let scale = match measure {
            Measure::Share | Measure::Mean => Wide::ONE,
            Measure::Total => wx.square(),
            Measure::Ratio | Measure::Quantile { .. } => return None,
        };
        let enough = (wyy / wx).to_f64() * 1e-25;
        (spread.to_f64() > enough).then(|| (variance / (simple * scale)).to_f64())
    }
}

/// Sums over a whole domain; their names are those of [`StratumCell`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Totals {
    /// Unweighted units in the domain; never 0 in a statistic.
    pub(crate) n: u64,
    /// Those of them with y other than 0.
    pub(crate) positive: u64,
    pub(crate) wx: Wide,
    pub(crate) wy: Wide,
    pub(crate) wyy: Wide,
    pub(crate) wwxx: Wide,
}

impl Totals {
    const ZERO: Self = Self { n: 0, positive: 0, wx: Wide::ZERO, wy: Wide::ZERO, wyy: Wide::ZERO, wwxx: Wide::ZERO };

    pub(crate) fn of(sums: &Sums) -> Self {
        let mut totals = Self::ZERO;
        match sums {
            Sums::ByStratum(cells) => cells.iter().for_each(|cell| {
                totals.add(cell.n, cell.positive, [cell.wx, cell.wy, cell.wyy, cell.wwxx]);
            }),
            Sums::ByPsu(cells) => cells.iter().for_each(|cell| {
                totals.add(cell.n, cell.positive, [cell.wx, cell.wy, cell.wyy, cell.wwxx]);
            }),
            Sums::ByUnit(units) => units.iter().for_each(|unit| {
                let (wx, wy) = (unit.w * unit.x, unit.w * unit.y);
                totals.add(1, u64::from(!unit.y.is_zero()), [wx, wy, wy * unit.y, wx.square()]);
            }),
        }
        totals
    }

    fn add(&mut self, n: u64, positive: u64, [wx, wy, wyy, wwxx]: [Wide; 4]) {
        self.n += n;
        self.positive += positive;
        self.wx += wx;
        self.wy += wy;
        self.wyy += wyy;
        self.wwxx += wwxx;
    }

    /// n over the design effect of Kish: the size of an equally weighted sample that is as good as the weights allow.
    pub(crate) fn effective_n(&self) -> Wide {
        self.wx * self.wx / self.wwxx
    }

    /// Both domains together.
    pub(crate) fn with(mut self, other: &Self) -> Self {
        self.add(other.n, other.positive, [other.wx, other.wy, other.wyy, other.wwxx]);
        self
    }
}

/// Linearised values z of the units of a domain. Everybody else has z = 0, but for weights that were calibrated.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Linearised {
    /// The strata that hold the domain.
    pub(crate) strata: BTreeSet<usize>,
    pub(crate) values: Values,
}

/// The values, as far as the variance needs them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Values {
    /// By index of the stratum, where units are PSUs.
    Strata(BTreeMap<usize, Moments>),
    /// Totals by index of the stratum and number of the cluster.
    Clusters(BTreeMap<(usize, usize), Total>),
    /// With replicate weights: what each replicate has in place of the estimate, less the estimate; `None` where the domain has
    /// no weight.
    Replicates(Vec<Option<Total>>),
}

/// The total of z over one cluster.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Total {
    pub(crate) z: Wide,
    /// The sum of the magnitudes that z was made from, which its rounding error is in proportion to.
    pub(crate) size: f64,
}

impl Total {
    pub(crate) const ZERO: Self = Self { z: Wide::ZERO, size: 0.0 };

    pub(crate) fn add(&mut self, other: Self) {
        self.z += other.z;
        self.size += other.size;
    }

    pub(crate) fn times(self, factor: Wide) -> Self {
        Self { z: self.z * factor, size: self.size * factor.abs().to_f64() }
    }
}

/// What the variance needs of the PSU totals z of one stratum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Moments {
    /// The sum of z.
    pub(crate) sum: Wide,
    /// The sum of z^2.
    pub(crate) squares: Wide,
    /// The sum of the squared magnitudes that the squares were made from.
    pub(crate) size: f64,
    /// How many PSUs there are z of.
    pub(crate) psus: u64,
}

impl Moments {
    pub(crate) const ZERO: Self = Self { sum: Wide::ZERO, squares: Wide::ZERO, size: 0.0, psus: 0 };

    pub(crate) fn add(&mut self, other: Self) {
        self.psus += other.psus;
        self.sum += other.sum;
        self.squares += other.squares;
        self.size += other.size;
    }

    /// The moments of one more PSU.
    pub(crate) fn add_total(&mut self, total: Total) {
        self.add(Self { sum: total.z, squares: total.z.square(), size: total.size * total.size, psus: 1 });
    }

    fn times(self, factor: Wide) -> Self {
        let square = factor.square();
        let size = self.size * square.to_f64();
        Self { sum: self.sum * factor, squares: self.squares * square, size, psus: self.psus }
    }
}

impl Linearised {
    /// z_a - z_b, as [`plus`](Self::plus).
    pub(crate) fn minus(&self, other: &Self) -> Self {
        self.clone().plus(-Wide::ONE, other)
    }

    /// z_a + c z_b.
    ///
    /// Totals are added cluster by cluster, and replicates one by one, so units may be in both. Of strata there are only
    /// sums and squares: there the domains must share no unit, one of z_a and z_b is then 0 in each, and c times the covariance
    /// -(1-f) n/(n-1) (sum z_a)(sum z_b)/n of statistics section 2 is in the variance of what comes out.
    pub(crate) fn plus(mut self, factor: Wide, other: &Self) -> Self {
        self.strata.extend(&other.strata);
        match (&mut self.values, &other.values) {
            (Values::Strata(ours), Values::Strata(theirs)) => {
                for (stratum, theirs) in theirs {
                    ours.entry(*stratum).or_insert(Moments::ZERO).add(theirs.times(factor));
                }
            }
            (Values::Clusters(ours), Values::Clusters(theirs)) => {
                for (cluster, theirs) in theirs {
                    ours.entry(*cluster).or_insert(Total::ZERO).add(theirs.times(factor));
                }
            }
            (Values::Replicates(ours), Values::Replicates(theirs)) => {
                for (ours, theirs) in ours.iter_mut().zip(theirs) {
                    *ours = ours.zip(*theirs).map(|(mut total, theirs)| {
                        total.add(theirs.times(factor));
                        total
                    });
                }
            }
            (Values::Strata(_) | Values::Clusters(_) | Values::Replicates(_), _) => {
                panic!("two statistics of one design were linearised by two roads")
            }
        }
        self
    }

    /// c z.
    pub(crate) fn times(&self, factor: Wide) -> Self {
        let values = match &self.values {
            Values::Strata(moments) => {
                Values::Strata(moments.iter().map(|(stratum, moments)| (*stratum, moments.times(factor))).collect())
            }
            Values::Clusters(totals) => {
                Values::Clusters(totals.iter().map(|(cluster, total)| (*cluster, total.times(factor))).collect())
            }
            Values::Replicates(values) => {
                Values::Replicates(values.iter().map(|value| value.map(|total| total.times(factor))).collect())
            }
        };
        Self { strata: self.strata.clone(), values }
    }
}

/// z = factor (w y - centre w x).
struct LinearForm {
    centre: Wide,
    factor: Wide,
}

impl LinearForm {
    fn of(&self, sums: &Sums) -> Values {
        let mut totals: BTreeMap<(usize, usize), Total> = BTreeMap::new();
        let mut add = |cluster, total| totals.entry(cluster).or_insert(Total::ZERO).add(total);
        match sums {
            Sums::ByStratum(cells) => {
                let mut moments = BTreeMap::new();
                for cell in cells.iter().filter(|cell| cell.n > 0) {
                    moments.entry(cell.stratum).or_insert(Moments::ZERO).add(self.moments(cell));
                }
                return Values::Strata(moments);
            }
            Sums::ByPsu(cells) => cells
                .iter()
                .filter(|cell| cell.n > 0)
                .for_each(|cell| add((cell.stratum, cell.psu), self.total(cell.wx, cell.wy))),
            Sums::ByUnit(units) => units
                .iter()
                .for_each(|unit| add((unit.stratum, unit.psu), self.total(unit.w * unit.x, unit.w * unit.y))),
        }
        Values::Clusters(totals)
    }

    /// What calibration leaves of z, also outside the domain.
    fn residuals(&self, sums: &Sums, design: &DesignTable) -> Values {
        let calibration = design.calibration.as_ref().expect("it is asked for a calibrated design only");
        let Sums::ByUnit(units) = sums else { panic!("calibrated weights need sums by unit") };
        let values: Vec<(usize, Total)> =
            units.iter().map(|unit| (unit.unit, self.total(unit.w * unit.x, unit.w * unit.y))).collect();
        Values::Clusters(calibration.residuals(&values))
    }

    fn total(&self, wx: Wide, wy: Wide) -> Total {
        let size = (wy.abs() + (self.centre * wx).abs()) * self.factor.abs();
        Total { z: (wy - self.centre * wx) * self.factor, size: size.to_f64() }
    }

    fn moments(&self, cell: &StratumCell) -> Moments {
        let square = self.centre.square() * cell.wwxx;
        let across = self.centre * cell.wwxy;
        let factor_square = self.factor.square();
        Moments {
            sum: (cell.wy - self.centre * cell.wx) * self.factor,
            squares: (cell.wwyy - across - across + square) * factor_square,
            // (|w y| + |centre| w |x|)^2 is at most twice the sum of the squares.
            size: 2.0 * ((cell.wwyy + square) * factor_square).to_f64(),
            psus: cell.n,
        }
    }
}
