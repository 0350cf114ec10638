//! A country as one wave knows it: without what was not asked then, and with the words in which the rest was.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Base, BaseId, Battery, Codebook, Country, Expr, Language, LedgerLine, Origin, Sameness, TableSpec, Translated,
    Variable, VariableName, Wave, WaveId,
};

/// Stands in a question for the years that it asks about.
pub(crate) const WINDOW: &str = "{window}";

impl Codebook {
    /// Everything that cannot be told where these variables were not asked: they themselves, and what is derived from one of them. A union that
    /// lacks a part is no smaller union, it is none.
    #[must_use]
    pub fn untold<'c>(&'c self, absent: &BTreeSet<&'c VariableName>) -> BTreeSet<&'c VariableName> {
        let mut untold: BTreeSet<&VariableName> = absent.clone();
        // Derived variables stand behind what they need.
        for variable in &self.variables {
            if let Origin::Derived(expr) = &variable.origin
                && expr.variables().iter().any(|needed| untold.contains(needed))
            {
                untold.insert(&variable.name);
            }
        }
        untold
    }
}

/// Whether a condition needs none of these.
fn is_told(condition: Option<&Expr>, untold: &BTreeSet<&VariableName>) -> bool {
    condition.is_none_or(|expr| expr.variables().iter().all(|name| !untold.contains(name)))
}

/// The bases whose condition can be told.
pub(crate) fn told_bases(bases: &BTreeMap<BaseId, Base>, untold: &BTreeSet<&VariableName>) -> BTreeMap<BaseId, Base> {
    let told = bases.iter().filter(|(_, base)| is_told(base.condition.as_ref(), untold));
    told.map(|(id, base)| (id.clone(), base.clone())).collect()
}

/// The tables that one of these bases has, with the rows and breakdowns that can be told; none that lost every row.
pub(crate) fn told_tables(
    tables: &[TableSpec],
    bases: &BTreeMap<BaseId, Base>,
    untold: &BTreeSet<&VariableName>,
) -> Vec<TableSpec> {
    let left = |whole: &TableSpec| {
        let mut table = whole.clone();
        table.rows.retain(|row| !untold.contains(&row.item) && row.over.iter().all(|over| !untold.contains(over)));
        table.breakdowns.retain(|name| !untold.contains(name));
        // One without any row has a finding already.
        let has_rows = !table.rows.is_empty() || whole.rows.is_empty();
        (has_rows && bases.contains_key(&table.base)).then_some(table)
    };
    tables.iter().filter_map(left).collect()
}

impl Country {
    /// The country as this wave knows it: variables, checks, bases, tables, their rows and breakdowns that need something that was not asked are
    /// left out, and questions are worded as they were then. Whatever is counted or shown of one wave is made from this.
    #[must_use]
    pub fn of_wave(&self, wave: WaveId) -> Self {
        let Some(edition) = self.waves.get(&wave) else { return self.clone() };
        let absent = self.ledger.as_ref().map(|ledger| ledger.absent(wave)).unwrap_or_default();
        let untold = self.codebook.untold(&absent);
        let bases = told_bases(&self.bases, &untold);
        let mut tables = told_tables(&self.tables, &bases, &untold);
        let checks =
            self.checks.iter().filter(|check| check.rule.variables().iter().all(|name| !untold.contains(name)));
        let told = self.codebook.variables.iter().filter(|variable| !untold.contains(&variable.name));
        let codebook = Codebook {
            variables: told.map(|variable| self.worded(variable, edition)).collect(),
            batteries: self
                .codebook
                .batteries
                .iter()
                .filter_map(|it| self.asked_battery(it, edition, &untold))
                .collect(),
            core: self.codebook.core.clone(),
        };
        for row in tables.iter_mut().flat_map(|table| &mut table.rows) {
            // A row that is called like its item is called so in the words of the wave.
            let [before, now] = [&self.codebook, &codebook].map(|codebook| codebook.variable(&row.item));
            if let (Some(before), Some(now)) = (before, now)
                && row.label == before.label
            {
                row.label = now.label.clone();
            }
        }
        Self { codebook, checks: checks.cloned().collect(), bases, tables, ..self.clone() }
    }

    /// The variable in the words of the wave.
    fn worded(&self, variable: &Variable, wave: &Wave) -> Variable {
        let mut variable = variable.clone();
        let is_item = self.codebook.battery_of(&variable.name).is_some();
        match self.wording(&variable.name, wave.id) {
            // An item of a battery has words of its own, and the battery's question.
            Some(wording) if is_item => variable.label = wording.clone(),
            Some(wording) => variable.question = Some(wording.clone()),
            None => {}
        }
        let battery = self.codebook.battery_of(&variable.name);
        let question = battery.map(|battery| self.question_of(battery, wave)).or(variable.question.take());
        variable.question = question.map(|question| in_window(&question, wave, &self.languages));
        variable
    }

    fn asked_battery(&self, battery: &Battery, wave: &Wave, untold: &BTreeSet<&VariableName>) -> Option<Battery> {
        let mut asked = battery.clone();
        asked.items.retain(|item| !untold.contains(item));
        asked.question = in_window(&self.question_of(battery, wave), wave, &self.languages);
        (!asked.items.is_empty()).then_some(asked)
    }

    /// The question of a battery as the wave words it.
    fn question_of(&self, battery: &Battery, wave: &Wave) -> Translated {
        self.wording(&battery.name, wave.id).unwrap_or(&battery.question).clone()
    }

    /// The other words in which a wave asked a variable or a battery, if it did; with `{window}` where they name its years.
    #[must_use]
    pub fn wording(&self, item: &VariableName, wave: WaveId) -> Option<&Translated> {
        let ledger = self.ledger.as_ref()?;
        let line = ledger.batteries.get(&wave).and_then(|lines| lines.get(item)).or_else(|| ledger.line(item, wave))?;
        line.wording.as_ref().filter(|_| line.sameness != Sameness::Absent)
    }

    /// The words in which these waves asked a variable or a battery, each with the waves that used them, in the order of the waves. Of an item of a battery
    /// they are its own. Years in them are those of the last of its waves. Waves that did not ask, and years without a file, are left out; so is what
    /// nobody was asked.
    #[must_use]
    pub fn wordings(&self, item: &VariableName, waves: &[WaveId]) -> Vec<(Translated, Vec<WaveId>)> {
        let battery = self.codebook.battery(item);
        let variable = self.codebook.variable(item);
        let is_item = self.codebook.battery_of(item).is_some();
        let own = match (battery, variable) {
            (Some(battery), _) => Some(&battery.question),
            (None, Some(variable)) if is_item => Some(&variable.label),
            (None, Some(variable)) => variable.question.as_ref(),
            (None, None) => None,
        };
        let Some(own) = own else { return Vec::new() };
        let items = battery.map_or_else(|| vec![item], |battery| battery.items.iter().collect());
        let is_absent = |wave: WaveId| {
            let line = |item: &VariableName| self.ledger.as_ref()?.line(item, wave);
            items.iter().all(|item| line(item).is_some_and(|line| line.sameness == Sameness::Absent))
        };
        let mut wordings: Vec<(&Translated, Vec<WaveId>)> = Vec::new();
        for wave in waves.iter().copied().filter(|wave| self.waves.contains_key(wave) && !is_absent(*wave)) {
            let words = self.wording(item, wave).unwrap_or(own);
            match wordings.iter_mut().find(|(known, _)| *known == words) {
                Some((_, with)) => with.push(wave),
                None => wordings.push((words, vec![wave])),
            }
        }
        let in_years = |(words, with): (&Translated, Vec<WaveId>)| {
            let last = with.last().and_then(|wave| self.waves.get(wave))?;
            Some((in_window(words, last, &self.languages), with))
        };
        wordings.into_iter().filter_map(in_years).collect()
    }

    /// Whether nobody has told that respondents of the wave read the question of this variable in the words that stand for it.
    #[must_use]
    pub fn is_wording_unknown(&self, name: &VariableName, wave: WaveId) -> bool {
        let Some(ledger) = &self.ledger else { return false };
        let question = self.codebook.battery_of(name).map_or(name, |battery| &battery.name);
        let is_asked = self.codebook.variable(name).is_some_and(|variable| variable.question.is_some());
        let lines = [ledger.core.get(name), ledger.line(name, wave)];
        let is_untold = lines.into_iter().flatten().any(LedgerLine::is_unknown);
        is_asked && is_untold && self.wording(question, wave).is_none()
    }
}

/// A question with the years that a wave asked about.
fn in_window(question: &Translated, wave: &Wave, languages: &[Language]) -> Translated {
    let window = wave.asked_window.as_ref().unwrap_or(&wave.window);
    let worded = |language: &Language| {
        let text = question.find(language)?.replace(WINDOW, window.find(language).unwrap_or_default());
        Some((language.clone(), text))
    };
    Translated::new(languages.iter().filter_map(worded).collect())
}
