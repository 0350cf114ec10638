//! Secondary protection: which further groups are hidden so that a confidential one cannot be computed from what stands around it.
//!
//! **What the attacker sees.** All tables with one breakdown form a linear system over unweighted counts, a [`block`]: the groups add up to the
//! total; the answers to a question that allows one add up to its base; the same count in several tables is one unknown, and so
//! are "innovative" among all and the base of those who innovate; an answer in a nested base is one in the wider base. Which of these hold
//! is read from the counts themselves, not from the country's files: whatever agrees, adds up or is nested in total and in every group the
//! attacker is supposed to know. That covers derived variables and bases however they are written, and errs towards hiding more.
//! He is also supposed to know the unweighted count behind every shown share exactly. Often he does (with 100 equally weighted
//! answers a whole per cent tells it), else he knows less; so no rounding protects anything here. Cells that are unreliable count as known.
//!
//! **What he sees of weights.** A shown share times the weights is a weighted count within half a unit of rounding. Where the hidden groups
//! have one weight, that says nothing that the counts do not say. Where weights differ, the sum over the hidden groups is a constraint of its
//! own, narrowed by one answer of the heaviest weight on each side, since answers are whole: in a small sample that leaves no room, and the breakdown is
//! withheld. So is what groups of another breakdown, or the total of another base, tell of the weighted count in the hidden groups that are the same people: where that leaves no room, what tells it is hidden. Standard errors and limits of totals are no linear functions of counts and are not in the system. Where strata are hidden groups they tell of them all the same, and
//! are rounded further ([`strata`]).
//!
//! **Breakdowns that divide each other.** Where a group of one breakdown is some groups of another one, or a base is some groups, the sums of both sides are equal, and a reader who sees the one
//! knows the other. Which unions are equal is read from who is in which base and group ([`Unions`](crate::Unions)), for all items at once. Blocks that relate are one system
//! ([`joined`]). Hidden groups whose sum another breakdown tells are held to the same rules as all hidden groups together ([`told`]): to rule 1 below, and in the programs of 2. Two sets that differ by fewer people than the smallest base,
//! whatever they are called, are not both shown; the one that is hidden counts as confidential.
//!
//! **What is hidden.** A group of a base, in all of its tables with the breakdown: all rows of all items at once. So the answers of the hidden groups could be
//! exchanged between them, person by person, and every number on every page of that base were the same, whatever else relates one item to
//! another. Further groups are taken greedily, those first that show the fewest cells, until
//!
//! 1. the hidden groups together are themselves a base of at least [`Rules::smallest_base`](crate::Rules) answers, and so are those whom another
//!    base counts more in them, and those whose group is not known; and no magnitude of theirs is that of a few, or of a few large ones;
//! 2. the number of answers of each confidential group keeps a range as wide as asked, in the whole block;
//! 3. so does the number of its answers in each row, or as wide as if all groups were hidden.
//!
//! 2 and 3 are audited after each step: by the bounds that the margins leave, by solutions that are known anyway ([`exchange`]), and by [`linear`] programs
//! where neither decides ([`numbers`]). What is hidden next is what gives the count room that has too little, and costs the fewest cells ([`widen`]). A breakdown whose groups are all hidden is withheld whole, as is everything of which no program
//! finds that it is safe. A hidden cell looks the same whether it was confidential itself or protects another one.
//!
//! **What is not in the system.** That a group has few answers may be told by a row that counts its category among all ("the region: 0.2
//! per cent of 2,000"): such a row is a share of a large base and is published like any other. That groups of two breakdowns happen not to meet
//! is used only where it divides both (below), since no table crosses them. Other waves are other answers: [`series`](crate::series) says how
//! they stand beside this one.

mod block;
mod exchange;
mod joined;
pub(crate) mod linear;
mod numbers;
mod rows;
mod secondary;
mod strata;
mod told;
mod widen;
mod within;

use std::collections::{BTreeMap, BTreeSet};

use codebook::{Code, Row, Sensitivity, VariableName};
use estimate::{Contributors, Domain, Outcome};

use crate::apart::telling_merged;
use crate::published::breakdown_of;
use crate::rule::{Coarseness, has_too_few, is_confidential, may_not_be_left_out, tells_of_few};
use crate::{Hidden, Release, Rules, Withheld};

/// What is not shown of each table for the sake of confidentiality, parallel to the tables of a release.
pub(crate) struct Pattern {
    pub(crate) tables: Vec<TablePattern>,
    /// Those that are withheld since their total is a hidden group of another one.
    pub(crate) telling: BTreeSet<usize>,
}

/// What is not shown of one table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TablePattern {
    /// Domains of which every cell is hidden.
    pub(crate) hidden: BTreeSet<usize>,
    /// Parts that are withheld whole.
    pub(crate) withheld: Vec<Withheld>,
    /// Cells, by row and domain, whose standard error and limits are coarser than usual.
    pub(crate) coarse: BTreeMap<(usize, usize), Coarseness>,
}

/// Chooses what is hidden of a release.
pub(crate) fn pattern(release: &Release<'_>) -> Pattern {
    let same = same_rows(release);
    let more: Vec<Vec<Vec<u64>>> = (0..release.tables.len()).map(|table| counted_more(release, &same, table)).collect();
    let whole: BTreeSet<usize> =
        (0..release.tables.len()).filter(|table| is_withheld_whole(release, *table, &more[*table])).collect();
    let mut tables = vec![TablePattern::default(); release.tables.len()];
    for table in &whole {
        tables[*table].withheld = vec![Withheld { breakdown: None, why: Hidden::Confidential }];
    }
    let mut hidden_groups = Vec::new();
    for block in block::blocks(release, &whole, &more) {
        let hidden = secondary::hidden_groups(&block, release.rules);
        let part =
            |breakdown: &VariableName| Withheld { breakdown: Some(breakdown.clone()), why: Hidden::Confidential };
        for (table, breakdown) in &block.withheld {
            tables[*table].withheld.push(part(breakdown));
        }
        for (counted, of_base) in block.bases.iter().zip(&hidden) {
            let breakdown = counted.breakdown;
            let hidden = &of_base.hidden;
            if counted.is_published {
                let codes = |groups: &BTreeSet<usize>| groups.iter().map(|group| block.codes[*group].clone()).collect();
                let (base, hidden, secret) = (counted.base, codes(hidden), codes(&of_base.secret));
                hidden_groups.push(strata::HiddenGroups { base, breakdown, hidden, secret });
            }
            let is_of = |table: &usize| !whole.contains(table) && counted.is_of(release.specs[*table]);
            let of_base = (0..tables.len()).filter(is_of);
            for table in of_base.filter(|table| !block.withheld.contains(&(*table, breakdown))) {
                if counted.is_whole(hidden, &block.quantities) {
                    tables[table].withheld.push(part(breakdown));
                } else {
                    let codes: Vec<&Code> = hidden.iter().map(|group| block.codes[*group]).collect();
                    let domains = &release.tables[table].domains;
                    tables[table].hidden.extend(positions(domains, breakdown, &codes));
                }
            }
        }
    }
    let telling = within::telling_tables(release, &tables);
    for table in telling.iter().copied().chain(telling_merged(release)) {
        let withheld = vec![Withheld { breakdown: None, why: Hidden::Confidential }];
        tables[table] = TablePattern { withheld, ..TablePattern::default() };
    }
    for (pattern, spec) in tables.iter_mut().zip(release.specs) {
        let place =
            |part: &Withheld| spec.breakdowns.iter().position(|breakdown| Some(breakdown) == part.breakdown.as_ref());
        pattern.withheld.sort_by_key(place);
    }
    for groups in &hidden_groups {
        strata::coarsen(release, &mut tables, groups);
    }
    Pattern { tables, telling }
}

fn positions(domains: &[Domain], breakdown: &VariableName, codes: &[&Code]) -> Vec<usize> {
    let is_hidden =
        |domain: &Domain| breakdown_of(domain).is_some_and(|(name, code)| name == breakdown && codes.contains(&code));
    (0..domains.len()).filter(|domain| is_hidden(&domains[*domain])).collect()
}

/// A table goes whole where its total is confidential, or where another one counts the same row over a few answers more.
fn is_withheld_whole(release: &Release<'_>, table: usize, more: &[Vec<u64>]) -> bool {
    let few = 1..release.rules.smallest_base;
    let total = release.tables[table].domains.iter().position(|domain| *domain == Domain::Total);
    total.is_some_and(|total| {
        more.iter().any(|more| few.contains(&more[total]))
            || release.contributors[table]
                .iter()
                .any(|row| is_confidential(&row[total], release.specs[table], release.rules))
            || release.tables[table].cells.iter().any(|row| is_quantile_of_few(&row[total], release.rules))
    })
}

/// A quantile that is confidential; one that has too few answers to be reliable is not shown for that reason.
fn is_quantile_of_few(outcome: &Outcome, rules: Rules) -> bool {
    tells_of_few(outcome, rules) && !has_too_few(outcome.n(), rules)
}

/// Rows of the same item, by table and row.
type SameRows<'r> = BTreeMap<(&'r VariableName, &'r [Code], Option<&'r VariableName>), Vec<(usize, usize)>>;

fn key(row: &Row) -> (&VariableName, &[Code], Option<&VariableName>) {
    (&row.item, &row.codes, row.over.as_ref())
}

fn same_rows<'r>(release: &Release<'r>) -> SameRows<'r> {
    let mut same = SameRows::new();
    for (table, spec) in release.specs.iter().enumerate() {
        for (row, of_spec) in spec.rows.iter().enumerate() {
            same.entry(key(of_spec)).or_default().push((table, row));
        }
    }
    same
}

/// For each other table that counts a row of this one over the same answers and more: how many more, by domain of this one. Only where they are few
/// somewhere: what the larger table has more is then a cell of those few.
fn counted_more(release: &Release<'_>, same: &SameRows<'_>, table: usize) -> Vec<Vec<u64>> {
    let few = 1..release.rules.smallest_base;
    let (spec, domains) = (release.specs[table], &release.tables[table].domains);
    let mut found = BTreeSet::new();
    for (row, of_spec) in spec.rows.iter().enumerate() {
        for (other, other_row) in same.get(&key(of_spec)).into_iter().flatten() {
            if *other == table || release.specs[*other].measure != spec.measure {
                continue;
            }
            let there = |domain: &Domain| release.tables[*other].domains.iter().position(|it| it == domain);
            let both = |(index, domain): (usize, &Domain)| {
                let there = &release.contributors[*other][*other_row][there(domain)?];
                Some((release.contributors[table][row][index], *there))
            };
            let both: Vec<Option<(Contributors, Contributors)>> = domains.iter().enumerate().map(both).collect();
            let more: Vec<u64> =
                both.iter().map(|it| it.map_or(0, |(here, there)| there.n.saturating_sub(here.n))).collect();
            let is_few = more.iter().any(|more| few.contains(more));
            if is_few && !are_apart(release, domains, &both, same.get(&key(of_spec)).map_or(&[], Vec::as_slice)) {
                found.insert(more);
            }
        }
    }
    let is_few = |left_out: &Vec<u64>| left_out.iter().any(|it| few.contains(it) && may_not(release, table, *it));
    found.extend(left_out(release, table).into_iter().filter(is_few));
    found.into_iter().collect()
}

fn may_not(release: &Release<'_>, table: usize, left_out: u64) -> bool {
    may_not_be_left_out(left_out, release.specs[table].base_sensitivity, release.rules)
}

/// The domains of a table with a sensitive base of which everybody is in the base, where that must not be told.
fn told_everybody(release: &Release<'_>, table: usize) -> BTreeSet<usize> {
    let answers = answers(release, table);
    let is_told =
        |left_out: &Vec<u64>, domain: usize| answers[domain] > 0 && left_out[domain] == 0 && may_not(release, table, 0);
    let of_base = left_out(release, table);
    (0..answers.len()).filter(|domain| of_base.iter().any(|left_out| is_told(left_out, *domain))).collect()
}

/// How many answers the sensitive base of a table leaves out, by domain, of each other base that has as many answers or more everywhere: those are in the numerator of what makes the base, or not.
/// None of another base of which a table has fewer somewhere, or other groups.
fn left_out(release: &Release<'_>, table: usize) -> Vec<Vec<u64>> {
    let spec = release.specs[table];
    if spec.base_sensitivity == Sensitivity::Ordinary {
        return Vec::new();
    }
    let (own, domains) = (answers(release, table), &release.tables[table].domains);
    let of_other = |other: usize| -> Option<Vec<u64>> {
        let there = answers(release, other);
        let place = |domain: &Domain| release.tables[other].domains.iter().position(|it| it == domain);
        // A group that the other table does not have leaves none out that anybody knows of.
        let left = |(domain, own): (&Domain, &u64)| {
            place(domain).map_or(Some(u64::MAX), |place| there[place].checked_sub(*own))
        };
        domains.iter().zip(&own).map(left).collect()
    };
    let others = (0..release.tables.len()).filter(|other| release.specs[*other].base != spec.base);
    others.filter_map(of_other).collect()
}

/// The answers of each domain of a table: those of the row that most of them gave.
fn answers(release: &Release<'_>, table: usize) -> Vec<u64> {
    let of_domain = |domain: usize| release.contributors[table].iter().map(|row| row[domain].n).max().unwrap_or(0);
    (0..release.tables[table].domains.len()).map(of_domain).collect()
}

/// Whether two bases surely are of other people, as every reader sees: the one has more in total, or both together are a third one.
fn are_apart(
    release: &Release<'_>,
    domains: &[Domain],
    both: &[Option<(Contributors, Contributors)>],
    of_item: &[(usize, usize)],
) -> bool {
    let total = domains.iter().position(|domain| *domain == Domain::Total);
    let has_more = |(here, there): (Contributors, Contributors)| here.n > there.n || here.positive > there.positive;
    let is_sum = |(table, row): &(usize, usize)| {
        let of_domain = |domain: &Domain| {
            let place = release.tables[*table].domains.iter().position(|it| it == domain)?;
            Some(release.contributors[*table][*row][place].n)
        };
        let adds_up = |(domain, both): (&Domain, &Option<(Contributors, Contributors)>)| {
            both.is_none_or(|(here, there)| of_domain(domain) == Some(here.n + there.n))
        };
        domains.iter().zip(both).all(adds_up)
    };
    total.and_then(|total| both[total]).is_some_and(has_more) || of_item.iter().any(is_sum)
}
