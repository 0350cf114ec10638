//! The checker must find what is not valid in each format and nothing in what is.

use std::fs;

use testkit::{ValidatorError, validate};

const SOUND: &str =
    "<!doctype html>\n<html lang=\"en\"><head><title>Shares</title></head><body><h1>Shares</h1></body></html>";

/// What is wrong with a file of this name and text, without its folder; nothing at all where the checker is not here.
fn problems(name: &str, text: &str) -> Option<Vec<String>> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join(name);
    fs::write(&file, text).expect("a file");
    match validate(&[file]) {
        Ok(validation) => {
            let below = format!("{}/", folder.path().display());
            Some(validation.problems.into_iter().map(|problem| problem.replace(&below, "")).collect())
        }
        Err(ValidatorError::Missing { .. }) => None,
        Err(error) => panic!("{error}"),
    }
}

#[track_caller]
fn check(name: &str, text: &str, expected: &[&str]) {
    let Some(found) = problems(name, text) else { return };
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.starts_with(expected), "{found}");
    }
}

#[test]
fn what_is_not_valid_is_told_with_file_and_line() {
    check("index.html", SOUND, &[]);
    let figure = SOUND.replace("</h1>", "</h1>\n<ul><p>Nine</p></ul>");
    check("index.html", &figure, &["index.html:3: Element “p” not allowed as child of element “ul”"]);
    check("style.css", "p { color: red; }\n", &[]);
    check("style.css", "p { colour: red; }\n", &["style.css:1: CSS: “colour”: Property “colour” doesn't exist."]);
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\">\n<rect width=\"9\" height=\"9\"/></svg>";
    check("bar.svg", svg, &[]);
    let strange = ["bar.svg:2: Element “p” not allowed as child of element “svg”", "bar.svg:2: The “p” element is"];
    check("bar.svg", &svg.replace("rect", "p"), &strange);
}
