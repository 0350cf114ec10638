//! When the edition came out, what was revised, how long the series is, and what answering took.

use codebook::{WaveId, days_between};
use jiff::civil::{Date, date};

use crate::language::{Number, Word};
use crate::page::Scene;
use crate::page::section::{Section, Table, length};

impl Scene<'_> {
    /// Days from what the numbers are about, and from the last answer, to publication (quality indicator TP1).
    pub(super) fn timeliness(&self) -> Section {
        let wave = self.edition.wave;
        let mut rows = Vec::new();
        rows.extend(end_of(wave.id).map(|end| self.days(Word::DaysAfterReference, end)));
        let mut paragraphs = Vec::new();
        match &wave.fieldwork {
            Some(period) => rows.push(self.days(Word::DaysAfterFieldwork, period.to)),
            None => paragraphs.push(self.words(Word::TimelinessNoDays)),
        }
        self.days_section("timeliness", Word::SimsTimeliness, paragraphs, rows)
    }

    /// Days from the announced day to publication (quality indicator TP3).
    pub(super) fn punctuality(&self) -> Section {
        let Some(planned) = self.edition.wave.planned else {
            return self.section("punctuality", Word::SimsPunctuality, vec![self.words(Word::PunctualityUnknown)]);
        };
        let rows = vec![self.days(Word::DaysAfterPlan, planned)];
        self.days_section("punctuality", Word::SimsPunctuality, vec![self.words(Word::PunctualityFormula)], rows)
    }

    fn days_section(&self, id: &str, heading: Word, paragraphs: Vec<String>, rows: Vec<Vec<String>>) -> Section {
        let columns = vec![self.words(Word::CountsColumn), self.words(Word::DaysColumn)];
        let table = (!rows.is_empty()).then_some(Table { columns, rows, is_numeric: true });
        Section { table, ..self.section(id, heading, paragraphs) }
    }

    /// What is counted from a day to publication, and the days.
    fn days(&self, word: Word, from: Date) -> Vec<String> {
        let to = self.edition.wave.published;
        let words = self.pack.fill(word, &[("from", &self.pack.date(from)), ("to", &self.pack.date(to))]);
        vec![words, self.pack.number(Number { units: days_between(from, to), decimals: 0 })]
    }

    /// The errata of the edition, and how many numbers they changed.
    pub(super) fn revisions(&self) -> Section {
        let errata = &self.edition.wave.errata;
        if errata.is_empty() {
            return self.section("revisions", Word::SimsRevisionPractice, vec![self.words(Word::RevisionsNone)]);
        }
        let language = self.pack.language();
        let term = |erratum: &codebook::Erratum| {
            let told = format!("{} {}", erratum.wrong.get(language), erratum.changed.get(language));
            (self.happened(erratum), told)
        };
        let changed = length(self.edition.corrections.all());
        let rows = vec![vec![self.words(Word::RevisedCells), self.pack.count(changed)]];
        let columns = vec![self.words(Word::CountsColumn), self.words(Word::NumberColumn)];
        Section {
            terms: errata.iter().map(term).collect(),
            table: Some(Table { columns, rows, is_numeric: true }),
            ..self.section("revisions", Word::SimsRevisionPractice, Vec::new())
        }
    }

    /// How many waves stand before a break of the whole series (quality indicator CC2), and the breaks.
    pub(super) fn series_length(&self) -> Section {
        let country = self.edition.whole;
        let (this, language) = (self.edition.wave.id, self.pack.language());
        let mut paragraphs = Vec::new();
        let breaks = country.ledger.iter().flat_map(|ledger| &ledger.breaks).filter(|it| it.before <= this);
        let breaks: Vec<_> = breaks.collect();
        for it in &breaks {
            let values = [("wave", it.before.to_string()), ("because", it.because.get(language).to_owned())];
            let values = values.each_ref().map(|(key, value)| (*key, value.as_str()));
            paragraphs.push(self.pack.fill(Word::SeriesBroken, &values));
        }
        if country.ledger.is_some() {
            paragraphs.push(self.see(Word::ComparabilityTitle));
        }
        if !country.series.waves.contains(&this) {
            paragraphs.insert(0, self.words(Word::SeriesNone));
            return self.section("series-length", Word::SimsComparabilityOverTime, paragraphs);
        }
        let start = breaks.iter().map(|it| it.before).max();
        let comparable = |wave: &&WaveId| **wave <= this && start.is_none_or(|start| **wave >= start);
        let waves = country.series.waves.iter().filter(comparable).count();
        let rows = vec![vec![
            self.words(Word::SeriesLength),
            self.pack.count(u64::try_from(waves).expect("waves are counted in 64 bits")),
        ]];
        let columns = vec![self.words(Word::CountsColumn), self.words(Word::NumberColumn)];
        let table = Some(Table { columns, rows, is_numeric: true });
        Section { table, ..self.section("series-length", Word::SimsComparabilityOverTime, paragraphs) }
    }

    /// What answering took, where the export tells.
    pub(super) fn burden(&self) -> Section {
        let minutes = self.edition.published.fieldwork().quality.median_minutes;
        let told = minutes.map(|minutes| self.pack.fill_counted(Word::MedianTime, minutes, &[]));
        self.section("burden", Word::SimsCostAndBurden, told.into_iter().collect())
    }

    /// The sentence that sends a reader to another page.
    pub(super) fn see(&self, page: Word) -> String {
        self.pack.fill(Word::SeePage, &[("page", self.pack.text(page))])
    }
}

/// The last day of what a wave is about: a wave is called after the year in which its window ends.
fn end_of(wave: WaveId) -> Option<Date> {
    let year: i16 = wave.to_string().parse().ok()?;
    Some(date(year, 12, 31))
}
