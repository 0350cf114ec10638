//! The back test: what was printed when a wave came out, beside what comes out today.

use codebook::{Printed, Weighting};
use disclose::BackTested;
use estimate::Domain;

use crate::language::{Number, Word};
use crate::page::Scene;
use crate::page::section::{Section, Table};

/// What stands for a number that was not printed.
const NONE: &str = "–";

impl Scene<'_> {
    /// Every number that was compared, and why some are other ones today; nothing where nothing was printed.
    pub(super) fn back_test(&self) -> Section {
        let country = self.edition.country;
        let tested = self.edition.published.back_tests().iter();
        let tested: Vec<(&BackTested, &Printed)> =
            tested.filter_map(|tested| Some((tested, country.printed.get(tested.printed())?))).collect();
        if tested.is_empty() {
            return self.section("back-test", Word::BackTestHeading, vec![self.words(Word::BackTestNone)]);
        }
        let rows = tested.iter().filter_map(|(tested, printed)| self.compared(tested, printed)).collect();
        let columns = [
            Word::RowColumn,
            Word::PrintedColumn,
            Word::TodayColumn,
            Word::PrintedAnswersColumn,
            Word::TodayAnswersColumn,
        ];
        let columns = columns.into_iter().map(|word| self.words(word)).collect();
        let language = self.pack.language();
        let terms = tested.iter().filter_map(|(_, printed)| {
            let because = printed.because.as_ref()?.get(language).to_owned();
            // A number right behind the name of a row would be told as that row's.
            let number = self.printed_number(printed).map_or_else(String::new, |number| format!("{number} – "));
            Some((format!("{number}{}", self.printed_label(printed)?), because))
        });
        Section {
            terms: terms.collect(),
            table: Some(Table { columns, rows, is_numeric: true }),
            ..self.section("back-test", Word::BackTestHeading, vec![self.words(Word::BackTestIntroduction)])
        }
    }

    fn compared(&self, tested: &BackTested, printed: &Printed) -> Option<Vec<String>> {
        Some(vec![
            self.printed_label(printed)?,
            self.printed_number(printed).unwrap_or_else(|| NONE.to_owned()),
            self.pack.number(tested.estimate().into()),
            printed.n.map_or_else(|| NONE.to_owned(), |n| self.pack.count(n)),
            self.pack.count(tested.n()),
        ])
    }

    fn printed_number(&self, printed: &Printed) -> Option<String> {
        let percent = printed.percent()?;
        let units = i64::try_from(percent.units()).ok()?;
        Some(self.pack.number(Number { units, decimals: percent.scale() }))
    }

    /// The wave and the cell in words.
    fn printed_label(&self, printed: &Printed) -> Option<String> {
        let cell = printed.cell.as_ref()?;
        let domain = cell.group.as_ref().map_or(Domain::Total, |(breakdown, code)| Domain::Group {
            breakdown: breakdown.clone(),
            code: code.clone(),
        });
        let label = self.cell_label(&cell.table, &cell.row, &domain)?;
        // Rows of several tables have one name, such as those who started an innovation and those who promoted it.
        let spec = self.edition.country.table(&cell.table)?;
        let is_named = spec.rows.len() == 1 || spec.row(&cell.row)?.is_answer();
        let title = spec.title.get(self.pack.language());
        let label = if is_named { label } else { format!("{title}: {label}") };
        let label = match printed.weighting {
            Weighting::Weighted => label,
            Weighting::Unweighted => self.pack.fill(Word::PrintedUnweighted, &[("what", &label)]),
        };
        Some(format!("{}: {label}", printed.wave))
    }
}
