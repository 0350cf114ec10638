//! Numerators, complements, nobody and everybody.

use super::*;
use codebook::MagnitudeRule;
use estimate::Sizes;

use crate::{Cell, Hidden};

/// Of 700 answers of the state so many in the category; the other levels have half of theirs in it.
fn survey(positive: u64) -> Survey {
    let share = estimate::Wide::from_count(positive).to_f64() / 700.0;
    let Outcome::Estimated(estimate) = about(share, 0.002, 700) else { unreachable!("it is an estimate") };
    let state = Outcome::Estimated(Estimate { positive, ..estimate });
    let mut survey = Survey::of_shares(about(0.5, 0.02, 2_100), [about(0.5, 0.03, 700), about(0.5, 0.03, 700), state]);
    survey.rules = Rules { numerators: Numerators::Never, ..RULES };
    survey
}

/// Whether the state is hidden as confidential.
fn is_hidden(survey: &Survey) -> bool {
    let published = survey.disclose();
    let cell = *published.table(&table_id()).unwrap().cell(&row("any"), &group("state")).expect("the table is there");
    match cell {
        Cell::Hidden(why) => why == Hidden::Confidential,
        Cell::Shown(_) | Cell::Flagged(_, _) => false,
    }
}

#[test]
fn few_in_a_category_or_outside_it_are_confidential_where_the_table_is_sensitive() {
    for (positive, is_few) in
        [(0, false), (1, true), (4, true), (5, false), (695, false), (696, true), (699, true), (700, false)]
    {
        let mut survey = survey(positive);
        assert!(!is_hidden(&survey), "{positive} of 700, where numerators do not count");
        survey.rules.numerators = Numerators::Sensitive;
        assert!(!is_hidden(&survey), "{positive} of 700, in an ordinary table");
        survey.spec.sensitivity = Sensitivity::Sensitive;
        assert_eq!(is_hidden(&survey), is_few, "{positive} of 700, in a sensitive table");
        survey.spec.sensitivity = Sensitivity::Ordinary;
        survey.rules.numerators = Numerators::Always;
        assert_eq!(is_hidden(&survey), is_few, "{positive} of 700, where all numerators count");
    }
}

#[test]
fn where_everybody_answered_few_in_a_category_are_known_to_be_all_there_are() {
    let survey = survey(3);
    let mut contributors = behind(&survey.table, [3.0; 3]);
    let rules = Rules { numerators: Numerators::Sensitive, ..RULES };
    let state = &mut contributors[0][3];
    assert!(!crate::rule::is_confidential(state, &survey.spec, rules));
    state.take_all = true;
    assert!(crate::rule::is_confidential(state, &survey.spec, rules));
}

#[test]
fn nobody_and_everybody_are_told_unless_the_country_hides_them() {
    for positive in [0, 700] {
        let mut survey = survey(positive);
        assert!(!is_hidden(&survey));
        survey.rules.extremes = Extremes::Sensitive;
        assert!(!is_hidden(&survey));
        survey.spec.sensitivity = Sensitivity::Sensitive;
        assert!(is_hidden(&survey), "{positive} of 700 is told of each of them");
        survey.spec.sensitivity = Sensitivity::Ordinary;
        survey.rules.extremes = Extremes::Hidden;
        assert!(is_hidden(&survey));
    }
    let mut middle = survey(350);
    middle.rules.extremes = Extremes::Hidden;
    assert!(!is_hidden(&middle));
}

#[test]
fn a_group_with_few_in_a_category_is_not_hidden_alone() {
    let mut survey = survey(3);
    survey.rules.numerators = Numerators::Always;
    let published = survey.disclose();
    let table = published.table(&table_id()).unwrap();
    let hidden =
        LEVELS.iter().filter(|level| table.cell(&row("any"), &group(level)).is_some_and(|it| it.figures().is_none()));
    assert_eq!(hidden.count(), 2, "the total less the others would tell it");
}

#[test]
fn the_usual_choices_are_not_kept_and_others_are() {
    let survey = survey(350);
    let (bytes, seal) = survey.disclose().seal();
    assert!(String::from_utf8(bytes.clone()).unwrap().contains("\"numerators\":\"never\""));
    assert_eq!(Published::open(&bytes, &seal).unwrap(), survey.disclose());
    let (bytes, _) = Survey::sound().disclose().seal();
    assert!(!String::from_utf8(bytes).unwrap().contains("numerators"));
}

/// Whether a total of these contributions is confidential under a rule.
fn is_dominated(sizes: [f64; 5], rest: f64, rule: MagnitudeRule) -> bool {
    let mut survey = survey(350);
    survey.spec.measure = Measure::Total;
    let total = sizes.iter().sum::<f64>() + rest;
    let contributors = Contributors {
        n: 700,
        positive: 700,
        weight: 700.0,
        lightest: 1.0,
        heaviest: 1.0,
        take_all: true,
        sizes: Some(Sizes { total, largest: sizes }),
    };
    crate::rule::is_confidential(&contributors, &survey.spec, Rules { magnitudes: Some(rule), ..RULES })
}

#[test]
fn a_mean_or_total_of_which_all_but_a_few_have_nothing_is_confidential() {
    let mut survey = survey(350);
    let mut contributors = behind(&survey.table, [3.0; 3]);
    let mut is_confidential = |measure, positive| {
        survey.spec.measure = measure;
        contributors[0][3].positive = positive;
        crate::rule::is_confidential(&contributors[0][3], &survey.spec, RULES)
    };
    for measure in [Measure::Mean, Measure::Total, Measure::Ratio] {
        let told = [0, 1, 4, 5, 700].map(|positive| is_confidential(measure, positive));
        assert_eq!(told, [false, true, true, false, false], "{measure:?} of 700 answers");
    }
}

#[test]
fn a_total_is_confidential_where_its_largest_are_most_of_it() {
    // 70 + 12 + 10 + 5 + 1 + 2 = 100: one is 70 per cent, two are 82.
    let sizes = [70.0, 12.0, 10.0, 5.0, 1.0];
    let dominance = |n, k| is_dominated(sizes, 2.0, MagnitudeRule::Dominance { n, k });
    assert_eq!([dominance(1, 69), dominance(1, 70), dominance(2, 81), dominance(2, 82)], [true, false, true, false]);
    // All but the two largest are 18, which is 25.7 per cent of 70.
    let percent = |p| is_dominated(sizes, 2.0, MagnitudeRule::Percent { p });
    assert_eq!([percent(25), percent(26)], [false, true]);
    // Who knows the 18 within half of them beforehand has 9 to hide behind: 12.9 per cent of 70.
    let prior = |p| is_dominated(sizes, 2.0, MagnitudeRule::PriorPosterior { p, q: 50 });
    assert_eq!([prior(12), prior(13)], [false, true]);
}

#[test]
fn hidden_groups_together_are_dominated_unless_a_large_one_of_many_is_among_them() {
    let behind = |total, largest| Contributors {
        n: 50,
        positive: 50,
        weight: 50.0,
        lightest: 1.0,
        heaviest: 1.0,
        take_all: false,
        sizes: Some(Sizes { total, largest }),
    };
    let rules = Rules { magnitudes: Some(MagnitudeRule::Dominance { n: 1, k: 75 }), ..RULES };
    let together = |groups: &[Contributors]| crate::rule::is_confidential_together(groups, rules);
    let (dominated, small) = (behind(100.0, [90.0, 1.0, 1.0, 1.0, 1.0]), behind(10.0, [2.0; 5]));
    let large = behind(300.0, [10.0; 5]);
    assert!(together(&[dominated, small]), "90 of 110, which all less the shown ones tells");
    assert!(!together(&[dominated, large]), "90 of 400");
    assert!(!together(&[small, large]));
    let nothing = Contributors { positive: 2, ..small };
    assert!(together(&[nothing, nothing]), "four have anything");
    assert!(!together(&[]));
}

#[test]
fn a_magnitude_is_hidden_with_groups_that_outweigh_its_largest() {
    // Of the state's 100 one has 90; the regions have 300, all alike, and the municipalities, which cost no more to hide, as many as told.
    let survey = || {
        let mut survey = survey(350);
        survey.spec.measure = Measure::Total;
        survey.rules = Rules { magnitudes: Some(MagnitudeRule::Dominance { n: 1, k: 75 }), ..RULES };
        survey
    };
    let published = |municipalities: f64| {
        let survey = survey();
        let mut contributors = behind(&survey.table, [3.0; 3]);
        for row in &mut contributors {
            let sizes = [
                (410.0, [90.0, 10.0, 10.0, 10.0, 10.0]),
                (municipalities, [2.0; 5]),
                (300.0, [10.0; 5]),
                (100.0, [90.0, 1.0, 1.0, 1.0, 1.0]),
            ];
            for (cell, (total, largest)) in row.iter_mut().zip(sizes) {
                cell.sizes = Some(Sizes { total, largest });
            }
        }
        let published = survey.released(|release| disclose(Release { contributors: &[contributors], ..release }));
        let table = published.table(&table_id()).unwrap();
        LEVELS.map(|level| table.cell(&row("any"), &group(level)).is_some_and(|cell| cell.figures().is_some()))
    };
    assert_eq!(published(10.0), [false; 3], "90 of the 110 in municipalities and state: the regions go, too");
    assert_eq!(published(100.0), [false, true, false], "90 of 200 are fewer than three quarters");
}

#[test]
fn the_rule_for_magnitudes_comes_back_from_the_store() {
    for rule in [
        MagnitudeRule::Dominance { n: 1, k: 75 },
        MagnitudeRule::Percent { p: 10 },
        MagnitudeRule::PriorPosterior { p: 10, q: 50 },
    ] {
        let mut survey = Survey::sound();
        survey.rules = Rules { magnitudes: Some(rule), ..RULES };
        let (bytes, seal) = survey.disclose().seal();
        assert_eq!(Published::open(&bytes, &seal).unwrap().rules().magnitudes, Some(rule));
    }
}

/// A survey about all, and a table of other questions about those whom a sensitive one puts into a base: so many of the 700 of the state, and 350 of each other level.
fn with_sensitive_base(in_base: u64, rules: Rules, sensitivity: Sensitivity) -> Published {
    let half = |n: u64| about(0.5, 0.03, n);
    let all = Survey::of_shares(about(0.5, 0.02, 2_100), [half(700), half(700), half(700)]);
    let mut part = Survey::of_shares(half(700 + in_base), [half(350), half(350), half(in_base)]);
    part.spec.id = TableId::new("of_users").unwrap();
    part.spec.base = BaseId::new("users").unwrap();
    part.spec.base_sensitivity = sensitivity;
    part.table.id = part.spec.id.clone();
    part.spec.rows[0].item = VariableName::new("another").unwrap();
    part.spec.rows.truncate(1);
    part.table.rows.truncate(1);
    part.table.cells.truncate(1);
    let contributors = [&all, &part].map(|survey| behind(&survey.table, [3.0; 3]));
    let tables = [all.table.clone(), part.table.clone()];
    all.released(|release| {
        let bases = vec![(part.spec.base.clone(), 700 + in_base)];
        let fieldwork = Fieldwork { bases, answers: 2_100, ..release.fieldwork.clone() };
        let specs = [&all.spec, &part.spec];
        disclose(Release { specs: &specs, tables: &tables, contributors: &contributors, fieldwork, rules, ..release })
    })
}

#[test]
fn who_is_not_in_a_base_that_a_sensitive_question_makes_is_a_numerator_of_it() {
    let hidden = |in_base, rules, sensitivity| {
        let published = with_sensitive_base(in_base, rules, sensitivity);
        let table = published.table(&TableId::new("of_users").unwrap()).unwrap().clone();
        let is_hidden = |level: &&&str| table.cell(&row("any"), &group(level)).is_none_or(|it| it.figures().is_none());
        LEVELS.iter().filter(is_hidden).count()
    };
    let (numerators, sensitive) = (Rules { numerators: Numerators::Sensitive, ..RULES }, Sensitivity::Sensitive);
    for (in_base, groups) in [(350, 0), (695, 0), (696, 2), (699, 2), (700, 0)] {
        assert_eq!(hidden(in_base, numerators, sensitive), groups, "{in_base} of 700");
        assert_eq!(hidden(in_base, numerators, Sensitivity::Ordinary), 0, "{in_base} of 700 in an ordinary base");
        let never = Rules { numerators: Numerators::Never, ..RULES };
        assert_eq!(hidden(in_base, never, sensitive), 0, "{in_base} of 700 where numerators do not count");
    }
    let extremes = Rules { extremes: Extremes::Sensitive, ..numerators };
    assert_eq!(hidden(700, extremes, sensitive), 2, "that all of the state are in the base is told of each of them");
    assert_eq!(hidden(700, extremes, Sensitivity::Ordinary), 0);
}

#[test]
fn that_nobody_or_everybody_is_in_a_sensitive_base_is_told_only_where_extremes_are() {
    let named = |n: u64, extremes, sensitivity| {
        let mut survey = Survey::sound();
        survey.spec.base = BaseId::new("users").unwrap();
        survey.spec.base_sensitivity = sensitivity;
        survey.rules = Rules { extremes, ..RULES };
        survey.bases = vec![(survey.spec.base.clone(), n)];
        !survey.disclose().fieldwork().bases.is_empty()
    };
    for n in [0, 2_271] {
        assert!(named(n, Extremes::Shown, Sensitivity::Sensitive), "{n}");
        assert!(named(n, Extremes::Sensitive, Sensitivity::Ordinary), "{n}");
        assert!(!named(n, Extremes::Sensitive, Sensitivity::Sensitive), "{n}");
        assert!(!named(n, Extremes::Hidden, Sensitivity::Sensitive), "{n}");
    }
    assert!(named(1_000, Extremes::Sensitive, Sensitivity::Sensitive));
}
