//! Everything the program says to people. Progress and complaints go to standard error, results to standard output.

mod data;

use std::io::{ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use codebook::{Finding, Place, Severity};
use pipeline::{
    Coverage, Disclosure, Drafted, Event, FailedClaim, Hidden, Made, NotCounted, PipelineError, Scope, VerdictKind,
};

use crate::arguments::{Command, LogFormat};
use crate::audit;
pub(crate) use data::data_checked;

/// What became of a release that was not made.
const NOTHING_WRITTEN: &str = "; nothing was written";
/// What standard output is called where it cannot be written.
const STANDARD_OUTPUT: &str = "standard output";

/// A line per step. On a terminal each line tells how long its step took; elsewhere lines are plain, the same in every run.
pub(crate) struct Progress {
    format: LogFormat,
    edition: String,
    terminal: bool,
    last: Instant,
}

impl Progress {
    /// Starts the clock of the first step. Lines name the edition, where it is not empty.
    pub(crate) fn new(format: LogFormat, edition: String) -> Self {
        Self { format, edition, terminal: std::io::stderr().is_terminal(), last: Instant::now() }
    }

    /// Tells what happened.
    pub(crate) fn tell(&mut self, event: Event<'_>) {
        match self.format {
            LogFormat::Text => self.say(event),
            LogFormat::Json => log(&event.line(&self.edition)),
        }
    }

    fn say(&mut self, event: Event<'_>) {
        match event {
            Event::Warning(finding) => log(&format!("{finding}")),
            Event::Planned { country, wave, tables, wordings } => {
                self.step(
                    "plan",
                    &format!("{country} {wave}: {} and {}", count(tables, "table"), count(wordings, "claim")),
                );
            }
            Event::Checked(summary) => {
                let left_out = match summary.left_out.values().sum::<u64>() {
                    0 => String::new(),
                    rows if rows == summary.incomplete() => format!(" ({rows} incomplete left out)"),
                    rows => format!(" ({rows} left out, {} of them incomplete)", summary.incomplete()),
                };
                self.step("ingest", &format!("{} answers of {} rows{left_out}", summary.answers, summary.rows));
            }
            Event::Weighted { strata, population: Some(population) } => {
                self.step("weigh", &format!("{} of a population of {population}", count(strata, "stratum")));
            }
            Event::Weighted { strata, population: None } => self.step("weigh", &count(strata, "stratum")),
            Event::Summed { statements } => self.step("tabulate", &count(statements, "SQL statement")),
            Event::Estimated { cells } => self.step("estimate", &count(cells, "cell")),
            Event::Beside { wave, answers: Some(answers) } => {
                self.step("beside", &format!("wave {wave}: {answers} answers, counted again"));
            }
            Event::Beside { wave, answers: None } => {
                self.step("beside", &format!("wave {wave}: as it was printed; its raw files are not at hand"));
            }
            Event::Withheld { table, part } => {
                let what = match &part.breakdown {
                    Some(breakdown) => format!("table {table} is not shown by {breakdown}"),
                    None => format!("table {table} is not shown"),
                };
                log(&format!("  {}          {what}: {}", self.edition, because(part.why)));
            }
            Event::Disclosed { shown, hidden } => self.step("disclose", &format!("{shown} cells shown, {hidden} not")),
            Event::Proofread { file, sentences } => {
                self.step("proof", &format!("{}, for the editor: {}", count(sentences, "sentence"), file.display()))
            }
            Event::Drafted { release_at, manifest } => {
                let until = release_at.map_or_else(String::new, |moment| format!(" before {moment}"));
                self.step("draft", &format!("not released{until}; the manifest of the release will be {manifest}"));
            }
            Event::Released { files, .. } => self.step("report", &count(files, "file")),
            Event::Recalled { cells } => {
                self.step("estimate", &format!("{}, as an earlier run counted them", count(cells, "cell")))
            }
            Event::Unchanged { .. } => self.step("report", "nothing changed: the release stands as it is"),
            Event::Ended { built, ended, all } => {
                let name = if built { "done" } else { "not built" };
                self.step(name, &format!("{ended} of {}", count(all, "edition")));
            }
            Event::Steps(steps) if steps.all_reused() == 0 => {}
            Event::Steps(steps) => {
                self.step("steps", &format!("{} done, {} spared by the cache", steps.all_done(), steps.all_reused()))
            }
        }
    }

    fn step(&mut self, name: &str, what: &str) {
        if self.terminal {
            let seconds = self.last.elapsed().as_secs_f64();
            log(&format!("  {}{name:<9} {what}  \x1b[2m{seconds:.2} s\x1b[0m", self.edition));
        } else {
            log(&format!("  {}{name:<9} {what}", self.edition));
        }
        self.last = Instant::now();
    }
}

fn because(why: Hidden) -> &'static str {
    match why {
        Hidden::Confidential => "a cell has too few answers to be published without disclosing them",
        Hidden::Unreliable => "its cells are too uncertain",
        Hidden::Empty => "nobody is in it",
        Hidden::NotEstimable => "the sample does not tell how uncertain it is",
    }
}

/// `1 table`, `2 tables`, `3 strata`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    match (number, noun.strip_suffix("um")) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) => format!("{number} {stem}a"),
        (_, None) => format!("{number} {noun}s"),
    }
}

/// What is left behind when a signal ends a command.
pub(crate) fn when_stopped(command: &Command) -> &'static str {
    match command {
        Command::Run(_) | Command::Preview(_) | Command::Verify(_) => {
            "the last release is as it was, and no file of answers is left"
        }
        Command::New(_) => "no half of a country is left",
        Command::Twin(_) => "a file of the twin may be unfinished",
        Command::Check(check) if check.checked.is_some() => {
            "the folder of checked answers may be unfinished: remove it"
        }
        Command::Estimate(_) => "no file of answers is left",
        Command::Check(_)
        | Command::Audit(_)
        | Command::Diff(_)
        | Command::Calendar(_)
        | Command::Why(_)
        | Command::Inspect(_)
        | Command::Core(_) => "nothing was written",
    }
}

/// That a signal ended the command.
pub(crate) fn stopped(what_is_left: &str) {
    log(&format!("stopped; {what_is_left}"));
}

/// A line about what happens, for whoever watches.
pub(crate) fn log(line: &str) {
    // Who collects the lines, or closed a pipe, may have gone; that stops no release.
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// A line for a machine that reads results.
///
/// # Errors
/// As [`result`].
pub(crate) fn line(text: &str) -> Result<(), PipelineError> {
    result(&format!("{text}\n"))
}

/// Why one edition of several was not built.
pub(crate) fn not_built(edition: &str, error: &PipelineError) {
    let _ = write!(std::io::stderr().lock(), "{edition}: {}", complaint(error, NOTHING_WRITTEN, |_| None));
}

/// What came of several editions.
///
/// # Errors
/// As [`result`].
pub(crate) fn summary(built: &[(String, &Path)], failed: &[(String, u8)]) -> Result<(), PipelineError> {
    for (_, folder) in built {
        published(folder)?;
    }
    let all = built.len() + failed.len();
    if failed.is_empty() {
        return line(&format!("built all of {}", count(all, "edition")));
    }
    let names: Vec<String> = failed.iter().map(|(edition, exit)| format!("{edition} (exit code {exit})")).collect();
    line(&format!("built {} of {}; not built: {}", built.len(), count(all, "edition"), names.join(", ")))
}

/// Where the pages are.
///
/// # Errors
/// As [`result`].
pub(crate) fn published(folder: &Path) -> Result<(), PipelineError> {
    line(&format!("The pages are in {}: open {}", folder.display(), folder.join("index.html").display()))
}

/// Where the preview is.
///
/// # Errors
/// As [`result`].
pub(crate) fn previewing(address: &str) -> Result<(), PipelineError> {
    line(&format!("The preview is at {address} on this machine; Ctrl-C stops it"))?;
    Ok(())
}

/// What a preview did again, and why.
pub(crate) fn made_anew(made: &Made, time: Duration) {
    let what = match made.scope {
        Scope::Everything => "everything anew",
        Scope::Pages => "pages anew",
    };
    log(&format!("{what} in {} ms: {}", time.as_millis(), made.changed.join(", ")));
}

/// That a check found no error.
///
/// # Errors
/// As [`result`].
pub(crate) fn checked(countries: &[PathBuf], warnings: &[Finding]) -> Result<(), PipelineError> {
    for warning in warnings {
        log(&format!("{warning}"));
    }
    let names = countries.iter().map(|country| country.display().to_string()).collect::<Vec<_>>().join(", ");
    match warnings.len() {
        0 => line(&format!("{names}: no findings"))?,
        number => line(&format!("{names}: no errors, {}", count(number, "warning")))?,
    }
    Ok(())
}

/// How far a country has come, part by part, and what is left.
///
/// # Errors
/// As [`result`].
pub(crate) fn coverage(coverage: &Coverage) -> Result<(), PipelineError> {
    line(&format!("{}: coverage {} of 100", coverage.country, coverage.score))?;
    for part in coverage.parts.iter().filter(|part| part.of > 0) {
        line(&format!("  {:<11} {:>4} of {}", part.name, part.done, part.of))?;
    }
    for left in coverage.left() {
        line(&format!("left: {}: {}", left.place, left.what))?;
    }
    Ok(())
}

/// The same in a line.
///
/// # Errors
/// As [`result`].
pub(crate) fn coverage_in_short(coverage: &Coverage) -> Result<(), PipelineError> {
    let left = match coverage.left().count() {
        0 => "nothing is left".to_owned(),
        number => format!("{} left: check it alone to see which", count(number, "thing")),
    };
    line(&format!("{}: coverage {} of 100, {left}", coverage.country, coverage.score))?;
    Ok(())
}

/// Where a twin is.
///
/// # Errors
/// As [`result`].
pub(crate) fn twin_written(files: &[PathBuf]) -> Result<(), PipelineError> {
    for file in files {
        line(&format!("{} (SYNTHETIC)", file.display()))?;
    }
    Ok(())
}

/// What a new country assumes, and how to go on.
///
/// # Errors
/// As [`result`].
pub(crate) fn drafted(drafted: &Drafted) -> Result<(), PipelineError> {
    for file in &drafted.files {
        line(&format!("{}", file.display()))?;
    }
    warned(&drafted.findings);
    for (column, item) in &drafted.taken {
        log(&format!("column {column:?} is {item} of the shared questionnaire"));
    }
    for (column, why) in &drafted.near {
        log(&format!("column {column:?} {why}"));
    }
    if let Some(why) = &drafted.nothing_taken {
        log(&format!("no column is recognised as an item of the shared questionnaire: {why}"));
    }
    left_out(drafted);
    for assumption in &drafted.assumed {
        log(&format!("ASSUMED in {assumption}"));
    }
    let (folder, raw) = (drafted.folder.display(), drafted.raw.display());
    log(&format!("Fill in what says unknown, then: barometer check {folder}; barometer run {folder} --raw {raw}"));
    Ok(())
}

/// Which columns of an export became no variable, a line for each reason.
fn left_out(drafted: &Drafted) {
    let mut by_reason: Vec<(&str, Vec<String>)> = Vec::new();
    for (column, reason) in &drafted.left_out {
        let column = if column.is_empty() { "one without a name".to_owned() } else { format!("{column:?}") };
        match by_reason.iter_mut().find(|(known, _)| known == reason) {
            Some((_, columns)) => columns.push(column),
            None => by_reason.push((reason, vec![column])),
        }
    }
    for (reason, columns) in by_reason {
        log(&format!("left out, {reason}: {}", columns.join(", ")));
    }
    if drafted.has_personal {
        let wave = drafted.wave;
        log(&format!(
            "help: a column that tells nobody who answered can be taken in: take it off the list personal in waves/{wave}.toml, and write a \
             variable and its column for it"
        ));
    }
}

/// What a person should know of the columns they asked for.
pub(crate) fn warned(warnings: &[Finding]) {
    for warning in warnings {
        log(&format!("{warning}"));
    }
}

/// Lets a panic of the threads of this name pass without words of its own: it comes back as an error or a finding, and where somebody else's damaged
/// file is the cause, its words would tell them nothing. `RUST_BACKTRACE=full` brings them back, and any other panic keeps them.
pub(crate) fn leave_to_their_errors(threads: &'static str) {
    if std::env::var_os("RUST_BACKTRACE").is_some_and(|asked| asked == "full") {
        return;
    }
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name() != Some(threads) {
            usual(panic);
        }
    }));
}

/// Characters of a line of a table: those of the terminal, from 80 to 100, and 100 in a file.
pub(crate) fn width() -> usize {
    let terminal = terminal_size::terminal_size().filter(|_| std::io::stdout().is_terminal());
    terminal.map_or(100, |(terminal_size::Width(width), _)| usize::from(width).clamp(80, 100))
}

/// That numbers are for the analyst alone.
pub(crate) fn not_disclosure_checked() {
    log("NOT DISCLOSURE-CHECKED: for the analyst, not for publication");
}

/// What was asked for, as it is printed. A reader that closed the pipe wants no more of it.
///
/// # Errors
/// When standard output cannot be written: a full disk must not look like an answer.
pub(crate) fn result(text: &str) -> Result<(), PipelineError> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(source) if source.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(PipelineError::Write { path: PathBuf::from(STANDARD_OUTPUT), source })
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Why the program stops. Of a command that never writes it need not be said that nothing was written.
pub(crate) fn complain(error: &PipelineError, writes: bool) {
    let consequence = if writes { NOTHING_WRITTEN } else { "" };
    // A reader that closed the pipe wants no more words; there is nobody left to tell.
    let _ = std::io::stderr().lock().write_all(complaint(error, consequence, |_| None).as_bytes());
}

/// That a sentence is about an earlier wave of which there are no answers.
fn not_at_hand(place: &Place, words: &str, earlier: &NotCounted) -> String {
    let NotCounted { wave, folder, takes_printed } = earlier;
    let raw = match folder {
        Some(folder) => format!(
            "put the raw files of wave {wave} into {}, or say with --raw where those of every wave are, with {{wave}} in the folder's name; ",
            folder.display()
        ),
        None => String::new(),
    };
    let printed = if *takes_printed { "write what was printed then into published.csv; " } else { "" };
    format!(
        "{place}: {words:?} is about wave {wave}, whose answers are not at hand\nhelp: {raw}{printed}or leave the sentence out\n"
    )
}

/// What is wrong with a country's files, each finding with the line that it is about.
pub(crate) fn complaint_with_lines<'l>(error: &PipelineError, line: impl Fn(&Place) -> Option<&'l str>) -> String {
    complaint(error, "; the last good pages stay", line)
}

/// Says something that is already in words.
pub(crate) fn told(words: &str) {
    // A reader that closed the pipe wants no more words; there is nobody left to tell.
    let _ = std::io::stderr().lock().write_all(words.as_bytes());
}

/// The line that something is about, with a mark below its column; nothing where there is none.
fn snippet(place: &Place, line: Option<&str>) -> String {
    match (place, line) {
        (Place::Text { line: number, column, .. }, Some(line)) => {
            let before = line.chars().take(usize::try_from(*column).unwrap_or(1).saturating_sub(1));
            // Tabs stay, so that the mark stands below its place.
            let indent: String = before.map(|letter| if letter == '\t' { '\t' } else { ' ' }).collect();
            format!("{number:>5} | {line}\n      | {indent}^\n")
        }
        (Place::Text { .. } | Place::File { .. } | Place::Cell { .. }, _) => String::new(),
    }
}

/// Puts the line that a message is about below its first line.
fn with_line(message: &str, snippet: &str) -> String {
    let (first, rest) = message.split_once('\n').unwrap_or((message, ""));
    let rest = if rest.is_empty() || rest.ends_with('\n') { rest.to_owned() } else { format!("{rest}\n") };
    format!("{first}\n{snippet}{rest}")
}

/// `consequence` is what became of the release, with a semicolon before it, or nothing.
fn complaint<'l>(error: &PipelineError, consequence: &str, line: impl Fn(&Place) -> Option<&'l str>) -> String {
    let snippet = |place: &Place| snippet(place, line(place));
    match error {
        PipelineError::Findings(findings) => {
            // Errors come last, where a person looks first: many warnings would bury them.
            let (errors, warnings): (Vec<&Finding>, Vec<&Finding>) =
                findings.iter().partition(|finding| finding.severity == Severity::Error);
            let told = |finding: &&Finding| with_line(&finding.to_string(), &snippet(&finding.place));
            let mut text: String = warnings.iter().chain(&errors).map(told).collect();
            let errors = errors.len();
            let warnings = match warnings.len() {
                0 => String::new(),
                number => format!(" and {}", count(number, "warning")),
            };
            text.push_str(&format!("{}{warnings}{consequence}\n", count(errors, "error")));
            text
        }
        PipelineError::Claims(failed) => {
            let mut text: String = failed.iter().map(|it| with_line(&refusal(it), &snippet(&it.place))).collect();
            text.push_str(&format!("{} cannot be published{consequence}\n", count(failed.len(), "claim")));
            text
        }
        PipelineError::Leaks(leaks) => {
            let mut text: String = leaks.iter().map(|leak| format!("{}: {}\n", leak.file, leak.kind)).collect();
            text.push_str(&format!("help: look at the country's texts and templates for it{consequence}\n"));
            text
        }
        PipelineError::Derivable(disclosures) => {
            let mut text: String = disclosures.iter().map(audit::explained).collect();
            text.push_str(&format!("{} can be derived{consequence}\n", count(disclosures.len(), "hidden number")));
            text.push_str(
                "help: take out what tells it there; where it is two tables together, hide or merge in one of them\n",
            );
            text
        }
        PipelineError::KnownBefore(disclosures) => known_before(disclosures, consequence),
        PipelineError::Usage { message } => format!("{message}\n"),
        PipelineError::Mismatch { .. } => format!("{error}\n"),
        PipelineError::Damaged(finding) => format!("{finding}\n"),
        PipelineError::Embargo { .. } => refused(error, TOO_EARLY),
        PipelineError::Unapproved { .. } => format!("{error}\nhelp: {UNAPPROVED}\n"),
        PipelineError::Clock { .. } => format!("error: {}", refused(error, CLOCK)),
        PipelineError::Changed { .. } => refused(error, "run again when nobody writes to it"),
        PipelineError::Read { source, .. } => format!("error: {error}\n{}", help_to_read(source.kind())),
        PipelineError::Write { path, source } => format!("error: {error}\n{}", help_to_write(path, source.kind())),
        PipelineError::Locked { .. }
        | PipelineError::Store(_)
        | PipelineError::Random(_)
        | PipelineError::Ingest(_)
        | PipelineError::Tabulate(_)
        | PipelineError::Twin(_)
        | PipelineError::Dataset(_)
        | PipelineError::Report(_)
        | PipelineError::Threads(_) => format!("error: {error}\n"),
    }
}

/// What can be done about a correction that hides what readers have seen.
const KNOWN_BEFORE: &str = "help: what is published cannot be hidden: show it as before; where it must not be shown, take the earlier edition from \
                            readers, and say in the erratum why this one is published all the same: known_before = \"...\", which the manifest keeps\n";

/// What a correction and the editions before it tell together, each kind of number with what can be done about it.
fn known_before(disclosures: &[Disclosure], consequence: &str) -> String {
    let few = disclosures.iter().filter(|it| it.is_of_few_between()).count();
    let hidden = disclosures.len() - few;
    let mut numbers = Vec::new();
    if hidden > 0 {
        numbers.push(count(hidden, "hidden number"));
    }
    if few > 0 {
        numbers.push(count(few, "difference") + " of a few answers");
    }
    let mut text: String = disclosures.iter().map(audit::explained).collect();
    text.push_str(&format!("{} can be known from an earlier edition{consequence}\n", numbers.join(" and ")));
    text.push_str(if hidden > 0 { KNOWN_BEFORE } else { "" });
    text.push_str(if few > 0 { FEW_BETWEEN } else { "" });
    text
}

/// What can be done about a few answers that came or went between editions.
const FEW_BETWEEN: &str = "help: whoever has both editions can tell the few answers that came or went; where they are no secret, such as a record that was \
                           there twice, say so in the erratum: known_before = \"...\", which the manifest keeps\n";

/// What can be done before an edition's moment.
const TOO_EARLY: &str = "run it without --publish for a draft; --break-embargo REASON publishes it all the same and keeps the reason in \
                         the manifest";

/// What can be done about an edition that is not the approved one.
const UNAPPROVED: &str = "nothing was written; look with barometer diff at what changed, and approve it anew";

/// What can be done about a clock that is far off.
const CLOCK: &str = "set the clock, or say --draft, which makes a draft at any time";

/// What is refused now and may be done later, or on purpose.
fn refused(error: &PipelineError, help: &str) -> String {
    format!("{error}; nothing was written\nhelp: {help}\n")
}

/// What a person can do about a file that cannot be read.
fn help_to_read(why: ErrorKind) -> &'static str {
    if why == ErrorKind::PermissionDenied {
        "help: let the user that runs barometer read it\n"
    } else if why == ErrorKind::NotFound {
        "help: look for a slip in its name\n"
    } else {
        ""
    }
}

/// What a person can do about a file that cannot be written.
fn help_to_write(path: &Path, why: ErrorKind) -> &'static str {
    if path.as_os_str() == STANDARD_OUTPUT {
        return "help: only what should be printed is lost; files that were asked for are written\n";
    }
    let has_no_room = [ErrorKind::StorageFull, ErrorKind::QuotaExceeded, ErrorKind::FileTooLarge].contains(&why);
    if has_no_room {
        "help: make room there, or name another disk with --out and --work; the last release is as it was\n"
    } else if why == ErrorKind::PermissionDenied {
        "help: let the user that runs barometer write there, or name another folder\n"
    } else if why == ErrorKind::ReadOnlyFilesystem {
        "help: that disk is read-only: name a folder of another one\n"
    } else if why == ErrorKind::NotADirectory {
        "help: a file stands where a folder belongs: move it away, or name another folder\n"
    } else {
        ""
    }
}

fn refusal(failed: &FailedClaim) -> String {
    let FailedClaim { place, words, claim, verdict, instead, not_counted } = failed;
    if let Some(earlier) = not_counted {
        return not_at_hand(place, words, earlier);
    }
    match verdict {
        VerdictKind::Fails { because } => {
            let would_hold = match instead.as_slice() {
                [] => String::new(),
                [..] => format!("help: true would be {}\n", instead.join("; or ")),
            };
            format!(
                "{place}: {words:?} does not hold: {because}\n{would_hold}help: change the words, or the claim {claim}\n"
            )
        }
        VerdictKind::Refused(why) => {
            format!(
                "{place}: {words:?} is about a number that is not shown: {}\nhelp: leave the sentence out\n",
                because(*why)
            )
        }
        VerdictKind::Holds => String::new(),
    }
}
