//! `[loops.<name>]` of a wave: tables with several rows per unit, and what is made of them.

use std::collections::BTreeMap;

use super::codebook::{CodeLists, Questionnaire, find_code};
use super::files::{raw_file, written};
use super::toml::{Entries, Text, Value};
use crate::{Category, Code, Finding, Kind, LoopColumn, LoopFile, LoopRule, LoopTable, VariableName, Written};

/// What the file of the checked answers is called, beside those of the loops.
const ANSWERS: &str = "responses";

/// The rules by their words.
const RULES: [&str; 4] = ["any", "count", "sum", "max"];

/// Reads the loops of a wave, whose answers are written as told.
pub(super) fn loops(
    value: Value<'_>,
    answers: Option<&Written>,
    questionnaire: &Questionnaire,
    findings: &mut Vec<Finding>,
) -> Vec<LoopTable> {
    let mut reader = Reader { lists: &questionnaire.lists, answers, findings };
    let tables = value.entries(reader.findings);
    let mut read: Vec<LoopTable> = Vec::new();
    for (name, value) in tables.iter().flat_map(Entries::named) {
        let Some(table) = reader.table(name, value) else { continue };
        if table.file.is_none() && read.iter().any(|other| other.file.is_none()) {
            let message = "two loops stand in rows of the answers' file, and which row belongs to which cannot be told";
            reader
                .findings
                .push(name.finding("contradiction", message).hint("export one of them as a file of its own"));
        }
        read.push(table);
    }
    read
}

struct Reader<'r> {
    lists: &'r CodeLists,
    answers: Option<&'r Written>,
    findings: &'r mut Vec<Finding>,
}

impl Reader<'_> {
    fn table(&mut self, name: Text<'_>, value: Value<'_>) -> Option<LoopTable> {
        let mut entries = value.entries(self.findings)?;
        let file = entries.optional("file").is_some().then(|| self.file(&mut entries));
        let key = entries.required("key").and_then(|value| value.filled_text(self.findings));
        let codes = entries.optional("codes").map(|value| self.codes(value)).unwrap_or_default();
        let numbers = entries.optional("numbers").map(|value| self.numbers(value, &codes)).unwrap_or_default();
        let makes = match (codes.is_empty() && numbers.is_empty(), entries.optional("makes")) {
            // A loop that nothing is made of still has a table, if it has columns.
            (false, None) => None,
            (true, None) => {
                let finding = name.finding("missing-key", format!("the loop {:?} has no column", name.value));
                self.findings
                    .push(finding.hint("name its columns in codes or numbers, or what is made of it in makes"));
                None
            }
            (_, Some(value)) => value.entries(self.findings),
        };
        entries.finish(self.findings);
        let mut table = LoopTable {
            name: name.value.to_owned(),
            file,
            key: key?.value.to_owned(),
            columns: numbers,
            makes: BTreeMap::new(),
            place: name.place(),
        };
        // A file is named by it.
        if name.name(VariableName::new, self.findings).is_some() && name.value == ANSWERS {
            let message = format!("the checked answers themselves are called {ANSWERS:?}");
            self.findings.push(name.finding("bad-name", message).hint("give the loop another name"));
        }
        for (made, value) in makes.iter().flat_map(Entries::named) {
            if let Some(rule) = self.rule(value, &codes) {
                table.columns.extend(looked_at(&rule, &codes));
                table.makes.insert(format!("{}.{}", name.value, made.value), rule);
            }
        }
        table.columns.extend(
            codes
                .into_iter()
                .map(|(name, (list, categories))| LoopColumn { name, kind: Kind::Category { list, categories } }),
        );
        table.columns.sort_by(|a, b| a.name.cmp(&b.name));
        table.columns.dedup_by(|a, b| a.name == b.name);
        Some(table)
    }

    fn file(&mut self, entries: &mut Entries<'_>) -> LoopFile {
        let (file, place) = raw_file(entries, self.findings);
        let written = written(entries, self.answers, self.findings);
        let unit = entries.required("unit").and_then(|value| value.filled_text(self.findings));
        LoopFile { file, written, unit: unit.map_or_else(String::new, |text| text.value.to_owned()), place }
    }

    /// The columns that hold codes, each with the name of its list and its categories.
    fn codes(&mut self, value: Value<'_>) -> BTreeMap<String, (String, Vec<Category>)> {
        let mut codes = BTreeMap::new();
        for (column, value) in value.entries(self.findings).iter().flat_map(Entries::named) {
            let Some(list) = value.text(self.findings) else { continue };
            match self.lists.get(list.value) {
                Some(Some(categories)) => {
                    codes.insert(column.value.to_owned(), (list.value.to_owned(), categories.clone()));
                }
                // The list has a finding of its own.
                Some(None) => {}
                None => {
                    let message = format!("there is no code list {:?}", list.value);
                    let finding = list.finding("unknown-code-list", message);
                    self.findings.push(finding.did_you_mean(list.value, self.lists.keys().map(String::as_str)));
                }
            }
        }
        codes
    }

    /// The columns that hold numbers.
    fn numbers(&mut self, value: Value<'_>, codes: &BTreeMap<String, (String, Vec<Category>)>) -> Vec<LoopColumn> {
        let mut numbers = Vec::new();
        for column in value.texts(self.findings).into_iter().flatten() {
            if codes.contains_key(column.value) {
                let message = format!("the column {:?} of the loop has codes, so it holds no numbers", column.value);
                self.findings
                    .push(column.finding("contradiction", message).hint("name it in one of codes and numbers"));
            } else {
                numbers.push(LoopColumn { name: column.value.to_owned(), kind: Kind::Number });
            }
        }
        numbers
    }

    /// `"count"` for rows, or a table with one of [`RULES`].
    fn rule(&mut self, value: Value<'_>, codes: &BTreeMap<String, (String, Vec<Category>)>) -> Option<LoopRule> {
        if value.is_text() {
            let text = value.text(self.findings)?;
            if text.value == "count" {
                return Some(LoopRule::Rows);
            }
            let finding = text.finding("unknown-word", format!("{:?} is no rule of a loop", text.value));
            self.findings.push(finding.hint("\"count\" counts rows; other rules name a column: { sum = \"staff\" }"));
            return None;
        }
        let mut entries = value.entries(self.findings)?;
        let of = entries.optional("of");
        let named: Vec<_> = RULES.iter().filter_map(|rule| Some((*rule, entries.optional(rule)?))).collect();
        entries.finish(self.findings);
        let [(rule, column)] = named[..] else {
            let message = "a rule of a loop has one of any, count, sum and max";
            self.findings
                .push(value.finding("contradiction", message).hint("such as { any = \"kind\", of = [\"product\"] }"));
            return None;
        };
        let column = column.filled_text(self.findings)?;
        match (rule, of) {
            ("sum" | "max", None) if codes.contains_key(column.value) => {
                let message = format!("the column {:?} of the loop has codes, and numbers are asked for", column.value);
                self.findings.push(column.finding("type-mismatch", message));
                None
            }
            ("sum", None) => Some(LoopRule::Sum { column: column.value.to_owned() }),
            ("max", None) => Some(LoopRule::Greatest { column: column.value.to_owned() }),
            ("sum" | "max", Some(of)) => {
                self.findings.push(of.finding("contradiction", "a sum or a maximum is of numbers, not of codes"));
                None
            }
            (_, None) => {
                let finding = value.finding("missing-key", format!("{rule} of {:?} needs the codes", column.value));
                self.findings.push(finding.hint("name them: of = [\"...\"]; rows are counted by \"count\" alone"));
                None
            }
            (_, Some(of)) => {
                let codes = self.codes_of(column, of, codes)?;
                let column = column.value.to_owned();
                Some(if rule == "any" { LoopRule::Any { column, codes } } else { LoopRule::Count { column, codes } })
            }
        }
    }

    fn codes_of(
        &mut self,
        column: Text<'_>,
        of: Value<'_>,
        known: &BTreeMap<String, (String, Vec<Category>)>,
    ) -> Option<Vec<Code>> {
        let Some((list, categories)) = known.get(column.value) else {
            let message = format!("nothing says which codes the column {:?} of the loop has", column.value);
            self.findings.push(column.finding("unknown-code-list", message).hint("name their list in its table codes"));
            return None;
        };
        let texts = of.texts(self.findings)?;
        if texts.is_empty() {
            self.findings.push(of.finding("empty", "the list names no code"));
            return None;
        }
        let read: Vec<Option<Code>> =
            texts.into_iter().map(|text| find_code(text, list, categories, self.findings)).collect();
        read.into_iter().collect()
    }
}

/// The column that a rule looks at, with what it holds.
fn looked_at(rule: &LoopRule, codes: &BTreeMap<String, (String, Vec<Category>)>) -> Option<LoopColumn> {
    let name = rule.column()?.to_owned();
    let kind = match (rule, codes.get(&name)) {
        (LoopRule::Count { .. } | LoopRule::Any { .. }, Some((list, categories))) => {
            Kind::Category { list: list.clone(), categories: categories.clone() }
        }
        (LoopRule::Count { .. } | LoopRule::Any { .. }, None) => return None,
        (LoopRule::Rows | LoopRule::Sum { .. } | LoopRule::Greatest { .. }, _) => Kind::Number,
    };
    Some(LoopColumn { name, kind })
}
