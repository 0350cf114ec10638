//! The design of a file's sample, and what is wrong with its columns.

use codebook::{Finding, LonelyPsu, Place, VariableName};
use estimate::{
    Centre, DesignTable, ReplicateError, ReplicateMethod, ReplicateWeights, Replicates, SampleError, SampledCluster,
    SampledDesign, Size, Weights, Wide, sampled_design,
};
use tabulate::{Cells, Clusters, Placing, Scanned, ScannedUnit, Trouble};

use super::open::Opened;
use super::plan::Plan;
use super::{EstimateRequest, Lonely, ReplicateRequest};
use crate::PipelineError;

/// A jackknife keeps as many factors as the square of the number of PSUs: 250 MB of them here.
const JACKKNIFED_AT_MOST: usize = 4_000;
/// Findings of one kind that are told one by one.
const TOLD_AT_MOST: usize = 10;
/// A bootstrap keeps one for each replicate and cluster: 1 GB of them here.
const FACTORS_AT_MOST: u64 = 64_000_000;

/// The sample's design, and where its clusters are in it.
pub(super) struct Sample {
    pub(super) table: DesignTable,
    places: Vec<(usize, usize)>,
    weights: Option<Vec<Wide>>,
    clusters: Clusters,
    /// Where weights come from, in words.
    pub(super) weighting: Weights,
}

impl Sample {
    pub(super) fn new(
        request: &EstimateRequest,
        plan: &Plan,
        scanned: &Scanned,
        opened: &Opened,
    ) -> Result<Self, PipelineError> {
        let clusters: Vec<SampledCluster> = scanned
            .clusters
            .iter()
            .map(|cluster| SampledCluster {
                stratum: cluster.stratum.clone(),
                path: cluster.path.clone(),
                units: cluster.units,
                sizes: cluster.sizes.iter().map(|size| size_of(*size)).collect(),
            })
            .collect();
        let weighting = match (&request.weight, request.population.is_empty()) {
            (Some(_), _) => Weights::Supplied,
            (None, false) => Weights::FromSizes,
            (None, true) => Weights::Equal,
        };
        let (rule, collapse): (LonelyPsu, &[_]) = match &request.lonely {
            Lonely::Rule(rule) => (*rule, &[]),
            Lonely::Collapse(collapse) => (LonelyPsu::Refuse, collapse),
        };
        let SampledDesign { table, of_cluster, weights, .. } = sampled_design(&clusters, collapse, rule, weighting)
            .map_err(|errors| PipelineError::Findings(findings(&errors, opened)))?;
        let kind = if plan.scan.stages.is_empty() { Clusters::None } else { Clusters::Sampled };
        let mut sample = Self { table, places: of_cluster, weights, clusters: kind, weighting };
        sample.table.replicates = sample.replicates(request, scanned, opened)?;
        Ok(sample)
    }

    /// Where sums belong.
    pub(super) fn placing(&self) -> Placing<'_> {
        Placing { places: &self.places, weights: self.weights.as_deref(), clusters: self.clusters }
    }

    fn replicates(
        &self,
        request: &EstimateRequest,
        scanned: &Scanned,
        opened: &Opened,
    ) -> Result<Option<Replicates>, PipelineError> {
        let centre = request.replicate_centre;
        let made = match &request.replicates {
            None => return Ok(None),
            Some(ReplicateRequest::Jackknife) => self.jackknifed(&self.strata(scanned), centre),
            Some(ReplicateRequest::Bootstrap { replicates, seed }) => {
                self.bootstrapped(&self.strata(scanned), *replicates, *seed, centre)
            }
            Some(ReplicateRequest::Supplied { method, .. }) => self.supplied(scanned, method, centre),
        };
        made.map(Some).map_err(|unusable| {
            let place = Place::File { file: opened.path.clone() };
            let finding = Finding::error(place, "replicates", unusable.message);
            PipelineError::Findings(vec![match unusable.hint {
                Some(hint) => finding.hint(hint),
                None => finding,
            }])
        })
    }

    fn jackknifed(&self, strata: &[usize], centre: Option<Centre>) -> Result<Replicates, Unusable> {
        if strata.len() > JACKKNIFED_AT_MOST {
            let message = format!(
                "the sample has {} PSUs, expected at most {JACKKNIFED_AT_MOST} for a jackknife, which makes a replicate of each",
                strata.len()
            );
            return Err(Unusable { message, hint: Some("--replicate-method bootstrap:500") });
        }
        let made = Replicates::jackknife(&self.table, strata);
        if (made.centre, centre) == (Centre::Estimate, Some(Centre::Mean)) {
            let message =
                "a lonely PSU that --lonely centre compares with the mean of all needs squares around the estimate"
                    .to_owned();
            return Err(Unusable {
                message,
                hint: Some("leave --replicate-centre out, or choose another rule with --lonely"),
            });
        }
        Ok(Replicates { centre: centre.unwrap_or(made.centre), ..made })
    }

    fn bootstrapped(
        &self,
        strata: &[usize],
        replicates: u64,
        seed: u64,
        centre: Option<Centre>,
    ) -> Result<Replicates, Unusable> {
        let clusters = self.table.later.last().map_or(strata.len(), |last| last.parents.len());
        let factors = u64::try_from(clusters).expect("a number of clusters fits 64 bits").saturating_mul(replicates);
        if factors > FACTORS_AT_MOST {
            let message = format!(
                "{replicates} replicates of {clusters} clusters are {factors} factors, expected at most {FACTORS_AT_MOST}, which fill 1 GB"
            );
            return Err(Unusable {
                message,
                hint: Some("make fewer replicates, or leave them out: the variance is then linearised"),
            });
        }
        let centre = centre.unwrap_or(Centre::Estimate);
        Replicates::bootstrap(&self.table, strata, replicates, seed, centre).map_err(Unusable::from)
    }

    fn supplied(
        &self,
        scanned: &Scanned,
        method: &ReplicateMethod,
        centre: Option<Centre>,
    ) -> Result<Replicates, Unusable> {
        let Cells::Units(units) = &scanned.cells else {
            unreachable!("the plan asks for units where replicate weights are supplied")
        };
        let weights: Vec<Wide> = units.iter().map(|unit| unit.weight.unwrap_or(Wide::ONE)).collect();
        let count = units.first().map_or(0, |unit| unit.replicates.len());
        let replicates = (0..count).map(|index| units.iter().map(|unit| unit.replicates[index]).collect());
        let replicates: Vec<Vec<Wide>> = replicates.collect();
        let with_rscales = self.with_rscales(method, units, &replicates);
        match Replicates::supplied(&with_rscales, &weights, replicates, ReplicateWeights::Combined) {
            Ok(made) => Ok(Replicates { centre: centre.unwrap_or(made.centre), ..made }),
            Err(error) => {
                let is_stratified = matches!(method, ReplicateMethod::Jkn { .. });
                let hint = "each replicate of jkn leaves a PSU of --strata and --psu out, with weight 0";
                Err(Unusable { hint: is_stratified.then_some(hint), ..Unusable::from(error) })
            }
        }
    }

    /// A stratified jackknife scales each replicate by (n_h - 1)/n_h of the stratum whose PSU it leaves out, which the design of the file
    /// tells. Nothing is told where a replicate leaves nobody out.
    fn with_rscales(
        &self,
        method: &ReplicateMethod,
        units: &[ScannedUnit],
        replicates: &[Vec<Wide>],
    ) -> ReplicateMethod {
        let ReplicateMethod::Jkn { rscales: None, corrections } = method else { return method.clone() };
        let rscale = |weights: &Vec<Wide>| {
            let left_out = weights.iter().position(|weight| weight.is_zero())?;
            let (stratum, _) = self.places[units[left_out].cluster];
            let psus = self.table.strata[stratum].psus;
            Some(Wide::from_ratio(psus.saturating_sub(1), psus))
        };
        ReplicateMethod::Jkn { rscales: replicates.iter().map(rscale).collect(), corrections: corrections.clone() }
    }

    /// The stratum of each PSU: of each unit, where units are PSUs.
    fn strata(&self, scanned: &Scanned) -> Vec<usize> {
        match (&scanned.cells, self.clusters) {
            (Cells::Units(units), Clusters::None) => units.iter().map(|unit| self.places[unit.cluster].0).collect(),
            (Cells::Units(_) | Cells::Grouped(_), _) => {
                // With several stages, a PSU is what the clusters of the later ones lie in.
                let psu = |mut cluster: usize| {
                    for stage in self.table.later.iter().rev() {
                        cluster = stage.parents[cluster];
                    }
                    cluster
                };
                let mut strata: Vec<(usize, usize)> =
                    self.places.iter().map(|(stratum, cluster)| (psu(*cluster), *stratum)).collect();
                strata.sort_unstable();
                strata.dedup();
                strata.into_iter().map(|(_, stratum)| stratum).collect()
            }
        }
    }
}

/// Why there are no replicates.
struct Unusable {
    message: String,
    hint: Option<&'static str>,
}

impl From<ReplicateError> for Unusable {
    fn from(error: ReplicateError) -> Self {
        Self { message: error.to_string(), hint: None }
    }
}

fn size_of(size: Option<(Wide, Wide)>) -> Size {
    Size { smallest: size.map(|(smallest, _)| smallest), largest: size.map(|(_, largest)| largest) }
}

/// What is wrong with the sample. What holds for many places is told of the first of them.
fn findings(errors: &[SampleError], opened: &Opened) -> Vec<Finding> {
    let kind = std::mem::discriminant::<SampleError>;
    let mut findings = Vec::new();
    for alike in errors.chunk_by(|one, next| kind(one) == kind(next)) {
        if let Some(lonely) = lonely_together(alike, opened) {
            findings.push(lonely);
            continue;
        }
        let mut told: Vec<Finding> = alike.iter().take(TOLD_AT_MOST).map(|error| finding(error, opened)).collect();
        let more = alike.len() - told.len();
        if let (Some(last), true) = (told.last_mut(), more > 0) {
            last.message.push_str(&format!("; and {more} more findings of this kind"));
        }
        findings.extend(told);
    }
    findings
}

/// Several lonely PSUs as one finding; `None` for a single one, and for what is wrong otherwise.
fn lonely_together(errors: &[SampleError], opened: &Opened) -> Option<Finding> {
    let [SampleError::Lonely { sampled, accepting, .. }, _, ..] = errors else { return None };
    let place = |error: &SampleError| match error {
        SampleError::Lonely { place, .. } => Some(place.clone()),
        SampleError::MoreSizesThanStages { .. }
        | SampleError::NoSizesForWeights { .. }
        | SampleError::MissingSize { .. }
        | SampleError::SizeVaries { .. }
        | SampleError::NotASize { .. }
        | SampleError::CountsAndFractions { .. }
        | SampleError::MoreSampledThanThereAre { .. }
        | SampleError::UnknownCollapse { .. }
        | SampleError::CollapseInCircle { .. }
        | SampleError::CollapsedTwice { .. } => None,
    };
    let places: Vec<String> = errors.iter().take(TOLD_AT_MOST).filter_map(place).collect();
    let more = match errors.len() - places.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message = format!(
        "{} places have {sampled} in the sample out of several: {}{more}; accepted under the rules {accepting}",
        errors.len(),
        places.join(", ")
    );
    let finding = Finding::error(Place::File { file: opened.path.clone() }, "design", message);
    Some(finding.hint("choose with --lonely what they contribute"))
}

/// What is wrong with the sample.
fn finding(error: &SampleError, opened: &Opened) -> Finding {
    let finding = Finding::error(Place::File { file: opened.path.clone() }, "design", error.to_string());
    match error {
        SampleError::MoreSizesThanStages { .. } => finding.hint("name the clusters of each stage with --psu"),
        SampleError::NoSizesForWeights { .. } => finding.hint("name the column of weights with --weight"),
        SampleError::SizeVaries { stage: 1, .. } => {
            finding.hint("the sizes of the first stage belong to strata: name their columns with --strata")
        }
        SampleError::Lonely { .. } => finding.hint("choose with --lonely what it contributes"),
        SampleError::UnknownCollapse { .. } => finding.hint("write the values in the order of --strata"),
        SampleError::SizeVaries { .. }
        | SampleError::MissingSize { .. }
        | SampleError::NotASize { .. }
        | SampleError::CountsAndFractions { .. }
        | SampleError::MoreSampledThanThereAre { .. }
        | SampleError::CollapseInCircle { .. }
        | SampleError::CollapsedTwice { .. } => finding,
    }
}

/// What is wrong with a column of the design.
pub(super) fn trouble(trouble: &Trouble, opened: &Opened) -> Finding {
    let place = Place::File { file: opened.path.clone() };
    let name = |column: &VariableName| {
        let column = opened.columns.column(column).expect("troubles are about columns of the file");
        column.name.clone()
    };
    let rows = |rows: u64| if rows == 1 { "1 row has".to_owned() } else { format!("{rows} rows have") };
    match trouble {
        Trouble::Missing { column, rows: count } => {
            let message = format!("{} no value of {:?}, which every row needs", rows(*count), name(column));
            Finding::error(place, "design-missing", message)
        }
        Trouble::Negative { column, rows: count } => {
            let message = format!("{} a negative weight {:?}, expected weights above 0", rows(*count), name(column));
            Finding::error(place, "negative-weight", message)
        }
        Trouble::OutOfReach => {
            let message =
                "weights, or what is estimated, are beyond 1e100 or below 1e-100, which cannot be calculated with";
            Finding::error(place, "out-of-reach", message)
                .hint("multiply the columns by a number that brings them nearer to 1")
        }
        Trouble::Nobody => {
            Finding::error(place, "nobody", "no row has a weight above 0").hint("is it the column of weights?")
        }
    }
}

/// The columns that an expression names, as the file calls them.
pub(super) fn names(expressions: &[VariableName], opened: &Opened) -> Vec<String> {
    let name = |column: &VariableName| opened.columns.column(column).map(|column| column.name.clone());
    expressions.iter().filter_map(name).collect()
}
