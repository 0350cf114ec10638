//! The release calendar: which edition becomes public when, for readers, for their calendars and for their feed readers.
//!
//! It tells past and coming editions alike, those that correct others among them, each in its country's own language. It tells neither who made it nor
//! when: the same files give the same bytes.

mod ical;

use std::cmp::Reverse;

use codebook::{Country, CountryComparison, CountryId, Edited, EditionId, Language, ReleaseMoment, Wave};
use jiff::civil::Date;
use minijinja::{Value, context};

use crate::language::Word;
use crate::templates::{Templates, list, text};
use crate::{Languages, Pack, ReportError};

/// A form of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalendarFormat {
    /// A page.
    Html,
    /// iCalendar (RFC 5545), for calendars.
    ICalendar,
    /// Atom (RFC 4287), for feed readers.
    Atom,
}

/// The calendar of some countries and comparisons over countries, each with its own language packs. The page and the feed are the program's own templates,
/// since they are of no single country.
///
/// # Errors
/// When a template does not render, or the first language of one of them has no pack.
pub fn calendar(
    countries: &[(Country, Languages)],
    comparisons: &[(CountryComparison, Languages)],
    format: CalendarFormat,
) -> Result<String, ReportError> {
    let mut entries = Vec::new();
    for (country, languages) in countries {
        let Some(pack) = first_pack(&country.languages, languages)? else { continue };
        for wave in country.waves.values() {
            let edited = wave.edited();
            entries.extend(edited.editions().map(|edition| Entry::of_wave(country, wave, (edited, edition), pack)));
        }
    }
    for (comparison, languages) in comparisons {
        let Some(pack) = first_pack(&comparison.languages, languages)? else { continue };
        let edited = comparison.edited();
        entries.extend(edited.editions().map(|edition| Entry::of_comparison(comparison, (edited, edition), pack)));
    }
    entries.sort_by_key(|entry| (entry.day(), entry.id.clone(), entry.edition));
    match format {
        CalendarFormat::Html => rendered("html/calendar.html", &entries),
        CalendarFormat::Atom => rendered("xml/calendar.xml", &entries),
        CalendarFormat::ICalendar => Ok(ical::calendar(&entries)),
    }
}

/// The pack of the first language, if there is a language.
fn first_pack<'l>(languages: &[Language], packs: &'l Languages) -> Result<Option<&'l Pack>, ReportError> {
    let pack = |language: &Language| packs.pack(language).ok_or_else(|| ReportError::NoPack(language.clone()));
    languages.first().map(pack).transpose()
}

/// An edition with its moment, of a country or of a comparison.
#[derive(Debug, Clone)]
struct Entry<'a> {
    id: &'a CountryId,
    edition: EditionId,
    edited: Edited<'a>,
    publication: String,
    /// What stands behind the publication in the title.
    about: Vec<&'a str>,
    publisher: &'a str,
    synthetic: bool,
    pack: &'a Pack,
}

impl<'a> Entry<'a> {
    fn of_wave(
        country: &'a Country,
        wave: &'a Wave,
        (edited, edition): (Edited<'a>, EditionId),
        pack: &'a Pack,
    ) -> Self {
        let language = pack.language();
        Self {
            id: &country.id,
            edition,
            edited,
            publication: country.title.get(language).to_owned(),
            about: vec![country.name.get(language), wave.window.get(language)],
            publisher: country.publisher.get(language),
            synthetic: wave.synthetic,
            pack,
        }
    }

    fn of_comparison(
        comparison: &'a CountryComparison,
        (edited, edition): (Edited<'a>, EditionId),
        pack: &'a Pack,
    ) -> Self {
        let language = pack.language();
        let title = comparison.title.get(language);
        let demonstration = || pack.fill(Word::ComparisonDemonstration, &[("title", title)]);
        Self {
            id: &comparison.id,
            edition,
            edited,
            publication: if comparison.demonstration { demonstration() } else { title.to_owned() },
            about: Vec::new(),
            publisher: comparison.publisher.get(language),
            synthetic: comparison.demonstration,
            pack,
        }
    }

    /// What sorts editions by time: the moment, or the beginning of a day.
    fn day(&self) -> String {
        self.moment().unwrap_or_else(|| format!("{}T00:00:00Z", self.date()))
    }

    fn date(&self) -> Date {
        self.edited.day_of(self.edition)
    }

    /// The moment, if the file tells an hour, in one zone.
    fn moment(&self) -> Option<String> {
        Some(self.with_hour()?.at().strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
    }

    /// Where no file tells an hour, readers are told a day.
    fn with_hour(&self) -> Option<ReleaseMoment> {
        self.edited.moment_of(self.edition).filter(|_| self.edited.release_at.is_some())
    }

    /// As the file writes it, or the day.
    fn written(&self) -> String {
        self.with_hour().map_or_else(|| self.date().to_string(), |moment| moment.as_str().to_owned())
    }

    /// For a person: `4 December 2020`, `4 December 2020, 09:00 (+01:00)`.
    fn shown(&self) -> String {
        let (written, day) = (self.written(), self.pack.date(self.date()));
        let Some((_, time)) = written.split_once('T') else { return day };
        let zone = time.find(['+', '-', 'Z']).map_or("", |start| &time[start..]);
        let clock: String = time.chars().take(5).collect();
        format!("{day}, {clock} ({})", if zone == "Z" { "UTC" } else { zone })
    }

    /// `The Innovation Barometer, Denmark, 2018-2019 · Edition 2019.1 · SYNTHETIC`: what corrects an earlier edition and what is made up says so. A comparison has its year in
    /// the place of country and years.
    fn title(&self) -> String {
        let year = self.edited.first.to_string();
        let about = if self.about.is_empty() { vec![year.as_str()] } else { self.about.clone() };
        let title: Vec<&str> = std::iter::once(self.publication.as_str()).chain(about).collect();
        let mut parts = vec![title.join(", ")];
        if self.edition.correction() > 0 {
            parts.push(format!("{} {}", self.pack.text(Word::EditionColumn), self.edition));
        }
        if self.synthetic {
            parts.push("SYNTHETIC".to_owned());
        }
        parts.join(" · ")
    }

    /// What the edition corrects, in sentences; nothing for a first one.
    fn corrected(&self) -> Vec<String> {
        let own = self.edited.errata_of(self.edition);
        own.map(|erratum| erratum.changed.get(self.pack.language()).to_owned()).collect()
    }

    fn value(&self) -> Value {
        context! {
            id => text(format!("{}:{}", self.id, self.edition)),
            language => text(self.pack.language().as_str()),
            title => text(self.title()),
            publisher => text(self.publisher),
            moment => text(self.day()),
            datetime => text(self.written()),
            shown => text(self.shown()),
            corrected => list(self.corrected().into_iter().map(text)),
        }
    }
}

fn rendered(template: &str, entries: &[Entry<'_>]) -> Result<String, ReportError> {
    let first = entries.first();
    let mut titles: Vec<&str> = entries.iter().map(|entry| entry.publication.as_str()).collect();
    titles.dedup();
    let mut countries: Vec<&str> = entries.iter().map(|entry| entry.id.as_str()).collect();
    countries.sort_unstable();
    countries.dedup();
    let newest = entries.iter().map(|entry| Reverse(entry.day())).min().map(|Reverse(day)| day);
    let shown = context! {
        id => text(countries.join("+")),
        language => text(first.map_or("en", |entry| entry.pack.language().as_str())),
        heading => text(first.map_or("", |entry| entry.pack.text(Word::CalendarHeading))),
        title => text(titles.join(" · ")),
        updated => text(newest.unwrap_or_else(|| "1970-01-01T00:00:00Z".to_owned())),
        entries => list(entries.iter().map(Entry::value)),
    };
    Templates::new(Vec::new()).engine()?.render(template, &shown)
}
