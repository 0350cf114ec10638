//! An edition that was published before, as it lies on the disk: what a correction is made beside.

use std::path::Path;

use codebook::{EditionId, Finding, Place, WaveId};
use disclose::{Corrections, Former, Published};

use super::{Corrected, Plan, cell, changed, place_of};
use crate::diff::ShownNumbers;
use crate::load::shown;
use crate::manifest::{CORRECTIONS, CorrectedEdition, STORE, digest};
use crate::released::{FigureName, Released, ReleasedTables};
use crate::{FileChanges, PipelineError};

/// An edition that was published before, as it lies on the disk.
#[derive(Debug, Clone)]
pub(crate) struct EarlierEdition {
    pub(super) edition: EditionId,
    pub(super) released: Released,
    pub(super) tables: ReleasedTables,
    corrections: Corrections,
}

impl EarlierEdition {
    /// Reads it.
    ///
    /// # Errors
    /// A finding when it is not there, or not as it was published.
    pub(super) fn read(folder: &Path, edition: EditionId) -> Result<Self, Box<Finding>> {
        let wrong = |message: String| Box::new(no_basis(folder, message));
        let released = Released::open(folder).map_err(|error| {
            if matches!(error, PipelineError::Usage { .. }) {
                return wrong(format!("edition {edition} is not here, and it is the one that is corrected"));
            }
            wrong(format!("edition {edition} cannot be read: {error}"))
        })?;
        let store = released.files.get(STORE).map(Vec::as_slice).unwrap_or_default();
        if digest(store) != released.manifest.seal {
            return Err(wrong(format!(
                "the published tables of edition {edition} were changed after they were sealed"
            )));
        }
        // A file that somebody put beside them, such as one for a web server, is none of the edition.
        let FileChanges { missing, changed, additional: _ } = released.against_manifest();
        if let Some(path) = changed.first().or(missing.first()) {
            let files = changed.len() + missing.len();
            let message = format!("{files} of its files are not as its manifest lists them, the first is {path}");
            return Err(wrong(format!("edition {edition} is not as it was published: {message}")));
        }
        let tables = ReleasedTables::read(store).map_err(|error| {
            wrong(format!("the published tables of edition {edition} cannot be understood: {error}"))
        })?;
        let corrections = match released.files.get(CORRECTIONS) {
            None => Corrections::default(),
            Some(bytes) => Corrections::from_stored(bytes)
                .map_err(|error| wrong(format!("what edition {edition} corrected cannot be understood: {error}")))?,
        };
        Ok(Self { edition, released, tables, corrections })
    }

    /// Every edition before this one, the first one last, each the one that the next one says it corrects.
    ///
    /// # Errors
    /// A finding about the newest that is not there, or not as it was published.
    pub(super) fn all_before(out: &Path, plan: &Plan) -> Result<Vec<Self>, Box<Finding>> {
        let mut editions: Vec<Self> = Vec::new();
        let mut next = plan.edition().corrects();
        while let Some(edition) = next {
            let earlier = Self::read(&place_of(out, plan, edition), edition)?;
            if let Some(later) = editions.last() {
                let corrected = later.released.manifest.corrects.as_ref();
                if corrected.is_none_or(|corrected| corrected.seal != earlier.released.manifest.seal) {
                    let message = format!("edition {} corrected another {edition} than this one", later.edition);
                    return Err(Box::new(no_basis(&earlier.released.folder, message)));
                }
            }
            editions.push(earlier);
            next = edition.corrects();
        }
        Ok(editions)
    }

    pub(super) fn corrected(&self, edition: EditionId, now: &ReleasedTables, published: &Published) -> Corrected {
        let changes = changed(&self.tables, now);
        let counted = changes.iter().map(|change| (&change.name, change.old.and_then(former)));
        let printed = self.tables.printed_before(now);
        let printed =
            printed.iter().map(|(name, then)| (name, then.map(|(estimate, n)| Former::printed(estimate.parts(), n))));
        let of_wave = |name: &FigureName| {
            let wave = name.wave.as_deref().map(WaveId::new).transpose().ok()?;
            Some((wave, cell(name)?))
        };
        let cells = counted.chain(printed).filter_map(|(name, former)| Some((of_wave(name)?, former)));
        Corrected {
            corrections: Corrections::new(self.corrections.clone(), edition, cells, published),
            edition: Some(CorrectedEdition {
                edition: self.edition.to_string(),
                seal: self.released.manifest.seal.clone(),
            }),
            before: Vec::new(),
        }
    }
}

/// The numbers that stood there; a release of a country has limits and answers of each.
fn former(ShownNumbers { estimate, low, high, n, se: _ }: ShownNumbers) -> Option<Former> {
    Some(Former::new([estimate.parts(), low?.parts(), high?.parts()], n?))
}

/// An edition that nothing can be made beside.
fn no_basis(folder: &Path, message: String) -> Finding {
    let finding = Finding::error(Place::File { file: shown(folder) }, "no-earlier-edition", message);
    finding.hint("a corrected edition is made beside the one it corrects: put that back here as it was published")
}
