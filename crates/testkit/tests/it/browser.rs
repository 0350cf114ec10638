//! The browser must find what is wrong with a page and nothing else: each test shows it a small page with one fault.

use std::fs;
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use testkit::browser::{Browser, Inspection, Look, View, inspect};

const STYLE: &str = "<style>
    :root { color-scheme: light dark; }
    body { font: 18px/1.5 serif; max-width: 60ch; margin: auto; padding: 1rem; color: #222; background: #fff; }
    @media (prefers-color-scheme: dark) { body { color: #ddd; background: #111; } a { color: #9cf; } }
</style>";

/// A page as it should be, with `head` and `main` for what a test adds.
fn page(head: &str, main: &str) -> String {
    format!(
        "<!doctype html>
        <html lang=\"en\">
        <head>
          <meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">
          <title>Nine out of ten workplaces</title>{STYLE}{head}
        </head>
        <body>
          <header><a href=\"#main\">To the text</a></header>
          <main id=\"main\"><h1>Nine out of ten workplaces</h1>{main}</main>
        </body>
        </html>"
    )
}

/// What the browser says of a folder that holds these files; one folder and one browser for each test.
fn inspected(files: &[(&str, &str)]) -> Inspection {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let pages = folder.path().join("pages");
    for (name, text) in files {
        let file = pages.join(name);
        fs::create_dir_all(file.parent().expect("it lies in a folder")).expect("a folder below the temporary one");
        fs::write(file, text).expect("a file below the temporary folder");
    }
    let browser = Browser::start().unwrap_or_else(|error| panic!("{error}"));
    inspect(&mut [browser], &pages, &folder.path().join("pictures")).unwrap_or_else(|error| panic!("{error}"))
}

/// The problems of one page with this head and main part.
fn problems(head: &str, main: &str) -> Vec<String> {
    inspected(&[("index.html", &page(head, main))]).problems
}

#[track_caller]
fn assert_found(problems: &[String], expected: &str) {
    assert!(problems.iter().any(|problem| problem.contains(expected)), "no {expected:?} among {problems:#?}");
}

#[test]
fn pages_without_a_fault_pass_in_every_language_folder() {
    let sound = page("", "<p>They changed something. <a href=\"en/index.html\">English</a></p>");
    let found = inspected(&[("index.html", &sound), ("en/index.html", &page("", "<p>They did.</p>"))]);
    assert_eq!(found.problems, Vec::<String>::new());
    assert_eq!(found.pages, ["en/index.html", "index.html"]);
}

#[test]
fn faint_text_in_the_dark_is_found_only_in_the_dark() {
    let faint = "<style>@media (prefers-color-scheme: dark) { p { color: #444; } }</style>";
    let found = problems(faint, "<p>They changed something.</p>");
    assert_found(&found, "1280-dark: axe color-contrast");
    assert!(found.iter().all(|problem| problem.contains("-dark: axe color-contrast")), "{found:#?}");
}

#[test]
fn a_picture_without_words_and_a_skipped_heading_are_found() {
    let found = problems("", "<h3>Reasons</h3><svg role=\"img\" width=\"9\" height=\"9\"></svg>");
    assert_found(&found, "718-print: axe svg-img-alt");
    assert_found(&found, "718-print: axe heading-order");
}

#[test]
fn a_table_that_is_too_wide_for_a_phone_is_found_on_the_phone() {
    let found = problems("", "<table style=\"min-width: 500px\"><tr><td>a wide one</td></tr></table>");
    assert_found(&found, "390-light, 390-dark: scrolls sideways");
    assert_found(&found, "in a window of 320 px, td");
    assert!(!found.iter().any(|problem| problem.contains("1280")), "{found:#?}");
}

#[test]
fn a_wide_table_in_a_region_that_scrolls_is_no_fault() {
    let table = "<div role=\"region\" aria-label=\"Shares\" tabindex=\"0\" style=\"overflow-x: auto\">
        <table style=\"min-width: 700px\"><tr><th scope=\"col\">Share</th></tr><tr><td>90</td></tr></table></div>";
    assert_eq!(problems("", table), Vec::<String>::new());
}

#[test]
fn scripts_that_fail_are_found() {
    assert_found(&problems("", "<script>console.error('no data')</script>"), "no data");
    assert_found(&problems("", "<script>nobody.home()</script>"), "nobody is not defined");
}

#[test]
fn files_that_are_missing_and_requests_to_a_network_are_found() {
    let head =
        "<link rel=\"stylesheet\" href=\"gone.css\"><link rel=\"stylesheet\" href=\"http://127.0.0.1:9/font.css\">";
    let found = problems(head, "<p><a href=\"gone.html\">Next</a> <a href=\"#nowhere\">Notes</a></p>");
    assert_found(&found, "gone.css");
    assert_found(&found, "request to http://127.0.0.1:9/font.css");
    assert_found(&found, "gone.html, which does not exist");
    assert_found(&found, "#nowhere, which is not here");
}

#[test]
fn a_table_that_text_set_wide_pushes_out_is_found_only_there() {
    let line = "<style>.line { width: 272px; white-space: nowrap; }</style>";
    let found = problems(line, "<p class=\"line\">Nine out of ten workplaces changed it</p>");
    assert_found(&found, "320-spaced: scrolls sideways");
    assert!(found.iter().all(|problem| problem.contains("-spaced: ")), "{found:#?}");
}

#[test]
fn what_a_keyboard_does_not_reach_or_show_is_found() {
    let fold = "<details><summary>Numbers</summary><p><a href=\"#main\">To the top</a></p></details>";
    assert_eq!(inspected(&[("index.html", &page("", fold))]).reached, 3);
    let hidden = "<a href=\"#main\" style=\"outline: none\">To the top</a>";
    assert_found(&problems("", hidden), "a \"To the top\" does not show that it has the focus");
    let trap =
        "<script>document.addEventListener('keydown', event => event.key === 'Tab' && event.preventDefault())</script>";
    assert_found(&problems("", trap), "Tab does not reach a \"To the text\"");
    let order = "<p><a href=\"#main\">First</a> <a href=\"#main\" tabindex=\"1\">Second</a></p>";
    assert_found(&problems("", order), "Tab comes to a \"To the text\" only behind a \"Second\"");
}

#[test]
fn what_only_scripts_show_and_what_moves_is_found() {
    let script = "<script>document.write('<a href=\"index.html\">Written</a><input aria-label=\"Find\">')</script>";
    assert_found(&problems("", script), "without scripts there is no link to index.html");
    assert_found(
        &problems("", "<input aria-label=\"Find\" onchange=\"find()\">"),
        "without scripts a input does nothing",
    );
    let sound =
        inspected(&[("index.html", &page("", "<form action=\"index.html\"><input aria-label=\"Find\"></form>"))]);
    assert_eq!((sound.problems, sound.scripted), (Vec::new(), 0));
    let moves = "<style>a { transition: color 1s; }</style>";
    assert_found(&problems(moves, ""), "with reduced motion: A moves smoothly");
}

#[test]
fn pictures_show_the_whole_page_in_the_look_that_was_asked_for() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("a page, æøå & 100 %.html");
    fs::write(&file, page("", &"<p>A line.</p>".repeat(100))).expect("a file");
    let mut browser = Browser::start().unwrap_or_else(|error| panic!("{error}"));
    let mut page = browser.open(&file).unwrap_or_else(|error| panic!("{error}"));
    let mut sizes = Vec::new();
    for (look, background) in [(Look::Light, "rgb(255, 255, 255)"), (Look::Dark, "rgb(17, 17, 17)")] {
        page.show(View { width: 390, look }).unwrap_or_else(|error| panic!("{error}"));
        let shown = page.evaluate("getComputedStyle(document.body).backgroundColor").expect("it has a colour");
        assert_eq!(shown, background);
        let picture: PathBuf = folder.path().join("picture.png");
        page.photograph(&picture).unwrap_or_else(|error| panic!("{error}"));
        let bytes = fs::read(&picture).expect("the picture was written");
        // A PNG tells its width and height in the bytes 16 to 23.
        let number = |at: usize| u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        sizes.push((number(16), number(20)));
    }
    assert!(sizes.iter().all(|(width, height)| *width == 390 && *height > 4000), "{sizes:?}");
}

#[test]
fn the_colours_of_one_page_do_not_stay_for_the_next() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("page.html");
    fs::write(&file, page("", "<p>A line.</p>")).expect("a file");
    let mut browser = Browser::start().unwrap_or_else(|error| panic!("{error}"));
    let mut first = browser.open(&file).unwrap_or_else(|error| panic!("{error}"));
    first.show(View { width: 390, look: Look::Forced }).unwrap_or_else(|error| panic!("{error}"));
    let mut second = browser.open(&file).unwrap_or_else(|error| panic!("{error}"));
    second.show(View { width: 390, look: Look::Dark }).unwrap_or_else(|error| panic!("{error}"));
    let picture = folder.path().join("picture.png");
    second.photograph(&picture).unwrap_or_else(|error| panic!("{error}"));
    let encoded = STANDARD.encode(fs::read(&picture).expect("the picture was written"));
    let corner = second.evaluate(&format!(
        "(async () => {{
            const image = new Image();
            image.src = 'data:image/png;base64,{encoded}';
            await image.decode();
            const context = new OffscreenCanvas(1, 1).getContext('2d');
            context.drawImage(image, 0, 0);
            return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)].join(' ');
        }})()"
    ));
    assert_eq!(corner.expect("a picture has a corner"), "17 17 17");
}

#[test]
fn the_process_ends_with_the_browser() {
    let browser = Browser::start().unwrap_or_else(|error| panic!("{error}"));
    let process = PathBuf::from(format!("/proc/{}", browser.process()));
    assert!(process.exists(), "Chromium runs");
    drop(browser);
    assert!(!process.exists(), "Chromium still runs");
}
