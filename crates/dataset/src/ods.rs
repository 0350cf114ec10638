//! The sheets as an OpenDocument spreadsheet (version 1.3): the same cells as the workbook, packed the same way every time.
//!
//! Written here rather than by a library: those that there are take the date from the clock, and what these sheets need is texts and numbers.

use std::collections::BTreeSet;
use std::io::{Cursor, Write};

use codebook::Language;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::sheets::{Kind, Sheet, Value, title};
use crate::xml::Element;
use crate::{DatasetError, Source};

const MIME: &str = "application/vnd.oasis.opendocument.spreadsheet";
const VERSION: (&str, &str) = ("office:version", "1.3");
const OFFICE: (&str, &str) = ("xmlns:office", "urn:oasis:names:tc:opendocument:xmlns:office:1.0");

pub(crate) fn ods(source: Source<'_>, language: &Language, sheets: &[Sheet]) -> Result<Vec<u8>, DatasetError> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let plain = SimpleFileOptions::default().last_modified_time(DateTime::default());
    // The first entry tells what the file is, readable without unpacking.
    archive.start_file("mimetype", plain.compression_method(CompressionMethod::Stored))?;
    archive.write_all(MIME.as_bytes())?;
    let parts =
        [("META-INF/manifest.xml", manifest()), ("content.xml", content(sheets)), ("meta.xml", meta(source, language))];
    for (name, part) in parts {
        archive.start_file(name, plain.compression_method(CompressionMethod::Deflated))?;
        archive.write_all(&part.document())?;
    }
    Ok(archive.finish()?.into_inner())
}

fn manifest() -> Element {
    let entry = |path: &str, kind: &str| {
        Element::new("manifest:file-entry").with("manifest:full-path", path).with("manifest:media-type", kind)
    };
    Element::new("manifest:manifest")
        .with("xmlns:manifest", "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0")
        .with("manifest:version", "1.3")
        .children([entry("/", MIME), entry("content.xml", "text/xml"), entry("meta.xml", "text/xml")])
}

fn meta(source: Source<'_>, language: &Language) -> Element {
    let properties = Element::new("office:meta")
        .child(Element::new("dc:title").text(title(source, language)))
        .child(Element::new("dc:language").text(language.as_str()))
        .child(Element::new("meta:creation-date").text(format!("{}T00:00:00", source.day())));
    Element::new("office:document-meta")
        .with(OFFICE.0, OFFICE.1)
        .with("xmlns:dc", "http://purl.org/dc/elements/1.1/")
        .with("xmlns:meta", "urn:oasis:names:tc:opendocument:xmlns:meta:1.0")
        .with(VERSION.0, VERSION.1)
        .child(properties)
}

fn content(sheets: &[Sheet]) -> Element {
    Element::new("office:document-content")
        .with(OFFICE.0, OFFICE.1)
        .with("xmlns:table", "urn:oasis:names:tc:opendocument:xmlns:table:1.0")
        .with("xmlns:text", "urn:oasis:names:tc:opendocument:xmlns:text:1.0")
        .with("xmlns:style", "urn:oasis:names:tc:opendocument:xmlns:style:1.0")
        .with("xmlns:number", "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0")
        .with("xmlns:fo", "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0")
        .with(VERSION.0, VERSION.1)
        .child(styles(sheets))
        .child(Element::new("office:body").child(Element::new("office:spreadsheet").children(sheets.iter().map(table))))
}

/// The widths of columns and the decimals of numbers that are in use.
fn styles(sheets: &[Sheet]) -> Element {
    let widths: BTreeSet<u16> = sheets.iter().flat_map(|sheet| &sheet.widths).copied().collect();
    let cells = sheets.iter().flat_map(|sheet| sheet.rows.iter().flatten());
    let decimals: BTreeSet<u8> = cells
        .filter_map(|cell| match cell {
            Value::Number { decimals, .. } => Some(*decimals),
            Value::Empty | Value::Text(_) => None,
        })
        .collect();
    let width = |width: &u16| {
        // A character of the usual size is about two millimetres wide.
        let properties =
            Element::new("style:table-column-properties").with("style:column-width", format!("{}mm", width * 2));
        let style = Element::new("style:style").with("style:name", format!("width{width}"));
        style.with("style:family", "table-column").child(properties)
    };
    let number = |decimals: &u8| {
        let digits = Element::new("number:number")
            .with("number:decimal-places", decimals.to_string())
            .with("number:min-decimal-places", decimals.to_string())
            .with("number:min-integer-digits", "1");
        let format = Element::new("number:number-style").with("style:name", format!("digits{decimals}")).child(digits);
        let cell = Element::new("style:style")
            .with("style:name", format!("number{decimals}"))
            .with("style:family", "table-cell")
            .with("style:data-style-name", format!("digits{decimals}"));
        [format, cell]
    };
    Element::new("office:automatic-styles")
        .children(widths.iter().map(width))
        .children(decimals.iter().flat_map(number))
}

fn table(sheet: &Sheet) -> Element {
    let columns = sheet
        .widths
        .iter()
        .map(|width| Element::new("table:table-column").with("table:style-name", format!("width{width}")));
    let table =
        Element::new("table:table").with("table:name", &*sheet.name).children(title_of(sheet)).children(columns);
    match (&sheet.kind, sheet.rows.split_first()) {
        (Kind::Table { .. }, Some((header, rows))) => table
            .child(Element::new("table:table-header-rows").child(row(header)))
            .children(rows.iter().map(|it| row(it))),
        (Kind::Table { .. } | Kind::Lines, _) => table.children(sheet.rows.iter().map(|it| row(it))),
    }
}

/// What the table is about, for those who hear it.
fn title_of(sheet: &Sheet) -> Option<Element> {
    match &sheet.kind {
        Kind::Table { title } => Some(Element::new("table:title").text(&**title)),
        Kind::Lines => None,
    }
}

fn row(cells: &[Value]) -> Element {
    Element::new("table:table-row").children(cells.iter().map(cell))
}

fn cell(value: &Value) -> Element {
    let cell = Element::new("table:table-cell");
    match value {
        Value::Empty => cell,
        Value::Text(text) => cell.with("office:value-type", "string").child(Element::new("text:p").text(&**text)),
        Value::Number { digits, decimals } => cell
            .with("table:style-name", format!("number{decimals}"))
            .with("office:value-type", "float")
            .with("office:value", &**digits)
            .child(Element::new("text:p").text(&**digits)),
    }
}
