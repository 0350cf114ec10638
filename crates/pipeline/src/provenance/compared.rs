//! Where a file of a comparison over countries comes from: its own files, those of the countries that it names, and the releases that numbers were taken from.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::{Provenance, sources};
use crate::PipelineError;
use crate::comparison::{inputs_of_comparison, releases_around};
use crate::manifest::{MANIFEST, ManifestFile, digest};
use crate::released::Released;

pub(super) fn provenance(
    path: String,
    released: &Released,
    folder: Option<&Path>,
) -> Result<Provenance, PipelineError> {
    let manifest = &released.manifest;
    let found = folder.map(inputs_of_comparison).transpose()?;
    let by_path = |files: &Vec<ManifestFile>| -> BTreeMap<String, String> {
        files.iter().map(|file| (file.path.clone(), file.sha256.clone())).collect()
    };
    let found: Option<BTreeMap<String, String>> = found.as_ref().map(by_path);
    let found: Option<BTreeMap<&str, &str>> =
        found.as_ref().map(|files| files.iter().map(|(path, digest)| (path.as_str(), digest.as_str())).collect());
    let recorded = manifest.inputs.iter().map(|file| (file.path.as_str(), file.sha256.as_str()));
    let mut inputs = sources(recorded, found.as_ref());
    let pages = pages(released);
    inputs.retain(|source| feeds(&source.path, &path, &pages));
    let page = page_of(&path, &pages);
    let listed = manifest.outputs.iter().find(|output| output.path == path);
    let bytes = released.files.get(&path);
    let releases = if inputs.iter().any(|source| !source.path.starts_with("templates/")) {
        releases(released)
    } else {
        Vec::new()
    };
    Ok(Provenance {
        intact: listed.zip(bytes).map(|(listed, bytes)| *listed == ManifestFile::of(&path, bytes)),
        themes: page.into_iter().map(str::to_owned).collect(),
        path,
        release: released.folder.clone(),
        country: manifest.country.clone(),
        wave: manifest.wave,
        published: manifest.published.clone(),
        made_by: manifest.barometer.clone(),
        synthetic: manifest.data.is_some(),
        claims: Vec::new(),
        tables: Vec::new(),
        statements: Vec::new(),
        inputs,
        raw: Vec::new(),
        releases,
        country_at_hand: folder.is_some(),
    })
}

/// The names of the comparison's pages, by the files that state them.
fn pages(released: &Released) -> BTreeSet<&str> {
    let inputs = released.manifest.inputs.iter();
    let named = inputs.filter_map(|file| file.path.strip_prefix("report/")?.strip_suffix(".toml"));
    named.filter(|name| !["facts", "errata"].contains(name)).collect()
}

/// The page that a file of the release is, if it is one.
fn page_of<'p>(path: &str, pages: &BTreeSet<&'p str>) -> Option<&'p str> {
    let name = path.rsplit('/').next().unwrap_or(path).strip_suffix(".html")?;
    pages.get(name).copied()
}

/// Whether a file of the release was made from an input: a page from no other page's files, the stylesheet from templates alone, anything else from all.
fn feeds(input: &str, path: &str, pages: &BTreeSet<&str>) -> bool {
    if path.contains("assets/") {
        return input.starts_with("templates/");
    }
    let of_page = input.strip_prefix("report/").and_then(|file| pages.get(file.split('.').next().unwrap_or(file)));
    page_of(path, pages).is_none_or(|page| of_page.is_none_or(|of| *of == page))
}

/// The releases that numbers were taken from, against those that lie beside the comparison today.
fn releases(released: &Released) -> Vec<super::Source> {
    let used = &released.manifest.releases;
    let out = releases_around(&released.folder);
    let names: Vec<String> = used.iter().map(|it| format!("{}/{}", it.country, it.edition)).collect();
    let today: Vec<Option<String>> =
        names.iter().map(|name| fs::read(out.join(name).join(MANIFEST)).ok().map(|bytes| digest(&bytes))).collect();
    let found =
        names.iter().zip(&today).filter_map(|(name, digest)| Some((name.as_str(), digest.as_deref()?))).collect();
    let recorded = names.iter().zip(used).map(|(name, used)| (name.as_str(), used.manifest.as_str()));
    sources(recorded, Some(&found))
}
