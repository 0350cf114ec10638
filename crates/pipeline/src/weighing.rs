//! The weighing step: the recipe of the wave's file, carried out by `estimate`, with its errors as findings.
//!
//! Design weights first, then calibration to the margins, then trimming. What stands in the way is told at the place in the
//! wave's file that asked for it: which margin, and by how much.

mod finding;
mod replicates;
#[cfg(test)]
mod tests;

use codebook::{
    CalibrationMethod, CalibrationRecipe, Country, Decimal, Finding, Margin as MarginRecipe, MarginOf, Measure,
    Severity, TrimRecipe, VariableName, Wave, WeightBound, WeightRecipe,
};
use disclose::WeightFacts;
use estimate::{
    AmountMargin, Calibrated, Calibration, Category, CategoryMargin, DesignTable, Distance, Excess, Margin, Regression,
    SampledUnit, TrimBound, TrimBounds, Trimmed, WeightSummary, Wide,
};
use ingest::{CheckedWave, MarginAnswers, MarginCell};

use crate::PipelineError;

/// The design of a wave with the weights that its recipe makes.
#[derive(Debug, Clone, PartialEq)]
pub struct Weighed {
    /// The design.
    pub design: DesignTable,
    /// How unequal the weights are; `None` if the recipe leaves all of them equal.
    pub weights: Option<WeightSummary>,
    /// What trimming did, if the recipe trims.
    pub trimmed: Option<Trimmed>,
    /// The weights of the answers of each stratum of the checked wave, added up; for a reader, not for an estimate.
    pub weight_of_strata: Vec<Wide>,
    /// Units of the population, if the wave declares them.
    pub population: Option<u64>,
    /// What a person should know and does not stop the run.
    pub warnings: Vec<Finding>,
}

impl Weighed {
    /// What the method page tells of the weights.
    pub(crate) fn facts(&self) -> Option<WeightFacts> {
        WeightFacts::new(self.weights.as_ref()?, self.trimmed.as_ref())
    }
}

/// Makes the weights of a checked wave.
///
/// # Errors
/// When answers, frame or margins do not make weights: every finding at once.
///
/// # Panics
/// When the checked wave is not of this wave: a bug.
pub fn weigh(country: &Country, wave: &Wave, checked: &CheckedWave) -> Result<Weighed, PipelineError> {
    let design = estimate::weigh(&wave.design, checked.strata(), checked.stages(), checked.frame())
        .map_err(|errors| refuse(errors.iter().map(|error| finding::of_design(wave, error)).collect()))?;
    let sample = Sample::new(checked, &design);
    let population = population(&design);
    let mut findings = scale_of_weights(country, wave, &sample, population);
    findings.extend(finding::of_drawn(wave, checked.summary().answers));
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        return Err(refuse(findings));
    }
    let before: Vec<Wide> = sample.units.iter().map(|unit| unit.weight).collect();
    let replicated = match &wave.design.replicates {
        None => None,
        Some(recipe) => Some(replicates::supplied(recipe, checked)?),
    };
    let margins = sample.margins(wave, checked);
    findings.extend(finding::of_population(wave, checked.margins(), population));
    let mut weights = before.clone();
    if let Some(recipe) = &wave.design.calibration {
        let calibrated = calibrate(recipe, &weights, &margins)
            .map_err(|errors| refuse(errors.iter().flat_map(|error| finding::of_margins(recipe, error)).collect()))?;
        findings.extend(finding::of_negative_weights(recipe, &calibrated));
        weights = calibrated.weights;
    }
    let trimmed = match &wave.design.trim {
        None => None,
        Some(recipe) => Some(trim(recipe, &weights)?),
    };
    let weights = trimmed.as_ref().map_or(weights, |trimmed| trimmed.weights.clone());
    let weight_of_strata = sample.weight_of_strata(checked, &weights);
    let calibration = wave.design.weights_by_unit().then(|| {
        Calibration::new(&sample.units, &margins, &weights, Regression::DesignWeights)
            .expect("the weights were calibrated to these margins")
    });
    let is_weighted = wave.design.weights_by_unit() || wave.design.weights != WeightRecipe::Equal;
    Ok(Weighed {
        weights: (is_weighted && !weights.is_empty()).then(|| WeightSummary::new(&before, &weights)),
        trimmed,
        weight_of_strata,
        population,
        warnings: findings,
        design: DesignTable { calibration, calibrated: calibrated_shares(wave), replicates: replicated, ..design },
    })
}

/// The variables whose shares the weights reproduce; trimming moves them again.
fn calibrated_shares(wave: &Wave) -> Vec<VariableName> {
    let recipe = wave.design.calibration.as_ref().filter(|_| wave.design.trim.is_none());
    let cells = recipe.into_iter().flat_map(|recipe| &recipe.margins).filter_map(|margin| match &margin.of {
        MarginOf::Cells { by, .. } => Some(by.clone()),
        MarginOf::Number { .. } => None,
    });
    cells.flatten().collect()
}

fn refuse(findings: Vec<Finding>) -> PipelineError {
    PipelineError::Findings(findings)
}

/// The units that have a weight, sorted by their numbers.
struct Sample {
    units: Vec<SampledUnit>,
}

impl Sample {
    fn new(checked: &CheckedWave, design: &DesignTable) -> Self {
        let supplied = checked.weight_of_units();
        let psus = checked.psu_of_units();
        let sampled = |(unit, answers): (usize, &usize)| {
            let stratum = design.of_answers[*answers];
            let weight = match (supplied, design.strata[stratum].weight) {
                (Some(weights), _) => wide(weights[unit]),
                (None, Some(weight)) => weight,
                (None, None) => Wide::ZERO,
            };
            let psu = psus.map_or(unit, |psus| psus[unit]);
            (!weight.is_zero()).then_some(SampledUnit { unit, stratum, psu, weight })
        };
        Self { units: checked.stratum_of_units().iter().enumerate().filter_map(sampled).collect() }
    }

    /// Weights of these units, added up by the stratum of the answers.
    fn weight_of_strata(&self, checked: &CheckedWave, weights: &[Wide]) -> Vec<Wide> {
        let mut sums = vec![Wide::ZERO; checked.strata().len()];
        for (unit, weight) in self.units.iter().zip(weights) {
            sums[checked.stratum_of_units()[unit.unit]] += *weight;
        }
        sums
    }

    /// The margins of these units.
    fn margins(&self, wave: &Wave, checked: &CheckedWave) -> Vec<Margin> {
        let margins = wave.design.margins().iter().zip(checked.margins());
        margins
            .map(|(recipe, answers)| match answers {
                MarginAnswers::Cells { cells, of_units } => Margin::Categories(CategoryMargin {
                    name: margin_name(recipe),
                    categories: cells.iter().map(category).collect(),
                    of_units: self.units.iter().map(|unit| of_units[unit.unit]).collect(),
                }),
                MarginAnswers::Number { total, of_units } => Margin::Amount(AmountMargin {
                    name: margin_name(recipe),
                    total: wide(*total),
                    of_units: self.units.iter().map(|unit| wide(of_units[unit.unit])).collect(),
                }),
            })
            .collect()
    }
}

fn category(cell: &MarginCell) -> Category {
    let codes: Vec<&str> = cell.key.iter().map(codebook::Code::as_str).collect();
    Category { name: codes.join(" x "), total: cell.total.map(wide) }
}

/// How a margin is named in messages. No two margins of a recipe have the same variables.
fn margin_name(margin: &MarginRecipe) -> String {
    margin.variables().iter().map(VariableName::as_str).collect::<Vec<_>>().join(" x ")
}

fn wide(number: Decimal) -> Wide {
    Wide::from_decimal(number.units(), number.scale())
}

fn calibrate(
    recipe: &CalibrationRecipe,
    weights: &[Wide],
    margins: &[Margin],
) -> Result<Calibrated, Vec<estimate::CalibrateError>> {
    let cells: Vec<CategoryMargin> = margins
        .iter()
        .filter_map(|margin| match margin {
            Margin::Categories(cells) => Some(cells.clone()),
            Margin::Amount(_) => None,
        })
        .collect();
    let distance = match recipe.method {
        CalibrationMethod::PostStratification => {
            let cells = cells.first().expect("a post-stratified wave has one margin of cells");
            return estimate::post_stratify(weights, cells);
        }
        CalibrationMethod::Raking if cells.len() == margins.len() => return estimate::rake(weights, &cells),
        CalibrationMethod::Raking => Distance::Raking,
        CalibrationMethod::Linear => Distance::Linear,
        CalibrationMethod::Logit { bounds } => Distance::Logit { low: wide(bounds.low), high: wide(bounds.high) },
    };
    estimate::calibrate(weights, margins, distance)
}

fn trim(recipe: &TrimRecipe, weights: &[Wide]) -> Result<Trimmed, PipelineError> {
    let below = weights.iter().filter(|weight| **weight <= Wide::ZERO).count();
    if below > 0 {
        return Err(refuse(vec![finding::of_weights_that_cannot_be_trimmed(recipe, below)]));
    }
    let bound = |bound: WeightBound| match bound {
        WeightBound::Weight(weight) => TrimBound::Weight(wide(weight)),
        WeightBound::TimesMedian(times) => TrimBound::TimesMedian(wide(times)),
        WeightBound::TimesMean(times) => TrimBound::TimesMean(wide(times)),
    };
    let bounds = TrimBounds { low: recipe.lowest.map(bound), high: recipe.highest.map(bound) };
    estimate::trim(weights, bounds, Excess::Proportional)
        .map_err(|error| refuse(vec![finding::of_trimming(recipe, error)]))
}

/// Units of the population, if the wave declares them: the sizes of the strata, where units are PSUs.
fn population(design: &DesignTable) -> Option<u64> {
    let sizes: Option<Vec<Wide>> = design.strata.iter().map(|stratum| stratum.population).collect();
    match sizes {
        Some(sizes) if design.units_are_psus => whole(sizes.into_iter().sum::<Wide>().to_f64()),
        Some(_) | None => None,
    }
}

/// The nearest whole number: sizes that were declared as fractions sampled are not whole.
fn whole(number: f64) -> Option<u64> {
    format!("{number:.0}").parse().ok()
}

/// Whether supplied weights add up to the sample where they should add up to the population.
fn scale_of_weights(country: &Country, wave: &Wave, sample: &Sample, population: Option<u64>) -> Vec<Finding> {
    let WeightRecipe::Supplied { column, .. } = &wave.design.weights else { return Vec::new() };
    // Margins bring weights to the size of the population, whatever they add up to before.
    if !wave.design.margins().is_empty() || sample.units.is_empty() {
        return Vec::new();
    }
    let sum = sample.units.iter().map(|unit| unit.weight).sum::<Wide>().to_f64();
    let units = u64::try_from(sample.units.len()).expect("units are counted in 64 bits");
    let has_totals = country.tables.iter().any(|table| table.measure == Measure::Total);
    finding::of_scale(wave, &finding::Scale { column, sum, units, population, has_totals }).into_iter().collect()
}
