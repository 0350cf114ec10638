//! What happens during a run, for the caller to put into words.

mod log;

use std::path::Path;

use codebook::{Finding, TableId, WaveId};
use disclose::Withheld;

use crate::Steps;

pub use log::summary_line;

/// One thing that happened. Events come in the order of the steps.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// Something to know that does not stop the run.
    Warning(&'a Finding),
    /// The country's files and narratives were read.
    Planned {
        /// The country's folder name.
        country: &'a str,
        /// The wave that is built.
        wave: WaveId,
        /// Tables to make.
        tables: usize,
        /// Wordings of claims to check.
        wordings: usize,
    },
    /// The raw files were checked.
    Checked(&'a ingest::Summary),
    /// Weights were made.
    Weighted {
        /// Strata with answers.
        strata: usize,
        /// Units of the population, if known.
        population: Option<u64>,
    },
    /// Sums were made.
    Summed {
        /// SQL statements that were run.
        statements: usize,
    },
    /// Estimates were made.
    Estimated {
        /// Cells, hidden ones included.
        cells: usize,
    },
    /// Nothing was counted anew: the estimates are those that an earlier run kept of the same answers.
    Recalled {
        /// Cells, hidden ones included.
        cells: usize,
    },
    /// An earlier wave stands beside that of the report.
    Beside {
        /// The wave.
        wave: WaveId,
        /// Its answers, which were counted again; `None` where only what was printed of it is at hand.
        answers: Option<u64>,
    },
    /// A part of a table is not published.
    Withheld {
        /// The table.
        table: &'a TableId,
        /// Which part, and why.
        part: &'a Withheld,
    },
    /// Every table passed the barrier, and every claim holds.
    Disclosed {
        /// Cells that show numbers.
        shown: usize,
        /// Cells or parts that do not.
        hidden: usize,
    },
    /// The editor's proof sheet is written.
    Proofread {
        /// The sheet, outside the release.
        file: &'a Path,
        /// Sentences on it.
        sentences: usize,
    },
    /// What is made is a draft.
    Drafted {
        /// The moment of release, as the wave's file writes it.
        release_at: Option<&'a str>,
        /// The SHA-256 that the manifest of the release will have if nothing changes, for an approval to name.
        manifest: &'a str,
    },
    /// The release is in its place.
    Released {
        /// Its folder.
        folder: &'a Path,
        /// Its files.
        files: usize,
    },
    /// The release that stands is the one that would be made; nothing was written.
    Unchanged {
        /// Its folder.
        folder: &'a Path,
    },
    /// Which steps were carried out, and which an earlier run had spared this one.
    Steps(&'a Steps),
    /// Of several editions one more is done, built or not.
    Ended {
        /// Whether it was built.
        built: bool,
        /// How many are done, this one included.
        ended: usize,
        /// How many there are.
        all: usize,
    },
}
