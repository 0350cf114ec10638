//! Several waves: what may be joined, and what a text may compare.

use codebook::{
    BreakCause, ChartKind, Country, Finding, Joint, PrintedNumber, Sameness, SourceFile, TableId, VariableName, WaveId,
};

use crate::files_with;

const SERIES: &str = "waves = [2016, 2018, 2020]
[[outside]]
wave = 2014
because = \"it was a trial\"
[[pairs]]
earlier = 2018
later = 2020
samples = \"independent\"
source = \"drawn anew\"
";

/// What the ledger says where every wave asked the same.
const SAME: &str =
    "[waves.2016]\ndefault = \"same\"\n[waves.2018]\ndefault = \"same\"\n[waves.2020]\ndefault = \"same\"\n";

/// The files of the valid country with waves of 2016 and 2018 before it, this series and ledger, and more at the end of its page.
fn files(series: &str, ledger: &str, page: &str) -> Vec<SourceFile> {
    let mut files = files_with(None);
    let wave = files.iter().find(|file| file.path.ends_with("waves/2020.toml")).unwrap().text.clone();
    for year in ["2016", "2018"] {
        files.push(SourceFile { path: format!("pipelines/test/waves/{year}.toml"), text: wave.clone() });
    }
    for (name, text) in [("series", series), ("ledger", ledger)] {
        files.push(SourceFile { path: format!("pipelines/test/{name}.toml"), text: text.to_owned() });
    }
    for file in files.iter_mut().filter(|file| file.path.ends_with("report/2020/main.toml")) {
        file.text += page;
    }
    files
}

fn read_with(series: &str, ledger: &str, page: &str) -> (Option<Country>, Vec<Finding>) {
    Country::read("pipelines/test", &files(series, ledger, page))
}

fn read(series: &str, page: &str) -> (Option<Country>, Vec<Finding>) {
    read_with(series, SAME, page)
}

fn messages(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(ToString::to_string).collect()
}

fn country(series: &str, page: &str) -> Country {
    let (country, findings) = read(series, page);
    assert_eq!(messages(&findings), Vec::<String>::new());
    country.unwrap()
}

/// The code of the only finding.
fn refused(series: &str, page: &str) -> &'static str {
    refused_with(series, SAME, page)
}

fn refused_with(series: &str, ledger: &str, page: &str) -> &'static str {
    let (country, findings) = read_with(series, ledger, page);
    assert!(country.is_none());
    let [finding] = findings.as_slice() else { panic!("{:?}", messages(&findings)) };
    finding.code
}

/// The same ledger with a line for an item in the last wave.
fn otherwise(item: &str, sameness: Sameness) -> String {
    let wording = if sameness == Sameness::Reworded { "wording = \"Otherwise?\"\n" } else { "" };
    let status = sameness.as_str();
    format!("{SAME}[waves.2020.items.{item}]\nstatus = \"{status}\"\nbecause = \"changed\"\n{wording}")
}

/// How the first row of a table may be joined.
fn joint<'c>(country: &'c Country, table: &str, breakdown: Option<&str>, earlier: &str, later: &str) -> Joint<'c> {
    let table = country.table(&TableId::new(table).unwrap()).unwrap();
    let breakdown = breakdown.map(|name| VariableName::new(name).unwrap());
    country.joint_of((table, &table.rows[0]), breakdown.as_ref(), wave(earlier), wave(later))
}

fn wave(year: &str) -> WaveId {
    WaveId::new(year).unwrap()
}

const ROSE: &str = "\n[claims.rose]\nrose = { table = \"innovation\", row = \"innovative\", since = 2018 }\n";

#[test]
fn a_change_is_told_over_a_declared_pair_only() {
    country(SERIES, ROSE);
    assert_eq!(refused(&SERIES.replace("earlier = 2018", "earlier = 2016"), ROSE), "no-pair");
    // Units of a panel are linked by their pseudonyms.
    country(&SERIES.replace("independent", "panel"), ROSE);
    country(&SERIES.replace("independent", "coordinated"), ROSE);
}

#[test]
fn units_of_a_panel_are_not_linked_where_clusters_were_drawn() {
    let mut files = files(&SERIES.replace("independent", "panel"), SAME, ROSE);
    for file in files.iter_mut().filter(|file| file.path.ends_with("waves/2018.toml")) {
        file.text = file.text.replace("strata = [\"level\"]\n", "strata = [\"level\"]\npsu = [\"size\"]\n");
    }
    let (_, findings) = Country::read("pipelines/test", &files);
    let refused: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
    assert_eq!(refused, ["untested-panel"], "{:?}", messages(&findings));
}

#[test]
fn a_row_of_what_was_printed_has_a_percent_or_words_or_an_n_alone() {
    let read = |percent: &str, about: &str, n: &str| {
        let mut files = files(SERIES, SAME, "");
        let header = "wave,table,row,breakdown,group,item,percent,about,n,base,weighted,source,because";
        let row = format!("2018,innovation,innovative,,,,{percent},{about},{n},all,,The report of 2018,");
        files.push(SourceFile { path: "pipelines/test/published.csv".to_owned(), text: format!("{header}\n{row}\n") });
        let (country, findings) = Country::read("pipelines/test", &files);
        let told = country.map(|country| (country.printed[0].told.clone(), country.printed[0].n));
        told.ok_or_else(|| messages(&findings).concat())
    };
    assert_eq!(read("", "", "120"), Ok((PrintedNumber::Answers, Some(120))));
    assert!(matches!(read("80", "", "120"), Ok((PrintedNumber::Percent(_), Some(120)))));
    assert!(read("", "", "").is_err_and(|said| said.contains("a percent, an about, or only an n")));
    assert!(read("80", "~80", "120").is_err_and(|said| said.contains("either a percent or an about")));
}

#[test]
fn a_wave_outside_of_the_series_is_shown_and_compared_with_none() {
    let since_trial = ROSE.replace("2018", "2014");
    assert_eq!(refused(SERIES, &since_trial), "outside-the-series");
    let near = "\n[claims.then]\nnear = { table = \"innovation\", row = \"innovative\", wave = 2014 }\n";
    country(SERIES, near);
    assert_eq!(refused(SERIES, &near.replace("2014", "2015")), "unknown-wave");
}

#[test]
fn a_break_of_any_kind_parts_its_items_and_all_that_is_made_of_them() {
    for sameness in Sameness::ALL.into_iter().filter(|it| !matches!(it, Sameness::Same | Sameness::Absent)) {
        let ledger = otherwise("type_service", sameness);
        assert_eq!(refused_with(SERIES, &ledger, ROSE), "across-a-break", "{}", sameness.as_str());
        let (country, findings) = read_with(SERIES, &ledger, "");
        assert_eq!(messages(&findings), Vec::<String>::new());
        let country = country.unwrap();
        let innovative = |earlier, later| joint(&country, "innovation", None, earlier, later);
        let Joint::Broken(reasons) = innovative("2018", "2020") else { panic!("joined over {}", sameness.as_str()) };
        assert_eq!(reasons.iter().map(|reason| reason.cause).collect::<Vec<_>>(), [BreakCause::Item(sameness)]);
        assert!(matches!(innovative("2016", "2020"), Joint::Broken(_)), "a longer way leads over it, too");
        assert_eq!(innovative("2016", "2018"), Joint::Joined, "what lies before it is whole");
        assert_eq!(joint(&country, "staff", None, "2018", "2020"), Joint::Joined, "another item goes on");
    }
}

#[test]
fn a_break_of_everything_parts_every_row() {
    let ledger = format!("{SAME}[[breaks]]\nbefore = 2020\nbecause = \"other weights\"\n");
    assert_eq!(refused_with(SERIES, &ledger, ROSE), "across-a-break");
    let country = read_with(SERIES, &ledger, "").0.unwrap();
    for table in &country.tables {
        assert!(matches!(joint(&country, table.id.as_str(), None, "2018", "2020"), Joint::Broken(_)), "{}", table.id);
        assert_eq!(joint(&country, table.id.as_str(), None, "2016", "2018"), Joint::Joined, "{}", table.id);
    }
}

#[test]
fn a_breakdown_whose_groups_are_others_parts_what_is_told_by_it() {
    let country = read_with(SERIES, &otherwise("level", Sameness::OtherUnit), "").0.unwrap();
    assert_eq!(joint(&country, "innovation", None, "2018", "2020"), Joint::Joined);
    assert!(matches!(joint(&country, "innovation", Some("level"), "2018", "2020"), Joint::Broken(_)));
}

#[test]
fn a_series_without_a_ledger_joins_nothing_and_is_refused() {
    let mut files = files_with(None);
    let series = "waves = [2020]\n".to_owned();
    files.push(SourceFile { path: "pipelines/test/series.toml".to_owned(), text: series });
    let (country, findings) = Country::read("pipelines/test", &files);
    assert!(country.is_none());
    assert_eq!(
        messages(&findings),
        [
            "pipelines/test/ledger.toml: the file is missing: a country that shows waves beside each other tells how each asked what it asked"
        ]
    );
}

#[test]
fn a_figure_over_waves_takes_those_of_the_series_that_are_not_later() {
    let figure = |waves: &str| {
        let headline = "headline = { en = \"Over time\", da = \"Over tid\" }";
        format!(
            "\n[[figures]]\nid = \"over-time\"\n{headline}\ntable = \"innovation\"\nrow = \"innovative\"\nwaves = {waves}\n"
        )
    };
    let mut files = files_with(None);
    let text = files.iter().find(|file| file.path.ends_with("waves/2020.toml")).unwrap().text.clone();
    files.push(SourceFile { path: "pipelines/test/waves/2018.toml".to_owned(), text });
    files.push(SourceFile { path: "pipelines/test/series.toml".to_owned(), text: SERIES.to_owned() });
    let ledger = SAME.replace("[waves.2016]\ndefault = \"same\"\n", "");
    files.push(SourceFile { path: "pipelines/test/ledger.toml".to_owned(), text: ledger });
    files.push(SourceFile {
        path: "pipelines/test/report/2020/over-time.toml".to_owned(),
        text: format!("order = 2\n{}", figure("true")),
    });
    let (country, findings) = Country::read("pipelines/test", &files);
    assert_eq!(messages(&findings), Vec::<String>::new());
    let country = country.unwrap();
    let figure = &country.waves[&wave("2020")].themes[1].figures[0];
    assert_eq!(figure.chart.waves(), ["2014", "2016", "2018", "2020"].map(wave));
    assert_eq!(figure.kind, ChartKind::Columns);
    // Made-up answers beside real ones: no mark could say which is which.
    for file in files.iter_mut().filter(|file| file.path.ends_with("waves/2018.toml")) {
        file.text = file.text.replace("synthetic = true\n", "");
    }
    let (country, findings) = Country::read("pipelines/test", &files);
    assert!(country.is_none());
    let told = messages(&findings);
    let expected = "the figure \"over-time\" shows wave 2018 beside wave 2020, whose answers are made up";
    assert!(told.iter().any(|it| it.contains(expected)), "{told:#?}");
}

#[test]
fn what_is_wrong_with_a_series_is_told_where_it_stands() {
    let wrong = "waves = [2018, 2016, 2020]
[[outside]]
wave = 2020
because = \"twice\"
[[pairs]]
earlier = 2020
later = 2018
samples = \"rotating\"
source = \"?\"
";
    let (_, findings) = read(wrong, "");
    let codes: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
    let expected = ["series-order", "contradiction", "series-order", "unknown-word"];
    assert_eq!(codes, expected, "{:#?}", messages(&findings));
}

#[test]
fn what_was_printed_is_read_or_told_by_row_and_column() {
    let mut files = files_with(None);
    let header = "wave,table,row,breakdown,group,item,percent,about,n,base,weighted,source,because\n";
    let printed =
        |rows: &str| SourceFile { path: "pipelines/test/published.csv".to_owned(), text: format!("{header}{rows}") };
    files.push(printed(
        "2020,innovation,innovative,level,state,,58.5,,12,all,,the report,\n\
         2010,,,,,purpose changed,,~25,,innovative,,the report,\n\
         2020,innovation,innovative,,,,60,,,all,no,the report,\n",
    ));
    let (country, findings) = Country::read("pipelines/test", &files);
    assert_eq!(messages(&findings), Vec::<String>::new());
    let country = country.unwrap();
    assert_eq!(country.printed.len(), 3);
    assert_eq!(country.printed[0].percent().map(|it| (it.units(), it.scale())), Some((585, 1)));
    assert_eq!(country.printed[1].percent(), None, "words are no number");
    files.pop();
    files.push(printed(
        "2020,innovatoin,innovative,,,,60,,,all,,the report,\n\
         2020,innovation,innovative,,,,60,,,innovative,,the report,\n\
         2020,innovation,innovative,,,,61,,,all,,the report,\n\
         2020,innovation,innovative,,,,62,,,all,,the report,\n\
         2020,innovation,innovative,level,,,60,,,all,,the report,\n\
         2020,,,,,,160,,many,all,maybe,,\n",
    ));
    let (country, findings) = Country::read("pipelines/test", &files);
    assert!(country.is_none());
    let told = messages(&findings);
    for expected in [
        "published.csv: row 2, column \"table\": there is no table \"innovatoin\"",
        "published.csv: row 3, column \"base\": the table \"innovation\" has the base \"all\"",
        "published.csv: row 5, column \"percent\": the cell has another number at",
        "published.csv: row 6, column \"group\": a row has both a breakdown and a group, or neither",
        "published.csv: row 7, column \"percent\": expected a number from 0 to 100",
        "published.csv: row 7, column \"n\": expected a whole number of answers",
        "published.csv: row 7, column \"weighted\": expected yes, no or nothing",
        "published.csv: row 7, column \"source\": the column \"source\" is empty",
        "published.csv: row 7, column \"item\": a number that no table shows needs words",
    ] {
        assert!(told.iter().any(|told| told.contains(expected)), "{expected}\n{told:#?}");
    }
}
