//! Tests of significance: what a test gives, differences, the trend over waves, families of tests.
//!
//! A test says how surprising an estimate would be if nothing were there. It never says how large something is, so no result is
//! printed without the difference that it is about (statistics section 4).

use crate::distribution::{f_upper_tail, t_two_sided};
use crate::solve::{Matrix, inverse, product};
use crate::{Estimate, Interval, NotEstimable, Outcome, Wide};

/// The outcome of a test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TestOutcome {
    /// t where one thing is tested and it has a sign; otherwise F, or chi-square for the first order of Rao and Scott.
    pub statistic: f64,
    /// Degrees of freedom of what is tested; need not be whole.
    pub df1: f64,
    /// Degrees of freedom of its variance; `None` if it is taken as known.
    pub df2: Option<f64>,
    /// How probable a statistic at least as far out would be if nothing were there; of t, in either direction.
    pub p: f64,
}

/// Why there is no test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotTestable {
    /// Nobody is there.
    #[error("nobody is in the domain")]
    Empty,
    /// All are in one row of the table, or in one column.
    #[error("all units are in one row of the table, or in one column")]
    OneCategory,
    /// So many cells of the table are empty that the others do not tell how rows and columns hang together.
    #[error("so many cells are empty that the others do not tell how rows and columns hang together: merge values")]
    TooSparse,
    /// Rows tell columns, or columns rows: the association is complete in the sample, and no error is known of it.
    #[error(
        "the association is complete in the sample: each row is of one column, or each column of one row, which leaves no error to compare with"
    )]
    Complete,
    /// There is no sampling error to compare with: a census, something fixed by the design, or an error that is not known.
    #[error("there is no sampling error to compare with")]
    NoVariance,
    /// The sample has too few PSUs for its strata and for what is tested.
    #[error("the sample has too few PSUs for its strata and for what is tested")]
    NoDegreesOfFreedom,
    /// A trend needs three waves.
    #[error("a trend needs at least three waves")]
    TooFewWaves,
    /// The waves' estimates are not different ones: their covariance matrix is singular.
    #[error("the estimates of the waves are not different ones: their covariance matrix is singular")]
    SingularCovariance,
}

/// Tests whether a difference is 0: t = difference / SE on the degrees of freedom of the estimate, which are PSUs less strata.
///
/// R's `svyttest` has the same t and one degree of freedom less, because it comes by way of a regression and counts the
/// coefficients. The variance of the difference is made from the same deviations either way (statistics section 4), so that
/// of the design is taken here; for R's p, take 1 off [`Estimate::df`].
///
/// # Errors
/// When there is no estimate, or the estimate has no sampling error.
pub fn t_test(difference: &Outcome) -> Result<TestOutcome, NotTestable> {
    match difference {
        Outcome::Estimated(Estimate { value, se, df, .. }) if *se > 0.0 => Ok(TestOutcome::of_t(value / se, *df)),
        Outcome::Estimated(_) => Err(NotTestable::NoVariance),
        Outcome::NotEstimable { reason, .. } => Err(match reason {
            NotEstimable::Empty | NotEstimable::NoDenominator => NotTestable::Empty,
            NotEstimable::NoDegreesOfFreedom => NotTestable::NoDegreesOfFreedom,
            NotEstimable::NoVariance | NotEstimable::UnknownVariance | NotEstimable::Unbounded => {
                NotTestable::NoVariance
            }
        }),
    }
}

impl TestOutcome {
    fn of_t(t: f64, df: f64) -> Self {
        Self { statistic: t, df1: 1.0, df2: Some(df), p: t_two_sided(t, df) }
    }

    pub(crate) fn of_f(f: f64, df1: f64, df2: f64) -> Self {
        Self { statistic: f, df1, df2: Some(df2), p: f_upper_tail(f, df1, df2) }
    }
}

/// The estimate of one wave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WaveEstimate {
    /// When: the year, or a year and its fraction.
    pub year: f64,
    /// What was estimated then.
    pub estimate: Estimate,
}

/// How the sampling errors of waves hang together.
#[derive(Debug, Clone, PartialEq)]
pub enum WaveErrors {
    /// Not at all: samples drawn independently of each other.
    Independent,
    /// With this covariance matrix of the estimates, in their order, variances on the diagonal. See
    /// [`Single::covariance`](crate::Single::covariance).
    Correlated(Vec<Vec<f64>>),
}

/// A straight line through the estimates of waves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    /// The change in one year, in the unit of the estimates.
    pub slope: f64,
    /// Its standard error.
    pub se: f64,
    /// Whether the slope is 0: a t test.
    pub no_slope: TestOutcome,
    /// Whether all waves are the same but for chance, whatever their order (heterogeneity): an F test.
    pub no_change: TestOutcome,
    /// Whether the waves lie on the line but for chance: an F test. If they do not, the slope does not tell the story.
    pub straight: TestOutcome,
}

/// Fits and tests the trend of three waves or more.
///
/// The line is fitted by generalised least squares, y = a + b year with the covariance matrix S of the estimates as if known
/// (Aitken 1936; for surveys Koch, Freeman and Freeman 1975): (a, b) = (X' S^-1 X)^-1 X' S^-1 y, whose covariance is
/// (X' S^-1 X)^-1. What the fit leaves over, Q = r' S^-1 r, is Wald's statistic for the hypothesis that the line holds; with a
/// constant instead of a line, that all waves are the same.
///
/// S is estimated, too. For independent waves b has the degrees of freedom of Satterthwaite (1946), V^2 / sum_i (c_i^4 v_i^2 / df_i)
/// for b = sum_i c_i y_i, and Q those of Johansen (1980), which for a constant are those of Welch (1951). For correlated waves
/// nothing is known but the waves' own degrees of freedom: b has the fewest among them, nu, and Q the F of Fellegi (1980),
/// (nu - q + 1) Q / (nu q) on q and nu - q + 1.
///
/// # Errors
/// When there are fewer than three waves, one has no sampling error, the covariance matrix is singular, or no degrees of freedom
/// are left.
///
/// # Panics
/// When the years do not increase or the covariance matrix is not of the waves: bugs.
pub fn trend(waves: &[WaveEstimate], errors: &WaveErrors) -> Result<Trend, NotTestable> {
    assert!(waves.windows(2).all(|pair| pair[0].year < pair[1].year), "waves come in the order of their years");
    if waves.len() < 3 {
        return Err(NotTestable::TooFewWaves);
    }
    if waves.iter().any(|wave| wave.estimate.se <= 0.0) {
        return Err(NotTestable::NoVariance);
    }
    let precision = inverse(&errors.covariance(waves)).ok_or(NotTestable::SingularCovariance)?;
    let constant = |_: &WaveEstimate| vec![Wide::ONE];
    let line = |wave: &WaveEstimate| vec![Wide::ONE, Wide::from_f64(wave.year) - Wide::from_f64(waves[0].year)];
    let level = Fit::new(waves, constant, &precision)?;
    let line = Fit::new(waves, line, &precision)?;

    let (slope, variance) = (line.coefficients[1], line.covariance[1][1]);
    let se = libm::sqrt(variance.to_f64());
    let df = errors.slope_df(waves, &line.influence[1], variance);
    Ok(Trend {
        slope: slope.to_f64(),
        se,
        no_slope: TestOutcome::of_t(slope.to_f64() / se, df),
        no_change: errors.test(waves, &level)?,
        straight: errors.test(waves, &line)?,
    })
}

impl Trend {
    /// The slope with its t interval; n and positive are those of all waves together.
    #[must_use]
    pub fn slope(&self, waves: &[WaveEstimate], level: f64) -> Estimate {
        let df = self.no_slope.df2.unwrap_or(f64::INFINITY);
        let Interval { low, high } = Interval::around(self.slope, self.se, df, level);
        let (n, positive) =
            waves.iter().fold((0, 0), |(n, positive), wave| (n + wave.estimate.n, positive + wave.estimate.positive));
        Estimate { value: self.slope, se: self.se, low, high, df, n, positive, deff: None, sides: None }
    }
}

/// A fit by generalised least squares.
struct Fit {
    coefficients: Vec<Wide>,
    /// Of the coefficients.
    covariance: Matrix,
    /// `influence[a][i]`: what coefficient a is made of, sum_i influence y_i.
    influence: Matrix,
    /// How much each estimate has to say in its own fitted value.
    leverages: Vec<Wide>,
    /// r' S^-1 r.
    residual: Wide,
}

impl Fit {
    fn new(
        waves: &[WaveEstimate],
        regressors: impl Fn(&WaveEstimate) -> Vec<Wide>,
        precision: &[Vec<Wide>],
    ) -> Result<Self, NotTestable> {
        let design: Matrix = waves.iter().map(regressors).collect();
        let values: Matrix = waves.iter().map(|wave| vec![Wide::from_f64(wave.estimate.value)]).collect();
        let weighted = product(&transposed(&design), precision);
        let covariance = inverse(&product(&weighted, &design)).ok_or(NotTestable::SingularCovariance)?;
        let influence = product(&covariance, &weighted);
        let coefficients = product(&influence, &values);
        let fitted = product(&design, &coefficients);
        let left_over: Matrix = values.iter().zip(&fitted).map(|(value, fitted)| vec![value[0] - fitted[0]]).collect();
        let residual = product(&transposed(&left_over), &product(precision, &left_over))[0][0];
        let hat = product(&design, &influence);
        Ok(Self {
            coefficients: coefficients.into_iter().map(|coefficient| coefficient[0]).collect(),
            covariance,
            influence,
            leverages: hat.iter().enumerate().map(|(index, row)| row[index]).collect(),
            residual,
        })
    }
}

fn transposed(matrix: &[Vec<Wide>]) -> Matrix {
    let columns = matrix.first().map_or(0, Vec::len);
    (0..columns).map(|column| matrix.iter().map(|row| row[column]).collect()).collect()
}

impl WaveErrors {
    fn covariance(&self, waves: &[WaveEstimate]) -> Matrix {
        match self {
            Self::Independent => {
                let variances = waves.iter().map(|wave| Wide::from_f64(wave.estimate.se).square()).enumerate();
                let row = |(index, variance)| {
                    let mut row = vec![Wide::ZERO; waves.len()];
                    row[index] = variance;
                    row
                };
                variances.map(row).collect()
            }
            Self::Correlated(matrix) => {
                let fits = matrix.len() == waves.len() && matrix.iter().all(|row| row.len() == waves.len());
                assert!(fits, "the covariance matrix has a row and a column for each wave");
                matrix.iter().map(|row| row.iter().copied().map(Wide::from_f64).collect()).collect()
            }
        }
    }

    /// Degrees of freedom of sum_i c_i y_i, which has this variance.
    fn slope_df(&self, waves: &[WaveEstimate], influence: &[Wide], variance: Wide) -> f64 {
        match self {
            Self::Independent => satterthwaite(waves.iter().zip(influence).map(|(wave, influence)| {
                let share = (Wide::from_f64(wave.estimate.se) * *influence).square() / variance;
                (share.to_f64(), wave.estimate.df)
            })),
            Self::Correlated(_) => fewest_degrees(waves),
        }
    }

    /// Whether what the fit leaves over is chance.
    fn test(&self, waves: &[WaveEstimate], fit: &Fit) -> Result<TestOutcome, NotTestable> {
        let count = |count: usize| f64::from(u32::try_from(count).expect("few waves"));
        let tested = count(waves.len() - fit.coefficients.len());
        let residual = fit.residual.to_f64();
        match self {
            Self::Independent => {
                let of_wave = |(wave, leverage): (&WaveEstimate, &Wide)| {
                    let rest = (Wide::ONE - *leverage).to_f64();
                    rest * rest / wave.estimate.df
                };
                let doubt: f64 = waves.iter().zip(&fit.leverages).map(of_wave).sum();
                let scale = tested + 2.0 * doubt - 6.0 * doubt / (tested + 2.0);
                Ok(TestOutcome::of_f(residual / scale, tested, tested * (tested + 2.0) / (3.0 * doubt)))
            }
            Self::Correlated(_) => {
                let df = fewest_degrees(waves);
                let rest = df - tested + 1.0;
                if rest <= 0.0 {
                    return Err(NotTestable::NoDegreesOfFreedom);
                }
                Ok(TestOutcome::of_f(residual * rest / (df * tested), tested, rest))
            }
        }
    }
}

fn fewest_degrees(waves: &[WaveEstimate]) -> f64 {
    waves.iter().map(|wave| wave.estimate.df).fold(f64::INFINITY, f64::min)
}

/// The degrees of freedom of a sum of independent variances (Satterthwaite 1946): 1 / sum_i (share_i^2 / df_i), given each
/// one's share of the sum and its degrees of freedom.
pub(crate) fn satterthwaite(parts: impl Iterator<Item = (f64, f64)>) -> f64 {
    1.0 / parts.map(|(share, df)| share * share / df).sum::<f64>()
}

/// What is done about the many tests of a family, some of which come out by chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adjustment {
    /// Nothing.
    None,
    /// Holm (1979): the level is how probable it is that any test of the family is significant by chance. For sentences.
    Holm,
    /// Benjamini and Hochberg (1995): the level is the share by chance among those that are significant, as expected. For
    /// exploratory tables.
    BenjaminiHochberg,
}

/// The adjusted p-values of a family of tests, in its order; compared with the level in place of the others. As R's `p.adjust`.
///
/// All tests of the family belong here, also those that nobody means to print; those that were not testable do not.
///
/// # Panics
/// When something is not a probability: a bug.
#[must_use]
pub fn adjust(p_values: &[f64], adjustment: Adjustment) -> Vec<f64> {
    assert!(p_values.iter().all(|p| (0.0..=1.0).contains(p)), "p-values lie between 0 and 1: {p_values:?}");
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|a, b| p_values[*a].total_cmp(&p_values[*b]));
    let size = p_values.len();
    let count = |count: usize| f64::from(u32::try_from(count).expect("few tests"));
    let mut adjusted = p_values.to_vec();
    match adjustment {
        Adjustment::None => {}
        // From the smallest up, each by the number of those not smaller; none below the one before.
        Adjustment::Holm => {
            let mut before: f64 = 0.0;
            for (rank, test) in order.into_iter().enumerate() {
                before = before.max(p_values[test] * count(size - rank)).min(1.0);
                adjusted[test] = before;
            }
        }
        // From the largest down, each by the size of the family over its rank; none above the one before.
        Adjustment::BenjaminiHochberg => {
            let mut before: f64 = 1.0;
            for (rank, test) in order.into_iter().enumerate().rev() {
                before = before.min(p_values[test] * (count(size) / count(rank + 1)));
                adjusted[test] = before;
            }
        }
    }
    adjusted
}
