//! Conditions of the codebook in words, with the exact questions that they stand on.

use codebook::{Battery, BatteryKind, Code, Comparator, Country, Expr, Literal, Origin, Row, Variable, VariableName};

use crate::Pack;
use crate::language::Word;

/// What a row counts, in words.
pub(crate) fn definition(country: &Country, pack: &Pack, row: &Row) -> String {
    let words = Words { country, pack };
    let variable = words.variable(&row.item);
    match &variable.origin {
        Origin::Derived(expr) if row.codes.is_empty() => words.condition(expr),
        Origin::Derived(_) | Origin::Answer | Origin::Register | Origin::Fieldwork => {
            words.answers(variable, &row.codes)
        }
    }
}

/// An expression of the codebook, in words.
pub(crate) fn condition(country: &Country, pack: &Pack, expression: &Expr) -> String {
    Words { country, pack }.condition(expression)
}

/// Items of one battery of which the same answers count.
struct Items<'a> {
    battery: &'a Battery,
    items: Vec<VariableName>,
    codes: Vec<String>,
}

impl Items<'_> {
    fn is_with(&self, other: &Items<'_>) -> bool {
        self.battery.name == other.battery.name && self.codes == other.codes
    }
}

/// The texts of a list that holds nothing else.
fn texts(list: &[Literal]) -> Option<Vec<&str>> {
    list.iter()
        .map(|literal| match literal {
            Literal::Text(code) => Some(code.as_str()),
            Literal::Number(_) | Literal::Boolean(_) => None,
        })
        .collect()
}

struct Words<'a> {
    country: &'a Country,
    pack: &'a Pack,
}

impl Words<'_> {
    fn variable(&self, name: &VariableName) -> &Variable {
        self.country.codebook.variable(name).expect("reading a country resolves every variable that it names")
    }

    fn label(&self, name: &VariableName) -> String {
        self.variable(name).label.get(self.pack.language()).to_owned()
    }

    fn condition(&self, expr: &Expr) -> String {
        match expr {
            Expr::Variable(name) => self.pack.quote(&self.label(name)),
            Expr::Not(inner) => self.pack.fill(Word::ConditionNot, &[("condition", &self.condition(inner))]),
            Expr::And(parts) => self.joined(parts, Word::ListAnd),
            Expr::Or(parts) => self.joined(parts, Word::ListOr),
            Expr::Compare { left, comparator, right } => self.comparison(expr, left, *comparator, right),
            Expr::In { value, list, negated: false } => self.one_of(expr, value, list),
            Expr::Between { value, low, high, negated: false } => match (self.operand(low), self.operand(high)) {
                (Some(low), Some(high)) => {
                    let value = self.operand(value).unwrap_or_else(|| self.computed(expr));
                    self.pack.fill(Word::ConditionBetween, &[("value", &value), ("low", &low), ("high", &high)])
                }
                (_, _) => self.computed(expr),
            },
            Expr::IsMissing { value, negated: false } => match self.operand(value) {
                Some(value) => self.pack.fill(Word::ConditionMissing, &[("value", &value)]),
                None => self.computed(expr),
            },
            Expr::In { .. }
            | Expr::Between { .. }
            | Expr::IsMissing { .. }
            | Expr::Literal(_)
            | Expr::Case { .. }
            | Expr::Coalesce(_)
            | Expr::Cast { .. }
            | Expr::Arithmetic { .. }
            | Expr::Negate(_)
            | Expr::Function { .. } => self.computed(expr),
        }
    }

    /// Parts joined by "and" or "or"; a part that is itself joined stands in brackets. Items of one battery that count for
    /// the same answers stand behind their question once.
    fn joined(&self, parts: &[Expr], by: Word) -> String {
        let mut words: Vec<String> = Vec::new();
        let mut together: Vec<(usize, Items<'_>)> = Vec::new();
        for part in parts {
            match self.item(part).filter(|_| by == Word::ListOr) {
                Some(item) => match together.iter_mut().find(|(_, items)| items.is_with(&item)) {
                    Some((at, items)) => {
                        items.items.extend(item.items);
                        words[*at] = self.items(items);
                    }
                    None => {
                        words.push(self.items(&item));
                        together.push((words.len() - 1, item));
                    }
                },
                None => {
                    let joined = self.condition(part);
                    let is_joined = matches!(part, Expr::And(_) | Expr::Or(_));
                    words.push(if is_joined { format!("({joined})") } else { joined });
                }
            }
        }
        words.join(self.pack.text(by))
    }

    /// The item of a battery that a part asks for, with the answers that count.
    fn item(&self, part: &Expr) -> Option<Items<'_>> {
        let (value, codes) = if let Expr::Compare { left, comparator: Comparator::Equal, right } = part
            && let Expr::Literal(Literal::Text(code)) = right.as_ref()
        {
            (left, vec![code.clone()])
        } else if let Expr::In { value, list, negated: false } = part {
            (value, texts(list)?.into_iter().map(str::to_owned).collect())
        } else {
            return None;
        };
        let Expr::Variable(name) = value.as_ref() else { return None };
        let battery = self.country.codebook.battery_of(name)?;
        Some(Items { battery, items: vec![name.clone()], codes })
    }

    fn items(&self, items: &Items<'_>) -> String {
        let labels: Vec<String> = items.items.iter().map(|item| self.label(item)).collect();
        let labels = self.pack.list(&labels, Word::ListOr);
        let is_ticked = match &items.battery.kind {
            BatteryKind::Multiple { mentioned } => items.codes == [mentioned.as_str()],
            BatteryKind::Scale => false,
        };
        let right = if is_ticked {
            labels
        } else {
            let first = &items.items[0];
            let answers: Vec<String> = items.codes.iter().map(|code| self.category(first, code)).collect();
            let answers = self.pack.list(&answers, Word::ListOr);
            self.pack.fill(Word::ConditionEqual, &[("left", &labels), ("right", &answers)])
        };
        let question = self.pack.quote(items.battery.question.get(self.pack.language()));
        self.pack.fill(Word::ConditionEqual, &[("left", &question), ("right", &right)])
    }

    fn comparison(&self, whole: &Expr, left: &Expr, comparator: Comparator, right: &Expr) -> String {
        if let (Expr::Variable(name), Comparator::Equal, Expr::Literal(Literal::Text(code))) = (left, comparator, right)
        {
            return self.codes(name, &[code.as_str()]);
        }
        let (Some(mut left_words), Some(mut right_words)) = (self.operand(left), self.operand(right)) else {
            return self.computed(whole);
        };
        if let (Expr::Variable(name), Expr::Literal(Literal::Text(code))) = (left, right) {
            left_words = self.question(self.variable(name));
            right_words = self.category(name, code);
        }
        let word = match comparator {
            Comparator::Equal => Word::ConditionEqual,
            Comparator::NotEqual => Word::ConditionNotEqual,
            Comparator::Less => Word::ConditionLess,
            Comparator::LessOrEqual => Word::ConditionLessOrEqual,
            Comparator::Greater => Word::ConditionGreater,
            Comparator::GreaterOrEqual => Word::ConditionGreaterOrEqual,
        };
        self.pack.fill(word, &[("left", &left_words), ("right", &right_words)])
    }

    fn one_of(&self, whole: &Expr, value: &Expr, list: &[Literal]) -> String {
        match (value, texts(list)) {
            (Expr::Variable(name), Some(codes)) => self.codes(name, &codes),
            (_, _) => self.computed(whole),
        }
    }

    fn codes(&self, name: &VariableName, codes: &[&str]) -> String {
        let variable = self.variable(name);
        let categories = variable.categories().iter();
        let known: Vec<Code> = categories.map(|it| it.code.clone()).filter(|it| codes.contains(&it.as_str())).collect();
        self.answers(variable, &known)
    }

    /// A question and those of its answers that count. An option that was ticked needs no "yes" behind it.
    fn answers(&self, variable: &Variable, codes: &[Code]) -> String {
        let labels: Vec<String> = codes.iter().map(|code| self.category(&variable.name, code.as_str())).collect();
        let left = self.question(variable);
        let right = match self.country.codebook.battery_of(&variable.name).map(|battery| &battery.kind) {
            Some(BatteryKind::Multiple { mentioned }) if codes == [mentioned.clone()] => self.label(&variable.name),
            Some(BatteryKind::Multiple { .. } | BatteryKind::Scale) => {
                let answers = self.pack.list(&labels, Word::ListOr);
                let item = self.label(&variable.name);
                self.pack.fill(Word::ConditionEqual, &[("left", &item), ("right", &answers)])
            }
            None => self.pack.list(&labels, Word::ListOr),
        };
        self.pack.fill(Word::ConditionEqual, &[("left", &left), ("right", &right)])
    }

    /// The exact question, or the label of what was not asked.
    fn question(&self, variable: &Variable) -> String {
        let language = self.pack.language();
        let battery = self.country.codebook.battery_of(&variable.name).map(|battery| &battery.question);
        match battery.or(variable.question.as_ref()) {
            Some(question) => self.pack.quote(question.get(language)),
            None => variable.label.get(language).to_owned(),
        }
    }

    fn category(&self, name: &VariableName, code: &str) -> String {
        let category = self.variable(name).categories().iter().find(|category| category.code.as_str() == code);
        category.map_or(code, |category| category.label.get(self.pack.language())).to_owned()
    }

    fn operand(&self, expr: &Expr) -> Option<String> {
        match expr {
            Expr::Variable(name) => Some(self.label(name)),
            Expr::Literal(Literal::Text(text)) => Some(text.clone()),
            Expr::Literal(Literal::Number(number)) => Some(self.pack.decimal(&number.to_string())),
            Expr::Literal(Literal::Boolean(_))
            | Expr::Not(_)
            | Expr::And(_)
            | Expr::Or(_)
            | Expr::Compare { .. }
            | Expr::In { .. }
            | Expr::Between { .. }
            | Expr::IsMissing { .. }
            | Expr::Case { .. }
            | Expr::Coalesce(_)
            | Expr::Cast { .. }
            | Expr::Arithmetic { .. }
            | Expr::Negate(_)
            | Expr::Function { .. } => None,
        }
    }

    /// For what words would make longer than the question that it answers: the variables it is computed from.
    fn computed(&self, expr: &Expr) -> String {
        let labels: Vec<String> = expr.variables().iter().map(|name| self.pack.quote(&self.label(name))).collect();
        let variables = self.pack.list(&labels, Word::ListAnd);
        self.pack.fill(Word::ConditionComputed, &[("variables", &variables)])
    }
}
