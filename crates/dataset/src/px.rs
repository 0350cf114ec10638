//! PX, the format of the Nordic statistics offices (PC-Axis file format, version 2013): keywords in their order, then the cells by rows.

use disclose::{Cell, Hidden};

use crate::observation::{CONTENTS, Observed, numbers};

/// Characters of a text on one line; longer ones go on in the next, as the format allows.
const TEXT_AT_MOST: usize = 200;

pub(crate) fn px(table: &Observed<'_>) -> Vec<u8> {
    let (spec, groups, wave) = (table.spec, table.groups(), table.source.published.wave());
    let created = table.source.day().strftime("%Y%m%d 00:00").to_string();
    let title = format!("{}, {wave}", table.title());
    let rows: Vec<(String, String)> =
        spec.rows.iter().map(|row| (row.id.as_str().to_owned(), row.label.get(table.language).to_owned())).collect();
    let columns: Vec<(String, String)> = groups.iter().map(|group| (group.id(), group.label(table))).collect();
    let contents: Vec<(String, String)> = CONTENTS.map(|name| (name.to_owned(), name.to_owned())).to_vec();
    let mut file = String::new();
    let mut keyword = |name: &str, values: &[&str]| {
        let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
        file.push_str(&format!("{name}={};\n", values.join(",\n")));
    };
    keyword("CHARSET", &["ANSI"]);
    keyword("AXIS-VERSION", &["2013"]);
    keyword("CODEPAGE", &["utf-8"]);
    keyword("LANGUAGE", &[table.language.as_str()]);
    keyword("CREATION-DATE", &[&created]);
    file.push_str(&format!("DECIMALS={0};\nSHOWDECIMALS={0};\n", spec.decimals + 1));
    let mut keyword = |name: &str, values: &[&str]| {
        let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
        file.push_str(&format!("{name}={};\n", values.join(",\n")));
    };
    keyword("MATRIX", &[spec.id.as_str()]);
    keyword("SUBJECT-CODE", &[table.source.country.id.as_str()]);
    keyword("SUBJECT-AREA", &[table.source.country.title.get(table.language)]);
    keyword("TITLE", &[&title]);
    keyword("CONTENTS", &[table.title()]);
    keyword("UNITS", &[&table.unit()]);
    keyword("STUB", &["row", "group"]);
    keyword("HEADING", &["content"]);
    for (name, categories) in [("row", &rows), ("group", &columns), ("content", &contents)] {
        keyword(
            &format!("VALUES(\"{name}\")"),
            &categories.iter().map(|(_, label)| label.as_str()).collect::<Vec<_>>(),
        );
        keyword(&format!("CODES(\"{name}\")"), &categories.iter().map(|(code, _)| code.as_str()).collect::<Vec<_>>());
    }
    let notes = table.notes();
    if !notes.is_empty() {
        keyword("NOTEX", &[&notes.join(". ")]);
    }
    keyword("SOURCE", &[table.source.country.publisher.get(table.language)]);
    for (number, hidden) in
        [Hidden::Empty, Hidden::NotEstimable, Hidden::Confidential, Hidden::Unreliable].iter().enumerate()
    {
        keyword(&format!("DATASYMBOL{}", number + 1), &[crate::observation::status(&Cell::Hidden(*hidden)).1]);
    }
    file.push_str("DATA=\n");
    for row in &spec.rows {
        for group in &groups {
            let numbers = match table.cell(row, group) {
                Cell::Shown(figures) | Cell::Flagged(figures, _) => numbers(&figures),
                Cell::Hidden(why) => std::array::from_fn(|_| quoted(symbol(why))),
            };
            file.push_str(&format!("{}\n", numbers.join(" ")));
        }
    }
    file.push_str(";\n");
    file.into_bytes()
}

/// The dots that stand for a reason; `DATASYMBOL` tells each in words.
fn symbol(why: Hidden) -> &'static str {
    match why {
        Hidden::Empty => ".",
        Hidden::NotEstimable => "..",
        Hidden::Confidential => "...",
        Hidden::Unreliable => "....",
    }
}

/// A text between quotation marks, which it cannot hold itself; a long one in pieces.
fn quoted(text: &str) -> String {
    let characters: Vec<char> =
        text.replace('"', "'").chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    if characters.is_empty() {
        return "\"\"".to_owned();
    }
    let pieces = characters.chunks(TEXT_AT_MOST).map(|piece| format!("\"{}\"", piece.iter().collect::<String>()));
    pieces.collect::<Vec<_>>().join("\n")
}
