//! The names that a template is given: for the contract in `templates/README.md`, and for those who write a name that is not among them.

use std::collections::BTreeSet;

use minijinja::Value;
use minijinja::value::ValueKind;

/// Every name of a context, a list marked by `[]`: `page.themes[]`, `page.themes[].href`. What only holds others is told by their names.
pub(super) fn names_in(context: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    collect(context, "", &mut names);
    names
}

fn collect(value: &Value, name: &str, names: &mut BTreeSet<String>) {
    if value.kind() == ValueKind::Seq {
        let list = format!("{name}[]");
        for item in value.try_iter().into_iter().flatten() {
            collect(&item, &list, names);
        }
        names.insert(list);
    } else if value.kind() == ValueKind::Map {
        for key in value.try_iter().into_iter().flatten() {
            let within = if name.is_empty() { key.to_string() } else { format!("{name}.{key}") };
            if let Ok(inner) = value.get_item(&key) {
                collect(&inner, &within, names);
            }
        }
    } else {
        // Text, which is placed as it is.
        names.insert(name.to_owned());
    }
}

/// The names nearest to one that does not exist, the best first and at most three: `theme.titel` brings `page.themes[].title`.
pub(super) fn near(found: &str, names: &BTreeSet<String>) -> Vec<String> {
    let last = |name: &str| name.rsplit('.').next().unwrap_or_default().trim_end_matches("[]").to_owned();
    let wanted = last(found);
    let allowed = 1 + wanted.chars().count() / 3;
    let mut distances: Vec<(usize, usize, &String)> = names
        .iter()
        .map(|name| (strsim::damerau_levenshtein(&wanted, &last(name)), name.matches('.').count(), name))
        .filter(|(distance, ..)| *distance <= allowed)
        .collect();
    distances.sort();
    distances.into_iter().take(3).map(|(.., name)| name.clone()).collect()
}
