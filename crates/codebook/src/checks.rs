//! What the answers of a wave must satisfy beyond their codes, and how grave it is when they do not.
//!
//! A country declares what it knows of its answers: ranges, uniqueness, sums, conditions. Some kinds of check need no
//! declaration, such as straight-lining. This file only says what is to hold; `ingest` looks at the answers.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::{Decimal, Expr, Place, Severity, VariableName};

/// A kind of check, whose severity a country or a wave can set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub enum CheckKind {
    /// An answer of a unit that routing did not ask.
    AnswerNotAsked,
    /// No answer of a unit that routing did ask.
    UnexplainedGap,
    /// A number or date outside its range.
    Range,
    /// A value that two units share although each has its own.
    Unique,
    /// Parts that do not add up to their whole.
    Sum,
    /// A condition that does not hold.
    Condition,
    /// An answer given outside the days of fieldwork.
    Fieldwork,
    /// Two units with the same answers to so many questions that chance does not explain it.
    RepeatedAnswers,
    /// The same answer to every item of a scale.
    StraightLining,
    /// An answer given faster than the questions can be read.
    Speeding,
}

impl CheckKind {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 10] = [
        Self::AnswerNotAsked,
        Self::UnexplainedGap,
        Self::Range,
        Self::Unique,
        Self::Sum,
        Self::Condition,
        Self::Fieldwork,
        Self::RepeatedAnswers,
        Self::StraightLining,
        Self::Speeding,
    ];

    /// Its name in TOML, and in stored counts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AnswerNotAsked => "answer_not_asked",
            Self::UnexplainedGap => "unexplained_gap",
            Self::Range => "range",
            Self::Unique => "unique",
            Self::Sum => "sum",
            Self::Condition => "condition",
            Self::Fieldwork => "fieldwork",
            Self::RepeatedAnswers => "repeated_answers",
            Self::StraightLining => "straight_lining",
            Self::Speeding => "speeding",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The severity where nobody sets one: what contradicts itself is an error, what is merely odd a warning.
    #[must_use]
    pub fn usual(self) -> CheckSeverity {
        match self {
            Self::AnswerNotAsked | Self::Range | Self::Unique | Self::Sum | Self::Condition | Self::Fieldwork => {
                CheckSeverity::Error
            }
            Self::UnexplainedGap | Self::RepeatedAnswers | Self::StraightLining | Self::Speeding => {
                CheckSeverity::Warning
            }
        }
    }
}

/// What becomes of an answer that fails a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub enum CheckSeverity {
    /// Nothing is built until it is mended.
    Error,
    /// The run goes on, and says it.
    Warning,
    /// The check is not made.
    Off,
}

impl CheckSeverity {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Off];

    /// Its word in TOML.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Off => "off",
        }
    }

    /// The severity of a finding; `None` where the check is not made.
    #[must_use]
    pub fn of_finding(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Off => None,
        }
    }
}

/// The severities that a country or a wave sets; every other kind of check has its usual one.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct CheckSeverities(BTreeMap<CheckKind, CheckSeverity>);

impl CheckSeverities {
    /// The severity of a kind of check.
    #[must_use]
    pub fn of(&self, kind: CheckKind) -> CheckSeverity {
        self.0.get(&kind).copied().unwrap_or_else(|| kind.usual())
    }

    /// Sets the severity of a kind.
    pub fn set(&mut self, kind: CheckKind, severity: CheckSeverity) {
        self.0.insert(kind, severity);
    }

    /// These severities, and those of `general` for kinds that these leave open.
    #[must_use]
    pub fn over(mut self, general: &Self) -> Self {
        for (kind, severity) in &general.0 {
            self.0.entry(*kind).or_insert(*severity);
        }
        self
    }
}

/// One thing that the answers of every wave must satisfy.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Check {
    /// What findings call it.
    pub name: String,
    /// What must hold.
    pub rule: CheckRule,
    /// Its own severity; `None` means that of its kind.
    pub severity: Option<CheckSeverity>,
    /// Where it is written.
    pub place: Place,
}

/// What a check demands. A unit that lacks an answer that it takes to judge is not judged.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub enum CheckRule {
    /// Numbers lie in a range, both ends included.
    Numbers {
        /// A variable with numbers.
        variable: VariableName,
        /// The lower end; `None` is open.
        low: Option<Decimal>,
        /// The upper end; `None` is open.
        high: Option<Decimal>,
    },
    /// Dates lie in a range, both ends included.
    Dates {
        /// A variable with dates.
        variable: VariableName,
        /// The first day; `None` is open.
        #[serde(serialize_with = "as_text")]
        first: Option<Date>,
        /// The last day; `None` is open.
        #[serde(serialize_with = "as_text")]
        last: Option<Date>,
    },
    /// No two units have the same values of all these variables.
    Unique {
        /// At least one variable.
        variables: Vec<VariableName>,
    },
    /// Parts add up to a whole.
    Sum {
        /// The sum of the parts less the whole.
        excess: Expr,
        /// How far from 0 it may be.
        tolerance: Decimal,
        /// Who is judged; `None` means everyone.
        only_if: Option<Expr>,
    },
    /// A condition is not false.
    Holds {
        /// The condition.
        condition: Expr,
        /// Who is judged; `None` means everyone.
        only_if: Option<Expr>,
    },
}

impl CheckRule {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> CheckKind {
        match self {
            Self::Numbers { .. } | Self::Dates { .. } => CheckKind::Range,
            Self::Unique { .. } => CheckKind::Unique,
            Self::Sum { .. } => CheckKind::Sum,
            Self::Holds { .. } => CheckKind::Condition,
        }
    }

    /// Every variable that it looks at, sorted, each once.
    #[must_use]
    pub fn variables(&self) -> Vec<&VariableName> {
        let mut names = match self {
            Self::Numbers { variable, .. } | Self::Dates { variable, .. } => vec![variable],
            Self::Unique { variables } => variables.iter().collect(),
            Self::Sum { excess: judged, only_if, .. } | Self::Holds { condition: judged, only_if } => {
                judged.variables().into_iter().chain(only_if.iter().flat_map(Expr::variables)).collect()
            }
        };
        names.sort();
        names.dedup();
        names
    }
}

/// A day as people write it, if there is one.
fn as_text<S: serde::Serializer>(day: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&day.map_or_else(String::new, |day| day.to_string()))
}

#[cfg(test)]
mod tests {
    use super::{CheckKind, CheckSeverities, CheckSeverity};

    #[test]
    fn what_a_wave_sets_wins_over_its_country_and_both_over_what_is_usual() {
        let (mut wave, mut country) = (CheckSeverities::default(), CheckSeverities::default());
        country.set(CheckKind::Speeding, CheckSeverity::Off);
        country.set(CheckKind::Fieldwork, CheckSeverity::Warning);
        wave.set(CheckKind::Fieldwork, CheckSeverity::Off);
        let settled = wave.over(&country);
        assert_eq!(settled.of(CheckKind::Fieldwork), CheckSeverity::Off);
        assert_eq!(settled.of(CheckKind::Speeding), CheckSeverity::Off);
        assert_eq!(settled.of(CheckKind::Range), CheckSeverity::Error);
        assert_eq!(settled.of(CheckKind::StraightLining), CheckSeverity::Warning);
    }

    #[test]
    fn every_kind_is_found_by_its_own_name() {
        for kind in CheckKind::ALL {
            assert_eq!(CheckKind::named(kind.as_str()), Some(kind));
        }
        assert_eq!(CheckKind::named("ranges"), None);
    }
}
