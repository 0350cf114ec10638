//! One statistic at a time, as `barometer estimate` asks for them; tables go through [`estimate`](crate::estimate).

use codebook::Measure;

use crate::linearise::{Statistic, Totals};
use crate::variance::{Fixed, variance};
use crate::{DesignEffect, DesignTable, Method, NotEstimable, Outcome, Sums};

/// A statistic of sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Single {
    /// The share of the domain for which y is 1; y is 0 for the others.
    Share,
    /// The mean of y.
    Mean,
    /// The total of y.
    Total,
    /// The total of y over the total of x.
    Ratio,
}

impl Single {
    pub(crate) fn measure(self) -> Measure {
        match self {
            Self::Share => Measure::Share,
            Self::Mean => Measure::Mean,
            Self::Ratio => Measure::Ratio,
            Self::Total => Measure::Total,
        }
    }

    /// Estimates it from sums over its domain.
    #[must_use]
    pub fn estimate(self, sums: &Sums, design: &DesignTable, method: Method) -> Outcome {
        self.estimate_fixed(sums, Fixed::No, design, method)
    }

    /// Its value alone, also where nothing tells how uncertain it is; `None` where there is none. Not to be published.
    #[must_use]
    pub fn value(self, sums: &Sums, design: &DesignTable) -> Option<f64> {
        Statistic::new(self.measure(), sums, design).map(|statistic| statistic.value.to_f64())
    }

    /// The difference of the values of two domains alone, as [`value`](Self::value).
    #[must_use]
    pub fn value_of_difference(self, of: &Sums, than: &Sums, design: &DesignTable) -> Option<f64> {
        let [of, than] = [of, than].map(|sums| Statistic::new(self.measure(), sums, design));
        Some((of?.value - than?.value).to_f64())
    }

    /// The same of something that the design may tell: what is fixed by it and shows no variance is exact.
    #[must_use]
    pub fn estimate_fixed(self, sums: &Sums, fixed: Fixed, design: &DesignTable, method: Method) -> Outcome {
        match Statistic::new(self.measure(), sums, design) {
            None => empty(sums),
            Some(statistic) => statistic.outcome(self.measure(), fixed, design, method),
        }
    }

    /// The variance over that of a simple random sample of as many units. `None` where that is not defined: as
    /// [`Estimate::deff`](crate::Estimate::deff), but that with replacement the size of the population does not matter.
    #[must_use]
    pub fn design_effect(self, sums: &Sums, design: &DesignTable, compared: DesignEffect) -> Option<f64> {
        let statistic = Statistic::new(self.measure(), sums, design)?;
        statistic.design_effect(self.measure(), variance(&statistic.values, design)?, compared)
    }

    /// The difference between two domains, with their covariance. They share no unit, unless the sums are by PSU or by unit.
    #[must_use]
    pub fn difference(self, of: &Sums, than: &Sums, design: &DesignTable, method: Method) -> Outcome {
        let [of, than] = [of, than].map(|sums| (Statistic::new(self.measure(), sums, design), sums));
        match (of, than) {
            ((Some(of), _), (Some(than), _)) => of.minus(&than).outcome(Fixed::No, design, method),
            ((None, sums), _) | (_, (None, sums)) => empty(sums),
        }
    }

    /// The ratio of two domains, or of two items by PSU or unit, with their covariance.
    #[must_use]
    pub fn relative(self, of: &Sums, to: &Sums, design: &DesignTable, method: Method) -> Outcome {
        let [of, to] = [of, to].map(|sums| (Statistic::new(self.measure(), sums, design), sums));
        match (of, to) {
            ((Some(of), _), (Some(to), sums)) => match of.over(&to) {
                Some(contrast) => contrast.outcome(Fixed::No, design, method),
                None => empty(sums),
            },
            ((None, sums), _) | (_, (None, sums)) => empty(sums),
        }
    }
}

fn empty(sums: &Sums) -> Outcome {
    Outcome::NotEstimable { reason: without_value(sums), n: Totals::of(sums).n }
}

/// Why a statistic of these sums has no value.
pub(crate) fn without_value(sums: &Sums) -> NotEstimable {
    if Totals::of(sums).n == 0 { NotEstimable::Empty } else { NotEstimable::NoDenominator }
}
