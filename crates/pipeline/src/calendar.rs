//! The release calendar: which edition becomes public when, for readers, for their calendars and for their feed readers.
//!
//! It comes from the waves' files alone, past and coming editions alike, so it can be published before anything is counted. It tells neither
//! who made it nor when: the same files give the same bytes.

mod atom;
mod html;
mod ical;

use std::path::Path;

use codebook::{Country, Finding, Language, Severity};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::PipelineError;
use crate::load::{countries, load, shown};

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

/// An edition with its moment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    day: Date,
    /// The moment, if the wave's file tells one: the same everywhere, and as it is written.
    moment: Option<(Timestamp, String)>,
    country: String,
    wave: String,
    language: Language,
    /// What the publication is called.
    publication: String,
    /// `The Innovation Barometer, Denmark, 2018-2019`.
    title: String,
    publisher: String,
    synthetic: bool,
}

/// The calendar of the country in `path`, or of every country in it, in each country's first language.
///
/// # Errors
/// When there is no country or a file cannot be read; findings when one cannot be understood.
pub fn calendar(path: &Path, format: CalendarFormat) -> Result<String, PipelineError> {
    let (mut entries, mut findings) = (Vec::new(), Vec::new());
    for folder in countries(path)? {
        let (country, found) = Country::read(&shown(&folder), &load(&folder)?);
        findings.extend(found.into_iter().filter(|finding: &Finding| finding.severity == Severity::Error));
        entries.extend(country.iter().flat_map(of_country));
    }
    if !findings.is_empty() {
        return Err(PipelineError::Findings(findings));
    }
    entries.sort();
    Ok(match format {
        CalendarFormat::Html => html::page(&entries),
        CalendarFormat::ICalendar => ical::calendar(&entries),
        CalendarFormat::Atom => atom::feed(&entries),
    })
}

fn of_country(country: &Country) -> Vec<Entry> {
    let Some(language) = country.languages.first() else { return Vec::new() };
    let entry = |wave: &codebook::Wave| {
        let (title, name, window) =
            (country.title.get(language), country.name.get(language), wave.window.get(language));
        Entry {
            day: wave.published,
            moment: wave.release_at.as_ref().map(|moment| (moment.at(), moment.as_str().to_owned())),
            country: country.id.to_string(),
            wave: wave.id.to_string(),
            language: language.clone(),
            publication: title.to_owned(),
            title: format!("{title}, {name}, {window}"),
            publisher: country.publisher.get(language).to_owned(),
            synthetic: wave.synthetic,
        }
    };
    country.waves.values().map(entry).collect()
}

impl Entry {
    /// The title, with the mark of made-up data.
    fn marked(&self) -> String {
        if self.synthetic { format!("{} · SYNTHETIC", self.title) } else { self.title.clone() }
    }
}

/// A text in XML or HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
