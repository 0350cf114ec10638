//! How many replicates are independent of each other, for degrees of freedom.
//!
//! R takes the rank of the matrix of replicate weights (units x replicates) by `qr` with tolerance 1e-5, less 1
//! (`degf.svyrep.design`): a replicate counts if what the replicates before it do not explain is at least 1e-5 of its
//! length. Here, too, but the one of which most is unexplained comes first, so that the order of the replicates does
//! not matter.
//!
//! Householder reflections fold blocks of units into a triangle of R x R numbers with the same lengths and angles
//! (Golub and Van Loan 2013, 5.2), and the rank is found there. That costs n R^2 multiplications in one pass over the
//! weights and R^3 after it. Products of the columns would cost half, but squaring them loses what lies between 1e-5
//! and rounding.

use crate::Wide;

/// Units that are folded at a time, few enough to stay in the cache.
const BLOCK: usize = 512;

/// The number of independent columns of the matrix w_i f_ir, with `weights` by unit and `factors` by replicate and
/// unit.
pub(super) fn rank(weights: &[Wide], factors: &[Vec<Wide>]) -> u64 {
    let mut triangle: Vec<Vec<f64>> = factors.iter().map(|_| vec![0.0; factors.len()]).collect();
    for start in (0..weights.len()).step_by(BLOCK) {
        let block = start..weights.len().min(start + BLOCK);
        let weights = &weights[block.clone()];
        let column = |factors: &Vec<Wide>| -> Vec<f64> {
            let factors = &factors[block.clone()];
            weights.iter().zip(factors).map(|(weight, factor)| weight.to_f64() * factor.to_f64()).collect()
        };
        fold(&mut triangle, factors.iter().map(column).collect());
    }
    independent(triangle)
}

/// Folds the rows of a block into a triangle, both given by column: reflects what the block has in each column onto the
/// diagonal of the triangle.
fn fold(triangle: &mut [Vec<f64>], mut block: Vec<Vec<f64>>) {
    for column in 0..block.len() {
        let (mirrors, others) = block.split_at_mut(column + 1);
        let mirror = &mirrors[column];
        let square = product(mirror, mirror);
        if square <= 0.0 {
            continue;
        }
        let diagonal = triangle[column][column];
        let length = libm::copysign(libm::sqrt(diagonal * diagonal + square), diagonal);
        let head = diagonal + length;
        triangle[column][column] = -length;
        let scale = 2.0 / (head * head + square);
        for (folded, other) in triangle[column + 1..].iter_mut().zip(others) {
            let times = scale * (head * folded[column] + product(mirror, other));
            folded[column] -= times * head;
            subtract(other, times, mirror);
        }
    }
}

/// The number of independent columns: takes the one of which most is left in proportion to its length, subtracts from
/// all others what lies along it, and again, until too little is left of any.
fn independent(columns: Vec<Vec<f64>>) -> u64 {
    const TOLERANCE: f64 = 1e-5;
    let with_square = |column: Vec<f64>| (product(&column, &column), column);
    let mut left: Vec<(f64, Vec<f64>)> =
        columns.into_iter().map(with_square).filter(|(square, _)| *square > 0.0).collect();
    let mut count = 0;
    loop {
        let parts = left.iter().map(|(square, column)| product(column, column) / square);
        let most = parts.enumerate().max_by(|(_, part), (_, other)| part.total_cmp(other));
        match most {
            Some((chosen, part)) if part >= TOLERANCE * TOLERANCE => {
                let (_, along) = left.swap_remove(chosen);
                let square = product(&along, &along);
                for (_, column) in &mut left {
                    let times = product(column, &along) / square;
                    subtract(column, times, &along);
                }
                count += 1;
            }
            Some(_) | None => return count,
        }
    }
}

/// The sum of the products of two columns of the same length: four sums that grow beside each other, so that neither an
/// optimised build waits for the last addition nor a debug build for a loop within the loop.
fn product(a: &[f64], b: &[f64]) -> f64 {
    let (a, a_rest) = a.as_chunks::<4>();
    let (b, b_rest) = b.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for (a, b) in a.iter().zip(b) {
        sums[0] += a[0] * b[0];
        sums[1] += a[1] * b[1];
        sums[2] += a[2] * b[2];
        sums[3] += a[3] * b[3];
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}

/// column - times other, four numbers at a time, as in [`product`].
fn subtract(column: &mut [f64], times: f64, other: &[f64]) {
    let (column, column_rest) = column.as_chunks_mut::<4>();
    let (other, other_rest) = other.as_chunks::<4>();
    for (column, other) in column.iter_mut().zip(other) {
        column[0] -= times * other[0];
        column[1] -= times * other[1];
        column[2] -= times * other[2];
        column[3] -= times * other[3];
    }
    column_rest.iter_mut().zip(other_rest).for_each(|(column, other)| *column -= times * other);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rank_of(weights: &[u64], replicates: &[&[u64]]) -> u64 {
        let wide = |numbers: &[u64]| numbers.iter().map(|number| Wide::from_count(*number)).collect::<Vec<_>>();
        rank(&wide(weights), &replicates.iter().map(|replicate| wide(replicate)).collect::<Vec<_>>())
    }

    #[test]
    fn a_replicate_that_repeats_or_combines_others_does_not_count() {
        assert_eq!(rank_of(&[5, 6, 7], &[&[2, 0, 1], &[0, 2, 1]]), 2);
        assert_eq!(rank_of(&[5, 6, 7], &[&[2, 0, 1], &[2, 0, 1], &[0, 2, 1]]), 2);
        assert_eq!(rank_of(&[5, 6, 7], &[&[2, 0, 1], &[0, 2, 1], &[2, 2, 2], &[0, 0, 1]]), 3);
        assert_eq!(rank_of(&[5, 6, 7], &[&[0, 0, 0], &[0, 2, 1]]), 1);
        // The unit that tells the replicates apart has no weight.
        assert_eq!(rank_of(&[5, 6, 0], &[&[2, 1, 1], &[2, 1, 5]]), 1);
    }

    #[test]
    fn differences_below_the_hundred_thousandth_part_of_a_replicate_are_rounding_as_in_r() {
        // Of the second replicate's length, 1.414e6, d / 1.414 is not along the first: 1e-5 of it at d = 20. R has
        // qr(cbind(c(1e6, 1e6), c(1e6, 1e6 + d)), tol = 1e-5)$rank = 1 at d = 13 and 19, and 2 at d = 21 and 30.
        let replicate = |beyond: u64| rank_of(&[1, 1], &[&[1_000_000, 1_000_000], &[1_000_000, 1_000_000 + beyond]]);
        assert_eq!([replicate(13), replicate(19), replicate(21), replicate(30)], [1, 1, 2, 2]);
    }

    #[test]
    fn three_units_never_tell_four_replicates_apart() {
        // Nearly all of the third follows from the first two; by products of columns the fourth seems to be news.
        let replicates: [&[u64]; 4] = [
            &[1_828_897, 1_757_053, 545_296],
            &[1_286_879, 171_929, 1_786_020],
            &[1_225_637, 513_908, 1_237_367],
            &[0, 126_869, 0],
        ];
        assert_eq!(rank_of(&[5, 1, 1], &replicates), 3);
    }

    #[test]
    fn blocks_of_units_add_up() {
        // More units than a block and no multiple of four: the mean of all replicates of a jackknife is the sample.
        let count = 2 * BLOCK + 5;
        let weights = vec![Wide::ONE; count];
        let without = |dropped: usize| {
            (0..count).map(|unit| if unit % 7 == dropped { Wide::ZERO } else { Wide::from_ratio(7, 6) }).collect()
        };
        let mut factors: Vec<Vec<Wide>> = (0..7).map(without).collect();
        assert_eq!(rank(&weights, &factors), 7);
        factors.push(weights.clone());
        assert_eq!(rank(&weights, &factors), 7);
    }
}
