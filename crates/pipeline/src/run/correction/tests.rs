//! Which numbers of two releases count as changed.

use super::*;

/// A cell of 50 per cent.
const HALF: &str = r#"{"shown":{"estimate":[50,0],"high":[54,0],"low":[46,0],"n":100,"se":[20,1]}}"#;

/// A store of one wave with tables `t` and `u`, each with its total and these groups.
fn store(groups: [&[(&str, &str)]; 2], withheld: &str) -> ReleasedTables {
    let table = |id: &str, groups: &[(&str, &str)], withheld: &str| {
        let group =
            |(breakdown, code): &(&str, &str)| format!(r#"{{"group":{{"breakdown":"{breakdown}","code":"{code}"}}}}"#);
        let domains: Vec<String> = std::iter::once(r#""total""#.to_owned()).chain(groups.iter().map(group)).collect();
        let cells = vec![HALF; domains.len()].join(",");
        let domains = domains.join(",");
        format!(r#"{{"id":"{id}","rows":["r"],"domains":[{domains}],"cells":[[{cells}]],"withheld":[{withheld}]}}"#)
    };
    let text = format!(r#"{{"tables":[{},{}]}}"#, table("t", groups[0], withheld), table("u", groups[1], ""));
    ReleasedTables::read(text.as_bytes()).expect("it is a store")
}

fn names<'a>(changes: impl IntoIterator<Item = &'a FigureChange>) -> Vec<String> {
    changes.into_iter().map(|change| change.name.to_string()).collect()
}

#[test]
fn a_breakdown_that_the_old_release_has_nowhere_is_added_and_changes_nothing() {
    let old = store([&[("level", "state")], &[]], "");
    let new = store([&[("level", "state"), ("answer_time", "late")], &[]], "");
    assert_eq!(names(&changed(&old, &new)), Vec::<String>::new());
    assert!(moved(&old, &new).is_empty());
    assert_eq!(names(&added(&old, &new).collect::<Vec<_>>()), ["table t, row r, answer_time late"]);
    // The other way round it was taken from readers.
    assert_eq!(names(&changed(&new, &old)), ["table t, row r, answer_time late"]);
}

#[test]
fn a_breakdown_that_any_table_has_or_withholds_is_not_added() {
    let new = store([&[("level", "state"), ("level", "region")], &[]], "");
    for old in [
        // Another group of it, another table, and a part that is withheld.
        store([&[("level", "state")], &[]], ""),
        store([&[], &[("level", "state")]], ""),
        store([&[], &[]], r#"{"breakdown":"level","why":"confidential"}"#),
    ] {
        assert_eq!(added(&old, &new).count(), 0);
        assert!(names(&changed(&old, &new)).contains(&"table t, row r, level region".to_owned()));
    }
}
