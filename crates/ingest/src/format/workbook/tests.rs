//! Workbooks that other programs wrote, and mutants of their cells and bytes.

use std::io::{Cursor, Write};

use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

use super::{Grid, read};
use crate::format::archive::{Container, members};
use crate::format::fixtures::{Random, answers, fixture, mutant, shown};

const WORKBOOKS: [&str; 4] =
    ["answers.openpyxl.xlsx", "answers.xlsxwriter.xlsx", "answers.libreoffice.xlsx", "answers.ods"];

fn grid(name: &str) -> (Option<Grid>, Vec<String>) {
    let mut findings = Vec::new();
    let grid = read(name, &fixture(name), &mut findings);
    (grid, shown(&findings))
}

#[test]
fn a_workbook_gives_the_cells_of_the_plain_csv() {
    for name in WORKBOOKS {
        let (grid, findings) = grid(name);
        assert!(findings.is_empty(), "{name}: {findings:?}");
        let sheets = grid.unwrap().sheets;
        assert_eq!(sheets[0].name, "Dataset", "{name}");
        assert_eq!(sheets[0].rows, answers(), "{name}");
        assert!(sheets[0].findings.is_empty(), "{name}: {:?}", sheets[0].findings);
    }
}

#[test]
fn every_sheet_is_read() {
    for name in ["answers.openpyxl.xlsx", "answers.libreoffice.xlsx", "answers.ods"] {
        let sheets = grid(name).0.unwrap().sheets;
        let labels = [["variable", "value", "label"], ["q1", "1", "Yes, in the last two years"], ["q1", "2", "No"]];
        assert_eq!(sheets[1].rows, labels, "{name}");
    }
}

const HIDDEN: &str = "the sheet \"Notes on units\" is hidden\nhelp: show it, and see what it holds";
const MERGED: &str = "merged cells in Dataset!C4\nhelp: split the cells; only the first one holds the value";
const AMONG_DATES: &str = "warning: a number in a column of dates in Dataset!D3\n\
                           help: give the cells the format of a date, or find out what the number means";

#[test]
fn what_an_export_does_not_have_is_told_with_its_cell() {
    for name in ["odd.libreoffice.xlsx", "odd.ods"] {
        let (grid, findings) = grid(name);
        assert_eq!(findings, [format!("{name}: warning: {HIDDEN}")]);
        let sheets = grid.unwrap().sheets;
        let expected = [
            format!(
                "{name}: an error value instead of an answer in Dataset!E3\nhelp: mend the formula, or export again"
            ),
            format!(
                "{name}: warning: a formula, of which the last value is read in Dataset!E2, E3\n\
                 help: an export has none: see who changed the file, and paste the values in their place"
            ),
            format!("{name}: {MERGED}"),
            format!("{name}: {AMONG_DATES}"),
        ];
        assert_eq!(shown(&sheets[0].findings), expected);
        assert_eq!(sheets[0].rows[1], ["1", "SYNTHETIC", "1", "2019-11-04", "2"], "{name}");
        assert_eq!(sheets[0].rows[2], ["2", "SYNTHETIC", "2", "43831", "#DIV/0!"], "{name}");
        assert_eq!(sheets.iter().map(|sheet| sheet.hidden).collect::<Vec<_>>(), [false, true], "{name}");
    }
}

#[test]
fn a_formula_that_nobody_has_calculated_is_no_empty_answer() {
    let name = "odd.openpyxl.xlsx";
    let sheets = grid(name).0.unwrap().sheets;
    let expected = format!(
        "{name}: a formula that nobody has calculated in Dataset!E2, E3\n\
         help: open the workbook in a spreadsheet program and save it, or export the values"
    );
    assert_eq!(shown(&sheets[0].findings)[0], expected);
}

#[test]
fn a_workbook_that_cannot_be_opened_says_why() {
    let cases = [
        ("odd.password.xlsx", "the file is protected by a password\nhelp: save it without a password"),
        (
            "odd.old.xls",
            "the workbook is in the form that Excel wrote before 2007 (xls)\nhelp: save it as xlsx, or export it as CSV",
        ),
        ("answers.zip", "the file is not a workbook\nhelp: an xlsx or ods file was expected"),
    ];
    for (name, expected) in cases {
        let (grid, findings) = grid(name);
        assert!(grid.is_none(), "{name}");
        assert_eq!(findings, [format!("{name}: {expected}")]);
    }
}

/// A workbook made of the parts of another one, with one part as `change` leaves it.
fn with_part(original: &[u8], part: &str, change: impl FnOnce(String) -> String) -> Vec<u8> {
    let mut container = Container::open(original).unwrap();
    let mut changed = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut change = Some(change);
    for member in members("a.xlsx", original, &mut Vec::new()).unwrap() {
        let mut bytes = container.unpack(&member.name).unwrap();
        if member.name == part {
            let change = change.take().expect("names are unique");
            bytes = change(String::from_utf8(bytes).unwrap()).into_bytes();
        }
        let plain = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        changed.start_file(&member.name, plain).unwrap();
        changed.write_all(&bytes).unwrap();
    }
    assert!(change.is_none(), "there is a part {part}");
    changed.finish().unwrap().into_inner()
}

fn findings_of(name: &str, bytes: &[u8]) -> Vec<String> {
    let mut findings = Vec::new();
    let grid = read(name, bytes, &mut findings);
    assert!(grid.is_none());
    shown(&findings)
}

const SHEET: &str = "xl/worksheets/sheet1.xml";
const DAMAGED: &str = "a.xlsx: the file is damaged or cut off\n\
                       help: export it again, and compare its size with that of the original";

#[test]
fn an_empty_workbook_holds_no_answers() {
    let cut = |xml: String| {
        let (start, end) = (xml.find("<sheetData>").unwrap(), xml.find("</sheetData>").unwrap());
        format!("{}<sheetData>{}", &xml[..start], &xml[end..])
    };
    let one = with_part(&fixture("answers.openpyxl.xlsx"), SHEET, cut);
    let both = with_part(&one, "xl/worksheets/sheet2.xml", cut);
    assert_eq!(findings_of("a.xlsx", &both), ["a.xlsx: no sheet of the workbook holds anything"]);
}

#[test]
fn a_cell_that_refers_to_no_string_is_damage_and_no_empty_answer() {
    let bytes = with_part(&fixture("answers.xlsxwriter.xlsx"), SHEET, |xml| xml.replacen("<v>0</v>", "<v>999</v>", 1));
    assert_eq!(findings_of("a.xlsx", &bytes), [DAMAGED]);
}

#[test]
fn a_part_that_is_cut_is_damage_and_not_a_shorter_sheet() {
    for (name, part) in [("answers.openpyxl.xlsx", SHEET), ("answers.ods", "content.xml")] {
        let bytes = with_part(&fixture(name), part, |xml| xml[..xml.len() * 9 / 10].to_owned());
        assert_eq!(findings_of("a.xlsx", &bytes), [DAMAGED], "{name}");
    }
}

#[test]
fn a_far_cell_and_a_million_repetitions_are_too_large() {
    let too_large = "a.xlsx: the workbook has more than 25 million cells\nhelp: export it as CSV";
    let far = with_part(&fixture("answers.openpyxl.xlsx"), SHEET, |xml| {
        let cell = r#"<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>"#;
        xml.replace("</sheetData>", cell)
    });
    assert_eq!(findings_of("a.xlsx", &far), [too_large]);
    let repeated = with_part(&fixture("answers.ods"), "content.xml", |xml| {
        let row = r#"<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value="1"
            table:number-columns-repeated="16000" office:value-type="float"/></table:table-row><table:table-row "#;
        xml.replacen("<table:table-row ", row, 1)
    });
    assert_eq!(findings_of("a.xlsx", &repeated), [too_large]);
}

/// Space is taken for what a file holds, not for what it says it holds.
#[test]
fn a_claim_of_many_strings_takes_no_memory() {
    let bytes = with_part(&fixture("answers.xlsxwriter.xlsx"), "xl/sharedStrings.xml", |xml| {
        let start = xml.find("uniqueCount=\"").unwrap() + "uniqueCount=\"".len();
        format!("{}999999999999{}", &xml[..start], &xml[start..])
    });
    let grid = read("a.xlsx", &bytes, &mut Vec::new()).unwrap();
    assert_eq!(grid.sheets[0].rows, answers());
}

/// What stands in cells, types and references, and what else might.
const CELLS: [(&str, &[&str]); 14] = [
    ("<v>", &["<v>-", "<v>1e999", "<v>NaN", "<v></v><v>", "<v>99999999999999999999"]),
    ("t=\"s\"", &["t=\"b\"", "t=\"n\"", "t=\"e\"", "t=\"d\"", "t=\"str\"", "t=\"inlineStr\"", ""]),
    (" r=\"", &[" r=\"A", " r=\"9999999", " r=\"", " q=\""]),
    (" s=\"", &[" s=\"9", " s=\"-", " s=\"x"]),
    ("</c>", &["<f>A1</f></c>", "<v>1</v></c>", "</c><c/>", ""]),
    ("</row>", &["</row><row/>", "", "</row></row>"]),
    ("</sheetData>", &["</sheetData><mergeCells><mergeCell ref=\"A1:C9\"/></mergeCells>", ""]),
    ("office:value=\"", &["office:value=\"-", "office:value=\"x", "office:value=\"1e400", "office:vague=\""]),
    ("office:value-type=\"float\"", &["office:value-type=\"date\"", "office:value-type=\"time\"", ""]),
    ("office:date-value=\"", &["office:date-value=\"9", "office:date-value=\"-0", "office:time-value=\""]),
    ("<table:table-cell ", &["<table:table-cell table:number-columns-repeated=\"70\" ", "<table:covered-table-cell "]),
    ("<text:p>", &["<text:p><text:s text:c=\"99999999\"/>", "<text:p>&unknown;", "<text:p>&#0;", "<text:p><text:p>"]),
    (
        "</table:table-row>",
        &["</table:table-row><table:table-row table:number-rows-repeated=\"18446744073709551615\"/>"],
    ),
    ("SYNTHETIC", &["", "_xD83D_", "\u{0}", "]]>", "<!--", "&amp;&lt;"]),
];

/// The text with one of [`CELLS`] changed at one place, or some of its bytes.
fn changed_cell(text: &str, random: &mut Random) -> String {
    let there: Vec<_> = CELLS.iter().filter(|(found, _)| text.contains(found)).collect();
    let (found, others) = random.one_of(&there);
    let places: Vec<usize> = text.match_indices(found).map(|(place, _)| place).collect();
    let place = *random.one_of(&places);
    format!("{}{}{}", &text[..place], random.one_of(others), &text[place + found.len()..])
}

#[test]
fn no_mutant_of_a_cell_makes_the_reader_fall() {
    for (name, part) in
        [("answers.openpyxl.xlsx", SHEET), ("answers.libreoffice.xlsx", SHEET), ("answers.ods", "content.xml")]
    {
        let original = fixture(name);
        let mut read_through = 0;
        for seed in 0..300 {
            let mut random = Random(seed);
            let bytes = with_part(&original, part, |xml| changed_cell(&xml, &mut random));
            let mut findings = Vec::new();
            match read(name, &bytes, &mut findings) {
                Some(grid) => {
                    read_through += 1;
                    let rows = grid.sheets.iter().flat_map(|sheet| sheet.rows.windows(2));
                    assert!(rows.into_iter().all(|rows| rows[0].len() == rows[1].len()), "{name}, seed {seed}");
                }
                None => assert_eq!(findings.len(), 1, "{name}, seed {seed}"),
            }
        }
        println!("{name}: of 300 mutants of cells {read_through} were read to the end");
        assert!((100..300).contains(&read_through), "{name}: {read_through}");
    }
}

/// Bytes of the archive are mutated as they are; those of a part are packed again, so that the checksum does not stop them.
#[test]
fn no_mutant_of_a_byte_makes_the_reader_fall() {
    for (name, part) in
        [("answers.openpyxl.xlsx", SHEET), ("answers.xlsxwriter.xlsx", "xl/styles.xml"), ("answers.ods", "content.xml")]
    {
        let original = fixture(name);
        let (mut read_whole, mut read_part) = (0, 0);
        for seed in 0..300 {
            read_whole += usize::from(read(name, &mutant(&original, seed), &mut Vec::new()).is_some());
            let bytes =
                with_part(&original, part, |xml| String::from_utf8_lossy(&mutant(xml.as_bytes(), seed)).into_owned());
            read_part += usize::from(read(name, &bytes, &mut Vec::new()).is_some());
        }
        println!("{name}: of 300 mutants of bytes {read_whole} were read, of 300 of {part} {read_part}");
        assert!(read_whole > 20 && read_part > 15, "{name}: {read_whole}, {read_part}");
    }
}
