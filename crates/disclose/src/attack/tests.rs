//! The attack, on releases small enough to be attacked by hand.

use super::*;

const LEVELS: [&str; 3] = ["municipality", "region", "state"];
const ASKED: Surroundings = Surroundings { asked: 5, weight_ratio: 1.0 };

fn spot(base: &str, item: &str, codes: &str, level: Option<&str>) -> Spot {
    Spot {
        base: base.to_owned(),
        item: item.to_owned(),
        codes: codes.split('+').filter(|code| !code.is_empty()).map(str::to_owned).collect(),
        group: level.map(|level| ("level".to_owned(), level.to_owned())),
    }
}

/// What a table tells of a row in total and by level: n and whole per cent, or `None` where it is confidential.
fn table(base: &str, item: &str, codes: &str, cells: [Option<(u64, u64)>; 4]) -> Vec<Statement> {
    let places = std::iter::once(None).chain(LEVELS.map(Some));
    let told = |cell: Option<(u64, u64)>| match cell {
        Some((n, percent)) => {
            let percent = crate::protect::linear::real(percent);
            vec![Told::Answers(n), Told::Share { low: (percent - 0.5) / 100.0, high: (percent + 0.5) / 100.0 }]
        }
        None => vec![Told::Confidential],
    };
    let statement = |(level, cell)| {
        let spot = spot(base, item, codes, level);
        told(cell).into_iter().map(move |told| Statement {
            spot: spot.clone(),
            told,
            place: format!("data/{base}-{item}.csv"),
        })
    };
    places.zip(cells).flat_map(statement).collect()
}

fn sentence(spot: Spot, told: Told, place: &str) -> Statement {
    Statement { spot, told, place: place.to_owned() }
}

/// What was found, in short: the number, its spot, its range.
fn found(statements: &[Statement], surroundings: Surroundings) -> Vec<String> {
    let short = |it: &Derived| format!("{:?} of {}: {} to {}", it.number, it.spot, it.least, it.most);
    attack(statements, surroundings).iter().map(short).collect()
}

/// Two hidden groups, as they are after protection: 33 answers together.
fn sound() -> Vec<Statement> {
    table("all", "new", "", [Some((93, 60)), Some((60, 50)), None, None])
}

#[test]
fn nothing_follows_from_a_release_with_two_hidden_groups() {
    assert_eq!(found(&sound(), ASKED), Vec::<String>::new());
}

#[test]
fn the_complement_in_a_margin_is_derived_with_its_arithmetic() {
    let statements = table("all", "new", "", [Some((93, 60)), Some((60, 50)), Some((30, 80)), None]);
    let derived = attack(&statements, ASKED);
    let answers = derived.iter().find(|it| it.number == Number::Answers).unwrap();
    assert_eq!((answers.least, answers.most, answers.asked), (3, 3, 5));
    assert_eq!(
        answers.arithmetic,
        ["answers of all to new, by level: 93 in all less 90 in groups that are shown leaves 3 in state"]
    );
    assert_eq!(answers.places, ["data/all-new.csv"]);
    // 60 per cent of 93 is 56 (55.3 to 56.3), 30 of 60 and 24 of 30 are elsewhere: 2 of the 3 are in it.
    assert!(found(&statements, ASKED).contains(&"InCategory of base all, new, level state: 2 to 2".to_owned()));
}

#[test]
fn a_group_that_another_table_shows_is_derived_and_so_is_its_neighbour() {
    let mut statements = sound();
    statements.extend(table("all", "used", "", [Some((93, 10)), Some((60, 10)), Some((30, 10)), None]));
    let found = found(&statements, ASKED);
    assert!(found.contains(&"Answers of base all, new, level state: 3 to 3".to_owned()), "{found:?}");
}

#[test]
fn an_n_that_is_told_elsewhere_is_derived_where_it_stands() {
    let mut statements = sound();
    let place = "index.html, caption of figure new";
    statements.push(sentence(spot("all", "new", "", Some("region")), Told::Answers(30), place));
    let derived = attack(&statements, ASKED);
    let answers = derived.iter().find(|it| it.number == Number::Answers).unwrap();
    assert_eq!((answers.spot.clone(), answers.least, answers.most), (spot("all", "new", "", Some("state")), 3, 3));
    assert_eq!(answers.places, ["data/all-new.csv", place]);
}

/// 50 of 100, 24 of 60 and 25 of 37: of the three that are left, one is in it.
fn one_of_three() -> Vec<Statement> {
    table("all", "new", "", [Some((100, 50)), Some((60, 40)), Some((37, 68)), None])
}

#[test]
fn rounded_shares_of_few_answers_give_counts_away_by_difference() {
    let one = "InCategory of base all, new, level state: 1 to 1".to_owned();
    assert!(found(&one_of_three(), ASKED).contains(&one));
    let together = table("all", "new", "", [Some((100, 50)), Some((60, 40)), None, None]);
    assert_eq!(found(&together, ASKED), Vec::<String>::new());
}

#[test]
fn unequal_weights_blur_what_a_share_tells() {
    let blurred = found(&one_of_three(), Surroundings { weight_ratio: 3.0, ..ASKED });
    assert_eq!(blurred, ["Answers of base all, new, level state: 3 to 3"], "n is told without any weight");
    let range = gather::in_category(100.0, 0.495, 0.505, 3.0);
    // The heaviest in it: 100 * 0.495 / (0.495 + 3 * 0.505) = 24.6; the lightest: 100 * 1.515 / (0.495 + 1.515) = 75.4.
    assert_eq!((range.least, range.most), (25.0, 75.0));
    let range = gather::in_category(100.0, 0.495, 0.505, 1.0);
    assert_eq!((range.least, range.most), (50.0, 50.0), "a whole per cent of a hundred answers is a count");
}

#[test]
fn two_bases_that_differ_by_a_few_answers_tell_those_few() {
    let mut statements = table("all", "new", "", [Some((93, 60)), Some((33, 50)), Some((30, 80)), Some((30, 50))]);
    statements.extend(table("some", "new", "", [Some((90, 60)), Some((30, 50)), Some((30, 80)), Some((30, 50))]));
    let derived = attack(&statements, ASKED);
    let first = &derived[0];
    assert_eq!((first.number, first.least, first.most), (Number::Difference, 3, 3));
    assert_eq!(first.arithmetic, ["93 answers of all to new less 90 of some are 3 whom some leaves out"]);
    assert_eq!(derived.len(), 2, "in total and in municipalities");
}

#[test]
fn a_few_answers_that_are_in_no_group_are_told_by_all_groups() {
    let statements = table("all", "new", "", [Some((96, 60)), Some((33, 50)), Some((30, 80)), Some((30, 50))]);
    assert_eq!(found(&statements, ASKED), ["WithoutGroup of base all, new, level : 3 to 3"]);
}

#[test]
fn the_row_that_a_base_is_named_for_tells_the_base() {
    let all = table("all", "new", "", [Some((100, 40)), Some((60, 30)), Some((36, 50)), Some((4, 100))]);
    let of_new = table("new", "used", "", [Some((40, 50)), Some((18, 50)), None, None]);
    let without_row = found(&of_new, ASKED);
    assert_eq!(without_row, Vec::<String>::new());
    let found = found(&[of_new, all].concat(), ASKED);
    assert!(found.contains(&"Answers of base new, used, level state: 4 to 4".to_owned()), "{found:?}");
}

#[test]
fn what_two_parts_of_the_people_tell_gives_the_third_away() {
    let all = table("all", "used", "", [Some((100, 40)), Some((60, 30)), Some((36, 50)), None]);
    let news = table("new", "used", "", [Some((40, 50)), Some((20, 50)), Some((16, 50)), None]);
    let others = table("old", "used", "", [Some((60, 50)), Some((40, 50)), Some((20, 50)), Some((0, 0))]);
    let found = found(&[all, news, others].concat(), ASKED);
    assert!(found.contains(&"Answers of base new, used, level state: 4 to 4".to_owned()), "{found:?}");
}

#[test]
fn a_share_that_is_told_of_a_hidden_group_bounds_its_numbers() {
    let mut statements = sound();
    let mut tell = |level, low, high| {
        let spot = spot("all", "new", "", Some(level));
        statements.push(sentence(spot, Told::Share { low, high }, "index.html"));
    };
    tell("region", 0.755, 0.765);
    tell("state", 1.0, 1.0);
    let found = found(&statements, ASKED);
    // The two have 33 answers, 56 - 30 = 26 of them in it: 29 * 0.76 + 4.
    assert!(found.contains(&"Answers of base all, new, level state: 4 to 4".to_owned()), "{found:?}");
}

#[test]
fn cells_that_are_unreliable_have_answers_enough() {
    let mut statements = table("all", "new", "", [Some((93, 60)), Some((60, 50)), Some((23, 50)), None]);
    for statement in &mut statements {
        if statement.told == Told::Confidential {
            statement.told = Told::NotShown;
        }
    }
    assert_eq!(
        found(&statements, ASKED),
        Vec::<String>::new(),
        "ten answers are too few to be reliable, and no secret"
    );
}

#[test]
fn merged_categories_and_categories_that_are_all_there_give_the_last_one_away() {
    let row = |codes: &str, cells| table("all", "kind", codes, cells);
    let shown = [Some((100, 50)), Some((60, 50)), Some((20, 50)), Some((20, 50))];
    let rest = [Some((100, 50)), Some((60, 50)), Some((20, 50)), None];
    let found = found(&[row("1", shown), row("2", rest)].concat(), ASKED);
    assert!(found.contains(&"InCategory of base all, kind 2, level state: 10 to 10".to_owned()), "{found:?}");
}

#[test]
fn what_contradicts_itself_gives_nothing_away() {
    let mut statements = sound();
    statements.push(sentence(spot("all", "new", "", None), Told::Answers(50), "an older edition"));
    assert_eq!(found(&statements, ASKED), Vec::<String>::new());
}
