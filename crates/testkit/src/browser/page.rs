//! A loaded page: shown in one view after the other, judged, measured, photographed.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::axe::{self, AuditRules, text, texts};
use super::{Audit, Browser, BrowserError};

/// What the reader has asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Look {
    /// On a screen, dark on light.
    Light,
    /// On a screen, light on dark.
    Dark,
    /// On paper.
    Print,
    /// In few colours of the reader's own choice.
    Forced,
    /// With lines, words and letters set as far apart as WCAG's criterion 1.4.12 names.
    Spaced,
    /// Enlarged to 400 %: a quarter of the window's width and height is left.
    Zoomed,
}

/// A window of a width, in CSS pixels, and a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct View {
    /// The width in CSS pixels.
    pub width: u16,
    /// The look.
    pub look: Look,
}

impl fmt::Display for View {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let look = match self.look {
            Look::Light => "light",
            Look::Dark => "dark",
            Look::Print => "print",
            Look::Forced => "forced",
            Look::Spaced => "spaced",
            Look::Zoomed => "zoomed",
        };
        write!(formatter, "{}-{look}", self.width)
    }
}

/// The distances of WCAG 1.4.12, against which no style of the page may hold out.
const SPACING: &str =
    "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
    p { margin-block-end: 2em !important; }";

/// Two frames, so that what was asked for has been laid out and drawn; then the width that the page really has.
const SETTLED_WIDTH: &str =
    "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(window.innerWidth))))";

/// How much wider the page is than the window, and the innermost elements that stick out of it; an element inside a region
/// that scrolls or clips by itself does not.
const OVERFLOW: &str = "(() => {
    const wide = document.scrollingElement.scrollWidth, window_width = document.documentElement.clientWidth;
    if (wide <= window_width) return [];
    const contained = element => {
        for (let up = element.parentElement; up && up !== document.body; up = up.parentElement)
            if (getComputedStyle(up).overflowX !== 'visible') return true;
        return false;
    };
    const out = [...document.body.querySelectorAll('*')]
        .filter(element => element.getBoundingClientRect().right > window_width + 0.5 && !contained(element));
    const innermost = out.filter(element => !out.some(other => other !== element && element.contains(other)));
    const name = element => element.tagName.toLowerCase() + (element.id ? '#' + element.id : '')
        + [...element.classList].map(word => '.' + word).join('');
    return [`the page is ${wide} px wide in a window of ${window_width} px`, ...innermost.slice(0, 5).map(name)];
})()";

/// What moves or would move: animations that run, transitions that take time, smooth scrolling.
const MOTION: &str = "[
    ...document.getAnimations().map(animation => `an animation of ${animation.effect?.target?.tagName}`),
    ...[...document.querySelectorAll('*')].filter(element => {
        const style = getComputedStyle(element);
        return style.scrollBehavior === 'smooth' || style.transitionDuration.split(',').some(time => parseFloat(time) > 0);
    }).map(element => `${element.tagName} moves smoothly`),
]";

/// A key that a test presses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Tab,
    Enter,
}

/// Whether a page's scripts run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scripts {
    On,
    Off,
}

/// Takes back what the reader asked for. A page that loads while colours are forced keeps the white window of its colours in every look
/// that follows.
fn ask_nothing(browser: &mut Browser) -> Result<(), BrowserError> {
    browser.call("Emulation.setEmulatedMedia", &json!({ "media": "", "features": [] })).map(drop)
}

/// A page in the browser's tab.
pub struct Page<'browser> {
    browser: &'browser mut Browser,
    path: PathBuf,
}

impl<'browser> Page<'browser> {
    /// Loads the file and puts axe-core beside it.
    pub(super) fn load(browser: &'browser mut Browser, path: PathBuf) -> Result<Self, BrowserError> {
        browser.connection.take_events();
        ask_nothing(browser)?;
        let answer = browser.call("Page.navigate", &json!({ "url": address(&path) }))?;
        if let Some(reason) = answer["errorText"].as_str() {
            return Err(BrowserError::NotLoaded { path, reason: reason.to_owned() });
        }
        browser.wait_for("Page.loadEventFired")?;
        let axe = browser.axe.clone();
        let mut page = Self { browser, path };
        page.evaluate(&format!("{axe}; axe.version"))?;
        Ok(page)
    }

    /// Shows the page in a view, and returns when it is laid out.
    ///
    /// # Errors
    /// When the browser does not answer, or gives the page another width than the one asked for.
    pub fn show(&mut self, view: View) -> Result<(), BrowserError> {
        let method = "Emulation.setDeviceMetricsOverride";
        let (height, scale) = if view.look == Look::Zoomed { (225, 4) } else { (900, 1) };
        let metrics = json!({ "width": view.width, "height": height, "deviceScaleFactor": scale, "mobile": false });
        self.browser.call(method, &metrics)?;
        let (media, scheme, spacing) = match view.look {
            Look::Light | Look::Zoomed | Look::Forced => ("screen", "light", ""),
            Look::Dark => ("screen", "dark", ""),
            Look::Print => ("print", "light", ""),
            Look::Spaced => ("screen", "light", SPACING),
        };
        // Reduced motion, so that no colour is judged while it changes.
        let mut features = vec![
            json!({ "name": "prefers-color-scheme", "value": scheme }),
            json!({ "name": "prefers-reduced-motion", "value": "reduce" }),
        ];
        if view.look == Look::Forced {
            features.push(json!({ "name": "forced-colors", "value": "active" }));
        }
        self.browser.call("Emulation.setEmulatedMedia", &json!({ "media": media, "features": features }))?;
        self.evaluate(&format!(
            "(window.spacing ??= document.head.appendChild(document.createElement('style'))).textContent = {spacing:?}"
        ))?;
        let width = self.evaluate(SETTLED_WIDTH)?;
        if width == view.width {
            return Ok(());
        }
        let message = format!("a window of {width} px instead of {} px", view.width);
        Err(BrowserError::Refused { method: method.to_owned(), message })
    }

    /// What axe-core says of the page as it is shown.
    ///
    /// # Errors
    /// When the browser does not answer or axe breaks.
    pub fn audit(&mut self, rules: AuditRules) -> Result<Audit, BrowserError> {
        Ok(Audit::read(&self.evaluate(&axe::run(rules))?))
    }

    /// What moves although the reader asked for reduced motion.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub fn motion(&mut self) -> Result<Vec<String>, BrowserError> {
        Ok(texts(&self.evaluate(MOTION)?))
    }

    /// Presses a key and lets it go.
    pub(super) fn press(&mut self, key: Key) -> Result<(), BrowserError> {
        let (name, number, types) = match key {
            Key::Tab => ("Tab", 9, ""),
            Key::Enter => ("Enter", 13, "\r"),
        };
        for (kind, types) in [("keyDown", types), ("keyUp", "")] {
            let event =
                json!({ "type": kind, "key": name, "code": name, "windowsVirtualKeyCode": number, "text": types });
            self.browser.call("Input.dispatchKeyEvent", &event)?;
        }
        Ok(())
    }

    /// Loads the page once more, with its scripts running or not.
    pub(super) fn reload(&mut self, scripts: Scripts) -> Result<(), BrowserError> {
        ask_nothing(self.browser)?;
        let disabled = scripts == Scripts::Off;
        self.browser.call("Emulation.setScriptExecutionDisabled", &json!({ "value": disabled }))?;
        self.browser.connection.forget("Page.loadEventFired");
        self.browser.call("Page.reload", &json!({}))?;
        self.browser.wait_for("Page.loadEventFired")
    }

    /// Empty when the page fits the window's width; otherwise how wide it is, and what sticks out.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub fn overflow(&mut self) -> Result<Vec<String>, BrowserError> {
        Ok(texts(&self.evaluate(OVERFLOW)?))
    }

    /// Writes a picture (PNG) of the whole page as it is shown, not only of what fits the window.
    ///
    /// # Errors
    /// When the browser does not answer or the file cannot be written.
    pub fn photograph(&mut self, file: &Path) -> Result<(), BrowserError> {
        let content = self.browser.call("Page.getLayoutMetrics", &json!({}))?["cssContentSize"].take();
        let clip = json!({ "x": 0, "y": 0, "width": content["width"], "height": content["height"], "scale": 1 });
        let method = "Page.captureScreenshot";
        let picture = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let encoded = self.browser.call_text(method, &picture, "data")?;
        let picture = STANDARD
            .decode(encoded)
            .map_err(|reason| BrowserError::Refused { method: method.to_owned(), message: reason.to_string() })?;
        fs::write(file, picture).map_err(|source| BrowserError::File { path: file.to_path_buf(), source })
    }

    /// What the browser complained of since the page was opened, each told once: errors on the console, uncaught exceptions,
    /// files that are missing, and requests that leave the folder for a network.
    #[must_use]
    pub fn complaints(&mut self) -> Vec<String> {
        self.browser.connection.take_events().iter().filter_map(complaint).collect()
    }

    /// The value of a JavaScript expression in the page; a promise is waited for.
    ///
    /// # Errors
    /// When the browser does not answer or the expression throws.
    pub fn evaluate(&mut self, expression: &str) -> Result<Value, BrowserError> {
        let parameters = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let mut answer = self.browser.call("Runtime.evaluate", &parameters)?;
        if let Some(thrown) = answer.get("exceptionDetails") {
            let message = format!("{}: {}", self.path.display(), exception(thrown));
            return Err(BrowserError::Refused { method: "Runtime.evaluate".to_owned(), message });
        }
        Ok(answer["result"]["value"].take())
    }
}

/// The address of a file, with every byte escaped that means something else there.
fn address(path: &Path) -> String {
    let mut address = String::from("file://");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => address.push(char::from(*byte)),
            _ => address.push_str(&format!("%{byte:02X}")),
        }
    }
    address
}

/// What an event of the protocol complains of, if it does.
fn complaint(event: &Value) -> Option<String> {
    let parameters = &event["params"];
    match event["method"].as_str()? {
        "Runtime.exceptionThrown" => Some(format!("exception: {}", exception(&parameters["exceptionDetails"]))),
        "Runtime.consoleAPICalled" if matches!(parameters["type"].as_str(), Some("error" | "assert")) => {
            Some(format!("console: {}", parameters["args"]))
        }
        "Log.entryAdded" if parameters["entry"]["level"] == "error" => {
            let entry = &parameters["entry"];
            Some(format!("log: {} {}", text(&entry["text"]), text(&entry["url"])))
        }
        "Network.requestWillBeSent" => {
            let url = text(&parameters["request"]["url"]);
            let stays = url.starts_with("file://") || url.starts_with("data:");
            (!stays).then(|| format!("request to {url}: a page of the report asks for nothing beyond its own folder"))
        }
        _ => None,
    }
}

/// The words of an exception.
fn exception(details: &Value) -> String {
    let description = text(&details["exception"]["description"]);
    if description.is_empty() { text(&details["text"]) } else { description }
}
