//! The key figures among early and late answers, with the difference between them.

use codebook::{NoAnswerTime, Third, answer_time};
use disclose::Cell;
use estimate::Domain;

use crate::figure::symbol;
use crate::language::{Number, Word};
use crate::page::Scene;
use crate::page::section::{Section, Table};
use crate::page::theme::ThemeView;

impl Scene<'_> {
    /// Shares by thirds of the days of fieldwork; where they are not told, why not.
    pub(super) fn late(&self, themes: &[ThemeView<'_>]) -> Section {
        let section = |paragraphs| self.section("early-late", Word::LateHeading, paragraphs);
        let period = match self.edition.wave.answer_time() {
            Ok(period) => period,
            Err(NoAnswerTime::NoColumn) => return section(vec![self.words(Word::LateNoColumn)]),
            Err(NoAnswerTime::NoDays) => return section(vec![self.words(Word::LateNoDays)]),
        };
        let rows = self.late_rows(themes);
        if rows.is_empty() {
            return section(vec![self.words(Word::LateNoFigures)]);
        }
        let thirds = [Word::FirstThird, Word::MiddleThird, Word::LastThird];
        let size = [Word::DifferenceColumn, Word::LowColumn, Word::HighColumn];
        let columns = [Word::KeyFigureColumn].into_iter().chain(thirds).chain(size).map(|word| self.words(word));
        let table = Table { columns: columns.collect(), rows, is_numeric: true };
        let (from, to) = (self.pack.date(period.from), self.pack.date(period.to));
        let level = self.pack.level(self.edition.published.level());
        let values = [("from", from.as_str()), ("to", &to), ("level", &level)];
        Section { table: Some(table), ..section(vec![self.pack.fill(Word::LateIntroduction, &values)]) }
    }

    /// The key figures whose difference is told.
    fn late_rows(&self, themes: &[ThemeView<'_>]) -> Vec<Vec<String>> {
        let published = self.edition.published;
        let cells = self.key_cells(themes).into_iter().filter(|cell| cell.domain == Domain::Total);
        let rows = cells.filter_map(|cell| {
            let late = published.late().iter().find(|late| (late.table(), late.row()) == (cell.table, cell.row))?;
            let table = published.table(cell.table)?;
            let third = |third: Third| {
                let domain = Domain::Group { breakdown: answer_time(), code: third.code() };
                match table.cell(cell.row, &domain) {
                    Some(Cell::Shown(figures) | Cell::Flagged(figures, _)) => {
                        self.pack.number(Number::from(figures.estimate()))
                    }
                    Some(Cell::Hidden(why)) => symbol(*why).to_owned(),
                    None => String::new(),
                }
            };
            let size = late.size();
            let numbers = [size.estimate(), size.low(), size.high()].map(|number| self.pack.number(number.into()));
            let label = self.cell_label(cell.table, cell.row, &cell.domain)?;
            Some(std::iter::once(label).chain(Third::ALL.map(third)).chain(numbers).collect())
        });
        rows.collect()
    }
}
