//! The answers of a wave as one table, whatever its export is made of.
//!
//! Each file is opened, its columns get the names that the wave uses (long ones through the tool's structure, options from cells that
//! list several), the rows of further files follow, and loops become columns. Everything after it sees one file with the wave's columns.

use std::collections::{BTreeMap, BTreeSet};

use codebook::{Country, Finding, Place, SurveyTool, Wave};

use crate::check::RawFile;
use crate::choices::{made_choices, split};
use crate::decode::decode;
use crate::delimited::{DataFile, Format, Names, Records, Wanted};
use crate::format::{FileFormat, archive, workbook};
use crate::mapping::{answer_columns, kept, missing_columns};
use crate::open::{Part, file_named, open};
use crate::tally::FileNumber;
use crate::tool::{self, surveyxact::Structure};
use crate::units::synthetic_marks;

/// The code of a finding for a raw file that a wave names and that is not there. Who knows the folder can tell what lies there instead.
pub const MISSING_FILE: &str = "missing-file";

/// What the answers are read from.
pub(crate) struct AnswerFiles<'a> {
    pub(crate) country: &'a Country,
    pub(crate) wave: &'a Wave,
    pub(crate) files: &'a [RawFile],
    /// How the files are written, with the tool that wrote them.
    pub(crate) format: Format,
}

impl AnswerFiles<'_> {
    /// Reads the answers. `None`, with findings, when one of the files cannot be read.
    pub(crate) fn read(&self, findings: &mut Vec<Finding>) -> Option<DataFile> {
        let answers = &self.wave.answers;
        let first = (answers.file.as_str(), &answers.place);
        let more = answers.more_files.iter().map(|(file, place)| (file.as_str(), place));
        let mut all: Option<DataFile> = None;
        let mut is_whole = true;
        for (number, named) in std::iter::once(first).chain(more).enumerate() {
            let Some(data) = self.read_one(named, findings) else {
                is_whole = false;
                continue;
            };
            match &mut all {
                None => all = Some(data),
                Some(all) => {
                    findings.extend(all.different_columns(&data));
                    all.append(FileNumber::new(number), data);
                }
            }
        }
        all.filter(|_| is_whole)
    }

    fn read_one(&self, (name, place): (&str, &Place), findings: &mut Vec<Finding>) -> Option<DataFile> {
        let file = self.file(name, place, findings)?;
        let columns = answer_columns(self.country, self.wave);
        let rules = tool::rules(self.wave, self.format.tool);
        let mut names = kept(&columns);
        names.extend(rules.iter().map(|rule| rule.column));
        let structure = match self.format.tool {
            SurveyTool::SurveyXact => Some(self.structure(name, file, findings)?),
            SurveyTool::Plain
            | SurveyTool::Qualtrics
            | SurveyTool::LimeSurvey
            | SurveyTool::Enalyzer
            | SurveyTool::Questback
            | SurveyTool::Forsta
            | SurveyTool::Spss => None,
        };
        let choices = made_choices(self.wave, &names);
        let mut wanted = names.clone();
        wanted.extend(structure.iter().flat_map(|structure| structure.columns_of(&names)));
        wanted.extend(choices.iter().map(|choice| choice.column()));
        let replicates = self.wave.design.replicates.as_ref();
        let wanted = Names { names: wanted, pattern: replicates.map(|recipe| &recipe.columns) };
        let part = Part::of(name, self.wave.answers.sheet.as_deref());
        let mut data = open(&file.path, &file.bytes, (self.format, part), Wanted::Named(&wanted), findings)?;
        let ambiguous = structure.map(|structure| structure.apply(&names, &mut data)).unwrap_or_default();
        findings.extend(split(self.wave, &choices, &mut data));
        // A name that may mean two columns, or one that is not there, has its finding.
        if ambiguous.is_empty() {
            findings.extend(missing_columns(&columns, &data));
        }
        findings.extend(ambiguous);
        findings.extend(synthetic_marks(self.wave, &data));
        Some(data)
    }

    fn file(&self, name: &str, place: &Place, findings: &mut Vec<Finding>) -> Option<&RawFile> {
        let file = file_named(self.files, name);
        if file.is_none() {
            findings.push(missing_file((self.wave, self.files), name, place));
        }
        file
    }

    /// What SurveyXact tells of the columns: in the file that the wave names, or in the sheets beside the answers.
    fn structure(&self, name: &str, answers: &RawFile, findings: &mut Vec<Finding>) -> Option<Structure> {
        if let Some((name, place)) = &self.wave.answers.structure {
            let file = self.file(name, place, findings)?;
            return self.structure_file(name, file, findings);
        }
        let (path, bytes) = self.unpacked(name, answers, &mut Vec::new());
        match FileFormat::of(&path, &bytes) {
            FileFormat::Xlsx | FileFormat::Ods => {
                // Whatever is wrong with the workbook is told when its answers are read.
                let grid = workbook::read(&path, &bytes, &mut Vec::new());
                let sheets = grid.iter().flat_map(|grid| &grid.sheets);
                let sheets: BTreeMap<&str, &[Vec<String>]> =
                    sheets.map(|sheet| (sheet.name.as_str(), sheet.rows.as_slice())).collect();
                Some(Structure::of_sheets(&path, &sheets))
            }
            FileFormat::Delimited
            | FileFormat::Xls
            | FileFormat::Sav
            | FileFormat::Dta
            | FileFormat::Parquet
            | FileFormat::Arrow
            | FileFormat::Zip => Some(Structure::unstated()),
        }
    }

    fn structure_file(&self, name: &str, file: &RawFile, findings: &mut Vec<Finding>) -> Option<Structure> {
        let (path, bytes) = self.unpacked(name, file, findings);
        let text = decode(&path, &bytes, self.format, findings)?;
        let rows = Records::new(&text.text, self.format.delimiter).first(usize::MAX);
        Structure::of_rows(&path, &rows).map_err(|finding| findings.push(*finding)).ok()
    }

    /// The bytes of a file, out of its archive where it lies in one.
    fn unpacked<'f>(
        &self,
        name: &str,
        file: &'f RawFile,
        findings: &mut Vec<Finding>,
    ) -> (String, std::borrow::Cow<'f, [u8]>) {
        let part = Part::of(name, None);
        if FileFormat::of(&file.path, &file.bytes) == FileFormat::Zip
            && let Some(unpacked) = archive::read(&file.path, part.member, &file.bytes, findings)
        {
            return (unpacked.path, unpacked.bytes.into());
        }
        (file.path.clone(), (&file.bytes).into())
    }
}

/// A finding for a raw file that a wave names and that is not there.
pub(crate) fn missing_file((wave, files): (&Wave, &[RawFile]), name: &str, place: &Place) -> Finding {
    let message = format!("the raw file {name:?} of wave {} is not there", wave.id);
    let known: BTreeSet<&str> = files.iter().map(|file| file.path.rsplit('/').next().unwrap_or_default()).collect();
    // A file that the wave names for something else is no other spelling of this one.
    let named: BTreeSet<&str> = wave.file_names().collect();
    Finding::error(place.clone(), MISSING_FILE, message).did_you_mean(name, known.difference(&named).copied())
}

/// The finding at its row's own file, where the answers are several files.
pub(crate) fn in_its_file(mut finding: Finding, paths: &[String]) -> Finding {
    if let Place::Cell { file, row, .. } = &mut finding.place {
        let (number, own) = FileNumber::split(*row);
        let path = usize::try_from(number).ok().filter(|number| *number > 0).and_then(|number| paths.get(number));
        if let Some(path) = path {
            file.clone_from(path);
            *row = own;
        }
    }
    finding
}
