//! What `tabulate` hands over: sums of weights and weighted values, by stratum, by PSU or by unit.
//!
//! Statistics section 2: with weight w and value y of the units in a domain and stratum h,
//! S = sum w, T = sum w y, S2 = sum w^2, U = sum w^2 y, T2 = sum w^2 y^2 suffice for shares, means and totals and
//! their linearised variance when the unit is the PSU. A ratio divides by the sum of w x instead of the sum of w, so the sums are
//! named by x, which is 1 for everything else. [`Sums::ByUnit`] is the general road that the others are tested against, and the
//! one taken when decimal sums could overflow 38 digits, with supplied replicate weights and after calibration.

use std::collections::{BTreeMap, BTreeSet};

use codebook::{Code, RowId, TableId, VariableName};

use crate::{DesignTable, UnitValues, Wide};

/// A part of the population that an estimate is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Domain {
    /// The whole base.
    Total,
    /// The units of the base in one category of a breakdown.
    Group {
        /// The breakdown.
        breakdown: VariableName,
        /// The category.
        code: Code,
    },
}

/// The sums of one table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableSums {
    /// The table.
    pub table: TableId,
    /// The total, then the categories of each breakdown in codebook order, also those that nobody has.
    pub domains: Vec<Domain>,
    /// As the table's rows.
    pub rows: Vec<RowSums>,
}

/// The sums of one row.
#[derive(Debug, Clone, PartialEq)]
pub struct RowSums {
    /// The row.
    pub row: RowId,
    /// One for each domain of the table, in its order.
    pub domains: Vec<Sums>,
}

/// The sums of one row in one domain, over the units of the domain whose value of the row is not missing.
/// Strata, PSUs and units without such a unit are left out; the design table still counts them.
#[derive(Debug, Clone, PartialEq)]
pub enum Sums {
    /// Where the unit is the PSU. Sorted by stratum.
    ByStratum(Vec<StratumCell>),
    /// Where units are clustered. Sorted by stratum and PSU.
    ByPsu(Vec<PsuCell>),
    /// Unit by unit, sorted by stratum, PSU and unit key.
    ByUnit(UnitValues),
}

/// Sums over the units of one stratum. See the module's documentation for the names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StratumCell {
    /// Index into [`DesignTable::strata`](crate::DesignTable::strata).
    pub stratum: usize,
    /// Units with a weight above 0.
    pub n: u64,
    /// Those of them with y other than 0.
    pub positive: u64,
    /// S, the sum of w x.
    pub wx: Wide,
    /// T, the sum of w y.
    pub wy: Wide,
    /// The sum of w y^2, for design effects.
    pub wyy: Wide,
    /// S2, the sum of w^2 x^2.
    pub wwxx: Wide,
    /// U, the sum of w^2 x y.
    pub wwxy: Wide,
    /// T2, the sum of w^2 y^2.
    pub wwyy: Wide,
}

/// Sums over the units of one cluster.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PsuCell {
    /// Index into [`DesignTable::strata`](crate::DesignTable::strata).
    pub stratum: usize,
    /// Number of the cluster within the wave, in the order of its key: of the PSU, or in a design of several stages of the
    /// cluster of the last one.
    pub psu: usize,
    /// Units with a weight above 0.
    pub n: u64,
    /// Those of them with y other than 0.
    pub positive: u64,
    /// The sum of w x.
    pub wx: Wide,
    /// The sum of w y.
    pub wy: Wide,
    /// The sum of w y^2, for design effects.
    pub wyy: Wide,
    /// The sum of w^2 x^2.
    pub wwxx: Wide,
}

/// One unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnitValue {
    /// Index into [`DesignTable::strata`](crate::DesignTable::strata).
    pub stratum: usize,
    /// Number of the cluster within the wave, as in [`PsuCell::psu`]; the unit's own number where units are PSUs.
    pub psu: usize,
    /// The unit's own number within the wave.
    pub unit: usize,
    /// The weight, above 0.
    pub w: Wide,
    /// The denominator of a ratio; 1 for everything else.
    pub x: Wide,
    /// The value.
    pub y: Wide,
}

impl StratumCell {
    /// Takes in the sums of more units of the stratum.
    pub fn add(&mut self, more: &Self) {
        self.n += more.n;
        self.positive += more.positive;
        self.wx += more.wx;
        self.wy += more.wy;
        self.wyy += more.wyy;
        self.wwxx += more.wwxx;
        self.wwxy += more.wwxy;
        self.wwyy += more.wwyy;
    }
}

impl PsuCell {
    /// Takes in the sums of more units of the cluster.
    pub fn add(&mut self, more: &Self) {
        self.n += more.n;
        self.positive += more.positive;
        self.wx += more.wx;
        self.wy += more.wy;
        self.wyy += more.wyy;
        self.wwxx += more.wwxx;
    }
}

impl Sums {
    /// Whether y is 1 in every unit, so that its total is the number of units that the sample stands for.
    #[must_use]
    pub fn are_of_units(&self) -> bool {
        // Weights are above 0: sum w (y - 1)^2 = sum w y^2 - 2 sum w y + sum w is 0 only if every y is 1.
        let is_one = |wx: Wide, wy: Wide, wyy: Wide| wx == wy && wy == wyy;
        match self {
            Self::ByStratum(cells) => cells.iter().all(|cell| is_one(cell.wx, cell.wy, cell.wyy)),
            Self::ByPsu(cells) => cells.iter().all(|cell| is_one(cell.wx, cell.wy, cell.wyy)),
            Self::ByUnit(units) => units.iter().all(|unit| unit.x == Wide::ONE && unit.y == Wide::ONE),
        }
    }

    /// Sums by stratum, from cells in any order; those of one stratum are added up.
    pub fn by_stratum(cells: impl IntoIterator<Item = StratumCell>) -> Self {
        let mut strata: BTreeMap<usize, StratumCell> = BTreeMap::new();
        for cell in cells {
            strata.entry(cell.stratum).and_modify(|known| known.add(&cell)).or_insert(cell);
        }
        Self::ByStratum(strata.into_values().collect())
    }

    /// Sums by cluster, from cells in any order; those of one cluster are added up.
    pub fn by_psu(cells: impl IntoIterator<Item = PsuCell>) -> Self {
        let mut psus: BTreeMap<(usize, usize), PsuCell> = BTreeMap::new();
        for cell in cells {
            psus.entry((cell.stratum, cell.psu)).and_modify(|known| known.add(&cell)).or_insert(cell);
        }
        Self::ByPsu(psus.into_values().collect())
    }

    /// The strata that hold the domain.
    pub(crate) fn strata(&self) -> BTreeSet<usize> {
        match self {
            Self::ByStratum(cells) => cells.iter().filter(|cell| cell.n > 0).map(|cell| cell.stratum).collect(),
            Self::ByPsu(cells) => cells.iter().filter(|cell| cell.n > 0).map(|cell| cell.stratum).collect(),
            Self::ByUnit(units) => units.iter().map(|unit| unit.stratum).collect(),
        }
    }

    /// Whether the domain is made of whole strata: it holds every usable answer of each stratum in which it holds any.
    pub(crate) fn are_of_whole_strata(&self, design: &DesignTable) -> bool {
        self.held().into_iter().all(|(stratum, n)| n == design.strata[stratum].units)
    }

    /// Whether the domain holds every usable answer.
    pub(crate) fn are_of_everyone(&self, design: &DesignTable) -> bool {
        let everyone: u64 = design.strata.iter().map(|stratum| stratum.units).sum();
        self.held().into_values().sum::<u64>() == everyone
    }

    /// The units of the domain in each stratum that holds any.
    fn held(&self) -> BTreeMap<usize, u64> {
        let mut held: BTreeMap<usize, u64> = BTreeMap::new();
        let mut hold = |stratum: usize, n: u64| *held.entry(stratum).or_default() += n;
        match self {
            Self::ByStratum(cells) => cells.iter().for_each(|cell| hold(cell.stratum, cell.n)),
            Self::ByPsu(cells) => cells.iter().for_each(|cell| hold(cell.stratum, cell.n)),
            Self::ByUnit(units) => units.iter().for_each(|unit| hold(unit.stratum, 1)),
        }
        held
    }
}
