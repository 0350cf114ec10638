//! Narratives: Markdown texts with claims in them.
//!
//! `report/<year>/<theme>.<lang>.md` is CommonMark. Its first heading is the page's title. `[9 out of 10]{core-task}` words the
//! claim `core-task` of the theme's TOML; `{{ figure core-task }}` on a line of its own places a figure of the theme.
//!
//! A claim is read where CommonMark sees a reference link without a definition, so it may hold emphasis, may stand in a
//! heading or a list, and is not seen in code. HTML and pictures are refused: a page holds what the program can check.

mod body;
mod change;
mod comparison;
mod insert;
mod lint;
mod prose;
mod sentence;
mod untested;

use std::collections::{BTreeMap, BTreeSet};

use codebook::{
    ClaimId, Fact, FigureId, Finding, InsertId, Language, Place, Predicate, Press, SourceFile, Spoken, Theme, ThemeId,
    Told, Translated, Wording,
};

use crate::Pack;
use crate::language::Unread;
use crate::place::place_at;

pub(crate) use body::Block;
use body::Body;
pub(crate) use insert::Insert;
use lint::NumbersOf;
use prose::{Prose, Worded};
pub use untested::{untested_comparisons, untested_words};

/// A narrative that was read: its title, and its body with the places of claims and figures.
#[derive(Debug, Clone)]
pub struct Narrative {
    /// The theme.
    pub theme: ThemeId,
    /// The language.
    pub language: Language,
    pub(crate) title: Rendered,
    /// Plain words of the first paragraph, for the list of themes.
    pub(crate) lead: String,
    /// The claims that the first paragraph words, in order.
    pub(crate) lead_claims: Vec<ClaimId>,
    pub(crate) blocks: Vec<Block>,
    /// The headline of each figure of the theme.
    pub(crate) headlines: BTreeMap<FigureId, Headline>,
    /// The local cases and quotations of the theme.
    pub(crate) inserts: BTreeMap<InsertId, Insert>,
    /// The facts from elsewhere that it tells, each once, in order.
    pub(crate) facts: Vec<ClaimId>,
}

/// A line of text in the forms that pages need.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Rendered {
    pub(crate) html: String,
    pub(crate) plain: String,
}

/// The headline of a figure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Headline {
    pub(crate) text: Rendered,
    /// The claims that it words, in order.
    pub(crate) claims: Vec<ClaimId>,
}

/// Reads one narrative. Also reads the headlines of the theme's figures in this language, whose claims come last.
/// Findings: an unknown claim or figure, a wording whose number the language pack cannot read, a claim that needs a number and
/// has none, a figure placed twice or beside other text, raw HTML, a missing or second title, a skipped level of headings; as
/// warnings, a figure that is not placed (it then stands at the end) and a claim that no text words; and what stands beside the claims:
/// numbers that nothing checks, words that bend a claim, causes. `facts` are the edition's, which texts word like claims.
#[must_use]
pub fn narrative(
    theme: &Theme,
    facts: &[Fact],
    pack: &Pack,
    source: &SourceFile,
) -> (Narrative, Vec<Wording>, Vec<Finding>) {
    let mut reading = Reading {
        theme,
        facts,
        pack,
        source,
        wordings: Vec::new(),
        told: Vec::new(),
        allowed: BTreeSet::new(),
        findings: Vec::new(),
    };
    let prose = Prose::parse(&source.text);
    let body = Body::read(&prose, &mut reading);
    for worded in &prose.claims {
        reading.word(worded, reading.place(worded.words.start));
    }
    reading.lint(&prose, &|offset| place_at(&source.path, &source.text, offset));
    let headlines = theme.figures.iter().map(|figure| (figure.id.clone(), reading.headline(figure))).collect();
    let inserts = reading.inserts();
    reading.warn_of_unplaced_inserts(&body);
    reading.warn_of_unworded_claims();
    reading.warn_of_unused_allowances();
    let in_lead = prose.claims.iter().filter(|worded| body.lead_range.contains(&worded.whole.start));
    let narrative = Narrative {
        theme: theme.id.clone(),
        language: pack.language().clone(),
        title: body.title,
        lead: body.lead,
        lead_claims: reading.known_claims(in_lead),
        blocks: body.blocks,
        headlines,
        inserts,
        facts: reading.told,
    };
    (narrative, reading.wordings, reading.findings)
}

/// What is wrong with the paragraph below a country's articles and press releases: it holds no number, for nothing would check it.
#[must_use]
pub fn boilerplate(press: &Press, pack: &Pack) -> Vec<Finding> {
    let Some(text) = press.about.find(pack.language()) else { return Vec::new() };
    let prose = Prose::parse(text);
    let (remarks, _) = lint::lint(&prose, pack, &[]);
    let mut findings: Vec<Finding> = remarks.iter().map(|remark| remark.finding(press.about_place.clone())).collect();
    if !prose.claims.is_empty() || prose.has_blocks_or_html() {
        let message = "the paragraph about the publication is one paragraph without claims";
        findings.push(Finding::error(press.about_place.clone(), "boilerplate", message));
    }
    findings
}

/// The numbers in a text that is no page, such as a note: no claim can stand there, so nothing would check them.
#[must_use]
pub fn unchecked_numbers(text: &Translated, place: &Place, pack: &Pack) -> Vec<Finding> {
    let Some(text) = text.find(pack.language()) else { return Vec::new() };
    let (remarks, _) = lint::lint(&Prose::parse(text), pack, &[]);
    remarks.iter().filter_map(|remark| remark.unchecked_number(place)).collect()
}

/// A narrative being read.
struct Reading<'a> {
    theme: &'a Theme,
    facts: &'a [Fact],
    pack: &'a Pack,
    source: &'a SourceFile,
    wordings: Vec<Wording>,
    /// Facts told so far.
    told: Vec<ClaimId>,
    /// Which of the theme's allowed words stand in a text.
    allowed: BTreeSet<usize>,
    findings: Vec<Finding>,
}

impl Reading<'_> {
    fn place(&self, offset: usize) -> Place {
        place_at(&self.source.path, &self.source.text, offset)
    }

    fn find(&mut self, offset: usize, code: &'static str, message: impl Into<String>) {
        let place = self.place(offset);
        self.findings.push(Finding::error(place, code, message));
    }

    /// Reads a figure's headline, whose claims have the headline's place.
    fn headline(&mut self, figure: &codebook::Figure) -> Headline {
        let Some(text) = figure.headline.find(self.pack.language()) else {
            return Headline::default();
        };
        let prose = Prose::parse(text);
        for worded in &prose.claims {
            self.word(worded, figure.headline_place.clone());
        }
        if prose.has_blocks_or_html() {
            let message = format!("the headline of figure {:?} is more than one line of text", figure.id.as_str());
            self.findings.push(Finding::error(figure.headline_place.clone(), "headline", message));
        }
        self.lint(&prose, &|_| figure.headline_place.clone());
        Headline { text: prose.line(), claims: self.known_claims(prose.claims.iter()) }
    }

    fn known_claims<'w>(&self, claims: impl Iterator<Item = &'w Worded>) -> Vec<ClaimId> {
        let known = |worded: &Worded| self.theme.claims.iter().find(|claim| claim.id.as_str() == worded.claim);
        claims.filter_map(known).map(|claim| claim.id.clone()).collect()
    }

    /// Finds what stands beside the claims of a text.
    fn lint(&mut self, prose: &Prose<'_>, place: &dyn Fn(usize) -> Place) {
        self.lint_numbers_of(NumbersOf::Report, prose, place);
    }

    fn lint_numbers_of(&mut self, whose: NumbersOf, prose: &Prose<'_>, place: &dyn Fn(usize) -> Place) {
        let (remarks, used) = lint::lint(prose, self.pack, &self.theme.allowed);
        let remarks = remarks.into_iter().filter_map(|remark| remark.of(whose));
        self.findings.extend(remarks.map(|remark| remark.finding(place(remark.offset))));
        self.allowed.extend(used);
    }

    /// Takes down a fact from elsewhere, whose words must tell its number.
    fn tell(&mut self, fact: &Fact, worded: &Worded, place: Place) {
        if !self.told.contains(&fact.id) {
            self.told.push(fact.id.clone());
        }
        let (phrases, form) = (self.pack.phrases(), self.pack.number_form());
        let says = match fact.tells {
            Told::Nothing if phrases.share(&worded.text, form) == Err(Unread::NoNumber) => return,
            Told::Nothing => "tells no number".to_owned(),
            Told::Count(count) if phrases.count(&worded.text, form) == Ok(Spoken::Count(count)) => return,
            Told::Count(count) => format!("is {count}"),
            Told::Percent(percent)
                if phrases.share(&worded.text, form).is_ok_and(|it| disclose::tells(it, percent)) =>
            {
                return;
            }
            Told::Percent(percent) => format!("is {percent} per cent"),
        };
        let message = format!("the fact {:?} {says}, and {:?} tells otherwise", worded.claim, worded.text);
        self.findings
            .push(Finding::error(place, "fact-number", message).hint(format!("the fact stands at {}", fact.place)));
    }

    /// Takes down one wording, with its number if its claim needs one.
    fn word(&mut self, worded: &Worded, place: Place) {
        if let Some(fact) = self.facts.iter().find(|fact| fact.id.as_str() == worded.claim) {
            return self.tell(fact, worded, place);
        }
        let Some(claim) = self.theme.claims.iter().find(|claim| claim.id.as_str() == worded.claim) else {
            let message = format!("the theme {:?} has no claim {:?}", self.theme.id.as_str(), worded.claim);
            let facts = self.facts.iter().map(|fact| fact.id.as_str());
            let known = self.theme.claims.iter().map(|claim| claim.id.as_str()).chain(facts);
            self.findings.push(Finding::error(place, "unknown-claim", message).did_you_mean(&worded.claim, known));
            return;
        };
        let (phrases, form) = (self.pack.phrases(), self.pack.number_form());
        let (spoken, needs) = match &claim.predicate {
            Predicate::Near { .. } | Predicate::NearThen { .. } | Predicate::Answered => {
                (phrases.share(&worded.text, form).map(Some), "a share")
            }
            Predicate::Answers { .. } => (phrases.count(&worded.text, form).map(Some), "a count"),
            Predicate::Majority { .. }
            | Predicate::MoreOften { .. }
            | Predicate::MostCommon { .. }
            | Predicate::Change { .. }
            | Predicate::Unchanged { .. }
            | Predicate::AboutTheSame { .. } => (Ok(None), ""),
        };
        match spoken {
            Ok(spoken) => self.wordings.push(Wording {
                claim: claim.id.clone(),
                language: self.pack.language().clone(),
                text: worded.text.clone(),
                spoken,
                place,
            }),
            Err(unread) => self.findings.push(unreadable(worded, &unread, needs, place)),
        }
    }

    fn warn_of_unused_allowances(&mut self) {
        for (number, allowed) in self.theme.allowed.iter().enumerate() {
            if !self.allowed.contains(&number) {
                let language = self.pack.language().as_str();
                let message = format!("no text in {language:?} has these words");
                self.findings.push(Finding::warning(allowed.place.clone(), "unused-allowance", message));
            }
        }
    }

    fn warn_of_unworded_claims(&mut self) {
        for claim in &self.theme.claims {
            if !self.wordings.iter().any(|wording| wording.claim == claim.id) {
                let language = self.pack.language().as_str();
                let message = format!("no text in {language:?} words the claim {:?}", claim.id.as_str());
                self.findings.push(Finding::warning(claim.place.clone(), "unworded-claim", message));
            }
        }
    }
}

fn unreadable(worded: &Worded, unread: &Unread, needs: &str, place: Place) -> Finding {
    let (words, claim) = (&worded.text, &worded.claim);
    match unread {
        Unread::NoNumber => {
            let message =
                format!("the claim {claim:?} needs {needs}, and {words:?} tells none that the language knows");
            Finding::error(place, "unread-number", message)
                .hint("tell it like \"9 out of 10\", \"every sixth\" or \"81 per cent\" in the text's language")
                .hint("or add the phrase to [fractions] of the language pack")
        }
        Unread::SeveralNumbers => {
            let message = format!("the claim {claim:?} needs {needs}, and {words:?} tells several numbers");
            Finding::error(place, "unread-number", message).hint("put only one of them between the brackets")
        }
        Unread::SaysMore(word) => {
            let message = format!("{word:?} in {words:?} says more than the claim {claim:?} is checked for");
            Finding::error(place, "unchecked-word", message).hint(format!("leave {word:?} out"))
        }
    }
}

#[cfg(test)]
mod tests;
