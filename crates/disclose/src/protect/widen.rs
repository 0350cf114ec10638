//! What gives a count more room that has too little.
//!
//! A count is bounded by its margin, and by what other bases tell of the group: a wider base shows the group itself, or hides it beside too few others. Some
//! ways to hide more are tried, a single group first, then the group in all bases that are linked to its own, then another one with it in all of them. What
//! each would gain is read from the bounds of the system that it would leave, which needs no linear program; the cheapest that gives room enough is taken.

use std::collections::BTreeSet;

use super::joined::Part;
use super::secondary::{Protected, Protection, Step};

/// So many groups are tried as companions.
const COMPANIONS: usize = 6;

/// Groups to hide so that a count comes nearer to the room that it needs; `None` where nothing is left to hide.
pub(super) fn step(protection: &Protection<'_, '_>, base: usize, count: Protected, needed: f64) -> Option<Step> {
    let linked = linked_bases(protection, base);
    let mut best: Option<((bool, f64), Step)> = None;
    let now = protection.room(count, &[]);
    for step in candidates(protection, base, &linked, count) {
        let room = protection.room(count, &step).min(needed);
        let cost = cost(protection, &step);
        // What is enough comes before what is not; then the least cost, or the most gain for it.
        let gain = if room >= needed { -cost } else { (room - now) / cost.max(1.0) };
        let rank = (room >= needed, gain);
        if (room > now || room >= needed) && best.as_ref().is_none_or(|(found, _)| rank > *found) {
            best = Some((rank, step));
        }
    }
    best.map(|(_, step)| step).or_else(|| {
        let any = |base: usize| protection.cheapest(base).map(|group| vec![(base, group)]);
        let everywhere = everywhere(protection, &linked, count.group);
        if everywhere.is_empty() { linked.iter().copied().find_map(any) } else { Some(everywhere) }
            .or_else(|| (0..protection.block.bases.len()).find_map(any))
    })
}

/// The cells that a step would take.
fn cost(protection: &Protection<'_, '_>, step: &[(usize, usize)]) -> f64 {
    let shown = step.iter().map(|(base, group)| protection.block.bases[*base].shown[*group]).sum::<usize>();
    super::linear::real(u64::try_from(shown).unwrap_or(u64::MAX))
}

fn candidates(protection: &Protection<'_, '_>, base: usize, linked: &[usize], count: Protected) -> Vec<Step> {
    let one = |base: &usize| protection.cheapest(*base).map(|group| vec![(*base, group)]);
    let companions = protection.by_cost(base);
    let mut steps: Vec<Step> = companions.iter().take(COMPANIONS).map(|group| vec![(base, *group)]).collect();
    let itself = everywhere(protection, linked, count.group);
    steps.extend(itself.iter().map(|part| vec![*part]));
    steps.extend(linked.iter().filter_map(one));
    for companion in companions.iter().take(COMPANIONS) {
        let with_it = everywhere(protection, linked, *companion);
        steps.push(itself.iter().chain(&with_it).copied().collect());
    }
    steps.push(itself);
    steps.extend(around(protection, base, count.group));
    steps.retain(|step| !step.is_empty());
    steps
}

/// Where other breakdowns tell the group together with some others, or a hidden one beside it: one of those, one of what tells them, or both.
fn around(protection: &Protection<'_, '_>, base: usize, group: usize) -> Vec<Step> {
    let is_free = |(base, group): &(usize, usize)| everywhere(protection, &[*base], *group).len() == 1;
    let cost = |(base, group): &(usize, usize)| (protection.block.bases[*base].shown[*group], *group);
    let mut steps = Vec::new();
    let beside = protection.hidden[base].iter().copied();
    for member in std::iter::once(group).chain(beside).chain(protection.cheapest(base)).collect::<BTreeSet<_>>() {
        for (groups, other) in protection.tied(base, member) {
            let own: Option<(usize, usize)> = groups.iter().map(|it| (base, *it)).filter(is_free).min_by_key(cost);
            let others: Option<(usize, usize)> = match other {
                Part::Everyone(_) => None,
                Part::Groups(other, groups) => groups.iter().map(|it| (*other, *it)).filter(is_free).min_by_key(cost),
            };
            steps.extend([own, others].into_iter().flatten().map(|it| vec![it]));
            steps.extend(own.zip(others).map(|(own, other)| vec![own, other]));
            let companion = protection.cheapest(base).map(|it| (base, it));
            steps.extend(companion.zip(others).map(|(companion, other)| vec![companion, other]));
        }
    }
    steps
}

/// A group in all of some bases that show it.
fn everywhere(protection: &Protection<'_, '_>, bases: &[usize], group: usize) -> Step {
    let is_shown = |base: &&usize| {
        let answers = protection.block.bases[**base].answers(group, &protection.block.quantities);
        !protection.hidden[**base].contains(&group) && answers > 0
    };
    bases.iter().filter(is_shown).map(|base| (*base, group)).collect()
}

/// The base itself, and those that tell a count which is linked to one of its own, whatever lies between.
fn linked_bases(protection: &Protection<'_, '_>, base: usize) -> Vec<usize> {
    let block = protection.block;
    let mut linked = BTreeSet::from([base]);
    loop {
        let is_linked = |quantity: &usize| block.quantities[*quantity].bases.iter().any(|base| linked.contains(base));
        let pairs = block.nested.iter().map(|(one, other)| vec![*one, *other]);
        let related = pairs.chain(block.sums.iter().map(|sum| sum.to_vec())).filter(|all| all.iter().any(is_linked));
        let shared = (0..block.quantities.len()).filter(is_linked).map(|quantity| vec![quantity]);
        let same = block.links.iter().map(|link| link.terms.iter().map(|(it, ..)| *it).collect::<Vec<usize>>());
        let same = same.filter(|all| all.iter().any(is_linked));
        let bases = |quantity: usize| block.quantities[quantity].bases.iter().copied();
        let more: BTreeSet<usize> = related.chain(shared).chain(same).flatten().flat_map(bases).collect();
        if more.is_subset(&linked) {
            break;
        }
        linked.extend(more);
    }
    let rest = linked.iter().copied().filter(|it| *it != base);
    std::iter::once(base).chain(rest).collect()
}
