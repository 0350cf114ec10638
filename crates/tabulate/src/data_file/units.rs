//! Units one by one, in an order that does not depend on the file's: by their keys, then by everything else that was asked of them.

use std::collections::BTreeSet;

use estimate::{UnitValue, Wide};

use super::grouped::key_rows;
use super::{Cells, Clusters, Keys, Placing, Scan, Scanned, ScannedCluster, members};
use crate::TabulateError;
use crate::engine::Outcome;

/// A unit with a weight above 0.
#[derive(Debug, Clone, PartialEq)]
pub struct ScannedUnit {
    /// Index into [`Scanned::clusters`].
    pub cluster: usize,
    /// Index into [`Scanned::groups`]; `None` if it does not count.
    pub group: Option<usize>,
    /// Its weight, if the scan has a column of weights.
    pub weight: Option<Wide>,
    /// Its replicate weights.
    pub replicates: Vec<Wide>,
    /// The values of each item; `None` outside the item's domain, and where it is missing.
    pub values: Vec<Option<ScannedValue>>,
}

/// The values of a unit in one item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScannedValue {
    /// The number, or 1 or 0 for a condition.
    pub y: Wide,
    /// The denominator of a ratio; otherwise 1.
    pub x: Wide,
}

/// Those of some units that have a value in an item, at their places in the design.
pub(super) fn values(units: &[ScannedUnit], members: &[usize], item: usize, placing: Placing<'_>) -> Vec<UnitValue> {
    let value = |number: &usize| {
        let (number, unit) = (*number, &units[*number]);
        let ScannedValue { y, x } = unit.values[item]?;
        let (stratum, cluster) = placing.places[unit.cluster];
        let psu = match placing.clusters {
            Clusters::Sampled => cluster,
            Clusters::None => number,
        };
        let shared = || placing.weights.map_or(Wide::ONE, |weights| weights[unit.cluster]);
        Some(UnitValue { stratum, psu, unit: number, w: unit.weight.unwrap_or_else(shared), x, y })
    };
    let mut values: Vec<UnitValue> = members.iter().filter_map(value).collect();
    values.sort_by_key(|value| (value.stratum, value.psu, value.unit));
    values
}

/// Reads what the statement of units gave.
pub(super) fn read(scan: &Scan, outcome: &Outcome) -> Result<Scanned, TabulateError> {
    let places = scan.strata.len() + scan.stages.len();
    let mut columns = places + scan.by.len()..;
    let mut next = || columns.next().expect("numbers do not end");
    let keys = key_rows(outcome, 0..places)?;
    let by = key_rows(outcome, places..places + scan.by.len())?;
    let counts = outcome.booleans(next())?;
    let sizes: Vec<Vec<Option<Wide>>> = scan.sizes.iter().map(|_| outcome.numbers(next())).collect::<Result<_, _>>()?;
    let weights = scan.weight.iter().map(|_| outcome.numbers(next())).next().transpose()?;
    let replicates: Vec<Vec<Option<Wide>>> =
        scan.replicates.iter().map(|_| outcome.numbers(next())).collect::<Result<_, _>>()?;
    let items: Vec<ItemColumns> =
        scan.items.iter().map(|item| ItemColumns::read(item, outcome, &mut next)).collect::<Result<_, _>>()?;

    let weight = |row: usize| weights.as_ref().map(|weights| weights[row].unwrap_or(Wide::ZERO));
    let sampled: Vec<usize> =
        (0..outcome.rows()).filter(|row| weight(*row).is_none_or(|weight| weight > Wide::ZERO)).collect();
    let place = |row: usize| -> Vec<String> {
        keys[row].iter().map(|key| key.clone().expect("the probe refuses strata and clusters without a key")).collect()
    };
    let group = |row: usize| -> Option<Vec<String>> {
        if counts.value(row) { by[row].iter().cloned().collect() } else { None }
    };
    let (numbers, sorted) = Keys::new(sampled.iter().map(|row| place(*row)).collect());
    let (group_numbers, groups) = Keys::new(sampled.iter().filter_map(|row| group(*row)).collect::<BTreeSet<_>>());
    let mut clusters: Vec<ScannedCluster> =
        sorted.into_iter().map(|key| ScannedCluster::new(key, scan.strata.len())).collect();
    let mut missing = vec![vec![0; groups.len()]; scan.items.len()];
    let mut units = Vec::with_capacity(sampled.len());
    for row in sampled {
        let cluster = numbers.number(&place(row));
        clusters[cluster].units += 1;
        let known: Vec<Option<(Wide, Wide)>> = sizes.iter().map(|size| size[row].map(|size| (size, size))).collect();
        clusters[cluster].widen(&known);
        clusters[cluster].weigh(weight(row));
        let group = group(row).map(|key| group_numbers.number(&key));
        if let Some(group) = group {
            for (missing, item) in missing.iter_mut().zip(&items) {
                missing[group] += u64::from(item.is_missing(row));
            }
        }
        units.push(ScannedUnit {
            cluster,
            group,
            weight: weight(row),
            replicates: replicates.iter().map(|weights| weights[row].unwrap_or(Wide::ZERO)).collect(),
            values: items.iter().map(|item| item.value(row)).collect(),
        });
    }
    Ok(Scanned {
        clusters,
        members: members(groups.len(), units.iter().map(|unit| unit.group)),
        groups,
        cells: Cells::Units(units),
        rows: 0,
        without_weight: 0,
        without_group: 0,
        without_condition: 0,
        missing,
        statements: Vec::new(),
    })
}

/// The columns of one item.
struct ItemColumns {
    y: Vec<Option<Wide>>,
    x: Option<Vec<Option<Wide>>>,
    within: Option<arrow::array::BooleanArray>,
}

impl ItemColumns {
    fn read(item: &super::Item, outcome: &Outcome, next: &mut dyn FnMut() -> usize) -> Result<Self, TabulateError> {
        let y = match item.kind {
            super::ItemKind::Number => outcome.numbers(next())?,
            super::ItemKind::Condition => {
                let truth = |holds: bool| if holds { Wide::ONE } else { Wide::ZERO };
                outcome.booleans(next())?.iter().map(|holds| holds.map(truth)).collect()
            }
        };
        let x = item.x.is_some().then(|| outcome.numbers(next())).transpose()?;
        let within = item.within.is_some().then(|| outcome.booleans(next())).transpose()?;
        Ok(Self { y, x, within })
    }

    fn value(&self, row: usize) -> Option<ScannedValue> {
        let x = self.x.as_ref().map_or(Some(Wide::ONE), |x| x[row])?;
        Some(ScannedValue { y: self.y[row]?, x })
    }

    /// Whether a unit of the scan's domain is in the item's, too, and has no value there.
    fn is_missing(&self, row: usize) -> bool {
        self.within.as_ref().is_none_or(|within| within.value(row)) && self.value(row).is_none()
    }
}
