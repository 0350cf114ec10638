//! What may be asked on the command line.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use codebook::{Language, WaveId};

/// From the raw export of a survey to a published report.
#[derive(Debug, Parser)]
#[command(name = "barometer", version, max_term_width = 100, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done, 1 failed, 2 usage, 3 findings in data or configuration, 4 a claim is about a hidden \
number, 5 a claim does not hold, 8 another run is at work on the same edition";

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check a country's files (or those of every country in a folder): every finding, at once
    Check {
        /// A country's folder, or a folder of countries
        path: PathBuf,
    },
    /// Build a wave's report from the raw export
    Run(Run),
    /// Make a synthetic raw export from the codebook and published margins
    Twin(Twin),
}

/// A publication run.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// The country's folder
    pub(crate) path: PathBuf,
    /// The wave, by the year in which its window ends [default: the newest]
    #[arg(long, value_name = "YEAR", value_parser = wave)]
    pub(crate) wave: Option<WaveId>,
    /// The folder of raw files [default: raw/YEAR in the country's folder]
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
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
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

fn wave(text: &str) -> Result<WaveId, String> {
    WaveId::new(text).map_err(|error| error.to_string())
}

fn language(text: &str) -> Result<Language, String> {
    Language::new(text).map_err(|error| error.to_string())
}
