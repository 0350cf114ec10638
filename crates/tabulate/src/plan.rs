//! From tables to as few statements as serve.
//!
//! Every row of every table is broken down into sums ([`Aggregate`]); equal ones are shared. A statement groups by stratum
//! and by the breakdowns of its sums at once, so that its finest cells hold every margin: each breakdown's, and the total.

use std::collections::{BTreeMap, BTreeSet};

use codebook::{BaseId, Codebook, Country, Origin, TableId, TableSpec, VariableName};
use estimate::{Membership, TableSums};

use crate::aggregate::{self, Aggregate, Form, Measured, Over, Term};
use crate::bounds::Bounds;
use crate::layers::{Column, Layers};
use crate::sql::Select;

/// A statement as it was run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its name, which is also its file's name in the provenance: `sums-01`.
    pub name: String,
    /// The SQL.
    pub sql: String,
}

/// The sums of every table, and the statements that made them.
#[derive(Debug, Clone, PartialEq)]
pub struct Tabulation {
    /// One for each table asked for, in order.
    pub tables: Vec<TableSums>,
    /// Which answers are in the same bases of tables and in the same groups of their breakdowns; none where there is one breakdown of one base, or none.
    pub memberships: Vec<Membership>,
    /// Unweighted answers (weight above 0) in each base of the country.
    pub bases: Vec<(BaseId, u64)>,
    /// In the order of their names.
    pub statements: Vec<Statement>,
    /// For each table, the names of the statements that its sums are taken from.
    pub sources: Vec<Vec<String>>,
    /// What the data say against the plan: a derived variable that is missing in its base, an item that part of the base was not asked.
    pub findings: Vec<codebook::Finding>,
}

/// The most sums that one statement asks for. The time to plan a statement grows faster than its columns.
const SUMS_PER_STATEMENT: usize = 100;
/// The most cells that one statement groups into. Beyond it, breakdowns go to statements of their own.
const CELLS_PER_STATEMENT: u64 = 20_000;

/// What the plan knows of the wave's data and design.
pub(crate) struct Setting<'a> {
    pub(crate) country: &'a Country,
    pub(crate) layers: &'a Layers<'a>,
    /// Whether units carry their own weights, rather than the weight of their stratum.
    pub(crate) supplied_weights: bool,
    /// Whether the variance needs the units: those of calibrated or trimmed weights, and of replicate weights.
    pub(crate) by_unit: bool,
    /// Whether units are clustered in PSUs.
    pub(crate) clusters: bool,
    /// The columns of the Parquet file.
    pub(crate) columns: &'a BTreeSet<String>,
    /// Answers of the wave.
    pub(crate) answers: u64,
    /// Strata among them.
    pub(crate) strata: u64,
    /// The tables whose rows are compared with each other.
    pub(crate) ranked: BTreeSet<TableId>,
}

/// How the sums of a row are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Road {
    /// By stratum.
    Strata,
    /// By PSU.
    Psus,
    /// Unit by unit, since decimal sums could overflow, or since calibrated weights are no decimals and have residuals, replicates weight each
    /// anew, and a quantile is no sum.
    Units,
}

/// A statement of sums, with what its columns mean: the stratum, the PSU where units are clustered, the breakdowns, the sums.
#[derive(Debug)]
pub(crate) struct SumsStatement {
    pub(crate) statement: Statement,
    pub(crate) breakdowns: Vec<VariableName>,
    pub(crate) aggregates: Vec<Aggregate>,
}

/// The statement of units, with what its columns mean: the stratum, the PSU where units are clustered, the unit, the weight if units carry
/// one, the breakdowns, the bases, the values, what those are divided by that are of ratios.
#[derive(Debug)]
pub(crate) struct UnitsStatement {
    pub(crate) statement: Statement,
    pub(crate) breakdowns: Vec<VariableName>,
    /// The columns of bases that do not hold everyone.
    pub(crate) bases: Vec<BaseId>,
    pub(crate) values: Vec<Measured>,
}

/// All statements of a wave, and the road of every row.
#[derive(Debug)]
pub(crate) struct Plan {
    /// For each table, for each row.
    pub(crate) rows: Vec<Vec<(Measured, Road)>>,
    pub(crate) sums: Vec<SumsStatement>,
    pub(crate) units: Option<UnitsStatement>,
}

/// What the rows of tables measure.
pub(crate) fn measured(tables: &[&TableSpec], codebook: &Codebook) -> Vec<Vec<Measured>> {
    let of_table = |table: &&TableSpec| {
        table.rows.iter().map(|row| aggregate::measured(&table.base, row, codebook)).collect::<Vec<_>>()
    };
    tables.iter().map(of_table).collect()
}

/// The numbers whose products and sums need a proof; none where no row can take the road of sums.
pub(crate) fn numbers(rows: &[Vec<Measured>], setting: &Setting<'_>) -> BTreeSet<Column> {
    if setting.by_unit {
        return BTreeSet::new();
    }
    let values = rows.iter().flatten().filter(|row| row.form == Form::Number);
    let weight = (setting.supplied_weights && !rows.is_empty()).then_some(Column::Weight);
    values.map(|row| Column::Variable(row.item.clone())).chain(weight).collect()
}

/// Plans all statements of a wave.
pub(crate) fn plan(tables: &[&TableSpec], rows: Vec<Vec<Measured>>, bounds: &Bounds, setting: &Setting<'_>) -> Plan {
    let rows: Vec<Vec<(Measured, Road)>> = rows
        .into_iter()
        .zip(tables)
        .map(|(rows, table)| {
            // Sums by stratum do not tell who is in two rows.
            let is_ranked = setting.ranked.contains(&table.id) && !setting.clusters;
            // Nor how large the largest are.
            let is_dominated = setting.country.protection.magnitudes.is_some() && table.measure.is_magnitude();
            let is_by_unit = is_ranked || is_dominated || table.measure.is_by_unit();
            rows.into_iter()
                .map(|row| {
                    let road = if is_by_unit { Road::Units } else { road(&row, bounds, setting) };
                    (row, road)
                })
                .collect()
        })
        .collect();
    let mut wanted: BTreeMap<Aggregate, BTreeSet<VariableName>> = BTreeMap::new();
    for base in setting.country.bases.keys() {
        wanted.entry(Aggregate::members(base)).or_default();
    }
    for (table, rows) in tables.iter().zip(&rows) {
        for aggregate in checks(table, setting) {
            wanted.entry(aggregate).or_default();
        }
        for (row, road) in rows {
            for aggregate in sums_of(row, *road, setting.supplied_weights) {
                wanted.entry(aggregate).or_default().extend(table.breakdowns.iter().cloned());
            }
        }
    }
    let bundles = bundle(wanted, |breakdowns| cells(breakdowns, setting));
    let digits = bundles.len().to_string().len().max(2);
    let sums = bundles.into_iter().enumerate().map(|(index, bundle)| {
        let name = format!("sums-{:0digits$}", index + 1);
        sums_statement(name, bundle, setting)
    });
    Plan { sums: sums.collect(), units: units_statement(tables, &rows, setting), rows }
}

/// The road of sums by stratum or PSU, where every sum on it is proved to be exact.
fn road(row: &Measured, bounds: &Bounds, setting: &Setting<'_>) -> Road {
    if setting.by_unit {
        return Road::Units;
    }
    let grouped = if setting.clusters { Road::Psus } else { Road::Strata };
    let proved = terms(grouped, setting.supplied_weights).all(|term| bounds.prove(&row.factors(term)));
    if proved { grouped } else { Road::Units }
}

/// The sums that a road needs. Where the units of a stratum share their weight, it is multiplied in later.
fn terms(road: Road, supplied_weights: bool) -> impl Iterator<Item = Term> {
    let terms: &[Term] = match road {
        Road::Strata => &[Term::N, Term::W, Term::Wy, Term::Wyy, Term::Ww, Term::Wwy, Term::Wwyy],
        Road::Psus => &[Term::N, Term::W, Term::Wy, Term::Wyy, Term::Ww],
        Road::Units => &[],
    };
    terms.iter().map(move |term| if supplied_weights { *term } else { term.without_weights().0 })
}

/// The sums of a row on its road.
fn sums_of(row: &Measured, road: Road, supplied_weights: bool) -> BTreeSet<Aggregate> {
    let positive = (road != Road::Units).then(|| row.positive(Term::N));
    terms(road, supplied_weights).map(|term| row.summed(term)).chain(positive).collect()
}

/// The counts that tell whether the data fit the table: items that part of the base was not asked, derived variables
/// without a value.
pub(crate) fn checks(table: &TableSpec, setting: &Setting<'_>) -> BTreeSet<Aggregate> {
    let items = table.rows.iter().flat_map(|row| std::iter::once(&row.item).chain(&row.over));
    let not_asked = items.clone().filter(|item| setting.columns.contains(&Column::Missing((*item).clone()).name()));
    let underived = items.chain(&table.breakdowns).filter(|name| {
        let variable = setting.country.codebook.variable(name);
        variable.is_some_and(|variable| match (&variable.origin, Form::of(&variable.kind)) {
            (Origin::Derived(_), Form::Category | Form::Number) => true,
            (Origin::Derived(_), Form::Condition) | (Origin::Answer | Origin::Register | Origin::Fieldwork, _) => false,
        })
    });
    let count = |over| Aggregate { base: table.base.clone(), over, term: Term::N };
    not_asked
        .map(|name| count(Over::NotAsked(name.clone())))
        .chain(underived.map(|name| count(Over::Missing(name.clone()))))
        .collect()
}

/// The most cells that grouping by these breakdowns can give.
fn cells(breakdowns: &BTreeSet<VariableName>, setting: &Setting<'_>) -> u64 {
    let categories = breakdowns.iter().filter_map(|name| setting.country.codebook.variable(name)).map(|variable| {
        // One more for those without a value.
        u64::try_from(variable.categories().len()).unwrap_or(u64::MAX).saturating_add(1)
    });
    let groups = if setting.clusters { setting.answers } else { setting.strata };
    categories.fold(groups, u64::saturating_mul).min(setting.answers)
}

/// Sums that one statement asks for, and the breakdowns that it groups by.
#[derive(Debug, Default, PartialEq, Eq)]
struct Bundle {
    breakdowns: BTreeSet<VariableName>,
    aggregates: Vec<Aggregate>,
}

/// Puts the sums into as few bundles as their number and their cells allow. A sum with too many breakdowns for one bundle
/// is in several.
fn bundle(
    wanted: BTreeMap<Aggregate, BTreeSet<VariableName>>,
    cells: impl Fn(&BTreeSet<VariableName>) -> u64,
) -> Vec<Bundle> {
    let mut alike: BTreeMap<BTreeSet<VariableName>, Vec<Aggregate>> = BTreeMap::new();
    for (aggregate, breakdowns) in wanted {
        for part in parts(&breakdowns, &cells) {
            alike.entry(part).or_default().push(aggregate.clone());
        }
    }
    let mut bundles: Vec<Bundle> = Vec::new();
    for (breakdowns, aggregates) in alike {
        for aggregate in aggregates {
            let room = bundles.iter_mut().find(|bundle| {
                let together = &bundle.breakdowns | &breakdowns;
                bundle.aggregates.len() < SUMS_PER_STATEMENT
                    && (together == bundle.breakdowns || cells(&together) <= CELLS_PER_STATEMENT)
                    && !bundle.aggregates.contains(&aggregate)
            });
            match room {
                Some(bundle) => {
                    bundle.breakdowns.extend(breakdowns.iter().cloned());
                    bundle.aggregates.push(aggregate);
                }
                None => bundles.push(Bundle { breakdowns: breakdowns.clone(), aggregates: vec![aggregate] }),
            }
        }
    }
    bundles
}

/// Breakdowns in sets that do not give too many cells; a breakdown that does so alone is alone.
fn parts(
    breakdowns: &BTreeSet<VariableName>,
    cells: &impl Fn(&BTreeSet<VariableName>) -> u64,
) -> Vec<BTreeSet<VariableName>> {
    let mut parts = vec![BTreeSet::new()];
    for breakdown in breakdowns {
        let last = parts.last_mut().expect("it starts with one");
        let mut together = last.clone();
        together.insert(breakdown.clone());
        if last.is_empty() || cells(&together) <= CELLS_PER_STATEMENT {
            *last = together;
        } else {
            parts.push(BTreeSet::from([breakdown.clone()]));
        }
    }
    parts
}

fn sums_statement(name: String, bundle: Bundle, setting: &Setting<'_>) -> SumsStatement {
    let groups: Vec<Column> =
        place_columns(setting).into_iter().chain(bundle.breakdowns.iter().cloned().map(Column::Variable)).collect();
    let needs = bundle.aggregates.iter().flat_map(|aggregate| aggregate.needs(setting.layers));
    let wanted: BTreeSet<Column> = groups.iter().cloned().chain(needs).collect();
    let sums = bundle.aggregates.iter().enumerate().map(|(index, aggregate)| {
        (aggregate.print(setting.layers), format!("{}_{:02}", aggregate.term.word(), index + 1))
    });
    let select = Select {
        columns: groups.iter().map(kept).chain(sums).collect(),
        from: setting.layers.from(&wanted),
        group_by: groups.iter().map(Column::name).collect(),
        order_by: Vec::new(),
    };
    SumsStatement {
        statement: Statement { name, sql: select.print() },
        breakdowns: bundle.breakdowns.into_iter().collect(),
        aggregates: bundle.aggregates,
    }
}

fn units_statement(
    tables: &[&TableSpec],
    rows: &[Vec<(Measured, Road)>],
    setting: &Setting<'_>,
) -> Option<UnitsStatement> {
    let mut values = BTreeSet::new();
    let mut breakdowns = BTreeSet::new();
    for (table, rows) in tables.iter().zip(rows) {
        for (row, _) in rows.iter().filter(|(_, road)| *road == Road::Units) {
            values.insert(row.clone());
            breakdowns.extend(table.breakdowns.iter().cloned());
        }
    }
    if values.is_empty() {
        return None;
    }
    let bases: BTreeSet<BaseId> =
        values.iter().map(|row| row.base.clone()).filter(|base| setting.layers.base(base).is_some()).collect();
    let order: Vec<Column> = place_columns(setting).into_iter().chain([Column::Unit]).collect();
    let weight = setting.supplied_weights.then_some(Column::Weight);
    let known: Vec<Column> = (order.iter().cloned())
        .chain(weight)
        .chain(breakdowns.iter().cloned().map(Column::Variable))
        .chain(bases.iter().cloned().map(Column::Base))
        .collect();
    let over = || values.iter().filter_map(|row| row.over.clone()).map(Column::Variable);
    let items = values.iter().map(|row| Column::Variable(row.item.clone())).chain(over());
    let wanted = known.iter().cloned().chain(items).collect();
    let named =
        values.iter().enumerate().map(|(index, row)| (aggregate::unit_value(row), format!("y_{:02}", index + 1)));
    let divisors = over().enumerate().map(|(index, column)| (column.quoted(), format!("x_{:02}", index + 1)));
    let select = Select {
        columns: known.iter().map(kept).chain(named).chain(divisors).collect(),
        from: setting.layers.from(&wanted),
        group_by: Vec::new(),
        order_by: order.iter().map(Column::name).collect(),
    };
    Some(UnitsStatement {
        statement: Statement { name: "units".to_owned(), sql: select.print() },
        breakdowns: breakdowns.into_iter().collect(),
        bases: bases.into_iter().collect(),
        values: values.into_iter().collect(),
    })
}

/// The columns that tell where in the design an answer is.
fn place_columns(setting: &Setting<'_>) -> Vec<Column> {
    std::iter::once(Column::Stratum).chain(setting.clusters.then_some(Column::Psu)).collect()
}

/// A column that keeps its name.
fn kept(column: &Column) -> (String, String) {
    (column.quoted(), column.name())
}

mod sources;

#[cfg(test)]
mod tests;
