//! The codebook, arranged for one unit after the other: variables by number, codes by number, routing and derived variables
//! evaluated for the unit at hand, and who depends on whom.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use codebook::{BatteryKind, Codebook, Country, Decimal, Expr, Kind, Origin, Value, Variable, VariableName};

/// A unit's answer to a question: the number of the code in its list. `None` is not asked.
pub(super) type Answer = Option<u8>;

/// A unit's values: an answer for every variable of the codebook by its number, and its register numbers.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sheet {
    pub(super) answers: Vec<Answer>,
    /// Numbers from the register, by variable.
    pub(super) numbers: Vec<(usize, Decimal)>,
}

/// The variables of a country by number, in codebook order.
#[derive(Debug)]
pub(super) struct Questionnaire<'c> {
    pub(super) country: &'c Country,
    numbers: BTreeMap<&'c VariableName, usize>,
    /// The codes of each variable as values of expressions.
    codes: Vec<Vec<Value>>,
    /// For each variable, itself and every variable whose being asked depends on its answer.
    followers: Vec<Vec<usize>>,
}

impl<'c> Questionnaire<'c> {
    pub(super) fn new(country: &'c Country) -> Self {
        let variables = &country.codebook.variables;
        let numbers: BTreeMap<_, _> = variables.iter().enumerate().map(|(number, one)| (&one.name, number)).collect();
        let codes = variables
            .iter()
            .map(|one| one.categories().iter().map(|category| Value::Text(category.code.as_str().to_owned())).collect())
            .collect();
        let mut questionnaire = Self { country, numbers, codes, followers: Vec::new() };
        questionnaire.followers = questionnaire.find_followers();
        questionnaire
    }

    pub(super) fn variables(&self) -> &'c [Variable] {
        let codebook: &'c Codebook = &self.country.codebook;
        &codebook.variables
    }

    /// The number of a variable of the country.
    pub(super) fn number(&self, name: &VariableName) -> usize {
        *self.numbers.get(name).expect("reading a country refuses names of variables that it does not have")
    }

    /// The variables that are questions of the survey, in questionnaire order.
    pub(super) fn questions(&self) -> impl Iterator<Item = usize> + '_ {
        self.variables().iter().enumerate().filter(|(_, one)| one.origin == Origin::Answer).map(|(number, _)| number)
    }

    /// The number of the code that means that the option was ticked, if the variable is an item of a "tick all that apply";
    /// of other variables with two codes, the first.
    pub(super) fn mentioned(&self, number: usize) -> Option<u8> {
        let variable = &self.variables()[number];
        let categories = variable.categories();
        match self.country.codebook.battery_of(&variable.name).map(|battery| &battery.kind) {
            Some(BatteryKind::Multiple { mentioned }) => {
                let position = categories.iter().position(|category| category.code == *mentioned)?;
                u8::try_from(position).ok()
            }
            Some(BatteryKind::Scale) | None => (categories.len() == 2).then_some(0),
        }
    }

    /// A variable and every variable whose being asked depends on its answer.
    pub(super) fn followers(&self, number: usize) -> &[usize] {
        &self.followers[number]
    }

    /// How many steps of routing a question governs: 0 if nobody is asked anything because of its answer, 1 if some are, 2 if
    /// these govern others in turn.
    pub(super) fn steps_governed(&self, number: usize) -> u32 {
        let others = self.followers[number].iter().filter(|follower| **follower != number);
        others.map(|follower| 1 + self.steps_governed(*follower)).max().unwrap_or(0)
    }

    /// The variables that are not derived on which an expression rests, through derived variables, but not through routing.
    pub(super) fn roots(&self, expression: &Expr) -> BTreeSet<usize> {
        expression.variables().into_iter().flat_map(|name| self.roots_of(self.number(name))).collect()
    }

    /// The variables that are not derived on which a variable rests; itself if it is not derived.
    pub(super) fn roots_of(&self, number: usize) -> BTreeSet<usize> {
        match &self.variables()[number].origin {
            Origin::Derived(expression) => self.roots(expression),
            Origin::Answer | Origin::Register | Origin::Fieldwork => BTreeSet::from([number]),
        }
    }

    /// Whether a question is put to a unit.
    pub(super) fn is_asked(&self, number: usize, sheet: &Sheet) -> bool {
        self.variables()[number].asked_if.as_ref().is_none_or(|condition| self.holds(condition, sheet))
    }

    /// Whether a condition is true for a unit; missing is not.
    pub(super) fn holds(&self, condition: &Expr, sheet: &Sheet) -> bool {
        condition.evaluate(&|name| self.value(name, sheet)) == Some(Value::Boolean(true))
    }

    /// The value of a variable for a unit. A condition that meets a missing value is false.
    pub(super) fn value<'v>(&'v self, name: &VariableName, sheet: &'v Sheet) -> Option<Cow<'v, Value>> {
        let number = self.number(name);
        let variable = &self.variables()[number];
        if let Origin::Derived(expression) = &variable.origin {
            let value = expression.evaluate(&|inner| self.value(inner, sheet));
            let otherwise = matches!(variable.kind, Kind::Condition).then_some(Value::Boolean(false));
            return value.or(otherwise).map(Cow::Owned);
        }
        if let Some((_, decimal)) = sheet.numbers.iter().find(|(of, _)| *of == number) {
            return Some(Cow::Owned(Value::Number(*decimal)));
        }
        let code = sheet.answers[number]?;
        self.codes[number].get(usize::from(code)).map(Cow::Borrowed)
    }

    fn find_followers(&self) -> Vec<Vec<usize>> {
        let mut followers: Vec<Vec<usize>> = (0..self.variables().len()).map(|number| vec![number]).collect();
        // In questionnaire order, so that who follows a follower is found on the way.
        for (number, variable) in self.variables().iter().enumerate() {
            let Some(condition) = &variable.asked_if else { continue };
            let leaders = self.roots(condition);
            for list in followers.iter_mut().filter(|list| list.iter().any(|one| leaders.contains(one))) {
                if !list.contains(&number) {
                    list.push(number);
                }
            }
        }
        followers
    }
}
