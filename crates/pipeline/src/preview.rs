//! The pages of a country, or of a comparison over countries, while somebody writes them: a release in memory that follows their files.
//!
//! What the answers give stays in memory. Where only texts, words or templates differ, nothing is counted anew: the sentences are judged again
//! on the same estimates and the pages rendered again. Where anything else differs, everything is done again. Files are compared by their content, so
//! saving one unchanged does nothing. A release that cannot be made leaves the last one as it was. Nothing is written but the folder of
//! microdata that every run needs while it counts.

use std::collections::BTreeMap;

use codebook::{Place, SourceFile};

use crate::cache::Cache;
use crate::comparison::{finished, sources};
use crate::load::{load, shown};
use crate::run::{Counted, Files, count, disclose, files, files_beside, judge, planned};
use crate::{ComparisonRequest, Event, PipelineError, Request};

/// How much was done again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everything, from the raw export on.
    Everything,
    /// Sentences judged, pages rendered and all files looked through, from the estimates and the files of numbers in memory.
    Pages,
}

/// A release that was made anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// How much was done for it.
    pub scope: Scope,
    /// The files of the country that differ from those before, or are gone.
    pub changed: Vec<String>,
}

/// What is previewed.
enum Previewed {
    /// An edition of a country.
    Edition(Box<Request>),
    /// A comparison over countries.
    Comparison(ComparisonRequest),
}

/// A release in memory that follows the files of a country, or those of a comparison and of the countries that it names.
pub struct Preview {
    of: Previewed,
    /// The files as they were read last, whether a release came of them or not.
    read: Vec<SourceFile>,
    /// The estimates, and the files they were made from.
    counted: Option<(Vec<SourceFile>, Counted)>,
    /// Whether the release is made from these.
    is_of_counted: bool,
    release: Files,
    /// Why the files could not be read at the last time, if they could not.
    unreadable: Option<String>,
}

impl Preview {
    /// A preview that has not read anything. Below `out` of the request lie the editions that a corrected one is compared with; nothing is written there.
    #[must_use]
    pub fn new(request: Request) -> Self {
        Self::of(Previewed::Edition(Box::new(request)))
    }

    /// The same of a comparison over countries, whose counted editions lie below `out` of the request.
    #[must_use]
    pub fn of_comparison(request: ComparisonRequest) -> Self {
        Self::of(Previewed::Comparison(request))
    }

    fn of(of: Previewed) -> Self {
        Self { of, read: Vec::new(), counted: None, is_of_counted: false, release: Files::new(), unreadable: None }
    }

    /// Reads the files and, if any differs from the last time, makes the release anew; nothing where none does.
    ///
    /// # Errors
    /// As [`run`](crate::run()), when the release cannot be made. The last one stays, and the next call is silent unless a file differs again.
    pub fn refresh(&mut self, tell: &mut dyn FnMut(Event<'_>)) -> Result<Option<Made>, PipelineError> {
        let loaded = match &self.of {
            Previewed::Edition(request) => load(&request.country),
            Previewed::Comparison(request) => sources(&request.folder),
        };
        let files = match loaded {
            Ok(files) => files,
            Err(error) => {
                let before = self.unreadable.replace(error.to_string());
                return if before == self.unreadable { Ok(None) } else { Err(error) };
            }
        };
        let was_unreadable = self.unreadable.take().is_some();
        let changed = differing(&self.read, &files);
        // Once they can be read again, what was wrong is no longer so, though no file differs from the last that could be read.
        if changed.is_empty() && !was_unreadable {
            return Ok(None);
        }
        self.read = files;
        let scope = self.make(tell)?;
        Ok(Some(Made { scope, changed }))
    }

    /// The files of the last release that could be made, by their paths below its folder.
    #[must_use]
    pub fn release(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.release
    }

    /// The line of the country's files that a finding is about.
    #[must_use]
    pub fn line(&self, place: &Place) -> Option<&str> {
        match place {
            Place::Text { file, line, .. } => {
                let text = &self.read.iter().find(|source| source.path == *file)?.text;
                text.lines().nth(usize::try_from(*line).ok()?.checked_sub(1)?)
            }
            Place::File { .. } | Place::Cell { .. } => None,
        }
    }

    fn make(&mut self, tell: &mut dyn FnMut(Event<'_>)) -> Result<Scope, PipelineError> {
        let request = match &self.of {
            Previewed::Edition(request) => request,
            Previewed::Comparison(request) => {
                self.release = finished(request, tell)?;
                return Ok(Scope::Everything);
            }
        };
        let cache = Cache::open(request.cache.as_ref(), None)?;
        let plan = planned(request, &self.read, tell)?;
        let known = self.counted.as_ref().filter(|(basis, _)| {
            // The files of numbers, too, are those of the last release; where none came of the estimates they are of others.
            self.is_of_counted
                && differing(basis, &self.read).iter().all(|path| is_about_pages(&shown(&request.country), path))
        });
        if let Some((_, counted)) = known {
            let disclosed = disclose(&plan, counted, tell)?;
            judge(&plan, &disclosed, tell)?;
            self.release = files_beside(&plan, counted, &disclosed, &self.release, &cache, (&request.out, tell))?;
            cache.close(tell);
            return Ok(Scope::Pages);
        }
        (self.counted, self.is_of_counted) = (None, false);
        let counted = count(request, &plan, &cache, tell)?;
        let (_, counted) = self.counted.insert((self.read.clone(), counted));
        let disclosed = disclose(&plan, counted, tell)?;
        judge(&plan, &disclosed, tell)?;
        self.release = files(&plan, counted, &disclosed, &cache, (&request.out, tell))?;
        self.is_of_counted = true;
        cache.close(tell);
        Ok(Scope::Everything)
    }
}

/// Whether a file says how pages look or read, and nothing of what is counted. Language packs have words of files of numbers.
fn is_about_pages(folder: &str, path: &str) -> bool {
    let below = path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/');
    (below.starts_with("templates/") && !below.starts_with("templates/lang/"))
        || (below.starts_with("report/") && below.ends_with(".md"))
}

/// The paths of files that are in one list only, or differ.
fn differing(before: &[SourceFile], after: &[SourceFile]) -> Vec<String> {
    let is_in = |file: &SourceFile, files: &[SourceFile]| files.contains(file);
    let gone = before.iter().filter(|file| after.iter().all(|other| other.path != file.path));
    let new = after.iter().filter(|file| !is_in(file, before));
    let mut paths: Vec<String> = gone.chain(new).map(|file| file.path.clone()).collect();
    paths.sort();
    paths
}
