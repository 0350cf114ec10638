//! `waves/<year>.toml`: raw files, columns and recodes of one wave.

mod columns;
mod recodes;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::checks::severities;
use super::codebook::Questionnaire;
use super::design::{Files, design};
use super::fieldwork::{drawn, leave_out, period, times};
use super::files::{file_name, raw_file, raw_files, slashed_days, written};
use super::loops::loops;
use super::survey::survey;
use super::toml::{Document, Entries, Value};
use super::uses::Uses;
use super::words::words;
use crate::{
    AnswerFile, Completion, CountryId, Design, Finding, FrameFile, Language, Ledger, RegisterFile, ReleaseMoment,
    Standing, Survey, SurveyTool, Translated, VariableName, Wave, WaveId, Written,
};
use columns::{missing_columns, variables_of_personal_columns};

/// What a wave is held against: who uses which variables, and what the ledger tells.
pub(super) struct Told<'l> {
    pub(super) uses: Uses,
    pub(super) ledger: Option<&'l Ledger>,
}

/// Reads a wave. Its themes are read later.
pub(super) fn wave(
    document: &Document<'_>,
    id: WaveId,
    country: &CountryId,
    languages: &[Language],
    questionnaire: &Questionnaire,
    told: &Told<'_>,
    findings: &mut Vec<Finding>,
) -> Option<Wave> {
    let mut entries = document.entries()?;
    let mut reader = Reader { questionnaire, findings };
    let words = edition(&mut entries, languages, questionnaire, reader.findings);
    let answers = entries.required("answers").and_then(|value| reader.answers(value));
    let written = answers.as_ref().map(AnswerFile::written);
    let has_register = entries.optional("register");
    let register = has_register.and_then(|value| reader.register(value, written.as_ref()));
    let loops = entries.optional("loops").map(|value| loops(value, written.as_ref(), questionnaire, reader.findings));
    let columns_table = entries.required("columns");
    let columns = columns_table.and_then(|value| reader.columns(value, has_register.is_some()));
    let missing = entries.optional("missing").map(|value| reader.missing(value)).unwrap_or_default();
    let recodes = entries.optional("recodes").map(|value| reader.recodes(value, &missing)).unwrap_or_default();
    let times = answers.as_ref().map(|answers| &answers.times);
    let fieldwork = entries.optional("fieldwork").and_then(|value| period(value, times, reader.findings));
    let drawn = entries.optional("drawn").and_then(|value| drawn(value, reader.findings));
    let severities = entries.optional("checks").map(|value| severities(value, reader.findings)).unwrap_or_default();
    let has_frame = entries.optional("frame");
    let frame = has_frame.and_then(|value| reader.frame(value, written.as_ref()));
    let files = Files::new(written.as_ref(), frame.as_ref(), has_frame, languages);
    let design = entries.required("design").and_then(|value| design(value, &files, questionnaire, reader.findings));
    entries.finish(findings);
    let read = answers.iter().zip(&columns);
    findings.extend(read.flat_map(|(answers, columns)| variables_of_personal_columns(answers, &columns.mapped)));
    if let (Some(table), Some(columns)) = (columns_table, &columns) {
        let uses = told.uses.with_design(design.iter().flat_map(Design::variables), questionnaire);
        findings.extend(missing_columns(&table.place(), id, columns, questionnaire, &uses, told.ledger));
    }
    let columns = columns?;
    Some(Wave {
        id,
        country: country.clone(),
        window: words.window,
        asked_window: words.asked_window,
        published: words.published?,
        planned: words.planned,
        release_at: words.release_at,
        standing: Standing::Released,
        synthetic: words.synthetic,
        about: words.about,
        survey: words.survey,
        answers: answers?,
        columns: columns.mapped,
        choices: columns.choices,
        loops: loops.unwrap_or_default(),
        recodes,
        missing,
        register,
        frame,
        fieldwork,
        drawn,
        severities,
        design: design?,
        themes: Vec::new(),
        variants: Vec::new(),
        facts: Vec::new(),
        quality: BTreeMap::new(),
        errata: Vec::new(),
        lead: None,
        place: document.source.whole(),
    })
}

/// What a wave says of itself, for readers.
struct Edition {
    window: Translated,
    asked_window: Option<Translated>,
    published: Option<Date>,
    planned: Option<Date>,
    release_at: Option<ReleaseMoment>,
    synthetic: bool,
    about: Translated,
    survey: Option<Survey>,
}

fn edition(
    entries: &mut Entries<'_>,
    languages: &[Language],
    questionnaire: &Questionnaire,
    findings: &mut Vec<Finding>,
) -> Edition {
    let window = entries.required("window").and_then(|value| words(value, languages, findings));
    let asked_window = entries.optional("asked_window").and_then(|value| words(value, languages, findings));
    let published = entries.required("published").and_then(|value| value.date(findings));
    let planned = entries.optional("planned").and_then(|value| value.date(findings));
    let release_at = entries.optional("release_at").and_then(|value| value.moment(published, findings));
    let synthetic = entries.optional("synthetic").and_then(|value| value.boolean(findings)) == Some(true);
    let about = entries.required("about").and_then(|value| words(value, languages, findings));
    let survey = entries.optional("survey").and_then(|it| survey(it, languages, questionnaire, findings));
    let (window, about) = (window.unwrap_or_default(), about.unwrap_or_default());
    Edition { window, asked_window, published, planned, release_at, synthetic, about, survey }
}

struct Reader<'r> {
    questionnaire: &'r Questionnaire,
    findings: &'r mut Vec<Finding>,
}

impl Reader<'_> {
    fn text(&mut self, entries: &mut Entries<'_>, key: &'static str) -> Option<String> {
        let text = entries.required(key).and_then(|value| value.filled_text(self.findings));
        text.map(|text| text.value.to_owned())
    }

    fn answers(&mut self, value: Value<'_>) -> Option<AnswerFile> {
        let mut entries = value.entries(self.findings)?;
        let mut files = raw_files(&mut entries, self.findings);
        let (file, place) = files.remove(0);
        let structure = entries.optional("structure").and_then(|value| value.filled_text(self.findings));
        let structure = structure.map(|text| file_name(text, self.findings));
        let tool = entries.optional("tool").and_then(|value| self.tool(value)).unwrap_or_default();
        let Written { sheet, encoding, delimiter, decimal_mark } = written(&mut entries, None, self.findings);
        let slashed_days = entries.optional("dates").and_then(|value| slashed_days(value, self.findings));
        let unit = self.text(&mut entries, "unit").unwrap_or_default();
        let complete = entries.optional("complete").and_then(|value| self.completion(value, tool));
        let leave_out = entries.optional("leave_out").map(|value| leave_out(value, self.findings)).unwrap_or_default();
        let other_choices = entries.optional("other_choices").map(|value| self.other_choices(value));
        let personal = entries.optional("personal").and_then(|value| value.texts(self.findings)).unwrap_or_default();
        let personal = personal.iter().map(|text| text.value.to_owned()).collect();
        let times = times(&mut entries, self.findings);
        entries.finish(self.findings);
        Some(AnswerFile {
            file,
            more_files: files,
            structure,
            tool,
            sheet,
            encoding,
            delimiter,
            decimal_mark,
            slashed_days,
            unit,
            complete,
            leave_out,
            other_choices: other_choices.unwrap_or_default(),
            personal,
            times,
            place,
        })
    }

    /// Choices that no item reads, by column.
    fn other_choices(&mut self, value: Value<'_>) -> BTreeMap<String, BTreeSet<String>> {
        let mut choices = BTreeMap::new();
        for (column, value) in value.entries(self.findings).iter().flat_map(Entries::named) {
            let texts = value.texts(self.findings).unwrap_or_default();
            choices.insert(column.value.to_owned(), texts.iter().map(|text| text.value.trim().to_owned()).collect());
        }
        choices
    }

    fn tool(&mut self, value: Value<'_>) -> Option<SurveyTool> {
        let text = value.text(self.findings)?;
        let tool = SurveyTool::ALL.into_iter().find(|tool| tool.as_str() == text.value);
        if tool.is_none() {
            let known = SurveyTool::ALL.map(SurveyTool::as_str);
            let message = format!("there is no survey tool {:?}", text.value);
            let finding = text.finding("unknown-word", message).did_you_mean(text.value, known);
            self.findings.push(finding.hint(format!("the tools are {}", known.join(", "))));
        }
        tool
    }

    fn completion(&mut self, value: Value<'_>, tool: SurveyTool) -> Option<Completion> {
        let mut entries = value.entries(self.findings)?;
        let column = entries.required("column").and_then(|value| value.filled_text(self.findings));
        let (one, several) = (entries.optional("value"), entries.optional("values"));
        entries.finish(self.findings);
        let texts = match (one, several) {
            (Some(one), None) => one.filled_text(self.findings).map(|text| vec![text]),
            (None, Some(several)) => several.texts(self.findings).filter(|texts| !texts.is_empty()),
            (Some(_), Some(_)) | (None, None) => {
                let finding = value.finding("contradiction", "a completion rule has either value or values");
                self.findings.push(finding.hint("such as value = \"1\", or values = [\"31\", \"32\"]"));
                return None;
            }
        };
        let column = column?;
        if tool == SurveyTool::SurveyXact && column.value == "response" {
            let message = "the column \"response\" of SurveyXact does not tell complete answers";
            let finding = Finding::warning(column.place(), "completion", message);
            self.findings.push(finding.hint("its status does: { column = \"statoverall_4\", value = \"1\" }"));
        }
        let values = texts?.iter().map(|text| text.value.trim().to_owned()).collect();
        Some(Completion { column: column.value.to_owned(), values })
    }

    fn register(&mut self, value: Value<'_>, answers: Option<&Written>) -> Option<RegisterFile> {
        let mut entries = value.entries(self.findings)?;
        let (file, place) = raw_file(&mut entries, self.findings);
        let written = written(&mut entries, answers, self.findings);
        let unit = self.text(&mut entries, "unit").unwrap_or_default();
        entries.finish(self.findings);
        Some(RegisterFile { file, written, unit, place })
    }

    fn frame(&mut self, value: Value<'_>, answers: Option<&Written>) -> Option<FrameFile> {
        let mut entries = value.entries(self.findings)?;
        let (file, place) = raw_file(&mut entries, self.findings);
        let written = written(&mut entries, answers, self.findings);
        let count = self.text(&mut entries, "count").unwrap_or_default();
        let strata = entries.required("strata").and_then(|value| value.entries(self.findings));
        entries.finish(self.findings);
        let mut columns = BTreeMap::new();
        for (name, value) in strata?.named() {
            let column = value.filled_text(self.findings);
            // Unknown variables are found when the strata are compared with those of the design.
            if let (Some(variable), Some(column)) = (name.name(VariableName::new, self.findings), column) {
                columns.insert(variable, column.value.to_owned());
            }
        }
        Some(FrameFile { file, written, count, strata: columns, place })
    }
}
