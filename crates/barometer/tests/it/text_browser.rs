//! Figures in a text browser, which draws nothing: alternative text, caption and table must say everything that the picture says.

use testkit::{TextBrowserError, dump};

use crate::browser::{FOLDERS, tell};
use crate::house::tree;
use crate::numbers::page::{Figure, split_off};

/// The words of a text of a drawing: limits apart, a word that was broken between lines without its hyphen, and a symbol without its brackets.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| letter.is_whitespace() || letter == '–')
        .map(|word| word.trim_matches(['(', ')']).trim_end_matches('-'))
        .filter(|word| !word.is_empty())
}

/// What of a figure the text browser does not show.
fn missing(html: &str) -> Result<Vec<String>, TextBrowserError> {
    let figure = Figure::new(html);
    let (_, undrawn) = split_off(html, "<text ", "</text>");
    // A heading of a column opens with a capital letter, the same words in a sentence do not.
    let shown = dump(&format!("<!doctype html><meta charset=utf-8>{undrawn}"))?.to_lowercase();
    let mut missing = Vec::new();
    for text in figure.other_texts() {
        missing.extend(
            words(&text)
                .filter(|word| !shown.contains(&word.to_lowercase()))
                .map(|word| format!("{word:?} of {text:?}")),
        );
    }
    // A number and its limits stand together, in a row or in a sentence.
    let lines: Vec<Vec<&str>> = shown
        .lines()
        .map(|line| line.split(|letter: char| letter.is_whitespace() || "–()†".contains(letter)).collect())
        .collect();
    for (estimate, limits) in figure.drawn() {
        let numbers: Vec<&str> =
            words(&estimate).chain(words(&limits)).map(|word| word.trim_end_matches(['%', '†'])).collect();
        let numbers: Vec<&str> =
            numbers.into_iter().filter(|word| word.starts_with(|it: char| it.is_ascii_digit())).collect();
        let stands = |line: &Vec<&str>| {
            numbers.iter().all(|number| line.iter().any(|word| word.trim_end_matches('%') == *number))
        };
        if !lines.iter().any(stands) {
            missing.push(format!("{} with {}", estimate.trim(), limits.trim()));
        }
    }
    Ok(missing)
}

#[test]
fn a_text_browser_shows_everything_that_a_picture_says() {
    let mut figures = 0;
    let mut problems = Vec::new();
    for (_, folder) in FOLDERS.iter() {
        for (name, bytes) in tree(folder).into_iter().filter(|(name, _)| name.ends_with(".html")) {
            let page = String::from_utf8(bytes).expect("pages are UTF-8");
            // The front page leads with a drawing whose table is on the page of its theme, one link away.
            for html in split_off(&page, "<figure class=\"figure\" ", "</figure>").0 {
                match missing(html) {
                    Ok(missing) => {
                        problems.extend(missing.into_iter().map(|it| format!("{name}: {}: {it}", Figure::new(html).id)))
                    }
                    Err(missing @ TextBrowserError::Missing) => return tell(&format!("left out: {missing}")),
                    Err(error) => panic!("{error}"),
                }
                figures += 1;
            }
        }
    }
    tell(&format!("the text browser showed {figures} figures"));
    assert!(problems.is_empty(), "\n\n{}\n", problems.join("\n"));
}

/// The test above can fail: a drawing that says more than its table is found.
#[test]
fn what_a_drawing_says_alone_is_found() {
    let figure = "<figure class=\"figure\" id=\"f\" aria-labelledby=\"f-h\"><h2 id=\"f-h\">Headline</h2>\n<svg class=\"chart\"><desc id=\"f-d\">A chart.</desc>\n\
        <text class=\"label\" y=\"1\">Schools</text>\n<text class=\"value\" y=\"1\">81 %</text>\n<text class=\"quiet end\" y=\"1\">79–83</text>\n</svg>\n\
        <figcaption><table><tbody><tr><th>Schools</th><td>81</td><td>79</td><td>84</td></tr></tbody></table></figcaption></figure>";
    match missing(figure) {
        Ok(missing) => assert_eq!(missing, ["81 % with 79–83"]),
        Err(missing @ TextBrowserError::Missing) => tell(&format!("left out: {missing}")),
        Err(error) => panic!("{error}"),
    }
}
