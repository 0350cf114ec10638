//! The replicate weights that the export supplies, scaled as the wave's file says they were made.

use codebook::{Decimal, Finding, ReplicateCentre, ReplicateKind, ReplicateRecipe};
use estimate::{Centre, ReplicateMethod, ReplicateWeights, Replicates, Wide};
use ingest::CheckedWave;

use super::{refuse, wide};
use crate::PipelineError;

/// The replicates of the design.
pub(super) fn supplied(recipe: &ReplicateRecipe, checked: &CheckedWave) -> Result<Replicates, PipelineError> {
    let weights: Vec<Wide> = checked.weight_of_units().unwrap_or_default().iter().copied().map(wide).collect();
    let replicates: Vec<Vec<Wide>> =
        checked.replicate_weights().iter().map(|weights| weights.iter().copied().map(wide).collect()).collect();
    let method = method(&recipe.method, replicates.len());
    let made = Replicates::supplied(&method, &weights, replicates, ReplicateWeights::Combined)
        .map_err(|error| refuse(vec![Finding::error(recipe.place.clone(), "replicates", error.to_string())]))?;
    let centre = match recipe.centre {
        ReplicateCentre::Mean => Centre::Mean,
        ReplicateCentre::Estimate => Centre::Estimate,
    };
    Ok(Replicates { centre, scale: recipe.scale.map_or(made.scale, wide), ..made })
}

fn method(kind: &ReplicateKind, replicates: usize) -> ReplicateMethod {
    match kind {
        ReplicateKind::Jk1 => ReplicateMethod::Jk1 { correction: Wide::ONE },
        ReplicateKind::Jkn { rscales } => {
            ReplicateMethod::Jkn { rscales: Some(each(rscales, replicates)), corrections: None }
        }
        ReplicateKind::Jk2 => ReplicateMethod::Jk2,
        ReplicateKind::Brr => ReplicateMethod::Brr,
        ReplicateKind::Fay { rho } => ReplicateMethod::Fay { rho: wide(*rho) },
        ReplicateKind::Bootstrap => ReplicateMethod::Bootstrap,
        ReplicateKind::Sdr => ReplicateMethod::Sdr,
    }
}

/// One number for all replicates, or one for each.
fn each(rscales: &[Decimal], replicates: usize) -> Vec<Wide> {
    match rscales {
        [one] => vec![wide(*one); replicates],
        each => each.iter().copied().map(wide).collect(),
    }
}
