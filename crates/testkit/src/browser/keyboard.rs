//! A reader without a mouse: from the top of the page, Tab by Tab, opening whatever is folded on the way.

use serde_json::Value;

use super::BrowserError;
use super::axe::texts;
use super::page::{Key, Page};

/// More stops than any page has; a page that needs more holds the reader in a circle that never closes.
const STOPS_AT_MOST: usize = 3000;

/// Where the focus is: nothing at the end of the page, otherwise the element, whether it was there before, whether it is a folded
/// part, and what is wrong with how it shows. Those that were visited are kept in the page, in their order.
const STOP: &str = "(() => {
    const element = document.activeElement;
    if (!element || element === document.body || element === document.documentElement) return null;
    const visited = window.visited ??= [];
    if (visited.includes(element)) return null;
    visited.push(element);
    const name = `${element.tagName.toLowerCase()} ${JSON.stringify((element.getAttribute('aria-label') ?? element.textContent).trim().slice(0, 40))}`;
    const style = getComputedStyle(element), box = element.getBoundingClientRect(), faults = [];
    // The browser's own ring has no width that a script could read.
    if (style.outlineStyle !== 'auto' && (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2))
        faults.push(`${name} does not show that it has the focus`);
    if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth)
        faults.push(`${name} has the focus out of sight`);
    return { faults, folded: element.tagName === 'SUMMARY' && !element.parentElement.open };
})()";

/// What can be seen and takes the focus, but never had it; and what had it before something that stands above it.
const MISSED: &str = "(() => {
    const visited = window.visited ?? [];
    const name = element => `${element.tagName.toLowerCase()} ${JSON.stringify(element.textContent.trim().slice(0, 40))}`;
    const takes_focus = 'a[href], area[href], button, input, select, textarea, summary, iframe, [tabindex], [contenteditable]';
    const faults = [...document.querySelectorAll(takes_focus)]
        .filter(element => element.tabIndex >= 0 && !element.disabled && element.checkVisibility({ visibilityProperty: true }))
        .filter(element => !visited.includes(element))
        .map(element => `Tab does not reach ${name(element)}`);
    visited.forEach((element, index) => {
        if (index && !(visited[index - 1].compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING))
            faults.push(`Tab comes to ${name(element)} only behind ${name(visited[index - 1])}, which stands below it`);
    });
    const regions = [...document.querySelectorAll('details')].filter(folded => !folded.open && folded.checkVisibility());
    return faults.concat(regions.map(folded => `Enter does not open ${name(folded.querySelector('summary'))}`));
})()";

/// What a reader met who went through a page by keyboard.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Walk {
    /// How many elements had the focus.
    pub stops: usize,
    /// What is wrong.
    pub problems: Vec<String>,
}

impl Page<'_> {
    /// Goes through the page from its top, as it is shown, and opens what is folded; everything is open afterwards.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub fn walk(&mut self) -> Result<Walk, BrowserError> {
        let mut walk = Walk::default();
        while walk.stops < STOPS_AT_MOST {
            self.press(Key::Tab)?;
            let stop = self.evaluate(STOP)?;
            if stop.is_null() {
                break;
            }
            walk.stops += 1;
            walk.problems.extend(texts(&stop["faults"]));
            if stop["folded"] == Value::Bool(true) {
                self.press(Key::Enter)?;
            }
        }
        walk.problems.extend(texts(&self.evaluate(MISSED)?));
        Ok(walk)
    }
}
