//! The release calendar: which edition becomes public when, for readers, for their calendars and for their feed readers.
//!
//! It tells past and coming editions alike, those that correct others among them, each in its country's own language. It tells neither who made it nor
//! when: the same files give the same bytes.

mod ical;

use std::cmp::Reverse;

use codebook::{Country, EditionId, ReleaseMoment, Wave};
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

/// The calendar of some countries, each with its own language packs. The page and the feed are the program's own templates, since
/// they are of no single country.
///
/// # Errors
/// When a template does not render, or a country's first language has no pack.
pub fn calendar(countries: &[(Country, Languages)], format: CalendarFormat) -> Result<String, ReportError> {
    let mut entries = Vec::new();
    for (country, languages) in countries {
        let Some(language) = country.languages.first() else { continue };
        let pack = languages.pack(language).ok_or_else(|| ReportError::NoPack(language.clone()))?;
        for wave in country.waves.values() {
            entries.extend(wave.editions().map(|edition| Entry { country, wave, edition, pack }));
        }
    }
    entries.sort_by_key(|entry| (entry.day(), entry.country.id.clone(), entry.edition));
    match format {
        CalendarFormat::Html => rendered("html/calendar.html", &entries),
        CalendarFormat::Atom => rendered("xml/calendar.xml", &entries),
        CalendarFormat::ICalendar => Ok(ical::calendar(&entries)),
    }
}

/// An edition with its moment.
#[derive(Debug, Clone, Copy)]
struct Entry<'a> {
    country: &'a Country,
    wave: &'a Wave,
    edition: EditionId,
    pack: &'a Pack,
}

impl Entry<'_> {
    /// What sorts editions by time: the moment, or the beginning of a day.
    fn day(&self) -> String {
        self.moment().unwrap_or_else(|| format!("{}T00:00:00Z", self.wave.day_of(self.edition)))
    }

    /// The moment, if the wave's file tells an hour, in one zone.
    fn moment(&self) -> Option<String> {
        Some(self.with_hour()?.at().strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
    }

    /// Where no file tells an hour, readers are told a day.
    fn with_hour(&self) -> Option<ReleaseMoment> {
        self.wave.moment_of(self.edition).filter(|_| self.wave.release_at.is_some())
    }

    /// As the wave's file writes it, or the day.
    fn written(&self) -> String {
        self.with_hour().map_or_else(|| self.wave.day_of(self.edition).to_string(), |moment| moment.as_str().to_owned())
    }

    /// For a person: `4 December 2020`, `4 December 2020, 09:00 (+01:00)`.
    fn shown(&self) -> String {
        let (written, day) = (self.written(), self.pack.date(self.wave.day_of(self.edition)));
        let Some((_, time)) = written.split_once('T') else { return day };
        let zone = time.find(['+', '-', 'Z']).map_or("", |start| &time[start..]);
        let clock: String = time.chars().take(5).collect();
        format!("{day}, {clock} ({})", if zone == "Z" { "UTC" } else { zone })
    }

    fn publication(&self) -> &str {
        self.country.title.get(self.pack.language())
    }

    /// `The Innovation Barometer, Denmark, 2018-2019 · Edition 2019.1 · SYNTHETIC`: what corrects an earlier edition and what is made up says so.
    fn title(&self) -> String {
        let language = self.pack.language();
        let mut parts = vec![format!(
            "{}, {}, {}",
            self.publication(),
            self.country.name.get(language),
            self.wave.window.get(language)
        )];
        if self.edition.correction() > 0 {
            parts.push(format!("{} {}", self.pack.text(Word::EditionColumn), self.edition));
        }
        if self.wave.synthetic {
            parts.push("SYNTHETIC".to_owned());
        }
        parts.join(" · ")
    }

    /// What the edition corrects, in sentences; nothing for a first one.
    fn corrected(&self) -> Vec<String> {
        let own = self.wave.errata.iter().filter(|erratum| erratum.edition == self.edition);
        own.map(|erratum| erratum.changed.get(self.pack.language()).to_owned()).collect()
    }

    fn value(&self) -> Value {
        context! {
            id => text(format!("{}:{}", self.country.id, self.edition)),
            language => text(self.pack.language().as_str()),
            title => text(self.title()),
            publisher => text(self.country.publisher.get(self.pack.language())),
            moment => text(self.day()),
            datetime => text(self.written()),
            shown => text(self.shown()),
            corrected => list(self.corrected().into_iter().map(text)),
        }
    }
}

fn rendered(template: &str, entries: &[Entry<'_>]) -> Result<String, ReportError> {
    let first = entries.first();
    let mut titles: Vec<&str> = entries.iter().map(Entry::publication).collect();
    titles.dedup();
    let mut countries: Vec<&str> = entries.iter().map(|entry| entry.country.id.as_str()).collect();
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
