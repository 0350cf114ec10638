//! Statistics as sums of linearised values.
//!
//! Every statistic hands in a value z of each unit, such that its variance is that of the total of z (statistics section 2).
//! Share, mean and total are all of the form z = factor (w y - centre w). The variance needs of z only what is kept here:
//! totals by PSU, or, where units are PSUs, the sum and the sum of squares in each stratum.

use std::collections::{BTreeMap, BTreeSet};

use codebook::Measure;

use crate::{StratumCell, Sums, Wide};

/// A statistic of one domain.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Statistic {
    /// The share, mean or total.
    pub(crate) value: Wide,
    /// Its linearised values.
    pub(crate) values: Linearised,
    /// Unweighted units in the domain; never 0.
    pub(crate) n: u64,
    /// Those of them with y other than 0.
    pub(crate) positive: u64,
    /// n over the design effect of Kish: the size of an equally weighted sample that is as good as the weights allow.
    pub(crate) effective_n: Wide,
}

impl Statistic {
    /// The statistic of a domain, or `None` if nobody is in it.
    pub(crate) fn new(measure: Measure, sums: &Sums) -> Option<Self> {
        let Totals { n, positive, w, wy, ww } = Totals::of(sums);
        if n == 0 {
            return None;
        }
        let (value, form) = match measure {
            Measure::Share | Measure::Mean => (wy / w, LinearForm { centre: wy / w, factor: Wide::ONE / w }),
            Measure::Total => (wy, LinearForm { centre: Wide::ZERO, factor: Wide::ONE }),
        };
        Some(Self { value, values: form.of(sums), n, positive, effective_n: w * w / ww })
    }
}

/// Sums over a whole domain.
struct Totals {
    n: u64,
    positive: u64,
    w: Wide,
    wy: Wide,
    ww: Wide,
}

impl Totals {
    fn of(sums: &Sums) -> Self {
        let mut totals = Self { n: 0, positive: 0, w: Wide::ZERO, wy: Wide::ZERO, ww: Wide::ZERO };
        match sums {
            Sums::ByStratum(cells) => {
                cells.iter().for_each(|cell| totals.add(cell.n, cell.positive, [cell.w, cell.wy, cell.ww]));
            }
            Sums::ByPsu(cells) => {
                cells.iter().for_each(|cell| totals.add(cell.n, cell.positive, [cell.w, cell.wy, cell.ww]));
            }
            Sums::ByUnit(units) => units.iter().for_each(|unit| {
                totals.add(1, u64::from(!unit.y.is_zero()), [unit.w, unit.w * unit.y, unit.w.square()])
            }),
        }
        totals
    }

    fn add(&mut self, n: u64, positive: u64, [w, wy, ww]: [Wide; 3]) {
        self.n += n;
        self.positive += positive;
        self.w += w;
        self.wy += wy;
        self.ww += ww;
    }
}

/// Linearised values z of the units of a domain; everybody else has z = 0.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Linearised {
    /// By index of the stratum, where units are PSUs.
    Strata(BTreeMap<usize, Moments>),
    /// Totals by index of the stratum and number of the PSU.
    Psus(BTreeMap<(usize, usize), Total>),
}

/// The total of z over one PSU.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Total {
    pub(crate) z: Wide,
    /// The sum of the magnitudes that z was made from, which its rounding error is in proportion to.
    size: f64,
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
}

impl Moments {
    pub(crate) const ZERO: Self = Self { sum: Wide::ZERO, squares: Wide::ZERO, size: 0.0 };

    fn add(&mut self, other: Self) {
        self.sum += other.sum;
        self.squares += other.squares;
        self.size += other.size;
    }
}

impl Linearised {
    /// The sums of each stratum that holds the domain.
    pub(crate) fn moments(&self) -> BTreeMap<usize, Moments> {
        match self {
            Self::Strata(moments) => moments.clone(),
            Self::Psus(totals) => {
                let mut moments = BTreeMap::new();
                for ((stratum, _), total) in totals {
                    moments.entry(*stratum).or_insert(Moments::ZERO).add(Moments {
                        sum: total.z,
                        squares: total.z.square(),
                        size: total.size * total.size,
                    });
                }
                moments
            }
        }
    }

    /// The strata that hold the domain.
    pub(crate) fn strata(&self) -> BTreeSet<usize> {
        match self {
            Self::Strata(moments) => moments.keys().copied().collect(),
            Self::Psus(totals) => totals.keys().map(|(stratum, _)| *stratum).collect(),
        }
    }

    /// z_a - z_b for two domains that share no unit.
    ///
    /// A PSU may hold units of both, so totals are subtracted PSU by PSU. Where units are PSUs, one of z_a and z_b is 0 in
    /// each of them, so sums are subtracted and squares added; the covariance -(1-f) n/(n-1) (sum z_a)(sum z_b)/n of
    /// statistics section 2 is then in the variance of what comes out.
    pub(crate) fn minus(&self, other: &Self) -> Self {
        if let (Self::Psus(ours), Self::Psus(theirs)) = (self, other) {
            let mut totals = ours.clone();
            for (psu, total) in theirs {
                let ours = totals.entry(*psu).or_insert(Total { z: Wide::ZERO, size: 0.0 });
                ours.z -= total.z;
                ours.size += total.size;
            }
            return Self::Psus(totals);
        }
        let mut moments = self.moments();
        for (stratum, theirs) in other.moments() {
            moments.entry(stratum).or_insert(Moments::ZERO).add(Moments { sum: -theirs.sum, ..theirs });
        }
        Self::Strata(moments)
    }
}

/// z = factor (w y - centre w).
struct LinearForm {
    centre: Wide,
    factor: Wide,
}

impl LinearForm {
    fn of(&self, sums: &Sums) -> Linearised {
        let mut totals: BTreeMap<(usize, usize), Total> = BTreeMap::new();
        let mut add = |psu: (usize, usize), total: Total| {
            let into = totals.entry(psu).or_insert(Total { z: Wide::ZERO, size: 0.0 });
            into.z += total.z;
            into.size += total.size;
        };
        match sums {
            Sums::ByStratum(cells) => {
                let mut moments = BTreeMap::new();
                for cell in cells.iter().filter(|cell| cell.n > 0) {
                    moments.entry(cell.stratum).or_insert(Moments::ZERO).add(self.moments(cell));
                }
                return Linearised::Strata(moments);
            }
            Sums::ByPsu(cells) => cells
                .iter()
                .filter(|cell| cell.n > 0)
                .for_each(|cell| add((cell.stratum, cell.psu), self.total(cell.w, cell.wy))),
            Sums::ByUnit(units) => {
                units.iter().for_each(|unit| add((unit.stratum, unit.psu), self.total(unit.w, unit.w * unit.y)));
            }
        }
        Linearised::Psus(totals)
    }

    fn total(&self, w: Wide, wy: Wide) -> Total {
        let size = (wy.abs() + (self.centre * w).abs()) * self.factor.abs();
        Total { z: (wy - self.centre * w) * self.factor, size: size.to_f64() }
    }

    fn moments(&self, cell: &StratumCell) -> Moments {
        let square = self.centre.square() * cell.ww;
        let across = self.centre * cell.wwy;
        let factor_square = self.factor.square();
        Moments {
            sum: (cell.wy - self.centre * cell.w) * self.factor,
            squares: (cell.wwyy - across - across + square) * factor_square,
            // (|w y| + |centre| w)^2 is at most twice the sum of the squares.
            size: 2.0 * ((cell.wwyy + square) * factor_square).to_f64(),
        }
    }
}
