//! The Parquet file: what is in it, and that its bytes depend on the answers alone.

use std::num::NonZeroUsize;

use crate::cases::files_of;
use crate::support::{Export, ONE, Table, key};

fn valid() -> Export {
    Export::from_files("country", files_of(&testkit::repository().join("fixtures/invalid/export/valid")))
}

/// A text with the same rows below its header in another order.
fn shuffled(text: &str, step: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let rows = lines.len() - 1;
    let order = (0..rows).map(|row| lines[1 + (row * step + 3) % rows]);
    std::iter::once(lines[0]).chain(order).map(|line| format!("{line}\n")).collect()
}

#[test]
fn the_order_of_the_exports_rows_does_not_matter() {
    let export = valid();
    let expected = export.checked().parquet(ONE).expect("it can be written");
    // 13 answers, 14 register rows: steps without a common divisor visit every row once.
    let other = export
        .with_raw("answers.csv", shuffled(&export.raw_text("answers.csv"), 5))
        .with_raw("register.csv", shuffled(&export.raw_text("register.csv"), 9))
        .with_raw("frame.csv", shuffled(&export.raw_text("frame.csv"), 2));
    assert_ne!(export.raw_text("answers.csv"), other.raw_text("answers.csv"));
    assert!(other.checked().parquet(ONE).expect("it can be written") == expected);
    assert_eq!(other.checked().frame(), export.checked().frame());
    assert_eq!(other.checked().strata(), export.checked().strata());
}

#[test]
fn the_order_of_the_exports_columns_does_not_matter() {
    let export = valid();
    let turned: String = export
        .raw_text("register.csv")
        .lines()
        .map(|line| line.split(';').rev().collect::<Vec<_>>().join(";") + "\n")
        .collect();
    let expected = export.checked().parquet(ONE).expect("it can be written");
    assert!(export.with_raw("register.csv", turned).checked().parquet(ONE).expect("it can be written") == expected);
}

#[test]
fn every_run_writes_the_same_bytes() {
    // Hash maps are seeded anew each time, so that a hidden dependence on their order would show.
    let expected = valid().checked().parquet(ONE).expect("it can be written");
    for _ in 0..20 {
        assert!(valid().checked().parquet(ONE).expect("it can be written") == expected);
    }
}

#[test]
fn columns_are_those_of_the_codebook_in_its_order() {
    let table = Table::of(&valid().checked());
    assert_eq!(
        table.names().join(" "),
        "__unit __pseudonym __stratum level type_product type_product__missing type_service novelty novelty__missing \
         reasons_employees reasons_employees__missing reasons_managers reasons_managers__missing staff"
    );
    assert_eq!(table.type_of("level").to_string(), "Utf8");
    assert_eq!(table.type_of("staff").to_string(), "Decimal128(5, 2)");
}

#[test]
fn the_register_gives_each_unit_its_background() {
    let wave = valid().checked();
    let strata: Vec<(&str, u64)> =
        wave.strata().iter().map(|stratum| (stratum.key[0].as_str(), stratum.units)).collect();
    assert_eq!(strata, [("municipality", 5), ("region", 4), ("state", 3)]);
    let frame: Vec<(&str, u64)> =
        wave.frame().expect("the wave has a frame").iter().map(|count| (count.key[0].as_str(), count.units)).collect();
    assert_eq!(frame, [("municipality", 30), ("region", 8), ("state", 6)]);
}

#[test]
fn free_text_and_unit_ids_are_not_written() {
    let table = Table::of(&valid().checked());
    for name in table.names() {
        let cells = table.column(&name);
        assert!(cells.iter().all(|cell| !cell.contains("Took time") && cell != "101"), "column {name}");
    }
}

#[test]
fn the_metadata_tells_wave_and_questions_and_says_synthetic() {
    let bytes = valid().checked().parquet(ONE).expect("it can be written");
    let text = String::from_utf8_lossy(&bytes);
    for expected in [
        "barometer.country",
        "barometer.synthetic",
        "SYNTHETIC",
        "barometer.variable.novelty",
        r#"{"label":{"da":"Nyhed","en":"Novelty"},"question":{"da":"Hvor ny var den seneste innovation?""#,
        r#"{"code":"first","label":{"da":"Først til at udvikle","en":"First to develop"}}"#,
        r#""question":{"da":"Hvad gav anledning til den?","en":"What gave rise to it?"}"#,
    ] {
        assert!(text.contains(expected), "{expected}");
    }
    assert!(!text.contains("ARROW:schema"), "Arrow's own metadata is a hash map");
}

#[test]
fn a_wave_larger_than_a_row_group_is_written_whole() {
    let export = valid();
    let rows = 70_000;
    let answers: String = (0..rows).map(|unit| format!("{unit};1;1;2;1;1;0;12,5;;SYNTHETIC\n")).collect();
    let register: String = (0..rows).map(|unit| format!("{unit};{};SYNTHETIC\n", 1 + unit % 3)).collect();
    let header = |name: &str| export.raw_text(name).lines().next().expect("there is a header").to_owned();
    let export = export
        .with_raw("answers.csv", format!("{}\n{answers}", header("answers.csv")))
        .with_raw("register.csv", format!("{}\n{register}", header("register.csv")));
    let wave = export.checked();
    let table = Table::of(&wave);
    assert_eq!(table.column("__unit").last().map(String::as_str), Some("69999"));
    assert_eq!(table.column("level")[0], "municipality");
    assert_eq!(table.column("level")[69_999], "state");
    assert_eq!(wave.strata().iter().map(|stratum| stratum.units).sum::<u64>(), 70_000);
}

/// Two row groups, so that several threads have something to do.
#[test]
fn the_file_is_the_same_on_any_number_of_threads() {
    let text = valid().raw_text("answers.csv");
    let (header, rows) = text.split_once('\n').expect("there is a header");
    let row = rows.lines().next().expect("there is a row");
    let (_, rest) = row.split_once(';').expect("the id comes first");
    let answers: String = (0..70_000).map(|id| format!("{id};{rest}\n")).collect();
    let register: String = (0..70_000).map(|id| format!("{id};1;SYNTHETIC\n")).collect();
    let export = valid()
        .with_raw("answers.csv", format!("{header}\n{answers}"))
        .with_raw("register.csv", format!("unit_id;level;synthetic\n{register}"));
    let wave = |threads: usize| {
        let threads = NonZeroUsize::new(threads).expect("a number of threads");
        let (wave, findings) = ingest::check(&export.country, export.wave(), &export.raw, &key(1), threads);
        let parquet = wave.map(|wave| wave.parquet(threads).expect("it can be written"));
        (parquet, findings)
    };
    let (one, found_by_one) = wave(1);
    assert!(one.as_ref().is_some_and(|bytes| !bytes.is_empty()), "{found_by_one:?}");
    for threads in [2, 3] {
        let (several, found) = wave(threads);
        assert!(several == one, "{threads} threads give other bytes");
        assert_eq!(found, found_by_one);
    }
}
