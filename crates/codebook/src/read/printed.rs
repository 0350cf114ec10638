//! `published.csv`: what was printed of each wave when it came out.

use std::collections::BTreeMap;

use super::Reading;
use super::codebook::Questionnaire;
use super::tables::Tables;
use crate::narrow::{told_bases, told_tables};
use crate::{
    CellName, Code, Decimal, Finding, Language, Ledger, Place, Printed, PrintedNumber, RowId, SourceFile, TableId,
    TableSpec, Translated, VariableName, Wave, WaveId, Weighting,
};

/// The columns that every file has, in any order.
const COLUMNS: [&str; 12] =
    ["wave", "table", "row", "breakdown", "group", "item", "percent", "about", "n", "base", "weighted", "source"];
/// The column of explanations, alone or with a language behind it.
const BECAUSE: &str = "because";

/// Reads what a country's earlier editions printed.
pub(super) fn printed(
    file: &SourceFile,
    reading: &Reading<'_>,
    waves: &BTreeMap<WaveId, Wave>,
    findings: &mut Vec<Finding>,
) -> Vec<Printed> {
    let Reading { settings, questionnaire, tables, ledger, .. } = *reading;
    let languages = settings.languages.as_slice();
    let text = file.text.strip_prefix('\u{feff}').unwrap_or(&file.text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header: Vec<String> = match reader.headers() {
        Ok(header) => header.iter().map(str::to_owned).collect(),
        Err(_) => Vec::new(),
    };
    let before = findings.len();
    findings.extend(header_findings(file, &header, languages));
    if findings.len() > before {
        return Vec::new();
    }
    let mut printed: Vec<Printed> = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let place = Place::File { file: file.path.clone() };
                findings.push(Finding::error(place, "syntax", format!("not CSV: {error}")));
                break;
            }
        };
        let row = record.position().map_or(0, csv::Position::line);
        let mut line =
            Line { file, header: &header, record: &record, row, languages, questionnaire, tables, ledger, findings };
        let read = line.read(waves);
        printed.extend(read);
    }
    findings.extend(told_twice(&printed));
    printed
}

fn header_findings(file: &SourceFile, header: &[String], languages: &[Language]) -> Vec<Finding> {
    let place = || Place::File { file: file.path.clone() };
    let known = || {
        let translated = languages.iter().map(|language| format!("{BECAUSE}_{language}"));
        COLUMNS.iter().map(ToString::to_string).chain([BECAUSE.to_owned()]).chain(translated)
    };
    let missing = COLUMNS.iter().filter(|column| !header.iter().any(|found| found == *column));
    let mut findings: Vec<Finding> = missing
        .map(|column| Finding::error(place(), "missing-key", format!("the column {column:?} is missing")))
        .collect();
    for found in header.iter().filter(|found| !known().any(|column| column == **found)) {
        let known: Vec<String> = known().collect();
        let finding = Finding::error(place(), "unknown-key", format!("unknown column {found:?}"));
        findings.push(finding.did_you_mean(found, known.iter().map(String::as_str)));
    }
    findings
}

/// All numbers of one cell but one need an explanation; the one without it is what a series shows.
fn told_twice(printed: &[Printed]) -> Vec<Finding> {
    let mut seen: BTreeMap<(WaveId, &CellName), &Printed> = BTreeMap::new();
    let mut findings = Vec::new();
    let plain = printed.iter().filter(|it| it.because.is_none() && it.weighting == Weighting::Weighted);
    for number in plain.filter(|it| it.percent().is_some()) {
        let Some(cell) = &number.cell else { continue };
        if let Some(first) = seen.insert((number.wave, cell), number) {
            let message = format!("the cell has another number at {} already", first.place);
            let finding = Finding::error(number.place.clone(), "duplicate", message);
            findings.push(finding.hint(format!("say in {BECAUSE} why one of them is another one")));
        }
    }
    findings
}

/// One row of the file.
struct Line<'l> {
    file: &'l SourceFile,
    header: &'l [String],
    record: &'l csv::StringRecord,
    row: u64,
    languages: &'l [Language],
    questionnaire: &'l Questionnaire,
    tables: &'l Tables,
    ledger: Option<&'l Ledger>,
    findings: &'l mut Vec<Finding>,
}

impl Line<'_> {
    fn cell(&self, column: &str) -> &str {
        let at = self.header.iter().position(|found| found == column);
        at.and_then(|at| self.record.get(at)).map_or("", str::trim)
    }

    fn place(&self, column: &str) -> Place {
        Place::Cell { file: self.file.path.clone(), row: self.row, column: column.to_owned() }
    }

    fn find(&mut self, column: &str, code: &'static str, message: impl Into<String>) {
        let finding = Finding::error(self.place(column), code, message);
        self.findings.push(finding);
    }

    fn read(&mut self, waves: &BTreeMap<WaveId, Wave>) -> Option<Printed> {
        if self.record.len() != self.header.len() {
            let (cells, columns) = (self.record.len(), self.header.len());
            self.find("wave", "syntax", format!("the row has {cells} cells, and there are {columns} columns"));
            return None;
        }
        let wave = match WaveId::new(self.cell("wave")) {
            Ok(wave) => Some(wave),
            Err(error) => {
                self.find("wave", "bad-name", error.to_string());
                None
            }
        };
        let told = self.told();
        let n = self.answers();
        let weighting = match self.cell("weighted") {
            "" | "yes" => Weighting::Weighted,
            "no" => Weighting::Unweighted,
            other => {
                let message = format!("expected yes, no or nothing, found {other:?}");
                self.find("weighted", "wrong-type", message);
                Weighting::Weighted
            }
        };
        for column in ["source", "base"] {
            if self.cell(column).is_empty() {
                self.find(column, "missing-key", format!("the column {column:?} is empty"));
            }
        }
        let because = self.because();
        let cell = self.cell_name(waves.get(&wave?))?;
        if cell.is_none() && self.cell("item").is_empty() {
            self.find("item", "missing-key", "a number that no table shows needs words in the column \"item\"");
        }
        Some(Printed {
            wave: wave?,
            cell,
            item: self.cell("item").to_owned(),
            told: told?,
            n,
            base: self.cell("base").to_owned(),
            weighting,
            source: self.cell("source").to_owned(),
            because,
            place: self.place("percent"),
        })
    }

    fn told(&mut self) -> Option<PrintedNumber> {
        let (percent, about) = (self.cell("percent").to_owned(), self.cell("about").to_owned());
        match (percent.is_empty(), about.is_empty()) {
            (false, true) => match Decimal::parse(&percent, '.') {
                Ok(number) if (0..=100 * 10_i128.pow(u32::from(number.scale()))).contains(&number.units()) => {
                    Some(PrintedNumber::Percent(number))
                }
                Ok(_) | Err(_) => {
                    let message = format!("expected a number from 0 to 100, such as 81 or 71.9, found {percent:?}");
                    self.find("percent", "wrong-type", message);
                    None
                }
            },
            (true, false) if about.starts_with('~') => Some(PrintedNumber::About(about)),
            (true, false) => {
                self.find("about", "wrong-type", format!("expected ~ and what the words tell, found {about:?}"));
                None
            }
            (true, true) if !self.cell("n").is_empty() => Some(PrintedNumber::Answers),
            (true, true) => {
                self.find("percent", "contradiction", "a row has a percent, an about, or only an n");
                None
            }
            (false, false) => {
                self.find("percent", "contradiction", "a row has either a percent or an about");
                None
            }
        }
    }

    fn answers(&mut self) -> Option<u64> {
        let text = self.cell("n").to_owned();
        if text.is_empty() {
            return None;
        }
        let number = text.parse().ok();
        if number.is_none() {
            self.find("n", "wrong-type", format!("expected a whole number of answers, found {text:?}"));
        }
        number
    }

    fn because(&mut self) -> Option<Translated> {
        let general = self.cell(BECAUSE).to_owned();
        if !general.is_empty() {
            return Some(Translated::new(self.languages.iter().map(|it| (it.clone(), general.clone())).collect()));
        }
        let column = |language: &Language| format!("{BECAUSE}_{language}");
        let texts: BTreeMap<Language, String> = self
            .languages
            .iter()
            .map(|language| (language.clone(), self.cell(&column(language)).to_owned()))
            .filter(|(_, text)| !text.is_empty())
            .collect();
        let lacking = self.languages.iter().find(|language| !texts.contains_key(*language));
        match (texts.is_empty(), lacking) {
            (true, _) => None,
            (false, None) => Some(Translated::new(texts)),
            (false, Some(language)) => {
                let language = language.clone();
                self.find(&column(&language), "missing-language", format!("the text is not given in {language}"));
                None
            }
        }
    }

    /// The cell that the row names; `Some(None)` where it names no table, `None` with a finding.
    fn cell_name(&mut self, wave: Option<&Wave>) -> Option<Option<CellName>> {
        let table = self.cell("table").to_owned();
        if table.is_empty() {
            if let Some(column) = ["row", "breakdown", "group"].into_iter().find(|column| !self.cell(column).is_empty())
            {
                self.find(column, "contradiction", "a row without a table names no part of one");
                return None;
            }
            return Some(None);
        }
        let tables = self.tables;
        let Some(spec) = tables.tables.iter().find(|spec| spec.id.as_str() == table) else {
            if !tables.incomplete && !tables.is_unclear(&table) {
                let known = tables.tables.iter().map(|spec| spec.id.as_str());
                let finding =
                    Finding::error(self.place("table"), "unknown-table", format!("there is no table {table:?}"));
                self.findings.push(finding.did_you_mean(&table, known));
            }
            return None;
        };
        let row = self.named("row", spec.rows.iter().map(|row| row.id.as_str()))?;
        let group = match (self.cell("breakdown").is_empty(), self.cell("group").is_empty()) {
            (true, true) => None,
            (false, false) => Some(self.group(spec)?),
            (_, _) => {
                self.find("group", "contradiction", "a row has both a breakdown and a group, or neither");
                return None;
            }
        };
        if self.cell("base") != spec.base.as_str() {
            let message = format!("the table {table:?} has the base {:?}", spec.base.as_str());
            self.find("base", "contradiction", message);
        }
        let cell = CellName { table: TableId::new(&table).ok()?, row: RowId::new(&row).ok()?, group };
        if wave.is_some_and(|wave| self.is_untold(wave.id, spec, &cell)) {
            let message = "this wave did not have what the row is about".to_owned();
            self.find("row", "absent", message);
            return None;
        }
        Some(Some(cell))
    }

    /// Whether the wave did not ask what the cell needs.
    fn is_untold(&self, wave: WaveId, spec: &TableSpec, cell: &CellName) -> bool {
        let Some(ledger) = self.ledger else { return false };
        let untold = self.questionnaire.codebook.untold(&ledger.absent(wave));
        let left = told_tables(std::slice::from_ref(spec), &told_bases(&self.tables.bases, &untold), &untold);
        let has_cell = |table: &TableSpec| {
            let has_group = |(breakdown, _): &(VariableName, Code)| table.breakdowns.contains(breakdown);
            table.row(&cell.row).is_some() && cell.group.as_ref().is_none_or(has_group)
        };
        !left.iter().any(has_cell)
    }

    fn group(&mut self, spec: &TableSpec) -> Option<(VariableName, Code)> {
        let breakdown = self.named("breakdown", spec.breakdowns.iter().map(VariableName::as_str))?;
        let breakdown = VariableName::new(&breakdown).ok()?;
        let categories = self.questionnaire.codebook.variable(&breakdown)?.categories();
        let group = self.named("group", categories.iter().map(|category| category.code.as_str()))?;
        Some((breakdown, Code::new(&group).ok()?))
    }

    /// What stands in a column, if it is one of the names that may.
    fn named<'k>(&mut self, column: &'static str, known: impl Iterator<Item = &'k str> + Clone) -> Option<String> {
        let found = self.cell(column).to_owned();
        if known.clone().any(|name| name == found) {
            return Some(found);
        }
        let finding = Finding::error(self.place(column), "unknown-row", format!("the table has no {column} {found:?}"));
        self.findings.push(finding.did_you_mean(&found, known));
        None
    }
}
