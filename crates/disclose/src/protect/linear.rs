//! Linear programs: how far a count can be moved without contradicting what is published.
//!
//! `microlp` solves them: pure Rust, Apache-2.0, no C++ tool chain as `highs` needs (which is faster, but would make every country build
//! CMake). It computes in doubles, so nothing here decides on the last digits: a range is rounded inwards to whole counts with a tolerance
//! far above the solver's, and a program that cannot be solved counts as one that leaves no room. Either errs towards hiding more.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

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
    /// The rows with each unknown, once they are asked for.
    rows_of: OnceCell<Vec<Vec<usize>>>,
    /// The bounds that the demands leave, once they are asked for.
    propagated: OnceCell<Bounds>,
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
        self.rows_of = OnceCell::new();
        self.propagated = OnceCell::new();
        self.bounds.push((low, high));
        self.bounds.len() - 1
    }

    /// Demands that the sum lies between two bounds, of which one may be infinite.
    pub(crate) fn demand(&mut self, terms: Vec<(usize, f64)>, low: f64, high: f64) {
        self.rows_of = OnceCell::new();
        self.propagated = OnceCell::new();
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
        self.solved_range(unknown, f64::INFINITY, &mut Met::default()).unwrap_or(Range::NONE)
    }

    /// The same, or at least so far as is asked; `None` where there is no solution or none is found. Every solution that is met on the way
    /// bounds the ranges of all other unknowns from within.
    pub(crate) fn solved_range(&self, unknown: usize, asked: f64, met: &mut Met) -> Option<Range> {
        if let Some(range) = self.range_in_a_sum(unknown) {
            return Some(range);
        }
        self.moved(unknown, asked, self.propagated(), met)?;
        met.range(unknown)
    }

    /// Meets solutions that move an unknown as far as bounds and demands allow, or as far as is asked; `None` where there is none or none is found.
    pub(crate) fn moved(&self, unknown: usize, asked: f64, bounds: &Bounds, met: &mut Met) -> Option<()> {
        let part = self.part(unknown, bounds)?;
        for direction in [OptimizationDirection::Maximize, OptimizationDirection::Minimize] {
            met.add(part.optimum(unknown, direction)?);
            if met.range(unknown).is_some_and(|range| range.width() >= asked) {
                break;
            }
        }
        Some(())
    }

    /// The bounds of every unknown, each demand carried from one to the next until they stay, or long enough.
    pub(crate) fn propagated(&self) -> &Bounds {
        const ROUNDS: usize = 8;
        self.propagated.get_or_init(|| {
            let mut bounds = Bounds(self.bounds.clone());
            for _ in 0..ROUNDS {
                let mut is_changed = false;
                for demand in &self.rows {
                    is_changed |= bounds.tighten(demand);
                }
                if !is_changed {
                    break;
                }
            }
            bounds
        })
    }

    /// The same without a solver where all that is demanded is that the unknown and some others add up to a number.
    fn range_in_a_sum(&self, unknown: usize) -> Option<Range> {
        let rows_of = self.rows_of();
        let [row] = rows_of[unknown].as_slice() else { return None };
        let (terms, low, high) = &self.rows[*row];
        let is_plain = |(it, factor): &(usize, f64)| {
            let (least, most) = self.bounds[*it];
            (factor - 1.0).abs() < TOLERANCE && most + TOLERANCE >= high - least && rows_of[*it].len() == 1
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

    /// The demands on each unknown.
    fn rows_of(&self) -> &[Vec<usize>] {
        self.rows_of.get_or_init(|| {
            let mut rows_of = vec![Vec::new(); self.bounds.len()];
            for (row, (terms, ..)) in self.rows.iter().enumerate() {
                terms.iter().for_each(|(unknown, _)| rows_of[*unknown].push(row));
            }
            rows_of
        })
    }

    /// What an unknown is linked to by demands that the bounds do not fulfil by themselves; `None` where some bound contradicts another.
    fn part(&self, unknown: usize, bounds: &Bounds) -> Option<Part> {
        let rows_of = self.rows_of();
        let (mut part, mut waiting) = (Part::default(), vec![unknown]);
        let mut done = BTreeSet::new();
        part.take(unknown, bounds)?;
        while let Some(unknown) = waiting.pop() {
            for row in rows_of[unknown].iter().copied().filter(|row| !bounds.fulfil(&self.rows[*row])) {
                if !done.insert(row) {
                    continue;
                }
                let (terms, mut low, mut high) = self.rows[row].clone();
                let mut left = Vec::new();
                for (it, factor) in terms {
                    let (least, most) = bounds.0[it];
                    if it != unknown && most - least < TOLERANCE / 100.0 {
                        low -= factor * least;
                        high -= factor * least;
                    } else {
                        if part.take(it, bounds)? {
                            waiting.push(it);
                        }
                        left.push((it, factor));
                    }
                }
                part.rows.push((left, low, high));
            }
        }
        Some(part)
    }
}

/// Where each unknown of a system can be, as far as its bounds and single demands tell.
#[derive(Debug, Clone)]
pub(crate) struct Bounds(Vec<(f64, f64)>);

impl Bounds {
    /// How far apart the bounds of an unknown are.
    pub(crate) fn range(&self, unknown: usize) -> Range {
        Range::inwards(self.0[unknown].0, self.0[unknown].1)
    }

    /// The same, with some unknowns held at a value.
    pub(crate) fn held(&self, values: &[f64], are_held: &[bool]) -> Self {
        let held = self.0.iter().zip(values.iter().zip(are_held));
        Self(held.map(|(bounds, (value, is_held))| if *is_held { (*value, *value) } else { *bounds }).collect())
    }

    /// The least and the most that a sum can be.
    fn sum(&self, terms: &[(usize, f64)]) -> (f64, f64) {
        terms.iter().fold((0.0, 0.0), |(low, high), (unknown, factor)| {
            let (least, most) = self.times(*unknown, *factor);
            (low + least, high + most)
        })
    }

    fn times(&self, unknown: usize, factor: f64) -> (f64, f64) {
        let (least, most) = self.0[unknown];
        if factor < 0.0 { (factor * most, factor * least) } else { (factor * least, factor * most) }
    }

    /// Whether a demand follows from the bounds.
    fn fulfil(&self, (terms, low, high): &Demand) -> bool {
        let (least, most) = self.sum(terms);
        least >= low - TOLERANCE / 100.0 && most <= high + TOLERANCE / 100.0
    }

    /// What a demand and the bounds of all others leave for each of its unknowns. Tells whether that is less than before.
    fn tighten(&mut self, (terms, low, high): &Demand) -> bool {
        let mut is_changed = false;
        for (unknown, factor) in terms {
            let others = terms.iter().filter(|(it, _)| it != unknown);
            let (others_least, others_most) = others.fold((0.0, 0.0), |(low, high), (it, factor)| {
                let (least, most) = self.times(*it, *factor);
                (low + least, high + most)
            });
            let (one, other) = ((low - others_most) / factor, (high - others_least) / factor);
            let (from, to) = if *factor < 0.0 { (other, one) } else { (one, other) };
            let bounds = &mut self.0[*unknown];
            // Without an end of the others there is none here.
            if from.is_finite() && from > bounds.0 + TOLERANCE {
                bounds.0 = from;
                is_changed = true;
            }
            if to.is_finite() && to < bounds.1 - TOLERANCE {
                bounds.1 = to;
                is_changed = true;
            }
        }
        is_changed
    }
}

/// The least and the most of each unknown among the solutions that were met.
#[derive(Debug, Clone, Default)]
pub(crate) struct Met(BTreeMap<usize, (f64, f64)>);

impl Met {
    /// Takes in a solution, or a part of one that nothing links to the rest.
    pub(crate) fn add(&mut self, values: impl IntoIterator<Item = (usize, f64)>) {
        for (unknown, value) in values {
            let (least, most) = self.0.entry(unknown).or_insert((value, value));
            *least = least.min(value);
            *most = most.max(value);
        }
    }

    /// How far they move an unknown; `None` where there is none.
    pub(crate) fn range(&self, unknown: usize) -> Option<Range> {
        let (least, most) = self.0.get(&unknown)?;
        Some(Range::inwards(*least, *most)).filter(|range| range.least <= range.most)
    }
}

/// Unknowns that demands link to each other.
#[derive(Debug, Default)]
struct Part {
    bounds: BTreeMap<usize, (f64, f64)>,
    rows: Vec<Demand>,
}

impl Part {
    /// Takes an unknown in and tells whether it is new; `None` where its bounds contradict each other.
    fn take(&mut self, unknown: usize, bounds: &Bounds) -> Option<bool> {
        let (low, high) = bounds.0[unknown];
        (low <= high + TOLERANCE).then(|| self.bounds.insert(unknown, (low, high.max(low))).is_none())
    }

    /// A solution at which the unknown is the least or the most that it can be.
    fn optimum(&self, unknown: usize, direction: OptimizationDirection) -> Option<Vec<(usize, f64)>> {
        let mut problem = Problem::new(direction);
        let objective = |index| if index == unknown { 1.0 } else { 0.0 };
        let variables: BTreeMap<usize, _> =
            self.bounds.iter().map(|(index, bounds)| (*index, problem.add_var(objective(*index), *bounds))).collect();
        for (terms, low, high) in &self.rows {
            let sum: Vec<_> = terms.iter().map(|(index, factor)| (variables[index], *factor)).collect();
            if (high - low).abs() < TOLERANCE / 100.0 {
                problem.add_constraint(&sum, ComparisonOp::Eq, *low);
                continue;
            }
            if low.is_finite() {
                problem.add_constraint(&sum, ComparisonOp::Ge, *low);
            }
            if high.is_finite() {
                problem.add_constraint(&sum, ComparisonOp::Le, *high);
            }
        }
        let solution = problem.solve().ok()?.into_solution().ok()?;
        Some(variables.into_iter().map(|(index, variable)| (index, solution.var_value(variable))).collect())
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
        let mut met = Met::default();
        system.moved(one, f64::INFINITY, &Bounds(system.bounds.clone()), &mut met).unwrap();
        assert_eq!(met.range(one), Some(Range { least: 1.0, most: 10.0 }), "as the solver has it");
        assert_eq!(system.propagated().range(one), Range { least: 1.0, most: 10.0 }, "as the bounds have it");
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
