//! Files written by hand, and what is not as the writers would have it.

use super::{json_stat, px, sdmx_csv};
use crate::sdmx::COLUMNS;

const PX: &str = "CHARSET=\"ANSI\";\nSTUB=\"row\",\n\"group\";\nHEADING=\"content\";\nCODES(\"row\")=\"new\";\nCODES(\"group\")=\"total\",\n\"level:state\";
VALUES(\"content\")=\"estimate\",\"se\",\"ci_low\",\"ci_high\",\"n\";\nNOTEX=\"one; \"\n\"two\";\nDECIMALS=1;\nDATA=\n81 0.9 79 83 2271\n\"...\" \"...\" \"...\" \"...\" \"...\"\n;\n";

#[test]
fn px_is_read_cell_by_cell_and_dots_are_no_number() {
    let cube = px(PX.as_bytes()).expect("it is PX");
    let told: Vec<_> = cube
        .cells
        .iter()
        .map(|cell| (cell.row.as_str(), cell.group.as_str(), cell.line, cell.numbers.join(" ")))
        .collect();
    assert_eq!(
        told,
        [("new", "total", 13, "81 0.9 79 83 2271".to_owned()), ("new", "level:state", 14, "    ".to_owned())]
    );
    assert!(cube.words.contains(&"one; two".to_owned()), "a text goes on in the next line: {:?}", cube.words);
}

#[test]
fn a_px_file_in_which_something_else_stands_is_not_read() {
    let refused = |old: &str, new: &str| px(PX.replacen(old, new, 1).as_bytes()).expect_err(new).to_string();
    assert_eq!(refused("2271\n", "2271 109\n"), "line 14: there are 11 values, and the dimensions make 10");
    assert_eq!(refused("\n;\n", "\n;\nNOTE=\"109\";\n"), "line 16: NOTE stands behind the cells, which are the last");
    assert_eq!(refused("81 0.9", "yes 0.9"), "line 13: \"yes\" is neither a number nor a symbol of dots");
    assert_eq!(refused("CHARSET", "DECIMALS"), "line 11: DECIMALS stands there twice");
    assert_eq!(refused("\"ANSI\"", "\"ANSI"), "line 2: \"row\" was not expected there");
    assert_eq!(refused("\n;\n", "\n"), "line 15: the last keyword is not closed by a semicolon");
}

#[test]
fn json_stat_is_read_in_both_forms_of_its_values() {
    let dataset = |values: &str| {
        format!(
            r#"{{"class": "dataset", "id": ["row", "group", "content"], "label": "New", "dimension": {{
                "row": {{"category": {{"index": ["new"]}}}}, "group": {{"category": {{"index": {{"level:state": 1, "total": 0}}}}}},
                "content": {{"category": {{"index": ["estimate", "se", "ci_low", "ci_high", "n"]}}}}}}, "value": {values}}}"#
        )
    };
    let list = dataset("[81, 0.9, 79, 83, 2271, null, null, null, null, null]");
    let places = dataset(r#"{"0": 81, "1": 0.9, "2": 79, "3": 83, "4": 2271}"#);
    let [list, places] = [list, places].map(|it| json_stat(it.as_bytes()).expect("JSON").expect("a dataset"));
    assert_eq!(list, places);
    assert_eq!(
        (list.cells[0].group.as_str(), list.cells[0].numbers.join(" ")),
        ("total", "81 0.9 79 83 2271".to_owned())
    );
    assert_eq!((list.cells[1].group.as_str(), list.cells[1].numbers.concat()), ("level:state", String::new()));
    assert!(json_stat(dataset(r#"{"10": 81}"#).as_bytes()).is_err(), "there are ten places, from 0");
    assert_eq!(json_stat(b"{\"class\": \"collection\"}"), Ok(None));
}

#[test]
fn names_of_sdmx_are_those_of_the_release() {
    let row = "dataflow,DNK:TABLES(1.0),I,school,all,sch$wide,a@b,_T,_T,2000,81,0.9,79,83,100,PER_CENT,A,,SYNTHETIC";
    let file = format!("{}\n{row}\n", COLUMNS.join(","));
    let read = sdmx_csv(file.as_bytes()).expect("it is SDMX-CSV");
    assert_eq!((read[0].item.as_str(), read[0].category.as_str(), read[0].group.clone()), ("sch.wide", "a+b", None));
    assert!(sdmx_csv(file.replace(",SE,", ",ERROR,").as_bytes()).is_err());
}
