//! Which columns of an export are items of the shared questionnaire. Only what is sure is taken: a column that has the item's name or its words,
//! in any language, and answers that are all the item's.

use std::collections::{BTreeMap, BTreeSet};

use codebook::{
    BatteryKind, Category, Code, Codebook, CoreQuestionnaire, Expr, Kind, Language, Origin, SurveyTool, Translated,
    Variable, VariableName,
};
use ingest::inspect::{InspectedColumn, Inspection};

use super::batteries;
use super::draft::{DraftKind, DraftVariable, are_told};
use super::no_answers::{self, NoAnswer};

/// What a draft takes from the shared questionnaire.
#[derive(Debug, Clone)]
pub(super) struct Shared {
    pub(super) version: &'static str,
    /// The items that are taken, in the order of the questionnaire.
    pub(super) taken: Vec<VariableName>,
    /// Items of batteries that no column is, by their battery.
    pub(super) without: BTreeMap<VariableName, Vec<String>>,
    /// Whether some items of the questionnaire are not taken.
    pub(super) is_partial: bool,
    /// Whether the export has the words of every item that is taken, so that respondents read these.
    pub(super) is_worded: bool,
    /// The item that each column is.
    pub(super) columns: BTreeMap<String, Match>,
    /// Every name of the questionnaire, which no own item may have.
    pub(super) reserved: BTreeSet<String>,
}

/// A column's item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Match {
    pub(super) variable: VariableName,
    /// The codes of its raw values, where these are codes.
    pub(super) codes: Vec<(String, Code)>,
    /// Raw values that the export declares missing, and the item does not know.
    pub(super) missing: Vec<NoAnswer>,
    /// Whether it has the item's words; else it has its name.
    pub(super) is_worded: bool,
    /// Whether not everyone is asked.
    pub(super) is_routed: bool,
}

/// The item's code of raw values, and raw values that are no answers.
type Codes = (Vec<(String, Code)>, Vec<NoAnswer>);

impl Shared {
    /// Compares the columns of a draft with the newest version. `None` where nothing is sure, or a language of the country is not the
    /// questionnaire's.
    pub(super) fn of(variables: &[DraftVariable<'_>], languages: &[Language]) -> Option<Self> {
        let core = CoreQuestionnaire::versions().last()?;
        if languages.iter().any(|language| !CoreQuestionnaire::LANGUAGES.contains(&language.as_str())) {
            return None;
        }
        let codebook = core.codebook();
        let mut found: BTreeMap<VariableName, (String, Match)> = BTreeMap::new();
        let mut twice = BTreeSet::new();
        for drafted in variables {
            let Some(matched) = matched(drafted, &codebook) else { continue };
            let variable = matched.variable.clone();
            if found.insert(variable.clone(), (drafted.column.name.clone(), matched)).is_some() {
                // Two columns that could be one item are none of it.
                twice.insert(variable);
            }
        }
        found.retain(|name, _| !twice.contains(name));
        let known = supported(&codebook, found.keys().cloned().collect());
        found.retain(|name, _| known.contains(name));
        if found.is_empty() {
            return None;
        }
        let mut shared = Self {
            version: core.version(),
            taken: Vec::new(),
            without: BTreeMap::new(),
            is_partial: false,
            is_worded: found.values().all(|(_, item)| item.is_worded),
            columns: found.into_values().collect(),
            reserved: reserved(&codebook),
        };
        shared.take(&codebook, &known);
        Some(shared)
    }

    /// The item that a column is.
    pub(super) fn item(&self, column: &str) -> Option<&Match> {
        self.columns.get(column)
    }

    /// Column and item of each.
    pub(super) fn told(&self) -> Vec<(String, String)> {
        self.columns.iter().map(|(column, item)| (column.clone(), item.variable.to_string())).collect()
    }

    /// A name that no item of the questionnaire has.
    pub(super) fn own_name(&self, name: &str) -> String {
        if self.reserved.contains(name) { format!("own_{name}") } else { name.to_owned() }
    }

    /// A name for a battery, with which no item of it has the name of one of the questionnaire's.
    pub(super) fn own_battery_name(&self, name: &str) -> String {
        let is_taken =
            |known: &String| known.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'));
        if self.reserved.iter().any(is_taken) { format!("own_{name}") } else { name.to_owned() }
    }

    fn take(&mut self, codebook: &Codebook, known: &BTreeSet<VariableName>) {
        for variable in &codebook.variables {
            let Some(battery) = codebook.battery_of(&variable.name) else {
                let is_known = known.contains(&variable.name);
                self.is_partial |= !is_known && !matches!(variable.origin, Origin::Derived(_));
                self.taken.extend(is_known.then(|| variable.name.clone()));
                continue;
            };
            let some = battery.items.iter().any(|item| known.contains(item));
            self.is_partial |= !known.contains(&variable.name);
            if some && !self.taken.contains(&battery.name) {
                self.taken.push(battery.name.clone());
                let prefix = format!("{}_", battery.name);
                let left_out = battery.items.iter().filter(|item| !known.contains(*item));
                let left_out: Vec<String> =
                    left_out.filter_map(|item| item.as_str().strip_prefix(&prefix)).map(str::to_owned).collect();
                if !left_out.is_empty() {
                    self.without.insert(battery.name.clone(), left_out);
                }
            }
        }
    }
}

/// The items among `found` whose routing can be told from others of them, and what is derived from nothing else.
fn supported(codebook: &Codebook, found: BTreeSet<VariableName>) -> BTreeSet<VariableName> {
    let mut asked = found;
    loop {
        let mut known = asked.clone();
        let is_told =
            |expr: &Expr, known: &BTreeSet<VariableName>| expr.variables().into_iter().all(|name| known.contains(name));
        // Derived variables stand behind those that they name.
        for variable in &codebook.variables {
            if let Origin::Derived(expr) = &variable.origin
                && is_told(expr, &known)
            {
                known.insert(variable.name.clone());
            }
        }
        let before = asked.len();
        asked.retain(|name| {
            let asked_if = codebook.variable(name).and_then(|variable| variable.asked_if.as_ref());
            asked_if.is_none_or(|expr| is_told(expr, &known))
        });
        if asked.len() == before {
            return known;
        }
    }
}

/// The item that a column is for sure.
fn matched(drafted: &DraftVariable<'_>, codebook: &Codebook) -> Option<Match> {
    let fits = |variable: &&Variable| {
        matches!(variable.origin, Origin::Answer)
            && (is_named(drafted.column, variable) || is_worded(drafted.column, variable, codebook))
    };
    let mut candidates = codebook.variables.iter().filter(fits);
    let (variable, other) = (candidates.next()?, candidates.next());
    if other.is_some() {
        return None;
    }
    let (codes, missing) = match (&variable.kind, drafted.kind) {
        (Kind::Category { categories, .. }, DraftKind::Category(_)) => {
            codes(drafted.column, variable, categories, codebook)?
        }
        (Kind::Number, DraftKind::Number) => (Vec::new(), Vec::new()),
        (
            Kind::Category { .. } | Kind::Number | Kind::Condition | Kind::Date | Kind::Text,
            DraftKind::Category(_) | DraftKind::Number | DraftKind::Date | DraftKind::Text,
        ) => return None,
    };
    let is_worded = is_worded(drafted.column, variable, codebook);
    let is_routed = variable.asked_if.is_some();
    Some(Match { variable: variable.name.clone(), codes, missing, is_worded, is_routed })
}

pub(super) fn is_named(column: &InspectedColumn, variable: &Variable) -> bool {
    column.name == variable.name.as_str()
}

/// Whether the column's label is the question, in any language; of an item of a battery, its question and the item.
pub(super) fn is_worded(column: &InspectedColumn, variable: &Variable, codebook: &Codebook) -> bool {
    let Some(label) = wording(column).map(folded) else { return false };
    match codebook.battery_of(&variable.name) {
        Some(battery) => variable.label.iter().any(|(language, item)| {
            let question = battery.question.find(language);
            question.and_then(|question| behind(&label, question)).is_some_and(|rest| rest == folded(item))
        }),
        None => {
            let is_it =
                |text: &Translated| text.iter().any(|(_, words)| behind(&label, words).is_some_and(str::is_empty));
            variable.question.as_ref().is_some_and(is_it)
        }
    }
}

/// What the export says that a column asks: beside its name, or as its name where columns are called by their texts.
pub(super) fn wording(column: &InspectedColumn) -> Option<&str> {
    column
        .label
        .as_deref()
        .or_else(|| (!batteries::is_word(&column.name) && !is_code(&column.name)).then_some(&column.name))
}

/// Whether a name is the code of an item, as in `Q2[SQ001]`.
fn is_code(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_[]".contains(&byte))
}

/// Why no column is sure to be an item, and what would make it so.
pub(super) fn nothing_shared(
    inspection: &Inspection,
    variables: &[DraftVariable<'_>],
    languages: &[Language],
) -> String {
    let foreign = languages.iter().find(|language| !CoreQuestionnaire::LANGUAGES.contains(&language.as_str()));
    if let Some(language) = foreign {
        return format!("it is not written in {:?}, a language of this country", language.as_str());
    }
    let categories = || variables.iter().filter(|drafted| matches!(drafted.kind, DraftKind::Category(_)));
    let asks = variables.iter().any(|drafted| wording(drafted.column).is_some());
    let answers = categories().next().is_none() || categories().any(|drafted| are_told(&drafted.column.codes));
    let missing = match (asks, answers) {
        (true, true) => {
            return "no question and its answers have the words of one; barometer core lists them".to_owned();
        }
        (false, false) => "the export has codes alone, neither the words of questions nor those of answers",
        (false, true) => "the export has no words of questions",
        (true, false) => "the export has no words of answers, only their codes",
    };
    let again = match inspection.tool {
        SurveyTool::LimeSurvey => {
            "export it again with \"Question code & question text\" as headings and \"Full answers\" as responses"
        }
        SurveyTool::SurveyXact => "lay the structure that SurveyXact exports into the folder of the dataset",
        SurveyTool::Qualtrics => "export it again with choice text, and keep all rows of its heading",
        SurveyTool::Plain | SurveyTool::Enalyzer | SurveyTool::Questback | SurveyTool::Forsta | SurveyTool::Spss => {
            "export it again with the texts of questions and answers, or as an SPSS file, which holds both"
        }
    };
    format!("{missing}; {again}")
}

/// What stands behind a question in a label that begins with it, whatever years the label has in place of `{window}`.
fn behind<'l>(label: &'l str, question: &str) -> Option<&'l str> {
    let (before, after) = question.split_once("{window}").unwrap_or((question, ""));
    let rest = label.strip_prefix(&folded(before))?;
    let after = folded(after);
    if after.is_empty() {
        return Some(rest.trim());
    }
    let at = rest.find(&after)?;
    Some(rest[at + after.len()..].trim())
}

/// The item's code of every raw value; `None` unless each has one, and one of its own. What the export declares missing need have none.
pub(super) fn codes(
    column: &InspectedColumn,
    variable: &Variable,
    categories: &[Category],
    codebook: &Codebook,
) -> Option<Codes> {
    let of = |value: &str, label: Option<&str>| code_of((value, label), variable, categories, codebook);
    let marks = column.missing_marks.iter().filter(|mark| no_answers::is_of_list(mark));
    let (mut codes, mut missing) = (Vec::new(), Vec::new());
    for code in column.codes.iter().chain(marks) {
        match of(&code.value, code.label.as_deref()) {
            Some(known) if !code.declared_missing || code.label.is_some() => codes.push((code.value.clone(), known)),
            Some(_) | None if code.declared_missing => missing.push(NoAnswer::of(code)),
            Some(_) | None => return None,
        }
    }
    if codes.is_empty() {
        return None;
    }
    let different: BTreeSet<&Code> = codes.iter().map(|(_, code)| code).collect();
    (different.len() == codes.len()).then_some((codes, missing))
}

/// The item's code of a raw value with its words.
fn code_of(
    (value, label): (&str, Option<&str>),
    variable: &Variable,
    categories: &[Category],
    codebook: &Codebook,
) -> Option<Code> {
    let battery = codebook.battery_of(&variable.name).map(|battery| &battery.kind);
    let words = label.unwrap_or(value);
    let is_it = |category: &&Category| {
        category.code.as_str() == words || category.label.iter().any(|(_, own)| folded(own) == folded(words))
    };
    let by_words = categories.iter().find(is_it).map(|category| category.code.clone());
    // An option's column holds 1 where it was ticked, whatever that is called.
    let by_tick = match (battery, value) {
        (Some(BatteryKind::Multiple { mentioned }), "1") => Some(mentioned.clone()),
        (Some(BatteryKind::Multiple { mentioned }), "0") => {
            categories.iter().map(|category| &category.code).find(|code| *code != mentioned).cloned()
        }
        (Some(BatteryKind::Multiple { .. } | BatteryKind::Scale) | None, _) => None,
    };
    by_words.or(by_tick)
}

/// The first answer of a column that the item does not know.
pub(super) fn unknown_answer(
    column: &InspectedColumn,
    variable: &Variable,
    categories: &[Category],
    codebook: &Codebook,
) -> Option<String> {
    let known = |value: &str, label| code_of((value, label), variable, categories, codebook).is_some();
    let answers = column.codes.iter().filter(|code| !code.declared_missing);
    let unknown =
        answers.map(|code| (&code.value, code.label.as_deref())).find(|(value, label)| !known(value, *label))?;
    Some(unknown.1.unwrap_or(unknown.0).to_owned())
}

/// Words without what tools change in them: case, blanks, marks between question and item.
pub(super) fn folded(text: &str) -> String {
    let plain = |character: char| if character.is_alphanumeric() { character } else { ' ' };
    let text: String = text.chars().flat_map(char::to_lowercase).map(plain).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn reserved(codebook: &Codebook) -> BTreeSet<String> {
    let lists = codebook.variables.iter().filter_map(|variable| match &variable.kind {
        Kind::Category { list, .. } => Some(list.clone()),
        Kind::Condition | Kind::Number | Kind::Date | Kind::Text => None,
    });
    let batteries = codebook.batteries.iter().map(|battery| battery.name.to_string());
    codebook.variables.iter().map(|variable| variable.name.to_string()).chain(batteries).chain(lists).collect()
}
