//! From the raw export of a survey tool to a checked wave.
//!
//! [`check`] reads the answers, the register and the frame table, turns every raw value into a typed one or into a finding,
//! and hands over a [`CheckedWave`]; nothing is silently dropped. It knows no estimate and no SQL engine, and never shows a
//! respondent's text: findings give row, column and the class of a value.

mod check;
mod delimited;
mod error;
mod parquet;

pub use check::{CheckedWave, RawFile, Summary, check};
pub use error::IngestError;
