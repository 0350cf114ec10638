//! Captions, built from the codebook by a fixed grammar.
//!
//! Always in this order: what the figure shows; the exact question; how a combined total is made; who was asked and what is
//! counted; why shares do not sum to 100; which test a difference passed; what the intervals cover; the weighting; n. Nobody types
//! a caption, so none can contradict its figure.

mod condition;

use codebook::{
    BatteryKind, Chart, ChartKind, Code, ConfidenceLevel, Country, Figure, Kind, Language, Measure, Origin, Population,
    Predicate, Row, TableSpec, Theme, Variable, VariableName, Wave, WeightRecipe,
};

use disclose::Family;

use crate::Pack;
use crate::language::{Number, Word, as_written};
use crate::narrative::Headline;
use crate::significance::test_in_brief;

pub(crate) use condition::{condition, definition};

/// More definitions than this make a caption unreadable; the method page has them all.
const DEFINITIONS_AT_MOST: usize = 2;

/// What a caption is made from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) country: &'a Country,
    pub(crate) wave: &'a Wave,
    pub(crate) theme: &'a Theme,
    pub(crate) figure: &'a Figure,
    pub(crate) table: &'a TableSpec,
    pub(crate) headline: &'a Headline,
    /// The tests of the page, if it has any.
    pub(crate) family: Option<&'a Family>,
    pub(crate) level: ConfidenceLevel,
    pub(crate) pack: &'a Pack,
}

/// The published numbers that a caption tells of.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    /// The estimate of each bar, where it is shown, by the groups of the figure; no groups where it is withheld.
    pub(crate) estimates: Vec<Vec<Option<Number>>>,
    /// The answers in the base of the table, if it is published.
    pub(crate) answers: Option<u64>,
    /// The same wave by wave, in sentences, if the figure shows several.
    pub(crate) answers_of_waves: Vec<String>,
    /// Whether the printed parts of a total differ from it in sum.
    pub(crate) has_loose_totals: bool,
    /// The answers that the figure leaves out, each with its share where that is published.
    pub(crate) omitted: Vec<String>,
    /// What there is to know of the waves that it shows, if it shows several.
    pub(crate) waves: Vec<String>,
}

/// The caption in paragraphs: what is shown and asked; of whom, what is left out and how it adds up; how sure it is.
pub(crate) fn caption(subject: Subject<'_>, told: &Told) -> Vec<String> {
    let paragraphs = [
        vec![Some(subject.shows()), subject.questions(), subject.combined(), subject.merged()],
        vec![Some(subject.asked()), Some(subject.counting_unit()), subject.omitted(told), subject.sum_note(told)],
        told.waves.iter().cloned().map(Some).collect(),
        subject.tests(),
        vec![subject.intervals(told), Some(subject.weighting()), subject.answers(told)],
    ];
    let join = |sentences: Vec<Option<String>>| sentences.into_iter().flatten().collect::<Vec<_>>().join(" ");
    paragraphs.into_iter().map(join).filter(|paragraph| !paragraph.is_empty()).collect()
}

/// The text that tells what the intervals of a wave are and cover; its places are what shows them and the level.
pub(crate) fn interval_note(wave: &Wave) -> Word {
    match &wave.design.weights {
        WeightRecipe::Response => Word::IntervalResponse,
        WeightRecipe::Supplied { design_known: false, .. } => Word::IntervalApproximate,
        WeightRecipe::Supplied { design_known: true, .. } | WeightRecipe::Equal => Word::IntervalDesign,
    }
}

/// Whether population sizes are declared.
pub(crate) fn sizes_are_known(wave: &Wave) -> bool {
    match &wave.design.population {
        Population::Frame | Population::Column(_) => true,
        Population::Undeclared => false,
    }
}

impl<'a> Subject<'a> {
    fn language(&self) -> &'a Language {
        self.pack.language()
    }

    /// The rows that the figure draws.
    pub(crate) fn rows(&self) -> Vec<&'a Row> {
        match &self.figure.chart {
            Chart::Rows | Chart::RowsByGroups { .. } | Chart::Against { .. } => self.table.rows.iter().collect(),
            Chart::Row { row } | Chart::Groups { row, .. } | Chart::OverWaves { row: Some(row), .. } => {
                self.table.row(row).into_iter().collect()
            }
            Chart::OverWaves { row: None, .. } => self.table.rows.iter().collect(),
        }
    }

    fn variable(&self, name: &VariableName) -> &'a Variable {
        self.country.codebook.variable(name).expect("reading a country resolves the variables of its tables")
    }

    /// What the figure shows, as a sentence.
    pub(crate) fn shows(&self) -> String {
        let language = self.language();
        let base =
            self.country.bases.get(&self.table.base).expect("reading a country resolves the bases of its tables");
        let base = base.label.get(language);
        let what = self.what();
        // A text takes of these what its measure has.
        let (over, percent) = (self.over(), self.probability());
        let (base, over, percent) = (("base", base), ("over", over.as_str()), ("percent", percent.as_str()));
        let measure = self.table.measure;
        let Some(breakdown) = self.figure.chart.breakdown() else {
            let word = match measure {
                Measure::Share => Word::ShowsShare,
                Measure::Mean => Word::ShowsMean,
                Measure::Total => Word::ShowsTotal,
                Measure::Ratio => Word::ShowsRatio,
                median if median.is_median() => Word::ShowsMedian,
                Measure::Quantile { .. } => Word::ShowsQuantile,
            };
            return self.pack.fill(word, &[("title", &sentence(&what)), base, over, percent]);
        };
        let word = match measure {
            Measure::Share => Word::ShowsShareBy,
            Measure::Mean => Word::ShowsMeanBy,
            Measure::Total => Word::ShowsTotalBy,
            Measure::Ratio => Word::ShowsRatioBy,
            median if median.is_median() => Word::ShowsMedianBy,
            Measure::Quantile { .. } => Word::ShowsQuantileBy,
        };
        let breakdown = self.variable(breakdown).label.get(language);
        self.pack.fill(word, &[("what", &what), ("breakdown", breakdown), base, over, percent])
    }

    /// What the rows of a ratio are divided by; all of a table by the same.
    fn over(&self) -> String {
        let over = self.table.rows.first().and_then(|row| row.over.as_ref());
        over.map_or("", |name| self.variable(name).label.get(self.language())).to_owned()
    }

    /// The probability of a quantile in per cent.
    fn probability(&self) -> String {
        let Measure::Quantile { probability, .. } = self.table.measure else { return String::new() };
        let decimals = probability.scale().max(2) - 2;
        let units = probability.units_at(decimals + 2).and_then(|units| i64::try_from(units).ok());
        let number = units.map(|units| Number { units, decimals });
        self.pack.percent(number.expect("a probability has few digits"))
    }

    /// What the figure's numbers are of, as a noun phrase.
    fn what(&self) -> String {
        let language = self.language();
        let title = self.table.title.get(language);
        match &self.figure.chart {
            Chart::Rows | Chart::RowsByGroups { .. } | Chart::OverWaves { row: None, .. } => title.to_owned(),
            Chart::Row { row } | Chart::Groups { row, .. } | Chart::OverWaves { row: Some(row), .. } => {
                let row = self.table.row(row).expect("reading a country resolves the rows of its figures");
                // The only row of a table is what its title says.
                match self.table.rows.as_slice() {
                    [_only] => title.to_owned(),
                    _ => format!("{title}: {}", row.label.get(language)),
                }
            }
            Chart::Against { .. } => {
                let other = self.other().expect("a figure of two tables has another one");
                format!("{} {}", sentence(title), other.title.get(language))
            }
        }
    }

    /// The table that the figure sets its own against.
    fn other(&self) -> Option<&'a TableSpec> {
        match &self.figure.chart {
            Chart::Against { table, .. } => {
                Some(self.country.table(table).expect("reading a country resolves the tables of its figures"))
            }
            Chart::Rows
            | Chart::Row { .. }
            | Chart::Groups { .. }
            | Chart::RowsByGroups { .. }
            | Chart::OverWaves { .. } => None,
        }
    }

    /// The exact wording of what was asked; nothing where every row is derived, whose definitions quote the questions.
    fn questions(&self) -> Option<String> {
        let mut asked: Vec<String> = Vec::new();
        for row in self.rows() {
            if let Some(question) = self.question_of(row) {
                let quoted = self.quoted_sentence(question);
                if !asked.contains(&quoted) {
                    asked.push(quoted);
                }
            }
        }
        let told = match asked.as_slice() {
            [] => None,
            [only] => Some(self.pack.fill(Word::Question, &[("question", only)])),
            several => Some(self.pack.fill(Word::Questions, &[("questions", &several.join(" "))])),
        };
        let is_unknown = self.rows().into_iter().any(|row| self.is_wording_unknown(row));
        let unknown = is_unknown.then(|| self.pack.text(Word::QuestionWordingUnknown).to_owned());
        let sentences: Vec<String> = told.into_iter().chain(unknown).collect();
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }

    /// Whether nobody knows that respondents read the question that is quoted for a row, be it in the row's definition.
    fn is_wording_unknown(&self, row: &Row) -> bool {
        let parts = match &self.variable(&row.item).origin {
            Origin::Derived(expression) => expression.variables(),
            Origin::Answer | Origin::Register | Origin::Fieldwork => vec![&row.item],
        };
        parts.into_iter().any(|name| self.country.is_wording_unknown(name, self.wave.id))
    }

    /// A question in its marks. What does not end in a mark of its own gets a full stop behind them.
    fn quoted_sentence(&self, question: &str) -> String {
        let stop = if sentence(question) == question { "" } else { "." };
        format!("{}{stop}", self.pack.quote(question))
    }

    fn question_of(&self, row: &Row) -> Option<&'a str> {
        if let Some(battery) = self.country.codebook.battery_of(&row.item) {
            return Some(battery.question.get(self.language()));
        }
        self.variable(&row.item).question.as_ref().map(|question| question.get(self.language()))
    }

    /// How rows that combine several answers are made.
    fn combined(&self) -> Option<String> {
        let rows = self.rows();
        if let Some(sides) = self.sides() {
            return Some(sides);
        }
        if let Some(common) = self.counted_answers(&rows) {
            return Some(common);
        }
        let combined: Vec<&Row> = rows.into_iter().filter(|row| self.combines(row)).collect();
        if combined.len() > DEFINITIONS_AT_MOST {
            return Some(self.pack.text(Word::MadeOfMany).to_owned());
        }
        let sentences: Vec<String> = combined.iter().map(|row| self.made_of(row)).collect();
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }

    /// What the asterisk behind a row means.
    fn merged(&self) -> Option<String> {
        self.rows().iter().any(|row| row.is_merged()).then(|| self.pack.text(Word::Merged).to_owned())
    }

    /// One sentence for items of a scale or yes-no questions that all count the same answers.
    fn counted_answers(&self, rows: &[&Row]) -> Option<String> {
        let first = rows.first()?;
        let is_shared = rows.iter().all(|row| row.codes == first.codes) && !first.codes.is_empty();
        let is_several_items = rows.iter().any(|row| row.item != first.item) || rows.len() == 1;
        let is_ticked = self.country.codebook.battery_of(&first.item).is_some_and(|battery| match &battery.kind {
            BatteryKind::Multiple { mentioned } => first.codes == [mentioned.clone()],
            BatteryKind::Scale => false,
        });
        if !is_shared || !is_several_items || is_ticked {
            return None;
        }
        // One row of one code is named after it: "core task: current" needs no sentence.
        if rows.len() == 1 && first.codes.len() == 1 {
            return None;
        }
        let labels = self.labels_of(&first.item, &first.codes);
        Some(match labels.as_slice() {
            [only] => self.pack.fill(Word::CountedAnswer, &[("answer", only)]),
            several => self.pack.fill(Word::CountedAnswers, &[("answers", &self.pack.list(several, Word::ListAnd))]),
        })
    }

    /// Which answers go to which side.
    fn sides(&self) -> Option<String> {
        let side = |table: &TableSpec| {
            let row = table.rows.first()?;
            Some(self.pack.list(&self.labels_of(&row.item, &row.codes), Word::ListOr))
        };
        let (left, right) = (side(self.other()?)?, side(self.table)?);
        Some(self.pack.fill(Word::Sides, &[("left", &left), ("right", &right)]))
    }

    fn labels_of(&self, item: &VariableName, codes: &[Code]) -> Vec<String> {
        let categories = self.variable(item).categories();
        let counted = categories.iter().filter(|category| codes.contains(&category.code));
        counted.map(|category| self.pack.quote(category.label.get(self.language()))).collect()
    }

    fn combines(&self, row: &Row) -> bool {
        match &self.variable(&row.item).origin {
            Origin::Derived(_) => matches!(self.variable(&row.item).kind, Kind::Condition),
            Origin::Answer | Origin::Register | Origin::Fieldwork => row.codes.len() > 1,
        }
    }

    fn made_of(&self, row: &Row) -> String {
        let definition = definition(self.country, self.pack, row);
        self.pack.fill(Word::MadeOf, &[("row", row.label.get(self.language())), ("definition", &definition)])
    }

    fn asked(&self) -> String {
        let base = &self.country.bases[&self.table.base];
        self.pack.fill(Word::Asked, &[("base", base.label.get(self.language()))])
    }

    fn counting_unit(&self) -> String {
        let base = &self.country.bases[&self.table.base];
        self.pack.fill(Word::CountingUnit, &[("unit", base.counting_unit.get(self.language()))])
    }

    fn omitted(&self, told: &Told) -> Option<String> {
        let is_any = !told.omitted.is_empty();
        is_any.then(|| self.pack.fill(Word::Omitted, &[("answers", &self.pack.list(&told.omitted, Word::ListAnd))]))
    }

    /// Why the shares of the figure do not sum to 100, or parts not to their total, if a reader could think that they should.
    fn sum_note(&self, told: &Told) -> Option<String> {
        if told.has_loose_totals {
            return Some(self.pack.text(Word::TotalRounding).to_owned());
        }
        let is_whole = matches!(self.figure.chart, Chart::Rows) || self.figure.kind == ChartKind::Stacked;
        let is_rows = is_whole && matches!(self.table.measure, Measure::Share);
        let rows = self.rows();
        let first = rows.first().filter(|_| is_rows && rows.len() > 1)?;
        if self.is_multiple(&rows) {
            let above = told.estimates.iter().filter_map(|group| sum(group)).any(|(sum, hundred)| sum > hundred);
            let word = if above { Word::SumAboveHundred } else { Word::SeveralAnswers };
            return Some(self.pack.text(word).to_owned());
        }
        if rows.iter().any(|row| row.item != first.item) {
            return None;
        }
        // What is left out explains a sum below 100 already.
        let is_off = told.omitted.is_empty()
            && told.estimates.iter().filter_map(|group| sum(group)).any(|(sum, hundred)| sum != hundred);
        is_off.then(|| self.pack.text(Word::SumRounding).to_owned())
    }

    fn is_multiple(&self, rows: &[&Row]) -> bool {
        rows.iter().all(|row| {
            let battery = self.country.codebook.battery_of(&row.item);
            battery.is_some_and(|battery| matches!(battery.kind, BatteryKind::Multiple { .. }))
        })
    }

    /// Which tests the words of the headline stand on: level, test, adjustment and number of tests.
    fn tests(&self) -> Vec<Option<String>> {
        let mut notes: Vec<String> = Vec::new();
        for id in &self.headline.claims {
            let claim = self.theme.claims.iter().find(|claim| claim.id == *id);
            let note = claim.and_then(|claim| self.test(&claim.predicate));
            notes.extend(note.filter(|note| !notes.contains(note)));
        }
        notes.into_iter().map(Some).collect()
    }

    fn test(&self, predicate: &Predicate) -> Option<String> {
        let test = || Some(test_in_brief(self.pack, self.family?, self.level));
        match predicate {
            Predicate::MoreOften { at_least, .. } if *at_least > 0.0 => {
                let points = as_written(*at_least);
                Some(self.pack.fill_counted(Word::TestFarMoreOften, points, &[("test", &test()?)]))
            }
            Predicate::MoreOften { .. } => Some(self.pack.fill(Word::TestMoreOften, &[("test", &test()?)])),
            Predicate::MostCommon { .. } => Some(self.pack.fill(Word::TestMostCommon, &[("test", &test()?)])),
            Predicate::Majority { .. } => Some(self.pack.fill(Word::TestMajority, &[("test", &test()?)])),
            Predicate::AboutTheSame { margin, .. } => {
                let level = self.pack.level(self.level);
                Some(self.pack.fill_counted(Word::TestAboutTheSame, as_written(*margin), &[("level", &level)]))
            }
            Predicate::Change { .. } => Some(self.pack.fill(Word::TestChange, &[("test", &test()?)])),
            Predicate::Unchanged { margin, .. } => {
                let level = self.pack.level(self.level);
                Some(self.pack.fill_counted(Word::TestUnchanged, as_written(*margin), &[("level", &level)]))
            }
            Predicate::Near { .. } | Predicate::NearThen { .. } | Predicate::Answers { .. } | Predicate::Answered => {
                None
            }
        }
    }

    /// What the lines through the bars are, where there are bars.
    fn intervals(&self, told: &Told) -> Option<String> {
        let is_shown = !told.estimates.is_empty();
        let shown = match self.figure.kind {
            ChartKind::Stacked => Word::TableShows,
            ChartKind::Bar
            | ChartKind::GroupedBar
            | ChartKind::Diverging
            | ChartKind::Columns
            | ChartKind::Slope
            | ChartKind::Line
            | ChartKind::Dot
            | ChartKind::Single => Word::LinesShow,
        };
        let values = [("shown", self.pack.text(shown)), ("level", &self.pack.level(self.level))];
        is_shown.then(|| self.pack.fill(interval_note(self.wave), &values))
    }

    fn weighting(&self) -> String {
        let design = &self.wave.design;
        let word = match &design.weights {
            _ if design.calibration.is_some() => Word::WeightedCalibrated,
            WeightRecipe::Response => Word::WeightedResponse,
            WeightRecipe::Supplied { .. } => Word::WeightedSupplied,
            WeightRecipe::Equal => Word::Unweighted,
        };
        self.pack.text(word).to_owned()
    }

    fn answers(&self, told: &Told) -> Option<String> {
        if !told.answers_of_waves.is_empty() {
            return Some(told.answers_of_waves.join(" "));
        }
        Some(self.pack.fill(Word::Answers, &[("n", &self.pack.count(told.answers?))]))
    }
}

/// A phrase with its full stop, unless it ends in a mark of its own.
pub(crate) fn sentence(phrase: &str) -> String {
    if phrase.ends_with(['.', '?', '!']) { phrase.to_owned() } else { format!("{phrase}.") }
}

/// The sum of the printed shares and what 100 per cent is in their units; nothing when one of them is hidden.
fn sum(estimates: &[Option<Number>]) -> Option<(i64, i64)> {
    let shown: Vec<Number> = estimates.iter().copied().collect::<Option<_>>()?;
    let decimals = shown.first()?.decimals;
    Some((shown.iter().map(|number| number.units).sum(), 100 * 10_i64.pow(u32::from(decimals))))
}
