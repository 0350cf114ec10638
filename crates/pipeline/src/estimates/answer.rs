//! From sums to the rows of the answer.

use codebook::{Expr, Finding, Place, VariableName};
use estimate::{
    Adjustment, Centre, Estimate, Fixed, Method, NotEstimable, NotTestable, Outcome, Quantile, RaoScott, Single, Sums,
    TableCell, TestOutcome, ValueCell, WeightedDistribution, Weights, Wide, adjust, independence, t_test,
};
use rayon::prelude::*;
use tabulate::{ItemKind, Scan, Scanned};

use super::design::{Sample, names};
use super::odd;
use super::open::Opened;
use super::plan::{Plan, Question};
use super::trend::Line;
use super::words::{because, interval, lonely, without_error};
use super::{DesignSummary, EstimateRequest, EstimateRow, Estimates, ReplicateRequest, Scale, TestKind, TestRow};
use crate::PipelineError;

/// Answers every question in every domain.
pub(super) fn answer(
    request: &EstimateRequest,
    plan: &Plan,
    scanned: &Scanned,
    sample: &Sample,
    opened: &Opened,
) -> Result<Estimates, PipelineError> {
    let bench = Bench { request, plan, scanned, sample };
    let asked: Vec<(&Question, usize)> = plan
        .questions
        .iter()
        .flat_map(|question| (0..scanned.groups.len()).map(move |group| (question, group)))
        .collect();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(request.threads.get()).build()?;
    let answers: Vec<Answer> =
        pool.install(|| asked.par_iter().map(|(question, group)| bench.answer(question, *group)).collect());
    let mut warnings = opened.warnings_of(request);
    warnings.extend(plan.warnings.iter().cloned());
    warnings.extend(odd::of_weights(request, scanned, sample, opened));
    warnings.extend(odd::of_clusters(plan, scanned, opened));
    warnings.extend(odd::of_replicates(plan, scanned, opened));
    if scanned.groups.is_empty() {
        let place = Place::File { file: opened.path.clone() };
        let message = "no row is in any domain, so nothing was estimated";
        warnings.push(Finding::warning(place, "empty", message));
    }
    warnings.extend(first_stage_alone(request, plan, opened));
    let mut estimates =
        Estimates { design: bench.summary(opened), by: plan.by.clone(), rows: Vec::new(), tests: Vec::new(), warnings };
    for answer in answers {
        estimates.rows.extend(answer.rows);
        estimates.tests.extend(answer.tests);
    }
    adjusted(&mut estimates.tests, request.adjustment);
    Ok(estimates)
}

/// Takes every test that could be made as one family.
fn adjusted(tests: &mut [TestRow], adjustment: Adjustment) {
    if adjustment == Adjustment::None {
        return;
    }
    let family: Vec<f64> = tests.iter().filter_map(|test| test.p).collect();
    let tested = tests.iter_mut().filter(|test| test.p.is_some());
    tested.zip(adjust(&family, adjustment)).for_each(|(test, p)| test.p_adjusted = Some(p));
}

/// Made replicates draw PSUs anew and nothing within them, so what the later stages add to a linearised variance is not in theirs.
fn first_stage_alone(request: &EstimateRequest, plan: &Plan, opened: &Opened) -> Option<Finding> {
    let made = match request.replicates {
        Some(ReplicateRequest::Jackknife | ReplicateRequest::Bootstrap { .. }) => true,
        Some(ReplicateRequest::Supplied { .. }) | None => false,
    };
    let place = Place::File { file: opened.path.clone() };
    let message =
        "the replicates are of the first stage: what sampling within PSUs adds to the variance is not in them";
    let finding = Finding::warning(place, "first-stage-replicates", message)
        .hint("leave --replicate-method out for the variance of all stages");
    (made && plan.scan.sizes.len() > 1).then_some(finding)
}

struct Bench<'a> {
    request: &'a EstimateRequest,
    plan: &'a Plan,
    scanned: &'a Scanned,
    sample: &'a Sample,
}

/// Units of a test, and those that it cannot place.
#[derive(Clone, Copy)]
struct Counted {
    n: u64,
    missing: u64,
}

/// What one question in one domain comes to.
struct Answer {
    rows: Vec<EstimateRow>,
    tests: Vec<TestRow>,
}

impl Answer {
    fn row(row: EstimateRow) -> Self {
        Self { rows: vec![row], tests: Vec::new() }
    }
}

/// What a row is of.
struct Told<'a> {
    statistic: &'static str,
    variable: &'a str,
    level: Option<String>,
    scale: Scale,
}

impl Bench<'_> {
    fn method(&self) -> Method {
        Method { shares: self.request.interval, level: self.request.level, degrees: self.request.degrees }
    }

    fn sums(&self, item: usize, group: usize) -> Sums {
        self.scanned.sums(item, group, self.sample.placing())
    }

    /// Whether the design tells an item before anyone answers: the strata do, in a domain of whole strata, or the domain itself does.
    fn fixed(&self, item: usize) -> Fixed {
        let Scan { strata, by, condition, items, .. } = &self.plan.scan;
        let item = &items[item];
        let told_by = |known: &[VariableName]| item.y.variables().into_iter().all(|name| known.contains(name));
        let mut of_domain = by.iter().chain(condition.iter().chain(&item.within).flat_map(Expr::variables));
        let whole_strata = of_domain.all(|name| strata.contains(name));
        if item.x.is_none() && (told_by(by) || (told_by(strata) && whole_strata)) { Fixed::ByDesign } else { Fixed::No }
    }

    fn by(&self, group: usize) -> Vec<(String, String)> {
        self.plan.by.iter().cloned().zip(self.scanned.groups[group].iter().cloned()).collect()
    }

    fn answer(&self, question: &Question, group: usize) -> Answer {
        match question {
            Question::Single { statistic, single, variable, level, item } => {
                let sums = self.sums(*item, group);
                let design = &self.sample.table;
                let outcome = single.estimate_fixed(&sums, self.fixed(*item), design, self.method());
                let answered = Answered::new(outcome, || single.value(&sums, design));
                // That a condition holds for all who were asked does not prove that it holds for everybody.
                let is_number = self.plan.scan.items[*item].kind == ItemKind::Number;
                let answered = if is_number { answered.or_count(*single, &sums) } else { answered };
                let told = Told { statistic, variable, level: level.clone(), scale: scale(*single) };
                Answer::row(self.row(told, answered, self.missing([item], group), group))
            }
            Question::Difference { single, variable, level, of, than, told } => {
                let missing = self.missing([of, than, told], group);
                self.difference(*single, (variable, level), [*of, *than], missing, group)
            }
            Question::Trend { single, variable, column, waves, told } => {
                let missing = self.missing(waves.iter().map(|(_, item)| item).chain([told]), group);
                self.trend(*single, (variable, column), waves, missing, group)
            }
            Question::Quantile { variable, probabilities, item } => {
                self.quantiles(variable, probabilities, *item, group)
            }
            Question::Test { variable, rows, columns, cells, told } => {
                let missing = self.missing([told], group);
                Answer { rows: Vec::new(), tests: vec![self.test(variable, (*rows, *columns), cells, missing, group)] }
            }
        }
    }

    /// Units of a domain where one of these items has no value.
    fn missing<'i>(&self, items: impl IntoIterator<Item = &'i usize>, group: usize) -> u64 {
        items.into_iter().map(|item| self.scanned.missing[*item][group]).sum()
    }

    fn row(&self, told: Told<'_>, answered: Answered, missing: u64, group: usize) -> EstimateRow {
        let Told { statistic, variable, level, scale } = told;
        let Answered { outcome, value, note } = answered;
        let variable = variable.to_owned();
        EstimateRow { by: self.by(group), statistic, variable, level, scale, outcome, value, note, missing }
    }

    fn difference(
        &self,
        single: Single,
        (variable, level): (&str, &str),
        [of, than]: [usize; 2],
        missing: u64,
        group: usize,
    ) -> Answer {
        let design = &self.sample.table;
        let (of, than) = (self.sums(of, group), self.sums(than, group));
        let outcome = single.difference(&of, &than, design, self.method());
        let answered = Answered::new(outcome, || single.value_of_difference(&of, &than, design));
        let counted = Counted { n: outcome.n(), missing };
        let test = self.test_row(TestKind::T, format!("{variable}, {level}"), &t_test(&outcome), counted, group);
        let told = Told { statistic: "difference", variable, level: Some(level.to_owned()), scale: scale(single) };
        Answer { rows: vec![self.row(told, answered, missing, group)], tests: vec![test] }
    }

    fn trend(
        &self,
        single: Single,
        (variable, column): (&str, &str),
        waves: &[(f64, usize)],
        missing: u64,
        group: usize,
    ) -> Answer {
        let waves: Vec<(f64, Sums)> = waves.iter().map(|(when, item)| (*when, self.sums(*item, group))).collect();
        let line = Line::new(single, &waves, &self.sample.table, self.method());
        let counted = Counted { n: line.n, missing };
        let test = |(kind, tested): (TestKind, Result<TestOutcome, NotTestable>)| {
            self.test_row(kind, format!("{variable} by {column}"), &tested, counted, group)
        };
        let told = Told { statistic: "trend", variable, level: Some(format!("per {column}")), scale: scale(single) };
        let answered = Answered::of_line(&line, self.request.level);
        Answer { rows: vec![self.row(told, answered, missing, group)], tests: line.tests().map(test).to_vec() }
    }

    fn quantiles(&self, variable: &str, probabilities: &[codebook::Decimal], item: usize, group: usize) -> Answer {
        let distribution = WeightedDistribution::new(&value_cells(&self.sums(item, group)));
        let quantile = |probability: &codebook::Decimal| {
            let p = Wide::from_decimal(probability.units(), probability.scale()).to_f64();
            let asked = Quantile { rule: self.request.quantile_rule, ..Quantile::of(p) };
            let outcome = distribution.quantile(asked, &self.sample.table, self.method());
            let answered = Answered::new(outcome, || distribution.value(asked));
            let level = Some(probability.to_string());
            let told = Told { statistic: "quantile", variable, level, scale: Scale::Number };
            self.row(told, answered, self.missing([&item], group), group)
        };
        Answer { rows: probabilities.iter().map(quantile).collect(), tests: Vec::new() }
    }

    fn test(
        &self,
        variable: &str,
        (rows, columns): (usize, usize),
        cells: &[(usize, usize, usize)],
        missing: u64,
        group: usize,
    ) -> TestRow {
        let cells: Vec<TableCell> = cells
            .iter()
            .map(|(row, column, item)| TableCell { row: *row, column: *column, sums: self.sums(*item, group) })
            .collect();
        let n = cells.iter().map(|cell| counted(&cell.sums)).sum();
        let order = self.request.rao_scott;
        let tested = independence(&cells, rows, columns, &self.sample.table, order, self.request.degrees);
        let test = match order {
            RaoScott::First => TestKind::RaoScottFirstOrder,
            RaoScott::Second => TestKind::RaoScott,
        };
        self.test_row(test, variable.to_owned(), &tested, Counted { n, missing }, group)
    }

    fn test_row(
        &self,
        test: TestKind,
        variable: String,
        tested: &Result<TestOutcome, NotTestable>,
        counted: Counted,
        group: usize,
    ) -> TestRow {
        let outcome = tested.as_ref().ok();
        TestRow {
            by: self.by(group),
            test,
            variable,
            statistic: outcome.map(|outcome| outcome.statistic),
            df1: outcome.map(|outcome| outcome.df1),
            df2: outcome.and_then(|outcome| outcome.df2),
            p: outcome.map(|outcome| outcome.p),
            p_adjusted: None,
            n: counted.n,
            missing: counted.missing,
            note: tested.as_ref().err().map(ToString::to_string),
        }
    }

    fn summary(&self, opened: &Opened) -> DesignSummary {
        let (table, scan) = (&self.sample.table, &self.plan.scan);
        let sampled = table.strata.iter().filter(|stratum| stratum.psus > 0);
        let psus: u64 = sampled.clone().map(|stratum| stratum.psus).sum();
        let strata = sampled.count();
        let weights = match (self.sample.weighting, &self.request.weight) {
            (Weights::Supplied, Some(column)) => format!("from {column}"),
            (Weights::FromSizes, _) => "N/n".to_owned(),
            (Weights::Supplied | Weights::Equal, _) => "1".to_owned(),
        };
        let (variance, df) = match &table.replicates {
            Some(replicates) => {
                let centre = match replicates.centre {
                    Centre::Mean => "their mean",
                    Centre::Estimate => "the estimate",
                };
                let count = replicates.factors.len();
                let named = match names(&scan.replicates, opened).as_slice() {
                    [first, .., last] => format!(" ({first} to {last})"),
                    [_] | [] => String::new(),
                };
                (format!("variance from {count} replicates{named} around {centre}"), replicates.df)
            }
            None => {
                let df: u64 = table.strata.iter().map(|stratum| stratum.psus.saturating_sub(1)).sum();
                ("linearised variance".to_owned(), Wide::from_count(df).to_f64())
            }
        };
        DesignSummary {
            file: opened.path.clone(),
            rows: self.scanned.rows,
            units: self.scanned.clusters.iter().map(|cluster| cluster.units).sum(),
            without_weight: self.scanned.without_weight,
            without_group: self.scanned.without_group,
            without_condition: self.scanned.without_condition,
            weights,
            strata,
            psus,
            stages: names(&scan.stages, opened),
            population: names(&scan.sizes, opened),
            lonely: lonely(&self.request.lonely),
            variance,
            df,
            degrees: self.request.degrees,
            interval: interval(self.request.interval),
            level: self.request.level,
            adjustment: match self.request.adjustment {
                Adjustment::None => None,
                Adjustment::Holm => Some("holm"),
                Adjustment::BenjaminiHochberg => Some("benjamini-hochberg"),
            },
        }
    }
}

/// An outcome with what an analyst may see beside it: the value whose error is withheld, and why.
#[derive(Clone, Copy)]
struct Answered {
    outcome: Outcome,
    value: Option<f64>,
    note: Option<&'static str>,
}

impl Answered {
    fn new(outcome: Outcome, value: impl FnOnce() -> Option<f64>) -> Self {
        match outcome {
            Outcome::Estimated(estimate) => {
                Self { outcome, value: Some(estimate.value), note: without_error(&estimate) }
            }
            Outcome::NotEstimable { reason, .. } => Self { outcome, value: value(), note: Some(because(reason)) },
        }
    }

    fn of_line(line: &Line, level: f64) -> Self {
        match line.slope(level) {
            Some(slope) => Self { outcome: Outcome::Estimated(slope), value: Some(slope.value), note: None },
            None => {
                let outcome = Outcome::NotEstimable { reason: NotEstimable::UnknownVariance, n: line.n };
                Self { outcome, value: None, note: Some("no line, for the reason beside the tests") }
            }
        }
    }

    /// The number of units that the sample stands for. Where each PSU of a stratum stands for as many, no other sample drawn like this one has
    /// another number.
    fn or_count(self, single: Single, sums: &Sums) -> Self {
        match (single, self.outcome, self.value) {
            (Single::Total, Outcome::NotEstimable { reason: NotEstimable::NoVariance, n }, Some(value))
                if sums.are_of_units() =>
            {
                let (low, high) = (value, value);
                let estimate = Estimate { value, se: 0.0, low, high, df: 0.0, n, positive: n, deff: None, sides: None };
                let note = "a number of units whose weights are the same everywhere in a stratum: no error if the weights are fixed";
                Self { outcome: Outcome::Estimated(estimate), value: Some(value), note: Some(note) }
            }
            (Single::Share | Single::Mean | Single::Total | Single::Ratio, _, _) => self,
        }
    }
}

/// Units one by one, as quantiles want them.
///
/// # Panics
/// When the sums are not by unit: a bug, since the plan asks for units where a quantile is asked for.
fn value_cells(sums: &Sums) -> Vec<ValueCell> {
    let Sums::ByUnit(units) = sums else { unreachable!("the plan asks for units where a quantile is asked for") };
    units.iter().map(ValueCell::from).collect()
}

fn scale(single: Single) -> Scale {
    match single {
        Single::Share => Scale::Share,
        Single::Mean | Single::Total | Single::Ratio => Scale::Number,
    }
}

fn counted(sums: &Sums) -> u64 {
    match sums {
        Sums::ByStratum(cells) => cells.iter().map(|cell| cell.n).sum(),
        Sums::ByPsu(cells) => cells.iter().map(|cell| cell.n).sum(),
        Sums::ByUnit(units) => units.iter().map(|_| 1).sum(),
    }
}
