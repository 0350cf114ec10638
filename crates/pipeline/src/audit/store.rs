//! What the sealed tables of a release tell a reader: they are public, too.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Disclosure;
use super::cells::{Cells, Printed};
use super::figures::disclose_count;
use super::seen::Seen;
use crate::released::{FigureName, FigureState, ReleasedTables};

/// What it tells beside the numbers.
#[derive(Debug, Default)]
pub(super) struct Store {
    /// How many times the lightest weight the heaviest is, if weights differ.
    pub(super) weight_ratio: Option<f64>,
    /// The claims that were judged.
    pub(super) claims: BTreeSet<String>,
}

/// Reads the store: numbers of cells that the files hide, reasons of claims that do not hold.
pub(super) fn read(bytes: &[u8], cells: &Cells, seen: &mut Seen) -> Store {
    if let Ok(tables) = ReleasedTables::read(bytes) {
        for cell in cells.once().filter(|cell| cell.is_hidden()) {
            // A row is named after its answer, or after the question alone where the table tells which answers count.
            let name =
                |row: String| FigureName { wave: None, table: cell.table.clone(), row, group: cell.spot.group.clone() };
            let names = [name(format!("{}:{}", cell.item, cell.category)), name(cell.item.clone())];
            let shown = |name: &FigureName| {
                if let Some(FigureState::Shown(figures)) = tables.state(name) { Some(figures) } else { None }
            };
            if let Some(figures) = names.iter().find_map(shown) {
                let place = crate::manifest::STORE;
                seen.tells(cell, "n", Printed::of(disclose_count(figures.n), 0.0), place);
                if let Some(estimate) = Printed::read(&figures.estimate.to_string()) {
                    seen.tells(cell, "estimate", estimate, place);
                }
            }
        }
    }
    let Ok(store) = serde_json::from_slice::<Value>(bytes) else { return Store::default() };
    reasons(&store, seen);
    let claims = verdicts(&store).filter_map(|it| it.get("claim")?.as_str().map(str::to_owned)).collect();
    Store { weight_ratio: weight_ratio(&store), claims }
}

fn verdicts(store: &Value) -> impl Iterator<Item = &Value> {
    store.get("verdicts").and_then(Value::as_array).into_iter().flatten()
}

/// What a claim that fails says of its cell.
fn reasons(store: &Value, seen: &mut Seen) {
    for verdict in verdicts(store) {
        let because = verdict.get("kind").and_then(|kind| kind.get("fails")).and_then(|fails| fails.get("because"));
        let claim = verdict.get("claim").and_then(Value::as_str).unwrap_or_default();
        if let Some(because) = because.and_then(Value::as_str) {
            seen.disclosures.push(Disclosure {
                cell: format!("claim {claim}"),
                number: "reason".to_owned(),
                least: String::new(),
                most: String::new(),
                asked: None,
                arithmetic: vec![format!("a claim that fails is no part of a release, and says: {because}")],
                places: vec![crate::manifest::STORE.to_owned()],
            });
        }
    }
}

fn weight_ratio(store: &Value) -> Option<f64> {
    let weights = store.get("fieldwork")?.get("weights")?;
    let printed = |name: &str| {
        let number = weights.get(name)?;
        let (units, decimals) = (number.get(0)?.as_f64()?, number.get(1)?.as_u64()?);
        let unit = (0..decimals).fold(1.0, |unit, _| unit / 10.0);
        Some((units * unit, unit / 2.0))
    };
    let ((smallest, half), (largest, _)) = (printed("smallest")?, printed("largest")?);
    Some((largest + half) / (smallest - half).max(half))
}

/// The counts of few answers whose share has a standard error: of a simple random sample that is `sqrt(p (1 - p) / (n - 1))`.
pub(super) fn counts_of_standard_error(se: Printed, asked: u64) -> String {
    let mut fitting = Vec::new();
    for n in 2..asked {
        for count in 0..=n {
            let (n_f, share) = (disclose_count(n), disclose_count(count) / disclose_count(n));
            let of_share = 100.0 * (share * (1.0 - share) / (n_f - 1.0)).sqrt();
            if (of_share - se.value).abs() <= se.half + 1e-9 {
                fitting.push(format!("{count} of {n}"));
            }
        }
    }
    if fitting.is_empty() {
        format!("no share of fewer than {asked} answers of one weight has this standard error")
    } else {
        format!("of fewer than {asked} answers of one weight it is that of {}", fitting.join(" or "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standard_error_gives_small_counts_away() {
        // sqrt(1/3 * 2/3 / 2) = 33.3 per cent; sqrt(1/4 * 3/4 / 3) = 25.
        let told = |value| counts_of_standard_error(Printed::of(value, 0.05), 5);
        assert_eq!(told(33.3), "of fewer than 5 answers of one weight it is that of 1 of 3 or 2 of 3");
        assert_eq!(told(25.0), "of fewer than 5 answers of one weight it is that of 1 of 4 or 3 of 4");
        assert_eq!(told(7.0), "no share of fewer than 5 answers of one weight has this standard error");
    }

    #[test]
    fn weights_are_as_unequal_as_their_printed_limits_allow() {
        let store = serde_json::json!({"fieldwork": {"weights": {"smallest": [100, 2], "largest": [300, 2]}}});
        let ratio = weight_ratio(&store).expect("both are there");
        assert!((ratio - 3.005 / 0.995).abs() < 1e-9, "{ratio}");
        assert_eq!(weight_ratio(&serde_json::json!({"fieldwork": {"weights": null}})), None);
    }
}
