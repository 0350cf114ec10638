//! Standard errors and limits that are coarser than usual, where they would tell of hidden strata ([`protect`](crate::protect)).

use codebook::TableSpec;

use crate::{Cell, Figures, Hidden, Rounded};

/// How many steps the standard error and the limits of a cell are coarser than usual: multiples of 2, 5, 10, 20 and so on of the last digit of the standard error, each once as near as there is
/// one and once with half of it to spare. So what lies on both sides of a multiple comes together, too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Coarseness(pub(crate) u8);

impl Coarseness {
    /// The most in a table with so many decimals: standard error and limits are multiples of ten. What tells too much even so is not shown.
    pub(crate) fn most(decimals: u8) -> Self {
        Self(6 * decimals.saturating_add(2))
    }

    /// Figures of a share as coarse as that. The standard error is rounded up and the interval widened, so that the estimate looks no more precise than it is, and no error vanishes.
    pub(crate) fn of(self, figures: Figures) -> Figures {
        let Self(steps) = self;
        if steps == 0 {
            return figures;
        }
        let multiple = steps.div_ceil(2);
        let power = (0..multiple / 3).fold(1_i64, |power, _| power.saturating_mul(10));
        let step = power.saturating_mul([1, 2, 5][usize::from(multiple % 3)]);
        // Limits have one decimal less.
        let of_limits = (step / 10).max(1);
        let spare = |step: i64| if steps % 2 == 0 { step / 2 } else { 0 };
        let Figures { estimate, se, low, high, n } = figures;
        let (lower, upper) = (low.lowered(of_limits, spare(of_limits)), high.raised(of_limits, spare(of_limits)));
        let within = |limit: Rounded, end: i64, is_beyond: bool| {
            let end = Rounded::stored(end, 0);
            if is_beyond { end } else { limit }
        };
        Figures {
            estimate,
            se: se.raised(step, spare(step)),
            low: within(lower, 0, lower.as_f64() < 0.0),
            high: within(upper, 100, upper.as_f64() > 100.0),
            n,
        }
    }
}

/// The cell with its standard error and limits as coarse as that.
pub(super) fn coarsened(cell: Cell, spec: &TableSpec, coarseness: Coarseness) -> Cell {
    let is_told = coarseness <= Coarseness::most(spec.decimals);
    match cell {
        Cell::Shown(figures) if is_told => Cell::Shown(coarseness.of(figures)),
        Cell::Flagged(figures, quality) if is_told => Cell::Flagged(coarseness.of(figures), quality),
        Cell::Shown(_) | Cell::Flagged(..) => Cell::Hidden(Hidden::Confidential),
        Cell::Hidden(_) => cell,
    }
}
