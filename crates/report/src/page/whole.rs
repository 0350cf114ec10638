//! The whole edition as one document: a text to be copied, and a page to be read from start to end or printed. The page is as light as every other: where
//! it would not be, it is divided into volumes.

use std::ops::Range;

use codebook::Language;
use minijinja::{Value, context};

use super::section::{Section, sections};
use super::setting::Setting;
use super::theme::ThemeView;
use super::volumes::volumes;
use super::{Frame, Page, Scene};
use crate::ReportError;
use crate::figure::KeyNumber;
use crate::language::Word;
use crate::templates::{Engine, STYLESHEET, list, markup, text};

impl Scene<'_> {
    pub(super) fn report(&self, engine: &Engine<'_>, themes: &[ThemeView<'_>]) -> Result<String, ReportError> {
        let title = self.publication().to_owned();
        let name = format!("{}report.md", self.variant_folder());
        let frame = Frame { name: &name, title, description: "", languages: &[] };
        let bodies = themes.iter().map(|view| {
            context! {
                title => text(view.narrative.title.plain.clone()),
                blocks => view.blocks(self, Setting::Page),
                tests => view.test_note(Setting::Page),
                facts => self.fact_note(view, Setting::Page),
            }
        });
        let page = context! {
            overview => self.overview(themes),
            bodies => list(bodies),
            introduction => text(self.pack.text(Word::MethodIntroduction)),
            sections => sections(&self.method_sections(), Setting::Page),
            quality_introduction => text(self.pack.text(Word::QualityLead)),
            quality => sections(&self.quality_sections(themes), Setting::Page),
        };
        let rendered = engine.render("md/report.md", &self.context(&frame, page))?;
        Ok(squeeze(&rendered))
    }

    /// Every theme, the method and the quality, with a table of contents: one document, or several where one would be heavier than a page may be.
    pub(super) fn print(
        &self,
        engine: &Engine<'_>,
        themes: &[ThemeView<'_>],
        languages: &[Language],
    ) -> Result<Vec<Page>, ReportError> {
        let parts = self.parts(themes);
        let render =
            |volume: Range<usize>, volumes: &[Range<usize>]| self.volume(engine, &parts, volume, volumes, languages);
        let every_part = 0..parts.len();
        let document = render(every_part.clone(), std::slice::from_ref(&every_part))?;
        let at_most = PAGE_WEIGHT.saturating_sub(self.edition.templates.source(STYLESHEET).len());
        if document.text.len() <= at_most {
            return Ok(vec![document]);
        }
        let starts = starts(&document.text, &parts);
        let weights: Vec<usize> = starts.windows(2).map(|ends| ends[1].saturating_sub(ends[0])).collect();
        let mut room = at_most.saturating_sub(starts[0]);
        loop {
            let volumes = volumes(&weights, room);
            let documents = volumes.iter().map(|volume| render(volume.clone(), &volumes));
            let documents = documents.collect::<Result<Vec<Page>, ReportError>>()?;
            let heaviest = documents.iter().map(|it| it.text.len()).max().unwrap_or_default();
            if heaviest <= at_most || volumes.len() == parts.len() || room == 0 {
                return Ok(documents);
            }
            // The table of contents grows with the volumes.
            room = room.saturating_sub(heaviest - at_most);
        }
    }

    /// Some of the parts as a document, whose table of contents leads to those of every volume.
    fn volume(
        &self,
        engine: &Engine<'_>,
        parts: &[Part],
        volume: Range<usize>,
        volumes: &[Range<usize>],
        languages: &[Language],
    ) -> Result<Page, ReportError> {
        let number = volumes.iter().position(|it| *it == volume).unwrap_or_default();
        let total = self.pack.count(count(volumes.len()));
        let label = |number: usize| {
            let number = self.pack.count(count(number + 1));
            let values = [("number", number.as_str()), ("total", total.as_str())];
            if volumes.len() > 1 { self.pack.fill(Word::PrintVolume, &values) } else { String::new() }
        };
        let title = self.pack.text(Word::PrintEdition);
        let title = if volumes.len() > 1 { format!("{title} · {}", label(number)) } else { title.to_owned() };
        let names = |number: usize| format!("{}{}", self.variant_folder(), file_name(number));
        let contents = volumes.iter().enumerate().map(|(at, places)| {
            let file = if at == number { String::new() } else { file_name(at) };
            let entries = parts[places.clone()].iter().map(|part| {
                context! { label => text(part.label.clone()), href => text(format!("{file}#{}", part.id)) }
            });
            context! {
                label => text(label(at)),
                contents => list(entries),
            }
        });
        let link = |at: Option<usize>| {
            let at = at.filter(|at| *at < volumes.len());
            at.map_or_else(|| text(""), |at| context! { href => text(file_name(at)), label => text(label(at)) })
        };
        let of_kind = |kind: PartKind| {
            list(parts[volume.clone()].iter().filter(|part| part.kind == kind).map(|part| part.shown.clone()))
        };
        let page = context! {
            fieldwork => text(self.fieldwork_in_brief()),
            volume => text(label(number)),
            volumes => list(contents),
            before => link(number.checked_sub(1)),
            behind => link(number.checked_add(1)),
            bodies => of_kind(PartKind::Theme),
            annexes => of_kind(PartKind::Annex),
        };
        let (name, first) = (names(number), names(0));
        let frame =
            |name| Frame { name, title: title.clone(), description: self.pack.text(Word::PrintLead), languages };
        // Another language may need more volumes or fewer: all of them have a first one.
        let others = self.other_languages(&frame(&first), &self.up());
        let context = context! { other_languages => others, ..self.context(&frame(&name), page) };
        let text = engine.render("html/print.html", &context)?;
        Ok(Page { path: format!("{}{name}", self.folder(self.language())), text })
    }

    /// What the whole edition consists of.
    fn parts(&self, themes: &[ThemeView<'_>]) -> Vec<Part> {
        let annex = |heading, lead, name: &str, all: &[Section]| {
            let (id, label) = (format!("part-{name}"), self.pack.text(heading).to_owned());
            let shown = context! {
                id => text(id.clone()),
                heading => text(label.clone()),
                introduction => text(self.pack.text(lead)),
                sections => sections(all, Setting::Part(name)),
            };
            Part { kind: PartKind::Annex, id, label, shown }
        };
        let annexes = [
            annex(Word::Method, Word::MethodIntroduction, "method", &self.method_sections()),
            annex(Word::Quality, Word::QualityLead, "quality", &self.quality_sections(themes)),
        ];
        themes.iter().map(|view| self.part(view)).chain(annexes).collect()
    }

    /// A theme as a part of the whole edition.
    fn part(&self, view: &ThemeView<'_>) -> Part {
        let id = format!("part-{}", view.theme.id);
        let setting = Setting::Part(&id);
        let shown = context! {
            id => text(id.clone()),
            heading => markup(view.narrative.title.html.clone()),
            tile => view.tile.as_ref().map_or_else(|| text(""), KeyNumber::value),
            blocks => view.blocks(self, setting),
            tests => view.test_note(setting),
            facts => self.fact_note(view, setting),
        };
        Part { kind: PartKind::Theme, label: view.narrative.title.plain.clone(), shown, id }
    }
}

/// What a page may weigh with its stylesheet, in bytes.
const PAGE_WEIGHT: usize = 149_999;

/// A theme or an annex of the whole edition.
struct Part {
    kind: PartKind,
    /// Its anchor.
    id: String,
    label: String,
    /// What its template is given.
    shown: Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PartKind {
    Theme,
    Annex,
}

/// Where each part starts in the document that holds all of them, by its anchor, and where the document ends.
fn starts(document: &str, parts: &[Part]) -> Vec<usize> {
    let start = |part: &Part| document.find(&format!(" id=\"{}\"", part.id)).unwrap_or_default();
    parts.iter().map(start).chain([document.len()]).collect()
}

/// The file of the first, second, .. volume.
fn file_name(number: usize) -> String {
    if number == 0 { "print.html".to_owned() } else { format!("print-{}.html", number + 1) }
}

/// A number of volumes.
fn count(volumes: usize) -> u64 {
    u64::try_from(volumes).expect("there are few volumes")
}

/// Leaves at most one empty line between two lines, which templates that loop cannot promise.
pub(super) fn squeeze(rendered: &str) -> String {
    let mut squeezed = String::with_capacity(rendered.len());
    let mut empty_before = true;
    for line in rendered.lines().map(str::trim_end) {
        if !(line.is_empty() && empty_before) {
            squeezed.push_str(line);
            squeezed.push('\n');
        }
        empty_before = line.is_empty();
    }
    squeezed.truncate(squeezed.trim_end().len());
    squeezed.push('\n');
    squeezed
}
