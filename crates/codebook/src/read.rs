//! Reading a country's TOML.

use crate::{Country, Finding, SourceFile};

pub(crate) fn country(folder: &str, files: &[SourceFile]) -> (Option<Country>, Vec<Finding>) {
    let _ = (folder, files);
    todo!()
}
