//! Pages and cards that need not be made again.
//!
//! What a page will be follows from its template and the texts that it is given, and from nothing else; so whoever keeps pages can find them by
//! these. Keeping is the caller's affair, since it takes a disk.

use std::fmt::Write;

use minijinja::Value;
use minijinja::value::ValueKind;

use crate::ReportError;

/// Where finished pages and cards may come from.
///
/// Languages may be rendered side by side, so it may be asked from several threads.
pub trait Shelf: Sync {
    /// The page that this template makes of `shown`: one that was made before, or what `render` gives.
    ///
    /// # Errors
    /// Those of `render`.
    fn page(
        &self,
        template: &str,
        shown: &Shown<'_>,
        render: &mut dyn FnMut() -> Result<String, ReportError>,
    ) -> Result<String, ReportError>;

    /// The card that shows this: one that was drawn before, or what `draw` gives.
    fn card(&self, shown: &[&str], draw: &mut dyn FnMut() -> Option<Vec<u8>>) -> Option<Vec<u8>>;
}

/// A shelf without anything on it.
#[derive(Debug, Clone, Copy)]
pub struct Empty;

impl Shelf for Empty {
    fn page(
        &self,
        _: &str,
        _: &Shown<'_>,
        render: &mut dyn FnMut() -> Result<String, ReportError>,
    ) -> Result<String, ReportError> {
        render()
    }

    fn card(&self, _: &[&str], draw: &mut dyn FnMut() -> Option<Vec<u8>>) -> Option<Vec<u8>> {
        draw()
    }
}

/// All that a template is given.
#[derive(Debug)]
pub struct Shown<'v>(&'v Value);

impl<'v> Shown<'v> {
    pub(crate) fn of(context: &'v Value) -> Self {
        Self(context)
    }

    /// Everything as one text, in which each name, each text and whether it is markup can be told apart. Two contexts that give the same text
    /// give the same page.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        append(self.0, &mut text);
        text
    }
}

fn append(value: &Value, all: &mut String) {
    if value.kind() == ValueKind::Map {
        all.push('{');
        for (name, item) in value.as_object().and_then(|map| map.try_iter_pairs()).into_iter().flatten() {
            append_leaf('n', &name, all);
            append(&item, all);
        }
        all.push('}');
    } else if value.kind() == ValueKind::Seq {
        all.push('[');
        for item in value.try_iter().into_iter().flatten() {
            append(&item, all);
        }
        all.push(']');
    } else {
        // Text, which is placed as it is.
        append_leaf(if value.is_safe() { 'm' } else { 't' }, value, all);
    }
}

fn append_leaf(mark: char, leaf: &Value, all: &mut String) {
    match leaf.as_str() {
        Some(text) => append_text(mark, text, all),
        None => append_text(mark, &leaf.to_string(), all),
    }
}

/// A text with its length before it, so that nothing in it can be taken for what follows.
fn append_text(mark: char, text: &str, all: &mut String) {
    write!(all, "{mark}{}:{text}", text.len()).expect("writing to a string cannot fail");
}

#[cfg(test)]
mod tests {
    use minijinja::context;

    use super::Shown;
    use crate::templates::{list, markup, text};

    #[track_caller]
    fn check(one: &minijinja::Value, other: &minijinja::Value, expected: bool) {
        assert_eq!(Shown::of(one).text() == Shown::of(other).text(), expected);
    }

    #[test]
    fn contexts_are_told_apart_by_names_texts_order_and_what_is_markup() {
        let page = context! { title => text("a"), rows => list([text("b"), text("c")]) };
        check(&page, &context! { title => text("a"), rows => list([text("b"), text("c")]) }, true);
        check(&page, &context! { title => text("a"), rows => list([text("c"), text("b")]) }, false);
        check(&page, &context! { title => text("a"), rows => list([text("bc")]) }, false);
        check(&page, &context! { title => markup("a"), rows => list([text("b"), text("c")]) }, false);
        check(&page, &context! { heading => text("a"), rows => list([text("b"), text("c")]) }, false);
        check(&context! { a => text("1:t1:b") }, &context! { a => list([text("1"), text("b")]) }, false);
        check(&context! { a => text("") }, &context! { a => list([]) }, false);
    }
}
