//! How an edition that is too heavy for one document is divided into several.

use std::ops::Range;

/// Puts parts of these weights, in their order, into as few volumes as hold at most `at_most` each, and those as even as can be. A part that is
/// heavier alone has a volume of its own. Gives the places of the parts of each volume.
pub(super) fn volumes(weights: &[usize], at_most: usize) -> Vec<Range<usize>> {
    let fewest = filled(weights, at_most);
    // Every run of parts may be the heaviest volume: the lightest of them that needs no more volumes makes them even.
    let mut heaviest: Vec<usize> = (0..weights.len())
        .flat_map(|start| {
            weights[start..].iter().scan(0, |sum, weight| {
                *sum += weight;
                Some(*sum)
            })
        })
        .filter(|weight| *weight <= at_most)
        .collect();
    heaviest.sort_unstable();
    let even = heaviest.into_iter().map(|weight| filled(weights, weight)).find(|it| it.len() <= fewest.len());
    even.unwrap_or(fewest)
}

/// Volumes that are each filled before the next one is begun.
fn filled(weights: &[usize], at_most: usize) -> Vec<Range<usize>> {
    let mut volumes: Vec<Range<usize>> = Vec::new();
    let mut weight = 0;
    for (place, part) in weights.iter().enumerate() {
        match volumes.last_mut() {
            Some(volume) if weight + part <= at_most => {
                volume.end = place + 1;
                weight += part;
            }
            _ => {
                volumes.push(place..place + 1);
                weight = *part;
            }
        }
    }
    volumes
}

#[cfg(test)]
mod tests {
    use super::volumes;

    #[track_caller]
    fn check(weights: &[usize], at_most: usize, expected: &[&[usize]]) {
        let volumes = volumes(weights, at_most);
        let parts: Vec<&[usize]> = volumes.into_iter().map(|volume| &weights[volume]).collect();
        assert_eq!(parts, expected);
    }

    #[test]
    fn what_fits_is_one_document() {
        check(&[], 10, &[]);
        check(&[4, 6], 10, &[&[4, 6]]);
    }

    #[test]
    fn volumes_are_few_and_even_and_keep_the_order() {
        check(&[4, 6, 1], 10, &[&[4], &[6, 1]]);
        check(&[5, 5, 1, 1, 1, 1], 10, &[&[5], &[5, 1, 1, 1, 1]]);
        check(&[3, 3, 3, 3, 3, 3], 10, &[&[3, 3, 3], &[3, 3, 3]]);
        check(&[9, 1, 1, 9], 10, &[&[9, 1], &[1, 9]]);
    }

    #[test]
    fn a_part_that_is_too_heavy_stands_alone() {
        check(&[1, 12, 1], 10, &[&[1], &[12], &[1]]);
    }
}
