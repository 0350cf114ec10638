//! What workbooks and OpenDocument spreadsheets may hide: sheets, formulas, comments, authors.

use std::io::{Cursor, Read};

use super::LeakKind;

/// Parts that hold more than cells and their looks.
const COMMENTS: [&str; 3] = ["comment", "threadedcomment", "persons/"];
const LINKS: [&str; 4] = ["externallink", "connections", "vbaproject", "macro"];

/// What is wrong with a spreadsheet; `words` searches each of its texts.
pub(super) fn kinds(bytes: &[u8], words: impl Fn(&str) -> Vec<LeakKind>) -> Vec<LeakKind> {
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else { return vec![LeakKind::Unreadable] };
    let mut kinds = Vec::new();
    for index in 0..archive.len() {
        let Ok(mut part) = archive.by_index(index) else { return vec![LeakKind::Unreadable] };
        let Ok(name) = part.name().map(|name| name.to_lowercase()) else { return vec![LeakKind::Unreadable] };
        let mut text = String::new();
        if part.read_to_string(&mut text).is_err() {
            kinds.push(LeakKind::Unreadable);
            continue;
        }
        kinds.extend(of_part(&name, &text));
        kinds.extend(words(&text));
    }
    kinds
}

fn of_part(name: &str, text: &str) -> Vec<LeakKind> {
    let has = |marks: &[&str]| marks.iter().any(|mark| text.contains(mark));
    let is = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    let mut kinds = Vec::new();
    if has(&[
        "state=\"hidden\"",
        "state=\"veryHidden\"",
        "table:display=\"false\"",
        " hidden=\"1\"",
        "visibility=\"collapse\"",
        "visibility=\"filter\"",
    ]) {
        kinds.push(LeakKind::HiddenSheet);
    }
    if is(&LINKS) || has(&["<f>", "<f ", "table:formula=", "<table:table-source", "TargetMode=\"External\""]) {
        kinds.push(LeakKind::Formula);
    }
    if is(&COMMENTS) || has(&["<office:annotation"]) {
        kinds.push(LeakKind::Comment);
    }
    let authors = ["dc:creator", "cp:lastModifiedBy", "meta:initial-creator", "meta:printed-by", "Manager"];
    if authors.iter().any(|element| has_words(text, element)) {
        kinds.push(LeakKind::Author);
    }
    kinds
}

/// Whether an element with this name holds anything but blanks.
fn has_words(text: &str, element: &str) -> bool {
    text.match_indices(&format!("<{element}")).any(|(at, _)| {
        let content = text[at..].split_once('>').map_or("", |(_, behind)| behind);
        let content = content.split('<').next().unwrap_or_default();
        !text[at..].split('>').next().unwrap_or_default().ends_with('/') && !content.trim().is_empty()
    })
}
