//! The method page, from the codebook, the wave's design and the counts of the survey.

use std::collections::BTreeSet;

use codebook::{
    CalibrationMethod, CalibrationRecipe, CellTotals, Decimal, Kind, Language, LeftOut, LonelyPsu, Margin, MarginOf,
    Origin, QualityPreset, ReplicateCentre, ReplicateKind, ReplicateRecipe, Row, Samples, Survey, Translated,
    TrimRecipe, Variable, VariableName, WeightBound, WeightRecipe,
};
use disclose::{Hidden, WeightFacts};
use minijinja::context;

use super::section::{Section, Table, contents, length, per_hundred, sections};
use super::setting::Setting;
use super::{Frame, Scene};
use crate::ReportError;
use crate::caption::{definition, interval_note, sizes_are_known};
use crate::figure::{FLAG, reason, symbol};
use crate::language::{Number, Word};
use crate::templates::{Engine, text};

impl Scene<'_> {
    pub(super) fn method(&self, engine: &Engine<'_>, languages: &[Language]) -> Result<String, ReportError> {
        let introduction = self.pack.text(Word::MethodIntroduction);
        let frame = Frame {
            name: "method.html",
            title: self.pack.text(Word::Method).to_owned(),
            description: introduction,
            languages,
        };
        let all = self.method_sections();
        let page = context! {
            introduction => text(introduction),
            contents => contents(&all),
            sections => sections(&all, Setting::Page),
            has_comparability => self.edition.whole.ledger.is_some(),
        };
        engine.render("html/method.html", &self.context(&frame, page))
    }

    /// The sections of the method page, in order.
    pub(super) fn method_sections(&self) -> Vec<Section> {
        vec![
            self.population(),
            self.sample(),
            self.answers(),
            self.bases(),
            self.weights(),
            self.intervals(),
            self.sentences(),
            self.over_waves(),
            self.definitions(),
            self.disclosure(),
            self.symbols(),
        ]
    }

    pub(super) fn labels(&self, names: &[VariableName]) -> String {
        let quoted: Vec<String> = names.iter().map(|name| self.pack.quote(&self.label(name))).collect();
        self.pack.list(&quoted, Word::ListAnd)
    }

    /// How waves are compared, where the edition shows several.
    fn over_waves(&self) -> Section {
        let published = self.edition.published;
        if published.earlier().is_empty() {
            return Section::default();
        }
        let language = self.pack.language();
        let series = &self.edition.country.series;
        let mut paragraphs = vec![self.words(Word::SeriesIntroduction)];
        for pair in series.pairs.iter().filter(|pair| pair.later <= published.wave()) {
            let word = match pair.samples {
                Samples::Independent => Word::SamplesIndependent,
                Samples::Coordinated => Word::SamplesCoordinated,
                Samples::Panel => Word::SamplesPanel,
            };
            let (earlier, later) = (pair.earlier.to_string(), pair.later.to_string());
            let values =
                [("earlier", earlier.as_str()), ("later", later.as_str()), ("source", pair.source.get(language))];
            paragraphs.push(self.pack.fill(word, &values));
        }
        for (wave, because) in series.outside.iter().filter(|(wave, _)| *wave <= published.wave()) {
            let wave = wave.to_string();
            let values = [("wave", wave.as_str()), ("because", because.get(language))];
            paragraphs.push(self.pack.fill(Word::OutsideSeries, &values));
        }
        self.section("series", Word::SeriesHeading, paragraphs)
    }

    fn population(&self) -> Section {
        let about = self.edition.wave.about.get(self.pack.language()).to_owned();
        let terms = self.edition.wave.survey.as_ref().map(|survey| self.survey(survey)).unwrap_or_default();
        Section { terms, ..self.section("population", Word::PopulationHeading, vec![about]) }
    }

    /// Who answers for whom, and whose choices went into the numbers; what nobody knows says so.
    fn survey(&self, survey: &Survey) -> Vec<(String, String)> {
        let told = |text: &Translated| match Survey::is_unknown(text) {
            true => self.words(Word::SurveyUnknown),
            false => text.get(self.pack.language()).to_owned(),
        };
        let mut terms = vec![
            (self.words(Word::SurveyUnit), told(&survey.unit)),
            (self.words(Word::SurveyPopulation), told(&survey.population)),
            (self.words(Word::SurveySpeaksFor), told(&survey.speaks_for)),
            (self.words(Word::SurveyWeights), told(&survey.weights)),
        ];
        for (list, source) in &survey.cut_points {
            let label = self.pack.quote(&self.label_of_list(list));
            terms.push((self.pack.fill(Word::SurveyCutPoints, &[("answers", &label)]), told(source)));
        }
        terms
    }

    /// What a list of codes is called: the first question that has it.
    fn label_of_list(&self, list: &str) -> String {
        let codebook = &self.edition.country.codebook;
        let has_it = |variable: &&Variable| matches!(&variable.kind, Kind::Category { list: own, .. } if own == list);
        let Some(variable) = codebook.variables.iter().find(has_it) else { return list.to_owned() };
        let battery = codebook.battery_of(&variable.name).map(|battery| &battery.question);
        battery.unwrap_or(&variable.label).get(self.pack.language()).to_owned()
    }

    pub(super) fn sample(&self) -> Section {
        let design = &self.edition.wave.design;
        let count = self.edition.published.fieldwork().strata;
        let mut paragraphs = vec![if design.strata.is_empty() {
            self.words(Word::SampleOneStratum)
        } else {
            let strata = self.labels(&design.strata);
            self.pack.fill_counted(Word::SampleStratified, count, &[("strata", &strata)])
        }];
        paragraphs.extend(self.clusters());
        if let Some(recipe) = &design.replicates {
            // They hold whatever corrections there are, and strata with one PSU.
            paragraphs.push(self.replicates(recipe));
            return self.section("sample", Word::SampleHeading, paragraphs);
        }
        let correction = if sizes_are_known(self.edition.wave) { Word::CorrectionFrame } else { Word::CorrectionNone };
        paragraphs.push(self.words(correction));
        if !design.strata.is_empty() {
            paragraphs.push(self.words(match design.lonely {
                LonelyPsu::Refuse => Word::LonelyRefuse,
                LonelyPsu::Certainty => Word::LonelyCertainty,
                LonelyPsu::Centre => Word::LonelyCentre,
                LonelyPsu::Average => Word::LonelyAverage,
            }));
        }
        self.section("sample", Word::SampleHeading, paragraphs)
    }

    /// What was drawn where units are not; of later stages only those whose sizes are declared count in the variance.
    fn clusters(&self) -> Option<String> {
        let design = &self.edition.wave.design;
        let psu = design.psu.first()?;
        if design.later_populations.is_empty() {
            let clusters = self.labels(std::slice::from_ref(psu));
            return Some(self.pack.fill(Word::SampleClusters, &[("clusters", &clusters)]));
        }
        let (clusters, stages) = (self.labels(&design.psu), self.pack.count(1 + length(&design.later_populations)));
        Some(self.pack.fill(Word::SampleStages, &[("clusters", &clusters), ("stages", &stages)]))
    }

    /// How the replicate weights that came with the answers were made.
    fn replicates(&self, recipe: &ReplicateRecipe) -> String {
        let jackknife = |name| self.pack.fill(Word::ReplicatesJackknife, &[("name", name)]);
        let method = match &recipe.method {
            ReplicateKind::Jk1 => jackknife("JK1"),
            ReplicateKind::Jkn { .. } => jackknife("JKn"),
            ReplicateKind::Jk2 => jackknife("JK2"),
            ReplicateKind::Brr => self.words(Word::ReplicatesHalves),
            ReplicateKind::Fay { rho } => self.pack.fill(Word::ReplicatesFay, &[("rho", &self.decimal(*rho))]),
            ReplicateKind::Bootstrap => self.words(Word::ReplicatesBootstrap),
            ReplicateKind::Sdr => self.words(Word::ReplicatesDifferences),
        };
        let centre = self.words(match recipe.centre {
            ReplicateCentre::Mean => Word::ReplicatesAroundMean,
            ReplicateCentre::Estimate => Word::ReplicatesAroundEstimate,
        });
        format!("{} {centre}", self.pack.fill(Word::SampleReplicates, &[("method", &method)]))
    }

    fn answers(&self) -> Section {
        let fieldwork = self.edition.published.fieldwork();
        let mut counts = vec![(Word::RowsOfExport, self.pack.count(fieldwork.rows))];
        for reason in LeftOut::ALL {
            let rows = fieldwork.left_out.get(&reason).copied().unwrap_or(0);
            if rows > 0 || reason == LeftOut::Incomplete {
                counts.push((left_out(reason), self.pack.count(rows)));
            }
        }
        if fieldwork.zero_weight > 0 {
            counts.push((Word::ZeroWeightRows, self.pack.count(fieldwork.zero_weight)));
        }
        counts.push((Word::UsableAnswers, self.pack.count(fieldwork.answers)));
        if let Some(population) = fieldwork.population {
            counts.push((Word::UnitsOfPopulation, self.pack.count(population)));
            if let Some(share) = per_hundred(fieldwork.answers, population) {
                counts.push((Word::ShareAnswered, self.pack.number(share)));
            }
        }
        counts.push((Word::StrataWithAnswers, self.pack.count(fieldwork.strata)));
        let table = Table {
            columns: vec![self.words(Word::CountsColumn), self.words(Word::NumberColumn)],
            rows: counts.into_iter().map(|(word, count)| vec![self.words(word), count]).collect(),
            is_numeric: true,
        };
        let section = self.section("answers", Word::AnswersHeading, vec![self.words(Word::AnswersIntroduction)]);
        Section { table: Some(table), ..section }
    }

    fn bases(&self) -> Section {
        let language = self.pack.language();
        let rows = self.edition.published.fieldwork().bases.iter().filter_map(|(id, count)| {
            let base = self.edition.country.bases.get(id)?;
            let unit = base.counting_unit.get(language).to_owned();
            Some(vec![base.label.get(language).to_owned(), unit, self.pack.count(*count)])
        });
        let columns = [Word::BaseColumn, Word::CountingUnitColumn, Word::AnswersColumn];
        let columns = columns.into_iter().map(|word| self.words(word)).collect();
        let table = Table { columns, rows: rows.collect(), is_numeric: false };
        let paragraphs = std::iter::once(self.words(Word::BasesIntroduction)).chain(self.counted_without_an_answer());
        let section = self.section("bases", Word::BasesHeading, paragraphs.collect());
        Section { table: Some(table), ..section }
    }

    pub(super) fn weights(&self) -> Section {
        let design = &self.edition.wave.design;
        let mut paragraphs = vec![self.words(match &design.weights {
            WeightRecipe::Response => Word::WeightsResponse,
            WeightRecipe::Supplied { .. } => Word::WeightsSupplied,
            WeightRecipe::Equal => Word::WeightsEqual,
        })];
        if !design.collapse.is_empty() {
            paragraphs.push(self.pack.fill_counted(Word::WeightsCollapsed, length(&design.collapse), &[]));
        }
        if let Some(recipe) = &design.calibration {
            paragraphs.extend([self.calibration(recipe), self.words(Word::WeightsExplained)]);
        }
        paragraphs.extend(design.trim.as_ref().map(|recipe| self.trimming(recipe)));
        let weights = self.edition.published.fieldwork().weights;
        paragraphs.extend(weights.map(|_| self.words(Word::WeightsUnequal)));
        let section = self.section("weights", Word::WeightsHeading, paragraphs);
        Section { table: weights.map(|weights| self.weight_facts(weights)), ..section }
    }

    /// What the weights were made to reproduce, and how.
    fn calibration(&self, recipe: &CalibrationRecipe) -> String {
        let margins: Vec<String> = recipe.margins.iter().map(|margin| self.margin(margin)).collect();
        let margins = self.pack.list(&margins, Word::ListAnd);
        let margins = ("margins", margins.as_str());
        match recipe.method {
            CalibrationMethod::PostStratification => self.pack.fill(Word::WeightsPoststratified, &[margins]),
            CalibrationMethod::Raking => self.pack.fill(Word::WeightsRaked, &[margins]),
            CalibrationMethod::Linear => self.pack.fill(Word::WeightsLinear, &[margins]),
            CalibrationMethod::Logit { bounds } => {
                let (low, high) = (self.decimal(bounds.low), self.decimal(bounds.high));
                self.pack.fill(Word::WeightsLogit, &[margins, ("low", &low), ("high", &high)])
            }
        }
    }

    /// What is known, and from where.
    fn margin(&self, margin: &Margin) -> String {
        let told = margin.source.as_ref().map(|source| source.get(self.pack.language()).to_owned());
        let is_frame = matches!(&margin.of, MarginOf::Cells { totals: CellTotals::Frame, .. });
        let source = told.or_else(|| is_frame.then(|| self.words(Word::MarginFrame)));
        let known = match &margin.of {
            MarginOf::Cells { by, .. } => {
                let variables: Vec<String> = by.iter().map(|name| self.pack.quote(&self.label(name))).collect();
                self.pack.fill(Word::MarginCells, &[("variables", &variables.join(" × "))])
            }
            MarginOf::Number { variable, .. } => {
                let variable = self.pack.quote(&self.label(variable));
                self.pack.fill(Word::MarginNumber, &[("variable", &variable)])
            }
        };
        source.map_or(known.clone(), |source| format!("{known} ({source})"))
    }

    fn trimming(&self, recipe: &TrimRecipe) -> String {
        let bounds = [(recipe.lowest, Word::BoundLowest), (recipe.highest, Word::BoundHighest)];
        let bounds: Vec<String> = bounds
            .into_iter()
            .filter_map(|(bound, word)| Some(self.pack.fill(word, &[("weight", &self.bound(bound?))])))
            .collect();
        self.pack.fill(Word::WeightsTrimmed, &[("bounds", &self.pack.list(&bounds, Word::ListAnd))])
    }

    fn bound(&self, bound: WeightBound) -> String {
        let number = self.decimal(bound.number());
        match bound {
            WeightBound::Weight(_) => number,
            WeightBound::TimesMedian(_) => self.pack.fill(Word::TimesMedian, &[("times", &number)]),
            WeightBound::TimesMean(_) => self.pack.fill(Word::TimesMean, &[("times", &number)]),
        }
    }

    /// A number as the wave's file says it.
    fn decimal(&self, number: Decimal) -> String {
        self.pack.decimal(&number.to_string())
    }

    fn weight_facts(&self, weights: WeightFacts) -> Table {
        let facts = [
            (Word::SmallestWeight, Some(weights.smallest())),
            (Word::LargestWeight, Some(weights.largest())),
            (Word::WeightsEffect, Some(weights.design_effect())),
            (Word::TrimmedShare, weights.trimmed()),
        ];
        let rows = facts
            .into_iter()
            .filter_map(|(word, number)| Some(vec![self.words(word), self.pack.number(Number::from(number?))]));
        Table {
            columns: vec![self.words(Word::WeightsColumn), self.words(Word::ValueColumn)],
            rows: rows.collect(),
            is_numeric: true,
        }
    }

    fn intervals(&self) -> Section {
        let level = self.pack.level(self.edition.published.level());
        let how = match &self.edition.wave.design.replicates {
            Some(_) => Word::IntervalsReplicated,
            None => Word::IntervalsHow,
        };
        let mut paragraphs = vec![self.pack.fill(how, &[("level", &level)])];
        if interval_note(self.edition.wave) == Word::IntervalApproximate {
            paragraphs.push(
                self.pack
                    .fill(Word::IntervalApproximate, &[("shown", self.pack.text(Word::LinesShow)), ("level", &level)]),
            );
        }
        paragraphs.extend([Word::IntervalsCover, Word::IntervalsNot, Word::RoundingNote].map(|word| self.words(word)));
        self.section("intervals", Word::IntervalsHeading, paragraphs)
    }

    fn sentences(&self) -> Section {
        let level = self.edition.published.level();
        let tested = if interval_note(self.edition.wave) == Word::IntervalApproximate {
            self.words(Word::SentencesUntested)
        } else {
            let (level, test_level) = (self.pack.level(level), self.pack.decimal(&level.test_percent().to_string()));
            self.pack.fill(Word::SentencesTested, &[("level", &level), ("test_level", &test_level)])
        };
        self.section("sentences", Word::SentencesHeading, vec![self.words(Word::SentencesChecked), tested])
    }

    /// Every derived condition that some figure's table counts, with what it is made of.
    fn definitions(&self) -> Section {
        let tables: BTreeSet<_> =
            self.edition.wave.themes.iter().flat_map(|theme| &theme.figures).map(|figure| &figure.table).collect();
        let mut terms: Vec<(String, String)> = Vec::new();
        let rows = self.edition.country.tables.iter().filter(|table| tables.contains(&table.id));
        for row in rows.flat_map(|table| &table.rows).filter(|row| self.is_derived_condition(row)) {
            let definition = definition(self.edition.country, self.pack, row);
            let term = (row.label.get(self.pack.language()).to_owned(), format!("{definition}."));
            if !terms.contains(&term) {
                terms.push(term);
            }
        }
        if terms.is_empty() {
            return Section::default();
        }
        let introduction = vec![self.words(Word::DefinitionsIntroduction)];
        Section { terms, ..self.section("definitions", Word::DefinitionsHeading, introduction) }
    }

    fn is_derived_condition(&self, row: &Row) -> bool {
        let variable = self.edition.country.codebook.variable(&row.item);
        variable.is_some_and(|it| matches!((&it.origin, &it.kind), (Origin::Derived(_), Kind::Condition)))
    }

    pub(super) fn disclosure(&self) -> Section {
        let rules = self.edition.published.rules();
        let count = |number: u64| self.pack.count(number);
        let disclosure = self.pack.fill(Word::DisclosureRule, &[("k", &count(rules.smallest_base))]);
        let office = |office: &str| Some(self.pack.fill(Word::QualityOfOffice, &[("office", office)]));
        let quality = match rules.quality {
            QualityPreset::Usual => {
                let (unreliable, flagged) = (count(rules.unreliable_below), count(rules.flagged_below));
                let points = count(u64::from(rules.widest_interval));
                let values = [("unreliable", &*unreliable), ("points", &points), ("flagged", &flagged)];
                Some(self.pack.fill(Word::QualityRule, &values))
            }
            QualityPreset::Nchs => office("National Center for Health Statistics (2017)"),
            QualityPreset::Ons => office("Office for National Statistics"),
            QualityPreset::Statcan => office("Statistics Canada"),
            QualityPreset::None => None,
        };
        let paragraphs = std::iter::once(disclosure).chain(quality).collect();
        self.section("disclosure", Word::DisclosureHeading, paragraphs)
    }

    fn symbols(&self) -> Section {
        let hidden = [Hidden::Confidential, Hidden::Unreliable, Hidden::Empty, Hidden::NotEstimable];
        let mut rows: Vec<Vec<String>> =
            hidden.iter().map(|it| vec![symbol(*it).to_owned(), self.words(reason(*it))]).collect();
        let flag = match self.edition.published.rules().quality {
            QualityPreset::Usual => Some(Word::FewAnswers),
            QualityPreset::Ons | QualityPreset::Statcan => Some(Word::Imprecise),
            QualityPreset::Nchs | QualityPreset::None => None,
        };
        rows.extend(flag.map(|word| vec![FLAG.to_owned(), self.words(word)]));
        let columns = vec![self.words(Word::SymbolColumn), self.words(Word::MeaningColumn)];
        let table = Table { columns, rows, is_numeric: false };
        Section { table: Some(table), ..self.section("symbols", Word::SymbolsHeading, Vec::new()) }
    }
}

/// What rows that are left out for a reason are called.
fn left_out(reason: LeftOut) -> Word {
    match reason {
        LeftOut::Incomplete => Word::IncompleteRows,
        LeftOut::Preview => Word::PreviewRows,
        LeftOut::Duplicate => Word::DuplicateRows,
        LeftOut::OtherWave => Word::OtherWaveRows,
        LeftOut::OutOfScope => Word::OutOfScopeRows,
    }
}
