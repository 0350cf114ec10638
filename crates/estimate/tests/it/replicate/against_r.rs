//! R 4.2.2, survey 4.1-1: `as.svrepdesign(design, mse = ..)`, then svymean and the others.

use super::*;

/// Schools with one of their columns as value, all PSUs numbered; groups are "a" where the school met its target
/// for comparable improvement and "b" where not.
fn units(sample: &[School], column: &str, units_are_psus: bool) -> Vec<Unit> {
    let unit = |(number, school): (usize, &School)| {
        let unit = school.unit(school.number(column), if school.text("comp.imp") == "Yes" { "a" } else { "b" });
        if units_are_psus { Unit { psu: number, ..unit } } else { unit }
    };
    sample.iter().enumerate().map(unit).collect()
}

/// Sums of which x is another column.
fn ratio(sample: &[School], above: &[Unit], below: &str) -> Sums {
    let Sums::ByUnit(values) = sums(above, Road::Unit) else { panic!("sums by unit") };
    let value = |(value, school): (UnitValue, &School)| UnitValue { x: school.number(below), ..value };
    Sums::ByUnit(values.iter().copied().zip(sample).map(value).collect())
}

fn undeclared(design: &DesignTable) -> DesignTable {
    let strata = design.strata.iter().map(|stratum| Stratum { population: None, ..stratum.clone() }).collect();
    DesignTable { strata, ..design.clone() }
}

struct Expected {
    corrected: bool,
    centre: Centre,
    mean: f64,
    of_group: f64,
    difference: f64,
    total: f64,
    ratio: f64,
}

fn compare(name: &str, units_are_psus: bool, df: f64, cases: &[Expected]) {
    let sample = schools(name);
    let [api, enrolled, tested] =
        ["api00", "enroll", "api.stu"].map(|column| units(&sample.schools, column, units_are_psus));
    for case in cases {
        let mut design = if case.corrected { sample.design.clone() } else { undeclared(&sample.design) };
        let mut replicates = Replicates::jackknife(&design, &strata_of(&api));
        replicates.centre = case.centre;
        design.replicates = Some(replicates);
        let se = |outcome: Outcome| {
            let found = estimated(outcome);
            assert_near(found.df, df, 0.0);
            found.se
        };
        for road in [Road::Psu, Road::Unit] {
            let group =
                |group: &str| sums(&api.iter().filter(|unit| unit.group == group).cloned().collect::<Vec<_>>(), road);
            let [a, b] = ["a", "b"].map(group);
            assert_near(se(Single::Mean.estimate(&sums(&api, road), &design, METHOD)), case.mean, 1e-12);
            assert_near(se(Single::Mean.estimate(&a, &design, METHOD)), case.of_group, 1e-12);
            assert_near(se(Single::Mean.difference(&a, &b, &design, METHOD)), case.difference, 1e-12);
            assert_near(se(Single::Total.estimate(&sums(&enrolled, road), &design, METHOD)), case.total, 1e-12);
        }
        let ratio = ratio(&sample.schools, &tested, "enroll");
        assert_near(se(Single::Ratio.estimate(&ratio, &design, METHOD)), case.ratio, 1e-12);
    }
}

#[test]
fn leaving_out_one_district_at_a_time_is_the_jk1_of_r() {
    // With the population's 757 districts declared and squares around the mean of the replicates: R's default.
    let r_default = Expected {
        corrected: true,
        centre: Centre::Mean,
        mean: 26.3293605895276,
        of_group: 24.6611181604715,
        difference: 18.4477164885598,
        total: 932_235.027041215,
        ratio: 0.00951708517561472,
    };
    compare("clus1", false, 14.0, &[r_default]);
    for (corrected, centre, se) in [
        (true, Centre::Estimate, 26.3348576684592),
        (false, Centre::Mean, 26.5941613577106),
        (false, Centre::Estimate, 26.5997137220988),
    ] {
        let sample = schools("clus1");
        let api = units(&sample.schools, "api00", false);
        let mut design = if corrected { sample.design.clone() } else { undeclared(&sample.design) };
        let mut replicates = Replicates::jackknife(&design, &strata_of(&api));
        replicates.centre = centre;
        design.replicates = Some(replicates);
        assert_near(estimated(Single::Mean.estimate(&sums(&api, Road::Psu), &design, METHOD)).se, se, 1e-12);
    }
}

#[test]
fn leaving_out_one_school_at_a_time_in_each_stratum_is_the_jkn_of_r() {
    let corrected = Expected {
        corrected: true,
        centre: Centre::Mean,
        mean: 9.40894080278461,
        of_group: 11.746845916192,
        difference: 19.8590384903284,
        total: 114_641.71610078,
        ratio: 0.00777250903998768,
    };
    let around_the_estimate = Expected {
        centre: Centre::Estimate,
        of_group: 11.7468459161965,
        difference: 19.8590436436914,
        ratio: 0.00777250905056013,
        ..corrected
    };
    let uncorrected = Expected {
        corrected: false,
        centre: Centre::Mean,
        mean: 9.53613229692519,
        of_group: 11.8971168880647,
        difference: 20.1345835332743,
        total: 117_319.085968965,
        ratio: 0.00798609767317993,
    };
    compare("strat", true, 197.0, &[corrected, around_the_estimate, uncorrected]);
}

#[test]
fn whole_weights_of_a_jackknife_in_a_file_give_the_same_numbers_but_for_the_correction() {
    // svrepdesign(repweights = weights(as.svrepdesign(dclus1), "analysis"), weights = ~pw, type = "JK1")
    let sample = schools("clus1");
    let api = units(&sample.schools, "api00", false);
    let weights: Vec<Wide> = api.iter().map(|unit| unit.w).collect();
    let created = Replicates::jackknife(&sample.design, &strata_of(&api));
    let in_replicate = |factors: &Vec<Wide>| api.iter().map(|unit| unit.w * factors[unit.psu]).collect();
    let method = ReplicateMethod::Jk1 { correction: Wide::ONE };
    let replicate_weights = created.factors.iter().map(in_replicate).collect();
    let supplied =
        Replicates::supplied(&method, &weights, replicate_weights, ReplicateWeights::Combined).expect("sound");
    let design = with(&sample.design, supplied);
    let mean = estimated(Single::Mean.estimate(&sums(&api, Road::Unit), &design, METHOD));
    assert_near(mean.se, 26.5941613577106, 1e-12);
    assert_near(mean.df, 14.0, 0.0);
}

/// R's `scd`: arrests and survivors of cardiac arrest, two ambulance services in each of three areas (Levy and
/// Lemeshow 1999).
const ARRESTS: [u64; 6] = [120, 78, 185, 228, 670, 530];
const ALIVE: [u64; 6] = [25, 24, 30, 49, 80, 70];
/// The half samples of ?svrepdesign.
const HALVES: [[u64; 6]; 4] = [[2, 0, 2, 0, 2, 0], [2, 0, 0, 2, 0, 2], [0, 2, 2, 0, 0, 2], [0, 2, 0, 2, 2, 0]];

/// Sums over the six services.
fn services(x: Option<&[u64; 6]>, y: &[u64; 6]) -> Sums {
    let value = |(unit, y): (usize, &u64)| UnitValue {
        stratum: 0,
        psu: unit,
        unit,
        w: Wide::ONE,
        x: x.map_or(Wide::ONE, |x| Wide::from_count(x[unit])),
        y: Wide::from_count(*y),
    };
    Sums::ByUnit(y.iter().enumerate().map(value).collect())
}

#[test]
fn half_samples_successive_differences_and_bootstraps_are_scaled_as_in_r() {
    let rho = Wide::from_ratio(3, 10);
    let halves: Vec<Vec<Wide>> = HALVES.iter().map(|half| whole(half)).collect();
    let with_rho = |factor: &Wide| rho + (Wide::ONE - rho) * *factor;
    let softened: Vec<Vec<Wide>> = halves.iter().map(|half| half.iter().map(with_rho).collect()).collect();
    // Standard errors of mean arrests, of survivors per arrest and of the number of survivors, for both centres.
    let cases = [
        (ReplicateMethod::Brr, &halves, 25.3930217885851, 0.00941840066991849, 0.00942663573267296, 21.4941852602047),
        (
            ReplicateMethod::Fay { rho },
            &softened,
            25.3930217885851,
            0.00952518747770524,
            0.0095291891428917,
            21.4941852602047,
        ),
        (ReplicateMethod::Sdr, &softened, 35.5502305040191, 0.0133352624687873, 0.0133408648000484, 30.0918593642866),
        (
            ReplicateMethod::Bootstrap,
            &halves,
            29.3213359303552,
            0.0108754323242264,
            0.0108849413556226,
            24.8193472919817,
        ),
    ];
    for (method, factors, mean, ratio_around_mean, ratio_around_estimate, total) in cases {
        let ones = [Wide::ONE; 6];
        let supplied = Replicates::supplied(&method, &ones, factors.clone(), ReplicateWeights::Factors);
        let mut replicates = supplied.expect("the half samples of R are sound");
        assert_near(replicates.df, 3.0, 0.0);
        for (centre, ratio) in [(Centre::Mean, ratio_around_mean), (Centre::Estimate, ratio_around_estimate)] {
            replicates.centre = centre;
            let design = with(&design(&[(6, None)], LonelyPsu::Refuse), replicates.clone());
            let se = |single: Single, sums: &Sums| estimated(single.estimate(sums, &design, METHOD)).se;
            assert_near(se(Single::Mean, &services(None, &ARRESTS)), mean, 1e-12);
            assert_near(se(Single::Ratio, &services(Some(&ARRESTS), &ALIVE)), ratio, 1e-12);
            assert_near(se(Single::Total, &services(None, &ALIVE)), total, 1e-12);
        }
    }
    // By hand: pairs of survivors differ by 1, 19 and 10; V = 1 + 361 + 100.
    assert_near(21.4941852602047, 462.0_f64.sqrt(), 1e-14);
}
