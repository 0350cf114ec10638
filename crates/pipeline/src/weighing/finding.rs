//! What stands in the way of weights, in words, at the place in the wave's file that asked for them.

use codebook::{CalibrationRecipe, Finding, Margin, Place, TrimRecipe, Wave};
use estimate::{CalibrateError, Calibrated, TrimError, WeighError};

use ingest::MarginAnswers;

use super::{margin_name, whole, wide};

/// Why answers and frame make no design.
pub(super) fn of_design(wave: &Wave, error: &WeighError) -> Finding {
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
        WeighError::MoreSampledInClusters { .. } => {
            Some("the column holds how many there are to sample from in the cluster that the unit lies in")
        }
        WeighError::LonelyInClusters { .. } => {
            Some("choose what such a cluster contributes: lonely = \"certainty\", \"centre\" or \"average\"")
        }
        WeighError::UnknownCollapse { .. } => Some("write the codes in the order of strata"),
        WeighError::CountsAndFractions { .. } => Some("declare all of them as counts, or all as fractions"),
        WeighError::FrameCountsUnits => Some("name the column: population = { column = \"…\" }"),
        WeighError::CollapseInCircle { .. } | WeighError::NotASize { .. } => None,
    }
}

/// Margins that count another population than the frame does: the weights are those of the margins, and the population that readers are told is the frame's.
pub(super) fn of_population(wave: &Wave, margins: &[MarginAnswers], population: Option<u64>) -> Vec<Finding> {
    let Some(population) = population else { return Vec::new() };
    let differing = |(recipe, answers): (&Margin, &MarginAnswers)| {
        let MarginAnswers::Cells { cells, .. } = answers else { return None };
        let sum: f64 = cells.iter().map(|cell| cell.total.map(|total| wide(total).to_f64())).sum::<Option<f64>>()?;
        let name = margin_name(recipe);
        let sum = whole(sum).filter(|sum| *sum != population)?;
        let message = format!("margin {name} adds up to {sum}, and the frame to {population}");
        let finding = Finding::warning(recipe.place.clone(), "other-population", message);
        Some(finding.hint("both count the population: correct the one that is wrong, or take them from the same day"))
    };
    wave.design.margins().iter().zip(margins).filter_map(differing).collect()
}

/// Why weights cannot be calibrated: a finding for each total that is in the way, at its margin.
pub(super) fn of_margins(recipe: &CalibrationRecipe, error: &CalibrateError) -> Vec<Finding> {
    let at = |name: &str| {
        let margin = recipe.margins.iter().find(|margin| margin_name(margin) == name);
        margin.map_or(&recipe.place, |margin| &margin.place).clone()
    };
    let finding = |place: Place, hint: &str| Finding::error(place, "calibration", error.to_string()).hint(hint);
    match error {
        CalibrateError::NoUnits { target, .. } => {
            let hint = "merge the category with one that has answers, in the codebook or by a derived variable";
            vec![finding(at(&target.margin), hint)]
        }
        CalibrateError::NoTotal { target, .. } => {
            vec![finding(at(&target.margin), "add the category to the totals of the margin")]
        }
        CalibrateError::NotPositive { target, .. } => {
            vec![finding(at(&target.margin), "correct the total, or find out why there are answers")]
        }
        CalibrateError::SumsDiffer { margin, .. } => {
            vec![finding(at(margin), "margins of cells divide the same population: correct the totals of one of them")]
        }
        CalibrateError::Contradiction { target, .. } => {
            vec![finding(at(&target.margin), "correct the total, or leave out the margin")]
        }
        CalibrateError::Bounds { .. } => {
            vec![finding(recipe.place.clone(), "such as bounds = [0.3, 3], of a new weight over its old one")]
        }
        CalibrateError::OutOfReach { target, .. } => {
            let hint = "widen the bounds, merge categories, or check whether weights add up to the population";
            vec![finding(at(&target.margin), hint)]
        }
        CalibrateError::NotMet { steps, misses } => {
            let missed = |miss: &estimate::Miss| {
                let message = format!("{miss}, after {steps} steps");
                Finding::error(at(&miss.target.margin), "calibration", message)
                    .hint("merge small categories, leave out a margin, or widen the bounds")
            };
            misses.iter().map(missed).collect()
        }
    }
}

/// Weights below 0, which the linear method allows.
pub(super) fn of_negative_weights(recipe: &CalibrationRecipe, calibrated: &Calibrated) -> Option<Finding> {
    let negative = calibrated.negative?;
    let smallest = negative.smallest.to_f64();
    let units = if negative.units == 1 { "unit" } else { "units" };
    let message = format!("calibration gives {} {units} a weight below 0, down to {smallest}", negative.units);
    let finding = Finding::warning(recipe.place.clone(), "negative-weight", message);
    Some(finding.hint("method = \"rake\" keeps weights above 0, \"logit\" within bounds"))
}

/// Trimming of weights that are not all above 0.
pub(super) fn of_weights_that_cannot_be_trimmed(recipe: &TrimRecipe, units: usize) -> Finding {
    let message = format!("after calibration {units} weights are not above 0, so weights cannot be trimmed");
    Finding::error(recipe.place.clone(), "trim", message)
        .hint("method = \"rake\" keeps weights above 0, \"logit\" within bounds")
}

/// Bounds within which weights cannot keep their sum.
pub(super) fn of_trimming(recipe: &TrimRecipe, error: TrimError) -> Finding {
    Finding::error(recipe.place.clone(), "trim", error.to_string()).hint("move the lowest or the highest weight")
}

/// What supplied weights add up to.
pub(super) struct Scale<'a> {
    /// The column that they come from.
    pub(super) column: &'a str,
    /// Their sum.
    pub(super) sum: f64,
    /// The units that have one.
    pub(super) units: u64,
    /// Units of the population, if the wave declares them.
    pub(super) population: Option<u64>,
    /// Whether a table publishes totals, which are then those of the sample.
    pub(super) has_totals: bool,
}

impl Scale<'_> {
    /// Weights that were divided by their mean add up to the sample but for the rounding of each.
    fn is_that_of_the_sample(&self) -> bool {
        const ROUNDED: f64 = 0.01;
        is_near(self.sum, self.units, ROUNDED)
    }

    /// Answers that miss, and calibration to other totals, leave some distance.
    fn is_that_of(&self, population: u64) -> bool {
        const ROUGHLY: f64 = 0.1;
        is_near(self.sum, population, ROUGHLY)
    }
}

fn is_near(sum: f64, count: u64, tolerance: f64) -> bool {
    let count = estimate::Wide::from_count(count).to_f64();
    (sum - count).abs() <= tolerance * count
}

/// A finding where more answered than were invited.
pub(super) fn of_drawn(wave: &Wave, answers: u64) -> Option<Finding> {
    let (drawn, place) = wave.drawn.as_ref().filter(|(drawn, _)| answers > *drawn)?;
    let message = format!("{drawn} units were drawn, and {answers} usable answers came in");
    let finding = Finding::error(place.clone(), "drawn", message);
    Some(finding.hint("drawn counts every unit that was invited, those that did not answer included"))
}

/// A finding where weights are not on the population's scale. Means and shares do not depend on it; totals do, so that with totals to
/// publish it is an error if the population's size is known, and a warning where it can only be suspected.
pub(super) fn of_scale(wave: &Wave, scale: &Scale<'_>) -> Option<Finding> {
    let Scale { column, sum, units, population, has_totals } = scale;
    let sum_in_words = format!("the weights of column {column:?} add up to {sum:.1}");
    let message = match population {
        Some(population) if scale.is_that_of(*population) => return None,
        Some(population) if scale.is_that_of_the_sample() => {
            format!("{sum_in_words}, the number of answers, while the population has {population} units")
        }
        Some(population) => format!("{sum_in_words}, while the population has {population} units"),
        None if scale.is_that_of_the_sample() => format!("{sum_in_words}, as many as there are answers ({units})"),
        None => return None,
    };
    let place = wave.design.place.clone();
    let finding = if *has_totals && population.is_some() {
        Finding::error(place, "weight-scale", message)
    } else {
        Finding::warning(place, "weight-scale", message)
    };
    Some(
        finding.hint(
            "a weight is the number of units an answer stands for; otherwise totals are not those of the population",
        ),
    )
}
