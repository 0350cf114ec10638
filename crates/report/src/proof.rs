//! The editor's proof sheet: every sentence with a claim in it, its number, and how near it is to being false. It tells more than is
//! published, so it lies outside the release.

use codebook::{Claim, Language, Measure, Predicate, ThemeId, Wording};
use disclose::{Proof, Rounded, Slack};
use estimate::Domain;
use minijinja::{Value, context};

use crate::language::{Number, Word, as_written};
use crate::page::{Frame, Scene};
use crate::templates::{list, text};
use crate::{Edition, ReportError};

/// Renders the sheet in the country's first language, with a table for each of `languages_wanted`. `root` is the way from the sheet to
/// the release, such as `../../../dnk/2019/`; `wordings` are those that the proofs count.
///
/// # Errors
/// When the template computes or does not render, or a language lacks its pack.
///
/// # Panics
/// When no language is wanted, or a proof counts beyond the wordings: bugs.
pub fn proof_sheet(
    edition: Edition<'_>,
    languages_wanted: &[Language],
    proofs: &[Proof],
    wordings: &[(ThemeId, Wording)],
    root: &str,
) -> Result<String, ReportError> {
    let engine = edition.templates.engine()?;
    let scene = |language: &Language| {
        let pack = edition.languages.pack(language).ok_or_else(|| ReportError::NoPack(language.clone()))?;
        Ok(Scene { edition, pack, within: None })
    };
    let mut sheets = Vec::new();
    for language in languages_wanted {
        sheets.push(scene(language)?.sheet(proofs, wordings));
    }
    let own = scene(languages_wanted.first().expect("a report has a language"))?;
    let title = own.pack.text(Word::ProofTitle).to_owned();
    let frame = Frame { name: "proof.html", title, description: "", languages: &[] };
    let context = own.context_from(&frame, root, context! { sheets => list(sheets) });
    engine.render("html/proof.html", &context)
}

impl Scene<'_> {
    /// The table of one language.
    fn sheet(&self, proofs: &[Proof], wordings: &[(ThemeId, Wording)]) -> Value {
        let of_language = proofs.iter().filter(|proof| wordings[proof.wording].1.language == *self.pack.language());
        let row = |proof: &Proof| {
            let (theme, words) = &wordings[proof.wording];
            let claim = self.claim(theme, words);
            context! {
                words => text(words.text.clone()),
                href => text(format!("{}{}", self.folder(self.pack.language()), self.page_of(theme))),
                number => text(claim.map_or_else(String::new, |claim| self.number_of(theme, claim))),
                slack => text(claim.map_or_else(String::new, |claim| self.slack(proof.slack, claim))),
                claim => text(proof.claim.to_string()),
                place => text(words.place.to_string()),
            }
        };
        let columns = [Word::ProofWords, Word::ProofNumber, Word::ProofSlack];
        context! {
            language => text(self.pack.language().as_str()),
            name => text(self.pack.text(Word::LanguageName)),
            columns => list(columns.iter().map(|word| text(self.pack.text(*word)))),
            rows => list(of_language.map(row)),
        }
    }

    fn claim(&self, theme: &ThemeId, words: &Wording) -> Option<&Claim> {
        let theme = self.edition.wave.themes.iter().find(|candidate| candidate.id == *theme)?;
        theme.claims.iter().find(|claim| claim.id == words.claim)
    }

    /// What is published of what the claim is about.
    fn number_of(&self, theme: &ThemeId, claim: &Claim) -> String {
        let published = self.edition.published;
        let told = |measure: Measure, estimate: Rounded, low: Rounded, high: Rounded| {
            let estimate = self.told(measure, estimate.into());
            format!("{estimate}, {}", self.interval_short(low.into(), high.into()))
        };
        match &claim.predicate {
            Predicate::Near { table, row, group } => {
                let domain = match group {
                    None => Domain::Total,
                    Some((breakdown, code)) => Domain::Group { breakdown: breakdown.clone(), code: code.clone() },
                };
                let figures = published.table(table).and_then(|table| table.cell(row, &domain)?.figures());
                figures.map_or_else(String::new, |it| told(self.measure(table), it.estimate(), it.low(), it.high()))
            }
            Predicate::Answers { base } => {
                let n = published.fieldwork().bases.iter().find(|(id, _)| id == base).map(|(_, n)| *n);
                n.map_or_else(String::new, |n| self.pack.count(n))
            }
            Predicate::Answered => {
                let fieldwork = published.fieldwork();
                let population = fieldwork.population.map_or_else(String::new, |all| self.pack.count(all));
                format!("{} / {population}", self.pack.count(fieldwork.answers))
            }
            Predicate::Majority { .. }
            | Predicate::MoreOften { .. }
            | Predicate::MostCommon { .. }
            | Predicate::Change { .. } => {
                let family = published.families().iter().find(|family| family.theme() == theme);
                let test = family.and_then(|family| family.tests().iter().find(|test| *test.claim() == claim.id));
                let is_share = matches!(claim.predicate, Predicate::Majority { .. });
                test.and_then(|test| test.size()).map_or_else(String::new, |size| {
                    let estimate = Number::from(size.estimate());
                    let estimate = if is_share { self.pack.percent(estimate) } else { self.pack.points(estimate) };
                    format!("{estimate}, {}", self.interval_short(size.low().into(), size.high().into()))
                })
            }
            Predicate::NearThen { cell, wave } => {
                let domain = cell.group.as_ref().map_or(Domain::Total, |(breakdown, code)| Domain::Group {
                    breakdown: breakdown.clone(),
                    code: code.clone(),
                });
                let then = published.in_wave(*wave, &cell.table, &cell.row, &domain).estimate();
                then.map_or_else(String::new, |then| self.told(self.measure(&cell.table), then.into()))
            }
            Predicate::AboutTheSame { margin, .. } | Predicate::Unchanged { margin, .. } => {
                let points = self.pack.points(as_written(*margin));
                self.pack.fill(Word::ProofWithin, &[("points", &points)])
            }
        }
    }

    /// When the words become false.
    fn slack(&self, slack: Slack, claim: &Claim) -> String {
        let is_mean =
            matches!(&claim.predicate, Predicate::Near { table, .. } if self.measure(table) != Measure::Share);
        let by = |amount: Rounded| match is_mean {
            true => self.pack.number(amount.into()),
            false => self.pack.points(Number::from(amount)),
        };
        match slack {
            Slack::Exact => self.pack.text(Word::ProofExact).to_owned(),
            Slack::Points { down: None, up: None } => self.pack.text(Word::ProofFar).to_owned(),
            Slack::Points { down: Some(down), up: None } => self.pack.fill(Word::ProofDown, &[("points", &by(down))]),
            Slack::Points { down: None, up: Some(up) } => self.pack.fill(Word::ProofUp, &[("points", &by(up))]),
            Slack::Points { down: Some(down), up: Some(up) } => {
                self.pack.fill(Word::ProofEither, &[("down", &by(down)), ("up", &by(up))])
            }
        }
    }
}
