//! The replicates of a file's sample: made from its design, or read from its columns and scaled as their method says.
//!
//! A stratified jackknife says nothing of its strata: how a replicate is scaled follows from the stratum whose PSU it leaves out, so the
//! replicates must be those of the design that the request declares. What does not fit is refused, never scaled by a guess.

use codebook::{Finding, Place};
use estimate::{Centre, Degrees, ReplicateError, ReplicateMethod, ReplicateWeights, Replicates, Wide};
use tabulate::{Cells, Scanned, ScannedUnit};

use super::design::Sample;
use super::open::Opened;
use super::{EstimateRequest, ReplicateRequest};
use crate::PipelineError;

/// A jackknife keeps as many factors as the square of the number of PSUs: 250 MB of them here.
const JACKKNIFED_AT_MOST: usize = 4_000;
/// A bootstrap keeps one for each replicate and cluster: 1 GB of them here.
const FACTORS_AT_MOST: u64 = 64_000_000;
/// Replicate weights of a file are kept twice, as they are and over the weights: 5 GB of them here.
const SUPPLIED_AT_MOST: usize = 160_000_000;

/// The replicates that the request asks for, if any.
pub(super) fn of(
    sample: &Sample,
    request: &EstimateRequest,
    scanned: &Scanned,
    opened: &Opened,
) -> Result<Option<Replicates>, PipelineError> {
    let centre = request.replicate_centre;
    let place = || Place::File { file: opened.path.clone() };
    if request.replicates.is_some() && request.degrees == Degrees::Subset {
        let message = "--df subset counts the PSUs that hold a domain, which replicates do not tell";
        return Err(PipelineError::Findings(vec![
            Finding::error(place(), "replicates", message).hint("--df design or --df domain"),
        ]));
    }
    let strata = || sample.stratum_of_psus(scanned);
    let made = match &request.replicates {
        None => return Ok(None),
        Some(ReplicateRequest::Jackknife) => jackknifed(sample, &strata(), centre),
        Some(ReplicateRequest::Bootstrap { replicates, seed }) => {
            bootstrapped(sample, &strata(), *replicates, *seed, centre)
        }
        Some(ReplicateRequest::Supplied { method, .. }) => supplied(sample, request, scanned, method),
    };
    made.map(Some).map_err(|unusable| {
        let finding = Finding::error(place(), "replicates", unusable.message);
        PipelineError::Findings(vec![match unusable.hint {
            Some(hint) => finding.hint(hint),
            None => finding,
        }])
    })
}

/// Why there are no replicates.
struct Unusable {
    message: String,
    hint: Option<&'static str>,
}

impl Unusable {
    fn new(message: String, hint: &'static str) -> Self {
        Self { message, hint: Some(hint) }
    }
}

impl From<ReplicateError> for Unusable {
    fn from(error: ReplicateError) -> Self {
        Self { message: error.to_string(), hint: None }
    }
}

fn jackknifed(sample: &Sample, strata: &[usize], centre: Option<Centre>) -> Result<Replicates, Unusable> {
    if strata.len() > JACKKNIFED_AT_MOST {
        let message = format!(
            "the sample has {} PSUs, expected at most {JACKKNIFED_AT_MOST} for a jackknife, which makes a replicate of each",
            strata.len()
        );
        return Err(Unusable::new(message, "--replicate-method bootstrap:500"));
    }
    let made = Replicates::jackknife(&sample.table, strata);
    if (made.centre, centre) == (Centre::Estimate, Some(Centre::Mean)) {
        let message =
            "a lonely PSU that --lonely centre compares with the mean of all needs squares around the estimate";
        let hint = "leave --replicate-centre out, or choose another rule with --lonely";
        return Err(Unusable::new(message.to_owned(), hint));
    }
    Ok(Replicates { centre: centre.unwrap_or(made.centre), ..made })
}

fn bootstrapped(
    sample: &Sample,
    strata: &[usize],
    replicates: u64,
    seed: u64,
    centre: Option<Centre>,
) -> Result<Replicates, Unusable> {
    let clusters = sample.table.later.last().map_or(strata.len(), |last| last.parents.len());
    let factors = u64::try_from(clusters).expect("a number of clusters fits 64 bits").saturating_mul(replicates);
    if factors > FACTORS_AT_MOST {
        let message = format!(
            "{replicates} replicates of {clusters} clusters are {factors} factors, expected at most {FACTORS_AT_MOST}, which fill 1 GB"
        );
        return Err(Unusable::new(
            message,
            "make fewer replicates, or leave them out: the variance is then linearised",
        ));
    }
    let centre = centre.unwrap_or(Centre::Estimate);
    Replicates::bootstrap(&sample.table, strata, replicates, seed, centre).map_err(Unusable::from)
}

fn supplied(
    sample: &Sample,
    request: &EstimateRequest,
    scanned: &Scanned,
    method: &ReplicateMethod,
) -> Result<Replicates, Unusable> {
    let Cells::Units(units) = &scanned.cells else {
        unreachable!("the plan asks for units where replicate weights are supplied")
    };
    let columns = units.first().map_or(0, |unit| unit.replicates.len());
    if columns.saturating_mul(units.len()) > SUPPLIED_AT_MOST {
        let message = format!(
            "{columns} replicate weights of {} rows, expected at most {SUPPLIED_AT_MOST} numbers in all, which fill 5 GB",
            units.len()
        );
        return Err(Unusable::new(message, "name fewer replicates, or only the rows and columns that are needed"));
    }
    let weights: Vec<Wide> = units.iter().map(|unit| unit.weight.unwrap_or(Wide::ONE)).collect();
    let count = units.first().map_or(0, |unit| unit.replicates.len());
    let replicates = (0..count).map(|index| units.iter().map(|unit| unit.replicates[index]).collect());
    let replicates: Vec<Vec<Wide>> = replicates.collect();
    let layout = Layout { sample, stratum_of_psus: sample.stratum_of_psus(scanned) };
    let scaled = layout.scaled(method, request, units, &replicates)?;
    let made = Replicates::supplied(&scaled, &weights, replicates, ReplicateWeights::Combined)?;
    Ok(Replicates { centre: request.replicate_centre.unwrap_or(made.centre), ..made })
}

/// The design that replicates of a file were made by, as the request declares it.
struct Layout<'a> {
    sample: &'a Sample,
    /// By number of the PSU.
    stratum_of_psus: Vec<usize>,
}

impl Layout<'_> {
    /// The method with what the design tells of its scales: rscales of a stratified jackknife, corrections for finite populations.
    fn scaled(
        &self,
        method: &ReplicateMethod,
        request: &EstimateRequest,
        units: &[ScannedUnit],
        replicates: &[Vec<Wide>],
    ) -> Result<ReplicateMethod, Unusable> {
        let strata = &self.sample.table.strata;
        let has_sizes = !request.population.is_empty();
        let whole = |name: &str, hint| {
            let message = format!("population sizes (--fpc) do not enter the variance of replicate weights by {name}");
            if has_sizes { Err(Unusable::new(message, hint)) } else { Ok(method.clone()) }
        };
        let leave_out = "leave --fpc out: such weights hold their correction for a finite population, or there is none";
        match method {
            ReplicateMethod::Jk1 { .. } if has_sizes && strata.len() > 1 => Err(Unusable::new(
                "population sizes (--fpc) of several strata, but jk1 is the jackknife of a sample without strata"
                    .to_owned(),
                "leave --fpc or --strata out; the jackknife of a stratified sample is jkn",
            )),
            ReplicateMethod::Jk1 { .. } => {
                let correction = strata.first().map_or(Wide::ONE, estimate::Stratum::wide_correction);
                Ok(ReplicateMethod::Jk1 { correction })
            }
            ReplicateMethod::Jkn { rscales: None, .. } => {
                if request.strata.is_empty() {
                    return Err(Unusable::new(
                        "jkn is the jackknife of a stratified sample, and no strata are named".to_owned(),
                        "name them with --strata and their PSUs with --psu, or give R's rscales, as in jkn:0.5,0.75; without strata \
                         the method is jk1",
                    ));
                }
                let strata_left_out = self.strata_left_out(units, replicates)?;
                let rscale = |stratum: &usize| {
                    let psus = strata[*stratum].psus;
                    Wide::from_ratio(psus.saturating_sub(1), psus)
                };
                let correction = |stratum: &usize| strata[*stratum].wide_correction();
                Ok(ReplicateMethod::Jkn {
                    rscales: Some(strata_left_out.iter().map(rscale).collect()),
                    corrections: Some(strata_left_out.iter().map(correction).collect()),
                })
            }
            ReplicateMethod::Jkn { rscales: Some(rscales), .. } => {
                whole(
                    "jkn with rscales",
                    "multiply each of the rscales by 1 - n/N of its stratum, and leave --fpc out",
                )?;
                let rscales = match rscales.as_slice() {
                    [one] => vec![*one; replicates.len()],
                    each => each.to_vec(),
                };
                Ok(ReplicateMethod::Jkn { rscales: Some(rscales), corrections: None })
            }
            ReplicateMethod::Jk2 => whole("jk2", leave_out),
            ReplicateMethod::Brr => whole("brr", leave_out),
            ReplicateMethod::Fay { .. } => whole("fay", leave_out),
            ReplicateMethod::Bootstrap => whole("bootstrap", leave_out),
            ReplicateMethod::Sdr => whole("sdr", leave_out),
        }
    }

    /// For each replicate of a stratified jackknife, the stratum whose PSU it leaves out. Together they must leave out each PSU once.
    fn strata_left_out(&self, units: &[ScannedUnit], replicates: &[Vec<Wide>]) -> Result<Vec<usize>, Unusable> {
        let psu_of_units = self.sample.psus(units);
        let mut times = vec![0_u64; self.stratum_of_psus.len()];
        let mut strata = Vec::new();
        for (number, weights) in replicates.iter().enumerate() {
            let left_out = self.left_out(&psu_of_units, weights);
            let [psu] = left_out.as_slice() else {
                let found = match left_out.len() {
                    0 => "no PSU".to_owned(),
                    several => format!("{several} PSUs"),
                };
                let message = format!(
                    "replicate {} leaves {found} out with weight 0, but each of jkn leaves out one",
                    number + 1
                );
                let hint = "are these the strata (--strata) and PSUs (--psu) that the weights were made by?";
                return Err(Unusable::new(message, hint));
            };
            times[*psu] += 1;
            strata.push(self.stratum_of_psus[*psu]);
        }
        self.assert_complete(&times)?;
        Ok(strata)
    }

    /// The PSUs whose units all have weight 0 in a replicate.
    fn left_out(&self, psu_of_units: &[usize], weights: &[Wide]) -> Vec<usize> {
        let mut is_kept = vec![false; self.stratum_of_psus.len()];
        for (psu, weight) in psu_of_units.iter().zip(weights) {
            is_kept[*psu] |= !weight.is_zero();
        }
        (0..is_kept.len()).filter(|psu| !is_kept[*psu]).collect()
    }

    /// Every PSU is left out once; in a stratum of one PSU, or one that was sampled whole, it may be never.
    fn assert_complete(&self, times: &[u64]) -> Result<(), Unusable> {
        let strata = &self.sample.table.strata;
        let mut replicates = vec![0; strata.len()];
        let mut is_complete = vec![true; strata.len()];
        for (stratum, times) in self.stratum_of_psus.iter().zip(times) {
            replicates[*stratum] += times;
            is_complete[*stratum] &= *times == 1;
        }
        let fits = |index: usize| {
            let needs_none = strata[index].psus < 2 || strata[index].is_sampled_whole();
            is_complete[index] || (needs_none && replicates[index] == 0)
        };
        let misfits: Vec<usize> = (0..strata.len()).filter(|index| !fits(*index)).collect();
        let Some(first) = misfits.first() else { return Ok(()) };
        let name = self.sample.strata[*first].join(" x ");
        let (psus, replicates) = (strata[*first].psus, replicates[*first]);
        let noun = if replicates == 1 { "replicate" } else { "replicates" };
        let more = match misfits.len() {
            1 => String::new(),
            2 => "; another stratum does not fit, either".to_owned(),
            several => format!("; {} more strata do not fit, either", several - 1),
        };
        let message = format!(
            "jkn leaves out each PSU of a stratum once, but stratum {name} has {psus} PSUs and {replicates} {noun}{more}"
        );
        let hint = "with one replicate for each stratum of two PSUs the method is jk2; rscales of another jackknife are given as in \
                    jkn:0.5,0.75";
        Err(Unusable::new(message, hint))
    }
}
