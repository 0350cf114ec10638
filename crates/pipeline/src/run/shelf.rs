//! Pages, cards and files of numbers that an earlier run made from the same.

use codebook::Language;
use dataset::DataFile;
use disclose::{Corrections, Published};
use report::{ReportError, Shelf, Shown};

use super::plan::Plan;
use crate::PipelineError;
use crate::cache::{Cache, Key, Step};

/// The shelf of pages and cards.
pub(super) struct Kept<'c> {
    cache: &'c Cache,
    /// The templates, all of them: any page may include any part. Empty where nothing is kept.
    templates: String,
}

impl<'c> Kept<'c> {
    pub(super) fn new(plan: &Plan, cache: &'c Cache) -> Self {
        let all = || plan.templates.texts().fold(cache.key("templates"), |key, (name, text)| named(key, name, text));
        Self { cache, templates: if cache.keeps() { all().to_string() } else { String::new() } }
    }
}

fn named(key: Key, name: &str, text: &str) -> Key {
    key.part(name.as_bytes()).part(text.as_bytes())
}

impl Shelf for Kept<'_> {
    fn page(
        &self,
        template: &str,
        shown: &Shown<'_>,
        render: &mut dyn FnMut() -> Result<String, ReportError>,
    ) -> Result<String, ReportError> {
        let key = |key: Key| named(key, template, &shown.text()).part(self.templates.as_bytes());
        let page = self.cache.made(Step::Page, key, || render().map(String::into_bytes))?;
        String::from_utf8(page).or_else(|_| render())
    }

    fn card(&self, shown: &[&str], draw: &mut dyn FnMut() -> Option<Vec<u8>>) -> Option<Vec<u8>> {
        let key = |key| shown.iter().fold(key, |key: Key, text| key.part(text.as_bytes()));
        // A picture has bytes, so an entry without any stands for none.
        let drawn = self.cache.made(Step::Card, key, || Ok::<_, ReportError>(draw().unwrap_or_default())).ok()?;
        Some(drawn).filter(|drawn| !drawn.is_empty())
    }
}

/// The files of numbers with labels in this language.
pub(super) fn downloads(
    plan: &Plan,
    published: &Published,
    corrections: &Corrections,
    language: &Language,
    cache: &Cache,
) -> Result<Vec<DataFile>, PipelineError> {
    let pack = plan.packs.pack(language);
    let notice = pack.map_or_else(String::new, |pack| pack.notice(plan.wave().standing, published.synthetic()));
    let source = dataset::Source { country: &plan.country, wave: plan.wave(), published, corrections, notice: &notice };
    let make = || Ok::<_, PipelineError>(packed(&dataset::files(source, language)?));
    // Labels, bases and dates come from the country's TOML and its pack of the language; its pages have no part in them.
    let pack = format!("templates/lang/{language}.toml");
    let is_about_pages =
        |path: &str| ["report/", "templates/"].iter().any(|folder| path.starts_with(folder)) && path != pack;
    let described = plan.inputs.iter().filter(|input| !is_about_pages(&input.path));
    let key = |key: Key| {
        // Files of numbers name their country.
        let key = key.meaning(&plan.country.id).meaning(language).meaning(&plan.wave).meaning(&plan.wave().standing);
        let key = key.part(published.seal().1.as_str().as_bytes()).part(&corrections.stored(&[]));
        let key = key.part(notice.as_bytes());
        let errata = plan.inputs.iter().filter(|input| input.path == format!("report/{}/errata.toml", plan.wave));
        let key = errata.fold(key, |key, input| named(key, &input.path, &input.sha256));
        described.fold(key, |key, input| named(key, &input.path, &input.sha256))
    };
    let files = cache.made(Step::Download, key, make)?;
    match unpacked(&files) {
        Some(files) => Ok(files),
        None => Ok(dataset::files(source, language)?),
    }
}

/// Names and bytes of files, one after the other, each with its length.
fn packed(files: &[DataFile]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in files.iter().flat_map(|file| [file.name.as_bytes(), &file.bytes]) {
        bytes.extend(u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        bytes.extend(part);
    }
    bytes
}

fn unpacked(bytes: &[u8]) -> Option<Vec<DataFile>> {
    let mut rest = bytes;
    let mut part = || {
        let (length, behind) = rest.split_first_chunk()?;
        let (part, behind) = behind.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
        rest = behind;
        Some(part.to_vec())
    };
    let mut files = Vec::new();
    while let Some(name) = part() {
        files.push(DataFile { name: String::from_utf8(name).ok()?, bytes: part()? });
    }
    rest.is_empty().then_some(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_files_come_out_as_they_went_in() {
        let file = |name: &str, bytes: &[u8]| DataFile { name: name.to_owned(), bytes: bytes.to_vec() };
        for files in [vec![], vec![file("a.csv", b"")], vec![file("a.csv", b"1,2\n"), file("tables.xlsx", &[0, 255])]] {
            assert_eq!(unpacked(&packed(&files)), Some(files));
        }
        let bytes = packed(&[file("a.csv", b"1,2\n")]);
        for end in 1..bytes.len() {
            assert_eq!(unpacked(&bytes[..end]), None, "cut at {end}");
        }
    }
}
