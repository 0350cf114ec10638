//! The files, in the shape of a SurveyXact export.
//!
//! Semicolons (or what the wave says), decimal commas, a byte order mark, CRLF; one 0/1 column per option; the tool's own columns
//! for id, e-mail, times and status, the status one-hot. E-mail addresses stand in real exports, so they stand here, at a domain
//! that cannot exist (RFC 2606). Every row of every file is marked.

use std::collections::BTreeMap;

use codebook::{Missing, Origin, RawValue, Variable, Wave};
use csv::{Terminator, WriterBuilder};

use super::frame::{Population, Workplace};
use super::questionnaire::Questionnaire;
use super::random::Random;
use super::respondent::Respondent;
use super::specification::Specification;
use super::{SYNTHETIC, TwinFile};

/// The tool's status columns: new, distributed, some answers, complete, rejected. Exactly one of them is 1.
pub(super) const STATUS: [&str; 5] = ["stat_1", "stat_2", "stat_3", "stat_4", "stat_5"];
/// The status of rows without all answers.
const SOME_ANSWERS: &str = "stat_3";
/// The status of complete rows, unless the wave names another.
const COMPLETE: &str = "stat_4";
/// The column that marks rows.
const MARK: &str = "synthetic";
/// The tool's number of an answer.
const RESPONDENT_ID: &str = "respondentid";
/// Where the tool's numbers begin.
const FIRST_RESPONDENT: u64 = 41_000_000;

/// All that the files are made from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Export<'a> {
    pub(super) questionnaire: &'a Questionnaire<'a>,
    pub(super) specification: &'a Specification,
    pub(super) wave: &'a Wave,
    pub(super) population: &'a Population,
}

/// A row of answers before it gets its number.
struct Row<'a> {
    respondent: &'a Respondent,
    /// Questions that it answered, from the first; `None` is all of them.
    answered: Option<usize>,
}

impl Export<'_> {
    /// The three files, sorted by name.
    pub(super) fn files(
        &self,
        complete: &[Respondent],
        unfinished: &[Respondent],
        random: &mut Random,
    ) -> Vec<TwinFile> {
        let questions = self.questionnaire.questions().count();
        let mut rows: Vec<Row<'_>> = complete.iter().map(|respondent| Row { respondent, answered: None }).collect();
        for respondent in unfinished {
            // Whoever gives up does so before the last third of the form.
            rows.push(Row { respondent, answered: Some(1 + random.index((questions * 2 / 3).max(1))) });
        }
        random.shuffle(&mut rows);
        let mut files = vec![self.answers(&rows, random), self.register(), self.frame()];
        files.sort_by(|one, other| one.name.cmp(&other.name));
        files
    }

    fn answers(&self, rows: &[Row<'_>], random: &mut Random) -> TwinFile {
        let raw_values = self.raw_values();
        let unit = &self.wave.answers.unit;
        let mut header = vec![MARK, RESPONDENT_ID];
        header.extend((unit != RESPONDENT_ID).then_some(unit.as_str()));
        header.extend(["email", "created", "closetime"]);
        header.extend(self.questionnaire.questions().map(|number| self.column(number)));
        header.extend(STATUS);
        let mut records = vec![header.into_iter().map(str::to_owned).collect()];
        let mut id = FIRST_RESPONDENT;
        for row in rows {
            id += 1 + random.below(9);
            records.push(self.answer_record(row, id, &raw_values, random));
        }
        self.file(&self.wave.answers.file, &records)
    }

    fn answer_record(&self, row: &Row<'_>, id: u64, raw: &[Vec<String>], random: &mut Random) -> Vec<String> {
        let key = key(row.respondent.key);
        let day = random.below(u64::from(self.specification.days));
        let begun = 7 * 60 + random.below(9 * 60);
        let minutes = 6 + random.below(40);
        let mut record = vec![SYNTHETIC.to_owned(), id.to_string()];
        record.extend((self.wave.answers.unit != RESPONDENT_ID).then(|| key.clone()));
        record.push(format!("{}@example.invalid", key.to_lowercase()));
        record.push(self.moment(day, begun));
        record.push(row.answered.map_or_else(|| self.moment(day, begun + minutes), |_| String::new()));
        for (position, number) in self.questionnaire.questions().enumerate() {
            let given = row.answered.is_none_or(|answered| position < answered);
            let answer = row.respondent.sheet.answers[number].filter(|_| given);
            record.push(answer.map_or_else(String::new, |code| raw[number][usize::from(code)].clone()));
        }
        let complete = self.wave.answers.complete.as_ref().map_or(COMPLETE, |rule| rule.column.as_str());
        let status = if row.answered.is_none() { complete } else { SOME_ANSWERS };
        record.extend(STATUS.iter().map(|column| if *column == status { "1" } else { "0" }.to_owned()));
        record
    }

    /// A day and minute as the tool writes them.
    fn moment(&self, day: u64, minute: u64) -> String {
        let mut date = self.specification.opened;
        for _ in 0..day {
            date = date.tomorrow().unwrap_or(date);
        }
        format!("{date} {:02}:{:02}:00", minute / 60, minute % 60)
    }

    fn register(&self) -> TwinFile {
        let raw_values = self.raw_values();
        let register = self.wave.register.as_ref().expect("reading refuses a wave without a register");
        let numbers = || self.questionnaire.variables().iter().enumerate();
        let known: Vec<usize> =
            numbers().filter(|(_, one)| one.origin == Origin::Register).map(|(number, _)| number).collect();
        let mut header = vec![MARK.to_owned(), register.unit.clone()];
        header.extend(known.iter().map(|number| self.column(*number).to_owned()));
        let mut workplaces: Vec<&Workplace> = self.population.invited.iter().collect();
        workplaces.sort_by_key(|workplace| workplace.key);
        let mut records = vec![header];
        for workplace in workplaces {
            let mut record = vec![SYNTHETIC.to_owned(), key(workplace.key)];
            record.extend(known.iter().map(|number| self.register_cell(workplace, *number, &raw_values)));
            records.push(record);
        }
        self.file(&register.file, &records)
    }

    fn register_cell(&self, workplace: &Workplace, number: usize, raw: &[Vec<String>]) -> String {
        let code = workplace.codes.iter().find(|(of, _)| *of == number).map(|(_, code)| usize::from(*code));
        let tenths = workplace.tenths.iter().find(|(of, _)| *of == number).map(|(_, tenths)| *tenths);
        match (code, tenths) {
            (Some(code), _) => raw[number][code].clone(),
            (None, Some(tenths)) => format!("{}{}{}", tenths / 10, self.wave.answers.decimal_mark, tenths % 10),
            (None, None) => String::new(),
        }
    }

    fn frame(&self) -> TwinFile {
        let raw_values = self.raw_values();
        let frame = self.wave.frame.as_ref().expect("reading refuses a wave without a frame");
        let strata: Vec<usize> = self.wave.design.strata.iter().map(|name| self.questionnaire.number(name)).collect();
        let mut header = vec![MARK.to_owned()];
        header.extend(self.wave.design.strata.iter().filter_map(|name| frame.strata.get(name).cloned()));
        header.push(frame.count.clone());
        let mut records = vec![header];
        for stratum in &self.population.strata {
            let mut record = vec![SYNTHETIC.to_owned()];
            for number in &strata {
                let code = stratum.codes.iter().find(|(of, _)| of == number).map(|(_, code)| usize::from(*code));
                record.push(code.map_or_else(String::new, |code| raw_values[*number][code].clone()));
            }
            record.push(stratum.workplaces.to_string());
            records.push(record);
        }
        self.file(&frame.file, &records)
    }

    fn column(&self, number: usize) -> &str {
        let name = &self.questionnaire.variables()[number].name;
        self.wave
            .columns
            .get(name)
            .map(|(column, _)| column.as_str())
            .expect("reading refuses variables without columns")
    }

    /// For each variable, the raw value of each of its codes.
    fn raw_values(&self) -> Vec<Vec<String>> {
        self.questionnaire.variables().iter().map(|variable| raw_values(self.wave, variable)).collect()
    }

    fn file(&self, name: &str, records: &[Vec<String>]) -> TwinFile {
        let delimiter = u8::try_from(self.wave.answers.delimiter).expect("reading refuses delimiters beyond ASCII");
        let byte_order_mark = "\u{feff}".as_bytes().to_vec();
        let mut writer =
            WriterBuilder::new().delimiter(delimiter).terminator(Terminator::CRLF).from_writer(byte_order_mark);
        for record in records {
            writer.write_record(record).expect("writing to memory, with as many fields as the header, cannot fail");
        }
        let bytes = writer.into_inner().expect("flushing to memory cannot fail");
        TwinFile { name: name.to_owned(), bytes }
    }
}

/// The raw value of each code of a variable in a wave: the first that the wave's recodes turn into it, or else the code itself.
pub(super) fn raw_values(wave: &Wave, variable: &Variable) -> Vec<String> {
    let list = match &variable.kind {
        codebook::Kind::Category { list, .. } => list.as_str(),
        codebook::Kind::Condition | codebook::Kind::Number | codebook::Kind::Date | codebook::Kind::Text => "",
    };
    let recode = wave.recodes.get(variable.name.as_str()).or_else(|| wave.recodes.get(list));
    let mut raw_of: BTreeMap<&str, &str> = BTreeMap::new();
    for (raw, meaning) in recode.iter().flat_map(|recode| &recode.0) {
        match meaning {
            RawValue::Code(code) => {
                raw_of.entry(code.as_str()).or_insert(raw);
            }
            RawValue::Missing(Missing::NotAsked | Missing::Refused | Missing::Blank) => {}
        }
    }
    let codes = variable.categories().iter().map(|category| category.code.as_str());
    codes.map(|code| raw_of.get(code).copied().unwrap_or(code).to_owned()).collect()
}

/// A workplace's key in the files. The letter keeps spreadsheets from dropping zeros.
fn key(number: u32) -> String {
    format!("T{number:06}")
}
