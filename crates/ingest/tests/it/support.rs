//! Countries, exports and Parquet files as tests want them.

use std::collections::BTreeMap;
use std::io::Write;
use std::num::NonZeroUsize;

use arrow::array::{Array, RecordBatch};
use arrow::compute::concat_batches;
use arrow::datatypes::DataType;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use codebook::{Country, Finding, Severity, SourceFile, Wave};
use ingest::{CheckedWave, PseudonymKey, RawFile, check};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// One thread.
pub const ONE: NonZeroUsize = NonZeroUsize::MIN;

/// A key for pseudonyms that depends on nothing but a number.
pub fn key(number: u8) -> PseudonymKey {
    PseudonymKey::of_random(&[number; 32])
}

/// A country and its raw files, ready to check.
#[derive(Clone)]
pub struct Export {
    pub country: Country,
    pub raw: Vec<RawFile>,
}

impl Export {
    /// From the files of a folder: TOML makes the country, what lies in `raw/` are the raw files.
    pub fn from_files(folder: &str, files: BTreeMap<String, Vec<u8>>) -> Self {
        let mut sources = Vec::new();
        let mut raw = Vec::new();
        for (path, bytes) in files {
            if path.starts_with("raw/") {
                raw.push(RawFile { path, bytes });
            } else if let Ok(text) = String::from_utf8(bytes) {
                sources.push(SourceFile { path: format!("{folder}/{path}"), text });
            }
        }
        let (country, findings) = Country::read(folder, &sources);
        assert!(country.is_some(), "the country of a test is valid:\n{}", printed(&findings));
        Self { country: country.expect("asserted above"), raw }
    }

    /// From one string, see [`testkit::country`]; files below `raw/` are the raw files.
    pub fn from_text(text: &str) -> Self {
        let files = testkit::country("test", text);
        let relative = |path: String| path.trim_start_matches("test/").to_owned();
        Self::from_files("test", files.into_iter().map(|(path, text)| (relative(path), text.into_bytes())).collect())
    }

    /// The same country with another text in one raw file.
    pub fn with_raw(&self, name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        let mut raw: Vec<RawFile> = self.raw.iter().filter(|file| !file.path.ends_with(name)).cloned().collect();
        raw.push(RawFile { path: format!("raw/{name}"), bytes: bytes.into() });
        Self { country: self.country.clone(), raw }
    }

    /// The text of a raw file.
    pub fn raw_text(&self, name: &str) -> String {
        let file = self.raw.iter().find(|file| file.path.ends_with(name)).expect("the raw file is part of the export");
        String::from_utf8(file.bytes.clone()).expect("this raw file is UTF-8")
    }

    pub fn wave(&self) -> &Wave {
        self.country.newest().expect("the country of a test has a wave")
    }

    pub fn check(&self) -> (Option<CheckedWave>, Vec<Finding>) {
        self.check_with(&key(1))
    }

    /// The same with a key of its own.
    pub fn check_with(&self, key: &PseudonymKey) -> (Option<CheckedWave>, Vec<Finding>) {
        check(&self.country, self.wave(), &self.raw, key, ONE)
    }

    /// The wave, which must pass.
    pub fn checked(&self) -> CheckedWave {
        let (wave, findings) = self.check();
        assert!(wave.is_some(), "the export passes:\n{}", printed(&findings));
        wave.expect("asserted above")
    }

    /// Every finding as people read it.
    pub fn findings(&self) -> String {
        let (wave, findings) = self.check();
        let has_error = findings.iter().any(|finding| finding.severity == Severity::Error);
        assert_eq!(wave.is_none(), has_error, "a wave is there unless a finding is an error");
        printed(&findings)
    }
}

pub fn printed(findings: &[Finding]) -> String {
    findings.iter().map(|finding| format!("{finding}\n")).collect()
}

/// A Parquet file read back, every value as text.
pub struct Table(RecordBatch);

impl Table {
    pub fn of(wave: &CheckedWave) -> Self {
        Self::of_bytes(&wave.parquet(ONE).expect("a checked wave can be written"))
    }

    /// The table of the wave's first loop.
    pub fn of_loop(wave: &CheckedWave) -> Self {
        let table = wave.loops().first().expect("the wave has a loop");
        Self::of_bytes(&table.parquet(ONE).expect("a checked loop can be written"))
    }

    /// The file with these bytes.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        let mut file = tempfile::tempfile().expect("a temporary file can be made");
        file.write_all(bytes).expect("a temporary file can be written");
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).expect("what was written is Parquet");
        let schema = reader.schema().clone();
        let batches: Vec<RecordBatch> =
            reader.build().expect("it can be read").map(|batch| batch.expect("every row can be read")).collect();
        Self(concat_batches(&schema, &batches).expect("all batches have the file's schema"))
    }

    /// The names of its columns.
    pub fn names(&self) -> Vec<String> {
        self.0.schema().fields().iter().map(|field| field.name().clone()).collect()
    }

    /// The type of a column.
    pub fn type_of(&self, name: &str) -> DataType {
        self.0.schema().field_with_name(name).expect("the column is there").data_type().clone()
    }

    /// The values of a column; `-` for none.
    pub fn column(&self, name: &str) -> Vec<String> {
        let column = self.0.column_by_name(name).expect("the column is there");
        let options = FormatOptions::default().with_null("-");
        let formatter = ArrayFormatter::try_new(column, &options).expect("every type can be shown");
        (0..self.0.num_rows()).map(|row| formatter.value(row).to_string()).collect()
    }

    /// The values of a column; `None` for none, whatever text stands in the others.
    pub fn cells(&self, name: &str) -> Vec<Option<String>> {
        let column = self.0.column_by_name(name).expect("the column is there");
        let values = self.column(name).into_iter().enumerate();
        values.map(|(row, value)| (!column.is_null(row)).then_some(value)).collect()
    }

    /// The values of a column, joined by blanks.
    pub fn line(&self, name: &str) -> String {
        self.column(name).join(" ")
    }
}
