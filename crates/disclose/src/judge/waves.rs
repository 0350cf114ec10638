//! Claims over waves: this one beside an earlier one.

use codebook::{CellName, Direction, SharePhrase, WaveId, Wording};
use estimate::{Estimate, Outcome, Wide, change_of_independent};

use super::told::near;
use super::{Bench, Judgement, LAST_BITS, Ruling, ShownCell, Subject, Tested, domain, instead, not_above};
use crate::{Cell, Earlier, Figures, Hidden, PublishedWave, Rounded, WaveCell};

/// An earlier wave before and behind the barrier.
#[derive(Clone, Copy)]
pub(crate) struct EarlierBench<'a> {
    /// Everything that was counted of it; `None` where only what was printed is at hand.
    pub(crate) counted: Option<&'a Earlier<'a>>,
    /// What is shown of it.
    pub(crate) published: &'a PublishedWave,
}

impl<'a> Bench<'a> {
    fn then(&self, wave: WaveId) -> Result<EarlierBench<'a>, Hidden> {
        let published = self.earlier.iter().find(|earlier| earlier.wave == wave).ok_or(Hidden::Empty)?;
        let counted = self.counted.iter().find(|earlier| earlier.wave == wave);
        Ok(EarlierBench { counted, published })
    }

    /// A table of an earlier wave; refused where it was not counted, since what was printed tells no error.
    fn table_then(&self, cell: &CellName, wave: WaveId) -> Result<Subject<'a>, Hidden> {
        let EarlierBench { counted, published } = self.then(wave)?;
        let counted = counted.ok_or(Hidden::NotEstimable)?;
        let at = counted.specs.iter().position(|spec| spec.id == cell.table).ok_or(Hidden::Empty)?;
        let published = published.tables.iter().find(|table| table.id == cell.table).ok_or(Hidden::Empty)?;
        Ok(Subject { spec: counted.specs[at], estimates: &counted.tables[at], published })
    }

    /// Whether the words tell a share of an earlier wave, counted or printed.
    pub(super) fn near_then(
        &self,
        cell: &CellName,
        wave: WaveId,
        words: &Wording,
        phrases: &[SharePhrase],
    ) -> Judgement {
        let spec = self.table(&cell.table).spec;
        let place = domain(cell.group.as_ref());
        let told = |shown: &ShownCell<'_>| {
            near(spec, shown, words, phrases).or_else(|| instead::of_share(spec, shown, words, phrases))
        };
        match self.then(wave)?.published.cell(&cell.table, &cell.row, &place) {
            WaveCell::Counted(Cell::Hidden(why)) => Err(why),
            WaveCell::Counted(_) => Ok(told(&self.table_then(cell, wave)?.shown(&cell.row, &place)?)),
            WaveCell::Printed(printed, n) => {
                let (figures, estimate) = as_printed(printed, n.unwrap_or(0));
                Ok(told(&ShownCell { figures: &figures, estimate: &estimate }))
            }
            WaveCell::Absent => Err(Hidden::Empty),
        }
    }

    /// The unrounded change of a cell since an earlier wave, both shown.
    pub(crate) fn change(&self, cell: &CellName, since: WaveId) -> Result<Estimate, Hidden> {
        let place = domain(cell.group.as_ref());
        let now = self.table(&cell.table).shown(&cell.row, &place)?;
        let then = self.table_then(cell, since)?.shown(&cell.row, &place)?;
        let changes = self.then(since)?.counted.map_or(&[][..], |counted| counted.changes);
        let linked = changes.iter().find(|(changed, _)| changed == cell).map(|(_, change)| *change);
        let change = linked.unwrap_or_else(|| change_of_independent(then.estimate, now.estimate, self.level.as_f64()));
        match change {
            Outcome::Estimated(change) => Ok(change),
            Outcome::NotEstimable { .. } => Err(Hidden::NotEstimable),
        }
    }

    pub(super) fn changed(
        &self,
        cell: &CellName,
        since: WaveId,
        direction: Direction,
        tested: Tested<'_>,
    ) -> Judgement {
        let change = self.change(cell, since)?;
        let subject = self.table(&cell.table);
        let significance = tested.significance();
        let is_above = is_in(&change, direction);
        Ok(Ruling::if_true(is_above && significance.is_found(), || {
            let found = format!("the change since {since} is {}", subject.told(&change));
            match direction {
                Direction::Rose => format!("{found}, {}", not_above(is_above, 0.0, significance)),
                Direction::Fell if !is_above => format!("{found}, which is not below 0"),
                Direction::Fell => {
                    format!("{found}, {}", not_above(is_above, 0.0, significance).replace("above", "below"))
                }
            }
        }))
    }

    pub(super) fn unchanged(&self, cell: &CellName, since: WaveId, margin: f64) -> Judgement {
        let change = self.change(cell, since)?;
        let subject = self.table(&cell.table);
        Ok(Ruling::if_true(lies_within(&change, subject.points(), margin), || {
            let found = format!("the change since {since} is {}", subject.told(&change));
            format!("{found}; its interval must lie within {margin} of 0")
        }))
    }
}

/// Whether a change goes the way that is told.
pub(super) fn is_in(change: &Estimate, direction: Direction) -> bool {
    match direction {
        Direction::Rose => change.value > 0.0,
        Direction::Fell => change.value < 0.0,
    }
}

/// Whether the interval of a change lies within a margin of 0, in points.
pub(super) fn lies_within(change: &Estimate, points: f64, margin: f64) -> bool {
    let bound = margin + LAST_BITS;
    -bound <= change.low * points && change.high * points <= bound
}

/// A printed share as a cell that has no error: words are compared with the number alone.
pub(super) fn as_printed(printed: Rounded, n: u64) -> (Figures, Estimate) {
    let figures = Figures { estimate: printed, se: Rounded::stored(0, 0), low: printed, high: printed, n };
    let estimate = as_shown(&figures);
    (figures, estimate)
}

/// A share as readers see it, with its interval: for words about a cell of which nothing but its figures is at hand.
pub(super) fn as_shown(figures: &Figures) -> Estimate {
    let share = |percent: Rounded| {
        (Wide::from_decimal(i128::from(percent.units()), percent.decimals()) / Wide::from_count(100)).to_f64()
    };
    Estimate {
        value: share(figures.estimate),
        se: share(figures.se),
        low: share(figures.low),
        high: share(figures.high),
        df: f64::INFINITY,
        n: figures.n,
        positive: 0,
        deff: None,
        sides: None,
    }
}
