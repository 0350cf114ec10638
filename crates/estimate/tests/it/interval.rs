//! The intervals of shares that R `survey` gives by its several methods.

use codebook::Measure;
use estimate::IntervalMethod;
use testkit::{OracleRow, oracle};

use crate::oracle::Asked;
use crate::sample::{Road, assert_near, estimated};
use crate::schools::schools;

/// Our name for a method of `svyciprop`.
fn method(name: &str) -> Option<IntervalMethod> {
    match name {
        "mean" => Some(IntervalMethod::T),
        "xlogit" => Some(IntervalMethod::Xlogit),
        "asin" => Some(IntervalMethod::Asin),
        "beta" => Some(IntervalMethod::Beta),
        _ => None,
    }
}

#[test]
fn intervals_of_shares_have_the_limits_of_r() {
    for design in ["srs", "strat", "strat_wr", "clus1", "clus2"] {
        let sample = schools(design);
        let rows: Vec<OracleRow> =
            oracle().into_iter().filter(|row| row.design == design && row.statistic == "share").collect();
        let mut compared = 0;
        for row in &rows {
            let Some(method) = method(&row.method) else { continue };
            compared += 1;
            let asked = Asked::new(row, Measure::Share);
            let found = estimated(asked.outcome(&sample, Road::Unit, method));
            assert_near(found.value, row.estimate, 1e-10);
            assert_near(found.se, row.se, 1e-10);
            assert_near(found.low, row.ci_low, 1e-10);
            assert_near(found.high, row.ci_high, 1e-10);
        }
        assert_eq!(compared, 4, "one share of {design} by mean, xlogit, asin and beta");
    }
}
