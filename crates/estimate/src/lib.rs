//! Design-based estimates: from [`Sums`] to numbers with standard errors, intervals and differences.
//!
//! Pure algebra on small tables. It knows no file, no Arrow, no thread, and calls no transcendental function but those of
//! `libm`, so the same sums give the same bits on every machine. Formulae are those of Särndal, Swensson and Wretman
//! (1992) and of Lumley's R package `survey`, against which the oracle tests compare.

mod calibrate;
mod collapse;
mod contributors;
mod design;
mod difference;
pub mod distribution;
mod hypothesis;
mod independence;
mod interval;
mod linearise;
mod membership;
mod outcome;
mod quantile;
mod replicate;
mod sampled;
mod significance;
mod single;
mod solve;
mod strata;
mod sums;
mod table;
mod unit_values;
mod variance;
mod waves;
mod weigh;
mod wide;

pub use calibrate::{
    AmountMargin, CalibrateError, Calibrated, Calibration, Category, CategoryMargin, Distance, Excess, Margin, Miss,
    NegativeWeights, Regression, SampledUnit, Target, TrimBound, TrimBounds, TrimError, Trimmed, WeightSummary,
    calibrate, post_stratify, rake, trim,
};
pub use codebook::QuantileRule;
pub use contributors::{Contributors, Sizes, contributors};
pub use design::{ClusterSize, DesignTable, LaterStage, Stratum};
pub use difference::{Difference, RowDifference};
pub use hypothesis::{p_of_difference, p_of_majority};
pub use independence::{RaoScott, TableCell, independence};
pub use interval::{Interval, IntervalMethod};
pub use membership::Membership;
pub use outcome::{DesignEffect, Estimate, NotEstimable, Outcome, Sides};
pub use quantile::{Quantile, ValueCell, WeightedDistribution};
pub use replicate::{Bearer, Centre, ReplicateError, ReplicateMethod, ReplicateWeights, Replicates, Unreplicated};
pub use sampled::{SampleError, SampledCluster, SampledDesign, Size, Weights, sampled_design};
pub use significance::{Adjustment, NotTestable, TestOutcome, Trend, WaveErrors, WaveEstimate, adjust, t_test, trend};
pub use single::Single;
pub use strata::StratumPart;
pub use sums::{Domain, PsuCell, RowSums, StratumCell, Sums, TableSums, UnitValue};
pub use table::{Degrees, Method, Table, estimate, row_differences};
pub use unit_values::UnitValues;
pub use variance::Fixed;
pub use waves::{CommonPsu, NotPaired, Pairing, SampledPsu, WaveSums, change_of_independent, common_psus};
pub use weigh::{WeighError, weigh};
pub use wide::Wide;
