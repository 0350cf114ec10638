//! Where two versions of one file first differ, as a reader would name it.
//!
//! A byte says nothing to a person. So the tables are compared by figure, tidy files by row and column, pages by what they say, and only what
//! is left by line.

use serde::Serialize;

use crate::diff::{self, Class};
use crate::manifest::STORE;
use crate::released::ReleasedTables;

/// Where a file of a release first differs from the same file made again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    /// A number.
    Figure {
        /// Which: table, row, group.
        figure: String,
        /// What the release shows.
        released: String,
        /// What was made again.
        rebuilt: String,
    },
    /// A sentence, a heading or another piece of text.
    Text {
        /// What the release says; nothing if it says less.
        released: String,
        /// What was made again.
        rebuilt: String,
    },
    /// The release lacks the file.
    Missing,
    /// The release has a file that is not made.
    Additional,
    /// Something that is no text.
    Content,
}

/// A text is told in so many characters at most.
const CHARACTERS: usize = 160;

impl Difference {
    /// How two versions of the file at `path` differ; they do.
    pub(super) fn between(path: &str, released: Option<&Vec<u8>>, rebuilt: Option<&Vec<u8>>) -> Self {
        let (released, rebuilt) = match (released, rebuilt) {
            (Some(released), Some(rebuilt)) => (released, rebuilt),
            (None, _) => return Self::Missing,
            (Some(_), None) => return Self::Additional,
        };
        let (Ok(before), Ok(after)) = (std::str::from_utf8(released), std::str::from_utf8(rebuilt)) else {
            return Self::Content;
        };
        let extension = path.rsplit('.').next().unwrap_or_default();
        let named = match extension {
            "json" if path == STORE => of_tables(released, rebuilt),
            "csv" => of_records(before, after),
            "html" | "svg" => of_pieces(&pieces(before), &pieces(after)),
            _ => None,
        };
        named.unwrap_or_else(|| of_pieces(&lines(before), &lines(after)).unwrap_or(Self::Content))
    }

    /// What tells most comes first: figures, then texts, then the rest.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::Figure { .. } => 0,
            Self::Text { .. } => 1,
            Self::Missing | Self::Additional => 2,
            Self::Content => 3,
        }
    }
}

/// The first figure of the sealed tables that is not the same.
fn of_tables(released: &[u8], rebuilt: &[u8]) -> Option<Difference> {
    let tables = [released, rebuilt].map(ReleasedTables::read);
    let [Ok(released), Ok(rebuilt)] = tables else { return None };
    let changes = diff::changes(&released, &rebuilt);
    let first = changes.into_iter().find(|figure| figure.class != Class::Same)?;
    let [released, rebuilt] = first.sides();
    Some(Difference::Figure { figure: first.name.to_string(), released, rebuilt })
}

/// The first cell of a tidy file that is not the same, named by the codes of its row.
fn of_records(released: &str, rebuilt: &str) -> Option<Difference> {
    let records = |text: &str| -> Option<Vec<csv::StringRecord>> {
        let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        reader.into_records().collect::<Result<_, _>>().ok()
    };
    let (released, rebuilt) = (records(released)?, records(rebuilt)?);
    let header = released.first()?;
    if rebuilt.first() != Some(header) {
        return None;
    }
    let (one, other) = released.iter().zip(&rebuilt).find(|(one, other)| one != other)?;
    let column = (0..header.len()).find(|column| one.get(*column) != other.get(*column))?;
    let code = |name: &str| {
        let place = header.iter().position(|column| column == name)?;
        other.get(place).filter(|code| !code.is_empty())
    };
    let row = [code("item"), code("category")].into_iter().flatten().collect::<Vec<_>>().join(":");
    let group = match (code("breakdown"), code("group")) {
        (Some(breakdown), Some(group)) => format!("{breakdown} {group}"),
        (Some(_) | None, _) => "total".to_owned(),
    };
    let table = code("table").unwrap_or("?");
    let figure = format!("table {table}, row {row}, {group}: {}", header.get(column)?);
    let told = |record: &csv::StringRecord| record.get(column).unwrap_or_default().to_owned();
    Some(Difference::Figure { figure, released: told(one), rebuilt: told(other) })
}

/// The first piece of text that is not the same, narrowed to its sentence.
fn of_pieces(released: &[String], rebuilt: &[String]) -> Option<Difference> {
    let place = (0..released.len().max(rebuilt.len())).find(|place| released.get(*place) != rebuilt.get(*place))?;
    let piece = |pieces: &[String]| pieces.get(place).cloned().unwrap_or_default();
    let (released, rebuilt) = (piece(released), piece(rebuilt));
    let (one, other) = (sentences(&released), sentences(&rebuilt));
    let differs = (0..one.len().max(other.len())).find(|place| one.get(*place) != other.get(*place))?;
    let told = |sentences: &[&str]| cut(sentences.get(differs).copied().unwrap_or_default());
    Some(Difference::Text { released: told(&one), rebuilt: told(&other) })
}

fn sentences(text: &str) -> Vec<&str> {
    text.split_inclusive(". ").map(str::trim).collect()
}

fn cut(text: &str) -> String {
    if text.chars().count() <= CHARACTERS {
        return text.to_owned();
    }
    text.chars().take(CHARACTERS - 1).chain(['…']).collect()
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(|line| line.trim().to_owned()).collect()
}

/// Elements that do not end a piece of text.
const INLINE: [&str; 14] =
    ["a", "abbr", "b", "bdi", "code", "em", "i", "mark", "small", "span", "strong", "sub", "sup", "tspan"];

/// What a page says, piece by piece: the text of its paragraphs, headings, cells and labels.
fn pieces(page: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        let (text, tag) = rest.split_at(start);
        pieces.last_mut().expect("there is a piece from the start").push_str(text);
        let end = tag.find('>').map_or(tag.len(), |end| end + 1);
        let name = tag[1..end].trim_start_matches('/');
        let name = name.split(|character: char| !character.is_ascii_alphanumeric()).next().unwrap_or_default();
        if !INLINE.contains(&name) {
            pieces.push(String::new());
        }
        rest = &tag[end..];
    }
    pieces.last_mut().expect("there is a piece from the start").push_str(rest);
    let clean = |piece: &String| plain(&piece.split_whitespace().collect::<Vec<_>>().join(" "));
    pieces.iter().map(clean).filter(|piece| !piece.is_empty()).collect()
}

/// The text that markup stands for.
fn plain(text: &str) -> String {
    let entities =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&nbsp;", "\u{a0}")];
    let text = entities.iter().fold(text.to_owned(), |text, (entity, character)| text.replace(entity, character));
    text.replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, released: &str, rebuilt: &str, expected: &Difference) {
        let bytes = |text: &str| text.as_bytes().to_vec();
        assert_eq!(Difference::between(path, Some(&bytes(released)), Some(&bytes(rebuilt))), *expected);
    }

    fn text(released: &str, rebuilt: &str) -> Difference {
        Difference::Text { released: released.to_owned(), rebuilt: rebuilt.to_owned() }
    }

    #[test]
    fn a_page_differs_in_a_sentence() {
        let page = |share: &str| {
            format!("<main>\n<p>Few did. In <b>{share}</b> of\n schools pupils &amp; staff did.</p></main>")
        };
        let told = |share: &str| format!("In {share} of schools pupils & staff did.");
        check("index.html", &page("9 of 10"), &page("8 of 10"), &text(&told("9 of 10"), &told("8 of 10")));
    }

    #[test]
    fn a_page_that_says_the_same_differs_in_a_line() {
        check(
            "a.html",
            "<p>x</p>\n<img alt=\"a\">",
            "<p>x</p>\n<img alt=\"b\">",
            &text("<img alt=\"a\">", "<img alt=\"b\">"),
        );
    }

    #[test]
    fn a_tidy_file_differs_in_a_figure() {
        let file = |estimate: &str| {
            format!("table,item,category,breakdown,group,estimate\nt,a,yes,,,50\nt,a,yes,size,small,{estimate}\n")
        };
        let expected = Difference::Figure {
            figure: "table t, row a:yes, size small: estimate".to_owned(),
            released: "41".to_owned(),
            rebuilt: "42".to_owned(),
        };
        check("data/t.csv", &file("41"), &file("42"), &expected);
    }

    #[test]
    fn a_file_of_bytes_differs_as_a_whole() {
        let difference = Difference::between("data/tables.xlsx", Some(&vec![0xff]), Some(&vec![0xfe]));
        assert_eq!(difference, Difference::Content);
    }

    #[test]
    fn a_piece_that_is_new_is_told_beside_nothing() {
        check("a.html", "<p>one</p>", "<p>one</p><p>two</p>", &text("", "two"));
    }
}
