//! The checks, and what passes them.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;

use codebook::{
    Code, Country, Decimal, Finding, FrameCount, Kind, Missing, Origin, Severity, StageAnswers, StratumAnswers,
    Variable, VariableName, Wave, WeightRecipe,
};

use crate::answer_time;
use crate::answers::in_its_file;
use crate::checks::{Answers, Outcome, derived_variables};
use crate::column::{Cell, Column};
use crate::delimited::{DataFile, Names, unused_columns};
use crate::drawn::{Drawn, drawn};
use crate::files::{Files, Reading};
use crate::inspect::{holds_contact, identifies_by_name};
use crate::labels::Taken;
use crate::loops::CheckedLoop;
use crate::mapping::answer_columns;
use crate::margin::{MarginAnswers, Population as PopulationTables};
use crate::open::file_named;
use crate::parquet::{Field, Responses, missing};
use crate::pseudonym::{Pseudonym, PseudonymKey};
use crate::raw::RawColumn;
use crate::routing::Routing;
use crate::sample::{Sample, Sampled};
use crate::summary::Summary;
use crate::suspicions::strange_rows;
use crate::tally::counted;
use crate::tool::{self, enalyzer};
use crate::translate::{self, CellForm, Source};
use crate::units::Units;

/// A raw file as the caller read it.
#[derive(Clone)]
pub struct RawFile {
    /// The path that findings show.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// How many units have no answer to one variable, by reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemMissing {
    /// The variable.
    pub variable: VariableName,
    /// Units that were not asked.
    pub not_asked: u64,
    /// Units that would not answer.
    pub refused: u64,
    /// Units that were asked and left it empty.
    pub blank: u64,
}

/// A wave whose every cell is what the codebook says it may be. Only [`check`] makes one.
///
/// The columns of its Parquet file, rows sorted by stratum, PSU and unit key:
/// `__unit` (int64, the row's number in that order), `__pseudonym` (16 bytes, see [`CheckedWave::pseudonym_of_units`]), `__stratum` (int32, index into [`CheckedWave::strata`]), `__psu` (int32, number of the
/// cluster, see [`CheckedWave::psu_of_units`], in the order of its key; absent where units are PSUs), `__weight` (decimal; absent unless weights are supplied), then every variable that is not
/// derived, in codebook order: categories as text codes, numbers as decimals, dates as date32; free text is left out. A variable that can
/// be missing has a column `<variable>__missing` with `not_asked`, `refused`, `blank` or null beside it; it is there when any unit
/// has no answer. A variable that the wave has no column for was asked of nobody.
#[derive(Debug, Clone)]
pub struct CheckedWave {
    strata: Vec<StratumAnswers>,
    stages: Vec<StageAnswers>,
    replicates: Vec<Vec<Decimal>>,
    frame: Option<Vec<FrameCount>>,
    drawn: Option<Drawn>,
    summary: Summary,
    missing: Vec<ItemMissing>,
    margins: Vec<MarginAnswers>,
    responses: Responses,
    loops: Vec<CheckedLoop>,
}

impl CheckedWave {
    /// The strata that have answers, sorted by key. One whose answers all have weight 0 has no units.
    #[must_use]
    pub fn strata(&self) -> &[StratumAnswers] {
        &self.strata
    }

    /// What was sampled at the stages behind the first, outermost first, as far as their sizes are declared.
    #[must_use]
    pub fn stages(&self) -> &[StageAnswers] {
        &self.stages
    }

    /// Units of the population by stratum key, sorted, if the wave has a frame table.
    #[must_use]
    pub fn frame(&self) -> Option<&[FrameCount]> {
        self.frame.as_deref()
    }

    /// Units that were drawn, by the codes of each variable of the strata; `None` unless the register lists them all. A variable that it does not tell is
    /// not there.
    #[must_use]
    pub fn drawn(&self) -> Option<&BTreeMap<VariableName, BTreeMap<Code, u64>>> {
        self.drawn.as_ref()
    }

    /// The stratum of each unit, as an index into [`CheckedWave::strata`]; units in the order of the Parquet file's rows.
    #[must_use]
    pub fn stratum_of_units(&self) -> &[usize] {
        &self.responses.stratum
    }

    /// The number of the cluster that each unit lies in, in the same order: at the last stage whose size is declared, or the PSU if none is.
    /// `None` where units are PSUs.
    #[must_use]
    pub fn psu_of_units(&self) -> Option<&[usize]> {
        self.responses.psu.as_deref()
    }

    /// What stands for each unit wherever its rows are linked, in the same order. The same unit of a country has the same pseudonym in every wave
    /// that is checked with the same key, so two waves of a panel are linked by equal pseudonyms; under another key it has another one. Nothing
    /// that is published may depend on more than their equality.
    #[must_use]
    pub fn pseudonym_of_units(&self) -> &[Pseudonym] {
        &self.responses.pseudonyms
    }

    /// The weight of each unit, in the same order, none below 0; `None` unless weights are supplied.
    #[must_use]
    pub fn weight_of_units(&self) -> Option<&[Decimal]> {
        self.responses.weight.as_deref()
    }

    /// The weight of each unit in each replicate, none below 0; units in the same order. Empty unless the design has replicate weights.
    #[must_use]
    pub fn replicate_weights(&self) -> &[Vec<Decimal>] {
        &self.replicates
    }

    /// What weights are calibrated to, in the order of the design's margins; units in the same order.
    #[must_use]
    pub fn margins(&self) -> &[MarginAnswers] {
        &self.margins
    }

    /// The wave's loops, in the order of its file.
    #[must_use]
    pub fn loops(&self) -> &[CheckedLoop] {
        &self.loops
    }

    /// What came in.
    #[must_use]
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Missing answers of each variable of the Parquet file, in its order.
    #[must_use]
    pub fn missing(&self) -> &[ItemMissing] {
        &self.missing
    }

    /// The Parquet file, the same bytes for the same answers: fixed row-group size, compression and `created_by`.
    /// The schema's metadata tells wave, country, synthetic mark, labels, codes and question texts. The bytes are the same on any number of
    /// `threads`.
    ///
    /// # Errors
    /// When Parquet cannot be encoded.
    pub fn parquet(&self, threads: NonZeroUsize) -> Result<Vec<u8>, crate::IngestError> {
        self.responses.encode(threads)
    }
}

/// Reads and checks one wave's raw files. `files` holds at least those that the wave names: the path of each is the name
/// there or ends with it. Pseudonyms are made with `key`; no finding depends on it. The wave is there unless a finding is an error. All findings at once, sorted by place; they and the wave are
/// the same on any number of `threads`.
#[must_use]
pub fn check(
    country: &Country,
    wave: &Wave,
    files: &[RawFile],
    key: &PseudonymKey,
    threads: NonZeroUsize,
) -> (Option<CheckedWave>, Vec<Finding>) {
    let mut findings = Vec::new();
    let (checked, paths) = Checking { country, wave, files, key, threads, findings: &mut findings }.run_with_paths();
    let mut findings: Vec<Finding> = findings.into_iter().map(|finding| in_its_file(finding, &paths)).collect();
    findings.sort();
    findings.dedup();
    let has_error = findings.iter().any(|finding| finding.severity == Severity::Error);
    (checked.filter(|_| !has_error), findings)
}

/// One run of the checks.
struct Checking<'a> {
    country: &'a Country,
    wave: &'a Wave,
    files: &'a [RawFile],
    key: &'a PseudonymKey,
    threads: NonZeroUsize,
    findings: &'a mut Vec<Finding>,
}

impl<'a> Checking<'a> {
    /// The wave, and the paths of the files that its answers stand in.
    fn run_with_paths(self) -> (Option<CheckedWave>, Vec<String>) {
        let answers = &self.wave.answers;
        let names = std::iter::once(&answers.file).chain(answers.more_files.iter().map(|(file, _)| file));
        let path = |name: &String| file_named(self.files, name).map_or_else(|| name.clone(), |file| file.path.clone());
        let paths = names.map(path).collect();
        (self.run(), paths)
    }

    fn run(mut self) -> Option<CheckedWave> {
        let reading = Reading { country: self.country, wave: self.wave, files: self.files };
        let mut files = reading.read(self.threads, self.findings)?;
        let loops = std::mem::take(&mut files.loops);
        let units = Units::find(self.wave, &files.answers, files.register.as_ref(), self.findings)?;
        let frame = self.frame_counts(&files);
        let drawn = files.register.as_ref().and_then(|register| drawn(self.country, self.wave, register));
        let columns = self.typed_columns(&mut files, &units);
        let answers = Source { data: &files.answers, rows: &units.answers };
        self.findings.extend(strange_rows(&self.country.codebook.variables, &columns, answers));
        let (columns, mut outcome) = self.route(columns, answers);
        let register = files.register.as_ref().map(|data| Source { data, rows: &units.register });
        let (country, wave) = (self.country, self.wave);
        let median_seconds = Answers { country, wave, answers, register, columns: &columns }.check(&mut outcome);
        self.findings.append(&mut outcome.findings);
        let population =
            PopulationTables { wave: self.wave, frame: frame.as_deref(), files: self.margin_totals(&files) };
        let sampled = Sampled { wave: self.wave, answers, columns: &columns };
        let sample = sampled.sample(self.findings)?;
        let margins = sampled.margins(&population, self.findings)?;
        let ids = files.answers.column(&self.wave.answers.unit)?;
        let order = sample.canonical_order(answers, ids);
        let pseudonyms = self.pseudonyms(answers, ids, &order);
        let zero_weight = sample.zero_weight();
        let summary =
            Summary { checks: outcome.cases, median_seconds, zero_weight, ..self.summary(&files.answers, &units) };
        let (fields, missing) = self.fields(columns, &order).into_iter().unzip();
        let (stages, cluster_of) = (sample.stages(&order), sample.cluster_of_units(&order));
        let Sample { strata, stratum_of, weights, replicates, .. } = sample;
        let in_order = |values: Vec<usize>| -> Vec<usize> { order.iter().map(|unit| values[*unit]).collect() };
        let responses = Responses {
            of_units: None,
            file_metadata: crate::parquet::file_metadata(self.country, self.wave),
            pseudonyms,
            stratum: in_order(stratum_of),
            psu: cluster_of.map(in_order),
            weight: weights.map(|weights| order.iter().map(|unit| weights[*unit]).collect()),
            fields,
        };
        let margins = margins.into_iter().map(|margin| margin.in_order(&order)).collect();
        let replicates =
            replicates.into_iter().map(|weights| order.iter().map(|unit| weights[*unit]).collect()).collect();
        let rows: Vec<Option<usize>> = order.iter().map(|unit| answers.rows.of(*unit)).collect();
        let loops: Vec<CheckedLoop> = loops.into_iter().map(|read| CheckedLoop::new(read, &rows, &responses)).collect();
        let summary = Summary { loops: loops.iter().map(CheckedLoop::summary).collect(), ..summary };
        Some(CheckedWave { strata, stages, replicates, frame, drawn, summary, missing, margins, responses, loops })
    }

    /// The pseudonym of each unit, in canonical order.
    fn pseudonyms(&self, answers: Source<'_>, ids: &RawColumn, order: &[usize]) -> Vec<Pseudonym> {
        let rows = order.iter().filter_map(|unit| answers.rows.of(*unit));
        rows.map(|row| self.key.pseudonym(&self.country.id, ids.value(row))).collect()
    }

    fn frame_counts(&mut self, files: &Files) -> Option<Vec<FrameCount>> {
        let (file, data) = (self.wave.frame.as_ref()?, files.frame.as_ref()?);
        Some(crate::frame::counts(&self.country.codebook, self.wave, file, data, self.findings))
    }

    /// The totals of each margin that has a file.
    fn margin_totals(&mut self, files: &Files) -> Vec<Option<BTreeMap<Vec<Code>, Decimal>>> {
        let margins = self.wave.design.margins().iter().zip(&files.margins);
        let totals = margins.map(|(margin, data)| {
            let (file, data) = (margin.file()?, data.as_ref()?);
            let columns = (file, margin.variables());
            Some(crate::frame::totals(&self.country.codebook, self.wave, columns, data, self.findings))
        });
        totals.collect()
    }

    /// Types every column that a variable reads. What the wave has no column for was asked of nobody; what its file lacks is
    /// unknown, with a finding.
    fn typed_columns(&mut self, files: &mut Files, units: &Units) -> BTreeMap<&'a VariableName, Column> {
        let needed_again = columns_needed_again(self.wave);
        let mut columns = BTreeMap::new();
        for variable in &self.country.codebook.variables {
            let (data, rows) = match variable.origin {
                Origin::Answer => (Some(&mut files.answers), &units.answers),
                Origin::Register => (files.register.as_mut(), &units.register),
                Origin::Fieldwork => {
                    columns.insert(
                        &variable.name,
                        answer_time::column(variable, self.wave, &files.answers, &units.answers),
                    );
                    continue;
                }
                Origin::Derived(_) => continue,
            };
            let name = self.wave.columns.get(&variable.name).map(|(name, _)| name.as_str());
            let raw = name.zip(data).and_then(|(name, data)| Some((name, data.take_column(name)?, data)));
            let column = match (name, raw) {
                (None, _) => Column::uniform(variable, Cell::missing(Missing::NotAsked), units.answers.len()),
                (Some(_), None) => Column::uniform(variable, Cell::UNKNOWN, units.answers.len()),
                (Some(_), Some((name, raw, data))) => {
                    let form = self.cell_form(variable);
                    let (codebook, wave) = (&self.country.codebook, self.wave);
                    let taken = Taken { codebook, wave, variable, column: name, form, data };
                    self.findings.extend(taken.contradictions(&raw));
                    let source = Source { data, rows };
                    let typed = translate::column(variable, self.wave, (name, form), &raw, source, self.findings);
                    if needed_again.contains(name) {
                        data.put_column(name, raw);
                    }
                    typed
                }
            };
            columns.insert(&variable.name, column);
        }
        columns
    }

    fn cell_form(&self, variable: &Variable) -> CellForm {
        let is_answer = variable.origin == Origin::Answer;
        let is_by_position = is_answer && enalyzer::is_by_position(&self.country.codebook, self.wave, variable);
        if is_by_position { CellForm::Positions } else { CellForm::Values }
    }

    fn route(
        &self,
        columns: BTreeMap<&'a VariableName, Column>,
        answers: Source<'_>,
    ) -> (BTreeMap<&'a VariableName, Column>, Outcome<'a>) {
        let derived: Vec<VariableName> =
            self.wave.design.variables().cloned().chain(derived_variables(self.country)).collect();
        let routing = Routing::new(self.country, self.wave, answers, columns);
        routing.run(&derived)
    }

    fn summary(&self, answers: &DataFile, units: &Units) -> Summary {
        let columns = answer_columns(self.country, self.wave);
        let rules = tool::rules(self.wave, self.wave.answers.tool);
        let by_tool = rules.iter().map(|rule| rule.column);
        let by_wave = columns.iter().map(|column| column.column);
        let names = by_wave.chain(by_tool).chain([crate::mapping::SYNTHETIC_COLUMN]).collect();
        let replicates = self.wave.design.replicates.as_ref();
        let used = Names { names, pattern: replicates.map(|recipe| &recipe.columns) };
        let identifies = |name: &str| self.wave.answers.is_personal(name) || identifies_by_name(name);
        let unread = answers.header.iter().filter(|name| !used.contains(name));
        let shown =
            |name: &String| if holds_contact(name) { "a column named by a contact".to_owned() } else { name.clone() };
        let identifying = unread.filter(|name| identifies(name) || holds_contact(name)).map(shown).collect();
        Summary {
            rows: counted(answers.row_numbers.len()),
            left_out: units.left_out.clone(),
            answers: counted(units.answers.len()),
            columns: counted(answers.header.len()),
            unused_columns: unused_columns(answers, &used),
            identifying,
            ..Summary::default()
        }
    }

    /// The columns to write, in codebook order, their rows in canonical order.
    fn fields(&self, mut columns: BTreeMap<&'a VariableName, Column>, order: &[usize]) -> Vec<(Field, ItemMissing)> {
        let mut fields = Vec::new();
        for variable in &self.country.codebook.variables {
            let is_written = !matches!(variable.origin, Origin::Derived(_)) && variable.kind != Kind::Text;
            let Some(mut column) = columns.remove(&variable.name).filter(|_| is_written) else { continue };
            column.cells = column.cells.of_units(order);
            let missing = missing(&variable.name, &column);
            fields.push((Field::new(self.country, variable, column), missing));
        }
        fields
    }
}

/// Columns whose raw cells are needed after a variable was typed from them: those of the design, and those that several
/// variables read.
fn columns_needed_again(wave: &Wave) -> BTreeSet<&str> {
    let mut needed = BTreeSet::from([wave.answers.unit.as_str()]);
    if let WeightRecipe::Supplied { column, .. } = &wave.design.weights {
        needed.insert(column);
    }
    needed.extend(wave.design.population_columns());
    needed.extend(wave.answers.times.started.iter().chain(&wave.answers.times.finished).map(String::as_str));
    let mut seen = BTreeSet::new();
    let names = wave.columns.values().map(|(name, _)| name.as_str());
    needed.extend(names.filter(|name| !seen.insert(*name)));
    needed
}

impl std::fmt::Debug for RawFile {
    /// Its path and size: raw bytes are answers and never reach a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawFile").field("path", &self.path).field("bytes", &self.bytes.len()).finish()
    }
}
