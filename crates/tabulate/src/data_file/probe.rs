//! What must be known of a file before it is summed: whether its design columns are whole, how large its numbers are.

use codebook::VariableName;
use estimate::Wide;

use super::statement::{keys, terms};
use super::{ItemKind, Scan};
use crate::TabulateError;
use crate::bounds::{Size, fits};
use crate::engine::Outcome;

/// What is wrong with the design columns of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// Rows without a value where every row needs one.
    Missing {
        /// The column.
        column: VariableName,
        /// How many.
        rows: u64,
    },
    /// Weights below 0.
    Negative {
        /// The column.
        column: VariableName,
        /// How many.
        rows: u64,
    },
    /// Weights, or the numbers of an item, cannot be calculated with: the largest of them, the largest weight times it, or a ratio of two
    /// is beyond 1e100 or below 1e-100.
    OutOfReach,
    /// Numbers have too many digits to be compared or calculated with: some are very large, and others have many decimals.
    TooManyDigits,
    /// No row has a weight above 0, or the file has no row.
    Nobody,
}

/// What the probe found.
pub(super) struct Probed {
    pub(super) rows: u64,
    pub(super) without_weight: u64,
    pub(super) without_group: u64,
    pub(super) without_condition: u64,
    pub(super) troubles: Vec<Trouble>,
    weight: Option<Numbers>,
    items: Vec<ProbedItem>,
}

struct ProbedItem {
    known: u64,
    y: Option<Numbers>,
    x: Option<Numbers>,
}

/// How large the numbers of a column are.
#[derive(Clone, Copy)]
struct Numbers {
    /// As decimals, if they are.
    exact: Option<Size>,
    /// The largest without its sign; 0 if there are none, and not a number if one is none.
    largest: f64,
}

/// The variance squares weight times value and the ratio of two values, and sums that over all units. What lies outside has no such square
/// among doubles, or is near it.
const REACH: std::ops::RangeInclusive<f64> = 1e-100..=1e100;
/// The largest weight that one column of population sizes makes, see `estimate::SampleError::NotASize`.
const LARGEST_SIZE: f64 = 1e15;

impl Probed {
    /// What the statement of statistics gave. `None` where it does not tell all: some unit does not count, since its weight is not above 0
    /// or its group is not known, so that the items of the others must be looked at one by one.
    pub(super) fn of_statistics(scan: &Scan, outcome: &Outcome) -> Result<Option<Self>, TabulateError> {
        let mut reader = Reader { outcome, next: 0 };
        let rows = reader.count()?;
        let mut troubles = Vec::new();
        for (_, column) in keys(scan) {
            let missing = rows - reader.count()?;
            if missing > 0 {
                troubles.push(Trouble::Missing { column: column.clone(), rows: missing });
            }
        }
        let mut all_count = rows > 0;
        for _ in &scan.by {
            all_count &= reader.count()? == rows;
        }
        let mut weights = Vec::new();
        for _ in scan.weight.iter().chain(&scan.replicates) {
            all_count &= reader.count()? == rows;
            // A replicate leaves units out, but it need not be looked at for that.
            let is_weight = scan.weight.is_some() && weights.is_empty();
            let smallest = outcome.decimals(reader.next)?.values.first().copied().flatten();
            all_count &= smallest.is_some_and(|units| units > 0 || (units == 0 && !is_weight));
            weights.push(reader.numbers()?);
        }
        let mut items = Vec::new();
        for item in &scan.items {
            let known = reader.count()?;
            let y = if item.kind == ItemKind::Number { Some(reader.numbers()?) } else { None };
            items.push(ProbedItem { known, y, x: None });
        }
        if !within_reach(scan, &weights, &items) {
            troubles.push(Trouble::OutOfReach);
        }
        let weight = scan.weight.as_ref().and(weights.first().copied());
        let (without_weight, without_group, without_condition) = (0, 0, 0);
        let probed = Self { rows, without_weight, without_group, without_condition, troubles, weight, items };
        Ok(all_count.then_some(probed))
    }

    pub(super) fn read(scan: &Scan, outcome: &Outcome) -> Result<Self, TabulateError> {
        let mut reader = Reader { outcome, next: 0 };
        let rows = reader.count()?;
        let (inside, counting) = (reader.count()?, reader.count()?);
        let without_condition = if scan.condition.is_some() { reader.count()? } else { 0 };
        let mut troubles = Vec::new();
        for (_, column) in keys(scan) {
            let missing = rows - reader.count()?;
            if missing > 0 {
                troubles.push(Trouble::Missing { column: column.clone(), rows: missing });
            }
        }
        let mut without_weight = 0;
        let mut weights = Vec::new();
        for (index, column) in scan.weight.iter().chain(&scan.replicates).enumerate() {
            let (missing, negative, zero) = (reader.count()?, reader.count()?, reader.count()?);
            let numbers = reader.numbers()?;
            if missing > 0 {
                troubles.push(Trouble::Missing { column: column.clone(), rows: missing });
            }
            if negative > 0 {
                troubles.push(Trouble::Negative { column: column.clone(), rows: negative });
            }
            if index == 0 && scan.weight.is_some() {
                without_weight = zero;
            }
            weights.push(numbers);
        }
        if without_weight == rows {
            troubles.push(Trouble::Nobody);
        }
        let mut items = Vec::new();
        for item in &scan.items {
            let probed = ProbedItem {
                known: reader.count()?,
                y: if item.kind == ItemKind::Number { Some(reader.numbers()?) } else { None },
                x: if item.x.is_some() { Some(reader.numbers()?) } else { None },
            };
            items.push(probed);
        }
        if !within_reach(scan, &weights, &items) {
            troubles.push(Trouble::OutOfReach);
        }
        let without_group = inside - counting;
        let weight = scan.weight.as_ref().and(weights.first().copied());
        Ok(Self { rows, without_weight, without_group, without_condition, troubles, weight, items })
    }

    /// Whether an item has a value in every row of the file.
    pub(super) fn always_known(&self, item: usize) -> bool {
        self.items[item].known == self.rows
    }

    /// Whether every sum of the scan fits 38 digits, so that nothing is rounded on the way.
    pub(super) fn sums_are_exact(&self, scan: &Scan) -> bool {
        let fits_all = |item: &ProbedItem| {
            terms(scan).iter().all(|term| {
                let powers = [(self.weight, term.w), (item.x, term.x), (item.y, term.y)];
                let factors: Option<Vec<Size>> = powers
                    .into_iter()
                    .filter_map(|(numbers, power)| numbers.map(|numbers| (numbers, power)))
                    .flat_map(|(numbers, power)| vec![numbers.exact; power])
                    .collect();
                factors.is_some_and(|factors| fits(u128::from(self.rows), &factors))
            })
        };
        self.items.iter().all(fits_all)
    }
}

/// Whether everything that the variance squares is a number then. Replicate weights stand in for weights.
fn within_reach(scan: &Scan, weights: &[Numbers], items: &[ProbedItem]) -> bool {
    let reaches = |number: f64| number <= 0.0 || REACH.contains(&number);
    let from_sizes = scan.sizes.iter().fold(1.0, |weight, _| weight * LARGEST_SIZE);
    let made = if scan.weight.is_none() { from_sizes } else { 1.0 };
    let weights: Vec<f64> = weights.iter().map(|weight| weight.largest).chain([1.0, made]).collect();
    let products = |number: f64| weights.iter().all(|weight| reaches(*weight) && reaches(weight * number));
    items.iter().all(|ProbedItem { y, x, .. }| {
        let [y, x] = [y, x].map(|numbers| numbers.map_or(1.0, |numbers| numbers.largest));
        products(y) && products(x) && (x <= 0.0 || reaches(y / x))
    })
}

struct Reader<'a> {
    outcome: &'a Outcome,
    next: usize,
}

impl Reader<'_> {
    fn advance(&mut self) -> usize {
        self.next += 1;
        self.next - 1
    }

    fn count(&mut self) -> Result<u64, TabulateError> {
        let column = self.advance();
        Ok(u64::try_from(self.outcome.integers(column)?.value(0)).expect("a count is not negative"))
    }

    /// The smallest and the largest number.
    fn numbers(&mut self) -> Result<Numbers, TabulateError> {
        let columns = [self.advance(), self.advance()];
        if columns.iter().any(|column| self.outcome.is_double(*column)) {
            let extremes = [self.outcome.numbers(columns[0])?[0], self.outcome.numbers(columns[1])?[0]];
            let sizes = extremes.iter().flatten().map(|number| number.to_f64().abs());
            // Unlike f64::max, this keeps what is no number.
            let largest = sizes.fold(0.0, |largest, size| if size <= largest { largest } else { size });
            return Ok(Numbers { exact: None, largest });
        }
        let extremes = [self.outcome.decimals(columns[0])?, self.outcome.decimals(columns[1])?];
        let units = extremes.iter().flat_map(|extreme| &extreme.values).flatten().map(|units| units.unsigned_abs());
        let size = Size { units: units.max().unwrap_or(0), scale: extremes[0].scale };
        let largest =
            i128::try_from(size.units).map_or(f64::INFINITY, |units| Wide::from_decimal(units, size.scale).to_f64());
        Ok(Numbers { exact: Some(size), largest })
    }
}
