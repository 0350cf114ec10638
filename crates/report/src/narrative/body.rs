//! The body of a narrative: its title, its blocks of text and the places of its figures.

use std::ops::Range;

use codebook::{FigureId, Finding, InsertId};
use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use super::prose::{Prose, is_claim_mark, plain, render};
use super::{Reading, Rendered};

/// A part of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Block {
    /// Text: HTML for the page, Markdown for the report, in which it stands one level of headings lower.
    Text {
        /// The page's form.
        html: String,
        /// The report's form.
        markdown: String,
        /// The form of a press release: words alone.
        plain: String,
    },
    /// A figure.
    Figure {
        /// Which one.
        id: FigureId,
        /// The level of its headline, one below the heading that it stands under.
        level: u8,
    },
    /// A local case.
    Case {
        /// Which one.
        id: InsertId,
        /// The level of its heading.
        level: u8,
    },
    /// What somebody said.
    Quotation {
        /// Which one.
        id: InsertId,
    },
}

/// What a narrative says.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) title: Rendered,
    pub(super) lead: String,
    /// Where the first paragraph stands in the source. It is a block of its own, since pages set it larger.
    pub(super) lead_range: Range<usize>,
    pub(super) blocks: Vec<Block>,
}

/// Addresses that a text may link to: other pages of the report, the web, mail.
const LINK_SCHEMES: [&str; 3] = ["https://", "http://", "mailto:"];

/// A top-level block: its events and its place in the source.
struct Piece<'p, 't> {
    events: &'p [(Event<'t>, Range<usize>)],
    range: Range<usize>,
}

impl Body {
    /// Reads the parsed text, and tells what is wrong with it.
    pub(super) fn read(prose: &Prose<'_>, reading: &mut Reading<'_>) -> Self {
        let mut body = Self::default();
        let mut level = 0;
        let mut text: Vec<Piece<'_, '_>> = Vec::new();
        for piece in pieces(prose) {
            refuse_foreign(&piece, reading);
            if let Some(found) = heading_level(&piece) {
                check_heading(&piece, found, level, reading);
                level = found;
                if found == 1 {
                    body.read_title(&piece);
                    continue;
                }
            }
            if let Some((kind, name)) = placed(&piece) {
                body.take_text(&mut text, prose);
                match kind {
                    Placed::Figure => body.place_figure(&piece, &name, level, reading),
                    Placed::Case => body.place_case(&piece, &name, level, reading),
                    Placed::Quotation => body.place_quotation(&piece, &name, reading),
                }
                continue;
            }
            if body.lead.is_empty() && matches!(piece.events.first(), Some((Event::Start(Tag::Paragraph), _))) {
                body.lead = plain(&events_of(&piece));
                body.lead_range = piece.range.clone();
                text.push(piece);
                body.take_text(&mut text, prose);
                continue;
            }
            text.push(piece);
        }
        body.take_text(&mut text, prose);
        if body.title.plain.is_empty() {
            reading.find(0, "no-title", "the text has no title: its first line is a heading such as \"# Title\"");
        }
        body.place_the_rest(level, reading);
        body
    }

    fn read_title(&mut self, piece: &Piece<'_, '_>) {
        if self.title.plain.is_empty() {
            let events = events_of(piece);
            let inside = events.get(1..events.len() - 1).unwrap_or_default();
            self.title = render(inside);
        }
    }

    fn take_text(&mut self, text: &mut Vec<Piece<'_, '_>>, prose: &Prose<'_>) {
        if text.is_empty() {
            return;
        }
        let events: Vec<Event<'_>> = text.iter().flat_map(|piece| events_of(piece)).collect();
        let markdown: Vec<String> = text.iter().map(|piece| markdown(piece, prose)).collect();
        let plain = text.iter().map(plain_lines).collect::<Vec<_>>().join("\n\n");
        self.blocks.push(Block::Text { html: render(&events).html, markdown: markdown.join("\n\n"), plain });
        text.clear();
    }

    fn place_figure(&mut self, piece: &Piece<'_, '_>, name: &str, level: u8, reading: &mut Reading<'_>) {
        let figures = &reading.theme.figures;
        let Some(figure) = figures.iter().find(|figure| figure.id.as_str() == name) else {
            let message = format!("the theme {:?} has no figure {name:?}", reading.theme.id.as_str());
            let known = figures.iter().map(|figure| figure.id.as_str());
            let finding = Finding::error(reading.place(piece.range.start), "unknown-figure", message);
            reading.findings.push(finding.did_you_mean(name, known));
            return;
        };
        if self.has_figure(&figure.id) {
            return reading.find(piece.range.start, "figure-twice", format!("the figure {name:?} is placed twice"));
        }
        self.blocks.push(Block::Figure { id: figure.id.clone(), level: level.max(1) + 1 });
    }

    /// Figures that the text does not place stand at its end.
    fn place_the_rest(&mut self, level: u8, reading: &mut Reading<'_>) {
        for figure in &reading.theme.figures {
            if !self.has_figure(&figure.id) {
                let file = reading.source.path.clone();
                let message = format!("the figure {:?} is not placed and stands at the end", figure.id.as_str());
                let finding = Finding::warning(codebook::Place::File { file }, "figure-not-placed", message);
                let hint = format!("write {{{{ figure {} }}}} on a line of its own", figure.id);
                reading.findings.push(finding.hint(hint));
                self.blocks.push(Block::Figure { id: figure.id.clone(), level: level.max(1) + 1 });
            }
        }
    }

    fn place_case(&mut self, piece: &Piece<'_, '_>, name: &str, level: u8, reading: &mut Reading<'_>) {
        let known: Vec<&InsertId> = reading.theme.cases.iter().map(|case| &case.id).collect();
        let Some(id) = self.find_insert("case", &known, piece, name, reading) else { return };
        self.blocks.push(Block::Case { id, level: level.max(1) + 1 });
    }

    fn place_quotation(&mut self, piece: &Piece<'_, '_>, name: &str, reading: &mut Reading<'_>) {
        let known: Vec<&InsertId> = reading.theme.quotes.iter().map(|quotation| &quotation.id).collect();
        let Some(id) = self.find_insert("quote", &known, piece, name, reading) else { return };
        self.blocks.push(Block::Quotation { id });
    }

    /// The case or quotation of this name, if it is there and not placed yet.
    fn find_insert(
        &self,
        what: &str,
        known: &[&InsertId],
        piece: &Piece<'_, '_>,
        name: &str,
        reading: &mut Reading<'_>,
    ) -> Option<InsertId> {
        let Some(id) = known.iter().find(|id| id.as_str() == name) else {
            let message = format!("the theme {:?} has no {what} {name:?}", reading.theme.id.as_str());
            let finding = Finding::error(reading.place(piece.range.start), "unknown-insert", message)
                .did_you_mean(name, known.iter().map(|id| id.as_str()));
            reading.findings.push(finding);
            return None;
        };
        let is_placed = self.blocks.iter().any(
            |block| matches!(block, Block::Case { id: placed, .. } | Block::Quotation { id: placed } if placed == *id),
        );
        if is_placed {
            reading.find(piece.range.start, "insert-twice", format!("the {what} {name:?} is placed twice"));
            return None;
        }
        Some((*id).clone())
    }

    /// The cases and quotations that some block places.
    pub(super) fn inserts(&self) -> impl Iterator<Item = &InsertId> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Case { id, .. } | Block::Quotation { id } => Some(id),
            Block::Text { .. } | Block::Figure { .. } => None,
        })
    }

    fn has_figure(&self, wanted: &FigureId) -> bool {
        self.blocks.iter().any(|block| matches!(block, Block::Figure { id, .. } if id == wanted))
    }
}

/// The top-level blocks of a text.
fn pieces<'p, 't>(prose: &'p Prose<'t>) -> Vec<Piece<'p, 't>> {
    let mut pieces = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (index, (event, range)) in prose.events.iter().enumerate() {
        if matches!(event, Event::Start(_)) {
            if depth == 0 {
                start = index;
            }
            depth += 1;
        } else if matches!(event, Event::End(_)) {
            depth -= 1;
            if depth == 0 {
                let range = prose.events[start].1.start..range.end;
                pieces.push(Piece { events: &prose.events[start..=index], range });
            }
        } else if depth == 0 {
            // Outside of every block stand only rules.
            pieces.push(Piece { events: &prose.events[index..=index], range: range.clone() });
        }
    }
    pieces
}

fn events_of<'t>(piece: &Piece<'_, 't>) -> Vec<Event<'t>> {
    piece.events.iter().map(|(event, _)| event.clone()).collect()
}

fn heading_level(piece: &Piece<'_, '_>) -> Option<u8> {
    match piece.events.first() {
        Some((Event::Start(Tag::Heading { level, .. }), _)) => Some(match level {
            HeadingLevel::H1 => 1,
            HeadingLevel::H2 => 2,
            HeadingLevel::H3 => 3,
            HeadingLevel::H4 => 4,
            HeadingLevel::H5 => 5,
            HeadingLevel::H6 => 6,
        }),
        Some(_) | None => None,
    }
}

fn check_heading(piece: &Piece<'_, '_>, found: u8, level_before: u8, reading: &mut Reading<'_>) {
    let at = piece.range.start;
    if !reading.source.text[at..].starts_with('#') {
        reading.find(at, "heading-form", "a heading is written with \"#\" before it, not underlined");
    }
    match (level_before, found) {
        (0, 1) => {}
        (0, _) => reading.find(at, "no-title", "the first heading is the page's title and is written with one \"#\""),
        (_, 1) => reading.find(at, "second-title", "a page has one title; this heading needs at least \"##\""),
        (before, found) if found > before + 1 => {
            let message = format!("a heading of level {found} under one of level {before} skips a level");
            reading.find(at, "heading-level", message);
        }
        (_, _) => {}
    }
}

/// What braces on a line of their own place.
#[derive(Clone, Copy)]
enum Placed {
    Figure,
    Case,
    Quotation,
}

/// Kind and name in `{{ figure name }}`, `{{ case name }}` or `{{ quote name }}`, when the paragraph holds nothing else.
fn placed(piece: &Piece<'_, '_>) -> Option<(Placed, String)> {
    let [(Event::Start(Tag::Paragraph), _), (Event::Text(text), _), (Event::End(TagEnd::Paragraph), _)] = piece.events
    else {
        return None;
    };
    let (kind, name) = text.trim().strip_prefix("{{")?.strip_suffix("}}")?.trim().split_once(' ')?;
    let kind = match kind {
        "figure" => Placed::Figure,
        "case" => Placed::Case,
        "quote" => Placed::Quotation,
        _ => return None,
    };
    let name = name.trim();
    (!name.contains(char::is_whitespace)).then(|| (kind, name.to_owned()))
}

/// Finds HTML, pictures, links to elsewhere than pages and braces that place nothing.
fn refuse_foreign(piece: &Piece<'_, '_>, reading: &mut Reading<'_>) {
    let is_place = placed(piece).is_some();
    for (event, range) in piece.events {
        if let Some((code, message)) = foreign(event, is_place) {
            reading.find(range.start, code, message);
        }
    }
}

/// What an event holds that a narrative does not.
pub(super) fn foreign(event: &Event<'_>, is_place: bool) -> Option<(&'static str, String)> {
    match event {
        Event::Html(html) | Event::InlineHtml(html) => {
            (!is_claim_mark(html)).then(|| ("raw-html", "a narrative holds no HTML".to_owned()))
        }
        Event::Start(Tag::Image { .. }) => {
            Some(("picture", "a narrative holds no pictures; figures come from tables".to_owned()))
        }
        Event::Start(Tag::Link { dest_url, .. }) => (!may_link(dest_url))
            .then(|| ("link", format!("{:?} is neither a web address nor a page of the report", dest_url.as_ref()))),
        Event::Text(text) => (text.contains("{{") && !is_place).then(|| {
            let message = "a figure is placed by {{ figure name }} on a line of its own, with empty lines around it";
            ("figure-place", message.to_owned())
        }),
        Event::Start(_)
        | Event::End(_)
        | Event::Code(_)
        | Event::InlineMath(_)
        | Event::DisplayMath(_)
        | Event::FootnoteReference(_)
        | Event::SoftBreak
        | Event::HardBreak
        | Event::Rule
        | Event::TaskListMarker(_) => None,
    }
}

fn may_link(address: &str) -> bool {
    LINK_SCHEMES.iter().any(|scheme| address.starts_with(scheme))
        || !(address.contains(':') || address.starts_with('/'))
}

/// A block's words for a text without any marks: an item of a list to a line, addresses of links behind their words.
fn plain_lines(piece: &Piece<'_, '_>) -> String {
    let mut lines = String::new();
    let mut links = Vec::new();
    for (event, _) in piece.events {
        match event {
            Event::Start(Tag::Item) => lines.push_str("- "),
            Event::Start(Tag::Link { dest_url, .. }) => links.push(dest_url.to_string()),
            Event::End(TagEnd::Link) => {
                let address = links.pop().unwrap_or_default();
                if !lines.ends_with(&address) {
                    lines.push_str(&format!(" ({address})"));
                }
            }
            Event::End(TagEnd::Item | TagEnd::Paragraph | TagEnd::Heading(_)) if !lines.ends_with('\n') => {
                lines.push('\n')
            }
            Event::Text(text) | Event::Code(text) => lines.push_str(text),
            Event::SoftBreak => lines.push(' '),
            Event::HardBreak => lines.push('\n'),
            Event::Start(_)
            | Event::End(_)
            | Event::Html(_)
            | Event::InlineHtml(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::FootnoteReference(_)
            | Event::Rule
            | Event::TaskListMarker(_) => {}
        }
    }
    lines.trim_end().to_owned()
}

/// A block's source without the marks of claims; a heading stands one level lower.
fn markdown(piece: &Piece<'_, '_>, prose: &Prose<'_>) -> String {
    let mut markdown = String::new();
    if heading_level(piece).is_some() {
        markdown.push('#');
    }
    let mut at = piece.range.start;
    for claim in prose.claims.iter().filter(|claim| piece.range.contains(&claim.whole.start)) {
        markdown.push_str(&prose.source[at..claim.whole.start]);
        markdown.push_str(&prose.source[claim.words.clone()]);
        at = claim.whole.end;
    }
    markdown.push_str(&prose.source[at..piece.range.end]);
    markdown.trim_end().to_owned()
}
