//! Mutated exports: whatever is done to a file, the answer is a wave or findings, never a panic.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use crate::cases::files_of;
use crate::support::{Export, ONE, printed};

const FILES: [&str; 3] = ["answers.csv", "register.csv", "frame.csv"];
/// A text that no finding may show.
const SECRET: &str = "Karen Blixen";
const CELLS: [&str; 24] = [
    "",
    "1",
    "2",
    "999",
    "888",
    "0",
    "-1",
    "7",
    "1e300",
    "1e-300",
    "12,5",
    "12.5",
    "nan",
    "99999999999999999999",
    "\u{fffd}",
    "æøå",
    "31-12-2019",
    "\"",
    "\"\"",
    "\"a\nb\"",
    "SYNTHETIC",
    "'; --",
    "\u{feff}",
    SECRET,
];
/// Findings about a file that is not looked at any further.
const AT_THE_DOOR: [&str; 6] = ["empty-file", "encoding", "nul", "delimiter", "no-header", "missing-file"];

/// What is done to one file.
#[derive(Debug, Clone, PartialEq)]
enum Mutation {
    ReplaceCell { row: usize, column: usize, cell: usize },
    CopyCell { from: (usize, usize), to: (usize, usize) },
    DropField { row: usize, column: usize },
    AddField { row: usize },
    DeleteLine { row: usize },
    RepeatLine { row: usize, at: usize },
    InsertText { at: usize, text: usize },
    ReplaceByte { at: usize, byte: u8 },
    CutOff { at: usize },
}

fn mutation() -> impl Strategy<Value = (usize, Mutation)> {
    let place = || (0..20_usize, 0..12_usize);
    let mutation = prop_oneof![
        6 => (0..20_usize, 0..12_usize, 0..CELLS.len()).prop_map(|(row, column, cell)| Mutation::ReplaceCell { row, column, cell }),
        3 => (place(), place()).prop_map(|(from, to)| Mutation::CopyCell { from, to }),
        1 => place().prop_map(|(row, column)| Mutation::DropField { row, column }),
        1 => (0..20_usize).prop_map(|row| Mutation::AddField { row }),
        2 => (0..20_usize).prop_map(|row| Mutation::DeleteLine { row }),
        2 => place().prop_map(|(row, at)| Mutation::RepeatLine { row, at }),
        1 => (0..600_usize, 0..CELLS.len()).prop_map(|(at, text)| Mutation::InsertText { at, text }),
        1 => (0..600_usize, any::<u8>()).prop_map(|(at, byte)| Mutation::ReplaceByte { at, byte }),
        1 => (0..600_usize).prop_map(|at| Mutation::CutOff { at }),
    ];
    (prop_oneof![5 => Just(0), 1 => Just(1), 1 => Just(2)], mutation)
}

fn mutate(bytes: &[u8], mutation: &Mutation) -> Vec<u8> {
    match mutation {
        Mutation::ReplaceByte { at, byte } => {
            let mut bytes = bytes.to_vec();
            if let Some(place) = bytes.get_mut(*at) {
                *place = *byte;
            }
            return bytes;
        }
        Mutation::CutOff { at } => return bytes[..bytes.len().min(*at)].to_vec(),
        Mutation::InsertText { at, text } => {
            let at = bytes.len().min(*at);
            return [&bytes[..at], CELLS[*text].as_bytes(), &bytes[at..]].concat();
        }
        Mutation::ReplaceCell { .. }
        | Mutation::CopyCell { .. }
        | Mutation::DropField { .. }
        | Mutation::AddField { .. }
        | Mutation::DeleteLine { .. }
        | Mutation::RepeatLine { .. } => {}
    }
    let text = String::from_utf8_lossy(bytes).into_owned();
    let mut lines: Vec<Vec<String>> = text.lines().map(|line| line.split(';').map(str::to_owned).collect()).collect();
    change_cells(&mut lines, mutation);
    lines.iter().map(|line| line.join(";") + "\n").collect::<String>().into_bytes()
}

fn change_cells(lines: &mut Vec<Vec<String>>, mutation: &Mutation) {
    let count = lines.len().max(1);
    let cell = |lines: &[Vec<String>], (row, column): (usize, usize)| {
        let line = lines.get(row % count)?;
        Some((row % count, column % line.len().max(1)))
    };
    match mutation {
        Mutation::ReplaceCell { row, column, cell: text } => {
            if let Some((row, column)) = cell(lines, (*row, *column)) {
                lines[row][column] = CELLS[*text].to_owned();
            }
        }
        Mutation::CopyCell { from, to } => {
            if let (Some(from), Some(to)) = (cell(lines, *from), cell(lines, *to)) {
                lines[to.0][to.1] = lines[from.0][from.1].clone();
            }
        }
        Mutation::DropField { row, column } => {
            if let Some((row, column)) = cell(lines, (*row, *column)) {
                lines[row].remove(column);
            }
        }
        Mutation::AddField { row } => {
            if let Some(line) = lines.get_mut(row % count) {
                line.push(String::new());
            }
        }
        Mutation::DeleteLine { row } => {
            if !lines.is_empty() {
                lines.remove(row % count);
            }
        }
        Mutation::RepeatLine { row, at } => {
            if let Some(line) = lines.get(row % count).cloned() {
                lines.insert(at % count, line);
            }
        }
        Mutation::InsertText { .. } | Mutation::ReplaceByte { .. } | Mutation::CutOff { .. } => {}
    }
}

#[test]
fn no_mutated_export_panics_or_shows_an_answer() {
    let mut export =
        Export::from_files("country", files_of(&testkit::repository().join("fixtures/invalid/export/valid")));
    add_weights(&mut export);
    assert!(export.findings().is_empty(), "{}", export.findings());
    let (tried, past_the_header, passed) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let config = Config { cases: 2_000, failure_persistence: None, ..Config::default() };
    let mutations = proptest::collection::vec(mutation(), 1..4);
    let result = TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    )
    .run(&mutations, |mutations| {
        let mut mutant = Export { country: export.country.clone(), raw: export.raw.clone() };
        for (file, mutation) in &mutations {
            let name = FILES[*file];
            let file = mutant.raw.iter_mut().find(|file| file.path.ends_with(name)).expect("the export has it");
            file.bytes = mutate(&file.bytes, mutation);
        }
        let (wave, findings) = mutant.check();
        tried.set(tried.get() + 1);
        let is_stopped = findings.iter().any(|finding| AT_THE_DOOR.contains(&finding.code));
        past_the_header.set(past_the_header.get() + u32::from(!is_stopped));
        if let Some(wave) = wave {
            passed.set(passed.get() + 1);
            wave.parquet(ONE).map_err(|error| TestCaseError::fail(error.to_string()))?;
        }
        let shown = printed(&findings);
        let is_shown = shown.contains(SECRET);
        let may_be_shown = mutant.raw.iter().any(|file| is_in_header(&file.bytes));
        prop_assert!(!is_shown || may_be_shown, "{shown}");
        Ok(())
    });
    println!("{} mutants, {} past the header, {} of them valid", tried.get(), past_the_header.get(), passed.get());
    assert_eq!(result, Ok(()));
    assert!(past_the_header.get() * 10 > tried.get() * 8, "only {} of {}", past_the_header.get(), tried.get());
    assert!(passed.get() * 20 > tried.get(), "only {} of {} are valid", passed.get(), tried.get());
}

/// Whether a mutation made the text, or more than one row, a part of the header, whose names findings show.
fn is_in_header(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.lines().next().is_some_and(|header| header.contains(SECRET) || header.contains('"'))
}

/// Supplied weights and a population column, so that these are mutated as well.
fn add_weights(export: &mut Export) {
    let text = export.raw_text("answers.csv");
    let mut lines = text.lines();
    let header = lines.next().expect("there is a header");
    let rows: String = lines.map(|line| format!("{line};1,25;50\n")).collect();
    *export = export.with_raw("answers.csv", format!("{header};weight;size\n{rows}"));
    for wave in export.country.waves.values_mut() {
        wave.design.weights = codebook::WeightRecipe::Supplied { column: "weight".to_owned(), design_known: true };
        wave.design.population = codebook::Population::Column("size".to_owned());
    }
}
