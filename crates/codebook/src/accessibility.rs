//! What a country says of how accessible its pages are, for the statement that European law asks of public bodies.

use jiff::civil::Date;

use crate::{Country, Finding, Place, Translated};

/// The facts of an accessibility statement. What is not told is not claimed.
#[derive(Debug, Clone, PartialEq)]
pub struct Accessibility {
    /// Where readers tell of barriers.
    pub contact: Option<Translated>,
    /// The body to turn to where that does not help.
    pub enforcement: Option<Translated>,
    /// The law that the publisher undertakes to follow.
    pub law: Option<Translated>,
    /// What an assessment found; `None` where there was none.
    pub assessment: Option<Assessment>,
    /// Where it is written.
    pub place: Place,
}

/// What a person found who assessed the pages.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// How far the pages comply.
    pub status: Compliance,
    /// What does not comply, each with its reason; empty where everything does.
    pub exceptions: Vec<Translated>,
    /// Who assessed.
    pub by: Assessor,
    /// The day.
    pub on: Date,
    /// The day of the last review, if there was one since.
    pub reviewed: Option<Date>,
}

/// How far pages comply with WCAG 2.2, level AA.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compliance {
    /// Wholly.
    Full,
    /// But for exceptions.
    Partial,
    /// Not.
    None,
}

impl Compliance {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Full, Self::Partial, Self::None];

    /// Its word in TOML.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Partial => "partial",
            Self::None => "none",
        }
    }
}

/// Who assessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assessor {
    /// Whoever publishes the pages.
    Publisher,
    /// Somebody else.
    ThirdParty,
}

impl Assessor {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Publisher, Self::ThirdParty];

    /// Its word in TOML.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Publisher => "publisher",
            Self::ThirdParty => "third_party",
        }
    }
}

impl Country {
    /// What its accessibility statement lacks and the law asks for. Nothing stops a run: the statement says what it lacks. Nobody publishes made-up
    /// answers, so a country that has no others need not tell anything.
    ///
    /// `folder` is the country's folder as findings show it.
    #[must_use]
    pub fn accessibility_gaps(&self, folder: &str) -> Vec<Finding> {
        let file = || Place::File { file: format!("{folder}/country.toml") };
        let place = self.accessibility.as_ref().map_or_else(file, |accessibility| accessibility.place.clone());
        let has = |part: fn(&Accessibility) -> &Option<Translated>| {
            self.accessibility.as_ref().is_some_and(|accessibility| part(accessibility).is_some())
        };
        let mut findings = Vec::new();
        if self.accessibility.is_none() && self.waves.values().all(|wave| wave.synthetic) {
            return findings;
        }
        if !has(|it| &it.contact) {
            let message =
                "the accessibility statement tells no address for feedback; it will send readers to the publisher";
            let finding = Finding::warning(place.clone(), "no-accessibility-contact", message);
            findings.push(finding.hint("say where readers tell of barriers:\n[accessibility]\ncontact = \"…\""));
        }
        if self.accessibility.is_some() && !has(|it| &it.enforcement) {
            let message = "the accessibility statement names no body to turn to where feedback does not help";
            let finding = Finding::warning(place, "no-enforcement-body", message);
            findings.push(finding.hint("name it under [accessibility]: enforcement = \"…\""));
        }
        findings
    }
}
