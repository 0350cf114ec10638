//! How far a country's files have come, and what is left: not what is wrong, which are findings, but what readers or another country would miss.

use std::collections::{BTreeMap, BTreeSet};

use codebook::{
    BatteryKind, CellTotals, Concept, Country, Expr, Filled, Finding, Kind, LedgerLine, Margin, MarginOf, Measure,
    Origin, Place, Population, RawValue, Sameness, Severity, SourceFile, Survey, Translated, Variable, VariableName,
    Wave, WeightRecipe,
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::unfinished::{TO_FILL_IN, lines_to_fill_in, unknown_points};

/// The points of `[survey]`.
const POINTS: [&str; 4] = ["unit", "population", "speaks_for", "weights"];
/// The variable that tells the sector, in the shared questionnaire.
const SECTOR: &str = "industry";

/// What a country has of what it should have, and what is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// The country.
    pub country: String,
    /// From 0 to 100: the mean of the parts that apply, each in per cent, rounded down, so that 100 means that nothing is left.
    pub score: u64,
    /// The parts.
    pub parts: Vec<CoveragePart>,
}

/// One thing that is counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CoveragePart {
    /// Its stable name.
    pub name: &'static str,
    /// How many there are.
    pub done: u64,
    /// How many there should be; 0 where the part does not apply.
    pub of: u64,
    /// What is left.
    pub left: Vec<Left>,
}

/// Something that is left to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Left {
    /// Where, as findings tell it.
    pub place: String,
    /// What.
    pub what: String,
}

impl CoveragePart {
    fn new(name: &'static str) -> Self {
        Self { name, done: 0, of: 0, left: Vec::new() }
    }

    /// Counts one thing, which is done or left.
    fn count(&mut self, is_done: bool, left: impl FnOnce() -> (String, String)) {
        self.of += 1;
        if is_done {
            self.done += 1;
        } else {
            let (place, what) = left();
            self.left.push(Left { place, what });
        }
    }
}

impl CoveragePart {
    /// Counts the questions that some lines of a ledger are about; what is not known of them is left, in one place.
    fn compare(&mut self, country: &Country, lines: &BTreeMap<VariableName, LedgerLine>, left: &str) {
        let codebook = &country.codebook;
        let question = |name| codebook.battery_of(name).map_or(name, |battery| &battery.name);
        let is_asked = |name: &&VariableName| codebook.variable(name).is_some_and(|it| it.question.is_some());
        let asked: BTreeSet<&VariableName> = lines.keys().filter(is_asked).map(question).collect();
        let unknown = lines.iter().filter(|(name, line)| is_asked(name) && line.is_unknown());
        let unknown: Vec<(&VariableName, &LedgerLine)> = unknown.map(|(name, line)| (question(name), line)).collect();
        let names: BTreeSet<&VariableName> = unknown.iter().map(|(name, _)| *name).collect();
        for question in asked {
            self.of += 1;
            self.done += u64::from(!names.contains(question));
        }
        if let Some((_, line)) = unknown.first() {
            let names: Vec<&str> = names.into_iter().map(VariableName::as_str).collect();
            self.left.push(Left { place: line.place.to_string(), what: format!("{left}: {}", names.join(", ")) });
        }
    }
}

/// Findings of a check and how far countries have come, as JSON: `findings` with severity, code, file, line, column, message and help, and `coverage`.
///
/// # Panics
/// Never: texts and numbers are JSON.
#[must_use]
pub fn check_json(findings: &[Finding], coverages: &[Coverage]) -> String {
    let findings: Vec<Value> = findings.iter().map(finding).collect();
    let text = json!({ "findings": findings, "coverage": coverages });
    serde_json::to_string_pretty(&text).expect("texts and numbers are JSON") + "\n"
}

fn finding(finding: &Finding) -> Value {
    let severity = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let (file, line, column) = match &finding.place {
        Place::File { file } | Place::Cell { file, .. } => (file, None, None),
        Place::Text { file, line, column } => (file, Some(line), Some(column)),
    };
    json!({
        "severity": severity,
        "code": finding.code,
        "file": file,
        "line": line,
        "column": column,
        "message": finding.message,
        "help": finding.hints,
    })
}

impl Coverage {
    pub(crate) fn of(folder: &str, country: &Country, files: &[SourceFile]) -> Self {
        let parts = vec![
            core_items(folder, country),
            wordings(country),
            labels(folder, country, files),
            sectors(folder, country),
            weights(country),
            themes(country, files),
            survey(country),
            quality(folder, country),
        ];
        let (mut sum, mut count) = (0, 0);
        for part in parts.iter().filter(|part| part.of > 0) {
            sum += 100 * part.done / part.of;
            count += 1;
        }
        Self { country: country.id.to_string(), score: sum / count.max(1), parts }
    }

    /// Everything that is left, in the order of the parts.
    pub fn left(&self) -> impl Iterator<Item = &Left> {
        self.parts.iter().flat_map(|part| &part.left)
    }
}

/// Items of the shared questionnaire that the newest wave asked, or of which the ledger tells why they were not.
fn core_items(folder: &str, country: &Country) -> CoveragePart {
    let mut part = CoveragePart::new("core_items");
    let (Some(ledger), Some(_)) = (&country.ledger, &country.codebook.core.version) else {
        part.count(false, || {
            let what = "takes nothing from the shared questionnaire, so nothing of it can be compared with other countries: core in country.toml";
            (format!("{folder}/country.toml"), what.to_owned())
        });
        return part;
    };
    let newest = country.newest().map(|wave| wave.id);
    for (item, line) in &ledger.core {
        let of_wave = newest.and_then(|wave| ledger.line(item, wave));
        let is_mapped = of_wave.is_some_and(|line| line.sameness != Sameness::Absent);
        let is_told = [Some(line), of_wave].into_iter().flatten().any(|line| line.because.is_some());
        part.count(is_mapped || is_told, || {
            (line.place.to_string(), format!("{item} has no column in the newest wave"))
        });
    }
    part
}

/// Questions of which it is told how they were worded: items of the shared questionnaire by the country, and all by each wave.
fn wordings(country: &Country) -> CoveragePart {
    let mut part = CoveragePart::new("wordings");
    let Some(ledger) = &country.ledger else { return part };
    let untold = "whether respondents read the words of the shared questionnaire is not told, so these are compared with no other country";
    let mend = "say wording = \"core\" there, or give codebook.toml the question that they read";
    part.compare(country, &ledger.core, &format!("{untold}; {mend}"));
    for (wave, lines) in &ledger.waves {
        let uncompared =
            format!("nobody has compared yet how these were asked in {wave}, so they are joined with no other wave");
        part.compare(country, lines, &uncompared);
    }
    part
}

/// Texts in each of the country's languages.
fn labels(folder: &str, country: &Country, files: &[SourceFile]) -> CoveragePart {
    let mut part = CoveragePart::new("labels");
    // What nobody has filled in is counted below, once.
    let is_filled = |text: &Translated| text.iter().all(|(_, words)| !words.contains(TO_FILL_IN));
    let mut seen = BTreeSet::new();
    let filled = texts(folder, country).into_iter().filter(|(text, place)| {
        let words: Vec<String> = text.iter().map(|(_, words)| words.to_owned()).collect();
        is_filled(text) && seen.insert((words, place.clone()))
    });
    for (text, place) in filled {
        if Survey::is_unknown(text) {
            part.count(false, || (place, "the text says \"unknown\"".to_owned()));
            continue;
        }
        part.count(is_translated(text, country.languages.len()), || {
            let words = text.iter().next().map_or("", |(_, words)| words);
            (place, format!("the same in every language: {words:?}"))
        });
    }
    for (file, line, text) in lines_to_fill_in(files) {
        part.count(false, || (format!("{}:{line}", file.path), text.to_owned()));
    }
    part
}

/// Whether a text differs between languages. Names and numbers need not: one word, or none.
fn is_translated(text: &Translated, languages: usize) -> bool {
    let mut words = text.iter().map(|(_, words)| words);
    let Some(first) = words.next() else { return false };
    let is_short = first.split(|character: char| !character.is_alphabetic()).filter(|word| word.len() > 1).count() < 2;
    languages < 2 || is_short || words.any(|other| other != first)
}

/// Every text that readers see in tables, each with where it is.
fn texts<'c>(folder: &str, country: &'c Country) -> Vec<(&'c Translated, String)> {
    let of_country = format!("{folder}/country.toml");
    let mut texts = vec![(&country.title, of_country.clone())];
    texts.extend([&country.name, &country.publisher].map(|text| (text, of_country.clone())));
    texts.extend(country.waves.values().map(|wave| (&wave.about, wave.place.to_string())));
    let mut lists = BTreeSet::new();
    for variable in &country.codebook.variables {
        texts.push((&variable.label, variable.place.to_string()));
        let question = variable.question.as_ref().filter(|_| country.codebook.battery_of(&variable.name).is_none());
        texts.extend(question.map(|question| (question, variable.place.to_string())));
        if let Kind::Category { list, categories } = &variable.kind
            && lists.insert(list)
        {
            texts.extend(categories.iter().map(|category| (&category.label, variable.place.to_string())));
        }
    }
    texts.extend(country.codebook.batteries.iter().map(|battery| (&battery.question, battery.place.to_string())));
    texts.extend(country.bases.values().map(|base| (&base.label, base.place.to_string())));
    texts.extend(country.tables.iter().map(|table| (&table.title, table.place.to_string())));
    texts
}

/// The sector tree: it is there, some table shows it, and each of its codes can come of a raw value.
fn sectors(folder: &str, country: &Country) -> CoveragePart {
    let mut part = CoveragePart::new("sectors");
    let sector = country.codebook.variables.iter().find(|variable| variable.name.as_str() == SECTOR);
    let Some(sector) = sector else {
        part.count(false, || {
            (format!("{folder}/codebook.toml"), format!("no variable {SECTOR:?} tells the sector of a unit"))
        });
        return part;
    };
    let is_shown = country.tables.iter().any(|table| table.breakdowns.contains(&sector.name));
    part.count(is_shown, || (sector.place.to_string(), format!("no table is broken down by {SECTOR:?}")));
    let Some(wave) = country.newest() else { return part };
    let Kind::Category { list, categories } = &sector.kind else { return part };
    let recode = wave.recodes.get(sector.name.as_str()).or_else(|| wave.recodes.get(list));
    for category in categories {
        let makes = |raw: &RawValue| matches!(raw, RawValue::Code(code) if *code == category.code);
        let is_reached = recode.is_none_or(|recode| recode.0.values().any(makes));
        part.count(is_reached, || {
            (wave.place.to_string(), format!("no raw value becomes the sector {:?}", category.code.as_str()))
        });
    }
    part
}

/// Whether the weights of each wave add up to the population, by its recipe.
fn weights(country: &Country) -> CoveragePart {
    let mut part = CoveragePart::new("weights");
    for wave in country.waves.values() {
        let is_calibrated = wave.design.calibration.is_some();
        let is_known = wave.design.population != Population::Undeclared;
        let sums_up = match &wave.design.weights {
            // A stratum's weights are its size over its answers.
            WeightRecipe::Response => true,
            // Their sum is compared with the population in every run.
            WeightRecipe::Supplied { design_known, .. } => *design_known && is_known,
            WeightRecipe::Equal => is_known,
        };
        part.count(sums_up || is_calibrated, || {
            let what =
                "nothing tells what the weights should add up to: give the frame, a population column or margins";
            (wave.place.to_string(), what.to_owned())
        });
        // The frame is told of on the method page already.
        let is_frame = |margin: &&Margin| matches!(&margin.of, MarginOf::Cells { totals: CellTotals::Frame, .. });
        for margin in wave.design.margins().iter().filter(|margin| !is_frame(margin)) {
            part.count(margin.source.is_some(), || {
                (
                    margin.place.to_string(),
                    "the margin does not tell where its totals come from: source = { … }".to_owned(),
                )
            });
        }
    }
    part
}

/// Pages with text, and the words of every theme.
fn themes(country: &Country, files: &[SourceFile]) -> CoveragePart {
    let mut part = CoveragePart::new("themes");
    for wave in country.waves.values() {
        part.count(!wave.themes.is_empty(), || (wave.place.to_string(), "the wave has no theme".to_owned()));
        for theme in &wave.themes {
            let Place::File { file } = &theme.place else { continue };
            let Some(stem) = file.strip_suffix(".toml") else { continue };
            for language in &country.languages {
                let path = format!("{stem}.{language}.md");
                let text = files.iter().find(|file| file.path == path).map_or("", |file| file.text.as_str());
                let is_written = text.lines().any(is_prose) && !text.contains(TO_FILL_IN);
                part.count(is_written, || (path, "the page has a figure and no text of its own".to_owned()));
            }
        }
    }
    part
}

/// Whether a line of Markdown is neither empty, a heading nor a figure.
fn is_prose(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#') && !line.starts_with("{{")
}

/// What readers must know of each wave: unit, population, whom one answer speaks for, weights, cut points.
fn survey(country: &Country) -> CoveragePart {
    let mut part = CoveragePart::new("survey");
    for wave in country.waves.values() {
        let Some(survey) = &wave.survey else {
            for point in POINTS {
                part.count(false, || (wave.place.to_string(), format!("[survey] does not tell {point}")));
            }
            continue;
        };
        let unknown = unknown_points(survey);
        for point in POINTS {
            part.count(!unknown.contains(&point), || (survey.place.to_string(), format!("{point} is unknown")));
        }
        for list in cut_lists(country, wave) {
            let source = survey.cut_points.get(list);
            part.count(source.is_some_and(|source| !Survey::is_unknown(source)), || {
                let what = match source {
                    Some(_) => format!("whose cut points {list:?} has is unknown"),
                    None => format!("[survey.cut_points] does not tell whose cut points {list:?} has"),
                };
                (survey.place.to_string(), what)
            });
        }
    }
    part
}

/// The concepts of the quality report that only a text tells, and the address that `[press]` may tell, in the newest wave: an earlier report is written.
fn quality(folder: &str, country: &Country) -> CoveragePart {
    let mut part = CoveragePart::new("quality");
    let Some(wave) = country.newest() else { return part };
    // A comment is for what has no other place. Nobody can be asked about answers that nobody gave.
    let told_by_text = |concept: Concept| concept.filled() == Filled::Text && concept != Concept::Comment;
    let is_due = |concept| told_by_text(concept) || (concept == Concept::ContactAddress && !wave.synthetic);
    let has_contact = country.press.as_ref().is_some_and(|press| press.contact.is_some());
    for concept in Concept::ALL.iter().copied().filter(|concept| is_due(*concept)) {
        let text = wave.quality.get(&concept).and_then(|text| text.iter().next().map(|(_, words)| words));
        let is_written = text.is_some_and(|words| !words.contains(TO_FILL_IN));
        part.count(is_written || (concept == Concept::ContactAddress && has_contact), || {
            let what =
                format!("the quality report of wave {} has no text for {concept:?}, {}", wave.id, concept.number());
            (format!("{folder}/quality.toml"), what)
        });
    }
    part
}

/// Lists of codes in which somebody cut: a number into groups, or a scale into those that count and those that do not.
fn cut_lists<'c>(country: &'c Country, wave: &Wave) -> BTreeSet<&'c str> {
    let asked = |variable: &&Variable| {
        matches!(variable.origin, Origin::Derived(_)) || wave.columns.contains_key(&variable.name)
    };
    let mut lists = BTreeSet::new();
    for variable in country.codebook.variables.iter().filter(asked) {
        let Kind::Category { list, categories } = &variable.kind else { continue };
        let begins_with_digit = |code: &str| code.starts_with(|first: char| first.is_ascii_digit());
        let ranges = categories.iter().filter(|it| begins_with_digit(it.code.as_str()) && it.code.as_str().len() > 1);
        let is_scale = is_scale(country, &variable.name) && is_cut(country, &variable.name, categories.len());
        if ranges.count() > 1 || is_scale {
            lists.insert(list.as_str());
        }
    }
    lists
}

fn is_scale(country: &Country, name: &VariableName) -> bool {
    let battery = country.codebook.battery_of(name);
    battery.is_some_and(|battery| matches!(battery.kind, BatteryKind::Scale))
}

/// Whether a table or a derived variable counts several answers of a scale together.
fn is_cut(country: &Country, name: &VariableName, answers: usize) -> bool {
    let is_part = |count: usize| count > 1 && count < answers;
    let rows = country.tables.iter().filter(|table| table.measure == Measure::Share).flat_map(|table| &table.rows);
    let by_table = rows.filter(|row| row.item == *name).any(|row| is_part(row.codes.len()));
    let by_derivation = country.codebook.variables.iter().any(|variable| match &variable.origin {
        Origin::Derived(expr) => is_part(compared(expr, name)),
        Origin::Answer | Origin::Register | Origin::Fieldwork => false,
    });
    by_table || by_derivation
}

/// How many answers a derivation compares a variable with.
fn compared(expr: &Expr, name: &VariableName) -> usize {
    expr.compared_texts().into_iter().filter(|(variable, _)| *variable == name).count()
}
