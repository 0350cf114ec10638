//! The design of a file's sample, and what is wrong with its columns.

use codebook::{Finding, LonelyPsu, Place, VariableName};
use estimate::{DesignTable, SampleError, SampledCluster, SampledDesign, Size, Weights, Wide, sampled_design};
use tabulate::{Cells, Clusters, Placing, Scanned, ScannedUnit, Trouble};

use super::open::Opened;
use super::plan::Plan;
use super::{EstimateRequest, Lonely, replicates};
use crate::PipelineError;

/// Findings of one kind that are told one by one.
const TOLD_AT_MOST: usize = 10;

/// The sample's design, and where its clusters are in it.
pub(super) struct Sample {
    pub(super) table: DesignTable,
    /// The values of the stratum columns, by stratum of the table.
    pub(super) strata: Vec<Vec<String>>,
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
        let SampledDesign { table, strata, of_cluster, weights } = sampled_design(&clusters, collapse, rule, weighting)
            .map_err(|errors| PipelineError::Findings(findings(&errors, plan, opened)))?;
        let kind = if plan.scan.stages.is_empty() { Clusters::None } else { Clusters::Sampled };
        let mut sample = Self { table, strata, places: of_cluster, weights, clusters: kind, weighting };
        sample.table.replicates = replicates::of(&sample, request, scanned, opened)?;
        Ok(sample)
    }

    /// Where sums belong.
    pub(super) fn placing(&self) -> Placing<'_> {
        Placing { places: &self.places, weights: self.weights.as_deref(), clusters: self.clusters }
    }

    /// The PSU of each unit, by its number.
    pub(super) fn psus(&self, units: &[ScannedUnit]) -> Vec<usize> {
        let cluster = |unit: &ScannedUnit| self.psu(self.places[unit.cluster].1);
        match self.clusters {
            Clusters::None => (0..units.len()).collect(),
            Clusters::Sampled => units.iter().map(cluster).collect(),
        }
    }

    /// The PSU that a cluster of the last stage lies in.
    fn psu(&self, cluster: usize) -> usize {
        self.table.later.iter().rev().fold(cluster, |cluster, stage| stage.parents[cluster])
    }

    /// The stratum of each PSU: of each unit, where units are PSUs.
    pub(super) fn stratum_of_psus(&self, scanned: &Scanned) -> Vec<usize> {
        match (&scanned.cells, self.clusters) {
            (Cells::Units(units), Clusters::None) => units.iter().map(|unit| self.places[unit.cluster].0).collect(),
            (Cells::Units(_) | Cells::Grouped(_), _) => {
                let mut strata: Vec<(usize, usize)> =
                    self.places.iter().map(|(stratum, cluster)| (self.psu(*cluster), *stratum)).collect();
                strata.sort_unstable();
                strata.dedup();
                strata.into_iter().map(|(_, stratum)| stratum).collect()
            }
        }
    }
}

fn size_of(size: Option<(Wide, Wide)>) -> Size {
    Size { smallest: size.map(|(smallest, _)| smallest), largest: size.map(|(_, largest)| largest) }
}

/// What is wrong with the sample. What holds for many places is told of the first of them.
fn findings(errors: &[SampleError], plan: &Plan, opened: &Opened) -> Vec<Finding> {
    let kind = std::mem::discriminant::<SampleError>;
    let mut findings = Vec::new();
    for alike in errors.chunk_by(|one, next| kind(one) == kind(next)) {
        if let Some(lonely) = lonely_together(alike, opened) {
            findings.push(lonely);
            continue;
        }
        let mut told: Vec<Finding> =
            alike.iter().take(TOLD_AT_MOST).map(|error| finding(error, plan, opened)).collect();
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
fn finding(error: &SampleError, plan: &Plan, opened: &Opened) -> Finding {
    let finding = Finding::error(Place::File { file: opened.path.clone() }, "design", error.to_string());
    match error {
        SampleError::MoreSizesThanStages { .. } => finding.hint("name the clusters of each stage with --psu"),
        SampleError::NoSizesForWeights { .. } => finding.hint("name the column of weights with --weight"),
        SampleError::SizeVaries { stage: 1, .. } if plan.scan.strata.is_empty() => {
            finding.hint("the sizes of the first stage belong to strata: name their columns with --strata")
        }
        SampleError::SizeVaries { stage: 1, .. } => finding
            .hint("a stratum has one size: mend the rows that differ, or name the sizes in the order of the stages"),
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
pub(super) fn trouble(trouble: &Trouble, plan: &Plan, opened: &Opened) -> Finding {
    let is_weight = |column: &VariableName| plan.scan.weight.as_ref() == Some(column);
    let place = Place::File { file: opened.path.clone() };
    let name = |column: &VariableName| {
        let column = opened.columns.column(column).expect("troubles are about columns of the file");
        column.name.clone()
    };
    let rows = |rows: u64| if rows == 1 { "1 row has".to_owned() } else { format!("{rows} rows have") };
    match trouble {
        Trouble::Missing { column, rows: count } => {
            let message = format!("{} no value of {:?}, which every row needs", rows(*count), name(column));
            let finding = Finding::error(place, "design-missing", message);
            if is_weight(column) {
                finding.hint("if they are not in the sample, say --missing-weight out")
            } else {
                finding.hint("leave these rows out of the file, or write what they belong to")
            }
        }
        Trouble::Negative { column, rows: count } => {
            let message = format!("{} a negative weight {:?}, expected weights above 0", rows(*count), name(column));
            Finding::error(place, "negative-weight", message)
        }
        Trouble::OutOfReach => {
            let message = "weights, what is estimated, or their products and ratios are beyond 1e100 or below 1e-100, which cannot be calculated with";
            Finding::error(place, "out-of-reach", message)
                .hint("multiply the columns by a number that brings them nearer to 1")
        }
        Trouble::TooManyDigits => {
            let message = "numbers that are compared or calculated with need more than 38 digits: some are very large, and others have many decimals";
            Finding::error(place, "too-many-digits", message)
                .hint("round the columns to the digits that mean something")
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
