//! Every page of a folder, in every view: as visitors with a phone or a desktop would meet it, those who read in the dark, enlarge, set text
//! wide, choose their own colours, have no mouse or run no scripts, and those who print.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use super::{AuditRules, Browser, BrowserError, Look, Page, View};

/// WCAG's reflow width, a phone, a tablet, a desktop, in what light the reader prefers; a sheet of A4 less its margins; a desktop
/// enlarged to 400 %; text set wide on the narrowest and on a wide window; colours of the reader's own.
const VIEWS: [View; 12] = [
    View { width: 320, look: Look::Light },
    View { width: 320, look: Look::Dark },
    View { width: 390, look: Look::Light },
    View { width: 390, look: Look::Dark },
    View { width: 768, look: Look::Light },
    View { width: 1280, look: Look::Light },
    View { width: 1280, look: Look::Dark },
    View { width: 718, look: Look::Print },
    View { width: 320, look: Look::Zoomed },
    View { width: 320, look: Look::Spaced },
    View { width: 1280, look: Look::Spaced },
    View { width: 1280, look: Look::Forced },
];

/// The views of which a person should see a picture: of the narrow ones only the phone.
fn has_picture(view: View) -> bool {
    !matches!(view.width, 320 | 768)
}

/// Every rule is asked of the narrowest window, of a wide one and of paper; between them a page differs in places and colours only.
fn rules_for(view: View) -> AuditRules {
    match (view.look, view.width) {
        (Look::Light, 320 | 1280) => AuditRules::All,
        (Look::Print, _) => AuditRules::Paper,
        (Look::Light | Look::Dark | Look::Forced | Look::Spaced | Look::Zoomed, _) => AuditRules::Looks,
    }
}

/// What the inspection of a folder found.
#[derive(Debug, Default)]
pub struct Inspection {
    /// The pages that axe judged, as paths below the folder.
    pub pages: Vec<String>,
    /// The elements that were reached by keyboard, of all pages.
    pub reached: usize,
    /// The pages that hold scripts and were read without them, too.
    pub scripted: usize,
    /// What is wrong, each with its page and the views in which it shows; empty when all is well.
    pub problems: Vec<String>,
}

/// Opens every `.html` file below `folder` in every view and asks axe-core, measures the width, listens for complaints,
/// follows the links to other files, goes through the page by keyboard and reads it without scripts. Each page is loaded once, in one of the browsers,
/// which work beside each other. Pictures go to `pictures`, named after the page and the view.
///
/// # Errors
/// When a browser cannot be used, or a file cannot be read or written.
///
/// # Panics
/// When the thread of a browser panics.
pub fn inspect(browsers: &mut [Browser], folder: &Path, pictures: &Path) -> Result<Inspection, BrowserError> {
    fs::create_dir_all(pictures).map_err(|source| BrowserError::File { path: pictures.to_path_buf(), source })?;
    let paths = pages_below(folder)?;
    let every = browsers.len();
    let found: Vec<Result<Vec<(PathBuf, Found)>, BrowserError>> = thread::scope(|scope| {
        let share = |(first, browser): (usize, _)| {
            let paths = paths.iter().skip(first).step_by(every);
            scope.spawn(move || {
                let browser: &mut Browser = browser;
                paths.map(|path| Ok((path.clone(), page(&mut *browser, folder, path, pictures)?))).collect()
            })
        };
        let threads: Vec<_> = browsers.iter_mut().enumerate().map(share).collect();
        threads.into_iter().map(|thread| thread.join().expect("a browser's thread does not panic")).collect()
    });
    let mut found: Vec<(PathBuf, Found)> =
        found.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut inspection = Inspection::default();
    for (path, found) in found {
        let name = name_of(folder, &path);
        inspection.reached += found.reached;
        inspection.scripted += usize::from(found.has_scripts);
        inspection.problems.extend(found.problems.into_iter().map(|problem| format!("{name}: {problem}")));
        inspection.pages.push(name);
    }
    Ok(inspection)
}

/// What was found in one page.
struct Found {
    reached: usize,
    has_scripts: bool,
    problems: Vec<String>,
}

fn page(browser: &mut Browser, folder: &Path, path: &Path, pictures: &Path) -> Result<Found, BrowserError> {
    let mut page = browser.open(path)?;
    let mut problems = broken_links(&mut page)?;
    let stem = name_of(folder, path).trim_end_matches(".html").replace(['/', '\\'], "-");
    for view in VIEWS.into_iter().filter(|view| has_picture(*view)) {
        page.show(view)?;
        page.photograph(&pictures.join(format!("{stem}-{view}.png")))?;
    }
    // As a page opens, then with every folded part open, so that axe sees what is in them.
    page.show(View { width: 1280, look: Look::Light })?;
    let walk = page.walk()?;
    problems.extend(walk.problems);
    problems.extend(page.motion()?.into_iter().map(|what| format!("with reduced motion: {what}")));
    let mut seen: Vec<(String, Vec<String>)> = Vec::new();
    for view in VIEWS {
        page.show(view)?;
        for problem in problems_in(&mut page, rules_for(view))? {
            match seen.iter_mut().find(|(known, _)| *known == problem) {
                Some((_, views)) => views.push(view.to_string()),
                None => seen.push((problem, vec![view.to_string()])),
            }
        }
    }
    problems.extend(seen.into_iter().map(|(problem, views)| format!("{}: {problem}", views.join(", "))));
    let without_scripts = page.missing_without_scripts()?;
    let has_scripts = without_scripts.is_some();
    problems.extend(without_scripts.into_iter().flatten());
    problems.extend(page.complaints());
    Ok(Found { reached: walk.stops, has_scripts, problems })
}

fn name_of(folder: &Path, path: &Path) -> String {
    path.strip_prefix(folder).unwrap_or(path).display().to_string()
}

/// What axe and the ruler find in the page as it is shown.
fn problems_in(page: &mut Page<'_>, rules: AuditRules) -> Result<Vec<String>, BrowserError> {
    let audit = page.audit(rules)?;
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
