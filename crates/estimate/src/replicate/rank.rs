//! How many replicates are independent of each other, for degrees of freedom.
//!
//! R takes the rank of the matrix of replicate weights (units x replicates) by `qr` with tolerance 1e-5, less 1
//! (`degf.svyrep.design`): column by column, a replicate counts if what the replicates before it do not explain is at
//! least 1e-5 of its length. The same rule is applied here to the R x R matrix of products of columns, by Cholesky's
//! elimination. Squaring turns 1e-5 into 1e-10, far above the rounding of doubles (about 1e-13 at some hundred
//! replicates). Products cost n R^2 / 2 multiplications in one pass over the weights, in blocks of units that stay in
//! the cache; the rest costs R^3 / 6.

use crate::Wide;

/// Units that are multiplied at a time.
const BLOCK: usize = 512;

/// The number of independent columns of the matrix w_i f_ir, with `weights` by unit and `factors` by replicate and
/// unit.
pub(super) fn rank(weights: &[Wide], factors: &[Vec<Wide>]) -> u64 {
    const TOLERANCE: f64 = 1e-5;
    let products = products(weights, factors);
    let mut independent: Vec<(usize, Vec<f64>)> = Vec::new();
    for (column, row) in products.iter().enumerate() {
        // Coordinates of the column along what each independent column before it added.
        let mut coordinates: Vec<f64> = Vec::with_capacity(independent.len() + 1);
        for (other, theirs) in &independent {
            let explained: f64 = coordinates.iter().zip(theirs).map(|(ours, theirs)| ours * theirs).sum();
            coordinates.push((row[*other] - explained) / theirs[coordinates.len()]);
        }
        let square = row[column];
        let rest = square - coordinates.iter().map(|coordinate| coordinate * coordinate).sum::<f64>();
        if square > 0.0 && rest >= TOLERANCE * TOLERANCE * square {
            coordinates.push(libm::sqrt(rest));
            independent.push((column, coordinates));
        }
    }
    u64::try_from(independent.len()).expect("a number of replicates fits 64 bits")
}

/// The product of each column with itself and with those before it.
fn products(weights: &[Wide], factors: &[Vec<Wide>]) -> Vec<Vec<f64>> {
    let mut products: Vec<Vec<f64>> = (1..=factors.len()).map(|columns| vec![0.0; columns]).collect();
    for start in (0..weights.len()).step_by(BLOCK) {
        let block = start..weights.len().min(start + BLOCK);
        let weights = &weights[block.clone()];
        let column = |factors: &Vec<Wide>| -> Vec<f64> {
            let factors = &factors[block.clone()];
            weights.iter().zip(factors).map(|(weight, factor)| weight.to_f64() * factor.to_f64()).collect()
        };
        let columns: Vec<Vec<f64>> = factors.iter().map(column).collect();
        for (row, column) in products.iter_mut().zip(&columns) {
            for (product, other) in row.iter_mut().zip(&columns) {
                *product += product_of(column, other);
            }
        }
    }
    products
}

/// The sum of the products of two columns of the same length: four sums that grow beside each other, so that neither an
/// optimised build waits for the last addition nor a debug build for a loop within the loop.
fn product_of(a: &[f64], b: &[f64]) -> f64 {
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
