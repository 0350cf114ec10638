//! The raw export of a wave, read and checked.

use std::collections::BTreeSet;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use codebook::{Country, Finding, Origin, VariableName, Wave, WaveId};
use ingest::{CheckedWave, MISSING_FILE, PseudonymKey, RawFile};

use super::count::Counted;
use super::plan::{Plan, inputs, settle};
use crate::load::{entries, shown};
use crate::manifest::{RawManifestFile, digest};
use crate::{Event, PipelineError};

/// Files that are named where one is missing, at the most.
const OTHERS_NAMED: usize = 6;

/// What tells, without reading a file again, that somebody has written to it: its length, and when it was written.
type State = (u64, String);

/// A wave by its country and its year, which folders of raw files are named after.
pub(crate) type WaveName<'a> = (&'a str, WaveId);

/// The name of a wave.
pub(crate) fn wave_name(wave: &Wave) -> WaveName<'_> {
    (wave.country.as_str(), wave.id)
}

/// The raw files of a wave.
pub(super) struct RawFiles {
    /// Where they lie.
    folder: PathBuf,
    pub(super) files: Vec<RawFile>,
    /// The name of each in its folder, and the delimiter that cuts it.
    names: Vec<(String, char)>,
    /// The entry of each in the manifest, once somebody has asked for it: it takes as long as the checks.
    entries: OnceLock<Vec<RawManifestFile>>,
    /// Where each lies, and its state before it was read.
    states: Vec<(PathBuf, State)>,
}

impl RawFiles {
    /// What the manifest says of each file.
    pub(super) fn entries(&self) -> &[RawManifestFile] {
        self.entries.get_or_init(|| {
            let named = self.names.iter().zip(&self.files);
            named.map(|((name, delimiter), file)| RawManifestFile::of(name, &file.bytes, *delimiter)).collect()
        })
    }

    /// The name and the digest of each file, to the byte.
    pub(super) fn digests(&self) -> Vec<(&str, String)> {
        self.names.iter().zip(&self.files).map(|((name, _), file)| (name.as_str(), digest(&file.bytes))).collect()
    }

    /// A finding about a file that is not there, with where it was looked for and which files lie there that the wave does not name: one of them
    /// may be it, under another name.
    fn looked_for(&self, wave: &Wave, finding: Finding) -> Finding {
        let named: BTreeSet<&str> = wave.file_names().map(ingest::file_on_disk).collect();
        // A folder that cannot be read tells no names; that it is there was seen before.
        let paths = entries(&self.folder).unwrap_or_default().into_iter().filter(|path| path.is_file());
        let names = paths.filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
        let others: Vec<String> = names.filter(|name| !named.contains(name.as_str())).collect();
        let folder = shown(&self.folder);
        finding.hint(match others.as_slice() {
            [] => format!("it was looked for in {folder}, where no other file lies"),
            [first @ .., last] if first.len() < OTHERS_NAMED => {
                let first = first.iter().fold(String::new(), |first, name| first + name + ", ");
                format!("it was looked for in {folder}, where these lie that the wave does not name: {first}{last}")
            }
            many => {
                format!("it was looked for in {folder}, where {} files lie that the wave does not name", many.len())
            }
        })
    }
}

/// The raw files that the wave names and that are there; ingest tells those that are not.
pub(super) fn raw_files(country: &Path, raw: Option<&Path>, wave: &Wave) -> Result<RawFiles, PipelineError> {
    let folder = raw_folder(country, raw, wave_name(wave));
    if !folder.is_dir() {
        let message = format!(
            "there is no folder {} with the raw files of wave {}: name it with --raw",
            folder.display(),
            wave.id
        );
        return Err(PipelineError::Usage { message });
    }
    read_folder(&folder, wave)
}

/// The folder of a wave's raw files.
pub(super) fn raw_folder(country: &Path, raw: Option<&Path>, wave: WaveName<'_>) -> PathBuf {
    raw.map_or_else(|| usual_folder(country, wave.1), |raw| placed(raw, wave))
}

/// The folder of an earlier wave's raw files: beside those of the report's own wave, if `--raw` says how folders are called, or else the usual one.
/// A folder without a place for the wave holds the files of one wave, which may be called like those of another.
pub(crate) fn raw_folder_of_earlier(country: &Path, raw: Option<&Path>, wave: WaveName<'_>) -> PathBuf {
    raw_folder(country, raw.filter(|raw| raw.to_string_lossy().contains(WAVE_PLACE)), wave)
}

/// Where the raw files of a wave are looked for unless `--raw` says otherwise.
pub(super) fn usual_folder(country: &Path, wave: WaveId) -> PathBuf {
    country.join("raw").join(wave.to_string())
}

/// What stands for the country and for the wave in the name of a folder.
const COUNTRY_PLACE: &str = "{country}";
const WAVE_PLACE: &str = "{wave}";

/// The folder of a wave's raw files.
pub(crate) fn placed(raw: &Path, (country, wave): WaveName<'_>) -> PathBuf {
    let text = raw.to_string_lossy();
    if !text.contains(COUNTRY_PLACE) && !text.contains(WAVE_PLACE) {
        // A name that is no Unicode stays as it is.
        return raw.to_path_buf();
    }
    PathBuf::from(text.replace(COUNTRY_PLACE, country).replace(WAVE_PLACE, &wave.to_string()))
}

/// Every folder that is there and that a name can mean, of whatever country and wave.
pub(crate) fn placed_anywhere(raw: &Path) -> Vec<PathBuf> {
    let mut folders = vec![PathBuf::new()];
    for part in raw.components().map(|part| part.as_os_str()) {
        let pattern = part.to_string_lossy().replace(COUNTRY_PLACE, WAVE_PLACE);
        if pattern.contains(WAVE_PLACE) {
            folders = folders.iter().flat_map(|folder| folders_like(folder, &pattern)).collect();
        } else {
            folders.iter_mut().for_each(|folder| folder.push(part));
        }
    }
    folders
}

/// The folders in a folder whose names have anything in the places of a pattern.
fn folders_like(folder: &Path, pattern: &str) -> Vec<PathBuf> {
    let of = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Ok(entries) = fs::read_dir(of) else { return Vec::new() };
    let parts: Vec<&str> = pattern.split(WAVE_PLACE).collect();
    let is_like = |name: &str| {
        let [first, middle @ .., last] = parts.as_slice() else { return name == pattern };
        let within = name.strip_prefix(first).and_then(|rest| rest.strip_suffix(last));
        within.and_then(|rest| middle.iter().try_fold(rest, |rest, part| Some(rest.split_once(part)?.1))).is_some()
    };
    let names = entries.filter_map(Result::ok).map(|entry| entry.file_name());
    let mut found: Vec<PathBuf> =
        names.filter(|name| is_like(&name.to_string_lossy())).map(|name| folder.join(name)).collect();
    found.retain(|found| found.is_dir());
    found.sort();
    found
}

/// What the manifest would say of a wave's raw files in this folder.
///
/// # Errors
/// When one cannot be read.
pub(crate) fn raw_entries(folder: &Path, wave: &Wave) -> Result<Vec<RawManifestFile>, PipelineError> {
    Ok(read_folder(&placed(folder, wave_name(wave)), wave)?.entries().to_vec())
}

pub(super) fn read_folder(folder: &Path, wave: &Wave) -> Result<RawFiles, PipelineError> {
    let mut raw = RawFiles {
        folder: folder.to_owned(),
        files: Vec::new(),
        names: Vec::new(),
        entries: OnceLock::new(),
        states: Vec::new(),
    };
    let mut seen = BTreeSet::new();
    for named in wave.file_names().filter(|&name| seen.insert(ingest::file_on_disk(name))) {
        let name = ingest::file_on_disk(named);
        let path = folder.join(name);
        if path.is_file() {
            let state = state(&path)?;
            let bytes = fs::read(&path).map_err(PipelineError::read(&path))?;
            raw.names.push((name.to_owned(), wave.delimiter_of(named)));
            raw.files.push(RawFile { path: shown(&path), bytes });
            raw.states.push((path, state));
        }
    }
    Ok(raw)
}

/// Refuses a release if a file that it is made from was written to since it was read: half of an export that the survey tool is still writing, or
/// a table that somebody saves in these seconds, would otherwise look like an edition.
pub(super) fn still_the_same(country: &Path, plan: &Plan, counted: &Counted) -> Result<(), PipelineError> {
    let before = counted.before.iter().flat_map(|it| &it.raw.states);
    for (path, before) in counted.raw.states.iter().chain(before) {
        if state(path)? != *before {
            return Err(PipelineError::Changed { path: path.clone() });
        }
    }
    let today = inputs(country)?;
    let differs = today.iter().find(|file| !plan.inputs.contains(file));
    let gone = plan.inputs.iter().find(|file| today.iter().all(|found| found.path != file.path));
    match differs.or(gone) {
        Some(file) => Err(PipelineError::Changed { path: country.join(&file.path) }),
        None => Ok(()),
    }
}

fn state(path: &Path) -> Result<State, PipelineError> {
    let found = fs::metadata(path).map_err(PipelineError::read(path))?;
    // The time is only compared with itself; a system that does not keep it tells the length alone.
    Ok((found.len(), found.modified().map(|moment| format!("{moment:?}")).unwrap_or_default()))
}

pub(super) fn checked(
    plan: &Plan,
    raw: &RawFiles,
    key: &PseudonymKey,
    threads: NonZeroUsize,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<CheckedWave, PipelineError> {
    let (checked, findings) = checked_answers((&plan.country, plan.wave()), raw, key, threads);
    settle(findings, tell)?;
    let checked = checked.expect("a wave without errors is checked");
    tell(Event::Checked(checked.summary()));
    Ok(checked)
}

/// The wave, unless a finding is an error, and every finding of its raw files.
pub(super) fn checked_answers(
    (country, wave): (&Country, &Wave),
    raw: &RawFiles,
    key: &PseudonymKey,
    threads: NonZeroUsize,
) -> (Option<CheckedWave>, Vec<Finding>) {
    let (checked, mut findings) = ingest::check(country, wave, &raw.files, key, threads);
    findings.extend(checked.iter().flat_map(|checked| answers_taken_as_no(country, checked)));
    let with_place =
        |finding: Finding| if finding.code == MISSING_FILE { raw.looked_for(wave, finding) } else { finding };
    (checked, findings.into_iter().map(with_place).collect())
}

/// A derived variable has a value for everyone, so a part that somebody left blank or refused counts as not holding there,
/// while the part's own table leaves that unit out. The analyst must know where the two differ.
fn answers_taken_as_no(country: &Country, checked: &CheckedWave) -> Vec<Finding> {
    let missing = |name: &VariableName| {
        let item = checked.missing().iter().find(|item| item.variable == *name);
        item.map_or(0, |item| item.refused + item.blank)
    };
    let mut warnings = Vec::new();
    for derived in &country.codebook.variables {
        let Origin::Derived(expression) = &derived.origin else { continue };
        // Who writes what becomes of a missing answer knows of it.
        let is_untold = |part: &&VariableName| missing(part) > 0 && !expression.tells_of_missing(part);
        for part in expression.variables().into_iter().filter(is_untold) {
            let (name, answers) = (&derived.name, missing(part));
            let message = format!(
                "derived variable \"{name}\" has a value for {answers} units whose answer to \"{part}\" is blank or refused"
            );
            warnings.push(
                Finding::warning(derived.place.clone(), "derived-from-missing", message)
                    .hint("a condition takes them as not holding, a CASE sends them to its ELSE, and the method page says so; exclude them by a base if that is wrong, or write what is meant with COALESCE or IS NULL"),
            );
        }
    }
    warnings
}
