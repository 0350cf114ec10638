//! Where two versions of one file first differ, as a reader would name it.
//!
//! A byte says nothing to a person. So the tables are compared by figure, files of numbers by row and column, pages and drawings by what they say and
//! draw, and only what is left by line. A figure is named as in every other file: table, row, group.

mod figures;
mod pages;
mod records;

use serde::Serialize;

pub(super) use figures::Figures;

use crate::diff::{self, Class};
use crate::manifest::STORE;
use crate::released::{Released, ReleasedTables};

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
    /// White space: every figure and every word is the same.
    WhiteSpace,
    /// How cells are packed, look or are described: every cell is the same.
    Packing,
    /// Something that is neither text nor cells, such as a picture.
    Content,
}

/// A text is told in so many characters at most.
const CHARACTERS: usize = 160;

impl Difference {
    /// How two versions of the file at `path` differ; they do.
    pub(super) fn between(
        path: &str,
        (released, rebuilt): (Option<&Vec<u8>>, Option<&Vec<u8>>),
        figures: &Figures<'_>,
    ) -> Self {
        let (released, rebuilt) = match (released, rebuilt) {
            (Some(released), Some(rebuilt)) => (released, rebuilt),
            (None, _) => return Self::Missing,
            (Some(_), None) => return Self::Additional,
        };
        let extension = path.rsplit('.').next().unwrap_or_default();
        if ["xlsx", "ods", "parquet"].contains(&extension) {
            let is_readable = ingest::cells(path, released).is_some();
            let same = if is_readable { Self::Packing } else { Self::Content };
            return records::of_sheets(path, [released, rebuilt], figures).unwrap_or(same);
        }
        let (Ok(before), Ok(after)) = (std::str::from_utf8(released), std::str::from_utf8(rebuilt)) else {
            return Self::Content;
        };
        let (bytes, texts) = ([released.as_slice(), rebuilt], [before, after]);
        let named = match extension {
            "json" if path == STORE => of_tables(released, rebuilt).or_else(|| records::of_json(path, bytes, figures)),
            "json" | "jsonld" => records::of_json(path, bytes, figures),
            "csv" => records::of_csv(path, texts, figures),
            "px" => records::of_px(path, texts, figures),
            "html" | "svg" | "xml" => pages::of_markup(path, texts, figures),
            "md" | "txt" => pages::of_plain(path, texts, figures),
            _ => None,
        };
        // Between marks and braces white space may come and go; in a text it parts words.
        let bare = |text: &str| -> String { text.chars().filter(|letter| !letter.is_whitespace()).collect() };
        let is_marked = ["json", "jsonld", "html", "svg", "xml"].contains(&extension) && bare(before) == bare(after);
        let lines = || if is_marked { None } else { of_lines(before, after) };
        named.or_else(lines).unwrap_or(Self::WhiteSpace)
    }

    /// What tells most comes first: figures, then texts, then the rest.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::Figure { .. } => 0,
            Self::Text { .. } => 1,
            Self::Missing | Self::Additional => 2,
            Self::Content => 3,
            Self::WhiteSpace | Self::Packing => 4,
        }
    }
}

/// The first figure of a release's sealed tables, which were changed since, that is not as its file of all tables in the first language has it; nothing
/// where that file is not as it was made, either.
pub(super) fn of_broken_seal(released: &Released) -> Option<Difference> {
    const TIDY: &str = "data/tables.tidy.csv";
    let tidy = released.files.get(TIDY).filter(|_| !released.against_manifest().changed.iter().any(|it| it == TIDY))?;
    let store = ReleasedTables::read(released.files.get(STORE)?).ok()?;
    records::of_store(&store, tidy)
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

/// The first line that is not the same, white space aside.
fn of_lines(released: &str, rebuilt: &str) -> Option<Difference> {
    let lines = |text: &str| -> Vec<String> {
        let line = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        text.lines().map(line).filter(|line| !line.is_empty()).collect()
    };
    if released.split_whitespace().eq(rebuilt.split_whitespace()) {
        return None;
    }
    let (old, new) = (lines(released), lines(rebuilt));
    let place = (0..old.len().max(new.len())).find(|place| old.get(*place) != new.get(*place))?;
    let line = |lines: &[String]| lines.get(place).cloned().unwrap_or_default();
    let (released, rebuilt) = sentence_of(&line(&old), &line(&new));
    Some(Difference::Text { released, rebuilt })
}

/// The first sentences of two pieces of text that are not the same.
fn sentence_of(released: &str, rebuilt: &str) -> (String, String) {
    let sentences = |text: &str| -> Vec<String> { text.split_inclusive(". ").map(|it| it.trim().to_owned()).collect() };
    let (one, other) = (sentences(released), sentences(rebuilt));
    let differs = (0..one.len().max(other.len())).find(|place| one.get(*place) != other.get(*place));
    let told = |sentences: &[String]| cut(differs.and_then(|place| sentences.get(place)).map_or("", String::as_str));
    (told(&one), told(&other))
}

fn cut(text: &str) -> String {
    if text.chars().count() <= CHARACTERS {
        return text.to_owned();
    }
    text.chars().take(CHARACTERS - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, released: &str, rebuilt: &str, expected: &Difference) {
        let bytes = |text: &str| text.as_bytes().to_vec();
        let (released, rebuilt) = (bytes(released), bytes(rebuilt));
        assert_eq!(Difference::between(path, (Some(&released), Some(&rebuilt)), &Figures::default()), *expected);
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
        let difference =
            Difference::between("cards/a.png", (Some(&vec![0xff]), Some(&vec![0xfe])), &Figures::default());
        assert_eq!(difference, Difference::Content);
    }

    #[test]
    fn white_space_is_told_as_what_it_is() {
        check("a.html", "<p>one</p>", "<p>one </p>\n", &Difference::WhiteSpace);
        check("a.json", "{\"n\":[1,2]}", "{ \"n\": [1, 2] }", &Difference::WhiteSpace);
        check("data/t.csv", "item,n\r\na,1\r\n", "item,n\na,1\n", &Difference::WhiteSpace);
        check("provenance/sql/a.sql", "SELECT 1;\n", "SELECT 1;\n\n", &Difference::WhiteSpace);
    }

    #[test]
    fn a_piece_that_is_new_is_told_beside_nothing() {
        check("a.html", "<p>one</p>", "<p>one</p><p>two</p>", &text("", "two"));
    }
}
