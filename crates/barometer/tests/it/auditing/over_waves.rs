//! Series over waves: what an edition tells of earlier waves is attacked wave by wave, together with the editions of those waves.
//!
//! The Danish edition of 2023 with a smallest base of 120 and a figure of industries since 2019. Of 2019 it hides police, courts and prisons with 109 answers and two that
//! protect them, as the edition of 2019 does with the same smallest base. With one of 5, that edition shows them all.

use super::*;

struct Editions {
    _out: tempfile::TempDir,
    of_2019: PathBuf,
    of_2023: PathBuf,
}

const INDUSTRIES: &str = r#"
[[figures]]
id = "industries-over-waves"
headline = { da = "Innovation i brancher siden 2019", en = "Innovation in industries since 2019" }
table = "innovation"
row = "innovative"
breakdown = "industry"
waves = [2019, 2023]
"#;

/// The Danish files of this smallest base, with a series of industries.
fn with_industries(smallest_base: u64) -> tempfile::TempDir {
    let country = country(smallest_base);
    let theme = country.path().join("dnk/report/2023/innovation.toml");
    let text = fs::read_to_string(&theme).expect("the theme has a file");
    // Before the claims.
    fs::write(theme, text.replacen("\n[claims.answers]\n", &format!("{INDUSTRIES}\n[claims.answers]\n"), 1))
        .expect("a file can be written");
    country
}

/// Makes an edition in a folder of releases.
fn run(smallest_base: u64, wave: &str, out: &Path) -> Said {
    let country = with_industries(smallest_base);
    let mut run = barometer();
    run.arg("run").arg(country.path().join("dnk")).args(["--wave", wave, "--raw", "fixtures/{country}/{wave}/raw"]);
    run.arg("--out").arg(out).output().expect("the program starts").into()
}

static SERIES: LazyLock<Editions> = LazyLock::new(|| {
    let out = tempfile::tempdir().expect("a temporary folder can be made");
    for wave in ["2019", "2023"] {
        let said = run(120, wave, out.path());
        assert_eq!(said.code, Some(0), "{}", said.err);
    }
    let folder = |wave| out.path().join("dnk").join(wave);
    Editions { of_2019: folder("2019"), of_2023: folder("2023"), _out: out }
});

/// A copy of the edition of 2023 with a leak in it.
fn planted(file: &str, old: &str, new: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    copy(&SERIES.of_2023, folder.path());
    let path = folder.path().join(file);
    let text = fs::read_to_string(&path).expect("the file is a text of the release");
    assert!(text.contains(old), "{file} holds {old}");
    fs::write(path, text.replacen(old, new, 1)).expect("a file can be written");
    folder
}

const POLICE_THEN: &str = "table innovation, row innovative, industry justice, wave 2019";
const ANSWERS_THEN: (&str, &str) = ("base all, innovative, industry justice, wave 2019", "answers");

/// The row of the file of all waves, before its numbers.
fn row_of_2019(code: &str, label: &str) -> String {
    let item = "innovative,Introduced at least one innovation,,Introduced at least one innovation";
    format!(
        "innovation,Workplaces that introduced innovation,2019,all,all workplaces,per cent,{item},industry,Industry,{code},{label}"
    )
}

#[test]
fn nothing_is_derived_from_a_series_that_hides_what_the_editions_of_its_waves_hide() {
    for edition in [&SERIES.of_2023, &SERIES.of_2019] {
        let said = audit(edition, &[]);
        assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    }
    let against = ["--against", SERIES.of_2019.to_str().expect("UTF-8")];
    let said = audit(&SERIES.of_2023, &against);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    let hidden = fs::read_to_string(SERIES.of_2023.join("en/data/waves.csv")).expect("there are several waves");
    for (code, label) in [("justice", "\"Police, courts and prisons\""), ("culture", "Culture and leisure")] {
        assert!(hidden.contains(&format!("{},,,,,,hidden,confidential", row_of_2019(code, label))), "{hidden}");
    }
}

#[test]
fn the_complement_in_a_margin_of_an_earlier_wave_is_found() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    copy(&SERIES.of_2023, folder.path());
    let file = folder.path().join("en/data/waves.csv");
    let mut text = fs::read_to_string(&file).expect("there are several waves");
    for (code, label, numbers) in [
        ("culture", "Culture and leisure", "79,3.7,71,86,146,shown,"),
        ("other", "Other areas", "80,3.3,73,86,160,shown,"),
    ] {
        let row = row_of_2019(code, label);
        text = text.replacen(&format!("{row},,,,,,hidden,confidential"), &format!("{row},{numbers}"), 1);
    }
    fs::write(&file, text).expect("a file can be written");
    assert_found(folder.path(), &[], ANSWERS_THEN, ("109", "109"), &["data/waves.csv"]);
}

#[test]
fn the_standard_error_of_a_hidden_cell_of_an_earlier_wave_is_found() {
    let row = row_of_2019("justice", "\"Police, courts and prisons\"");
    let (old, new) = (format!("{row},,,,,,hidden"), format!("{row},,3.3,,,,hidden"));
    let release = planted("en/data/waves.csv", &old, &new);
    assert_found(release.path(), &[], (POLICE_THEN, "standard error"), ("3.25", "3.35"), &["en/data/waves.csv"]);
}

#[test]
fn an_edition_of_an_earlier_wave_that_shows_more_is_found() {
    let earlier = Edition::made(5);
    let against = ["--against", earlier.folder.to_str().expect("UTF-8")];
    assert_found(&SERIES.of_2023, &against, ANSWERS_THEN, ("109", "109"), &["innovation.csv"]);
}

#[test]
fn a_series_that_shows_what_the_edition_of_its_wave_hides_is_found_and_not_written() {
    // Where readers find both, nobody needs to name the other one.
    let out = tempfile::tempdir().expect("a temporary folder can be made");
    copy(&SERIES.of_2019, &out.path().join("dnk/2019"));
    let said = run(5, "2023", out.path());
    assert_eq!(said.code, Some(4), "{}", said.err);
    assert!(said.err.contains("base all, innovative, industry justice, wave 2019"), "{}", said.err);
    assert!(said.err.contains("dnk/2019/data/innovation.csv"), "{}", said.err);
    assert!(!out.path().join("dnk/2023").exists());
    // Without it the series is protected by the rules of today, and is in order.
    let alone = tempfile::tempdir().expect("a temporary folder can be made");
    let said = run(5, "2023", alone.path());
    assert_eq!(said.code, Some(0), "{}", said.err);
    // Nor may the edition of 2019 then hide what the series has told.
    let said = run(120, "2019", alone.path());
    assert_eq!(said.code, Some(4), "{}", said.err);
    let of_2023 = alone.path().join("dnk/2023");
    let against = ["--against", SERIES.of_2019.to_str().expect("UTF-8")];
    assert_found(&of_2023, &against, ANSWERS_THEN, ("109", "109"), &["innovation.csv", "waves.csv"]);
}

#[test]
fn a_series_is_protected_by_the_choice_of_the_edition_that_readers_have() {
    // The edition of 2019 hid education, too, with 434 answers: no small number follows from the series, but what was hidden is to stay so.
    let out = tempfile::tempdir().expect("a temporary folder can be made");
    let of_2019 = out.path().join("dnk/2019");
    copy(&SERIES.of_2019, &of_2019);
    let path = of_2019.join("provenance/published.json");
    let text = fs::read_to_string(&path).expect("a release keeps its tables");
    let mut store: Value = serde_json::from_str(&text).expect("JSON");
    let tables = store["tables"].as_array_mut().expect("tables");
    let table = tables.iter_mut().find(|table| table["id"] == "innovation").expect("the table");
    let at = place_of(table, "education");
    table["cells"]
        .as_array_mut()
        .expect("rows")
        .iter_mut()
        .for_each(|row| row[at] = serde_json::json!({"hidden": "confidential"}));
    fs::write(path, store.to_string()).expect("a file can be written");
    let said = run(120, "2023", out.path());
    assert_eq!(said.code, Some(4), "{}", said.err);
    let told = [
        "table innovation, row innovative, industry education, wave 2019: what is hidden",
        "the wave's own edition hides it, and what protects the series shows it",
        "leave the wave out of the figures and sentences",
    ];
    assert!(told.iter().all(|told| said.err.contains(told)), "{}", said.err);
    assert!(!out.path().join("dnk/2023").exists());
}

#[test]
fn a_series_is_compared_with_an_edition_that_was_corrected_since() {
    // Readers still have the edition of 2019 that hid education, too; the correction does not have the table any more.
    let out = tempfile::tempdir().expect("a temporary folder can be made");
    let store = "provenance/published.json";
    let change = |edition: &str, file: &str, change: &dyn Fn(&mut Value)| {
        let path = out.path().join("dnk").join(edition).join(file);
        let text = fs::read_to_string(&path).expect("a release has the file");
        let mut value: Value = serde_json::from_str(&text).expect("JSON");
        change(&mut value);
        fs::write(path, value.to_string()).expect("a file can be written");
    };
    for edition in ["2019", "2019.1"] {
        copy(&SERIES.of_2019, &out.path().join("dnk").join(edition));
    }
    change("2019", store, &|store| {
        let tables = store["tables"].as_array_mut().expect("tables");
        let table = tables.iter_mut().find(|table| table["id"] == "innovation").expect("the table");
        let at = place_of(table, "education");
        let rows = table["cells"].as_array_mut().expect("rows");
        rows.iter_mut().for_each(|row| row[at] = serde_json::json!({"hidden": "confidential"}));
    });
    change("2019.1", store, &|store| {
        store["tables"].as_array_mut().expect("tables").retain(|table| table["id"] != "innovation");
    });
    change("2019.1", "manifest.json", &|manifest| {
        manifest["edition"] = "2019.1".into();
        manifest["corrects"] = serde_json::json!({"edition": "2019", "seal": manifest["seal"]});
    });
    let said = run(120, "2023", out.path());
    assert_eq!(said.code, Some(4), "{}", said.err);
    let told = ["table innovation, row innovative, industry education, wave 2019: what is hidden", "dnk/2019\n"];
    assert!(told.iter().all(|told| said.err.contains(told)), "{}", said.err);
    assert!(!said.err.contains("dnk/2019.1"), "{}", said.err);
}

#[test]
fn an_edition_is_protected_by_the_choice_of_the_series_that_readers_have() {
    // The series calls culture in 2019 too uncertain to show: no number follows from that, but another choice than that of the edition, which is made last, protected it.
    let out = tempfile::tempdir().expect("a temporary folder can be made");
    let of_2023 = out.path().join("dnk/2023");
    copy(&SERIES.of_2023, &of_2023);
    let said = run(120, "2019", out.path());
    assert_eq!(said.code, Some(0), "what the series hides, too, is in order: {}", said.err);
    fs::remove_dir_all(out.path().join("dnk/2019")).expect("a folder can be removed");
    let path = of_2023.join("provenance/published.json");
    let text = fs::read_to_string(&path).expect("a release keeps its tables");
    let mut store: Value = serde_json::from_str(&text).expect("JSON");
    let earlier = store["earlier"].as_array_mut().expect("earlier waves");
    let of_2019 = earlier.iter_mut().find(|wave| wave["wave"] == "2019").expect("2019 is drawn");
    let tables = of_2019["tables"].as_array_mut().expect("tables");
    let table = tables.iter_mut().find(|table| table["id"] == "innovation").expect("the table");
    let at = place_of(table, "culture");
    table["cells"][0][at] = serde_json::json!({"hidden": "unreliable"});
    fs::write(path, store.to_string()).expect("a file can be written");
    let said = run(120, "2019", out.path());
    assert_eq!(said.code, Some(4), "{}", said.err);
    let told = [
        "table innovation, row innovative, industry culture: what is hidden",
        "edition 2023 draws the wave and tells of it, and this one hides it or does not have it",
        "dnk/2023",
    ];
    assert!(told.iter().all(|told| said.err.contains(told)), "{}", said.err);
    assert!(!out.path().join("dnk/2019").exists());
}

#[test]
fn a_release_does_not_stand_unseen_when_an_edition_appears_that_it_draws() {
    let (out, cache) =
        (tempfile::tempdir().expect("a temporary folder"), tempfile::tempdir().expect("a temporary folder"));
    let country = with_industries(120);
    // The program makes the folder of its cache itself, for nobody else to look into.
    let run = || -> Said {
        let mut run = barometer();
        run.arg("run").arg(country.path().join("dnk")).args([
            "--wave",
            "2023",
            "--raw",
            "fixtures/{country}/{wave}/raw",
        ]);
        run.arg("--cache").arg(cache.path().join("kept")).arg("--out").arg(out.path());
        run.output().expect("the program starts").into()
    };
    let unchanged = "nothing changed: the release stands as it is";
    for is_again in [false, true] {
        let said = run();
        assert_eq!((said.code, said.err.contains(unchanged)), (Some(0), is_again), "{}", said.err);
    }
    // An edition of 2019 that shows the police is put there by hand.
    let shows = Edition::made(5);
    copy(&shows.folder, &out.path().join("dnk/2019"));
    let said = run();
    assert_eq!(said.code, Some(4), "{}", said.err);
    assert!(said.err.contains("base all, innovative, industry justice, wave 2019"), "{}", said.err);
}

#[test]
fn an_edition_does_not_stand_unseen_when_a_series_of_its_wave_is_copied_beside_it() {
    let (out, cache) =
        (tempfile::tempdir().expect("a temporary folder"), tempfile::tempdir().expect("a temporary folder"));
    let country = with_industries(120);
    let run = || -> Said {
        let mut run = barometer();
        run.arg("run").arg(country.path().join("dnk")).args(["--wave", "2019"]);
        run.args(["--raw", "fixtures/{country}/{wave}/raw"]);
        run.arg("--cache").arg(cache.path().join("kept")).arg("--out").arg(out.path());
        run.output().expect("the program starts").into()
    };
    let unchanged = "nothing changed: the release stands as it is";
    for is_again in [false, true] {
        let said = run();
        assert_eq!((said.code, said.err.contains(unchanged)), (Some(0), is_again), "{}", said.err);
    }
    // One that is in order is looked at once, and known from then on.
    let of_2023 = out.path().join("dnk/2023");
    copy(&SERIES.of_2023, &of_2023);
    for is_again in [false, true] {
        let said = run();
        assert_eq!((said.code, said.err.contains(unchanged)), (Some(0), is_again), "{}", said.err);
    }
    // One that tells what this edition hides is refused.
    let path = of_2023.join("provenance/published.json");
    let text = fs::read_to_string(&path).expect("a release keeps its tables");
    let mut store: Value = serde_json::from_str(&text).expect("JSON");
    let earlier = store["earlier"].as_array_mut().expect("earlier waves");
    let of_2019 = earlier.iter_mut().find(|wave| wave["wave"] == "2019").expect("2019 is drawn");
    let table = of_2019["tables"].as_array_mut().expect("tables").iter_mut().find(|it| it["id"] == "innovation");
    let table = table.expect("the table");
    let at = place_of(table, "culture");
    table["cells"][0][at] = serde_json::json!({"hidden": "unreliable"});
    fs::write(&path, store.to_string()).expect("a file can be written");
    let said = run();
    assert_eq!(said.code, Some(4), "{}", said.err);
    let told =
        "or publish 2023.1 first, whose figures and sentences leave the wave out, and then this one as a correction";
    assert!(said.err.contains(told), "{}", said.err);
    // One that is damaged is no reason to believe that nothing has changed.
    fs::write(&path, "{").expect("a file can be written");
    let said = run();
    assert_eq!((said.code, said.err.contains(unchanged)), (Some(7), false), "{}", said.err);
}

/// Where an industry stands in a table of the store.
fn place_of(table: &Value, industry: &str) -> usize {
    let domains = table["domains"].as_array().expect("domains");
    domains.iter().position(|domain| domain["group"]["code"] == industry).expect("the group")
}

/// The wide drawing of the industries: more than can be told apart in one panel, so each has a panel of its own.
fn panels(text: &str) -> &str {
    let figure = text.find("industries-over-waves").map_or(text, |at| &text[at..]);
    figure.split_once("class=\"chart above\"").map_or(figure, |(wide, _)| wide)
}

/// The series of a group of which nothing is shown: a panel without a point.
fn empty_series(text: &str) -> String {
    let groups = panels(text).split("<g transform=\"translate(").skip(1);
    let mut empty = groups.filter_map(|group| group.split_once(")\">\n</g>").map(|(across, _)| across));
    let across = empty.find(|across| !across.contains('<')).expect("an industry is hidden in every wave");
    format!("<g transform=\"translate({across})\">\n</g>")
}

/// Where the wave of 2019 stands in the panels, and the heights of its points in all of them.
fn points_of_2019(text: &str) -> (String, Vec<i32>) {
    let drawing = panels(text);
    let named = drawing.split("<text class=\"quiet middle\" x=\"").skip(1).filter_map(|it| it.split_once('"'));
    let places: Vec<&str> = named
        .filter(|(_, rest)| rest.split('<').next().is_some_and(|it| it.ends_with(">2019")))
        .map(|(at, _)| at)
        .collect();
    let point = |text: &str| -> Option<(String, i32)> {
        let (across, rest) = text.split_once("\" y=\"")?;
        let (down, rest) = rest.split_once('"')?;
        rest.starts_with(" overflow").then_some((across.to_owned(), down.parse().ok()?))
    };
    let points = drawing.split("<svg x=\"").skip(1).filter_map(point);
    let mut heights: Vec<i32> = points.filter(|(at, _)| places.contains(&at.as_str())).map(|(_, down)| down).collect();
    heights.sort_unstable();
    (places[0].to_owned(), heights)
}

#[test]
fn a_point_of_a_line_is_found() {
    let page = "en/innovation.html";
    let text = fs::read_to_string(SERIES.of_2023.join(page)).expect("a page");
    let (across, heights) = points_of_2019(&text);
    let empty = empty_series(&text);
    // 83, 83, 82, 81 and 80 per cent.
    let [highest, _, _, of_81, lowest] = heights.as_slice() else { panic!("five industries are shown: {heights:?}") };
    let place = "en/innovation.html, drawing of figure industries-over-waves";
    let found = |down: i32| {
        let point = format!(
            "<svg x=\"{across}\" y=\"{down}\" overflow=\"visible\"><path class=\"point t2\" d=\"M0 0h9v9h-9z\"/></svg>"
        );
        let series = empty.replace("\n</g>", &format!("\n{point}\n</g>"));
        let said = audit(planted(page, &empty, &series).path(), &["--format", "json"]);
        assert_eq!(said.code, Some(4), "{}", said.out);
        let found: Value = serde_json::from_str(&said.out).expect("the result is JSON");
        let disclosures = found["disclosures"].as_array().expect("a list").clone();
        let is_it = |it: &&Value| it["cell"] == POLICE_THEN && it["places"][0] == place;
        disclosures.iter().find(is_it).unwrap_or_else(|| panic!("{}", said.out)).clone()
    };
    // Three points take so many pixels; six points more are 89 per cent, which no industry of 2019 has.
    let told = found(highest - 2 * (lowest - highest));
    let number = |value: &Value| value.as_str().and_then(|it| it.parse::<f64>().ok()).expect("a number");
    assert!(number(&told["least"]) < 89.0 && number(&told["most"]) > 89.0, "{told}");
    assert!(number(&told["most"]) - number(&told["least"]) < 5.0, "heights are whole pixels: {told}");
    // 81 per cent as in health: but then there is a point more than there are cells.
    let told = found(*of_81);
    assert!(
        told["arithmetic"][0].as_str().is_some_and(|it| it.starts_with("6 points are drawn of wave 2019")),
        "{told}"
    );
}

#[test]
fn a_point_in_a_file_of_its_own_is_found() {
    let file = "en/figures/industries-over-waves.svg";
    let text = fs::read_to_string(SERIES.of_2023.join(file)).expect("a drawing");
    let ((across, heights), empty) = (points_of_2019(&text), empty_series(&text));
    // Far above and far below what is shown.
    let (high, low) = (heights[0] - 30, heights[0] + 90);
    let limits = format!("<line class=\"limits t2\" x1=\"{across}\" y1=\"{high}\" x2=\"{across}\" y2=\"{low}\"/>");
    let release = planted(file, &empty, &empty.replace("\n</g>", &format!("\n{limits}\n</g>")));
    let said = audit(release.path(), &[]);
    assert_eq!(said.code, Some(4), "{}", said.out);
    assert!(said.out.contains(POLICE_THEN) && said.out.contains(file), "{}", said.out);
}

#[test]
fn a_number_of_an_earlier_wave_in_an_alternative_text_is_found() {
    let (old, new) =
        ("Highest: Child care: 2023, 86%", "Highest: Police, courts and prisons: 2019, 82% (95% interval 74–88)");
    let release = planted("en/innovation.html", old, new);
    let place = "en/innovation.html, alternative text of figure industries-over-waves";
    assert_found(release.path(), &[], (POLICE_THEN, "estimate"), ("81.5", "82.5"), &[place]);
}

#[test]
fn a_number_behind_a_hidden_label_is_found_though_the_total_has_the_same() {
    let waves = fs::read_to_string(SERIES.of_2023.join("en/data/waves.csv")).expect("there are several waves");
    let total = "innovation,Workplaces that introduced innovation,2019,all,all workplaces,per cent,innovative,Introduced at least one innovation,,\
                 Introduced at least one innovation,,,,,81,";
    assert!(waves.contains(total), "81 per cent of all in 2019: {waves}");
    let (old, new) = ("Highest: Child care: 2023, 86%", "Highest: Police, courts and prisons: 2019, 81%");
    let release = planted("en/innovation.html", old, new);
    let place = "en/innovation.html, alternative text of figure industries-over-waves";
    assert_found(release.path(), &[], (POLICE_THEN, "estimate"), ("80.5", "81.5"), &[place]);
}

#[test]
fn an_n_of_an_earlier_wave_in_a_caption_is_found() {
    let (old, new) = (
        "by “Industry”. Per cent of all workplaces. “Introduced at least one innovation” means",
        "by “Industry”. Police, courts and prisons: 2019: n = 109. Per cent. It means",
    );
    let text = fs::read_to_string(SERIES.of_2023.join("en/innovation.html")).expect("a page");
    let figure = text.find("id=\"industries-over-waves\"").expect("the figure is there");
    let at = figure + text[figure..].find(old).expect("its caption tells the base");
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    copy(&SERIES.of_2023, folder.path());
    let told = format!("{}{new}{}", &text[..at], &text[at + old.len()..]);
    fs::write(folder.path().join("en/innovation.html"), told).expect("a file can be written");
    let place = "en/innovation.html, caption of figure industries-over-waves";
    assert_found(folder.path(), &[], (POLICE_THEN, "n"), ("109", "109"), &[place]);
    assert_found(folder.path(), &[], ANSWERS_THEN, ("109", "109"), &[place]);
}

#[test]
fn a_number_in_the_table_of_a_series_is_found() {
    let row = "<tr><th scope=\"row\">Police, courts and prisons</th><th scope=\"row\">2019</th><td>";
    let told = format!("{row}82</td><td>74</td><td>88</td><td>109</td></tr><tr><th></th><td>");
    let release = planted("en/innovation.html", row, &told);
    let place = "en/innovation.html, table of figure industries-over-waves";
    assert_found(release.path(), &[], (POLICE_THEN, "n"), ("109", "109"), &[place]);
    let (old, new) = (
        "| Police, courts and prisons | 2019 | c | | | |",
        "| Police, courts and prisons | 2019 | 82 | 74 | 88 | 109 |",
    );
    let release = planted("en/report.md", old, new);
    assert_found(release.path(), &[], (POLICE_THEN, "n"), ("109", "109"), &["en/report.md:"]);
}

#[test]
fn a_claim_about_a_hidden_cell_of_an_earlier_wave_is_found() {
    // A sentence that nobody judged: 80 per cent is shown of child care, and not of the police.
    let old = "<p><span class=\"claim\" data-claim=\"answers\">";
    let new = format!(
        "<p>Among police, courts and prisons it was <span class=\"claim\" data-claim=\"police-then\">80 per cent</span> in 2019.</p>\n{old}"
    );
    let release = planted("en/innovation.html", old, &new);
    let found = audit(release.path(), &["--format", "json"]);
    assert_eq!(found.code, Some(4), "{}", found.out);
    assert!(
        found.out.contains("en/innovation.html, claim police-then") && found.out.contains(POLICE_THEN),
        "{}",
        found.out
    );
}

#[test]
fn a_number_of_an_earlier_wave_in_the_sealed_tables_is_found() {
    let path = SERIES.of_2023.join("provenance/published.json");
    let text = fs::read_to_string(path).expect("a release keeps its tables");
    let mut store: Value = serde_json::from_str(&text).expect("JSON");
    let earlier = store["earlier"].as_array_mut().expect("earlier waves");
    let of_2019 = earlier.iter_mut().find(|wave| wave["wave"] == "2019").expect("2019 is drawn");
    let tables = of_2019["tables"].as_array_mut().expect("tables");
    let table = tables.iter_mut().find(|table| table["id"] == "innovation").expect("the table");
    let at =
        table["domains"].as_array().expect("domains").iter().position(|domain| domain["group"]["code"] == "justice");
    table["cells"][0][at.expect("the group")] =
        serde_json::json!({"shown": {"estimate": [82, 0], "high": [88, 0], "low": [74, 0], "n": 109, "se": [33, 1]}});
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    copy(&SERIES.of_2023, folder.path());
    fs::write(folder.path().join("provenance/published.json"), store.to_string()).expect("a file can be written");
    assert_found(folder.path(), &[], (POLICE_THEN, "n"), ("109", "109"), &["provenance/published.json"]);
}

/// The Finnish municipalities in 2022, with what started innovations over both waves. `technology` was new in 2022 and is absent in 2018.
fn with_a_new_item(figure: &str) -> (tempfile::TempDir, Said) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let country = folder.path().join("fin_municipal");
    copy(&testkit::repository().join("pipelines/fin_municipal"), &country);
    let edit = |file: &str, old: &str, new: &str| {
        let path = country.join(file);
        let text = fs::read_to_string(&path).expect("the country has the file");
        assert!(text.contains(old), "{file} holds {old}");
        fs::write(path, text.replacen(old, new, 1)).expect("a file can be written");
    };
    edit("waves/2018.toml", "technology = \"k_5_10\"\n", "");
    let absent = "[waves.2018]\ndefault = \"same\"\n\n[waves.2018.items.reasons_technology]\nstatus = \"absent\"\n\
                  because = { fi = \"Uusi vuonna 2022.\", sv = \"Ny 2022.\", en = \"New in 2022.\" }\n";
    edit("ledger.toml", "[waves.2018]\ndefault = \"same\"\n", absent);
    edit("report/2022/value.toml", "table = \"reasons\"\n", &format!("table = \"reasons\"\nwaves = true\n{figure}"));
    let mut run = barometer();
    run.arg("run").arg(&country).args(["--wave", "2022", "--raw", "fixtures/{country}/{wave}/raw", "--no-cache"]);
    let said = run.arg("--out").arg(folder.path().join("out")).output().expect("the program starts").into();
    (folder, said)
}

#[test]
fn an_item_that_is_new_stands_beside_those_of_earlier_waves() {
    for figure in ["", "row = \"reasons_employees\"\n", "row = \"reasons_technology\"\n"] {
        let (folder, said) = with_a_new_item(figure);
        assert_eq!(said.code, Some(0), "{figure}{}", said.err);
        let release = folder.path().join("out/fin_municipal/2022");
        let said = audit(&release, &[]);
        assert_eq!(said.code, Some(0), "{figure}{}{}", said.out, said.err);
    }
}
