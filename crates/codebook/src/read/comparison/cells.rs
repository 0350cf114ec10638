//! Whether a comparison has what it compares: each edition some number, and each claim one that readers see.

use std::collections::BTreeMap;

use super::Members;
use crate::{
    CellName, CellSource, Claim, ComparedEdition, ComparedId, ConfidenceLevel, Country, CountryComparison, Finding,
    InComparison, MemberCountry, Predicate, Printed, PrintedNumber, Row, TableSpec, Weighting,
};

/// What an edition has of a row, as far as it can be known before anything is counted.
enum Known {
    /// A number.
    Number,
    /// It asked the same, and what was printed is none that could be shown: readers are told the reason.
    Told,
    /// It asked the same, and nothing is told of it.
    None(&'static str),
    /// It did not ask the same.
    Apart(String),
}

/// What is missing.
pub(super) fn cells(comparison: &CountryComparison, members: &Members) -> Vec<Finding> {
    let mut findings: Vec<Finding> = comparison.mixed_levels(&levels(comparison, members)).into_iter().collect();
    for edition in &comparison.editions {
        let Some(MemberCountry::Read(country)) = members.get(edition.country.as_str()) else { continue };
        findings.extend(of_edition(comparison, edition, country));
    }
    for page in &comparison.pages {
        for claim in &page.theme.claims {
            let edition = page.told.get(&claim.id).and_then(|id| comparison.edition(id));
            let Some(edition) = edition else { continue };
            let Some(MemberCountry::Read(country)) = members.get(edition.country.as_str()) else { continue };
            findings.extend(of_claim(comparison, edition, country, claim));
        }
    }
    findings
}

/// The confidence levels of the editions whose releases have intervals, as their countries state them today.
fn levels(comparison: &CountryComparison, members: &Members) -> BTreeMap<ComparedId, ConfidenceLevel> {
    let counted = comparison.editions.iter().filter(|edition| edition.cells == CellSource::Release);
    let level = |edition: &ComparedEdition| match members.get(edition.country.as_str())? {
        MemberCountry::Read(country) => Some((edition.id.clone(), country.confidence_level)),
        MemberCountry::Broken => None,
    };
    counted.filter_map(level).collect()
}

/// The rows of the tables that the pages with this edition show.
fn rows<'c>(
    comparison: &'c CountryComparison,
    edition: &'c ComparedEdition,
) -> impl Iterator<Item = (&'c TableSpec, &'c Row)> {
    let pages = comparison.pages.iter().filter(|page| page.editions.contains(&edition.id));
    let tables = pages.flat_map(|page| &page.theme.figures).filter_map(|figure| comparison.table(&figure.table));
    tables.flat_map(|table| table.rows.iter().map(move |row| (table, row)))
}

fn of_edition(comparison: &CountryComparison, edition: &ComparedEdition, country: &Country) -> Vec<Finding> {
    let (mut told, mut missing) = (0, Vec::new());
    for (table, row) in rows(comparison, edition) {
        match known(comparison, edition, country, (table, row)) {
            Known::Number if edition.not_published.contains(&row.id) => {
                let message = format!(
                    "{:?} says that no number of {:?} was published, and there is one",
                    edition.id.as_str(),
                    row.id.as_str()
                );
                return vec![
                    Finding::error(edition.place.clone(), "contradiction", message)
                        .hint("take it out of not_published"),
                ];
            }
            Known::Number | Known::Told => told += 1,
            Known::None(_) if edition.not_published.contains(&row.id) => told += 1,
            Known::None(why) => missing.push((table, row, why)),
            Known::Apart(_) => {}
        }
    }
    let (id, name) = (&edition.id, format!("{} {}", edition.country, edition.wave));
    if told == 0 && !missing.is_empty() {
        let message = format!("no cell for {:?}: {name} tells nothing of what it asked as the others did", id.as_str());
        let finding = Finding::error(edition.place.clone(), "no-cell", message);
        return vec![finding.hint(match edition.cells {
            CellSource::Printed => "its published.csv tells what was printed: a table, a row and a per cent",
            CellSource::Release => "its tables.toml needs a table with the row, of the same base",
        })];
    }
    let one = |(table, row, why): (&TableSpec, &Row, &str)| {
        let message =
            format!("no cell for {:?} in {:?}, row {:?}: {why}", id.as_str(), table.id.as_str(), row.id.as_str());
        let finding = Finding::warning(edition.place.clone(), "no-cell", message);
        finding.hint(format!(
            "the figure shows a gap; if none was published, say so: not_published = [{:?}]",
            row.id.as_str()
        ))
    };
    missing.into_iter().map(one).collect()
}

fn of_claim(
    comparison: &CountryComparison,
    edition: &ComparedEdition,
    country: &Country,
    claim: &Claim,
) -> Option<Finding> {
    let Predicate::Near { table, row, .. } = &claim.predicate else { return None };
    let table = comparison.table(table)?;
    let row = table.row(row)?;
    let why = match known(comparison, edition, country, (table, row)) {
        Known::Number => return None,
        Known::Told => "it was printed in words only, or without weights".to_owned(),
        Known::None(why) => why.to_owned(),
        Known::Apart(why) => format!("it is not comparable, since {why}"),
    };
    let message =
        format!("the claim {:?} has no number of {:?} to tell: {why}", claim.id.as_str(), edition.id.as_str());
    Some(Finding::error(claim.place.clone(), "incomparable", message))
}

fn known(
    comparison: &CountryComparison,
    edition: &ComparedEdition,
    country: &Country,
    (table, row): (&TableSpec, &Row),
) -> Known {
    match country.in_comparison(comparison, edition, table, row) {
        InComparison::Apart(reasons) => {
            let reasons: Vec<String> = reasons.iter().map(crate::BreakReason::in_words).collect();
            Known::Apart(reasons.join("; "))
        }
        InComparison::NotTabled => Known::None("no table of the country shows it of the same base and group"),
        InComparison::Cell(_) if edition.cells == CellSource::Release => Known::Number,
        InComparison::Cell(cell) => printed(country, edition, &cell),
    }
}

/// What was printed of a cell.
fn printed(country: &Country, edition: &ComparedEdition, cell: &CellName) -> Known {
    match country.printed_of(edition.wave, cell) {
        Some(Printed { told: PrintedNumber::About(_), .. }) => Known::Told,
        Some(Printed { weighting: Weighting::Unweighted, .. }) => Known::Told,
        Some(Printed { told: PrintedNumber::Answers, .. }) | None => Known::None("published.csv has no number"),
        Some(_) => Known::Number,
    }
}
