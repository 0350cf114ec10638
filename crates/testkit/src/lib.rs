//! What tests of every crate share: folders of the repository, a whole country as one string, a case laid over a valid
//! country, damaged copies of a file, R's numbers, a real browser. It knows no crate of ours, so any of them may use it.

pub mod browser;

mod cases;
mod mutant;
mod oracle;

pub use cases::{country, overlay, repository};
pub use mutant::{Random, mutant};
pub use oracle::{OracleRow, oracle};
