//! The accessibility statement, in the structure of the European model: status, content that is not accessible, preparation, feedback, enforcement. It
//! claims only what the country's file tells, and says what is not told.

use codebook::{Accessibility, Assessment, Assessor, Compliance, Language};
use minijinja::context;

use super::section::{Section, sections};
use super::setting::Setting;
use super::{Frame, Scene};
use crate::ReportError;
use crate::language::Word;
use crate::templates::{Engine, text};

impl Scene<'_> {
    pub(super) fn accessibility(&self, engine: &Engine<'_>, languages: &[Language]) -> Result<String, ReportError> {
        let introduction = self.accessibility_scope();
        let title = self.pack.text(Word::Accessibility).to_owned();
        let frame = Frame { name: "accessibility.html", title, description: &introduction, languages };
        let all = [self.status(), self.exceptions(), self.preparation(), self.feedback(), self.enforcement()];
        let page = context! { introduction => text(introduction.clone()), sections => sections(&all, Setting::Page) };
        engine.render("html/accessibility.html", &self.context(&frame, page))
    }

    fn statement(&self) -> Option<&Accessibility> {
        self.edition.country.accessibility.as_ref()
    }

    fn assessment(&self) -> Option<&Assessment> {
        self.statement()?.assessment.as_ref()
    }

    /// What the statement is about, and the law that the publisher undertakes to follow.
    fn accessibility_scope(&self) -> String {
        let language = self.language();
        let publisher = self.edition.country.publisher.get(language);
        let scope = self.pack.fill(Word::AccessibilityScope, &[("publisher", publisher)]);
        match self.statement().and_then(|told| told.law.as_ref()) {
            Some(law) => format!("{scope} {}", self.pack.fill(Word::AccessibilityLaw, &[("law", law.get(language))])),
            None => scope,
        }
    }

    fn status(&self) -> Section {
        let status = self.words(match self.assessment().map(|assessment| assessment.status) {
            Some(Compliance::Full) => Word::AccessibilityFull,
            Some(Compliance::Partial) => Word::AccessibilityPartial,
            Some(Compliance::None) => Word::AccessibilityNone,
            None => Word::AccessibilityUnassessed,
        });
        self.section("status", Word::AccessibilityStatusHeading, vec![status, self.words(Word::AccessibilityCharts)])
    }

    fn exceptions(&self) -> Section {
        let exceptions = self.assessment().map_or(&[][..], |assessment| &assessment.exceptions);
        let mut paragraphs: Vec<String> =
            exceptions.iter().map(|exception| exception.get(self.language()).to_owned()).collect();
        if paragraphs.is_empty() {
            paragraphs.push(self.words(Word::AccessibilityContentNone));
        }
        self.section("not-accessible", Word::AccessibilityContentHeading, paragraphs)
    }

    fn preparation(&self) -> Section {
        let mut paragraphs = Vec::new();
        if let Some(assessment) = self.assessment() {
            let by = match assessment.by {
                Assessor::Publisher => Word::AccessibilityPreparedByPublisher,
                Assessor::ThirdParty => Word::AccessibilityPreparedByOthers,
            };
            paragraphs.push(self.pack.fill(by, &[("date", &self.pack.date(assessment.on))]));
            let reviewed = assessment.reviewed.map(|day| self.pack.date(day));
            paragraphs
                .extend(reviewed.map(|day| self.pack.fill(Word::AccessibilityReviewed, &[("date", day.as_str())])));
        }
        paragraphs.push(self.words(Word::AccessibilityAutomatic));
        self.section("preparation", Word::AccessibilityPreparationHeading, paragraphs)
    }

    fn feedback(&self) -> Section {
        let contact = self.statement().and_then(|told| told.contact.as_ref());
        let feedback = match contact {
            Some(contact) => self.pack.fill(Word::AccessibilityFeedback, &[("contact", contact.get(self.language()))]),
            None => self.words(Word::AccessibilityAskPublisher),
        };
        self.section("feedback", Word::AccessibilityFeedbackHeading, vec![feedback])
    }

    fn enforcement(&self) -> Section {
        let body = self.statement().and_then(|told| told.enforcement.as_ref());
        let enforcement = match body {
            Some(body) => self.pack.fill(Word::AccessibilityEnforcement, &[("body", body.get(self.language()))]),
            None => self.words(Word::AccessibilityEnforcementUnknown),
        };
        self.section("enforcement", Word::AccessibilityEnforcementHeading, vec![enforcement])
    }
}
