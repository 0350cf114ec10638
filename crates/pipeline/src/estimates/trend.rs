//! The trend of waves that stand in one file.

use estimate::{
    Degrees, DesignTable, Estimate, Method, NotEstimable, NotTestable, Outcome, Single, Sums, TestOutcome, Trend,
    WaveErrors, WaveEstimate, t_test, trend,
};

use super::TestKind;

/// Covariances below this part of the variances are rounding: the waves are independent.
const ROUNDING: f64 = 1e-12;

/// A straight line through waves, or why there is none.
pub(super) struct Line {
    fitted: Result<(Trend, Vec<WaveEstimate>), NotTestable>,
    /// Units of all waves.
    pub(super) n: u64,
}

impl Line {
    /// Fits the line. The sums of a wave are those of a domain of the one design, so that waves have a covariance where units recur as PSUs.
    pub(super) fn new(single: Single, waves: &[(f64, Sums)], design: &DesignTable, method: Method) -> Self {
        let outcomes: Vec<Outcome> = waves.iter().map(|(_, sums)| single.estimate(sums, design, method)).collect();
        let n = outcomes.iter().map(Outcome::n).sum();
        let fit = || {
            let estimates = waves.iter().zip(&outcomes).map(|((when, _), outcome)| {
                t_test(outcome)?;
                let Outcome::Estimated(estimate) = outcome else { return Err(NotTestable::NoVariance) };
                Ok(WaveEstimate { year: *when, estimate: *estimate })
            });
            let estimates = estimates.collect::<Result<Vec<_>, _>>()?;
            let errors = errors(single, waves, &estimates, design, method)?;
            let estimates = match errors {
                WaveErrors::Independent => with_own_degrees(single, waves, estimates, design, method),
                WaveErrors::Correlated(_) => estimates,
            };
            Ok((trend(&estimates, &errors)?, estimates))
        };
        Self { fitted: fit(), n }
    }

    /// The slope with its error.
    pub(super) fn slope(&self, level: f64) -> Option<Estimate> {
        let (trend, waves) = self.fitted.as_ref().ok()?;
        Some(trend.slope(waves, level))
    }

    /// Whether the slope is 0, whether there is any change, and whether the waves lie on the line.
    pub(super) fn tests(&self) -> [(TestKind, Result<TestOutcome, NotTestable>); 3] {
        let of = |outcome: fn(&Trend) -> TestOutcome| match &self.fitted {
            Ok((trend, _)) => Ok(outcome(trend)),
            Err(reason) => Err(*reason),
        };
        [
            (TestKind::Trend, of(|trend| trend.no_slope)),
            (TestKind::NoChange, of(|trend| trend.no_change)),
            (TestKind::Straight, of(|trend| trend.straight)),
        ]
    }
}

/// Waves with the degrees of freedom of their own PSUs: those of independent waves add up, and must not count the whole file each.
fn with_own_degrees(
    single: Single,
    waves: &[(f64, Sums)],
    estimates: Vec<WaveEstimate>,
    design: &DesignTable,
    method: Method,
) -> Vec<WaveEstimate> {
    let own = Method { degrees: Degrees::Subset, ..method };
    let degrees = |sums: &Sums, before: f64| match single.estimate(sums, design, own) {
        Outcome::Estimated(Estimate { df, .. }) => df,
        Outcome::NotEstimable { .. } => before,
    };
    let with = |(estimate, (_, sums)): (WaveEstimate, &(f64, Sums))| {
        let df = degrees(sums, estimate.estimate.df);
        WaveEstimate { estimate: Estimate { df, ..estimate.estimate }, ..estimate }
    };
    estimates.into_iter().zip(waves).map(with).collect()
}

/// The covariance matrix of the waves: V(a - b) = V(a) + V(b) - 2 cov(a, b).
fn errors(
    single: Single,
    waves: &[(f64, Sums)],
    estimates: &[WaveEstimate],
    design: &DesignTable,
    method: Method,
) -> Result<WaveErrors, NotTestable> {
    let variance = |wave: usize| estimates[wave].estimate.se * estimates[wave].estimate.se;
    let mut matrix = vec![vec![0.0; waves.len()]; waves.len()];
    let mut are_independent = true;
    for later in 0..waves.len() {
        matrix[later][later] = variance(later);
        for earlier in 0..later {
            let difference = single.difference(&waves[later].1, &waves[earlier].1, design, method);
            let of_difference = match difference {
                Outcome::Estimated(Estimate { se, .. }) => se * se,
                Outcome::NotEstimable { reason: NotEstimable::NoVariance, .. } => 0.0,
                Outcome::NotEstimable { .. } => return Err(NotTestable::NoVariance),
            };
            let both = variance(later) + variance(earlier);
            let covariance = f64::midpoint(both, -of_difference);
            are_independent &= covariance.abs() <= ROUNDING * both;
            matrix[later][earlier] = covariance;
            matrix[earlier][later] = covariance;
        }
    }
    Ok(if are_independent { WaveErrors::Independent } else { WaveErrors::Correlated(matrix) })
}
