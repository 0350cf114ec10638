//! The raw files of a wave, read: the answers, and the files beside them.
//!
//! Nothing is compared yet. The answers may be many rows, so the files beside them are read meanwhile where there is a thread for it.

use std::num::NonZeroUsize;

use codebook::{Country, Finding, Margin, MarginFile, Place, SurveyTool, Wave, WeightRecipe, Written};
use encoding_rs::Encoding;

use crate::answers::{AnswerFiles, missing_file};
use crate::check::RawFile;
use crate::delimited::{DataFile, Format, FormatSource, Names, Wanted};
use crate::loops::{self, LoopRead};
use crate::mapping::{Named, frame_columns, kept, loop_columns, margin_columns, missing_columns, register_columns};
use crate::open::{Part, file_named, open};
use crate::parallel;
use crate::units::{synthetic_marks, take_decimals_off};

/// The raw files of a wave, as far as it has and needs them.
pub(crate) struct Files<'a> {
    pub(crate) answers: DataFile,
    /// The wave's loops, in its order, but for those that could not be read.
    pub(crate) loops: Vec<LoopRead<'a>>,
    pub(crate) register: Option<DataFile>,
    pub(crate) frame: Option<DataFile>,
    /// For each margin its file, if it has one.
    pub(crate) margins: Vec<Option<DataFile>>,
}

/// What is read.
#[derive(Clone, Copy)]
pub(crate) struct Reading<'a> {
    pub(crate) country: &'a Country,
    pub(crate) wave: &'a Wave,
    pub(crate) files: &'a [RawFile],
}

/// The files beside the answers.
struct Beside {
    register: Option<DataFile>,
    frame: Option<DataFile>,
    margins: Vec<Option<DataFile>>,
}

/// A file beside the answers, as the wave names it.
struct NamedFile<'w> {
    name: &'w str,
    /// Where the name is written.
    place: &'w Place,
    written: &'w Written,
    /// The table of the wave's file that describes it, for messages.
    table: &'static str,
}

impl<'a> Reading<'a> {
    /// Reads every file that the wave names. `None` when the answers cannot be read.
    pub(crate) fn read(self, threads: NonZeroUsize, findings: &mut Vec<Finding>) -> Option<Files<'a>> {
        let written = self.wave.answers.written();
        let format = format((&written, "[answers]"), &self.wave.answers.place, findings)?;
        let ((beside, of_beside), (answers, of_answers)) = parallel::both(
            threads,
            || gathered(|found| self.beside(found)),
            || gathered(|found| self.answers(format, found)),
        );
        findings.extend(of_answers);
        findings.extend(of_beside);
        let Beside { register, frame, margins } = beside;
        let (answers, loops) = answers?;
        Some(Files { answers, loops, register, frame, margins })
    }

    fn answers(self, format: Format, findings: &mut Vec<Finding>) -> Option<(DataFile, Vec<LoopRead<'a>>)> {
        let format = Format { tool: self.wave.answers.tool, ..format };
        let Self { country, wave, files } = self;
        let mut data = AnswerFiles { country, wave, files, format }.read(findings)?;
        take_decimals_off(&mut data, &wave.answers.unit);
        findings.extend(weight_unused(wave, &data));
        let loops = self.read_loops(&mut data, findings);
        Some((data, loops))
    }

    /// Reads the loops and makes their columns.
    fn read_loops(self, answers: &mut DataFile, findings: &mut Vec<Finding>) -> Vec<LoopRead<'a>> {
        let wave = self.wave;
        let mut read = Vec::new();
        for table in &wave.loops {
            match &table.file {
                None => read.push(loops::of_answers(wave, table, answers, findings)),
                Some(file) => {
                    let named =
                        NamedFile { name: &file.file, place: &file.place, written: &file.written, table: "its loop" };
                    if let Some(mut data) = self.read_beside(&named, &loop_columns(table), findings) {
                        take_decimals_off(&mut data, &file.unit);
                        read.extend(loops::of_file((wave, table, file), &data, answers, findings));
                    }
                }
            }
        }
        read
    }

    fn beside(self, findings: &mut Vec<Finding>) -> Beside {
        let wave = self.wave;
        let register = wave.register.as_ref().and_then(|it| {
            let named = NamedFile { name: &it.file, place: &it.place, written: &it.written, table: "[register]" };
            let mut data = self.read_beside(&named, &register_columns(self.country, wave), findings)?;
            take_decimals_off(&mut data, &it.unit);
            Some(data)
        });
        let frame = wave.frame.as_ref().and_then(|it| {
            let named = NamedFile { name: &it.file, place: &it.place, written: &it.written, table: "[frame]" };
            self.read_beside(&named, &frame_columns(wave), findings)
        });
        let margins = wave.design.margins().iter().map(Margin::file);
        let mut margin = |file: &MarginFile| {
            let named = NamedFile { name: &file.file, place: &file.place, written: &file.written, table: "its margin" };
            self.read_beside(&named, &margin_columns(file), findings)
        };
        let margins = margins.map(|file| margin(file?)).collect();
        Beside { register, frame, margins }
    }

    fn read_beside(
        self,
        named: &NamedFile<'_>,
        columns: &[Named<'_>],
        findings: &mut Vec<Finding>,
    ) -> Option<DataFile> {
        let Some(file) = file_named(self.files, named.name) else {
            findings.push(missing_file((self.wave, self.files), named.name, named.place));
            return None;
        };
        let format = format((named.written, named.table), named.place, findings)?;
        let wanted = Names { names: kept(columns), pattern: None };
        let part = Part::of(named.name, named.written.sheet.as_deref());
        let data = open(&file.path, &file.bytes, (format, part), Wanted::Named(&wanted), findings)?;
        findings.extend(missing_columns(columns, &data));
        findings.extend(synthetic_marks(self.wave, &data));
        Some(data)
    }
}

/// A result with the findings on the way to it.
fn gathered<R>(work: impl FnOnce(&mut Vec<Finding>) -> R) -> (R, Vec<Finding>) {
    let mut findings = Vec::new();
    (work(&mut findings), findings)
}

/// How a file is written, by a table of the wave's file; a finding at its place in the wave where that cannot be.
pub(crate) fn format(
    (written, table): (&Written, &'static str),
    place: &Place,
    findings: &mut Vec<Finding>,
) -> Option<Format> {
    // "latin-1" is what people call it, and no label.
    let label = written.encoding.to_ascii_lowercase().replacen("latin-", "latin", 1);
    let encoding = Encoding::for_label_no_replacement(label.as_bytes());
    if encoding.is_none() {
        let message = format!("encoding {:?} is not known", written.encoding);
        findings.push(
            Finding::error(place.clone(), "encoding", message)
                .hint("use a WHATWG label, such as \"utf-8\", \"windows-1252\" or \"utf-16le\""),
        );
    }
    let delimiter = u8::try_from(written.delimiter).ok().filter(|byte| byte.is_ascii() && !b"\"\r\n\0".contains(byte));
    if delimiter.is_none() {
        let message = format!("{:?} cannot delimit fields", written.delimiter);
        findings.push(
            Finding::error(place.clone(), "delimiter", message)
                .hint("use one ASCII character, such as ';', ',' or a tab"),
        );
    }
    Some(Format {
        encoding: encoding?,
        delimiter: delimiter?,
        source: FormatSource::Wave { table },
        decimal_mark: written.decimal_mark,
        tool: SurveyTool::Plain,
    })
}

/// What is odd when the file says to weight its rows by a column that the wave does not weight by.
fn weight_unused(wave: &Wave, data: &DataFile) -> Option<Finding> {
    let stated = data.said.weight.as_deref()?;
    let does = match &wave.design.weights {
        WeightRecipe::Supplied { column, .. } if column == stated => return None,
        WeightRecipe::Supplied { column, .. } => format!("weights by {column:?}"),
        WeightRecipe::Equal => "weights none".to_owned(),
        WeightRecipe::Response => "weights by response".to_owned(),
    };
    let message = format!("{} says to weight its rows by {stated:?}, and the wave {does}", data.path);
    let hint = format!("leave it so if that is meant, or write weights = {{ column = {stated:?} }} under [design]");
    Some(Finding::warning(wave.design.place.clone(), "weight-in-file", message).hint(hint))
}
