//! What `barometer estimate` takes.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use codebook::LonelyPsu;
use pipeline::{
    Adjustment, Degrees, EstimateRequest, IntervalMethod, MissingWeight, PipelineError, RaoScott, ReplicateRequest,
};

use super::threads;
use crate::commands::cores;

/// Design-based estimates from a data file.
#[derive(Debug, Args)]
#[command(after_help = ESTIMATE)]
pub(crate) struct Estimate {
    /// The data file: delimited text with a header row, or Parquet
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) design: Design,
    #[command(flatten)]
    pub(crate) asked: Asked,
    #[command(flatten)]
    pub(crate) tests: Tests,
    /// Domains: a row for each combination of these columns' values
    #[arg(long, value_name = "COL,..", help_heading = "Domains")]
    pub(crate) by: Vec<String>,
    /// Columns of numbers that are codes: --share has a row for each value of them
    #[arg(long, value_name = "COL,..", help_heading = "Domains")]
    pub(crate) categories: Vec<String>,
    /// Who is counted; everybody else stays in the design
    #[arg(long = "where", value_name = "EXPR", help_heading = "Domains")]
    pub(crate) condition: Option<String>,
    /// Interval of shares
    #[arg(long, value_name = "METHOD", value_enum, default_value_t = Interval::Xlogit, help_heading = "Intervals")]
    pub(crate) interval: Interval,
    /// How quantiles are read off the weighted distribution: as the smallest value that reaches P, or interpolated
    #[arg(long, value_enum, default_value_t = QuantileRule::Hf1, help_heading = "Intervals")]
    pub(crate) quantile_rule: QuantileRule,
    /// Confidence level
    #[arg(long, value_name = "P", default_value_t = 0.95, value_parser = level, help_heading = "Intervals")]
    pub(crate) level: f64,
    /// What degrees of freedom count
    #[arg(long, value_enum, default_value_t = Df::Design, help_heading = "Intervals")]
    pub(crate) df: Df,
    /// Texts that are missing values in delimited text, beside empty cells and NA
    #[arg(long, value_name = "TEXT,..", value_delimiter = ',', allow_hyphen_values = true)]
    pub(crate) missing: Vec<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    /// A private folder for intermediate files; they are removed at the end [default: the system's folder for temporary files]
    #[arg(long, value_name = "DIR")]
    pub(crate) work: Option<PathBuf>,
    /// Threads; the output does not depend on it [default: one per core]
    #[arg(long, value_name = "N", value_parser = threads)]
    pub(crate) threads: Option<NonZeroUsize>,
}

impl Estimate {
    /// What the pipeline is asked for.
    ///
    /// # Errors
    /// When replicates cannot be made as it is said.
    pub(crate) fn request(self) -> Result<EstimateRequest, PipelineError> {
        let Design { weight, missing_weight, strata, psu, fpc, lonely, replicates, replicate_method, replicate_centre } =
            self.design;
        let replicates = replicate_method
            .map(|method| ReplicateRequest::read(replicates, &method))
            .transpose()
            .map_err(|message| PipelineError::Usage { message })?;
        Ok(EstimateRequest {
            file: self.file,
            work: self.work.unwrap_or_else(std::env::temp_dir),
            threads: self.threads.unwrap_or_else(cores),
            weight,
            missing_weight: match missing_weight {
                Unweighted::Refuse => MissingWeight::Refused,
                Unweighted::Out => MissingWeight::OutOfSample,
            },
            missing: self.missing,
            strata,
            psu,
            population: fpc,
            lonely,
            replicates,
            replicate_centre: replicate_centre.map(|centre| match centre {
                ReplicateCentre::Mean => pipeline::ReplicateCentre::Mean,
                ReplicateCentre::Estimate => pipeline::ReplicateCentre::Estimate,
            }),
            asked: asked(self.asked),
            categories: self.categories,
            by: self.by,
            condition: self.condition,
            interval: match self.interval {
                Interval::T | Interval::Mean => IntervalMethod::T,
                Interval::Xlogit => IntervalMethod::Xlogit,
                Interval::Beta => IntervalMethod::Beta,
                Interval::Nchs => IntervalMethod::KornGraubard,
                Interval::Wilson => IntervalMethod::Wilson,
                Interval::Asin => IntervalMethod::Asin,
            },
            quantile_rule: match self.quantile_rule {
                QuantileRule::Hf1 => pipeline::QuantileRule::Hf1,
                QuantileRule::Hf7 => pipeline::QuantileRule::Hf7,
            },
            level: self.level,
            degrees: match self.df {
                Df::Design => Degrees::Design,
                Df::Domain => Degrees::Domain,
                Df::Subset => Degrees::Subset,
            },
            rao_scott: match self.tests.rao_scott {
                RaoScottOrder::First => RaoScott::First,
                RaoScottOrder::Second => RaoScott::Second,
            },
            adjustment: match self.tests.adjust {
                Adjust::None => Adjustment::None,
                Adjust::Holm => Adjustment::Holm,
                Adjust::BenjaminiHochberg => Adjustment::BenjaminiHochberg,
            },
        })
    }
}

/// Everything asked, statistic by statistic.
fn asked(asked: Asked) -> Vec<pipeline::Asked> {
    let Asked { mean, share, total, ratio, quantile, diff, trend, test } = asked;
    let named = |texts: Vec<String>, name: fn(String) -> pipeline::Asked| texts.into_iter().map(name);
    named(mean, pipeline::Asked::Mean)
        .chain(named(share, pipeline::Asked::Share))
        .chain(named(total, pipeline::Asked::Total))
        .chain(named(ratio, pipeline::Asked::Ratio))
        .chain(named(quantile, pipeline::Asked::Quantile))
        .chain(named(diff, pipeline::Asked::Difference))
        .chain(named(trend, pipeline::Asked::Trend))
        .chain(named(test, pipeline::Asked::Test))
        .collect()
}

const ESTIMATE: &str = "Expressions are SQL over the file's columns; a name that is no word stands in double quotes: \
'\"Q1 x\" = 2 AND region IN (''north'', ''east'')'. Admitted are + - *, comparisons, AND, OR, NOT, IN, BETWEEN, IS NULL, CASE, \
COALESCE, ABS and CAST; what else a value needs, such as a logarithm, is a column that the file has to bring along.

  barometer estimate schools.csv --weight pw --strata stype --fpc fpc --mean api00 --by stype
  barometer estimate schools.csv --psu dnum --fpc fpc --share 'meals > 50' --quantile api00:0.5
  barometer estimate schools.csv --weight pw --diff api00:stype=E,H --test stype,awards

A row with weight 0 is not in the sample, as after R's subset(design, w > 0). A share that the sample shows as 0 or 100 % has the \
outer limit of Korn and Graubard whatever --interval says, one-sided at half the error. A value whose error is not known is printed \
without one, and a note says why. The README tells how each rule differs from R's.

Nothing that this prints was checked for disclosure: it is for the analyst, not for publication.";

/// How the sample was drawn.
#[derive(Debug, Args)]
#[command(next_help_heading = "Design")]
pub(crate) struct Design {
    /// Column of weights [default: N/n over the stages that --fpc gives sizes for, else 1]
    #[arg(long, value_name = "COL")]
    pub(crate) weight: Option<String>,
    /// What a row without a weight is
    #[arg(long, value_enum, default_value_t = Unweighted::Refuse)]
    pub(crate) missing_weight: Unweighted,
    /// Columns whose values make the strata
    #[arg(long, value_name = "COL,..")]
    pub(crate) strata: Vec<String>,
    /// Columns that identify clusters, outermost stage first [default: units are PSUs]
    #[arg(long, value_name = "COL,..")]
    pub(crate) psu: Vec<String>,
    /// Columns of population sizes for each stage: counts, or sampling fractions [default: sampling is taken as with replacement]
    #[arg(long, value_name = "COL,..")]
    pub(crate) fpc: Vec<String>,
    /// What a stratum with one PSU contributes: refuse, certainty, centre, average, or collapse:FROM=INTO,..
    #[arg(long, value_name = "RULE", default_value = "refuse", value_parser = lonely)]
    pub(crate) lonely: pipeline::Lonely,
    /// Columns of replicate weights: patterns in which * stands for anything and ? for one character
    #[arg(long, value_name = "PATTERN,..", requires = "replicate_method")]
    pub(crate) replicates: Option<String>,
    /// How replicates were made: jk1, jk2 (one for each stratum of two PSUs), jkn (one for each PSU of --strata and --psu), jkn:RSCALE,..
    /// (R's rscales), brr, fay:RHO, bootstrap, sdr; without --replicates, how to make them: jackknife, bootstrap:R or bootstrap:R:SEED
    #[arg(long, value_name = "M")]
    pub(crate) replicate_method: Option<String>,
    /// Around what the squares of replicates are taken [default: mean, as R; estimate for replicates of bootstrap:R]
    #[arg(long, value_enum, requires = "replicate_method")]
    pub(crate) replicate_centre: Option<ReplicateCentre>,
}

/// What to estimate. Every flag may be given several times; all of them are answered in one scan.
#[derive(Debug, Args)]
#[command(next_help_heading = "Statistics")]
#[group(required = true, multiple = true)]
pub(crate) struct Asked {
    /// Mean of a number
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    pub(crate) mean: Vec<String>,
    /// Share for which a condition holds, or of each level of a column of text or --categories
    #[arg(long, value_name = "EXPR")]
    pub(crate) share: Vec<String>,
    /// Total of a number; of a condition, or of each level of a column of text or --categories, how many there are
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    pub(crate) total: Vec<String>,
    /// Ratio of two totals
    #[arg(long, value_name = "NUM/DEN")]
    pub(crate) ratio: Vec<String>,
    /// Quantiles of a number, such as the median income:0.5, or income:0.25,0.75
    #[arg(long, value_name = "EXPR:P,..", allow_hyphen_values = true)]
    pub(crate) quantile: Vec<String>,
    /// Difference of a mean or share between two groups, with its t test, such as income:region=north,east
    #[arg(long, value_name = "EXPR:COL=A,B")]
    pub(crate) diff: Vec<String>,
    /// Straight line of a mean or share over the waves that a column of numbers tells, such as innovative:year, with its tests
    #[arg(long, value_name = "EXPR:COL")]
    pub(crate) trend: Vec<String>,
    /// Rao-Scott test of independence of two columns
    #[arg(long, value_name = "ROW,COL")]
    pub(crate) test: Vec<String>,
}

/// How to test. Each --diff has a t test, too.
#[derive(Debug, Args)]
#[command(next_help_heading = "Tests")]
pub(crate) struct Tests {
    /// How the design enters --test
    #[arg(long, value_enum, default_value_t = RaoScottOrder::Second)]
    pub(crate) rao_scott: RaoScottOrder,
    /// How p-values are adjusted for being many; all tests that are asked for are one family
    #[arg(long, value_enum, default_value_t = Adjust::None)]
    pub(crate) adjust: Adjust,
}

/// How the design enters the test of Rao and Scott.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RaoScottOrder {
    /// Pearson's chi-square is printed, and p is that of it over the mean design effect, as R's statistic = "Chisq"
    First,
    /// F, from how much design effects vary, too, as R's default
    Second,
}

/// How p-values of many tests are adjusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Adjust {
    /// Not at all
    None,
    /// Holm: the chance that any test is significant though nothing is there
    Holm,
    /// Benjamini and Hochberg: the share by chance among those that are significant
    #[value(alias = "bh", alias = "BH")]
    BenjaminiHochberg,
}

/// What a row without a weight is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Unweighted {
    /// A mistake
    Refuse,
    /// Not in the sample, as a row with weight 0
    Out,
}

/// Around what the squares of replicates are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReplicateCentre {
    /// The mean of the replicates, as R's survey and Stata do unless told
    Mean,
    /// The estimate from the whole sample, as SUDAAN and WesVar do, R with mse = TRUE and Stata with its option mse
    Estimate,
}

/// How the interval of a share is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Interval {
    /// estimate +- t SE
    T,
    /// t on the log odds, mapped back
    Xlogit,
    /// Korn and Graubard: Clopper and Pearson with the effective number of answers
    Beta,
    /// Korn and Graubard as the NCHS presents shares: effective number of answers at most n
    Nchs,
    /// Wilson with the effective number of answers
    Wilson,
    /// t on the arcsine of the square root, mapped back
    Asin,
    /// The same as t, as R calls it
    Mean,
}

/// What degrees of freedom count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Df {
    /// PSUs less strata of the whole design, as R's degf of the design
    Design,
    /// The same over the strata that hold the domain and are not sampled whole, as in publications
    Domain,
    /// PSUs that hold the domain less strata that do, as R's degf of a subset: svyciprop and svychisq there
    Subset,
}

/// How a quantile is read off the weighted distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum QuantileRule {
    /// The smallest value that at least the share P of the weight is at or below
    Hf1,
    /// Interpolated
    Hf7,
}

/// How to print estimates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Table,
    /// Full precision
    Json,
    /// Full precision
    Csv,
}

/// Levels beyond have quantiles that doubles do not tell from those of 0 and 1.
const LEVELS: std::ops::RangeInclusive<f64> = 0.000_001..=0.999_999;

fn level(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(level) if LEVELS.contains(&level) => Ok(level),
        Ok(_) | Err(_) => Err("a confidence level lies between 0.000001 and 0.999999, such as 0.95".to_owned()),
    }
}

/// `centre`, or `collapse:north=east,3 x 4=3 x 5`.
fn lonely(text: &str) -> Result<pipeline::Lonely, String> {
    let rule = |rule| Ok(pipeline::Lonely::Rule(rule));
    match text {
        "refuse" => return rule(LonelyPsu::Refuse),
        "certainty" => return rule(LonelyPsu::Certainty),
        "centre" => return rule(LonelyPsu::Centre),
        "average" => return rule(LonelyPsu::Average),
        "adjust" => return Err("what R calls adjust is centre here".to_owned()),
        "remove" => return Err("R's remove is not here; certainty leaves the error of the stratum out, too".to_owned()),
        _ => {}
    }
    let wanted = "it is refuse, certainty, centre, average, or collapse:FROM=INTO with the values of the stratum columns, \
                  several joined by \" x \"";
    let pairs = text.strip_prefix("collapse:").ok_or(wanted)?;
    let key = |text: &str| text.split(" x ").map(|part| part.trim().to_owned()).collect::<Vec<_>>();
    let pair = |pair: &str| pair.split_once('=').map(|(from, into)| (key(from), key(into))).ok_or(wanted);
    Ok(pipeline::Lonely::Collapse(pairs.split(',').map(pair).collect::<Result<_, _>>()?))
}
