//! `[columns]` of a wave's file: which column holds which variable.

use std::collections::BTreeMap;

use super::Reader;
use crate::expression::types::Meaning;
use crate::read::codebook::Questionnaire;
use crate::read::files::delimiter;
use crate::read::ledger::check_columns;
use crate::read::toml::{Entries, Text, Value};
use crate::read::uses::Uses;
use crate::{AnswerFile, Choice, Finding, Kind, Ledger, Origin, Place, VariableName, WaveId};

/// What stands between the choices of a cell unless the wave says otherwise.
const CHOICE_SEPARATOR: char = ',';

/// The columns of a wave.
pub(super) struct Columns {
    pub(super) mapped: BTreeMap<VariableName, (String, Place)>,
    /// Those that are made from cells with several answers.
    pub(super) choices: BTreeMap<String, Choice>,
    /// Whether some entries have findings, so that a variable without column may be one of them.
    unclear: bool,
}

impl Reader<'_> {
    pub(super) fn columns(&mut self, value: Value<'_>, has_register: bool) -> Option<Columns> {
        let mut columns = Columns { mapped: BTreeMap::new(), choices: BTreeMap::new(), unclear: false };
        for (name, value) in value.entries(self.findings)?.named() {
            let before = self.findings.len();
            if value.is_table() {
                self.battery_columns(name, value, &mut columns);
            } else if let Some(variable) = self.mappable(name, name.value, has_register)
                && let Some(column) = value.filled_text(self.findings)
            {
                columns.mapped.insert(variable, (column.value.to_owned(), column.place()));
            }
            columns.unclear |= before < self.findings.len();
        }
        Some(columns)
    }

    fn battery_columns(&mut self, name: Text<'_>, value: Value<'_>, columns: &mut Columns) {
        let batteries = &self.questionnaire.codebook.batteries;
        let Some(battery) = batteries.iter().find(|battery| battery.name.as_str() == name.value) else {
            let is_clear = matches!(self.questionnaire.scope.meaning(name.value), Meaning::Unknown | Meaning::Known(_));
            if is_clear {
                let finding = name.finding("unknown-variable", format!("there is no battery {:?}", name.value));
                let known = batteries.iter().map(|battery| battery.name.as_str());
                self.findings.push(finding.did_you_mean(name.value, known));
            }
            columns.unclear = true;
            return;
        };
        let is_unclear =
            |item: &VariableName| matches!(self.questionnaire.scope.meaning(item.as_str()), Meaning::Unclear);
        if battery.items.iter().any(is_unclear) {
            columns.unclear = true;
            return;
        }
        let prefix = format!("{}_", battery.name);
        for (item, value) in value.entries(self.findings).iter().flat_map(Entries::named) {
            let variable = battery.items.iter().find(|known| known.as_str().strip_prefix(&prefix) == Some(item.value));
            let column = self.item_column(value, &mut columns.choices);
            match (variable, column) {
                (Some(variable), Some(column)) => {
                    columns.mapped.insert(variable.clone(), (column, value.place()));
                }
                (Some(_), None) => {}
                (None, _) => {
                    let message = format!("the battery {:?} has no item {:?}", name.value, item.value);
                    let known = battery.items.iter().filter_map(|known| known.as_str().strip_prefix(&prefix));
                    self.findings.push(item.finding("unknown-variable", message).did_you_mean(item.value, known));
                }
            }
        }
    }

    /// The column of an item, or the name of the one that is made from a cell that lists several answers.
    fn item_column(&mut self, value: Value<'_>, choices: &mut BTreeMap<String, Choice>) -> Option<String> {
        if !value.is_table() {
            return value.filled_text(self.findings).map(|column| column.value.to_owned());
        }
        let mut entries = value.entries(self.findings)?;
        let column = self.text(&mut entries, "column");
        let choice = self.text(&mut entries, "choice");
        let separator = entries.optional("separator").and_then(|value| delimiter(value, self.findings));
        entries.finish(self.findings);
        let (column, choice) = (column?, choice?.trim().to_owned());
        let name = format!("{column}[{choice}]");
        choices.insert(name.clone(), Choice { column, choice, separator: separator.unwrap_or(CHOICE_SEPARATOR) });
        Some(name)
    }

    /// The variable of this name, if it has a column in some file.
    fn mappable(&mut self, key: Text<'_>, name: &str, has_register: bool) -> Option<VariableName> {
        let Questionnaire { codebook, scope, .. } = self.questionnaire;
        match scope.meaning(name) {
            Meaning::Unclear => return None,
            Meaning::Unknown => {
                let batteries = codebook.batteries.iter().map(|battery| battery.name.as_str());
                let finding = key.finding("unknown-variable", format!("there is no variable {name:?}"));
                self.findings.push(finding.did_you_mean(name, scope.names().chain(batteries)));
                return None;
            }
            Meaning::Known(_) => {}
        }
        let variable = codebook.variables.iter().find(|variable| variable.name.as_str() == name)?;
        match variable.origin {
            Origin::Derived(_) => {
                self.findings.push(key.finding("derived", format!("{name:?} is derived, so it has no column")));
                None
            }
            Origin::Register if !has_register => {
                let finding =
                    key.finding("no-register", format!("{name:?} comes from a register, and the wave has none"));
                // Of an item of the shared questionnaire the country has no table yet.
                let is_shared = codebook.core.items.get(&variable.name).is_some_and(|item| item.own.is_empty());
                let asked = if is_shared {
                    format!("say so in codebook.toml:\n[variables.{name}]\nfrom = \"answers\"")
                } else {
                    format!("write from = \"answers\" under [variables.{name}] of codebook.toml")
                };
                let asked = format!("or, if the answers hold it, {asked}");
                self.findings.push(finding.hint("add a [register] with its file and its unit column").hint(asked));
                None
            }
            Origin::Register | Origin::Answer => Some(variable.name.clone()),
            // Its column stands under [answers].
            Origin::Fieldwork => None,
        }
    }
}

/// A finding for each variable that is read from a column that identifies a respondent. The register's columns are held to the
/// same list: a column that identifies in one file does in the other.
pub(super) fn variables_of_personal_columns(
    answers: &AnswerFile,
    mapped: &BTreeMap<VariableName, (String, Place)>,
) -> Vec<Finding> {
    let personal = mapped.iter().filter(|(_, (column, _))| answers.is_personal(column));
    personal
        .map(|(variable, (column, place))| {
            let message = format!("{:?} is read from {column:?}, which identifies a respondent", variable.as_str());
            Finding::error(place.clone(), "personal-column", message)
                .hint("no variable may hold who answered: leave it out")
        })
        .collect()
}

/// What the ledger and the users of variables miss among the columns, or find too much.
pub(super) fn missing_columns(
    place: &Place,
    wave: WaveId,
    columns: &Columns,
    questionnaire: &Questionnaire,
    uses: &Uses,
    ledger: Option<&Ledger>,
) -> Vec<Finding> {
    let ledger = ledger.filter(|_| !columns.unclear);
    let mut findings = ledger.map(|ledger| check_columns(ledger, wave, &columns.mapped, place)).unwrap_or_default();
    // What the ledger misses is one finding, not two.
    if findings.iter().all(|finding| finding.code != "unmapped") {
        check_mapped(place, columns, questionnaire, uses, &mut findings);
    }
    findings
}

/// Every variable that something uses has a column.
fn check_mapped(
    place: &Place,
    columns: &Columns,
    questionnaire: &Questionnaire,
    uses: &Uses,
    findings: &mut Vec<Finding>,
) {
    if columns.unclear {
        return;
    }
    for variable in &questionnaire.codebook.variables {
        let is_raw = matches!(variable.origin, Origin::Answer | Origin::Register) && variable.kind != Kind::Text;
        if let Some(user) = uses.user(&variable.name)
            && is_raw
            && !columns.mapped.contains_key(&variable.name)
        {
            let message = format!("no column for {:?}, which {user} uses", variable.name.as_str());
            findings.push(Finding::error(place.clone(), "unmapped", message));
        }
    }
}
