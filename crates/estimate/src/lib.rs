//! Design-based estimates: from [`Sums`] to numbers with standard errors, intervals and differences.
//!
//! Pure algebra on small tables. It knows no file, no Arrow, no thread, and calls no transcendental function but those of
//! `libm`, so the same sums give the same bits on every machine. Formulae are those of Särndal, Swensson and Wretman
//! (1992) and of Lumley's R package `survey`, against which the oracle tests compare.

mod calibrate;
mod design;
mod difference;
mod distribution;
mod hypothesis;
mod independence;
mod interval;
mod linearise;
mod outcome;
mod replicate;
mod significance;
mod single;
mod solve;
mod sums;
mod table;
mod variance;
mod waves;
mod weigh;
mod wide;

pub use calibrate::Calibration;
pub use design::{ClusterSize, DesignTable, LaterStage, Stratum};
pub use difference::Difference;
pub use hypothesis::{p_of_difference, p_of_majority};
pub use independence::{RaoScott, TableCell, independence};
pub use interval::{Interval, IntervalMethod};
pub use outcome::{Estimate, NotEstimable, Outcome};
pub use replicate::{Centre, Replicates};
pub use significance::{Adjustment, NotTestable, TestOutcome, Trend, WaveErrors, WaveEstimate, adjust, t_test, trend};
pub use single::Single;
pub use sums::{Domain, PsuCell, RowSums, StratumCell, Sums, TableSums, UnitValue};
pub use table::{Degrees, Method, Table, estimate};
pub use waves::{CommonPsu, NotPaired, Pairing, SampledPsu, WaveSums, common_psus};
pub use weigh::{WeighError, weigh};
pub use wide::Wide;
