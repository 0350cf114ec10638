//! How each edition was made: one table of designs and response.

use codebook::{CellSource, ComparedDesign, ComparedId, Survey, Translated, Wave};
use disclose::{ComparedCell, Fieldwork, Member};

use super::View;
use super::part::{Part, Told};
use crate::language::Word;
use crate::page::per_hundred;

impl<'a> View<'a> {
    /// Who is compared, with where the numbers come from and what readers must know.
    pub(super) fn editions_table(&self) -> Part {
        let row = |member: &Member<'_>| {
            let edition = member.edition;
            let note = edition.note.as_ref().map(|note| self.told(note)).unwrap_or_default();
            let cells = vec![self.told(&member.country.name), Told::from(self.numbers_from(member)), note];
            (edition.label.get(self.language()).to_owned(), cells)
        };
        let columns =
            [Word::ComparisonEdition, Word::ComparisonCountry, Word::ComparisonNumbersFrom, Word::ComparisonNote];
        Part {
            id: "editions".to_owned(),
            heading: self.words(Word::ComparisonEditions),
            columns: columns.map(|word| self.words(word)).to_vec(),
            rows: self.edition.members.iter().map(row).collect(),
            ..Part::default()
        }
    }

    /// The designs beside each other: a row for each thing to know, a column for each edition.
    pub(super) fn designs_table(&self) -> Part {
        let members = self.edition.members;
        let heads = members.iter().map(|member| member.edition.label.get(self.language()).to_owned());
        let columns = std::iter::once(self.words(Word::ComparisonCharacteristic)).chain(heads).collect();
        let row = |word: Word, tell: &dyn Fn(&Member<'a>) -> Told| {
            (self.words(word), members.iter().map(tell).collect::<Vec<Told>>())
        };
        let known = |text: Option<Told>| text.unwrap_or_else(|| Told::from(self.words(Word::ComparisonNotKnown)));
        let stated = |member: &Member<'a>,
                      own: fn(&ComparedDesign) -> Option<&Translated>,
                      survey: fn(&Survey) -> Option<&Translated>| {
            let of_wave = wave(member).and_then(|wave| wave.survey.as_ref()).and_then(survey);
            let text = own(&member.edition.design).or(of_wave).filter(|text| !Survey::is_unknown(text));
            known(text.map(|text| self.told(text)))
        };
        let rows = vec![
            row(Word::ComparisonNumbersFrom, &|member| Told::from(self.numbers_from(member))),
            row(Word::ComparisonUnit, &|member| stated(member, |it| it.unit.as_ref(), |it| Some(&it.unit))),
            row(Word::ComparisonPopulation, &|member| {
                stated(member, |it| it.population.as_ref(), |it| Some(&it.population))
            }),
            row(Word::ComparisonGroup, &|member| Told::from(self.group(member))),
            row(Word::ComparisonFrame, &|member| stated(member, |it| it.frame.as_ref(), |_| None)),
            row(Word::ComparisonMode, &|member| stated(member, |it| it.mode.as_ref(), |_| None)),
            row(Word::ComparisonFieldwork, &|member| known(self.fieldwork(member))),
            row(Word::AnswersColumn, &|member| {
                known(answers(member).map(|answers| Told::from(self.pack.count(answers))))
            }),
            row(Word::ComparisonResponse, &|member| known(self.response(member).map(Told::from))),
            row(Word::ComparisonWeights, &|member| stated(member, |it| it.weights.as_ref(), |it| Some(&it.weights))),
            row(Word::ComparisonSpeaksFor, &|member| {
                stated(member, |it| it.speaks_for.as_ref(), |it| Some(&it.speaks_for))
            }),
            row(Word::ComparisonSource, &|member| {
                let source = member.edition.design.source.as_ref().map(|source| self.told(source));
                let counted = member.release.map(|_| Told::from(self.numbers_from(member)));
                known(source.or(counted))
            }),
        ];
        let of_counted = members.iter().any(|member| counted(member).is_some()).then_some(Word::ResponseFormula);
        let formulas = std::iter::once(Word::ComparisonResponseFormula).chain(of_counted);
        Part {
            id: "designs".to_owned(),
            heading: self.words(Word::ComparisonDesigns),
            paragraphs: formulas.map(|word| Told::from(self.words(word))).collect(),
            columns,
            rows,
            ..Part::default()
        }
    }

    /// Where the numbers of an edition come from.
    pub(super) fn numbers_from(&self, member: &Member<'_>) -> String {
        match (member.edition.cells, member.release) {
            (CellSource::Release, Some((edition, _))) => {
                let name = format!("{}/{edition}", member.edition.country);
                self.pack.fill(Word::ComparisonFromRelease, &[("edition", &name)])
            }
            (CellSource::Release, None) | (CellSource::Printed, _) => self.words(Word::ComparisonFromPrinted),
        }
    }

    /// Where a number comes from; `None` where there is none.
    pub(super) fn source_of(&self, id: &ComparedId, cell: &ComparedCell) -> Option<String> {
        match cell {
            ComparedCell::Printed { source, .. } => Some(source.clone()),
            ComparedCell::Released(_) => {
                let member = self.edition.members.iter().find(|member| member.edition.id == *id)?;
                Some(self.numbers_from(member))
            }
            ComparedCell::NotComparable(_)
            | ComparedCell::InWords
            | ComparedCell::Unweighted
            | ComparedCell::NotPublished => None,
        }
    }

    /// The group of the population that is shown; all of it where there is none.
    fn group(&self, member: &Member<'_>) -> String {
        let Some((variable, code)) = &member.edition.group else { return self.words(Word::Total) };
        let variable = self.edition.comparison.questionnaire.variable(variable);
        let category = variable.and_then(|it| it.categories().iter().find(|category| category.code == *code));
        let (Some(variable), Some(category)) = (variable, category) else { return code.to_string() };
        let [variable, category] = [&variable.label, &category.label].map(|label| label.get(self.language()));
        format!("{variable}: {category}")
    }

    /// When it was asked: as the comparison tells it or, of an edition that was counted, the days of its wave.
    fn fieldwork(&self, member: &Member<'a>) -> Option<Told> {
        if let Some(text) = &member.edition.design.fieldwork {
            return Some(self.told(text));
        }
        member.release?;
        let period = wave(member)?.fieldwork.as_ref()?;
        let (from, to) = (self.pack.date(period.from), self.pack.date(period.to));
        Some(Told::from(self.pack.fill(Word::Interval, &[("low", &format!("{from} ")), ("high", &format!(" {to}"))])))
    }

    /// The rate that was printed, or answers per hundred invited units; of an edition that was counted, the rate of its own quality report.
    fn response(&self, member: &Member<'_>) -> Option<String> {
        let design = &member.edition.design;
        if let Some(response) = design.response {
            return Some(self.pack.fill(Word::Percent, &[("number", &self.pack.decimal(&response.to_string()))]));
        }
        let told = answers(member).zip(design.invited);
        let counted = || counted(member).and_then(|fieldwork| Some((fieldwork.usable(), fieldwork.eligible()?)));
        let (answers, asked) = told.or_else(counted)?;
        Some(self.pack.percent(per_hundred(answers, asked)?))
    }
}

fn wave<'a>(member: &Member<'a>) -> Option<&'a Wave> {
    member.country.waves.get(&member.edition.wave)
}

/// Usable answers: as the comparison tells them or, of an edition that was counted, as its release does.
fn answers(member: &Member<'_>) -> Option<u64> {
    member.edition.design.answers.or_else(|| counted(member).map(Fieldwork::usable))
}

/// The fieldwork of an edition that was counted. It is that of the whole survey, so it tells nothing of an edition that is one group of it.
fn counted<'a>(member: &Member<'a>) -> Option<&'a Fieldwork> {
    let (_, release) = member.release.filter(|_| member.edition.group.is_none())?;
    Some(release.fieldwork())
}
