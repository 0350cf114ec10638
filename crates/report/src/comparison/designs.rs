//! How each edition was made: who was asked, how, and how many answered.

use codebook::{CellSource, ComparedDesign, ComparedId, Survey, Translated, Wave};
use disclose::{ComparedCell, Fieldwork, Member};

use super::View;
use super::part::{Part, Told};
use crate::language::Word;
use crate::page::per_hundred;
use crate::templates::BETWEEN;

impl<'a> View<'a> {
    /// Who is compared, with where the numbers come from and what readers must know.
    pub(super) fn editions_table(&self) -> Part {
        let row = |member: &Member<'_>| {
            let edition = member.edition;
            let note = edition.note.as_ref().map(|(note, _)| self.told(note)).unwrap_or_default();
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

    /// How each edition was made: a row for each thing to know and a column for each edition as long as a page holds them, else a section for each thing, in which editions
    /// that were made alike stand together.
    pub(super) fn designs(&self) -> Vec<Part> {
        let members = self.edition.members;
        let of_counted = members.iter().any(|member| counted(member).is_some()).then_some(Word::ResponseFormula);
        let formulas = std::iter::once(Word::ComparisonResponseFormula).chain(of_counted);
        let head = Part {
            id: "designs".to_owned(),
            heading: self.words(Word::ComparisonDesigns),
            paragraphs: formulas.map(|word| Told::from(self.words(word))).collect(),
            ..Part::default()
        };
        let labels: Vec<&str> = members.iter().map(|member| member.edition.label.get(self.language())).collect();
        let known = |text: Option<Told>| text.unwrap_or_else(|| Told::from(self.words(Word::ComparisonNotKnown)));
        let told = |tell: &dyn Fn(&Member<'a>) -> Option<Told>| members.iter().map(|it| known(tell(it))).collect();
        let (characteristics, counts) = (self.characteristics(), self.counts());
        if members.len() <= MOST_COLUMNS {
            let columns = std::iter::once(self.words(Word::ComparisonCharacteristic));
            let columns = columns.chain(labels.iter().map(|label| (*label).to_owned())).collect();
            let all = characteristics.iter().chain(&counts);
            let rows = all.map(|(_, word, tell)| (self.words(*word), told(&**tell))).collect();
            return vec![Part { columns, rows, ..head }];
        }
        let heads = std::iter::once(Word::ComparisonEdition).chain(counts.iter().map(|(_, word, _)| *word));
        let counts_of = |member: &Member<'a>| counts.iter().map(|(_, _, tell)| known(tell(member))).collect();
        let rows = members.iter().zip(&labels).map(|(member, label)| ((*label).to_owned(), counts_of(member)));
        // The page bears the other name already.
        let heading = self.words(Word::AnswersHeading);
        let head =
            Part { heading, columns: heads.map(|word| self.words(word)).collect(), rows: rows.collect(), ..head };
        let sections = characteristics.iter().map(|(id, word, tell)| {
            let mut groups = alike(&labels, told(&**tell));
            // What nobody knows comes last.
            groups.sort_by_key(|(_, told)| *told == known(None));
            let terms = groups.into_iter().map(|(labels, told)| (labels.join(BETWEEN), told)).collect();
            Part { id: (*id).to_owned(), depth: 1, heading: self.words(*word), terms, ..Part::default() }
        });
        std::iter::once(head).chain(sections).collect()
    }

    /// What is told of a design in words: the anchor, what it is, and how it is told; nothing where it is not known.
    fn characteristics(&self) -> Vec<Characteristic<'a, '_>> {
        fn stated<'a>(
            view: View<'a>,
            own: fn(&ComparedDesign) -> Option<&Translated>,
            survey: fn(&Survey) -> Option<&Translated>,
        ) -> impl Fn(&Member<'a>) -> Option<Told> {
            move |member| {
                let of_wave = wave(member).and_then(|wave| wave.survey.as_ref()).and_then(survey);
                let text = own(&member.edition.design).or(of_wave).filter(|text| !Survey::is_unknown(text));
                text.map(|text| view.told(text))
            }
        }
        let view = *self;
        vec![
            ("numbers", Word::ComparisonNumbersFrom, Box::new(move |it| Some(Told::from(view.numbers_from(it))))),
            ("unit", Word::ComparisonUnit, Box::new(stated(view, |it| it.unit.as_ref(), |it| Some(&it.unit)))),
            (
                "population",
                Word::ComparisonPopulation,
                Box::new(stated(view, |it| it.population.as_ref(), |it| Some(&it.population))),
            ),
            ("group", Word::ComparisonGroup, Box::new(move |it| Some(Told::from(view.group(it))))),
            ("frame", Word::ComparisonFrame, Box::new(stated(view, |it| it.frame.as_ref(), |_| None))),
            ("mode", Word::ComparisonMode, Box::new(stated(view, |it| it.mode.as_ref(), |_| None))),
            ("fieldwork", Word::ComparisonFieldwork, Box::new(move |it| view.fieldwork(it))),
            (
                "weights",
                Word::ComparisonWeights,
                Box::new(stated(view, |it| it.weights.as_ref(), |it| Some(&it.weights))),
            ),
            (
                "speaks-for",
                Word::ComparisonSpeaksFor,
                Box::new(stated(view, |it| it.speaks_for.as_ref(), |it| Some(&it.speaks_for))),
            ),
            (
                "source",
                Word::ComparisonSource,
                Box::new(move |it| {
                    let source = it.edition.design.source.as_ref().map(|source| view.told(source));
                    source.or(it.release.map(|_| Told::from(view.numbers_from(it))))
                }),
            ),
        ]
    }

    /// What is told of a design in numbers.
    fn counts(&self) -> Vec<Characteristic<'a, '_>> {
        let view = *self;
        vec![
            (
                "answers",
                Word::AnswersColumn,
                Box::new(move |it| answers(it).map(|answers| Told::from(view.pack.count(answers)))),
            ),
            ("response", Word::ComparisonResponse, Box::new(move |it| view.response(it).map(Told::from))),
        ]
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

/// Something to know of a design: its anchor, what it is, and how it is told of an edition.
type Characteristic<'a, 't> = (&'static str, Word, Box<dyn Fn(&Member<'a>) -> Option<Told> + 't>);

/// The most editions that stand beside each other as columns of words.
pub(super) const MOST_COLUMNS: usize = 3;

/// What is told of each edition, each text once with all editions that it is of, in the order of the first of them.
pub(super) fn alike<'l>(labels: &[&'l str], told: Vec<Told>) -> Vec<(Vec<&'l str>, Told)> {
    let mut groups: Vec<(Vec<&str>, Told)> = Vec::new();
    for (label, told) in labels.iter().zip(told) {
        match groups.iter_mut().find(|(_, known)| *known == told) {
            Some((labels, _)) => labels.push(label),
            None => groups.push((vec![label], told)),
        }
    }
    groups
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
