//! The last look at a finished release, before anything of it is written.

use std::collections::BTreeMap;
use std::path::PathBuf;

use dataset::guard::{Respondents, leaks};

use super::count::Counted;
use super::plan::Plan;
use super::publish::Rendered;
use crate::PipelineError;
use crate::audit::{attack_files, attack_files_against};
use crate::manifest::MANIFEST;
use crate::released::Released;

/// Refuses a release whose files hold what must not leave, or from which it can be derived.
pub(super) fn guard(plan: &Plan, counted: &Counted, rendered: &Rendered) -> Result<(), PipelineError> {
    let mut values = ingest::identifying(plan.wave(), &counted.raw.files);
    values.extend(counted.before.iter().flat_map(|it| ingest::identifying(it.plan.wave(), &it.raw.files)));
    let own: Vec<&str> = plan.sources.iter().map(|source| source.text.as_str()).collect();
    let respondents = Respondents::new(values.iter().map(String::as_str), &own);
    let mut found = leaks(&rendered.files, &respondents);
    found.extend(leaks(&BTreeMap::from([(MANIFEST.to_owned(), rendered.manifest.bytes())]), &respondents));
    if !found.is_empty() {
        return Err(PipelineError::Leaks(found));
    }
    let derivable = attack_files(&rendered.files, rendered.manifest.rules.smallest_base);
    if derivable.is_empty() { Ok(()) } else { Err(PipelineError::Derivable(derivable)) }
}

/// Refuses a release from which, together with earlier editions of it, a hidden number can be derived.
pub(super) fn guard_against(earlier: &[PathBuf], rendered: &Rendered) -> Result<(), PipelineError> {
    let manifest = &rendered.manifest;
    let mut derivable = Vec::new();
    for folder in earlier {
        let earlier = Released::open(folder)?;
        // Of another country or wave nobody is known to be in both.
        if earlier.manifest.country == manifest.country && earlier.manifest.wave == manifest.wave {
            derivable.extend(attack_files_against(&rendered.files, &earlier, manifest.rules.smallest_base));
        }
    }
    if derivable.is_empty() { Ok(()) } else { Err(PipelineError::Derivable(derivable)) }
}
