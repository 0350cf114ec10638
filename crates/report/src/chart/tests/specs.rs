//! Drawings of every kind, of usual and of extreme numbers. All of them are made up.

use super::super::{
    Axis, Bar, Bars, Diverging, Drawing, End, Fill, Form, Group, Link, Opposed, Plot, Point, Reach, Reading, Series,
    Side, Single, Stack, Stacked, Tick, Waves,
};
use crate::language::Number;

/// An estimate with its limits, in whole per cent.
pub(super) fn shown(estimate: i64, low: i64, high: i64) -> Reading {
    let number = |units| Number { units, decimals: 0 };
    Reading::Shown {
        reach: Reach { estimate: number(estimate), low: number(low), high: number(high) },
        value: format!("{estimate}\u{a0}%"),
        bare: estimate.to_string(),
        limits: format!("{low}–{high}"),
    }
}

/// A share with limits some points away, inside 0 and 100.
pub(super) fn share(estimate: i64) -> Reading {
    let margin = if estimate == 0 || estimate == 100 { 0 } else { 1 + estimate * (100 - estimate) / 600 };
    shown(estimate, (estimate - margin).max(0), (estimate + margin).min(100))
}

pub(super) fn hidden() -> Reading {
    Reading::Absent { symbol: "c".to_owned(), reason: "for få svar til at kunne offentliggøres".to_owned() }
}

pub(super) fn drawing(id: &str, plot: Plot) -> Drawing {
    Drawing {
        id: id.to_owned(),
        title: format!("Chart {id}"),
        description: "Made up for the gallery.".to_owned(),
        readings: String::new(),
        mark: "SYNTETISKE DATA (SYNTHETIC)".to_owned(),
        plot,
    }
}

pub(super) fn bars(groups: Vec<Group>) -> Bars {
    let reaches: Vec<Reach> = groups.iter().flat_map(|it| &it.bars).filter_map(|bar| bar.reading.reach()).collect();
    let decimals = reaches.first().map_or(0, |reach| reach.estimate.decimals);
    let is_share = reaches.iter().all(|reach| reach.high.units <= 100);
    let axis = Axis::over(&reaches, decimals, if is_share { End::AtMost(100) } else { End::Open });
    let ticks = axis.marks().into_iter().map(|number| Tick { number, words: number.units.to_string() }).collect();
    Bars { unit: "Procent".to_owned(), limits: "95 %-interval".to_owned(), groups, axis, ticks }
}

pub(super) fn bar(label: &str, fill: Fill, reading: Reading) -> Bar {
    Bar { label: label.to_owned(), fill, reading }
}

fn plain(items: &[(&str, i64)]) -> Vec<Group> {
    let bars = items.iter().map(|(label, value)| bar(label, Fill::Plain, share(*value))).collect();
    vec![Group { heading: String::new(), bars }]
}

const FACTORS: [(&str, i64, i64); 7] = [
    ("Medarbejdernes medvirken", 4, 85),
    ("Samarbejde på tværs af arbejdspladsen", 6, 79),
    ("Ny teknologi", 11, 42),
    ("Øverste leders medvirken", 9, 61),
    ("Lovgivning", 21, 22),
    ("Begrænset økonomi", 34, 17),
    ("Fokus på sikker drift", 19, 14),
];

const OPPOSITES: [(&str, i64, i64); 4] =
    [("Alle imod", 100, 0), ("Alle for", 0, 100), ("Ingen af delene", 0, 0), ("Næsten ingen", 1, 1)];

const FINNISH: [(&str, i64); 4] = [
    ("Elinkeinoelämän järjestöjen ja yritysten kanssa tehtävä yhteistyö", 64),
    ("Epäjärjestelmällistyttämättömyydelläänsäkäänköhän", 37),
    ("Lautakuntavalmistelujärjestelmän kehittämishankkeiden vaikuttavuusarviointi", 12),
    ("Ei osaa sanoa", 3),
];

fn diverging(items: &[(&str, i64, i64)], parts: bool) -> Plot {
    let side = |value: i64, is_hidden: bool| {
        let total = if is_hidden { hidden() } else { share(value) };
        let parts = match (parts, is_hidden) {
            (_, true) => vec![hidden(), hidden()],
            (true, false) => vec![share(value * 2 / 3), share(value - value * 2 / 3)],
            (false, false) => vec![total.clone()],
        };
        Side { total, parts }
    };
    let bars = items.iter().enumerate().map(|(index, (label, left, right))| Opposed {
        label: (*label).to_owned(),
        left: side(*left, index == 4),
        right: side(*right, false),
    });
    let words = |fills: Vec<(Fill, &str)>| fills.into_iter().map(|(fill, words)| (fill, words.to_owned())).collect();
    let (left, right) = if parts {
        (
            vec![(Fill::Against(1), "Hæmmede i nogen grad"), (Fill::Against(0), "Hæmmede i høj grad")],
            vec![(Fill::Series(2), "Fremmede i nogen grad"), (Fill::Series(0), "Fremmede i høj grad")],
        )
    } else {
        (
            vec![(Fill::Against(0), "Hæmmede i nogen eller høj grad")],
            vec![(Fill::Series(0), "Fremmede i nogen eller høj grad")],
        )
    };
    Plot::Diverging(opposed(words(left), words(right), bars.collect()))
}

/// Bars of two sides, on the scale that they ask for.
pub(super) fn opposed(left: Vec<(Fill, String)>, right: Vec<(Fill, String)>, bars: Vec<Opposed>) -> Diverging {
    let axis = Axis::from_the_middle(&bars, 0);
    let tick = |number: Number| Tick { number, words: format!("{}\u{a0}%", number.units.abs()) };
    let ticks = axis.marks().into_iter().map(tick).collect();
    Diverging { left, right, bars, axis, ticks }
}

fn stacked(rows: &[(&str, [i64; 4])]) -> Plot {
    let answers = [
        (Fill::Series(0), "Ja, nuværende kerneopgaver"),
        (Fill::Series(1), "Ja, fremtidige kerneopgaver"),
        (Fill::Series(2), "Nej"),
        (Fill::Muted, "Ved ikke"),
    ];
    let stack = |(index, (label, values)): (usize, &(&str, [i64; 4]))| Stack {
        label: (*label).to_owned(),
        is_total: index == 0,
        readings: values.iter().map(|value| if *value < 0 { hidden() } else { share(*value) }).collect(),
    };
    Plot::Stacked(Stacked {
        unit: "Procent".to_owned(),
        answers: answers.map(|(fill, words)| (fill, words.to_owned())).to_vec(),
        bars: rows.iter().enumerate().map(stack).collect(),
        decimals: 0,
    })
}

fn waves(names: &[&str], series: &[(&str, &[i64])], broken: &[usize], notes: &[&str]) -> Plot {
    let points = |values: &[i64]| {
        let point = |(wave, value): (usize, &i64)| Point {
            reading: match *value {
                -1 => None,
                -2 => Some(hidden()),
                value => Some(share(value)),
            },
            link: if broken.contains(&wave) { Link::Broken } else { Link::Comparable },
        };
        values.iter().enumerate().map(point).collect()
    };
    let series = series.iter().map(|(label, it)| Series { label: (*label).to_owned(), points: points(it) });
    let names = names.iter().map(|name| (*name).to_owned());
    let notes = notes.iter().map(|note| (*note).to_owned());
    Plot::Waves(over_waves(names.collect(), series.collect(), notes.collect()), Form::Lines)
}

/// Shares in several waves, on the scale that they ask for.
pub(super) fn over_waves(waves: Vec<String>, series: Vec<Series>, notes: Vec<String>) -> Waves {
    let readings = series.iter().flat_map(|series| series.points.iter().filter_map(|point| point.reading.as_ref()));
    let axis = Axis::up(&readings.filter_map(Reading::reach).collect::<Vec<_>>(), 0, End::AtMost(100));
    let ticks = axis.marks().into_iter().map(|number| Tick { number, words: number.units.to_string() }).collect();
    // A wave is named after its year, or a window that ends in it.
    let year = |wave: &String| wave.trim_end_matches('*').rsplit('–').next().and_then(|year| year.parse().ok());
    let years = waves.iter().filter_map(year).collect();
    Waves { unit: "Procent".to_owned(), waves, years, series, notes, axis, ticks, outside: Vec::new() }
}

/// Every kind, by name.
pub(super) fn gallery() -> Vec<(&'static str, Drawing)> {
    let mut all: Vec<(&'static str, Plot)> = Vec::new();
    all.extend(of_bars());
    all.extend(of_parts());
    all.extend(of_waves());
    all.into_iter().map(|(name, plot)| (name, drawing(name, plot))).collect()
}

fn of_bars() -> Vec<(&'static str, Plot)> {
    let right = || FACTORS.iter().map(|(label, _, right)| (*label, *right)).collect::<Vec<_>>();
    let forty = |index: usize| {
        let value = i64::try_from(index).unwrap() * 100 / 39;
        bar(&format!("Branche nummer {}", index + 1), Fill::Plain, share(100 - value))
    };
    let mut levels = vec![bar("Alle", Fill::Total, shown(81, 79, 83))];
    levels.push(bar("Kommuner", Fill::Plain, shown(80, 78, 82)));
    levels.push(bar("Regioner", Fill::Plain, hidden()));
    levels.push(bar("Stat", Fill::Muted, shown(84, 79, 88)));
    let group = |(label, _, value): &(&str, i64, i64)| Group {
        heading: (*label).to_owned(),
        bars: vec![
            bar("Om kerneopgaven", Fill::Series(0), share(*value)),
            bar("Andre innovationer", Fill::Series(1), if *value == 42 { hidden() } else { share(*value / 2 + 9) }),
        ],
    };
    let groups: Vec<Group> = FACTORS.iter().take(4).map(group).collect();
    let count = |units| Number { units, decimals: 0 };
    let total = Reading::Shown {
        reach: Reach { estimate: count(3_687_178), low: count(3_461_095), high: count(3_913_260) },
        value: "3.687.178".to_owned(),
        bare: "3.687.178".to_owned(),
        limits: "3.461.095–3.913.260".to_owned(),
    };
    let only = |bars: Vec<Bar>| vec![Group { heading: String::new(), bars }];
    vec![
        ("bar", Plot::Bar(bars(plain(&right())))),
        ("bar-one", Plot::Bar(bars(plain(&[("Højere kvalitet", 68)])))),
        ("bar-forty", Plot::Bar(bars(only((0..40).map(forty).collect())))),
        ("bar-ends", Plot::Bar(bars(plain(&[("Alle", 100), ("Ingen", 0), ("Næsten ingen", 1)])))),
        ("bar-tiny", Plot::Bar(bars(plain(&[("Fonde", 2), ("Udenlandske aktører", 1), ("Ingen", 0)])))),
        ("bar-finnish", Plot::Bar(bars(plain(&FINNISH)))),
        (
            "bar-hidden",
            Plot::Bar(bars(only(vec![bar("Regioner", Fill::Plain, hidden()), bar("Stat", Fill::Plain, hidden())]))),
        ),
        ("bar-levels", Plot::Bar(bars(only(levels.clone())))),
        ("bar-totals", Plot::Bar(bars(only(vec![bar("Elever", Fill::Plain, total)])))),
        ("grouped", Plot::Bar(bars(groups.clone()))),
        ("dot", Plot::Dot(bars(plain(&right())))),
        ("dot-levels", Plot::Dot(bars(only(levels)))),
        ("dot-grouped", Plot::Dot(bars(groups))),
        ("single", single("Innovationer, der har givet højere kvalitet", share(68))),
        ("single-all", single("Alle", share(100))),
        ("single-none", single("Epäjärjestelmällistyttämättömyydelläänsäkäänköhän", share(0))),
        ("single-hidden", single("Regioner", hidden())),
    ]
}

fn single(label: &str, reading: Reading) -> Plot {
    let limits = "95 %-interval 66–70".to_owned();
    Plot::Single(Single { label: label.to_owned(), reading, limits, decimals: 0 })
}

fn of_parts() -> Vec<(&'static str, Plot)> {
    let levels = [
        ("Alle", [77, 11, 9, 3]),
        ("Kommuner", [79, 10, 9, 2]),
        ("Regioner, hospitaler og psykiatri", [-1, 14, 10, -1]),
        ("Stat", [60, 20, 16, 5]),
    ];
    let ends =
        [("Alle", [100, 0, 0, 0]), ("Ingen", [0, 0, 0, 100]), ("Jævnt", [25, 25, 25, 25]), ("Skævt", [1, 1, 1, 97])];
    vec![
        ("diverging", diverging(&FACTORS, false)),
        ("diverging-parts", diverging(&FACTORS, true)),
        ("diverging-ends", diverging(&OPPOSITES, false)),
        ("diverging-short", diverging(&[("Kun fremmer", 1, 97)], false)),
        ("stacked", stacked(&levels)),
        ("stacked-one", stacked(&levels[..1])),
        ("stacked-ends", stacked(&ends)),
        ("stacked-hidden", stacked(&[("Alle", [-1, -1, -1, -1])])),
    ]
}

/// The same as columns, waves at these places outside of the series.
fn columns(plot: Plot, outside: &[usize]) -> Plot {
    let Plot::Waves(waves, _) = plot else { panic!("columns are of waves") };
    Plot::Waves(Waves { outside: outside.to_vec(), ..waves }, Form::Columns)
}

fn of_waves() -> Vec<(&'static str, Plot)> {
    let items: [(&str, &[i64]); 4] = [
        ("Højere kvalitet", &[70, 68]),
        ("Effektivitet", &[46, 52]),
        ("Medarbejdertilfredshed", &[45, 47]),
        ("Indfrielse af politiske mål", &[-1, 21]),
    ];
    let long: [(&str, &[i64]); 4] = [
        ("Samarbejde med andre", &[79, 77, 71, 73]),
        ("Genbrug af andres innovation", &[73, 74, 72, 71]),
        ("Teknologi", &[-1, -1, 11, 11]),
        ("Fonde", &[9, -2, 10, 12]),
    ];
    let years = ["2014", "2016", "2019", "2023"];
    let windows = ["2013–2014", "2015–2016", "2018–2019", "2021–2023"];
    let forty: Vec<String> = (0..40).map(|index| format!("Emne nummer {}", index + 1)).collect();
    let values: Vec<[i64; 2]> = (0..40).map(|index| [20 + index, 60 - index / 2]).collect();
    let many: Vec<(&str, &[i64])> = forty.iter().zip(&values).map(|(it, values)| (it.as_str(), &values[..])).collect();
    let rising: Vec<[i64; 4]> = (0..12).map(|index| [70 - index, 60 - 2 * index, -1, 40 + index]).collect();
    let twelve: Vec<(&str, &[i64])> =
        forty.iter().zip(&rising).map(|(it, values)| (it.as_str(), &values[..])).collect();
    let finnish: Vec<(&str, &[i64])> = FINNISH.iter().map(|(label, _)| (*label, &[50, 51, 49][..])).collect();
    vec![
        ("columns", columns(waves(&years, &[("", &[86, 81, 81, 83])], &[], &[]), &[0])),
        ("columns-broken", columns(waves(&years, &[("", &[86, -2, 81, 40])], &[2], &[]), &[])),
        ("columns-hidden", columns(waves(&years, &[("", &[-2, -2, -2, 0])], &[], &[]), &[])),
        ("columns-tiny", columns(waves(&years[2..], &[("", &[2, 0])], &[], &[]), &[])),
        ("slope", waves(&years[1..3], &items, &[], &[])),
        ("slope-forty", waves(&years[1..3], &many, &[], &[])),
        ("line-twelve", waves(&years, &twelve, &[], &[])),
        ("line", waves(&windows, &long, &[], &[])),
        (
            "line-broken",
            waves(&windows, &long, &[2], &["Brud mellem 2015–2016 og 2018–2019: spørgsmålet er omformuleret."]),
        ),
        ("line-one", waves(&years, &[("Har indført innovation", &[86, 81, 81, 83])], &[1], &[])),
        ("line-uneven", waves(&["2004", "2016", "2018", "2019"], &[("Alle", &[40, 44, -2, 61])], &[], &[])),
        ("line-finnish", waves(&years[..3], &finnish, &[], &[])),
        ("line-ends", waves(&years, &[("Alle", &[0, 100, 0, 100]), ("Ingen", &[100, 0, 100, 0])], &[], &[])),
    ]
}
