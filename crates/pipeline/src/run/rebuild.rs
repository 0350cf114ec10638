//! A release made once more, to be compared instead of published. Every step is carried out: what an earlier run kept proves nothing.

use std::collections::BTreeMap;

use disclose::Published;

use super::plan::plan;
use super::publish::{Rendered, disclose, kept_statements, render};
use super::{Corrected, Request, count};
use crate::cache::Cache;
use crate::released::Released;
use crate::{Event, PipelineError};

/// Everything, from the raw files up. Sentences are not judged: where answers changed, which figure did is what there is to tell.
///
/// # Errors
/// As a run, but for claims.
pub(crate) fn rebuild_from_answers(
    request: &Request,
    released: &Released,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Rendered, PipelineError> {
    let plan = plan(request, tell)?;
    let cache = Cache::none();
    let counted = count(request, &plan, &cache, tell)?;
    let disclosed = disclose(&plan, &counted, tell)?;
    let corrected = Corrected::again(released, &plan, &disclosed.published)?;
    let statements = kept_statements(&plan, &counted.results);
    render(&plan, &disclosed.published, &corrected, &counted.entries(), &statements, &cache)
}

/// Everything above the sealed tables. Raw files and statements, which cannot be had from them, are taken as they were recorded.
///
/// # Errors
/// When the country's files have findings, or a template fails.
pub(crate) fn rebuild_from_tables(
    request: &Request,
    published: &Published,
    released: &Released,
    statements: &BTreeMap<String, Vec<u8>>,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Rendered, PipelineError> {
    let plan = plan(request, tell)?;
    let corrected = Corrected::again(released, &plan, published)?;
    render(&plan, published, &corrected, &released.manifest.raw, statements, &Cache::none())
}
