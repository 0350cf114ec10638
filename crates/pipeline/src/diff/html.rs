//! A comparison as one page of HTML: it links to nothing and is light or dark as its reader prefers.

use super::{Comparison, FigureChange};

const STYLE: &str = "\
:root{color-scheme:light dark}
body{font:1rem/1.5 Charter,'Iowan Old Style','Noto Serif',Georgia,serif;max-width:72rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;line-height:1.2}
h2{font-size:1.2rem;margin-top:2.5rem}
table{border-collapse:collapse}
caption{text-align:left;padding-bottom:.5rem}
th,td{text-align:left;padding:.25rem 1.25rem .25rem 0;border-bottom:1px solid #8886;vertical-align:top}
td.number{text-align:right;font-variant-numeric:tabular-nums}
.region{overflow-x:auto}
";

pub(super) fn page(comparison: &Comparison) -> String {
    let (old, new) = (&comparison.old, &comparison.new);
    let title = format!("{} {} and {} {}, figure by figure", old.country, old.edition, new.country, new.edition);
    let notes: String = comparison.notes().iter().map(|note| format!("<li>{}.</li>\n", escaped(note))).collect();
    let counts: String = comparison
        .counts
        .iter()
        .map(|(class, count)| {
            format!("<tr><th scope=\"row\">{}</th><td class=\"number\">{count}</td></tr>\n", class.words())
        })
        .collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n\
         <body>\n<main>\n<h1>{title}</h1>\n<p>Old: <code>{}</code>. New: <code>{}</code>.</p>\n<ul>\n{notes}</ul>\n\
         <h2>What became of the figures</h2>\n<table>\n<caption>Figures of each class</caption>\n\
         <thead><tr><th scope=\"col\">class</th><th scope=\"col\">figures</th></tr></thead>\n<tbody>\n{counts}</tbody>\n</table>\n{}</main>\n</body>\n</html>\n",
        escaped(&old.folder),
        escaped(&new.folder),
        changes(comparison),
        title = escaped(&title),
    )
}

fn changes(comparison: &Comparison) -> String {
    let rows: String = comparison.changed().map(row).collect();
    if rows.is_empty() {
        return "<p>Every figure is the same.</p>\n".to_owned();
    }
    let header: String =
        FigureChange::COLUMNS.iter().map(|column| format!("<th scope=\"col\">{column}</th>")).collect();
    format!(
        "<h2>What changed</h2>\n<div class=\"region\" role=\"region\" tabindex=\"0\" aria-label=\"What changed\">\n<table>\n\
         <caption>Every figure that is not the same: estimate, interval, answers</caption>\n<thead><tr>{header}</tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n</div>\n"
    )
}

fn row(figure: &FigureChange) -> String {
    let [table, others @ ..] = figure.cells();
    let others: String = others.iter().map(|cell| format!("<td>{}</td>", escaped(cell))).collect();
    format!("<tr><th scope=\"row\">{}</th>{others}</tr>\n", escaped(&table))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
