//! Texts of a published edition that a run changes in its place. That is allowed, since no number that readers have changes, and it is not to happen unawares.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use codebook::{Finding, Standing};

use super::file;
use crate::manifest::{MANIFEST, ManifestFile};
use crate::released::RecordedManifest;
use crate::run::plan::Plan;

/// A warning where the texts and pages of the release that stands are not those that it would have now, with what makes a corrected edition of them instead.
pub(super) fn mended(folder: &Path, plan: &Plan) -> Option<Finding> {
    if plan.wave().standing == Standing::Draft {
        return None;
    }
    let published: RecordedManifest = serde_json::from_slice(&fs::read(folder.join(MANIFEST)).ok()?).ok()?;
    let below = format!("report/{}/", plan.wave);
    let texts = |files: &[ManifestFile]| -> BTreeMap<String, String> {
        let is_text = |file: &&ManifestFile| file.path.starts_with(&below) && !file.path.ends_with("/errata.toml");
        files.iter().filter(is_text).map(|file| (file.path.clone(), file.sha256.clone())).collect()
    };
    let (before, now) = (texts(&published.inputs), texts(&plan.inputs));
    let mut changed: Vec<&str> = Vec::new();
    changed
        .extend(now.iter().filter(|(path, digest)| before.get(*path) != Some(digest)).map(|(path, _)| path.as_str()));
    changed.extend(before.keys().filter(|path| !now.contains_key(*path)).map(String::as_str));
    if changed.is_empty() {
        return None;
    }
    let (edition, next) = (plan.edition(), plan.edition().next());
    let message = format!(
        "{} is published, and other words than readers have come into its place: {}; every number stays",
        folder.display(),
        changed.join(", ")
    );
    let help = format!(
        "for a slip of the pen nothing is to be done; if readers were told something wrong, tell it in this file as edition {next}, with pages = [\"…\"], and \
         {edition} stays as it was"
    );
    Some(Finding::warning(file(plan), "mended-texts", message).hint(help))
}
