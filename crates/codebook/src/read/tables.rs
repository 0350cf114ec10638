//! `tables.toml`: bases and tables, whose rows are spelled out here.

use std::collections::{BTreeMap, BTreeSet};

use super::codebook::{Questionnaire, find_code};
use super::derivation::expression;
use super::toml::{Document, Entries, Text, Value};
use super::words::words;
use super::{merge, packed, sensitive};
use crate::expression::types::{Expected, Meaning};
use crate::narrow::{told_bases, told_tables};
use crate::{
    Base, BaseId, Battery, BatteryKind, Category, Code, Decimal, Finding, Kind, Language, Measure, QuantileRule, Row,
    RowId, Scale, Sensitivity, TableId, TableSpec, Translated, VariableName,
};

/// The bases and tables of a country.
#[derive(Default)]
pub(super) struct Tables {
    pub(super) bases: BTreeMap<BaseId, Base>,
    pub(super) tables: Vec<TableSpec>,
    /// Tables with findings of their own: what is not found in them proves nothing.
    unclear: BTreeSet<TableId>,
    /// Whether some bases or tables could not be read at all.
    pub(super) incomplete: bool,
    /// Bases and tables of the country, whole, where these are those of a wave that lacks some of it.
    whole: Option<(BTreeSet<BaseId>, Vec<TableSpec>)>,
}

impl Tables {
    /// What is known when there is no file of tables: nothing, so that no name can be called unknown.
    pub(super) fn unclear() -> Self {
        Self { incomplete: true, ..Self::default() }
    }

    /// Those of a wave that cannot tell these variables.
    pub(super) fn without(&self, untold: &BTreeSet<&VariableName>) -> Self {
        let bases = told_bases(&self.bases, untold);
        Self {
            tables: told_tables(&self.tables, &bases, untold),
            bases,
            unclear: self.unclear.clone(),
            incomplete: self.incomplete,
            whole: (!untold.is_empty()).then(|| (self.bases.keys().cloned().collect(), self.tables.clone())),
        }
    }

    /// Whether the country has a base of this name, which the wave lacks.
    pub(super) fn lacks_base(&self, name: &str) -> bool {
        self.whole.as_ref().is_some_and(|(bases, _)| bases.iter().any(|base| base.as_str() == name))
    }

    /// The table as the country has it, where the wave lacks it or a part of it.
    pub(super) fn whole(&self, name: &str) -> Option<&TableSpec> {
        self.whole.as_ref()?.1.iter().find(|table| table.id.as_str() == name)
    }

    /// Whether the table of this name has findings of its own.
    pub(super) fn is_unclear(&self, name: &str) -> bool {
        self.unclear.iter().any(|id| id.as_str() == name)
    }
}

pub(super) fn tables(
    document: &Document<'_>,
    languages: &[Language],
    questionnaire: &Questionnaire,
    findings: &mut Vec<Finding>,
) -> Tables {
    let mut reader = Reader { languages, questionnaire, findings, result: Tables::default(), names_unclear: false };
    match document.entries() {
        Some(entries) => reader.file(entries),
        None => reader.result.incomplete = true,
    }
    reader.result
}

struct Reader<'r> {
    languages: &'r [Language],
    questionnaire: &'r Questionnaire,
    findings: &'r mut Vec<Finding>,
    result: Tables,
    /// Whether the table at hand names something that has a finding elsewhere.
    names_unclear: bool,
}

impl Reader<'_> {
    fn file(&mut self, mut entries: Entries<'_>) {
        let bases = entries.required("bases").and_then(|value| value.entries(self.findings));
        let tables = entries.required("tables").and_then(|value| value.entries(self.findings));
        entries.finish(self.findings);
        self.result.incomplete = bases.is_none() || tables.is_none();
        for (name, value) in bases.iter().flat_map(Entries::named) {
            let base = self.base(name, value);
            match base {
                Some(base) => {
                    self.result.bases.insert(base.id.clone(), base);
                }
                None => self.result.incomplete = true,
            }
        }
        for (name, value) in tables.iter().flat_map(Entries::named) {
            let table = self.table(name, value);
            match table {
                Some(table) => self.result.tables.push(table),
                None if self.result.is_unclear(name.value) => {}
                None => self.result.incomplete = true,
            }
        }
        let (marked, codebook) = (&self.questionnaire.sensitive, &self.questionnaire.codebook);
        sensitive::spread(&mut self.result.tables, &self.result.bases, marked, codebook);
        merge::told_apart(&self.result.tables, &self.result.bases, &self.questionnaire.codebook, self.findings);
    }

    fn base(&mut self, key: Text<'_>, value: Value<'_>) -> Option<Base> {
        let id = key.name(BaseId::new, self.findings);
        let mut entries = value.entries(self.findings)?;
        let condition = entries.optional("where").and_then(|value| value.text(self.findings));
        let Questionnaire { scope, sizes, .. } = self.questionnaire;
        let condition = condition.and_then(|text| expression(text, scope, Expected::Condition, sizes, self.findings));
        let label = self.required_words(&mut entries, "label");
        let counting_unit = self.required_words(&mut entries, "counting_unit");
        entries.finish(self.findings);
        Some(Base { id: id?, condition, label, counting_unit, place: key.place() })
    }

    fn required_words(&mut self, entries: &mut Entries<'_>, key: &'static str) -> Translated {
        let value = entries.required(key);
        value.and_then(|value| words(value, self.languages, self.findings)).unwrap_or_default()
    }

    fn table(&mut self, key: Text<'_>, value: Value<'_>) -> Option<TableSpec> {
        let id = key.name(TableId::new, self.findings);
        let mut entries = value.entries(self.findings)?;
        let title = self.required_words(&mut entries, "title");
        let base = entries.required("base").and_then(|value| value.text(self.findings));
        let base = base.and_then(|text| self.base_of(text));
        let measure = entries.required("measure").and_then(|value| value.text(self.findings));
        let measure = measure.and_then(|text| self.measure(text, &mut entries));
        let over = entries.optional("over").and_then(|value| value.text(self.findings));
        let codes = entries.optional("codes");
        let merge = entries.optional("merge");
        let rows = entries.required("rows");
        let before = self.findings.len();
        self.names_unclear = false;
        let mut rows = rows.map(|rows| self.rows(rows, codes, measure)).unwrap_or_default();
        if let Some(merge) = merge {
            merge::merge(merge, &mut rows, self.questionnaire, self.languages, self.findings);
        }
        let over = self.over(over, measure, key);
        rows.iter_mut().for_each(|row| row.over.clone_from(&over));
        let breakdowns = entries.optional("breakdowns");
        let breakdowns = breakdowns.map(|breakdowns| self.breakdowns(breakdowns)).unwrap_or_default();
        let unclear = self.names_unclear || rows.is_empty() || before < self.findings.len();
        let decimals = entries.optional("decimals").and_then(|value| value.integer(0, 6, self.findings));
        let decimals = decimals.and_then(|decimals| u8::try_from(decimals).ok()).unwrap_or(0);
        let scale = entries.optional("scale").and_then(|value| self.scale(value, measure));
        let is_sensitive = entries.optional("sensitive").and_then(|value| value.boolean(self.findings)) == Some(true);
        let sensitivity = if is_sensitive { Sensitivity::Sensitive } else { Sensitivity::Ordinary };
        entries.finish(self.findings);
        let id = id?;
        if unclear || measure.is_none() || base.is_none() {
            self.result.unclear.insert(id.clone());
        }
        let (base, measure) = (base?, measure?);
        let (base_sensitivity, place) = (Sensitivity::Ordinary, key.place());
        Some(TableSpec {
            id,
            title,
            base,
            measure,
            rows,
            breakdowns,
            decimals,
            scale,
            sensitivity,
            base_sensitivity,
            place,
        })
    }

    /// What the numbers of a table are.
    fn scale(&mut self, value: Value<'_>, measure: Option<Measure>) -> Option<Scale> {
        if measure == Some(Measure::Share) {
            let finding = value.finding("contradiction", "a share is a per cent of its base and has no other scale");
            self.findings.push(finding.hint("scale is for the other measures, such as a mean or a ratio"));
            return None;
        }
        let mut entries = value.entries(self.findings)?;
        let unit = self.required_words(&mut entries, "unit");
        let highest = entries.optional("highest").and_then(|value| value.integer(1, 1_000_000_000, self.findings));
        entries.finish(self.findings);
        Some(Scale { unit, highest: highest.and_then(|highest| u32::try_from(highest).ok()) })
    }

    fn base_of(&mut self, text: Text<'_>) -> Option<BaseId> {
        let known = self.result.bases.keys().find(|id| id.as_str() == text.value).cloned();
        if known.is_none() && !self.result.incomplete {
            let finding = text.finding("unknown-base", format!("there is no base {:?}", text.value));
            self.findings.push(finding.did_you_mean(text.value, self.result.bases.keys().map(BaseId::as_str)));
        }
        known
    }

    fn measure(&mut self, text: Text<'_>, entries: &mut Entries<'_>) -> Option<Measure> {
        const WORDS: [&str; 6] = ["share", "mean", "total", "ratio", "median", "quantile"];
        let probability = entries.optional("probability");
        let rule = entries.optional("rule");
        let mut unused = vec![("probability", probability), ("rule", rule)];
        let measure = match text.value {
            "share" => Some(Measure::Share),
            "mean" => Some(Measure::Mean),
            "total" => Some(Measure::Total),
            "ratio" => Some(Measure::Ratio),
            "median" => {
                unused.retain(|(key, _)| *key != "rule");
                self.quantile(Some(Decimal::new(5, 1)), rule)
            }
            "quantile" => {
                unused.clear();
                let given = probability.and_then(|value| self.probability(value));
                if probability.is_none() {
                    let finding = text.finding("missing-key", "a quantile needs its probability");
                    self.findings.push(finding.hint("such as probability = 0.9, below which lie nine tenths"));
                }
                self.quantile(given, rule)
            }
            other => {
                unused.clear();
                let finding = text.finding("unknown-word", format!("{other:?} is no measure"));
                self.findings.push(finding.did_you_mean(other, WORDS));
                None
            }
        };
        for (key, value) in unused {
            if let Some(value) = value {
                let message = format!("the measure {:?} has no {key}", text.value);
                self.findings.push(value.finding("contradiction", message).hint("measure = \"quantile\""));
            }
        }
        measure
    }

    fn quantile(&mut self, probability: Option<Decimal>, rule: Option<Value<'_>>) -> Option<Measure> {
        let rule = match rule.map(|value| value.text(self.findings)) {
            None => Some(QuantileRule::Hf1),
            Some(None) => None,
            Some(Some(text)) => match text.value {
                "hf1" => Some(QuantileRule::Hf1),
                "hf7" => Some(QuantileRule::Hf7),
                other => {
                    let finding = text.finding("unknown-word", format!("{other:?} is no rule for quantiles"));
                    self.findings.push(finding.did_you_mean(other, ["hf1", "hf7"]));
                    None
                }
            },
        };
        Some(Measure::Quantile { probability: probability?, rule: rule? })
    }

    fn probability(&mut self, value: Value<'_>) -> Option<Decimal> {
        let number = value.number(self.findings)?;
        if number <= Decimal::new(0, 0) || number >= Decimal::new(1, 0) {
            self.findings.push(value.finding("out-of-range", "the probability of a quantile is above 0 and below 1"));
            return None;
        }
        Some(number)
    }

    /// The number that a ratio divides by.
    fn over(&mut self, over: Option<Text<'_>>, measure: Option<Measure>, table: Text<'_>) -> Option<VariableName> {
        let Some(text) = over else {
            if measure == Some(Measure::Ratio) {
                let finding = table.finding("missing-key", "a ratio needs the number that it divides by");
                self.findings.push(finding.hint("over = \"…\": the rows' totals over its total"));
            }
            return None;
        };
        if measure.is_some_and(|measure| measure != Measure::Ratio) {
            let finding = text.finding("contradiction", "only a ratio is over another number");
            self.findings.push(finding.hint("measure = \"ratio\""));
            return None;
        }
        match self.questionnaire.scope.meaning(text.value) {
            Meaning::Known(Kind::Number) => VariableName::new(text.value).ok(),
            Meaning::Known(Kind::Category { .. } | Kind::Condition | Kind::Date | Kind::Text) => {
                let message = format!("a ratio divides by a number, and {:?} is none", text.value);
                self.findings.push(text.finding("type-mismatch", message));
                None
            }
            Meaning::Unclear => {
                self.names_unclear = true;
                None
            }
            Meaning::Unknown => {
                let finding = text.finding("unknown-variable", format!("there is no variable {:?}", text.value));
                self.findings.push(finding.did_you_mean(text.value, self.questionnaire.scope.names()));
                None
            }
        }
    }

    fn breakdowns(&mut self, value: Value<'_>) -> Vec<VariableName> {
        let mut breakdowns = Vec::new();
        for text in value.texts(self.findings).unwrap_or_default() {
            let Some(name) = category(text, "breakdown", self.questionnaire, self.findings) else {
                self.names_unclear = true;
                continue;
            };
            if breakdowns.contains(&name) {
                self.findings
                    .push(text.finding("duplicate", format!("the breakdown {:?} is listed twice", text.value)));
            } else {
                breakdowns.push(name);
            }
        }
        breakdowns
    }

    fn rows(&mut self, rows: Value<'_>, codes: Option<Value<'_>>, measure: Option<Measure>) -> Vec<Row> {
        let texts = rows.texts(self.findings).unwrap_or_default();
        if texts.is_empty() {
            self.findings.push(rows.finding("empty", "a table has at least one row"));
        }
        let codes = codes.map(|value| (value, value.texts(self.findings).unwrap_or_default()));
        if let Some((value, texts)) = &codes
            && texts.is_empty()
        {
            self.findings.push(value.finding("empty", "at least one code counts"));
        }
        let mut spelled: Vec<Row> = Vec::new();
        let mut codes_serve = false;
        for text in texts {
            let Some(items) = self.items(text) else {
                self.names_unclear = true;
                codes_serve = true;
                continue;
            };
            for item in items {
                let new = match item.kind {
                    Kind::Category { .. } => {
                        codes_serve = true;
                        let codes = codes.as_ref().map(|(_, texts)| texts.as_slice());
                        self.category_rows(text, &item, codes, measure)
                    }
                    Kind::Condition => self.condition_row(text, &item, measure),
                    Kind::Number => self.number_row(text, &item, measure),
                    Kind::Date | Kind::Text => {
                        let message = format!("{:?} is a date or free text, which no table shows", item.name.as_str());
                        self.findings.push(text.finding("type-mismatch", message));
                        Vec::new()
                    }
                };
                for row in new {
                    if spelled.iter().any(|earlier| earlier.id == row.id) {
                        self.findings
                            .push(text.finding("duplicate", format!("the row {:?} is listed twice", row.id.as_str())));
                    } else {
                        spelled.push(row);
                    }
                }
            }
        }
        if let Some((value, _)) = &codes
            && !codes_serve
        {
            self.findings.push(value.finding("contradiction", "no row of this table has codes"));
        }
        spelled
    }

    /// The variables that an entry of `rows` stands for: the items of a battery, or the one of that name. `None` if there
    /// is none, or one with a finding.
    fn items(&mut self, text: Text<'_>) -> Option<Vec<Item>> {
        let Questionnaire { codebook, scope, .. } = self.questionnaire;
        let battery = codebook.batteries.iter().find(|battery| battery.name.as_str() == text.value);
        let names: Vec<&str> = match battery {
            Some(battery) => battery.items.iter().map(VariableName::as_str).collect(),
            None => vec![text.value],
        };
        let mut items = Vec::new();
        for name in names {
            match scope.meaning(name) {
                Meaning::Known(_) => items.push(self.item(name)?),
                Meaning::Unclear => return None,
                Meaning::Unknown => {
                    let batteries = codebook.batteries.iter().map(|battery| battery.name.as_str());
                    let finding = text.finding("unknown-variable", format!("there is no variable or battery {name:?}"));
                    self.findings.push(finding.did_you_mean(name, scope.names().chain(batteries)));
                    return None;
                }
            }
        }
        Some(items)
    }

    fn item(&self, name: &str) -> Option<Item> {
        let codebook = &self.questionnaire.codebook;
        let variable = codebook.variables.iter().find(|variable| variable.name.as_str() == name)?;
        let counting = match codebook.battery_of(&variable.name) {
            Some(Battery { kind: BatteryKind::Multiple { mentioned }, .. }) => Counting::Mentioned(mentioned.clone()),
            Some(Battery { kind: BatteryKind::Scale, .. }) => Counting::Chosen,
            None => Counting::Each,
        };
        let (name, label, kind) = (variable.name.clone(), variable.label.clone(), variable.kind.clone());
        Some(Item { name, label, kind, counting })
    }

    fn category_rows(
        &mut self,
        text: Text<'_>,
        item: &Item,
        codes: Option<&[Text<'_>]>,
        measure: Option<Measure>,
    ) -> Vec<Row> {
        let Kind::Category { list, categories } = &item.kind else { return Vec::new() };
        if measure.is_some_and(|measure| measure != Measure::Share) {
            self.needs_number(text, item, "a category");
            return Vec::new();
        }
        if let Some(codes) = codes {
            let codes: Vec<Code> =
                codes.iter().filter_map(|code| find_code(*code, list, categories, self.findings)).collect();
            return item.row(codes).into_iter().collect();
        }
        match &item.counting {
            Counting::Mentioned(code) => item.row(vec![code.clone()]).into_iter().collect(),
            Counting::Each => categories.iter().filter_map(|category| item.category_row(category)).collect(),
            Counting::Chosen => {
                let message = format!("which codes of the scale {:?} count is not told", text.value);
                self.findings.push(text.finding("missing-key", message).hint("list them: codes = [\"…\"]"));
                Vec::new()
            }
        }
    }

    fn condition_row(&mut self, text: Text<'_>, item: &Item, measure: Option<Measure>) -> Vec<Row> {
        match measure {
            Some(Measure::Share) | None => item.row(Vec::new()).into_iter().collect(),
            Some(Measure::Mean | Measure::Total | Measure::Ratio | Measure::Quantile { .. }) => {
                self.needs_number(text, item, "a condition");
                Vec::new()
            }
        }
    }

    fn number_row(&mut self, text: Text<'_>, item: &Item, measure: Option<Measure>) -> Vec<Row> {
        match measure {
            Some(Measure::Quantile { .. }) => {
                self.not_packed(text, item);
                item.row(Vec::new()).into_iter().collect()
            }
            Some(Measure::Mean | Measure::Total | Measure::Ratio) | None => item.row(Vec::new()).into_iter().collect(),
            Some(Measure::Share) => {
                let message = format!("{:?} is a number, which has no share", item.name.as_str());
                self.findings.push(
                    text.finding("type-mismatch", message)
                        .hint("measure = \"mean\", \"total\", \"ratio\", \"median\" or \"quantile\""),
                );
                Vec::new()
            }
        }
    }

    /// A quantile is somebody's value: of a number that holds several variables, somebody's record.
    fn not_packed(&mut self, text: Text<'_>, item: &Item) {
        let packed = packed::packed(&item.name, &self.questionnaire.codebook);
        if packed.is_empty() {
            return;
        }
        let names: Vec<&str> = packed.into_iter().map(VariableName::as_str).collect();
        let message = format!(
            "a quantile is a value that somebody has, and {:?} tells {} of that one together",
            item.name.as_str(),
            names.join(", ")
        );
        let help = "take it of an answer, of what is derived from one variable, or of a plain sum or difference in which each variable stands once; \
                    or show the mean";
        self.findings.push(text.finding("packed-quantile", message).hint(help));
    }

    fn needs_number(&mut self, text: Text<'_>, item: &Item, kind: &str) {
        let message =
            format!("a mean, total, ratio or quantile needs a number, and {:?} is {kind}", item.name.as_str());
        self.findings.push(text.finding("type-mismatch", message));
    }
}

/// The category variable that `text` names for some role; `None` with a finding, here or at its definition.
pub(super) fn category(
    text: Text<'_>,
    role: &str,
    questionnaire: &Questionnaire,
    findings: &mut Vec<Finding>,
) -> Option<VariableName> {
    let scope = &questionnaire.scope;
    match scope.meaning(text.value) {
        Meaning::Known(Kind::Category { .. }) => VariableName::new(text.value).ok(),
        Meaning::Known(Kind::Condition | Kind::Number | Kind::Date | Kind::Text) => {
            let message = format!("the {role} {:?} is not a category variable", text.value);
            findings.push(text.finding("type-mismatch", message));
            None
        }
        Meaning::Unclear => None,
        Meaning::Unknown => {
            let finding = text.finding("unknown-variable", format!("there is no variable {:?}", text.value));
            findings.push(finding.did_you_mean(text.value, scope.names()));
            None
        }
    }
}

/// A variable as rows show it.
struct Item {
    name: VariableName,
    label: Translated,
    kind: Kind,
    counting: Counting,
}

/// What a category variable counts where a table does not tell its codes.
enum Counting {
    /// An option of a question that allows several: that it was ticked.
    Mentioned(Code),
    /// An item on a scale: the table must tell.
    Chosen,
    /// Each code, in a row of its own.
    Each,
}

impl Item {
    fn row(&self, codes: Vec<Code>) -> Option<Row> {
        let id = RowId::new(self.name.as_str()).ok()?;
        Some(Row { id, label: self.label.clone(), item: self.name.clone(), codes, over: None })
    }

    fn category_row(&self, category: &Category) -> Option<Row> {
        let id = RowId::new(&format!("{}:{}", self.name, category.code)).ok()?;
        let codes = vec![category.code.clone()];
        Some(Row { id, label: category.label.clone(), item: self.name.clone(), codes, over: None })
    }
}
