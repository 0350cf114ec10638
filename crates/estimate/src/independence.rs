//! Whether the rows and columns of a table have anything to do with each other: the test of Rao and Scott (1981, 1984).
//!
//! Pearson's X2 compares the weighted shares of the cells, scaled to n answers, with those that the margins alone would give.
//! It would be chi-square in a simple random sample. In a survey it is a weighted sum of chi-squares, the weights being the
//! generalised design effects: the eigenvalues of
//!
//!   Delta = (C' D^-1 C / n)^-1 (C' D^-1 V D^-1 C),
//!
//! with D the diagonal matrix of the cell shares p, V the design's covariance matrix of p, and C a basis of the interactions
//! (statistics section 4; R's `svychisq`). Only the traces of Delta and of its square are needed, and they do not depend on
//! which basis is taken. Here it is the plainest one, +1 -1 -1 +1 on the four corners between a cell and the last row and column.
//! C' D^-1 p is then what the logarithms of the odds ratios are linearised to, so Delta compares their covariance in the design with
//! that in a simple random sample.

use std::collections::BTreeSet;

use codebook::Measure;

use crate::distribution::chi_square_upper_tail;
use crate::linearise::{Linearised, Statistic, Total, Values};
use crate::solve::{Matrix, inverse, product, trace, trace_of_square};
use crate::variance::{degrees_of_freedom, variance};
use crate::{Degrees, DesignTable, NotTestable, Sums, TestOutcome, Wide};

/// One cell of a table of two variables.
#[derive(Debug, Clone, PartialEq)]
pub struct TableCell {
    /// Number of the row, from 0.
    pub row: usize,
    /// Number of the column, from 0.
    pub column: usize,
    /// Sums over the units of the cell, with y = 1 and x = 1 for each of them. No unit is in two cells.
    pub sums: Sums,
}

/// How the design enters the test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RaoScott {
    /// By the mean design effect: the statistic is Pearson's X2, as R prints it, and p that of X2 over the mean design effect on
    /// (r-1)(c-1) degrees of freedom. R's `statistic = "Chisq"`.
    First,
    /// By the mean design effect and by how much design effects vary: F = X2 / tr Delta on d0 and d0 df degrees of freedom, with
    /// d0 = (tr Delta)^2 / tr Delta^2 and df that of the design. R's `statistic = "F"`, its default, and what is published.
    Second,
}

/// Tests whether rows and columns are independent. Cells that nobody is in may be left out.
///
/// Rows and columns that nobody is in are dropped. (R drops categories that no row of its data has, and gives NaN for levels
/// of a factor without any.) Empty cells elsewhere count as R counts them: the share is 0 and takes no part in Delta.
///
/// # Errors
/// When fewer than two rows or columns hold anybody, cells are so sparse that they do not connect rows and columns, the design
/// tells no variance of the table, or it leaves no degree of freedom.
///
/// # Panics
/// When a cell lies outside the table or is given twice, and where the variance of such sums would: bugs.
pub fn independence(
    cells: &[TableCell],
    rows: usize,
    columns: usize,
    design: &DesignTable,
    order: RaoScott,
    degrees: Degrees,
) -> Result<TestOutcome, NotTestable> {
    let table = Crosstab::new(cells, rows, columns, design)?;
    let untold = |reason: NotTestable| if table.is_complete() { NotTestable::Complete } else { reason };
    let effects = table.design_effects(design).map_err(untold)?;
    let df = table.degrees_of_freedom(design, degrees);
    let sum = trace(&effects).to_f64();
    let sum_of_squares = trace_of_square(&effects).to_f64();
    // Replicates that leave the whole table out have no shares; the sum is then not a number.
    if sum.is_nan() || sum <= 0.0 {
        return Err(untold(NotTestable::NoVariance));
    }
    if df <= 0.0 {
        return Err(NotTestable::NoDegreesOfFreedom);
    }
    let pearson = table.pearson().to_f64();
    let tested = f64::from(u32::try_from(effects.len()).expect("few cells"));
    Ok(match order {
        RaoScott::First => {
            let p = chi_square_upper_tail(pearson / (sum / tested), tested);
            TestOutcome { statistic: pearson, df1: tested, df2: None, p }
        }
        RaoScott::Second => {
            let df1 = sum * sum / sum_of_squares;
            TestOutcome::of_f(pearson / sum, df1, df1 * df)
        }
    })
}

/// A table without empty rows and columns.
struct Crosstab {
    rows: usize,
    columns: usize,
    /// Row by row: the total of each cell; `None` for an empty one.
    totals: Vec<Option<Statistic>>,
    /// Row by row: the share of each cell.
    shares: Vec<Wide>,
    /// The weights of all.
    weight: Wide,
    /// Unweighted units.
    n: u64,
}

impl Crosstab {
    fn new(cells: &[TableCell], rows: usize, columns: usize, design: &DesignTable) -> Result<Self, NotTestable> {
        let mut grid: Vec<Option<Option<Statistic>>> = vec![None; rows * columns];
        for cell in cells {
            assert!(cell.row < rows && cell.column < columns, "cell {} {} is in the table", cell.row, cell.column);
            let place = &mut grid[cell.row * columns + cell.column];
            assert!(place.is_none(), "cell {} {} is given once", cell.row, cell.column);
            *place = Some(Statistic::new(Measure::Total, &cell.sums, design));
        }
        let grid: Vec<Option<Statistic>> = grid.into_iter().map(Option::flatten).collect();
        let holds = |row: usize, column: usize| grid[row * columns + column].is_some();
        let held_rows: Vec<usize> = (0..rows).filter(|row| (0..columns).any(|column| holds(*row, column))).collect();
        let held_columns: Vec<usize> = (0..columns).filter(|column| (0..rows).any(|row| holds(row, *column))).collect();
        match (held_rows.len(), held_columns.len()) {
            (0, _) | (_, 0) => return Err(NotTestable::Empty),
            (1, _) | (_, 1) => return Err(NotTestable::OneCategory),
            (_, _) => {}
        }
        let places = held_rows.iter().flat_map(|row| held_columns.iter().map(move |column| row * columns + column));
        let totals: Vec<Option<Statistic>> = places.map(|place| grid[place].clone()).collect();
        let weight: Wide = totals.iter().flatten().map(|total| total.value).sum();
        let share = |total: &Option<Statistic>| total.as_ref().map_or(Wide::ZERO, |total| total.value / weight);
        Ok(Self {
            rows: held_rows.len(),
            columns: held_columns.len(),
            shares: totals.iter().map(share).collect(),
            weight,
            n: totals.iter().flatten().map(|total| total.totals.n).sum(),
            totals,
        })
    }

    /// Whether the row of a unit tells its column, or its column the row.
    fn is_complete(&self) -> bool {
        let holds = |row: usize, column: usize| self.totals[row * self.columns + column].is_some();
        let of_row = |row: usize| (0..self.columns).filter(|column| holds(row, *column)).count();
        let of_column = |column: usize| (0..self.rows).filter(|row| holds(*row, column)).count();
        (0..self.rows).all(|row| of_row(row) == 1) || (0..self.columns).all(|column| of_column(column) == 1)
    }

    /// X2 = n sum (p - e)^2 / e, with e the product of the margins.
    fn pearson(&self) -> Wide {
        let share = |row: usize, column: usize| self.shares[row * self.columns + column];
        let of_row = |row| (0..self.columns).map(|column| share(row, column)).sum::<Wide>();
        let of_column = |column| (0..self.rows).map(|row| share(row, column)).sum::<Wide>();
        let mut distance = Wide::ZERO;
        for row in 0..self.rows {
            for column in 0..self.columns {
                let expected = of_row(row) * of_column(column);
                distance += (share(row, column) - expected).square() / expected;
            }
        }
        Wide::from_count(self.n) * distance
    }

    /// Delta: the generalised design effects are its eigenvalues.
    fn design_effects(&self, design: &DesignTable) -> Result<Matrix, NotTestable> {
        let interactions = self.interactions();
        let simple = |a: &Vec<Wide>, b: &Vec<Wide>| -> Wide {
            let terms = a.iter().zip(b).zip(&self.shares).filter(|(_, share)| !share.is_zero());
            terms.map(|((a, b), share)| *a * *b / *share).sum::<Wide>() / Wide::from_count(self.n)
        };
        let in_a_simple_sample: Matrix =
            interactions.iter().map(|a| interactions.iter().map(|b| simple(a, b)).collect()).collect();
        let denominator = inverse(&in_a_simple_sample).ok_or(NotTestable::TooSparse)?;

        let numerator = self.covariance(&interactions, design).ok_or(NotTestable::NoVariance)?;
        Ok(product(&denominator, &numerator))
    }

    /// C: for each cell but those of the last row and column, the corners of the rectangle between it and the last cell.
    fn interactions(&self) -> Vec<Vec<Wide>> {
        let (last_row, last_column) = (self.rows - 1, self.columns - 1);
        let corners = |row: usize, column: usize| {
            let mut interaction = vec![Wide::ZERO; self.shares.len()];
            interaction[row * self.columns + column] = Wide::ONE;
            interaction[row * self.columns + last_column] = -Wide::ONE;
            interaction[last_row * self.columns + column] = -Wide::ONE;
            interaction[last_row * self.columns + last_column] = Wide::ONE;
            interaction
        };
        (0..last_row).flat_map(|row| (0..last_column).map(move |column| corners(row, column))).collect()
    }

    /// The covariance matrix of C' D^-1 p, by 2 cov(a, b) = V(a + b) - V(a) - V(b), so that any variance that the design knows will
    /// do. Its 106 bits bear the subtraction.
    fn covariance(&self, interactions: &[Vec<Wide>], design: &DesignTable) -> Option<Matrix> {
        let strata = self.strata();
        let of = |interaction: &[Wide]| {
            variance(&Linearised { strata: strata.clone(), ..self.linearised(interaction) }, design)
        };
        let variances: Vec<Wide> = interactions.iter().map(|interaction| of(interaction)).collect::<Option<_>>()?;
        let mut matrix = vec![vec![Wide::ZERO; interactions.len()]; interactions.len()];
        for (row, (a, variance_of_a)) in interactions.iter().zip(&variances).enumerate() {
            matrix[row][row] = *variance_of_a;
            for (column, (b, variance_of_b)) in interactions.iter().zip(&variances).enumerate().take(row) {
                let both: Vec<Wide> = a.iter().zip(b).map(|(a, b)| *a + *b).collect();
                let covariance = (of(&both)? - *variance_of_a - *variance_of_b) / Wide::from_count(2);
                matrix[row][column] = covariance;
                matrix[column][row] = covariance;
            }
        }
        Some(matrix)
    }

    /// The strata that hold the table: those of all of its cells, since they are of one domain.
    fn strata(&self) -> BTreeSet<usize> {
        self.totals.iter().flatten().flat_map(|total| total.values.strata.iter().copied()).collect()
    }

    /// C' D^-1 p for one interaction, linearised: sum_k a_k p_k with a_k = C_k / p_k, 0 for empty cells, has z = sum_k (a_k - a'p) (w in
    /// cell k) / (sum of w). Cells are disjoint, so this is made from their totals by any road. A replicate has its own sum of w, and
    /// its shares are not linearised.
    fn linearised(&self, interaction: &[Wide]) -> Linearised {
        let held = interaction.iter().zip(&self.shares).filter(|(_, share)| !share.is_zero());
        // a_k p_k is C_k, whole numbers whose sum has no rounding. It is 0 unless a corner is empty, and z is then made of the corners only.
        let centre: Wide = held.map(|(corner, _)| *corner).sum();
        let centred = |(corner, share): (&Wide, &Wide)| {
            let coefficient = if share.is_zero() { Wide::ZERO } else { *corner / *share };
            coefficient - centre
        };
        let coefficients: Vec<Wide> = interaction.iter().zip(&self.shares).map(centred).collect();
        let mut combination = self.combination(&coefficients);
        match &mut combination.values {
            Values::Strata(_) | Values::Clusters(_) => combination.times(Wide::ONE / self.weight),
            Values::Replicates(values) => {
                let all = self.combination(&vec![Wide::ONE; coefficients.len()]);
                let Values::Replicates(changes) = all.values else { unreachable!("all cells take the same road") };
                for (value, change) in values.iter_mut().zip(changes) {
                    let share = |(value, change): (Total, Total)| value.times(Wide::ONE / (self.weight + change.z));
                    *value = value.zip(change).map(share);
                }
                combination
            }
        }
    }

    /// sum_k c_k (w in cell k), with the strata of the cells that have a part in it.
    fn combination(&self, coefficients: &[Wide]) -> Linearised {
        let cells = self.totals.iter().zip(coefficients);
        let mut terms = cells.filter_map(|(total, c)| total.as_ref().map(|total| (&total.values, *c)));
        let (first, c) = terms.next().expect("a table that is tested holds somebody");
        let others = terms.filter(|(_, c)| !c.is_zero());
        others.fold(first.times(c), |sum, (values, c)| sum.plus(c, values))
    }

    fn degrees_of_freedom(&self, design: &DesignTable, degrees: Degrees) -> f64 {
        let held = self.combination(&vec![Wide::ONE; self.totals.len()]);
        degrees_of_freedom(&held, design, degrees)
    }
}
