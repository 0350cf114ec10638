//! What the cache keeps of an export: estimates and who stands behind them, which groups are the same people, the counts of the fieldwork, the statements, the warnings.
//!
//! The form on the disk has types of its own, private to this file. Numbers are kept by their bits, so what comes back is what was counted.
//! Neither an answer nor a unit is in it: the checked rows and the sums by unit are made again when something is counted anew.

use codebook::{Code, Country, Finding, TableSpec, VariableName, Wave};
use disclose::{Fieldwork, Unions};
use estimate::{
    Contributors, Difference, Domain, Estimate, NotEstimable, Outcome, RowDifference, Sides, StratumPart, Table,
};
use serde::{Deserialize, Serialize};
use tabulate::Statement;

use super::count::Results;
use super::export::RawFiles;
use super::plan::Plan;
use crate::cache::Key;

mod warning;

pub(super) use warning::{Files, KeptWarning};

/// Adds everything that the results depend on: the raw files to the byte, and what the country's files say about them. Words, texts and pages are no
/// part of it, nor is how the files write it. What a claim says decides only what is compared. Every field is named, so that nobody adds one without deciding.
///
/// The manifest's digest of a raw file would not do. It takes an export as a set of records, while a finding names rows, and some tools write
/// more than one row of headers.
pub(super) fn key(plan: &Plan, raw: &RawFiles, key: Key) -> Key {
    let Country {
        id,
        languages: _,
        name: _,
        title: _,
        publisher: _,
        press: _,
        accessibility: _,
        smallest_base,
        protection,
        confidence_level,
        site: _,
        licence: _,
        codebook,
        checks,
        bases,
        tables,
        // What was absent is in none of the others by now.
        ledger: _,
        waves: _,
        series: _,
        printed: _,
    } = &plan.country;
    let key = key.meaning(&raw.digests()).meaning(smallest_base).meaning(protection);
    let key =
        key.meaning(id).meaning(confidence_level).meaning(codebook).meaning(checks).meaning(bases).meaning(tables);
    of_wave(plan.wave(), key)
        .meaning(&plan.comparisons())
        .meaning(&disclose::row_comparisons(&plan.wave().themes))
        .meaning(&tabulate::by_unit(&plan.country, plan.wave()))
}

fn of_wave(wave: &Wave, key: Key) -> Key {
    let Wave {
        id,
        country,
        window: _,
        asked_window: _,
        published: _,
        planned: _,
        release_at: _,
        standing: _,
        synthetic,
        about: _,
        survey: _,
        answers,
        columns,
        choices,
        loops,
        recodes,
        missing,
        register,
        frame,
        fieldwork,
        drawn,
        severities,
        design,
        themes: _,
        variants: _,
        facts: _,
        quality: _,
        errata: _,
        lead: _,
        place: _,
    } = wave;
    let key = key.meaning(id).meaning(country).meaning(synthetic).meaning(answers).meaning(columns).meaning(choices);
    let key = key.meaning(loops).meaning(recodes).meaning(missing).meaning(register).meaning(frame);
    key.meaning(fieldwork).meaning(drawn).meaning(severities).meaning(design)
}

/// Whether results of this country may be kept. Rules about few large contributors need their sizes, which are what single units answered.
pub(super) fn may_be_kept(country: &Country) -> bool {
    country.protection.magnitudes.is_none()
}

/// The results with the warnings that came of them; `None` where a warning is about a file that is none of the run.
pub(super) fn write(results: &Results, warnings: &[Finding], plan: &Plan, raw: &RawFiles) -> Option<Vec<u8>> {
    let paths = paths(raw);
    let files = files(plan, &paths);
    let warnings = warnings.iter().map(|warning| KeptWarning::of(warning, &files)).collect::<Option<_>>()?;
    let tables = results.tables.iter().zip(&results.contributors).map(|(table, behind)| KeptTable::of(table, behind));
    let kept = Kept {
        fieldwork: results.fieldwork.stored(),
        statements: results.statements.iter().map(|it| (it.name.clone(), it.sql.clone())).collect(),
        sources: results.sources.clone(),
        tables: tables.collect(),
        unions: results.unions.stored(),
        warnings,
    };
    serde_json::to_vec(&kept).ok()
}

/// Reads what was written; `None` where a warning cannot be told its place any more, or the form is another.
pub(super) fn read(bytes: &[u8], plan: &Plan, raw: &RawFiles) -> Option<(Results, Vec<Finding>)> {
    let kept: Kept = serde_json::from_slice(bytes).ok()?;
    if kept.tables.len() != plan.country.tables.len() {
        return None;
    }
    let tables = kept.tables.into_iter().zip(&plan.country.tables);
    let (tables, contributors) =
        tables.map(|(table, spec)| table.read(spec, plan)).collect::<Option<Vec<_>>>()?.into_iter().unzip();
    let results = Results {
        fieldwork: Fieldwork::from_stored(&kept.fieldwork).ok()?,
        statements: kept.statements.into_iter().map(|(name, sql)| Statement { name, sql }).collect(),
        sources: kept.sources,
        tables,
        contributors,
        unions: Unions::from_stored(&kept.unions)?,
    };
    let paths = paths(raw);
    let files = files(plan, &paths);
    let warnings = kept.warnings.into_iter().map(|warning| warning.read(&files)).collect::<Option<_>>()?;
    Some((results, warnings))
}

fn paths(raw: &RawFiles) -> Vec<&str> {
    raw.files.iter().map(|file| file.path.as_str()).collect()
}

fn files<'a>(plan: &'a Plan, raw: &'a [&'a str]) -> Files<'a> {
    Files { sources: &plan.sources, inputs: &plan.inputs, raw }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    fieldwork: String,
    statements: Vec<(String, String)>,
    sources: Vec<Vec<String>>,
    tables: Vec<KeptTable>,
    unions: String,
    warnings: Vec<KeptWarning>,
}

/// A table. Its rows, and what is compared, are those that the country's files ask for.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptTable {
    /// Breakdown and code; `None` is the total.
    domains: Vec<Option<(String, String)>>,
    cells: Vec<Vec<KeptOutcome>>,
    contributors: Vec<Vec<KeptContributors>>,
    strata: Vec<Vec<Vec<KeptStratum>>>,
    differences: Vec<KeptOutcome>,
    row_differences: Vec<KeptOutcome>,
}

impl KeptTable {
    fn of(table: &Table, contributors: &[Vec<Contributors>]) -> Self {
        let Table { id: _, domains, rows: _, cells, strata, differences, row_differences } = table;
        let domain = |domain: &Domain| match domain {
            Domain::Total => None,
            Domain::Group { breakdown, code } => Some((breakdown.to_string(), code.to_string())),
        };
        Self {
            domains: domains.iter().map(domain).collect(),
            cells: cells.iter().map(|row| row.iter().map(KeptOutcome::of).collect()).collect(),
            contributors: contributors.iter().map(|row| row.iter().map(KeptContributors::of).collect()).collect(),
            strata: strata.iter().map(|row| row.iter().map(|cell| KeptStratum::all(cell)).collect()).collect(),
            differences: differences.iter().map(|it| KeptOutcome::of(&it.outcome)).collect(),
            row_differences: row_differences.iter().map(|it| KeptOutcome::of(&it.outcome)).collect(),
        }
    }

    fn read(self, spec: &TableSpec, plan: &Plan) -> Option<(Table, Vec<Vec<Contributors>>)> {
        let themes = &plan.wave().themes;
        let mut compared = plan.comparisons();
        compared.retain(|comparison| comparison.table == spec.id);
        let mut ranked = disclose::row_comparisons(themes);
        ranked.retain(|comparison| comparison.of.table == spec.id);
        let domain = |domain: Option<(String, String)>| match domain {
            None => Some(Domain::Total),
            Some((breakdown, code)) => {
                Some(Domain::Group { breakdown: VariableName::new(&breakdown).ok()?, code: Code::new(&code).ok()? })
            }
        };
        let domains = self.domains.into_iter().map(domain).collect::<Option<Vec<_>>>()?;
        let has_shape = |rows: usize, mut of_rows: Vec<usize>| {
            of_rows.dedup();
            rows == spec.rows.len() && of_rows == [domains.len()]
        };
        let complete = has_shape(self.cells.len(), self.cells.iter().map(Vec::len).collect())
            && has_shape(self.contributors.len(), self.contributors.iter().map(Vec::len).collect())
            && has_shape(self.strata.len(), self.strata.iter().map(Vec::len).collect())
            && (compared.len(), ranked.len()) == (self.differences.len(), self.row_differences.len());
        if !complete {
            return None;
        }
        let strata = self.strata.into_iter().map(|row| row.into_iter().map(KeptStratum::read_all).collect()).collect();
        let differences = compared.into_iter().zip(self.differences);
        let row_differences = ranked.into_iter().zip(self.row_differences);
        let table = Table {
            id: spec.id.clone(),
            domains,
            rows: spec.rows.iter().map(|row| row.id.clone()).collect(),
            cells: self.cells.into_iter().map(|row| row.into_iter().map(KeptOutcome::read).collect()).collect(),
            strata,
            differences: differences
                .map(|(comparison, kept)| Difference { comparison, outcome: kept.read() })
                .collect(),
            row_differences: row_differences
                .map(|(comparison, kept)| RowDifference { comparison, outcome: kept.read() })
                .collect(),
        };
        let contributors = self.contributors.into_iter();
        Some((table, contributors.map(|row| row.into_iter().map(KeptContributors::read).collect()).collect()))
    }
}

/// A number by its bits.
type Bits = u64;

#[derive(Serialize, Deserialize)]
#[expect(clippy::large_enum_variant, reason = "nearly every cell is estimated")]
enum KeptOutcome {
    Estimated {
        /// Value, standard error, limits, degrees of freedom.
        numbers: [Bits; 5],
        deff: Option<Bits>,
        n: u64,
        positive: u64,
        /// Of a quantile: who is beyond the limits, and who has the same number by how it is rounded.
        sides: Option<(u64, [u64; Sides::UNITS])>,
    },
    NotEstimable {
        reason: KeptReason,
        n: u64,
    },
}

impl KeptOutcome {
    fn of(outcome: &Outcome) -> Self {
        match *outcome {
            Outcome::Estimated(Estimate { value, se, low, high, df, n, positive, deff, sides }) => Self::Estimated {
                numbers: [value, se, low, high, df].map(f64::to_bits),
                deff: deff.map(f64::to_bits),
                n,
                positive,
                sides: sides.map(|Sides { fewest, alike }| (fewest, alike)),
            },
            Outcome::NotEstimable { reason, n } => Self::NotEstimable { reason: KeptReason::of(reason), n },
        }
    }

    fn read(self) -> Outcome {
        match self {
            Self::Estimated { numbers, deff, n, positive, sides } => {
                let [value, se, low, high, df] = numbers.map(f64::from_bits);
                let deff = deff.map(f64::from_bits);
                let sides = sides.map(|(fewest, alike)| Sides { fewest, alike });
                Outcome::Estimated(Estimate { value, se, low, high, df, n, positive, deff, sides })
            }
            Self::NotEstimable { reason, n } => Outcome::NotEstimable { reason: reason.read(), n },
        }
    }
}

#[derive(Serialize, Deserialize)]
enum KeptReason {
    Empty,
    NoDenominator,
    NoVariance,
    NoDegreesOfFreedom,
    UnknownVariance,
    Unbounded,
}

impl KeptReason {
    fn of(reason: NotEstimable) -> Self {
        match reason {
            NotEstimable::Empty => Self::Empty,
            NotEstimable::NoDenominator => Self::NoDenominator,
            NotEstimable::NoVariance => Self::NoVariance,
            NotEstimable::NoDegreesOfFreedom => Self::NoDegreesOfFreedom,
            NotEstimable::UnknownVariance => Self::UnknownVariance,
            NotEstimable::Unbounded => Self::Unbounded,
        }
    }

    fn read(self) -> NotEstimable {
        match self {
            Self::Empty => NotEstimable::Empty,
            Self::NoDenominator => NotEstimable::NoDenominator,
            Self::NoVariance => NotEstimable::NoVariance,
            Self::NoDegreesOfFreedom => NotEstimable::NoDegreesOfFreedom,
            Self::UnknownVariance => NotEstimable::UnknownVariance,
            Self::Unbounded => NotEstimable::Unbounded,
        }
    }
}

#[derive(Serialize, Deserialize)]
struct KeptContributors {
    n: u64,
    positive: u64,
    /// The sum of the weights, and their bounds.
    weights: [Bits; 3],
    take_all: bool,
}

impl KeptContributors {
    fn of(contributors: &Contributors) -> Self {
        // The largest sizes are values that units have; results that hold any are not kept.
        let Contributors { n, positive, weight, lightest, heaviest, take_all, sizes: _ } = *contributors;
        Self { n, positive, weights: [weight, lightest, heaviest].map(f64::to_bits), take_all }
    }

    fn read(self) -> Contributors {
        let Self { n, positive, weights, take_all } = self;
        let [weight, lightest, heaviest] = weights.map(f64::from_bits);
        Contributors { n, positive, weight, lightest, heaviest, take_all, sizes: None }
    }
}

/// The answers of a cell in a stratum: the stratum, its units in the sample, units of the cell, those that count; factor and weight.
#[derive(Serialize, Deserialize)]
struct KeptStratum(usize, [u64; 3], [Bits; 2]);

impl KeptStratum {
    fn all(parts: &[StratumPart]) -> Vec<Self> {
        let kept = |&StratumPart { stratum, sampled, factor, weight, n, positive }: &StratumPart| {
            Self(stratum, [sampled, n, positive], [factor, weight].map(f64::to_bits))
        };
        parts.iter().map(kept).collect()
    }

    fn read_all(kept: Vec<Self>) -> Vec<StratumPart> {
        let part = |Self(stratum, [sampled, n, positive], numbers): Self| {
            let [factor, weight] = numbers.map(f64::from_bits);
            StratumPart { stratum, sampled, factor, weight, n, positive }
        };
        kept.into_iter().map(part).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_by_their_bits_whatever_they_are() {
        for number in [0.1 + 0.2, -0.0, f64::MIN_POSITIVE / 3.0, f64::INFINITY, f64::NAN, f64::MAX] {
            let outcome = Outcome::Estimated(Estimate {
                value: number,
                se: number,
                low: -number,
                high: number,
                df: 61.0,
                n: u64::MAX,
                positive: 0,
                deff: Some(number),
                sides: None,
            });
            let written = serde_json::to_string(&KeptOutcome::of(&outcome)).expect("JSON");
            let read = serde_json::from_str::<KeptOutcome>(&written).expect("an outcome").read();
            let Outcome::Estimated(found) = read else { panic!("it was estimated") };
            assert_eq!([found.value, found.se, found.high].map(f64::to_bits), [number.to_bits(); 3]);
            assert_eq!((found.low.to_bits(), found.n), ((-number).to_bits(), u64::MAX));
            assert_eq!(found.deff.map(f64::to_bits), Some(number.to_bits()));
        }
    }
}
