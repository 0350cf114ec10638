//! One number of the police, whom the release hides, planted in each of the files that hold the same cells; and in words, wherever words stand.

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::sync::Arc;

use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use serde_json::Value;

use super::{POLICE, assert_found, audit, planted};

/// The release with a file changed.
fn changed(file: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> tempfile::TempDir {
    let release = planted(&[]);
    let path = release.path().join(file);
    let old = fs::read(&path).expect("the file is part of the release");
    let new = change(old.clone());
    assert!(new != old, "{file} is not as it was");
    fs::write(path, new).expect("a file can be written");
    release
}

/// The same of a text, in which the first of something is replaced.
fn replaced(file: &str, old: &str, new: &str) -> tempfile::TempDir {
    changed(file, |bytes| String::from_utf8(bytes).expect("UTF-8").replacen(old, new, 1).into_bytes())
}

/// An archive in which one part is changed.
fn repacked(bytes: &[u8], part: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("it is an archive");
    let mut packed = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut member = archive.by_index(index).expect("its parts can be read");
        let name = member.name().expect("parts have names").to_string();
        let mut text = String::new();
        member.read_to_string(&mut text).expect("its parts are texts");
        packed.start_file(&*name, zip::write::SimpleFileOptions::default()).expect("a part can be added");
        let text = if name == part { change(&text) } else { text };
        packed.write_all(text.as_bytes()).expect("a part can be written");
    }
    packed.finish().expect("an archive ends").into_inner()
}

/// That n = 109 of the police is told in a file.
#[track_caller]
fn assert_n_is_found(release: &Path, place: &str) {
    assert_found(release, &[], (POLICE, "n"), ("109", "109"), &[place]);
}

#[test]
fn an_n_in_px_is_found() {
    let hidden = "\"...\" \"...\" \"...\" \"...\" \"...\"";
    let release = replaced("en/data/innovation.px", hidden, "\"...\" \"...\" \"...\" \"...\" 109");
    assert_n_is_found(release.path(), "en/data/innovation.px:");
    // For the arithmetic, too.
    let cell = ("base all, innovative, industry justice", "answers");
    assert_found(release.path(), &[], cell, ("109", "109"), &["en/data/innovation.px:"]);
}

#[test]
fn an_n_in_json_stat_is_found() {
    let release = changed("en/data/innovation.json", |bytes| {
        let mut cube: Value = serde_json::from_slice(&bytes).expect("JSON");
        // The total and three levels stand before administration and the police, five numbers each.
        cube["value"][5 * 5 + 4] = Value::from(109);
        serde_json::to_vec(&cube).expect("JSON")
    });
    assert_n_is_found(release.path(), "en/data/innovation.json");
}

#[test]
fn an_n_in_sdmx_csv_is_found() {
    let release = replaced("en/data/tables.sdmx.csv", "justice,2019,,,,,,", "justice,2019,,,,,109,");
    assert_n_is_found(release.path(), "en/data/tables.sdmx.csv:");
}

#[test]
fn an_n_in_a_workbook_is_found() {
    let release = changed("en/data/tables.xlsx", |bytes| {
        repacked(&bytes, "xl/worksheets/sheet4.xml", |sheet| {
            sheet.replacen("<c r=\"H7\"", "<c r=\"G7\"><v>109</v></c><c r=\"H7\"", 1)
        })
    });
    assert_n_is_found(release.path(), "en/data/tables.xlsx, sheet Table 1, row 7");
}

#[test]
fn an_n_in_an_opendocument_spreadsheet_is_found() {
    let release = changed("en/data/tables.ods", |bytes| {
        repacked(&bytes, "content.xml", |content| {
            let (before, row) = content.split_once("Police, courts and prisons").expect("the row is there");
            let number = "<table:table-cell office:value-type=\"float\" office:value=\"109\"/>";
            let cells = row.replacen("<table:table-cell/>", "<!-- -->", 4).replacen("<table:table-cell/>", number, 1);
            format!("{before}Police, courts and prisons{}", cells.replace("<!-- -->", "<table:table-cell/>"))
        })
    });
    assert_n_is_found(release.path(), "en/data/tables.ods, sheet Table 1, row 7");
}

#[test]
fn an_n_in_parquet_is_found() {
    let release = planted(&[]);
    let tidy = fs::read_to_string(release.path().join("en/data/tables.tidy.csv")).expect("the file is there");
    let tidy =
        tidy.replacen("\"Police, courts and prisons\",,,,,,hidden", "\"Police, courts and prisons\",,,,,109,hidden", 1);
    fs::write(release.path().join("en/data/tables.parquet"), parquet(&tidy)).expect("a file can be written");
    assert_n_is_found(release.path(), "en/data/tables.parquet, row 6");
}

/// The rows of a CSV as Parquet, all texts.
fn parquet(tidy: &str) -> Vec<u8> {
    let mut reader = csv::Reader::from_reader(tidy.as_bytes());
    let columns: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("rows");
    let fields: String = columns.iter().map(|column| format!("REQUIRED BYTE_ARRAY {column} (UTF8);\n")).collect();
    let schema = Arc::new(parse_message_type(&format!("message tables {{\n{fields}}}")).expect("a schema"));
    let properties = Arc::new(WriterProperties::builder().build());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties).expect("a writer");
    let mut group = writer.next_row_group().expect("a row group");
    for place in 0..columns.len() {
        let values: Vec<ByteArray> = rows.iter().map(|row| ByteArray::from(row[place].as_bytes().to_vec())).collect();
        let mut column = group.next_column().expect("a column").expect("there is one for each name");
        column.typed::<ByteArrayType>().write_batch(&values, None, None).expect("values can be written");
        column.close().expect("a column ends");
    }
    group.close().expect("a row group ends");
    writer.into_inner().expect("a file ends")
}

#[test]
fn an_n_in_the_file_of_all_rows_is_found() {
    let row = "\"Police, courts and prisons\",,,,,,hidden";
    let release = replaced("en/data/tables.tidy.csv", row, "\"Police, courts and prisons\",,,,,109,hidden");
    assert_n_is_found(release.path(), "en/data/tables.tidy.csv");
}

#[test]
fn an_indicator_of_a_hidden_group_is_found() {
    let of = |of: &str| {
        format!(
            "\"indicators\": [{{\"code\": null, \"concept\": \"S.13\", \"indicator\": \"answers\", \"of\": {of}, \"unit\": \"units\", \"value\": 109}},"
        )
    };
    for indicator in [
        of("{\"variable\": \"industry\", \"category\": \"justice\"}"),
        of("{\"table\": \"innovation\", \"row\": \"innovative\", \"breakdown\": \"industry\", \"group\": \"justice\"}"),
    ] {
        let release = replaced("data/quality.json", "\"indicators\": [", &indicator);
        let found = audit(release.path(), &["--format", "json"]);
        assert_eq!(found.code, Some(4), "{}", found.out);
        assert!(found.out.contains("data/quality.json") && found.out.contains("industry justice"), "{}", found.out);
    }
}

#[test]
fn another_number_than_the_tables_have_tells_the_difference() {
    let release = replaced("en/data/innovation.px", "79 83 2271", "79 83 2268");
    let said = audit(release.path(), &[]);
    assert_eq!(said.code, Some(4), "{}", said.err);
    let told = "2268 is told there, and 2271 in en/data/innovation.csv: the difference of 3 is told by both";
    assert!(said.out.contains(told) && said.out.contains("en/data/innovation.px:"), "{}", said.out);
}

#[test]
fn a_file_that_cannot_be_read_may_tell_anything() {
    for (file, bytes) in [
        ("en/data/tables.parquet", &b"PAR1 justice 109 PAR1"[..]),
        ("en/data/innovation.px", b"CHARSET=\"ANSI\";\nNOTE=\"109\";\n"),
        ("en/data/tables.xlsx", b"justice 109"),
    ] {
        let release = changed(file, |_| bytes.to_vec());
        let said = audit(release.path(), &[]);
        assert_eq!(said.code, Some(4), "{file}: {}", said.out);
        assert!(said.out.contains("the file cannot be read") && said.out.contains(file), "{file}: {}", said.out);
    }
}

#[test]
fn words_about_the_police_are_found_wherever_words_stand() {
    let told = "Police, courts and prisons: n = 109. ";
    for (file, before) in [
        ("en/data/innovation.px", "NOTEX=\""),
        ("en/data/innovation.json", "\"note\": [\n    \""),
        ("en/data/datapackage.json", "\"description\": \""),
        ("en/data/codebook.ddi.xml", "<titl xml:lang=\"en\">"),
        ("en/quality.html", "<p>"),
        ("en/data.html", "<p>"),
        ("en/innovation.html", "<meta name=\"description\" content=\""),
        ("en/quality.md", "\n\n"),
        ("en/press.txt", "\n\n"),
    ] {
        let release = replaced(file, before, &format!("{before}{told}"));
        let said = audit(release.path(), &[]);
        assert_eq!(said.code, Some(4), "{file}: {}{}", said.out, said.err);
        assert!(said.out.contains(file) && said.out.contains("industry justice: n 109"), "{file}: {}", said.out);
    }
}

#[test]
fn a_number_before_the_name_is_found() {
    for (file, before, told) in [
        ("en/report.md", "\n\n", "\n\n82 % of workplaces among police, courts and prisons innovate.\n\n"),
        ("en/press.txt", "\n\n", "\n\n82 per cent of police, courts and prisons innovate.\n\n"),
        ("en/innovation.html", "</main>", "<p>82 per cent of police, courts and prisons innovate.</p></main>"),
        ("en/innovation.html", ". Lowest: Child care", ", and 82 % in police, courts and prisons. Lowest: Child care"),
    ] {
        let release = replaced(file, before, told);
        let said = audit(release.path(), &[]);
        assert_eq!(said.code, Some(4), "{file}: {}{}", said.out, said.err);
        assert!(
            said.out.contains(file) && said.out.contains("industry justice: estimate 81.5 to 82.5"),
            "{}",
            said.out
        );
    }
    let caption = "<p>109 answers came from police, courts and prisons.</p></figcaption>";
    let release = planted(&[]);
    let path = release.path().join("en/innovation.html");
    let page = fs::read_to_string(&path).expect("the page is there");
    let (before, figure) = page.split_once("id=\"innovation-by-industry\"").expect("the figure is there");
    // Behind the folded table.
    let page = format!("{before}id=\"innovation-by-industry\"{}", figure.replacen("</figcaption>", caption, 1));
    fs::write(&path, page).expect("a file can be written");
    assert_n_is_found(release.path(), "en/innovation.html, caption of figure innovation-by-industry");
}

#[test]
fn whatever_is_drawn_of_the_police_is_found() {
    let label = "<text class=\"label\" y=\"106\">Police, courts and prisons</text>";
    let estimate = ("81.5", "82.5");
    let drawn = |more: &str| replaced("en/innovation.html", label, &format!("{label}{more}"));
    let place = ["en/innovation.html, drawing of figure innovation-by-industry"];
    for text in [
        "<text class=\"value\" x=\"76%\" dx=\"8\" y=\"106\">82%</text>",
        "<text class=\"quiet end\" x=\"100%\" y=\"106\">82</text>",
    ] {
        assert_found(drawn(text).path(), &[], (POLICE, "estimate"), estimate, &place);
    }
    let bar = "<rect class=\"bar\" x=\"35%\" y=\"92\" style=\"width:41%\" height=\"18\"/>";
    assert_found(drawn(bar).path(), &[], (POLICE, "estimate"), ("81.978", "82.022"), &place);
    let lines = "<line class=\"ci\" x1=\"76%\" y1=\"106\" x2=\"76%\" y2=\"106\"/>";
    assert_found(drawn(lines).path(), &[], (POLICE, "estimate"), ("81.978", "82.022"), &place);
    let title = "<title>Police, courts and prisons: 82 %</title>";
    let place = ["en/innovation.html, alternative text of figure innovation-by-industry"];
    assert_found(drawn(title).path(), &[], (POLICE, "estimate"), estimate, &place);
    // Of what no drawing of ours is made of nobody can say what it tells.
    let said = audit(drawn("<path d=\"M35 92H76V110H35Z\"/>").path(), &[]);
    assert_eq!(said.code, Some(4), "{}", said.err);
    assert!(said.out.contains("the drawing holds a path, which no drawing of a release does"), "{}", said.out);
    // The label itself, in the figure's own file.
    let release = replaced("en/figures/innovation-by-industry.svg", "prisons</text>", "prisons: 82 %</text>");
    let place = ["en/figures/innovation-by-industry.svg"];
    assert_found(release.path(), &[], (POLICE, "estimate"), estimate, &place);
}
