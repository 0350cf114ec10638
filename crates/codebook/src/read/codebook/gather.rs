//! Which definitions a codebook has: its own, and those that it takes from the shared questionnaire, laid under its own of the same name.

mod left_out;

use std::collections::{BTreeMap, BTreeSet};

use super::super::source::{Source, WrittenAt};
use super::super::toml::{Document, Entries, Text, Value};
use left_out::{Taken, items_of};

use crate::{CoreQuestionnaire, Finding, SourceFile, VariableName};

/// A version of the shared questionnaire, parsed.
pub(in crate::read) struct Core<'f> {
    pub(in crate::read) version: &'f str,
    documents: Vec<Document<'f>>,
}

impl Core<'static> {
    /// One that this program carries.
    pub(in crate::read) fn carried(core: CoreQuestionnaire, findings: &mut Vec<Finding>) -> Self {
        let documents = core.files().enumerate();
        let documents = documents.map(|(index, (path, text))| {
            Document::parse_source(Source::of(WrittenAt::Core(index), path, text), findings)
        });
        Self { version: core.version(), documents: documents.collect() }
    }
}

impl<'f> Core<'f> {
    /// One that may be carried some day.
    pub(in crate::read) fn written(files: &'f [SourceFile], findings: &mut Vec<Finding>) -> Self {
        let documents = files.iter().enumerate().map(|(index, file)| {
            Document::parse_source(Source::of(WrittenAt::Core(index), &file.path, &file.text), findings)
        });
        Self { version: "", documents: documents.collect() }
    }
}

/// What a table of the codebook defines.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum DefinitionKind {
    Variable,
    Battery,
    Derived,
}

impl DefinitionKind {
    const ALL: [Self; 3] = [Self::Variable, Self::Battery, Self::Derived];

    fn key(self) -> &'static str {
        match self {
            Self::Variable => "variables",
            Self::Battery => "batteries",
            Self::Derived => "derived",
        }
    }
}

/// The place of a definition in the questionnaire: file, offset, and what stands behind it by its own word.
pub(super) type Position = (WrittenAt, usize, usize);

/// One definition; over that of the core, if it is one of its items.
#[derive(Clone, Copy)]
pub(super) struct Definition<'a> {
    pub(super) name: Text<'a>,
    pub(super) value: Value<'a>,
    pub(super) kind: DefinitionKind,
    pub(super) position: Position,
}

/// Every definition that counts.
#[derive(Default)]
pub(super) struct Gathered<'a> {
    /// The code lists that something uses, each with the core's list of this name where it takes its place.
    pub(super) lists: Vec<(Text<'a>, Value<'a>, Option<Value<'a>>)>,
    pub(super) definitions: Vec<Definition<'a>>,
    pub(super) rules: Option<Value<'a>>,
    /// Items of the core that the country leaves out, in the order of the questionnaire.
    pub(super) not_taken: Vec<(VariableName, Value<'a>)>,
    /// Items of batteries that `[core]` leaves out, by battery.
    pub(super) left_out: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// Whether some definitions have findings.
    pub(super) is_incomplete: bool,
}

impl<'a> Gathered<'a> {
    pub(super) fn of(entries: Option<Entries<'a>>, core: Option<&'a Core<'a>>, findings: &mut Vec<Finding>) -> Self {
        let mut shared = Written::default();
        for document in core.iter().flat_map(|core| &core.documents) {
            match document.entries() {
                Some(entries) => shared.read(entries, findings),
                None => shared.is_incomplete = true,
            }
        }
        let mut own = Written::default();
        let is_alone = entries.is_none();
        let mut taken = None;
        if let Some(mut entries) = entries {
            taken = match core {
                Some(_) => entries.required("core").and_then(|value| shared.taken(value, findings)),
                None => {
                    findings.extend(entries.optional("core").map(|value| without_version(&value)));
                    None
                }
            };
            own.rules = entries.optional("checks");
            own.read(entries, findings);
        }
        let mut gathered = Self { is_incomplete: shared.is_incomplete || own.is_incomplete, ..Self::default() };
        if core.is_some() && taken.is_none() && !is_alone {
            gathered.is_incomplete = true;
        }
        if let Some(taken) = &mut taken {
            gathered.is_incomplete |= taken.settle(&own, &shared, findings);
        }
        let (taken, left_out) = match taken {
            Some(Taken { names, left_out, .. }) => (names, left_out),
            None if is_alone => (shared.definitions.keys().copied().collect(), BTreeMap::new()),
            None => (BTreeSet::new(), BTreeMap::new()),
        };
        gathered.lay(&own, &shared, &taken, findings);
        gathered.left_out = left_out;
        gathered.rules = own.rules;
        gathered.not_taken = shared.left_out(&taken);
        gathered.add_lists(&own, &shared);
        gathered
    }

    /// The country's definitions, over those of the core that it takes.
    fn lay(&mut self, own: &Written<'a>, shared: &Written<'a>, taken: &BTreeSet<&'a str>, findings: &mut Vec<Finding>) {
        let of_core = |name: &&str| taken.contains(*name) && !own.definitions.contains_key(*name);
        self.definitions.extend(shared.definitions.iter().filter(|(name, _)| of_core(name)).map(|(_, it)| *it));
        for (name, definition) in &own.definitions {
            match shared.definitions.get(name) {
                Some(_) if !taken.contains(name) => {
                    let message =
                        format!("{name:?} is an item of the shared questionnaire, and this country does not take it");
                    let finding = definition.name.finding("reserved-name", message);
                    findings.push(finding.hint("take it in [core], or give your own item another name"));
                    self.is_incomplete = true;
                }
                Some(core) if core.kind != definition.kind => {
                    let message = format!(
                        "{name:?} stands in [{}] of the shared questionnaire, so it cannot be changed in [{}]",
                        core.kind.key(),
                        definition.kind.key()
                    );
                    let finding = definition.name.finding("contradiction", message);
                    findings.push(finding.hint("leave it out in [core] and give your own item another name"));
                    self.is_incomplete = true;
                }
                Some(core) => {
                    let value = definition.value.over(core.value);
                    self.definitions.push(Definition { value, position: core.position, ..*definition });
                }
                None => {
                    let position = self.position(definition, own, shared, findings);
                    self.definitions.push(Definition { position, ..*definition });
                }
            }
        }
        for definition in &own.twice {
            self.definitions.push(*definition);
        }
    }

    /// Where an own definition stands: behind the one that it says, wherever that stands itself, else behind the core.
    fn position(
        &self,
        definition: &Definition<'a>,
        own: &Written<'a>,
        shared: &Written<'a>,
        findings: &mut Vec<Finding>,
    ) -> Position {
        // From here to what stands by itself: a definition of the core, or one that says nothing.
        let (mut chain, mut last) = (vec![*definition], None);
        while let Some(after) = chain.last().and_then(|it| it.value.text_of("after")) {
            if let Some(core) = shared.definitions.get(after.value) {
                last = Some(core.position);
                break;
            }
            let known = own.definitions.get(after.value);
            let is_circle = known.is_some_and(|it| chain.iter().any(|other| other.position == it.position));
            match known {
                Some(before) if !is_circle => chain.push(*before),
                Some(before) if before.position == definition.position => {
                    let message = format!("{:?} stands behind itself", definition.name.value);
                    let finding = after.finding("contradiction", message);
                    findings.push(finding.hint("one of those in the circle stands behind something else"));
                    break;
                }
                // A circle of others, or an unknown name that another one says: the finding is there.
                Some(_) => break,
                None if chain.len() > 1 => break,
                None => {
                    let finding = after.finding("unknown-variable", format!("there is no item {:?}", after.value));
                    let names = shared.definitions.keys().chain(own.definitions.keys()).copied();
                    findings.push(finding.did_you_mean(after.value, names));
                    break;
                }
            }
        }
        let first = last.or_else(|| chain.pop().map(|it| it.position)).unwrap_or(definition.position);
        chain.iter().rev().fold(first, |before, it| (before.0, before.1, (1 + it.position.1).max(1 + before.2)))
    }

    /// All lists of the country, and those of the core that a definition names.
    fn add_lists(&mut self, own: &Written<'a>, shared: &Written<'a>) {
        let named = |value: &Value<'a>| value.text_of("codes").map(|text| text.value);
        let used: BTreeSet<&str> = self.definitions.iter().filter_map(|definition| named(&definition.value)).collect();
        for (name, (text, value)) in &own.lists {
            self.lists.push((*text, *value, shared.lists.get(name).map(|(_, value)| *value)));
        }
        let of_core = shared.lists.iter().filter(|(name, _)| used.contains(*name) && !own.lists.contains_key(*name));
        self.lists.extend(of_core.map(|(_, (text, value))| (*text, *value, None)));
    }
}

/// Items are taken from no version.
fn without_version(value: &Value<'_>) -> Finding {
    let finding =
        value.finding("no-core", "country.toml does not tell which version of the shared questionnaire is taken");
    let newest = CoreQuestionnaire::versions().last().map_or("", CoreQuestionnaire::version);
    finding.hint(format!("write core = {newest:?} there"))
}

/// The definitions of one or more files, as written.
#[derive(Default)]
struct Written<'a> {
    lists: BTreeMap<&'a str, (Text<'a>, Value<'a>)>,
    definitions: BTreeMap<&'a str, Definition<'a>>,
    /// Those whose names were taken already, to be found as duplicates.
    twice: Vec<Definition<'a>>,
    rules: Option<Value<'a>>,
    is_incomplete: bool,
}

impl<'a> Written<'a> {
    fn read(&mut self, mut entries: Entries<'a>, findings: &mut Vec<Finding>) {
        let lists = entries.optional("code_lists").and_then(|value| value.entries(findings));
        self.lists.extend(lists.iter().flat_map(Entries::named).map(|(name, value)| (name.value, (name, value))));
        for kind in DefinitionKind::ALL {
            let Some(value) = entries.optional(kind.key()) else { continue };
            let Some(table) = value.entries(findings) else {
                self.is_incomplete = true;
                continue;
            };
            for (name, value) in table.named() {
                let (written_at, offset) = name.position();
                let definition = Definition { name, value, kind, position: (written_at, offset, 0) };
                match self.definitions.get(name.value) {
                    None => {
                        self.definitions.insert(name.value, definition);
                    }
                    Some(_) => self.twice.push(definition),
                }
            }
        }
        entries.finish(findings);
    }

    /// What `[core]` takes; `None` if it cannot be understood.
    fn taken(&self, value: Value<'a>, findings: &mut Vec<Finding>) -> Option<Taken<'a>> {
        let mut entries = value.entries(findings)?;
        let take = entries.required("take");
        let without = entries.optional("without");
        entries.finish(findings);
        let take = take?;
        let is_all = take.is_text();
        let names: BTreeSet<&str> = if is_all {
            let text = take.text(findings)?;
            if text.value != "all" {
                let message = format!("expected \"all\" or a list of items, found {:?}", text.value);
                findings.push(text.finding("unknown-word", message).hint("barometer core lists the items"));
                return None;
            }
            self.definitions.keys().copied().collect()
        } else {
            self.named(take, findings)?
        };
        let place = without.map_or_else(|| take.place(), |without| without.place());
        let mut taken = Taken { names, left_out: BTreeMap::new(), is_all, place };
        if let Some(without) = without {
            self.leave_out(without, &mut taken, findings)?;
        }
        Some(taken)
    }

    /// Items, and items of batteries, that are left out; those that are listed one by one need no leaving out.
    fn leave_out(&self, without: Value<'a>, taken: &mut Taken<'a>, findings: &mut Vec<Finding>) -> Option<()> {
        let mut complete = true;
        for text in without.texts(findings)? {
            let of_battery = self.definitions.values().find_map(|definition| {
                let item = text.value.strip_prefix(definition.name.value)?.strip_prefix('_')?;
                let is_item = definition.kind == DefinitionKind::Battery && items_of(definition.value).contains(&item);
                is_item.then_some((definition.name.value, item))
            });
            if let Some((battery, item)) = of_battery {
                taken.left_out.entry(battery).or_default().insert(item);
            } else if !self.definitions.contains_key(text.value) {
                findings.push(self.no_such_item(text));
                complete = false;
            } else if taken.is_all {
                taken.names.remove(text.value);
            } else {
                let message = "items are left out of \"all\"; here they are listed one by one";
                findings.push(text.finding("contradiction", message).hint("take it out of the list"));
            }
        }
        complete.then_some(())
    }

    fn no_such_item(&self, text: Text<'_>) -> Finding {
        let message = format!("the shared questionnaire has no item {:?}", text.value);
        let finding = text.finding("unknown-core-item", message);
        let finding = finding.did_you_mean(text.value, self.definitions.keys().copied());
        if finding.hints.is_empty() { finding.hint("barometer core lists the items") } else { finding }
    }

    fn named(&self, value: Value<'a>, findings: &mut Vec<Finding>) -> Option<BTreeSet<&'a str>> {
        let mut named = BTreeSet::new();
        let mut complete = true;
        for text in value.texts(findings)? {
            if !self.definitions.contains_key(text.value) {
                findings.push(self.no_such_item(text));
                complete = false;
            } else if !named.insert(text.value) {
                findings.push(text.finding("duplicate", format!("the item {:?} is listed twice", text.value)));
            }
        }
        complete.then_some(named)
    }

    /// The items that were asked or come from a register and are not in `taken`, in the order of the questionnaire.
    fn left_out(&self, taken: &BTreeSet<&str>) -> Vec<(VariableName, Value<'a>)> {
        let is_left_out = |definition: &&Definition<'_>| {
            definition.kind != DefinitionKind::Derived && !taken.contains(definition.name.value)
        };
        let mut left_out: Vec<&Definition<'a>> = self.definitions.values().filter(is_left_out).collect();
        left_out.sort_by_key(|definition| definition.position);
        let named = left_out.into_iter().map(|it| (VariableName::new(it.name.value), it.value));
        named.filter_map(|(name, value)| Some((name.ok()?, value))).collect()
    }
}
