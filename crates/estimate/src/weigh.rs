//! The weighing step: from the recipe, the answers and the frame to the design table with its weights.
//!
//! Response is treated as a second phase, random within the stratum: n_h is the usable answers r_h, and a stratum that was
//! sent to in full but not answered in full keeps its variance (statistics section 2). A collapsed stratum is merged before
//! anything is counted, so everything after it sees one stratum.

mod sizes;
mod stages;

use std::collections::BTreeMap;

use codebook::{Code, Design, FrameCount, LonelyPsu, Population, StageAnswers, StratumAnswers, WeightRecipe};

use crate::collapse::{Collapse, Unsound};
use crate::{DesignTable, Stratum, Wide};

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
    /// More answers than units, or more PSUs in the sample than in the population.
    #[error("stratum {stratum} has {answers} answers but only {units} units in the population")]
    MoreAnswersThanUnits {
        /// The stratum's codes, joined by " x ".
        stratum: String,
        /// Its answers, or its PSUs in the sample.
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
    /// A collapse that names a stratum which neither the frame nor the answers have.
    #[error("the design collapses stratum {stratum}, which is neither in the frame nor in the answers")]
    UnknownCollapse {
        /// The stratum's codes, joined by " x ".
        stratum: String,
    },
    /// Strata that are collapsed into each other.
    #[error("stratum {stratum} is collapsed into itself, by way of others")]
    CollapseInCircle {
        /// The stratum's codes, joined by " x ".
        stratum: String,
    },
    /// A population size that is neither a count nor a sampling fraction.
    #[error("stratum {stratum} has population size {size}, which is not above 0")]
    NotASize {
        /// The stratum's codes, joined by " x ".
        stratum: String,
        /// The size, as written.
        size: String,
    },
    /// Some strata declare counts of units and others fractions sampled.
    #[error("some population sizes are counts (stratum {count}) and others are fractions (stratum {fraction})")]
    CountsAndFractions {
        /// A stratum with a count, its codes joined by " x ", and the stage behind the first if it is of one.
        count: String,
        /// A stratum with a fraction, likewise.
        fraction: String,
    },
    /// Clusters in which more was sampled than there is.
    #[error(
        "stratum {stratum}: more was sampled at stage {stage} than there is, in {}; {sampled} of {units} in the first",
        clusters_text(*.clusters)
    )]
    MoreSampledInClusters {
        /// The stratum's codes, joined by " x ".
        stratum: String,
        /// The stage that was sampled within the clusters, from 2.
        stage: usize,
        /// How many clusters.
        clusters: u64,
        /// What was sampled within the first of them.
        sampled: u64,
        /// What there is within it, as written.
        units: String,
    },
    /// Clusters in which one of several was sampled, where the design refuses that.
    #[error(
        "stratum {stratum}: one was sampled at stage {stage} where there are several, in {}; 1 of {units} in the first",
        clusters_text(*.clusters)
    )]
    LonelyInClusters {
        /// The stratum's codes, joined by " x ".
        stratum: String,
        /// The stage that was sampled within the clusters, from 2.
        stage: usize,
        /// How many clusters.
        clusters: u64,
        /// What there is within the first of them, as written.
        units: String,
    },
    /// A frame table gives the population of a design whose PSUs are clusters.
    #[error(
        "the frame counts units, but the design samples clusters: their number in the population must come from a column"
    )]
    FrameCountsUnits,
}

/// Makes the design table. A collapsed stratum joins its neighbour: answers and units are added and the neighbour's key stays.
/// Population sizes in columns are counts, or all of them fractions sampled, at all stages together. All errors at once.
///
/// # Errors
/// When a stratum has no answers, is not in the frame, has more answers than units, or is lonely and the design refuses
/// that, and likewise for the clusters of later stages; when a collapse or a population size makes no sense.
///
/// # Panics
/// When the design needs a frame and there is none, or a population column and a stratum of the answers lacks it: a bug,
/// since reading the country and checking the answers refuse both.
pub fn weigh(
    design: &Design,
    answers: &[StratumAnswers],
    stages: &[StageAnswers],
    frame: Option<&[FrameCount]>,
) -> Result<DesignTable, Vec<WeighError>> {
    let frame = uses_frame(design).then(|| frame.expect("a design that names a frame has one"));
    let mut errors = Vec::new();
    if design.population == Population::Frame && !design.psu.is_empty() {
        errors.push(WeighError::FrameCountsUnits);
    }
    let collapse = collapse(&design.collapse, answers, frame, &mut errors);
    let kind = sizes::kind(answers, stages, &mut errors);
    let sizes = kind.map(|kind| sizes::of_strata(kind, answers)).unwrap_or_default();
    let later = kind.map(|kind| stages::later_stages(kind, design, answers, stages, &mut errors)).unwrap_or_default();
    let merged = merge(answers, frame, &sizes, &collapse);
    if frame.is_some() {
        errors.extend(merged.iter().filter_map(|(key, merged)| gap_in_cover(key, merged)));
    }
    let strata: Vec<Stratum> = merged
        .into_iter()
        .filter(|(_, merged)| merged.has_rows)
        .map(|(key, merged)| merged.into_stratum(key, design))
        .collect();
    errors.extend(strata.iter().filter_map(|stratum| misfit(stratum, design)));
    if !errors.is_empty() {
        return Err(errors);
    }
    let of_answers = answers.iter().map(|stratum| index_of(collapse.destination(&stratum.key), &strata)).collect();
    Ok(DesignTable {
        variables: design.strata.clone(),
        of_answers,
        units_are_psus: design.psu.is_empty(),
        known: is_known(&design.weights),
        later,
        ..DesignTable::of_strata(strata, design.lonely)
    })
}

fn uses_frame(design: &Design) -> bool {
    design.population == Population::Frame || matches!(design.weights, WeightRecipe::Response)
}

fn is_known(recipe: &WeightRecipe) -> bool {
    match recipe {
        WeightRecipe::Equal | WeightRecipe::Response => true,
        WeightRecipe::Supplied { design_known, .. } => *design_known,
    }
}

fn index_of(key: &[Code], strata: &[Stratum]) -> usize {
    strata
        .binary_search_by(|stratum| stratum.key.as_slice().cmp(key))
        .expect("every stratum of the answers was merged into one of these")
}

/// How a stratum is named in messages.
fn name(key: &[Code]) -> String {
    if key.is_empty() {
        "of all units".to_owned()
    } else {
        key.iter().map(Code::as_str).collect::<Vec<_>>().join(" x ")
    }
}

fn clusters_text(clusters: u64) -> String {
    if clusters == 1 { "1 cluster".to_owned() } else { format!("{clusters} clusters") }
}

/// Which stratum each stratum of frame and answers is part of.
fn collapse<'a>(
    steps: &'a [(Vec<Code>, Vec<Code>)],
    answers: &[StratumAnswers],
    frame: Option<&[FrameCount]>,
    errors: &mut Vec<WeighError>,
) -> Collapse<'a, Code> {
    let of_answers = answers.iter().map(|stratum| stratum.key.as_slice());
    let of_frame = frame.unwrap_or_default().iter().map(|count| count.key.as_slice());
    let (collapse, unsound) = Collapse::new(steps, &of_answers.chain(of_frame).collect());
    errors.extend(unsound.into_iter().map(|unsound| match unsound {
        Unsound::Unknown(key) => WeighError::UnknownCollapse { stratum: name(key) },
        Unsound::InCircle(key) => WeighError::CollapseInCircle { stratum: name(key) },
    }));
    collapse
}

/// A stratum of the design after collapsing.
#[derive(Default)]
struct Merged {
    /// Whether the answers have rows of it, even if all of them have weight 0.
    has_rows: bool,
    units: u64,
    psus: u64,
    /// Units in the frame; `None` if the frame does not have it or there is no frame.
    frame: Option<u64>,
    /// PSUs in the population by the column that declares them.
    column: Option<Wide>,
}

impl Merged {
    fn into_stratum(self, key: Vec<Code>, design: &Design) -> Stratum {
        let population = match design.population {
            Population::Undeclared => None,
            Population::Column(_) => self.column,
            Population::Frame => self.frame.map(Wide::from_count),
        };
        let weight = match design.weights {
            WeightRecipe::Equal => Some(Wide::ONE),
            WeightRecipe::Supplied { .. } => None,
            // Without answers or frame units there is none, and the stratum is refused.
            WeightRecipe::Response => {
                self.frame.filter(|_| self.units > 0).map(|frame_units| Wide::from_ratio(frame_units, self.units))
            }
        };
        Stratum { key, units: self.units, psus: self.psus, population, weight }
    }
}

fn merge(
    answers: &[StratumAnswers],
    frame: Option<&[FrameCount]>,
    sizes: &[Wide],
    collapse: &Collapse<'_, Code>,
) -> BTreeMap<Vec<Code>, Merged> {
    let mut strata: BTreeMap<Vec<Code>, Merged> = BTreeMap::new();
    for stratum in answers {
        let merged = strata.entry(collapse.destination(&stratum.key).to_vec()).or_default();
        merged.has_rows = true;
        merged.units += stratum.units;
        merged.psus += stratum.psus;
    }
    for (stratum, size) in answers.iter().zip(sizes) {
        let merged = strata.entry(collapse.destination(&stratum.key).to_vec()).or_default();
        merged.column = Some(merged.column.unwrap_or(Wide::ZERO) + *size);
    }
    for count in frame.unwrap_or_default() {
        let merged = strata.entry(collapse.destination(&count.key).to_vec()).or_default();
        merged.frame = Some(merged.frame.unwrap_or(0) + count.units);
    }
    strata
}

/// What the frame and the answers do not cover of each other.
fn gap_in_cover(key: &[Code], merged: &Merged) -> Option<WeighError> {
    match (merged.frame, merged.units) {
        (Some(units), 0) if units > 0 => Some(WeighError::NoAnswers { stratum: name(key), units }),
        (Some(units), answers) if answers > units => {
            Some(WeighError::MoreAnswersThanUnits { stratum: name(key), answers, units: units.to_string() })
        }
        (None, answers) if merged.has_rows => Some(WeighError::NotInFrame { stratum: name(key), answers }),
        (Some(_) | None, _) => None,
    }
}

/// What is wrong between the PSUs in the sample and those in the population.
fn misfit(stratum: &Stratum, design: &Design) -> Option<WeighError> {
    let text = |population: Wide| population.to_f64().to_string();
    let is_frame = design.population == Population::Frame;
    match stratum.population {
        // A frame with too few units was reported as such.
        Some(population) if population < Wide::from_count(stratum.psus) => (!is_frame).then(|| {
            let units = text(population);
            WeighError::MoreAnswersThanUnits { stratum: name(&stratum.key), answers: stratum.psus, units }
        }),
        population if stratum.is_lonely() && design.lonely == LonelyPsu::Refuse => Some(WeighError::Lonely {
            stratum: name(&stratum.key),
            units: population.map_or_else(|| "an undeclared number".to_owned(), text),
        }),
        Some(_) | None => None,
    }
}

#[cfg(test)]
mod tests;
