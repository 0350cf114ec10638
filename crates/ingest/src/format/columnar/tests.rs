//! Files that pyarrow and pandas wrote, and mutants of their bytes and values.

use std::panic::catch_unwind;

use bytes::Bytes;

use super::{check_cells, read};
use crate::format::FileFormat;
use crate::format::fixtures::{answers, fixture, mutant, shown};
use crate::raw::{RawTable, Storage, ValueLabel};

const FILES: [&str; 8] = [
    "answers.snappy.parquet",
    "answers.zstd.parquet",
    "answers.gzip.parquet",
    "answers.lz4.parquet",
    "answers.pandas.parquet",
    "answers.arrow",
    "answers.arrows",
    "answers.feather",
];

fn table(name: &str) -> (Option<RawTable>, Vec<String>) {
    let mut findings = Vec::new();
    let table = read(name, &fixture(name), &mut findings);
    (table, shown(&findings))
}

/// A table as its header and rows.
fn rows(table: &RawTable) -> Vec<Vec<String>> {
    let names = table.columns.iter().map(|column| column.about.name.clone()).collect();
    let row = |row| table.columns.iter().map(|column| column.cells.value(row).to_owned()).collect();
    std::iter::once(names).chain((0..table.row_numbers.len()).map(row)).collect()
}

#[test]
fn a_columnar_file_gives_the_cells_of_the_plain_csv() {
    for name in FILES {
        let (table, findings) = table(name);
        assert!(findings.is_empty(), "{name}: {findings:?}");
        let table = table.unwrap();
        assert_eq!(rows(&table), answers(), "{name}");
        assert_eq!(table.row_numbers, [1, 2, 3, 4, 5, 6], "{name}");
    }
}

#[test]
fn the_content_tells_the_format() {
    for name in FILES {
        let expected = if name.ends_with("parquet") { FileFormat::Parquet } else { FileFormat::Arrow };
        assert_eq!(FileFormat::of("export.csv", &fixture(name)), expected, "{name}");
    }
}

#[test]
fn a_file_tells_how_it_stores_a_column_and_what_it_asks() {
    for name in ["answers.snappy.parquet", "answers.arrow", "answers.feather"] {
        let table = table(name).0.unwrap();
        let storage: Vec<Storage> = table.columns.iter().map(|column| column.about.storage).collect();
        let (number, text) = (Storage::Number, Storage::Text);
        let expected = [number, text, number, Storage::Condition, number, number, Storage::Date, Storage::Moment, text];
        assert_eq!(storage, expected, "{name}");
        let q1 = &table.columns[2].about;
        assert_eq!(q1.label.as_deref(), Some("Has the unit introduced an innovation?"), "{name}");
        let label = |value: &str, label: &str| ValueLabel { value: value.to_owned(), label: label.to_owned() };
        assert_eq!(q1.value_labels, [label("1", "Yes"), label("2", "No"), label("9", "Do not know")], "{name}");
        assert_eq!(table.columns[0].about.label, None, "{name}");
    }
}

#[test]
fn columns_of_several_values_are_named_and_not_read() {
    for name in ["odd.nested.parquet", "odd.nested.arrow"] {
        let (table, findings) = table(name);
        assert_eq!(findings, Vec::<String>::new(), "{name}");
        let table = table.expect("its other columns can be read");
        let told: Vec<_> = table.columns.iter().filter_map(|column| column.about.unreadable(name)).collect();
        let rows = table.row_numbers.len();
        assert!(table.columns.iter().all(|column| column.cells.rows() == rows), "{name}");
        let hint = "help: write one column for each value, or leave the column out";
        let expected = [
            format!("{name}: the column \"q2\" holds several values in a cell\n{hint}"),
            format!("{name}: the column \"who\" holds several named values in a cell\n{hint}"),
        ];
        assert_eq!(shown(&told), expected);
    }
}

#[test]
fn a_file_of_few_bytes_and_many_cells_is_refused() {
    assert!(check_cells(1_000_000, 500).is_ok());
    assert!(check_cells(1_000_001, 500).is_err());
    assert!(check_cells(usize::MAX, 2).is_err());
}

#[test]
fn a_file_that_is_cut_off_is_damaged_and_not_shorter() {
    for name in FILES.iter().filter(|name| **name != "answers.arrows") {
        let whole = fixture(name);
        for length in (16..whole.len()).step_by(7) {
            let mut findings = Vec::new();
            assert!(read(name, &whole[..length], &mut findings).is_none(), "{name}, {length} bytes");
            assert_eq!(findings.len(), 1, "{name}, {length} bytes");
        }
    }
}

/// Whether the description of a file's columns and their places can be read.
fn has_schema(bytes: &[u8]) -> bool {
    let stream = bytes.strip_prefix(super::arrow::FILE_START).unwrap_or(bytes);
    let file = Bytes::copy_from_slice(bytes);
    let is_parquet = || super::parquet::check_footer(bytes).is_ok() && super::parquet::metadata(&file).is_ok();
    catch_unwind(|| super::arrow::check(stream).is_ok() || is_parquet()).unwrap_or(false)
}

/// About where a file has its values: Parquet describes them behind, Arrow before.
fn values_of(name: &str, length: usize) -> (usize, usize) {
    if name.ends_with("parquet") { (0, length / 3) } else { (length / 2, length) }
}

#[test]
fn no_mutant_of_a_byte_makes_the_reader_fall() {
    for name in FILES {
        let original = fixture(name);
        let (mut past_the_header, mut read_through) = (0, 0);
        for seed in 0..600 {
            // Every other mutant leaves alone what describes the columns, so that the change meets the values.
            let (start, end) = if seed % 2 == 0 { (0, original.len()) } else { values_of(name, original.len()) };
            let bytes = [&original[..start], &mutant(&original[start..end], seed), &original[end..]].concat();
            let mut findings = Vec::new();
            if let Some(table) = read(name, &bytes, &mut findings) {
                read_through += 1;
                let rows = table.row_numbers.len();
                assert!(table.columns.iter().all(|column| column.cells.rows() == rows), "{name}, seed {seed}");
            } else {
                assert!(!findings.is_empty(), "{name}, seed {seed}");
            }
            past_the_header += usize::from(has_schema(&bytes));
        }
        println!("{name}: of 600 mutants {past_the_header} had a schema, {read_through} were read to the end");
        assert!(past_the_header > 40 && read_through > 20, "{name}: {past_the_header}, {read_through}");
    }
}
