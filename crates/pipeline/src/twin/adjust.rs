//! Changing answers until every target holds.
//!
//! Each target has an error: how far the twin is from it, in tolerances. One answer after the other is drawn anew at a random
//! workplace, always with all that follows from it along the routing, and kept when the weighted sum of all squared errors falls.
//! Targets of questions that route others weigh more, by far: what they upset is mended after them. Where no single change helps,
//! such as when a number of answers is right and its weighted share is not, two workplaces change at once. So answers that no
//! target speaks of stay as they were drawn, and targets that contradict each other end in an error.

use std::collections::BTreeSet;

use codebook::{Code, Country, Value, VariableName};

use super::questionnaire::{Questionnaire, Sheet};
use super::random::Random;
use super::respondent::{Interviewer, Respondent};
use super::specification::{Scale, Specification, Target, WHOLE, Wanted};
use super::{TwinError, Unmet};

/// Changes in pairs that are tried per respondent, for one target in one sweep.
const PAIRS: usize = 8;
/// A target is left alone when its error is below this, so that others have room to move.
const NEAR: f64 = 0.5;
/// How much more a target weighs for every step of routing that its questions govern.
const PRECEDENCE: f64 = 100.0;
/// Sweeps without progress after which the search ends.
const PATIENCE: u32 = 4;
/// A sweep that leaves more than this part of the squared errors has made no progress.
const PROGRESS: f64 = 0.995;

/// Where a respondent stands to a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Outside its base or group, or not asked.
    Outside,
    /// In the base, and not counted.
    Miss,
    /// Counted.
    Hit,
}

/// A target during the search.
#[derive(Debug)]
struct Goal<'s> {
    target: &'s Target,
    wanted: f64,
    tolerance: f64,
    /// What its squared error counts for.
    importance: f64,
    /// The questions whose answers move it.
    levers: Vec<usize>,
    standings: Vec<Standing>,
    base: f64,
    hits: f64,
}

impl Goal<'_> {
    fn reached(&self) -> f64 {
        match self.target.wanted {
            Wanted::Answers(_) => self.hits,
            Wanted::Share { .. } if self.base > 0.0 => 100.0 * self.hits / self.base,
            Wanted::Share { .. } => 0.0,
        }
    }

    fn error(&self) -> f64 {
        (self.reached() - self.wanted) / self.tolerance
    }

    fn penalty(&self) -> f64 {
        self.importance * self.error() * self.error()
    }

    fn is_met(&self) -> bool {
        self.error().abs() <= 1.0
    }

    /// What a respondent counts for.
    fn weight(&self, respondent: &Respondent) -> f64 {
        match self.target.wanted {
            Wanted::Answers(_) => 1.0,
            Wanted::Share { .. } => respondent.weight,
        }
    }

    fn count(&mut self, standing: Standing, weight: f64) {
        match standing {
            Standing::Outside => {}
            Standing::Miss => self.base += weight,
            Standing::Hit => {
                self.base += weight;
                self.hits += weight;
            }
        }
    }
}

/// Changes answers until every target is met.
pub(super) fn adjust(
    questionnaire: &Questionnaire<'_>,
    specification: &Specification,
    scale: Scale,
    respondents: &mut [Respondent],
    random: &mut Random,
) -> Result<(), TwinError> {
    let interviewer = Interviewer { questionnaire, specification };
    let mut search = Search::new(interviewer, scale, respondents);
    let mut idle = 0;
    loop {
        let unmet = search.unmet();
        if unmet.is_empty() {
            return Ok(());
        }
        if idle == PATIENCE {
            return Err(TwinError::Unmet(search.report()));
        }
        let before = search.penalty();
        for goal in unmet {
            search.pursue(goal, random);
        }
        search.recount();
        idle = if search.penalty() < before * PROGRESS { 0 } else { idle + 1 };
    }
}

/// The search: everybody's answers and every target's sums.
struct Search<'s> {
    interviewer: Interviewer<'s>,
    respondents: &'s mut [Respondent],
    goals: Vec<Goal<'s>>,
    /// For each variable, the goals that its answers can move.
    goals_of: Vec<Vec<usize>>,
}

impl<'s> Search<'s> {
    fn new(interviewer: Interviewer<'s>, scale: Scale, respondents: &'s mut [Respondent]) -> Self {
        let questionnaire = interviewer.questionnaire;
        let questions: BTreeSet<usize> = questionnaire.questions().collect();
        let mut goals_of = vec![Vec::new(); questionnaire.variables().len()];
        let mut goals = Vec::new();
        for (at, target) in interviewer.specification.targets.iter().enumerate() {
            let share_of = questionnaire.roots_of(questionnaire.number(&target.share_of));
            let group = target.group.iter().flat_map(|(name, _)| questionnaire.roots_of(questionnaire.number(name)));
            let condition = base_condition(questionnaire.country, target);
            let base = condition.into_iter().flat_map(|condition| questionnaire.roots(condition));
            for root in share_of.iter().copied().chain(group).chain(base).collect::<BTreeSet<_>>() {
                goals_of[root].push(at);
            }
            let (wanted, tolerance) = match target.wanted {
                Wanted::Share { share, tolerance } => (percent(share), percent(tolerance) * scale.coarseness()),
                Wanted::Answers(answers) => (f64::from(scale.apply(answers)), 0.5),
            };
            let levers: Vec<usize> = share_of.intersection(&questions).copied().collect();
            let steps = levers.iter().map(|lever| questionnaire.steps_governed(*lever)).max().unwrap_or(0);
            let importance = (0..steps).fold(1.0, |importance, _| importance * PRECEDENCE);
            let standings = Vec::new();
            goals.push(Goal { target, wanted, tolerance, importance, levers, standings, base: 0.0, hits: 0.0 });
        }
        let mut search = Self { interviewer, respondents, goals, goals_of };
        search.recount();
        search
    }

    /// Sums anew, so that rounding cannot pile up over many changes.
    fn recount(&mut self) {
        let questionnaire = self.interviewer.questionnaire;
        for goal in &mut self.goals {
            goal.standings =
                self.respondents.iter().map(|one| standing(questionnaire, goal.target, &one.sheet)).collect();
            (goal.base, goal.hits) = (0.0, 0.0);
            for at in 0..self.respondents.len() {
                let weight = goal.weight(&self.respondents[at]);
                goal.count(goal.standings[at], weight);
            }
        }
    }

    /// The targets that are not met, the gravest first.
    fn unmet(&self) -> Vec<usize> {
        let mut unmet: Vec<usize> = (0..self.goals.len()).filter(|at| !self.goals[*at].is_met()).collect();
        unmet.sort_by(|one, other| self.goals[*other].penalty().total_cmp(&self.goals[*one].penalty()));
        unmet
    }

    fn penalty(&self) -> f64 {
        self.goals.iter().map(Goal::penalty).sum()
    }

    /// Moves one target towards what is wanted: by single changes, and where they do not suffice by changes in pairs.
    fn pursue(&mut self, goal: usize, random: &mut Random) {
        let mut in_vain = 0;
        while in_vain < self.respondents.len() {
            if self.goals[goal].error().abs() <= NEAR {
                return;
            }
            in_vain = if self.change_one(goal, random) { 0 } else { in_vain + 1 };
        }
        for _ in 0..PAIRS * self.respondents.len() {
            if self.goals[goal].is_met() {
                return;
            }
            self.change_two(goal, random);
        }
    }

    /// Draws one answer anew, and keeps it when the errors fall; says whether it did.
    fn change_one(&mut self, goal: usize, random: &mut Random) -> bool {
        let Some((at, sheet)) = self.proposal(goal, random) else { return false };
        let before = self.penalty();
        let old = self.replace(at, sheet);
        let kept = self.penalty() < before;
        if !kept {
            self.replace(at, old);
        }
        kept
    }

    /// Draws two workplaces' answers anew, one towards the target and one to any side, and keeps both when the errors fall.
    fn change_two(&mut self, goal: usize, random: &mut Random) {
        let Some((first, sheet)) = self.proposal(goal, random) else { return };
        let before = self.penalty();
        let old_of_first = self.replace(first, sheet);
        let second = random.index(self.respondents.len());
        if let Some(sheet) = self.another_answer(goal, second, random) {
            let old_of_second = self.replace(second, sheet);
            if self.penalty() < before {
                return;
            }
            self.replace(second, old_of_second);
        }
        self.replace(first, old_of_first);
    }

    /// Another sheet for a random respondent who stands on the wrong side of a target.
    fn proposal(&self, goal: usize, random: &mut Random) -> Option<(usize, Sheet)> {
        let at = random.index(self.respondents.len());
        let from = if self.goals[goal].error() < 0.0 { Standing::Miss } else { Standing::Hit };
        if self.goals[goal].standings[at] != from {
            return None;
        }
        let sheet = self.another_answer(goal, at, random)?;
        let moved = standing(self.interviewer.questionnaire, self.goals[goal].target, &sheet) != from;
        moved.then_some((at, sheet))
    }

    /// A respondent's sheet with another answer to one of the questions that move a target.
    fn another_answer(&self, goal: usize, at: usize, random: &mut Random) -> Option<Sheet> {
        let levers = &self.goals[goal].levers;
        if levers.is_empty() {
            return None;
        }
        let lever = levers[random.index(levers.len())];
        let sheet = &self.respondents[at].sheet;
        let present = sheet.answers[lever]?;
        let code = self.interviewer.draw_another(lever, present, random)?;
        self.interviewer.answer_otherwise(sheet, lever, code, random)
    }

    /// Gives a respondent another sheet and hands back the old one; sums follow.
    fn replace(&mut self, at: usize, sheet: Sheet) -> Sheet {
        let questionnaire = self.interviewer.questionnaire;
        let old = std::mem::replace(&mut self.respondents[at].sheet, sheet);
        let respondent = &self.respondents[at];
        let answers = old.answers.iter().zip(&respondent.sheet.answers);
        let changed = answers.enumerate().filter(|(_, (old, new))| old != new);
        let touched: BTreeSet<usize> = changed.flat_map(|(number, _)| self.goals_of[number].iter().copied()).collect();
        for goal in touched {
            let goal = &mut self.goals[goal];
            let weight = goal.weight(respondent);
            goal.count(goal.standings[at], -weight);
            goal.standings[at] = standing(questionnaire, goal.target, &respondent.sheet);
            goal.count(goal.standings[at], weight);
        }
        old
    }

    /// What is not met, in the order of the specification.
    fn report(&self) -> Vec<Unmet> {
        let unmet = self.goals.iter().filter(|goal| !goal.is_met());
        unmet
            .map(|goal| Unmet {
                place: goal.target.place.clone(),
                target: describe(goal.target),
                wanted: goal.wanted,
                reached: goal.reached(),
                tolerance: match goal.target.wanted {
                    Wanted::Share { .. } => goal.tolerance,
                    Wanted::Answers(_) => 0.0,
                },
            })
            .collect()
    }
}

/// Where a respondent stands to a target.
fn standing(questionnaire: &Questionnaire<'_>, target: &Target, sheet: &Sheet) -> Standing {
    let in_base = base_condition(questionnaire.country, target).is_none_or(|base| questionnaire.holds(base, sheet));
    let in_group = || target.group.as_ref().is_none_or(|(name, code)| has_code(questionnaire, sheet, name, code));
    if !in_base || !in_group() {
        return Standing::Outside;
    }
    match questionnaire.value(&target.share_of, sheet).as_deref() {
        None => Standing::Outside,
        Some(Value::Boolean(true)) => Standing::Hit,
        Some(Value::Text(value)) if target.codes.iter().any(|code| code.as_str() == value) => Standing::Hit,
        Some(Value::Boolean(false) | Value::Text(_) | Value::Number(_)) => Standing::Miss,
    }
}

fn has_code(questionnaire: &Questionnaire<'_>, sheet: &Sheet, name: &VariableName, code: &Code) -> bool {
    match questionnaire.value(name, sheet).as_deref() {
        Some(Value::Text(value)) => value == code.as_str(),
        Some(Value::Boolean(_) | Value::Number(_)) | None => false,
    }
}

fn base_condition<'c>(country: &'c Country, target: &Target) -> Option<&'c codebook::Expr> {
    country.bases.get(&target.base).and_then(|base| base.condition.as_ref())
}

/// Hundredths of a per cent as per cent.
fn percent(hundredths: u32) -> f64 {
    f64::from(hundredths) * 100.0 / f64::from(WHOLE)
}

/// A target in words for its error.
fn describe(target: &Target) -> String {
    let Target { share_of, codes, base, group, .. } = target;
    let codes: Vec<&str> = codes.iter().map(Code::as_str).collect();
    let codes = if codes.is_empty() { String::new() } else { format!(" ({})", codes.join(" or ")) };
    let group = group.as_ref().map_or_else(String::new, |(name, code)| format!(", {name} = {code}"));
    let measure = match target.wanted {
        Wanted::Share { .. } => "share",
        Wanted::Answers(_) => "number of answers",
    };
    format!("{measure} of {share_of}{codes} in {base}{group}")
}
