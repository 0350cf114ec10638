//! Zip archives of exports, and the zip archives that workbooks are.
//!
//! An archive comes from outside, so nothing that it says of itself is believed: names that lead out of it, sizes, and how far a
//! member grows are checked before or while it is unpacked. Members are unpacked into memory; nothing is written to the disk.

use std::borrow::Cow;
use std::io::{Cursor, Read};

use codebook::{Finding, Place};
use zip::ZipArchive;
use zip::result::ZipError;

use super::{FileFormat, extension};

/// A member that would be larger when unpacked is refused.
const UNPACKED_AT_MOST: u64 = 2 << 30;

/// Up to this size a member may grow however it likes. Beyond it, only up to [`GROWTH_AT_MOST`] times its packed size.
const UNPACKED_FREELY: u64 = 16 << 20;

/// Answers of 0 and 1 shrink to a fortieth. What shrinks further than this was made to fill a memory.
const GROWTH_AT_MOST: u64 = 200;

const MEMBERS_AT_MOST: usize = 10_000;
const MEMBERS_NAMED: usize = 8;

/// The extensions of files that hold answers.
const DATA_EXTENSIONS: [&str; 14] =
    ["csv", "tsv", "tab", "txt", "dat", "xlsx", "ods", "sav", "zsav", "dta", "parquet", "arrow", "feather", "ipc"];

/// The extensions of archives.
const ARCHIVE_EXTENSIONS: [&str; 7] = ["zip", "7z", "rar", "gz", "tgz", "tar", "bz2"];

/// Why a member or a whole archive cannot be unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Damaged,
    Encrypted,
    /// Packed by a method other than Deflate.
    Method,
    /// Grows more than [`GROWTH_AT_MOST`] times.
    Bomb,
    /// Larger than [`UNPACKED_AT_MOST`].
    TooLarge,
    TooManyMembers,
    /// There is no member of this name.
    Missing,
}

impl Fault {
    /// What a person is told of it.
    pub(crate) fn finding(self, path: &str) -> Finding {
        let error = |code, message: String| Finding::error(Place::File { file: path.to_owned() }, code, message);
        match self {
            Self::Damaged => error("damaged-file", "the file is damaged or cut off".to_owned())
                .hint("export it again, and compare its size with that of the original"),
            Self::Encrypted => {
                error("password", "the file is protected by a password".to_owned()).hint("save it without a password")
            }
            Self::Method => error("packing", "the file is packed by an unusual method".to_owned())
                .hint("pack it again as a plain zip archive"),
            Self::Bomb => error("zip-bomb", format!("unpacked, the file is more than {GROWTH_AT_MOST} times as large"))
                .hint("an export does not shrink that far; unpack it by hand if you trust where it comes from"),
            Self::TooLarge => {
                let most = UNPACKED_AT_MOST >> 30;
                error("too-large", format!("unpacked, the file is larger than {most} GiB")).hint("export it as CSV")
            }
            Self::TooManyMembers => error("too-large", format!("the archive has more than {MEMBERS_AT_MOST} files")),
            Self::Missing => error("no-such-member", "the archive has no such file".to_owned()),
        }
    }
}

impl From<ZipError> for Fault {
    fn from(error: ZipError) -> Self {
        // The crate's enum is open: what it may add says that the bytes are not an archive, as most of it does.
        if matches!(error, ZipError::FileNotFound) {
            Self::Missing
        } else if matches!(error, ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) {
            Self::Encrypted
        } else if matches!(error, ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_)) {
            Self::Method
        } else {
            Self::Damaged
        }
    }
}

/// A zip archive whose members can be asked for by name.
pub(crate) struct Container<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    size: u64,
}

impl<'a> Container<'a> {
    /// Reads the archive's own list of members.
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, Fault> {
        let zip = ZipArchive::new(Cursor::new(bytes))?;
        if zip.len() > MEMBERS_AT_MOST {
            return Err(Fault::TooManyMembers);
        }
        Ok(Self { zip, size: u64::try_from(bytes.len()).expect("a length in memory fits 64 bits") })
    }

    /// Whether the archive has a member of this name.
    pub(crate) fn holds(&self, name: &str) -> bool {
        self.zip.index_for_name(name).is_some()
    }

    /// A member, unpacked.
    pub(crate) fn unpack(&mut self, name: &str) -> Result<Vec<u8>, Fault> {
        let member = self.zip.by_name(name)?;
        // A member cannot be larger than the archive, whatever it says.
        let packed = member.compressed_size().min(self.size);
        let grown = packed.saturating_mul(GROWTH_AT_MOST).max(UNPACKED_FREELY);
        let allowed = grown.min(UNPACKED_AT_MOST);
        let mut unpacked = Vec::new();
        member.take(allowed + 1).read_to_end(&mut unpacked).map_err(|_| Fault::Damaged)?;
        if u64::try_from(unpacked.len()).is_ok_and(|size| size <= allowed) {
            return Ok(unpacked);
        }
        Err(if grown < UNPACKED_AT_MOST { Fault::Bomb } else { Fault::TooLarge })
    }
}

/// One file of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) name: String,
    /// Its size when unpacked, in bytes, as the archive states it.
    pub(crate) size: u64,
}

/// A file out of an archive.
#[derive(Debug)]
pub(crate) struct Unpacked {
    /// `export.zip/dataset.csv`, as findings show it.
    pub(crate) path: String,
    pub(crate) bytes: Vec<u8>,
}

/// The two halves of `export.zip/dataset.csv`; `None` when the path leads into no archive.
pub(crate) fn split(path: &str) -> Option<(&str, &str)> {
    let end = path.to_ascii_lowercase().find(".zip/")? + ".zip".len();
    let member = &path[end + 1..];
    (!member.is_empty()).then_some((&path[..end], member))
}

/// The files of an archive, in its order, without folders and what the Mac's Finder adds. Findings go to `findings`; `None` when the
/// archive cannot be trusted or read.
pub(crate) fn members(path: &str, bytes: &[u8], findings: &mut Vec<Finding>) -> Option<Vec<Member>> {
    match Container::open(bytes).and_then(|mut container| listed(&mut container)) {
        Ok(members) => {
            let unsafe_names = members.iter().filter(|member| !is_safe(&member.name));
            let refused: Vec<Finding> = unsafe_names.map(|member| unsafe_name(path, &member.name)).collect();
            let is_safe = refused.is_empty();
            findings.extend(refused);
            is_safe.then_some(members)
        }
        Err(fault) => {
            findings.push(fault.finding(path));
            None
        }
    }
}

/// Unpacks the file `wanted`, or the only data file where none is named. Findings go to `findings`; `None` when there is no such
/// file, or when it cannot be trusted or unpacked.
pub(crate) fn read(path: &str, wanted: Option<&str>, bytes: &[u8], findings: &mut Vec<Finding>) -> Option<Unpacked> {
    let members = members(path, bytes, findings)?;
    let member = match wanted {
        Some(name) => named(path, name, &members),
        None => only_data_file(path, &members),
    };
    let unpacked = member.and_then(|member| {
        let inner = format!("{path}/{}", member.name);
        if is_archive(&member.name) {
            return Err(Box::new(nested(&inner)));
        }
        let unpack = |mut container: Container<'_>| container.unpack(&member.name);
        let bytes = Container::open(bytes).and_then(unpack).map_err(|fault| Box::new(fault.finding(&inner)))?;
        match FileFormat::of(&inner, &bytes) {
            FileFormat::Zip => Err(Box::new(nested(&inner))),
            FileFormat::Delimited
            | FileFormat::Xlsx
            | FileFormat::Xls
            | FileFormat::Ods
            | FileFormat::Sav
            | FileFormat::Dta
            | FileFormat::Parquet
            | FileFormat::Arrow => Ok(Unpacked { path: inner, bytes }),
        }
    });
    unpacked.map_err(|finding| findings.push(*finding)).ok()
}

fn listed(container: &mut Container<'_>) -> Result<Vec<Member>, Fault> {
    let mut members = Vec::new();
    for number in 0..container.zip.len() {
        // The raw member is not unpacked, so that one that is encrypted can be listed, too.
        let member = container.zip.by_index_raw(number)?;
        let name = member.name().map(Cow::into_owned)?;
        if !member.is_dir() && !name.starts_with("__MACOSX/") && !name.ends_with(".DS_Store") {
            members.push(Member { name, size: member.size() });
        }
    }
    Ok(members)
}

/// Whether a name stays inside the archive on every system.
fn is_safe(name: &str) -> bool {
    let is_absolute = name.starts_with(['/', '\\']) || name.as_bytes().get(1) == Some(&b':');
    let climbs = name.split(['/', '\\']).any(|part| part == "..");
    !is_absolute && !climbs && !name.chars().any(char::is_control)
}

fn unsafe_name(path: &str, name: &str) -> Finding {
    let place = Place::File { file: path.to_owned() };
    Finding::error(place, "unsafe-name", format!("the archive holds a file that would lie outside of it: {name:?}"))
        .hint("no survey tool writes such a name; do not unpack this archive")
}

fn nested(inner: &str) -> Finding {
    let place = Place::File { file: inner.to_owned() };
    Finding::error(place, "nested-archive", "an archive inside an archive is not opened").hint("unpack the outer one")
}

fn named<'m>(path: &str, name: &str, members: &'m [Member]) -> Result<&'m Member, Box<Finding>> {
    members.iter().find(|member| member.name == name).ok_or_else(|| {
        let place = Place::File { file: path.to_owned() };
        let finding = Finding::error(place, "no-such-member", format!("the archive holds no file {name:?}"));
        Box::new(finding.did_you_mean(name, members.iter().map(|member| member.name.as_str())))
    })
}

fn only_data_file<'m>(path: &str, members: &'m [Member]) -> Result<&'m Member, Box<Finding>> {
    let holds_answers =
        |member: &&Member| extension(&member.name).is_some_and(|kind| DATA_EXTENSIONS.contains(&kind.as_str()));
    let data_files: Vec<&Member> = members.iter().filter(holds_answers).collect();
    let candidates = if data_files.is_empty() { members.iter().collect() } else { data_files };
    let error = |code, message: String| Finding::error(Place::File { file: path.to_owned() }, code, message);
    match candidates.as_slice() {
        [] => Err(Box::new(error("empty-archive", "the archive holds no file".to_owned()))),
        [only] => Ok(only),
        [first, ..] => {
            let named: Vec<&str> = candidates.iter().take(MEMBERS_NAMED).map(|member| member.name.as_str()).collect();
            let more = if candidates.len() > named.len() { ", .." } else { "" };
            let message = format!("the archive holds {} data files: {}{more}", candidates.len(), named.join(", "));
            let hint = format!("name the one that is meant, such as {path}/{}", first.name);
            Err(Box::new(error("several-files", message).hint(hint)))
        }
    }
}

fn is_archive(name: &str) -> bool {
    extension(name).is_some_and(|kind| ARCHIVE_EXTENSIONS.contains(&kind.as_str()))
}

#[cfg(test)]
mod tests;
