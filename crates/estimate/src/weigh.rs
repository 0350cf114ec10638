//! The weighing step: from the recipe, the answers and the frame to the design table with its weights.

use codebook::{Design, FrameCount, StratumAnswers};

use crate::DesignTable;

/// Why answers and frame do not make weights. Each names the stratum by its codes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WeighError {
    /// A stratum of the frame without any answer: its units have no weight.
    #[error("stratum {stratum} has {units} units in the frame and no answer")]
    NoAnswers {
        /// The stratum's codes, joined by " x ".
        stratum: String,
        /// Units in the frame.
        units: u64,
    },
    /// Answers in a stratum that the frame does not have.
    #[error("stratum {stratum} has {answers} answers and is not in the frame")]
    NotInFrame {
        /// The stratum's codes, joined by " x ".
        stratum: String,
        /// Its answers.
        answers: u64,
    },
    /// More answers than units.
    #[error("stratum {stratum} has {answers} answers but only {units} units in the population")]
    MoreAnswersThanUnits {
        /// The stratum's codes, joined by " x ".
        stratum: String,
        /// Its answers.
        answers: u64,
        /// Its units, as written.
        units: String,
    },
    /// One PSU where the design refuses it.
    #[error("stratum {stratum} has one PSU in the sample out of {units}")]
    Lonely {
        /// The stratum's codes, joined by " x ".
        stratum: String,
        /// PSUs in the population, as written.
        units: String,
    },
}

/// Makes the design table. A collapsed stratum joins its neighbour: answers and units are added and the neighbour's key stays.
/// All errors at once.
///
/// # Errors
/// When a stratum has no answers, is not in the frame, has more answers than units, or is lonely and the design refuses that.
pub fn weigh(
    design: &Design,
    answers: &[StratumAnswers],
    frame: Option<&[FrameCount]>,
) -> Result<DesignTable, Vec<WeighError>> {
    let _ = (design, answers, frame);
    todo!()
}
