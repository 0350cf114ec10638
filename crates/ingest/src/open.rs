//! A raw file of any format, as the columns that a wave wants of it.
//!
//! The content tells the format. An archive is opened first; a workbook gives one of its sheets, whose numbers have a point whatever
//! the country writes. What a format itself says of its columns (SPSS, Stata: values that mean no answer, the weight) goes with them.

use std::collections::BTreeMap;

use codebook::{Finding, Place, SurveyTool};

use crate::check::RawFile;
use crate::delimited::{DataFile, Format, Said, Wanted, misfit_above, misfit_header, repeated_names};
use crate::format::workbook::{self, Sheet};
use crate::format::{FileFormat, archive, columnar, foreign, spss, stata};
use crate::raw::{About, Distinct, RawColumn, RawTable};
use crate::tally::counted;
use crate::tool::{self, HEADER_ROWS_AT_MOST};

/// The sheet of a SurveyXact workbook that holds the answers; the others hold names and labels.
const SURVEYXACT_SHEET: &str = "Dataset";

/// Whether a file is delimited text, whose records can be told without reading its meaning.
#[must_use]
pub fn is_delimited(path: &str, bytes: &[u8]) -> bool {
    FileFormat::of(path, bytes) == FileFormat::Delimited
}

/// The file that lies on the disk for a file that a wave names: of `export.zip/dataset.csv`, `export.zip`.
#[must_use]
pub fn file_on_disk(name: &str) -> &str {
    archive::split(name).map_or(name, |(archive, _)| archive)
}

/// The raw file of this name, which may lie in an archive: the path of each is the name there or ends with it.
pub(crate) fn file_named<'f>(files: &'f [RawFile], name: &str) -> Option<&'f RawFile> {
    let is_named =
        |path: &str| path.strip_suffix(file_on_disk(name)).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'));
    files.iter().find(|file| is_named(&file.path))
}

/// Which part of a file is meant, where it has several.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Part<'p> {
    /// The file inside an archive.
    pub(crate) member: Option<&'p str>,
    /// The sheet of a workbook.
    pub(crate) sheet: Option<&'p str>,
}

impl<'p> Part<'p> {
    /// The part of a file that a wave names, with the sheet that it names beside.
    pub(crate) fn of(name: &'p str, sheet: Option<&'p str>) -> Self {
        Self { member: archive::split(name).map(|(_, member)| member), sheet }
    }
}

/// Reads a raw file, or a part of it, and keeps the columns `wanted`. Findings go to `findings`; `None` when the
/// file cannot be read at all.
pub(crate) fn open(
    path: &str,
    bytes: &[u8],
    (format, part): (Format, Part<'_>),
    wanted: Wanted<'_>,
    findings: &mut Vec<Finding>,
) -> Option<DataFile> {
    if let Some(finding) = foreign::finding(path, bytes) {
        findings.push(finding);
        return None;
    }
    match FileFormat::of(path, bytes) {
        FileFormat::Delimited => DataFile::read(path, bytes, format, wanted, findings),
        FileFormat::Zip => {
            let unpacked = archive::read(path, part.member, bytes, findings)?;
            open(&unpacked.path, &unpacked.bytes, (format, part), wanted, findings)
        }
        FileFormat::Xlsx | FileFormat::Ods | FileFormat::Xls => {
            let grid = workbook::read(path, bytes, findings)?;
            let sheet = chosen(path, grid.sheets, (format.tool, part.sheet), findings)?;
            rows_below_heading(path, sheet, format, wanted, findings)
        }
        FileFormat::Sav => {
            let table = spss::read(path, bytes, findings)?;
            typed_columns(path, table, format, wanted, findings)
        }
        FileFormat::Dta => {
            let table = stata::read(path, bytes, findings)?;
            typed_columns(path, table, format, wanted, findings)
        }
        FileFormat::Parquet | FileFormat::Arrow => {
            let table = columnar::read(path, bytes, findings)?;
            typed_columns(path, table, format, wanted, findings)
        }
    }
}

/// The columns of a table whose format names and types them.
fn typed_columns(
    path: &str,
    table: RawTable,
    format: Format,
    wanted: Wanted<'_>,
    findings: &mut Vec<Finding>,
) -> Option<DataFile> {
    let names: Vec<String> = table.columns.iter().map(|column| column.about.name.clone()).collect();
    if let Some(finding) = misfit_header(path, &names, format, wanted) {
        findings.push(finding);
        return None;
    }
    findings.extend(repeated_names(path, &names, wanted));
    if let Wanted::Named(_) = wanted {
        let read = table.columns.iter().filter(|column| wanted.includes(&column.about.name));
        findings.extend(read.filter_map(|column| column.about.unreadable(path)));
    }
    let mut columns = BTreeMap::new();
    let mut said = Said { weight: table.weight, ..Said::default() };
    let is_read = |about: &About| wanted.includes(&about.name) && about.no_answers.is_none();
    for column in table.columns.into_iter().filter(|column| is_read(&column.about)) {
        let About { name, label, missing, value_labels, .. } = column.about;
        said.missing.entry(name.clone()).or_insert(missing);
        said.words.entry(name.clone()).or_insert(value_labels);
        said.questions.extend(label.map(|label| (name.clone(), label)));
        columns.entry(name).or_insert(column.cells);
    }
    Some(DataFile::new(path, names, table.row_numbers, '.', columns).saying(said))
}

/// The sheet that holds the rows: the one that is named, the one that the tool writes them to, or the only one with content.
fn chosen(
    path: &str,
    sheets: Vec<Sheet>,
    (tool, named): (SurveyTool, Option<&str>),
    findings: &mut Vec<Finding>,
) -> Option<Sheet> {
    let place = || Place::File { file: path.to_owned() };
    let by_tool = (tool == SurveyTool::SurveyXact).then_some(SURVEYXACT_SHEET);
    let names: Vec<String> = sheets.iter().map(|sheet| sheet.name.clone()).collect();
    let mut filled = sheets.into_iter().filter(|sheet| !sheet.rows.is_empty());
    let Some(name) = named.or(by_tool) else {
        let mut shown = filled.filter(|sheet| !sheet.hidden);
        let only = shown.next();
        if shown.next().is_none() && only.is_some() {
            return only;
        }
        let message = format!("the workbook has several sheets: {}", names.join(", "));
        findings
            .push(Finding::error(place(), "which-sheet", message).hint("name the one with the rows: sheet = \"...\""));
        return None;
    };
    let sheet = filled.find(|sheet| sheet.name == name);
    if sheet.is_none() {
        let finding = Finding::error(place(), "no-sheet", format!("the workbook has no sheet {name:?} with content"));
        findings.push(finding.did_you_mean(name, names.iter().map(String::as_str)));
    }
    sheet
}

/// A sheet's rows as columns. Its rows have one length, so none can be ragged.
fn rows_below_heading(
    path: &str,
    sheet: Sheet,
    format: Format,
    wanted: Wanted<'_>,
    findings: &mut Vec<Finding>,
) -> Option<DataFile> {
    let trimmed = |row: &Vec<String>| row.iter().map(|cell| cell.trim().to_owned()).collect();
    let first: Vec<Vec<String>> = sheet.rows.iter().take(HEADER_ROWS_AT_MOST).map(trimmed).collect();
    let heading = tool::heading(format.tool, &first);
    if let Some(finding) = misfit_header(path, &heading.names, format, wanted) {
        let rows = sheet.rows.iter().map(Vec::as_slice);
        findings.push(misfit_above(path, rows, wanted).unwrap_or(finding));
        return None;
    }
    findings.extend(repeated_names(path, &heading.names, wanted));
    findings.extend(sheet.findings);
    let below = sheet.rows.get(heading.rows..).unwrap_or_default();
    if below.is_empty() {
        let place = Place::File { file: path.to_owned() };
        findings.push(Finding::error(place, "no-rows", "the sheet has a header row and no rows below it"));
    }
    let mut columns: BTreeMap<String, RawColumn> = BTreeMap::new();
    for (position, name) in heading.names.iter().enumerate() {
        if wanted.includes(name) && !columns.contains_key(name) {
            let mut column = Distinct::default();
            for row in below {
                column.push(row[position].trim());
            }
            columns.insert(name.clone(), column.into_column());
        }
    }
    let row_numbers = (0..below.len()).map(|row| counted(heading.rows + row + 1)).collect();
    Some(DataFile::new(path, heading.names, row_numbers, '.', columns))
}
