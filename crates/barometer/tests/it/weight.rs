//! How heavy a page is for its reader: in every edition of every country, and in one that corrects another.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::browser::{FOLDERS, tell};
use crate::house::{editions, tree};
use crate::scheduled::TOGETHER;

/// What a reader of the page loads, and the files of its figures besides, weighs less.
const PAGE_LESS_THAN: u64 = 150_000;

/// The weight of each page of a release with what it loads.
fn weights(release: &Path) -> Vec<(u64, String)> {
    let size = |path: &Path| fs::metadata(path).expect("a page links to files that are there").len();
    let pages = tree(release).into_iter().filter(|(name, _)| name.ends_with(".html"));
    let weight = |(name, bytes): (String, Vec<u8>)| {
        let text = String::from_utf8(bytes).expect("pages are UTF-8");
        let place = release.join(&name);
        let beside = |link: &str| place.parent().expect("a page lies in a folder").join(link);
        let is_loaded = |link: &&str| {
            [".css", ".svg", ".js", ".png"].iter().any(|ending| link.ends_with(ending)) && !link.contains(':')
        };
        let loaded: BTreeSet<&str> = text.split(['"', '\'']).filter(is_loaded).collect();
        assert!(loaded.iter().any(|link| link.ends_with(".css")), "{name} has no stylesheet");
        (size(&place) + loaded.iter().map(|link| size(&beside(link))).sum::<u64>(), name)
    };
    pages.map(weight).collect()
}

#[test]
fn every_page_of_every_edition_is_light_with_its_figures() {
    let (all, _) = &*TOGETHER;
    let built = editions()
        .into_iter()
        .map(|(country, wave)| (format!("{country}/{wave}"), all.path().join(country).join(wave)));
    // The public export of Uruguay is not in the repository.
    let built = built.filter(|(name, _)| !name.starts_with("ury/"));
    let corrected = ("schools/2000.1".to_owned(), FOLDERS[1].1.clone());
    let mut pages = 0;
    let mut heaviest = (0, String::new());
    for (edition, folder) in built.chain([corrected]) {
        for (weight, name) in weights(&folder) {
            assert!(weight < PAGE_LESS_THAN, "{edition}/{name} weighs {weight} bytes with its figures");
            heaviest = heaviest.max((weight, format!("{edition}/{name}")));
            pages += 1;
        }
    }
    tell(&format!("the heaviest of {pages} pages weighs {} bytes with its figures: {}", heaviest.0, heaviest.1));
}
