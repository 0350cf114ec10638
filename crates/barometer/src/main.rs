//! `barometer`: from the raw export of a survey to a published report.
//!
//! This crate is the command line and nothing else: [`arguments`] says what may be asked, [`commands`] asks
//! [`pipeline`] for it, [`words`] puts what happened into words, and [`exit`] into exit codes. It knows no SQL, no formula and no
//! template.

mod arguments;
mod commands;
mod estimates;
mod exit;
mod inspect;
mod table;
mod words;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let arguments = arguments::Arguments::parse();
    match commands::run(arguments.command) {
        Ok(()) => exit::Exit::Done.into(),
        Err(error) => {
            words::complain(&error);
            exit::Exit::of(&error).into()
        }
    }
}
