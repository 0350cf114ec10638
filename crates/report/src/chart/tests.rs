use super::*;

fn number(units: i64, decimals: u8) -> Number {
    Number { units, decimals }
}

fn reach(estimate: i64, low: i64, high: i64) -> Reach {
    Reach { estimate: number(estimate, 0), low: number(low, 0), high: number(high, 0) }
}

fn bar(label: &str, estimate: i64, low: i64, high: i64) -> Bar {
    let numbers = BarReach {
        reach: reach(estimate, low, high),
        value: format!("{estimate}%"),
        interval: format!("{low}–{high}"),
    };
    Bar { label: label.to_owned(), tone: Tone::Plain, reach: Some(numbers), absent: String::new() }
}

fn chart(bars: Vec<Bar>) -> BarChart {
    let axis = Axis::over(&bars.iter().filter_map(|bar| Some(bar.reach.as_ref()?.reach)).collect::<Vec<_>>(), 0, true);
    let ticks = axis.marks().into_iter().map(|mark| (mark, mark.units.to_string())).collect();
    BarChart {
        id: "f".to_owned(),
        title: "Title".to_owned(),
        description: "Description".to_owned(),
        unit: "Per cent".to_owned(),
        interval: "95% interval".to_owned(),
        bars,
        axis,
        ticks,
        mark: String::new(),
    }
}

#[test]
fn coordinates_are_those_of_the_rounded_numbers() {
    let svg = chart(vec![bar("Quality", 68, 66, 70)]).inline();
    assert!(svg.contains("<rect class=\"bar\" x=\"0%\" width=\"68%\""), "{svg}");
    assert!(svg.contains("x1=\"66%\" x2=\"70%\""), "{svg}");
    assert!(svg.contains("x=\"70%\" dx=\"8\" y=\"14\">68%</text>"), "{svg}");
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
    assert_eq!(axis.position(number(6623, 1)).to_string(), "82.79");
}

#[test]
fn negative_estimates_reach_left_of_zero() {
    let axis = Axis::over(&[reach(-3, -6, 1)], 0, false);
    let positions = axis.positions(reach(-3, -6, 1));
    assert_eq!(axis.marks().iter().map(|mark| mark.units).collect::<Vec<_>>(), [-6, 0, 2]);
    assert_eq!((positions.from.to_string(), positions.width.to_string()), ("37.5".to_owned(), "37.5".to_owned()));
}

#[test]
fn long_labels_break_between_words() {
    assert_eq!(wrap("kommunikation med omverdenen og borgerne", 32), ["kommunikation med omverdenen og", "borgerne"]);
    assert_eq!(wrap("Folkeoplysningsforbundssamarbejdsaftaler", 32), ["Folkeoplysningsforbundssamarbejdsaftaler"]);
}

#[test]
fn labels_break_into_even_lines() {
    assert_eq!(lines("Arbejdspladsens håndtering af fejl"), ["Arbejdspladsens", "håndtering af fejl"]);
    assert_eq!(lines("Private virksomheder"), ["Private virksomheder"]);
}

#[test]
fn words_in_a_drawing_are_escaped() {
    let svg = chart(vec![bar("R&D <10", 20, 10, 30)]).inline();
    assert!(svg.contains("R&amp;D &lt;10") && !svg.contains("<10"), "{svg}");
}

#[test]
fn what_is_not_shown_has_words_and_no_bar() {
    let absent =
        Bar { label: "State".to_owned(), tone: Tone::Plain, reach: None, absent: "u too uncertain".to_owned() };
    let svg = chart(vec![bar("Region", 81, 79, 83), absent]).inline();
    // Once with labels beside the bars, once with labels above.
    assert_eq!(svg.matches("class=\"bar\"").count(), 2);
    assert_eq!(svg.matches(">u too uncertain</text>").count(), 2);
}

#[test]
fn a_drawing_says_its_name_and_what_there_is_to_see() {
    let svg = chart(vec![bar("Quality", 68, 66, 70)]).inline();
    assert_eq!(svg.matches("role=\"img\" aria-labelledby=\"f-t\" aria-describedby=\"f-d\"").count(), 2);
    assert!(svg.contains("<title id=\"f-t\">Title</title>") && svg.contains("<desc id=\"f-d\">Description</desc>"));
}

#[test]
fn long_numbers_keep_out_of_each_others_way() {
    let plot = |estimate, low, high, labels: Labels| labels.plot(&[bar("Pupils", estimate, low, high)]).width;
    assert_eq!(plot(68, 66, 70, Labels::Beside), 63);
    assert_eq!(
        plot(3_687_178, 3_461_095, 3_913_260, Labels::Beside),
        47,
        "a total and its limits need a third of the width"
    );
    assert_eq!(plot(3_687_178, 3_461_095, 3_913_260, Labels::Above), 72);
}
