//! When the edition came out, what was revised, how long the series is, and what answering took.

use codebook::{Indicator, Lag, WaveId};

use crate::language::{Number, Word};
use crate::page::Scene;
use crate::page::section::{Section, Table, length};

impl Scene<'_> {
    /// Days from the end of the reference period (quality indicator TP2), and from the last answer, to publication.
    pub(super) fn timeliness(&self) -> Section {
        let mut rows = Vec::new();
        rows.extend(self.days(Indicator::DaysAfterReferencePeriod, Word::DaysAfterReference));
        let after_fieldwork = self.days(Indicator::DaysAfterFieldwork, Word::DaysAfterFieldwork);
        let paragraphs = if after_fieldwork.is_none() { vec![self.words(Word::TimelinessNoDays)] } else { Vec::new() };
        rows.extend(after_fieldwork);
        self.days_section("timeliness", Word::SimsTimeliness, paragraphs, rows)
    }

    /// Days from the announced day to publication (quality indicator TP3).
    pub(super) fn punctuality(&self) -> Section {
        let Some(row) = self.days(Indicator::DaysAfterAnnouncedDay, Word::DaysAfterPlan) else {
            return self.section("punctuality", Word::SimsPunctuality, vec![self.words(Word::PunctualityUnknown)]);
        };
        let formula = vec![self.words(Word::PunctualityFormula)];
        self.days_section("punctuality", Word::SimsPunctuality, formula, vec![row])
    }

    fn days_section(&self, id: &str, heading: Word, paragraphs: Vec<String>, rows: Vec<Vec<String>>) -> Section {
        let columns = vec![self.words(Word::CountsColumn), self.words(Word::DaysColumn)];
        let table = (!rows.is_empty()).then_some(Table { columns, rows, is_numeric: true });
        Section { table, ..self.section(id, heading, paragraphs) }
    }

    /// What is counted from a day to publication, and the days; `None` where the day is not known.
    fn days(&self, indicator: Indicator, word: Word) -> Option<Vec<String>> {
        let wave = self.edition.wave;
        let Lag { from, days, .. } = wave.lags().into_iter().find(|lag| lag.indicator == indicator)?;
        let values = [("from", self.pack.date(from)), ("to", self.pack.date(wave.published))];
        let words = self.pack.fill(word, &values.each_ref().map(|(key, value)| (*key, value.as_str())));
        Some(vec![words, self.pack.number(Number { units: days, decimals: 0 })])
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
            (self.pack.happened(erratum), told)
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
