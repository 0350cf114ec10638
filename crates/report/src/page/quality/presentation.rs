//! What the quality report tells of the statistics itself, from the country's files.

use std::collections::BTreeSet;

use codebook::{Concept, Measure, Survey, Translated};

use crate::language::Word;
use crate::page::Scene;
use crate::page::section::{Section, Table, length};

impl Scene<'_> {
    /// A concept that is told in a sentence or two.
    pub(super) fn presented(&self, concept: Concept) -> Section {
        let (country, wave) = (self.edition.country, self.edition.wave);
        let language = self.pack.language();
        let survey = |text: fn(&Survey) -> &Translated| {
            let text = wave.survey.as_ref().map(text).filter(|text| !Survey::is_unknown(text));
            text.map(|text| text.get(language).to_owned())
        };
        if concept == Concept::OnlineDatabase {
            return self.online_tables();
        }
        let contact = country.press.as_ref().and_then(|press| press.contact.as_ref());
        let last = wave.errata.iter().map(|erratum| erratum.date).max().unwrap_or(wave.published);
        let day = |word, day| self.pack.fill(word, &[("date", &self.pack.date(day))]);
        let announced = wave.planned.map(|planned| day(Word::AnnouncedFor, planned));
        let fieldwork = wave.fieldwork.as_ref().map(|period| {
            let (from, to) = (self.pack.date(period.from), self.pack.date(period.to));
            self.pack.fill(Word::FieldworkDays, &[("from", &from), ("to", &to)])
        });
        let told: [(Concept, Vec<String>); 14] = [
            (Concept::ContactOrganisation, vec![country.publisher.get(language).to_owned()]),
            (Concept::ContactAddress, contact.map(|it| it.get(language).to_owned()).into_iter().collect()),
            (Concept::MetadataLastUpdate, vec![self.pack.date(last)]),
            (Concept::DataDescription, vec![wave.about.get(language).to_owned()]),
            (
                Concept::StatisticalUnit,
                [survey(|it| &it.unit), survey(|it| &it.speaks_for)].into_iter().flatten().collect(),
            ),
            (Concept::StatisticalPopulation, survey(|it| &it.population).into_iter().collect()),
            (Concept::ReferenceArea, vec![country.name.get(language).to_owned()]),
            (Concept::TimeCoverage, vec![self.waves_told()]),
            (Concept::UnitOfMeasure, vec![self.pack.list(&self.measures(), Word::ListAnd)]),
            (Concept::ReferencePeriod, vec![wave.window.get(language).to_owned()]),
            (Concept::ReleaseCalendar, announced.into_iter().chain([day(Word::ReleasedOn, wave.published)]).collect()),
            (Concept::MethodDocumentation, vec![self.see(Word::Method)]),
            (Concept::QualityAssurance, vec![self.words(Word::SentencesChecked), self.words(Word::RoundingNote)]),
            (Concept::DataCollection, fieldwork.into_iter().collect()),
        ];
        let told = told.into_iter().find(|(known, _)| *known == concept).map(|(_, told)| told).unwrap_or_default();
        Section { paragraphs: told, ..Section::default() }
    }

    /// The waves up to this one.
    fn waves_told(&self) -> String {
        let waves = self.edition.whole.waves.keys().filter(|it| **it <= self.edition.wave.id);
        let waves: Vec<String> = waves.map(ToString::to_string).collect();
        let waves = self.pack.list(&waves, Word::ListAnd);
        self.pack.fill(Word::WavesShown, &[("waves", &waves)])
    }

    /// What tables measure, each once.
    fn measures(&self) -> Vec<String> {
        let axis = |measure: Measure| match measure {
            Measure::Share => Word::AxisShare,
            Measure::Mean => Word::AxisMean,
            Measure::Total => Word::AxisTotal,
            Measure::Ratio => Word::AxisRatio,
            Measure::Quantile { .. } if measure.is_median() => Word::AxisMedian,
            Measure::Quantile { .. } => Word::AxisQuantile,
        };
        let words: BTreeSet<Word> = self.edition.country.tables.iter().map(|table| axis(table.measure)).collect();
        words.into_iter().map(|word| self.words(word)).collect()
    }

    fn online_tables(&self) -> Section {
        let tables = length(self.edition.published.tables());
        let rows = vec![vec![self.words(Word::TablesColumn), self.pack.count(tables)]];
        let columns = vec![self.words(Word::CountsColumn), self.words(Word::NumberColumn)];
        let paragraphs = vec![self.see(Word::Data)];
        Section { paragraphs, table: Some(Table { columns, rows, is_numeric: true }), ..Section::default() }
    }

    /// How answers became numbers: weights, and that nothing is imputed.
    pub(super) fn compilation(&self) -> Section {
        let Section { paragraphs, table, .. } = self.weights();
        let paragraphs = paragraphs.into_iter().chain([self.words(Word::ImputationNone)]).collect();
        Section { paragraphs, table, ..Section::default() }
    }
}
