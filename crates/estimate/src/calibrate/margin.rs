//! Margins: what is known of the population, and the auxiliaries of each unit.

use super::TOLERANCE;
use super::error::{CalibrateError, Miss, Target};
use crate::Wide;

/// Something known of the population.
#[derive(Debug, Clone, PartialEq)]
pub enum Margin {
    /// Every unit is in one of several categories, whose sizes are known.
    Categories(CategoryMargin),
    /// Every unit has a number, whose total is known.
    Amount(AmountMargin),
}

/// The sizes of the categories that divide the population.
#[derive(Debug, Clone, PartialEq)]
pub struct CategoryMargin {
    /// The margin's name, for messages.
    pub name: String,
    /// The categories.
    pub categories: Vec<Category>,
    /// The category of each unit: an index into `categories`.
    pub of_units: Vec<usize>,
}

/// A category of a margin.
#[derive(Debug, Clone, PartialEq)]
pub struct Category {
    /// Its name, for messages.
    pub name: String,
    /// Its size in the population; `None` if the population's table does not have it.
    pub total: Option<Wide>,
}

/// The total of a number.
#[derive(Debug, Clone, PartialEq)]
pub struct AmountMargin {
    /// The margin's name, for messages.
    pub name: String,
    /// The total in the population.
    pub total: Wide,
    /// The number of each unit.
    pub of_units: Vec<Wide>,
}

impl CategoryMargin {
    /// A category as the subject of a message.
    fn target(&self, category: usize) -> Target {
        Target { margin: self.name.clone(), category: Some(self.categories[category].name.clone()) }
    }

    /// The sum of the weights in each category.
    ///
    /// # Panics
    /// When weights and margin are not of the same units, or a unit is in a category that there is not.
    pub(super) fn sums(&self, weights: &[Wide]) -> Vec<Wide> {
        assert_eq!(self.of_units.len(), weights.len(), "margin {} is of the units that have weights", self.name);
        let mut sums = vec![Wide::ZERO; self.categories.len()];
        for (category, weight) in self.of_units.iter().zip(weights) {
            sums[*category] += *weight;
        }
        sums
    }

    fn total(&self) -> Wide {
        self.categories.iter().filter_map(|category| category.total).sum()
    }

    /// What is wrong between sample and population, category by category.
    pub(super) fn gaps(&self) -> Vec<CalibrateError> {
        let mut units = vec![0; self.categories.len()];
        self.of_units.iter().for_each(|category| units[*category] += 1);
        let gap = |(index, units): (usize, u64)| {
            let target = self.target(index);
            match (self.categories[index].total, units) {
                (None, 0) => None,
                (None, units) => Some(CalibrateError::NoTotal { target, units }),
                (Some(total), 0) if total.is_zero() => None,
                (Some(total), 0) => Some(CalibrateError::NoUnits { target, total: total.to_f64() }),
                (Some(total), _) if total > Wide::ZERO => None,
                (Some(total), units) => Some(CalibrateError::NotPositive { target, total: total.to_f64(), units }),
            }
        };
        units.into_iter().enumerate().filter_map(gap).collect()
    }
}

/// What is wrong with margins that each divide all units: gaps in each, and sizes of the population that differ.
pub(super) fn gaps<'a>(margins: impl Iterator<Item = &'a CategoryMargin> + Clone) -> Vec<CalibrateError> {
    let mut errors: Vec<CalibrateError> = margins.clone().flat_map(CategoryMargin::gaps).collect();
    let mut others = margins;
    if let Some(first) = others.next() {
        let differs = |margin: &&CategoryMargin| !is_met(margin.total(), first.total(), first.total().to_f64());
        errors.extend(others.filter(differs).map(|margin| CalibrateError::SumsDiffer {
            margin: margin.name.clone(),
            sum: margin.total().to_f64(),
            other: first.name.clone(),
            other_sum: first.total().to_f64(),
        }));
    }
    errors
}

/// Whether weights that add up to `reached` meet a total, given its size.
pub(super) fn is_met(reached: Wide, total: Wide, size: f64) -> bool {
    (reached - total).abs().to_f64() <= TOLERANCE * size
}

/// The margins as columns of numbers, one for each category that anybody is in and one for each amount.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Auxiliaries {
    pub(super) columns: Vec<Column>,
    /// x of each unit without its zeros, in the order of the columns. With categories most of x is 0.
    pub(super) rows: Vec<Vec<Entry>>,
}

/// One auxiliary.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Column {
    pub(super) target: Target,
    pub(super) total: Wide,
    /// The size of the total, or of what it sums where it is 0: what misses are relative to.
    pub(super) size: f64,
}

/// One auxiliary of one unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Entry {
    pub(super) column: usize,
    pub(super) value: Wide,
}

impl Auxiliaries {
    /// Lays out the margins.
    ///
    /// # Errors
    /// When a category is in the sample or in the population only, or sizes of the population differ.
    pub(super) fn new(weights: &[Wide], margins: &[Margin]) -> Result<Self, Vec<CalibrateError>> {
        let categories = margins.iter().filter_map(|margin| match margin {
            Margin::Categories(margin) => Some(margin),
            Margin::Amount(_) => None,
        });
        let errors = gaps(categories);
        if !errors.is_empty() {
            return Err(errors);
        }
        let mut auxiliaries = Self { columns: Vec::new(), rows: vec![Vec::new(); weights.len()] };
        for margin in margins {
            match margin {
                Margin::Categories(margin) => auxiliaries.add_categories(margin, weights),
                Margin::Amount(margin) => auxiliaries.add_amount(margin, weights),
            }
        }
        Ok(auxiliaries)
    }

    fn add_categories(&mut self, margin: &CategoryMargin, weights: &[Wide]) {
        let sums = margin.sums(weights);
        let mut columns = vec![None; sums.len()];
        for (index, category) in margin.categories.iter().enumerate() {
            // A category without units has total 0 or none, which any weights meet.
            let Some(total) = category.total.filter(|_| !sums[index].is_zero()) else { continue };
            columns[index] = Some(self.columns.len());
            self.columns.push(Column { target: margin.target(index), total, size: total.to_f64() });
        }
        for (row, category) in self.rows.iter_mut().zip(&margin.of_units) {
            let column = columns[*category].expect("a category that has a unit has a total");
            row.push(Entry { column, value: Wide::ONE });
        }
    }

    fn add_amount(&mut self, margin: &AmountMargin, weights: &[Wide]) {
        assert_eq!(margin.of_units.len(), weights.len(), "margin {} is of the units that have weights", margin.name);
        let column = self.columns.len();
        let target = Target { margin: margin.name.clone(), category: None };
        let total = margin.total;
        let magnitude = || margin.of_units.iter().zip(weights).map(|(value, weight)| value.abs() * *weight).sum();
        let size = if total.is_zero() { magnitude() } else { total.abs() };
        self.columns.push(Column { target, total, size: size.to_f64() });
        for (row, value) in self.rows.iter_mut().zip(&margin.of_units) {
            if !value.is_zero() {
                row.push(Entry { column, value: *value });
            }
        }
    }

    /// The sum of w x, column by column.
    pub(super) fn sums(&self, weights: &[Wide]) -> Vec<Wide> {
        let mut sums = vec![Wide::ZERO; self.columns.len()];
        for (row, weight) in self.rows.iter().zip(weights) {
            for entry in row {
                sums[entry.column] += *weight * entry.value;
            }
        }
        sums
    }

    /// The sum of w x x': the lower triangle, row by row.
    pub(super) fn normal_matrix(&self, weights: &[Wide]) -> Vec<Vec<Wide>> {
        let mut matrix: Vec<Vec<Wide>> = (0..self.columns.len()).map(|row| vec![Wide::ZERO; row + 1]).collect();
        for (row, weight) in self.rows.iter().zip(weights) {
            for (index, entry) in row.iter().enumerate() {
                let weighted = *weight * entry.value;
                for earlier in &row[..=index] {
                    matrix[entry.column][earlier.column] += weighted * earlier.value;
                }
            }
        }
        matrix
    }

    /// What weights with these sums miss.
    pub(super) fn misses(&self, sums: &[Wide]) -> Vec<Miss> {
        let columns = self.columns.iter().zip(sums);
        let missed = columns.filter(|(column, sum)| !is_met(**sum, column.total, column.size));
        missed.map(|(column, sum)| column.miss(*sum)).collect()
    }
}

impl Column {
    pub(super) fn miss(&self, reached: Wide) -> Miss {
        Miss { target: self.target.clone(), total: self.total.to_f64(), reached: reached.to_f64() }
    }
}

/// x'b for one unit.
pub(super) fn fitted(row: &[Entry], coefficients: &[Wide]) -> Wide {
    row.iter().map(|entry| entry.value * coefficients[entry.column]).sum()
}
