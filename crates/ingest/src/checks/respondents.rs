//! Answers that are odd as a whole: two units that answer the same beyond chance, and a scale answered in a straight line.
//!
//! Neither proves anything, so both are warnings unless a country says otherwise.

use std::collections::BTreeMap;

use codebook::{BatteryKind, CheckKind, Kind, Origin, Severity};

use super::{Answers, Outcome, Told};
use crate::column::{Cell, Column};
use crate::tally::Tally;

/// A scale with fewer items is easily answered the same honestly.
const ITEMS_AT_LEAST: usize = 5;
/// How many pairs of units with the same answers chance may explain, at the most, for a pair to be told.
const EXPECTED_PAIRS_AT_MOST: f64 = 0.01;
/// The prime of the 64-bit FNV hash.
const HASH_PRIME: u64 = 0x0000_0100_0000_01b3;

impl Answers<'_> {
    /// Tells units that have the answers of another one, unless chance may explain it.
    ///
    /// Were answers to different questions unrelated, two units would have the same ones with the probability that is the product of the shares
    /// of each answer among those who gave one. Answers are related, so half of what they tell is taken for granted: the square root of
    /// that product, times the number of pairs of units, must be small.
    pub(super) fn check_repeated_answers(&self, outcome: &mut Outcome<'_>) {
        if !outcome.makes(CheckKind::RepeatedAnswers) {
            return;
        }
        let questions = self.questions();
        let alike = self.alike(&questions);
        let shares: Vec<Vec<f64>> =
            if alike.is_empty() { Vec::new() } else { questions.iter().copied().map(shares_of_answers).collect() };
        let pairs = pairs(self.units());
        let beyond_chance = |units: &Vec<usize>| {
            let answers = questions.iter().zip(&shares);
            let share = |(column, shares): (&&Column, &Vec<f64>)| Some(shares[column.cells.at(units[0]).get().ok()?]);
            let chance: f64 = answers.filter_map(share).product();
            // Squared on both sides, which spares the square root.
            chance * pairs * pairs < EXPECTED_PAIRS_AT_MOST * EXPECTED_PAIRS_AT_MOST
        };
        let alike = alike.into_iter().filter(beyond_chance);
        let rows = |units: Vec<usize>| {
            let mut rows: Vec<u64> = units.into_iter().map(|unit| self.answers.row_number(unit)).collect();
            rows.sort_unstable();
            rows
        };
        let mut groups: Vec<Vec<u64>> = alike.map(rows).collect();
        groups.sort();
        let told = Told {
            kind: CheckKind::RepeatedAnswers,
            code: "repeated-answers",
            statement: "the same answers to all questions, more than chance explains, in",
            hint: "has one respondent answered twice, or was a row copied?",
        };
        outcome.record_groups(&told, None, &groups, (&self.answers.data.path, &self.wave.answers.unit));
    }

    /// The typed answers to every question that this wave asked, free text left out.
    fn questions(&self) -> Vec<&Column> {
        let asked = self.country.codebook.variables.iter().filter(|variable| {
            variable.origin == Origin::Answer
                && variable.kind != Kind::Text
                && self.wave.columns.contains_key(&variable.name)
        });
        asked.filter_map(|variable| self.columns.get(&variable.name)).collect()
    }

    /// Groups of two or more units that have the same cell in each of these columns.
    fn alike(&self, columns: &[&Column]) -> Vec<Vec<usize>> {
        let mut hashes = vec![0_u64; self.units()];
        for column in columns {
            let mut hashes = hashes.iter_mut();
            column.cells.iter().for_each(|cell| {
                if let Some(hash) = hashes.next() {
                    *hash = (hash.rotate_left(5) ^ u64::from(cell.bits())).wrapping_mul(HASH_PRIME);
                }
            });
        }
        let mut order: Vec<(u64, usize)> = hashes.into_iter().zip(0..).collect();
        order.sort_unstable();
        let mut groups = Vec::new();
        for same_hash in order.chunk_by(|left, right| left.0 == right.0).filter(|units| units.len() > 1) {
            // Different answers may share a hash, so the answers themselves decide.
            let mut units_of: BTreeMap<Vec<Cell>, Vec<usize>> = BTreeMap::new();
            for (_, unit) in same_hash {
                let cells = columns.iter().map(|column| column.cells.at(*unit)).collect();
                units_of.entry(cells).or_default().push(*unit);
            }
            groups.extend(units_of.into_values().filter(|units| units.len() > 1));
        }
        groups
    }

    /// Tells units that gave every item of a scale the same answer.
    pub(super) fn check_straight_lining(&self, outcome: &mut Outcome<'_>) {
        for battery in &self.country.codebook.batteries {
            let items: Vec<_> = battery.items.iter().filter(|item| self.wave.columns.contains_key(*item)).collect();
            let columns: Vec<&Column> = items.iter().filter_map(|item| self.columns.get(*item)).collect();
            let is_scale = match battery.kind {
                BatteryKind::Scale => true,
                BatteryKind::Multiple { .. } => false,
            };
            let (Some(first), true) = (items.first(), is_scale && columns.len() >= ITEMS_AT_LEAST) else { continue };
            let mut tally = Tally::new(
                Severity::Warning,
                "straight-lining",
                format!("the same answer to all {} items of {:?}", columns.len(), battery.name.as_str()),
            )
            .hint("an answer without thought looks like this, and so does an honest one now and then");
            for unit in 0..self.units() {
                let answer = columns[0].cells.at(unit);
                // The items have one list of codes, so the same answer has the same number.
                if answer.get().is_ok() && columns.iter().all(|column| column.cells.at(unit) == answer) {
                    tally.add(self.answers.row_number(unit));
                }
            }
            let (source, name) = self.place_of(first);
            outcome.record(CheckKind::StraightLining, None, tally, (&source.data.path, name));
        }
    }
}

/// The share of each value of a column, by its number, among the answers that were given.
fn shares_of_answers(column: &Column) -> Vec<f64> {
    let mut counts = vec![0_usize; column.values.len()];
    column.cells.iter().filter_map(|cell| cell.get().ok()).for_each(|number| counts[number] += 1);
    let given = as_f64(counts.iter().sum());
    counts.into_iter().map(|same| as_f64(same) / given).collect()
}

/// The number of pairs of units.
fn pairs(units: usize) -> f64 {
    as_f64(units) * as_f64(units.saturating_sub(1)) / 2.0
}

/// A number of units.
fn as_f64(units: usize) -> f64 {
    f64::from(u32::try_from(units).expect("a file has at most the two billion rows that reading allows"))
}
