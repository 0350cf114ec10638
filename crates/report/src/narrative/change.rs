//! Words that tell of a change from one wave to another, outside of the claims that test it.
//!
//! A chart draws a gap over a break and a claim over one is refused; a sentence beside them could say the same and nobody would see it. So where a sentence
//! names another wave and has a word of change or comparison, it must have a claim about that change. The words are lists of the language pack (`[change]`),
//! and a list may be mistaken: words that compare nothing are listed under `[[allow]]` of the theme with the reason.

use std::collections::BTreeSet;

use codebook::{
    BreakReason, Chart, Claim, Country, Direction, Figure, Finding, Joint, Place, Predicate, TableSpec, Theme,
    VariableName, Wave, WaveId,
};

use super::sentence::{self, Sentence, Word};
use crate::Pack;
use crate::language::ChangeWords;

/// What keeps two waves apart is told for so many items; the page of comparability has them all.
const REASONS_AT_MOST: usize = 3;

/// Every wave of the country but one, be it only a year of its series or ledger.
fn others(country: &Country, own: WaveId) -> BTreeSet<WaveId> {
    let ledger = country.ledger.iter().flat_map(|ledger| ledger.waves.keys());
    let known = country.waves.keys().chain(ledger).copied().chain(country.series.shown());
    known.filter(|wave| *wave != own).collect()
}

/// A page of a wave, among the other waves of the country.
pub(super) struct Changes<'a> {
    country: &'a Country,
    wave: &'a Wave,
    theme: &'a Theme,
    pack: &'a Pack,
    others: BTreeSet<WaveId>,
}

/// A word of change, and where it stands.
struct Told {
    words: String,
    offset: usize,
}

impl<'a> Changes<'a> {
    /// `country` has all that any wave asked, so that the ledger can be asked.
    pub(super) fn new(country: &'a Country, wave: &'a Wave, theme: &'a Theme, pack: &'a Pack) -> Self {
        Self { country, wave, theme, pack, others: others(country, wave.id) }
    }

    /// What a sentence tells of a change that nothing tests. It is an error where the sentence names another wave, since what two numbers in a sentence say
    /// together is as much a statement as either of them. A headline over waves that names none is an error over a break, where no claim could say it, and a
    /// warning elsewhere.
    pub(super) fn untested(
        &self,
        sentence: &Sentence,
        place: &dyn Fn(usize) -> Place,
        headline_of: Option<&Figure>,
    ) -> Option<Finding> {
        if self.others.is_empty() {
            return None;
        }
        let found = self.beside_a_wave(sentence, place);
        found.or_else(|| self.in_a_headline(sentence, headline_of?, place))
    }

    /// A wording of a claim about a change whose words tell another direction than the claim states.
    pub(super) fn turned_round(&self, claim: &str, text: &str, place: Place) -> Option<Finding> {
        self.turned(self.claim(claim)?, text, place)
    }

    fn claim(&self, id: &str) -> Option<&Claim> {
        self.theme.claims.iter().find(|claim| claim.id.as_str() == id)
    }

    /// A sentence that names another wave and compares something, without a claim about it.
    fn beside_a_wave(&self, sentence: &Sentence, place: &dyn Fn(usize) -> Place) -> Option<Finding> {
        let named = self.waves_named(sentence);
        let earlier = self.stands_for_an_earlier_wave(sentence);
        if named.is_empty() && !earlier {
            return None;
        }
        let tested = self.waves_tested(sentence);
        // "More than before" of a claim since one wave is about that wave.
        let untested: BTreeSet<WaveId> = named.difference(&tested).copied().collect();
        if untested.is_empty() && !tested.is_empty() {
            return None;
        }
        let change = self.change();
        let told = self.first_of(sentence, [&change.rose, &change.fell, &change.same, &change.more, &change.fewer])?;
        let wave =
            untested.into_iter().next().or_else(|| self.others.iter().copied().rfind(|it| *it < self.wave.id))?;
        let apart = self.apart_of_the_theme(wave);
        let message = format!("{:?} compares with {wave}, and nothing tests it", told.words);
        let place = place(told.offset);
        Some(if apart.is_empty() {
            let finding = Finding::error(place, "untested-change", message);
            let finding = finding.hint(format!(
                "make it a claim: [words]{{name}}, and in the theme's file rose, fell or unchanged = {{ …, since = {wave} }}"
            ));
            self.allowable(finding)
        } else {
            let message = format!("{message}; between {wave} and {} lies a break ({})", self.wave.id, apart.join("; "));
            let finding = Finding::error(place, "change-across-a-break", message);
            self.allowable(finding.hint("tell both shares with near, without comparing them, and what is otherwise"))
        })
    }

    /// A headline over waves that tells of a change without naming one, and without a claim about it.
    fn in_a_headline(&self, sentence: &Sentence, figure: &Figure, place: &dyn Fn(usize) -> Place) -> Option<Finding> {
        let Chart::OverWaves { row, breakdown, waves } = &figure.chart else { return None };
        if !self.waves_tested(sentence).is_empty() {
            return None;
        }
        let change = self.change();
        let told = self.first_of(sentence, [&change.rose, &change.fell, &change.same])?;
        let spec = self.country.table(&figure.table)?;
        let rows = spec.rows.iter().filter(|known| row.as_ref().is_none_or(|row| known.id == *row));
        let rows: Vec<_> = rows.collect();
        let mut apart = Vec::new();
        for pair in waves.windows(2) {
            for row in &rows {
                self.keep_apart((spec, row), breakdown.as_ref(), [pair[0], pair[1]], &mut apart);
            }
        }
        let message = format!("{:?} tells of a change over waves, and nothing tests it", told.words);
        let place = place(told.offset);
        Some(if apart.is_empty() {
            let finding = Finding::warning(place, "untested-change", message);
            self.allowable(finding.hint("word a claim in it: rose, fell or unchanged of the theme's file"))
        } else {
            let message = format!("{message}; its figure has a gap where the series breaks ({})", apart.join("; "));
            let finding = Finding::error(place, "change-across-a-break", message);
            self.allowable(finding.hint("say what the figure shows, and what changed in how it was asked"))
        })
    }

    fn allowable(&self, finding: Finding) -> Finding {
        finding.hint("words that compare no waves are listed under [[allow]] of the theme with the reason")
    }

    fn turned(&self, claim: &Claim, text: &str, place: Place) -> Option<Finding> {
        let change = self.change();
        let (rise, fall) = ([&change.rose, &change.more], [&change.fell, &change.fewer]);
        let same = [&change.same, &change.same];
        let (states, own, foreign) = match &claim.predicate {
            Predicate::Change { direction: Direction::Rose, .. } => ("rose", rise, [fall, same]),
            Predicate::Change { direction: Direction::Fell, .. } => ("fell", fall, [rise, same]),
            Predicate::Unchanged { .. } => ("is unchanged", same, [rise, fall]),
            Predicate::Near { .. }
            | Predicate::NearThen { .. }
            | Predicate::Answers { .. }
            | Predicate::Answered
            | Predicate::Majority { .. }
            | Predicate::MoreOften { .. }
            | Predicate::MostCommon { .. }
            | Predicate::AboutTheSame { .. } => return None,
        };
        let words = sentence::words(text, self.pack);
        if sentence::first(&words, own).is_some() {
            return None;
        }
        let (at, length) = foreign.into_iter().find_map(|lists| sentence::first(&words, lists))?;
        let told = sentence::joined(&words[at..at + length]);
        let message =
            format!("{told:?} tells otherwise than the claim {:?}, which states that it {states}", claim.id.as_str());
        Some(
            Finding::error(place, "turned-round", message)
                .hint("write what the claim states, or claim what the words say"),
        )
    }

    fn change(&self) -> &ChangeWords {
        &self.pack.phrases().change
    }

    /// The other waves that a sentence names: by their years outside of its own window, or by a claim that tells a share of theirs.
    fn waves_named(&self, sentence: &Sentence) -> BTreeSet<WaveId> {
        let window = self.wave.window.find(self.pack.language()).unwrap_or_default();
        let begins = years(window).min().unwrap_or(self.wave.id);
        // "2021-2023" is the wave of 2023 itself, although 2021 may be one, too.
        let own = |word: &Word| {
            years(&word.text).any(|year| year == self.wave.id) && years(&word.text).all(|year| year >= begins)
        };
        let by_year = sentence.words.iter().filter(|word| !own(word)).flat_map(|word| years(&word.text));
        let claims = sentence.claims.iter().filter_map(|id| self.claim(id));
        let by_claim = claims.filter_map(|claim| match &claim.predicate {
            Predicate::NearThen { wave, .. } => Some(*wave),
            Predicate::Near { .. }
            | Predicate::Change { .. }
            | Predicate::Unchanged { .. }
            | Predicate::Answers { .. }
            | Predicate::Answered
            | Predicate::Majority { .. }
            | Predicate::MoreOften { .. }
            | Predicate::MostCommon { .. }
            | Predicate::AboutTheSame { .. } => None,
        });
        by_year.chain(by_claim).filter(|wave| self.others.contains(wave)).collect()
    }

    fn stands_for_an_earlier_wave(&self, sentence: &Sentence) -> bool {
        let is_any = self.others.iter().any(|wave| *wave < self.wave.id);
        is_any && sentence::first(&sentence.words, [&self.change().earlier]).is_some()
    }

    /// The waves since which claims of a sentence test a change.
    fn waves_tested(&self, sentence: &Sentence) -> BTreeSet<WaveId> {
        let claims = sentence.claims.iter().filter_map(|id| self.claim(id));
        claims
            .filter_map(|claim| match &claim.predicate {
                Predicate::Change { since, .. } | Predicate::Unchanged { since, .. } => Some(*since),
                Predicate::Near { .. }
                | Predicate::NearThen { .. }
                | Predicate::Answers { .. }
                | Predicate::Answered
                | Predicate::Majority { .. }
                | Predicate::MoreOften { .. }
                | Predicate::MostCommon { .. }
                | Predicate::AboutTheSame { .. } => None,
            })
            .collect()
    }

    /// The first words of these lists that nothing answers for: outside of tested claims, of facts with a source, of quotations and of what is allowed.
    fn first_of<const N: usize>(&self, sentence: &Sentence, lists: [&Vec<Vec<String>>; N]) -> Option<Told> {
        let is_free = |word: &Word| {
            let is_told = |id: &String| {
                let predicate = self.claim(id).map(|claim| &claim.predicate);
                // A claim about a number answers for the number, not for the words around it; a fact is its source's, and any other claim is a test.
                predicate.is_some_and(|it| matches!(it, Predicate::Near { .. } | Predicate::NearThen { .. }))
            };
            !word.is_excused && word.claim.as_ref().is_none_or(is_told)
        };
        let free = sentence.words.split(|word| !is_free(word)).filter(|run| !run.is_empty());
        free.into_iter().find_map(|run| {
            let (at, length) = sentence::first(run, lists)?;
            Some(Told { words: sentence::joined(&run[at..at + length]), offset: run[at].offset })
        })
    }

    /// What keeps the wave apart from another one in what the theme shows and claims, each thing once.
    fn apart_of_the_theme(&self, other: WaveId) -> Vec<String> {
        let mut apart = Vec::new();
        for figure in &self.theme.figures {
            let Some(spec) = self.country.table(&figure.table) else { continue };
            let chosen = match &figure.chart {
                Chart::Row { row } | Chart::Groups { row, .. } | Chart::OverWaves { row: Some(row), .. } => Some(row),
                Chart::Rows
                | Chart::RowsByGroups { .. }
                | Chart::Against { .. }
                | Chart::OverWaves { row: None, .. } => None,
            };
            for row in spec.rows.iter().filter(|row| chosen.is_none_or(|id| row.id == *id)) {
                self.keep_apart((spec, row), figure.chart.breakdown(), [other, self.wave.id], &mut apart);
            }
        }
        for claim in &self.theme.claims {
            let cell = match &claim.predicate {
                Predicate::Near { table, row, .. } | Predicate::Majority { table, row, .. } => (table, row),
                Predicate::NearThen { cell, .. } => (&cell.table, &cell.row),
                Predicate::MostCommon { row, .. } => (&row.table, &row.row),
                Predicate::MoreOften { comparison, .. } => (&comparison.table, &comparison.row),
                Predicate::AboutTheSame { table, row, .. } => (table, row),
                // Over a break these have findings of their own.
                Predicate::Change { .. }
                | Predicate::Unchanged { .. }
                | Predicate::Answers { .. }
                | Predicate::Answered => continue,
            };
            if let Some((spec, row)) = self.country.table(cell.0).and_then(|spec| Some((spec, spec.row(cell.1)?))) {
                self.keep_apart((spec, row), None, [other, self.wave.id], &mut apart);
            }
        }
        apart.truncate(REASONS_AT_MOST);
        apart
    }

    /// Adds what keeps a row of two waves apart, with the place in the ledger, unless it is there.
    fn keep_apart(
        &self,
        row: (&TableSpec, &codebook::Row),
        breakdown: Option<&VariableName>,
        waves: [WaveId; 2],
        apart: &mut Vec<String>,
    ) {
        let [first, last] = if waves[0] < waves[1] { waves } else { [waves[1], waves[0]] };
        let told: Vec<String> = match self.country.joint_of(row, breakdown, first, last) {
            Joint::Joined | Joint::Absent => Vec::new(),
            Joint::Outside(because) => {
                let because = because.find(self.pack.language()).unwrap_or_default();
                vec![format!("one of them is outside of the official series: {because}")]
            }
            Joint::Broken(reasons) => reasons.iter().map(|reason| self.why(reason)).collect(),
        };
        for told in told {
            if !apart.contains(&told) && apart.len() < REASONS_AT_MOST {
                apart.push(told);
            }
        }
    }

    /// What the ledger says, and where.
    fn why(&self, reason: &BreakReason) -> String {
        let mut told = reason.in_words();
        if let Some(because) = reason.because.as_ref().and_then(|because| because.find(self.pack.language())) {
            told = format!("{told}: {}", because.trim_end_matches('.'));
        }
        match &reason.place {
            Some(place) => format!("{told}, {place}"),
            None => told,
        }
    }
}

/// The years in a word: of "2018-2019" both.
fn years(word: &str) -> impl Iterator<Item = WaveId> {
    let parts = word.split(|character: char| !character.is_alphanumeric());
    parts.filter(|part| part.len() == 4).filter_map(|part| WaveId::new(part).ok())
}

#[cfg(test)]
mod tests;
