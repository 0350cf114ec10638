//! An earlier edition, joined to a later one.
//!
//! Two editions of one wave count the same people, unless answers came in between. Where they agree wherever both show a number, what the earlier one
//! tells is told, and joins the system. Where they do not, they count other people: each is attacked by itself, and a cell that has grown or shrunk by
//! a few answers tells those few.

use std::collections::BTreeMap;

use disclose::{Spot, Statement, Told};

use super::Disclosure;
use super::cells::{CellLine, Cells, Printed, Status};
use super::seen::in_digits;
use crate::released::{FigureName, Released};

/// How two editions belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kinship {
    /// The same people.
    SamePeople,
    /// The same wave, with other answers.
    OtherAnswers,
    /// Another wave: nobody is known to be in both.
    OtherWave,
}

/// A number that an edition hides and earlier ones tell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct KnownBefore {
    /// What is known, and how.
    pub(crate) disclosure: Disclosure,
    /// The cells whose number it is, each under both of the names that its row may have. Empty where it is the number of no cell.
    pub(crate) cells: Vec<FigureName>,
    pub(super) spot: Option<Spot>,
}

impl KnownBefore {
    /// A number of answers that came or went.
    pub(super) fn of_nobody(disclosure: Disclosure) -> Self {
        Self { disclosure, cells: Vec::new(), spot: None }
    }
}

/// The names of a cell: its row is named after its answer, or after the question alone where the table tells which answers count.
pub(super) fn names(cell: &CellLine) -> [FigureName; 2] {
    [format!("{}:{}", cell.item, cell.category), cell.item.clone()].map(|row| FigureName {
        wave: None,
        table: cell.table.clone(),
        row,
        group: cell.spot.group.clone(),
    })
}

/// Cells that are confidential now, and that an earlier edition showed.
pub(super) fn shown_before(now: &Cells, before: &Cells, edition: &Released) -> Vec<KnownBefore> {
    let key = |cell: &CellLine| (cell.table.clone(), cell.item.clone(), cell.category.clone(), cell.spot.group.clone());
    let shown: BTreeMap<_, &CellLine> =
        before.once().filter(|cell| cell.status == Status::Shown).map(|cell| (key(cell), cell)).collect();
    let hidden = now.once().filter(|cell| cell.is_hidden());
    let pair = |cell| {
        let before = *shown.get(&key(cell))?;
        Some((cell, before, before.numbers[0]?))
    };
    let pairs = hidden.filter_map(pair);
    let known = |(cell, before, estimate): (&CellLine, &CellLine, Printed)| {
        let (least, most) = estimate.limits();
        let disclosure = Disclosure {
            cell: cell.name(),
            number: "estimate".to_owned(),
            least: in_digits(least),
            most: in_digits(most),
            asked: None,
            arithmetic: vec![format!(
                "edition {} shows {}, and this one hides it as confidential",
                edition.manifest.edition(),
                in_digits(estimate.value)
            )],
            places: vec![format!("{}/{}", edition.folder.display(), before.file), cell.file.clone()],
        };
        KnownBefore { disclosure, cells: names(cell).to_vec(), spot: Some(cell.spot.clone()) }
    };
    pairs.map(known).collect()
}

/// What an earlier edition tells that a later one does not tell itself. A number that was corrected is about what is not so.
pub(super) fn not_corrected(earlier: Vec<Statement>, later: &[Statement]) -> Vec<Statement> {
    let kind = |statement: &Statement| std::mem::discriminant(&statement.told);
    let is_told_anew = |it: &Statement| later.iter().any(|now| now.spot == it.spot && kind(now) == kind(it));
    earlier.into_iter().filter(|statement| !is_told_anew(statement)).collect()
}

/// What both editions tell of n, by spot.
fn both<'s>(earlier: &'s [Statement], later: &'s [Statement]) -> Vec<(&'s Statement, &'s Statement, u64, u64)> {
    let answers = |statement: &Statement| if let Told::Answers(n) = statement.told { Some(n) } else { None };
    // Of several files that tell the same, the first counts.
    let of_later: BTreeMap<Spot, (&Statement, u64)> =
        later.iter().rev().filter_map(|it| Some((of_answers(&it.spot), (it, answers(it)?)))).collect();
    let pair = |it: &'s Statement| {
        let n = answers(it)?;
        let (now, then_n) = of_later.get(&of_answers(&it.spot))?;
        Some((it, *now, n, *then_n))
    };
    earlier.iter().filter_map(pair).collect()
}

/// The spot of its n, whatever the category.
fn of_answers(spot: &Spot) -> Spot {
    Spot { codes: Vec::new(), ..spot.clone() }
}

/// Whether an earlier edition of the same wave counts the same people.
pub(super) fn kinship(is_same_wave: bool, earlier: &[Statement], later: &[Statement]) -> Kinship {
    if !is_same_wave {
        return Kinship::OtherWave;
    }
    let agrees = both(earlier, later).iter().all(|(_, _, then, now)| then == now);
    if agrees { Kinship::SamePeople } else { Kinship::OtherAnswers }
}

/// Cells whose n differs by a few between the editions.
pub(super) fn few_between(earlier: &[Statement], later: &[Statement], asked: u64) -> Vec<Disclosure> {
    let mut found: BTreeMap<Spot, Disclosure> = BTreeMap::new();
    for (before, now, then_n, now_n) in both(earlier, later) {
        let apart = then_n.abs_diff(now_n);
        if (1..asked).contains(&apart) {
            let spot = of_answers(&now.spot);
            let disclosure = Disclosure {
                cell: spot.to_string(),
                number: "answers that came or went".to_owned(),
                least: apart.to_string(),
                most: apart.to_string(),
                asked: Some(asked),
                arithmetic: vec![format!("{now_n} in this edition and {then_n} in the earlier one differ by {apart}")],
                places: vec![before.place.clone(), now.place.clone()],
            };
            found.insert(spot, disclosure);
        }
    }
    found.into_values().collect()
}
