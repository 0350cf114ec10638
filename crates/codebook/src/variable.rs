//! The codebook: variables, their categories and the batteries they were asked in.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Code, Expr, Place, Translated, VariableName};

/// Every variable of a country, in questionnaire order, derived ones last.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize)]
pub struct Codebook {
    /// Each derived variable stands behind those that its expression names.
    pub variables: Vec<Variable>,
    /// Questions that were asked of several items at once.
    pub batteries: Vec<Battery>,
    /// What of it comes from the questionnaire that countries share.
    pub core: CoreUse,
}

impl Codebook {
    /// The variable of this name.
    #[must_use]
    pub fn variable(&self, name: &VariableName) -> Option<&Variable> {
        self.variables.iter().find(|variable| variable.name == *name)
    }

    /// The battery of this name.
    #[must_use]
    pub fn battery(&self, name: &VariableName) -> Option<&Battery> {
        self.batteries.iter().find(|battery| battery.name == *name)
    }

    /// The battery that the variable of this name is an item of.
    #[must_use]
    pub fn battery_of(&self, name: &VariableName) -> Option<&Battery> {
        self.batteries.iter().find(|battery| battery.items.contains(name))
    }
}

/// One variable: a question's answer, a background variable from the register, or something derived from others.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Variable {
    /// Its name in expressions and tables.
    pub name: VariableName,
    /// A short name for rows of tables and bars of charts.
    pub label: Translated,
    /// The exact wording of the question; `None` for what was not asked. An item of a battery has the battery's question.
    pub question: Option<Translated>,
    /// What its values are.
    pub kind: Kind,
    /// Where its values come from.
    pub origin: Origin,
    /// Who was asked: a condition over other variables; `None` means everyone. Only for [`Origin::Answer`].
    pub asked_if: Option<Expr>,
    /// Where it is written.
    pub place: Place,
}

impl Variable {
    /// The categories of a category variable, in questionnaire order; empty for other kinds.
    #[must_use]
    pub fn categories(&self) -> &[Category] {
        match &self.kind {
            Kind::Category { categories, .. } => categories,
            Kind::Condition | Kind::Number | Kind::Date | Kind::Text => &[],
        }
    }
}

/// What the values of a variable are.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub enum Kind {
    /// One of several coded answers.
    Category {
        /// The name of the list of codes; recodes in the wave's file go by it.
        list: String,
        /// The codes in questionnaire order.
        categories: Vec<Category>,
    },
    /// True or false for everyone, never missing. Only derived variables are conditions.
    Condition,
    /// A number, kept as a decimal with the digits it was written with.
    Number,
    /// A calendar date.
    Date,
    /// Free text; it is never tabulated and never leaves ingest.
    Text,
}

/// One coded answer.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Category {
    /// Its stable code.
    pub code: Code,
    /// Its words.
    pub label: Translated,
    /// Whether it is an opinion or the lack of one.
    pub role: Role,
}

/// Whether a category says something about the question. All of them stay in the base.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub enum Role {
    /// A substantive answer.
    Answer,
    /// "Don't know", a real answer of a questionnaire that offers it.
    DontKnow,
    /// "Not relevant".
    NotRelevant,
}

/// Where the values of a variable come from.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub enum Origin {
    /// The survey's answers.
    Answer,
    /// The register file, joined by unit id.
    Register,
    /// The export's moment at which an answer was finished: the third of the days of fieldwork. The program adds it, see [`answer_time`](crate::answer_time()).
    Fieldwork,
    /// An expression over other variables. A condition that meets a missing value is true only if it is true whatever the
    /// value would have been (SQL's rule), else false; any other derived variable must not be missing in a base that uses it.
    Derived(Expr),
}

/// One question with several items that share their answers: variables `<battery>_<item>`.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Battery {
    /// Its name, which is the prefix of its items' names.
    pub name: VariableName,
    /// The question.
    pub question: Translated,
    /// Its variables, in questionnaire order.
    pub items: Vec<VariableName>,
    /// Tick all that apply, or a scale per item.
    pub kind: BatteryKind,
    /// Where it is written.
    pub place: Place,
}

/// How the items of a battery are answered.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub enum BatteryKind {
    /// Several answers allowed: one yes/no variable per option. The code counts as mentioned.
    Multiple {
        /// The code that means that the option was ticked.
        mentioned: Code,
    },
    /// Every item is rated on the same scale.
    Scale,
}

/// What a country takes from the shared questionnaire.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct CoreUse {
    /// The version; `None` takes nothing.
    pub version: Option<String>,
    /// The items that are taken: variables, batteries (by their own name) and derived variables.
    pub items: BTreeMap<VariableName, CoreItem>,
    /// The variables, batteries and items of batteries that are not, in the order of the questionnaire.
    pub not_taken: Vec<NotTaken>,
    /// Code lists of the country that take the place of a list of the core and offer other answers.
    pub changed_lists: BTreeSet<String>,
}

/// One item that is not taken.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct NotTaken {
    /// A variable, a battery, or an item of a battery.
    pub name: VariableName,
    /// The question, or the item's own words, in the country's languages as far as the core has them.
    pub label: Translated,
}

/// One item that is taken.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CoreItem {
    /// The keys that the country gives in its own way, such as `question`; none where it takes the item as it is.
    pub own: BTreeSet<String>,
    /// Items of a battery that are the country's own.
    pub own_items: BTreeSet<VariableName>,
    /// Items of a battery of the core whose own words the country changes, in any of its languages.
    pub own_words: BTreeSet<VariableName>,
    /// The question as the core words it, in the country's languages.
    pub question: Option<Translated>,
    /// Where it is written: in the country's file if it changes something, else in the core.
    pub place: Place,
}

impl CoreItem {
    /// Whether the country derives it by an expression of its own.
    #[must_use]
    pub fn is_derived_otherwise(&self) -> bool {
        self.own.contains("sql")
    }
}
