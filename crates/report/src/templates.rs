//! The templates: those that the program carries, and a country's own in their place.
//!
//! A template places finished text. It cannot compute: numbers reach it as [`Text`], which is opaque; there are no filters but
//! `escape`, no tests, no functions; and a template that holds an operator at all is refused before anything is rendered.

mod names;
mod operators;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use codebook::SourceFile;
use minijinja::value::{Enumerator, Object, ObjectRepr, Value};
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior};

use crate::ReportError;
use crate::shelf::{Empty, Shelf, Shown};

/// Templates by name: `html/theme.html`, `md/report.md`. Under `program/html/theme.html` stands the program's own, whatever a country puts in its
/// place, so that a country's template can extend it.
#[derive(Debug, Clone)]
pub struct Templates {
    /// In the order of [`CARRIED`].
    files: Vec<SourceFile>,
    /// A country's templates that have no counterpart in the program, for its own to include or extend, by name.
    own: Vec<(String, SourceFile)>,
}

/// Where the program's own templates stand whatever takes their place.
const PROGRAM: &str = "program/";

/// The stylesheet, which is copied as it is.
pub(crate) const STYLESHEET: &str = "html/style.css";

/// The script of the search page, which is copied as it is.
pub(crate) const SEARCH_SCRIPT: &str = "html/search.js";

/// What the program carries, by name. Paths in messages have `templates/` before it.
const CARRIED: [(&str, &str); 38] = [
    ("html/accessibility.html", include_str!("../../../templates/html/accessibility.html")),
    ("html/article.html", include_str!("../../../templates/html/article.html")),
    ("html/base.html", include_str!("../../../templates/html/base.html")),
    ("html/blocks.html", include_str!("../../../templates/html/blocks.html")),
    ("html/calendar.html", include_str!("../../../templates/html/calendar.html")),
    ("html/case.html", include_str!("../../../templates/html/case.html")),
    ("html/comparability.html", include_str!("../../../templates/html/comparability.html")),
    ("html/comparison.html", include_str!("../../../templates/html/comparison.html")),
    ("html/comparison-annex.html", include_str!("../../../templates/html/comparison-annex.html")),
    ("html/comparison-errata.html", include_str!("../../../templates/html/comparison-errata.html")),
    ("html/comparison-index.html", include_str!("../../../templates/html/comparison-index.html")),
    ("html/comparison-page.html", include_str!("../../../templates/html/comparison-page.html")),
    ("html/contents.html", include_str!("../../../templates/html/contents.html")),
    ("html/corrections.html", include_str!("../../../templates/html/corrections.html")),
    ("html/data.html", include_str!("../../../templates/html/data.html")),
    ("html/errata.html", include_str!("../../../templates/html/errata.html")),
    ("html/errata-told.html", include_str!("../../../templates/html/errata-told.html")),
    ("html/figure.html", include_str!("../../../templates/html/figure.html")),
    ("html/index.html", include_str!("../../../templates/html/index.html")),
    ("html/method.html", include_str!("../../../templates/html/method.html")),
    ("html/print.html", include_str!("../../../templates/html/print.html")),
    ("html/proof.html", include_str!("../../../templates/html/proof.html")),
    ("html/quality.html", include_str!("../../../templates/html/quality.html")),
    ("html/questions.html", include_str!("../../../templates/html/questions.html")),
    ("html/search.html", include_str!("../../../templates/html/search.html")),
    ("html/search.js", include_str!("../../../templates/html/search.js")),
    ("html/sections.html", include_str!("../../../templates/html/sections.html")),
    ("html/sources.html", include_str!("../../../templates/html/sources.html")),
    ("html/style.css", include_str!("../../../templates/html/style.css")),
    ("html/table.html", include_str!("../../../templates/html/table.html")),
    ("html/theme.html", include_str!("../../../templates/html/theme.html")),
    ("md/comparison.md", include_str!("../../../templates/md/comparison.md")),
    ("md/press.md", include_str!("../../../templates/md/press.md")),
    ("md/quality.md", include_str!("../../../templates/md/quality.md")),
    ("md/report.md", include_str!("../../../templates/md/report.md")),
    ("md/sections.md", include_str!("../../../templates/md/sections.md")),
    ("txt/press.txt", include_str!("../../../templates/txt/press.txt")),
    ("xml/calendar.xml", include_str!("../../../templates/xml/calendar.xml")),
];

impl Templates {
    /// The templates of the program; a file of `overrides` replaces the one of the same name: `…/templates/html/theme.html`, or any path
    /// that ends in the name. Templates of other names may be included or extended.
    #[must_use]
    pub fn new(mut overrides: Vec<SourceFile>) -> Self {
        let carried = CARRIED.iter().map(|(name, text)| {
            let is_own = |file: &SourceFile| file.path == *name || file.path.ends_with(&format!("/{name}"));
            match overrides.iter().position(is_own) {
                Some(own) => overrides.swap_remove(own),
                None => SourceFile { path: format!("templates/{name}"), text: (*text).to_owned() },
            }
        });
        let files = carried.collect();
        let name = |file: &SourceFile| file.path.rsplit_once("templates/").map(|(_, name)| name.to_owned());
        let own = overrides.into_iter().filter(|file| is_template(&file.path));
        let mut own: Vec<(String, SourceFile)> = own.filter_map(|file| Some((name(&file)?, file))).collect();
        own.sort_by(|(one, _), (other, _)| one.cmp(other));
        Self { files, own }
    }

    /// A file's text as it is.
    pub(crate) fn source(&self, name: &str) -> &str {
        let file = CARRIED.iter().zip(&self.files).find(|((carried, _), _)| *carried == name);
        &file.expect("the program asks only for templates that it carries").1.text
    }

    /// Every file by name, with its text: what pages look like follows from these and from what they are given.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let carried = CARRIED
            .iter()
            .zip(&self.files)
            .flat_map(|((name, carried), file)| [(*name, *carried), (*name, file.text.as_str())]);
        carried.chain(self.own.iter().map(|(name, file)| (name.as_str(), file.text.as_str())))
    }

    /// Whether every template can be compiled, so that a slip in one is told before anything is counted.
    ///
    /// # Errors
    /// When one is not a template, or calculates.
    pub fn check(&self) -> Result<(), ReportError> {
        self.engine().map(drop)
    }

    /// Makes ready to render: checks every template for operators and compiles it.
    pub(crate) fn engine(&self) -> Result<Engine<'_>, ReportError> {
        let mut environment = Environment::empty();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_debug(true);
        environment.set_auto_escape_callback(|name| match name.rsplit('.').next() {
            Some("md") => AutoEscape::Custom("markdown".into()),
            Some("txt") => AutoEscape::None,
            Some(_) | None => AutoEscape::Html,
        });
        environment.set_formatter(|out, state, value| {
            let text = value.to_string();
            let is_markdown = matches!(state.auto_escape(), AutoEscape::Custom(_));
            let is_plain = matches!(state.auto_escape(), AutoEscape::None);
            let escaped = match (value.is_safe() || is_plain, is_markdown) {
                (true, _) => text,
                (false, true) => escape_markdown(&text),
                (false, false) => escape_markup(&text),
            };
            out.write_str(&escaped).map_err(minijinja::Error::from)
        });
        let mut builder = minijinja::syntax::SyntaxConfig::builder();
        builder.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
        environment.set_syntax(builder.build().expect("the standard delimiters are valid"));
        let mut add = |name: String, file: &'_ SourceFile, text| {
            operators::refuse(file)?;
            environment.add_template_owned(name, text).map_err(|error| self.failure(&error, &BTreeSet::new()))
        };
        for ((name, carried), file) in CARRIED.iter().zip(&self.files).filter(|((name, _), _)| is_template(name)) {
            add((*name).to_owned(), file, file.text.clone())?;
            if self.has_own() {
                add(format!("{PROGRAM}{name}"), file, (*carried).to_owned())?;
            }
        }
        for (name, file) in &self.own {
            self.refuse_unused(name, file)?;
            add(name.clone(), file, file.text.clone())?;
        }
        Ok(Engine { environment, templates: self, noted: None, shelf: &Empty })
    }

    /// Whether a country brought any template.
    fn has_own(&self) -> bool {
        let replaced =
            CARRIED.iter().zip(&self.files).any(|((name, _), file)| file.path != format!("templates/{name}"));
        replaced || !self.own.is_empty()
    }

    /// A template that nothing names was meant to take the place of another one, or is forgotten.
    fn refuse_unused(&self, name: &str, file: &SourceFile) -> Result<(), ReportError> {
        let others = self.files.iter().chain(self.own.iter().map(|(_, file)| file)).filter(|it| it.path != file.path);
        let quoted = [format!("\"{name}\""), format!("'{name}'")];
        if others.into_iter().any(|other| quoted.iter().any(|quoted| other.text.contains(quoted))) {
            return Ok(());
        }
        let known: BTreeSet<String> =
            CARRIED.iter().map(|(name, _)| (*name).to_owned()).filter(|name| is_template(name)).collect();
        let known = known.into_iter().collect::<Vec<_>>().join(", ");
        let what = "the program has no template of this name, and no template of the country includes or extends it";
        Err(ReportError::Template(format!("{}:1: {what}\nhelp: those of the program are {known}", file.path)))
    }

    /// The error in words: file and line as people know them, then what lies behind it, the snippet, and names of the context near to one
    /// that is not there.
    fn failure(&self, error: &minijinja::Error, names: &BTreeSet<String>) -> ReportError {
        // What goes wrong in a part that is included is told of the part, not of those that include it.
        let mut error = error;
        while let Some(inner) = std::error::Error::source(error).and_then(|inner| inner.downcast_ref()) {
            error = inner;
        }
        let what = error.detail().map_or_else(|| error.kind().to_string(), |it| format!("{}: {it}", error.kind()));
        let line = error.line().unwrap_or(1);
        // Behind the snippet the engine prints every variable of the page; nobody finds a slip in that.
        let snippet = error.display_debug_info().to_string();
        let snippet = snippet.split_once("Referenced variables").map_or(snippet.as_str(), |(snippet, _)| snippet);
        let is_unknown = error.kind() == ErrorKind::UndefinedError;
        let near = if is_unknown { near_by(error, names) } else { String::new() };
        let path = self.path_of(error.name().unwrap_or_default());
        ReportError::Template(format!("{path}:{line}: {what}\n{}{near}", snippet.trim_end()))
    }

    /// The file of a template, as people know it.
    fn path_of(&self, name: &str) -> String {
        if let Some(carried) = name.strip_prefix(PROGRAM) {
            return format!("templates/{carried}");
        }
        let carried = CARRIED.iter().zip(&self.files).find(|((carried, _), _)| *carried == name).map(|(_, file)| file);
        let own = self.own.iter().find(|(own, _)| own == name).map(|(_, file)| file);
        carried.or(own).map_or_else(|| name.to_owned(), |file| file.path.clone())
    }
}

/// The names near to the one that an error is about.
fn near_by(error: &minijinja::Error, names: &BTreeSet<String>) -> String {
    let source = error.template_source().zip(error.range());
    let Some(found) = source.and_then(|(source, range)| source.get(range)) else { return String::new() };
    let near = names::near(found.trim(), names);
    if near.is_empty() {
        return "\nhelp: templates/README.md lists every name that this template is given".to_owned();
    }
    let near = near.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
    format!("\nhelp: names near by: {near}; templates/README.md lists them all")
}

/// Whether a file is a template, rather than copied as it is.
fn is_template(name: &str) -> bool {
    [".html", ".md", ".txt", ".xml"].iter().any(|ending| name.ends_with(ending))
}

/// Compiled templates.
pub(crate) struct Engine<'t> {
    environment: Environment<'t>,
    templates: &'t Templates,
    /// The names that each template was given, if somebody asked for them.
    noted: Option<Mutex<BTreeMap<String, BTreeSet<String>>>>,
    /// Pages that need not be rendered.
    shelf: &'t dyn Shelf,
}

impl<'t> Engine<'t> {
    /// The same engine, which renders only what is not on this shelf.
    pub(crate) fn beside(self, shelf: &'t dyn Shelf) -> Self {
        Self { shelf, ..self }
    }

    /// The same engine, which notes the names that it gives to templates.
    pub(crate) fn noting(self) -> Self {
        Self { noted: Some(Mutex::default()), ..self }
    }

    /// The names that were given since, by template.
    pub(crate) fn noted(self) -> BTreeMap<String, BTreeSet<String>> {
        self.noted.map(|noted| noted.into_inner().unwrap_or_else(PoisonError::into_inner)).unwrap_or_default()
    }

    pub(crate) fn render(&self, name: &str, context: &Value) -> Result<String, ReportError> {
        if let Some(noted) = &self.noted {
            let mut noted = noted.lock().unwrap_or_else(PoisonError::into_inner);
            noted.entry(name.to_owned()).or_default().extend(names::names_in(context));
        }
        let template = self.environment.get_template(name).expect("every template that is carried was compiled");
        self.shelf.page(name, &Shown::of(context), &mut || {
            template.render(context.clone()).map_err(|error| self.templates.failure(&error, &names::names_in(context)))
        })
    }
}

/// Finished text on its way into a template, with nothing in it but the text: no number to compute with.
#[derive(PartialEq, Eq)]
struct Text(String);

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl Object for Text {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }

    fn is_true(self: &Arc<Self>) -> bool {
        !self.0.is_empty()
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Text that is escaped where it is placed. Empty text is false.
pub(crate) fn text(text: impl Into<String>) -> Value {
    Value::from_object(Text(text.into()))
}

/// Text that this crate has already put into the form of the page.
pub(crate) fn markup(markup: impl Into<String>) -> Value {
    Value::from_safe_string(markup.into())
}

/// Between names in a row; no line begins with it.
pub(crate) const BETWEEN: &str = "\u{a0}· ";

/// Several values, in the order in which they are placed.
pub(crate) fn list(values: impl IntoIterator<Item = Value>) -> Value {
    Value::from(values.into_iter().collect::<Vec<Value>>())
}

/// Text for HTML and SVG, in elements and quoted attributes.
pub(crate) fn escape_markup(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Text for Markdown: nothing in it is emphasis, a link, HTML or the border of a table.
fn escape_markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '|' | '#' => escaped.extend(['\\', character]),
            '\n' => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests;
