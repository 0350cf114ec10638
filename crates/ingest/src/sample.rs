//! How the units were sampled, as the answers tell it: weights, strata, primary sampling units, population sizes, and the
//! canonical order of the rows.

use std::collections::{BTreeMap, BTreeSet};

use codebook::{
    Code, Decimal, Finding, Population, StageAnswers, StratumAnswers, Value, VariableName, Wave, WeightRecipe,
};

use crate::column::{Cell, Column};
use crate::raw::RawColumn;
use crate::stages::{Clusters, LaterSizes};
use crate::tally::{Tally, counted, number};
use crate::translate::Source;

/// The sample of a wave, unit by unit in the order of the export.
pub(crate) struct Sample {
    /// Sorted by key.
    pub(crate) strata: Vec<StratumAnswers>,
    /// The index of each unit's stratum in `strata`.
    pub(crate) stratum_of: Vec<usize>,
    /// The clusters that units lie in.
    clusters: Clusters,
    /// The population sizes of the stages behind the first.
    later: Vec<LaterSizes>,
    /// Each unit's weight, if the export supplies them.
    pub(crate) weights: Option<Vec<Decimal>>,
    /// Each unit's weight in each replicate, in the order of the export's columns.
    pub(crate) replicates: Vec<Vec<Decimal>>,
}

/// What the sample is made from.
pub(crate) struct Sampled<'a> {
    pub(crate) wave: &'a Wave,
    pub(crate) answers: Source<'a>,
    /// Typed and routed answers, derived variables of the design among them.
    pub(crate) columns: &'a BTreeMap<&'a VariableName, Column>,
}

impl Sampled<'_> {
    /// Works out the sample. `None` when there is a finding that leaves no sample.
    pub(crate) fn sample(&self, findings: &mut Vec<Finding>) -> Option<Sample> {
        let before = findings.len();
        let weights = self.weights(findings);
        let replicates = self.replicates(weights.as_deref(), findings);
        let sizes: Vec<Option<Vec<Decimal>>> =
            self.wave.design.population_columns().map(|column| self.population(column, findings)).collect();
        let design = &self.wave.design;
        self.report_units_without(&design.strata, "no-stratum", "no stratum", findings);
        self.report_units_without(&design.psu, "no-psu", "no primary sampling unit", findings);
        for margin in design.margins() {
            self.report_units_without(margin.variables(), "no-margin", "no place in a margin", findings);
        }
        if findings[before..].iter().any(|finding| finding.severity == codebook::Severity::Error) {
            return None;
        }
        let (stratum_of, keys) = self.groups_by_key(&design.strata, findings)?;
        let clusters = self.clusters(&stratum_of);
        let is_counted = |unit: usize| weights.as_ref().is_none_or(|weights| weights[unit].units() > 0);
        let units = self.answers.rows.len();
        let mut strata: Vec<StratumAnswers> =
            keys.into_iter().map(|key| StratumAnswers { key, units: 0, psus: 0, population: None }).collect();
        let mut seen_psus = BTreeSet::new();
        for unit in (0..units).filter(|unit| is_counted(*unit)) {
            let stratum = &mut strata[stratum_of[unit]];
            stratum.units += 1;
            let is_new = clusters.psu_of().is_none_or(|psu_of| seen_psus.insert(psu_of[unit]));
            stratum.psus += u64::from(is_new);
        }
        let mut sizes = sizes.into_iter().collect::<Option<Vec<_>>>()?.into_iter();
        if let Population::Column(name) = &design.population {
            let sizes = sizes.next().expect("the first column of sizes is that of the strata");
            self.settle_population(name, &sizes, &stratum_of, &mut strata, findings);
        }
        let named = design.later_populations.iter().zip(sizes).zip(0..);
        let later = named.map(|((name, sizes), above)| {
            let stage = LaterSizes { above, sizes };
            findings.extend(stage.varying(&clusters, name, self.answers));
            stage
        });
        let later = later.collect();
        Some(Sample { strata, stratum_of, clusters, later, weights, replicates })
    }

    /// The clusters of each stage, numbered in the order of strata and keys.
    fn clusters(&self, stratum_of: &[usize]) -> Clusters {
        let names = &self.wave.design.psu;
        let stage = |last: usize| Groups::of(stratum_of.to_vec(), &self.columns_named(&names[..=last])).group_of;
        Clusters::new((0..names.len()).map(stage).collect())
    }

    fn columns_named(&self, names: &[VariableName]) -> Vec<&Column> {
        names.iter().filter_map(|name| self.columns.get(name)).collect()
    }

    /// The weights that the export supplies. `None` also when one of them is bad.
    fn weights(&self, findings: &mut Vec<Finding>) -> Option<Vec<Decimal>> {
        let WeightRecipe::Supplied { column: name, .. } = &self.wave.design.weights else { return None };
        let raw = self.answers.data.column(name)?;
        let mut bad = Tally::error("bad-weight", "weight that is not a number above 0")
            .hint("leave out units that count for nobody by the completion rule, and give all others a weight");
        let mut zero = Tally::warning("zero-weight", "weight of zero").hint("the unit counts in no estimate");
        let weights = self.numbers(raw, |row, number| match number {
            Ok(number) if number.units() > 0 => {}
            Ok(number) if number.units() == 0 => zero.add(row),
            Ok(_) => bad.add_class(row, "a negative number"),
            Err(class) => bad.add_class(row, class),
        });
        let path = &self.answers.data.path;
        findings.extend([bad.finding(path, name), zero.finding(path, name)].into_iter().flatten());
        weights
    }

    /// The replicate weights that the export supplies.
    fn replicates(&self, weights: Option<&[Decimal]>, findings: &mut Vec<Finding>) -> Vec<Vec<Decimal>> {
        let Some(recipe) = &self.wave.design.replicates else { return Vec::new() };
        let data = self.answers.data;
        let names: Vec<&str> = data.names().filter(|name| recipe.columns.fits(name)).collect();
        if names.is_empty() {
            let message = format!("no column of {} has a name of the pattern {:?}", data.path, recipe.columns.as_str());
            let finding = Finding::error(recipe.place.clone(), "unknown-column", message);
            findings.push(finding.hint("* stands for anything and ? for one character, as in \"repw*\""));
        }
        let mut replicates = Vec::new();
        for name in names {
            let Some(raw) = data.column(name) else { continue };
            let mut bad = Tally::error("bad-replicate-weight", "replicate weight that is not a number from 0")
                .hint("does the pattern fit a column that holds something else?");
            let numbers = self.numbers(raw, |row, number| match number {
                Ok(number) if number.units() >= 0 => {}
                Ok(_) => bad.add_class(row, "a negative number"),
                Err(class) => bad.add_class(row, class),
            });
            findings.extend(bad.finding(&data.path, name));
            let mut stray = Tally::error("bad-replicate-weight", "replicate weight of a unit whose weight is 0")
                .hint("replicate weights stand in for the weight; one that is 0 has none of them");
            for (unit, (number, weight)) in numbers.iter().flatten().zip(weights.into_iter().flatten()).enumerate() {
                if weight.units() == 0 && number.units() != 0 {
                    stray.add(self.answers.row_number(unit));
                }
            }
            findings.extend(stray.finding(&data.path, name));
            replicates.extend(numbers);
        }
        replicates
    }

    /// The population size that each unit carries in a column. `None` when one of them is bad.
    fn population(&self, name: &str, findings: &mut Vec<Finding>) -> Option<Vec<Decimal>> {
        let raw = self.answers.data.column(name)?;
        let mut bad = Tally::error("bad-population", "population size that is not a number above 0").hint(
            "the column holds the units of the population in the unit's stratum or cluster, or the fraction of them sampled",
        );
        let numbers = self.numbers(raw, |row, number| match number {
            Ok(number) if number.units() > 0 => {}
            Ok(_) => bad.add_class(row, "a number that is not above 0"),
            Err(class) => bad.add_class(row, class),
        });
        findings.extend(bad.finding(&self.answers.data.path, name));
        numbers
    }

    /// One number for each unit; `look` sees the row of each and its number, or the class of what is not one. `None` when
    /// a unit has no number.
    fn numbers(&self, raw: &RawColumn, mut look: impl FnMut(u64, Result<&Decimal, &str>)) -> Option<Vec<Decimal>> {
        let mark = self.answers.data.decimal_mark;
        let parsed: Vec<Result<Decimal, String>> = raw.values().iter().map(|value| number(value, mark)).collect();
        let mut numbers = Vec::with_capacity(self.answers.rows.len());
        for (unit, row) in self.answers.rows.iter().enumerate() {
            let Some(row) = row else { continue };
            let number = parsed[raw.index(row)].as_ref();
            look(self.answers.row_number(unit), number.map_err(String::as_str));
            numbers.extend(number.ok());
        }
        (numbers.len() == self.answers.rows.len()).then_some(numbers)
    }

    /// A unit that lacks the value of a design variable belongs nowhere.
    fn report_units_without(
        &self,
        names: &[VariableName],
        code: &'static str,
        nothing: &str,
        findings: &mut Vec<Finding>,
    ) {
        for name in names {
            let Some(column) = self.columns.get(name) else { continue };
            let mut tally = Tally::error(code, format!("unit with {nothing}: {:?} has no value", name.as_str())).hint(
                "every unit needs one; recode what the value stands for, or leave the unit out by the completion rule",
            );
            for (unit, cell) in column.cells.iter().enumerate() {
                if cell.get().is_err() && cell != Cell::UNKNOWN {
                    tally.add(self.answers.row_number(unit));
                }
            }
            // Register and derived variables have no column here; the unit's row is told by its id column.
            let shown = match self.wave.columns.get(name) {
                Some((shown, _)) if self.answers.data.has_column(shown) => shown,
                Some(_) | None => &self.wave.answers.unit,
            };
            findings.extend(tally.finding(&self.answers.data.path, shown));
        }
    }

    /// The group of each unit by the values of category variables, and the codes of each group; groups are sorted by them.
    pub(crate) fn groups_by_key(
        &self,
        names: &[VariableName],
        findings: &mut Vec<Finding>,
    ) -> Option<(Vec<usize>, Vec<Vec<Code>>)> {
        let groups = Groups::of(vec![0; self.answers.rows.len()], &self.columns_named(names));
        let keys = self.keys(names, &groups, findings)?;
        Some(sorted_by_key(&groups.group_of, keys))
    }

    /// The codes of each group.
    fn keys(&self, names: &[VariableName], groups: &Groups, findings: &mut Vec<Finding>) -> Option<Vec<Vec<Code>>> {
        let mut keys = Vec::new();
        for unit in &groups.first_unit {
            let mut key = Vec::new();
            for name in names {
                let value = self.columns.get(name).and_then(|column| column.value(*unit))?;
                let Ok(code) = Code::new(&as_code(value)) else {
                    let message = format!("variable {:?} of the design has a value that is not a code", name.as_str());
                    findings.push(Finding::error(self.wave.design.place.clone(), "no-stratum", message));
                    return None;
                };
                key.push(code);
            }
            keys.push(key);
        }
        Some(keys)
    }

    /// Gives each stratum its population size, which must be the same in all its rows.
    fn settle_population(
        &self,
        name: &str,
        population: &[Decimal],
        stratum_of: &[usize],
        strata: &mut [StratumAnswers],
        findings: &mut Vec<Finding>,
    ) {
        let mut varying = Tally::error("population-not-constant", "population size that differs within the stratum")
            .hint("all units of a stratum carry the same size");
        for (unit, size) in population.iter().enumerate() {
            let stratum = &mut strata[stratum_of[unit]];
            let settled = *stratum.population.get_or_insert(*size);
            if settled != *size {
                varying.add_class(self.answers.row_number(unit), &stratum_name(&stratum.key));
            }
        }
        findings.extend(varying.finding(&self.answers.data.path, name));
    }
}

/// A stratum as messages name it: its codes, joined by " x ".
pub(crate) fn stratum_name(key: &[Code]) -> String {
    if key.is_empty() {
        return "the only stratum".to_owned();
    }
    key.iter().map(Code::as_str).collect::<Vec<_>>().join(" x ")
}

fn as_code(value: &Value) -> String {
    match value {
        Value::Boolean(value) => value.to_string(),
        Value::Number(value) => value.to_string(),
        Value::Text(value) => value.clone(),
    }
}

/// Units grouped by the values of some columns.
struct Groups {
    /// The group of each unit; groups are numbered in the order of the values.
    group_of: Vec<usize>,
    /// One unit of each group.
    first_unit: Vec<usize>,
}

impl Groups {
    /// Splits groups further by each column in turn.
    fn of(start: Vec<usize>, columns: &[&Column]) -> Self {
        let mut group_of = start;
        for column in columns {
            let ranks = column.ranks();
            let rank = |unit: usize| column.cells.at(unit).get().map_or(usize::MAX, |number| ranks[number]);
            let pairs: Vec<(usize, usize)> =
                group_of.iter().enumerate().map(|(unit, group)| (*group, rank(unit))).collect();
            let distinct: BTreeSet<(usize, usize)> = pairs.iter().copied().collect();
            let numbers: BTreeMap<(usize, usize), usize> =
                distinct.into_iter().enumerate().map(|(number, pair)| (pair, number)).collect();
            group_of = pairs.iter().map(|pair| numbers[pair]).collect();
        }
        let groups = group_of.iter().max().map_or(0, |last| last + 1);
        let mut first_unit = vec![usize::MAX; groups];
        for (unit, group) in group_of.iter().enumerate().rev() {
            first_unit[*group] = unit;
        }
        Self { group_of, first_unit }
    }
}

/// Renumbers groups so that their keys are sorted.
fn sorted_by_key(group_of: &[usize], keys: Vec<Vec<Code>>) -> (Vec<usize>, Vec<Vec<Code>>) {
    let mut order: Vec<(Vec<Code>, usize)> = keys.into_iter().zip(0..).collect();
    order.sort();
    let mut number_of = vec![0; order.len()];
    for (number, (_, group)) in order.iter().enumerate() {
        number_of[*group] = number;
    }
    let keys = order.into_iter().map(|(key, _)| key).collect();
    (group_of.iter().map(|group| number_of[*group]).collect(), keys)
}

impl Sample {
    /// Units whose supplied weight is 0.
    pub(crate) fn zero_weight(&self) -> u64 {
        counted(self.weights.iter().flatten().filter(|weight| weight.units() == 0).count())
    }

    /// The units in canonical order: by stratum, clusters and unit id, so that the order of the export's rows does not matter.
    pub(crate) fn canonical_order(&self, answers: Source<'_>, ids: &RawColumn) -> Vec<usize> {
        let mut keys: Vec<(usize, usize, UnitKey<'_>, usize)> = (0..self.stratum_of.len())
            .map(|unit| {
                let cluster = self.clusters.last_of().map_or(0, |cluster_of| cluster_of[unit]);
                let id = answers.rows.of(unit).map_or("", |row| ids.value(row));
                (self.stratum_of[unit], cluster, UnitKey::new(id), unit)
            })
            .collect();
        keys.sort_unstable();
        keys.into_iter().map(|(.., unit)| unit).collect()
    }

    /// The number of the cluster that the variance wants of each unit: of the last stage whose size is declared, or of the PSU if none
    /// is. `None` where units are PSUs. `order` is the canonical one.
    pub(crate) fn cluster_of_units(&self, order: &[usize]) -> Option<Vec<usize>> {
        self.clusters.at(self.later.len(), order)
    }

    /// What was sampled at the stages behind the first whose sizes are declared.
    pub(crate) fn stages(&self, order: &[usize]) -> Vec<StageAnswers> {
        let is_counted = |unit: usize| self.weights.as_ref().is_none_or(|weights| weights[unit].units() > 0);
        let stage = |sizes: &LaterSizes| sizes.stage(&self.clusters, &self.stratum_of, order, &is_counted);
        self.later.iter().map(stage).collect()
    }
}

/// A unit id in its order: whole numbers by size, before all other ids, which go by their bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct UnitKey<'a> {
    kind: IdKind,
    /// Digits of a whole number without leading zeros; 0 for other ids.
    digits: usize,
    /// The first bytes of what follows, as a number in their order; they mostly decide without a look at the text.
    start: u128,
    /// Without the leading zeros of a whole number.
    significant: &'a str,
    id: &'a str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum IdKind {
    WholeNumber,
    Other,
}

impl<'a> UnitKey<'a> {
    pub(crate) fn new(id: &'a str) -> Self {
        let is_whole = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        let (kind, significant) =
            if is_whole { (IdKind::WholeNumber, id.trim_start_matches('0')) } else { (IdKind::Other, id) };
        let digits = if is_whole { significant.len() } else { 0 };
        let mut start = [0; size_of::<u128>()];
        for (place, byte) in start.iter_mut().zip(significant.bytes()) {
            *place = byte;
        }
        Self { kind, digits, start: u128::from_be_bytes(start), significant, id }
    }
}

#[cfg(test)]
mod tests {
    use super::UnitKey;

    #[test]
    fn whole_numbers_go_by_size_and_before_other_ids() {
        let mut ids = [
            "ø",
            "b",
            "10a",
            "1a",
            "-1",
            "",
            "10000000000000000000000000001",
            "1000000000",
            "999999999",
            "10",
            "2",
            "02",
            "0",
        ];
        ids.sort_by_key(|id| UnitKey::new(id));
        // "2" and "02" are different units of the same size, so their bytes decide.
        let expected = [
            "0",
            "02",
            "2",
            "10",
            "999999999",
            "1000000000",
            "10000000000000000000000000001",
            "",
            "-1",
            "10a",
            "1a",
            "b",
            "ø",
        ];
        assert_eq!(ids, expected);
    }
}
