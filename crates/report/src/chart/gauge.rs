//! A share on a line from 0 to 100, small enough to stand in a row beside its sentence: the estimate as a mark, its interval as a band.
//!
//! Rows of a list share the scale, so their gauges are read against each other. The words beside it say the same, and it is hidden
//! from those who have them read out.

use super::Reach;
use crate::language::Number;

/// Draws it; places are per cents of the width, whatever that is.
pub(crate) fn gauge(reach: Reach) -> String {
    let [low, at, high] = [reach.low, reach.estimate, reach.high].map(place);
    format!(
        "<svg class=\"gauge\" aria-hidden=\"true\" focusable=\"false\"><line class=\"rail\" x1=\"0\" x2=\"100%\" y1=\"50%\" y2=\"50%\"/>\
         <line class=\"reach\" x1=\"{low}\" x2=\"{high}\" y1=\"50%\" y2=\"50%\"/>\
         <line class=\"at\" x1=\"{at}\" x2=\"{at}\" y1=\"0\" y2=\"100%\"/></svg>"
    )
}

/// A per cent as SVG writes it.
fn place(number: Number) -> String {
    let digits = number.units.unsigned_abs().to_string();
    let decimals = usize::from(number.decimals);
    let padded = format!("{digits:0>width$}", width = decimals + 1);
    let (whole, fraction) = padded.split_at(padded.len() - decimals);
    let sign = if number.units < 0 { "-" } else { "" };
    if fraction.is_empty() { format!("{sign}{whole}%") } else { format!("{sign}{whole}.{fraction}%") }
}

#[cfg(test)]
mod tests {
    use super::{Number, Reach, gauge};

    #[test]
    fn a_gauge_stands_where_its_numbers_are() {
        let number = |units| Number { units, decimals: 1 };
        let drawn = gauge(Reach { estimate: number(905), low: number(8), high: number(1000) });
        assert!(drawn.contains("x1=\"0.8%\" x2=\"100.0%\"") && drawn.contains("x1=\"90.5%\""), "{drawn}");
    }
}
