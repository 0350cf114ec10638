//! Pages and drawings as a row of tags and texts.
//!
//! They are our own and well-formed, or somebody's template made them; whatever is no tag is text, and nothing here fails.

/// A piece of markup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// `<name attributes>`, also where it closes itself.
    Open(Tag<'a>),
    /// `</name>`.
    Close(&'a str),
    /// What stands between tags, as it is written.
    Text(&'a str),
}

/// A tag that opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tag<'a> {
    pub(crate) name: &'a str,
    pub(crate) attributes: &'a str,
}

impl<'a> Tag<'a> {
    /// An attribute's value, without entities resolved.
    pub(crate) fn attribute(&self, name: &str) -> Option<&'a str> {
        let mut rest = self.attributes;
        while let Some((before, after)) = rest.split_once("=\"") {
            let (value, behind) = after.split_once('"')?;
            if before.trim() == name {
                return Some(value);
            }
            rest = behind;
        }
        None
    }

    /// Whether one of its classes is this one.
    pub(crate) fn is_class(&self, class: &str) -> bool {
        self.attribute("class").is_some_and(|classes| classes.split_whitespace().any(|it| it == class))
    }
}

/// The pieces of a text, in their order. Comments, styles and scripts are passed over.
pub(crate) fn pieces(markup: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = markup;
    while let Some((text, tagged)) = rest.split_once('<') {
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        let end = if tagged.starts_with("!--") { "-->" } else { ">" };
        let (inner, behind) = tagged.split_once(end).unwrap_or((tagged, ""));
        rest = behind;
        if inner.starts_with(['!', '?']) {
            continue;
        }
        if let Some(name) = inner.strip_prefix('/') {
            pieces.push(Piece::Close(name.trim()));
            continue;
        }
        let (name, attributes) = inner.split_once(|it: char| it.is_whitespace()).unwrap_or((inner, ""));
        let name = name.trim_end_matches('/');
        if matches!(name, "style" | "script") {
            let close = if name == "style" { "</style>" } else { "</script>" };
            rest = rest.split_once(close).map_or("", |(_, behind)| behind);
            continue;
        }
        pieces.push(Piece::Open(Tag { name, attributes }));
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

/// The text of some pieces, entities resolved and white space made one; tags part words only where they are blocks.
pub(crate) fn text(pieces: &[Piece<'_>]) -> String {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(words) => text.push_str(words),
            Piece::Open(tag) if is_inline(tag.name) => {}
            Piece::Close(name) if is_inline(name) => {}
            Piece::Open(_) | Piece::Close(_) => text.push(' '),
        }
    }
    let text = resolved(&text);
    text.split([' ', '\n', '\t', '\r']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn is_inline(name: &str) -> bool {
    matches!(name, "a" | "abbr" | "b" | "em" | "i" | "span" | "strong" | "sub" | "sup")
}

/// The pieces within an element, from behind the tag that opens it to before the one that closes it.
pub(crate) fn within<'p, 'a>(pieces: &'p [Piece<'a>], opened_at: usize) -> &'p [Piece<'a>] {
    let Some(Piece::Open(opened)) = pieces.get(opened_at) else { return &[] };
    let mut depth = 0_usize;
    for (index, piece) in pieces.iter().enumerate().skip(opened_at) {
        match piece {
            Piece::Open(tag) if tag.name == opened.name && !tag.attributes.ends_with('/') => depth += 1,
            Piece::Close(name) if *name == opened.name => {
                depth -= 1;
                if depth == 0 {
                    return &pieces[opened_at + 1..index];
                }
            }
            Piece::Open(_) | Piece::Close(_) | Piece::Text(_) => {}
        }
    }
    &pieces[opened_at + 1..]
}

/// The pieces that are in no element of these names.
pub(crate) fn without<'a>(pieces: &[Piece<'a>], names: &[&str]) -> Vec<Piece<'a>> {
    let mut kept = Vec::new();
    let mut index = 0;
    while let Some(piece) = pieces.get(index) {
        match piece {
            Piece::Open(tag) if names.contains(&tag.name) => index += within(pieces, index).len() + 1,
            Piece::Open(_) | Piece::Close(_) | Piece::Text(_) => kept.push(*piece),
        }
        index += 1;
    }
    kept
}

/// The texts that stand in attributes for people: what is read aloud, shown beside the pointer, told to search engines.
pub(crate) fn told_by_attributes(pieces: &[Piece<'_>]) -> Vec<String> {
    const FOR_PEOPLE: [&str; 5] = ["title", "alt", "aria-label", "aria-description", "content"];
    let tags = pieces.iter().filter_map(|piece| if let Piece::Open(tag) = piece { Some(tag) } else { None });
    let values = tags.flat_map(|tag| FOR_PEOPLE.iter().filter_map(|name| tag.attribute(name)));
    values.filter(|value| !value.is_empty()).map(resolved).collect()
}

fn resolved(text: &str) -> String {
    let known = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&nbsp;", "\u{a0}")];
    let text = known.iter().fold(text.to_owned(), |text, (entity, letter)| text.replace(entity, letter));
    text.replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_have_names_attributes_and_what_is_within() {
        let page =
            "<!doctype html><style>p > a { }</style><div id=\"a\"><div class=\"b c\">x <b>y</b>&amp;z</div></div><br/>";
        let pieces = pieces(page);
        let Piece::Open(outer) = pieces[0] else { panic!("the first is a tag") };
        assert_eq!((outer.name, outer.attribute("id"), outer.attribute("class")), ("div", Some("a"), None));
        let Piece::Open(inner) = pieces[1] else { panic!("the second is a tag") };
        assert!(inner.is_class("c") && !inner.is_class("d"));
        assert_eq!(text(within(&pieces, 0)), "x y&z");
        assert_eq!(within(&pieces, 1).len(), 5);
    }

    #[test]
    fn an_element_is_left_out_with_all_that_is_in_it() {
        let pieces = pieces("a<table><tr><td>b</td></tr></table><p title=\"d &amp; e\">c</p>");
        assert_eq!(text(&without(&pieces, &["details", "table"])), "a c");
        assert_eq!(told_by_attributes(&pieces), ["d & e"]);
    }

    #[test]
    fn what_is_not_closed_ends_with_the_page() {
        assert_eq!(text(within(&pieces("<p>one <em>two"), 0)), "one two");
        assert_eq!(text(&pieces("one < two")), "one");
    }
}
