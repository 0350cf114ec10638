//! An xlsx file (ECMA-376): a zip archive of XML parts that point to each other.

use std::collections::BTreeMap;

use super::date::{Epoch, Shown, decimal, iso};
use super::sheet::{Budget, Oddity, Role, SheetReader, cell_position};
use super::xml::{Element, Inside, Node, Walk};
use super::{Sheet, Stop};
use crate::format::archive::Container;

/// What the cells of every sheet refer to.
struct Shared {
    strings: Vec<String>,
    /// What each style of the workbook shows of a number.
    styles: Vec<Shown>,
    epoch: Epoch,
}

/// A relationship of a part to another one.
struct Relationship {
    /// The last word of its type: `worksheet`.
    kind: String,
    /// The part, from the root of the archive.
    target: String,
}

/// A sheet as the workbook names it.
struct SheetEntry {
    name: String,
    hidden: bool,
    part: String,
}

/// Reads all sheets that hold cells.
pub(super) fn read(path: &str, mut parts: Container<'_>, budget: &mut Budget) -> Result<Vec<Sheet>, Stop> {
    let workbook = workbook_part(&mut parts)?;
    let relationships = relationships(&mut parts, &workbook)?;
    let (entries, epoch) = workbook_sheets(&parts.unpack(&workbook)?, &relationships)?;
    let part_of = |kind: &str| relationships.values().find(|one| one.kind == kind && parts.holds(&one.target));
    let (strings, styles) = (part_of("sharedStrings"), part_of("styles"));
    let shared = Shared {
        strings: strings.map_or(Ok(Vec::new()), |part| read_strings(&parts.unpack(&part.target)?))?,
        styles: styles.map_or(Ok(Vec::new()), |part| read_styles(&parts.unpack(&part.target)?))?,
        epoch,
    };
    let read_one = |entry: SheetEntry| {
        let reader = SheetReader::new(entry.name, entry.hidden, budget);
        read_sheet(path, &parts.unpack(&entry.part)?, &shared, reader)
    };
    entries.into_iter().map(read_one).collect()
}

/// The part that lists the sheets.
fn workbook_part(parts: &mut Container<'_>) -> Result<String, Stop> {
    let document = relationships(parts, "")?.into_values().find(|one| one.kind == "officeDocument");
    let part = document.ok_or(Stop::NoWorkbook)?.target;
    match part.rsplit('/').next() {
        Some("workbook.bin") => Err(Stop::Binary),
        Some(name) if name.ends_with(".xml") && parts.holds(&part) => Ok(part),
        Some(_) | None => Err(Stop::NoWorkbook),
    }
}

/// The relationships of a part by their id; those of the archive itself for the empty name.
fn relationships(parts: &mut Container<'_>, part: &str) -> Result<BTreeMap<String, Relationship>, Stop> {
    let (folder, name) = part.rsplit_once('/').map_or(("", part), |(folder, name)| (folder, name));
    let list = resolve(folder, &format!("_rels/{name}.rels"));
    let bytes = parts.unpack(&list)?;
    let mut walk = Walk::new(&bytes)?;
    let mut relationships = BTreeMap::new();
    while let Some(node) = walk.next()? {
        let Node::Open(element) = node else { continue };
        if element.is("Relationship")
            && let (Some(id), Some(kind), Some(target)) =
                (element.attribute("Id")?, element.attribute("Type")?, element.attribute("Target")?)
        {
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            relationships.insert(id, Relationship { kind, target: resolve(folder, &target) });
        }
    }
    Ok(relationships)
}

/// A target as it is seen from a folder, from the root of the archive.
fn resolve(folder: &str, target: &str) -> String {
    let mut path: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            name => path.push(name),
        }
    }
    path.retain(|step| !step.is_empty());
    path.join("/")
}

fn workbook_sheets(
    part: &[u8],
    relationships: &BTreeMap<String, Relationship>,
) -> Result<(Vec<SheetEntry>, Epoch), Stop> {
    let mut walk = Walk::new(part)?;
    let mut entries = Vec::new();
    let mut epoch = Epoch::From1900;
    while let Some(node) = walk.next()? {
        let Node::Open(element) = node else { continue };
        if element.is("workbookPr") && element.attribute("date1904")?.is_some_and(|value| is_true(&value)) {
            epoch = Epoch::From1904;
        }
        if element.is("sheet")
            && let (Some(name), Some(id)) = (element.attribute("name")?, element.attribute("id")?)
        {
            let relationship = relationships.get(&id).ok_or(Stop::Damaged)?;
            let hidden = element.attribute("state")?.is_some_and(|state| state != "visible");
            // Sheets of charts and dialogs hold no cells.
            if relationship.kind == "worksheet" {
                entries.push(SheetEntry { name, hidden, part: relationship.target.clone() });
            }
        }
    }
    Ok((entries, epoch))
}

fn is_true(value: &str) -> bool {
    matches!(value, "1" | "true")
}

fn read_strings(part: &[u8]) -> Result<Vec<String>, Stop> {
    let mut walk = Walk::new(part)?;
    let mut strings = Vec::new();
    while let Some(node) = walk.next()? {
        match node {
            Node::Open(element) if element.is("si") => strings.push(rich_text(&mut walk)?),
            Node::Open(_) | Node::Close(_) => {}
        }
    }
    Ok(strings)
}

/// The text of the string that was just opened: its runs one after the other, without what tells the pronunciation.
fn rich_text(walk: &mut Walk<'_>) -> Result<String, Stop> {
    let depth = walk.depth();
    let mut text = String::new();
    while let Some(child) = walk.child(depth)? {
        if child.is("t") {
            text.push_str(&plain_text(walk)?);
        } else if !child.is("r") {
            walk.skip()?;
        }
    }
    Ok(if text.contains("_x") { unescaped(&text) } else { text })
}

/// All text of the element that was just opened.
fn plain_text(walk: &mut Walk<'_>) -> Result<String, Stop> {
    walk.text(&mut |_, _| Inside::Taken)
}

/// Undoes how Excel writes letters that XML does not allow: `_x000D_`.
fn unescaped(text: &str) -> String {
    let mut units: Vec<u16> = Vec::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if let Some(unit) = rest.get(..7).and_then(escaped_unit) {
            units.push(unit);
            rest = &rest[7..];
        } else {
            units.extend(letter.encode_utf16(&mut [0; 2]).iter());
            rest = &rest[letter.len_utf8()..];
        }
    }
    // Half of a letter cannot be shown; then the text stays as the file has it.
    String::from_utf16(&units).unwrap_or_else(|_| text.to_owned())
}

fn escaped_unit(escape: &str) -> Option<u16> {
    let digits = escape.strip_prefix("_x")?.strip_suffix('_')?;
    let is_number = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_number.then(|| u16::from_str_radix(digits, 16).ok()).flatten()
}

/// What each style shows of a number. Only the formats of cells count, not those that cell styles are named for.
fn read_styles(part: &[u8]) -> Result<Vec<Shown>, Stop> {
    let mut walk = Walk::new(part)?;
    let mut formats: BTreeMap<u32, Shown> = BTreeMap::new();
    let mut styles = Vec::new();
    while let Some(node) = walk.next()? {
        let Node::Open(element) = node else { continue };
        if element.is("numFmt")
            && let (Some(id), Some(code)) = (number(&element, "numFmtId")?, element.attribute("formatCode")?)
        {
            formats.insert(id, Shown::of_format(&code));
        }
        if element.is("cellXfs") {
            let depth = walk.depth();
            while let Some(child) = walk.child(depth)? {
                if child.is("xf") {
                    let id = number(&child, "numFmtId")?.unwrap_or_default();
                    styles.push(formats.get(&id).copied().unwrap_or_else(|| Shown::built_in(id)));
                }
                walk.skip()?;
            }
        }
    }
    Ok(styles)
}

fn number(element: &Element<'_>, attribute: &str) -> Result<Option<u32>, Stop> {
    element.attribute(attribute)?.map(|value| value.parse().map_err(|_| Stop::Damaged)).transpose()
}

fn read_sheet(path: &str, part: &[u8], shared: &Shared, mut sheet: SheetReader<'_>) -> Result<Sheet, Stop> {
    let mut walk = Walk::new(part)?;
    let mut is_sheet = false;
    // Where the next cell stands if it does not say so itself.
    let (mut row, mut column) = (0, 0);
    while let Some(node) = walk.next()? {
        let element = match node {
            Node::Open(element) => element,
            Node::Close(name) => {
                if name == "row" {
                    (row, column) = (row + 1, 0);
                }
                continue;
            }
        };
        if element.is("sheetData") {
            is_sheet = true;
        } else if element.is("row") {
            if let Some(number) = number(&element, "r")? {
                row = usize::try_from(number).ok().and_then(|number| number.checked_sub(1)).ok_or(Stop::Damaged)?;
            }
        } else if element.is("c") {
            if let Some(name) = element.attribute("r")? {
                (row, column) = cell_position(&name).ok_or(Stop::Damaged)?;
            }
            read_cell(&mut walk, &element, shared, &mut sheet, (row, column))?;
            column += 1;
        } else if element.is("mergeCell") {
            let range = element.attribute("ref")?.ok_or(Stop::Damaged)?;
            let (first, last) = range.split_once(':').unwrap_or((&range, &range));
            if first != last {
                sheet.merged(cell_position(first).ok_or(Stop::Damaged)?);
            }
        }
    }
    if is_sheet { Ok(sheet.finish(path)) } else { Err(Stop::Damaged) }
}

/// Reads the cell that was just opened.
fn read_cell(
    walk: &mut Walk<'_>,
    cell: &Element<'_>,
    shared: &Shared,
    sheet: &mut SheetReader<'_>,
    (row, column): (usize, usize),
) -> Result<(), Stop> {
    let kind = cell.attribute("t")?.unwrap_or_else(|| "n".to_owned());
    let style = number(cell, "s")?.unwrap_or_default();
    let depth = walk.depth();
    let (mut value, mut has_formula) = (String::new(), false);
    while let Some(child) = walk.child(depth)? {
        if child.is("v") && kind != "inlineStr" {
            value = plain_text(walk)?;
        } else if child.is("is") {
            value = rich_text(walk)?;
        } else if child.is("f") {
            // LibreOffice writes the constants so.
            has_formula = !matches!(plain_text(walk)?.as_str(), "TRUE()" | "FALSE()");
        } else {
            walk.skip()?;
        }
    }
    if has_formula {
        let is_calculated = !value.is_empty() || kind == "str";
        sheet.note(if is_calculated { Oddity::Formula } else { Oddity::FormulaWithoutValue }, row, column);
    }
    if kind == "e" {
        sheet.note(Oddity::ErrorValue, row, column);
    }
    let (text, role) = cell_text(&kind, value, style, shared)?;
    sheet.set(row, column, text, role)
}

/// The text of a cell's value.
fn cell_text(kind: &str, value: String, style: u32, shared: &Shared) -> Result<(String, Role), Stop> {
    match kind {
        "inlineStr" | "e" => Ok((value, Role::Text)),
        "str" => Ok((unescaped(&value), Role::Text)),
        _ if value.trim().is_empty() => Ok((String::new(), Role::Text)),
        "s" => {
            let string = value.trim().parse::<usize>().ok().and_then(|number| shared.strings.get(number));
            Ok((string.ok_or(Stop::Damaged)?.clone(), Role::Text))
        }
        "b" => Ok((if is_true(value.trim()) { "TRUE" } else { "FALSE" }.to_owned(), Role::Text)),
        "d" => Ok((iso(value.trim()).ok_or(Stop::Damaged)?, Role::Date)),
        "n" => {
            let number = value.trim().parse::<f64>().ok().filter(|number| number.is_finite()).ok_or(Stop::Damaged)?;
            let shown = usize::try_from(style).ok().and_then(|style| shared.styles.get(style));
            Ok(shown.map_or_else(|| (decimal(number), Role::Number), |shown| shown.text(number, shared.epoch)))
        }
        _ => Err(Stop::Damaged),
    }
}

#[cfg(test)]
mod tests {
    use super::{resolve, unescaped};

    #[test]
    fn letters_that_xml_forbids_come_back() {
        assert_eq!(unescaped("a_x000D_\nb"), "a\r\nb");
        assert_eq!(unescaped("_x005F_x000D_"), "_x000D_");
        assert_eq!(unescaped("_xD83D__xDE42_ æ_x00"), "🙂 æ_x00");
        assert_eq!(unescaped("_xD83D_"), "_xD83D_");
        assert_eq!(unescaped("_x00+1_"), "_x00+1_");
    }

    #[test]
    fn a_part_is_found_from_the_folder_that_names_it() {
        assert_eq!(resolve("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolve("xl", "/xl/styles.xml"), "xl/styles.xml");
        assert_eq!(resolve("xl/worksheets", "../styles.xml"), "xl/styles.xml");
        assert_eq!(resolve("", "_rels/.rels"), "_rels/.rels");
        assert_eq!(resolve("xl", "../../../etc"), "etc");
    }
}
