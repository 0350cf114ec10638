//! Algebra of small matrices: products, and inverses of those that are symmetric and positive definite, such as covariances.

use crate::Wide;

/// A matrix by rows.
pub(crate) type Matrix = Vec<Vec<Wide>>;

/// The inverse; `None` if the matrix is singular but for rounding.
pub(crate) fn inverse(mut matrix: Matrix) -> Option<Matrix> {
    /// What elimination must leave of a diagonal element. The elements may come from doubles, which have 16 digits.
    const LEAST: f64 = 1e-14;
    let mut inverse = identity(matrix.len());
    let diagonal: Vec<Wide> = matrix.iter().enumerate().map(|(index, row)| row[index]).collect();
    // Gauss and Jordan. The pivots of a positive definite matrix lie on its diagonal, so no rows are exchanged.
    for (pivot_row, whole) in diagonal.into_iter().enumerate() {
        let pivot = matrix[pivot_row][pivot_row];
        if pivot.to_f64() <= whole.to_f64() * LEAST {
            return None;
        }
        for side in [&mut matrix, &mut inverse] {
            side[pivot_row].iter_mut().for_each(|element| *element = *element / pivot);
        }
        for row in (0..matrix.len()).filter(|row| *row != pivot_row) {
            let factor = matrix[row][pivot_row];
            for side in [&mut matrix, &mut inverse] {
                let pivots = side[pivot_row].clone();
                side[row].iter_mut().zip(pivots).for_each(|(element, pivot)| *element -= factor * pivot);
            }
        }
    }
    Some(inverse)
}

fn identity(size: usize) -> Matrix {
    let row = |row| (0..size).map(|column| if row == column { Wide::ONE } else { Wide::ZERO }).collect();
    (0..size).map(row).collect()
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
        let one = product(&covariance, &inverse(covariance.clone()).expect("not singular"));
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
        assert_eq!(inverse(matrix(&[&[0.1, 0.1], &[0.1, 0.1]])), None);
        assert_eq!(inverse(matrix(&[&[0.0]])), None);
    }
}
