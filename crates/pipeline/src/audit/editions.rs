//! An earlier edition, joined to a later one.
//!
//! Two editions of one wave count the same people, unless answers came in between. Where they agree wherever both show a number, what the earlier one
//! tells is told, and joins the system. Where they do not, they count other people: each is attacked by itself, and a cell that has grown or shrunk by
//! a few answers tells those few.

use std::collections::BTreeMap;

use disclose::{Spot, Statement, Told};

use super::Disclosure;

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
