//! One workbook for the release, by the rules for accessible spreadsheets: a cover, contents, notes, then one table to a sheet from A1, without
//! merged or empty rows, formulas, comments or hidden sheets, and with a creation date that is the day of publication.

use codebook::Language;
use disclose::Cell;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Table, TableColumn, TableStyle, Workbook, Worksheet};

use crate::observation::{CONTENTS, Observed, mark, numbers, status};
use crate::tidy::text;
use crate::{DatasetError, Source};

/// The columns of a table's sheet.
const COLUMNS: [&str; 9] =
    ["row", "group", CONTENTS[0], CONTENTS[1], CONTENTS[2], CONTENTS[3], CONTENTS[4], "status", "reason"];

/// What the columns are.
const NOTES: [(&str, &str); 9] = [
    ("row", "what is estimated"),
    ("group", "among whom: everyone in the base, or one category of a breakdown"),
    ("estimate", "the estimate; shares are per cent"),
    ("se", "its standard error, in the same unit"),
    ("ci_low", "the lower confidence limit"),
    ("ci_high", "the upper confidence limit"),
    ("n", "answers behind it, unweighted"),
    ("status", "shown; flagged: to be read with care; hidden: not published"),
    ("reason", "why a cell is flagged or hidden"),
];

pub(crate) fn xlsx(source: Source<'_>, language: &Language) -> Result<Vec<u8>, DatasetError> {
    let (country, wave) = (source.country, source.wave);
    let day = wave.published;
    let created = ExcelDateTime::from_ymd(
        u16::try_from(day.year()).expect("a wave is published in a year of four digits"),
        u8::try_from(day.month()).expect("a month is below 13"),
        u8::try_from(day.day()).expect("a day is below 32"),
    )?;
    let title = format!("{}, {}", country.title.get(language), wave.window.get(language));
    let mut workbook = Workbook::new();
    let properties = DocProperties::new().set_title(&title).set_company(country.publisher.get(language));
    workbook.set_properties(&properties.set_creation_datetime(&created));
    let tables: Vec<Observed<'_>> =
        country.tables.iter().filter_map(|spec| Observed::new(source, spec, language)).collect();
    let names: Vec<String> = (1..=tables.len()).map(|number| format!("Table {number}")).collect();

    let mut cover = vec![title, country.publisher.get(language).to_owned(), day.to_string()];
    cover.extend(mark(source).map(str::to_owned));
    lines(workbook.add_worksheet().set_name("Cover")?, cover.iter().map(|line| [line.as_str(), ""]))?;
    let contents = names.iter().zip(&tables).map(|(name, table)| [name.as_str(), table.title()]);
    lines(workbook.add_worksheet().set_name("Contents")?, contents)?;
    lines(workbook.add_worksheet().set_name("Notes")?, NOTES.iter().map(|(column, what)| [*column, *what]))?;
    for (name, table) in names.iter().zip(&tables) {
        sheet(workbook.add_worksheet().set_name(name)?, table)?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// Two columns of text.
fn lines<'t>(sheet: &mut Worksheet, lines: impl Iterator<Item = [&'t str; 2]>) -> Result<(), DatasetError> {
    for (row, cells) in (0_u32..).zip(lines) {
        for (column, cell) in (0_u16..).zip(cells) {
            if !cell.is_empty() {
                sheet.write_string(row, column, text(cell))?;
            }
        }
    }
    sheet.set_column_width(0, 24)?;
    sheet.set_column_width(1, 80)?;
    Ok(())
}

fn sheet(sheet: &mut Worksheet, table: &Observed<'_>) -> Result<(), DatasetError> {
    let formats =
        [table.spec.decimals, table.spec.decimals + 1, table.spec.decimals, table.spec.decimals, 0].map(digits);
    let mut last = 0;
    let cells = table.spec.rows.iter().flat_map(|row| table.groups().into_iter().map(move |group| (row, group)));
    for (line, (row, group)) in (1_u32..).zip(cells) {
        let cell = table.cell(row, &group);
        sheet.write_string(line, 0, text(row.label.get(table.language)))?;
        sheet.write_string(line, 1, text(&group.label(table)))?;
        match &cell {
            Cell::Shown(figures) | Cell::Flagged(figures, _) => {
                for ((column, number), format) in (2_u16..).zip(numbers(figures)).zip(&formats) {
                    let number: f64 = number.parse().expect("a published number is one");
                    sheet.write_number_with_format(line, column, number, format)?;
                }
            }
            Cell::Hidden(_) => {}
        }
        let (status, reason) = status(&cell);
        sheet.write_string(line, 7, status)?;
        if !reason.is_empty() {
            sheet.write_string(line, 8, reason)?;
        }
        last = line;
    }
    let columns: Vec<TableColumn> = COLUMNS.iter().map(|name| TableColumn::new().set_header(*name)).collect();
    let form = Table::new().set_columns(&columns).set_style(TableStyle::Light1).set_alt_text(table.title());
    sheet.add_table(0, 0, last, 8, &form)?;
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_column_width(0, 48)?;
    sheet.set_column_width(1, 40)?;
    Ok(())
}

/// So many decimals.
fn digits(decimals: u8) -> Format {
    let behind = "0".repeat(usize::from(decimals));
    Format::new().set_num_format(if behind.is_empty() { "0".to_owned() } else { format!("0.{behind}") })
}
