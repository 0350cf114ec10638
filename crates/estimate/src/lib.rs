//! Design-based estimates: from [`Sums`] to numbers with standard errors, intervals and differences.
//!
//! Pure algebra on small tables. It knows no file, no Arrow, no thread, and calls no transcendental function but those of
//! `libm`, so the same sums give the same bits on every machine. Formulae are those of Särndal, Swensson and Wretman
//! (1992) and of Lumley's R package `survey`, against which the oracle tests compare.

mod calibrate;
mod design;
mod difference;
mod distribution;
mod interval;
mod linearise;
mod outcome;
mod replicate;
mod single;
mod sums;
mod table;
mod variance;
mod weigh;
mod wide;

pub use calibrate::Calibration;
pub use design::{ClusterSize, DesignTable, LaterStage, Stratum};
pub use difference::Difference;
pub use interval::{Interval, IntervalMethod};
pub use outcome::{Estimate, NotEstimable, Outcome};
pub use replicate::{Bearer, Centre, ReplicateError, ReplicateMethod, ReplicateWeights, Replicates};
pub use single::Single;
pub use sums::{Domain, PsuCell, RowSums, StratumCell, Sums, TableSums, UnitValue};
pub use table::{Degrees, Method, Table, estimate};
pub use weigh::{WeighError, weigh};
pub use wide::Wide;
