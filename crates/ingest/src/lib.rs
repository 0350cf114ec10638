//! From the raw export of a survey tool to a checked wave.
//!
//! [`check`] reads the answers, the register and the frame table, turns every raw value into a typed one or into a finding,
//! and hands over a [`CheckedWave`]; nothing is silently dropped. It knows no estimate and no SQL engine, and never shows a
//! respondent's text: findings give row, column and the class of a value.
//! [`data_file`] reads any delimited file instead, without a codebook; [`cells()`](cells()) gives the bare cells of a spreadsheet. [`inspect()`](inspect::inspect) tells what a file holds that nobody has described.
//!
//! ```text
//! bytes ─decode─▶ text ─delimited─▶ raw columns ─units─▶ who answered ─translate─▶ typed ─routing─▶ who was asked
//!                          ─checks─▶ what is odd or wrong ─sample─▶ strata, weights, order ─parquet─▶ file
//! ```

mod answer_time;
mod answers;
mod array;
mod cells;
mod check;
mod checks;
mod choices;
mod column;
mod data_file;
mod decode;
mod delimited;
mod drawn;
mod error;
mod files;
mod format;
mod frame;
mod identifying;
pub mod inspect;
mod labels;
mod loops;
mod mapping;
mod margin;
mod numbers;
mod open;
mod parallel;
mod parquet;
mod pseudonym;
mod raw;
mod reshape;
mod routing;
mod sample;
mod stages;
mod summary;
mod suspicions;
mod tally;
mod texts;
mod tool;
mod translate;
mod units;

pub use answers::MISSING_FILE;
pub use cells::{SheetCells, cells};
pub use check::{CheckedWave, ItemMissing, RawFile, check};
pub use data_file::{TypedFile, data_file, data_file_with_marks};
pub use error::IngestError;
pub use identifying::identifying;
pub use loops::CheckedLoop;
pub use margin::{MarginAnswers, MarginCell};
pub use open::{file_on_disk, is_delimited};
pub use parallel::DECODER_THREADS;
pub use pseudonym::{BadKey, Pseudonym, PseudonymKey};
pub use summary::{LoopSummary, Summary};
pub use tool::is_own_column;
