//! What protection loses, on a release of linked tables.

#[path = "../../benches/linked/mod.rs"]
mod linked;

use std::io::Write;

use linked::Outcomes;

#[test]
fn hiding_groups_loses_less_than_withholding_every_breakdown_that_is_touched() {
    let Outcomes { tables, cells, protected, attacked, primary, more, naive_more, derived } = linked::outcomes(4);
    // Past the harness, which keeps what a passing test prints to itself.
    writeln!(
        std::io::stdout(),
        "\nof {cells} cells in {tables} linked tables {primary} are confidential; hidden beyond them are {more}, by the naive rule {naive_more}; {:.1} s",
        (protected + attacked).as_secs_f64()
    )
    .expect("standard output can be written");
    assert_eq!(derived, [], "what is protected cannot be derived");
    assert!(primary > 0 && more < naive_more, "{more} of {cells}, and {naive_more} by the naive rule");
}
