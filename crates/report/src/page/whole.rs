//! The whole edition as one document: a text to be copied.

use minijinja::context;

use super::theme::ThemeView;
use super::{Frame, Scene};
use crate::ReportError;
use crate::language::Word;
use crate::templates::{Engine, list, text};

impl Scene<'_> {
    pub(super) fn report(&self, engine: &Engine<'_>, themes: &[ThemeView<'_>]) -> Result<String, ReportError> {
        let title = self.edition.country.title.get(self.language()).to_owned();
        let frame = Frame { name: "report.md", title, description: "", languages: &[] };
        let bodies = themes.iter().map(|view| {
            context! {
                title => text(view.narrative.title.plain.clone()),
                blocks => view.blocks(self),
                tests => view.test_note(),
                facts => self.fact_note(view),
            }
        });
        let page = context! {
            overview => self.overview(themes),
            bodies => list(bodies),
            introduction => text(self.pack.text(Word::MethodIntroduction)),
            sections => self.method_sections(),
            quality_introduction => text(self.pack.text(Word::QualityLead)),
            quality => self.quality_sections(themes),
        };
        let rendered = engine.render("md/report.md", &self.context(&frame, page))?;
        Ok(squeeze(&rendered))
    }
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
