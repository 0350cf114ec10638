//! Reading language packs: the program's own, then a country's laid over them.

use std::collections::{BTreeMap, BTreeSet};

use codebook::{Finding, Language, Place, SharePhrase, SourceFile};
use icu_plurals::PluralCategory;
use toml::de::{DeTable, DeValue};

use super::phrase::{ChangeWords, ComparisonWords, tokens};
use super::{NumberForm, Pack, Phrases, Text, Word};
use crate::place::place_at;

/// The packs that the program carries.
const CARRIED: [(&str, &str); 8] = [
    ("templates/lang/da.toml", include_str!("../../../../templates/lang/da.toml")),
    ("templates/lang/en.toml", include_str!("../../../../templates/lang/en.toml")),
    ("templates/lang/es.toml", include_str!("../../../../templates/lang/es.toml")),
    ("templates/lang/fi.toml", include_str!("../../../../templates/lang/fi.toml")),
    ("templates/lang/is.toml", include_str!("../../../../templates/lang/is.toml")),
    ("templates/lang/nb.toml", include_str!("../../../../templates/lang/nb.toml")),
    ("templates/lang/nl.toml", include_str!("../../../../templates/lang/nl.toml")),
    ("templates/lang/sv.toml", include_str!("../../../../templates/lang/sv.toml")),
];

/// The keys of a pack.
const KEYS: [&str; 11] = [
    "locale",
    "months",
    "date",
    "texts",
    "fractions",
    "numbers",
    "reading",
    "unchecked",
    "causal",
    "change",
    "comparison",
];

/// The keys of `[reading]`.
const READING_KEYS: [&str; 4] = ["out_of", "percent", "just_over", "just_under"];

/// A place in one of the files, by their order; words of it are made only for what is wrong.
#[derive(Debug, Clone, Copy)]
struct At {
    file: usize,
    offset: usize,
}

impl At {
    fn place(self, files: &[SourceFile]) -> Place {
        let file = &files[self.file];
        place_at(&file.path, &file.text, self.offset)
    }
}

/// A pack as far as its files have told it.
#[derive(Debug)]
struct Draft {
    /// The file that opened it, which a missing text is found in.
    file: String,
    /// Whether a file of it is not TOML, so that what seems to be missing may be there.
    is_broken: bool,
    numbers: Option<NumberForm>,
    months: Option<Vec<String>>,
    date: Option<String>,
    /// Each text, and where it was found.
    texts: BTreeMap<Word, (Text, At)>,
    /// Where the texts begin, which a missing one is found at.
    texts_begin: Option<At>,
    phrases: Phrases,
    /// The keys that its files have, those of its tables of lists with them: `reading.percent`.
    told: BTreeSet<String>,
}

/// One file, being read.
struct Reader<'a> {
    file: &'a SourceFile,
    /// Which of the files it is.
    index: usize,
    findings: &'a mut Vec<Finding>,
}

pub(super) fn packs(overrides: &[SourceFile]) -> (Vec<Pack>, Vec<Finding>) {
    let carried = CARRIED.iter().map(|(path, text)| SourceFile { path: (*path).into(), text: (*text).into() });
    let files: Vec<SourceFile> = carried.chain(overrides.iter().cloned()).collect();
    let mut drafts: BTreeMap<Language, Draft> = BTreeMap::new();
    let mut findings = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let Some(language) = language_of(&file.path) else {
            let place = Place::File { file: file.path.clone() };
            let message = "a language pack is named after its language, such as lang/da.toml";
            findings.push(Finding::error(place, "pack-name", message));
            continue;
        };
        let draft = drafts.entry(language).or_insert_with(|| Draft::open(file));
        Reader { file, index, findings: &mut findings }.read_into(draft);
    }
    let packs =
        drafts.into_iter().filter_map(|(language, draft)| draft.finish(language, &files, &mut findings)).collect();
    findings.sort();
    (packs, findings)
}

fn language_of(path: &str) -> Option<Language> {
    let name = path.rsplit('/').next()?;
    Language::new(name.strip_suffix(".toml")?).ok()
}

impl Draft {
    fn open(file: &SourceFile) -> Self {
        Self {
            file: file.path.clone(),
            is_broken: false,
            numbers: None,
            months: None,
            date: None,
            texts: BTreeMap::new(),
            texts_begin: None,
            phrases: Phrases::default(),
            told: BTreeSet::new(),
        }
    }

    /// The pack, unless something is missing.
    fn finish(self, language: Language, files: &[SourceFile], findings: &mut Vec<Finding>) -> Option<Pack> {
        if self.is_broken {
            return None;
        }
        let mut wrong = self.missing(&language, files);
        wrong.extend(self.numbers.iter().flat_map(|numbers| self.wrong_forms(numbers, files)));
        let is_whole = wrong.is_empty();
        findings.append(&mut wrong);
        let (Some(numbers), Some(months), Some(date), true) = (self.numbers, self.months, self.date, is_whole) else {
            return None;
        };
        let texts = self.texts.into_iter().map(|(word, (text, _))| (word, text)).collect();
        Some(Pack { language, numbers, months, date, texts, phrases: self.phrases })
    }

    /// What no file of the pack has.
    fn missing(&self, language: &Language, files: &[SourceFile]) -> Vec<Finding> {
        let file = Place::File { file: self.file.clone() };
        let find = |place: &Place, what: String| {
            let message = format!("the language pack {:?} has no {what}", language.as_str());
            Finding::error(place.clone(), "missing-text", message)
        };
        let texts = Word::ALL.iter().filter(|word| !self.texts.contains_key(word));
        let at = self.texts_begin.map_or_else(|| file.clone(), |at| at.place(files));
        let texts = texts.map(|word| find(&at, format!("text {:?}", word.key())));
        let reading = READING_KEYS.map(|key| format!("reading.{key}"));
        let change = ChangeWords::KEYS.map(|key| format!("change.{key}"));
        let comparison = ComparisonWords::KEYS.map(|key| format!("comparison.{key}"));
        let is_alone = |key: &&&str| !["texts", "reading", "change", "comparison"].contains(*key);
        let keys = KEYS.iter().filter(is_alone).map(|key| (*key).to_owned());
        let keys = keys.chain(reading).chain(change).chain(comparison).filter(|key| !self.told.contains(key));
        texts.chain(keys.map(|key| find(&file, format!("{key:?}")))).collect()
    }

    /// The texts that are told by number, but not by the forms of the language.
    fn wrong_forms(&self, numbers: &NumberForm, files: &[SourceFile]) -> Vec<Finding> {
        let needed = numbers.plurals();
        let wrong = self.texts.values().filter_map(|(text, at)| match text {
            Text::Same(_) => None,
            Text::ByNumber(forms) if forms.keys().copied().collect::<BTreeSet<_>>() == needed => None,
            Text::ByNumber(forms) => Some((forms, at)),
        });
        let names = |forms: &mut dyn Iterator<Item = PluralCategory>| {
            forms.map(|form| name_of(form).to_owned()).collect::<Vec<_>>().join(", ")
        };
        wrong
            .map(|(forms, at)| {
                let (found, expected) = (names(&mut forms.keys().copied()), names(&mut needed.iter().copied()));
                let message = format!("numbers have other forms in this language: expected {expected}, found {found}");
                Finding::error(at.place(files), "text-forms", message)
            })
            .collect()
    }
}

/// What CLDR calls a form.
fn name_of(form: PluralCategory) -> &'static str {
    match form {
        PluralCategory::Zero => "zero",
        PluralCategory::One => "one",
        PluralCategory::Two => "two",
        PluralCategory::Few => "few",
        PluralCategory::Many => "many",
        PluralCategory::Other => "other",
    }
}

impl Reader<'_> {
    fn place(&self, offset: usize) -> Place {
        place_at(&self.file.path, &self.file.text, offset)
    }

    fn find(&mut self, offset: usize, code: &'static str, message: impl Into<String>) {
        let place = self.place(offset);
        self.findings.push(Finding::error(place, code, message));
    }

    fn unknown<'k>(&mut self, offset: usize, found: &str, known: impl IntoIterator<Item = &'k str>) {
        let place = self.place(offset);
        let finding = Finding::error(place, "unknown-key", format!("{found:?} is not a key of a language pack"));
        self.findings.push(finding.did_you_mean(found, known));
    }

    fn read_into(&mut self, draft: &mut Draft) {
        let text = self.file.text.clone();
        let table = match DeTable::parse(&text) {
            Ok(table) => table.into_inner(),
            Err(error) => {
                draft.is_broken = true;
                let offset = error.span().map_or(0, |span| span.start);
                return self.find(offset, "syntax", format!("not TOML: {}", error.message()));
            }
        };
        for (key, value) in &table {
            let at = value.span().start;
            draft.told.insert(key.get_ref().clone().into_owned());
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("locale", DeValue::String(locale)) => match NumberForm::new(locale) {
                    Some(form) => draft.numbers = Some(form),
                    None => self.find(at, "unknown-locale", format!("{locale:?} is not a locale such as \"da\"")),
                },
                ("date", DeValue::String(date)) if self.has_places(at, date, &["day", "month", "year"]) => {
                    draft.date = Some(date.clone().into_owned());
                }
                ("months", DeValue::Array(_)) => match self.strings(value) {
                    Some(months) if months.len() == 12 => draft.months = Some(months),
                    Some(_) | None => self.find(at, "months", "expected the names of 12 months"),
                },
                ("texts", DeValue::Table(texts)) => {
                    draft.texts_begin.get_or_insert(At { file: self.index, offset: key.span().start });
                    self.texts(texts, &mut draft.texts);
                }
                ("fractions", DeValue::Table(fractions)) => self.fractions(fractions, &mut draft.phrases),
                ("numbers", DeValue::Table(numbers)) => self.numbers(numbers, &mut draft.phrases),
                ("reading", DeValue::Table(reading)) => {
                    draft.told.extend(reading.keys().map(|key| format!("reading.{}", key.get_ref())));
                    self.reading(reading, &mut draft.phrases);
                }
                ("change", DeValue::Table(change)) => {
                    draft.told.extend(change.keys().map(|key| format!("change.{}", key.get_ref())));
                    self.lists(change, draft.phrases.change.lists());
                }
                ("comparison", DeValue::Table(comparison)) => {
                    draft.told.extend(comparison.keys().map(|key| format!("comparison.{}", key.get_ref())));
                    self.lists(comparison, draft.phrases.comparison.lists());
                }
                ("unchecked", DeValue::Array(_)) => {
                    let words = self.strings(value).unwrap_or_default();
                    draft.phrases.unchecked = words.iter().map(|word| tokens(word)).collect();
                }
                ("causal", DeValue::Array(_)) => {
                    let words = self.strings(value).unwrap_or_default();
                    draft.phrases.causal = words.iter().map(|word| tokens(word)).collect();
                }
                (known, _) if KEYS.contains(&known) => {
                    self.find(at, "wrong-type", format!("{known:?} has a value of another type or form than expected"));
                }
                (unknown, _) => self.unknown(key.span().start, unknown, KEYS),
            }
        }
    }

    fn texts(&mut self, table: &DeTable<'_>, texts: &mut BTreeMap<Word, (Text, At)>) {
        for (key, value) in table {
            let found = key.get_ref().as_ref();
            let Some(word) = Word::ALL.iter().find(|word| word.key() == found) else {
                self.unknown(key.span().start, found, Word::ALL.iter().map(|word| word.key()));
                continue;
            };
            let at = value.span().start;
            let forms = value.get_ref().as_table().filter(|_| word.counted().is_some());
            let text = match (value.get_ref().as_str(), forms) {
                (Some(text), _) => self.has_places(at, text, word.places()).then(|| Text::Same(text.to_owned())),
                (None, Some(forms)) => self.forms(*word, forms),
                (None, None) => {
                    self.find(at, "wrong-type", format!("{found:?} is not a text"));
                    None
                }
            };
            if let Some(text) = text {
                texts.insert(*word, (text, At { file: self.index, offset: at }));
            }
        }
    }

    /// A text by the forms that its number asks for: `{ one = "{count} bar", other = "{count} bars" }`.
    fn forms(&mut self, word: Word, table: &DeTable<'_>) -> Option<Text> {
        let mut forms = BTreeMap::new();
        for (key, value) in table {
            let (found, at) = (key.get_ref().as_ref(), value.span().start);
            let form = PluralCategory::get_for_cldr_string(found);
            if form.is_none() {
                self.unknown(key.span().start, found, PluralCategory::all().map(name_of));
            }
            match value.get_ref().as_str() {
                Some(text) if self.has_places(at, text, word.places()) => {
                    forms.extend(form.map(|form| (form, text.to_owned())));
                }
                Some(_) => {}
                None => self.find(at, "wrong-type", format!("{found:?} is not a text")),
            }
        }
        (forms.len() == table.len()).then_some(Text::ByNumber(forms))
    }

    /// Whether a text fills exactly these places, each at least once.
    fn has_places(&mut self, offset: usize, text: &str, places: &[&str]) -> bool {
        let mut wrong = Vec::new();
        let mut filled = Vec::new();
        for part in text.split('{').skip(1) {
            match part.split_once('}') {
                Some((name, _)) if places.contains(&name) => filled.push(name),
                Some((name, _)) => wrong.push(format!("fills {{{name}}}, which it is not given")),
                None => wrong.push("has a brace that is not closed".to_owned()),
            }
        }
        let unfilled = places.iter().filter(|place| !filled.contains(place));
        wrong.extend(unfilled.map(|place| format!("does not fill {{{place}}}")));
        for message in &wrong {
            self.find(offset, "text-places", format!("the text {message}"));
        }
        wrong.is_empty()
    }

    fn fractions(&mut self, table: &DeTable<'_>, phrases: &mut Phrases) {
        // In the order of the file: of phrases for one share the first is proposed.
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        for (key, value) in entries {
            let fraction = value.get_ref().as_str().and_then(|text| {
                let (part, whole) = text.split_once('/')?;
                Some((part.parse::<u8>().ok()?, whole.parse::<u8>().ok().filter(|whole| *whole > 0)?))
            });
            match fraction {
                Some((part, whole)) => {
                    let percent = 100.0 * f64::from(part) / f64::from(whole);
                    phrases.fractions.push((tokens(key.get_ref()), percent));
                    phrases.fixed.push(SharePhrase { words: key.get_ref().to_string(), percent });
                }
                None => self.find(value.span().start, "fraction", "expected a fraction such as \"1/6\""),
            }
        }
    }

    fn numbers(&mut self, table: &DeTable<'_>, phrases: &mut Phrases) {
        for (key, value) in table {
            let number = value.get_ref().as_integer().and_then(|integer| integer.as_str().parse().ok());
            match number {
                Some(number) => {
                    phrases.numbers.insert(key.get_ref().to_lowercase(), number);
                }
                None => self.find(value.span().start, "wrong-type", "expected a whole number"),
            }
        }
    }

    fn reading(&mut self, table: &DeTable<'_>, phrases: &mut Phrases) {
        for (key, value) in table {
            let list = match key.get_ref().as_ref() {
                "out_of" => &mut phrases.out_of,
                "percent" => &mut phrases.percent,
                "just_over" => &mut phrases.just_over,
                "just_under" => &mut phrases.just_under,
                unknown => {
                    self.unknown(key.span().start, unknown, READING_KEYS);
                    continue;
                }
            };
            match self.strings(value) {
                Some(words) => {
                    *list = words.iter().map(|word| tokens(word)).collect();
                    if key.get_ref() == "out_of" {
                        phrases.out_of_words = words.into_iter().next();
                    }
                }
                None => self.find(value.span().start, "wrong-type", "expected a list of texts"),
            }
        }
    }

    /// Named lists of phrases.
    fn lists<const N: usize>(&mut self, table: &DeTable<'_>, mut lists: [(&'static str, &mut Vec<Vec<String>>); N]) {
        for (key, value) in table {
            let found = key.get_ref().as_ref();
            let Some((_, list)) = lists.iter_mut().find(|(name, _)| *name == found) else {
                self.unknown(key.span().start, found, lists.iter().map(|(name, _)| *name));
                continue;
            };
            match self.strings(value) {
                Some(words) => **list = words.iter().map(|word| tokens(word)).collect(),
                None => self.find(value.span().start, "wrong-type", "expected a list of texts"),
            }
        }
    }

    fn strings(&self, value: &toml::Spanned<DeValue<'_>>) -> Option<Vec<String>> {
        value.get_ref().as_array()?.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect()
    }
}
