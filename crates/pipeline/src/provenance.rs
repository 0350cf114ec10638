//! What a file of a release was made from, and what of that has changed since.
//!
//! The manifest tells the inputs; which of them a file needs follows from its place in the release and, where the country's folder is at hand, from
//! what its themes and tables say today. Digests tell what changed, never dates.

mod compared;
mod part;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use codebook::{Country, Theme, Wave, WaveId};
use serde::Serialize;

use part::{Asked, Part, feeds, holds_table, holds_theme, part, shows_earlier};

use crate::PipelineError;
use crate::load::{load, shown};
use crate::manifest::{ManifestFile, RawManifestFile, STATEMENTS};
use crate::released::Released;
use crate::run::{entries_of_earlier, inputs_of, placed, raw_entries, raw_folder_of_earlier, tables_of, wave_name};
use crate::verify::CountryFolder;

/// What is asked about a file.
#[derive(Debug, Clone)]
pub struct WhyRequest {
    /// The file, where it lies in its release.
    pub file: PathBuf,
    /// The country's folder that the release is compared with.
    pub from: CountryFolder,
    /// The folder of raw files; `None` is `raw/<year>` in the country's folder, if it is there.
    pub raw: Option<PathBuf>,
}

/// What became of something that a file was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Since {
    /// It is as it was.
    Same,
    /// It holds something else.
    Changed,
    /// It is not there any more.
    Gone,
    /// It was not there.
    New,
    /// It is not at hand, so nobody can tell.
    Unknown,
}

/// Something that a file was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Its path below the country's folder, or its name among the raw files.
    pub path: String,
    /// What became of it.
    pub since: Since,
}

/// Where a file of a release comes from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Provenance {
    /// Its path below the release.
    pub path: String,
    /// The release's folder.
    pub release: PathBuf,
    /// The country.
    pub country: String,
    /// The wave.
    pub wave: u16,
    /// The day of publication.
    pub published: String,
    /// The version of the program that made it.
    pub made_by: String,
    /// Whether the answers are made up.
    pub synthetic: bool,
    /// Whether the file is as the manifest lists it; `None` if the manifest does not list it.
    pub intact: Option<bool>,
    /// The themes whose texts it holds.
    pub themes: Vec<String>,
    /// The claims that these make.
    pub claims: Vec<String>,
    /// The tables whose numbers it holds.
    pub tables: Vec<String>,
    /// The SQL statements that these were counted with.
    pub statements: Vec<String>,
    /// The country's files that it was made from.
    pub inputs: Vec<Source>,
    /// The raw files that it was made from.
    pub raw: Vec<Source>,
    /// The releases that the numbers of a comparison over countries were taken from, as `abc/2019`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub releases: Vec<Source>,
    /// Whether themes, claims and tables could be told from the country's files.
    pub country_at_hand: bool,
}

impl Provenance {
    /// What is not as it was.
    pub fn changed(&self) -> impl Iterator<Item = &Source> {
        let is_changed = |source: &&Source| match source.since {
            Since::Changed | Since::Gone | Since::New => true,
            Since::Same | Since::Unknown => false,
        };
        self.inputs.iter().chain(&self.raw).chain(&self.releases).filter(is_changed)
    }

    /// Everything, as JSON.
    ///
    /// # Panics
    /// Never: texts are JSON.
    #[must_use]
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("texts are JSON") + "\n"
    }
}

/// Tells where a file of a release comes from.
///
/// # Errors
/// When the file is not there or in no release; findings when the release's manifest cannot be understood.
///
/// # Panics
/// Never: the release's folder is above the file.
pub fn why(request: &WhyRequest) -> Result<Provenance, PipelineError> {
    let file = &request.file;
    let usage = |message: String| PipelineError::Usage { message };
    let folder = Released::around(file).filter(|_| file.is_file()).ok_or_else(|| {
        usage(format!("{} is no file of a release: name one such as out/abc/2019/index.html", file.display()))
    })?;
    // The release may be the folder that one stands in.
    let released = Released::open(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })?;
    let below = file.strip_prefix(folder).expect("the folder is above the file");
    let path = shown(below);
    let at_hand = request.from.of(&released.manifest.country);
    if released.is_comparison() {
        return compared::provenance(path, &released, at_hand.as_deref());
    }
    let country =
        at_hand.as_deref().map(|folder| AtHand::read(folder, &released, request.raw.as_deref())).transpose()?;
    Ok(provenance(path, &released, country.as_ref()))
}

/// The country's folder of today.
struct AtHand {
    inputs: Vec<ManifestFile>,
    country: Option<Country>,
    raw: Option<Vec<RawManifestFile>>,
    /// The earlier waves that its files make the edition show.
    earlier: BTreeSet<String>,
    /// Those whose raw files are at hand.
    earlier_raw: BTreeSet<String>,
}

impl AtHand {
    fn read(folder: &Path, released: &Released, raw: Option<&Path>) -> Result<Self, PipelineError> {
        let files = load(folder)?;
        let (country, _) = Country::read(&shown(folder), &files);
        let year = released.manifest.wave.to_string();
        let wave = |year: &str| country.as_ref().and_then(|country| country.waves.get(&WaveId::new(year).ok()?));
        let own = raw.map_or_else(|| folder.join("raw").join(&year), Path::to_path_buf);
        let own = wave(&year).map(|wave| (placed(&own, wave_name(wave)), wave)).filter(|(place, _)| place.is_dir());
        let mut entries = own.map(|(place, wave)| raw_entries(&place, wave)).transpose()?;
        let needed = wave(&year).map(|wave| disclose::needed_of_earlier(&wave.themes)).unwrap_or_default();
        let earlier = needed.into_keys().map(|wave| wave.to_string()).collect();
        // Those of earlier waves stand in the manifest below the year.
        let mut earlier_raw = BTreeSet::new();
        for year in recorded_earlier(released).union(&earlier) {
            let Some(wave) = wave(year) else { continue };
            let place = raw_folder_of_earlier(folder, raw, wave_name(wave));
            if let Some(entries) = entries.as_mut().filter(|_| place.is_dir()) {
                entries.extend(entries_of_earlier(wave, &raw_entries(&place, wave)?));
                earlier_raw.insert(year.clone());
            }
        }
        Ok(Self { inputs: inputs_of(folder, &files), country, raw: entries, earlier, earlier_raw })
    }
}

/// The earlier waves whose raw files a manifest lists.
fn recorded_earlier(released: &Released) -> BTreeSet<String> {
    released.manifest.raw.iter().filter_map(|file| Some(file.path.split_once('/')?.0.to_owned())).collect()
}

fn provenance(path: String, released: &Released, at_hand: Option<&AtHand>) -> Provenance {
    let manifest = &released.manifest;
    let (part, language) = part(&path, released);
    let year = manifest.wave.to_string();
    let wave = at_hand
        .and_then(|it| it.country.as_ref())
        .and_then(|country| Some((country, country.waves.get(&WaveId::new(&year).ok()?)?)));
    let named = Named::of(&part, wave, released);
    let listed = manifest.outputs.iter().find(|output| output.path == path);
    let bytes = released.files.get(&path);
    let mut earlier = recorded_earlier(released);
    earlier.extend(at_hand.into_iter().flat_map(|it| it.earlier.iter().cloned()));
    let asked = Asked { themes: &named.themes, language: &language, year: &year, earlier: &earlier };
    let feeds = |input: &str| feeds(input, &part, &asked);
    let inputs_at_hand =
        at_hand.map(|it| it.inputs.iter().map(|file| (file.path.as_str(), file.sha256.as_str())).collect());
    let inputs =
        sources(manifest.inputs.iter().map(|file| (file.path.as_str(), file.sha256.as_str())), inputs_at_hand.as_ref());
    let raw_at_hand = at_hand
        .and_then(|it| it.raw.as_ref())
        .map(|raw| raw.iter().map(|file| (file.path.as_str(), file.records_sha256.as_str())).collect());
    let mut raw = sources(
        manifest.raw.iter().map(|file| (file.path.as_str(), file.records_sha256.as_str())),
        raw_at_hand.as_ref(),
    );
    // Of an earlier wave whose folder is not at hand nobody can tell; that it is gone is not known.
    for source in &mut raw {
        let wave = source.path.split_once('/').map(|(wave, _)| wave);
        if wave.zip(at_hand).is_some_and(|(wave, it)| !it.earlier_raw.contains(wave)) {
            source.since = Since::Unknown;
        }
    }
    let has_answers = !matches!(part, Part::Asset(_));
    raw.retain(|source| has_answers && (shows_earlier(&part) || !source.path.contains('/')));
    let inputs = inputs.into_iter().filter(|source| feeds(&source.path)).collect();
    Provenance {
        intact: listed.zip(bytes).map(|(listed, bytes)| *listed == ManifestFile::of(&path, bytes)),
        path,
        release: released.folder.clone(),
        country: manifest.country.clone(),
        wave: manifest.wave,
        published: manifest.published.clone(),
        made_by: manifest.barometer.clone(),
        synthetic: manifest.data.is_some(),
        inputs,
        raw,
        releases: Vec::new(),
        country_at_hand: wave.is_some(),
        themes: named.themes,
        claims: named.claims,
        tables: named.tables,
        statements: named.statements,
    }
}

/// What each recorded file became, and what is new; nobody can tell where nothing is at hand.
fn sources<'a>(
    recorded: impl Iterator<Item = (&'a str, &'a str)>,
    found: Option<&BTreeMap<&str, &str>>,
) -> Vec<Source> {
    let recorded: BTreeMap<&str, &str> = recorded.collect();
    let since = |path: &str, digest: &str| match found {
        None => Since::Unknown,
        Some(found) => match found.get(path) {
            None => Since::Gone,
            Some(found) if *found == digest => Since::Same,
            Some(_) => Since::Changed,
        },
    };
    let mut sources: Vec<Source> =
        recorded.iter().map(|(path, digest)| Source { path: (*path).to_owned(), since: since(path, digest) }).collect();
    let new = found.into_iter().flatten().filter(|(path, _)| !recorded.contains_key(*path));
    sources.extend(new.map(|(path, _)| Source { path: (*path).to_owned(), since: Since::New }));
    sources
}

/// The names of what a file holds.
#[derive(Default)]
struct Named {
    themes: Vec<String>,
    claims: Vec<String>,
    tables: Vec<String>,
    statements: Vec<String>,
}

impl Named {
    fn of(part: &Part, wave: Option<(&Country, &Wave)>, released: &Released) -> Self {
        let statements = statements(released);
        let all = || statements.keys().cloned().collect();
        let Some((country, wave)) = wave else {
            let (themes, tables) = match part {
                Part::Theme(name) | Part::Card(name) => (vec![name.clone()], Vec::new()),
                Part::Table(name) => (Vec::new(), vec![name.clone()]),
                Part::Drawing(_)
                | Part::Statement(_)
                | Part::Asset(_)
                | Part::Numbers
                | Part::Whole
                | Part::Manifest => (Vec::new(), Vec::new()),
            };
            let statements = match part {
                Part::Asset(_) => Vec::new(),
                Part::Statement(name) => vec![name.clone()],
                Part::Table(_) => made_of(&statements, &tables),
                Part::Theme(_) | Part::Card(_) | Part::Drawing(_) | Part::Numbers | Part::Whole | Part::Manifest => {
                    all()
                }
            };
            return Self { themes, tables, statements, claims: Vec::new() };
        };
        let themes: Vec<&Theme> = wave.themes.iter().filter(|theme| holds_theme(part, theme)).collect();
        let tables: Vec<String> = match part {
            Part::Statement(name) => statements.get(name).cloned().unwrap_or_default(),
            Part::Theme(_)
            | Part::Card(_)
            | Part::Drawing(_)
            | Part::Table(_)
            | Part::Asset(_)
            | Part::Numbers
            | Part::Whole
            | Part::Manifest => {
                let held = country.tables.iter().filter(|table| holds_table(part, table, &themes));
                held.map(|table| table.id.to_string()).collect()
            }
        };
        let statements = match part {
            Part::Asset(_) => Vec::new(),
            Part::Statement(name) => vec![name.clone()],
            Part::Numbers | Part::Whole | Part::Manifest => all(),
            Part::Theme(_) | Part::Card(_) | Part::Drawing(_) | Part::Table(_) => made_of(&statements, &tables),
        };
        Self {
            themes: themes.iter().map(|theme| theme.id.to_string()).collect(),
            claims: themes.iter().flat_map(|theme| theme.claims.iter().map(|claim| claim.id.to_string())).collect(),
            tables,
            statements,
        }
    }
}

/// The statements of a release by name, each with the tables that it says it is for.
fn statements(released: &Released) -> BTreeMap<String, Vec<String>> {
    let named = |(path, bytes): (&String, &Vec<u8>)| {
        let name = path.strip_prefix(STATEMENTS)?.strip_suffix(".sql")?;
        let tables = tables_of(&String::from_utf8_lossy(bytes)).map(|table| table.to_string()).collect();
        Some((name.to_owned(), tables))
    };
    released.files.iter().filter_map(named).collect()
}

/// The statements that these tables are made from.
fn made_of(statements: &BTreeMap<String, Vec<String>>, tables: &[String]) -> Vec<String> {
    let is_for_one = |of: &Vec<String>| of.iter().any(|table| tables.contains(table));
    statements.iter().filter(|(_, of)| is_for_one(of)).map(|(name, _)| name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_became_of_an_input_is_told_by_its_digest() {
        let found = sources(
            [("a", "1"), ("b", "2"), ("c", "3")].into_iter(),
            Some(&[("a", "1"), ("b", "9"), ("d", "4")].into_iter().collect()),
        );
        let told: Vec<(&str, Since)> = found.iter().map(|source| (source.path.as_str(), source.since)).collect();
        assert_eq!(told, [("a", Since::Same), ("b", Since::Changed), ("c", Since::Gone), ("d", Since::New)]);
        let unknown = sources([("a", "1")].into_iter(), None);
        assert_eq!(unknown[0].since, Since::Unknown);
    }
}
