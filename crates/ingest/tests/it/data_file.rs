//! Any data file: the types of its columns, its way through Parquet, and what is refused.

use std::cell::Cell;

use arrow::datatypes::DataType;
use codebook::{ColumnKind, Decimal};
use ingest::{TypedFile, data_file};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::support::{Table, printed};

/// A text that no finding may show.
const SECRET: &str = "Karen Blixen";

#[track_caller]
fn typed(text: &str) -> TypedFile {
    data_file("schools.csv", text.as_bytes()).unwrap_or_else(|findings| panic!("{text:?}:\n{}", printed(&findings)))
}

fn table(file: &TypedFile) -> Table {
    Table::of_bytes(&file.parquet().expect("a typed file can be written"))
}

/// Name and kind of every column.
fn kinds(file: &TypedFile) -> Vec<(String, ColumnKind)> {
    file.columns().iter().map(|(_, column)| (column.name.clone(), column.kind)).collect()
}

/// The findings that refuse a file, without its name.
#[track_caller]
fn refusals(bytes: impl AsRef<[u8]>) -> String {
    let bytes = bytes.as_ref();
    let Err(findings) = data_file("f.csv", bytes) else { panic!("{:?} is read", String::from_utf8_lossy(bytes)) };
    let findings = printed(&findings);
    assert!(!findings.contains(SECRET), "{findings}");
    findings.replace("f.csv: ", "").trim_end().to_owned()
}

/// The type and the cells of one column of a file, `-` where one is missing.
#[track_caller]
fn check(text: &str, name: &str, data_type: &DataType, cells: &str) {
    let table = table(&typed(text));
    assert_eq!(&table.type_of(name), data_type, "{text:?}");
    assert_eq!(table.line(name), cells, "{text:?}");
}

fn decimal(scale: i8) -> DataType {
    DataType::Decimal128(38, scale)
}

#[test]
fn the_california_schools_have_the_columns_that_r_knows() {
    let path = testkit::repository().join("fixtures/schools/2000/raw/apistrat.csv");
    let bytes = std::fs::read(path).expect("the fixture is there");
    let file = data_file("apistrat.csv", &bytes).expect("it is a data file");
    assert_eq!(file.rows(), 200);
    let text: Vec<String> =
        kinds(&file).into_iter().filter(|(_, kind)| *kind == ColumnKind::Text).map(|(name, _)| name).collect();
    let expected =
        ["cds", "stype", "name", "sname", "dname", "cname", "sch.wide", "comp.imp", "both", "awards", "yr.rnd"];
    assert_eq!(text, expected);
    let table = table(&file);
    assert_eq!(table.type_of("pw"), decimal(13));
    assert_eq!(table.type_of("enroll"), decimal(0));
    let sum: i64 = table.column("api00").iter().map(|cell| cell.parse::<i64>().expect("a whole number")).sum();
    assert_eq!(sum, 130_564, "R: sum(apistrat$api00)");
}

#[test]
fn numbers_keep_their_digits_at_one_scale() {
    check("x\n1\n2.50\n-0.125\n", "x", &decimal(3), "1.000 2.500 -0.125");
    check("x\n1e6\n1.5E-3\n+2\n", "x", &decimal(4), "1000000.0000 0.0015 2.0000");
    check("x\n.5\n-.25\n", "x", &decimal(2), "0.50 -0.25");
    check("x\n0.1\n12345678901234567890123456789\n", "x", &decimal(1), "0.1 12345678901234567890123456789.0");
    check("x\n0\n007.5\n", "x", &decimal(1), "0.0 7.5");
}

#[test]
fn whole_numbers_with_leading_zeros_are_codes() {
    check("kommune\n0101\n0147\n1084\n", "kommune", &DataType::Utf8, "0101 0147 1084");
    check("branche\n1\n01\n00\n", "branche", &DataType::Utf8, "1 01 00");
    let file = typed("branche,n\n1,0\n01,10\n02,7\n");
    assert_eq!(kinds(&file), [("branche".to_owned(), ColumnKind::Text), ("n".to_owned(), ColumnKind::Number)]);
    let told = "schools.csv: row 3, column \"branche\": warning: whole number with leading zeros, so the column is read as text and \
                `01` is not `1` (rows 3 and 4)\nhelp: if they are quantities, write them without the zeros\n";
    assert_eq!(printed(file.warnings()), told);
}

#[test]
fn a_column_whose_digits_do_not_fit_holds_the_nearest_doubles() {
    check("x\n0.5\n12345678901234567890123456789012345678\n", "x", &DataType::Float64, "0.5 1.2345678901234568e37");
    check("x\n1e300\n-1e-300\n\n3\n", "x", &DataType::Float64, "1e300 -1e-300 3.0");
    assert_eq!(kinds(&typed("x\n1\n1e999\n")), [("x".to_owned(), ColumnKind::Text)]);
}

#[test]
fn one_cell_of_another_kind_makes_a_column_text() {
    for (cells, kind) in [
        ("1\n2\n", ColumnKind::Number),
        ("1\n2a\n", ColumnKind::Text),
        ("1\n1 000\n", ColumnKind::Text),
        ("TRUE\nfalse\nTrue\n", ColumnKind::Condition),
        ("TRUE\n1\n", ColumnKind::Text),
        ("T\nF\n", ColumnKind::Text),
        ("2019-12-31\n2020-02-29\n", ColumnKind::Date),
        ("2019-12-31\n2019-02-29\n", ColumnKind::Text),
        ("2019-12-31\n2020-1-1\n", ColumnKind::Text),
        ("inf\n", ColumnKind::Text),
        ("nan\n", ColumnKind::Text),
        ("NA\n", ColumnKind::Number),
    ] {
        assert_eq!(kinds(&typed(&format!("x\n{cells}"))), [("x".to_owned(), kind)], "{cells:?}");
    }
    check("x,y\nTRUE,1\n,1\nfalse,1\n", "x", &DataType::Boolean, "true - false");
    check("x,y\n1969-12-31,1\nNA,1\n2000-02-29,1\n", "x", &DataType::Date32, "1969-12-31 - 2000-02-29");
}

#[test]
fn na_without_quotes_is_missing_and_in_quotes_a_text() {
    check("x,y\nNA,1\n\"NA\",2\nNamibia,3\n,4\n\"\",5\n na ,6\n", "x", &DataType::Utf8, "- NA Namibia - - na");
    check("x,y\n1,a\nNA,\"NA\"\n3,\"b, NA\"\n", "x", &decimal(0), "1 - 3");
    check("x,y\n1,a\nNA,\"NA\"\n3,\"b\"\"NA\"\n", "y", &DataType::Utf8, "a NA b\"NA");
    check("y,x\r\n\r\n\"a\r\nNA\",\"NA\"\r\nNA,NA\r\n", "x", &DataType::Utf8, "NA -");
    check("x;y\n\"1\";NA\n\"2\";\"3,5\"\n", "y", &decimal(1), "- 3.5");
}

#[test]
fn rs_row_names_are_no_column() {
    let file = typed("\"\",\"stype\"\n\"1\",\"E\"\n\"2\",\"H\"\n");
    assert_eq!(kinds(&file), [("stype".to_owned(), ColumnKind::Text)]);
}

#[test]
fn the_delimiter_is_found_and_names_may_hold_others() {
    for delimiter in [',', ';', '\t', '|'] {
        let text = "id|Kommune, navn; type\t1|x\n1|a|2.5\n2|\"b\"|3\n";
        let text = text.replacen("Kommune, navn; type\t1", "\"Kommune, navn; type\t1\"", 1);
        let text = text.replace('|', &delimiter.to_string());
        let names: Vec<String> = kinds(&typed(&text)).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["id", "Kommune, navn; type\t1", "x"], "{delimiter:?}");
    }
    assert_eq!(table(&typed("x\n\"a;b\"\n\"a,b\"\n")).line("x"), "a;b a,b");
}

#[test]
fn a_decimal_comma_is_read_in_a_file_cut_at_semicolons() {
    check("x;y\n1,5;2,25\n2;3\n", "x", &decimal(1), "1.5 2.0");
    check("x;y\n1.5;2\n2;3\n", "x", &decimal(1), "1.5 2.0");
    check("x\n1,5\n2,5\n", "x", &decimal(1), "1.5 2.5");
    // A point between thousands is no decimal point, and text is better than a thousandth.
    let file = typed("x;y;z\n1,5;2,5;1.234\n2;3;5.678\n");
    assert_eq!(kinds(&file)[2].1, ColumnKind::Text);
    assert_eq!(kinds(&typed("x,y\n\"1,5\",2\n"))[0].1, ColumnKind::Text);
}

#[test]
fn a_decimal_comma_between_tabs_is_read_where_it_cannot_set_off_thousands() {
    check("x\ty\n1,5\t2\n2\t3\n", "x", &decimal(1), "1.5 2.0");
    check("x\ty\n-0,125\t2\n2\t3\n", "x", &decimal(3), "-0.125 2.000");
    check("x|y\n1,500|2,5\n2|3\n", "x", &decimal(3), "1.500 2.000");
    assert_eq!(kinds(&typed("x\ty\n1,500\t2\n12\t3\n"))[0].1, ColumnKind::Text);
    // As many columns speak for the point.
    assert_eq!(kinds(&typed("x\ty\n1,5\t2.5\n2\t3\n"))[0].1, ColumnKind::Text);
}

#[test]
fn a_few_cells_that_are_no_numbers_are_told() {
    let numbers: String = (0..30).map(|number| format!("{number},a\n")).collect();
    let text = format!("income,y\n{numbers}{SECRET},b\n\"1,5\",b\n.,c\n");
    let file = typed(&text);
    assert_eq!(
        printed(file.warnings()),
        "schools.csv: row 32, column \"income\": warning: cell that is no number (decimal mark '.'), so the column is \
         read as text (rows 32, 33 and 34): a text of 12 characters, a number with ',' for decimal mark and a text of \
         1 character\n"
    );
    assert!(typed("x\n1\na\n").warnings().is_empty(), "half of the cells are no slip");
    assert!(typed("x,y\n1,a\n2,b\n").warnings().is_empty());
}

#[test]
fn what_is_no_table_is_refused_with_its_place() {
    let header = "\nhelp: put the names into a row of their own";
    let quotes = "\nhelp: a delimiter or line break inside a cell must stand in quotes";
    let names = "\nhelp: rename all but one, and see that the first row holds the names of the columns";
    for (text, expected) in [
        ("", "the file is empty\nhelp: export it again".to_owned()),
        ("\n\n", "the file has no header row".to_owned()),
        ("x,y\n", "the file has a header row and no rows below it".to_owned()),
        ("x,y\n1\n2\n", format!("1 field instead of 2 (rows 2 and 3){quotes}")),
        ("x,y\n1,2\n3\n4,5\n", format!("1 field instead of 2 (row 3){quotes}")),
        (
            "x,y\n1,2\n1,2,3\n4,5,6\nKaren Blixen\n",
            format!("1 field instead of 2 (row 5){quotes}\n3 fields instead of 2 (rows 3 and 4){quotes}"),
        ),
        ("x,x,y\n1,2,3\n", format!("row 1, column \"number 2\": 2 columns have this name{names}")),
        (
            "Karen Blixen,Karen Blixen,1\n1,2,3\n",
            format!("row 1, column \"number 2\": 2 columns have this name{names}"),
        ),
        (
            "1,2,3\n4,5,6\n",
            format!(
                "row 1, column \"number 1\": the first row holds values, expected the names of the columns{header}"
            ),
        ),
        (
            "Karen Blixen,-2\nx,3\n",
            format!(
                "row 1, column \"number 1\": the first row holds values, expected the names of the columns{header}"
            ),
        ),
        (
            ",,\n4,5,6\n",
            format!(
                "row 1, column \"number 1\": the first row holds values, expected the names of the columns{header}"
            ),
        ),
        (
            "x,y\n1,2\n3,\"Karen Blixen\n",
            "a quote opens in row 3 and is never closed\nhelp: the rest of the file was read as one cell: close the quote or double it, or export again if the file was cut off".to_owned(),
        ),
    ] {
        assert_eq!(refusals(text), expected, "{text:?}");
    }
}

#[test]
fn bytes_that_are_no_utf8_are_found_by_row_and_column() {
    let utf8 = "\nhelp: save the file as UTF-8";
    let marked = "the file starts with the byte order mark of utf-16le, not utf-8";
    assert_eq!(refusals(b"\xff\xfex\0"), format!("{marked}{utf8}"));
    let malformed = "row 3, column \"number 2\": bytes that are not utf-8";
    assert_eq!(refusals(b"x,y\na,b\nc,K\xf8benhavn\n"), format!("{malformed}{utf8}"));
    assert!(refusals(b"x,y\na,b\nc,\0\n").starts_with("row 3, column \"number 2\": NUL characters"));
    check("\u{feff}x,vægt\n1,2\n", "vægt", &decimal(0), "2");
    check("\u{feff}x,vægt\n1,2\n", "x", &decimal(0), "1");
}

#[test]
fn years_may_be_names_beside_others() {
    assert_eq!(kinds(&typed("id,2019,2020\n1,2,3\n")).len(), 3);
}

#[test]
fn a_file_larger_than_a_row_group_is_written_whole_and_alike() {
    let rows: String = (0..70_000).map(|row| format!("{row}.5,s{},2020-01-0{}\n", row % 7, 1 + row % 9)).collect();
    let file = typed(&format!("x,s,d\n{rows}"));
    let table = table(&file);
    assert_eq!(file.rows(), 70_000);
    assert_eq!(table.column("x")[65_536], "65536.5");
    assert_eq!(table.column("x")[69_999], "69999.5");
    assert_eq!(table.column("s")[69_999], "s6");
    assert_eq!(table.column("d")[69_999], "2020-01-07");
    assert!(file.parquet().expect("it can be written") == file.parquet().expect("it can be written"));
}

#[test]
fn a_typed_file_shows_no_cell_in_a_log() {
    assert_eq!(format!("{:?}", typed("x\nKaren Blixen\n")), "TypedFile { rows: 1, columns: 1 }");
}

/// The cells of a random column; numbers have a point.
#[derive(Debug, Clone, PartialEq)]
enum Cells {
    Numbers(Vec<Option<String>>),
    Texts(Vec<Option<String>>),
    Conditions(Vec<Option<bool>>),
    Dates(Vec<Option<String>>),
}

/// How a random table is written.
#[derive(Debug, Clone, PartialEq)]
struct Style {
    delimiter: char,
    line_break: &'static str,
    missing: &'static str,
    marked: bool,
}

fn column(rows: usize) -> impl Strategy<Value = Cells> {
    let number = prop_oneof![
        3 => "0|-?[1-9][0-9]{0,8}",
        3 => "[+-]?[0-9]{1,12}\\.[0-9]{1,15}",
        1 => "-?[0-9]\\.[0-9]{1,4}[eE]-?[0-9]",
    ];
    let text = prop_oneof![2 => "[A-Za-z]{1,3}", 1 => "[a-z;,|\t\"'\n æ0-9-]{1,12}", 1 => Just("NA".to_owned()), 1 => any::<String>()];
    let date =
        (1800..2200_i16, 1..13_i8, 1..29_i8).prop_map(|(year, month, day)| format!("{year}-{month:02}-{day:02}"));
    let cells = move |cell: BoxedStrategy<String>| prop::collection::vec(prop::option::weighted(0.8, cell), rows);
    // All of them might be numbers by chance, so the first is surely a text.
    let texts = |mut cells: Vec<Option<String>>| {
        for cell in &mut cells {
            *cell = cell.take().map(|text| text.replace('\0', "").trim_matches([' ', '\t']).to_owned());
            *cell = cell.take().filter(|text| !text.is_empty());
        }
        cells[0] = Some("surely a text".to_owned());
        Cells::Texts(cells)
    };
    prop_oneof![
        cells(number.boxed()).prop_map(Cells::Numbers),
        cells(text.boxed()).prop_map(texts),
        cells(date.boxed()).prop_map(|mut cells| {
            cells[0] = Some("2000-02-29".to_owned());
            Cells::Dates(cells)
        }),
        prop::collection::vec(prop::option::of(any::<bool>()), rows).prop_map(|mut cells| {
            cells[0] = Some(true);
            Cells::Conditions(cells)
        }),
    ]
}

fn random_table() -> impl Strategy<Value = (Vec<Cells>, Style)> {
    let columns = (1..12_usize).prop_flat_map(|rows| prop::collection::vec(column(rows), 2..6));
    let style = (
        prop::sample::select(vec![',', ';', '\t', '|']),
        prop::sample::select(vec!["\n", "\r\n"]),
        prop::sample::select(vec!["", "NA", "\"\""]),
        any::<bool>(),
    )
        .prop_map(|(delimiter, line_break, missing, marked)| Style { delimiter, line_break, missing, marked });
    (columns, style)
}

impl Cells {
    fn len(&self) -> usize {
        match self {
            Self::Numbers(cells) | Self::Texts(cells) | Self::Dates(cells) => cells.len(),
            Self::Conditions(cells) => cells.len(),
        }
    }

    /// A cell as a program would write it.
    fn written(&self, row: usize, style: &Style) -> String {
        let cell = match self {
            Self::Numbers(cells) if style.delimiter == ';' => cells[row].clone().map(|cell| cell.replace('.', ",")),
            Self::Numbers(cells) | Self::Dates(cells) => cells[row].clone(),
            Self::Texts(cells) => cells[row].as_ref().map(|text| format!("\"{}\"", text.replace('"', "\"\""))),
            Self::Conditions(cells) => cells[row].map(|cell| if cell { "TRUE" } else { "false" }.to_owned()),
        };
        cell.unwrap_or_else(|| style.missing.to_owned())
    }

    /// The type of the column and its cells as they must come back.
    fn expected(&self) -> (DataType, Vec<Option<String>>) {
        match self {
            Self::Texts(cells) => (DataType::Utf8, cells.clone()),
            Self::Dates(cells) => (DataType::Date32, cells.clone()),
            Self::Conditions(cells) => {
                (DataType::Boolean, cells.iter().map(|cell| cell.map(|cell| cell.to_string())).collect())
            }
            Self::Numbers(cells) => {
                let number = |cell: &String| Decimal::parse(cell, '.').expect("a random number is a number");
                let numbers: Vec<Option<Decimal>> = cells.iter().map(|cell| cell.as_ref().map(number)).collect();
                let scale = numbers.iter().flatten().map(|number| number.scale()).max().unwrap_or(0);
                let shown = |number: Decimal| {
                    let units = number.units_at(scale).expect("a random number is short");
                    Decimal::new(units, scale).to_string()
                };
                let cells = numbers.into_iter().map(|number| number.map(shown)).collect();
                (decimal(i8::try_from(scale).expect("a scale is small")), cells)
            }
        }
    }
}

fn written(columns: &[Cells], style: &Style) -> String {
    let delimiter = style.delimiter.to_string();
    let names: Vec<String> = (0..columns.len()).map(|position| format!("Q{position} x")).collect();
    let mut lines = vec![names.join(&delimiter)];
    for row in 0..columns[0].len() {
        let cells: Vec<String> = columns.iter().map(|column| column.written(row, style)).collect();
        lines.push(cells.join(&delimiter));
    }
    let mark = if style.marked { "\u{feff}" } else { "" };
    format!("{mark}{}{}", lines.join(style.line_break), style.line_break)
}

#[test]
fn random_tables_survive_the_way_to_parquet_unchanged() {
    let config = Config { cases: 500, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let cells = Cell::new(0_usize);
    let result = TestRunner::new_with_rng(config, rng).run(&random_table(), |(columns, style)| {
        let text = written(&columns, &style);
        let file = data_file("random.csv", text.as_bytes())
            .map_err(|findings| TestCaseError::fail(format!("{text:?}\n{}", printed(&findings))))?;
        let table = table(&file);
        for (position, column) in columns.iter().enumerate() {
            let name = format!("Q{position} x");
            let (data_type, expected) = column.expected();
            prop_assert_eq!(table.type_of(&name), data_type, "{:?}", text);
            prop_assert_eq!(table.cells(&name), expected, "{:?}", text);
            cells.set(cells.get() + column.len());
        }
        Ok(())
    });
    assert_eq!(result, Ok(()));
    assert!(cells.get() > 5_000, "only {} cells were compared", cells.get());
}

#[test]
fn no_bytes_make_the_reader_panic_or_show_a_respondents_text() {
    let config = Config { cases: 1_000, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let parts = prop::sample::select(vec![
        "x",
        "y",
        ",",
        ";",
        "\t",
        "|",
        "\n",
        "\r\n",
        "\"",
        "1",
        "2,5",
        "NA",
        "TRUE",
        "2020-01-01",
        "\0",
        SECRET,
    ]);
    let rows = prop::collection::vec((parts.clone(), parts.clone()), 0..10);
    let noise = (prop::collection::vec(parts, 0..3), prop::collection::vec(any::<u8>(), 0..2));
    let bodies = (rows, prop::option::weighted(0.3, noise));
    let read = Cell::new(0);
    let result = TestRunner::new_with_rng(config, rng).run(&bodies, |(rows, noise)| {
        let rows: String = rows.iter().map(|(one, other)| format!("{one};{other}\n")).collect();
        let (parts, bytes) = noise.unwrap_or_default();
        let body = [b"a;b\n1;2\n", rows.as_bytes(), parts.concat().as_bytes(), bytes.as_slice()].concat();
        let shown = match data_file("any.csv", &body) {
            Ok(file) => {
                read.set(read.get() + 1);
                file.parquet().map_err(|error| TestCaseError::fail(error.to_string()))?;
                printed(file.warnings())
            }
            Err(findings) => printed(&findings),
        };
        prop_assert!(!shown.contains(SECRET), "{shown}");
        Ok(())
    });
    assert_eq!(result, Ok(()));
    assert!(read.get() > 100, "only {} were files", read.get());
}

#[test]
fn a_file_that_is_no_text_is_told_by_its_format() {
    assert_eq!(
        refusals(b"$FL2@(#) IBM SPSS"),
        "the file is of another format (SPSS file), expected delimited text or Parquet\nhelp: save the data as CSV"
    );
    assert_eq!(
        refusals(b"<html><table></table></html>"),
        "the file is a web page, which is not read\nhelp: open it in a spreadsheet program and save it as xlsx, or export CSV"
    );
}
