//! A corrected edition, joined to all those before it.

use std::collections::BTreeMap;

use disclose::{Spot, Statement, attack};

use super::cells::{CellLine, Cells, Printed, Status};
use super::editions::{Kinship, UNKNOWN_WEIGHTS, few_between, kinship, of_answers};
use super::seen::in_digits;
use super::{Disclosure, Target};
use crate::released::{FigureName, Released};

/// A number that an edition hides and earlier ones tell, or that the two tell by their difference.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct KnownBefore {
    /// What is known, and how.
    pub(crate) disclosure: Disclosure,
    /// The cells whose number it is, or all those that have the n which grew or shrank, each under both of the names that its row may have.
    pub(crate) cells: Vec<FigureName>,
    /// The wave and the spot, if it is a number that a cell hides.
    spot: Option<(String, Spot)>,
}

impl Target {
    /// What it hides, and all editions before it together tell; wave by wave, whose answers are different answers.
    pub(super) fn after(&self, earlier: &[&Released]) -> Vec<KnownBefore> {
        let asked = self.surroundings.asked;
        let editions: Vec<(&&Released, Self)> = earlier.iter().map(|it| (it, Self::read(&it.files, asked))).collect();
        let mut found = Vec::new();
        for (edition, before) in &editions {
            found.extend(shown_before(&self.cells, &before.cells, edition));
        }
        for (wave, own) in self.statements() {
            let mut surroundings = self.surroundings;
            if self.wave.as_ref() != Some(&wave) {
                surroundings.weight_ratio = UNKNOWN_WEIGHTS;
            }
            let mut joined = Vec::new();
            for (edition, before) in &editions {
                let mut statements = before.statements().remove(&wave).unwrap_or_default();
                for statement in &mut statements {
                    statement.place = format!("{}/{}", edition.folder.display(), statement.place);
                }
                match kinship(&statements, &own) {
                    Kinship::SamePeople => joined.extend(not_corrected(statements, &own)),
                    Kinship::OtherAnswers => {
                        let few = few_between(&statements, &own, asked).into_iter();
                        found.extend(few.map(|(spot, disclosure)| self.came_or_went(&wave, &spot, disclosure)));
                    }
                }
            }
            let alone = attack(&own, surroundings);
            let together = attack(&[own, joined].concat(), surroundings);
            // What follows from the new edition alone is told by its own attack.
            for derived in together.into_iter().filter(|derived| !alone.contains(derived)) {
                let spot = (wave.clone(), derived.spot.clone());
                if !found.iter().any(|known| known.spot.as_ref() == Some(&spot)) {
                    let is_it = |cell: &&CellLine| cell.wave == spot.0 && cell.spot == spot.1;
                    let cells: Vec<&CellLine> = self.cells.once_of_every_wave().filter(is_it).collect();
                    let is_earlier = self.wave.as_ref() != Some(&wave);
                    let disclosure = Disclosure::from(derived);
                    found.push(KnownBefore {
                        cells: cells.into_iter().flat_map(names).collect(),
                        disclosure: if is_earlier { disclosure.of_earlier(&wave) } else { disclosure },
                        spot: Some(spot),
                    });
                }
            }
        }
        found
    }

    /// The few answers by which the n of some cells differs.
    fn came_or_went(&self, wave: &str, spot: &Spot, disclosure: Disclosure) -> KnownBefore {
        let is_at_n = |cell: &&CellLine| cell.wave == wave && of_answers(&cell.spot) == *spot;
        let cells = self.cells.once_of_every_wave().filter(is_at_n).flat_map(names).collect();
        KnownBefore { disclosure, cells, spot: None }
    }
}

/// The names of a cell: its row is named after its answer, or after the question alone where the table tells which answers count.
fn names(cell: &CellLine) -> [FigureName; 2] {
    [format!("{}:{}", cell.item, cell.category), cell.item.clone()].map(|row| FigureName {
        wave: cell.is_earlier.then(|| cell.wave.clone()),
        table: cell.table.clone(),
        row,
        group: cell.spot.group.clone(),
    })
}

/// Cells that are confidential now, and that an earlier edition showed.
fn shown_before(now: &Cells, before: &Cells, edition: &Released) -> Vec<KnownBefore> {
    let key = |cell: &CellLine| {
        let CellLine { wave, table, item, category, spot, .. } = cell.clone();
        (wave, table, item, category, spot.group)
    };
    let shown = before.once_of_every_wave().filter(|cell| cell.status == Status::Shown);
    let shown: BTreeMap<_, &CellLine> = shown.map(|cell| (key(cell), cell)).collect();
    let hidden = now.once_of_every_wave().filter(|cell| cell.is_hidden());
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
        let spot = Some((cell.wave.clone(), cell.spot.clone()));
        KnownBefore { disclosure, cells: names(cell).to_vec(), spot }
    };
    pairs.map(known).collect()
}

/// What an earlier edition tells that a later one does not tell itself. A number that was corrected is about what is not so.
pub(super) fn not_corrected(earlier: Vec<Statement>, later: &[Statement]) -> Vec<Statement> {
    let kind = |statement: &Statement| std::mem::discriminant(&statement.told);
    let is_told_anew = |it: &Statement| later.iter().any(|now| now.spot == it.spot && kind(now) == kind(it));
    earlier.into_iter().filter(|statement| !is_told_anew(statement)).collect()
}
