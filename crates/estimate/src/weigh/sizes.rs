//! Population sizes that the answers carry: counts, or all of them fractions sampled, whatever the stage.

use codebook::{Decimal, StageAnswers, StratumAnswers};

use super::{WeighError, name};
use crate::Wide;

/// What all sizes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Of clusters or units in the population.
    Counts,
    /// Sampled of the population. Sizes that are all 1 say the same either way: one of one, or all of them.
    Fractions,
}

impl Kind {
    /// How many there are where so many were sampled.
    pub(super) fn population(self, size: Decimal, sampled: u64) -> Wide {
        match self {
            Self::Counts => wide(size),
            Self::Fractions => Wide::from_count(sampled) / wide(size),
        }
    }
}

/// The kind of all sizes, also where there are none. `None`, with errors, when they are of both kinds or one makes no sense.
pub(super) fn kind(answers: &[StratumAnswers], stages: &[StageAnswers], errors: &mut Vec<WeighError>) -> Option<Kind> {
    let of_strata = answers.iter().filter_map(|stratum| Some((name(&stratum.key), wide(stratum.population?))));
    let of_stages = stages.iter().zip(2..).flat_map(|(stage, number)| {
        let named = move |stratum: usize| format!("{} at stage {number}", name(&answers[stratum].key));
        stage.above.iter().map(move |cluster| (named(cluster.stratum), wide(cluster.population)))
    });
    let sizes: Vec<(String, Wide)> = of_strata.chain(of_stages).collect();
    let before = errors.len();
    let senseless = sizes.iter().filter(|(_, size)| *size <= Wide::ZERO);
    errors.extend(
        senseless
            .map(|(stratum, size)| WeighError::NotASize { stratum: stratum.clone(), size: size.to_f64().to_string() }),
    );
    let count = sizes.iter().find(|(_, size)| *size > Wide::ONE).map(|(stratum, _)| stratum.clone());
    let fraction = sizes.iter().find(|(_, size)| Wide::ZERO < *size && *size < Wide::ONE);
    if let (Some(count), Some((fraction, _))) = (&count, fraction) {
        errors.push(WeighError::CountsAndFractions { count: count.clone(), fraction: fraction.clone() });
    }
    let kind = if count.is_some() { Kind::Counts } else { Kind::Fractions };
    (errors.len() == before).then_some(kind)
}

/// The population sizes that the strata of the answers carry, as counts; none if they carry none.
pub(super) fn of_strata(kind: Kind, answers: &[StratumAnswers]) -> Vec<Wide> {
    answers.iter().filter_map(|stratum| Some(kind.population(stratum.population?, stratum.psus))).collect()
}

fn wide(size: Decimal) -> Wide {
    Wide::from_decimal(size.units(), size.scale())
}
