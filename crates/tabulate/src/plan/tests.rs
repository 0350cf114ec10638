use std::collections::{BTreeMap, BTreeSet};

use codebook::{BaseId, VariableName};

use super::{Bundle, CELLS_PER_STATEMENT, SUMS_PER_STATEMENT, bundle};
use crate::aggregate::{Aggregate, Over, Term};

fn names(text: &str) -> BTreeSet<VariableName> {
    text.split_whitespace().map(|name| VariableName::new(name).unwrap()).collect()
}

fn count(item: &str) -> Aggregate {
    let base = BaseId::new("all").unwrap();
    Aggregate { base, over: Over::Present(VariableName::new(item).unwrap()), term: Term::N }
}

/// As many cells as `each` to the power of the breakdowns.
fn bundles(wanted: BTreeMap<Aggregate, BTreeSet<VariableName>>, each: u64) -> Vec<Bundle> {
    bundle(wanted, |breakdowns| each.pow(u32::try_from(breakdowns.len()).unwrap()))
}

#[test]
fn sums_with_different_breakdowns_share_a_statement_while_its_cells_are_few() {
    let wanted = BTreeMap::from([(count("a"), names("level")), (count("b"), names("size")), (count("c"), names(""))]);
    let bundles = bundles(wanted, 10);
    assert_eq!(bundles.len(), 1);
    assert_eq!(bundles[0].breakdowns, names("level size"));
    assert_eq!(bundles[0].aggregates.len(), 3);
}

#[test]
fn breakdowns_with_too_many_cells_together_go_apart() {
    let wanted = BTreeMap::from([(count("a"), names("level size")), (count("b"), names("size"))]);
    let bundles = bundles(wanted, CELLS_PER_STATEMENT);
    let expected = [
        Bundle { breakdowns: names("level"), aggregates: vec![count("a")] },
        Bundle { breakdowns: names("size"), aggregates: vec![count("a"), count("b")] },
    ];
    assert_eq!(bundles, expected);
}

#[test]
fn no_statement_has_more_sums_than_the_engine_plans_quickly() {
    let wanted: BTreeMap<_, _> = (0..250).map(|number| (count(&format!("x{number}")), names("level"))).collect();
    let bundles = bundles(wanted.clone(), 10);
    assert_eq!(bundles.len(), 3);
    assert!(bundles.iter().all(|bundle| bundle.aggregates.len() <= SUMS_PER_STATEMENT));
    let all: BTreeSet<_> = bundles.iter().flat_map(|bundle| bundle.aggregates.clone()).collect();
    assert_eq!(all, wanted.into_keys().collect());
}
