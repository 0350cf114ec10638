//! A country as a whole: valid, broken in one way each, mutated at random.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod cases;
mod comparison;
mod core;
mod data_file;
mod errata;
mod expressions;
mod hostile;
mod ledger;
mod valid;
mod waves;

use codebook::SourceFile;

/// The files of `fixtures/invalid/base`, with those of a case laid over them, as `Country::read` takes them.
fn files_with(case: Option<&std::path::Path>) -> Vec<SourceFile> {
    let base = testkit::repository().join("fixtures/invalid/base");
    let files = testkit::overlay(&base, case.unwrap_or(&base));
    let texts = files.into_iter().filter(|(path, _)| path.ends_with(".toml"));
    texts
        .map(|(path, bytes)| SourceFile {
            path: format!("pipelines/test/{path}"),
            text: String::from_utf8(bytes).expect("the files of a country are UTF-8"),
        })
        .collect()
}
