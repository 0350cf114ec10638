//! Words that compare within one wave, outside of the claims that test it: "most workplaces", "more often", "twice as many".
//!
//! The lists are the language pack's (`[comparison]`). Words of most of them are certain, and a sentence that has one without the claim that tests it is an
//! error. A comparative such as "higher" is one with a word such as "than" behind it; alone it may be part of what was asked ("higher quality"), so beside a
//! number it is a warning, unless the questionnaire has the same words.

use codebook::{Claim, Codebook, Finding, Language, Place, Predicate, Theme, Translated};

use super::sentence::{Sentence, Word, joined};
use crate::Pack;
use crate::language::{ComparisonWords, tokens};

/// So many letters of a word are compared with the questionnaire's: endings differ ("meiri gæði", "meiri gæðum").
const STEM: usize = 3;

/// A page, and the words of the questionnaire in its language.
pub(super) struct Comparisons<'a> {
    theme: &'a Theme,
    pack: &'a Pack,
    /// Labels and questions, as words.
    asked: Vec<Vec<String>>,
    /// Whether it is a page of a comparison over countries, whose claims test nothing.
    is_over_countries: bool,
}

/// What a word says, by the list that it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    /// That it is more than half.
    Majority,
    /// That nothing is more frequent.
    Most,
    /// That something is more, or less, than something else.
    More,
    /// That two things are as frequent as each other.
    Same,
    /// What no claim tests: how many times as much, that it is nearly all.
    Untestable,
    /// Perhaps that something is more or less.
    Maybe,
}

/// Words that compare, in a sentence.
struct Mark<'s> {
    says: Says,
    words: &'s [Word],
    /// Whether the questionnaire has the same words.
    is_asked: bool,
}

impl<'a> Comparisons<'a> {
    pub(super) fn new(codebook: &Codebook, theme: &'a Theme, pack: &'a Pack) -> Self {
        Self { theme, pack, asked: asked(codebook, pack.language()), is_over_countries: false }
    }

    pub(super) fn over_countries(questionnaire: &Codebook, theme: &'a Theme, pack: &'a Pack) -> Self {
        Self { is_over_countries: true, ..Self::new(questionnaire, theme, pack) }
    }

    /// What a sentence compares and nothing tests. A claim answers for its own words, or for one comparison beside it.
    pub(super) fn untested(
        &self,
        sentence: &Sentence,
        place: &dyn Fn(usize) -> Place,
        is_headline: bool,
    ) -> Vec<Finding> {
        let claims: Vec<&Claim> = sentence.claims.iter().filter_map(|id| self.claim(id)).collect();
        let is_compared = claims.iter().any(|claim| is_comparison(&claim.predicate));
        let tells_number = is_headline || claims.iter().any(|claim| is_number(&claim.predicate));
        let marks = self.marks(sentence, is_compared);
        let is_worded =
            |claim: &&Claim| marks.iter().any(|mark| mark.words[0].claim.as_deref() == Some(claim.id.as_str()));
        let mut unworded: Vec<&Claim> = claims.iter().copied().filter(|claim| !is_worded(claim)).collect();
        let mut findings = Vec::new();
        for mark in marks.iter().filter(|mark| !self.is_answered(mark)) {
            if mark.says == Says::Maybe {
                if tells_number && !is_compared && !mark.is_asked {
                    findings.push(self.maybe(mark, place));
                }
                continue;
            }
            match unworded.iter().position(|claim| tests(&claim.predicate, mark.says)) {
                Some(at) => drop(unworded.remove(at)),
                None => findings.push(self.certain(mark, place)),
            }
        }
        findings
    }

    fn claim(&self, id: &str) -> Option<&'a Claim> {
        self.theme.claims.iter().find(|claim| claim.id.as_str() == id)
    }

    fn words(&self) -> &'a ComparisonWords {
        &self.pack.phrases().comparison
    }

    /// Whether the claim between whose brackets a word stands answers for it; a fact from elsewhere is its source's.
    fn is_answered(&self, mark: &Mark<'_>) -> bool {
        match mark.words[0].claim.as_deref().map(|id| self.claim(id)) {
            Some(Some(claim)) if mark.says == Says::Maybe => is_comparison(&claim.predicate),
            Some(Some(claim)) => tests(&claim.predicate, mark.says),
            Some(None) => true,
            None => false,
        }
    }

    /// The words of a sentence that compare.
    fn marks<'s>(&self, sentence: &'s Sentence, is_compared: bool) -> Vec<Mark<'s>> {
        let lists = self.words();
        let mut marks: Vec<Mark<'s>> = Vec::new();
        let mut at = 0;
        while at < sentence.words.len() {
            let rest = &sentence.words[at..];
            let length = match self.mark_at(rest) {
                // What readers were asked about is no comparison beside one: "higher quality is obtained more often than".
                Some(mark) if mark.is_asked && is_compared => mark.words.len(),
                Some(mark) => {
                    let length = mark.words.len();
                    marks.push(mark);
                    length
                }
                None => {
                    let nothing = longest(&lists.nothing, rest);
                    if nothing.is_none()
                        && longest(&lists.than, rest).is_some()
                        && let Some(last) = marks.last_mut()
                    {
                        // "Than" belongs to the comparative right before it.
                        last.says = if last.says == Says::Maybe { Says::More } else { last.says };
                    }
                    nothing.unwrap_or(1)
                }
            };
            at += length;
        }
        marks
    }

    /// What the first words of some say, unless they are allowed, quoted, or a phrase that compares nothing.
    fn mark_at<'s>(&self, words: &'s [Word]) -> Option<Mark<'s>> {
        let lists = self.words();
        let of = |says: Says, list: &Vec<Vec<String>>| longest(list, words).map(|length| (length, says));
        let found = [
            of(Says::Maybe, &lists.maybe),
            of(Says::More, &lists.more),
            of(Says::Same, &lists.same),
            of(Says::Most, &lists.most),
            of(Says::Majority, &lists.majority),
            of(Says::Untestable, &lists.untestable),
        ];
        let (length, says) = found.into_iter().flatten().max_by_key(|(length, _)| *length)?;
        let is_nothing = longest(&lists.nothing, words).is_some_and(|nothing| nothing >= length);
        let is_excused = words[..length].iter().any(|word| word.is_excused);
        // "The most" is less than "most common" behind it.
        let certain = [&lists.more, &lists.same, &lists.most, &lists.untestable];
        let reaches_further = |start: usize| {
            certain.iter().any(|list| longest(list, &words[start..]).is_some_and(|it| start + it > length))
        };
        let is_part = says == Says::Maybe && (1..length).any(reaches_further);
        if is_nothing || is_excused || is_part {
            return None;
        }
        let is_asked = says == Says::Maybe && self.is_asked(&words[..words.len().min(length + 1)], length);
        Some(Mark { says, words: &words[..length], is_asked })
    }

    /// Whether the questionnaire has these words and the one behind them, but for their endings.
    fn is_asked(&self, words: &[Word], length: usize) -> bool {
        let same = |word: &Word, asked: &String| stem(&word.text) == stem(asked);
        words.len() > length
            && self.asked.iter().any(|asked| {
                asked.windows(words.len()).any(|run| words.iter().zip(run).all(|(word, asked)| same(word, asked)))
            })
    }

    fn certain(&self, mark: &Mark<'_>, place: &dyn Fn(usize) -> Place) -> Finding {
        let (says, claim) = match mark.says {
            Says::Majority => ("says that it is more than half", "majority = { … }"),
            Says::Most => ("says that nothing is more frequent", "most_common = { … }"),
            Says::More | Says::Maybe => (
                "compares",
                "more_often or far_more_often = { … } of two groups, or most_common = { … } of several rows",
            ),
            Says::Same => ("says that numbers are alike", "about_the_same = { … }"),
            Says::Untestable => ("says what no claim tests", ""),
        };
        let (words, first) = (joined(mark.words), &mark.words[0]);
        let message = match &first.claim {
            Some(claim) if self.claim(claim).is_some_and(|it| !is_number(&it.predicate)) => {
                format!("{words:?} {says}, and the claim {claim:?} does not test it")
            }
            Some(_) | None if mark.says == Says::Untestable => format!("{words:?} {says}"),
            Some(_) | None => format!("{words:?} {says}, and nothing tests it"),
        };
        let finding = Finding::error(place(first.offset), "untested-comparison", message);
        let finding = if self.is_over_countries {
            finding.hint("tell the numbers with near: no difference between countries is tested here")
        } else if mark.says == Says::Untestable {
            finding.hint("tell both shares with near, and which is more with a claim")
        } else {
            finding.hint(format!("make it a claim: [words]{{name}}, and in the theme's file {claim}"))
        };
        allowable(finding)
    }

    fn maybe(&self, mark: &Mark<'_>, place: &dyn Fn(usize) -> Place) -> Finding {
        let message = format!("{:?} beside a number may compare, and nothing tests it", joined(mark.words));
        let finding = Finding::warning(place(mark.words[0].offset), "perhaps-a-comparison", message);
        allowable(
            finding.hint("if it does, make it a claim: [words]{name}, and in the theme's file more_often = { … }"),
        )
    }
}

fn allowable(finding: Finding) -> Finding {
    finding.hint("words that compare no numbers are listed under [[allow]] of the theme with the reason")
}

/// Whether a claim tests what such words say.
fn tests(predicate: &Predicate, says: Says) -> bool {
    match says {
        Says::Majority => matches!(predicate, Predicate::Majority { .. }),
        Says::Most => matches!(predicate, Predicate::MostCommon { .. }),
        Says::More | Says::Maybe => {
            matches!(predicate, Predicate::MoreOften { .. } | Predicate::MostCommon { .. } | Predicate::Change { .. })
        }
        Says::Same => matches!(predicate, Predicate::AboutTheSame { .. } | Predicate::Unchanged { .. }),
        Says::Untestable => false,
    }
}

/// Whether a claim tests how numbers stand to each other, or to a half.
fn is_comparison(predicate: &Predicate) -> bool {
    match predicate {
        Predicate::Majority { .. }
        | Predicate::MoreOften { .. }
        | Predicate::MostCommon { .. }
        | Predicate::AboutTheSame { .. }
        | Predicate::Change { .. }
        | Predicate::Unchanged { .. } => true,
        Predicate::Near { .. } | Predicate::NearThen { .. } | Predicate::Answers { .. } | Predicate::Answered => false,
    }
}

/// Whether a claim's words tell a number.
fn is_number(predicate: &Predicate) -> bool {
    !is_comparison(predicate)
}

/// The length of the longest phrase of a list that words begin with.
fn longest(list: &[Vec<String>], words: &[Word]) -> Option<usize> {
    let begins = |phrase: &&Vec<String>| {
        let run = words.get(..phrase.len()).filter(|run| !run.is_empty());
        run.is_some_and(|run| run.iter().map(|word| &word.text).eq(phrase.iter()))
    };
    list.iter().filter(begins).map(Vec::len).max()
}

fn stem(word: &str) -> Vec<char> {
    word.chars().take(STEM).collect()
}

/// What was asked, in words: labels, questions and answers in one language.
fn asked(codebook: &Codebook, language: &Language) -> Vec<Vec<String>> {
    let mut asked: Vec<&Translated> = codebook.batteries.iter().map(|battery| &battery.question).collect();
    for variable in &codebook.variables {
        asked.push(&variable.label);
        asked.extend(&variable.question);
        asked.extend(variable.categories().iter().map(|category| &category.label));
    }
    let mut asked: Vec<Vec<String>> = asked.into_iter().filter_map(|text| text.find(language)).map(tokens).collect();
    asked.sort();
    asked.dedup();
    asked
}

#[cfg(test)]
mod tests;
