//! Phrases at the edges of their rules, and what is proposed in place of words that do not hold.

use proptest::prelude::*;

use super::*;
use crate::{Instead, Verdict, VerdictKind};

/// A list as a language pack has it: tenths and some fixed phrases.
fn phrases() -> Vec<SharePhrase> {
    let tenths = (1..10).map(|part| (format!("{part} out of 10"), 10.0 * f64::from(part)));
    let fixed = [("half", 50.0), ("one in six", 100.0 / 6.0), ("every ninth", 100.0 / 9.0), ("three quarters", 75.0)];
    let fixed = fixed.map(|(words, percent)| (words.to_owned(), percent));
    tenths.chain(fixed).map(|(words, percent)| SharePhrase { words, percent }).collect()
}

fn near() -> Predicate {
    Predicate::Near { table: table_id(), row: row("any"), group: None }
}

/// A survey whose total is this share, told like this.
fn told(share: f64, spoken: Spoken) -> Survey {
    let levels = [about(0.80, 0.03, 900), about(0.85, 0.03, 700), about(0.84, 0.03, 671)];
    let survey = Survey::of_shares(about(share, 0.01, 2_271), levels).claiming(near(), Some(spoken));
    Survey { phrases: phrases(), ..survey }
}

fn only_verdict(survey: &Survey) -> Verdict {
    survey.disclose().verdicts()[0].clone()
}

fn holds(survey: &Survey) -> bool {
    only_verdict(survey).kind == VerdictKind::Holds
}

fn because(survey: &Survey) -> String {
    match only_verdict(survey).kind {
        VerdictKind::Fails { because } => because,
        other @ (VerdictKind::Holds | VerdictKind::Refused(_)) => panic!("{other:?}"),
    }
}

fn phrase(percent: f64, lean: Lean) -> Spoken {
    Spoken::Phrase { percent, lean }
}

#[test]
fn a_phrase_gives_way_to_a_nearer_one() {
    // 77.5 lies between three quarters and 8 out of 10.
    assert!(holds(&told(0.774, phrase(75.0, Lean::Neither))));
    assert!(holds(&told(0.775, phrase(75.0, Lean::Neither))), "both are as near");
    assert!(holds(&told(0.775, phrase(80.0, Lean::Neither))));
    assert!(!holds(&told(0.776, phrase(75.0, Lean::Neither))));
    assert_eq!(
        because(&told(0.776, phrase(75.0, Lean::Neither))),
        "\"8 out of 10\" is nearer than \"the words\" to the estimate, which is 78 per cent (interval 77 to 79)"
    );
    assert!(holds(&told(0.776, phrase(80.0, Lean::Neither))));
}

#[test]
fn just_over_and_just_under_tell_the_side() {
    assert!(holds(&told(0.801, phrase(80.0, Lean::Over))));
    assert!(!holds(&told(0.80, phrase(80.0, Lean::Over))));
    assert!(!holds(&told(0.80, phrase(80.0, Lean::Under))));
    assert!(holds(&told(0.799, phrase(80.0, Lean::Under))));
    assert_eq!(
        because(&told(0.799, phrase(80.0, Lean::Over))),
        "\"the words\" says that the estimate is above 80.0 per cent, and it is not: 80 per cent (interval 79 to 81)"
    );
    assert_eq!(
        because(&told(0.801, phrase(80.0, Lean::Under))),
        "\"the words\" says that the estimate is below 80.0 per cent, and it is not: 80 per cent (interval 79 to 81)"
    );
    assert!(!holds(&told(0.95, phrase(90.0, Lean::Over))), "just over is at most three points over");
}

#[test]
fn a_number_may_lean_as_well() {
    let percent = |lean| Spoken::Percent { value: 78.0, decimals: 0, lean };
    assert!(holds(&told(0.81, percent(Lean::Over))));
    assert!(!holds(&told(0.8101, percent(Lean::Over))));
    assert!(holds(&told(0.75, percent(Lean::Under))));
    assert!(!holds(&told(0.7799, percent(Lean::Over))));
    let mut mean = told(0.81, percent(Lean::Over));
    mean.spec.measure = Measure::Mean;
    assert!(because(&mean).contains("which only shares have"));
}

#[test]
fn words_that_fail_come_with_words_that_hold() {
    let proposed = |share, spoken| only_verdict(&told(share, spoken)).instead;
    let [Instead::Phrase(words), Instead::Percent(percent)] = &proposed(0.81, phrase(90.0, Lean::Neither))[..] else {
        panic!("a phrase and the share itself")
    };
    assert_eq!((words.as_str(), percent.units(), percent.decimals()), ("8 out of 10", 81, 0));
    // No listed phrase is near 95 per cent.
    let only = proposed(0.95, phrase(90.0, Lean::Neither));
    assert!(matches!(&only[..], [Instead::Percent(_)]), "{only:?}");
    assert_eq!(proposed(0.81, phrase(80.0, Lean::Neither)), [], "what holds needs nothing in its place");
    let bases = vec![(BaseId::new("all").unwrap(), 2_271)];
    let counted = Survey::sound().claiming(Predicate::Answers { base: bases[0].0.clone() }, Some(Spoken::Count(2_270)));
    assert_eq!(only_verdict(&Survey { bases, ..counted }).instead, [Instead::Count(2_271)]);
}

/// 2,271 answered in each of these.
#[test]
fn a_share_of_the_population_is_told_by_the_rules_of_shares() {
    let of = |population, spoken| {
        let survey = Survey::sound().claiming(Predicate::Answered, Some(spoken));
        Survey { phrases: phrases(), population, ..survey }
    };
    let sixth = || phrase(100.0 / 6.0, Lean::Neither);
    // 16.67 per cent holds, 16.7 less 15 % of the share just holds, one unit more just fails, 10.3 per cent fails.
    for (population, expected) in [(13_626, true), (15_669, true), (15_671, false), (22_000, false)] {
        assert_eq!(holds(&of(Some(population), sixth())), expected, "{population}");
    }
    assert!(holds(&of(Some(14_700), Spoken::Percent { value: 15.0, decimals: 0, lean: Lean::Neither })));
    let wrong = of(Some(22_000), sixth());
    assert_eq!(because(&wrong), "\"the words\" is not the 10 per cent that 2271 of 22000 are");
    let [Instead::Phrase(words), Instead::Percent(percent)] = &only_verdict(&wrong).instead[..] else {
        panic!("a phrase and a number")
    };
    assert_eq!((words.as_str(), percent.units()), ("1 out of 10", 10));
    assert_eq!(only_verdict(&of(None, sixth())).kind, VerdictKind::Refused(crate::Hidden::NotEstimable));
}

/// A survey that compares state with municipality, whose difference has these limits.
fn differing(low: f64, high: f64, at_least: f64) -> Survey {
    let more_often = Predicate::MoreOften { comparison: comparison("state", "municipality"), at_least };
    let outcome = about(f64::midpoint(low, high), (high - low) / 2.0, 800);
    Survey::sound().with_difference("state", "municipality", outcome).claiming(more_often, None)
}

#[test]
fn a_difference_that_is_not_far_may_be_a_difference() {
    let first = |low, high, at_least| only_verdict(&differing(low, high, at_least)).instead.remove(0);
    let more =
        |group: &str, than: &str| Instead::MoreOften { breakdown: level(), group: code(group), than: code(than) };
    assert_eq!(first(0.05, 0.2, 10.0), more("state", "municipality"));
    assert_eq!(first(-0.2, -0.05, 0.0), more("municipality", "state"));
    assert_eq!(first(-0.02, 0.2, 0.0), Instead::NoClearDifference);
    let shares = only_verdict(&differing(-0.02, 0.2, 0.0)).instead.remove(1);
    let Instead::Shares { groups, .. } = shares else { panic!("the shares of both: {shares:?}") };
    let told: Vec<_> = groups.iter().map(|(code, share)| (code.as_str(), share.units())).collect();
    assert_eq!(told, [("state", 84), ("municipality", 80)]);
}

#[test]
fn nothing_is_proposed_about_a_hidden_cell() {
    let mut survey = told(0.81, phrase(90.0, Lean::Neither));
    survey.table.cells[0][0] = about(0.81, 0.01, 4);
    let verdict = only_verdict(&survey);
    assert!(matches!(verdict.kind, VerdictKind::Refused(_)));
    assert_eq!(verdict.instead, []);
}

/// The survey with words as proposed in place of its own; `None` where there is nothing that one claim can state.
fn restated(survey: &Survey, instead: &Instead) -> Option<Survey> {
    let mut restated = Survey {
        claims: survey.claims.clone(),
        phrases: survey.phrases.clone(),
        wordings: survey.wordings.clone(),
        bases: survey.bases.clone(),
        quality: survey.quality.clone(),
        spec: survey.spec.clone(),
        table: survey.table.clone(),
        coverage: survey.coverage.clone(),
        ..*survey
    };
    match instead {
        Instead::Phrase(words) => {
            let phrase = survey.phrases.iter().find(|phrase| phrase.words == *words)?;
            restated.wordings[0].1 = Some(Spoken::Phrase { percent: phrase.percent, lean: Lean::Neither });
        }
        Instead::Percent(share) => {
            let (value, decimals) = (format!("{}e-{}", share.units(), share.decimals()), share.decimals());
            let value = value.parse().expect("a rounded number is one");
            restated.wordings[0].1 = Some(Spoken::Percent { value, decimals, lean: Lean::Neither });
        }
        Instead::MoreOften { group, than, .. } => {
            restated.claims[0] =
                Predicate::MoreOften { comparison: comparison(group.as_str(), than.as_str()), at_least: 0.0 };
            let reversed = &mut restated.table.differences[0];
            if reversed.comparison.group != *group {
                reversed.comparison = comparison(group.as_str(), than.as_str());
                let Outcome::Estimated(found) = reversed.outcome else { return None };
                let turned = Estimate { value: -found.value, low: -found.high, high: -found.low, ..found };
                reversed.outcome = Outcome::Estimated(turned);
            }
        }
        Instead::Number(_)
        | Instead::Count(_)
        | Instead::NoClearDifference
        | Instead::Rows { .. }
        | Instead::Shares { .. } => return None,
    }
    Some(restated)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever was said of whatever share: what is proposed in its place is judged to hold.
    #[test]
    fn every_proposal_about_a_share_holds(share in 0.03..0.97_f64, said in 1.0..99.0_f64) {
        let survey = told(share, phrase(said, Lean::Neither));
        let proposals = only_verdict(&survey).instead;
        prop_assert!(holds(&survey) || !proposals.is_empty());
        for instead in &proposals {
            let restated = restated(&survey, instead).expect("a share is told in words or digits");
            prop_assert!(holds(&restated), "{instead:?} for {share}");
        }
    }

    /// The same of differences, whose family has a second test.
    #[test]
    fn every_proposal_about_a_difference_holds(value in -0.3..0.3_f64, half in 0.01..0.2_f64, p in 0.0..0.1_f64) {
        let other = about(p, 0.05, 800);
        let survey = differing(value - half, value + half, 10.0)
            .with_difference("region", "municipality", other)
            .claiming(Predicate::MoreOften { comparison: comparison("region", "municipality"), at_least: 0.0 }, None);
        for instead in &only_verdict(&survey).instead {
            match restated(&survey, instead) {
                Some(restated) => prop_assert!(holds(&restated), "{instead:?} for {value} +- {half}"),
                None if *instead == Instead::NoClearDifference => {
                    let state = |group, than| Instead::MoreOften { breakdown: level(), group: code(group), than: code(than) };
                    for claimed in [state("state", "municipality"), state("municipality", "state")] {
                        let restated = restated(&survey, &claimed).expect("a comparison can be stated");
                        prop_assert!(!holds(&restated), "a difference is found for {value} +- {half}");
                    }
                }
                None => {
                    let are_shares = matches!(instead, Instead::Shares { .. });
                    prop_assert!(are_shares);
                }
            }
        }
    }
}

#[test]
fn the_proof_tells_how_far_an_estimate_is_from_making_a_sentence_false() {
    let slack = |survey: &Survey| {
        let proofs = survey.proofs();
        let tenths = |bound: Option<crate::Rounded>| bound.map(crate::Rounded::units);
        proofs.into_iter().map(move |proof| match proof.slack {
            crate::Slack::Exact => (proof.wording, None, None),
            crate::Slack::Points { down, up } => (proof.wording, tenths(down), tenths(up)),
        })
    };
    let only = |survey: &Survey| slack(survey).next();
    let percent = Spoken::Percent { value: 81.0, decimals: 0, lean: Lean::Neither };
    // 80.5 rounds to 81, and 81.5 to 82.
    assert_eq!(only(&told(0.808, percent)), Some((0, Some(3), Some(7))));
    // "8 out of 10" gives way to three quarters below 77.5, and is more than 3 points away above 83.
    assert_eq!(only(&told(0.81, phrase(80.0, Lean::Neither))), Some((0, Some(35), Some(20))));
    assert_eq!(only(&told(0.81, phrase(80.0, Lean::Over))), Some((0, Some(10), Some(20))));
    // A difference of 10 points with limits 4 from it is found as long as it is above 4 or so; nothing is too large for it.
    let Some((0, Some(down), None)) = only(&differing(0.06, 0.14, 0.0)) else { panic!("a bound below and none above") };
    assert!((55..=65).contains(&down), "{down}");
    assert_eq!(only(&told(0.81, phrase(90.0, Lean::Neither))), None, "what does not hold has no proof");
    // The most fragile comes first, and counts last.
    let bases = vec![(BaseId::new("all").unwrap(), 2_271)];
    let several = told(0.81, phrase(80.0, Lean::Neither))
        .claiming(Predicate::Answers { base: bases[0].0.clone() }, Some(Spoken::Count(2_271)))
        .claiming(near(), Some(percent));
    let order: Vec<usize> = slack(&Survey { bases, ..several }).map(|(wording, ..)| wording).collect();
    assert_eq!(order, [2, 0, 1]);
}
