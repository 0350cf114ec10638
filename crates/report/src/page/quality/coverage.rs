//! Respondents beside the population, by what strata are made of.

use codebook::VariableName;
use disclose::Coverage;

use crate::language::{Number, Word};
use crate::page::Scene;
use crate::page::section::{Section, Table, per_hundred};

impl Scene<'_> {
    /// A section for each variable of the strata; one that says which are not told.
    pub(super) fn coverage(&self) -> Vec<Section> {
        let coverage = &self.edition.published.fieldwork().coverage;
        let mut sections: Vec<Section> = coverage.iter().map(|it| self.covered(it)).collect();
        let (wave, mut paragraphs) = (self.edition.wave, Vec::new());
        if !coverage.is_empty() {
            paragraphs.push(self.words(Word::CoverageIntroduction));
        }
        if wave.frame.is_some() && wave.design.psu.is_empty() {
            let is_told = |name: &VariableName| coverage.iter().any(|it| it.variable == *name);
            let untold: Vec<_> = wave.design.strata.iter().filter(|name| !is_told(name)).cloned().collect();
            if !untold.is_empty() {
                paragraphs.push(self.pack.fill(Word::CoverageWithheld, &[("breakdowns", &self.labels(&untold))]));
            }
        }
        match sections.first_mut() {
            Some(first) => first.paragraphs = paragraphs,
            None if paragraphs.is_empty() => {}
            None => {
                let heading =
                    self.pack.fill(Word::CoverageHeading, &[("breakdown", &self.labels(&wave.design.strata))]);
                sections.push(Section { id: "coverage".to_owned(), heading, paragraphs, ..Section::default() });
            }
        }
        sections
    }

    fn covered(&self, coverage: &Coverage) -> Section {
        let (variable, groups) = (&coverage.variable, &coverage.groups);
        let population: u64 = groups.iter().map(|group| group.population).sum();
        let answers: u64 = groups.iter().map(|group| group.answers).sum();
        let codes = self.edition.country.codebook.variable(variable).map_or(&[][..], |it| it.categories());
        // In the order of the questionnaire, not of the codes.
        let ordered = codes.iter().filter_map(|category| groups.iter().find(|group| group.code == category.code));
        let share = |part, whole| per_hundred(part, whole).map_or_else(String::new, |share| self.pack.number(share));
        let drawn = groups.iter().map(|group| group.drawn).sum::<Option<u64>>();
        let rows = ordered.map(|group| {
            let sampled = group.drawn.zip(drawn).map(|(own, all)| share(own, all));
            let (of_population, of_answers) =
                (per_hundred(group.population, population), per_hundred(group.answers, answers));
            let apart = of_answers
                .zip(of_population)
                .map(|(answers, population)| Number { units: answers.units - population.units, ..answers });
            let counts = [
                self.group_label(variable, &group.code).to_owned(),
                self.pack.count(group.population),
                share(group.population, population),
            ];
            let answered = [
                self.pack.count(group.answers),
                share(group.answers, answers),
                apart.map_or_else(String::new, |apart| self.pack.number(apart)),
                group.weighted.map_or_else(String::new, |weighted| self.pack.number(weighted.into())),
                share(group.answers, group.population),
            ];
            counts.into_iter().chain(sampled).chain(answered).collect()
        });
        let label = self.breakdown_label(variable);
        let sampled = drawn.map(|_| Word::DrawnShareColumn);
        let answered = [
            Word::UsableAnswers,
            Word::AnswersShareColumn,
            Word::RepresentationColumn,
            Word::WeightedShareColumn,
            Word::ShareAnswered,
        ];
        let columns = [Word::PopulationColumn, Word::PopulationShareColumn].into_iter().chain(sampled).chain(answered);
        let columns = std::iter::once(label.to_owned()).chain(columns.map(|word| self.words(word)));
        let table = Table { columns: columns.collect(), rows: rows.collect(), is_numeric: true };
        let heading = self.pack.fill(Word::CoverageHeading, &[("breakdown", label)]);
        Section { id: format!("coverage-{variable}"), heading, table: Some(table), ..Section::default() }
    }
}
