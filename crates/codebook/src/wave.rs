//! One wave: its raw files, how their columns map to variables, and how it was sampled.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::{
    AnswerTimes, CheckSeverities, Code, Concept, CountryId, Design, Erratum, Fact, FieldworkPeriod, FigureId, Kind,
    LeaveOut, LoopTable, Margin, Origin, Place, ReleaseMoment, Standing, Survey, SurveyTool, Theme, Translated,
    Variable, VariableName, Variant, WaveId,
};

/// One wave of a country's survey.
#[derive(Debug, Clone, PartialEq)]
pub struct Wave {
    /// The year in which its window ends.
    pub id: WaveId,
    /// The country.
    pub country: CountryId,
    /// The window that the questions are about: "2018-2019".
    pub window: Translated,
    /// The window as questions name it: "2018 or 2019"; `None` if that is [`Self::window`].
    pub asked_window: Option<Translated>,
    /// The day of publication; the only date that outputs carry.
    pub published: Date,
    /// The day on which it was to come out by the calendar of releases that was announced; `None` if that is not told.
    pub planned: Option<Date>,
    /// The moment from which everybody may see it; `None` if it is public as soon as it is built.
    pub release_at: Option<ReleaseMoment>,
    /// Whether what is made of it is for everybody: so it is read, and whoever makes a draft says otherwise.
    pub standing: Standing,
    /// Whether the answers are made up. Everything made from them then says SYNTHETIC.
    pub synthetic: bool,
    /// Who answers, sampling frame and mode, in words for the method page.
    pub about: Translated,
    /// What readers must know of it, point by point, if it is told.
    pub survey: Option<Survey>,
    /// The survey tool's export.
    pub answers: AnswerFile,
    /// The column of the export (or the register) that holds each variable that is not derived.
    pub columns: BTreeMap<VariableName, (String, Place)>,
    /// Options whose column is made from a cell that lists several answers, by the name of the column that is made.
    pub choices: BTreeMap<String, Choice>,
    /// Tables with several rows per unit, and the columns that are made from them.
    pub loops: Vec<LoopTable>,
    /// How raw values of a list of codes (or of one variable, whose entry wins) become codes or reasons.
    pub recodes: BTreeMap<String, Recode>,
    /// Raw values that mean a missing answer in every category variable, such as `999`.
    pub missing: BTreeMap<String, Missing>,
    /// Background variables by unit id.
    pub register: Option<RegisterFile>,
    /// Units of the population per stratum.
    pub frame: Option<FrameFile>,
    /// The days on which answers could be given.
    pub fieldwork: Option<FieldworkPeriod>,
    /// How many units were drawn and invited to answer, and where that is written; `None` if it is not told.
    pub drawn: Option<(u64, Place)>,
    /// How grave each kind of check is: as the wave says, else its country, else as usual.
    pub severities: CheckSeverities,
    /// How the units were sampled.
    pub design: Design,
    /// The pages of its report, in order.
    pub themes: Vec<Theme>,
    /// Editions about some of the population, in their order.
    pub variants: Vec<Variant>,
    /// What its texts tell from other sources.
    pub facts: Vec<Fact>,
    /// What its quality report tells in words.
    pub quality: BTreeMap<Concept, Translated>,
    /// What its editions show otherwise than those before them, in the order of the file.
    pub errata: Vec<Erratum>,
    /// The figure that its front page leads with; `None` is the first whose headline tells a number.
    pub lead: Option<FigureId>,
    /// Where it is written.
    pub place: Place,
}

impl Wave {
    /// Whether somebody who was asked could give this answer: where recodes tell what raw values mean, one of them means it.
    #[must_use]
    pub fn offers(&self, variable: &Variable, code: &Code) -> bool {
        let Kind::Category { list, .. } = &variable.kind else { return true };
        let recodes = [variable.name.as_str(), list].into_iter().filter_map(|name| self.recodes.get(name));
        let mut raw = recodes.flat_map(|recode| recode.0.values()).peekable();
        let is_told = variable.origin == Origin::Answer && raw.peek().is_some();
        !is_told || raw.any(|raw| matches!(raw, RawValue::Code(meant) if meant == code))
    }

    /// The names of the raw files that it reads: answers, loops, register, frame, margins. One may come twice.
    pub fn file_names(&self) -> impl Iterator<Item = &str> {
        let beside = self.answers.more_files.iter().chain(&self.answers.structure).map(|(file, _)| file.as_str());
        let loops = self.loops.iter().filter_map(|table| table.file.as_ref()).map(|file| file.file.as_str());
        let register = self.register.iter().map(|register| register.file.as_str());
        let frame = self.frame.iter().map(|frame| frame.file.as_str());
        let margins = self.design.margins().iter().filter_map(Margin::file).map(|file| file.file.as_str());
        let answers = std::iter::once(self.answers.file.as_str());
        answers.chain(beside).chain(loops).chain(register).chain(frame).chain(margins)
    }

    /// What delimits the fields of a raw file, by its name; the answers' delimiter unless the file has its own.
    #[must_use]
    pub fn delimiter_of(&self, file: &str) -> char {
        let loops = self.loops.iter().filter_map(|table| table.file.as_ref()).map(|it| (&it.file, &it.written));
        let register = self.register.iter().map(|it| (&it.file, &it.written));
        let frame = self.frame.iter().map(|it| (&it.file, &it.written));
        let margins = self.design.margins().iter().filter_map(Margin::file).map(|it| (&it.file, &it.written));
        let mut own = loops.chain(register).chain(frame).chain(margins);
        own.find(|(name, _)| *name == file).map_or(self.answers.delimiter, |(_, written)| written.delimiter)
    }
}

/// The survey tool's export: delimited text with the header rows of its tool.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct AnswerFile {
    /// Its name in the folder of raw files.
    pub file: String,
    /// Further files with the same columns, whose rows follow.
    pub more_files: Vec<(String, Place)>,
    /// The file in which the tool tells the names and labels of the columns. `SurveyXact` writes one beside its CSV.
    pub structure: Option<(String, Place)>,
    /// The tool that wrote it.
    pub tool: SurveyTool,
    /// The sheet with the answers, if it is a workbook; `None` means the one that the tool writes them to, or the only one.
    pub sheet: Option<String>,
    /// The character encoding by its WHATWG label; `utf-8` if unstated. A byte order mark is accepted and removed.
    pub encoding: String,
    /// The field delimiter.
    pub delimiter: char,
    /// The decimal mark of delimited text: `.` or `,`.
    pub decimal_mark: char,
    /// What stands first in days that are written with slashes, in every file of the wave; `None` where there are none.
    pub slashed_days: Option<SlashedDays>,
    /// The column that identifies the unit.
    pub unit: String,
    /// Which rows are usable answers; `None` means those that the tool calls complete.
    pub complete: Option<Completion>,
    /// Rows that are no answers for another reason; the first rule that fits tells it, before the completion rule.
    pub leave_out: Vec<LeaveOut>,
    /// Choices that no item reads and that cells with several answers may have, by column.
    pub other_choices: BTreeMap<String, BTreeSet<String>>,
    /// Columns that identify a respondent, besides those that the tool is known to write. No variable may be read from one.
    pub personal: Vec<String>,
    /// When an answer was given.
    pub times: AnswerTimes,
    /// Where the file name is written.
    pub place: Place,
}

impl AnswerFile {
    /// How the file is written, which holds for the wave's other files but for what they say themselves. A sheet is of one file only.
    #[must_use]
    pub fn written(&self) -> Written {
        let Self { encoding, delimiter, decimal_mark, .. } = self;
        Written { sheet: None, encoding: encoding.clone(), delimiter: *delimiter, decimal_mark: *decimal_mark }
    }

    /// Whether a column identifies a respondent, as the wave says or as its tool writes it. Tools vary the case of their names.
    #[must_use]
    pub fn is_personal(&self, column: &str) -> bool {
        let stated = self.personal.iter().map(String::as_str);
        stated.chain(self.tool.personal_columns().iter().copied()).any(|known| known.eq_ignore_ascii_case(column))
    }
}

/// The rule that tells a complete answer.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Completion {
    /// The column.
    pub column: String,
    /// The values it has in complete rows, at least one.
    pub values: Vec<String>,
}

/// The order of a day that is written with slashes. `3/4/2019` does not tell it, so the wave does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub enum SlashedDays {
    /// `31/12/2019`.
    DayFirst,
    /// `12/31/2019`.
    MonthFirst,
}

impl SlashedDays {
    /// Both.
    pub const ALL: [Self; 2] = [Self::DayFirst, Self::MonthFirst];

    /// Its word in TOML: how it writes a year's last day.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DayFirst => "31/12/2019",
            Self::MonthFirst => "12/31/2019",
        }
    }
}

/// How a raw file is written.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Written {
    /// The sheet, if it is a workbook; `None` means the only one.
    pub sheet: Option<String>,
    /// The character encoding by its WHATWG label.
    pub encoding: String,
    /// The field delimiter.
    pub delimiter: char,
    /// The decimal mark of delimited text: `.` or `,`.
    pub decimal_mark: char,
}

/// One option of a question whose answers stand in one cell, such as `A product,A service`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Choice {
    /// The column with the cell.
    pub column: String,
    /// The code or the label that stands for the option.
    pub choice: String,
    /// What stands between two choices.
    pub separator: char,
}

/// The register file: background variables by unit id.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RegisterFile {
    /// Its name in the folder of raw files.
    pub file: String,
    /// How it is written: like the answers, but for what is told.
    pub written: Written,
    /// Its column with the unit id.
    pub unit: String,
    /// Where the file name is written.
    pub place: Place,
}

/// The frame table: one row per stratum of the population with its number of units.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FrameFile {
    /// Its name in the folder of raw files.
    pub file: String,
    /// How it is written: like the answers, but for what is told.
    pub written: Written,
    /// The column with the number of units.
    pub count: String,
    /// The column of each variable of [`Design::strata`]; raw values are recoded like answers.
    pub strata: BTreeMap<VariableName, String>,
    /// Where the file name is written.
    pub place: Place,
}

/// What raw values mean. An empty map means that raw values are the codes themselves.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Recode(pub BTreeMap<String, RawValue>);

/// What one raw value means.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub enum RawValue {
    /// A code of the variable.
    Code(Code),
    /// No answer, for this reason.
    Missing(Missing),
}

/// Why there is no answer. All three leave the base of the item; "don't know" is not among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub enum Missing {
    /// Routing: the question was not put to this unit.
    NotAsked,
    /// The unit would not answer.
    Refused,
    /// The unit left it empty although it was asked.
    Blank,
}

impl Missing {
    /// The word for it in files: `not_asked`, `refused`, `blank`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotAsked => "not_asked",
            Self::Refused => "refused",
            Self::Blank => "blank",
        }
    }
}
