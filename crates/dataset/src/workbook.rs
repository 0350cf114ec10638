//! The sheets as a workbook for Excel: no formulas, comments, hidden sheets or authors, and a creation date that is the day of publication.

use codebook::Language;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Table, TableColumn, TableStyle, Workbook, Worksheet};

use crate::sheets::{Kind, Sheet, Value, title};
use crate::{DatasetError, Source};

pub(crate) fn xlsx(source: Source<'_>, language: &Language, sheets: &[Sheet]) -> Result<Vec<u8>, DatasetError> {
    let day = source.day();
    let created = ExcelDateTime::from_ymd(
        u16::try_from(day.year()).expect("a wave is published in a year of four digits"),
        u8::try_from(day.month()).expect("a month is below 13"),
        u8::try_from(day.day()).expect("a day is below 32"),
    )?;
    let mut workbook = Workbook::new();
    let properties =
        DocProperties::new().set_title(title(source, language)).set_company(source.country.publisher.get(language));
    workbook.set_properties(&properties.set_creation_datetime(&created));
    for sheet in sheets {
        write(workbook.add_worksheet().set_name(&sheet.name)?, sheet)?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn write(page: &mut Worksheet, sheet: &Sheet) -> Result<(), DatasetError> {
    if let (Kind::Table { title }, [header, ..]) = (&sheet.kind, sheet.rows.as_slice()) {
        frame(page, title, header, sheet.rows.len())?;
    }
    for (row, cells) in (0_u32..).zip(&sheet.rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            match cell {
                Value::Empty => {}
                Value::Text(text) => {
                    page.write_string(row, column, text)?;
                }
                Value::Number { digits, decimals } => {
                    let number: f64 = digits.parse().expect("a published number is one");
                    page.write_number_with_format(row, column, number, &format(*decimals))?;
                }
            }
        }
    }
    for (column, width) in (0_u16..).zip(&sheet.widths) {
        page.set_column_width(column, f64::from(*width))?;
    }
    Ok(())
}

/// Tells programs that the cells are one table, and what it is about.
fn frame(page: &mut Worksheet, title: &str, header: &[Value], rows: usize) -> Result<(), DatasetError> {
    let names = header.iter().map(|cell| match cell {
        Value::Text(name) => name.as_str(),
        Value::Empty | Value::Number { .. } => "",
    });
    let columns: Vec<TableColumn> = names.map(|name| TableColumn::new().set_header(name)).collect();
    let form = Table::new().set_columns(&columns).set_style(TableStyle::Light1).set_alt_text(title);
    // Excel's own limits: the workbook tells where they are passed.
    let last_row = u32::try_from(rows.saturating_sub(1)).unwrap_or(u32::MAX);
    let last_column = u16::try_from(header.len().saturating_sub(1)).unwrap_or(u16::MAX);
    page.add_table(0, 0, last_row, last_column, &form)?;
    page.set_freeze_panes(1, 0)?;
    Ok(())
}

/// So many decimals.
fn format(decimals: u8) -> Format {
    let behind = "0".repeat(usize::from(decimals));
    Format::new().set_num_format(if behind.is_empty() { "0".to_owned() } else { format!("0.{behind}") })
}
