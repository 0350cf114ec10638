//! `report/<year>/front.toml`: what the front page of an edition leads with.

use super::toml::Document;
use crate::{FigureId, Finding, Severity, Wave};

/// The name of the file beside the themes.
pub(super) const FRONT: &str = "front";

/// The figure that the front page leads with, which must be one of the wave's.
pub(super) fn lead(document: &Document<'_>, wave: &Wave, findings: &mut Vec<Finding>) -> Option<FigureId> {
    let mut entries = document.entries()?;
    let text = entries.required("lead").and_then(|value| value.text(findings));
    entries.finish(findings);
    let text = text?;
    let themes = || wave.themes.iter().filter(|theme| theme.variant.is_none());
    let figures = || themes().flat_map(|theme| &theme.figures).map(|figure| &figure.id);
    let lead = figures().find(|id| id.as_str() == text.value).cloned();
    // A figure with a finding of its own is not there, and its name is no second mistake.
    let is_settled = !findings.iter().any(|finding| finding.severity == Severity::Error);
    if lead.is_none() && is_settled {
        let finding = text.finding("unknown-figure", format!("no page of this wave has a figure {:?}", text.value));
        findings.push(finding.did_you_mean(text.value, figures().map(FigureId::as_str)));
    }
    lead
}
