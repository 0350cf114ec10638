//! The command that attacks a release, and what is told of its findings.

use pipeline::{Disclosure, PipelineError};

use crate::arguments::{Audit, AuditFormat};
use crate::exit::Exit;
use crate::table::{Cell, aligned};
use crate::words;

/// Attacks a release. What it found is its result; that it found something is its exit code.
pub(crate) fn audit(arguments: &Audit) -> Result<Exit, PipelineError> {
    let audit = pipeline::audit(&arguments.release, arguments.against.as_deref())?;
    words::result(&match arguments.format {
        AuditFormat::Table => table(&audit, words::width()),
        AuditFormat::Json => audit.json(),
    })?;
    Ok(if audit.disclosures.is_empty() { Exit::Done } else { Exit::Disclosure })
}

fn table(audit: &pipeline::Audit, width: usize) -> String {
    let found = match audit.disclosures.len() {
        0 => "nothing can be derived".to_owned(),
        number => format!("{} can be derived", words::count(number, "number")),
    };
    let release = audit.release.display();
    let mut text = format!("{release}: {} cells, {} confidential; {found}\n", audit.cells, audit.hidden);
    for note in &audit.notes {
        text.push_str(&format!("note: {note}\n"));
    }
    if !audit.disclosures.is_empty() {
        let header = ["cell", "number", "feasible", "asked"].map(Cell::left);
        let rows: Vec<Vec<Cell>> = audit.disclosures.iter().map(row).collect();
        text.push_str(&format!("\n{}\n", aligned(&header, &rows, width)));
        text.extend(audit.disclosures.iter().map(explained));
    }
    text
}

fn row(disclosure: &Disclosure) -> Vec<Cell> {
    let asked = disclosure.asked.map_or_else(String::new, |asked| asked.to_string());
    vec![
        Cell::left(&disclosure.cell),
        Cell::left(&disclosure.number),
        Cell::right(feasible(disclosure)),
        Cell::right(asked),
    ]
}

/// The least and the most that a number can be.
fn feasible(disclosure: &Disclosure) -> String {
    let Disclosure { least, most, .. } = disclosure;
    if least == most { least.clone() } else { format!("{least} to {most}") }
}

/// A finding with its arithmetic and its places.
pub(crate) fn explained(disclosure: &Disclosure) -> String {
    let Disclosure { cell, number, asked, arithmetic, places, .. } = disclosure;
    let asked = asked.map_or_else(String::new, |asked| format!(", asked for is a width of {asked}"));
    let mut text = format!("{cell}: {number} {}{asked}\n", feasible(disclosure));
    text.extend(arithmetic.iter().map(|line| format!("  by {line}\n")));
    text.extend(places.iter().map(|place| format!("  in {place}\n")));
    text
}
