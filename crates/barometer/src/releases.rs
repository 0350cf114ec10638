//! The commands about releases that are there already, and what is told of them: verify, diff, why.

use pipeline::{
    CalendarFormat, Class, Comparison, Difference, FigureChange, FileChanges, Mismatch, PipelineError, Provenance,
    Rebuilt, Since, Source, Verification,
};

use crate::arguments::{Calendar, CalendarForm, Diff, DiffFormat, LogFormat, TextFormat, Verify, Why};
use crate::table::{Cell, aligned};
use crate::{commands, words};

/// At most so many names or differences are listed in text; JSON has all of them.
const LISTED: usize = 10;

/// Proves a release.
pub(crate) fn verify(arguments: &Verify) -> Result<(), PipelineError> {
    let request = pipeline::VerifyRequest {
        release: arguments.release.clone(),
        from: arguments.country_folder(),
        raw: arguments.raw.clone(),
        work: arguments.work.clone().unwrap_or_else(std::env::temp_dir),
        threads: arguments.threads.unwrap_or_else(commands::cores),
    };
    let mut progress = words::Progress::new(LogFormat::Text, String::new());
    let verification = pipeline::verify(&request, &mut |event| progress.tell(event))?;
    words::result(&match arguments.format {
        TextFormat::Text => told(&verification),
        TextFormat::Json => verification.json(),
    })?;
    verification.verdict()
}

/// Compares two releases.
pub(crate) fn diff(arguments: &Diff) -> Result<(), PipelineError> {
    let comparison = pipeline::diff(&arguments.old, &arguments.new)?;
    words::result(&match arguments.format {
        DiffFormat::Table => table(&comparison, words::width()),
        DiffFormat::Json => comparison.json(),
        DiffFormat::Markdown => comparison.markdown(),
        DiffFormat::Html => comparison.html(),
    })
}

/// Writes the release calendar.
pub(crate) fn calendar(arguments: &Calendar) -> Result<(), PipelineError> {
    let format = match arguments.format {
        CalendarForm::Html => CalendarFormat::Html,
        CalendarForm::Ical => CalendarFormat::ICalendar,
        CalendarForm::Atom => CalendarFormat::Atom,
    };
    words::result(&pipeline::calendar(&arguments.path, format)?)
}

/// Tells where a file comes from.
pub(crate) fn why(arguments: &Why) -> Result<(), PipelineError> {
    let request = pipeline::WhyRequest {
        file: arguments.file.clone(),
        from: arguments.country_folder(),
        raw: arguments.raw.clone(),
    };
    let provenance = pipeline::why(&request)?;
    words::result(&match arguments.format {
        TextFormat::Text => came_from(&provenance),
        TextFormat::Json => provenance.json(),
    })
}

/// What was proved, for people.
fn told(verification: &Verification) -> String {
    let Verification { folder, country, made_by, edition, superseded_by, files, against_manifest, inputs, raw, .. } =
        verification;
    let mut text = format!("{} ({country} {edition}, made by barometer {made_by})\n", folder.display());
    let mut add = |name: &str, lines: Vec<String>| text.push_str(&block(name, &lines));
    let listed = words::count(*files, "file");
    add("files", changes(against_manifest, &format!("{listed}, as the manifest lists them"), &IN_THE_RELEASE));
    if let Some(inputs) = inputs {
        add("inputs", changes(inputs, "the country's files are as they were", &SINCE));
    }
    if let Some(raw) = raw {
        add("raw", changes(raw, "the raw files are as they were", &SINCE));
    }
    add(
        "rebuilt",
        match (&verification.rebuilt, superseded_by) {
            (Rebuilt::No, Some(today)) => vec![format!(
                "nothing: the country's files make edition {today} today; to make {edition} again take those of its day"
            )],
            (Rebuilt::No, None) => vec!["nothing: only the files were compared".to_owned()],
            (Rebuilt::Failed(error), _) => {
                let failed = format!("it could not be made again: {error}");
                std::iter::once(failed).chain(verification.unsealed.as_ref().and_then(unsealed)).collect()
            }
            (Rebuilt::FromAnswers(mismatches), _) => mismatched("from the raw files", mismatches),
            (Rebuilt::FromTables(mismatches), _) => {
                mismatched("from the published tables and the SQL that is kept", mismatches)
            }
        },
    );
    text
}

/// How files that are missing, additional and changed are told.
struct Verbs([&'static str; 3]);

const IN_THE_RELEASE: Verbs = Verbs(["is missing", "is not in the manifest", "is not as the manifest lists it"]);
const SINCE: Verbs = Verbs(["is gone", "is new", "has changed since"]);

fn changes(changes: &FileChanges, none: &str, verbs: &Verbs) -> Vec<String> {
    if changes.is_empty() {
        return vec![none.to_owned()];
    }
    let Verbs([missing, additional, changed]) = verbs;
    let kinds = [(&changes.changed, changed), (&changes.missing, missing), (&changes.additional, additional)];
    let lines = kinds.into_iter().flat_map(|(paths, verb)| paths.iter().map(move |path| format!("{path} {verb}")));
    shortened(lines.collect())
}

fn mismatched(from: &str, mismatches: &[Mismatch]) -> Vec<String> {
    if mismatches.is_empty() {
        return vec![format!("{from}: every file is the same to the byte")];
    }
    let mut lines = vec![format!("{from}: {} came out otherwise", words::count(mismatches.len(), "file"))];
    lines.extend(shortened(mismatches.iter().map(mismatch).collect()));
    lines
}

fn mismatch(Mismatch { path, difference }: &Mismatch) -> String {
    match difference {
        Difference::Figure { figure, released, rebuilt } => {
            format!("{figure}: {released} in the release, {rebuilt} rebuilt ({path})")
        }
        Difference::Text { released, rebuilt } => {
            format!("{path}: {released:?} in the release, {rebuilt:?} rebuilt")
        }
        Difference::Missing => format!("{path} is made, and is not in the release"),
        Difference::Additional => format!("{path} is not made any more"),
        Difference::WhiteSpace => {
            format!("{path} differs in white space alone: every figure and every word is the same")
        }
        Difference::Packing => {
            format!("{path} differs in how it is packed, looks or is described: every cell is the same")
        }
        Difference::Content => format!("{path} holds something else, which tells no figure that could be named"),
    }
}

/// The figure by which tables betray that they were changed.
fn unsealed(difference: &Difference) -> Option<String> {
    let Difference::Figure { figure, released, rebuilt } = difference else { return None };
    Some(format!("{figure}: {released} in these tables, {rebuilt} in data/tables.tidy.csv"))
}

fn shortened(mut lines: Vec<String>) -> Vec<String> {
    let more = lines.len().saturating_sub(LISTED);
    lines.truncate(LISTED);
    if more > 0 {
        lines.push(format!("and {more} more: --format json lists all of them"));
    }
    lines
}

/// Where a file comes from, for people.
fn came_from(provenance: &Provenance) -> String {
    let Provenance { path, release, country, wave, published, made_by, synthetic, .. } = provenance;
    let mark = if *synthetic { ", SYNTHETIC" } else { "" };
    let mut text = format!("{}\n", release.join(path).display());
    let mut add = |name: &str, lines: Vec<String>| text.push_str(&block(name, &lines));
    add("release", vec![format!("{country} {wave}, published {published}, made by barometer {made_by}{mark}")]);
    let state = match provenance.intact {
        Some(true) => "as it was made",
        Some(false) => "CHANGED since it was made: barometer verify tells where",
        None => "not listed in the manifest",
    };
    add("file", vec![state.to_owned()]);
    let joined = |names: &[String]| if names.is_empty() { Vec::new() } else { vec![names.join(", ")] };
    add("themes", joined(&provenance.themes));
    add("claims", joined(&provenance.claims));
    add("tables", joined(&provenance.tables));
    add("statements", joined(&provenance.statements));
    add("inputs", provenance.inputs.iter().map(source).collect());
    add("raw", provenance.raw.iter().map(source).collect());
    add("releases", provenance.releases.iter().map(source).collect());
    if !provenance.country_at_hand {
        add("note", vec!["claims and tables, and what changed since, are told with --country DIR".to_owned()]);
    }
    let changed: Vec<String> = provenance.changed().map(|source| source.path.clone()).collect();
    let is_told = provenance
        .inputs
        .iter()
        .chain(&provenance.raw)
        .chain(&provenance.releases)
        .any(|source| source.since != Since::Unknown);
    add(
        "changed",
        match changed.as_slice() {
            [] if is_told => vec!["nothing, as far as it is at hand".to_owned()],
            [] => Vec::new(),
            [..] => vec![format!("{} since this was made", changed.join(", "))],
        },
    );
    text
}

fn source(Source { path, since }: &Source) -> String {
    match since {
        Since::Same => path.clone(),
        Since::Changed => format!("{path} has changed since"),
        Since::Gone => format!("{path} is gone"),
        Since::New => format!("{path} is new"),
        Since::Unknown => format!("{path} (not at hand)"),
    }
}

/// Lines under a name in the margin.
fn block(name: &str, lines: &[String]) -> String {
    let line = |(number, line): (usize, &String)| format!("  {:<10} {line}\n", if number == 0 { name } else { "" });
    lines.iter().enumerate().map(line).collect()
}

/// A comparison for a terminal.
fn table(comparison: &Comparison, width: usize) -> String {
    let counts = Class::ALL.into_iter().map(|class| (class, comparison.count(class))).filter(|(_, count)| *count > 0);
    let counts: Vec<String> = counts.map(|(class, count)| format!("{count} {}", class.words())).collect();
    let mut text = format!("{} figures: {}\n", comparison.figures.len(), counts.join(", "));
    for note in comparison.notes() {
        text.push_str(&format!("note: {note}\n"));
    }
    let rows: Vec<Vec<Cell>> = comparison.changed().map(|figure| figure.cells().map(Cell::left).into()).collect();
    if !rows.is_empty() {
        let header = FigureChange::COLUMNS.map(Cell::left);
        text.push('\n');
        text.push_str(&aligned(&header, &rows, width));
    }
    text
}
