//! A panel of real units: California's schools in 1999 and 2000, the same ones, with the share of those that score 700 or more.

use std::fs;
use std::path::Path;

use crate::cases::{overlay, repository};

const TABLE: &str = r#"
[tables.high_scores]
title = "Schools that score 700 or more"
base = "all"
measure = "share"
rows = ["high_score"]
breakdowns = ["comp.imp"]
decimals = 1
"#;

const DERIVED: &str = r#"
[derived.high_score]
label = "Scores 700 or more"
sql = "api >= 700"
"#;

const CLAIMS: &str = r#"
[claims.rose]
rose = { table = "high_scores", row = "high_score", since = 1999 }

[claims.rose-in-groups]
rose = { table = "high_scores", row = "high_score", breakdown = "comp.imp", group = "Yes", since = 1999 }
"#;

const TEXT: &str = "
High scores are [found in more schools]{rose} than in 1999, and [in more of those]{rose-in-groups} whose groups of pupils grew as they should.
";

/// Writes the country to `folder/schools` and its exports to `folder/raw/<year>`. The page of the scores of 2000 claims that the share rose since 1999, among all
/// schools and among those of the group `comp.imp` `Yes`; `samples` is how the pair is declared in line 2 of `series.toml`. What `rows` makes of the 200 rows
/// of a year becomes its export.
///
/// # Panics
/// When a file cannot be read or written.
pub fn schools_panel(folder: &Path, samples: &str, rows: impl Fn(&str, Vec<String>) -> Vec<String>) {
    let write = |path: &str, text: &[u8]| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    };
    let schools = repository().join("pipelines/schools");
    for (name, mut text) in overlay(&schools, &schools) {
        text.extend_from_slice(match name.as_str() {
            "codebook.toml" => DERIVED.as_bytes(),
            "tables.toml" => TABLE.as_bytes(),
            "report/2000/scores.toml" => CLAIMS.as_bytes(),
            "report/2000/scores.en.md" => TEXT.as_bytes(),
            _ => b"",
        });
        write(&format!("schools/{name}"), &text);
    }
    let same = ["1999", "2000"].map(|year| format!("[waves.{year}]\ndefault = \"same\"\n"));
    write("schools/ledger.toml", same.concat().as_bytes());
    let pair =
        format!("earlier = 1999\nlater = 2000\nsamples = \"{samples}\"\nsource = \"One file has both years.\"\n");
    write("schools/series.toml", format!("waves = [1999, 2000]\n[[pairs]]\n{pair}").as_bytes());
    for year in ["1999", "2000"] {
        let export = repository().join(format!("fixtures/schools/{year}/raw/apistrat.csv"));
        let export = fs::read_to_string(export).expect("there is an export");
        let (header, schools) = export.split_once('\n').expect("an export has rows");
        let schools = rows(year, schools.lines().map(str::to_owned).collect());
        write(&format!("raw/{year}/apistrat.csv"), format!("{header}\n{}\n", schools.join("\n")).as_bytes());
    }
}
