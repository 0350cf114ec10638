//! The weighing step, with its errors as findings.

use codebook::{Finding, FrameCount, Population, StratumAnswers, Wave};
use estimate::{DesignTable, WeighError};
use ingest::CheckedWave;

use crate::PipelineError;

/// The design of a checked wave with its weights.
pub(crate) fn weigh(wave: &Wave, checked: &CheckedWave) -> Result<DesignTable, PipelineError> {
    estimate::weigh(&wave.design, checked.strata(), checked.frame())
        .map_err(|errors| PipelineError::Findings(errors.iter().map(|error| finding(wave, error)).collect()))
}

fn finding(wave: &Wave, error: &WeighError) -> Finding {
    let finding = Finding::error(wave.design.place.clone(), "design", error.to_string());
    match hint(error) {
        Some(hint) => finding.hint(hint),
        None => finding,
    }
}

fn hint(error: &WeighError) -> Option<&'static str> {
    match error {
        WeighError::NoAnswers { .. } => {
            Some("collapse it into a stratum like it: collapse = [{ from = […], into = […] }]")
        }
        WeighError::NotInFrame { .. } => {
            Some("add the stratum to the frame, or correct the answers' stratum variables")
        }
        WeighError::MoreAnswersThanUnits { .. } => Some("correct the frame, or find out who answered twice"),
        WeighError::Lonely { .. } => Some(
            "collapse it into a stratum like it, or choose what it contributes: lonely = \"certainty\", \"centre\" or \"average\"",
        ),
        WeighError::UnknownCollapse { .. } => Some("write the codes in the order of strata"),
        WeighError::CountsAndFractions { .. } => Some("declare all of them as counts, or all as fractions"),
        WeighError::FrameCountsUnits => Some("name the column: population = { column = \"…\" }"),
        WeighError::CollapseInCircle { .. } | WeighError::NotASize { .. } => None,
    }
}

/// Units of the population, if the wave declares them.
pub(crate) fn population(wave: &Wave, checked: &CheckedWave) -> Option<u64> {
    let from_frame = |frame: &[FrameCount]| frame.iter().map(|count| count.units).sum();
    let from_answers = |stratum: &StratumAnswers| {
        let size = stratum.population?;
        let whole = size.units_at(0)?;
        u64::try_from(whole).ok()
    };
    match wave.design.population {
        Population::Undeclared => None,
        Population::Frame => checked.frame().map(from_frame),
        Population::Column(_) if wave.design.psu.is_empty() => checked.strata().iter().map(from_answers).sum(),
        Population::Column(_) => None,
    }
}
