//! `[design.replicates]` of a wave: the columns of replicate weights, and how they were made.

use super::toml::{Text, Value};
use crate::{ColumnPattern, Decimal, Finding, ReplicateCentre, ReplicateKind, ReplicateRecipe};

/// Reads `[design.replicates]`; nothing when it has findings.
pub(super) fn replicates(value: Value<'_>, findings: &mut Vec<Finding>) -> Option<ReplicateRecipe> {
    let before = findings.len();
    let mut entries = value.entries(findings)?;
    let place = entries.place().clone();
    let columns = entries.required("columns").and_then(|value| value.filled_text(findings));
    let word = entries.required("method").and_then(|value| value.filled_text(findings));
    let rho = entries.optional("rho").and_then(|value| Some((value, value.number(findings)?)));
    let rscales = entries.optional("rscales").and_then(|value| Some((value, numbers(value, findings)?)));
    let scale = entries.optional("scale").and_then(|value| positive(value, findings));
    let centre = entries.optional("centre").and_then(|value| value.filled_text(findings));
    entries.finish(findings);
    let centre = centre.map_or(Some(ReplicateCentre::Mean), |text| centre_of(text, findings));
    let method =
        word.filter(|_| findings.len() == before).and_then(|word| Method { word, rho, rscales }.kind(findings));
    if findings.len() > before {
        return None;
    }
    let columns = ColumnPattern::new(columns?.value);
    Some(ReplicateRecipe { columns, method: method?, scale, centre: centre?, place })
}

/// A method with the keys that only some of them have.
struct Method<'a> {
    word: Text<'a>,
    rho: Option<(Value<'a>, Decimal)>,
    rscales: Option<(Value<'a>, Vec<Decimal>)>,
}

impl Method<'_> {
    fn kind(self, findings: &mut Vec<Finding>) -> Option<ReplicateKind> {
        let word = self.word.value;
        let kind = match word {
            "jk1" => ReplicateKind::Jk1,
            "jkn" => {
                ReplicateKind::Jkn { rscales: self.rscales.as_ref().map(|(_, list)| list.clone()).unwrap_or_default() }
            }
            "jk2" => ReplicateKind::Jk2,
            "brr" => ReplicateKind::Brr,
            "fay" => ReplicateKind::Fay { rho: self.rho.as_ref().map_or(Decimal::new(0, 0), |(_, rho)| *rho) },
            "bootstrap" => ReplicateKind::Bootstrap,
            "sdr" => ReplicateKind::Sdr,
            other => {
                let finding = self.word.finding("unknown-word", format!("{other:?} is no way to make replicates"));
                findings.push(finding.did_you_mean(other, ReplicateKind::WORDS));
                return None;
            }
        };
        match (&kind, &self.rho) {
            (ReplicateKind::Fay { .. }, None) => {
                let finding = self.word.finding("missing-key", "fay needs rho, the part of the weight that is left");
                findings.push(finding.hint("such as rho = 0.3"));
            }
            (ReplicateKind::Fay { rho }, Some((value, _))) if !is_part(*rho) => {
                findings.push(value.finding("out-of-range", "rho is from 0 to below 1"));
            }
            (ReplicateKind::Fay { .. }, Some(_)) | (_, None) => {}
            (_, Some((value, _))) => {
                findings.push(value.finding("contradiction", format!("only fay has rho, and the method is {word}")));
            }
        }
        match (&kind, &self.rscales) {
            (ReplicateKind::Jkn { .. }, None) => {
                let message = "jkn needs rscales, (n - 1)/n of the stratum whose PSU each replicate leaves out";
                let finding = self.word.finding("missing-key", message);
                findings.push(
                    finding
                        .hint("one for all replicates, or one for each in the order of the columns: rscales = [0.5]"),
                );
            }
            (ReplicateKind::Jkn { .. }, Some(_)) | (_, None) => {}
            (_, Some((value, _))) => {
                findings
                    .push(value.finding("contradiction", format!("only jkn has rscales, and the method is {word}")));
            }
        }
        Some(kind)
    }
}

fn centre_of(text: Text<'_>, findings: &mut Vec<Finding>) -> Option<ReplicateCentre> {
    match text.value {
        "mean" => Some(ReplicateCentre::Mean),
        "estimate" => Some(ReplicateCentre::Estimate),
        other => {
            let finding = text.finding("unknown-word", format!("{other:?} is nothing to take squares around"));
            findings.push(finding.did_you_mean(other, ["mean", "estimate"]));
            None
        }
    }
}

fn is_part(rho: Decimal) -> bool {
    (Decimal::new(0, 0)..Decimal::new(1, 0)).contains(&rho)
}

/// Numbers above 0.
fn numbers(value: Value<'_>, findings: &mut Vec<Finding>) -> Option<Vec<Decimal>> {
    let values = value.list(findings)?;
    if values.is_empty() {
        findings.push(value.finding("empty", "expected a number for all replicates, or one for each"));
    }
    values.into_iter().map(|value| positive(value, findings)).collect()
}

fn positive(value: Value<'_>, findings: &mut Vec<Finding>) -> Option<Decimal> {
    let number = value.number(findings)?;
    if number.units() <= 0 {
        findings.push(value.finding("out-of-range", "expected a number above 0"));
        return None;
    }
    Some(number)
}
