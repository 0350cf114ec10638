//! The rules and the door.
//!
//! **Primary protection.** A cell whose base has fewer than [`Rules::smallest_base`] unweighted contributors is confidential,
//! its n with it, and so is one that another table counts over a few answers more: those few would follow by subtraction. A
//! confidential total withholds its table.
//!
//! The answers in a category, and those not in it, are held to the same number in tables that are marked as sensitive and where everybody of the stratum
//! answered, or as the country says ([`codebook::Numerators`]); whether nobody or everybody may be told is its own to say ([`codebook::Extremes`]).
//!
//! A total, mean or ratio is confidential, too, where a few large contributors are most of it ([`codebook::MagnitudeRule`]).
//!
//! **Secondary protection** hides further groups, so that no confidential one can be computed from its neighbours: see
//! [`protect`](crate::protect). Readers see one symbol for both.
//!
//! **A quantile** is a value that somebody has, and so are its limits. It is confidential, too, where fewer contributors than those of a
//! smallest base are at or below its lower limit, or at or above its upper one: it would tell the values of the few that are furthest out. What is shown is nobody's
//! value either: a quantile and its limits are rounded, to tens or hundreds if need be, until at least as many contributors as a smallest base have the same rounded number
//! ([`Sides`](estimate::Sides)). Where many have the same value anyway, as of minutes or of pupils in a class, that changes nothing.
//! It takes its breakdown with it: what other quantiles tell of it is no sum.
//!
//! **An empty cell is not confidential.** Nobody answered in it, so no answer can be read off it. What the attacker learns is
//! that no respondent is in the group, as from any zero; he may then say of a person whom he knows to have answered "not in
//! this group", but the published n of the total and of the other groups, which add up, tell him the same.
//! The opposite rule would withhold every breakdown with a category that nobody chose and protect no one.
//!
//! **A tested difference** is published with its interval, rounded like the cells that it is made of, and only where both
//! cells are shown: significance is never printed without the size of the difference.
//!
//! **Unreliable** is what the country's preset says ([`codebook::QualityPreset`]). Unreliable and **not estimable** cells are hidden for the reader's sake, not the respondents': they withhold nothing else.

use std::collections::{BTreeMap, BTreeSet};

use codebook::{
    BaseId, ConfidenceLevel, Extremes, Language, MagnitudeRule, Measure, Numerators, Protection, QualityPreset, RowId,
    Sensitivity, SharePhrase, TableSpec, Theme, ThemeId, VariableName, WaveId, Wording,
};
use estimate::{Contributors, Domain, Estimate, Method, Outcome, Table, Wide};
use serde::{Deserialize, Serialize};

mod coarse;
mod primary;
mod quality;
mod words;

pub(crate) use coarse::Coarseness;
use coarse::coarsened;
use primary::rounding_of;
pub(crate) use primary::{is_confidential, is_confidential_together, may_not_be_left_out, tells_of_few};
use quality::{Reliability, reliability};
use words::{ExtremesWord, NumeratorsWord, QualityWord, is_usual, magnitudes};

use crate::answer_time::late_differences;
use crate::back_test::back_test;
use crate::coverage::publish_coverage;
use crate::family::TestedFamily;
use crate::judge::Bench;
use crate::protect::{TablePattern, pattern};
use crate::published::breakdown_of;
use crate::series::{alone, publish_earlier};
use crate::{
    Beside, Cell, DataQuality, Fieldwork, Figures, Hidden, ItemGap, Precision, Published, PublishedTable, Rounded,
    Unions, UnweightedShare, Withheld,
};

/// The rules of one release. Fields stand in alphabetical order, which is the order of the keys in stores and manifests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Whether it may be told that nobody, or everybody, is in a category.
    #[serde(default, skip_serializing_if = "is_usual", with = "ExtremesWord")]
    pub extremes: Extremes,
    /// Below so many answers a shown cell is flagged.
    pub flagged_below: u64,
    /// When few large contributors are most of a magnitude.
    #[serde(default, skip_serializing_if = "is_usual", with = "magnitudes")]
    pub magnitudes: Option<MagnitudeRule>,
    /// Where few answers in a category, or outside it, are confidential.
    #[serde(default, skip_serializing_if = "is_usual", with = "NumeratorsWord")]
    pub numerators: Numerators,
    /// Whose rules tell what is too uncertain. The three thresholds are those of the usual ones.
    #[serde(default, skip_serializing_if = "is_usual", with = "QualityWord")]
    pub quality: QualityPreset,
    /// Unweighted contributors that the base of a cell needs; below it the cell is confidential.
    pub smallest_base: u64,
    /// Below so many answers a cell is unreliable and not shown.
    pub unreliable_below: u64,
    /// A share whose interval is wider than so many points is unreliable.
    pub widest_interval: u32,
}

impl Rules {
    /// The rules of a country with this smallest base and nothing unusual.
    #[must_use]
    pub fn with_smallest_base(smallest_base: u64) -> Self {
        Self::new(smallest_base, Protection::default())
    }

    /// The rules of a country. The thresholds of the usual preset are the same for every country (statistics section 8).
    #[must_use]
    pub fn new(smallest_base: u64, protection: Protection) -> Self {
        let Protection { numerators, extremes, magnitudes, quality } = protection;
        Self {
            extremes,
            flagged_below: 50.max(smallest_base),
            magnitudes,
            numerators,
            quality,
            smallest_base,
            unreliable_below: 30.max(smallest_base),
            widest_interval: 30,
        }
    }
}

/// What a run would like to publish about one wave.
#[derive(Debug, Clone)]
pub struct Release<'a> {
    /// The wave.
    pub wave: WaveId,
    /// Whether its answers are made up.
    pub synthetic: bool,
    /// The rules.
    pub rules: Rules,
    /// How the estimates were made.
    pub method: Method,
    /// The specification of each table.
    pub specs: &'a [&'a TableSpec],
    /// The estimates, parallel to `specs`.
    pub tables: &'a [Table],
    /// Who stands behind each cell of each table, parallel to `tables`.
    pub contributors: &'a [Vec<Vec<Contributors>>],
    /// Which groups and bases are the same people.
    pub unions: &'a Unions,
    /// The themes, whose lists hold every claim that `wordings` mention.
    pub themes: &'a [Theme],
    /// The wordings to judge, each with its theme.
    pub wordings: &'a [(ThemeId, Wording)],
    /// The phrases by which each language tells shares, of which a wording takes the nearest.
    pub phrases: &'a BTreeMap<Language, Vec<SharePhrase>>,
    /// Counts for the method page.
    pub fieldwork: Fieldwork,
    /// Earlier waves, and what was printed of them.
    pub beside: Beside<'a>,
}

/// Applies the rules, rounds, and judges every wording of every claim on the unrounded estimates.
///
/// A base with too few answers to be named is left out of the published [`Fieldwork::bases`]; of few units in
/// [`Fieldwork::quality`] it is told that they are few. Counts of rows are about the export and stay as they are.
///
/// # Panics
/// When the parts of the release do not fit each other: a table without its specification, a claim about a table, row or
/// comparison that is not there; or a confidence level that no country can set. Reading a country and planning the run
/// exclude that.
#[must_use]
pub fn disclose(release: Release<'_>) -> Published {
    assert_eq!(release.specs.len(), release.tables.len(), "specifications and tables run in parallel");
    assert_eq!(release.contributors.len(), release.tables.len(), "contributors and tables run in parallel");
    let pattern = pattern(&release);
    let parts = pattern.tables.into_iter().enumerate();
    let tables: Vec<PublishedTable> = parts.map(|(index, hidden)| publish(&release, index, hidden)).collect();
    let unweighted = unweighted(&release, &tables);
    let earlier = publish_earlier(&release);
    let mut back_tests = back_test(&release, &tables, release.beside.printed);
    for counted in release.beside.earlier {
        let alone = alone(&release, counted);
        let shown = earlier.iter().find(|shown| shown.wave == counted.wave).map_or(&[][..], |shown| &shown.tables);
        back_tests.extend(back_test(&alone, shown, release.beside.printed));
    }
    back_tests.sort_by_key(|tested| tested.printed);
    // Their number of answers is what those tables must not tell.
    let telling: BTreeSet<&BaseId> = pattern.telling.iter().map(|table| &release.specs[*table].base).collect();
    let sensitive: BTreeSet<&BaseId> = release
        .specs
        .iter()
        .filter(|spec| spec.base_sensitivity == Sensitivity::Sensitive)
        .map(|spec| &spec.base)
        .collect();
    let mut fieldwork = publish_fieldwork(release.fieldwork, &sensitive, &tables, release.rules);
    fieldwork.bases.retain(|(base, _)| !telling.contains(base));
    let level = ConfidenceLevel::new(release.method.level).expect("the level is one that a country can set");
    let bench = Bench {
        specs: release.specs,
        estimates: release.tables,
        published: &tables,
        bases: &fieldwork.bases,
        answered: fieldwork.answered(),
        level,
        phrases: release.phrases,
        earlier: &earlier,
        counted: release.beside.earlier,
    };
    let late = late_differences(&bench, release.themes);
    let families = TestedFamily::all(release.themes, &bench);
    let verdicts = bench.judge_all(release.themes, &families, release.wordings);
    let families = families.into_iter().map(|tested| tested.family).collect();
    let Release { wave, synthetic, rules, method, .. } = release;
    Published {
        wave,
        synthetic,
        rules,
        method,
        level,
        tables,
        unweighted,
        late,
        families,
        verdicts,
        fieldwork,
        earlier,
        back_tests,
    }
}

/// One table behind the rules.
pub(crate) fn publish(release: &Release<'_>, index: usize, pattern: TablePattern) -> PublishedTable {
    let (spec, table, rules) = (release.specs[index], &release.tables[index], release.rules);
    assert_eq!(spec.id, table.id, "specifications and tables run in parallel");
    let TablePattern { hidden, withheld, coarse } = pattern;
    let kept: Vec<usize> =
        (0..table.domains.len()).filter(|&domain| !is_withheld(&table.domains[domain], &withheld)).collect();
    let cell = |row: usize, domain: usize| {
        if hidden.contains(&domain) {
            return Cell::Hidden(Hidden::Confidential);
        }
        let behind = &release.contributors[index][row][domain];
        let coarseness = coarse.get(&(row, domain)).copied().unwrap_or_default();
        coarsened(classify(&table.cells[row][domain], behind, spec, rules), spec, coarseness)
    };
    PublishedTable {
        id: table.id.clone(),
        domains: kept.iter().map(|&domain| table.domains[domain].clone()).collect(),
        rows: table.rows.clone(),
        cells: (0..table.rows.len()).map(|row| kept.iter().map(|&domain| cell(row, domain)).collect()).collect(),
        withheld,
    }
}

/// What one cell becomes. Confidentiality comes first, so that no other reason tells anything about a small cell.
pub(crate) fn classify(outcome: &Outcome, behind: &Contributors, spec: &TableSpec, rules: Rules) -> Cell {
    let n = behind.n;
    if n == 0 {
        return Cell::Hidden(Hidden::Empty);
    }
    if is_confidential(behind, spec, rules) {
        return Cell::Hidden(Hidden::Confidential);
    }
    if has_too_few(n, rules) {
        return Cell::Hidden(Hidden::Unreliable);
    }
    if tells_of_few(outcome, rules) {
        return Cell::Hidden(Hidden::Confidential);
    }
    let Outcome::Estimated(estimate) = outcome else { return Cell::Hidden(Hidden::NotEstimable) };
    let figures = match estimate.sides {
        Some(sides) => round_quantile(estimate, rounding_of(sides, estimate.se, spec.decimals, rules)),
        None => round(estimate, spec.measure, spec.decimals),
    };
    match (reliability(estimate, spec.measure, rules), figures) {
        (Reliability::Unreliable, _) => Cell::Hidden(Hidden::Unreliable),
        (_, None) => Cell::Hidden(Hidden::NotEstimable),
        (Reliability::ReadWithCare(quality), Some(figures)) => Cell::Flagged(figures, quality),
        (Reliability::Sound, Some(figures)) => Cell::Shown(figures),
    }
}

/// Whether so many answers are too few to be told anything of, whatever it is.
pub(crate) fn has_too_few(n: u64, rules: Rules) -> bool {
    rules.quality == QualityPreset::Usual && n < rules.unreliable_below
}

/// Rounds a cell's numbers, each once and from its unrounded value. `None` when one of them is not a number.
pub(crate) fn round(estimate: &Estimate, measure: Measure, decimals: u8) -> Option<Figures> {
    let shift = percent_shift(measure);
    let limit = |value: f64| match measure {
        Measure::Share => value.clamp(0.0, 1.0),
        Measure::Mean | Measure::Total | Measure::Ratio | Measure::Quantile { .. } => value,
    };
    Some(Figures {
        estimate: Rounded::new(estimate.value, shift, decimals)?,
        se: Rounded::new(estimate.se, shift, decimals.saturating_add(1))?,
        low: Rounded::new(limit(estimate.low), shift, decimals)?,
        high: Rounded::new(limit(estimate.high), shift, decimals)?,
        n: estimate.n,
    })
}

/// Rounds a quantile, its limits and its standard error to the same power of ten: the standard error is their distance, and a finer one would tell where
/// they lie.
fn round_quantile(estimate: &Estimate, exponent: i8) -> Option<Figures> {
    Some(Figures {
        estimate: Rounded::to_power(estimate.value, exponent)?,
        se: Rounded::to_power(estimate.se, exponent)?,
        low: Rounded::to_power(estimate.low, exponent)?,
        high: Rounded::to_power(estimate.high, exponent)?,
        n: estimate.n,
    })
}

/// How far the decimal mark moves between an estimate and what is published: shares become per cent.
pub(crate) fn percent_shift(measure: Measure) -> u8 {
    match measure {
        Measure::Share => 2,
        Measure::Mean | Measure::Total | Measure::Ratio | Measure::Quantile { .. } => 0,
    }
}

/// Whether a domain falls under one of the withheld parts.
pub(crate) fn is_withheld(domain: &Domain, withheld: &[Withheld]) -> bool {
    withheld.iter().any(|part| match &part.breakdown {
        None => true,
        Some(breakdown) => breakdown_of(domain).is_some_and(|(of_domain, _)| of_domain == breakdown),
    })
}

/// The unweighted share of every row whose total is shown. Whoever attacks a release is supposed to know the count behind a shown share
/// anyway, so this tells nothing more than the share and its n.
fn unweighted(release: &Release<'_>, tables: &[PublishedTable]) -> Vec<UnweightedShare> {
    let mut shares = Vec::new();
    for (index, (spec, table)) in release.specs.iter().zip(tables).enumerate() {
        let total = release.tables[index].domains.iter().position(|domain| *domain == Domain::Total);
        let Some(total) = total.filter(|_| spec.measure == Measure::Share) else { continue };
        for (place, row) in table.rows().iter().enumerate() {
            let Some(figures) = table.cell(row, &Domain::Total).and_then(Cell::figures) else { continue };
            let behind = &release.contributors[index][place][total];
            let precision = Precision::of_share(figures, &release.fieldwork);
            let share = Wide::from_count(behind.positive) / Wide::from_count(behind.n);
            let share = Rounded::new(share.to_f64(), percent_shift(spec.measure), spec.decimals);
            let told = |share| UnweightedShare { table: spec.id.clone(), row: row.clone(), share, precision };
            shares.extend(share.map(told));
        }
    }
    shares
}

/// A base is the n of a cell, and is held to the same rule; so is what another base, or all answers, have more than it. That nobody or everybody is in a base that a sensitive question makes is held to
/// what the country says of its extremes.
fn publish_fieldwork(
    fieldwork: Fieldwork,
    sensitive: &BTreeSet<&BaseId>,
    tables: &[PublishedTable],
    rules: Rules,
) -> Fieldwork {
    let few = 1..rules.smallest_base;
    let counts: Vec<u64> = fieldwork.bases.iter().map(|(_, n)| *n).chain([fieldwork.answers]).collect();
    let leaves_few = |n: u64| counts.iter().any(|other| few.contains(&other.saturating_sub(n)));
    let may_be_named = |n: u64| n == 0 || (n >= rules.smallest_base && !leaves_few(n));
    let answers = fieldwork.answers;
    let is_extreme = |(base, n): &(BaseId, u64)| {
        let tells = |left: u64| may_not_be_left_out(left, Sensitivity::Sensitive, rules);
        sensitive.contains(base) && (tells(*n) || tells(answers.saturating_sub(*n)))
    };
    let bases = fieldwork.bases.into_iter().filter(|base| may_be_named(base.1) && !is_extreme(base));
    let bases: Vec<(BaseId, u64)> = bases.collect();
    // Who was asked a question is a base without a name, and is told where one with a name is told.
    let told: BTreeSet<u64> = bases.iter().map(|(_, n)| *n).chain([fieldwork.answers]).collect();
    Fieldwork {
        bases,
        coverage: publish_coverage(fieldwork.coverage, tables, rules),
        quality: publish_quality(fieldwork.quality, &told, tables, rules),
        ..fieldwork
    }
}

/// Counts of units that have something in common, such as a refused answer: few of them are told as few.
fn publish_quality(quality: DataQuality, told: &BTreeSet<u64>, tables: &[PublishedTable], rules: Rules) -> DataQuality {
    // A table of a question shows how many are left of its base.
    let is_tabled = |variable: &VariableName| {
        let is_of = |row: &RowId| row.as_str().split(':').next() == Some(variable.as_str());
        tables.iter().flat_map(PublishedTable::rows).any(is_of)
    };
    let gap = |gap: ItemGap| {
        let (refused, blank) = if is_tabled(&gap.variable) {
            gap.refused.told_beside(gap.blank, rules)
        } else {
            (gap.refused.told(rules), gap.blank.told(rules))
        };
        ItemGap { asked: gap.asked.filter(|asked| told.contains(asked)), refused, blank, ..gap }
    };
    DataQuality {
        checks: quality.checks.into_iter().map(|(kind, cases)| (kind, cases.told(rules))).collect(),
        gaps: quality.gaps.into_iter().map(gap).collect(),
        ..quality
    }
}
