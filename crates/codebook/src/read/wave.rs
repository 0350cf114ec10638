//! `waves/<year>.toml`: raw files, columns and recodes of one wave.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::checks::severities;
use super::codebook::{Questionnaire, find_code};
use super::design::{Files, design};
use super::fieldwork::{drawn, leave_out, period, times};
use super::files::{delimiter, file_name, raw_file, raw_files, slashed_days, written};
use super::ledger::check_columns;
use super::loops::loops;
use super::survey::survey;
use super::toml::{Document, Entries, Text, Value};
use super::uses::Uses;
use super::words::words;
use crate::expression::types::Meaning;
use crate::{
    AnswerFile, Choice, Completion, CountryId, Design, Finding, FrameFile, Kind, Language, Ledger, Missing, Origin,
    Place, RawValue, Recode, RegisterFile, ReleaseMoment, Standing, Survey, SurveyTool, Translated, VariableName, Wave,
    WaveId, Written,
};

/// What stands between the choices of a cell unless the wave says otherwise.
const CHOICE_SEPARATOR: char = ',';

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
    let files = Files { answers: written.as_ref(), frame: frame.as_ref(), frame_place: has_frame.map(|it| it.place()) };
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

/// The columns of a wave.
struct Columns {
    mapped: BTreeMap<VariableName, (String, Place)>,
    /// Those that are made from cells with several answers.
    choices: BTreeMap<String, Choice>,
    /// Whether some entries have findings, so that a variable without column may be one of them.
    unclear: bool,
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

    fn columns(&mut self, value: Value<'_>, has_register: bool) -> Option<Columns> {
        let mut columns = Columns { mapped: BTreeMap::new(), choices: BTreeMap::new(), unclear: false };
        for (name, value) in value.entries(self.findings)?.named() {
            let before = self.findings.len();
            if value.is_table() {
                self.battery_columns(name, value, &mut columns);
            } else if let Some(variable) = self.mappable(name, name.value, has_register)
                && let Some(column) = value.filled_text(self.findings)
            {
                columns.mapped.insert(variable, (column.value.to_owned(), column.place()));
            }
            columns.unclear |= before < self.findings.len();
        }
        Some(columns)
    }

    fn battery_columns(&mut self, name: Text<'_>, value: Value<'_>, columns: &mut Columns) {
        let batteries = &self.questionnaire.codebook.batteries;
        let Some(battery) = batteries.iter().find(|battery| battery.name.as_str() == name.value) else {
            let is_clear = matches!(self.questionnaire.scope.meaning(name.value), Meaning::Unknown | Meaning::Known(_));
            if is_clear {
                let finding = name.finding("unknown-variable", format!("there is no battery {:?}", name.value));
                let known = batteries.iter().map(|battery| battery.name.as_str());
                self.findings.push(finding.did_you_mean(name.value, known));
            }
            columns.unclear = true;
            return;
        };
        let is_unclear =
            |item: &VariableName| matches!(self.questionnaire.scope.meaning(item.as_str()), Meaning::Unclear);
        if battery.items.iter().any(is_unclear) {
            columns.unclear = true;
            return;
        }
        let prefix = format!("{}_", battery.name);
        for (item, value) in value.entries(self.findings).iter().flat_map(Entries::named) {
            let variable = battery.items.iter().find(|known| known.as_str().strip_prefix(&prefix) == Some(item.value));
            let column = self.item_column(value, &mut columns.choices);
            match (variable, column) {
                (Some(variable), Some(column)) => {
                    columns.mapped.insert(variable.clone(), (column, value.place()));
                }
                (Some(_), None) => {}
                (None, _) => {
                    let message = format!("the battery {:?} has no item {:?}", name.value, item.value);
                    let known = battery.items.iter().filter_map(|known| known.as_str().strip_prefix(&prefix));
                    self.findings.push(item.finding("unknown-variable", message).did_you_mean(item.value, known));
                }
            }
        }
    }

    /// The column of an item, or the name of the one that is made from a cell that lists several answers.
    fn item_column(&mut self, value: Value<'_>, choices: &mut BTreeMap<String, Choice>) -> Option<String> {
        if !value.is_table() {
            return value.filled_text(self.findings).map(|column| column.value.to_owned());
        }
        let mut entries = value.entries(self.findings)?;
        let column = self.text(&mut entries, "column");
        let choice = self.text(&mut entries, "choice");
        let separator = entries.optional("separator").and_then(|value| delimiter(value, self.findings));
        entries.finish(self.findings);
        let (column, choice) = (column?, choice?.trim().to_owned());
        let name = format!("{column}[{choice}]");
        choices.insert(name.clone(), Choice { column, choice, separator: separator.unwrap_or(CHOICE_SEPARATOR) });
        Some(name)
    }

    /// The variable of this name, if it has a column in some file.
    fn mappable(&mut self, key: Text<'_>, name: &str, has_register: bool) -> Option<VariableName> {
        let Questionnaire { codebook, scope, .. } = self.questionnaire;
        match scope.meaning(name) {
            Meaning::Unclear => return None,
            Meaning::Unknown => {
                let batteries = codebook.batteries.iter().map(|battery| battery.name.as_str());
                let finding = key.finding("unknown-variable", format!("there is no variable {name:?}"));
                self.findings.push(finding.did_you_mean(name, scope.names().chain(batteries)));
                return None;
            }
            Meaning::Known(_) => {}
        }
        let variable = codebook.variables.iter().find(|variable| variable.name.as_str() == name)?;
        match variable.origin {
            Origin::Derived(_) => {
                self.findings.push(key.finding("derived", format!("{name:?} is derived, so it has no column")));
                None
            }
            Origin::Register if !has_register => {
                let finding =
                    key.finding("no-register", format!("{name:?} comes from a register, and the wave has none"));
                let asked = format!(
                    "or, if the answers hold it, say so in codebook.toml: [variables.{name}] with from = \"answers\""
                );
                self.findings.push(finding.hint("add a [register] with its file and its unit column").hint(asked));
                None
            }
            Origin::Register | Origin::Answer => Some(variable.name.clone()),
            // Its column stands under [answers].
            Origin::Fieldwork => None,
        }
    }

    fn missing(&mut self, value: Value<'_>) -> BTreeMap<String, Missing> {
        let mut reasons = BTreeMap::new();
        for (raw, value) in value.entries(self.findings).iter().flat_map(Entries::named) {
            let reason = value.text(self.findings).and_then(|text| self.reason(text));
            reasons.extend(reason.map(|reason| (raw.value.to_owned(), reason)));
        }
        reasons
    }

    fn reason(&mut self, text: Text<'_>) -> Option<Missing> {
        let reasons = [Missing::NotAsked, Missing::Refused, Missing::Blank];
        let reason = reasons.into_iter().find(|reason| reason.as_str() == text.value);
        if reason.is_none() {
            let finding = text.finding("unknown-word", format!("{:?} is no reason for a missing answer", text.value));
            self.findings.push(finding.did_you_mean(text.value, reasons.map(Missing::as_str)));
        }
        reason
    }

    fn recodes(&mut self, value: Value<'_>, missing: &BTreeMap<String, Missing>) -> BTreeMap<String, Recode> {
        let mut recodes = BTreeMap::new();
        for (name, value) in value.entries(self.findings).iter().flat_map(Entries::named) {
            let Some(target) = self.target(name) else { continue };
            let Some(entries) = value.entries(self.findings) else { continue };
            let mut recode = BTreeMap::new();
            for (raw, value) in entries.named() {
                let Some(meaning) = self.raw_value(value, &target) else { continue };
                if let (RawValue::Code(_), Some(reason)) = (&meaning, missing.get(raw.value)) {
                    let message =
                        format!("the raw value {:?} is a code here and {} in [missing]", raw.value, reason.as_str());
                    self.findings.push(raw.finding("mapped-twice", message));
                }
                recode.insert(raw.value.to_owned(), meaning);
            }
            recodes.insert(name.value.to_owned(), Recode(recode));
        }
        recodes
    }

    /// What the raw values of `[recodes.<name>]` can become.
    fn target(&mut self, name: Text<'_>) -> Option<Target> {
        let Questionnaire { scope, lists, codebook, .. } = self.questionnaire;
        match (scope.meaning(name.value), lists.get(name.value)) {
            (Meaning::Known(Kind::Category { list, categories }), _) => {
                Some(Target::Codes(list.clone(), categories.clone()))
            }
            (Meaning::Known(Kind::Number | Kind::Date | Kind::Text), _) => Some(Target::MissingOnly),
            (Meaning::Known(Kind::Condition), _) => {
                self.findings
                    .push(name.finding("derived", format!("{:?} is derived, so it is not recoded", name.value)));
                None
            }
            (_, Some(Some(categories))) => Some(Target::Codes(name.value.to_owned(), categories.clone())),
            (_, Some(None)) | (Meaning::Unclear, None) => None,
            (Meaning::Unknown, None) => {
                let message = format!("there is no code list or variable {:?}", name.value);
                let known = lists.keys().map(String::as_str).chain(scope.names());
                let is_battery = codebook.batteries.iter().any(|battery| battery.name.as_str() == name.value);
                let finding = name.finding("unknown-code-list", message).did_you_mean(name.value, known);
                let hint = "recode a battery by its code list or by its items";
                self.findings.push(if is_battery { finding.hint(hint) } else { finding });
                None
            }
        }
    }

    fn raw_value(&mut self, value: Value<'_>, target: &Target) -> Option<RawValue> {
        if value.is_table() {
            let mut entries = value.entries(self.findings)?;
            let reason = entries.required("missing").and_then(|value| value.text(self.findings));
            let reason = reason.and_then(|text| self.reason(text));
            entries.finish(self.findings);
            return reason.map(RawValue::Missing);
        }
        let text = value.text(self.findings)?;
        match target {
            Target::Codes(list, categories) => find_code(text, list, categories, self.findings).map(RawValue::Code),
            Target::MissingOnly => {
                let finding = text.finding("type-mismatch", "a variable without codes has special values only");
                self.findings.push(finding.hint("such as { missing = \"not_asked\" }"));
                None
            }
        }
    }
}

/// What raw values can become.
enum Target {
    /// A code of this list, or a missing answer.
    Codes(String, Vec<crate::Category>),
    /// Numbers, dates and texts are kept; only special values are told.
    MissingOnly,
}

/// A finding for each variable that is read from a column that identifies a respondent. The register's columns are held to the
/// same list: a column that identifies in one file does in the other.
fn variables_of_personal_columns(
    answers: &AnswerFile,
    mapped: &BTreeMap<VariableName, (String, Place)>,
) -> Vec<Finding> {
    let personal = mapped.iter().filter(|(_, (column, _))| answers.is_personal(column));
    personal
        .map(|(variable, (column, place))| {
            let message = format!("{:?} is read from {column:?}, which identifies a respondent", variable.as_str());
            Finding::error(place.clone(), "personal-column", message)
                .hint("no variable may hold who answered: leave it out")
        })
        .collect()
}

/// What the ledger and the users of variables miss among the columns, or find too much.
fn missing_columns(
    place: &Place,
    wave: WaveId,
    columns: &Columns,
    questionnaire: &Questionnaire,
    uses: &Uses,
    ledger: Option<&Ledger>,
) -> Vec<Finding> {
    let ledger = ledger.filter(|_| !columns.unclear);
    let mut findings = ledger.map(|ledger| check_columns(ledger, wave, &columns.mapped, place)).unwrap_or_default();
    // What the ledger misses is one finding, not two.
    if findings.iter().all(|finding| finding.code != "unmapped") {
        check_mapped(place, columns, questionnaire, uses, &mut findings);
    }
    findings
}

/// Every variable that something uses has a column.
fn check_mapped(
    place: &Place,
    columns: &Columns,
    questionnaire: &Questionnaire,
    uses: &Uses,
    findings: &mut Vec<Finding>,
) {
    if columns.unclear {
        return;
    }
    for variable in &questionnaire.codebook.variables {
        let is_raw = matches!(variable.origin, Origin::Answer | Origin::Register) && variable.kind != Kind::Text;
        if let Some(user) = uses.user(&variable.name)
            && is_raw
            && !columns.mapped.contains_key(&variable.name)
        {
            let message = format!("no column for {:?}, which {user} uses", variable.name.as_str());
            findings.push(Finding::error(place.clone(), "unmapped", message));
        }
    }
}
