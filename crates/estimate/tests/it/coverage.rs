//! What a 95 % interval promises: of a thousand samples from a population that is known, about 950 intervals hold the truth.
//!
//! The population are the 6,194 schools of California with at least 100 pupils. A thousand samples leave the share of intervals
//! that hold with a standard error of 0.7 points, so a right method lies between 93 and 97 % in all but a few of a thousand
//! seeds; the seeds are fixed. Where a design is known to fall short of 95 %, that is what is asserted.

mod drawing;

use std::collections::{BTreeMap, BTreeSet};

use codebook::LonelyPsu;
use estimate::{Centre, DesignTable, Replicates, Stratum, Wide};

use drawing::{
    Asked, Drawn, Member, Seeded, assert_covers, count, coverage, districts, population, schools_of_districts,
    whole_districts,
};

#[test]
fn intervals_of_simple_random_samples_hold_the_truth_as_often_as_they_say() {
    let population = population();
    let n = 200;
    let stratum = Stratum {
        key: Vec::new(),
        units: count(n),
        psus: count(n),
        population: Some(Wide::from_count(count(population.len()))),
        weight: Some(Wide::from_ratio(count(population.len()), count(n))),
    };
    let w = stratum.weight.expect("made above");
    let design = DesignTable::of_strata(vec![stratum], LonelyPsu::Refuse);
    let mut seeded = Seeded(2001);
    let found = coverage(1000, &population, || Drawn {
        design: design.clone(),
        schools: seeded.draw(n, population.len()).into_iter().map(|school| (&population[school], 0, 0, w)).collect(),
    });
    for asked in Asked::ALL {
        assert_covers(&found, asked, 930..=970);
    }
}

#[test]
fn intervals_of_stratified_samples_hold_the_truth_as_often_as_they_say() {
    let population = population();
    let mut strata: BTreeMap<&str, Vec<&Member>> = BTreeMap::new();
    for school in &population {
        strata.entry(&school.stratum).or_default().push(school);
    }
    let sizes: Vec<(Vec<&Member>, usize)> = strata.into_values().zip([100, 50, 50]).collect();
    let stratum = |(members, n): &(Vec<&Member>, usize)| Stratum {
        key: Vec::new(),
        units: count(*n),
        psus: count(*n),
        population: Some(Wide::from_count(count(members.len()))),
        weight: Some(Wide::from_ratio(count(members.len()), count(*n))),
    };
    let design = DesignTable::of_strata(sizes.iter().map(stratum).collect(), LonelyPsu::Refuse);
    let mut seeded = Seeded(2000);
    let found = coverage(1000, &population, || {
        let mut schools = Vec::new();
        for (index, (members, n)) in sizes.iter().enumerate() {
            let w = design.strata[index].weight.expect("made above");
            schools.extend(seeded.draw(*n, members.len()).into_iter().map(|school| (members[school], index, 0, w)));
        }
        Drawn { design: design.clone(), schools }
    });
    for asked in Asked::ALL {
        assert_covers(&found, asked, 930..=970);
    }
}

/// Some 350 schools. Half as large a sample is too small for the total, which the few schools drawn in the largest districts decide: measured,
/// 92 % of its intervals hold.
#[test]
fn intervals_of_two_stage_samples_hold_the_truth_as_often_as_they_say() {
    let population = population();
    let districts = districts(&population);
    // Districts of up to 5, 15, 40 and of more schools; all of the largest are drawn, and schools within them.
    let end = |schools: usize| districts.partition_point(|district| district.len() <= schools);
    let strata = [
        (&districts[..end(5)], 40),
        (&districts[end(5)..end(15)], 30),
        (&districts[end(15)..end(40)], 25),
        (&districts[end(40)..], usize::MAX),
    ];
    let mut seeded = Seeded(1999);
    let found = coverage(1000, &population, || schools_of_districts(&mut seeded, &strata, 10));
    for asked in Asked::ALL {
        assert_covers(&found, asked, 930..=970);
    }
}

/// What a user of few clusters must know: the standard error is itself estimated from 15 numbers, of which one, Los Angeles
/// with 552 schools, decides a sample that has it and is missed by one that has not. No formula mends that, but strata do.
#[test]
fn fifteen_districts_of_very_unequal_size_promise_more_than_they_hold() {
    let population = population();
    let districts = districts(&population);
    let mut seeded = Seeded(1999);
    let found = coverage(1000, &population, || whole_districts(&mut seeded, &districts, 15));
    for (asked, expected) in
        [(Asked::Mean, 800..=900), (Asked::Share, 850..=950), (Asked::Total, 700..=800), (Asked::Ratio, 800..=920)]
    {
        assert_covers(&found, asked, expected);
    }
}

#[test]
fn intervals_of_clusters_of_like_size_hold_the_truth_as_often_as_they_say() {
    let population = population();
    let districts = districts(&population);
    let of_like_size: Vec<Vec<&Member>> =
        districts.into_iter().filter(|district| (4..=15).contains(&district.len())).collect();
    let mut seeded = Seeded(1998);
    let members: BTreeSet<u64> = of_like_size.iter().map(|district| district[0].district).collect();
    let population: Vec<Member> =
        population.iter().filter(|school| members.contains(&school.district)).cloned().collect();
    let found = coverage(1000, &population, || whole_districts(&mut seeded, &of_like_size, 60));
    assert_clusters_cover(&found);
}

/// The difference is between a third of the schools and the others, and few districts have many of both: the linearised error of such
/// domains is a little small, 93 % by four thousand samples.
#[track_caller]
fn assert_clusters_cover(found: &BTreeMap<Asked, usize>) {
    for asked in Asked::ALL {
        let expected = if asked == Asked::Difference { 915..=960 } else { 930..=970 };
        assert_covers(found, asked, expected);
    }
}

/// Clusters of like size, as above, by replicates in place of linearisation.
#[test]
fn intervals_by_replicates_hold_the_truth_as_often_as_they_say() {
    let population = population();
    let of_like_size: Vec<Vec<&Member>> =
        districts(&population).into_iter().filter(|district| (4..=15).contains(&district.len())).collect();
    let members: Vec<Member> = of_like_size.iter().flatten().map(|school| Member::clone(school)).collect();
    let jackknife = |design: &DesignTable, _| Replicates::jackknife(design, &[0; 60]);
    let bootstrap = |design: &DesignTable, seed| {
        Replicates::bootstrap(design, &[0; 60], 100, seed, Centre::Estimate).expect("no stratum is lonely")
    };
    let covered = |made: &dyn Fn(&DesignTable, u64) -> Replicates| {
        let mut seeded = Seeded(1998);
        let mut seed = 0;
        coverage(1000, &members, || {
            seed += 1;
            let mut drawn = whole_districts(&mut seeded, &of_like_size, 60);
            drawn.design.replicates = Some(made(&drawn.design, seed));
            drawn
        })
    };
    assert_clusters_cover(&covered(&jackknife));
    assert_clusters_cover(&covered(&bootstrap));
}
