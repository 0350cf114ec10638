//! One statistic at a time, as `barometer estimate` asks for them; tables go through [`estimate`](crate::estimate).

use codebook::Measure;

use crate::linearise::Statistic;
use crate::variance::Fixed;
use crate::{DesignTable, Method, NotEstimable, Outcome, Sums};

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
            Self::Mean | Self::Ratio => Measure::Mean,
            Self::Total => Measure::Total,
        }
    }

    /// Estimates it from sums over its domain. `fixed_by_design` says that y is told by the stratum of a unit, so that a share has no error.
    #[must_use]
    pub fn estimate(self, sums: &Sums, design: &DesignTable, method: Method) -> Outcome {
        match Statistic::new(self.measure(), sums, design) {
            None => empty(sums),
            Some(statistic) => {
                let outcome = statistic.outcome(self.measure(), Fixed::No, design, method);
                match (self, outcome) {
                    (Self::Ratio, Outcome::Estimated(mut estimate)) => {
                        estimate.deff = None;
                        Outcome::Estimated(estimate)
                    }
                    (_, outcome) => outcome,
                }
            }
        }
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
    let n = crate::linearise::Totals::of(sums).n;
    let reason = if n == 0 { NotEstimable::Empty } else { NotEstimable::NoVariance };
    Outcome::NotEstimable { reason, n }
}
