//! Every kind of chart as files: compared with those of the repository, and as a page to look at.

use std::fs;
use std::path::PathBuf;

use super::specs::gallery;

/// The folder of the page: `charts` beside the test's program.
fn folder() -> PathBuf {
    let program = std::env::current_exe().unwrap();
    program.ancestors().nth(2).unwrap().join("charts")
}

#[test]
fn the_gallery_is_as_expected() {
    let expected = testkit::repository().join("fixtures/charts");
    let drawn: Vec<(String, String)> =
        gallery().into_iter().map(|(name, it)| (format!("{name}.svg"), it.alone(name, &[]))).collect();
    #[expect(clippy::disallowed_methods, reason = "a test may be asked to write what it expects")]
    if std::env::var("BAROMETER_GOLDEN").is_ok() {
        fs::create_dir_all(&expected).unwrap();
        drawn.iter().for_each(|(name, svg)| fs::write(expected.join(name), svg).unwrap());
    }
    let mut found: Vec<String> =
        fs::read_dir(&expected).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    let mut names: Vec<String> = drawn.iter().map(|(name, _)| name.clone()).collect();
    found.sort();
    names.sort();
    assert_eq!(found, names, "fixtures/charts has a file for each drawing");
    for (name, svg) in &drawn {
        assert!(*svg == fs::read_to_string(expected.join(name)).unwrap(), "{name}: make golden writes it anew");
    }
}

#[test]
fn a_page_shows_every_chart_to_whoever_wants_to_look() {
    let style = include_str!("../../../../../templates/html/style.css");
    let figures: String = gallery()
        .iter()
        .map(|(name, it)| {
            format!("<figure class=\"figure\"><h2 class=\"kicker\">{name}</h2>\n{}\n</figure>\n", it.inline())
        })
        .collect();
    let page = format!(
        "<!doctype html><html lang=\"da\"><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>Gallery</title><style>{style}</style><main>\n{figures}</main></html>\n"
    );
    fs::create_dir_all(folder()).unwrap();
    fs::write(folder().join("gallery.html"), &page).unwrap();
    for (name, it) in gallery() {
        fs::write(folder().join(format!("{name}.svg")), it.alone(name, &[])).unwrap();
    }
    let ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|it| Some(it.split_once('"')?.0)).collect();
    let mut unique = ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), ids.len(), "ids are unique in a page");
}
