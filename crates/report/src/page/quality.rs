//! The page of quality: a report in the structure of the European Statistical System (SIMS 2.0, [`Concept`]).
//!
//! Under each concept stands what the program computes of it, from numbers that may be published or as a ratio of two counts that are printed beside it, and what
//! the country's `quality.toml` tells. A part of a chapter that has neither is named as not told: a reader shall not take it for nothing to tell.

mod answers;
mod back_test;
mod coverage;
mod late;
mod precision;
mod presentation;
mod response;
mod shown;
mod times;

use codebook::{Concept, Language};
use minijinja::context;

use super::section::{Section, contents, sections};
use super::setting::Setting;
use super::theme::ThemeView;
use super::whole::squeeze;
use super::{Frame, Scene};
use crate::ReportError;
use crate::language::Word;
use crate::templates::{Engine, text};

impl Scene<'_> {
    pub(super) fn quality(
        &self,
        engine: &Engine<'_>,
        themes: &[ThemeView<'_>],
        languages: &[Language],
    ) -> Result<String, ReportError> {
        let introduction = self.pack.text(Word::QualityLead);
        let title = self.pack.text(Word::Quality).to_owned();
        let frame = Frame { name: "quality.html", title, description: introduction, languages };
        let all = self.quality_sections(themes);
        let page = context! {
            introduction => text(introduction),
            structure => text(self.pack.text(Word::QualityStructure)),
            contents => contents(&all),
            sections => sections(&all, Setting::Page),
        };
        engine.render("html/quality.html", &self.context(&frame, page))
    }

    /// The same as a text to be copied.
    pub(super) fn quality_text(&self, engine: &Engine<'_>, themes: &[ThemeView<'_>]) -> Result<String, ReportError> {
        let title = self.pack.text(Word::Quality).to_owned();
        let frame = Frame { name: "quality.md", title, description: "", languages: &[] };
        let page = context! {
            introduction => text(self.pack.text(Word::QualityLead)),
            structure => text(self.pack.text(Word::QualityStructure)),
            sections => sections(&self.quality_sections(themes), Setting::Page),
        };
        Ok(squeeze(&engine.render("md/quality.md", &self.context(&frame, page))?))
    }

    /// The sections of the page of quality, in the order of the structure.
    pub(super) fn quality_sections(&self, themes: &[ThemeView<'_>]) -> Vec<Section> {
        let mut all = Vec::new();
        let mut concepts = Concept::ALL.iter().copied().peekable();
        while let Some(chapter) = concepts.next() {
            let mut below = Vec::new();
            let mut untold = Vec::new();
            while let Some(part) = concepts.next_if(|part| part.depth() > 0) {
                let told = self.concept(part, themes);
                // One that has parts of its own is told by them.
                let has_parts = concepts.peek().is_some_and(|next| next.depth() > part.depth());
                if told.iter().all(Section::is_empty) && !has_parts {
                    untold.push(self.concept_name(part));
                }
                below.extend(told);
            }
            let mut told = self.concept(chapter, themes);
            let head = told.first_mut().expect("a concept has a section");
            if below.is_empty() && head.is_empty() {
                untold.push(self.concept_name(chapter));
            }
            if !untold.is_empty() {
                let untold = self.pack.list(&untold, Word::ListAnd);
                head.paragraphs.push(self.pack.fill(Word::NotTold, &[("concepts", &untold)]));
            }
            all.extend(told.into_iter().chain(below));
        }
        all
    }

    /// `Sampling error (S.13.2)`.
    fn concept_name(&self, concept: Concept) -> String {
        format!("{} ({})", self.pack.concept(concept), concept.number())
    }

    /// What is told of a concept: a section of its own, and those below it.
    fn concept(&self, concept: Concept, themes: &[ThemeView<'_>]) -> Vec<Section> {
        let text = self.edition.wave.quality.get(&concept).map(|text| text.get(self.pack.language()));
        let paragraphs = text.into_iter().flat_map(|text| text.split("\n\n")).map(|it| it.trim().to_owned()).collect();
        let depth = u8::try_from(concept.depth()).expect("the structure has three levels");
        let has_parts = Concept::ALL.iter().any(|other| other.number().starts_with(&format!("{}.", concept.number())));
        let mut head = Section {
            id: concept.number().to_lowercase().replace('.', "-"),
            depth,
            is_chapter: has_parts,
            heading: format!("{} {}", concept.number(), self.pack.concept(concept)),
            paragraphs,
            ..Section::default()
        };
        let mut computed: Vec<Section> =
            self.computed(concept, themes).into_iter().filter(|it| !it.is_empty()).collect();
        // One alone needs no heading of its own.
        if computed.len() == 1 {
            let Section { paragraphs, terms, table, .. } = computed.remove(0);
            head.paragraphs.extend(paragraphs);
            (head.terms, head.table) = (terms, table);
        }
        head.is_chapter |= !computed.is_empty();
        let below = computed.into_iter().map(|section| Section { depth: depth + 1, ..section });
        std::iter::once(head).chain(below).collect()
    }

    /// What the program tells of a concept.
    #[expect(clippy::too_many_lines, reason = "one name a line: whoever adds a concept says what is told of it")]
    fn computed(&self, concept: Concept, themes: &[ThemeView<'_>]) -> Vec<Section> {
        match concept {
            Concept::ContactOrganisation
            | Concept::ContactAddress
            | Concept::MetadataLastUpdate
            | Concept::DataDescription
            | Concept::StatisticalUnit
            | Concept::StatisticalPopulation
            | Concept::ReferenceArea
            | Concept::TimeCoverage
            | Concept::UnitOfMeasure
            | Concept::ReferencePeriod
            | Concept::ReleaseCalendar
            | Concept::OnlineDatabase
            | Concept::MethodDocumentation
            | Concept::QualityAssurance
            | Concept::DataCollection => vec![self.presented(concept)],
            Concept::ConfidentialityTreatment => vec![self.disclosure(), self.withheld_parts()],
            Concept::Completeness => vec![self.shown()],
            Concept::SamplingError => vec![self.precision(themes)],
            Concept::CoverageError => std::iter::once(self.over_coverage()).chain(self.coverage()).collect(),
            Concept::MeasurementError => vec![self.opinions_lacking()],
            Concept::NonResponseError => vec![self.response(), self.late(themes), self.weighting(themes), self.gaps()],
            Concept::Timeliness => vec![self.timeliness()],
            Concept::Punctuality => vec![self.punctuality()],
            Concept::ComparabilityOverTime => vec![self.series_length()],
            Concept::InternalCoherence => vec![self.back_test()],
            Concept::CostAndBurden => vec![self.burden()],
            Concept::RevisionPractice => vec![self.revisions()],
            Concept::SourceData => vec![self.sample()],
            Concept::DataValidation => vec![self.checks()],
            Concept::DataCompilation => vec![self.compilation()],
            Concept::Contact
            | Concept::MetadataUpdate
            | Concept::StatisticalPresentation
            | Concept::InstitutionalMandate
            | Concept::Confidentiality
            | Concept::ReleasePolicy
            | Concept::AccessibilityAndClarity
            | Concept::QualityManagement
            | Concept::Relevance
            | Concept::Accuracy
            | Concept::NonSamplingError
            | Concept::TimelinessAndPunctuality
            | Concept::CoherenceAndComparability
            | Concept::DataRevision
            | Concept::StatisticalProcessing
            | Concept::ClassificationSystem
            | Concept::SectorCoverage
            | Concept::ConceptsAndDefinitions
            | Concept::LegalActs
            | Concept::DataSharing
            | Concept::ConfidentialityPolicy
            | Concept::UserAccess
            | Concept::Frequency
            | Concept::MicrodataAccess
            | Concept::QualityAssessment
            | Concept::UserNeeds
            | Concept::UserSatisfaction
            | Concept::OverallAccuracy
            | Concept::ProcessingError
            | Concept::ModelError
            | Concept::GeographicalComparability
            | Concept::CrossDomainCoherence
            | Concept::RevisionPolicy
            | Concept::CollectionFrequency
            | Concept::Comment => Vec::new(),
        }
    }
}
