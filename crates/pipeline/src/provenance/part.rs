//! What a file of a release holds, told by its place, and what goes into it.

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

/// Whether a file of the country goes into what holds this part, in this language.
pub(super) fn feeds(input: &str, part: &Part, themes: &[String], language: &str, year: &str) -> bool {
    let text = input.strip_prefix(&format!("report/{year}/"));
    let own_words = input == format!("templates/lang/{language}.toml");
    let is_of_language = |name: &str| name.ends_with(".toml") || name.ends_with(&format!(".{language}.md"));
    let is_of_theme = |name: &str| themes.iter().any(|theme| name.split('.').next() == Some(theme));
    let is_plan = ["country.toml", "codebook.toml", "tables.toml", "ledger.toml"].contains(&input)
        || input == format!("waves/{year}.toml")
        || input.starts_with("core/");
    match part {
        Part::Asset(name) => input.rsplit('/').next() == Some(name.as_str()) && input.starts_with("templates/"),
        Part::Statement(_) | Part::Table(_) => is_plan,
        Part::Numbers => is_plan || text.is_some(),
        Part::Drawing(_) | Part::Card(_) => {
            is_plan || own_words || text.is_some_and(|name| is_of_theme(name) && is_of_language(name))
        }
        Part::Theme(_) => {
            let is_read = |name: &str| {
                ["facts.toml", "variants.toml"].contains(&name) || (is_of_theme(name) && is_of_language(name))
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
            "report/1999/schools.en.md",
            "report/2000/facts.toml",
            "report/2000/schools.da.md",
            "report/2000/schools.en.md",
            "report/2000/schools.toml",
            "report/2000/teachers.en.md",
            "templates/html/theme.html",
            "templates/html/style.css",
            "templates/lang/da.toml",
            "templates/lang/en.toml",
            "twin/2000.toml",
            "waves/1999.toml",
            "waves/2000.toml",
        ];
        let themes = ["schools".to_owned()];
        let found: Vec<&str> = inputs.into_iter().filter(|input| feeds(input, part, &themes, "en", "2000")).collect();
        assert_eq!(found, expected, "{part:?}");
    }

    #[test]
    fn a_file_is_made_from_what_its_part_of_the_release_needs() {
        check(&Part::Table("scores".to_owned()), &["codebook.toml", "waves/2000.toml"]);
        check(&Part::Asset("style.css".to_owned()), &["templates/html/style.css"]);
        check(
            &Part::Theme("schools".to_owned()),
            &[
                "codebook.toml",
                "report/2000/facts.toml",
                "report/2000/schools.en.md",
                "report/2000/schools.toml",
                "templates/html/theme.html",
                "templates/lang/en.toml",
                "waves/2000.toml",
            ],
        );
        check(
            &Part::Card("schools".to_owned()),
            &[
                "codebook.toml",
                "report/2000/schools.en.md",
                "report/2000/schools.toml",
                "templates/lang/en.toml",
                "waves/2000.toml",
            ],
        );
    }
}
