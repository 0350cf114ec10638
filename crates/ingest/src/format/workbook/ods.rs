//! An ods file (OpenDocument 1.2 and later): one XML part with all tables.
//!
//! A cell tells its value in an attribute and what it shows in paragraphs; the value is read. Cells and rows that are alike are
//! written once with their number, which may be as large as the sheet.

use std::collections::BTreeSet;

use super::date::{decimal, iso, iso_duration};
use super::sheet::{Budget, Oddity, Role, SheetReader};
use super::xml::{Element, Inside, Node, Walk};
use super::{Sheet, Stop};
use crate::format::archive::Container;

/// The longest run of blanks that one element may stand for: a cell of Excel holds no more letters.
const BLANKS_AT_MOST: usize = 32_767;

/// Cells of a row that are alike.
struct Run {
    column: usize,
    cells: usize,
    text: String,
    role: Role,
    oddities: Vec<Oddity>,
    merged: bool,
}

/// Reads all tables.
pub(super) fn read(path: &str, mut parts: Container<'_>, budget: &mut Budget) -> Result<Vec<Sheet>, Stop> {
    if is_encrypted(&parts.unpack("META-INF/manifest.xml")?)? {
        return Err(Stop::Password);
    }
    let content = parts.unpack("content.xml")?;
    let mut walk = Walk::new(&content)?;
    let mut hiding_styles = BTreeSet::new();
    let mut style = None;
    let mut sheets = Vec::new();
    while let Some(node) = walk.next()? {
        let Node::Open(element) = node else { continue };
        if element.is("style") {
            style = element.attribute("name")?;
        } else if element.is("table-properties") && element.attribute("display")?.as_deref() == Some("false") {
            hiding_styles.extend(style.take());
        } else if element.is("table") {
            let name = element.attribute_with_prefix("table:name")?.ok_or(Stop::Damaged)?;
            let style = element.attribute("style-name")?;
            let hidden = style.is_some_and(|style| hiding_styles.contains(&style));
            let mut sheet = SheetReader::new(name, hidden, budget);
            read_table(&mut walk, &mut sheet)?;
            sheets.push(sheet.finish(path));
        }
    }
    Ok(sheets)
}

fn is_encrypted(manifest: &[u8]) -> Result<bool, Stop> {
    let mut walk = Walk::new(manifest)?;
    while let Some(node) = walk.next()? {
        match node {
            Node::Open(element) if element.is("encryption-data") => return Ok(true),
            Node::Open(_) | Node::Close(_) => {}
        }
    }
    Ok(false)
}

/// Reads the table that was just opened.
fn read_table(walk: &mut Walk<'_>, sheet: &mut SheetReader<'_>) -> Result<(), Stop> {
    let depth = walk.depth();
    let mut row = 0;
    while let Some(element) = walk.child(depth)? {
        if element.is("table-row") {
            let repeated = count(&element, "number-rows-repeated")?;
            let runs = read_row(walk)?;
            put_row(sheet, row, repeated, &runs)?;
            row = row.saturating_add(repeated);
        } else if !is_group_of_rows(&element) {
            // Drawings, forms, and what LibreOffice remembers of other files hold cells that are not the table's.
            walk.skip()?;
        }
    }
    Ok(())
}

fn is_group_of_rows(element: &Element<'_>) -> bool {
    ["table-row-group", "table-header-rows", "table-rows"].iter().any(|name| element.is(name))
}

/// Reads the row that was just opened.
fn read_row(walk: &mut Walk<'_>) -> Result<Vec<Run>, Stop> {
    let depth = walk.depth();
    let mut runs = Vec::new();
    let mut column: usize = 0;
    while let Some(element) = walk.child(depth)? {
        if !element.is("table-cell") && !element.is("covered-table-cell") {
            walk.skip()?;
            continue;
        }
        let cells = count(&element, "number-columns-repeated")?;
        let run = read_cell(walk, &element, column, cells)?;
        if !run.text.is_empty() || !run.oddities.is_empty() || run.merged {
            runs.push(run);
        }
        column = column.saturating_add(cells);
    }
    Ok(runs)
}

/// Reads the cell that was just opened.
fn read_cell(walk: &mut Walk<'_>, cell: &Element<'_>, column: usize, cells: usize) -> Result<Run, Stop> {
    let kind = cell.attribute_with_prefix("office:value-type")?.unwrap_or_default();
    let is_error = cell.attribute_with_prefix("calcext:value-type")?.as_deref() == Some("error");
    let formula = cell.attribute("formula")?;
    let shown = paragraphs(walk)?;
    let mut oddities = Vec::new();
    let constant = formula.as_deref().and_then(constant);
    if formula.is_some() && constant.is_none() {
        oddities.push(if kind.is_empty() { Oddity::FormulaWithoutValue } else { Oddity::Formula });
    }
    if is_error {
        oddities.push(Oddity::ErrorValue);
    }
    let spans = |name| Ok::<bool, Stop>(count(cell, name)? > 1);
    let merged = spans("number-columns-spanned")? || spans("number-rows-spanned")?;
    let (text, role) = match constant {
        Some(constant) => (constant.to_owned(), Role::Text),
        None if is_error => (shown, Role::Text),
        None => cell_text(cell, &kind, shown)?,
    };
    Ok(Run { column, cells, text, role, oddities, merged })
}

/// What LibreOffice makes of the conditions of an xlsx file: formulas that are always the same, with the value 0 or 1.
fn constant(formula: &str) -> Option<&'static str> {
    match formula.rsplit('=').next() {
        Some("TRUE()") => Some("TRUE"),
        Some("FALSE()") => Some("FALSE"),
        Some(_) | None => None,
    }
}

/// The text of a cell's value.
fn cell_text(cell: &Element<'_>, kind: &str, shown: String) -> Result<(String, Role), Stop> {
    let value = |name: &str| cell.attribute_with_prefix(name)?.ok_or(Stop::Damaged);
    match kind {
        "" => Ok((shown, Role::Text)),
        "string" => Ok((cell.attribute_with_prefix("office:string-value")?.unwrap_or(shown), Role::Text)),
        "float" | "percentage" | "currency" => {
            let number = value("office:value")?.parse::<f64>().ok().filter(|number| number.is_finite());
            Ok((decimal(number.ok_or(Stop::Damaged)?), Role::Number))
        }
        "boolean" => Ok((value("office:boolean-value")?.to_ascii_uppercase(), Role::Text)),
        "date" => Ok((iso(&value("office:date-value")?).ok_or(Stop::Damaged)?, Role::Date)),
        "time" => Ok((iso_duration(&value("office:time-value")?).ok_or(Stop::Damaged)?, Role::Date)),
        _ => Err(Stop::Damaged),
    }
}

/// The paragraphs of the cell that was just opened, one per line, without comments and drawings.
fn paragraphs(walk: &mut Walk<'_>) -> Result<String, Stop> {
    let depth = walk.depth();
    let mut lines = Vec::new();
    while let Some(child) = walk.child(depth)? {
        if child.is("p") {
            lines.push(walk.text(&mut in_paragraph)?);
        } else {
            walk.skip()?;
        }
    }
    Ok(lines.join("\n"))
}

/// What an element inside a paragraph stands for.
fn in_paragraph(element: &Element<'_>, text: &mut String) -> Inside {
    if element.is("s") {
        let blanks = count(element, "c").unwrap_or(1);
        text.extend(std::iter::repeat_n(' ', blanks.min(BLANKS_AT_MOST)));
    } else if element.is("tab") {
        text.push('\t');
    } else if element.is("line-break") {
        text.push('\n');
    }
    if element.is("annotation") || element.is("frame") { Inside::Left } else { Inside::Taken }
}

/// Puts a row as often as it is repeated. A row without text stands for nothing but itself.
fn put_row(sheet: &mut SheetReader<'_>, row: usize, repeated: usize, runs: &[Run]) -> Result<(), Stop> {
    let has_text = runs.iter().any(|run| !run.text.is_empty());
    let end = row.saturating_add(if has_text { repeated } else { 1 });
    // What does not fit is told before it is written a million times.
    if let Some(last) = runs.iter().rfind(|run| !run.text.is_empty()) {
        sheet.fitting(end - 1, last.column.saturating_add(last.cells - 1))?;
    }
    for row in row..end {
        for run in runs {
            let cells = if run.text.is_empty() { 1 } else { run.cells };
            for column in run.column..run.column.saturating_add(cells) {
                sheet.set(row, column, run.text.clone(), run.role)?;
                run.oddities.iter().for_each(|oddity| sheet.note(*oddity, row, column));
            }
            if run.merged {
                sheet.merged((row, run.column));
            }
        }
    }
    Ok(())
}

/// A number of cells, 1 where the attribute is missing.
fn count(element: &Element<'_>, attribute: &str) -> Result<usize, Stop> {
    let count = element.attribute(attribute)?.map_or(Ok(1), |value| value.parse().map_err(|_| Stop::Damaged))?;
    if count == 0 { Err(Stop::Damaged) } else { Ok(count) }
}
