//! What counts have to do with each other: which are the same, which is a part of which, which add up.

use std::collections::BTreeSet;

use super::gather::{Category, Count, Fact, Gathered};

/// A sum of counts that lies between two limits in every group.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Relation {
    /// Counts with their factors.
    pub(super) terms: Vec<(usize, f64)>,
    pub(super) low: f64,
    pub(super) high: f64,
    /// The same in words.
    pub(super) words: String,
}

/// Every relation that the attacker can tell from what he sees.
pub(super) fn relations(gathered: &Gathered) -> Vec<Relation> {
    let mut relations = Vec::new();
    of_categories(gathered, &mut relations);
    of_bases(gathered, &mut relations);
    relations
}

fn of_categories(gathered: &Gathered, relations: &mut Vec<Relation>) {
    let name = |count: usize| &gathered.counts[count].name;
    for category in &gathered.categories {
        let Category { count, answers, .. } = category;
        relations.push(at_most(gathered, *count, *answers));
        let same = same_as_base(gathered, category);
        relations.extend(same.map(|base| Relation {
            terms: vec![(*count, 1.0), (base, -1.0)],
            low: 0.0,
            high: 0.0,
            words: format!("{} are {}", name(*count), name(base)),
        }));
    }
    let items: BTreeSet<(&String, &String)> =
        gathered.categories.iter().map(|category| (&category.base, &category.item)).collect();
    for (base, item) in items {
        let of_item: Vec<&Category> =
            gathered.categories.iter().filter(|it| it.base == *base && it.item == *item).collect();
        relations.extend(of_item.iter().filter_map(|merged| parts(gathered, merged, &of_item)));
        relations.extend(all_together(gathered, &of_item));
    }
}

fn at_most(gathered: &Gathered, below: usize, above: usize) -> Relation {
    let words = format!("{} are no more than {}", gathered.counts[below].name, gathered.counts[above].name);
    Relation { terms: vec![(below, 1.0), (above, -1.0)], low: f64::NEG_INFINITY, high: 0.0, words }
}

/// The answers of a base that are just the people of a category: the base bears the item's name, or its numbers are exactly those of the category.
fn same_as_base(gathered: &Gathered, category: &Category) -> Option<usize> {
    let count = &gathered.counts[category.count];
    let candidates = gathered.answers.iter().filter(|((base, _), _)| *base != category.base);
    let fitting = candidates.filter(|((base, _), index)| {
        let answers = &gathered.counts[**index];
        let seen: Vec<(&Fact, &Fact)> = count.seen_in_both(answers).collect();
        let fits = seen
            .iter()
            .all(|(share, n)| share.range.least <= n.range.least + 0.5 && n.range.most <= share.range.most + 0.5);
        let is_named = *base == category.item && category.codes.is_empty() && !seen.is_empty();
        fits && (is_named || (seen.len() >= 3 && seen.iter().all(|(share, _)| share.is_exact())))
    });
    // Of several items of the base, the one that most people answered.
    let total = |index: usize| gathered.counts[index].total.as_ref().map_or(0.0, |fact| fact.range.least);
    fitting.map(|(_, index)| *index).max_by(|one, other| total(*one).total_cmp(&total(*other)))
}

/// A merged category is the sum of its own, where all of them have rows.
fn parts(gathered: &Gathered, merged: &Category, of_item: &[&Category]) -> Option<Relation> {
    let mut left: BTreeSet<&String> = merged.codes.iter().collect();
    let mut terms = vec![(merged.count, -1.0)];
    for part in of_item.iter().filter(|part| part.codes.len() < merged.codes.len() && !part.codes.is_empty()) {
        if part.codes.iter().all(|code| left.contains(code)) {
            left.retain(|code| !part.codes.contains(code));
            terms.push((part.count, 1.0));
        }
    }
    let words = format!("{} are those of its categories together", gathered.counts[merged.count].name);
    (left.is_empty() && terms.len() > 2).then_some(Relation { terms, low: 0.0, high: 0.0, words })
}

/// Categories without a code in common hold together no more than all answers, and just these where they do so in every place that is seen.
fn all_together(gathered: &Gathered, of_item: &[&Category]) -> Option<Relation> {
    let mut codes: BTreeSet<&String> = BTreeSet::new();
    let mut apart: Vec<&Category> = Vec::new();
    for category in of_item.iter().filter(|category| !category.codes.is_empty()) {
        if category.codes.iter().all(|code| !codes.contains(code)) {
            codes.extend(&category.codes);
            apart.push(category);
        }
    }
    let answers = apart.first()?.answers;
    let counts: Vec<&Count> = apart.iter().map(|category| &gathered.counts[category.count]).collect();
    let is_sum = |group| {
        let n = gathered.counts[answers].fact(group).filter(|fact| fact.is_exact())?;
        let facts: Option<Vec<&Fact>> =
            counts.iter().map(|count| count.fact(group).filter(|it| it.is_exact())).collect();
        let sum: f64 = facts?.iter().map(|fact| fact.range.least).sum();
        Some((sum - n.range.least).abs() < 0.5)
    };
    let groups = gathered.counts[answers].groups.keys().map(Some);
    let seen: Vec<bool> = std::iter::once(None).chain(groups).filter_map(is_sum).collect();
    let is_all = seen.len() > 1 && seen.iter().all(|is_sum| *is_sum);
    let terms = apart.iter().map(|category| (category.count, 1.0)).chain([(answers, -1.0)]).collect();
    let low = if is_all { 0.0 } else { f64::NEG_INFINITY };
    let words = format!(
        "the categories together are {}{}",
        if is_all { "the " } else { "no more than the " },
        gathered.counts[answers].name
    );
    (apart.len() > 1).then_some(Relation { terms, low, high: 0.0, words })
}

/// The widest base holds the others; two that add up to it wherever all are seen are its parts.
fn of_bases(gathered: &Gathered, relations: &mut Vec<Relation>) {
    let mut numbers: Vec<usize> = gathered.answers.values().copied().collect();
    numbers.sort_unstable();
    numbers.dedup();
    let total = |index: &usize| gathered.counts[*index].total.as_ref().map(|fact| fact.range.least);
    let Some(widest) =
        numbers.iter().copied().max_by(|one, other| total(one).unwrap_or(0.0).total_cmp(&total(other).unwrap_or(0.0)))
    else {
        return;
    };
    let others: Vec<usize> =
        numbers.into_iter().filter(|index| *index != widest && is_part(gathered, *index, widest)).collect();
    for other in &others {
        relations.push(at_most(gathered, *other, widest));
    }
    for (place, one) in others.iter().enumerate() {
        for other in others[place + 1..].iter().filter(|other| are_parts(gathered, *one, **other, widest)) {
            let words = format!(
                "{} and {} are {}",
                gathered.counts[*one].name, gathered.counts[*other].name, gathered.counts[widest].name
            );
            relations.push(Relation {
                terms: vec![(*one, 1.0), (*other, 1.0), (widest, -1.0)],
                low: 0.0,
                high: 0.0,
                words,
            });
        }
    }
    rows_of_parts(gathered, widest, &others, relations);
}

/// The people of a category in a base are in it in the widest base, too.
fn rows_of_parts(gathered: &Gathered, widest: usize, others: &[usize], relations: &mut Vec<Relation>) {
    let of = |answers: usize| gathered.categories.iter().filter(move |category| category.answers == answers);
    for all in of(widest) {
        for some in others.iter().flat_map(|other| of(*other)) {
            let is_same = some.item == all.item && some.codes == all.codes;
            if is_same && is_part(gathered, some.count, all.count) {
                relations.push(at_most(gathered, some.count, all.count));
            }
        }
    }
}

fn is_part(gathered: &Gathered, below: usize, above: usize) -> bool {
    let mut seen = gathered.counts[below].seen_in_both(&gathered.counts[above]).peekable();
    seen.peek().is_some() && seen.all(|(below, above)| below.range.least <= above.range.most)
}

fn are_parts(gathered: &Gathered, one: usize, other: usize, all: usize) -> bool {
    let exact = |index: usize, group| {
        gathered.counts[index].fact(group).filter(|fact| fact.is_exact()).map(|it| it.range.least)
    };
    let adds_up = |group| Some((exact(one, group)? + exact(other, group)? - exact(all, group)?).abs() < 0.5);
    let groups = gathered.counts[all].groups.keys().map(Some);
    let seen: Vec<bool> = std::iter::once(None).chain(groups).filter_map(adds_up).collect();
    exact(all, None).is_some() && seen.len() > 2 && seen.iter().all(|adds_up| *adds_up)
}
