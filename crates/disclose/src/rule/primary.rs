//! Which cells are confidential by themselves.

use codebook::{Extremes, MagnitudeRule, Measure, Numerators, Sensitivity, TableSpec};
use estimate::{Contributors, Outcome, Sides, Sizes};

use crate::Rules;

/// Whether somebody, but too few, stand behind a cell.
fn is_small(behind: &Contributors, rules: Rules) -> bool {
    (1..rules.smallest_base).contains(&behind.n)
}

/// Whether a cell is confidential by itself: its base is small, or what a share divides tells of a few, or of everybody.
pub(crate) fn is_confidential(behind: &Contributors, spec: &TableSpec, rules: Rules) -> bool {
    is_small(behind, rules)
        || match spec.measure {
            Measure::Share => tells_of_people(behind, spec.sensitivity, rules),
            Measure::Mean | Measure::Total | Measure::Ratio => is_of_few(behind, rules) || is_dominated(behind, rules),
            Measure::Quantile { .. } => false,
        }
}

/// Whether the answers in a category, or those not in it, are few though there are some; or none, where that must not be told.
fn tells_of_people(behind: &Contributors, sensitivity: Sensitivity, rules: Rules) -> bool {
    let is_sensitive = sensitivity == Sensitivity::Sensitive;
    let sides = [behind.positive, behind.n.saturating_sub(behind.positive)];
    let counts_sides = match rules.numerators {
        Numerators::Never => false,
        Numerators::Sensitive => is_sensitive || behind.take_all,
        Numerators::Always => true,
    };
    let hides_extremes = match rules.extremes {
        Extremes::Shown => false,
        Extremes::Sensitive => is_sensitive,
        Extremes::Hidden => true,
    };
    let is_few = counts_sides && sides.iter().any(|side| (1..rules.smallest_base).contains(side));
    let is_extreme = hides_extremes && behind.n > 0 && sides.contains(&0);
    is_few || is_extreme
}

/// Whether so few answers that a base leaves out, or that it leaves out none, must not be told: they are the numerator or the complement of what makes the base.
pub(crate) fn may_not_be_left_out(left_out: u64, base: Sensitivity, rules: Rules) -> bool {
    let is_sensitive = base == Sensitivity::Sensitive;
    let counts_few = is_sensitive && rules.numerators != Numerators::Never;
    let hides_none = is_sensitive && rules.extremes != Extremes::Shown;
    (counts_few && (1..rules.smallest_base).contains(&left_out)) || (hides_none && left_out == 0)
}

/// Whether a magnitude is made up by a few, however many others contribute nothing: times n, its mean is the value of these few.
fn is_of_few(behind: &Contributors, rules: Rules) -> bool {
    (1..rules.smallest_base).contains(&behind.positive)
}

/// Whether the largest contributors are so much of a magnitude that one of them could tell another one from it.
fn is_dominated(behind: &Contributors, rules: Rules) -> bool {
    let (Some(rule), Some(Sizes { total, largest })) = (rules.magnitudes, behind.sizes) else { return false };
    let [first, second, ..] = largest;
    let others = total - first - second;
    match rule {
        MagnitudeRule::Dominance { n, k } => {
            let leading: f64 = largest.iter().take(usize::from(n)).sum();
            leading * 100.0 > f64::from(k) * total
        }
        MagnitudeRule::Percent { p } => others * 100.0 < f64::from(p) * first,
        MagnitudeRule::PriorPosterior { p, q } => others * f64::from(q) < f64::from(p) * first,
    }
}

/// Whether what several groups have together is confidential, as the total less all others tells it: a magnitude of a few, or of a few large ones.
pub(crate) fn is_confidential_together(groups: &[Contributors], rules: Rules) -> bool {
    let sum = |of: fn(&Contributors) -> u64| groups.iter().map(of).sum();
    let all_sizes: Option<Vec<Sizes>> = groups.iter().filter(|it| it.n > 0).map(|it| it.sizes).collect();
    let sizes = all_sizes.map(|sizes| {
        let mut largest: Vec<f64> = sizes.iter().flat_map(|it| it.largest).collect();
        largest.sort_by(|one, other| other.total_cmp(one));
        let largest = std::array::from_fn(|place| largest.get(place).copied().unwrap_or_default());
        Sizes { total: sizes.iter().map(|it| it.total).sum(), largest }
    });
    let Some(first) = groups.first() else { return false };
    let together = Contributors { n: sum(|it| it.n), positive: sum(|it| it.positive), sizes, ..*first };
    is_of_few(&together, rules) || is_dominated(&together, rules)
}

/// Whether a quantile, or a limit of it, is a value that only a few reach.
pub(crate) fn tells_of_few(outcome: &Outcome, rules: Rules) -> bool {
    outcome.sides().is_some_and(|sides| sides.fewest < rules.smallest_base)
}

/// The power of ten that a quantile and its limits are rounded to: the smallest one, of those that the table's decimals leave, at which as many have the same number as a smallest base has.
/// None beyond the standard error, which would tell less than is known of the quantile: within it nobody can say whose value it is.
pub(crate) fn rounding_of(sides: Sides, se: f64, decimals: u8, rules: Rules) -> i8 {
    let finest = i8::try_from(decimals).map_or(Sides::FINEST, |decimals| -decimals);
    let coarse_enough =
        sides.by_exponent().find(|(exponent, alike)| *exponent >= finest && *alike >= rules.smallest_base);
    let needed = coarse_enough.or_else(|| sides.by_exponent().last()).map_or(finest, |(exponent, _)| exponent);
    let reaches = |(exponent, _): &(i8, u64)| format!("1e{exponent}").parse().is_ok_and(|power: f64| power <= se);
    let reached = sides.by_exponent().take_while(reaches).last().map_or(finest, |(exponent, _)| exponent);
    needed.min(reached).max(finest)
}
