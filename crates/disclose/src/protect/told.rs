//! Hidden groups whose sum a reader knows, though not from their own margin: by groups of another breakdown that are the same people, or the same but for a few.

use std::collections::BTreeSet;

use codebook::BaseId;
use estimate::Contributors;

use super::block::{Family, ShareRow, Told};
use super::joined::{Near, Part, Tie};
use super::linear::real;
use super::numbers::Numbers;
use super::secondary::{Protection, Step};

/// What tells a sum.
#[derive(PartialEq, Eq)]
enum Teller<'r> {
    /// Groups of this base and breakdown.
    Groups(usize),
    /// The total of this base.
    Total(&'r BaseId),
}

/// Hidden groups of a base of which every count is told together.
pub(super) struct ToldUnion {
    pub(super) hidden: BTreeSet<usize>,
    /// Groups that would be told with them if they were hidden, too.
    pub(super) companions: BTreeSet<usize>,
    /// Whether it is all that is hidden of the base.
    pub(super) is_whole: bool,
    /// Groups of other bases or breakdowns that tell the sum; hiding one of them untells it.
    telling: Vec<(usize, usize)>,
}

impl ToldUnion {
    /// The group that tells the sum and costs least to hide.
    pub(super) fn untold(&self, protection: &Protection<'_, '_>) -> Option<Step> {
        let cost = |(base, group): &&(usize, usize)| (protection.block.bases[*base].shown[*group], *base, *group);
        self.telling.iter().min_by_key(cost).map(|place| vec![*place])
    }
}

impl Protection<'_, '_> {
    /// All hidden groups of a base, those of each part that another breakdown tells, and what is left of the ones without the others.
    pub(super) fn told_unions(&self, base: usize) -> Vec<ToldUnion> {
        let hidden = &self.hidden[base];
        let all: BTreeSet<usize> = (0..self.block.codes.len()).collect();
        let mut unions =
            vec![ToldUnion { hidden: hidden.clone(), companions: all, is_whole: true, telling: Vec::new() }];
        let mut rests: Vec<(Teller<'_>, ToldUnion)> = Vec::new();
        for tie in &self.block.ties {
            for (groups, other) in sides(tie, base) {
                let Some(telling) = self.shown(other) else { continue };
                let inside: BTreeSet<usize> = hidden.intersection(groups).copied().collect();
                if inside.is_empty() {
                    continue;
                }
                let by = match other {
                    Part::Groups(base, _) => Teller::Groups(*base),
                    Part::Everyone(base) => Teller::Total(base),
                };
                let rest = match rests.iter_mut().find(|(known, _)| *known == by) {
                    Some((_, rest)) => rest,
                    None => {
                        let companions = (0..self.block.codes.len()).collect();
                        let hidden = hidden.clone();
                        rests.push((by, ToldUnion { hidden, companions, is_whole: false, telling: Vec::new() }));
                        &mut rests.last_mut().expect("it was pushed").1
                    }
                };
                rest.hidden.retain(|group| !groups.contains(group));
                rest.companions.retain(|group| !groups.contains(group));
                rest.telling.extend(&telling);
                unions.push(ToldUnion { hidden: inside, companions: groups.clone(), is_whole: false, telling });
            }
        }
        unions.extend(rests.into_iter().map(|(_, rest)| rest).filter(|rest| !rest.hidden.is_empty()));
        let mut between = Vec::new();
        for larger in &unions[1..] {
            for smaller in unions[1..].iter().filter(|it| it.hidden.len() < larger.hidden.len()) {
                if smaller.hidden.is_subset(&larger.hidden) {
                    between.push(ToldUnion {
                        hidden: &larger.hidden - &smaller.hidden,
                        companions: &larger.companions - &smaller.companions,
                        is_whole: false,
                        telling: smaller.telling.clone(),
                    });
                }
            }
        }
        unions.extend(between);
        unions
    }

    /// The groups of a part that are shown, if none of it is hidden; none for everyone in a base, who are told by a total.
    pub(super) fn shown(&self, part: &Part<'_>) -> Option<Vec<(usize, usize)>> {
        match part {
            Part::Everyone(_) => Some(Vec::new()),
            Part::Groups(base, groups) => {
                let is_any_hidden = groups.iter().any(|group| self.hidden[*base].contains(group));
                (!is_any_hidden).then(|| groups.iter().map(|group| (*base, *group)).collect())
            }
        }
    }

    /// Groups of a base that are the same people as others, each with these.
    pub(super) fn tied(&self, base: usize, group: usize) -> Vec<(&BTreeSet<usize>, &Part<'_>)> {
        let of_base = self.block.ties.iter().flat_map(|tie| sides(tie, base));
        of_base.filter(|(groups, _)| groups.contains(&group)).collect()
    }

    /// Groups of a base that are the same people as others who are shown, each with these.
    pub(super) fn told_parts(&self, base: usize) -> Vec<(&BTreeSet<usize>, &Part<'_>)> {
        let of_base = self.block.ties.iter().flat_map(|tie| sides(tie, base));
        of_base.filter(|(_, other)| self.shown(other).is_some()).collect()
    }

    /// The weighted count of a row in a part, as far as its rounding tells it; `None` where the part does not tell the row.
    pub(super) fn told_weight(&self, part: &Part<'_>, family: &Family<'_>, row: &ShareRow<'_>) -> Option<Told> {
        match part {
            Part::Everyone(base) => self.block.weighed.get(&(*base, family.item, row.codes)).copied(),
            Part::Groups(base, groups) => {
                let of_item = |it: &&Family<'_>| (it.item, it.over) == (family.item, family.over);
                let rows = self.block.bases[*base].families.iter().filter(of_item).flat_map(|it| &it.rows);
                let same = rows.filter(|it| it.codes == row.codes);
                // A group without answers has no weight.
                let of_group = |(behind, told): &(Contributors, Option<Told>)| {
                    if behind.n == 0 { Some(Told { low: 0.0, high: 0.0 }) } else { *told }
                };
                let sum = |row: &ShareRow<'_>| {
                    let told = groups.iter().map(|group| of_group(&row.groups[*group]));
                    told.collect::<Option<Vec<Told>>>().map(|told| Told {
                        low: told.iter().map(|it| it.low).sum(),
                        high: told.iter().map(|it| it.high).sum(),
                    })
                };
                same.into_iter().find_map(sum)
            }
        }
    }

    /// The groups of a base that are everyone in another one, whose total is told.
    pub(super) fn told_by_totals(&self, base: usize) -> impl Iterator<Item = &BTreeSet<usize>> {
        let of_base = self.block.ties.iter().flat_map(move |tie| sides(tie, base));
        of_base.filter(|(_, other)| matches!(other, Part::Everyone(_))).map(|(groups, _)| groups)
    }

    /// A group of which a few people more or fewer are shown elsewhere: it is confidential, too.
    pub(super) fn told_by_difference(&self) -> Option<(usize, usize)> {
        self.block.nears.iter().filter(|near| self.is_told(near)).find_map(|near| {
            let places = [&near.larger, &near.smaller].into_iter().flat_map(|part| match part {
                Part::Everyone(_) => Vec::new(),
                Part::Groups(base, groups) => groups.iter().map(|group| (*base, *group)).collect(),
            });
            let is_free = |(base, group): &(usize, usize)| !self.hidden[*base].contains(group);
            places.filter(is_free).min_by_key(|(base, group)| (self.block.bases[*base].shown[*group], *base, *group))
        })
    }

    /// Whether a reader can tell the few by which two parts differ, or few others with them.
    fn is_told(&self, near: &Near<'_>) -> bool {
        let few = 1..self.smallest_base();
        match (&near.larger, &near.smaller) {
            (larger, Part::Groups(base, groups)) if is_single(larger) && self.shown(larger).is_some() => {
                let hidden = groups.iter().filter(|group| self.hidden[*base].contains(group));
                let answers = |group: &usize| self.block.bases[*base].answers(*group, &self.block.quantities);
                let left = near.few + hidden.map(answers).sum::<u64>();
                few.contains(&left) || self.is_sum_told(*base, groups)
            }
            (Part::Groups(base, groups), smaller) => self.shown(smaller).is_some() && self.is_sum_told(*base, groups),
            (larger, smaller) => self.shown(larger).is_some() && self.shown(smaller).is_some(),
        }
    }

    /// Whether all of some groups of a base are shown, or all others.
    fn is_sum_told(&self, base: usize, groups: &BTreeSet<usize>) -> bool {
        let (of_them, of_others): (Vec<usize>, Vec<usize>) =
            self.hidden[base].iter().copied().partition(|group| groups.contains(group));
        of_them.is_empty() || of_others.is_empty()
    }

    /// The counts of parts that are the same people are equal, and those of a part are no more than those of what holds it.
    pub(super) fn add_links(&self, numbers: &mut Numbers) {
        for link in &self.block.links {
            let (mut terms, mut known, mut is_whole) = (Vec::new(), 0.0, true);
            for (quantity, group, factor) in &link.terms {
                match numbers.unknowns.get(&(*quantity, *group)) {
                    Some(unknown) => terms.push((*unknown, *factor)),
                    None => known += factor * real(self.quantity(*quantity).groups[*group]),
                }
                is_whole &= numbers.unknowns.contains_key(&(*quantity, *group)) || self.is_known(*quantity, *group);
            }
            if is_whole && !terms.is_empty() {
                numbers.system.demand(terms, link.low - known, link.high - known);
            }
        }
    }
}

/// The sides of a tie that are of a base, each with the other side.
fn sides<'t, 'r>(tie: &'t Tie<'r>, base: usize) -> impl Iterator<Item = (&'t BTreeSet<usize>, &'t Part<'r>)> {
    let is_of = move |(one, other): (&'t Part<'r>, &'t Part<'r>)| match one {
        Part::Groups(of, groups) if *of == base => Some((groups, other)),
        Part::Groups(..) | Part::Everyone(_) => None,
    };
    [(&tie.0, &tie.1), (&tie.1, &tie.0)].into_iter().filter_map(is_of)
}

fn is_single(part: &Part<'_>) -> bool {
    match part {
        Part::Groups(_, groups) => groups.len() == 1,
        Part::Everyone(_) => true,
    }
}
