//! Samples from the population of schools, and how often their intervals hold the truth.

use std::collections::BTreeMap;

use codebook::LonelyPsu;
use estimate::{
    Degrees, DesignTable, IntervalMethod, Method, Outcome, Quantile, SampledCluster, Single, Size, Stratum, Sums,
    ValueCell, WeightedDistribution, Weights, Wide, sampled_design,
};

use crate::sample::{Road, Unit, ratio_sums};

pub(crate) const METHOD: Method = Method { shares: IntervalMethod::Xlogit, level: 0.95, degrees: Degrees::Domain };

/// A number generator good enough to draw samples: SplitMix64 (Steele, Lea and Flood 2014).
pub(crate) struct Seeded(pub(crate) u64);

impl Seeded {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// `n` of the numbers below `of`, each set as likely as any other but for 2^-50 (Fisher and Yates, the first n steps).
    pub(crate) fn draw(&mut self, n: usize, of: usize) -> Vec<usize> {
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
pub(crate) struct Member {
    pub(crate) district: u64,
    pub(crate) stratum: String,
    score: u64,
    score_before: u64,
    met_target: bool,
    tested: u64,
}

impl Member {
    fn is_elementary(&self) -> bool {
        self.stratum == "E"
    }
}

pub(crate) fn population() -> Vec<Member> {
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
pub(crate) enum Asked {
    /// Mean score.
    Mean,
    /// Share of schools that met their target.
    Share,
    /// Pupils tested.
    Total,
    /// The score over that of the year before.
    Ratio,
    /// Median score.
    Median,
    /// The mean score of elementary schools less that of the others.
    Difference,
}

impl Asked {
    pub(crate) const ALL: [Self; 6] =
        [Self::Mean, Self::Share, Self::Total, Self::Ratio, Self::Median, Self::Difference];

    /// y and x.
    fn values(self, school: &Member) -> (u64, u64) {
        match self {
            Self::Mean | Self::Median | Self::Difference => (school.score, 1),
            Self::Share => (u64::from(school.met_target), 1),
            Self::Total => (school.tested, 1),
            Self::Ratio => (school.score, school.score_before),
        }
    }

    fn truth(self, population: &[Member]) -> f64 {
        let ratio = |schools: &mut dyn Iterator<Item = &Member>| {
            let (y, x) = schools.map(|school| self.values(school)).fold((0, 0), |(y, x), (b, a)| (y + b, x + a));
            Wide::from_ratio(y, x)
        };
        match self {
            Self::Total => Wide::from_count(population.iter().map(|school| self.values(school).0).sum()).to_f64(),
            Self::Mean | Self::Share | Self::Ratio => ratio(&mut population.iter()).to_f64(),
            Self::Difference => {
                let [elementary, others] =
                    [true, false].map(|is| ratio(&mut population.iter().filter(|school| school.is_elementary() == is)));
                (elementary - others).to_f64()
            }
            // The smallest score that half of the schools do not exceed.
            Self::Median => {
                let mut scores: Vec<u64> = population.iter().map(|school| school.score).collect();
                scores.sort_unstable();
                Wide::from_count(scores[scores.len().div_ceil(2) - 1]).to_f64()
            }
        }
    }
}

/// A sample: each school with its stratum, number of its cluster and weight.
pub(crate) struct Drawn<'a> {
    pub(crate) design: DesignTable,
    pub(crate) schools: Vec<(&'a Member, usize, usize, Wide)>,
}

impl Drawn<'_> {
    fn outcome(&self, asked: Asked) -> Outcome {
        let all = |_: &Member| true;
        match asked {
            Asked::Mean => Single::Mean.estimate(&self.sums(asked, all), &self.design, METHOD),
            Asked::Share => Single::Share.estimate(&self.sums(asked, all), &self.design, METHOD),
            Asked::Total => Single::Total.estimate(&self.sums(asked, all), &self.design, METHOD),
            Asked::Ratio => Single::Ratio.estimate(&self.sums(asked, all), &self.design, METHOD),
            Asked::Median => {
                WeightedDistribution::new(&self.value_cells(asked)).quantile(Quantile::of(0.5), &self.design, METHOD)
            }
            Asked::Difference => {
                let [elementary, others] =
                    [true, false].map(|is| self.sums(asked, move |school| school.is_elementary() == is));
                Single::Mean.difference(&elementary, &others, &self.design, METHOD)
            }
        }
    }

    fn sums(&self, asked: Asked, counts: impl Fn(&Member) -> bool) -> Sums {
        let unit = |(school, stratum, psu, w): &(&Member, usize, usize, Wide)| {
            let (y, x) = asked.values(school);
            let y = Wide::from_count(y);
            (Unit { stratum: *stratum, psu: *psu, w: *w, y, group: "a" }, Wide::from_count(x))
        };
        let road = if self.design.units_are_psus { Road::Stratum } else { Road::Psu };
        let inside = self.schools.iter().filter(|(school, ..)| counts(school));
        ratio_sums(&inside.map(unit).collect::<Vec<_>>(), road)
    }

    fn value_cells(&self, asked: Asked) -> Vec<ValueCell> {
        let cell = |(number, (school, stratum, psu, w)): (usize, &(&Member, usize, usize, Wide))| ValueCell {
            stratum: *stratum,
            psu: *psu,
            value: Wide::from_count(asked.values(school).0),
            n: 1,
            w: *w,
            ww: w.square(),
            last: number,
            last_w: *w,
        };
        self.schools.iter().enumerate().map(cell).collect()
    }
}

/// Per mille of so many samples whose interval holds the truth. What is not estimable does not hold it.
pub(crate) fn coverage<'a>(
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
pub(crate) fn assert_covers(found: &BTreeMap<Asked, usize>, asked: Asked, expected: std::ops::RangeInclusive<usize>) {
    assert!(expected.contains(&found[&asked]), "{asked:?} is held by {} per mille of the intervals", found[&asked]);
}

pub(crate) fn count(number: usize) -> u64 {
    u64::try_from(number).expect("few schools")
}

/// Districts and their schools, smallest districts first.
pub(crate) fn districts(population: &[Member]) -> Vec<Vec<&Member>> {
    let mut districts: BTreeMap<u64, Vec<&Member>> = BTreeMap::new();
    for school in population {
        districts.entry(school.district).or_default().push(school);
    }
    let mut districts: Vec<Vec<&Member>> = districts.into_values().collect();
    districts.sort_by_key(Vec::len);
    districts
}

/// Draws so many of the districts and all of their schools.
pub(crate) fn whole_districts<'a>(seeded: &mut Seeded, districts: &[Vec<&'a Member>], n: usize) -> Drawn<'a> {
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
pub(crate) fn schools_of_districts<'a>(
    seeded: &mut Seeded,
    strata: &[(&[Vec<&'a Member>], usize)],
    one_in: usize,
) -> Drawn<'a> {
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
