//! One workplace's answers: drawn question by question along the routing, and changed without leaving it.

use std::collections::BTreeSet;

use codebook::Decimal;

use super::frame::Workplace;
use super::questionnaire::{Questionnaire, Sheet};
use super::random::Random;
use super::specification::{Rule, Specification, WHOLE};

/// How often a battery is drawn again until something is ticked, before its likeliest item is taken.
const REDRAWS: u32 = 64;

/// A workplace that answers.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Respondent {
    /// Its key in the files.
    pub(super) key: u32,
    /// Workplaces of its stratum over answers in it.
    pub(super) weight: f64,
    pub(super) sheet: Sheet,
}

/// Lets a workplace answer the whole questionnaire.
pub(super) fn interview(
    questionnaire: &Questionnaire<'_>,
    specification: &Specification,
    workplace: &Workplace,
    random: &mut Random,
) -> Respondent {
    let numbers = workplace.tenths.iter().map(|(of, tenths)| (*of, Decimal::new(i128::from(*tenths), 1))).collect();
    let mut sheet = Sheet { answers: vec![None; questionnaire.variables().len()], numbers };
    for (number, code) in &workplace.codes {
        sheet.answers[*number] = Some(*code);
    }
    Interviewer { questionnaire, specification }.route(&mut sheet, questionnaire.questions(), random);
    Respondent { key: workplace.key, weight: workplace.weight, sheet }
}

/// Who knows the questionnaire and the chances of its answers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Interviewer<'a> {
    pub(super) questionnaire: &'a Questionnaire<'a>,
    pub(super) specification: &'a Specification,
}

impl Interviewer<'_> {
    /// Puts questions in questionnaire order: an answer that is no longer asked for goes, one that is missing is drawn.
    fn route(&self, sheet: &mut Sheet, questions: impl Iterator<Item = usize>, random: &mut Random) {
        for number in questions {
            if !self.questionnaire.is_asked(number, sheet) {
                sheet.answers[number] = None;
            } else if sheet.answers[number].is_none() {
                match self.rule_of(number) {
                    Some(rule) => self.tick(rule, sheet, random),
                    None => sheet.answers[number] = self.draw(number, random),
                }
            }
        }
    }

    /// An answer to a question by its chances.
    fn draw(&self, number: usize, random: &mut Random) -> Option<u8> {
        let chances = &self.specification.chances[number];
        random.weighted(chances.iter().copied().map(u64::from)).and_then(|code| u8::try_from(code).ok())
    }

    /// An answer by the same chances, other than `present`; `None` when there is no other.
    pub(super) fn draw_another(&self, number: usize, present: u8, random: &mut Random) -> Option<u8> {
        let chances = self.specification.chances[number].iter().enumerate();
        let others = chances.map(|(code, chance)| if code == usize::from(present) { 0 } else { u64::from(*chance) });
        random.weighted(others).and_then(|code| u8::try_from(code).ok())
    }

    /// Draws all items of a battery that has a rule.
    fn tick(&self, rule: &Rule, sheet: &mut Sheet, random: &mut Random) {
        self.untick(rule, sheet);
        for item in &rule.alone {
            if self.draws_a_tick(*item, random) {
                self.set(sheet, *item, true);
                return;
            }
        }
        if rule.none.is_some_and(|none| random.below(u64::from(WHOLE)) < u64::from(none)) {
            return;
        }
        self.tick_together(rule, sheet, random);
    }

    /// Draws the items of a battery that may be ticked beside others, again until one is if one must be.
    fn tick_together(&self, rule: &Rule, sheet: &mut Sheet, random: &mut Random) {
        let open: Vec<usize> = self.open_items(rule, sheet).collect();
        for _ in 0..REDRAWS {
            for item in &open {
                let ticked = self.draws_a_tick(*item, random);
                self.set(sheet, *item, ticked);
            }
            let needs_one = rule.at_least_one || rule.none.is_some();
            if !needs_one || open.iter().any(|item| self.is_ticked(*item, sheet)) {
                return;
            }
        }
        if let Some(likeliest) = open.iter().max_by_key(|item| self.chance_of_a_tick(**item)) {
            self.set(sheet, *likeliest, true);
        }
    }

    /// The items that may be ticked beside others.
    fn open_items<'r>(&'r self, rule: &'r Rule, sheet: &'r Sheet) -> impl Iterator<Item = usize> + 'r {
        let closed = |item: &usize| {
            let without = rule.within.iter().any(|(inner, outer)| inner == item && !self.is_ticked(*outer, sheet));
            without || rule.alone.contains(item)
        };
        rule.items.iter().copied().filter(move |item| !closed(item))
    }

    /// The sheet with another answer to one question, and with all that follows from it: options that exclude each other,
    /// questions that are no longer asked or newly asked. `None` when no consistent sheet has it.
    pub(super) fn answer_otherwise(
        &self,
        sheet: &Sheet,
        number: usize,
        code: u8,
        random: &mut Random,
    ) -> Option<Sheet> {
        let mut changed = sheet.clone();
        changed.answers[number] = Some(code);
        if let Some(rule) = self.rule_of(number) {
            self.keep_apart(rule, &mut changed, number, random);
        }
        self.keep_within(&mut changed, number);
        let moved = (0..sheet.answers.len()).filter(|at| sheet.answers[*at] != changed.answers[*at]);
        let followers: BTreeSet<usize> = moved
            .flat_map(|at| self.questionnaire.followers(at).iter().copied().filter(move |one| *one != at))
            .collect();
        self.route(&mut changed, followers.into_iter(), random);
        self.specification.rules.iter().all(|rule| self.is_kept(rule, &changed)).then_some(changed)
    }

    /// After one option was ticked or unticked: options that stand alone exclude the others. When nothing is left, such an option
    /// steps in, or, if it was the last, the others are drawn.
    fn keep_apart(&self, rule: &Rule, sheet: &mut Sheet, number: usize, random: &mut Random) {
        if self.is_ticked(number, sheet) {
            let number_is_alone = rule.alone.contains(&number);
            let excluded = |item: &&usize| **item != number && (number_is_alone || rule.alone.contains(*item));
            for item in rule.items.iter().filter(excluded) {
                self.set(sheet, *item, false);
            }
        } else if rule.at_least_one && !rule.items.iter().any(|item| self.is_ticked(*item, sheet)) {
            match rule.alone.iter().find(|item| **item != number) {
                Some(last_resort) => self.set(sheet, *last_resort, true),
                None => self.tick_together(rule, sheet, random),
            }
        }
    }

    /// After one option was ticked or unticked: what it lies within is ticked with it, and what lies within it is unticked.
    fn keep_within(&self, sheet: &mut Sheet, number: usize) {
        for (inner, outer) in self.specification.rules.iter().flat_map(|rule| &rule.within) {
            if *inner == number && self.is_ticked(number, sheet) && sheet.answers[*outer].is_some() {
                self.set(sheet, *outer, true);
            } else if *outer == number && self.is_ticked(*inner, sheet) && !self.is_ticked(number, sheet) {
                self.set(sheet, *inner, false);
            }
        }
    }

    /// Whether a sheet keeps a rule; a battery that was not asked does.
    pub(super) fn is_kept(&self, rule: &Rule, sheet: &Sheet) -> bool {
        let asked = rule.items.iter().all(|item| sheet.answers[*item].is_some());
        let ticked = rule.items.iter().filter(|item| self.is_ticked(**item, sheet)).count();
        let alone = rule.alone.iter().filter(|item| self.is_ticked(**item, sheet)).count();
        let within =
            rule.within.iter().all(|(inner, outer)| !self.is_ticked(*inner, sheet) || self.is_ticked(*outer, sheet));
        !asked || (within && (!rule.at_least_one || ticked > 0) && (alone == 0 || ticked == 1))
    }

    fn rule_of(&self, number: usize) -> Option<&Rule> {
        self.specification.rules.iter().find(|rule| rule.items.contains(&number))
    }

    fn is_ticked(&self, number: usize, sheet: &Sheet) -> bool {
        sheet.answers[number].is_some() && sheet.answers[number] == self.questionnaire.mentioned(number)
    }

    fn set(&self, sheet: &mut Sheet, number: usize, ticked: bool) {
        let mentioned = self.questionnaire.mentioned(number).expect("reading refuses rules for items without a tick");
        // An item with a tick has two codes: 0 and 1.
        sheet.answers[number] = Some(if ticked { mentioned } else { 1 - mentioned });
    }

    fn untick(&self, rule: &Rule, sheet: &mut Sheet) {
        rule.items.iter().for_each(|item| self.set(sheet, *item, false));
    }

    fn draws_a_tick(&self, number: usize, random: &mut Random) -> bool {
        self.draw(number, random) == self.questionnaire.mentioned(number)
    }

    fn chance_of_a_tick(&self, number: usize) -> u32 {
        let mentioned = self.questionnaire.mentioned(number).map(usize::from);
        mentioned.and_then(|code| self.specification.chances[number].get(code)).copied().unwrap_or(0)
    }
}
