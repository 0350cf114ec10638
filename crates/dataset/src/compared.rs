//! The cells of a comparison over countries in one file of tidy rows: one for each item and edition, with where its number comes from or why there is none.

use codebook::{BreakCause, BreakReason, Code, ComparedEdition, CountryComparison, Language, Row, Standing, TableSpec};
use disclose::{ComparedCell, ComparedTables, Member};

use crate::DatasetError;
use crate::observation::{self, status};
use crate::tidy::text;

/// The file's name below the folder of data.
pub const COMPARISON_FILE: &str = "comparison.csv";

/// The columns, in their order.
const COLUMNS: [&str; 23] = [
    "edition",
    "edition_label",
    "country",
    "wave",
    "breakdown",
    "group",
    "table",
    "table_label",
    "base",
    "base_label",
    "item",
    "item_label",
    "category",
    "per_cent",
    "se",
    "lower",
    "upper",
    "n",
    "status",
    "reason",
    "origin",
    "citation",
    "source",
];

/// Every cell of a comparison as CSV, with labels in this language: UTF-8, one header row. A cell without a number has a status and a reason. `status` is
/// `shown`, `flagged`, `hidden`, `not comparable`, `in words`, `unweighted` or `not published`; `source` is that of other tidy files.
///
/// # Errors
/// When the rows cannot be written.
///
/// # Panics
/// Never: a vector takes every byte.
pub fn compared_csv(
    comparison: &CountryComparison,
    compared: &ComparedTables,
    members: &[Member<'_>],
    language: &Language,
) -> Result<Vec<u8>, DatasetError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    let source = origin(comparison, compared);
    for table in &comparison.tables {
        for row in &table.rows {
            for member in members.iter().filter(|member| comparison.shows(&member.edition.id, &table.id)) {
                let cell = compared.table(&table.id).and_then(|it| it.row(&row.id)?.cell(&member.edition.id));
                let cell = cell.unwrap_or(&ComparedCell::NotPublished);
                let what = named(comparison, member.edition, (table, row), language);
                let told = [told(member, cell).as_slice(), &[source.to_owned()]].concat();
                writer.write_record(what.into_iter().chain(told))?;
            }
        }
    }
    Ok(writer.into_inner().expect("a vector takes every byte"))
}

/// Where the numbers come from, in a word, as in other tidy files.
fn origin(comparison: &CountryComparison, compared: &ComparedTables) -> &'static str {
    let is_synthetic = comparison.demonstration || compared.synthetic();
    match (comparison.standing, is_synthetic) {
        (Standing::Released, false) => "survey",
        (Standing::Released, true) => "SYNTHETIC",
        (Standing::Draft, false) => "DRAFT",
        (Standing::Draft, true) => "DRAFT, SYNTHETIC",
    }
}

/// What a cell is about.
fn named(
    comparison: &CountryComparison,
    edition: &ComparedEdition,
    (table, row): (&TableSpec, &Row),
    language: &Language,
) -> [String; 13] {
    let base = comparison.bases.get(&table.base).map_or("", |base| base.label.get(language));
    let category: Vec<&str> = row.codes.iter().map(Code::as_str).collect();
    let (breakdown, group) =
        edition.group.as_ref().map_or(("", ""), |(variable, code)| (variable.as_str(), code.as_str()));
    [
        edition.id.to_string(),
        text(edition.label.get(language)),
        edition.country.to_string(),
        edition.wave.to_string(),
        breakdown.to_owned(),
        group.to_owned(),
        table.id.to_string(),
        text(table.title.get(language)),
        table.base.to_string(),
        text(base),
        row.item.to_string(),
        text(row.label.get(language)),
        category.join("+"),
    ]
}

/// Its five numbers, status, reason, origin and citation.
fn told(member: &Member<'_>, cell: &ComparedCell) -> [String; 9] {
    let none: [String; 5] = Default::default();
    let (numbers, status, reason, origin, citation) = match cell {
        ComparedCell::Released(cell) => {
            let numbers = cell.figures().map_or(none, observation::numbers);
            let (status, reason) = status(cell);
            let edition = member.release.map(|(edition, _)| format!("{}/{edition}", member.edition.country));
            (numbers, status, reason.to_owned(), "release", edition.unwrap_or_default())
        }
        ComparedCell::Printed { estimate, n, source } => {
            let n = n.map_or_else(String::new, |n| n.to_string());
            let numbers = [estimate.to_string(), String::new(), String::new(), String::new(), n];
            (numbers, "shown", String::new(), "published", source.clone())
        }
        ComparedCell::NotComparable(reasons) => (none, "not comparable", in_words(reasons), "", String::new()),
        ComparedCell::InWords => (none, "in words", "published in words only".to_owned(), "", String::new()),
        ComparedCell::Unweighted => {
            (none, "unweighted", "published without weights only".to_owned(), "", String::new())
        }
        ComparedCell::NotPublished => (none, "not published", "no number is published".to_owned(), "", String::new()),
    };
    let [estimate, se, low, high, n] = numbers;
    [estimate, se, low, high, n, status.to_owned(), text(&reason), origin.to_owned(), text(&citation)]
}

/// The reasons by their words in a ledger: `reworded: introduced_product`.
fn in_words(reasons: &[BreakReason]) -> String {
    let one = |reason: &BreakReason| {
        let what = match reason.cause {
            BreakCause::Item(sameness) => sameness.as_str(),
            BreakCause::OwnItem => "own item",
            BreakCause::OwnDerivation => "own derivation",
            BreakCause::OtherCore => "other core",
            BreakCause::NoLedger => "no ledger",
            BreakCause::Series => "series",
        };
        reason.item.as_ref().map_or_else(|| what.to_owned(), |item| format!("{what}: {item}"))
    };
    reasons.iter().map(one).collect::<Vec<_>>().join("; ")
}
