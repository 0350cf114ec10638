//! Charts, as files to look at and as rules that every drawing keeps.

mod gallery;
mod layout;
mod specs;

use super::*;
use specs::{bar, bars, drawing, hidden, share, shown};

fn only(bars: Vec<Bar>) -> Vec<Group> {
    vec![Group { heading: String::new(), bars }]
}

fn reach(estimate: i64, low: i64, high: i64) -> Reach {
    shown(estimate, low, high).reach().unwrap()
}

fn number(units: i64, decimals: u8) -> Number {
    Number { units, decimals }
}

#[test]
fn coordinates_are_those_of_the_rounded_numbers() {
    let svg = drawing("f", Plot::Bar(bars(only(vec![bar("Quality", Fill::Plain, shown(50, 40, 60))])))).inline();
    // The label's column is 19 per cent wide, and the plot starts there.
    let wide = svg.split_once("</svg>").unwrap().0;
    let track = wide.split_once("class=\"track\" x=\"19%\"").unwrap().1.split_once("width=\"").unwrap().1;
    let track: i64 = track.split_once('%').unwrap().0.parse().unwrap();
    let halves = format!("class=\"bar\" x=\"19%\" y=\"28\" width=\"{}%\"", half(track));
    assert!(wide.contains(&halves), "{halves} {wide}");
}

/// Half of some whole per cents, as it is written.
fn half(percent: i64) -> String {
    if percent % 2 == 0 { (percent / 2).to_string() } else { format!("{}.5", percent / 2) }
}

#[test]
fn the_scale_starts_at_zero_and_ends_at_a_round_number() {
    let marks = |highs: &[i64]| {
        let reaches: Vec<Reach> = highs.iter().map(|high| reach(*high, 0, *high)).collect();
        Axis::over(&reaches, 0, true).marks().iter().map(|mark| mark.units).collect::<Vec<_>>()
    };
    assert_eq!(marks(&[81]), [0, 50, 100]);
    assert_eq!(marks(&[51]), [0, 50, 100]);
    assert_eq!(marks(&[50]), [0, 30, 60]);
    assert_eq!(marks(&[17]), [0, 10, 20]);
    assert_eq!(marks(&[0]), [0, 1, 2]);
    assert_eq!(marks(&[]), [0, 50, 100]);
}

#[test]
fn a_scale_of_means_with_decimals_is_in_their_units() {
    let reaches = [Reach { estimate: number(6623, 1), low: number(6445, 1), high: number(6801, 1) }];
    let axis = Axis::over(&reaches, 1, false);
    assert_eq!(axis.marks(), [number(0, 1), number(4000, 1), number(8000, 1)]);
    assert_eq!(axis.place(axis::Plot { start: 0, width: 100 }, number(6623, 1)).to_string(), "82.79");
}

#[test]
fn negative_estimates_reach_left_of_zero() {
    let axis = Axis::over(&[reach(-3, -6, 1)], 0, false);
    let plot = axis::Plot { start: 0, width: 100 };
    assert_eq!(axis.marks().iter().map(|mark| mark.units).collect::<Vec<_>>(), [-6, 0, 2]);
    assert_eq!(
        [axis.place(plot, number(-3, 0)), axis.place(plot, number(0, 0))].map(|it| it.to_string()),
        ["37.5", "75"]
    );
}

#[test]
fn a_scale_of_two_sides_ends_soon_behind_the_farthest_on_each() {
    let ends = |left, right| Axis::opposed(left, right, 0).marks().iter().map(|mark| mark.units).collect::<Vec<_>>();
    assert_eq!(ends(23, 86), [-30, 0, 90]);
    assert_eq!(ends(4, 100), [-4, 0, 100]);
    assert_eq!(ends(0, 0), [0, 0, 1], "a side without anything has no room");
}

#[test]
fn lines_keep_the_distances_of_time() {
    let (_, uneven) = specs::gallery().into_iter().find(|(name, _)| *name == "line-uneven").unwrap();
    let Plot::Waves(waves, Form::Lines) = uneven.plot else { panic!("lines are of waves") };
    let plot = axis::Plot { start: 0, width: 100 };
    let places: Vec<String> = (0..4).map(|wave| waves.place(plot, wave).to_string()).collect();
    // 2004, 2016, 2018 and 2019: 12, 14 and 15 years of 15.
    assert_eq!(places, ["0", "80", "93.33", "100"]);
}

#[test]
fn every_part_of_a_stacked_bar_has_its_number_in_every_room() {
    let (_, ends) = specs::gallery().into_iter().find(|(name, _)| *name == "stacked-ends").unwrap();
    let svg = ends.inline();
    // Four bars of four answers, drawn twice.
    assert_eq!(svg.matches("<text class=\"value middle\"").count(), 32);
}

#[test]
fn more_lines_than_can_be_told_apart_stand_in_panels_of_their_own() {
    let names = |name: &str| {
        let (_, drawing) = specs::gallery().into_iter().find(|(found, _)| *found == name).unwrap();
        drawing.alone("", &[]).matches("class=\"trend t2\"").count()
    };
    assert!(names("line") > 0, "in one panel, the second series has a style of its own");
    assert_eq!(names("line-twelve"), 0);
}

#[test]
fn long_labels_break_between_words_into_even_lines() {
    let lines = |text, width| Face::Label.lines(text, width);
    assert_eq!(lines("Arbejdspladsens håndtering af fejl", 230), ["Arbejdspladsens", "håndtering af fejl"]);
    assert_eq!(lines("Private virksomheder", 230), ["Private virksomheder"]);
}

#[test]
fn a_word_that_is_too_long_breaks_with_a_hyphen() {
    let lines = Face::Label.lines("Epäjärjestelmällistyttämättömyydelläänsäkäänköhän", 200);
    let (last, others) = lines.split_last().unwrap();
    assert!(!others.is_empty() && others.iter().all(|line| line.ends_with('-')), "{lines:?}");
    assert!(lines.iter().all(|line| Face::Label.width(line) <= 200), "{lines:?}");
    assert_eq!(
        others.iter().map(|line| line.trim_end_matches('-')).collect::<String>() + last,
        "Epäjärjestelmällistyttämättömyydelläänsäkäänköhän"
    );
}

#[test]
fn a_word_breaks_where_its_soft_hyphens_allow_it_and_shows_no_other() {
    let lines = |width| Face::Label.lines("Medarbejder\u{ad}tilfredshed", width);
    assert_eq!(lines(120), ["Medarbejder-", "tilfredshed"]);
    assert_eq!(lines(300), ["Medarbejdertilfredshed"]);
}

#[test]
fn words_in_a_drawing_are_escaped() {
    let svg = drawing("f", Plot::Bar(bars(only(vec![bar("R&D <10", Fill::Plain, share(20))])))).inline();
    assert!(svg.contains("R&amp;D &lt;10") && !svg.contains("<10"), "{svg}");
}

#[test]
fn what_is_not_shown_has_a_symbol_and_no_bar() {
    let levels = vec![bar("Region", Fill::Plain, share(81)), bar("State", Fill::Plain, hidden())];
    let svg = drawing("f", Plot::Bar(bars(only(levels)))).inline();
    // Once with labels beside the bars, once with labels above.
    assert_eq!(svg.matches("class=\"bar\"").count(), 2);
    // Whoever has not read what the symbol means reads the reason first.
    assert_eq!(svg.matches(">for få svar").count() + svg.matches(">c</text>").count(), 2);
}

#[test]
fn a_drawing_says_its_name_and_what_there_is_to_see() {
    let svg = drawing("f", Plot::Bar(bars(only(vec![bar("Quality", Fill::Plain, share(68))])))).inline();
    assert_eq!(svg.matches("role=\"img\" aria-labelledby=\"f-t\" aria-describedby=\"f-d\"").count(), 2);
    assert!(svg.contains("<title id=\"f-t\">Chart f</title>") && svg.contains("<desc id=\"f-d\">Made up"), "{svg}");
}

#[test]
fn over_a_break_there_is_no_line() {
    let trends = |name: &str| {
        let (_, drawing) = specs::gallery().into_iter().find(|(found, _)| *found == name).unwrap();
        drawing.alone("", &[]).matches("<line class=\"trend").count()
    };
    // Two items in all four waves, one in the last two, one hidden in the second: 3 + 3 + 1 + 1; the break takes one of each but
    // of those that were not there before.
    assert_eq!(trends("line"), 8);
    assert_eq!(trends("line-broken"), 6);
}
