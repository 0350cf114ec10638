//! Sums by cluster and group.

use std::collections::BTreeSet;

use estimate::{PsuCell, StratumCell, Sums, Wide};

use super::probe::Probed;
use super::statement::{self, terms};
use super::{Cells, Clusters, Keys, Placing, Scan, Scanned, ScannedCluster, members};
use crate::TabulateError;
use crate::engine::{Decimals, Outcome};

/// The sums of one cluster in one group.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupedCell {
    /// Index into [`Scanned::clusters`].
    pub cluster: usize,
    /// Index into [`Scanned::groups`].
    pub group: usize,
    /// The sums of each item; those over units without a value are left out.
    pub items: Vec<ItemSums>,
}

/// The sums of one item; where the scan has no weight column, w is 1 in them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ItemSums {
    n: u64,
    positive: u64,
    /// By [`statement::TERMS`]; the last two are 0 where units are clustered.
    terms: [Wide; 6],
}

impl ItemSums {
    /// The cell of a stratum. `weight` is the weight of its units, if the sums are without one.
    fn stratum_cell(&self, stratum: usize, weight: Wide) -> StratumCell {
        let [wx, wy, wyy, wwxx, wwxy, wwyy] = self.terms;
        let square = weight.square();
        StratumCell {
            stratum,
            n: self.n,
            positive: self.positive,
            wx: wx * weight,
            wy: wy * weight,
            wyy: wyy * weight,
            wwxx: wwxx * square,
            wwxy: wwxy * square,
            wwyy: wwyy * square,
        }
    }

    fn psu_cell(&self, (stratum, psu): (usize, usize), weight: Wide) -> PsuCell {
        let [wx, wy, wyy, wwxx, ..] = self.terms;
        PsuCell {
            stratum,
            psu,
            n: self.n,
            positive: self.positive,
            wx: wx * weight,
            wy: wy * weight,
            wyy: wyy * weight,
            wwxx: wwxx * weight.square(),
        }
    }
}

/// The sums of an item over some cells, at their places in the design.
pub(super) fn sums(cells: &[GroupedCell], members: &[usize], item: usize, placing: Placing<'_>) -> Sums {
    let Placing { places, weights, clusters } = placing;
    let inside = members.iter().map(|member| &cells[*member]).filter(|cell| cell.items[item].n > 0);
    let weight = |cell: &GroupedCell| weights.map_or(Wide::ONE, |weights| weights[cell.cluster]);
    // Strata that were collapsed share a place, and so do clusters of a stage that does not count.
    match clusters {
        Clusters::None => {
            Sums::by_stratum(inside.map(|cell| cell.items[item].stratum_cell(places[cell.cluster].0, weight(cell))))
        }
        Clusters::Sampled => {
            Sums::by_psu(inside.map(|cell| cell.items[item].psu_cell(places[cell.cluster], weight(cell))))
        }
    }
}

/// Reads what the statement of sums gave.
pub(super) fn read(scan: &Scan, probed: &Probed, outcome: &Outcome) -> Result<Scanned, TabulateError> {
    let places = scan.strata.len() + scan.stages.len();
    let rows = outcome.rows();
    let keys = key_rows(outcome, 0..places)?;
    let groups = key_rows(outcome, places..places + scan.by.len())?;
    let first = places + scan.by.len();
    let units = outcome.integers(first)?;
    let counting = outcome.integers(first + 1)?;
    let count = |value: i64| u64::try_from(value).expect("a count is not negative");

    // Rows whose units all have weight 0 are no part of the sample.
    let sampled: Vec<usize> = (0..rows).filter(|row| units.value(*row) > 0).collect();
    let place = |row: usize| -> Vec<String> {
        keys[row].iter().map(|key| key.clone().expect("the probe refuses strata and clusters without a key")).collect()
    };
    let (numbers, sorted) = Keys::new(sampled.iter().map(|row| place(*row)).collect());
    let mut clusters: Vec<ScannedCluster> =
        sorted.into_iter().map(|key| ScannedCluster::new(key, scan.strata.len())).collect();
    let sizes = SizeColumns::read(scan, outcome, first + 2)?;
    let asked = statement::Sums::of(scan, probed);
    let first_sum = first + 2 + 3 * scan.sizes.len();
    let last = first_sum + asked.expressions.len();
    let weights = scan.weight.iter().map(|_| outcome.decimals(last)).next().transpose()?;
    for row in &sampled {
        let cluster = &mut clusters[numbers.number(&place(*row))];
        cluster.units += count(units.value(*row));
        cluster.widen(&sizes.at(*row));
        cluster.weigh(weights.as_ref().and_then(|weights| weights.at(*row)));
    }

    let whole = |row: usize| -> Option<Vec<String>> { groups[row].iter().cloned().collect() };
    let inside = |row: &usize| counting.value(*row) > 0;
    let found: BTreeSet<Vec<String>> = sampled.iter().filter(|row| inside(row)).filter_map(|row| whole(*row)).collect();
    let (group_numbers, groups) = Keys::new(found);
    let columns: Vec<Decimals> =
        (0..asked.expressions.len()).map(|index| outcome.decimals(first_sum + index)).collect::<Result<_, _>>()?;
    let mut missing = vec![vec![0; groups.len()]; scan.items.len()];
    let mut cells = Vec::new();
    for row in sampled.iter().copied().filter(inside) {
        let Some(group) = whole(row) else { continue };
        let items: Vec<ItemSums> =
            asked.of_items.iter().map(|of_item| item_sums(of_item, &columns, row, scan)).collect();
        let group = group_numbers.number(&group);
        for (index, domain) in asked.domains.iter().enumerate() {
            missing[index][group] += whole_number(&columns[*domain], row) - items[index].n;
        }
        cells.push(GroupedCell { cluster: numbers.number(&place(row)), group, items });
    }
    Ok(Scanned {
        clusters,
        members: members(groups.len(), cells.iter().map(|cell| Some(cell.group))),
        groups,
        cells: Cells::Grouped(cells),
        rows: 0,
        without_weight: 0,
        without_group: 0,
        without_condition: 0,
        missing,
        statements: Vec::new(),
    })
}

fn item_sums(of_item: &[usize], columns: &[Decimals], row: usize, scan: &Scan) -> ItemSums {
    let mut summed = [Wide::ZERO; 6];
    for (term, column) in summed.iter_mut().zip(&of_item[2..2 + terms(scan).len()]) {
        *term = columns[*column].at(row).unwrap_or(Wide::ZERO);
    }
    ItemSums {
        n: whole_number(&columns[of_item[0]], row),
        positive: whole_number(&columns[of_item[1]], row),
        terms: summed,
    }
}

fn whole_number(column: &Decimals, row: usize) -> u64 {
    column.values[row].map_or(0, |units| u64::try_from(units).expect("a count is not negative"))
}

/// Columns of keys, row by row.
pub(super) fn key_rows(
    outcome: &Outcome,
    columns: std::ops::Range<usize>,
) -> Result<Vec<Vec<Option<String>>>, TabulateError> {
    let mut rows = vec![Vec::new(); outcome.rows()];
    for column in columns {
        for (row, key) in rows.iter_mut().zip(outcome.keys(column)?) {
            row.push(key);
        }
    }
    Ok(rows)
}

/// The columns that tell population sizes.
struct SizeColumns(Vec<SizeColumn>);

/// How many units lack a size, and the smallest and the largest of the others.
struct SizeColumn {
    missing: Decimals,
    smallest: Vec<Option<Wide>>,
    largest: Vec<Option<Wide>>,
}

impl SizeColumns {
    fn read(scan: &Scan, outcome: &Outcome, first: usize) -> Result<Self, TabulateError> {
        let column = |index: usize| {
            let at = first + 3 * index;
            Ok(SizeColumn {
                missing: outcome.decimals(at)?,
                smallest: outcome.numbers(at + 1)?,
                largest: outcome.numbers(at + 2)?,
            })
        };
        Ok(Self((0..scan.sizes.len()).map(column).collect::<Result<_, TabulateError>>()?))
    }

    fn at(&self, row: usize) -> Vec<Option<(Wide, Wide)>> {
        let size = |SizeColumn { missing, smallest, largest }: &SizeColumn| {
            let known = whole_number(missing, row) == 0;
            smallest[row].zip(largest[row]).filter(|_| known)
        };
        self.0.iter().map(size).collect()
    }
}
