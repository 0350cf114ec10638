//! Estimates from any data file, as `barometer estimate` asks for them: the road from a file to numbers without a country.
//!
//! The file's columns and the request make a [`Plan`](plan::Plan); one scan answers it with sums or units; the columns of the design make the
//! design table; every statistic is then algebra. Nothing is written but intermediate files, and nothing is disclosed: what
//! comes out is for the analyst.

mod answer;
mod design;
mod levels;
mod odd;
mod open;
mod plan;
mod read;
mod replicates;
mod request;
mod result;
mod trend;
mod words;

pub use request::{Asked, EstimateRequest, Lonely, ReplicateRequest};
pub use result::{DesignSummary, EstimateRow, Estimates, Scale, TestKind, TestRow};

use codebook::Finding;

use crate::PipelineError;
use design::Sample;
use plan::Plan;

/// Estimates everything that is asked for.
///
/// # Errors
/// When the file cannot be read (a Parquet file that is damaged is a finding), when columns, expressions or the design make no sense (all findings at once), when an engine fails.
pub fn estimates(request: &EstimateRequest) -> Result<Estimates, PipelineError> {
    let mut opened = open::open(request)?;
    let plan = match Plan::new(request, &mut opened) {
        // A column that is text for a few stray cells is why it cannot be calculated with.
        Err(PipelineError::Findings(mut findings)) => {
            findings.extend(opened.warnings_of(request));
            return Err(PipelineError::Findings(findings));
        }
        plan => plan?,
    };
    let failure = opened.failure();
    let scanned = opened.file.scan(&plan.scan).map_err(failure)?.map_err(|troubles| {
        PipelineError::Findings(troubles.iter().map(|trouble| design::trouble(trouble, &plan, &opened)).collect())
    })?;
    let sample = Sample::new(request, &plan, &scanned, &opened)?;
    answer::answer(request, &plan, &scanned, &sample, &opened)
}

/// Stops at findings.
fn settled<T>(value: T, findings: Vec<Finding>) -> Result<T, PipelineError> {
    if findings.is_empty() { Ok(value) } else { Err(PipelineError::Findings(findings)) }
}
