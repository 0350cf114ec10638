//! A reader without scripts. A page that holds none reads the same for everyone; one that does is loaded once more without them, and must then
//! show every link that it showed before, and no control that does nothing.

use serde_json::Value;

use super::BrowserError;
use super::axe::texts;
use super::page::{Page, Scripts};

/// Whether anything on the page runs: a script, a handler in an attribute, a link that is one.
const RUNS: &str = "document.scripts.length > 0
    || [...document.querySelectorAll('*')].some(element => element.getAttributeNames().some(name => name.startsWith('on')))
    || document.querySelector('a[href^=\"javascript:\"]') !== null";

const VISIBLE_LINKS: &str = "[...document.querySelectorAll('a[href]')]
    .filter(link => link.checkVisibility()).map(link => link.getAttribute('href'))";

/// Controls that only a script would answer.
const IDLE_CONTROLS: &str = "[...document.querySelectorAll('button, input, select, textarea')]
    .filter(control => control.checkVisibility() && !control.form?.hasAttribute('action'))
    .map(control => control.tagName.toLowerCase())";

impl Page<'_> {
    /// What is missing without scripts; nothing at all for a page that runs none. The page is loaded anew, without axe-core, afterwards.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub fn missing_without_scripts(&mut self) -> Result<Option<Vec<String>>, BrowserError> {
        if self.evaluate(RUNS)? == Value::Bool(false) {
            return Ok(None);
        }
        self.reload(Scripts::On)?;
        let with = texts(&self.evaluate(VISIBLE_LINKS)?);
        self.reload(Scripts::Off)?;
        let without = texts(&self.evaluate(VISIBLE_LINKS)?);
        let idle = texts(&self.evaluate(IDLE_CONTROLS)?);
        self.reload(Scripts::On)?;
        let missing = with.into_iter().filter(|link| !without.contains(link));
        let missing = missing.map(|link| format!("without scripts there is no link to {link}"));
        let idle = idle.into_iter().map(|control| format!("without scripts a {control} does nothing"));
        Ok(Some(missing.chain(idle).collect()))
    }
}
