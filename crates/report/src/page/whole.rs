//! The whole edition as one document: a text to be copied, and a page to be read from start to end or printed.

use codebook::Language;
use minijinja::{Value, context};

use super::setting::Setting;
use super::theme::ThemeView;
use super::{Frame, Scene};
use crate::ReportError;
use crate::figure::KeyNumber;
use crate::language::Word;
use crate::templates::{Engine, list, markup, text};

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
            sections => self.method_sections(Setting::Page),
            quality_introduction => text(self.pack.text(Word::QualityLead)),
            quality => self.quality_sections(themes, Setting::Page),
        };
        let rendered = engine.render("md/report.md", &self.context(&frame, page))?;
        Ok(squeeze(&rendered))
    }

    /// Every theme, the method and the quality, with a table of contents.
    pub(super) fn print(
        &self,
        engine: &Engine<'_>,
        themes: &[ThemeView<'_>],
        languages: &[Language],
    ) -> Result<String, ReportError> {
        let title = self.pack.text(Word::PrintEdition).to_owned();
        let name = format!("{}print.html", self.variant_folder());
        let frame = Frame { name: &name, title, description: self.pack.text(Word::PrintLead), languages };
        let (method, quality) = (self.pack.text(Word::Method), self.pack.text(Word::Quality));
        let of_themes = themes.iter().map(|view| (part_of(view), view.narrative.title.plain.clone()));
        let others = [("part-method", method), ("part-quality", quality)];
        let others = others.map(|(id, label)| (id.to_owned(), label.to_owned()));
        let contents = of_themes.chain(others).map(|(id, label)| {
            context! { label => text(label), href => text(format!("#{id}")) }
        });
        let annex = |heading: &str, lead, id: &str, sections: Value| {
            context! {
                id => text(format!("part-{id}")),
                heading => text(heading),
                introduction => text(self.pack.text(lead)),
                sections,
            }
        };
        let annexes = [
            annex(method, Word::MethodIntroduction, "method", self.method_sections(Setting::Part("method"))),
            annex(quality, Word::QualityLead, "quality", self.quality_sections(themes, Setting::Part("quality"))),
        ];
        let page = context! {
            fieldwork => text(self.fieldwork_in_brief()),
            contents => list(contents),
            bodies => list(themes.iter().map(|view| self.part(view))),
            annexes => list(annexes.into_iter()),
        };
        engine.render("html/print.html", &self.context(&frame, page))
    }

    /// A theme as a part of the whole edition.
    fn part(&self, view: &ThemeView<'_>) -> Value {
        let id = part_of(view);
        let setting = Setting::Part(&id);
        context! {
            id => text(id.clone()),
            heading => markup(view.narrative.title.html.clone()),
            tile => view.tile.as_ref().map_or_else(|| text(""), KeyNumber::value),
            blocks => view.blocks(self, setting),
            tests => view.test_note(setting),
            facts => self.fact_note(view, setting),
        }
    }
}

/// The anchor of a theme in the whole edition.
fn part_of(view: &ThemeView<'_>) -> String {
    format!("part-{}", view.theme.id)
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
