//! A workspace as its files tell it: what each crate depends on, the sources of its library, the packages of `Cargo.lock`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use toml::de::DeTable as Table;

/// What a dependency is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Purpose {
    /// Part of what the crate is, or of how it is built.
    Product,
    /// Only for its tests.
    Tests,
}

/// A line in the dependencies of a crate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Dependency {
    /// The package's own name, whatever the crate calls it.
    pub(super) package: String,
    pub(super) purpose: Purpose,
}

/// A file with Rust in it.
#[derive(Debug)]
pub(super) struct Source {
    /// Below the root of the workspace, with `/`.
    pub(super) path: String,
    pub(super) text: String,
}

/// A crate of the workspace.
#[derive(Debug)]
pub(super) struct Member {
    /// Its folder below the root of the workspace.
    pub(super) folder: String,
    pub(super) dependencies: Vec<Dependency>,
    /// Whether it takes the lints of the workspace.
    pub(super) takes_lints: bool,
    /// What lies in `src`, without files of tests.
    pub(super) sources: Vec<Source>,
}

/// A package of `Cargo.lock`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Locked {
    pub(super) name: String,
    pub(super) version: String,
    /// As written: `name`, or `name version` where there are several.
    pub(super) dependencies: Vec<String>,
}

/// A workspace with its crates in `crates/`.
#[derive(Debug)]
pub(super) struct Workspace {
    /// By name.
    pub(super) crates: BTreeMap<String, Member>,
    pub(super) lock: Vec<Locked>,
}

impl Workspace {
    /// Reads the workspace below a folder.
    pub(super) fn read(root: &Path) -> Self {
        let manifest = read(&root.join("Cargo.toml"));
        let manifest = parse(&manifest);
        let shared = table(&manifest, "workspace").and_then(|workspace| table(workspace, "dependencies"));
        let mut crates = BTreeMap::new();
        for folder in folders(&root.join("crates")) {
            let (name, member) = read_member(root, &folder, shared);
            crates.insert(name, member);
        }
        Self { crates, lock: read_lock(&read(&root.join("Cargo.lock"))) }
    }
}

fn read_member(root: &Path, folder: &Path, shared: Option<&Table<'_>>) -> (String, Member) {
    let manifest = read(&folder.join("Cargo.toml"));
    let manifest = parse(&manifest);
    let name = table(&manifest, "package").and_then(|package| text(package, "name")).expect("a crate has a name");
    let takes_lints = table(&manifest, "lints")
        .and_then(|lints| lints.get("workspace"))
        .is_some_and(|value| value.get_ref().as_bool() == Some(true));
    let mut dependencies = dependencies(&manifest, shared);
    for target in table(&manifest, "target").into_iter().flat_map(|targets| targets.values()) {
        dependencies
            .extend(target.get_ref().as_table().into_iter().flat_map(|table| self::dependencies(table, shared)));
    }
    let mut sources = Vec::new();
    read_sources(root, &folder.join("src"), &mut sources);
    let folder = below(root, folder);
    (name, Member { folder, dependencies, takes_lints, sources })
}

/// The dependencies that a manifest, or the part of it for one target, names.
fn dependencies(manifest: &Table<'_>, shared: Option<&Table<'_>>) -> Vec<Dependency> {
    let kinds = [
        ("dependencies", Purpose::Product),
        ("build-dependencies", Purpose::Product),
        ("dev-dependencies", Purpose::Tests),
    ];
    let mut found = Vec::new();
    for (kind, purpose) in kinds {
        for (key, value) in table(manifest, kind).into_iter().flatten() {
            let renamed = |table: &Table<'_>| text(table, "package");
            let own = value.get_ref().as_table().and_then(renamed);
            let of_workspace = || shared.and_then(|shared| table(shared, key.get_ref())).and_then(renamed);
            let package = own.or_else(of_workspace).unwrap_or_else(|| key.get_ref().to_string());
            found.push(Dependency { package, purpose });
        }
    }
    found
}

/// The Rust files below a folder, but for those that hold nothing but tests.
fn read_sources(root: &Path, folder: &Path, sources: &mut Vec<Source>) {
    for entry in entries(folder) {
        let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name == "tests" || name == "tests.rs" {
            continue;
        }
        if entry.is_dir() {
            read_sources(root, &entry, sources);
        } else if name.ends_with(".rs") {
            sources.push(Source { path: below(root, &entry), text: read(&entry) });
        }
    }
}

fn read_lock(text: &str) -> Vec<Locked> {
    let lock = parse(text);
    let packages = lock.get("package").and_then(|packages| packages.get_ref().as_array());
    let packages = packages.expect("Cargo.lock lists packages");
    packages
        .iter()
        .map(|package| {
            let package = package.get_ref().as_table().expect("a package of Cargo.lock is a table");
            let dependencies = package.get("dependencies").and_then(|list| list.get_ref().as_array());
            Locked {
                name: self::text(package, "name").expect("a package has a name"),
                version: self::text(package, "version").expect("a package has a version"),
                dependencies: dependencies
                    .into_iter()
                    .flat_map(|list| list.iter())
                    .filter_map(|name| name.get_ref().as_str().map(str::to_owned))
                    .collect(),
            }
        })
        .collect()
}

fn parse(text: &str) -> Table<'_> {
    Table::parse(text).unwrap_or_else(|error| panic!("a manifest is not TOML: {error}")).into_inner()
}

fn table<'table, 'text>(table: &'table Table<'text>, key: &str) -> Option<&'table Table<'text>> {
    table.get(key).and_then(|value| value.get_ref().as_table())
}

fn text(table: &Table<'_>, key: &str) -> Option<String> {
    table.get(key).and_then(|value| value.get_ref().as_str()).map(str::to_owned)
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    entries(folder).into_iter().filter(|entry| entry.join("Cargo.toml").is_file()).collect()
}

/// What lies in a folder, sorted; nothing when there is no such folder.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(listed) = fs::read_dir(folder) else { return Vec::new() };
    let mut entries: Vec<PathBuf> = listed.map(|entry| entry.expect("a folder can be listed").path()).collect();
    entries.sort();
    entries
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn below(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).expect("it was found below the root").to_string_lossy().replace('\\', "/")
}
