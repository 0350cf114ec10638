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

use clap::Parser;

/// Ctrl-C, and the end that a scheduler or a system sends, leave no microdata and no half of a release behind.
fn stop_when_told_to() {
    let stop = || {
        pipeline::abandon();
        words::stopped();
        std::process::exit(i32::from(exit::STOPPED));
    };
    // Without a handler, which a system may refuse, a signal ends the program as it ends any other.
    let _ = ctrlc::set_handler(stop);
}

fn main() -> ExitCode {
    let arguments = arguments::Arguments::parse();
    stop_when_told_to();
    words::leave_to_their_errors(pipeline::DECODER_THREADS);
    match commands::run(arguments.command) {
        Ok(exit) => exit.into(),
        Err(error) => {
            words::complain(&error);
            exit::Exit::of(&error).into()
        }
    }
}
