//! The templates: those that the program carries, and a country's own in their place.
//!
//! A template places finished text. It cannot compute: numbers reach it as [`Text`], which is opaque; there are no filters but
//! `escape`, no tests, no functions; and a template that holds an operator at all is refused before anything is rendered.

mod operators;

use std::fmt;
use std::sync::Arc;

use codebook::SourceFile;
use minijinja::value::{Enumerator, Object, ObjectRepr, Value};
use minijinja::{AutoEscape, Environment, UndefinedBehavior};

use crate::ReportError;

/// Templates by name: `html/theme.html`, `md/report.md`.
#[derive(Debug, Clone)]
pub struct Templates(Vec<SourceFile>);

/// The stylesheet, which is copied as it is.
pub(crate) const STYLESHEET: &str = "html/style.css";

/// What the program carries, by name. Paths in messages have `templates/` before it.
const CARRIED: [(&str, &str); 15] = [
    ("html/article.html", include_str!("../../../templates/html/article.html")),
    ("html/base.html", include_str!("../../../templates/html/base.html")),
    ("html/blocks.html", include_str!("../../../templates/html/blocks.html")),
    ("html/case.html", include_str!("../../../templates/html/case.html")),
    ("html/data.html", include_str!("../../../templates/html/data.html")),
    ("html/figure.html", include_str!("../../../templates/html/figure.html")),
    ("html/index.html", include_str!("../../../templates/html/index.html")),
    ("html/method.html", include_str!("../../../templates/html/method.html")),
    ("html/proof.html", include_str!("../../../templates/html/proof.html")),
    ("html/style.css", include_str!("../../../templates/html/style.css")),
    ("html/table.html", include_str!("../../../templates/html/table.html")),
    ("html/theme.html", include_str!("../../../templates/html/theme.html")),
    ("md/press.md", include_str!("../../../templates/md/press.md")),
    ("txt/press.txt", include_str!("../../../templates/txt/press.txt")),
    ("md/report.md", include_str!("../../../templates/md/report.md")),
];

impl Templates {
    /// The templates of the program; a file of `overrides` replaces the one of the same name: `…/templates/html/theme.html`, or any path
    /// that ends in the name.
    #[must_use]
    pub fn new(mut overrides: Vec<SourceFile>) -> Self {
        let carried = CARRIED.iter().map(|(name, text)| {
            let is_own = |file: &SourceFile| file.path == *name || file.path.ends_with(&format!("/{name}"));
            match overrides.iter().position(is_own) {
                Some(own) => overrides.swap_remove(own),
                None => SourceFile { path: format!("templates/{name}"), text: (*text).to_owned() },
            }
        });
        Self(carried.collect())
    }

    /// A file's text as it is.
    pub(crate) fn source(&self, name: &str) -> &str {
        let file = CARRIED.iter().zip(&self.0).find(|((carried, _), _)| *carried == name);
        &file.expect("the program asks only for templates that it carries").1.text
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
        for ((name, _), file) in CARRIED.iter().zip(&self.0).filter(|((name, _), _)| *name != STYLESHEET) {
            operators::refuse(file)?;
            environment.add_template(name, &file.text).map_err(|error| self.failure(&error))?;
        }
        Ok(Engine { environment, templates: self })
    }

    /// The error in words: file and line as people know them, then what lies behind it and the snippet.
    fn failure(&self, error: &minijinja::Error) -> ReportError {
        let name = error.name().unwrap_or_default();
        let path = CARRIED.iter().zip(&self.0).find(|((carried, _), _)| *carried == name).map_or(name, |it| &it.1.path);
        let what = error.detail().map_or_else(|| error.kind().to_string(), |it| format!("{}: {it}", error.kind()));
        let line = error.line().unwrap_or(1);
        // Behind the snippet the engine prints every variable of the page; nobody finds a slip in that.
        let snippet = error.display_debug_info().to_string();
        let snippet = snippet.split_once("Referenced variables").map_or(snippet.as_str(), |(snippet, _)| snippet);
        ReportError::Template(format!("{path}:{line}: {what}\n{}", snippet.trim_end()))
    }
}

/// Compiled templates.
pub(crate) struct Engine<'t> {
    environment: Environment<'t>,
    templates: &'t Templates,
}

impl Engine<'_> {
    pub(crate) fn render(&self, name: &str, context: &Value) -> Result<String, ReportError> {
        let template = self.environment.get_template(name).expect("every template that is carried was compiled");
        template.render(context.clone()).map_err(|error| self.templates.failure(&error))
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
