//! The same run once more: whether there is anything to do, told without understanding anything.
//!
//! What comes of a run depends on bytes alone, those of the country's files, of the raw files, of the release that stands and of the manifests beside it. So they are
//! all read and digested, and nothing in them is understood: what an earlier run made of the same bytes tells which raw files to look at, what stands, and
//! what that run had to say. Neither a time nor a path is believed. Whatever is not known is for the long road, which decides as if this one were not there.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use codebook::{EditionId, Finding, ReleaseMoment, SourceFile, Standing, WaveId};
use serde::{Deserialize, Serialize};

use super::Request;
use super::correction::earlier_manifests;
use super::count::Counted;
use super::export::{raw_folder, raw_folder_of_earlier};
use super::kept::{Files, KeptWarning};
use super::plan::{Plan, inputs_of};
use super::standing::{Made, Record};
use crate::cache::{Cache, Key, Step};
use crate::load::shown;
use crate::manifest::{ManifestFile, digest};
use crate::stands::embargo_on_record;
use crate::timing::STILL_TO_COME;
use crate::{Event, PipelineError};

/// Steps that an earlier run carried out for each wave that it counted.
const COUNTING: [Step; 4] = [Step::Ingest, Step::Weigh, Step::Tabulate, Step::Estimate];

/// What is asked of a run, and the files of the country: all that decides what it must look at.
pub(super) struct Again<'r> {
    request: &'r Request,
    sources: &'r [SourceFile],
    inputs: Vec<ManifestFile>,
}

/// What a run with these files of the country looks at besides them.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Places {
    country: String,
    edition: String,
    /// The moment of release, as the wave's file writes it.
    moment: Option<String>,
    /// The names of the raw files of the wave, and then of the earlier ones beside it.
    raw: Vec<(String, Vec<String>)>,
}

/// What an earlier run of the same bytes put in its place, and what it said.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    record: Record,
    said: Vec<Said>,
}

/// One thing that a run says before it has anything to write.
#[derive(Debug, Serialize, Deserialize)]
enum Said {
    Warning(KeptWarning),
    Planned { tables: usize, wordings: usize },
    Recalled { cells: usize },
    Beside { wave: String, answers: Option<u64> },
}

/// The raw files of a wave by their names and digests, to the byte; those that are there.
type RawDigests = (String, Vec<(String, String)>);

/// What a run says, as it is heard: what of it is to be said again.
#[derive(Debug, Default)]
pub(super) struct Heard(Vec<HeardEvent>);

#[derive(Debug)]
enum HeardEvent {
    Warning(Finding),
    Planned { tables: usize, wordings: usize },
    Counted { cells: usize },
    Beside { wave: WaveId, answers: Option<u64> },
}

impl Heard {
    /// Hears an event. What an earlier run counted and what this one counts is the same to the next.
    pub(super) fn hear(&mut self, event: Event<'_>) {
        let heard = match event {
            Event::Warning(finding) => HeardEvent::Warning(finding.clone()),
            Event::Planned { tables, wordings, .. } => HeardEvent::Planned { tables, wordings },
            Event::Estimated { cells } | Event::Recalled { cells } => HeardEvent::Counted { cells },
            Event::Beside { wave, answers } => HeardEvent::Beside { wave, answers },
            Event::Checked(_)
            | Event::Weighted { .. }
            | Event::Summed { .. }
            | Event::Withheld { .. }
            | Event::Disclosed { .. }
            | Event::Proofread { .. }
            | Event::Drafted { .. }
            | Event::Released { .. }
            | Event::Unchanged { .. }
            | Event::Steps(_)
            | Event::Ended { .. } => return,
        };
        self.0.push(heard);
    }
}

impl<'r> Again<'r> {
    /// A run of a country with these files.
    pub(super) fn new(request: &'r Request, sources: &'r [SourceFile]) -> Self {
        Self { request, sources, inputs: inputs_of(&request.country, sources) }
    }

    /// The folder of the release that stands, where an earlier run made it of the same bytes.
    ///
    /// # Errors
    /// When it is too early, something else was approved, or the key file may not be used.
    pub(super) fn stands(
        &self,
        cache: &Cache,
        tell: &mut dyn FnMut(Event<'_>),
    ) -> Result<Option<PathBuf>, PipelineError> {
        // What stands was not attacked together with editions that are named.
        if !cache.keeps() || !self.request.against.is_empty() {
            return Ok(None);
        }
        let places =
            cache.recall(&self.places_key(cache)).and_then(|bytes| serde_json::from_slice::<Places>(&bytes).ok());
        let Some((wave, made, embargo_broken)) = places.as_ref().map(|places| self.made(places)).transpose()?.flatten()
        else {
            return Ok(None);
        };
        let Some((raw, own)) = places.as_ref().and_then(|places| self.raw(places)) else { return Ok(None) };
        let key = self.known_key(&made, embargo_broken.as_deref(), &raw, cache);
        let known = cache.recall(&key).and_then(|bytes| serde_json::from_slice::<Known>(&bytes).ok());
        let Some(known) = known.filter(|known| known.record.is_there(&self.request.out, &made, cache)) else {
            return Ok(None);
        };
        let Some(warnings) = self.warnings(&known.said, &own) else { return Ok(None) };
        if self.request.key.is_some() {
            self.request.pseudonym_key()?;
        }
        cache.reused(Step::Plan);
        (0..raw.len()).for_each(|_| COUNTING.into_iter().for_each(|step| cache.reused(step)));
        say(&known.said, warnings, (made.country, wave), tell);
        known.record.stays(self.request, &made, cache, tell).map(Some)
    }

    /// Remembers what a run of these files made, so that the next one knows at once that it is there.
    pub(super) fn remember(&self, plan: &Plan, counted: &Counted, (heard, record): (Heard, Record), cache: &Cache) {
        if !cache.keeps() || !self.request.against.is_empty() {
            return;
        }
        let own: Vec<&str> = counted.raw.files.iter().map(|file| file.path.as_str()).collect();
        let Some(said) = heard.0.into_iter().map(|heard| self.said(heard, &own)).collect::<Option<Vec<Said>>>() else {
            return;
        };
        let made = Made::of(plan);
        let before = counted.before.iter().map(|before| (before.plan.wave, &before.raw));
        let raw: Vec<RawDigests> = std::iter::once((plan.wave, &counted.raw))
            .chain(before)
            .map(|(wave, raw)| {
                (wave.to_string(), raw.digests().into_iter().map(|(name, digest)| (name.to_owned(), digest)).collect())
            })
            .collect();
        let names = |plan: &Plan| {
            let mut seen = BTreeSet::new();
            let names = plan.wave().file_names().map(ingest::file_on_disk).filter(|name| seen.insert(*name));
            (plan.wave.to_string(), names.map(ToOwned::to_owned).collect())
        };
        let places = Places {
            country: made.country.to_owned(),
            edition: made.edition.to_string(),
            moment: made.moment.as_ref().map(|moment| moment.as_str().to_owned()),
            raw: std::iter::once(plan).chain(&plan.before).map(names).collect(),
        };
        cache.keep(&self.places_key(cache), &json(&places));
        let key = self.known_key(&made, plan.embargo_broken.as_deref(), &raw, cache);
        cache.keep(&key, &json(&Known { record, said }));
    }

    fn places_key(&self, cache: &Cache) -> Key {
        // The name of a country is that of its folder.
        let country = shown(&self.request.country);
        let country = country.trim_end_matches('/').rsplit('/').next();
        let languages =
            self.request.languages.as_ref().map(|all| all.iter().map(codebook::Language::as_str).collect::<Vec<_>>());
        cache.key("places").meaning(&country).meaning(&self.request.wave).meaning(&languages).meaning(&self.inputs)
    }

    fn known_key(&self, made: &Made<'_>, embargo_broken: Option<&str>, raw: &[RawDigests], cache: &Cache) -> Key {
        let key = cache.key("known").meaning(&self.places_key(cache).to_string()).meaning(&raw);
        let key = key.meaning(&made.standing).meaning(&embargo_broken);
        key.meaning(&earlier_manifests(&self.request.out, made.country, made.edition))
    }

    /// The edition that is made now, with the reason for which its embargo is broken.
    fn made<'p>(&self, places: &'p Places) -> Result<Option<(WaveId, Made<'p>, Option<String>)>, PipelineError> {
        let moment = places.moment.as_deref().map(ReleaseMoment::new);
        let (Ok(edition), Some(moment)) =
            (EditionId::new(&places.edition), moment.map_or(Some(None), |it| it.map(Some)))
        else {
            return Ok(None);
        };
        let country = places.country.as_str();
        let timed = self.request.timing.of(&format!("{country} {edition}"), edition.wave(), moment.as_ref())?;
        let made = Made { country, edition, standing: timed.standing, moment };
        let embargo_broken = match made.standing {
            // The reason that was recorded first stays.
            Standing::Released => embargo_on_record(&made.folder(&self.request.out)).or(timed.embargo_broken),
            Standing::Draft => timed.embargo_broken,
        };
        Ok(Some((edition.wave(), made, embargo_broken)))
    }

    /// The digests of the raw files, wave by wave, with the paths of the report's own; `None` where one cannot be read. An earlier wave whose folder is not there is left
    /// out, as a run leaves it out.
    fn raw(&self, places: &Places) -> Option<(Vec<RawDigests>, Vec<String>)> {
        let (mut raw, mut own) = (Vec::new(), Vec::new());
        for (index, (wave, names)) in places.raw.iter().enumerate() {
            let name = (places.country.as_str(), WaveId::new(wave).ok()?);
            let find = if index == 0 { raw_folder } else { raw_folder_of_earlier };
            let folder = find(&self.request.country, self.request.raw.as_deref(), name);
            if !folder.is_dir() {
                if index == 0 {
                    return None;
                }
                continue;
            }
            let mut digests = Vec::new();
            for name in names {
                let path = folder.join(name);
                if path.is_file() {
                    digests.push((name.clone(), digest(&fs::read(&path).ok()?)));
                    if index == 0 {
                        own.push(shown(&path));
                    }
                }
            }
            raw.push((wave.clone(), digests));
        }
        Some((raw, own))
    }

    /// What is to be said again of what was heard; `None` where that cannot be kept.
    fn said(&self, heard: HeardEvent, own: &[&str]) -> Option<Said> {
        let finding = match heard {
            HeardEvent::Planned { tables, wordings } => return Some(Said::Planned { tables, wordings }),
            HeardEvent::Counted { cells } => return Some(Said::Recalled { cells }),
            HeardEvent::Beside { wave, answers } => return Some(Said::Beside { wave: wave.to_string(), answers }),
            HeardEvent::Warning(finding) => finding,
        };
        // What the clock says is true only today.
        if finding.code == STILL_TO_COME {
            return None;
        }
        // Words that name a folder are true only where it is.
        let folders = [Some(self.request.country.as_path()), self.request.raw.as_deref(), Some(&self.request.out)];
        let names_a_folder =
            |words: &String| folders.into_iter().flatten().any(|folder| words.contains(&format!("{}/", shown(folder))));
        let names_one = std::iter::once(&finding.message).chain(&finding.hints).any(names_a_folder);
        if names_one {
            return None;
        }
        KeptWarning::of(&finding, &self.files(own)).map(Said::Warning)
    }

    /// The warnings, with their places; `None` where one of them cannot be told.
    fn warnings(&self, said: &[Said], own: &[String]) -> Option<Vec<Finding>> {
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        let files = self.files(&own);
        let warning = |said: &Said| match said {
            Said::Warning(warning) => Some(warning.clone().read(&files)),
            Said::Planned { .. } | Said::Recalled { .. } | Said::Beside { .. } => None,
        };
        said.iter().filter_map(warning).collect()
    }

    fn files<'a>(&'a self, raw: &'a [&'a str]) -> Files<'a> {
        Files { sources: self.sources, inputs: &self.inputs, raw }
    }
}

/// Says it again. The warnings come in their order.
fn say(said: &[Said], warnings: Vec<Finding>, (country, wave): (&str, WaveId), tell: &mut dyn FnMut(Event<'_>)) {
    let mut warnings = warnings.into_iter();
    for said in said {
        match said {
            Said::Warning(_) => warnings.by_ref().take(1).for_each(|warning| tell(Event::Warning(&warning))),
            Said::Planned { tables, wordings } => {
                tell(Event::Planned { country, wave, tables: *tables, wordings: *wordings });
            }
            Said::Recalled { cells } => tell(Event::Recalled { cells: *cells }),
            Said::Beside { wave, answers } => {
                if let Ok(wave) = WaveId::new(wave) {
                    tell(Event::Beside { wave, answers: *answers });
                }
            }
        }
    }
}

fn json<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("texts and numbers can always be written as JSON")
}
