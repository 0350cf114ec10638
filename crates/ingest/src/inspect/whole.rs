//! Formats that are read whole: archives, workbooks, and files whose columns carry their names, questions and words with them.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use codebook::{Finding, Place, Severity, SurveyTool};

use super::columns::Columns;
use super::signature::{Recognised, recognise};
use super::{FileFormat, Inspection};
use crate::format::archive::{self, Unpacked};
use crate::format::workbook::{self, Sheet};
use crate::format::{columnar, foreign, spss, stata};
use crate::raw::{About, DeclaredMissing, RawColumn, RawTable, ValueLabel};
use crate::tool::HEADER_ROWS_AT_MOST;

/// The sheets of a SurveyXact workbook: the answers; names and questions; variables, values and their words.
const DATASET: &str = "Dataset";
const VARIABLES: &str = "Variables";
const LABELS: &str = "Labels";

/// Inspects a file by its bytes.
pub(super) fn inspect(path: &str, bytes: &[u8]) -> io::Result<Result<Inspection, Vec<Finding>>> {
    if let Some(finding) = foreign::finding(path, bytes) {
        return Ok(Err(vec![finding]));
    }
    let mut findings = Vec::new();
    let format = FileFormat::of(path, bytes);
    let inspection = match format {
        FileFormat::Delimited => return super::delimited::inspect(path, bytes, &mut || Ok(bytes)),
        FileFormat::Zip => match in_archive(path, bytes, &mut findings) {
            Some(member) => return inspect(&member.path, &member.bytes),
            None => None,
        },
        FileFormat::Xlsx | FileFormat::Ods | FileFormat::Xls => workbook::read(path, bytes, &mut findings)
            .and_then(|grid| of_sheets(path, format, grid.sheets, &mut findings)),
        FileFormat::Parquet | FileFormat::Arrow => {
            columnar::read(path, bytes, &mut findings).map(|table| of_table(path, format, table, &mut findings))
        }
        FileFormat::Sav => {
            spss::read(path, bytes, &mut findings).map(|table| of_table(path, format, table, &mut findings))
        }
        FileFormat::Dta => {
            stata::read(path, bytes, &mut findings).map(|table| of_table(path, format, table, &mut findings))
        }
    };
    findings.sort();
    Ok(inspection.ok_or(findings))
}

/// The file that is named inside an archive, as in `export.zip/answers.csv`, or the only one.
fn in_archive(path: &str, bytes: &[u8], findings: &mut Vec<Finding>) -> Option<Unpacked> {
    let (archive, member) = archive::split(path).map_or((path, None), |(archive, member)| (archive, Some(member)));
    archive::read(archive, member, bytes, findings)
}

/// What a file with named columns holds.
fn of_table(path: &str, format: FileFormat, table: RawTable, findings: &mut Vec<Finding>) -> Inspection {
    let declared: Vec<Vec<DeclaredMissing>> = table.columns.iter().map(|column| column.about.missing.clone()).collect();
    let (abouts, cells): (Vec<About>, Vec<_>) =
        table.columns.into_iter().map(|column| (told(column.about, &column.cells), column.cells)).unzip();
    // Whoever reads another column need not care.
    let unread = abouts.iter().filter_map(|about| about.unreadable(path));
    findings.extend(unread.map(|finding| Finding { severity: Severity::Warning, ..finding }));
    let mut columns = Columns::new(abouts);
    for (row, number) in table.row_numbers.iter().enumerate() {
        columns.add(*number, cells.iter().map(|column| column.value(row).trim()), cells.len());
    }
    let tool = if format == FileFormat::Sav { SurveyTool::Spss } else { SurveyTool::Plain };
    let mut inspection = columns.inspection(path, format, (tool, 0), std::mem::take(findings));
    for (column, declared) in inspection.columns.iter_mut().zip(declared) {
        for code in &mut column.codes {
            code.declared_missing = declared.iter().any(|missing| missing.covers(&code.value));
        }
    }
    inspection
}

/// A column that has words for all of its values has them for those that mean no answer, too: they are listed with the others, and
/// marked.
fn told(about: About, cells: &RawColumn) -> About {
    let labelled: BTreeSet<&str> = about.value_labels.iter().map(|label| label.value.as_str()).collect();
    let all_have_words = cells.values().iter().all(|value| value.is_empty() || labelled.contains(value));
    let missing = if all_have_words { Vec::new() } else { about.missing };
    About { missing, ..about }
}

/// What a workbook holds: its sheet of answers, with questions and words from the others if SurveyXact wrote it.
fn of_sheets(path: &str, format: FileFormat, sheets: Vec<Sheet>, findings: &mut Vec<Finding>) -> Option<Inspection> {
    let (answers, others) = answers_and_others(sheets);
    let Some(answers) = answers else {
        let finding =
            Finding::error(Place::File { file: path.to_owned() }, "no-rows", "no sheet that is shown has rows");
        findings.push(finding);
        return None;
    };
    if !others.is_empty() && !explain(&answers, &others) {
        let names: Vec<&str> = others.iter().map(|sheet| sheet.name.as_str()).collect();
        let message = format!("the workbook has other sheets: {}", names.join(", "));
        let finding = Finding::warning(Place::File { file: path.to_owned() }, "which-sheet", message);
        findings.push(
            finding.hint(format!("{:?} is described here; a wave names its sheet under [answers]", answers.name)),
        );
    }
    let by_sheets = is_surveyxact(&answers, &others);
    findings.extend(answers.findings);
    let rows: Vec<Vec<String>> = answers.rows;
    let first: Vec<Vec<String>> = rows
        .iter()
        .take(HEADER_ROWS_AT_MOST)
        .map(|row| row.iter().map(|cell| cell.trim().to_owned()).collect())
        .collect();
    let Recognised { tool, heading, labels } = recognise(&first);
    let tool = if by_sheets { SurveyTool::SurveyXact } else { tool };
    let (questions, mut words) = (questions(&others), words(&others));
    let named = heading.names.into_iter().zip(labels);
    let abouts = named.map(|(name, label)| About {
        label: label.or_else(|| questions.get(name.as_str()).map(|text| (*text).to_owned())),
        value_labels: words.remove(name.as_str()).unwrap_or_default(),
        name,
        ..About::default()
    });
    let mut columns = Columns::new(abouts.collect());
    for (number, row) in (1..).zip(&rows).skip(heading.rows) {
        columns.add(number, row.iter().map(|cell| cell.trim()), row.len());
    }
    let inspection = columns.inspection(path, format, (tool, heading.rows), std::mem::take(findings));
    Some(Inspection { sheet: Some(answers.name), ..inspection })
}

/// The sheet of answers, and the others that are shown and hold something.
fn answers_and_others(sheets: Vec<Sheet>) -> (Option<Sheet>, Vec<Sheet>) {
    let mut filled: Vec<Sheet> = sheets.into_iter().filter(|sheet| !sheet.hidden && !sheet.rows.is_empty()).collect();
    if filled.is_empty() {
        return (None, filled);
    }
    let place = filled.iter().position(|sheet| sheet.name == DATASET).unwrap_or(0);
    let answers = filled.remove(place);
    (Some(answers), filled)
}

/// Whether the other sheets hold nothing but what the answers mean.
fn explain(answers: &Sheet, others: &[Sheet]) -> bool {
    answers.name == DATASET && others.iter().all(|sheet| [VARIABLES, LABELS].contains(&sheet.name.as_str()))
}

/// SurveyXact names the columns of its dataset in a sheet of their own. Words of values alone others write beside theirs, too.
fn is_surveyxact(answers: &Sheet, others: &[Sheet]) -> bool {
    let header = answers.rows.first().map(Vec::as_slice).unwrap_or_default();
    let names_a_column = |name: &str| header.iter().any(|known| known.trim() == name);
    answers.name == DATASET && rows_of::<1>(others, VARIABLES).any(|[name]| names_a_column(name))
}

/// The rows of a sheet of this name, cut to so many cells.
fn rows_of<'s, const CELLS: usize>(sheets: &'s [Sheet], name: &str) -> impl Iterator<Item = [&'s str; CELLS]> {
    let sheet = sheets.iter().find(|sheet| sheet.name == name);
    let rows = sheet.into_iter().flat_map(|sheet| &sheet.rows);
    rows.map(|row| std::array::from_fn(|cell| row.get(cell).map_or("", |text| text.trim())))
}

/// The questions of variables, as SurveyXact tells them.
fn questions(sheets: &[Sheet]) -> BTreeMap<&str, &str> {
    let mut questions = BTreeMap::new();
    for [name, text] in rows_of::<2>(sheets, VARIABLES).filter(|[_, text]| !text.is_empty()) {
        questions.entry(name).or_insert(text);
    }
    questions
}

/// The words of the values of variables, as SurveyXact tells them.
fn words(sheets: &[Sheet]) -> BTreeMap<&str, Vec<ValueLabel>> {
    let mut words: BTreeMap<&str, Vec<ValueLabel>> = BTreeMap::new();
    for [name, value, label] in rows_of::<3>(sheets, LABELS).filter(|[_, value, _]| !value.is_empty()) {
        words.entry(name).or_default().push(ValueLabel { value: value.to_owned(), label: label.to_owned() });
    }
    words
}
