//! `codebook.toml`: code lists, variables, batteries and derived variables.
//!
//! First every definition is gathered, then read as written, so that each name has a kind; then conditions and derivations are read as
//! meant, which may name variables that are defined further down.

mod battery;
mod gather;

use std::collections::{BTreeMap, BTreeSet};

use super::checks;
use super::derivation::{Draft, Source, resolve};
use super::toml::{Document, Entries, Text, Value};
use super::words::words;
use crate::expression::types::{Scope, Size};
use crate::{
    Battery, Category, Check, Code, Codebook, CoreItem, CoreUse, Finding, Kind, Language, NotTaken, Role, Translated,
    Variable, VariableName,
};
pub(super) use gather::Core;
use gather::{Definition, DefinitionKind, Gathered};

/// The codebook and what the other files need to read theirs.
#[derive(Default)]
pub(super) struct Questionnaire {
    pub(super) codebook: Codebook,
    pub(super) scope: Scope,
    /// How large the numbers of derived variables can be.
    pub(super) sizes: BTreeMap<VariableName, Size>,
    pub(super) lists: CodeLists,
    /// What the answers must satisfy.
    pub(super) checks: Vec<Check>,
    /// Variables that tell what people would not want to be known of themselves, as the codebook says.
    pub(super) sensitive: BTreeSet<VariableName>,
}

impl Questionnaire {
    /// What is known when there is no codebook: nothing, so that no name can be called unknown.
    pub(super) fn unclear() -> Self {
        let mut questionnaire = Self::default();
        questionnaire.scope.mark_incomplete();
        questionnaire
    }
}

/// The code lists by name; `None` has a finding of its own.
pub(super) type CodeLists = BTreeMap<String, Option<Vec<Category>>>;

/// Reads the codebook, which may take items of the shared questionnaire; `core` are its files.
pub(super) fn questionnaire(
    document: &Document<'_>,
    core: Option<&Core<'_>>,
    languages: &[Language],
    findings: &mut Vec<Finding>,
) -> Questionnaire {
    let mut scope = Scope::default();
    let entries = document.entries();
    if entries.is_none() {
        scope.mark_incomplete();
    }
    read(entries, core, languages, scope, findings)
}

/// The same of the shared questionnaire alone.
pub(super) fn core_alone(core: &Core<'_>, languages: &[Language], findings: &mut Vec<Finding>) -> Questionnaire {
    read(None, Some(core), languages, Scope::default(), findings)
}

fn read<'a>(
    entries: Option<Entries<'a>>,
    core: Option<&'a Core<'a>>,
    languages: &[Language],
    mut scope: Scope,
    findings: &mut Vec<Finding>,
) -> Questionnaire {
    let mut reader = Reader {
        languages,
        findings,
        lists: CodeLists::new(),
        drafts: Vec::new(),
        batteries: Vec::new(),
        checks: Vec::new(),
        sensitive: BTreeSet::new(),
        taken: CoreUse::default(),
        left_out: BTreeMap::new(),
    };
    let rules = reader.file(entries, core, &mut scope);
    let Reader { lists, drafts, batteries, mut checks, sensitive, taken, .. } = reader;
    let batteries = check_names(&drafts, batteries, &mut scope, findings);
    let (variables, sizes) = resolve(drafts, &mut scope, findings);
    check_list_names(&variables, &lists, findings);
    checks.extend(rules.map(|value| checks::rules(value, &scope, &sizes, findings)).unwrap_or_default());
    Questionnaire { codebook: Codebook { variables, batteries, core: taken }, scope, sizes, lists, checks, sensitive }
}

struct Reader<'r, 'a> {
    languages: &'r [Language],
    findings: &'r mut Vec<Finding>,
    lists: CodeLists,
    drafts: Vec<Draft<'a>>,
    batteries: Vec<(Text<'a>, Battery)>,
    /// The checks that stand at variables.
    checks: Vec<Check>,
    /// Variables that are marked as sensitive.
    sensitive: BTreeSet<VariableName>,
    /// What is taken from the shared questionnaire.
    taken: CoreUse,
    /// Items of batteries that `[core]` leaves out, by battery.
    left_out: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a> Reader<'_, 'a> {
    /// Reads all definitions. Gives `[[checks]]`, which is read when every variable is known.
    fn file(
        &mut self,
        entries: Option<Entries<'a>>,
        core: Option<&'a Core<'a>>,
        scope: &mut Scope,
    ) -> Option<Value<'a>> {
        let mut gathered = Gathered::of(entries, core, self.findings);
        self.taken.version = core.map(|core| core.version.to_owned());
        for (name, value, under) in std::mem::take(&mut gathered.lists) {
            let categories = self.code_list(value, under);
            if under.is_some_and(|under| !offers(under, categories.as_deref())) {
                self.taken.changed_lists.insert(name.value.to_owned());
            }
            self.lists.insert(name.value.to_owned(), categories);
        }
        if gathered.is_incomplete {
            scope.mark_incomplete();
        }
        self.left_out = std::mem::take(&mut gathered.left_out);
        // Variables and batteries are in the order of the questionnaire, which is that of the files.
        gathered.definitions.sort_by_key(|definition| definition.position);
        for Definition { name: key, value, kind, .. } in gathered.definitions {
            let Some(definition) = value.entries(self.findings) else {
                scope.mark_incomplete();
                continue;
            };
            let name = key.name(VariableName::new, self.findings);
            self.take(key, name.as_ref(), &definition);
            let known = match kind {
                DefinitionKind::Variable => self.variable(key, name, definition),
                DefinitionKind::Battery => self.battery(key, name, definition),
                DefinitionKind::Derived => self.derived(key, name, definition),
            };
            if known.is_none() {
                scope.mark_incomplete();
            }
        }
        for (name, value) in gathered.not_taken {
            let label = self.words_of(value, &["question", "label"]);
            self.taken.not_taken.push(NotTaken { name, label });
        }
        gathered.rules
    }

    /// The first of these texts that an item of the core has, as far as it has the country's languages.
    fn words_of(&self, value: Value<'a>, keys: &[&str]) -> Translated {
        let entries = value.entries(&mut Vec::new());
        let value = keys.iter().find_map(|key| entries.as_ref()?.own(key));
        value.and_then(|value| words(value, self.languages, &mut Vec::new())).unwrap_or_default()
    }

    /// Remembers what the country takes, and what of it is its own.
    fn take(&mut self, key: Text<'a>, name: Option<&VariableName>, definition: &Entries<'a>) {
        let Some(name) = name.filter(|_| key.is_core() || definition.is_over()) else { return };
        let is_over = definition.is_over();
        if let Some(question) = definition.own("question").filter(|_| is_over) {
            self.worded_in_every_language(
                (question, definition.under("question")),
                &format!("the question of {:?}", name.as_str()),
            );
        }
        let own = definition.own_keys().map(str::to_owned).filter(|_| is_over).collect();
        // What the core lacks is found where it is needed.
        let question = definition.under("question").and_then(|value| words(value, self.languages, &mut Vec::new()));
        let (own_items, own_words) = (BTreeSet::new(), BTreeSet::new());
        self.taken.items.insert(name.clone(), CoreItem { own, own_items, own_words, question, place: key.place() });
    }

    /// Words of a country's own take the core's place in each language: where one is left out, its readers would take the core's words for those that
    /// respondents read.
    fn worded_in_every_language(&mut self, (own_words, core): (Value<'a>, Option<Value<'a>>), what: &str) {
        let text = |value: Value<'a>| words(value, self.languages, &mut Vec::new());
        let is_own = text(own_words).zip(core.and_then(text)).is_some_and(|(own, core)| own.differs_from(&core));
        let Some(entries) = own_words.entries(&mut Vec::new()).filter(|_| is_own) else { return };
        let own: BTreeSet<&str> = entries.own_keys().collect();
        let missing = self.languages.iter().map(Language::as_str).filter(|it| !own.contains(it));
        let missing = missing.collect::<Vec<_>>().join(", ");
        if !own.is_empty() && !missing.is_empty() {
            let own = own.into_iter().collect::<Vec<_>>().join(", ");
            let message = format!("{what} is worded by the country in {own}, and by the core in {missing}");
            let finding = own_words.finding("own-words-in-some", message);
            self.findings.push(finding.hint(format!(
                "say in {missing}, too, what respondents were asked: a translation of the country's words, or the core's words again where they read those"
            )));
        }
    }

    /// The categories of a list, unless some could not be read.
    ///
    /// A list takes the place of the core's of the same name, `under`; codes that are in both have its words where they have none of their own.
    fn code_list(&mut self, value: Value<'a>, under: Option<Value<'a>>) -> Option<Vec<Category>> {
        let core = under.and_then(|under| under.list(self.findings)).unwrap_or_default();
        let values = value.list(self.findings)?;
        if values.is_empty() {
            self.findings.push(value.finding("empty", "a code list has at least one code"));
        }
        let mut categories: Vec<Category> = Vec::new();
        let mut complete = true;
        for value in values {
            let code = value.text_of("code");
            let same = core.iter().find(|core| core.text_of("code").zip(code).is_some_and(|(a, b)| a.value == b.value));
            let value = same.map_or(value, |same| value.over(*same));
            let Some(mut entries) = value.entries(self.findings) else {
                complete = false;
                continue;
            };
            let text = entries.required("code").and_then(|value| value.text(self.findings));
            let code = text.and_then(|text| text.name(Code::new, self.findings));
            let label = self.required_words(&mut entries, "label");
            let role = entries.optional("role").and_then(|value| value.text(self.findings));
            let role = role.map_or(Role::Answer, |text| self.role(text));
            entries.finish(self.findings);
            match (code, text) {
                (Some(code), Some(text)) if categories.iter().any(|category| category.code == code) => {
                    self.findings.push(text.finding("duplicate", format!("the code {:?} is listed twice", text.value)));
                }
                (Some(code), _) => categories.push(Category { code, label, role }),
                (None, _) => complete = false,
            }
        }
        complete.then_some(categories)
    }

    fn role(&mut self, text: Text<'_>) -> Role {
        match text.value {
            "dont_know" => Role::DontKnow,
            "not_relevant" => Role::NotRelevant,
            other => {
                let finding = text.finding("unknown-word", format!("{other:?} is no role"));
                self.findings.push(finding.did_you_mean(other, ["dont_know", "not_relevant"]));
                Role::Answer
            }
        }
    }

    fn required_words(&mut self, entries: &mut Entries<'a>, key: &'static str) -> crate::Translated {
        let value = entries.required(key);
        value.and_then(|value| words(value, self.languages, self.findings)).unwrap_or_default()
    }

    fn variable(&mut self, key: Text<'a>, name: Option<VariableName>, mut entries: Entries<'a>) -> Option<()> {
        let label = self.required_words(&mut entries, "label");
        let question = entries.optional("question");
        let question = question.and_then(|value| words(value, self.languages, self.findings));
        let kind = self.kind(&mut entries, &["number", "date", "text"]);
        if let Declared::Neither = kind {
            let finding =
                Finding::error(entries.place().clone(), "missing-key", "the variable has neither codes nor a kind");
            self.findings.push(finding.hint("give it codes = \"…\", or kind = \"number\", \"date\" or \"text\""));
        }
        let asked_if = self.asked_if(&mut entries);
        if self.is_sensitive(&mut entries) {
            self.sensitive.extend(name.clone());
        }
        self.after(&mut entries);
        let source = entries.optional("from").and_then(|value| value.text(self.findings));
        let source = source.map_or(Source::Answers, |text| self.source(text));
        if let (Source::Register, Some(asked_if)) = (&source, asked_if) {
            self.findings.push(asked_if.finding("routing", "a variable of the register is asked of nobody"));
        }
        let kind = kind.known();
        self.checks.extend(checks::of_variable(&mut entries, name.as_ref(), kind.as_ref(), self.findings));
        entries.finish(self.findings);
        self.drafts.push(Draft { name: name?, key, label, question, kind, source, asked_if });
        Some(())
    }

    /// Whether people would not want it to be known of themselves.
    fn is_sensitive(&mut self, entries: &mut Entries<'a>) -> bool {
        entries.optional("sensitive").and_then(|value| value.boolean(self.findings)) == Some(true)
    }

    fn source(&mut self, text: Text<'_>) -> Source<'a> {
        match text.value {
            "answers" => Source::Answers,
            "register" => Source::Register,
            other => {
                let finding = text.finding("unknown-word", format!("{other:?} is no source of variables"));
                self.findings.push(finding.did_you_mean(other, ["answers", "register"]));
                Source::Answers
            }
        }
    }

    /// What `codes` or `kind` say.
    fn kind(&mut self, entries: &mut Entries<'a>, kinds: &[&str]) -> Declared {
        let codes = entries.optional("codes");
        let kind = entries.optional("kind");
        match (codes, kind) {
            (None, None) => Declared::Neither,
            (Some(_), Some(kind)) => {
                self.findings.push(kind.finding("contradiction", "a variable has either codes or a kind, not both"));
                Declared::Unclear
            }
            (Some(codes), None) => match codes.text(self.findings).and_then(|text| self.categories(text)) {
                Some((list, categories)) => Declared::Known(Kind::Category { list, categories }),
                None => Declared::Unclear,
            },
            (None, Some(kind)) => match kind.text(self.findings) {
                Some(text) if kinds.contains(&text.value) => match text.value {
                    "number" => Declared::Known(Kind::Number),
                    "date" => Declared::Known(Kind::Date),
                    _ => Declared::Known(Kind::Text),
                },
                Some(text) => {
                    let finding = text.finding("unknown-word", format!("{:?} is no kind of variable here", text.value));
                    self.findings.push(finding.did_you_mean(text.value, kinds.iter().copied()));
                    Declared::Unclear
                }
                None => Declared::Unclear,
            },
        }
    }

    /// The list that `codes` names; `None` if there is none or it has a finding of its own.
    fn categories(&mut self, text: Text<'_>) -> Option<(String, Vec<Category>)> {
        match self.lists.get(text.value) {
            Some(categories) => categories.clone().map(|categories| (text.value.to_owned(), categories)),
            None => {
                let finding = text.finding("unknown-code-list", format!("there is no code list {:?}", text.value));
                self.findings.push(finding.did_you_mean(text.value, self.lists.keys().map(String::as_str)));
                None
            }
        }
    }

    fn derived(&mut self, key: Text<'a>, name: Option<VariableName>, mut entries: Entries<'a>) -> Option<()> {
        let label = self.required_words(&mut entries, "label");
        let kind = match self.kind(&mut entries, &["number"]) {
            Declared::Neither => Some(Kind::Condition),
            other @ (Declared::Known(_) | Declared::Unclear) => other.known(),
        };
        let sql = entries.required("sql").and_then(|value| value.text(self.findings));
        if self.is_sensitive(&mut entries) {
            self.sensitive.extend(name.clone());
        }
        self.after(&mut entries);
        entries.finish(self.findings);
        let source = Source::Derived(sql);
        self.drafts.push(Draft { name: name?, key, label, question: None, kind, source, asked_if: None });
        Some(())
    }
}

/// Whether a list of the core offers the same answers as these.
fn offers(core: Value<'_>, categories: Option<&[Category]>) -> bool {
    let shared = core.list(&mut Vec::new()).unwrap_or_default();
    let shared = shared.iter().map(|value| ["code", "role"].map(|key| value.text_of(key).map(|text| text.value)));
    let role = |role| match role {
        Role::Answer => None,
        Role::DontKnow => Some("dont_know"),
        Role::NotRelevant => Some("not_relevant"),
    };
    let own = categories.into_iter().flatten().map(|category| [Some(category.code.as_str()), role(category.role)]);
    shared.eq(own)
}

/// What a definition says about its kind.
enum Declared {
    Known(Kind),
    /// There is a finding.
    Unclear,
    Neither,
}

impl Declared {
    fn known(self) -> Option<Kind> {
        match self {
            Self::Known(kind) => Some(kind),
            Self::Unclear | Self::Neither => None,
        }
    }
}

/// The code that `text` names, which must be one of `categories`.
pub(super) fn find_code(
    text: Text<'_>,
    list: &str,
    categories: &[Category],
    findings: &mut Vec<Finding>,
) -> Option<Code> {
    let code = categories.iter().map(|category| &category.code).find(|code| code.as_str() == text.value);
    if code.is_none() {
        let finding = text.finding("unknown-code", format!("{:?} is none of the codes {list:?}", text.value));
        findings.push(finding.did_you_mean(text.value, categories.iter().map(|category| category.code.as_str())));
    }
    code.cloned()
}

/// Reports names that are given twice, to variables or batteries, and makes every other name known.
fn check_names(
    drafts: &[Draft<'_>],
    batteries: Vec<(Text<'_>, Battery)>,
    scope: &mut Scope,
    findings: &mut Vec<Finding>,
) -> Vec<Battery> {
    let mut first: BTreeMap<&str, Text<'_>> = BTreeMap::new();
    let mut twice = BTreeSet::new();
    let names = drafts.iter().map(|draft| (draft.name.as_str(), draft.key));
    let mut names: Vec<_> = names.chain(batteries.iter().map(|(key, battery)| (battery.name.as_str(), *key))).collect();
    names.sort_by_key(|(_, key)| key.position());
    for (name, key) in names {
        match first.get(name) {
            None => {
                first.insert(name, key);
            }
            Some(earlier) => {
                let finding = key.finding("duplicate", format!("the name {name:?} is given twice"));
                findings.push(finding.hint(format!("first at {}", earlier.place())));
                twice.insert(name);
            }
        }
    }
    for draft in drafts {
        // Of two definitions, either may be the one that was meant.
        let is_twice = twice.contains(draft.name.as_str());
        scope.insert(draft.name.clone(), draft.kind.clone().filter(|_| !is_twice));
    }
    batteries.into_iter().map(|(_, battery)| battery).collect()
}

/// A variable and a code list of one name, in which the variable has other codes, would make `[recodes.<name>]` ambiguous.
fn check_list_names(variables: &[Variable], lists: &CodeLists, findings: &mut Vec<Finding>) {
    for variable in variables {
        let own_list = match &variable.kind {
            Kind::Category { list, .. } => list.as_str(),
            Kind::Condition | Kind::Number | Kind::Date | Kind::Text => "",
        };
        if lists.contains_key(variable.name.as_str()) && own_list != variable.name.as_str() {
            let message =
                format!("the variable {:?} has the name of a code list that is not its own", variable.name.as_str());
            let finding = Finding::error(variable.place.clone(), "ambiguous-name", message);
            findings.push(finding.hint("rename one of them: recodes go by either name"));
        }
    }
}
