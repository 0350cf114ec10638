//! What a page costs: 10 to 100 themes in two languages, rendered in one process from tables that were published already.
//!
//! `make bench` runs it in a release build; `cargo bench --profile dev -p report --bench pages` needs no other build than the tests'. It prints what a page costs, so that one sees
//! whether it is the same in a report of few pages and of many.
#![expect(clippy::print_stdout, reason = "a benchmark is there to be read")]

#[path = "../tests/it/sample.rs"]
#[expect(dead_code, clippy::unwrap_used, reason = "it belongs to the tests, which use all of it")]
mod sample;

use std::time::{Duration, Instant};

use codebook::{Country, Language};
use report::{Empty, Templates, pages};

use sample::{NUMBERS, Sample, country};

/// The themes of the country's texts, each so many times under another name.
fn repeated(times: usize) -> (Country, String) {
    let files = |text: &str| testkit::country("", text);
    let is_of_theme = |path: &str| path.contains("/report/") && !path.ends_with("facts.toml");
    let renamed = |path: &str, text: &str, number: usize| {
        // Figures are named once in a wave, and so are their places in the texts.
        let (folder, name) = path.rsplit_once('/').expect("a file of a theme lies in a folder");
        let (theme, ending) = name.split_once('.').expect("a file of a theme has an ending");
        let text = text
            .replace("id = \"", &format!("id = \"t{number}-"))
            .replace("{{ figure ", &format!("{{{{ figure t{number}-"))
            .replace("value.html", &format!("value-{number}.html"));
        format!("=== {}/{theme}-{number}.{ending}\n{text}", folder.trim_start_matches('/'))
    };
    let repeat = |text: &str| {
        let (of_themes, others): (Vec<_>, Vec<_>) = files(text).into_iter().partition(|(path, _)| is_of_theme(path));
        let mut whole: String =
            others.iter().map(|(path, text)| format!("=== {}\n{text}", path.trim_start_matches('/'))).collect();
        for number in 0..times {
            whole.extend(of_themes.iter().map(|(path, text)| renamed(path, text, number)));
        }
        whole
    };
    let narratives = repeat(include_str!("../tests/it/narratives.txt"));
    (country(|text| repeat(&text)), narratives)
}

/// Pages rendered, and the time it took.
fn rendered(times: usize) -> (usize, Duration) {
    let (country, narratives) = repeated(times);
    let sample = Sample::with(country, &narratives, NUMBERS);
    let languages = ["da", "en"].map(|language| Language::new(language).expect("a language"));
    let templates = Templates::new(Vec::new());
    let started = Instant::now();
    let pages = pages(sample.edition(&templates), &languages, &Empty).expect("the pages render");
    let time = started.elapsed();
    (pages.iter().filter(|page| page.path.ends_with(".html")).count(), time)
}

fn main() {
    println!("{:>7} {:>7} {:>10} {:>12}", "themes", "pages", "time", "per page");
    let mut per_page = Vec::new();
    for times in [5, 25, 50] {
        let (pages, time) = rendered(times);
        let each = time / u32::try_from(pages).expect("few pages");
        println!("{:>7} {pages:>7} {:>7} ms {:>9} us", 2 * times, time.as_millis(), each.as_micros());
        per_page.push(each);
    }
    let (few, many) = (per_page[0], per_page[2]);
    println!(
        "a page of the longest report costs {:.2} times one of the shortest",
        many.as_secs_f64() / few.as_secs_f64()
    );
}
