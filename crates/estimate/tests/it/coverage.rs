//! What a 95 % interval promises: of a thousand samples from a population that is known, about 950 intervals hold the truth.
//!
//! The population are the 6,194 schools of California with at least 100 pupils. A thousand samples leave the share of intervals
//! that hold with a standard error of 0.7 points, so a right method lies between 93 and 97 % in all but a few of a thousand
//! seeds; the seeds are fixed. Where a design is known to fall short of 95 %, that is what is asserted.

use std::collections::{BTreeMap, BTreeSet};

use codebook::LonelyPsu;
use estimate::{
    Degrees, DesignTable, IntervalMethod, Method, Outcome, SampledCluster, Single, Size, Stratum, Weights, Wide,
    sampled_design,
};

use crate::sample::{Road, Unit, ratio_sums};

const METHOD: Method = Method { shares: IntervalMethod::Xlogit, level: 0.95, degrees: Degrees::Domain };

/// A number generator good enough to draw samples: SplitMix64 (Steele, Lea and Flood 2014).
struct Seeded(u64);

impl Seeded {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// `n` of the numbers below `of`, each set as likely as any other but for 2^-50 (Fisher and Yates, the first n steps).
    fn draw(&mut self, n: usize, of: usize) -> Vec<usize> {
        let mut numbers: Vec<usize> = (0..of).collect();
        for drawn in 0..n.min(of) {
            let left = u64::try_from(of - drawn).expect("few schools");
            let step = usize::try_from(self.next() % left).expect("less than there are");
            numbers.swap(drawn, drawn + step);
        }
        numbers.truncate(n);
        numbers
    }
}

/// A school of the population.
#[derive(Clone)]
struct Member {
    district: u64,
    stratum: String,
    score: u64,
    score_before: u64,
    met_target: bool,
    tested: u64,
}

fn population() -> Vec<Member> {
    let path = testkit::repository().join("fixtures/schools/apipop.csv");
    let mut reader = csv::Reader::from_path(path).expect("the population is a fixture of the repository");
    let records = reader.deserialize::<BTreeMap<String, String>>();
    let member = |record: BTreeMap<String, String>| {
        let number = |column: &str| record[column].parse().expect("a whole number");
        Member {
            district: number("dnum"),
            stratum: record["stype"].clone(),
            score: number("api00"),
            score_before: number("api99"),
            met_target: record["sch.wide"] == "Yes",
            tested: number("api.stu"),
        }
    };
    records.map(|record| member(record.expect("the population is well-formed"))).collect()
}

/// What is estimated of each sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Asked {
    /// Mean score.
    Mean,
    /// Share of schools that met their target.
    Share,
    /// Pupils tested.
    Total,
    /// The score over that of the year before.
    Ratio,
}

impl Asked {
    const ALL: [Self; 4] = [Self::Mean, Self::Share, Self::Total, Self::Ratio];

    fn single(self) -> Single {
        match self {
            Self::Mean => Single::Mean,
            Self::Share => Single::Share,
            Self::Total => Single::Total,
            Self::Ratio => Single::Ratio,
        }
    }

    /// y and x.
    fn values(self, school: &Member) -> (u64, u64) {
        match self {
            Self::Mean => (school.score, 1),
            Self::Share => (u64::from(school.met_target), 1),
            Self::Total => (school.tested, 1),
            Self::Ratio => (school.score, school.score_before),
        }
    }

    fn truth(self, population: &[Member]) -> f64 {
        let (y, x) = population.iter().map(|school| self.values(school)).fold((0, 0), |(y, x), (b, a)| (y + b, x + a));
        match self {
            Self::Total => Wide::from_count(y).to_f64(),
            Self::Mean | Self::Share | Self::Ratio => Wide::from_ratio(y, x).to_f64(),
        }
    }
}

/// A sample: each school with its stratum, number of its cluster and weight.
struct Drawn<'a> {
    design: DesignTable,
    schools: Vec<(&'a Member, usize, usize, Wide)>,
}

impl Drawn<'_> {
    fn outcome(&self, asked: Asked) -> Outcome {
        let unit = |(school, stratum, psu, w): &(&Member, usize, usize, Wide)| {
            let (y, x) = asked.values(school);
            let y = Wide::from_count(y);
            (Unit { stratum: *stratum, psu: *psu, w: *w, y, group: "a" }, Wide::from_count(x))
        };
        let road = if self.design.units_are_psus { Road::Stratum } else { Road::Psu };
        let sums = ratio_sums(&self.schools.iter().map(unit).collect::<Vec<_>>(), road);
        asked.single().estimate(&sums, &self.design, METHOD)
    }
}

/// Per mille of so many samples whose interval holds the truth. What is not estimable does not hold it.
fn coverage<'a>(
    samples: usize,
    population: &'a [Member],
    mut draw: impl FnMut() -> Drawn<'a>,
) -> BTreeMap<Asked, usize> {
    let truths = Asked::ALL.map(|asked| (asked, asked.truth(population)));
    let mut held = BTreeMap::from(Asked::ALL.map(|asked| (asked, 0)));
    for _ in 0..samples {
        let drawn = draw();
        for (asked, truth) in truths {
            if let Outcome::Estimated(found) = drawn.outcome(asked) {
                *held.entry(asked).or_default() += usize::from(found.low <= truth && truth <= found.high);
            }
        }
    }
    held.into_iter().map(|(asked, held)| (asked, held * 1000 / samples)).collect()
}

#[track_caller]
fn assert_covers(found: &BTreeMap<Asked, usize>, asked: Asked, expected: std::ops::RangeInclusive<usize>) {
    assert!(expected.contains(&found[&asked]), "{asked:?} is held by {} per mille of the intervals", found[&asked]);
}

fn count(number: usize) -> u64 {
    u64::try_from(number).expect("few schools")
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

/// Districts and their schools, smallest districts first.
fn districts(population: &[Member]) -> Vec<Vec<&Member>> {
    let mut districts: BTreeMap<u64, Vec<&Member>> = BTreeMap::new();
    for school in population {
        districts.entry(school.district).or_default().push(school);
    }
    let mut districts: Vec<Vec<&Member>> = districts.into_values().collect();
    districts.sort_by_key(Vec::len);
    districts
}

/// Draws so many of the districts and all of their schools.
fn whole_districts<'a>(seeded: &mut Seeded, districts: &[Vec<&'a Member>], n: usize) -> Drawn<'a> {
    let drawn = seeded.draw(n, districts.len());
    let w = Wide::from_ratio(count(districts.len()), count(n));
    let schools = drawn
        .iter()
        .enumerate()
        .flat_map(|(psu, district)| districts[*district].iter().map(move |school| (*school, 0, psu, w)));
    let schools: Vec<_> = schools.collect();
    let stratum = Stratum {
        key: Vec::new(),
        units: count(schools.len()),
        psus: count(n),
        population: Some(Wide::from_count(count(districts.len()))),
        weight: Some(w),
    };
    let design = DesignTable { units_are_psus: false, ..DesignTable::of_strata(vec![stratum], LonelyPsu::Refuse) };
    Drawn { design, schools }
}

/// Draws so many of the districts of each stratum and one in so many of their schools, but two at least; the design is what its
/// columns tell.
fn schools_of_districts<'a>(seeded: &mut Seeded, strata: &[(&[Vec<&'a Member>], usize)], one_in: usize) -> Drawn<'a> {
    let mut clusters = Vec::new();
    let mut members = Vec::new();
    for (stratum, (districts, n)) in strata.iter().enumerate() {
        for district in seeded.draw(*n, districts.len()) {
            let schools = &districts[district];
            let size = |of: usize| Size::constant(Wide::from_count(count(of)));
            for school in seeded.draw(schools.len().div_ceil(one_in).max(2), schools.len()) {
                clusters.push(SampledCluster {
                    stratum: vec![stratum.to_string()],
                    path: vec![district.to_string(), school.to_string()],
                    units: 1,
                    sizes: vec![size(districts.len()), size(schools.len())],
                });
                members.push(schools[school]);
            }
        }
    }
    let found = sampled_design(&clusters, &[], LonelyPsu::Refuse, Weights::FromSizes).expect("no district is lonely");
    let weights = found.weights.expect("they were asked for");
    let schools = members.into_iter().zip(found.of_cluster).zip(weights);
    let schools = schools.map(|((school, (stratum, psu)), w)| (school, stratum, psu, w)).collect();
    Drawn { design: found.table, schools }
}

/// Some 350 schools; 500 samples, for time, leave a standard error of one point. Half as large a sample is too small for the total,
/// which the few schools drawn in the largest districts decide: measured, 92 % of its intervals hold.
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
    let found = coverage(500, &population, || schools_of_districts(&mut seeded, &strata, 10));
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
    let found = coverage(1000, &population, || whole_districts(&mut seeded, &of_like_size, 30));
    for asked in Asked::ALL {
        assert_covers(&found, asked, 930..=970);
    }
}
