//! The key of pseudonyms: read from a file that only its owner can read, or drawn for one run alone.
//!
//! Whoever has the key and a list of units can tell them by their pseudonyms. So the file must lie where nobody copies, publishes or
//! commits it by accident: not with the countries, the raw files or the releases, and in no working tree of a version control system.

use std::fs;
use std::path::{Path, PathBuf};

use ingest::PseudonymKey;

use crate::run::placed_anywhere;
use crate::{CheckRequest, PipelineError, Request};

/// The largest file that is looked at: a key has 64 digits.
const LARGEST: u64 = 4096;
/// What a folder holds that is a working tree of a version control system.
const VERSION_CONTROL: [&str; 3] = [".git", ".hg", ".svn"];

/// A folder where no key may lie, and what it is, for messages.
pub(crate) type NoPlace<'p> = (&'p Path, &'static str);

impl Request {
    /// The key of this run's pseudonyms. Nothing that a run writes depends on it.
    ///
    /// # Errors
    /// When the key file may not be used, or no key can be drawn.
    pub(crate) fn pseudonym_key(&self) -> Result<PseudonymKey, PipelineError> {
        let out = [(self.out.as_path(), "the folder of releases")];
        apart_from(self.key.as_deref(), &self.country, self.raw.as_deref(), &out)
    }
}

impl CheckRequest {
    /// The key of the pseudonyms of this check.
    ///
    /// # Errors
    /// When the key file may not be used, or no key can be drawn.
    pub(crate) fn pseudonym_key(&self) -> Result<PseudonymKey, PipelineError> {
        apart_from(self.key.as_deref(), &self.country, Some(&self.raw), &[])
    }
}

/// The folder that a country's folder lies in.
pub(crate) fn folder_of_countries(country: &Path) -> Option<PathBuf> {
    canonical(country)?.parent().map(Path::to_path_buf)
}

/// The key of a file that lies neither with the countries nor with the raw files nor in one of the others.
fn apart_from(
    file: Option<&Path>,
    country: &Path,
    raw: Option<&Path>,
    others: &[NoPlace<'_>],
) -> Result<PseudonymKey, PipelineError> {
    let countries = folder_of_countries(country);
    let countries = countries.as_deref().map(|folder| (folder, "the folder of the countries"));
    // What holds places for country and wave is the name of no folder, but of many.
    let raw = raw.map(placed_anywhere).unwrap_or_default();
    let raw = raw.iter().map(|folder| (folder.as_path(), "the folder of the raw files"));
    let folders: Vec<NoPlace<'_>> = countries.into_iter().chain(raw).chain(others.iter().copied()).collect();
    pseudonym_key(file, &folders)
}

/// The key of a file that lies in none of the folders; without a file one that is drawn now and kept nowhere.
///
/// # Errors
/// When the file is none that may be used, or holds no key, which tells what to do; when it cannot be read, or no key can be drawn.
fn pseudonym_key(file: Option<&Path>, no_place: &[NoPlace<'_>]) -> Result<PseudonymKey, PipelineError> {
    let Some(file) = file else {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(PipelineError::Random)?;
        return Ok(PseudonymKey::of_random(&bytes));
    };
    let refuse = |why: &str| PipelineError::Usage { message: format!("the key file {} {why}", file.display()) };
    let lies = fs::canonicalize(file).map_err(PipelineError::read(file))?;
    let metadata = fs::metadata(&lies).map_err(PipelineError::read(file))?;
    if !metadata.is_file() || metadata.len() > LARGEST {
        return Err(refuse("is no file with 64 hexadecimal digits: make one with `openssl rand -hex 32`"));
    }
    if is_open_to_others(&metadata) {
        return Err(refuse("can be read or written by others: make it yours alone, with `chmod 600`"));
    }
    // A link that lies in a repository names a file of another place, which everybody who clones it then knows.
    for place in [lies.clone(), absolute(file)?] {
        if let Some(why) = wrong_place(&place, no_place) {
            return Err(refuse(&why));
        }
    }
    let text = fs::read(&lies).map_err(PipelineError::read(file))?;
    PseudonymKey::of_text(&text).map_err(|bad| refuse(&format!("{bad}: make one with `openssl rand -hex 32`")))
}

/// Why something that must not leave may not lie at this path, which begins at the root; `None` where it may.
pub(crate) fn wrong_place(path: &Path, no_place: &[NoPlace<'_>]) -> Option<String> {
    if let Some((folder, what)) = no_place.iter().find(|(folder, _)| lies_in(path, folder)) {
        return Some(format!("lies in {}, {what}: keep it in a folder of its own elsewhere", folder.display()));
    }
    let is_versioned = |folder: &&Path| VERSION_CONTROL.iter().any(|name| folder.join(name).exists());
    let folder = path.ancestors().skip(1).find(is_versioned)?;
    let what = "a working tree of version control: keep it where it cannot be committed";
    Some(format!("lies in {}, {what}", folder.display()))
}

/// The path from the root, its folder without links; the file may be one.
pub(crate) fn absolute(file: &Path) -> Result<PathBuf, PipelineError> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = fs::canonicalize(folder).map_err(PipelineError::read(file))?;
    Ok(folder.join(file.file_name().unwrap_or_default()))
}

/// The folder without links; `None` where it is not there yet, in which case nothing lies in it.
fn canonical(folder: &Path) -> Option<PathBuf> {
    fs::canonicalize(folder).ok()
}

fn lies_in(file: &Path, folder: &Path) -> bool {
    canonical(folder).is_some_and(|folder| file.starts_with(folder))
}

/// Whether others than the owner may read or write a file, as far as the system tells.
#[cfg(unix)]
fn is_open_to_others(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open_to_others(_metadata: &fs::Metadata) -> bool {
    false
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    use super::{NoPlace, apart_from, pseudonym_key};

    const DIGITS: &str = "1f0e2d3c4b5a69788796a5b4c3d2e1f000112233445566778899aabbccddeeff\n";

    /// Why a key is refused that lies at `path` below a temporary folder; empty if it is not.
    fn refused(path: &str, mode: u32, text: &str, prepare: impl Fn(&Path)) -> String {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let root = fs::canonicalize(folder.path()).expect("it is there");
        let file = root.join(path);
        fs::create_dir_all(file.parent().expect("it lies in a folder")).expect("a folder can be made");
        fs::create_dir_all(root.join("pipelines/testland")).expect("a folder can be made");
        fs::write(&file, text).expect("a file can be written");
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).expect("it is ours");
        prepare(&root);
        let pipelines = root.join("pipelines");
        let apart: [NoPlace<'_>; 1] = [(&pipelines, "the folder of the countries")];
        match pseudonym_key(Some(&file), &apart) {
            Ok(_) => String::new(),
            Err(error) => error.to_string().replace(&root.display().to_string(), "ROOT"),
        }
    }

    #[test]
    fn a_key_lies_where_only_its_owner_finds_it() {
        assert_eq!(refused("keys/panel", 0o600, DIGITS, |_| ()), "");
        assert_eq!(refused("keys/panel", 0o400, DIGITS, |_| ()), "");
        let open =
            "the key file ROOT/keys/panel can be read or written by others: make it yours alone, with `chmod 600`";
        for mode in [0o640, 0o604, 0o620] {
            assert_eq!(refused("keys/panel", mode, DIGITS, |_| ()), open);
        }
        for path in ["pipelines/panel", "pipelines/testland/panel"] {
            assert_eq!(
                refused(path, 0o600, DIGITS, |_| ()),
                format!(
                    "the key file ROOT/{path} lies in ROOT/pipelines, the folder of the countries: keep it in a folder of its own \
                     elsewhere"
                )
            );
        }
    }

    #[test]
    fn a_key_is_never_where_it_could_be_committed() {
        let versioned = "the key file ROOT/tree/keys/panel lies in ROOT/tree, a working tree of version control: keep it where it \
                         cannot be committed";
        let tree = |root: &Path| fs::create_dir(root.join("tree/.git")).expect("a folder can be made");
        assert_eq!(refused("tree/keys/panel", 0o600, DIGITS, tree), versioned);
        // A further working tree has a file in the place of the folder.
        let file =
            |root: &Path| fs::write(root.join("tree/.git"), "gitdir: elsewhere\n").expect("a file can be written");
        assert_eq!(refused("tree/keys/panel", 0o600, DIGITS, file), versioned);
    }

    #[test]
    fn neither_a_link_to_a_key_nor_a_link_from_a_safe_place_helps() {
        let moved = |root: &Path| {
            fs::rename(root.join("keys/panel"), root.join("pipelines/panel")).expect("it can be moved");
            std::os::unix::fs::symlink(root.join("pipelines/panel"), root.join("keys/panel")).expect("a link");
        };
        let found = refused("keys/panel", 0o600, DIGITS, moved);
        assert!(found.contains("lies in ROOT/pipelines, the folder of the countries"), "{found}");
        let linked = |root: &Path| {
            fs::create_dir(root.join("keys")).expect("a folder can be made");
            fs::rename(root.join("pipelines/panel"), root.join("keys/panel")).expect("it can be moved");
            std::os::unix::fs::symlink(root.join("keys/panel"), root.join("pipelines/panel")).expect("a link");
        };
        let found = refused("pipelines/panel", 0o600, DIGITS, linked);
        assert!(found.contains("lies in ROOT/pipelines, the folder of the countries"), "{found}");
    }

    #[test]
    fn a_key_lies_in_no_folder_that_a_name_with_places_means() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let root = fs::canonicalize(folder.path()).expect("it is there");
        let refused = |path: &str, raw: &str| {
            let file = root.join(path);
            fs::create_dir_all(file.parent().expect("it lies in a folder")).expect("a folder can be made");
            fs::write(&file, DIGITS).expect("a file can be written");
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("it is ours");
            let country = root.join("pipelines/testland");
            fs::create_dir_all(&country).expect("a folder can be made");
            apart_from(Some(&file), &country, Some(&root.join(raw)), &[]).err().map(|error| error.to_string())
        };
        for (path, raw) in [
            ("exports/testland/2019/raw/panel", "exports/{country}/{wave}/raw"),
            ("exports/testland/2016/raw/old/panel", "exports/{country}/{wave}/raw"),
            ("exports/wave-2019-final/panel", "exports/wave-{wave}-final"),
            ("exports/testland-2019/panel", "exports/{country}-{wave}"),
            ("exports/2019/panel", "exports/2019"),
        ] {
            let found = refused(path, raw).unwrap_or_else(|| panic!("{path} in {raw}"));
            assert!(found.contains("the folder of the raw files"), "{found}");
        }
        for (path, raw) in [
            ("keys/panel", "exports/{country}/{wave}/raw"),
            ("exports/testland/2019/keys/panel", "exports/{country}/{wave}/raw"),
            ("exports/wave-2019/panel", "exports/wave-{wave}-final"),
        ] {
            assert_eq!(refused(path, raw), None, "{path} in {raw}");
        }
    }

    #[test]
    fn what_holds_no_key_says_how_to_make_one() {
        let made = "make one with `openssl rand -hex 32`";
        let short =
            format!("the key file ROOT/keys/panel has 32 hexadecimal digits, and a key has 64 (256 bits): {made}");
        assert_eq!(refused("keys/panel", 0o600, &DIGITS[..32], |_| ()), short);
        let phrase =
            format!("the key file ROOT/keys/panel holds something else than one line of hexadecimal digits: {made}");
        assert_eq!(refused("keys/panel", 0o600, "correct horse battery staple\n", |_| ()), phrase);
        let large = format!("the key file ROOT/keys/panel is no file with 64 hexadecimal digits: {made}");
        assert_eq!(refused("keys/panel", 0o600, &DIGITS.repeat(100), |_| ()), large);
    }

    #[test]
    fn two_runs_without_a_file_have_two_keys() {
        let country = codebook::CountryId::new("testland").expect("a country");
        let drawn = || pseudonym_key(None, &[]).expect("a key can be drawn").pseudonym(&country, "1001");
        assert!(drawn() != drawn());
    }
}
