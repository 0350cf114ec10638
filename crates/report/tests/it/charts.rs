//! Figures of every kind, from the country's files to the page: what is drawn, told and tabulated.

use crate::sample::{NUMBERS, Sample, country};

/// Tables that the sample country lacks, and their numbers.
const TABLES: &str = "
[tables.hindered]
title = { da = \"Hvad der hæmmede innovationerne\", en = \"What hindered the innovations\", es = \"Qué las obstaculizó\" }
base = \"innovative\"
measure = \"share\"
rows = [\"factors\"]
codes = [\"hindered\"]

[tables.core_yes]
title = { da = \"Kerneopgaven\", en = \"The core task\", es = \"La tarea\" }
base = \"innovative\"
measure = \"share\"
rows = [\"core\"]
codes = [\"now\", \"future\"]

[tables.core_by_size]
title = { da = \"Kerneopgaven\", en = \"Core task\", es = \"Tarea\" }
base = \"innovative\"
measure = \"share\"
rows = [\"core\"]
breakdowns = [\"size\"]
";
const MORE_NUMBERS: &str = "
hindered factors_employees total 4.2 0.5 1877
hindered factors_law total 20.6 1.0 1877
core_yes core total 90.3 0.7 1877
core_by_size core:now total 76.5 1.0 1877
core_by_size core:future total 13.8 0.8 1877
core_by_size core:no total 7.5 0.6 1877
core_by_size core:dont_know total 2.2 0.4 1877
core_by_size core:now size:small 70.4 2.0 600
core_by_size core:future size:small 15.4 1.0 600
core_by_size core:no size:small 10.4 1.0 600
core_by_size core:dont_know size:small 3.4 0.8 600
core_by_size core:now size:large 79 1.2 1277
core_by_size core:future size:large 13 0.9 1277
core_by_size core:no size:large 6 0.7 1277
core_by_size core:dont_know size:large 2 0.5 1277
";

/// The sample country whose figure `promoted` shows something else.
fn with_figure(lines: &str) -> Sample {
    let country = country(|text| {
        let text = text.replace("=== waves/2019.toml", &format!("{TABLES}\n=== waves/2019.toml"));
        let (before, after) = text.split_once("id = \"promoted\"").unwrap();
        format!("{before}id = \"promoted\"{}", after.replacen("table = \"promoted\"", lines, 1))
    });
    // With as many answers from small workplaces as the tables above have: four would be too few in each table of the base.
    let numbers = NUMBERS.replace("size:small 86 2 4\n", "size:small 86 2 600\n").replace("0.8 1873", "0.8 1277");
    Sample::with(country, include_str!("narratives.txt"), &format!("{numbers}{MORE_NUMBERS}"))
}

/// The figure on its English page.
fn figure(sample: &Sample) -> String {
    let page = sample.page("en/value.html");
    let block = page.split_once("<figure class=\"figure\" id=\"promoted\"").unwrap().1;
    block.split_once("</figure>").unwrap().0.replace("&#39;", "'")
}

/// The texts of a drawing, in their order; of a page's two drawings those of the first.
fn texts(svg: &str) -> Vec<String> {
    let drawing = svg.split_once("</desc>").unwrap().1;
    let end = drawing.find("<svg class=\"chart above\"").unwrap_or(drawing.len());
    let texts = drawing[..end].split("<text ").skip(1);
    texts.map(|text| text.split_once('>').unwrap().1.split_once("</text>").unwrap().0.to_owned()).collect()
}

/// The rows of the figure's table, cells apart by a bar.
fn table(figure: &str) -> Vec<String> {
    let body = figure.split_once("<tbody>").unwrap().1.split_once("</tbody>").unwrap().0;
    let cell = |cell: &str| cell.split_once('>').unwrap().1.split_once('<').unwrap().0.to_owned();
    let row = |row: &str| row.split("<t").skip(1).map(cell).collect::<Vec<_>>().join("|");
    body.split("<tr").skip(1).map(|it| row(it.split_once('>').unwrap().1)).collect()
}

#[test]
fn what_hinders_stands_left_of_what_promotes_with_both_totals() {
    let sample = with_figure("table = \"promoted\"\nagainst = \"hindered\"");
    let figure = figure(&sample);
    assert_eq!(
        texts(&figure),
        [
            "Hindered",
            "Promoted somewhat or Promoted a lot",
            "Participation of employees",
            "4%",
            "85%",
            "Legislation",
            "21%",
            "21%",
            "30%",
            "0%",
            "90%",
            "SYNTHETIC DATA"
        ]
    );
    assert!(figure.contains("To the left: “Hindered”. To the right: “Promoted somewhat” or “Promoted a lot”."));
    assert!(figure.contains("Diverging bar chart with 2 bars and the confidence intervals of both sides"), "{figure}");
    assert_eq!(
        table(&figure),
        [
            "Participation of employees|Hindered|4|3|5|1,877",
            "Participation of employees|Promoted somewhat or Promoted a lot|85|83|86|1,877",
            "Legislation|Hindered|21|19|23|1,877",
            "Legislation|Promoted somewhat or Promoted a lot|21|19|23|1,877",
        ]
    );
}

/// Each side is divided, the answers in the middle of the scale in the middle; totals stand at both ends.
#[test]
fn sides_are_divided_by_their_answers_and_the_totals_stay() {
    let divided = "
[tables.promoted_some]
title = { da = \"N\", en = \"Promoted somewhat\", es = \"A\" }
base = \"innovative\"
measure = \"share\"
rows = [\"factors\"]
codes = [\"promoted_some\"]

[tables.promoted_high]
title = { da = \"H\", en = \"Promoted a lot\", es = \"M\" }
base = \"innovative\"
measure = \"share\"
rows = [\"factors\"]
codes = [\"promoted_high\"]
";
    let country = country(|text| {
        let text = text.replace("=== waves/2019.toml", &format!("{TABLES}{divided}\n=== waves/2019.toml"));
        let (before, after) = text.split_once("id = \"promoted\"").unwrap();
        let lines = "table = \"promoted\"\nagainst = \"hindered\"\nparts = [\"promoted_high\", \"hindered\", \"promoted_some\"]";
        format!("{before}id = \"promoted\"{}", after.replacen("table = \"promoted\"", lines, 1))
    });
    let parts = "
promoted_some factors_employees total 30.4 1.0 1877
promoted_some factors_law total 12.3 0.8 1877
promoted_high factors_employees total 54.2 1.1 1877
promoted_high factors_law total 8.4 0.6 1877
";
    let numbers = NUMBERS.replace("size:small 86 2 4\n", "size:small 86 2 600\n").replace("0.8 1873", "0.8 1277");
    let numbers = format!("{numbers}{MORE_NUMBERS}{parts}");
    let sample = Sample::with(country, include_str!("narratives.txt"), &numbers);
    let figure = figure(&sample);
    let drawn = texts(&figure);
    assert_eq!(drawn[..3], ["Hindered", "Promoted somewhat", "Promoted a lot"]);
    assert_eq!(drawn[3..6], ["Participation of employees", "4%", "85%"], "totals, at both ends");
    assert_eq!(
        table(&figure)[..4],
        [
            "Participation of employees|Hindered|4|3|5|1,877",
            "Participation of employees|Hindered|4|3|5|1,877",
            "Participation of employees|Promoted somewhat or Promoted a lot|85|83|86|1,877",
            "Participation of employees|Promoted somewhat|30|28|32|1,877",
        ]
    );
    // 30 + 54 make 84, and the total is 85.
    assert!(figure.contains("Totals are calculated before rounding"), "{figure}");
    assert!(
        figure.contains("Highest: Participation of employees: Promoted somewhat or Promoted a lot, 85%"),
        "{figure}"
    );
    assert!(
        figure.contains("Promoted a lot: <a") || figure.contains("Promoted somewhat: <a"),
        "files stand under their tables' names"
    );
}

#[test]
fn answers_that_make_a_whole_are_stacked_by_group() {
    let sample = with_figure("table = \"core_by_size\"\nbreakdown = \"size\"\nkind = \"stacked\"");
    let figure = figure(&sample);
    let drawn = texts(&figure);
    let key = ["Yes, current core tasks", "Yes, future core tasks", "No", "Don't know"];
    assert_eq!(drawn[..4], key);
    assert_eq!(
        drawn[4..11],
        ["Per cent", "All", "77", "14", "8", "2", "Under 10"],
        "the smallest part has its number too"
    );
    assert!(figure.contains("The limits in the table show 95% confidence intervals."), "{figure}");
    assert!(!figure.contains("Lines and limits show"), "no line is drawn");
    // 77 + 14 + 8 + 2
    assert!(figure.contains("The shares do not add up to 100 because they are rounded."), "{figure}");
    let rows = table(&figure);
    assert_eq!(rows.len(), 12);
    assert_eq!(rows[0], "All|Yes, current core tasks|77|75|78|1,877");
    assert_eq!(rows[11], "10 or more|Don't know|2|1|3|1,277");
}

#[test]
fn each_row_by_the_groups_of_a_breakdown_is_a_group_of_bars() {
    let sample = with_figure("table = \"core_by_size\"\nbreakdown = \"size\"");
    let drawn = texts(&figure(&sample));
    assert_eq!(drawn[..2], ["Per cent", "95% interval"]);
    assert_eq!(drawn[2..9], ["Yes, current core tasks", "Under 10", "70%", "66–74", "10 or more", "79%", "77–81"]);
}

#[test]
fn one_row_in_total_is_one_share() {
    let figure = figure(&with_figure("table = \"core_task\"\nrow = \"core_task\""));
    assert_eq!(texts(&figure), ["Tied to the core task", "90%", "95% interval 89–92", "SYNTHETIC DATA"]);
    assert!(figure.contains("One share with its confidence interval: Innovations tied to the core task."), "{figure}");
}

#[test]
fn dots_tell_the_same_as_bars() {
    let bars = texts(&figure(&with_figure("table = \"promoted\"\nkind = \"bar\"")));
    let dots = texts(&figure(&with_figure("table = \"promoted\"\nkind = \"dot\"")));
    assert_eq!(bars, dots);
}

#[test]
fn a_caption_names_the_answers_that_are_left_out_with_their_share() {
    let figure = figure(&with_figure("table = \"core_yes\""));
    assert!(figure.contains("Left out of the figure: Don't know (2%)."), "{figure}");
}

#[test]
fn the_words_of_a_drawing_and_its_table_say_every_number_of_the_picture() {
    for lines in [
        "table = \"promoted\"\nagainst = \"hindered\"",
        "table = \"core_by_size\"\nbreakdown = \"size\"\nkind = \"stacked\"",
        "table = \"core_by_size\"\nbreakdown = \"size\"\nkind = \"dot\"",
        "table = \"core_task\"\nrow = \"core_task\"",
        "table = \"value\"",
    ] {
        let sample = with_figure(lines);
        let svg = sample.page("en/figures/promoted.svg").replace("&#39;", "'");
        let description = svg.split_once("<desc id=\"d\">").unwrap().1.split_once("</desc>").unwrap().0;
        let readings = description.split_once("SYNTHETIC DATA. ").unwrap().1;
        let rows = table(&figure(&sample));
        let reading = |row: &String| {
            let cells: Vec<&str> = row.split('|').collect();
            let (labels, numbers) = cells.split_at(cells.len() - 4);
            let flag = if numbers[0].ends_with('†') { "†" } else { "" };
            let (value, [low, high]) = (numbers[0].trim_end_matches('†'), [numbers[1], numbers[2]]);
            format!("{}: {value}%{flag} (95% interval {low}–{high}).", labels.join(": "))
        };
        assert_eq!(readings, rows.iter().map(reading).collect::<Vec<_>>().join(" "));
        // And nothing is drawn that they leave out.
        let chart = svg.split_once("<svg y=").unwrap().1;
        let drawn = chart.split("<text class=\"value\"").skip(1);
        let drawn: Vec<&str> = drawn.map(|text| text.split_once('>').unwrap().1.split_once('<').unwrap().0).collect();
        // Where the unit is told once, it does not stand at the number.
        let is_told =
            |value: &str| readings.contains(&format!(": {value} (")) || readings.contains(&format!(": {value}% ("));
        assert!(drawn.iter().all(|value| is_told(value)), "{drawn:?} in {readings}");
    }
}

#[test]
fn ids_are_unique_in_a_page() {
    let sample = with_figure("table = \"promoted\"\nagainst = \"hindered\"");
    for page in sample.pages().iter().filter(|page| page.path.ends_with(".html")) {
        let mut ids: Vec<&str> = page.text.split(" id=\"").skip(1).map(|it| it.split_once('"').unwrap().0).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "{}", page.path);
    }
}
