//! A release made once more, to be compared instead of published. Every step is carried out: what an earlier run kept proves nothing.

use std::collections::BTreeMap;

use disclose::Published;

use super::plan::plan;
use super::publish::{Rendered, disclose, kept_statements, render};
use super::{Request, count};
use crate::cache::Cache;
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
    let cache = Cache::none();
    let counted = count(request, &plan, &cache, tell)?;
    let disclosed = disclose(&plan, &counted, tell)?;
    let statements = kept_statements(&plan, &counted.results);
    render(&plan, &disclosed.published, &counted.entries(), &statements, &cache)
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
    render(&plan, published, raw, statements, &Cache::none())
}
