//! The margins that weights are calibrated to, as sample and population have them: which cell or number each unit has, and
//! what the totals are.
//!
//! Cells are put side by side here; whether weights can reach the totals is judged where weights are made.

use std::collections::BTreeMap;

use codebook::{CellTotals, Code, Decimal, Finding, FrameCount, Margin, MarginOf, Value, VariableName, Wave};

use crate::sample::Sampled;

/// A margin with its totals and the place of each unit in it.
#[derive(Clone, PartialEq, Eq)]
pub enum MarginAnswers {
    /// Units counted by cell.
    Cells {
        /// The cells of the sample and of the population, sorted by key.
        cells: Vec<MarginCell>,
        /// The cell of each unit, as an index into `cells`, in the order of the Parquet file's rows.
        of_units: Vec<usize>,
    },
    /// A number.
    Number {
        /// Its sum over the population.
        total: Decimal,
        /// The number of each unit, in the order of the Parquet file's rows.
        of_units: Vec<Decimal>,
    },
}

/// A cell of a margin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarginCell {
    /// The codes of the margin's variables, in their order.
    pub key: Vec<Code>,
    /// The population's units in it; `None` if its table does not have the cell.
    pub total: Option<Decimal>,
}

impl MarginAnswers {
    /// The same margin with its units in another order.
    pub(crate) fn in_order(self, order: &[usize]) -> Self {
        match self {
            Self::Cells { cells, of_units } => {
                Self::Cells { cells, of_units: order.iter().map(|unit| of_units[*unit]).collect() }
            }
            Self::Number { total, of_units } => {
                Self::Number { total, of_units: order.iter().map(|unit| of_units[*unit]).collect() }
            }
        }
    }
}

impl std::fmt::Debug for MarginAnswers {
    /// Its size: what units have is answers and never reaches a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Cells { cells, of_units } => {
                f.debug_struct("Cells").field("cells", &cells.len()).field("units", &of_units.len()).finish()
            }
            Self::Number { total, of_units } => {
                f.debug_struct("Number").field("total", total).field("units", &of_units.len()).finish()
            }
        }
    }
}

/// The population's tables as far as margins need them.
pub(crate) struct Population<'a> {
    pub(crate) wave: &'a Wave,
    pub(crate) frame: Option<&'a [FrameCount]>,
    /// The totals of each margin that has a file, in the order of the margins; `None` for the others.
    pub(crate) files: Vec<Option<BTreeMap<Vec<Code>, Decimal>>>,
}

impl Sampled<'_> {
    /// The margins, units in the order of the export. `None` when a unit has no place in one of them, which is a finding of its own.
    pub(crate) fn margins(
        &self,
        population: &Population<'_>,
        findings: &mut Vec<Finding>,
    ) -> Option<Vec<MarginAnswers>> {
        let margins = population.wave.design.margins().iter().zip(&population.files);
        margins
            .map(|(margin, file)| match &margin.of {
                MarginOf::Cells { by, totals } => {
                    let totals = population.totals(margin, totals, file.as_ref());
                    self.cells(by, &totals, findings)
                }
                MarginOf::Number { variable, total } => {
                    let of_units = self.numbers_of(variable)?;
                    Some(MarginAnswers::Number { total: *total, of_units })
                }
            })
            .collect()
    }

    fn cells(
        &self,
        by: &[VariableName],
        totals: &BTreeMap<Vec<Code>, Decimal>,
        findings: &mut Vec<Finding>,
    ) -> Option<MarginAnswers> {
        let (group_of, keys) = self.groups_by_key(by, findings)?;
        let mut cells: BTreeMap<&[Code], Option<Decimal>> = keys.iter().map(|key| (key.as_slice(), None)).collect();
        cells.extend(totals.iter().map(|(key, total)| (key.as_slice(), Some(*total))));
        let cells: Vec<MarginCell> =
            cells.into_iter().map(|(key, total)| MarginCell { key: key.to_vec(), total }).collect();
        let place_of: Vec<usize> = keys
            .iter()
            .map(|key| cells.binary_search_by(|cell| cell.key.cmp(key)).expect("every key became a cell"))
            .collect();
        Some(MarginAnswers::Cells { cells, of_units: group_of.into_iter().map(|group| place_of[group]).collect() })
    }

    fn numbers_of(&self, variable: &VariableName) -> Option<Vec<Decimal>> {
        let column = self.columns.get(variable)?;
        let number = |unit: usize| match column.value(unit)? {
            Value::Number(number) => Some(*number),
            Value::Boolean(_) | Value::Text(_) => None,
        };
        (0..column.cells.len()).map(number).collect()
    }
}

impl Population<'_> {
    /// The totals of a margin's cells.
    fn totals(
        &self,
        margin: &Margin,
        totals: &CellTotals,
        file: Option<&BTreeMap<Vec<Code>, Decimal>>,
    ) -> BTreeMap<Vec<Code>, Decimal> {
        match totals {
            CellTotals::Listed(listed) => listed.iter().map(|(code, total)| (vec![code.clone()], *total)).collect(),
            CellTotals::Frame => self.frame_totals(margin.variables()),
            CellTotals::File(_) => file.cloned().unwrap_or_default(),
        }
    }

    /// The frame's units, summed over the strata of each cell.
    fn frame_totals(&self, by: &[VariableName]) -> BTreeMap<Vec<Code>, Decimal> {
        let strata = &self.wave.design.strata;
        let places: Vec<usize> =
            by.iter().filter_map(|name| strata.iter().position(|stratum| stratum == name)).collect();
        let mut units: BTreeMap<Vec<Code>, u64> = BTreeMap::new();
        for count in self.frame.unwrap_or_default() {
            let key = places.iter().map(|place| count.key[*place].clone()).collect();
            *units.entry(key).or_default() += count.units;
        }
        units.into_iter().map(|(key, units)| (key, Decimal::new(i128::from(units), 0))).collect()
    }
}
