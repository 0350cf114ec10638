//! A walk over one XML part of a workbook, by the local names of its elements.
//!
//! Whatever is not well-formed ends the walk: a part that is cut off is never taken for a shorter one.

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};

use super::Stop;

/// The next thing in a part that matters.
pub(super) enum Node<'a> {
    Open(Element<'a>),
    /// The end of an element; empty ones have one, too.
    Close(String),
}

/// The start of an element.
pub(super) struct Element<'a> {
    start: BytesStart<'a>,
}

/// The part, as far as it is not read yet.
pub(super) struct Walk<'a> {
    reader: quick_xml::Reader<&'a [u8]>,
    depth: usize,
}

impl<'a> Walk<'a> {
    /// The walk over a part.
    pub(super) fn new(part: &'a [u8]) -> Result<Self, Stop> {
        let text = std::str::from_utf8(part).map_err(|_| Stop::Damaged)?;
        let mut reader = quick_xml::Reader::from_str(text.trim_start_matches('\u{feff}'));
        reader.config_mut().expand_empty_elements = true;
        Ok(Self { reader, depth: 0 })
    }

    /// The next start or end of an element; `None` at the end of the part.
    pub(super) fn next(&mut self) -> Result<Option<Node<'a>>, Stop> {
        loop {
            match self.event()? {
                Event::Start(start) => return Ok(Some(Node::Open(Element { start }))),
                Event::End(end) => return Ok(Some(Node::Close(end.local_name().as_ref().to_owned()))),
                Event::Eof => return Ok(None),
                Event::Empty(_)
                | Event::Text(_)
                | Event::CData(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_)
                | Event::DocType(_)
                | Event::GeneralRef(_) => {}
            }
        }
    }

    /// The next start of an element inside the one that was just opened; `None` at its end.
    pub(super) fn child(&mut self, parent_depth: usize) -> Result<Option<Element<'a>>, Stop> {
        loop {
            match self.next()? {
                Some(Node::Open(element)) => return Ok(Some(element)),
                Some(Node::Close(_)) if self.depth < parent_depth => return Ok(None),
                Some(Node::Close(_)) => {}
                None => return Err(Stop::Damaged),
            }
        }
    }

    /// How many elements are open.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// Goes to the end of the element that was just opened.
    pub(super) fn skip(&mut self) -> Result<(), Stop> {
        let depth = self.depth;
        while self.depth >= depth {
            self.event()?;
        }
        Ok(())
    }

    /// All text inside the element that was just opened, up to its end. `visit` is told the start of each element inside; what it
    /// says decides on the text of that element.
    pub(super) fn text(&mut self, visit: &mut dyn FnMut(&Element<'_>, &mut String) -> Inside) -> Result<String, Stop> {
        let depth = self.depth;
        let mut text = String::new();
        let mut left_out: Option<usize> = None;
        while self.depth >= depth {
            match self.event()? {
                Event::Text(part) if left_out.is_none() => text.push_str(&part.xml10_content()),
                Event::CData(part) if left_out.is_none() => text.push_str(&part.xml10_content()),
                Event::GeneralRef(name) if left_out.is_none() => match name.resolve_char_ref() {
                    Ok(Some(letter)) => text.push(letter),
                    Ok(None) => text.push_str(resolve_xml_entity(&name).ok_or(Stop::Damaged)?),
                    Err(_) => return Err(Stop::Damaged),
                },
                Event::Start(start) if left_out.is_none() => {
                    if visit(&Element { start }, &mut text) == Inside::Left {
                        left_out = Some(self.depth);
                    }
                }
                Event::End(_) if left_out.is_some_and(|left| self.depth < left) => left_out = None,
                Event::Eof => return Err(Stop::Damaged),
                Event::Text(_)
                | Event::CData(_)
                | Event::GeneralRef(_)
                | Event::Start(_)
                | Event::End(_)
                | Event::Empty(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_)
                | Event::DocType(_) => {}
            }
        }
        Ok(text)
    }

    fn event(&mut self) -> Result<Event<'a>, Stop> {
        let event = self.reader.read_event().map_err(|_| Stop::Damaged)?;
        match &event {
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth -= 1,
            // The reader checks that ends match their starts, but not that there is an end.
            Event::Eof if self.depth > 0 => return Err(Stop::Damaged),
            Event::Eof
            | Event::Empty(_)
            | Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)
            | Event::GeneralRef(_) => {}
        }
        Ok(event)
    }
}

/// Whether the text of an element belongs to the text around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
    Taken,
    Left,
}

impl Element<'_> {
    /// Its name without prefix.
    pub(super) fn is(&self, name: &str) -> bool {
        self.start.local_name().as_ref() == name
    }

    /// The value of an attribute, by its name without prefix.
    pub(super) fn attribute(&self, name: &str) -> Result<Option<String>, Stop> {
        self.find(|key| key.rsplit(':').next() == Some(name))
    }

    /// The value of an attribute, by its whole name.
    pub(super) fn attribute_with_prefix(&self, name: &str) -> Result<Option<String>, Stop> {
        self.find(|key| key == name)
    }

    fn find(&self, is_meant: impl Fn(&str) -> bool) -> Result<Option<String>, Stop> {
        for attribute in self.start.attributes().with_checks(false) {
            let attribute = attribute.map_err(|_| Stop::Damaged)?;
            if is_meant(attribute.key.as_ref()) {
                let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| Stop::Damaged)?;
                return Ok(Some(value.into_owned()));
            }
        }
        Ok(None)
    }
}
