//! `barometer`: from the raw export of a survey to a published report.
//!
//! This crate is the command line and nothing else: [`arguments`] says what may be asked, [`commands`] asks
//! [`pipeline`] for it, [`words`] puts what happened into words, and [`exit`] into exit codes. It knows no SQL, no formula and no
//! template.

mod arguments;
mod audit;
mod check;
mod commands;
mod core;
mod estimates;
mod exit;
mod inspect;
mod preview;
mod releases;
mod scheduled;
mod table;
mod words;

use std::process::ExitCode;
use std::sync::OnceLock;

use clap::Parser;

/// Ctrl-C, and the end that a scheduler or a system sends, leave no microdata and no half of a release behind.
fn stop_when_told_to(command: &arguments::Command) {
    // A handler takes nothing with it.
    static STOPPED: OnceLock<&str> = OnceLock::new();
    fn stop() {
        pipeline::abandon();
        words::stopped(STOPPED.get().copied().unwrap_or_default());
        std::process::exit(i32::from(exit::STOPPED));
    }
    STOPPED.get_or_init(|| words::when_stopped(command));
    #[cfg(unix)]
    other_signals(stop);
    // Without a handler, which a system may refuse, a signal ends the program as it ends any other.
    let _ = ctrlc::set_handler(stop);
}

/// Ctrl-\ and the end of the processor time that a scheduler allows, which `ctrlc` leaves out. They are blocked in every thread that begins from here on,
/// and one thread waits for them.
#[cfg(unix)]
fn other_signals(stop: fn()) {
    use nix::sys::signal::{SigSet, Signal};
    // Beyond the size that a file may have, writing then fails like on a full disk, with words, instead of ending the program.
    let _ = SigSet::from(Signal::SIGXFSZ).thread_block();
    let signals: SigSet = [Signal::SIGQUIT, Signal::SIGXCPU].into_iter().collect();
    if signals.thread_block().is_ok() {
        std::thread::spawn(move || {
            if signals.wait().is_ok() {
                stop();
            }
        });
    }
}

/// What is wrong with a command. Whoever asks `run` for lines of JSON gets no other, though the command was not understood.
fn misunderstood(error: &clap::Error) -> ExitCode {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let asks = |pair: &[String]| pair[0] == "--format" && pair[1] == "json";
    let is_json = given.iter().any(|it| it == "--format=json") || given.windows(2).any(asks);
    let is_run = given.first().is_some_and(|command| command == "run");
    if !error.use_stderr() || !is_run || !is_json {
        error.exit();
    }
    let message = error.to_string();
    let message = message.strip_prefix("error: ").unwrap_or(&message).trim_end().to_owned();
    let usage = pipeline::PipelineError::Usage { message };
    let exit = exit::Exit::of(&usage);
    words::log(&usage.line("", exit.code()));
    // If nobody reads it, the code still tells.
    let _ = words::line(&pipeline::summary_line(&[], &[], exit.code()));
    exit.into()
}

fn main() -> ExitCode {
    let arguments = match arguments::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return misunderstood(&error),
    };
    stop_when_told_to(&arguments.command);
    words::leave_to_their_errors(pipeline::DECODER_THREADS);
    let writes = !matches!(arguments.command, arguments::Command::Check(_));
    match commands::run(arguments.command) {
        Ok(exit) => exit.into(),
        Err(error) => {
            words::complain(&error, writes);
            exit::Exit::of(&error).into()
        }
    }
}
