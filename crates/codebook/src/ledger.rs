//! What each wave asked of each item, and whether a number of one wave may stand beside that of another.
//!
//! Two questionnaires can differ, so there are two references. The *codebook* is the country's questionnaire: a wave that asked an item otherwise
//! says so, and numbers of waves are joined only where the same was asked. The *core* is the questionnaire that countries share: an item that the
//! country asks otherwise in all its waves says so, and numbers of countries are compared only where both asked what the core asks.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Codebook, Country, Expr, Origin, Place, Row, TableSpec, Translated, VariableName, WaveId};

/// How what was asked stands to what it is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sameness {
    /// The same question, of the same units, with the same answers.
    Same,
    /// Other words, so that another thing may be meant.
    Reworded,
    /// Other answers.
    OtherScale,
    /// Asked of others.
    OtherBase,
    /// Another unit answers, such as an organisation instead of a workplace.
    OtherUnit,
    /// Asked in another way, such as by telephone.
    OtherMode,
    /// Nobody has compared the two yet.
    Unknown,
    /// Not asked.
    Absent,
}

impl Sameness {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Same,
        Self::Reworded,
        Self::OtherScale,
        Self::OtherBase,
        Self::OtherUnit,
        Self::OtherMode,
        Self::Unknown,
        Self::Absent,
    ];

    /// Its word in `ledger.toml`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Reworded => "reworded",
            Self::OtherScale => "other_scale",
            Self::OtherBase => "other_base",
            Self::OtherUnit => "other_unit",
            Self::OtherMode => "other_mode",
            Self::Unknown => "unknown",
            Self::Absent => "absent",
        }
    }
}

/// One line: how an item was asked.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LedgerLine {
    /// How it stands to its reference.
    pub sameness: Sameness,
    /// What else is otherwise, where several things are: neither the same nor absent.
    pub also: Vec<Sameness>,
    /// Why; `None` for what is the same, or not known.
    pub because: Option<Translated>,
    /// What was asked, where it was worded otherwise. Of an item of a battery it is the item's own words.
    pub wording: Option<Translated>,
    /// The wave whose form it is, if several waves asked it in the same other way; else its own.
    pub form: Option<WaveId>,
    /// Where it is written.
    pub place: Place,
}

impl LedgerLine {
    /// All that is told: one status, or several ways to differ.
    pub fn statuses(&self) -> impl Iterator<Item = Sameness> {
        std::iter::once(self.sameness).chain(self.also.iter().copied())
    }

    /// Whether it is the same.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.sameness == Sameness::Same
    }

    /// Whether something of it is not known.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.statuses().any(|status| status == Sameness::Unknown)
    }
}

/// From a wave on nothing can be joined with what was before, whatever was asked.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SeriesBreak {
    /// The first wave behind it.
    pub before: WaveId,
    /// Why.
    pub because: Translated,
    /// Where it is written.
    pub place: Place,
}

/// A country's ledger: a line for every item that is asked or comes from a register, in every wave.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Ledger {
    /// Each wave against the codebook. Items of batteries have lines of their own.
    pub waves: BTreeMap<WaveId, BTreeMap<VariableName, LedgerLine>>,
    /// The lines that are about a battery as a whole, by its name; its items have them, too.
    pub batteries: BTreeMap<WaveId, BTreeMap<VariableName, LedgerLine>>,
    /// The codebook against the core, in all waves; only items of the core, those that are not taken among them (by the battery, where it is
    /// left out as a whole), and derived ones of which the country says how its own derivation stands to the core's.
    pub core: BTreeMap<VariableName, LedgerLine>,
    /// Breaks of everything.
    pub breaks: Vec<SeriesBreak>,
}

impl Ledger {
    /// The line of a variable in a wave.
    #[must_use]
    pub fn line(&self, variable: &VariableName, wave: WaveId) -> Option<&LedgerLine> {
        self.waves.get(&wave)?.get(variable)
    }

    /// The variables that were not asked in a wave.
    #[must_use]
    pub fn absent(&self, wave: WaveId) -> BTreeSet<&VariableName> {
        let lines = self.waves.get(&wave).into_iter().flatten();
        lines.filter(|(_, line)| line.sameness == Sameness::Absent).map(|(name, _)| name).collect()
    }
}

/// Whether two numbers may be joined in a series, compared, or told apart in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Comparability {
    /// They may.
    Comparable,
    /// They may not: a figure draws a gap and tells why, a claim is refused. Never empty.
    Break(Vec<BreakReason>),
}

impl Comparability {
    fn of(mut reasons: Vec<BreakReason>) -> Self {
        let mut seen = BTreeSet::new();
        reasons.retain(|reason| seen.insert((reason.cause, reason.wave, reason.item.clone())));
        if reasons.is_empty() { Self::Comparable } else { Self::Break(reasons) }
    }

    /// What keeps them apart; nothing where they may be joined.
    #[must_use]
    pub fn reasons(self) -> Vec<BreakReason> {
        match self {
            Self::Comparable => Vec::new(),
            Self::Break(reasons) => reasons,
        }
    }
}

/// What keeps two numbers apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BreakCause {
    /// No ledger tells what the wave asked.
    NoLedger,
    /// The whole series breaks here.
    Series,
    /// The item was asked otherwise in the wave than its reference; never [`Sameness::Same`].
    Item(Sameness),
    /// The item is the country's own, so no other country has it.
    OwnItem,
    /// It is derived in another way.
    OwnDerivation,
    /// The countries take different versions of the shared questionnaire, or none.
    OtherCore,
}

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreakReason {
    /// What kind it is.
    pub cause: BreakCause,
    /// The wave that is otherwise, if it is one.
    pub wave: Option<WaveId>,
    /// The item that it is about, if it is one.
    pub item: Option<VariableName>,
    /// Why, as the ledger says it.
    pub because: Option<Translated>,
    /// Where the ledger says it.
    pub place: Option<Place>,
}

impl BreakReason {
    fn new(cause: BreakCause, wave: Option<WaveId>, item: Option<&VariableName>) -> Self {
        Self { cause, wave, item: item.cloned(), because: None, place: None }
    }

    /// Whether it is that something was not asked.
    #[must_use]
    pub fn is_absence(&self) -> bool {
        self.cause == BreakCause::Item(Sameness::Absent)
    }

    /// For the country's author: what is otherwise, and in which wave.
    #[must_use]
    pub fn in_words(&self) -> String {
        let item = self.item.as_ref().map_or_else(|| "an item".to_owned(), |item| format!("{:?}", item.as_str()));
        let wave = self.wave.map_or_else(String::new, |wave| format!(" in {wave}"));
        match self.cause {
            BreakCause::NoLedger => "no ledger tells what was asked".to_owned(),
            BreakCause::Series => format!("the series breaks{wave}"),
            BreakCause::Item(Sameness::Unknown) => format!("nobody has compared how {item} was asked{wave}"),
            BreakCause::Item(sameness) => format!("{item} is {}{wave}", sameness.as_str()),
            BreakCause::OwnItem => format!("{item} is the country's own"),
            BreakCause::OwnDerivation => format!("{item} is derived in another way"),
            BreakCause::OtherCore => "the shared questionnaires are not the same".to_owned(),
        }
    }

    /// One for each way in which a line says that the item is otherwise.
    pub(crate) fn of_line(line: &LedgerLine, wave: Option<WaveId>, item: &VariableName) -> impl Iterator<Item = Self> {
        let other = line.statuses().filter(|status| *status != Sameness::Same);
        other.map(move |status| Self {
            because: line.because.clone(),
            place: Some(line.place.clone()),
            ..Self::new(BreakCause::Item(status), wave, Some(item))
        })
    }
}

impl Codebook {
    /// The variables that were asked, or come from a register, on which these depend: by what they are derived from, and by routing, since who is
    /// asked depends on it. Each of `names` that is not derived is among them.
    #[must_use]
    pub fn asked_behind<'c>(&'c self, names: impl IntoIterator<Item = &'c VariableName>) -> BTreeSet<&'c VariableName> {
        let mut open: Vec<&VariableName> = names.into_iter().collect();
        let (mut seen, mut asked) = (BTreeSet::new(), BTreeSet::new());
        while let Some(name) = open.pop() {
            if !seen.insert(name) {
                continue;
            }
            let Some(variable) = self.variable(name) else { continue };
            match &variable.origin {
                Origin::Derived(expr) => open.extend(expr.variables()),
                Origin::Answer | Origin::Register | Origin::Fieldwork => {
                    asked.insert(&variable.name);
                    open.extend(variable.asked_if.as_ref().map(Expr::variables).unwrap_or_default());
                }
            }
        }
        asked
    }

    /// The variables that were asked, or come from a register, of which this one is computed; none for one that is not derived. Unlike
    /// [`Self::asked_behind`] it leaves out what only routes to them.
    #[must_use]
    pub fn computed_from<'c>(&'c self, name: &'c VariableName) -> BTreeSet<&'c VariableName> {
        let (mut open, mut seen, mut asked) = (vec![name], BTreeSet::new(), BTreeSet::new());
        while let Some(part) = open.pop() {
            if !seen.insert(part) {
                continue;
            }
            match self.variable(part).map(|variable| &variable.origin) {
                Some(Origin::Derived(expr)) => open.extend(expr.variables()),
                Some(Origin::Answer | Origin::Register | Origin::Fieldwork) if part != name => {
                    asked.insert(part);
                }
                Some(Origin::Answer | Origin::Register | Origin::Fieldwork) | None => {}
            }
        }
        asked
    }
}

impl Country {
    /// Whether what these variables tell of wave `a` may be joined with what they tell of wave `b`: a break in anything that they depend on is a
    /// break in them. The waves may come in any order; a wave is comparable with itself.
    #[must_use]
    pub fn comparable<'c>(
        &'c self,
        variables: impl IntoIterator<Item = &'c VariableName>,
        a: WaveId,
        b: WaveId,
    ) -> Comparability {
        if a == b {
            return Comparability::Comparable;
        }
        let (first, last) = (a.min(b), a.max(b));
        let Some(ledger) = &self.ledger else {
            return Comparability::of(vec![BreakReason::new(BreakCause::NoLedger, None, None)]);
        };
        let between = ledger.breaks.iter().filter(|it| first < it.before && it.before <= last);
        let mut reasons: Vec<BreakReason> = between
            .map(|it| BreakReason {
                because: Some(it.because.clone()),
                place: Some(it.place.clone()),
                ..BreakReason::new(BreakCause::Series, Some(it.before), None)
            })
            .collect();
        let variables: Vec<&VariableName> = variables.into_iter().collect();
        // What this country does not know, such as what was left out of one wave, is in no series.
        let absent = BreakCause::Item(Sameness::Absent);
        let unknown = variables.iter().filter(|name| self.codebook.variable(name).is_none());
        reasons.extend(unknown.map(|name| BreakReason::new(absent, None, Some(name))));
        for item in self.codebook.asked_behind(variables) {
            let lines = [first, last].map(|wave| (wave, ledger.line(item, wave)));
            let forms = lines.map(|(wave, line)| line.and_then(|line| form(line, wave)));
            let is_absent = |line: &LedgerLine| line.sameness == Sameness::Absent;
            let any_absent = lines.iter().any(|(_, line)| line.is_some_and(is_absent));
            if forms[0] == forms[1] && !any_absent && lines.iter().all(|(_, line)| line.is_some()) {
                continue;
            }
            for (wave, line) in lines {
                match line {
                    Some(line) => reasons.extend(BreakReason::of_line(line, Some(wave), item)),
                    None => reasons.push(BreakReason::new(BreakCause::NoLedger, Some(wave), Some(item))),
                }
            }
        }
        Comparability::of(reasons)
    }

    /// Whether what these variables tell of a wave may be compared with what another country's variables of the same names tell: the country
    /// takes them from this version of the core, and asked what the core asks. Countries of which that holds may be compared with each other.
    #[must_use]
    pub fn comparable_with_core<'c>(
        &'c self,
        version: &str,
        wave: WaveId,
        variables: impl IntoIterator<Item = &'c VariableName>,
    ) -> Comparability {
        if self.codebook.core.version.as_deref() != Some(version) {
            return Comparability::of(vec![BreakReason::new(BreakCause::OtherCore, None, None)]);
        }
        let variables: Vec<&VariableName> = variables.into_iter().collect();
        Comparability::of(self.against_core(wave, &variables))
    }

    /// What keeps these variables of a wave apart from what the core asks.
    fn against_core<'c>(&'c self, wave: WaveId, variables: &[&'c VariableName]) -> Vec<BreakReason> {
        let ledger = self.ledger.as_ref().filter(|ledger| ledger.waves.contains_key(&wave));
        let Some(ledger) = ledger else {
            return vec![BreakReason::new(BreakCause::NoLedger, Some(wave), None)];
        };
        let mut reasons = Vec::new();
        for name in variables.iter().filter(|name| self.codebook.variable(name).is_none()) {
            match ledger.core.get(*name) {
                Some(line) => reasons.extend(BreakReason::of_line(line, Some(wave), name)),
                None => {
                    reasons.push(BreakReason::new(BreakCause::Item(Sameness::Absent), Some(wave), Some(name)));
                }
            }
        }
        for name in self.derived_behind(variables) {
            match self.codebook.core.items.get(name) {
                None => reasons.push(BreakReason::new(BreakCause::OwnItem, Some(wave), Some(name))),
                Some(item) if item.is_derived_otherwise() => match ledger.core.get(name) {
                    Some(line) => reasons.extend(BreakReason::of_line(line, Some(wave), name)),
                    None => reasons.push(BreakReason::new(BreakCause::OwnDerivation, Some(wave), Some(name))),
                },
                Some(_) => {}
            }
        }
        for name in self.codebook.asked_behind(variables.iter().copied()) {
            let lines = [ledger.core.get(name), ledger.line(name, wave)];
            if lines[0].is_none() {
                reasons.push(BreakReason::new(BreakCause::OwnItem, Some(wave), Some(name)));
            }
            reasons.extend(lines.into_iter().flatten().flat_map(|line| BreakReason::of_line(line, Some(wave), name)));
        }
        reasons
    }

    /// The variables that a row of a table depends on itself: its item, what a ratio divides by, and those of the base.
    #[must_use]
    pub fn variables_of<'c>(&'c self, table: &'c TableSpec, row: &'c Row) -> Vec<&'c VariableName> {
        let base = self.bases.get(&table.base).and_then(|base| base.condition.as_ref());
        let base = base.map(Expr::variables).unwrap_or_default();
        std::iter::once(&row.item).chain(&row.over).chain(base).collect()
    }

    /// The derived variables among these and behind them.
    fn derived_behind<'c>(&'c self, names: &[&'c VariableName]) -> BTreeSet<&'c VariableName> {
        let (mut open, mut derived) = (names.to_vec(), BTreeSet::new());
        while let Some(name) = open.pop() {
            let origin = self.codebook.variable(name).map(|variable| &variable.origin);
            if let Some(Origin::Derived(expr)) = origin
                && derived.insert(name)
            {
                open.extend(expr.variables());
            }
        }
        derived
    }
}

/// The form in which a wave asked an item: `None` is that of the codebook.
fn form(line: &LedgerLine, wave: WaveId) -> Option<WaveId> {
    (line.sameness != Sameness::Same).then(|| line.form.unwrap_or(wave))
}
