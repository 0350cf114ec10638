//! What may be asked of releases that are there already.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::threads;

/// A proof.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The release: a folder with a manifest.json, such as out/abc/2019
    pub(crate) release: PathBuf,
    /// The country's folder, from which the release is made again [default: pipelines/COUNTRY]
    #[arg(long, value_name = "DIR")]
    pub(crate) country: Option<PathBuf>,
    /// The folder of raw files [default: raw/YEAR in the country's folder; where there is none, the published tables are what is started from]
    #[arg(long, value_name = "DIR")]
    pub(crate) raw: Option<PathBuf>,
    /// Compare the files with the manifest and make nothing again
    #[arg(long, conflicts_with_all = ["country", "raw"])]
    files_only: bool,
    /// A private folder for intermediate files; they are removed at the end [default: the system's folder for temporary files]
    #[arg(long, value_name = "DIR")]
    pub(crate) work: Option<PathBuf>,
    /// Threads; the output does not depend on it [default: one per core]
    #[arg(long, value_name = "N", value_parser = threads)]
    pub(crate) threads: Option<NonZeroUsize>,
    /// How to print
    #[arg(long, value_enum, default_value_t = TextFormat::Text)]
    pub(crate) format: TextFormat,
}

impl Verify {
    /// The country's folder that the release is made from again.
    pub(crate) fn country_folder(&self) -> pipeline::CountryFolder {
        if self.files_only { pipeline::CountryFolder::None } else { country_folder(self.country.as_ref()) }
    }
}

/// An attack.
#[derive(Debug, Args)]
pub(crate) struct Audit {
    /// The release: a folder with a manifest.json, such as out/abc/2019
    pub(crate) release: PathBuf,
    /// Another edition whose numbers a reader has as well; of a comparison over countries, the folder of releases that it was made from
    #[arg(long, value_name = "RELEASE")]
    pub(crate) against: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t = AuditFormat::Table)]
    pub(crate) format: AuditFormat,
}

/// How to print what an attack found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AuditFormat {
    /// What can be derived and how, for a terminal
    Table,
    /// The same for programs
    Json,
}

/// Two releases compared.
#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The old release
    pub(crate) old: PathBuf,
    /// The new release
    pub(crate) new: PathBuf,
    /// How to print
    #[arg(long, value_enum, default_value_t = DiffFormat::Table)]
    pub(crate) format: DiffFormat,
}

/// The release calendar.
#[derive(Debug, Args)]
pub(crate) struct Calendar {
    /// The folder of a country or of a comparison, or one of several
    pub(crate) path: PathBuf,
    /// How to write it
    #[arg(long, value_enum, default_value_t = CalendarForm::Html)]
    pub(crate) format: CalendarForm,
}

/// How to write the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CalendarForm {
    /// A page
    Html,
    /// iCalendar, for calendars
    Ical,
    /// Atom, for feed readers
    Atom,
}

/// A file of a release.
#[derive(Debug, Args)]
pub(crate) struct Why {
    /// The file, where it lies in its release: out/abc/2019/index.html
    pub(crate) file: PathBuf,
    /// The country's folder, to tell what has changed since [default: pipelines/COUNTRY, if it is there]
    #[arg(long, value_name = "DIR")]
    pub(crate) country: Option<PathBuf>,
    /// The folder of raw files [default: raw/YEAR in the country's folder, if it is there]
    #[arg(long, value_name = "DIR")]
    pub(crate) raw: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t = TextFormat::Text)]
    pub(crate) format: TextFormat,
}

impl Why {
    /// The country's folder that the release is compared with.
    pub(crate) fn country_folder(&self) -> pipeline::CountryFolder {
        country_folder(self.country.as_ref())
    }
}

fn country_folder(given: Option<&PathBuf>) -> pipeline::CountryFolder {
    given.map_or_else(
        || pipeline::CountryFolder::In(PathBuf::from("pipelines")),
        |folder| pipeline::CountryFolder::Given(folder.clone()),
    )
}

/// How to print what is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TextFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

/// How to print a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// What changed, for a terminal
    Table,
    /// Every figure, for programs
    Json,
    /// What changed, for a merge request or a mail
    Markdown,
    /// What changed, as a page
    Html,
}
