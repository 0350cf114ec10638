//! What stands beside numbers, and what rules are called.

use codebook::LonelyPsu;
use estimate::{Estimate, IntervalMethod, NotEstimable};

use super::Lonely;

/// What an error of 0 rests on.
pub(super) fn without_error(estimate: &Estimate) -> Option<&'static str> {
    match estimate {
        Estimate { se, .. } if *se > 0.0 => None,
        Estimate { low, high, .. } if low < high => Some(
            "all answers are alike: the limit on the other side is that of Korn and Graubard, one-sided at half the error",
        ),
        Estimate { .. } => Some("no sampling error: everybody was asked, or the design fixes it"),
    }
}

/// Why there is no value, or no error of it.
pub(super) fn because(reason: NotEstimable) -> &'static str {
    match reason {
        NotEstimable::Empty => "nobody is in the domain",
        NotEstimable::NoDenominator => "no ratio: its denominator is 0",
        NotEstimable::NoVariance => {
            "no error known: the sample shows no variation, which does not prove that there is none"
        }
        NotEstimable::NoDegreesOfFreedom => "no error known: the design leaves no degree of freedom",
        NotEstimable::UnknownVariance => {
            "no error known: a replicate leaves the whole domain out, there are lonely PSUs only, or numbers are too far apart to calculate with"
        }
        NotEstimable::Unbounded => "no error known: no value in the sample bounds the quantile on one of its sides",
    }
}

/// What `--lonely` calls a rule.
pub(super) fn lonely(rule: &Lonely) -> &'static str {
    match rule {
        Lonely::Rule(LonelyPsu::Refuse) => "refuse",
        Lonely::Rule(LonelyPsu::Certainty) => "certainty",
        Lonely::Rule(LonelyPsu::Centre) => "centre",
        Lonely::Rule(LonelyPsu::Average) => "average",
        Lonely::Collapse(_) => "collapse",
    }
}

/// What `--interval` calls a method.
pub(super) fn interval(method: IntervalMethod) -> &'static str {
    match method {
        IntervalMethod::T => "t",
        IntervalMethod::Xlogit => "xlogit",
        IntervalMethod::Beta => "beta",
        IntervalMethod::KornGraubard => "nchs",
        IntervalMethod::Wilson => "wilson",
        IntervalMethod::Asin => "asin",
    }
}
