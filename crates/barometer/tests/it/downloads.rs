//! The files of numbers that a release offers: every format holds the same cells, those of the published tables, and nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::Value;

use crate::house::{copy, published, release, tree};

static DENMARK: LazyLock<(tempfile::TempDir, PathBuf)> =
    LazyLock::new(|| release("pipelines/dnk", "2019", &testkit::repository().join("fixtures/dnk/2019/raw"), &[]));

/// The numbers of one table, cell by cell: estimate, standard error, limits and n as they are printed; none where a cell is hidden.
type Cells = Vec<Option<[String; 5]>>;

fn folder(language: &str) -> PathBuf {
    DENMARK.1.join(language).join("data")
}

fn tables(folder: &Path) -> Vec<String> {
    let names = tree(folder).into_keys().filter_map(|name| Some(name.strip_suffix(".csv")?.to_owned()));
    // The name of a table holds no dot; what holds one is of the whole release.
    names.filter(|name| !name.contains('.')).collect()
}

fn five(numbers: &[String]) -> Option<[String; 5]> {
    let numbers: [String; 5] = numbers.to_vec().try_into().expect("five numbers to a cell");
    numbers.iter().all(|number| !number.is_empty()).then_some(numbers)
}

fn of_csv(path: &Path) -> Cells {
    let mut reader = csv::Reader::from_path(path).expect("a CSV file");
    let columns = reader.headers().expect("a header").clone();
    let first = columns.iter().position(|column| column == "estimate").expect("a column of estimates");
    let source = columns.iter().position(|column| column == "source").expect("a column of sources");
    let record = |record: csv::StringRecord| {
        let numbers: Vec<String> = (first..first + 5).map(|column| record[column].to_owned()).collect();
        assert_eq!(&record[source], "SYNTHETIC");
        let cell = five(&numbers);
        assert_eq!(cell.is_none(), &record[first + 5] == "hidden", "a cell without numbers says that it is hidden");
        cell
    };
    reader.records().map(|it| record(it.expect("a record"))).collect()
}

fn of_json_stat(path: &Path) -> Cells {
    let cube: Value = serde_json::from_slice(&fs::read(path).expect("a file")).expect("JSON");
    assert_eq!((&cube["version"], &cube["class"]), (&Value::from("2.0"), &Value::from("dataset")));
    assert!(cube["note"][0].as_str().expect("a note").contains("SYNTHETIC"));
    let sizes: Vec<u64> = cube["size"].as_array().expect("sizes").iter().filter_map(Value::as_u64).collect();
    let values = cube["value"].as_array().expect("values");
    assert_eq!(u64::try_from(values.len()).expect("few"), sizes.iter().product::<u64>());
    let number = |value: &Value| if value.is_null() { String::new() } else { value.to_string() };
    values.chunks(5).map(|cell| five(&cell.iter().map(number).collect::<Vec<_>>())).collect()
}

fn of_px(path: &Path) -> Cells {
    let text = fs::read_to_string(path).expect("a file");
    assert!(text.contains("NOTEX=\"SYNTHETIC"), "{}", path.display());
    assert!(text.lines().all(|line| line.chars().count() <= 256), "a line of a PX file has 256 characters at most");
    let (_, data) = text.split_once("DATA=\n").expect("cells");
    let data = data.trim_end().strip_suffix(';').expect("cells end in a semicolon");
    let number = |cell: &str| if cell.starts_with('"') { String::new() } else { cell.to_owned() };
    data.lines().map(|line| five(&line.split(' ').map(number).collect::<Vec<_>>())).collect()
}

/// The numbers of one sheet, as the workbook stores them: without the zeros behind the last digit.
fn of_sheet(workbook: &[u8], number: usize) -> Vec<String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).expect("a workbook is a zip archive");
    let mut text = String::new();
    let sheet = format!("xl/worksheets/sheet{}.xml", number + 4);
    archive.by_name(&sheet).expect("a sheet for each table").read_to_string(&mut text).expect("UTF-8");
    let cells = text.split("<c ").skip(1);
    let numbers = cells.filter(|cell| !cell.split('>').next().unwrap_or_default().contains("t=\"s\""));
    numbers.filter_map(|cell| Some(cell.split_once("<v>")?.1.split_once("</v>")?.0.to_owned())).collect()
}

#[test]
fn every_format_holds_the_same_cells() {
    for language in ["", "en"] {
        let folder = folder(language);
        let names = tables(&folder);
        assert_eq!(names.len(), 39);
        for name in names {
            let file = |extension: &str| folder.join(format!("{name}.{extension}"));
            let cells = of_csv(&file("csv"));
            assert!(!cells.is_empty(), "{name}");
            assert_eq!(of_json_stat(&file("json")), cells, "{name}");
            assert_eq!(of_px(&file("px")), cells, "{name}");
        }
    }
}

#[test]
fn the_workbook_holds_the_cells_of_every_table_in_the_countrys_order() {
    let workbook = fs::read(folder("").join("tables.xlsx")).expect("a workbook");
    let release = published(&DENMARK.1);
    let tables = release["tables"].as_array().expect("tables");
    assert_eq!(tables.len(), 39);
    for (number, table) in tables.iter().enumerate() {
        let name = table["id"].as_str().expect("a name");
        let as_stored = |number: String| number.parse::<f64>().expect("a number").to_string();
        let cells = of_csv(&folder("").join(format!("{name}.csv")));
        let expected: Vec<String> = cells.into_iter().flatten().flatten().map(as_stored).collect();
        assert_eq!(of_sheet(&workbook, number), expected, "{name}");
    }
}

#[test]
fn the_files_hold_the_published_numbers() {
    let release = published(&DENMARK.1);
    for table in release["tables"].as_array().expect("tables") {
        let name = table["id"].as_str().expect("a name");
        let decimal = |number: &Value| {
            let units = number[0].as_i64().expect("units");
            let decimals = usize::try_from(number[1].as_u64().expect("decimals")).expect("few");
            let digits = format!("{units:0>width$}", width = decimals + 1);
            let (whole, fraction) = digits.split_at(digits.len() - decimals);
            if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
        };
        let cell = |cell: &Value| {
            let figures = if cell["shown"].is_object() { &cell["shown"] } else { &cell["flagged"][0] };
            figures.is_object().then(|| {
                let [estimate, se, low, high] = ["estimate", "se", "low", "high"].map(|key| decimal(&figures[key]));
                [estimate, se, low, high, figures["n"].to_string()]
            })
        };
        let rows = table["cells"].as_array().expect("rows");
        let expected: Cells = rows.iter().flat_map(|row| row.as_array().expect("cells").iter().map(cell)).collect();
        assert_eq!(of_csv(&folder("en").join(format!("{name}.csv"))), expected, "{name}");
    }
}

#[test]
fn the_workbook_has_no_formula_comment_hidden_sheet_or_author() {
    let workbook = fs::read(folder("").join("tables.xlsx")).expect("a workbook");
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).expect("a workbook is a zip archive");
    let mut parts = BTreeMap::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).expect("a part");
        let mut text = String::new();
        part.read_to_string(&mut text).expect("every part is XML");
        let name = part.name().expect("a name in UTF-8").into_owned();
        parts.insert(name, text);
    }
    assert!(parts.keys().all(|name| !name.contains("comment")), "{:?}", parts.keys());
    for (name, text) in &parts {
        assert!(!text.contains("<f>") && !text.contains("<mergeCell"), "{name}");
    }
    let book = &parts["xl/workbook.xml"];
    assert!(!book.contains("state=\"hidden\"") && !book.contains("veryHidden"));
    let core = &parts["docProps/core.xml"];
    assert!(core.contains("<dc:creator></dc:creator>") || !core.contains("creator"), "{core}");
    assert!(core.contains("2020-12-04T00:00:00Z"), "the day of publication, not that of the run: {core}");
    assert!(parts["xl/sharedStrings.xml"].contains("SYNTHETIC"));
}

#[test]
fn the_data_page_offers_every_file_and_the_manifest_lists_it() {
    let files = tree(&DENMARK.1);
    let manifest: Value = serde_json::from_slice(&files["manifest.json"]).expect("JSON");
    let listed: Vec<&str> =
        manifest["outputs"].as_array().expect("outputs").iter().filter_map(|it| it["path"].as_str()).collect();
    for language in ["", "en/"] {
        let page = String::from_utf8(files[&format!("{language}data.html")].clone()).expect("UTF-8");
        let prefix = format!("{language}data/");
        let names: Vec<&String> = files.keys().filter(|name| name.starts_with(&prefix)).collect();
        assert_eq!(names.len(), 39 * 3 + 11);
        for name in names {
            let below = name.strip_prefix(language).expect("it lies there");
            assert!(page.contains(&format!("href=\"{below}\"")), "{name} is not offered");
            assert!(listed.contains(&name.as_str()), "{name} is not in the manifest");
        }
    }
}

#[test]
fn the_data_package_tells_every_column_of_every_table() {
    let folder = folder("en");
    let package: Value =
        serde_json::from_slice(&fs::read(folder.join("datapackage.json")).expect("a file")).expect("JSON");
    assert!(package["description"].as_str().expect("a description").contains("SYNTHETIC"));
    for resource in package["resources"].as_array().expect("resources") {
        let bytes = fs::read(folder.join(resource["path"].as_str().expect("a path"))).expect("the file is there");
        assert_eq!(resource["bytes"].as_u64(), u64::try_from(bytes.len()).ok());
        let header = String::from_utf8(bytes).expect("UTF-8").lines().next().expect("a header").to_owned();
        let fields = resource["schema"]["fields"].as_array().expect("fields");
        let names: Vec<&str> = fields.iter().filter_map(|field| field["name"].as_str()).collect();
        assert_eq!(names.join(","), header);
    }
}

/// The readers that `crates/testkit/readers/install` brought; `None` where it said that it cannot.
fn readers() -> Option<PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")))?;
    let python = cache.join("barometer/readers/bin/python");
    python.is_file().then_some(python)
}

/// What the independent readers find in a folder of data; `None` where they are not here.
fn read_by_others(folder: &Path, tables: &[&str]) -> Option<Value> {
    let script = testkit::repository().join("crates/testkit/readers/read.py");
    let mut python = std::process::Command::new(readers()?);
    let output = python.arg(&script).arg(folder).arg(tables.join(",")).output().expect("python starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: Value = serde_json::from_slice(&output.stdout).expect("the script prints JSON");
    assert_eq!(found["problems"], serde_json::json!([]));
    Some(found)
}

/// The cells of a file as readers give them.
fn as_numbers(cells: &Cells) -> Vec<Option<Vec<f64>>> {
    let number = |number: &String| number.parse::<f64>().expect("a number");
    cells.iter().map(|cell| cell.as_ref().map(|cell| cell.iter().map(number).collect())).collect()
}

#[test]
fn the_file_of_several_waves_and_the_licence_stand_in_every_description() {
    const LICENCE: &str = "https://creativecommons.org/licenses/by/4.0/";
    let country = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = country.path().join("dnk");
    copy(&testkit::repository().join("pipelines/dnk"), &folder);
    let file = folder.join("country.toml");
    let text = fs::read_to_string(&file).expect("a country has a file");
    fs::write(&file, format!("licence = \"{LICENCE}\"\n{text}")).expect("a file can be written");
    let raw = testkit::repository().join("fixtures/{country}/{wave}/raw");
    let (_out, release) = release(folder.to_str().expect("UTF-8"), "2023", &raw, &[]);
    for language in ["", "en"] {
        let data = release.join(language).join("data");
        let names = tables(&data);
        let names: Vec<&str> = names.iter().map(String::as_str).filter(|name| *name != "waves").collect();
        let Some(found) = read_by_others(&data, &names) else { return };
        let waves = of_csv(&data.join("waves.csv"));
        assert!(waves.len() > 40, "{}", waves.len());
        for reader in ["frictionless", "csvw"] {
            assert_eq!(found[reader]["waves"], serde_json::json!(as_numbers(&waves)), "{reader}");
        }
        let header = fs::read_to_string(data.join("waves.csv")).expect("a file").lines().next().map(str::to_owned);
        let header: Vec<String> = header.expect("a header").split(',').map(str::to_owned).collect();
        assert_eq!(found["descriptions"]["columns"], serde_json::json!([header.clone(), header]));
        let everywhere = serde_json::json!({"dcat": true, "ro-crate": true, "ddi": true});
        assert_eq!(found["descriptions"]["listed"], everywhere);
        for format in ["frictionless", "csvw", "dcat", "ro-crate", "ddi"] {
            assert_eq!(found["descriptions"]["licences"][format], serde_json::json!([LICENCE]), "{format}");
        }
    }
}

#[test]
fn independent_readers_find_the_same_cells() {
    if readers().is_none() {
        let left_out = "independent readers are not here: run make test, which installs them where it can";
        return writeln!(io::stdout(), "\n{left_out}").expect("standard output can be written");
    }
    let release = published(&DENMARK.1);
    let names: Vec<&str> =
        release["tables"].as_array().expect("tables").iter().filter_map(|table| table["id"].as_str()).collect();
    let (mut seen, mut by_office) = (0, 0);
    for language in ["", "en"] {
        let folder = folder(language);
        let Some(found) = read_by_others(&folder, &names) else { continue };
        for name in &names {
            let cells = of_csv(&folder.join(format!("{name}.csv")));
            let expected = as_numbers(&cells);
            for reader in ["frictionless", "csvw", "fastparquet", "sdmx", "pyjstat", "pyaxis", "openpyxl", "odfpy"] {
                assert_eq!(found[reader][name], serde_json::json!(expected), "{reader}: {name}");
                seen += 1;
            }
            // LibreOffice is not everywhere.
            for (file, tables) in found["office"].as_object().expect("its files") {
                assert_eq!(tables[*name], serde_json::json!(expected), "LibreOffice: {name} in {file}");
                by_office += 1;
            }
        }
    }
    // Past the harness, which keeps what a passing test prints to itself: .ci/run looks for it.
    writeln!(io::stdout(), "\nindependent readers saw {seen} tables").expect("standard output can be written");
    let of_office = match by_office {
        0 => "LibreOffice is not here, so it saw none".to_owned(),
        tables => format!("LibreOffice saw {tables} tables"),
    };
    writeln!(io::stdout(), "{of_office}").expect("standard output can be written");
}
