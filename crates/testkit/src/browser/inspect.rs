//! Every page of a folder, in every view, as a visitor with a phone, a visitor with a desktop, one who reads in the dark and
//! one who prints would meet it.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Browser, BrowserError, Look, Page, View};

/// WCAG's reflow width, a phone, a desktop; each light and dark. And a sheet of A4 less its margins.
const VIEWS: [View; 7] = [
    View { width: 320, look: Look::Light },
    View { width: 320, look: Look::Dark },
    View { width: 390, look: Look::Light },
    View { width: 390, look: Look::Dark },
    View { width: 1280, look: Look::Light },
    View { width: 1280, look: Look::Dark },
    View { width: 718, look: Look::Print },
];

/// The views of which a person should see a picture: all but the narrowest, which differs little from the phone.
fn has_picture(view: View) -> bool {
    view.width != 320
}

/// What the inspection of a folder found.
#[derive(Debug, Default)]
pub struct Inspection {
    /// The pages that axe judged, as paths below the folder.
    pub pages: Vec<String>,
    /// What is wrong, each with its page and the views in which it shows; empty when all is well.
    pub problems: Vec<String>,
}

/// Opens every `.html` file below `folder` in every view and asks axe-core, measures the width, listens for complaints and
/// follows the links to other files. Pictures go to `pictures`, named after the page and the view.
///
/// # Errors
/// When the browser cannot be used, or a file cannot be read or written.
pub fn inspect(browser: &mut Browser, folder: &Path, pictures: &Path) -> Result<Inspection, BrowserError> {
    fs::create_dir_all(pictures).map_err(|source| BrowserError::File { path: pictures.to_path_buf(), source })?;
    let mut inspection = Inspection::default();
    for path in pages_below(folder)? {
        let name = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
        let mut page = browser.open(&path)?;
        let mut problems = broken_links(&mut page)?;
        let mut seen: Vec<(String, Vec<String>)> = Vec::new();
        for view in VIEWS {
            page.show(view)?;
            for problem in problems_in(&mut page)? {
                match seen.iter_mut().find(|(known, _)| *known == problem) {
                    Some((_, views)) => views.push(view.to_string()),
                    None => seen.push((problem, vec![view.to_string()])),
                }
            }
            if has_picture(view) {
                let stem = name.trim_end_matches(".html").replace(['/', '\\'], "-");
                page.photograph(&pictures.join(format!("{stem}-{view}.png")))?;
            }
        }
        problems.extend(seen.into_iter().map(|(problem, views)| format!("{}: {problem}", views.join(", "))));
        problems.extend(page.complaints());
        inspection.problems.extend(problems.into_iter().map(|problem| format!("{name}: {problem}")));
        inspection.pages.push(name);
    }
    Ok(inspection)
}

/// What axe and the ruler find in the page as it is shown.
fn problems_in(page: &mut Page<'_>) -> Result<Vec<String>, BrowserError> {
    let audit = page.audit()?;
    let mut problems: Vec<String> = audit.violations.iter().map(ToString::to_string).collect();
    if audit.passed.is_empty() {
        problems.push("axe found nothing to judge: is the page empty?".to_owned());
    }
    let overflow = page.overflow()?;
    if !overflow.is_empty() {
        problems.push(format!("scrolls sideways: {}", overflow.join(", ")));
    }
    Ok(problems)
}

/// Addresses of links to files, and parts of the page itself, that are not there.
fn broken_links(page: &mut Page<'_>) -> Result<Vec<String>, BrowserError> {
    let missing_parts = page.evaluate(
        "[...document.querySelectorAll('a[href^=\"#\"]')].map(link => link.getAttribute('href'))
            .filter(part => part !== '#' && !document.getElementById(decodeURIComponent(part.slice(1))))",
    )?;
    let files = page.evaluate(
        "[...document.querySelectorAll('a[href]')].map(link => new URL(link.href))
            .filter(url => url.protocol === 'file:').map(url => decodeURIComponent(url.pathname))",
    )?;
    let parts = super::axe::texts(&missing_parts).into_iter().map(|part| format!("link to {part}, which is not here"));
    let files = super::axe::texts(&files).into_iter().filter(|file| !Path::new(file).exists());
    Ok(parts.chain(files.map(|file| format!("link to {file}, which does not exist"))).collect())
}

/// Every `.html` file below a folder, sorted.
fn pages_below(folder: &Path) -> Result<Vec<PathBuf>, BrowserError> {
    let mut pages = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let unreadable = |source| BrowserError::File { path: folder.clone(), source };
        for entry in fs::read_dir(&folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "html") {
                pages.push(path);
            }
        }
    }
    pages.sort();
    Ok(pages)
}
