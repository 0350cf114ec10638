//! Design-based estimates: from [`Sums`] to numbers with standard errors, intervals and differences.
//!
//! Pure algebra on small tables. It knows no file, no Arrow, no thread, and calls no transcendental function but those of
//! `libm`, so the same sums give the same bits on every machine. Formulae are those of Särndal, Swensson and Wretman
//! (1992) and of Lumley's R package `survey`, against which the oracle tests compare.

mod design;
mod difference;
mod distribution;
mod interval;
mod linearise;
mod sums;
mod table;
mod variance;
mod weigh;
mod wide;

pub use design::{DesignTable, Stratum};
pub use difference::Difference;
pub use interval::{Interval, IntervalMethod};
pub use sums::{Domain, PsuCell, RowSums, StratumCell, Sums, TableSums, UnitValue};
pub use table::{Degrees, Estimate, Method, NotEstimable, Outcome, Table, estimate};
pub use weigh::{WeighError, weigh};
pub use wide::Wide;
