//! What `barometer new` leaves out of a draft, since it names persons or may name them, and how it says so.

use std::fs;
use std::path::Path;

use crate::house::{Said, barometer, say, tree};

/// Drafts a country of an export in a folder of its own.
fn drafted(folder: &Path, export: &str) -> Said {
    let raw = folder.join("export-2023.csv");
    fs::write(&raw, export).expect("a file can be written");
    let mut command = barometer();
    command.args(["new", "ABC", "--from-export"]).arg(&raw).arg("--pipelines").arg(folder);
    let said: Said = command.output().expect("the program starts").into();
    assert_eq!(said.code, Some(0), "{}", said.err);
    let checked = say(&["check", &folder.join("abc").to_string_lossy(), "--raw", &folder.to_string_lossy()]);
    assert_eq!(checked.code, Some(0), "{}", checked.err);
    said
}

/// An export of 120 rows: an id, and for each heading its values in turn.
fn export(columns: &[(&str, &[&str])]) -> String {
    let headings: Vec<&str> = columns.iter().map(|(heading, _)| *heading).collect();
    let cells = |row: usize| columns.iter().map(|(_, values)| values[row * 7 % values.len()]).collect::<Vec<_>>();
    let rows = (0..120).map(|row| format!("{};{}\n", 101 + row, cells(row).join(";")));
    format!("id;{}\n{}", headings.join(";"), rows.collect::<String>())
}

/// SYNTHETIC: nobody is called so.
const PERSONS: [&str; 3] = ["Zqxanna Plante", "Zqxbo van der Plante", "Zqxcarl Plante"];

#[test]
fn names_that_come_again_and_again_are_no_codes_of_a_draft() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let single: [&str; 2] = ["Zqxanna", "Zqxbo"];
    let columns: [(&str, &[&str]); 9] = [
        ("q5", &PERSONS),
        ("interviewer", &PERSONS),
        ("Name of head teacher", &single),
        ("leder", &single),
        ("rehtori", &single),
        ("Kontaktperson", &single),
        ("etunimi", &single),
        ("caseworker", &["1", "2", "3"]),
        ("q1", &["Very large extent", "Some extent", "Not at all"]),
    ];
    let said = drafted(folder.path(), &export(&columns));
    for line in [
        "left out, it may name persons, by its heading or its values: \"q5\", \"interviewer\", \"leder\", \"rehtori\", \"caseworker\"\n",
        "left out, it tells who answered: name: \"Name of head teacher\", \"Kontaktperson\", \"etunimi\"\n",
        "help: a column that tells nobody who answered can be taken in: take it off the list personal in waves/2023.toml, and write a \
         variable and its column for it\n",
    ] {
        assert!(said.err.contains(line), "{line} is not in\n{}", said.err);
    }
    let files = tree(&folder.path().join("abc"));
    assert!(files.values().all(|bytes| !String::from_utf8_lossy(bytes).contains("Zqx")), "no name is in a file");
    let read = |name: &str| String::from_utf8_lossy(&files[name]).into_owned();
    let (codebook, wave) = (read("codebook.toml"), read("waves/2023.toml"));
    assert!(codebook.contains("\n# - leder: it may name persons, by its heading or its values\n"), "{codebook}");
    assert!(codebook.contains("take it off the list personal in waves/2023.toml"), "{codebook}");
    let personal = "\npersonal = [\"Kontaktperson\", \"Name of head teacher\", \"caseworker\", \"etunimi\", \"interviewer\", \"leder\", \
                    \"q5\", \"rehtori\"]\n";
    assert!(wave.contains(personal), "{wave}");
    assert_eq!(codebook.matches("\n[variables.").count(), 1, "the answers of q1 stay: {codebook}");
}

#[test]
fn whatever_a_draft_leaves_out_is_told_by_the_command() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let columns: [(&str, &[&str]); 4] = [
        ("empty", &[""]),
        ("same", &["All"]),
        ("begun", &["2023-01-02 10:00:00", "2023-01-03 11:00:00"]),
        ("q1", &["1", "2"]),
    ];
    let said = drafted(folder.path(), &export(&columns));
    for line in [
        "left out, it identifies the unit: \"id\"\n",
        "left out, it is empty: \"empty\"\n",
        "left out, it is the same in every row: \"same\"\n",
        "left out, it holds times: \"begun\"\n",
    ] {
        assert!(said.err.contains(line), "{line} is not in\n{}", said.err);
    }
    assert!(!said.err.contains("help: a column that tells nobody"), "{}", said.err);
}

#[test]
fn answers_below_a_heading_of_persons_or_addresses_stay_in_a_draft() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let columns: [(&str, &[&str]); 4] = [
        ("leder", &["Ja", "Nej"]),
        ("dirección", &["Sí", "No", "No sabe"]),
        ("mobile", &["To some extent", "To a great extent"]),
        ("direccion_postal", &["Calle Mayor 12", "Calle Nueva 3"]),
    ];
    let said = drafted(folder.path(), &export(&columns));
    assert!(
        said.err.contains("left out, it tells who answered: postal address: \"direccion_postal\"\n"),
        "{}",
        said.err
    );
    let codebook = fs::read_to_string(folder.path().join("abc/codebook.toml")).expect("it was drafted");
    for variable in ["leder", "direccion", "mobile"] {
        assert!(codebook.contains(&format!("\n[variables.{variable}]\n")), "{variable} is not in {codebook}");
    }
}

#[test]
fn numbers_of_persons_and_telephones_are_left_out_in_every_language() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let numbers: [&str; 2] = ["41234567", "31234568"];
    let columns: [(&str, &[&str]); 6] = [
        ("cedula", &numbers),
        ("Cédula de identidad", &numbers),
        ("fone", &numbers),
        ("telefone", &numbers),
        ("símanúmer", &numbers),
        ("q1", &["1", "2"]),
    ];
    let said = drafted(folder.path(), &export(&columns));
    for line in [
        "left out, it tells who answered: personal number: \"cedula\", \"Cédula de identidad\"\n",
        "left out, it tells who answered: telephone number: \"fone\", \"telefone\", \"símanúmer\"\n",
    ] {
        assert!(said.err.contains(line), "{line} is not in\n{}", said.err);
    }
}
