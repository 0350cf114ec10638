//! Links of finished releases: every one leads to a file that is there, and to a place in it that is there, also across pages, languages and
//! editions within the edition, and from Markdown.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::browser::{FOLDERS, tell};
use crate::house::tree;

/// The file that a link on a page leads to, by its path below the release; `None` where it leads out of it.
fn target(page: &str, link: &str) -> Option<String> {
    let mut folders: Vec<&str> = page.split('/').collect();
    if link.is_empty() {
        return Some(page.to_owned());
    }
    folders.pop();
    for step in link.split('/') {
        match step {
            ".." => {
                folders.pop()?;
            }
            "." => {}
            step => folders.push(step),
        }
    }
    Some(folders.join("/"))
}

/// The links of a page or of a text in Markdown.
fn links(text: &str) -> Vec<String> {
    let quoted = [" href=\"", " src=\""]
        .iter()
        .flat_map(|from| text.split(from).skip(1).filter_map(|rest| rest.split_once('"')));
    let bracketed = text.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    quoted.chain(bracketed).map(|(link, _)| link.to_owned()).collect()
}

/// Links that lead nowhere, and how many were followed.
fn dead(release: &Path, files: &BTreeMap<String, Vec<u8>>) -> (Vec<String>, usize) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let places = |path: &str| -> BTreeSet<String> {
        let text = files.get(path).map(|bytes| text(bytes)).unwrap_or_default();
        text.split(" id=\"").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())).collect()
    };
    let places: BTreeMap<&String, BTreeSet<String>> =
        files.keys().filter(|path| path.ends_with(".html")).map(|path| (path, places(path))).collect();
    let (mut dead, mut followed) = (Vec::new(), 0);
    for (page, bytes) in files.iter().filter(|(path, _)| path.ends_with(".html") || path.ends_with(".md")) {
        for link in links(&text(bytes)).into_iter().filter(|link| !link.contains(':')) {
            let (path, place) = link.split_once('#').unwrap_or((&link, ""));
            let found = target(page, path).filter(|path| files.contains_key(path));
            let is_there = found.is_some_and(|path| place.is_empty() || places.get(&path).is_some_and(|it| it.contains(place)))
                    // A corrected edition leads to the one that it corrects, beside it.
                    || (path.starts_with("../") && release.join(page).with_file_name("").join(path).is_file());
            if !is_there {
                dead.push(format!("{page}: {link}"));
            }
            followed += 1;
        }
    }
    (dead, followed)
}

#[test]
fn every_link_leads_to_a_place_that_is_there() {
    let mut followed = 0;
    for (_, folder) in FOLDERS.iter() {
        let (dead, links) = dead(folder, &tree(folder));
        assert!(dead.is_empty(), "\n\n{}\n", dead.join("\n"));
        followed += links;
    }
    tell(&format!("{followed} links were followed"));
    assert!(followed > 5_000, "only {followed} links");
}

#[test]
fn a_dead_link_is_found() {
    let page = |text: &str| text.as_bytes().to_vec();
    let files = BTreeMap::from([
        ("index.html".to_owned(), page("<a href=\"en/value.html#there\"></a><a href=\"en/value.html#gone\"></a>")),
        (
            "en/value.html".to_owned(),
            page("<p id=\"there\"><a href=\"../index.html\"></a><a href=\"../../up.html\"></a>"),
        ),
        ("report.md".to_owned(), page("![A](figures/gone.svg)")),
    ]);
    let (dead, followed) = dead(Path::new("nowhere"), &files);
    assert_eq!(dead, ["en/value.html: ../../up.html", "index.html: en/value.html#gone", "report.md: figures/gone.svg"]);
    assert_eq!(followed, 5);
}
