//! The population and the sample: workplaces drawn into strata, some invited, some of these answering.

use super::TwinError;
use super::questionnaire::Questionnaire;
use super::random::Random;
use super::specification::{Group, Scale, Specification};

/// Fewer workplaces than this are no stratum of their own; they go to the largest of their group.
const SMALLEST_STRATUM: u32 = 6;
/// Answers that every stratum has at the least, so that its variance can be estimated.
const FEWEST_ANSWERS: u32 = 2;

/// A population with its sample.
#[derive(Debug)]
pub(super) struct Population {
    pub(super) strata: Vec<Stratum>,
    /// The invited workplaces: those that answer, those that give up half way, those that do not begin.
    pub(super) invited: Vec<Workplace>,
    answering: usize,
    giving_up: usize,
}

/// One stratum of the population.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stratum {
    /// The codes of the stratum variables by number, sorted by variable.
    pub(super) codes: Vec<(usize, u8)>,
    pub(super) workplaces: u32,
    pub(super) answers: u32,
    invited: u32,
    /// What its number of answers is proportional to.
    propensity: u64,
}

/// An invited workplace: what the register knows of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Workplace {
    /// Its number in the population, which is its key in the files.
    pub(super) key: u32,
    /// Index of its stratum.
    pub(super) stratum: usize,
    /// Register categories by variable, those of the stratum among them.
    pub(super) codes: Vec<(usize, u8)>,
    /// Register numbers by variable, in tenths.
    pub(super) tenths: Vec<(usize, u32)>,
    /// Workplaces of its stratum over answers in it: the weight of those that answer.
    pub(super) weight: f64,
}

impl Population {
    /// Draws the population and its sample.
    pub(super) fn draw(
        questionnaire: &Questionnaire<'_>,
        specification: &Specification,
        scale: Scale,
        random: &mut Random,
    ) -> Result<Self, TwinError> {
        let mut strata: Vec<Stratum> = Vec::new();
        for group in &specification.frame.groups {
            strata.extend(divide(specification, group, scale.apply(group.workplaces), random));
        }
        strata.sort_by(|one, other| one.codes.cmp(&other.codes));
        allot_answers(&mut strata, scale.rows)?;
        for stratum in &mut strata {
            stratum.invited = stratum.invited.clamp(stratum.answers, stratum.workplaces);
        }
        let giving_up = scale.apply(specification.incomplete);
        let (invited, giving_up) = invite(questionnaire, specification, &strata, giving_up, random);
        let answering = strata.iter().map(|stratum| index(stratum.answers)).sum();
        Ok(Self { strata, invited, answering, giving_up })
    }

    /// The workplaces that answer.
    pub(super) fn answering(&self) -> impl Iterator<Item = &Workplace> {
        self.invited.iter().take(self.answering)
    }

    /// The workplaces that begin and do not finish.
    pub(super) fn giving_up(&self) -> impl Iterator<Item = &Workplace> {
        self.invited.iter().skip(self.answering).take(self.giving_up)
    }
}

/// Draws the category of the split for every workplace of a group.
fn divide(specification: &Specification, group: &Group, workplaces: u32, random: &mut Random) -> Vec<Stratum> {
    let frame = &specification.frame;
    let mut counts = vec![0_u32; group.split.len()];
    for _ in 0..workplaces {
        if let Some(code) = random.weighted(group.split.iter().copied().map(u64::from)) {
            counts[code] += 1;
        }
    }
    merge_small(&mut counts);
    let strata = counts.iter().zip(&frame.response).enumerate().filter(|(_, (count, _))| **count > 0);
    strata
        .map(|(code, (&workplaces, &response))| {
            let mut codes = group.codes.clone();
            codes.push((frame.split, u8::try_from(code).expect("reading refuses lists of more than 255 codes")));
            codes.sort_unstable();
            let propensity = u64::from(workplaces) * u64::from(group.sampled) * u64::from(response);
            let invited = u64::from(workplaces) * u64::from(group.sampled) / u64::from(super::specification::WHOLE);
            let invited = u32::try_from(invited).expect("a part of the workplaces is not more than all of them");
            Stratum { codes, workplaces, answers: 0, invited, propensity }
        })
        .collect()
}

/// Moves counts that are too small for a stratum to the largest one.
fn merge_small(counts: &mut [u32]) {
    let Some(largest) = (0..counts.len()).max_by_key(|at| (counts[*at], std::cmp::Reverse(*at))) else { return };
    let small: u32 = counts.iter().filter(|count| **count < SMALLEST_STRATUM).sum();
    if counts[largest] < SMALLEST_STRATUM {
        counts.fill(0);
        counts[largest] = small;
        return;
    }
    counts.iter_mut().filter(|count| **count < SMALLEST_STRATUM).for_each(|count| *count = 0);
    counts[largest] += small;
}

/// Divides the answers over the strata in proportion to their propensities, by Webster's method, with at least two in
/// each and, beyond that, at most nine in ten of its workplaces.
fn allot_answers(strata: &mut [Stratum], rows: u32) -> Result<(), TwinError> {
    let too_few = TwinError::Rows { rows: index(rows), reason: "every stratum of the population needs two answers" };
    let most = |stratum: &Stratum| (stratum.workplaces * 9 / 10).max(FEWEST_ANSWERS).min(stratum.workplaces);
    if strata.iter().any(|stratum| stratum.workplaces < FEWEST_ANSWERS) {
        return Err(too_few);
    }
    strata.iter_mut().for_each(|stratum| stratum.answers = FEWEST_ANSWERS);
    let given: u64 = strata.iter().map(|stratum| u64::from(stratum.answers)).sum();
    let Some(left) = u64::from(rows).checked_sub(given) else { return Err(too_few) };
    // One answer after the other, each to the stratum with the greatest propensity per odd divisor.
    for _ in 0..left {
        let open = strata.iter_mut().filter(|stratum| stratum.answers < most(stratum));
        let next = open.max_by(|one, other| {
            let of_one = u128::from(one.propensity) * u128::from(2 * other.answers + 1);
            let of_other = u128::from(other.propensity) * u128::from(2 * one.answers + 1);
            of_one.cmp(&of_other).then_with(|| other.codes.cmp(&one.codes))
        });
        match next {
            Some(stratum) => stratum.answers += 1,
            None => {
                let reason = "the population of the specification is too small for so many";
                return Err(TwinError::Rows { rows: index(rows), reason });
            }
        }
    }
    Ok(())
}

/// Numbers the invited workplaces and draws what the register knows of them. Gives them in the order: answering, giving up,
/// silent; and how many give up.
fn invite(
    questionnaire: &Questionnaire<'_>,
    specification: &Specification,
    strata: &[Stratum],
    giving_up: u32,
    random: &mut Random,
) -> (Vec<Workplace>, usize) {
    let total: u32 = strata.iter().map(|stratum| stratum.workplaces).sum();
    let mut keys: Vec<u32> = (1..=total).collect();
    random.shuffle(&mut keys);
    let (mut answering, mut others) = (Vec::new(), Vec::new());
    for (at, stratum) in strata.iter().enumerate() {
        for nth in 0..stratum.invited {
            let key = keys.pop().expect("no more are invited than there are");
            let workplace = register(questionnaire, specification, (at, stratum), key, random);
            if nth < stratum.answers { answering.push(workplace) } else { others.push(workplace) }
        }
    }
    random.shuffle(&mut others);
    let giving_up = index(giving_up).min(others.len());
    answering.append(&mut others);
    (answering, giving_up)
}

/// What the register knows of a workplace.
fn register(
    questionnaire: &Questionnaire<'_>,
    specification: &Specification,
    (at, stratum): (usize, &Stratum),
    key: u32,
    random: &mut Random,
) -> Workplace {
    let mut codes = stratum.codes.clone();
    for (number, variable) in questionnaire.variables().iter().enumerate() {
        if variable.origin != codebook::Origin::Register {
            continue;
        }
        if let Some(code) = random.weighted(specification.chances[number].iter().copied().map(u64::from)) {
            codes.push((number, u8::try_from(code).expect("reading refuses lists of more than 255 codes")));
        }
    }
    let tenths = specification.ranges.iter().filter_map(|range| {
        let (_, code) = codes.iter().find(|(of, _)| *of == range.by)?;
        let (from, to) = *range.tenths.get(usize::from(*code))?;
        let above = u32::try_from(random.below(u64::from(to - from) + 1)).expect("drawn below a number of 32 bits");
        Some((range.variable, from + above))
    });
    let tenths = tenths.collect();
    let weight = f64::from(stratum.workplaces) / f64::from(stratum.answers);
    Workplace { key, stratum: at, codes, tenths, weight }
}

/// A count as an index.
fn index(count: u32) -> usize {
    usize::try_from(count).expect("the program runs where an index has at least 32 bits")
}
