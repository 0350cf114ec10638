//! Proving a comparison: it is made again from its folder, the countries beside it and the releases beside it.

use std::path::Path;

use super::{FileChanges, Rebuilt, Verification, digests, languages, mismatches, timing};
use crate::comparison::{ComparisonRequest, made_again, releases_around, understood};
use crate::released::Released;
use crate::{Event, PipelineError};

/// Makes a comparison again and compares every file. What differs only in the digests of inputs or in the version of the program is told by these names,
/// and proves nothing against the files.
pub(super) fn rebuild(
    folder: &Path,
    released: &Released,
    verification: &mut Verification,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<(), PipelineError> {
    let (today, _) = understood(folder)?;
    let today = today.map(|(comparison, _)| comparison.edition_id().to_string());
    if let Some(today) = today.filter(|today| *today != verification.edition) {
        verification.superseded_by = Some(today);
        return Ok(());
    }
    let request = ComparisonRequest {
        folder: folder.to_path_buf(),
        out: releases_around(&released.folder),
        languages: Some(languages(released)?),
        timing: timing(&released.manifest),
    };
    match made_again(&request, released, tell) {
        Ok((inputs, files)) => {
            verification.inputs = Some(FileChanges::between(&digests(&released.manifest.inputs), &digests(&inputs)));
            verification.rebuilt = Rebuilt::FromTables(mismatches(released, &files, None));
        }
        Err(error) => verification.rebuilt = Rebuilt::Failed(error),
    }
    Ok(())
}
