//! How precise a share is, from the numbers that are printed of it.
//!
//! The coefficient of variation, the design effect and n together tell a share: `(1 - p) / p = cv^2 (n - 1) / (deff (1 - f))`. Computed from the unrounded share
//! they would tell it to more digits than its rounding leaves, and so, of few, how many they are. So each is computed from the share, its error and n as
//! they are printed, and from counts that stand beside them: they tell nothing that these do not, and whoever has the page can compute them.

use estimate::Wide;

use crate::{Fieldwork, Figures, Rounded};

/// How precise an estimate is beside its size, and beside a simple random sample of as many units (quality indicator A1 of the European Statistical System).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Precision {
    pub(crate) variation: Rounded,
    pub(crate) design_effect: Option<Rounded>,
    pub(crate) effective: Option<u64>,
}

impl Precision {
    /// Of a share in per cent. `None` where it is printed as 0.
    pub(crate) fn of_share(figures: &Figures, fieldwork: &Fieldwork) -> Option<Self> {
        /// Of a coefficient of variation.
        const DECIMALS: u8 = 1;
        let (share, error) = (printed(figures.estimate), printed(figures.se));
        let variation = Rounded::new((error / share).to_f64(), 2, DECIMALS)?;
        let design_effect = design_effect(figures, fieldwork);
        let hundredths = design_effect.and_then(|effect| u64::try_from(effect.units()).ok());
        // Half up.
        let effective = hundredths.filter(|effect| *effect > 0).map(|effect| (200 * figures.n + effect) / (2 * effect));
        Some(Self { variation, design_effect, effective })
    }

    /// The coefficient of variation, standard error over estimate, in per cent.
    #[must_use]
    pub fn variation(self) -> Rounded {
        self.variation
    }

    /// The design effect: the variance over that of a simple random sample of the same size without replacement, whose sampling fraction is that of all
    /// answers. `None` where the population is not told, where everybody answered, and where the share or its error is printed as 0, or the share as 100.
    #[must_use]
    pub fn design_effect(self) -> Option<Rounded> {
        self.design_effect
    }

    /// How many answers of a simple random sample would be as precise: the answers over the design effect as it is told, so that it tells no more.
    #[must_use]
    pub fn effective(self) -> Option<u64> {
        self.effective
    }
}

fn design_effect(figures: &Figures, fieldwork: &Fieldwork) -> Option<Rounded> {
    const DECIMALS: u8 = 2;
    let (answers, population) = fieldwork.answered()?;
    let left = population.checked_sub(answers).filter(|left| *left > 0)?;
    let (share, error) = (printed(figures.estimate), printed(figures.se));
    if error.is_zero() {
        return None;
    }
    let others = Wide::from_count(100) - share;
    let unsampled = Wide::from_count(left) / Wide::from_count(population);
    let simple = share * others * unsampled / Wide::from_count(figures.n.checked_sub(1)?);
    Rounded::new((error.square() / simple).to_f64(), 0, DECIMALS)
}

/// A printed number that is not negative.
fn printed(number: Rounded) -> Wide {
    let unit = (0..number.decimals()).fold(Wide::ONE, |unit, _| unit / Wide::from_count(10));
    Wide::from_count(number.units().unsigned_abs()) * unit
}
