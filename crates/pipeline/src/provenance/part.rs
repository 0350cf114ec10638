//! What a file of a release holds, told by its place, and what goes into it.

use std::collections::BTreeSet;

use codebook::{TableSpec, Theme};
use dataset::ReleaseFormat;

use crate::manifest::MANIFEST;
use crate::released::Released;

/// What a file holds, told by its place in the release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// The page of one theme, or its text for the press.
    Theme(String),
    /// The card of one theme.
    Card(String),
    /// A drawing.
    Drawing(String),
    /// The files of one table.
    Table(String),
    /// A statement.
    Statement(String),
    /// A file that all pages share, such as the stylesheet, by its name.
    Asset(String),
    /// The numbers of all tables, or what describes them, without texts.
    Numbers,
    /// The whole edition.
    Whole,
    /// What lists the inputs of all.
    Manifest,
}

/// What a file holds, and its language.
pub(super) fn part(path: &str, released: &Released) -> (Part, String) {
    let languages = &released.manifest.languages;
    let first = languages.first().cloned().unwrap_or_default();
    let inside = languages.iter().find_map(|language| Some((language, path.strip_prefix(&format!("{language}/"))?)));
    let (language, path) = inside.map_or((first, path), |(language, path)| (language.clone(), path));
    let theme = |name: &str| {
        let file = format!("report/{}/{name}.toml", released.manifest.wave);
        released.manifest.inputs.iter().any(|input| input.path == file)
    };
    let stem = |name: &str| name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned();
    let part = match path.split_once('/') {
        None if theme(&stem(path)) => Part::Theme(stem(path)),
        Some(("figures", name)) => Part::Drawing(stem(name)),
        Some(("cards", name)) => Part::Card(stem(name)),
        Some(("data", dataset::WAVES_FILE)) => Part::Numbers,
        Some(("data", name)) if ReleaseFormat::ALL.iter().any(|format| format.file() == name) => Part::Numbers,
        Some(("data", name)) => Part::Table(stem(name)),
        Some(("provenance", name)) if name.starts_with("sql/") => Part::Statement(stem(&name["sql/".len()..])),
        Some(("provenance", _)) => Part::Numbers,
        Some(("assets", name)) => Part::Asset(name.to_owned()),
        // A page of a variant.
        Some((_, name)) if name.ends_with(".html") && theme(&stem(name)) => Part::Theme(stem(name)),
        None if path == MANIFEST => Part::Manifest,
        Some(_) | None => Part::Whole,
    };
    (part, language)
}

/// Whether this part holds the texts of a theme.
pub(super) fn holds_theme(part: &Part, theme: &Theme) -> bool {
    match part {
        Part::Theme(name) | Part::Card(name) => theme.id.as_str() == name,
        Part::Drawing(name) => theme.figures.iter().any(|figure| figure.id.as_str() == name),
        Part::Whole => true,
        Part::Table(_) | Part::Statement(_) | Part::Asset(_) | Part::Numbers | Part::Manifest => false,
    }
}

/// Whether this part, which holds these themes, has numbers of a table.
pub(super) fn holds_table(part: &Part, table: &TableSpec, themes: &[&Theme]) -> bool {
    let figures = || themes.iter().flat_map(|theme| &theme.figures).filter(|figure| figure.table == table.id);
    let claims = || themes.iter().flat_map(|theme| &theme.claims);
    match part {
        Part::Theme(_) | Part::Card(_) => {
            figures().next().is_some() || claims().any(|claim| claim.predicate.table() == Some(&table.id))
        }
        Part::Drawing(name) => figures().any(|figure| figure.id.as_str() == name),
        Part::Table(name) => table.id.as_str() == name,
        Part::Numbers | Part::Whole | Part::Manifest => true,
        Part::Statement(_) | Part::Asset(_) => false,
    }
}

/// What a file is asked about that may go into a part.
pub(super) struct Asked<'a> {
    /// The themes whose texts the part holds.
    pub(super) themes: &'a [String],
    /// Its language.
    pub(super) language: &'a str,
    /// The edition's wave.
    pub(super) year: &'a str,
    /// The earlier waves that the edition shows.
    pub(super) earlier: &'a BTreeSet<String>,
}

/// Whether a part may show numbers of earlier waves.
pub(super) fn shows_earlier(part: &Part) -> bool {
    match part {
        Part::Theme(_) | Part::Card(_) | Part::Drawing(_) | Part::Numbers | Part::Whole | Part::Manifest => true,
        // The files of a table hold the edition's own wave.
        Part::Table(_) | Part::Statement(_) | Part::Asset(_) => false,
    }
}

/// Whether a file of the country goes into what holds this part.
pub(super) fn feeds(input: &str, part: &Part, asked: &Asked<'_>) -> bool {
    let Asked { themes, language, year, earlier } = asked;
    let text = input.strip_prefix(&format!("report/{year}/"));
    let own_words = input == format!("templates/lang/{language}.toml");
    let is_of_language = |name: &str| name.ends_with(".toml") || name.ends_with(&format!(".{language}.md"));
    let is_of_theme = |name: &str| themes.iter().any(|theme| name.split('.').next() == Some(theme.as_str()));
    let of_earlier = || {
        let wave = input.strip_prefix("waves/").and_then(|name| name.strip_suffix(".toml"));
        ["series.toml", "published.csv"].contains(&input) || wave.is_some_and(|wave| earlier.contains(wave))
    };
    let is_plan = ["country.toml", "codebook.toml", "tables.toml", "ledger.toml"].contains(&input)
        || input == format!("waves/{year}.toml")
        || input.starts_with("core/")
        || (shows_earlier(part) && of_earlier());
    // Notices of corrections stand in files of numbers, too.
    let is_errata = text == Some("errata.toml");
    match part {
        Part::Asset(name) => input.rsplit('/').next() == Some(name.as_str()) && input.starts_with("templates/"),
        Part::Statement(_) => is_plan,
        Part::Table(_) => is_plan || is_errata,
        Part::Numbers => is_plan || text.is_some(),
        Part::Drawing(_) | Part::Card(_) => {
            is_plan || is_errata || own_words || text.is_some_and(|name| is_of_theme(name) && is_of_language(name))
        }
        Part::Theme(_) => {
            let is_read = |name: &str| {
                ["facts.toml", "variants.toml", "errata.toml"].contains(&name)
                    || (is_of_theme(name) && is_of_language(name))
            };
            is_plan || own_words || is_template(input) || text.is_some_and(is_read)
        }
        Part::Whole => is_plan || own_words || is_template(input) || text.is_some_and(is_of_language),
        Part::Manifest => true,
    }
}

/// Whether a file of the country is a template of pages or of plain texts, rather than words of a language or a file that pages share.
fn is_template(input: &str) -> bool {
    let place = input.strip_prefix("templates/").and_then(|below| below.split_once('/'));
    place.is_some_and(|(folder, name)| folder != "lang" && !name.ends_with(".css") && !name.ends_with(".js"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(part: &Part, expected: &[&str]) {
        let inputs = [
            "codebook.toml",
            "published.csv",
            "report/1999/schools.en.md",
            "report/2000/errata.toml",
            "report/2000/facts.toml",
            "report/2000/schools.da.md",
            "report/2000/schools.en.md",
            "report/2000/schools.toml",
            "report/2000/teachers.en.md",
            "series.toml",
            "templates/html/theme.html",
            "templates/html/style.css",
            "templates/lang/da.toml",
            "templates/lang/en.toml",
            "twin/2000.toml",
            "waves/1998.toml",
            "waves/1999.toml",
            "waves/2000.toml",
        ];
        let (themes, earlier) = (["schools".to_owned()], BTreeSet::from(["1999".to_owned()]));
        let asked = Asked { themes: &themes, language: "en", year: "2000", earlier: &earlier };
        let found: Vec<&str> = inputs.into_iter().filter(|input| feeds(input, part, &asked)).collect();
        assert_eq!(found, expected, "{part:?}");
    }

    #[test]
    fn a_file_is_made_from_what_its_part_of_the_release_needs() {
        check(&Part::Table("scores".to_owned()), &["codebook.toml", "report/2000/errata.toml", "waves/2000.toml"]);
        check(&Part::Statement("sums-01".to_owned()), &["codebook.toml", "waves/2000.toml"]);
        check(&Part::Asset("style.css".to_owned()), &["templates/html/style.css"]);
        check(
            &Part::Theme("schools".to_owned()),
            &[
                "codebook.toml",
                "published.csv",
                "report/2000/errata.toml",
                "report/2000/facts.toml",
                "report/2000/schools.en.md",
                "report/2000/schools.toml",
                "series.toml",
                "templates/html/theme.html",
                "templates/lang/en.toml",
                "waves/1999.toml",
                "waves/2000.toml",
            ],
        );
        check(
            &Part::Card("schools".to_owned()),
            &[
                "codebook.toml",
                "published.csv",
                "report/2000/errata.toml",
                "report/2000/schools.en.md",
                "report/2000/schools.toml",
                "series.toml",
                "templates/lang/en.toml",
                "waves/1999.toml",
                "waves/2000.toml",
            ],
        );
    }
}
