//! Compares a workspace with rules. Every complaint says where, what, and what to do about it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::workspace::{Locked, Member, Purpose, Source, Workspace};

/// What a workspace is compared with.
pub(super) struct Rules {
    /// Of every crate, the crates that it may use.
    pub(super) arrows: &'static [Arrows],
    /// The crate that any other may use in its tests, and only there.
    pub(super) for_tests: &'static str,
    pub(super) fences: &'static [Fence],
    /// Families of libraries of which `Cargo.lock` holds one version.
    pub(super) one_version: &'static [&'static str],
    pub(super) trees: &'static [Tree],
    pub(super) silences: &'static [Silence],
}

/// The crates that a crate may use.
pub(super) struct Arrows {
    pub(super) from: &'static str,
    pub(super) to: &'static [&'static str],
    /// Those that it may use in its tests beside them.
    pub(super) in_tests: &'static [&'static str],
}

/// A family of libraries (`arrow` and everything called `arrow-…`), and the crates that may name it.
pub(super) struct Fence {
    pub(super) family: &'static str,
    pub(super) within: &'static [&'static str],
    /// Crates that may use it in their tests, beside those in `within`; `*` is all.
    pub(super) tests: &'static [&'static str],
    pub(super) why: &'static str,
}

/// A crate below which certain families of libraries do not occur, however deep.
pub(super) struct Tree {
    pub(super) of: &'static str,
    pub(super) without: &'static [&'static str],
}

/// Words that the sources of certain crates do not contain, tests and comments aside.
pub(super) struct Silence {
    pub(super) crates: &'static [&'static str],
    pub(super) words: &'static [&'static str],
    pub(super) instead: &'static str,
}

/// Everything in which the workspace departs from the rules.
pub(super) fn complaints(workspace: &Workspace, rules: &Rules) -> Vec<String> {
    let mut complaints = members(workspace, rules);
    for (name, member) in &workspace.crates {
        complaints.extend(arrows(name, member, workspace, rules));
        complaints.extend(fences(name, member, rules));
        complaints.extend(silences(name, member, rules));
    }
    complaints.extend(rules.one_version.iter().filter_map(|family| second_version(family, &workspace.lock)));
    complaints.extend(rules.trees.iter().flat_map(|tree| heavy_branches(tree, &workspace.lock)));
    complaints
}

/// Crates and rules name each other, and every crate takes the workspace's lints.
fn members(workspace: &Workspace, rules: &Rules) -> Vec<String> {
    let mut complaints = Vec::new();
    let ruled: BTreeSet<&str> = rules.arrows.iter().map(|arrows| arrows.from).collect();
    for (name, member) in &workspace.crates {
        let folder = &member.folder;
        if !ruled.contains(name.as_str()) {
            complaints.push(format!(
                "{folder}: no rule says what {name} may use; state its arrows in the rules of this test and its place in \
                 crates/README.md (and take away the rule of a crate that is gone)"
            ));
        }
        if !member.takes_lints {
            complaints.push(format!("{folder}/Cargo.toml: add `[lints]` with `workspace = true`"));
        }
    }
    let all_here = ruled.iter().all(|name| workspace.crates.contains_key(*name));
    let all_ruled = workspace.crates.keys().all(|name| ruled.contains(name.as_str()));
    if all_ruled && !all_here {
        complaints.push("a rule of this test names a crate that is gone: take the rule away".to_owned());
    }
    complaints
}

/// Dependencies among our crates that no rule allows.
fn arrows(name: &str, member: &Member, workspace: &Workspace, rules: &Rules) -> Vec<String> {
    let (allowed, in_tests) =
        rules.arrows.iter().find(|rule| rule.from == name).map_or((&[][..], &[][..]), |rule| (rule.to, rule.in_tests));
    let ours = member.dependencies.iter().filter(|dependency| workspace.crates.contains_key(&dependency.package));
    ours.filter_map(|dependency| {
        let used = dependency.package.as_str();
        let manifest = format!("{}/Cargo.toml", member.folder);
        if used == rules.for_tests {
            let product = dependency.purpose == Purpose::Product;
            return product.then(|| format!("{manifest}: use {used} for tests only: move it to [dev-dependencies]"));
        }
        let in_tests = dependency.purpose == Purpose::Tests && in_tests.contains(&used);
        (!in_tests && !allowed.contains(&used)).then(|| {
            let allowed = if allowed.is_empty() { "none of our crates".to_owned() } else { allowed.join(", ") };
            format!(
                "{manifest}: {name} must not use {used} (it may use {allowed}): move what it needs to a crate that both may \
                 use, or hand it over as a value in pipeline"
            )
        })
    })
    .collect()
}

/// Libraries outside their fence.
fn fences(name: &str, member: &Member, rules: &Rules) -> Vec<String> {
    let mut complaints = Vec::new();
    for dependency in &member.dependencies {
        for fence in rules.fences.iter().filter(|fence| is_of(fence.family, &dependency.package)) {
            let in_tests = fence.tests.contains(&name) || fence.tests.contains(&"*");
            let allowed = fence.within.contains(&name) || (dependency.purpose == Purpose::Tests && in_tests);
            if !allowed {
                complaints.push(format!(
                    "{}/Cargo.toml: {name} must not use {} ({}): do what needs it in {}",
                    member.folder,
                    dependency.package,
                    fence.why,
                    fence.within.join(" or ")
                ));
            }
        }
    }
    complaints
}

/// Words in the sources that do not belong there.
fn silences(name: &str, member: &Member, rules: &Rules) -> Vec<String> {
    let mut complaints = Vec::new();
    for silence in rules.silences.iter().filter(|silence| silence.crates.contains(&name)) {
        for source in &member.sources {
            for (line, word) in spoken(source, silence.words) {
                let path = &source.path;
                complaints.push(format!("{path}:{line}: {name} must not say `{word}`: {}", silence.instead));
            }
        }
    }
    complaints
}

/// The lines, counted from 1, that contain one of the words. A module of tests at the end of a file does not count, nor do
/// lines of comment.
fn spoken<'word>(source: &Source, words: &[&'word str]) -> Vec<(usize, &'word str)> {
    let product = source.text.lines().zip(1..).take_while(|(line, _)| line.trim() != "#[cfg(test)]");
    let code = product.filter(|(line, _)| !line.trim_start().starts_with("//"));
    code.flat_map(|(line, number)| {
        words.iter().filter(move |word| contains_word(line, word)).map(move |word| (number, *word))
    })
    .collect()
}

/// Whether a line contains a word that is not the end of a longer name.
fn contains_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let opens_like_a_name = word.starts_with(|first: char| first.is_alphanumeric());
        let before = line[..at].chars().next_back();
        !(opens_like_a_name && before.is_some_and(|before| before.is_alphanumeric() || before == '_'))
    })
}

/// A family of which there is more than one version, each package with its version.
fn second_version(family: &str, lock: &[Locked]) -> Option<String> {
    let packages: BTreeSet<&Locked> = lock.iter().filter(|package| is_of(family, &package.name)).collect();
    let versions: BTreeSet<&str> = packages.iter().map(|package| package.version.as_str()).collect();
    if versions.len() < 2 {
        return None;
    }
    let mut by_name: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in packages {
        by_name.entry(&package.name).or_default().push(&package.version);
    }
    let listed: Vec<String> =
        by_name.iter().map(|(name, versions)| format!("{name} {}", versions.join(", "))).collect();
    Some(format!(
        "Cargo.lock: more than one version of {family}: {}; see who asks for which with `cargo tree --invert NAME@VERSION` and \
         bring them together",
        listed.join(", ")
    ))
}

/// The shortest way from a crate to each package of a family that must not lie below it.
fn heavy_branches(tree: &Tree, lock: &[Locked]) -> Vec<String> {
    let mut ways: BTreeMap<&str, Vec<&str>> = BTreeMap::from([(tree.of, vec![tree.of])]);
    let mut waiting = VecDeque::from([tree.of]);
    let mut complaints = Vec::new();
    while let Some(name) = waiting.pop_front() {
        let way = ways[name].clone();
        if let Some(family) = tree.without.iter().find(|family| is_of(family, name)) {
            complaints.push(format!(
                "Cargo.lock: {} must stay free of {family}, but there is {}: drop the dependency or its feature that leads there",
                tree.of,
                way.join(" -> ")
            ));
            continue;
        }
        for package in lock.iter().filter(|package| package.name == name) {
            for dependency in &package.dependencies {
                let next = dependency.split(' ').next().expect("a text has a first word");
                if !ways.contains_key(next) {
                    ways.insert(next, way.iter().copied().chain([next]).collect());
                    waiting.push_back(next);
                }
            }
        }
    }
    complaints
}

/// Whether a package belongs to a family: `arrow`, `arrow-schema`.
fn is_of(family: &str, package: &str) -> bool {
    package.strip_prefix(family).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
}
