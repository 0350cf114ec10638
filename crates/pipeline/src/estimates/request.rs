//! What `barometer estimate` is asked for.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use codebook::{Decimal, LonelyPsu};
use estimate::{Adjustment, Centre, Degrees, IntervalMethod, QuantileRule, RaoScott, ReplicateMethod, Wide};
use tabulate::MissingWeight;

/// More replicates than this buy nothing: the standard error from R of them is off by 1/sqrt(2 R) of itself, 0.7 % here.
const REPLICATES_AT_MOST: u64 = 10_000;

/// Estimates asked of one data file. Columns and expressions are texts as the user wrote them.
#[derive(Debug, Clone)]
pub struct EstimateRequest {
    /// The data file: delimited text or Parquet.
    pub file: PathBuf,
    /// A private folder for intermediate files with microdata; they are removed at the end.
    pub work: PathBuf,
    /// Threads of every step.
    pub threads: NonZeroUsize,
    /// The column of weights. Without one, weights are N/n over the stages that have population sizes, else 1.
    pub weight: Option<String>,
    /// What a row without a weight is.
    pub missing_weight: MissingWeight,
    /// Texts of a delimited file that are missing values, beside empty cells and `NA`.
    pub missing: Vec<String>,
    /// The columns whose values make the strata.
    pub strata: Vec<String>,
    /// The columns that identify clusters, outermost stage first.
    pub psu: Vec<String>,
    /// The columns of population sizes, outermost stage first.
    pub population: Vec<String>,
    /// What a stratum with one PSU contributes.
    pub lonely: Lonely,
    /// Replicate weights.
    pub replicates: Option<ReplicateRequest>,
    /// Around what the squares of replicates are taken. Without it: the mean of replicates that are supplied or made by the jackknife, the
    /// full estimate for those made by the bootstrap.
    pub replicate_centre: Option<Centre>,
    /// The statistics, in the order in which they are answered.
    pub asked: Vec<Asked>,
    /// Columns of numbers that are codes of categories: their share is one of each value.
    pub categories: Vec<String>,
    /// The columns whose values make the domains.
    pub by: Vec<String>,
    /// A condition: who is counted.
    pub condition: Option<String>,
    /// How intervals of shares are made.
    pub interval: IntervalMethod,
    /// How quantiles are read off the distribution.
    pub quantile_rule: QuantileRule,
    /// The confidence level, between 0 and 1.
    pub level: f64,
    /// What degrees of freedom count.
    pub degrees: Degrees,
    /// How the design enters tests of independence.
    pub rao_scott: RaoScott,
    /// How tests are adjusted for being many: all that are asked for are one family.
    pub adjustment: Adjustment,
}

/// What a stratum with one PSU out of several contributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lonely {
    /// As the rule says.
    Rule(LonelyPsu),
    /// It joins a named neighbour: the values of its stratum columns, and those of the neighbour.
    Collapse(Vec<(Vec<String>, Vec<String>)>),
}

/// One thing asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// `--mean EXPR`
    Mean(String),
    /// `--share EXPR`
    Share(String),
    /// `--total EXPR`
    Total(String),
    /// `--ratio NUM/DEN`
    Ratio(String),
    /// `--quantile EXPR:P`
    Quantile(String),
    /// `--test ROW,COL`
    Test(String),
    /// `--diff EXPR:COL=A,B`
    Difference(String),
    /// `--trend EXPR:COL`
    Trend(String),
}

/// Replicate weights: those of the file, or made from the design.
#[derive(Debug, Clone, PartialEq)]
pub enum ReplicateRequest {
    /// Columns of the file whose names fit a pattern, in which `*` stands for anything and `?` for one character.
    Supplied {
        /// The pattern.
        pattern: String,
        /// How they were made.
        method: ReplicateMethod,
    },
    /// The jackknife: one replicate for each PSU.
    Jackknife,
    /// The bootstrap of Rao and Wu.
    Bootstrap {
        /// Replicates.
        replicates: u64,
        /// The same seed gives the same numbers.
        seed: u64,
    },
}

impl ReplicateRequest {
    /// Reads how replicates of the file were made, or, without a pattern of columns, how to make them.
    ///
    /// # Errors
    /// A sentence about what was expected.
    pub fn read(pattern: Option<String>, method: &str) -> Result<Self, String> {
        match pattern {
            Some(pattern) => Ok(Self::Supplied { pattern, method: supplied(method)? }),
            None => made(method),
        }
    }
}

fn supplied(method: &str) -> Result<ReplicateMethod, String> {
    let (name, parameter) = method.split_once(':').map_or((method, None), |(name, parameter)| (name, Some(parameter)));
    let rho = |text: &str| text.parse().ok().filter(|rho| (0.0..1.0).contains(rho)).map(Wide::from_f64);
    match (name, parameter) {
        ("jk1", None) => Ok(ReplicateMethod::Jk1 { correction: Wide::ONE }),
        ("jk2", None) => Ok(ReplicateMethod::Jk2),
        ("jkn", None) => Ok(ReplicateMethod::Jkn { rscales: None, corrections: None }),
        ("jkn", Some(text)) => {
            rscales(text).map(|rscales| ReplicateMethod::Jkn { rscales: Some(rscales), corrections: None }).ok_or_else(
                || format!("the rscales of jkn are {text:?}, expected numbers from 0 to 1, such as jkn:0.5,0.5"),
            )
        }
        ("brr", None) => Ok(ReplicateMethod::Brr),
        ("fay", Some(text)) => rho(text)
            .map(|rho| ReplicateMethod::Fay { rho })
            .ok_or_else(|| format!("the rho of Fay's method is {text:?}, expected a number from 0 to below 1")),
        ("bootstrap", None) => Ok(ReplicateMethod::Bootstrap),
        ("sdr", None) => Ok(ReplicateMethod::Sdr),
        _ => Err(format!(
            "{method:?} is no method of replicate weights in a file: jk1, jk2, jkn, jkn:RSCALE,.., brr, fay:RHO, bootstrap or sdr"
        )),
    }
}

/// What multiplies the square of each replicate: one number for all of them, or one for each.
fn rscales(text: &str) -> Option<Vec<Wide>> {
    let is_part = |number: &Decimal| (Decimal::new(0, 0)..=Decimal::new(1, 0)).contains(number);
    let rscale = |text: &str| Decimal::parse(text.trim(), '.').ok().filter(is_part);
    text.split(',').map(|text| rscale(text).map(|rscale| Wide::from_decimal(rscale.units(), rscale.scale()))).collect()
}

fn made(method: &str) -> Result<ReplicateRequest, String> {
    let unknown = || {
        format!(
            "{method:?} is no method to make replicates by: jackknife, bootstrap:R or bootstrap:R:SEED; weights of the file \
             are named with --replicates"
        )
    };
    let parts: Vec<&str> = method.split(':').collect();
    let number = |text: &str| text.parse().map_err(|_| unknown());
    let count = |text: &str| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse() {
            Ok(replicates) if replicates <= REPLICATES_AT_MOST => Ok(replicates),
            Ok(_) | Err(_) if is_number => Err(format!(
                "a bootstrap of {text} replicates, expected at most {REPLICATES_AT_MOST}: the standard error from R replicates is off \
                 by 1/sqrt(2 R) of itself, less than 1 % there, and more of them only take time"
            )),
            Ok(_) | Err(_) => Err(unknown()),
        }
    };
    match parts.as_slice() {
        ["jackknife"] => Ok(ReplicateRequest::Jackknife),
        ["bootstrap", replicates] => Ok(ReplicateRequest::Bootstrap { replicates: count(replicates)?, seed: 1 }),
        ["bootstrap", replicates, seed] => {
            Ok(ReplicateRequest::Bootstrap { replicates: count(replicates)?, seed: number(seed)? })
        }
        _ => Err(unknown()),
    }
}
