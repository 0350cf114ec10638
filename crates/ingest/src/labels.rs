//! What an export itself calls its columns and values, held against what the wave takes them for.
//!
//! A recode that takes "No" for yes is read without a hitch and turns a result round. So where the file has words (the value labels of SPSS, Stata,
//! Parquet and SurveyXact, answers that are written as words, the wording of a column), none of them may be the words of another answer, or of another
//! item, than the one that the wave names. Words that the codebook does not have say nothing: a form may word its answers in its own way.

use codebook::{BatteryKind, Category, Codebook, Finding, Kind, Origin, Place, Translated, Value, Variable, Wave};

use crate::delimited::DataFile;
use crate::raw::RawColumn;
use crate::translate::{CellForm, Meaning, meaning_of};

/// A column, and what the wave takes it for.
pub(crate) struct Taken<'a> {
    pub(crate) codebook: &'a Codebook,
    pub(crate) wave: &'a Wave,
    pub(crate) variable: &'a Variable,
    pub(crate) column: &'a str,
    pub(crate) form: CellForm,
    pub(crate) data: &'a DataFile,
}

impl Taken<'_> {
    /// Where the file's words are those of something else.
    pub(crate) fn contradictions(&self, raw: &RawColumn) -> Vec<Finding> {
        let mut findings: Vec<Finding> = self.wording().into_iter().collect();
        let said = &self.data.said;
        let labels = [&said.words, &said.labels].into_iter().filter_map(|words| words.get(self.column)).flatten();
        for label in labels {
            let called = format!("calls the value {:?} of the column {:?} {:?}", label.value, self.column, label.label);
            findings.extend(self.contradiction(&label.value, &label.label, &called));
        }
        for answer in raw.values().iter() {
            let called = format!("has the answer {answer:?} in the column {:?}", self.column);
            findings.extend(self.contradiction(answer, answer, &called));
        }
        findings
    }

    /// A value whose words are those of another answer than the one that it is taken as.
    fn contradiction(&self, value: &str, words: &str, called: &str) -> Option<Finding> {
        let Kind::Category { categories, .. } = &self.variable.kind else { return None };
        let words = plain(words)?;
        // Some files put the value before its words: "1 Yes".
        let words = words.strip_prefix(&format!("{value} ")).map_or(words.clone(), str::to_owned);
        let named: Vec<&Category> = categories.iter().filter(|category| has(&category.label, &words)).collect();
        let taken = meaning_of(self.variable, self.wave, (self.column, self.form), self.data, value);
        let is = |category: &&Category| matches!(&taken, Meaning::Value(Value::Text(code)) if code == category.code.as_str());
        let (file, name) = (&self.data.path, self.variable.name.as_str());
        let Some(first) = named.first() else { return self.of_another_item(&words, &taken, called) };
        if named.iter().any(is) {
            return None;
        }
        let right = format!("write {value:?} = {:?} under [recodes.{}]", first.code.as_str(), self.recode_of(value));
        match &taken {
            Meaning::Value(_) => {
                let taken = categories.iter().find(is)?;
                let as_words = taken.label.iter().next().map_or("", |(_, words)| words);
                let message = format!(
                    "{file} {called}, which is {:?} of {name:?}, and the wave takes it as {:?} ({as_words:?})",
                    first.code.as_str(),
                    taken.code.as_str(),
                );
                let finding = Finding::error(self.place(), "contradicted-code", message).hint(right);
                Some(finding.hint("or, if the file is wrong, correct its labels and export it again"))
            }
            Meaning::Missing(_) => {
                let message = format!(
                    "{file} {called}, which is {:?} of {name:?}, and the wave takes it for no answer",
                    first.code.as_str()
                );
                Some(Finding::warning(self.place(), "answer-taken-for-none", message).hint(right))
            }
            Meaning::Unknown(_) => None,
        }
    }

    /// The option of a question with several answers whose tick has the words of another option.
    fn of_another_item(&self, words: &str, taken: &Meaning, called: &str) -> Option<Finding> {
        let battery = self.codebook.battery_of(&self.variable.name)?;
        let BatteryKind::Multiple { mentioned } = &battery.kind else { return None };
        let is_ticked = matches!(taken, Meaning::Value(Value::Text(code)) if code == mentioned.as_str());
        if !is_ticked || has(&self.variable.label, words) {
            return None;
        }
        let other = self.items_beside().find(|other| has(&other.label, words))?;
        Some(self.taken_for(other, called))
    }

    /// The other items of the variable's battery.
    fn items_beside(&self) -> impl Iterator<Item = &Variable> {
        let battery = self.codebook.battery_of(&self.variable.name);
        let items = battery.into_iter().flat_map(|battery| &battery.items);
        items.filter_map(|item| self.codebook.variable(item)).filter(|item| item.name != self.variable.name)
    }

    /// A column whose own wording is that of another item.
    fn wording(&self) -> Option<Finding> {
        let told = self.data.said.questions.get(self.column)?;
        let whole = plain(told)?;
        // Tools put the item behind the question: "What gave rise to it? - Employees".
        let item =
            [" - ", " – ", ": "].into_iter().filter_map(|mark| told.rsplit_once(mark)).find_map(|it| plain(it.1));
        let says = |text: &Translated| has(text, &whole) || item.as_ref().is_some_and(|item| has(text, item));
        if says(&self.variable.label) || self.variable.question.as_ref().is_some_and(says) {
            return None;
        }
        let called = format!("calls the column {:?} {told:?}", self.column);
        if let Some(other) = self.items_beside().find(|other| says(&other.label)) {
            return Some(self.taken_for(other, &called));
        }
        let is_asked = |other: &&Variable| other.name != self.variable.name && other.origin == Origin::Answer;
        let alone = |other: &&Variable| self.codebook.battery_of(&other.name).is_none();
        let asks = |other: &&Variable| other.question.as_ref().is_some_and(|question| has(question, &whole));
        let mut others = self.codebook.variables.iter().filter(is_asked).filter(alone);
        others.find(asks).map(|other| self.taken_for(other, &called))
    }

    fn taken_for(&self, other: &Variable, called: &str) -> Finding {
        let (file, own) = (&self.data.path, self.variable.name.as_str());
        let message = format!(
            "{file} {called}, which is the wording of {:?}, and the wave reads {own:?} from it",
            other.name.as_str()
        );
        Finding::error(self.place(), "contradicted-column", message)
            .hint("give each variable the column that holds it under [columns]")
            .hint("or, if the file is wrong, correct its labels and export it again")
    }

    /// The name that the recode of a value goes by.
    fn recode_of(&self, value: &str) -> &str {
        let own = self.variable.name.as_str();
        let is_told = |name: &str| self.wave.recodes.get(name).is_some_and(|recode| recode.0.contains_key(value));
        match &self.variable.kind {
            Kind::Category { list, .. } if !is_told(own) && is_told(list) => list,
            Kind::Category { .. } | Kind::Condition | Kind::Number | Kind::Date | Kind::Text => own,
        }
    }

    fn place(&self) -> Place {
        let named = self.wave.columns.get(&self.variable.name).map(|(_, place)| place.clone());
        named.unwrap_or_else(|| Place::File { file: self.data.path.clone() })
    }
}

/// Whether a text has these words in any of its languages.
fn has(text: &Translated, words: &str) -> bool {
    text.iter().any(|(_, own)| plain(own).is_some_and(|own| own == words))
}

/// Words in small letters without marks between them; `None` where there is no letter, since a number is no word.
fn plain(words: &str) -> Option<String> {
    let letters: String = words
        .chars()
        .filter(|letter| !matches!(letter, '\u{ad}' | '\'' | '’'))
        .map(|letter| if letter.is_alphanumeric() { letter } else { ' ' })
        .collect();
    let plain = letters.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    plain.contains(char::is_alphabetic).then_some(plain)
}
