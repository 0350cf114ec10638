//! Linear programs: how far a count can be moved without contradicting what is published.
//!
//! `microlp` solves them: pure Rust, Apache-2.0, no C++ tool chain as `highs` needs (which is faster, but would make every country build
//! CMake). It computes in doubles, so nothing here decides on the last digits: a range is rounded inwards to whole counts with a tolerance
//! far above the solver's, and a program that cannot be solved counts as one that leaves no room. Either errs towards hiding more.

use microlp::{ComparisonOp, OptimizationDirection, Problem};

/// Above the solver's own tolerance, far below one answer.
const TOLERANCE: f64 = 1e-5;

/// A count as a number of the program.
pub(crate) fn real(count: u64) -> f64 {
    estimate::Wide::from_count(count).to_f64()
}

/// A system of linear constraints over non-negative counts.
#[derive(Debug, Clone, Default)]
pub(crate) struct LinearSystem {
    bounds: Vec<(f64, f64)>,
    rows: Vec<Demand>,
}

/// The terms of a sum, its least and its most.
type Demand = (Vec<(usize, f64)>, f64, f64);

/// The least and the most whole number that a count can be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Range {
    pub(crate) least: f64,
    pub(crate) most: f64,
}

impl Range {
    /// Room for nothing: what an attacker knows exactly.
    pub(crate) const NONE: Self = Self { least: 0.0, most: 0.0 };

    /// Rounded to whole counts.
    pub(crate) fn inwards(least: f64, most: f64) -> Self {
        // Adding nothing makes a zero of a minus zero.
        Self { least: (least - TOLERANCE).ceil() + 0.0, most: (most + TOLERANCE).floor() + 0.0 }
    }

    pub(crate) fn width(self) -> f64 {
        (self.most - self.least).max(0.0)
    }
}

impl LinearSystem {
    /// A new unknown between two bounds.
    pub(crate) fn unknown(&mut self, low: f64, high: f64) -> usize {
        self.bounds.push((low, high));
        self.bounds.len() - 1
    }

    /// Demands that the sum lies between two bounds, of which one may be infinite.
    pub(crate) fn demand(&mut self, terms: Vec<(usize, f64)>, low: f64, high: f64) {
        self.rows.push((terms, low, high));
    }

    /// The least that an unknown can be by itself.
    pub(crate) fn least(&self, unknown: usize) -> f64 {
        self.bounds[unknown].0
    }

    /// Whether a value for each unknown is a solution.
    pub(crate) fn holds(&self, values: &[f64]) -> bool {
        let is_within =
            |value: f64, low: f64, high: f64| value >= low - TOLERANCE / 10.0 && value <= high + TOLERANCE / 10.0;
        let has_bounds = self.bounds.iter().zip(values).all(|(&(low, high), value)| is_within(*value, low, high));
        let sum =
            |terms: &[(usize, f64)]| -> f64 { terms.iter().map(|(unknown, factor)| factor * values[*unknown]).sum() };
        has_bounds && self.rows.iter().all(|(terms, low, high)| is_within(sum(terms), *low, *high))
    }

    /// How far one unknown can be moved; [`Range::NONE`] where there is no solution or none is found.
    pub(crate) fn range(&self, unknown: usize) -> Range {
        self.range_seen(unknown, &mut Vec::new())
    }

    /// The same, with every solution that was met on the way: each bounds the ranges of all other unknowns from within.
    pub(crate) fn range_seen(&self, unknown: usize, seen: &mut Vec<Vec<f64>>) -> Range {
        self.solved_range(unknown, seen).unwrap_or(Range::NONE)
    }

    /// The same; `None` where there is no solution or none is found.
    pub(crate) fn solved_range(&self, unknown: usize, seen: &mut Vec<Vec<f64>>) -> Option<Range> {
        if let Some(range) = self.range_in_a_sum(unknown) {
            return Some(range);
        }
        let least = self.optimum(unknown, OptimizationDirection::Minimize)?;
        let most = self.optimum(unknown, OptimizationDirection::Maximize)?;
        let range = Range::inwards(least[unknown], most[unknown]);
        seen.extend([least, most]);
        Some(range)
    }

    /// The same without a solver where all that is demanded is that the unknown and some others add up to a number.
    fn range_in_a_sum(&self, unknown: usize) -> Option<Range> {
        let with =
            |unknown: usize| self.rows.iter().filter(move |(terms, ..)| terms.iter().any(|(it, _)| *it == unknown));
        let mut rows = with(unknown);
        let (Some((terms, low, high)), None) = (rows.next(), rows.next()) else { return None };
        let is_plain = |(it, factor): &(usize, f64)| {
            let (least, most) = self.bounds[*it];
            (factor - 1.0).abs() < TOLERANCE && most + TOLERANCE >= high - least && with(*it).count() == 1
        };
        if (high - low).abs() > TOLERANCE || !terms.iter().all(is_plain) {
            return None;
        }
        let least = self.bounds[unknown].0;
        let others: f64 = terms.iter().filter(|(it, _)| *it != unknown).map(|(it, _)| self.bounds[*it].0).sum();
        let least = if terms.len() == 1 { *high } else { least };
        (least <= high - others + TOLERANCE)
            .then(|| Range { least: (least - TOLERANCE).ceil(), most: (high - others + TOLERANCE).floor() })
    }

    /// A solution at which the unknown is the least or the most that it can be.
    fn optimum(&self, unknown: usize, direction: OptimizationDirection) -> Option<Vec<f64>> {
        let mut problem = Problem::new(direction);
        let objective = |index| if index == unknown { 1.0 } else { 0.0 };
        let variables: Vec<_> = self
            .bounds
            .iter()
            .enumerate()
            .map(|(index, &(low, high))| problem.add_var(objective(index), (low, high.max(low))))
            .collect();
        if self.bounds.iter().any(|(low, high)| low > high) {
            return None;
        }
        for (terms, low, high) in &self.rows {
            let sum: Vec<_> = terms.iter().map(|&(index, factor)| (variables[index], factor)).collect();
            if low.is_finite() {
                problem.add_constraint(&sum, ComparisonOp::Ge, *low);
            }
            if high.is_finite() {
                problem.add_constraint(&sum, ComparisonOp::Le, *high);
            }
        }
        let solution = problem.solve().ok()?.into_solution().ok()?;
        Some(variables.into_iter().map(|variable| solution.var_value(variable)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_hidden_count_in_a_margin_is_known_and_two_are_not() {
        let mut system = LinearSystem::default();
        let one = system.unknown(0.0, f64::INFINITY);
        system.demand(vec![(one, 1.0)], 3.0, 3.0);
        assert_eq!(system.range(one), Range { least: 3.0, most: 3.0 });
        let mut system = LinearSystem::default();
        let (one, other) = (system.unknown(1.0, 12.0), system.unknown(2.0, 12.0));
        system.demand(vec![(one, 1.0), (other, 1.0)], 12.0, 12.0);
        assert_eq!(system.range_in_a_sum(one), Some(Range { least: 1.0, most: 10.0 }));
        let by_solver = |direction| system.optimum(one, direction).unwrap()[one];
        let (least, most) = (by_solver(OptimizationDirection::Minimize), by_solver(OptimizationDirection::Maximize));
        assert_eq!(Range::inwards(least, most), Range { least: 1.0, most: 10.0 }, "as the solver has it");
        let mut system = LinearSystem::default();
        let (one, other) = (system.unknown(1.0, f64::INFINITY), system.unknown(0.0, 4.5));
        system.demand(vec![(one, 1.0), (other, 1.0)], 12.0, 12.0);
        assert_eq!(system.range(one), Range { least: 8.0, most: 12.0 }, "7.5 is no count");
    }

    #[test]
    fn what_has_no_solution_leaves_no_room() {
        let mut system = LinearSystem::default();
        let one = system.unknown(0.0, 2.0);
        system.demand(vec![(one, 1.0)], 3.0, 4.0);
        assert_eq!(system.range(one), Range::NONE);
        let mut system = LinearSystem::default();
        let one = system.unknown(2.0, 1.0);
        assert_eq!(system.range(one), Range::NONE);
    }
}
