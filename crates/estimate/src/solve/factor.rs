//! Linear equations with a symmetric matrix that may be singular.
//!
//! A = L D L' with a unit lower triangle L, column after column in the order given (Golub and Van Loan, Matrix Computations,
//! 4.1.2). A column that depends on those before it is left out and told with its dependence, so that margins that all
//! add up to the same population cost one column each, always the same one. No square roots.

use crate::Wide;

/// Of a column's squared length, how much may be left beside the columns before it for it to count as dependent: its
/// distance from them is below a billionth of its length. What is exactly dependent leaves about 1e-30.
const DEPENDENT: f64 = 1e-18;

/// The factors of the independent part of a matrix.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Factor {
    /// The columns kept, ascending.
    kept: Vec<usize>,
    /// For each column kept, L left of its diagonal.
    lower: Vec<Vec<Wide>>,
    /// D.
    pivots: Vec<Wide>,
    /// All columns, also those left out.
    columns: usize,
}

/// A column that those kept before it add up to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Dependent {
    pub(crate) column: usize,
    /// The columns kept before it and how often each is in it.
    pub(crate) parts: Vec<(usize, Wide)>,
}

impl Factor {
    /// Factors the matrix whose lower triangle is given row by row; what a row has beyond it is not looked at.
    pub(crate) fn new(matrix: &[Vec<Wide>]) -> (Self, Vec<Dependent>) {
        Self::of_independent(matrix, DEPENDENT)
    }

    /// The same, with the part of a squared length that must be left for a column to count as independent.
    pub(super) fn of_independent(matrix: &[Vec<Wide>], least: f64) -> (Self, Vec<Dependent>) {
        let mut factor = Self { kept: Vec::new(), lower: Vec::new(), pivots: Vec::new(), columns: matrix.len() };
        let mut dependents = Vec::new();
        for (column, row) in matrix.iter().enumerate() {
            let right: Vec<Wide> = factor.kept.iter().map(|earlier| row[*earlier]).collect();
            let scaled = factor.forward(right);
            let lower: Vec<Wide> = scaled.iter().zip(&factor.pivots).map(|(value, pivot)| *value / *pivot).collect();
            let explained: Wide = scaled.iter().zip(&lower).map(|(scaled, lower)| *scaled * *lower).sum();
            let pivot = row[column] - explained;
            if pivot.to_f64() > least * row[column].to_f64() {
                factor.kept.push(column);
                factor.lower.push(lower);
                factor.pivots.push(pivot);
            } else {
                let parts = factor.kept.iter().copied().zip(factor.backward(lower)).collect();
                dependents.push(Dependent { column, parts });
            }
        }
        (factor, dependents)
    }

    /// Whether the same columns are independent.
    pub(crate) fn keeps_as(&self, other: &Self) -> bool {
        self.kept == other.kept
    }

    /// How many columns the matrix has, with those left out.
    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    /// b with A b = `right` in the columns kept, and 0 in those left out.
    pub(crate) fn solve(&self, right: &[Wide]) -> Vec<Wide> {
        let kept: Vec<Wide> = self.kept.iter().map(|column| right[*column]).collect();
        let scaled = self.forward(kept).into_iter().zip(&self.pivots).map(|(value, pivot)| value / *pivot).collect();
        let mut solution = vec![Wide::ZERO; self.columns];
        for (column, value) in self.kept.iter().zip(self.backward(scaled)) {
            solution[*column] = value;
        }
        solution
    }

    /// Solves L v = right, for as many rows as there are.
    fn forward(&self, mut values: Vec<Wide>) -> Vec<Wide> {
        for row in 0..values.len() {
            let known: Wide = self.lower[row].iter().zip(&values).map(|(lower, value)| *lower * *value).sum();
            values[row] -= known;
        }
        values
    }

    /// Solves L' v = right.
    fn backward(&self, mut values: Vec<Wide>) -> Vec<Wide> {
        for row in (0..values.len()).rev() {
            let value = values[row];
            for (earlier, lower) in self.lower[row].iter().enumerate() {
                values[earlier] -= *lower * value;
            }
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(value: i128) -> Wide {
        Wide::from_decimal(value, 0)
    }

    fn matrix(rows: &[&[i128]]) -> Vec<Vec<Wide>> {
        rows.iter().map(|row| row.iter().map(|value| whole(*value)).collect()).collect()
    }

    #[test]
    fn two_equations_are_solved() {
        // 4 a + 2 b = 10 and 2 a + 3 b = 11 have the solution a = 1, b = 3.
        let (factor, dependents) = Factor::new(&matrix(&[&[4], &[2, 3]]));
        assert_eq!(dependents, []);
        assert_eq!(factor.solve(&[whole(10), whole(11)]), [whole(1), whole(3)]);
    }

    #[test]
    fn a_column_that_others_add_up_to_is_told_with_its_parts() {
        // Columns (1 0 1), (0 1 1) and (2 3 5): the third is twice the first and thrice the second.
        let (factor, dependents) = Factor::new(&matrix(&[&[2], &[1, 2], &[7, 8, 38]]));
        assert_eq!(factor.kept, [0, 1]);
        assert_eq!(dependents.len(), 1);
        assert_eq!(dependents[0].column, 2);
        for ((column, part), (expected_column, expected)) in dependents[0].parts.iter().zip([(0, 2), (1, 3)]) {
            assert_eq!(*column, expected_column);
            assert!((*part - whole(expected)).abs().to_f64() < 1e-30);
        }
    }

    #[test]
    fn a_column_of_zeros_depends_on_nothing() {
        let (factor, dependents) = Factor::new(&matrix(&[&[0], &[0, 2]]));
        assert_eq!(dependents, [Dependent { column: 0, parts: Vec::new() }]);
        assert_eq!(factor.solve(&[whole(5), whole(6)]), [whole(0), whole(3)]);
    }
}
