//! What may be asked on the command line.

mod cache;
mod estimate;
mod release;
mod scheduled;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use codebook::{CountryId, Language, WaveId};

use cache::CacheFolder;
pub(crate) use estimate::{Estimate, Format};
pub(crate) use release::{Audit, AuditFormat, Calendar, CalendarForm, Diff, DiffFormat, TextFormat, Verify, Why};
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
    /// Attack a release from its published files alone: which hidden numbers can be derived, from which files, by which arithmetic
    Audit(Audit),
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
    /// List the questionnaire that countries share: items, codes, labels, wordings; one item as TOML, to be copied and changed
    Core(Core),
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
    /// For whom the result is written: findings, and how far each country has come
    #[arg(long, value_enum, default_value = "table", conflicts_with = "raw")]
    pub(crate) format: InspectFormat,
    /// The key of pseudonyms: a file of yours alone, outside any repository, with 64 hexadecimal digits [default: drawn for this check]
    #[arg(long, value_name = "FILE", requires = "raw")]
    pub(crate) key: Option<PathBuf>,
    /// Write the checked answers, and each loop, as Parquet into this new folder. They are microdata, with pseudonyms in place of ids
    #[arg(long, value_name = "DIR", requires = "raw")]
    pub(crate) checked: Option<PathBuf>,
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
    /// The key of pseudonyms: a file of yours alone, outside any repository, with 64 hexadecimal digits. Nothing that is published
    /// depends on it [default: drawn for this run]
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
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
    #[command(flatten)]
    pub(crate) cache: CacheFolder,
    /// How progress and results are written
    #[arg(long, value_enum, default_value_t = LogFormat::Text)]
    pub(crate) format: LogFormat,
}

/// A report while it is written. Nothing is published, and nothing but this machine can look at it.
#[derive(Debug, Args)]
pub(crate) struct Preview {
    /// The folder of a country, or of a comparison over countries
    pub(crate) path: PathBuf,
    /// The wave, by the year in which its window ends [default: the newest]
    #[arg(long, value_name = "YEAR", value_parser = wave)]
    pub(crate) wave: Option<WaveId>,
    /// The folder of raw files [default: raw/YEAR in the country's folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) raw: Option<PathBuf>,
    /// The folder of releases: a corrected edition is shown with what it corrects of the one there; nothing is written to it
    #[arg(long, value_name = "DIR", default_value = "out")]
    pub(crate) out: PathBuf,
    /// A private folder for intermediate files; they are removed at once [default: the system's folder for temporary files]
    #[arg(long, value_name = "DIR")]
    pub(crate) work: Option<PathBuf>,
    /// Languages to render [default: all of the country]
    #[arg(long, value_name = "LANG,..", value_delimiter = ',', value_parser = language)]
    pub(crate) lang: Option<Vec<Language>>,
    /// Threads [default: one per core]
    #[arg(long, value_name = "N", value_parser = threads)]
    pub(crate) threads: Option<NonZeroUsize>,
    #[command(flatten)]
    pub(crate) cache: CacheFolder,
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

/// The shared questionnaire.
#[derive(Debug, Args)]
pub(crate) struct Core {
    /// An item, an item of a battery (values_quality), or a list of codes [default: all, a line for each]
    pub(crate) item: Vec<String>,
    /// Its version [default: the newest]
    #[arg(long, value_name = "VERSION")]
    pub(crate) version: Option<String>,
    /// Languages of its texts [default: en; in JSON and of single items all]
    #[arg(long, value_name = "LANG,..", value_delimiter = ',', value_parser = language)]
    pub(crate) lang: Vec<Language>,
    /// How to print; JSON holds everything
    #[arg(long, value_enum, default_value_t = InspectFormat::Table)]
    pub(crate) format: InspectFormat,
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

/// More threads than the largest machines have cores only cost time, and some thousands never end.
const THREADS_AT_MOST: usize = 512;

fn threads(text: &str) -> Result<NonZeroUsize, String> {
    let number: Option<NonZeroUsize> = text.parse().ok();
    number
        .filter(|number| number.get() <= THREADS_AT_MOST)
        .ok_or_else(|| format!("expected a whole number of threads, from 1 to {THREADS_AT_MOST}"))
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
