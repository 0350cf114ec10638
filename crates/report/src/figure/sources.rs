//! Where a figure's numbers come from: its tables as files, the questions behind its rows, the SQL that summed them.

use std::collections::BTreeSet;

use codebook::{Chart, Figure, Origin, TableSpec, Variable};
use minijinja::{Value, context};

use crate::Offer;
use crate::language::Word;
use crate::page::Scene;
use crate::templates::{list, text};

/// A link with its words and, where those are short, what a reader hears who does not see what stands around them.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Link {
    label: String,
    spoken: String,
    href: String,
}

/// The numbers of one table as files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Files {
    /// What stands before the links.
    name: String,
    links: Vec<Link>,
}

/// The links below a figure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sources {
    files: Vec<Files>,
    questions: Vec<Link>,
    statements: Vec<Link>,
}

impl Sources {
    pub(super) fn value(&self) -> Value {
        let links = |links: &[Link]| {
            list(links.iter().map(|link| {
                context! {
                    label => text(link.label.clone()),
                    spoken => text(link.spoken.clone()),
                    href => text(link.href.clone()),
                }
            }))
        };
        context! {
            tables => list(self.files.iter().filter(|files| !files.links.is_empty()).map(|files| {
                context! { name => text(files.name.clone()), files => links(&files.links) }
            })),
            questions => links(&self.questions),
            statements => links(&self.statements),
        }
    }
}

/// The place of a variable on the page of questions: its battery's, if it is an item of one.
pub(crate) fn anchor<'a>(scene: Scene<'a>, variable: &'a Variable) -> &'a str {
    let battery = scene.edition.country.codebook.battery_of(&variable.name);
    battery.map_or(variable.name.as_str(), |battery| battery.name.as_str())
}

/// The variables that the rows of a figure count, each once.
pub(crate) fn variables<'a>(scene: Scene<'a>, figure: &Figure, spec: &'a TableSpec) -> Vec<&'a Variable> {
    let drawn = |row: &&codebook::Row| match &figure.chart {
        Chart::Rows | Chart::RowsByGroups { .. } | Chart::Against { .. } | Chart::OverWaves { row: None, .. } => true,
        Chart::Row { row: one } | Chart::Groups { row: one, .. } | Chart::OverWaves { row: Some(one), .. } => {
            row.id == *one
        }
    };
    let mut seen = BTreeSet::new();
    let codebook = &scene.edition.country.codebook;
    spec.rows
        .iter()
        .filter(drawn)
        .filter(|row| seen.insert(&row.item))
        .map(|row| codebook.variable(&row.item).expect("reading a country resolves the variables of its tables"))
        .collect()
}

impl<'a> Scene<'a> {
    pub(super) fn sources(self, figure: &Figure, spec: &'a TableSpec) -> Sources {
        let against: Vec<_> = match &figure.chart {
            Chart::Against { table, parts } => std::iter::once(table).chain(parts.tables()).collect(),
            Chart::Rows
            | Chart::Row { .. }
            | Chart::Groups { .. }
            | Chart::RowsByGroups { .. }
            | Chart::OverWaves { .. } => Vec::new(),
        };
        let against = against.into_iter().filter_map(|table| self.edition.country.table(table));
        let tables: Vec<&TableSpec> = std::iter::once(spec).chain(against).collect();
        Sources {
            files: self
                .waves_file(figure)
                .into_iter()
                .chain(tables.iter().map(|table| self.files(table, tables.len() > 1)))
                .collect(),
            questions: self.questions(figure, &tables),
            statements: self.statements(&tables),
        }
    }

    /// The file of all waves, for a figure that shows several.
    fn waves_file(self, figure: &Figure) -> Option<Files> {
        let label = self.pack.text(Word::WavesFile).to_owned();
        let href = self.href(&format!("data/{}", self.edition.downloads.waves));
        let links = vec![Link { label, spoken: String::new(), href }];
        let name = self.pack.text(Word::SourceFiles).to_owned();
        (!figure.chart.waves().is_empty()).then_some(Files { name, links })
    }

    /// A table's files, named after it if they stand beside those of others; of a table that is withheld there are none.
    fn files(self, table: &TableSpec, is_one_of_several: bool) -> Files {
        let published = self.edition.published.table(&table.id);
        let formats = published.map_or(&[][..], |_| self.edition.downloads.of_tables);
        let title = table.title.get(self.pack.language());
        let file = |format: &Offer| Link {
            label: format.name.to_owned(),
            spoken: format!("{title}, {}", format.name),
            href: self.href(&format!("data/{}.{}", table.id, format.file)),
        };
        let name = if is_one_of_several { title } else { self.pack.text(Word::SourceFiles) };
        Files { name: name.to_owned(), links: formats.iter().map(file).collect() }
    }

    /// One link that says "Question" where there is one question, otherwise one with the words of each.
    fn questions(self, figure: &Figure, tables: &[&'a TableSpec]) -> Vec<Link> {
        let mut seen = BTreeSet::new();
        let variables = tables.iter().flat_map(|table| variables(self, figure, table));
        let places: Vec<&Variable> = variables.filter(|variable| seen.insert(anchor(self, variable))).collect();
        let is_alone = places.len() == 1;
        let link = |variable: &&Variable| {
            let words = self.words_of(variable);
            let is_asked = !matches!(variable.origin, Origin::Derived(_));
            let word = if is_asked { Word::SourceQuestion } else { Word::SourceDefinition };
            Link {
                label: if is_alone { self.pack.text(word).to_owned() } else { words.clone() },
                spoken: if is_alone { format!("{}: {words}", self.pack.text(word)) } else { String::new() },
                href: self.href(&format!("questions.html#{}", anchor(self, variable))),
            }
        };
        places.iter().map(link).collect()
    }

    /// What a variable is called in a list of questions: the question of its battery, else its label.
    pub(crate) fn words_of(self, variable: &Variable) -> String {
        let language = self.pack.language();
        let battery = self.edition.country.codebook.battery_of(&variable.name);
        battery.map_or_else(|| variable.label.get(language), |battery| battery.question.get(language)).to_owned()
    }

    fn statements(self, tables: &[&TableSpec]) -> Vec<Link> {
        let up = self.up();
        let of_tables = self.edition.downloads.statements.iter();
        let of_tables = of_tables.filter(|(table, _)| tables.iter().any(|spec| spec.id == *table));
        let files: BTreeSet<&String> = of_tables.flat_map(|(_, files)| files).collect();
        let word = self.pack.text(Word::SourceSql);
        let label = |index: usize| if files.len() == 1 { word.to_owned() } else { format!("{word} {}", index + 1) };
        let link = |(index, file): (usize, &&String)| Link {
            label: label(index),
            spoken: String::new(),
            href: format!("{up}{file}"),
        };
        files.iter().enumerate().map(link).collect()
    }
}
