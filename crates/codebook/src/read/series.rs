//! `series.toml`: which waves make a series, and how their samples hang together.

use super::toml::{Document, Text, Value};
use super::words::words;
use crate::{Finding, Language, Samples, Series, Translated, WaveId, WavePair};

/// Reads the series of a country.
pub(super) fn series(document: &Document<'_>, languages: &[Language], findings: &mut Vec<Finding>) -> Option<Series> {
    let mut entries = document.entries()?;
    let mut reader = Reader { languages, findings, series: Series::default() };
    let waves = entries.required("waves");
    reader.series.waves = waves.map(|value| reader.official(value)).unwrap_or_default();
    for value in list(entries.optional("outside"), reader.findings) {
        let outside = reader.outside(value);
        reader.series.outside.extend(outside);
    }
    for value in list(entries.optional("pairs"), reader.findings) {
        let pair = reader.pair(value);
        reader.series.pairs.extend(pair);
    }
    let series = reader.series;
    entries.finish(findings);
    Some(series)
}

fn list<'a>(value: Option<Value<'a>>, findings: &mut Vec<Finding>) -> Vec<Value<'a>> {
    value.and_then(|value| value.list(findings)).unwrap_or_default()
}

/// The wave that a year names.
pub(super) fn year(value: Value<'_>, findings: &mut Vec<Finding>) -> Option<WaveId> {
    let year = value.integer(1900, 2199, findings)?;
    WaveId::new(&year.to_string()).ok()
}

struct Reader<'r> {
    languages: &'r [Language],
    findings: &'r mut Vec<Finding>,
    series: Series,
}

impl Reader<'_> {
    fn official(&mut self, value: Value<'_>) -> Vec<WaveId> {
        let values = value.list(self.findings).unwrap_or_default();
        let mut waves: Vec<WaveId> = Vec::new();
        for value in values {
            let Some(wave) = year(value, self.findings) else { continue };
            if waves.last().is_some_and(|last| *last >= wave) {
                let message = format!("the waves of a series stand in order of time, and {wave} does not");
                self.findings.push(value.finding("series-order", message));
            } else {
                waves.push(wave);
            }
        }
        waves
    }

    fn because(&mut self, value: Option<Value<'_>>) -> Option<Translated> {
        value.and_then(|value| words(value, self.languages, self.findings))
    }

    fn outside(&mut self, value: Value<'_>) -> Option<(WaveId, Translated)> {
        let mut entries = value.entries(self.findings)?;
        let named = entries.required("wave");
        let wave = named.and_then(|value| year(value, self.findings));
        let because = entries.required("because");
        let because = self.because(because);
        entries.finish(self.findings);
        let wave = wave?;
        if self.series.waves.contains(&wave) {
            let message = format!("wave {wave} is in the series and outside of it");
            self.findings.push(named?.finding("contradiction", message));
        }
        Some((wave, because?))
    }

    /// A wave of the series, as some key names it.
    fn member(&mut self, value: Option<Value<'_>>) -> Option<WaveId> {
        let value = value?;
        let wave = year(value, self.findings)?;
        if !self.series.waves.contains(&wave) {
            let finding = value.finding("unknown-wave", format!("wave {wave} is not in the series"));
            let known: Vec<String> = self.series.waves.iter().map(ToString::to_string).collect();
            self.findings.push(finding.hint(format!("the series is {}", known.join(", "))));
            return None;
        }
        Some(wave)
    }

    fn pair(&mut self, value: Value<'_>) -> Option<WavePair> {
        let mut entries = value.entries(self.findings)?;
        let (earlier, later) = (entries.required("earlier"), entries.required("later"));
        let (earlier, later) = (self.member(earlier), self.member(later));
        let samples = entries.required("samples").and_then(|value| value.text(self.findings));
        let samples = samples.and_then(|text| self.samples(text));
        let source = entries.required("source");
        let source = self.because(source);
        entries.finish(self.findings);
        let (earlier, later) = (earlier?, later?);
        if earlier >= later {
            let message = format!("{earlier} is not earlier than {later}");
            self.findings.push(value.finding("series-order", message));
            return None;
        }
        if self.series.pair(earlier, later).is_some() {
            self.findings.push(value.finding("duplicate", format!("the pair {earlier} and {later} is given twice")));
        }
        Some(WavePair { earlier, later, samples: samples?, source: source?, place: value.place() })
    }

    fn samples(&mut self, text: Text<'_>) -> Option<Samples> {
        let samples = Samples::ALL.into_iter().find(|samples| samples.as_str() == text.value);
        if samples.is_none() {
            let message = format!("{:?} does not tell how two samples hang together", text.value);
            let finding = text.finding("unknown-word", message);
            self.findings.push(finding.did_you_mean(text.value, Samples::ALL.map(Samples::as_str)));
        }
        samples
    }
}
