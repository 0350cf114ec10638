//! Breakdowns that divide each other, as one block; and what equal unions say of its counts.
//!
//! Where a group of the one is some groups of the other ([`Unions`](crate::Unions)), whoever sees the one side knows the sum of the other. So all that is counted of both is one system:
//! the counts of the two sides are equal, item by item. A base that is some groups of a breakdown tells their sum by its total.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use codebook::{BaseId, Code, Measure, VariableName};
use estimate::Domain;

use super::block::{Block, Counted, Counting, NOBODY, Quantity, Told, shown_weight};
use super::linear::real;
use crate::Release;
use crate::unions::Side;

/// People of whom a count may be told.
#[derive(Debug, Clone)]
pub(super) enum Part<'r> {
    /// Some groups of a base of the block.
    Groups(usize, BTreeSet<usize>),
    /// Everyone in a base of which some table is published.
    Everyone(&'r BaseId),
}

/// Two parts that are the same people.
#[derive(Debug, Clone)]
pub(super) struct Tie<'r>(pub(super) Part<'r>, pub(super) Part<'r>);

/// A part that holds another one and a few people more.
#[derive(Debug, Clone)]
pub(super) struct Near<'r> {
    pub(super) larger: Part<'r>,
    pub(super) smaller: Part<'r>,
    pub(super) few: u64,
}

/// A sum over counts in groups that lies between two limits.
#[derive(Debug, Clone)]
pub(super) struct Link {
    /// Quantity, group and factor.
    pub(super) terms: Vec<(usize, usize, f64)>,
    pub(super) low: f64,
    pub(super) high: f64,
}

/// Joins the blocks that have to do with each other. `whole` are the tables that are not published at all.
pub(super) fn joined<'r>(blocks: Vec<Block<'r>>, release: &Release<'r>, whole: &BTreeSet<usize>) -> Vec<Block<'r>> {
    let unions = release.unions;
    let pairs = || {
        let ties = unions.ties.iter().map(|tie| [&tie.0, &tie.1]);
        ties.chain(unions.nears.iter().map(|near| [&near.larger, &near.smaller]))
    };
    let has = |block: &Block<'_>, side: &Side| counted(block, side).is_some();
    let mut home: Vec<usize> = (0..blocks.len()).collect();
    for sides in pairs() {
        let places = sides.map(|side| blocks.iter().position(|block| has(block, side)));
        if let [Some(one), Some(other)] = places {
            let (from, to) = (home[one], home[other]);
            home.iter_mut().filter(|home| **home == from).for_each(|home| *home = to);
        }
    }
    let mut together: BTreeMap<usize, Vec<Block<'r>>> = BTreeMap::new();
    for (block, home) in blocks.into_iter().zip(home) {
        together.entry(home).or_default().push(block);
    }
    let (totals, weighed) = (totals(release, whole), weighed(release, whole));
    let with_unions = |blocks| Block { weighed: weighed.clone(), ..merged(blocks).with_unions(release, &totals) };
    together.into_values().map(with_unions).collect()
}

/// The weighted count of each row in the total of a base, as far as its rounding tells it.
pub(super) type WeighedTotals<'r> = BTreeMap<(&'r BaseId, &'r VariableName, &'r [Code]), Told>;

fn weighed<'r>(release: &Release<'r>, whole: &BTreeSet<usize>) -> WeighedTotals<'r> {
    let mut weighed = WeighedTotals::new();
    for table in (0..release.tables.len()).filter(|table| !whole.contains(table)) {
        let (spec, estimates) = (release.specs[table], &release.tables[table]);
        let Some(total) = estimates.domains.iter().position(|domain| *domain == Domain::Total) else { continue };
        for (place, row) in spec.rows.iter().enumerate().filter(|_| spec.measure == Measure::Share) {
            let behind = &release.contributors[table][place][total];
            if let Some(told) = shown_weight(&estimates.cells[place][total], behind, spec, release.rules) {
                weighed.insert((&spec.base, &row.item, &row.codes), told);
            }
        }
    }
    weighed
}

/// What the total of each base tells.
type Totals<'r> = BTreeMap<&'r BaseId, BTreeMap<Counting<'r>, u64>>;

fn totals<'r>(release: &Release<'r>, whole: &BTreeSet<usize>) -> Totals<'r> {
    let mut totals = Totals::new();
    for table in (0..release.tables.len()).filter(|table| !whole.contains(table)) {
        let spec = release.specs[table];
        let place = release.tables[table].domains.iter().position(|domain| *domain == Domain::Total);
        for (row, behind) in spec.rows.iter().zip(&release.contributors[table]) {
            let Some(behind) = place.map(|place| behind[place]) else { continue };
            let of_base = totals.entry(&spec.base).or_default();
            of_base.insert(Counting::Answers(&row.item, row.over.as_ref()), behind.n);
            if spec.measure == Measure::Share {
                of_base.insert(Counting::Row(&row.item, &row.codes), behind.positive);
                of_base.insert(Counting::Others(&row.item, &row.codes), behind.n - behind.positive);
            }
        }
    }
    totals
}

/// The published counts of a side's base and breakdown.
fn counted(block: &Block<'_>, side: &Side) -> Option<usize> {
    let (breakdown, _) = side.groups.as_ref()?;
    let is_it = |it: &Counted<'_>| it.is_published && *it.base == side.base && it.breakdown == breakdown;
    block.bases.iter().position(is_it)
}

/// The groups of one block after those of the other; nothing else changes.
fn merged(blocks: Vec<Block<'_>>) -> Block<'_> {
    let all: usize = blocks.iter().map(|block| block.codes.len()).sum();
    let mut blocks = blocks.into_iter();
    let mut merged = blocks.next().expect("no block is joined with none").moved(0, all, 0, 0);
    for block in blocks {
        let (groups, bases, quantities) = (merged.codes.len(), merged.bases.len(), merged.quantities.len());
        let more = block.moved(groups, all, bases, quantities);
        merged.withheld.extend(more.withheld);
        merged.codes.extend(more.codes);
        merged.bases.extend(more.bases);
        merged.quantities.extend(more.quantities);
        merged.nested.extend(more.nested);
        merged.sums.extend(more.sums);
    }
    merged
}

/// A value for each of all groups, with those of a block from its first on.
fn placed<T: Clone>(values: Vec<T>, first: usize, all: usize, none: &T) -> Vec<T> {
    let mut placed = vec![none.clone(); all];
    for (place, value) in placed[first..].iter_mut().zip(values) {
        *place = value;
    }
    placed
}

impl<'r> Block<'r> {
    /// The same with groups, bases and quantities numbered from some number on.
    fn moved(self, first: usize, all: usize, base: usize, quantity: usize) -> Self {
        if first == 0 && self.codes.len() == all {
            return self;
        }
        let moved_quantity = |it: Quantity| Quantity {
            total: it.total,
            groups: placed(it.groups, first, all, &0),
            own: it.own.start + first..it.own.end + first,
            bases: it.bases.iter().map(|it| it + base).collect(),
        };
        let moved_counted = |mut it: Counted<'r>| {
            for family in &mut it.families {
                family.n += quantity;
                for row in &mut family.rows {
                    row.count += quantity;
                    row.others += quantity;
                    row.groups = placed(std::mem::take(&mut row.groups), first, all, &(NOBODY, None));
                }
            }
            it.primary = it.primary.iter().map(|group| group + first).collect();
            it.shown = placed(it.shown, first, all, &0);
            it.magnitudes = it.magnitudes.into_iter().map(|row| placed(row, first, all, &NOBODY)).collect();
            it.few_more = it.few_more.into_iter().map(|more| placed(more, first, all, &0)).collect();
            it.counts.values_mut().for_each(|count| *count += quantity);
            it
        };
        Self {
            bases: self.bases.into_iter().map(moved_counted).collect(),
            quantities: self.quantities.into_iter().map(moved_quantity).collect(),
            nested: self.nested.into_iter().map(|(one, other)| (one + quantity, other + quantity)).collect(),
            sums: self.sums.into_iter().map(|sum| sum.map(|it| it + quantity)).collect(),
            ..self
        }
    }

    /// The same with what the unions of the release say of it.
    fn with_unions(mut self, release: &Release<'r>, totals: &Totals<'r>) -> Self {
        let part = |side: &Side| self.part(side, totals);
        let ties = release.unions.ties.iter().filter_map(|tie| Some(Tie(part(&tie.0)?, part(&tie.1)?)));
        let nears = release.unions.nears.iter().filter_map(|near| {
            Some(Near { larger: part(&near.larger)?, smaller: part(&near.smaller)?, few: near.few })
        });
        let is_about_it =
            |one: &Part<'_>, other: &Part<'_>| matches!(one, Part::Groups(..)) || matches!(other, Part::Groups(..));
        let ties: Vec<Tie<'r>> = ties.filter(|tie| is_about_it(&tie.0, &tie.1)).collect();
        let nears: Vec<Near<'r>> = nears.filter(|near| is_about_it(&near.larger, &near.smaller)).collect();
        let equal = ties.iter().flat_map(|tie| self.links(totals, (&tie.0, &tie.1), 0.0));
        let above = nears.iter().flat_map(|near| self.links(totals, (&near.larger, &near.smaller), f64::INFINITY));
        let links = equal.chain(above).collect();
        (self.ties, self.nears, self.links) = (ties, nears, links);
        self
    }

    fn part(&self, side: &Side, totals: &Totals<'r>) -> Option<Part<'r>> {
        let Some((breakdown, codes)) = &side.groups else {
            return totals.get_key_value(&side.base).map(|(base, _)| Part::Everyone(base));
        };
        let base = counted(self, side)?;
        let own = self.own(breakdown);
        let groups: BTreeSet<usize> = own.filter(|group| codes.contains(self.codes[*group])).collect();
        (groups.len() == codes.len()).then_some(Part::Groups(base, groups))
    }

    /// The groups of a breakdown: those of any count of it.
    fn own(&self, breakdown: &VariableName) -> Range<usize> {
        let of_breakdown = self.bases.iter().filter(|it| it.breakdown == breakdown);
        let mut counts = of_breakdown.flat_map(|it| it.families.iter().map(|family| family.n));
        counts.next().map_or(0..0, |count| self.quantities[count].own.clone())
    }

    /// For everything that is counted of both parts: how much the first has more, between nothing and so many.
    fn links(&self, totals: &Totals<'r>, (one, other): (&Part<'r>, &Part<'r>), more: f64) -> Vec<Link> {
        let (ones, others) = (self.told(one, totals), self.told(other, totals));
        let are_exact = more < 0.5;
        let base = |part: &Part<'r>| match part {
            Part::Groups(base, _) => Some(self.bases[*base].base),
            Part::Everyone(_) => None,
        };
        let is_one_base = base(one).is_some() && base(one) == base(other);
        let is_same = |(one, left): &(Counting<'r>, Sum), (other, right): &(Counting<'r>, Sum)| {
            // Whoever answered one item answered any other one with as many answers.
            let are_answers = matches!((one, other), (Counting::Answers(..), Counting::Answers(..)));
            let agree = are_answers && (!is_one_base || left.of_all == right.of_all);
            if are_exact { left.value == right.value && (one == other || agree) } else { one == other }
        };
        let pairs =
            ones.iter().flat_map(|one| others.iter().filter(move |other| is_same(one, other)).map(move |it| (one, it)));
        let mut known = BTreeSet::new();
        let mut links = Vec::new();
        for ((_, left), (_, right)) in pairs {
            // What is told by a total is a number.
            let told = |sum: &Sum| if sum.counts.is_empty() { real(sum.value) } else { 0.0 };
            if known.insert((&left.counts, told(left).to_bits(), &right.counts, told(right).to_bits())) {
                let terms = left.counts.iter().map(|(count, group)| (*count, *group, 1.0));
                let less = right.counts.iter().map(|(count, group)| (*count, *group, -1.0));
                let least = told(right) - told(left);
                links.push(Link { terms: terms.chain(less).collect(), low: least, high: least + more });
            }
        }
        links
    }

    /// Every count of a part.
    fn told(&self, part: &Part<'r>, totals: &Totals<'r>) -> Vec<(Counting<'r>, Sum)> {
        match part {
            Part::Everyone(base) => {
                let of_base = totals.get(base).into_iter().flatten();
                of_base.map(|(counting, n)| (*counting, Sum { value: *n, of_all: 0, counts: Vec::new() })).collect()
            }
            Part::Groups(base, groups) => {
                let sum = |(counting, count): (&Counting<'r>, &usize)| {
                    let quantity = &self.quantities[*count];
                    let value = groups.iter().map(|group| quantity.groups[*group]).sum();
                    let counts = groups.iter().map(|group| (*count, *group)).collect();
                    (*counting, Sum { value, of_all: quantity.total, counts })
                };
                self.bases[*base].counts.iter().map(sum).collect()
            }
        }
    }
}

/// What is counted of a part.
struct Sum {
    value: u64,
    /// In the whole base; 0 where the part is one.
    of_all: u64,
    /// Quantities and groups.
    counts: Vec<(usize, usize)>,
}
