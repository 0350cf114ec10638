//! Two hundred linked tables are protected, then attacked: how long it takes, and what is lost beside a naive rule.

#![expect(clippy::print_stdout, reason = "a benchmark tells what it measured")]

mod linked;

use linked::Outcomes;

fn main() {
    let Outcomes { tables, cells, protected, attacked, primary, more, naive_more, derived } = linked::outcomes(20);
    println!("{tables} linked tables with {cells} cells");
    println!("protected in {:.2} s, attacked in {:.2} s", protected.as_secs_f64(), attacked.as_secs_f64());
    println!("{primary} cells are confidential by themselves; {} numbers can be derived", derived.len());
    println!("hidden beyond them: {more}, by the naive rule {naive_more}");
    assert!(derived.is_empty(), "what is protected cannot be derived: {derived:?}");
    assert!(more < naive_more, "hiding group by group loses less than withholding whatever is touched");
    assert!(protected.as_secs_f64() + attacked.as_secs_f64() < 60.0, "it may take a minute");
}
