//! What may be asked on the command line.

mod release;
mod scheduled;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use codebook::{CountryId, Language, LonelyPsu, WaveId};

pub(crate) use release::{Calendar, CalendarForm, Diff, DiffFormat, TextFormat, Verify, Why};
pub(crate) use scheduled::LogFormat;
use scheduled::{ReleaseTime, memory};

/// From the raw export of a survey to a published report.
#[derive(Debug, Parser)]
#[command(name = "barometer", version, max_term_width = 100, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done, 1 failed, 2 usage, 3 findings in data or configuration, 4 a claim is about a hidden \
number or a file holds what must not leave, 5 a claim does not hold, 6 too early, 7 a release is not what it should be, 8 another run is at work on the same edition, 9 something else was approved";

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check a country's files (or those of every country in a folder): every finding, at once
    Check(Check),
    /// Build a wave's report from the raw export, or those of all waves of all countries in a folder
    Run(Run),
    /// Prove a release: its files against its manifest, and all of it made again from raw files or published tables
    Verify(Verify),
    /// Compare two releases, figure by figure
    Diff(Diff),
    /// Tell which edition becomes public when: the release calendar, from the waves' files
    Calendar(Calendar),
    /// Tell what a file of a release was made from, and what has changed since
    Why(Why),
    /// Show a wave's report in the browser and follow the country's files: texts, templates, TOML
    Preview(Preview),
    /// Make a synthetic raw export from the codebook and published margins
    Twin(Twin),
    /// Estimate from a data file by its sampling design; NOT DISCLOSURE-CHECKED
    Estimate(Box<Estimate>),
    /// Tell what an export holds: encoding, delimiter, tool, and what each column looks like; for the analyst's eyes
    Inspect(Inspect),
    /// Draft a country's files from an export; what it does not tell is marked as unknown or ASSUMED
    New(New),
}

/// A check of files.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// A country's folder, or a folder of countries
    pub(crate) path: PathBuf,
    /// Check this folder's raw files, too, against one country's codebook and wave: unknown codes, missing columns, and all else that
    /// a run would find before it counts
    #[arg(long, value_name = "DIR")]
    pub(crate) raw: Option<PathBuf>,
    /// The wave of the raw files, by the year in which its window ends [default: the newest]
    #[arg(long, value_name = "YEAR", value_parser = wave, requires = "raw")]
    pub(crate) wave: Option<WaveId>,
}

/// A publication run.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// The country's folder, or a folder of countries
    pub(crate) path: PathBuf,
    /// The wave, by the year in which its window ends [default: the newest; in a folder of countries, all]
    #[arg(long, value_name = "YEAR", value_parser = wave)]
    pub(crate) wave: Option<WaveId>,
    /// The folder of raw files; {country} and {wave} in it stand for each edition's [default: raw/YEAR in the country's folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) raw: Option<PathBuf>,
    /// The folder that takes COUNTRY/YEAR/
    #[arg(long, value_name = "DIR", default_value = "out")]
    pub(crate) out: PathBuf,
    /// A private folder for intermediate files; they are removed at the end [default: the system's folder for temporary files]
    #[arg(long, value_name = "DIR")]
    pub(crate) work: Option<PathBuf>,
    /// Languages to render [default: all of the country]
    #[arg(long, value_name = "LANG,..", value_delimiter = ',', value_parser = language)]
    pub(crate) lang: Option<Vec<Language>>,
    /// Threads; the output does not depend on it [default: one per core]
    #[arg(long, value_name = "N", value_parser = threads)]
    pub(crate) threads: Option<NonZeroUsize>,
    /// The most memory that the SQL engine may take, such as 2GiB [default: all there is]
    #[arg(long, value_name = "SIZE", value_parser = memory)]
    pub(crate) memory: Option<NonZeroUsize>,
    #[command(flatten)]
    pub(crate) release: ReleaseTime,
    /// How progress and results are written
    #[arg(long, value_enum, default_value_t = LogFormat::Text)]
    pub(crate) format: LogFormat,
}

/// A report while it is written. Nothing is published, and nothing but this machine can look at it.
#[derive(Debug, Args)]
pub(crate) struct Preview {
    /// The country's folder
    pub(crate) path: PathBuf,
    /// The wave, by the year in which its window ends [default: the newest]
    #[arg(long, value_name = "YEAR", value_parser = wave)]
    pub(crate) wave: Option<WaveId>,
    /// The folder of raw files [default: raw/YEAR in the country's folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) raw: Option<PathBuf>,
    /// A private folder for intermediate files; they are removed at once [default: the system's folder for temporary files]
    #[arg(long, value_name = "DIR")]
    pub(crate) work: Option<PathBuf>,
    /// Languages to render [default: all of the country]
    #[arg(long, value_name = "LANG,..", value_delimiter = ',', value_parser = language)]
    pub(crate) lang: Option<Vec<Language>>,
    /// Threads [default: one per core]
    #[arg(long, value_name = "N", value_parser = threads)]
    pub(crate) threads: Option<NonZeroUsize>,
    /// The port of 127.0.0.1 to listen on; 0 is any that is free
    #[arg(long, value_name = "N", default_value_t = 8019)]
    pub(crate) port: u16,
}

/// A synthetic export.
#[derive(Debug, Args)]
pub(crate) struct Twin {
    /// The country's folder; its twin/YEAR.toml tells the margins
    pub(crate) path: PathBuf,
    /// The wave
    #[arg(long, value_name = "YEAR", value_parser = wave)]
    pub(crate) wave: WaveId,
    /// Another seed gives other answers with the same margins [default: the wave's year]
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Complete answers to make [default: as many as the wave had]
    #[arg(long, value_name = "N")]
    pub(crate) rows: Option<NonZeroUsize>,
    /// The folder that takes the files
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
}

/// A look into a file. Answers in respondents' own words, and what identifies them, are never shown.
#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// The survey tool's export
    pub(crate) file: PathBuf,
    /// Count the rows of each code, a line for each
    #[arg(long)]
    codes: bool,
    /// How to print; JSON holds everything
    #[arg(long, value_enum, default_value_t = InspectFormat::Table)]
    pub(crate) format: InspectFormat,
}

impl Inspect {
    /// Whether the table lists codes.
    pub(crate) fn codes(&self) -> Codes {
        if self.codes { Codes::Listed } else { Codes::LeftOut }
    }
}

/// Whether a table lists the codes of each column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Codes {
    /// A line for each.
    Listed,
    /// Only in the column's own line.
    LeftOut,
}

/// How to print what a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum InspectFormat {
    /// For people
    Table,
    /// For programs
    Json,
}

/// A country's first files.
#[derive(Debug, Args)]
pub(crate) struct New {
    /// The country's code of three letters, or another short name
    #[arg(value_name = "ISO3", value_parser = country)]
    pub(crate) country: CountryId,
    /// The survey tool's export
    #[arg(long, value_name = "FILE")]
    pub(crate) from_export: PathBuf,
    /// The folder of countries; the new one is ISO3 in it and must not be there
    #[arg(long, value_name = "DIR", default_value = "pipelines")]
    pub(crate) pipelines: PathBuf,
    /// The wave, by the year in which its window ends [default: the last year in the export's name]
    #[arg(long, value_name = "YEAR", value_parser = wave)]
    pub(crate) wave: Option<WaveId>,
    /// Languages of the report
    #[arg(long, value_name = "LANG,..", value_delimiter = ',', value_parser = language, default_value = "en")]
    pub(crate) lang: Vec<Language>,
    /// The column that identifies the unit [default: the tool's, or the first with a value of its own in every row]
    #[arg(long, value_name = "COL")]
    pub(crate) unit: Option<String>,
}

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

const ESTIMATE: &str = "Expressions are SQL over the file's columns; a name that is no word stands in double quotes: \
'\"Q1 x\" = 2 AND region IN (''north'', ''east'')'.

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
    /// Columns of replicate weights: a pattern in which * stands for anything and ? for one character
    #[arg(long, value_name = "PATTERN", requires = "replicate_method")]
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
    #[arg(long, value_name = "EXPR")]
    pub(crate) mean: Vec<String>,
    /// Share for which a condition holds, or of each level of a column of text or --categories
    #[arg(long, value_name = "EXPR")]
    pub(crate) share: Vec<String>,
    /// Total of a number
    #[arg(long, value_name = "EXPR")]
    pub(crate) total: Vec<String>,
    /// Ratio of two totals
    #[arg(long, value_name = "NUM/DEN")]
    pub(crate) ratio: Vec<String>,
    /// Quantile of a number, such as income:0.5
    #[arg(long, value_name = "EXPR:P")]
    pub(crate) quantile: Vec<String>,
    /// Difference of a mean or share between two groups, such as income:region=north,east
    #[arg(long, value_name = "EXPR:COL=A,B")]
    pub(crate) diff: Vec<String>,
    /// Rao-Scott test of independence of two columns
    #[arg(long, value_name = "ROW,COL")]
    pub(crate) test: Vec<String>,
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
        _ => {}
    }
    let wanted = "it is refuse, certainty, centre, average, or collapse:FROM=INTO with the values of the stratum columns, \
                  several joined by \" x \"";
    let pairs = text.strip_prefix("collapse:").ok_or(wanted)?;
    let key = |text: &str| text.split(" x ").map(|part| part.trim().to_owned()).collect::<Vec<_>>();
    let pair = |pair: &str| pair.split_once('=').map(|(from, into)| (key(from), key(into))).ok_or(wanted);
    Ok(pipeline::Lonely::Collapse(pairs.split(',').map(pair).collect::<Result<_, _>>()?))
}

fn threads(text: &str) -> Result<NonZeroUsize, String> {
    text.parse().map_err(|_| "expected a whole number of threads, at least 1".to_owned())
}

fn wave(text: &str) -> Result<WaveId, String> {
    WaveId::new(text).map_err(|error| error.to_string())
}

/// Codes of countries are mostly written in capitals, folders are not.
fn country(text: &str) -> Result<CountryId, String> {
    CountryId::new(&text.to_ascii_lowercase()).map_err(|error| error.to_string())
}

fn language(text: &str) -> Result<Language, String> {
    Language::new(text).map_err(|error| error.to_string())
}
