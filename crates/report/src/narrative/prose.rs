//! CommonMark with claims: events with their places in the source, and the claims among them.

use std::ops::Range;

use pulldown_cmark::{BrokenLink, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, TextMergeWithOffset, html};

use super::Rendered;

/// A parsed text.
pub(super) struct Prose<'t> {
    pub(super) source: &'t str,
    /// CommonMark's events with their places. A claim stands between [`claim_start`] and [`CLAIM_END`].
    pub(super) events: Vec<(Event<'t>, Range<usize>)>,
    pub(super) claims: Vec<Worded>,
}

/// Words between brackets and the name behind them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Worded {
    pub(super) claim: String,
    /// The words, without emphasis.
    pub(super) text: String,
    /// Where the words are, without brackets.
    pub(super) words: Range<usize>,
    /// Where all of it is, brackets, name and braces.
    pub(super) whole: Range<usize>,
}

/// What closes a claim among the events. Narratives cannot hold inline HTML of their own past the findings.
const CLAIM_END: &str = "</span>";

/// What opens a claim among the events.
fn claim_start(claim: &str) -> String {
    format!("<span class=\"claim\" data-claim=\"{claim}\">")
}

/// The name in the braces that follow `[words]`, if it can be one.
fn name_behind(source: &str, end: usize) -> Option<&str> {
    let name = source.get(end..)?.strip_prefix('{')?.split_once('}')?.0;
    let sensible = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    sensible.then_some(name)
}

/// A text on its way into a [`Prose`].
struct Gathering<'t> {
    prose: Prose<'t>,
    /// The claim whose words are being read.
    open: Option<Worded>,
    /// The braces behind a claim, to be taken off the text that follows it.
    braces: Option<String>,
}

impl<'t> Gathering<'t> {
    fn take(&mut self, event: Event<'t>, mut range: Range<usize>) {
        let event = if let Event::Start(Tag::Link { link_type: LinkType::ShortcutUnknown, dest_url, .. }) = event {
            self.open_claim(dest_url.into_string(), &range)
        } else if let Some(worded) = self.open.take_if(|_| matches!(event, Event::End(TagEnd::Link))) {
            self.braces = Some(format!("{{{}}}", worded.claim));
            self.prose.claims.push(worded);
            Event::InlineHtml(CLAIM_END.into())
        } else if let Event::Text(text) = event {
            let whole = text.len();
            let text = self.take_text(text);
            // What is left of the text begins behind the braces.
            range.start += whole - text.len();
            Event::Text(text)
        } else {
            if let (Event::SoftBreak, Some(worded)) = (&event, &mut self.open) {
                worded.text.push(' ');
            }
            event
        };
        self.prose.events.push((event, range));
    }

    fn open_claim(&mut self, claim: String, range: &Range<usize>) -> Event<'t> {
        let start = claim_start(&claim);
        let (words, whole) = (range.start + 1..range.end - 1, range.start..range.end + claim.len() + 2);
        self.open = Some(Worded { claim, text: String::new(), words, whole });
        Event::InlineHtml(start.into())
    }

    fn take_text(&mut self, text: CowStr<'t>) -> CowStr<'t> {
        let text = match self.braces.take() {
            Some(braces) => CowStr::from(text.strip_prefix(&braces).unwrap_or(&text).to_owned()),
            None => text,
        };
        if let Some(worded) = &mut self.open {
            worded.text.push_str(&text);
        }
        text
    }
}

impl<'t> Prose<'t> {
    pub(super) fn parse(source: &'t str) -> Self {
        // `[words]` without a definition is a broken reference; the name behind it makes it a claim.
        let claim_of = |link: BrokenLink<'t>| {
            let is_shortcut = matches!(link.link_type, LinkType::Shortcut | LinkType::ShortcutUnknown);
            let name = is_shortcut.then(|| name_behind(source, link.span.end)).flatten()?;
            Some((CowStr::from(name), CowStr::from("")))
        };
        let parser = Parser::new_with_broken_link_callback(source, Options::empty(), Some(claim_of));
        let mut gathering =
            Gathering { prose: Self { source, events: Vec::new(), claims: Vec::new() }, open: None, braces: None };
        for (event, range) in TextMergeWithOffset::new(parser.into_offset_iter()) {
            gathering.take(event, range);
        }
        gathering.prose
    }

    /// Whether it is more than one paragraph of text and emphasis.
    pub(super) fn has_blocks_or_html(&self) -> bool {
        let starts = self.events.iter().filter(|(event, _)| {
            matches!(event, Event::Start(tag) if !matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Link { .. }))
        });
        let foreign = |event: &Event<'_>| matches!(event, Event::InlineHtml(tag) if !is_claim_mark(tag));
        starts.count() != 1 || self.events.iter().any(|(event, _)| foreign(event))
    }

    /// The text as one line, without its paragraph.
    pub(super) fn line(&self) -> Rendered {
        let inline: Vec<Event<'t>> = self
            .events
            .iter()
            .filter(|(event, _)| !matches!(event, Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph)))
            .map(|(event, _)| event.clone())
            .collect();
        render(&inline)
    }
}

/// Whether a piece of inline HTML is ours.
pub(super) fn is_claim_mark(html: &str) -> bool {
    html == CLAIM_END || html.starts_with("<span class=\"claim\" data-claim=\"")
}

/// Events as HTML, and as plain words.
pub(super) fn render(events: &[Event<'_>]) -> Rendered {
    let mut rendered = Rendered::default();
    html::push_html(&mut rendered.html, events.iter().cloned());
    rendered.html.truncate(rendered.html.trim_end().len());
    rendered.plain = plain(events);
    rendered
}

/// The words of some events.
pub(super) fn plain(events: &[Event<'_>]) -> String {
    let mut words = String::new();
    for event in events {
        match event {
            Event::Text(text) | Event::Code(text) => words.push_str(text),
            Event::SoftBreak | Event::HardBreak => words.push(' '),
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
    words
}
