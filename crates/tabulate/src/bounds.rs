//! The proof that sums of products of decimals are exact.
//!
//! The engine multiplies and adds decimals in 38 digits: a product of more than 38 decimals is refused, but a sum that
//! grows too large wraps around in silence. So products are planned only where the largest weight, the largest value and the number of
//! answers prove that nothing can exceed 38 digits. Where they do not, the sums are made unit by unit in Rust.

use std::collections::{BTreeMap, BTreeSet};

use crate::TabulateError;
use crate::engine::Outcome;
use crate::layers::{Column, Layers};
use crate::plan::Statement;
use crate::sql::Select;

/// The first number that a DECIMAL(38, s) cannot hold, in units of 10^-s.
const LIMIT: u128 = 10_u128.pow(38);
/// The most decimals that the engine gives a product.
const DECIMALS: u32 = 38;

/// How large numbers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size {
    /// The largest absolute value, in units of 10^-scale.
    pub(crate) units: u128,
    pub(crate) scale: u8,
}

/// The number of answers, and how large the numbers among them are.
#[derive(Debug, Default)]
pub(crate) struct Bounds {
    answers: u128,
    sizes: BTreeMap<Column, Size>,
}

impl Bounds {
    /// The statement that finds out about columns of numbers.
    pub(crate) fn statement(columns: &BTreeSet<Column>, layers: &Layers<'_>) -> Statement {
        let extremes = columns.iter().flat_map(|column| {
            [("MIN", "smallest"), ("MAX", "largest")].map(|(function, word)| {
                (format!("{function}({})", column.quoted()), format!("{word} {}", column.name()))
            })
        });
        let select = Select {
            columns: std::iter::once(("COUNT(*)".to_owned(), "answers".to_owned())).chain(extremes).collect(),
            from: layers.from(columns),
            group_by: Vec::new(),
            order_by: Vec::new(),
        };
        Statement { name: "bounds".to_owned(), sql: select.print() }
    }

    /// Reads what the statement for these columns gave.
    pub(crate) fn read(columns: &BTreeSet<Column>, outcome: &Outcome) -> Result<Self, TabulateError> {
        let answers = outcome.integers(0)?.value(0);
        let answers = u128::try_from(answers).expect("a count is not negative");
        let mut sizes = BTreeMap::new();
        for (index, column) in columns.iter().enumerate() {
            let extremes = [outcome.decimals(1 + 2 * index)?, outcome.decimals(2 + 2 * index)?];
            let scale = extremes[0].scale;
            let units = extremes.iter().flat_map(|extreme| &extreme.values).flatten().map(|units| units.unsigned_abs());
            sizes.insert(column.clone(), Size { units: units.max().unwrap_or(0), scale });
        }
        Ok(Self { answers, sizes })
    }

    /// Whether the sum over all answers of the product of these columns, and everything on the way to it, fits 38 digits.
    pub(crate) fn prove(&self, factors: &[Column]) -> bool {
        let sizes: Option<Vec<Size>> = factors.iter().map(|column| self.sizes.get(column).copied()).collect();
        sizes.is_some_and(|sizes| fits(self.answers, &sizes))
    }
}

/// Whether the sum over so many answers of a product fits 38 digits.
pub(crate) fn fits(answers: u128, factors: &[Size]) -> bool {
    let decimals: u32 = factors.iter().map(|factor| u32::from(factor.scale)).sum();
    // A factor below one unit cannot be, so leaving out factors gives smaller products: all others fit if the whole does.
    let largest = factors.iter().try_fold(answers.max(1), |product, factor| product.checked_mul(factor.units.max(1)));
    decimals <= DECIMALS && largest.is_some_and(|largest| largest < LIMIT)
}

#[cfg(test)]
mod tests {
    use super::{Size, fits};

    const SCHOOL_WEIGHT: Size = Size { units: 442_099_990_844_727, scale: 13 };

    #[test]
    fn squared_weights_of_thirteen_decimals_fit_a_sum_of_two_hundred() {
        assert!(fits(200, &[SCHOOL_WEIGHT, SCHOOL_WEIGHT]));
    }

    #[test]
    fn squared_weights_times_squared_pupils_do_not() {
        let pupils = Size { units: 3_156, scale: 0 };
        assert!(!fits(200, &[SCHOOL_WEIGHT, SCHOOL_WEIGHT, pupils, pupils]));
    }

    #[test]
    fn a_product_may_have_38_decimals_and_no_more() {
        let small = |scale| Size { units: 1, scale };
        assert!(fits(1, &[small(19), small(19)]));
        assert!(!fits(1, &[small(19), small(20)]));
    }

    #[test]
    fn the_number_of_answers_counts() {
        let large = Size { units: 10_u128.pow(18), scale: 0 };
        assert!(fits(99, &[large, large]));
        assert!(!fits(100, &[large, large]));
    }

    #[test]
    fn a_product_beyond_128_bits_is_not_taken_for_a_small_one() {
        let large = Size { units: 10_u128.pow(37), scale: 0 };
        assert!(!fits(1, &[large, large]));
    }
}
