//! The calendar as a page. It has no words of its own, so every country's titles stand in that country's language.

use super::{Entry, escaped};

const STYLE: &str = "\
:root{color-scheme:light dark}
body{font:1.125rem/1.5 Charter,'Iowan Old Style','Noto Serif',Georgia,serif;max-width:44rem;margin:2rem auto;padding:0 1.25rem}
ol{list-style:none;padding:0}
li{padding:.6rem 0;border-bottom:1px solid #8886}
time{display:block;font:.875rem/1.4 'Segoe UI',Roboto,'Noto Sans',sans-serif;font-variant-numeric:tabular-nums}
";

pub(super) fn page(entries: &[Entry]) -> String {
    let language = entries.first().map_or("en", |entry| entry.language.as_str());
    let mut titles: Vec<&str> = entries.iter().map(|entry| entry.publication.as_str()).collect();
    titles.dedup();
    let title = escaped(&titles.join(" · "));
    let items: String = entries.iter().map(item).collect();
    format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n\
         </head>\n<body>\n<main>\n<h1>{title}</h1>\n<ol>\n{items}</ol>\n</main>\n</body>\n</html>\n"
    )
}

fn item(entry: &Entry) -> String {
    let (machine, shown) = match &entry.moment {
        // `2020-12-04T09:00:00+01:00` is `2020-12-04 09:00 (+01:00)` for a person.
        Some((_, written)) => (written.clone(), readable(written)),
        None => (entry.day.to_string(), entry.day.to_string()),
    };
    let title = escaped(&entry.marked());
    format!("<li lang=\"{}\"><time datetime=\"{machine}\">{shown}</time>{title}</li>\n", entry.language)
}

fn readable(written: &str) -> String {
    let Some((day, time)) = written.split_once('T') else { return written.to_owned() };
    let zone = time.find(['+', '-', 'Z']).map_or("", |start| &time[start..]);
    let clock: String = time.chars().take(5).collect();
    format!("{day} {clock} ({})", if zone == "Z" { "UTC" } else { zone })
}
