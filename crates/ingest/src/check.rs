//! The checks, and what passes them.

use codebook::{Country, Finding, FrameCount, StratumAnswers, Wave};

/// A raw file as the caller read it.
#[derive(Debug, Clone)]
pub struct RawFile {
    /// The path that findings show.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What came in, for the method page and the run's lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// Rows of the export, the header not counted.
    pub rows: u64,
    /// Rows that the completion rule leaves out.
    pub incomplete: u64,
    /// Usable answers.
    pub answers: u64,
    /// Columns of the export.
    pub columns: u64,
    /// Columns that no variable reads; they are not written.
    pub unused_columns: u64,
}

/// A wave whose every cell is what the codebook says it may be. Only [`check`] makes one.
///
/// The columns of its Parquet file, rows sorted by stratum and unit key:
/// `__unit` (int64, the row's number in that order), `__stratum` (int32, index into [`CheckedWave::strata`]), `__psu` (int32, number of the PSU in
/// the order of its key; absent where units are PSUs), `__weight` (decimal; absent unless weights are supplied), then every variable that is not
/// derived, in codebook order: categories as text codes, numbers as decimals, dates as date32; free text is left out. A variable that can
/// be missing has a column `<variable>__missing` with `not_asked`, `refused`, `blank` or null beside it.
#[derive(Debug, Clone)]
pub struct CheckedWave {
    strata: Vec<StratumAnswers>,
    frame: Option<Vec<FrameCount>>,
    summary: Summary,
}

impl CheckedWave {
    /// The strata that have usable answers, sorted by key.
    #[must_use]
    pub fn strata(&self) -> &[StratumAnswers] {
        &self.strata
    }

    /// Units of the population by stratum key, sorted, if the wave has a frame table.
    #[must_use]
    pub fn frame(&self) -> Option<&[FrameCount]> {
        self.frame.as_deref()
    }

    /// What came in.
    #[must_use]
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// The Parquet file, the same bytes for the same answers: fixed row-group size, compression and `created_by`.
    /// The schema's metadata tells wave, country, synthetic mark, labels, codes and question texts.
    ///
    /// # Errors
    /// When Parquet cannot be encoded.
    pub fn parquet(&self) -> Result<Vec<u8>, crate::IngestError> {
        todo!()
    }
}

/// Reads and checks one wave's raw files. `files` holds at least those that the wave names, by their names there.
/// The wave is there unless a finding is an error. All findings at once, sorted by place.
#[must_use]
pub fn check(country: &Country, wave: &Wave, files: &[RawFile]) -> (Option<CheckedWave>, Vec<Finding>) {
    let _ = (country, wave, files);
    todo!()
}
