//! Twins: synthetic raw exports of a wave, from its codebook and from margins that were published or assumed.
//!
//! The microdata of an official survey are seldom public, but its questionnaire and its main figures are. [`make`] draws a
//! population and a sample, lets every workplace answer the questionnaire along its routing, and then changes answers, one at
//! a time, until every weighted target holds within its tolerance. The files have the shape of a survey tool's export
//! (SurveyXact: semicolons, one 0/1 column per option, status columns, incomplete rows, e-mail addresses), so that the whole
//! pipeline is exercised; and they say SYNTHETIC in every row.
//!
//! The same country, specification, seed and number of rows give the same bytes on every machine: all chances are whole
//! numbers, the generator is named ([ChaCha with 20 rounds](rand_chacha::ChaCha20Rng)), and floating point is used only for
//! sums, products and quotients, which IEEE 754 rounds exactly, in one fixed order. Nothing here touches the disk.
//!
//! The steps, in order: [`Specification::read`], then in [`make`]: `frame` (population and sample), `respondent` (answers along the
//! routing), `adjust` (targets), `export` (files).

mod adjust;
mod error;
mod export;
mod frame;
mod questionnaire;
mod random;
mod read;
mod respondent;
mod specification;
#[cfg(test)]
mod tests;

use std::num::NonZeroUsize;

use codebook::{Country, Wave};

pub use error::{TwinError, Unmet};
pub use specification::Specification;

use adjust::adjust;
use frame::Population;
use questionnaire::Questionnaire;
use random::{Purpose, Random};
use respondent::{Respondent, interview};

/// The word that marks made-up rows and files.
pub const SYNTHETIC: &str = "SYNTHETIC";

/// One raw file of a twin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwinFile {
    /// Its name, as the wave names it.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Makes the raw files of a synthetic wave: answers, register and frame, sorted by name.
///
/// `rows` is the number of complete answers; `None` is what the specification says. Another number scales the population, the
/// incomplete rows and the targets that are numbers of answers. `specification` was read for this country and wave.
///
/// # Errors
/// When the population is too small for two answers per stratum, or when targets cannot be met: the error names them.
pub fn make(
    country: &Country,
    wave: &Wave,
    specification: &Specification,
    seed: u64,
    rows: Option<NonZeroUsize>,
) -> Result<Vec<TwinFile>, TwinError> {
    let scale = specification.scale(rows)?;
    let questionnaire = Questionnaire::new(country);
    let population = Population::draw(&questionnaire, specification, scale, &mut Random::new(seed, Purpose::Frame))?;
    let mut random = Random::new(seed, Purpose::Answers);
    let mut respondents: Vec<Respondent> = population
        .answering()
        .map(|workplace| interview(&questionnaire, specification, workplace, &mut random))
        .collect();
    let mut random = Random::new(seed, Purpose::Adjustment);
    adjust(&questionnaire, specification, scale, &mut respondents, &mut random)?;
    let unfinished: Vec<Respondent> = population
        .giving_up()
        .map(|workplace| interview(&questionnaire, specification, workplace, &mut random))
        .collect();
    let export = export::Export { questionnaire: &questionnaire, specification, wave, population: &population };
    Ok(export.files(&respondents, &unfinished, &mut Random::new(seed, Purpose::Export)))
}
