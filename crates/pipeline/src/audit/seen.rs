//! What is read beside the cells: numbers that a file tells of a hidden cell, or that no cell tells.

use std::collections::{BTreeMap, BTreeSet};

use disclose::{Statement, Told};

use super::Disclosure;
use super::cells::{CellLine, Printed, share_told};

/// What the readers of pages and drawings find.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) disclosures: Vec<Disclosure>,
    /// The same for the attack, where it can use it, by wave.
    pub(super) statements: BTreeMap<String, Vec<Statement>>,
    told: BTreeSet<(String, String, String)>,
}

impl Seen {
    /// A number that stands somewhere and is that of a hidden cell. Tells whether it is new.
    pub(super) fn tells(&mut self, cell: &CellLine, number: &str, value: Printed, place: &str) -> bool {
        if !self.told.insert((cell.name(), number.to_owned(), place.to_owned())) {
            return false;
        }
        let told = match number {
            "n" => whole(value.value).map(Told::Answers),
            "estimate" if cell.is_share() => Some(share_told(value)),
            _ => None,
        };
        let spot = || cell.spot.clone();
        let of_wave = self.statements.entry(cell.wave.clone()).or_default();
        of_wave.extend(told.map(|told| Statement { spot: spot(), told, place: place.to_owned() }));
        let (least, most) = if number == "n" { (value.value, value.value) } else { value.limits() };
        self.disclosures.push(Disclosure {
            cell: cell.name(),
            number: number.to_owned(),
            least: in_digits(least),
            most: in_digits(most),
            asked: None,
            arithmetic: vec![format!("it is hidden, and {number} {} is told there", in_digits(value.value))],
            places: if place == cell.file { vec![place.to_owned()] } else { vec![place.to_owned(), cell.file.clone()] },
        });
        true
    }

    /// Says more of the last number that was found.
    pub(super) fn explain_last(&mut self, why: String) {
        if let Some(last) = self.disclosures.last_mut() {
            last.arithmetic.push(why);
        }
    }

    /// A number that no cell shows.
    pub(super) fn is_loose(&mut self, of: String, number: &str, value: Printed, why: String, places: &[String]) {
        if !self.told.insert((of.clone(), format!("{number} {}", value.value), places.join(" "))) {
            return;
        }
        let (least, most) = if number == "n" { (value.value, value.value) } else { value.limits() };
        self.disclosures.push(Disclosure {
            cell: of,
            number: number.to_owned(),
            least: in_digits(least),
            most: in_digits(most),
            asked: None,
            arithmetic: vec![why],
            places: places.to_vec(),
        });
    }
}

impl Seen {
    /// Adds what was seen elsewhere. A number that both tell of the same place stands there once.
    pub(super) fn extend(&mut self, other: Self) {
        let is_told = |it: &Disclosure| {
            let place = it.places.first().cloned().unwrap_or_default();
            self.told.contains(&(it.cell.clone(), it.number.clone(), place))
        };
        let new: Vec<Disclosure> = other.disclosures.into_iter().filter(|it| !is_told(it)).collect();
        self.disclosures.extend(new);
        for (wave, statements) in other.statements {
            self.statements.entry(wave).or_default().extend(statements);
        }
        self.told.extend(other.told);
    }

    /// A file that cannot be read, so that nobody can say what it tells.
    pub(super) fn is_unread(&mut self, path: &str, why: &str) {
        self.disclosures.push(Disclosure {
            cell: "any".to_owned(),
            number: "anything".to_owned(),
            least: String::new(),
            most: String::new(),
            asked: None,
            arithmetic: vec![format!("the file cannot be read, so nobody can say what it tells: {why}")],
            places: vec![path.to_owned()],
        });
    }
}

impl Printed {
    /// A number of which no more is known than that it is printed so, with this half unit.
    pub(super) fn of(value: f64, half: f64) -> Self {
        Self { value, half }
    }

    pub(super) fn limits(self) -> (f64, f64) {
        (self.value - self.half, self.value + self.half)
    }
}

/// Two decimals at most, and none where there are none.
pub(super) fn in_digits(number: f64) -> String {
    let text = format!("{:.3}", number + 0.0);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A number of answers, if it is one.
pub(super) fn whole(number: f64) -> Option<u64> {
    in_digits(number).parse().ok()
}
