//! A release made once more, to be compared instead of published.

use std::collections::BTreeMap;

use disclose::Published;

use super::export::{checked, raw_files};
use super::plan::plan;
use super::publish::{Rendered, disclose, kept_statements, render};
use super::{Request, estimate, tabulate, weigh};
use crate::manifest::RawManifestFile;
use crate::{Event, PipelineError};

/// Everything, from the raw files up. Sentences are not judged: where answers changed, which figure did is what there is to tell.
///
/// # Errors
/// As a run, but for claims.
pub(crate) fn rebuild_from_answers(
    request: &Request,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Rendered, PipelineError> {
    let plan = plan(request, tell)?;
    let raw = raw_files(&request.country, request.raw.as_deref(), plan.wave())?;
    let checked = checked(&plan, &raw, request.threads, tell)?;
    let weighed = weigh(&plan, &checked, tell)?;
    let tabulation = tabulate(request, &plan, &checked, &weighed.design, tell)?;
    let tables = estimate(request, &plan, &weighed.design, &tabulation, tell)?;
    let disclosed = disclose(&plan, &checked, &weighed, &tabulation, &tables, tell)?;
    let statements = kept_statements(plan.wave(), &tabulation.statements);
    render(&plan, &disclosed.published, &raw.entries, &statements)
}

/// Everything above the sealed tables. Raw files and statements, which cannot be had from them, are taken as they were recorded.
///
/// # Errors
/// When the country's files have findings, or a template fails.
pub(crate) fn rebuild_from_tables(
    request: &Request,
    published: &Published,
    raw: &[RawManifestFile],
    statements: &BTreeMap<String, Vec<u8>>,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Rendered, PipelineError> {
    let plan = plan(request, tell)?;
    render(&plan, published, raw, statements)
}
