//! What tests of every crate share: folders of the repository, a whole country as one string, a case laid over a valid
//! country, R's numbers, a real browser. It knows no crate of ours, so any of them may use it.

pub mod browser;

mod cases;
mod oracle;

pub use cases::{country, overlay, repository};
pub use oracle::{OracleRow, oracle};
