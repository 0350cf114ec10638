//! Events as lines for machines: one JSON object a line, its keys in the order of the alphabet, with the event and the edition that it is of.
//!
//! There is no time in them: whoever collects lines notes when they came, and the same run gives the same lines.

use std::path::Path;

use codebook::{Finding, Place, Severity};
use serde_json::{Map, Value, json};

use super::Event;
use crate::load::shown;
use crate::{FailedClaim, PipelineError, Step, VerdictKind};

impl Event<'_> {
    /// The event as one line of JSON, without a line break.
    #[must_use]
    pub fn line(&self, edition: &str) -> String {
        let (name, fields) = self.named();
        line(name, edition, fields)
    }

    fn named(&self) -> (&'static str, Value) {
        match *self {
            Event::Warning(found) => ("warning", finding(found)),
            Event::Planned { country, wave, tables, wordings } => {
                ("planned", json!({ "country": country, "wave": wave.year(), "tables": tables, "wordings": wordings }))
            }
            Event::Checked(summary) => (
                "checked",
                json!({
                    "rows": summary.rows,
                    "answers": summary.answers,
                    "left_out": summary.left_out.values().sum::<u64>(),
                    "incomplete": summary.incomplete(),
                }),
            ),
            Event::Weighted { strata, population } => {
                ("weighted", json!({ "strata": strata, "population": population }))
            }
            Event::Summed { statements } => ("summed", json!({ "statements": statements })),
            Event::Estimated { cells } => ("estimated", json!({ "cells": cells })),
            Event::Beside { wave, answers } => ("beside", json!({ "wave": wave.year(), "answers": answers })),
            Event::Withheld { table, part } => {
                let breakdown = part.breakdown.as_ref().map(ToString::to_string);
                (
                    "withheld",
                    json!({ "table": table.to_string(), "breakdown": breakdown, "why": format!("{:?}", part.why) }),
                )
            }
            Event::Disclosed { shown, hidden } => ("disclosed", json!({ "shown": shown, "hidden": hidden })),
            Event::Proofread { file, sentences } => {
                ("proofread", json!({ "file": shown(file), "sentences": sentences }))
            }
            Event::Drafted { release_at, manifest } => {
                ("drafted", json!({ "release_at": release_at, "manifest": manifest }))
            }
            Event::Released { folder, files } => ("released", json!({ "folder": shown(folder), "files": files })),
            Event::Recalled { cells } => ("recalled", json!({ "cells": cells })),
            Event::Unchanged { folder } => ("unchanged", json!({ "folder": shown(folder) })),
            Event::Ended { built, ended, all } => ("ended", json!({ "built": built, "ended": ended, "of": all })),
            Event::Steps(steps) => (
                "steps",
                json!({ "done": counts(|step| steps.done(step)), "reused": counts(|step| steps.reused(step)) }),
            ),
        }
    }
}

impl PipelineError {
    /// Why an edition was not built, as one line of JSON, without a line break. `exit` is the code that the program gives for it.
    #[must_use]
    pub fn line(&self, edition: &str, exit: u8) -> String {
        let mut fields = json!({ "exit": exit, "message": self.to_string() });
        match self {
            Self::Findings(findings) => fields["findings"] = findings.iter().map(finding).collect(),
            Self::Damaged(damaged) => fields["findings"] = json!([finding(damaged)]),
            Self::Claims(failed) => fields["claims"] = failed.iter().map(claim).collect(),
            Self::Derivable(disclosures) | Self::KnownBefore(disclosures) => fields["derivable"] = json!(disclosures),
            Self::Leaks(leaks) => {
                fields["leaks"] =
                    leaks.iter().map(|leak| json!({ "file": leak.file, "what": leak.kind.to_string() })).collect();
            }
            Self::Usage { .. }
            | Self::Locked { .. }
            | Self::Mismatch { .. }
            | Self::Embargo { .. }
            | Self::Unapproved { .. }
            | Self::Store(_)
            | Self::Changed { .. }
            | Self::Clock { .. }
            | Self::Read { .. }
            | Self::Write { .. }
            | Self::Random(_)
            | Self::Ingest(_)
            | Self::Tabulate(_)
            | Self::Twin(_)
            | Self::Dataset(_)
            | Self::Report(_)
            | Self::Threads(_) => {}
        }
        line("failed", edition, fields)
    }
}

/// What came of a run, as one line of JSON without a line break: the folder of each edition that was built, the exit code of each that was not,
/// and the code that the program ends with.
#[must_use]
pub fn summary_line(built: &[(String, &Path)], failed: &[(String, u8)], exit: u8) -> String {
    let built: Vec<Value> =
        built.iter().map(|(edition, folder)| json!({ "edition": edition, "folder": shown(folder) })).collect();
    let failed: Vec<Value> = failed.iter().map(|(edition, exit)| json!({ "edition": edition, "exit": exit })).collect();
    json!({ "event": "summary", "built": built, "failed": failed, "exit": exit }).to_string()
}

fn line(name: &str, edition: &str, fields: Value) -> String {
    let mut object = Map::new();
    object.insert("event".to_owned(), name.into());
    object.insert("edition".to_owned(), edition.into());
    if let Value::Object(fields) = fields {
        object.extend(fields);
    }
    Value::Object(object).to_string()
}

/// How often each step is counted that is counted at all.
fn counts(of: impl Fn(Step) -> u64) -> Value {
    let counted = Step::ALL.into_iter().map(|step| (step.as_str().to_owned(), of(step).into()));
    Value::Object(counted.filter(|(_, count)| *count != 0_u64).collect())
}

fn finding(finding: &Finding) -> Value {
    let severity = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let Finding { place, code, message, hints, severity: _ } = finding;
    json!({ "severity": severity, "code": code, "place": place.to_string(), "file": file(place), "message": message, "help": hints })
}

fn file(place: &Place) -> &str {
    match place {
        Place::File { file } | Place::Text { file, .. } | Place::Cell { file, .. } => file,
    }
}

fn claim(failed: &FailedClaim) -> Value {
    let FailedClaim { place, words, claim, verdict, instead, not_counted } = failed;
    let because = match (verdict, not_counted) {
        (VerdictKind::Fails { because }, _) => because.clone(),
        (VerdictKind::Refused(_), Some(earlier)) => format!("the answers of wave {} are not at hand", earlier.wave),
        (VerdictKind::Refused(why), None) => format!("{why:?}"),
        (VerdictKind::Holds, _) => String::new(),
    };
    json!({ "place": place.to_string(), "claim": claim, "words": words, "because": because, "instead": instead })
}
