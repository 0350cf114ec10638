//! No word of a chart stands on another one or outside of the drawing, at any width.
//!
//! Boxes are read from the SVG, not from the layout: what a reader's program gets is what is measured.

use proptest::prelude::*;

use super::super::{
    Bars, Drawing, Fill, Form, Group, Link, Opposed, Plot, Point, Reading, Room, Series, Side, Single, Stack, Stacked,
};
use super::specs::{bar, bars, drawing, gallery, hidden, opposed, over_waves, share};
use crate::chart::text::Face;

/// A text with its ends across at some width, and its top and bottom.
#[derive(Debug)]
struct TextBox {
    words: String,
    across: [f64; 2],
    down: [f64; 2],
}

const FACES: [Face; 7] = [Face::Strong, Face::Label, Face::Value, Face::Quiet, Face::Mark, Face::Large, Face::Headline];

fn attribute<'s>(tag: &'s str, name: &str) -> Option<&'s str> {
    Some(tag.split_once(&format!(" {name}=\""))?.1.split_once('"')?.0)
}

fn number(tag: &str, name: &str) -> f64 {
    attribute(tag, name).map_or(0.0, |value| value.parse().unwrap())
}

fn boxes(svg: &str, width: f64) -> Vec<TextBox> {
    let texts = svg.split("<text ").skip(1);
    let text = |text: &str| {
        let (tag, rest) = text.split_once('>').unwrap();
        let (tag, words) = (format!(" {tag}"), rest.split_once("</text>").unwrap().0);
        let words = words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        let class = attribute(&tag, "class").unwrap();
        let face = FACES.into_iter().find(|face| class.starts_with(face.class())).unwrap();
        let long = f64::from(i32::try_from(face.width(&words)).unwrap());
        let x = match attribute(&tag, "x") {
            Some(x) => {
                x.strip_suffix('%').map_or_else(|| x.parse().unwrap(), |x| width * x.parse::<f64>().unwrap() / 100.0)
            }
            None => 0.0,
        };
        let x = x + number(&tag, "dx");
        let start = if class.ends_with(" end") {
            x - long
        } else if class.ends_with(" middle") {
            x - long / 2.0
        } else {
            x
        };
        let (base, size) = (number(&tag, "y"), f64::from(i32::try_from(face.size()).unwrap()));
        TextBox { words, across: [start, start + long], down: [base - 0.8 * size, base + 0.22 * size] }
    };
    texts.map(text).collect()
}

/// What is wrong with the words of a drawing.
fn faults(drawing: &Drawing) -> Vec<String> {
    let mut faults = Vec::new();
    for (room, widths) in [(Room::Wide, [648.0, 832.0]), (Room::Narrow, [304.0, 663.0])] {
        let (svg, height) = drawing.draw(room);
        let height = f64::from(i32::try_from(height).unwrap());
        for width in widths {
            let boxes = boxes(&svg, width);
            let [outside, over] = [0.6, 0.5];
            for (index, one) in boxes.iter().enumerate() {
                let is_inside = one.across[0] >= -outside
                    && one.across[1] <= width + outside
                    && one.down[0] >= -outside
                    && one.down[1] <= height + outside;
                if !is_inside {
                    let TextBox { words, across, down } = one;
                    faults.push(format!("{room:?} {width}: {words:?} at {across:?}, {down:?} leaves the drawing"));
                }
                for other in &boxes[index + 1..] {
                    let apart = |one: [f64; 2], other: [f64; 2]| one[1] <= other[0] + over || other[1] <= one[0] + over;
                    if !apart(one.across, other.across) && !apart(one.down, other.down) {
                        faults.push(format!("{room:?} {width}: {:?} stands on {:?}", one.words, other.words));
                    }
                }
            }
        }
    }
    faults
}

#[test]
fn no_word_of_the_gallery_stands_on_another_or_outside() {
    let faults: Vec<String> = gallery()
        .iter()
        .flat_map(|(name, it)| faults(it).into_iter().map(move |fault| format!("{name}: {fault}")))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn words_that_stand_on_each_other_are_found() {
    let svg = "<text class=\"label\" y=\"14\">one</text><text class=\"value\" x=\"10\" y=\"20\">two</text>";
    let found = boxes(svg, 300.0);
    assert!(found[0].across[1] > found[1].across[0] && found[0].down[1] > found[1].down[0], "{found:?}");
}

fn label() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        4 => "[a-zæøå]{1,14}",
        1 => Just("Epäjärjestelmällistyttämättömyydelläänsäkäänköhän".to_owned()),
        1 => Just("Ж—&<W@".to_owned()),
    ];
    prop::collection::vec(word, 1..7).prop_map(|words| words.join(" "))
}

fn reading() -> impl Strategy<Value = Reading> {
    prop_oneof![1 => Just(hidden()), 8 => (0..=100_i64).prop_map(share)]
}

fn fill() -> impl Strategy<Value = Fill> {
    prop_oneof![Just(Fill::Plain), Just(Fill::Total), Just(Fill::Muted), (0..6_usize).prop_map(Fill::Series)]
}

fn of_bars() -> impl Strategy<Value = Plot> {
    let one = (label(), fill(), reading()).prop_map(|(label, fill, reading)| bar(&label, fill, reading));
    let heading = prop_oneof![Just(String::new()), label()];
    let group = (heading, prop::collection::vec(one, 1..6)).prop_map(|(heading, bars)| Group { heading, bars });
    (prop::collection::vec(group, 1..5), any::<bool>(), label(), label()).prop_map(
        |(groups, are_dots, unit, limits)| {
            let bars = Bars { unit, limits: limits.chars().take(30).collect(), ..bars(groups) };
            if are_dots { Plot::Dot(bars) } else { Plot::Bar(bars) }
        },
    )
}

fn of_parts() -> impl Strategy<Value = Plot> {
    let answers = prop::collection::vec((fill(), label()), 1..6);
    let bars = prop::collection::vec((label(), any::<bool>(), prop::collection::vec(reading(), 5)), 1..6);
    let stacked = (answers, bars).prop_map(|(answers, bars)| {
        let bars = bars.into_iter().map(|(label, is_total, readings)| Stack { label, is_total, readings }).collect();
        Plot::Stacked(Stacked { unit: "Procent".to_owned(), answers, bars, decimals: 0 })
    });
    let side = || (reading(), prop::collection::vec(reading(), 2)).prop_map(|(total, parts)| Side { total, parts });
    let bars = prop::collection::vec((label(), side(), side()), 1..8);
    let answers = || prop::collection::vec((fill(), label()), 1..3);
    let diverging = (answers(), answers(), bars).prop_map(|(left, right, bars)| {
        let bars = bars.into_iter().map(|(label, left, right)| Opposed { label, left, right }).collect();
        Plot::Diverging(opposed(left, right, bars))
    });
    let single = (label(), reading(), label())
        .prop_map(|(label, reading, limits)| Plot::Single(Single { label, reading, limits, decimals: 0 }));
    prop_oneof![stacked, diverging, single]
}

fn of_waves() -> impl Strategy<Value = Plot> {
    let link = || prop_oneof![4 => Just(Link::Comparable), 1 => Just(Link::Broken)];
    let point = (prop::option::weighted(0.8, reading()), link()).prop_map(|(reading, link)| Point { reading, link });
    let series = (label(), prop::collection::vec(point, 8)).prop_map(|(label, points)| Series { label, points });
    let notes = prop::collection::vec(label(), 0..3);
    (2..=8_usize, prop::collection::vec(series, 1..12), notes).prop_map(|(waves, mut series, notes)| {
        series.iter_mut().for_each(|series| series.points.truncate(waves));
        let waves = (0..waves).map(|wave| format!("{}–{}", 2013 + 2 * wave, 2014 + 2 * wave)).collect();
        Plot::Waves(over_waves(waves, series, notes), Form::Lines)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_word_of_any_chart_stands_on_another_or_outside(plot in prop_oneof![of_bars(), of_parts(), of_waves()]) {
        let faults = faults(&drawing("f", plot));
        prop_assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}
