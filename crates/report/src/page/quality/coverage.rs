//! Respondents beside the population, by what strata are made of.

use codebook::VariableName;
use disclose::Coverage;

use crate::language::Word;
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
        let rows = ordered.map(|group| {
            vec![
                self.group_label(variable, &group.code).to_owned(),
                self.pack.count(group.population),
                share(group.population, population),
                self.pack.count(group.answers),
                share(group.answers, answers),
                share(group.answers, group.population),
            ]
        });
        let label = self.breakdown_label(variable);
        let columns = [
            Word::PopulationColumn,
            Word::PopulationShareColumn,
            Word::UsableAnswers,
            Word::AnswersShareColumn,
            Word::ShareAnswered,
        ];
        let columns = std::iter::once(label.to_owned()).chain(columns.map(|word| self.words(word)));
        let table = Table { columns: columns.collect(), rows: rows.collect(), is_numeric: true };
        let heading = self.pack.fill(Word::CoverageHeading, &[("breakdown", label)]);
        Section { id: format!("coverage-{variable}"), heading, table: Some(table), ..Section::default() }
    }
}
