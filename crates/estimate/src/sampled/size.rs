//! The columns of sizes: one size for each place, and counts or fractions throughout.

use std::collections::BTreeMap;

use super::error::text;
use super::shape::Place;
use super::{SampleError, SampledCluster, Size};
use crate::Wide;

/// Fractions below and counts beyond are of no population there is.
const SIZES: std::ops::RangeInclusive<f64> = 1e-15..=1e15;

/// The sizes of one stage as written, by the place that they are the size of.
pub(super) fn read_sizes<'a>(
    clusters: &'a [SampledCluster],
    depth: usize,
    errors: &mut Vec<SampleError>,
) -> BTreeMap<Place<'a>, Wide> {
    let mut found: BTreeMap<Place<'a>, Vec<Size>> = BTreeMap::new();
    for cluster in clusters {
        found.entry(Place::of(cluster, depth)).or_default().push(cluster.sizes[depth]);
    }
    let stage = depth + 1;
    let mut sizes = BTreeMap::new();
    for (place, found) in found {
        match one_size(&found) {
            Found::Missing => errors.push(SampleError::MissingSize { stage, place: place.name() }),
            Found::Between(smallest, largest) if smallest != largest => {
                let (smallest, largest) = (text(smallest), text(largest));
                errors.push(SampleError::SizeVaries { stage, place: place.name(), smallest, largest });
            }
            Found::Between(size, _) if !SIZES.contains(&size.to_f64()) => {
                errors.push(SampleError::NotASize { stage, place: place.name(), size: text(size) });
            }
            Found::Between(size, _) => drop(sizes.insert(place, size)),
        }
    }
    sizes
}

/// The sizes found in one place.
enum Found {
    Missing,
    /// The smallest and the largest.
    Between(Wide, Wide),
}

fn one_size(sizes: &[Size]) -> Found {
    let ends: Option<Vec<[Wide; 2]>> = sizes.iter().map(|size| Some([size.smallest?, size.largest?])).collect();
    let ends = ends.unwrap_or_default();
    let smallest = ends.iter().map(|[smallest, _]| *smallest).reduce(|a, b| if b < a { b } else { a });
    let largest = ends.iter().map(|[_, largest]| *largest).reduce(|a, b| if b > a { b } else { a });
    match (smallest, largest) {
        (Some(smallest), Some(largest)) => Found::Between(smallest, largest),
        (None, _) | (_, None) => Found::Missing,
    }
}

/// What all sizes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Of clusters or units in the population.
    Counts,
    /// Sampled of the population; also where all are 1, a census of everything.
    Fractions,
}

pub(super) fn kind_of_sizes(sizes: &[BTreeMap<Place<'_>, Wide>], errors: &mut Vec<SampleError>) -> Kind {
    let written = || {
        sizes.iter().enumerate().flat_map(|(depth, sizes)| sizes.iter().map(move |(place, size)| (depth, place, *size)))
    };
    let name = |(depth, place, size): (usize, &Place<'_>, Wide)| {
        format!("{} at stage {} in {}", text(size), depth + 1, place.name())
    };
    let count = written().find(|(_, _, size)| *size > Wide::ONE).map(name);
    let fraction = written().find(|(_, _, size)| *size < Wide::ONE).map(name);
    match (count, fraction) {
        (Some(count), Some(fraction)) => {
            errors.push(SampleError::CountsAndFractions { count, fraction });
            Kind::Counts
        }
        (Some(_), None) => Kind::Counts,
        (None, _) => Kind::Fractions,
    }
}
