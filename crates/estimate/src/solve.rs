//! Algebra of small matrices: products, equations with a symmetric matrix, and inverses of those that are positive definite, such as
//! covariances.

mod factor;

pub(crate) use factor::{Dependent, Factor};

use crate::Wide;

/// A matrix by rows.
pub(crate) type Matrix = Vec<Vec<Wide>>;

/// The inverse of a symmetric matrix; `None` if it is singular but for rounding.
pub(crate) fn inverse(matrix: &[Vec<Wide>]) -> Option<Matrix> {
    /// What elimination must leave of a diagonal element. The elements may come from doubles, which have 16 digits.
    const LEAST: f64 = 1e-14;
    let (factor, dependents) = Factor::of_independent(matrix, LEAST);
    let one = |row: usize| (0..matrix.len()).map(move |column| if row == column { Wide::ONE } else { Wide::ZERO });
    let solved = || (0..matrix.len()).map(|row| factor.solve(&one(row).collect::<Vec<_>>())).collect();
    dependents.is_empty().then(solved)
}

/// The product.
pub(crate) fn product(left: &[Vec<Wide>], right: &[Vec<Wide>]) -> Matrix {
    let columns = right.first().map_or(0, Vec::len);
    let element = |row: &Vec<Wide>, column: usize| row.iter().zip(right).map(|(a, b)| *a * b[column]).sum();
    left.iter().map(|row| (0..columns).map(|column| element(row, column)).collect()).collect()
}

/// The sum of the diagonal.
pub(crate) fn trace(matrix: &[Vec<Wide>]) -> Wide {
    matrix.iter().enumerate().map(|(index, row)| row[index]).sum()
}

/// The sum of the diagonal of the square.
pub(crate) fn trace_of_square(matrix: &[Vec<Wide>]) -> Wide {
    let transposed = |row: usize| matrix.iter().map(move |other| other[row]);
    let of_row = |(row, elements): (usize, &Vec<Wide>)| elements.iter().zip(transposed(row)).map(|(a, b)| *a * b).sum();
    matrix.iter().enumerate().map(of_row).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(rows: &[&[f64]]) -> Matrix {
        rows.iter().map(|row| row.iter().copied().map(Wide::from_f64).collect()).collect()
    }

    #[test]
    fn a_matrix_times_its_inverse_is_one() {
        let covariance = matrix(&[&[4.0, 2.0, 0.5], &[2.0, 3.0, 1.0], &[0.5, 1.0, 2.0]]);
        let one = product(&covariance, &inverse(&covariance).expect("not singular"));
        for (row, elements) in one.iter().enumerate() {
            for (column, element) in elements.iter().enumerate() {
                let expected = if row == column { Wide::ONE } else { Wide::ZERO };
                assert!((*element - expected).abs().to_f64() < 1e-29, "{row} {column}: {element:?}");
            }
        }
        assert!((trace(&one).to_f64() - 3.0).abs() < 1e-15);
    }

    #[test]
    fn a_covariance_of_two_equal_estimates_is_singular() {
        assert_eq!(inverse(&matrix(&[&[0.1, 0.1], &[0.1, 0.1]])), None);
        assert_eq!(inverse(&matrix(&[&[0.0]])), None);
    }
}
