//! What all tables with one breakdown tell of its groups: counts, and which of them are the same. Breakdowns that divide each other are one block ([`joined`](super::joined)).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use codebook::{BaseId, Code, Measure, TableSpec, VariableName};
use estimate::{Contributors, Domain, Outcome};

use super::joined::{Link, Near, Tie, WeighedTotals, joined};
use super::{is_quantile_of_few, told_everybody};
use crate::published::breakdown_of;
use crate::rule::{classify, is_confidential, percent_shift};
use crate::{Release, Rounded, Rules};

/// The tables of a release that have one breakdown, or one of several that divide each other.
pub(super) struct Block<'r> {
    /// Tables whose part is withheld for a quantile, each with the breakdown.
    pub(super) withheld: BTreeSet<(usize, &'r VariableName)>,
    /// Its groups, one breakdown after the other.
    pub(super) codes: Vec<&'r Code>,
    /// The bases with such tables, once for each breakdown.
    pub(super) bases: Vec<Counted<'r>>,
    /// Every count that the tables tell, each once.
    pub(super) quantities: Vec<Quantity>,
    /// Pairs of counts of which the first is never above the second.
    pub(super) nested: Vec<(usize, usize)>,
    /// Two counts and the one that they add up to in every group.
    pub(super) sums: BTreeSet<[usize; 3]>,
    /// Groups that are the same people as others.
    pub(super) ties: Vec<Tie<'r>>,
    /// Groups that are the same people as others, but for a few.
    pub(super) nears: Vec<Near<'r>>,
    /// What both say of counts.
    pub(super) links: Vec<Link>,
    /// What the totals of bases tell of weighted counts.
    pub(super) weighed: WeighedTotals<'r>,
}

/// One count in each group. Counts that agree in total and in every group are taken for the same count, whatever they are called: the
/// answers "innovative" among all, and the base of those who innovate.
pub(super) struct Quantity {
    pub(super) total: u64,
    /// In every group of the block; 0 in those of another breakdown.
    pub(super) groups: Vec<u64>,
    /// The groups of its own breakdown.
    pub(super) own: Range<usize>,
    /// The bases of which a shown cell tells it.
    pub(super) bases: BTreeSet<usize>,
}

/// The tables of one base.
pub(super) struct Counted<'r> {
    pub(super) base: &'r BaseId,
    pub(super) breakdown: &'r VariableName,
    /// Whether they are published, but for what is hidden of them. Others are withheld whole, and what is confidential in them must not follow
    /// from what is published.
    pub(super) is_published: bool,
    pub(super) families: Vec<Family<'r>>,
    /// Groups with a cell that must not be shown, whatever stands beside it.
    pub(super) primary: BTreeSet<usize>,
    /// Cells of each group that would be shown.
    pub(super) shown: Vec<usize>,
    /// What stands behind each group of each row of means, totals and ratios.
    pub(super) magnitudes: Vec<Vec<Contributors>>,
    /// For each other base that counts a few answers more in some group: the answers that it has more, by group.
    pub(super) few_more: Vec<Vec<u64>>,
    /// The quantity of everything that is counted.
    pub(super) counts: BTreeMap<Counting<'r>, usize>,
}

/// What is counted of people, whoever they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Counting<'r> {
    /// The answers to an item; of a ratio, with what it is divided by.
    Answers(&'r VariableName, Option<&'r VariableName>),
    /// The answers of some codes.
    Row(&'r VariableName, &'r [Code]),
    /// All other answers to it.
    Others(&'r VariableName, &'r [Code]),
}

/// The cells of one item in one base.
pub(super) struct Family<'r> {
    pub(super) item: &'r VariableName,
    /// What a ratio divides it by.
    pub(super) over: Option<&'r VariableName>,
    /// Its answers: a quantity.
    pub(super) n: usize,
    /// The answers that count in each row: a quantity, and what is told of its weighted share.
    pub(super) rows: Vec<ShareRow<'r>>,
    /// Answers whose group is not known.
    pub(super) left_out: u64,
}

/// One row of shares.
pub(super) struct ShareRow<'r> {
    pub(super) codes: &'r [Code],
    pub(super) count: usize,
    /// The answers that do not count.
    pub(super) others: usize,
    /// The total's weighted count; `None` where it is not published.
    pub(super) total: Option<Told>,
    pub(super) groups: Vec<(Contributors, Option<Told>)>,
}

/// A weighted count as the attacker knows it from a rounded share.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Counted<'_> {
    pub(super) fn is_of(&self, spec: &TableSpec) -> bool {
        self.is_published && spec.base == *self.base && spec.breakdowns.contains(self.breakdown)
    }

    /// Whether nothing is left to show beside what is hidden: no other group has an answer.
    pub(super) fn is_whole(&self, hidden: &BTreeSet<usize>, quantities: &[Quantity]) -> bool {
        let is_left = |group: &usize| !hidden.contains(group) && self.answers(*group, quantities) > 0;
        !hidden.is_empty() && !(0..self.shown.len()).any(|group| is_left(&group))
    }

    /// The answers of a group: those of the item that most of them gave.
    pub(super) fn answers(&self, group: usize, quantities: &[Quantity]) -> u64 {
        self.families.iter().map(|family| quantities[family.n].groups[group]).max().unwrap_or(0)
    }
}

/// Reads the blocks of a release out of it. `whole` are the tables that are not published at all; `more` tells of each table by how many
/// answers others count more.
pub(super) fn blocks<'r>(release: &Release<'r>, whole: &BTreeSet<usize>, more: &[Vec<Vec<u64>>]) -> Vec<Block<'r>> {
    let mut breakdowns: Vec<&VariableName> = release.specs.iter().flat_map(|spec| &spec.breakdowns).collect();
    breakdowns.sort();
    breakdowns.dedup();
    let block = |breakdown| {
        let withheld: BTreeSet<usize> = (0..release.tables.len())
            .filter(|table| !whole.contains(table) && has_quantile_of_few(release, *table, breakdown))
            .collect();
        let unpublished = whole.union(&withheld).copied().collect();
        let block = Reader::new(release, &unpublished, more, breakdown).block()?;
        Some(Block { withheld: withheld.into_iter().map(|table| (table, breakdown)).collect(), ..block })
    };
    joined(breakdowns.into_iter().filter_map(block).collect(), release, whole)
}

fn has_quantile_of_few(release: &Release<'_>, table: usize, breakdown: &VariableName) -> bool {
    let table = &release.tables[table];
    let is_group = |domain: &Domain| breakdown_of(domain).is_some_and(|(name, _)| name == breakdown);
    table.cells.iter().any(|row| {
        let groups = table.domains.iter().zip(row).filter(|(domain, _)| is_group(domain));
        groups.into_iter().any(|(_, outcome)| is_quantile_of_few(outcome, release.rules))
    })
}

struct Reader<'a, 'r> {
    release: &'a Release<'r>,
    more: &'a [Vec<Vec<u64>>],
    whole: &'a BTreeSet<usize>,
    /// Tables with the breakdown.
    tables: Vec<usize>,
    breakdown: &'r VariableName,
    codes: Vec<&'r Code>,
    quantities: Vec<Quantity>,
    /// By total and groups.
    known: BTreeMap<(u64, Vec<u64>), usize>,
    /// As in the block.
    sums: BTreeSet<[usize; 3]>,
}

impl<'a, 'r> Reader<'a, 'r> {
    fn new(
        release: &'a Release<'r>,
        whole: &'a BTreeSet<usize>,
        more: &'a [Vec<Vec<u64>>],
        breakdown: &'r VariableName,
    ) -> Self {
        let tables =
            (0..release.tables.len()).filter(|table| release.specs[*table].breakdowns.contains(breakdown)).collect();
        Self {
            release,
            more,
            whole,
            tables,
            breakdown,
            codes: Vec::new(),
            quantities: Vec::new(),
            known: BTreeMap::new(),
            sums: BTreeSet::new(),
        }
    }

    fn block(mut self) -> Option<Block<'r>> {
        let first = &self.release.tables[*self.tables.first()?];
        let group_of = |domain: &'r Domain| breakdown_of(domain).filter(|(name, _)| *name == self.breakdown);
        self.codes = first.domains.iter().filter_map(|domain| group_of(domain).map(|(_, code)| code)).collect();
        let base_of = |table: &usize| (&self.release.specs[*table].base, !self.whole.contains(table));
        let bases: BTreeSet<(&'r BaseId, bool)> = self.tables.iter().map(base_of).collect();
        let bases = bases.into_iter().enumerate();
        let bases: Vec<Counted<'r>> =
            bases.map(|(index, (base, is_published))| self.counted(index, base, is_published)).collect();
        let nested = nested(&bases, &self.quantities);
        self.add_sums_of_bases(&bases);
        let Self { codes, quantities, sums, .. } = self;
        let (ties, nears, links, weighed) = Default::default();
        Some(Block { withheld: BTreeSet::new(), codes, bases, quantities, nested, sums, ties, nears, links, weighed })
    }

    /// The index of each group's domain in a table.
    fn domains(&self, table: usize) -> Vec<Option<usize>> {
        let domains = &self.release.tables[table].domains;
        let of = |code: &&Code| {
            let is_it = |domain: &Domain| breakdown_of(domain) == Some((self.breakdown, *code));
            domains.iter().position(is_it)
        };
        self.codes.iter().map(of).collect()
    }

    fn counted(&mut self, index: usize, base: &'r BaseId, is_published: bool) -> Counted<'r> {
        let groups = self.codes.len();
        let mut counted = Counted {
            base,
            breakdown: self.breakdown,
            is_published,
            families: Vec::new(),
            primary: BTreeSet::new(),
            shown: vec![0; groups],
            magnitudes: Vec::new(),
            few_more: Vec::new(),
            counts: BTreeMap::new(),
        };
        let release = self.release;
        let is_of = |table: &usize| release.specs[*table].base == *base && is_published != self.whole.contains(table);
        let tables: Vec<usize> = self.tables.iter().copied().filter(is_of).collect();
        let teller = is_published.then_some(index);
        for table in tables {
            let domains = self.domains(table);
            for more in &self.more[table] {
                let of_groups: Vec<u64> = domains.iter().map(|domain| domain.map_or(0, |it| more[it])).collect();
                let few = 1..release.rules.smallest_base;
                counted.primary.extend((0..groups).filter(|group| few.contains(&of_groups[*group])));
                counted.few_more.push(of_groups);
            }
            let everybody = told_everybody(release, table);
            let is_told = |group: &usize| domains[*group].is_some_and(|domain| everybody.contains(&domain));
            counted.primary.extend((0..groups).filter(is_told));
            for row in 0..release.specs[table].rows.len() {
                self.read_row(teller, table, row, &domains, &mut counted);
            }
        }
        counted
    }

    fn read_row(
        &mut self,
        teller: Option<usize>,
        table: usize,
        row: usize,
        domains: &[Option<usize>],
        counted: &mut Counted<'r>,
    ) {
        let release = self.release;
        let (spec, estimates) = (release.specs[table], &release.tables[table]);
        let behind = &release.contributors[table][row];
        let Some(total) = estimates.domains.iter().position(|domain| *domain == Domain::Total) else { return };
        let cell = |group: usize| domains[group].map(|domain| (domain, behind[domain]));
        let counts = |of: fn(&Contributors) -> u64| -> Vec<u64> {
            (0..domains.len()).map(|group| cell(group).map_or(0, |(_, it)| of(&it))).collect()
        };
        let (answers, counting) = (counts(|it| it.n), counts(|it| it.positive));
        for (group, known) in (0..domains.len()).filter_map(|group| Some((group, cell(group)?))) {
            let (domain, contributors) = known;
            if is_confidential(&contributors, spec, release.rules) {
                counted.primary.insert(group);
            }
            let outcome = &estimates.cells[row][domain];
            let fate = classify(outcome, &contributors, spec, release.rules);
            counted.shown[group] += usize::from(fate.figures().is_some());
        }
        let left_out = behind[total].n.saturating_sub(answers.iter().sum());
        let n = self.quantity(teller, behind[total].n, answers.clone());
        let item = &spec.rows[row].item;
        let over = spec.rows[row].over.as_ref();
        counted.counts.insert(Counting::Answers(item, over), n);
        let is_it = |family: &Family<'_>| family.item == item && family.over == over && family.n == n;
        let known = counted.families.iter().position(is_it);
        let family = known.unwrap_or_else(|| {
            counted.families.push(Family { item, over, n, rows: Vec::new(), left_out });
            counted.families.len() - 1
        });
        if matches!(spec.measure, Measure::Mean | Measure::Total | Measure::Ratio) {
            counted.magnitudes.push((0..domains.len()).map(|group| cell(group).map_or(NOBODY, |(_, it)| it)).collect());
        }
        if spec.measure != Measure::Share {
            return;
        }
        let count = self.quantity(teller, behind[total].positive, counting.clone());
        let others = self.quantity(teller, behind[total].n - behind[total].positive, less(&answers, &counting));
        self.add_sum(count, others, n);
        counted.counts.insert(Counting::Row(item, &spec.rows[row].codes), count);
        counted.counts.insert(Counting::Others(item, &spec.rows[row].codes), others);
        let is_apart = |earlier: &&ShareRow<'_>| earlier.codes.iter().all(|code| !spec.rows[row].codes.contains(code));
        let apart: Vec<usize> = counted.families[family].rows.iter().filter(is_apart).map(|it| it.count).collect();
        for earlier in apart.into_iter().filter(|earlier| *earlier != count && !spec.rows[row].codes.is_empty()) {
            let (earlier_total, groups) = self.counts(earlier);
            let both = groups.iter().zip(&counting).map(|(one, other)| one + other).collect();
            let both = self.quantity(teller, earlier_total + behind[total].positive, both);
            self.add_sum(earlier, count, both);
        }
        let told = |domain: usize| shown_weight(&estimates.cells[row][domain], &behind[domain], spec, release.rules);
        let groups = (0..domains.len()).map(|group| cell(group).map_or((NOBODY, None), |(it, of)| (of, told(it))));
        let row =
            ShareRow { codes: &spec.rows[row].codes, count, others, total: told(total), groups: groups.collect() };
        counted.families[family].rows.push(row);
    }

    fn add_sum(&mut self, one: usize, other: usize, sum: usize) {
        if one != other && one != sum && other != sum {
            self.sums.insert([one.min(other), one.max(other), sum]);
        }
    }

    /// Two counts that add up to a third which another base tells: the answers "yes" of those who innovate, of those who do not, and of
    /// all. Within one base such sums tell nothing, since it hides the same groups of all its counts.
    fn add_sums_of_bases(&mut self, bases: &[Counted<'_>]) {
        if bases.len() < 2 {
            return;
        }
        let families = bases.iter().flat_map(|counted| &counted.families);
        let counts: BTreeSet<usize> = families
            .flat_map(|family| family.rows.iter().flat_map(|row| [row.count, row.others]).chain([family.n]))
            .collect();
        for one in &counts {
            for other in counts.range(one + 1..) {
                let ((total, groups), (other_total, other_groups)) = (self.counts(*one), self.counts(*other));
                if total == 0 || other_total == 0 {
                    continue;
                }
                let groups = groups.iter().zip(&other_groups).map(|(one, other)| one + other).collect();
                if let Some(sum) = self.known.get(&(total + other_total, groups)).copied() {
                    self.add_sum(*one, *other, sum);
                }
            }
        }
    }

    fn counts(&self, quantity: usize) -> (u64, Vec<u64>) {
        (self.total_of(quantity), self.quantities[quantity].groups.clone())
    }

    fn total_of(&self, quantity: usize) -> u64 {
        self.quantities[quantity].total
    }

    /// The quantity of these counts, which the base `teller` tells, if its tables are published.
    fn quantity(&mut self, teller: Option<usize>, total: u64, groups: Vec<u64>) -> usize {
        let next = self.quantities.len();
        let index = *self.known.entry((total, groups.clone())).or_insert(next);
        if index == next {
            let own = 0..groups.len();
            self.quantities.push(Quantity { total, groups, own, bases: BTreeSet::new() });
        }
        self.quantities[index].bases.extend(teller);
        index
    }
}

/// Behind a group that a table does not have.
pub(super) const NOBODY: Contributors =
    Contributors { n: 0, positive: 0, weight: 0.0, lightest: 0.0, heaviest: 0.0, take_all: false, sizes: None };

fn less(all: &[u64], some: &[u64]) -> Vec<u64> {
    all.iter().zip(some).map(|(all, some)| all - some).collect()
}

/// The weighted count that a share tells, if it is shown.
pub(super) fn shown_weight(outcome: &Outcome, behind: &Contributors, spec: &TableSpec, rules: Rules) -> Option<Told> {
    let is_shown = classify(outcome, behind, spec, rules).figures().is_some();
    is_shown.then(|| told(outcome, behind, spec.measure, spec.decimals)).flatten()
}

/// The weighted count that a rounded share tells to who knows the weights: within half a unit of the last digit.
fn told(outcome: &Outcome, behind: &Contributors, measure: Measure, decimals: u8) -> Option<Told> {
    let Outcome::Estimated(estimate) = outcome else { return None };
    let shift = percent_shift(measure);
    let unit = (0..shift + decimals).fold(1.0, |unit, _| unit / 10.0);
    let share = Rounded::new(estimate.value, shift, decimals)?.in_units() * unit;
    Some(Told { low: (share - unit / 2.0) * behind.weight, high: (share + unit / 2.0) * behind.weight })
}

/// Counts of the same item in two bases of which one is never above the other.
fn nested(bases: &[Counted<'_>], quantities: &[Quantity]) -> Vec<(usize, usize)> {
    let is_below = |one: usize, other: usize| {
        let (low, high) = (&quantities[one], &quantities[other]);
        let mut groups = low.groups.iter().zip(&high.groups);
        one != other && low.total <= high.total && groups.all(|(low, high)| low <= high)
    };
    let mut pairs = BTreeSet::new();
    for (index, one) in bases.iter().enumerate() {
        for other in &bases[index + 1..] {
            for family in &one.families {
                for other in
                    other.families.iter().filter(|other| (other.item, other.over) == (family.item, family.over))
                {
                    let rows = family.rows.iter().flat_map(|row| {
                        let same = other.rows.iter().filter(|other| other.codes == row.codes);
                        same.flat_map(|other| [(row.count, other.count), (row.others, other.others)])
                    });
                    for (one, other) in rows.chain([(family.n, other.n)]) {
                        pairs.extend(is_below(one, other).then_some((one, other)));
                        pairs.extend(is_below(other, one).then_some((other, one)));
                    }
                }
            }
        }
    }
    pairs.into_iter().collect()
}
