//! axe-core: where it lies, how it is run in a page, what it found.

use std::fmt;
use std::fs;

use serde_json::Value;

use super::BrowserError;

/// The version that the install script fetched, with the SHA-256 that it checked.
const PINNED: &str = include_str!("../../browser/axe-core");

/// Which rules axe judges a page by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditRules {
    /// WCAG 2.2 at levels A and AA, which the law asks for, and what axe holds to be good practice beyond it.
    All,
    /// The same on paper, where nobody taps anything.
    Paper,
    /// Those that colours, sizes and places decide: what another look of the same page can break.
    Looks,
}

/// The expression that runs axe. Nothing is preloaded: a page opened from a disk may not fetch its style sheets by script, and
/// no rule here needs them.
pub(super) fn run(rules: AuditRules) -> String {
    let run_only = match rules {
        AuditRules::All | AuditRules::Paper => {
            "{ type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }"
        }
        AuditRules::Looks => {
            "{ type: 'rule', values: ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable', 'target-size'] }"
        }
    };
    let is_tapped = rules != AuditRules::Paper;
    format!(
        "axe.run(document, {{ runOnly: {run_only}, rules: {{ 'target-size': {{ enabled: {is_tapped} }} }},
            resultTypes: ['violations'], preload: false }}){READ}"
    )
}

/// What of axe's answer is kept.
const READ: &str = ".then(results => ({
    passed: results.passes.map(rule => rule.id),
    violations: results.violations.map(rule => ({
        rule: rule.id,
        help: rule.help,
        elements: rule.nodes.map(node => {
            const failed = [...node.any, ...node.all, ...node.none].map(check => check.message);
            return `${node.target.join(' ')}: ${failed[0] ?? node.html}`;
        }),
    })),
}))";

/// What axe says of a page in one view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// The rules that found something to judge and were satisfied. None at all means that axe saw no page.
    pub passed: Vec<String>,
    /// The rules that the page breaks.
    pub violations: Vec<Violation>,
}

/// A rule that a page breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// axe's name of the rule, such as `color-contrast`.
    pub rule: String,
    /// What the rule asks for.
    pub help: String,
    /// Each element that breaks it, as a selector, and why.
    pub elements: Vec<String>,
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "axe {}: {}", self.rule, self.help)?;
        self.elements.iter().try_for_each(|element| write!(formatter, "\n    {element}"))
    }
}

impl Audit {
    /// Reads what [`run`] gave.
    pub(super) fn read(result: &Value) -> Self {
        Self {
            passed: texts(&result["passed"]),
            violations: result["violations"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|violation| Violation {
                    rule: text(&violation["rule"]),
                    help: text(&violation["help"]),
                    elements: texts(&violation["elements"]),
                })
                .collect(),
        }
    }
}

/// The text of axe-core, from where the install script puts it.
pub(super) fn source() -> Result<String, BrowserError> {
    let version = PINNED.split_whitespace().next().expect("the file axe-core opens with a version");
    let path = crate::cache().join(format!("axe-core-{version}/axe.min.js"));
    fs::read_to_string(&path).map_err(|_| BrowserError::Missing { what: format!("axe-core ({})", path.display()) })
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

pub(super) fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(text).collect()
}
