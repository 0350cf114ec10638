//! What is shown of the numbers of an edition, what is not and why; and how often those who answered had no opinion.

use codebook::{Code, Role, Row, TableSpec};
use disclose::{Cell, Hidden, Withheld};
use estimate::Domain;

use crate::figure::{FLAG, reason, symbol};
use crate::language::{Number, Word};
use crate::page::Scene;
use crate::page::section::{Section, Table, length, per_hundred};

impl Scene<'_> {
    /// How many numbers are shown, marked, and hidden for each reason.
    pub(super) fn shown(&self) -> Section {
        let tables = self.edition.published.tables();
        let cells: Vec<&Cell> = tables
            .iter()
            .flat_map(|table| {
                let of_row = move |row| table.domains().iter().filter_map(move |domain| table.cell(row, domain));
                table.rows().iter().flat_map(of_row)
            })
            .collect();
        let count = |is_one: &dyn Fn(&Cell) -> bool| {
            let cells: Vec<&&Cell> = cells.iter().filter(|cell| is_one(cell)).collect();
            self.pack.count(length(&cells))
        };
        let mut rows = vec![
            vec![self.words(Word::ShownNumbers), String::new(), count(&|cell| matches!(cell, Cell::Shown(_)))],
            vec![
                self.pack.fill(Word::ShownFlagged, &[("reason", self.pack.text(Word::FewAnswers))]),
                FLAG.to_owned(),
                count(&|cell| matches!(cell, Cell::Flagged(..))),
            ],
        ];
        for hidden in [Hidden::Confidential, Hidden::Unreliable, Hidden::Empty, Hidden::NotEstimable] {
            let words = self.pack.fill(Word::NotShown, &[("reason", self.pack.text(reason(hidden)))]);
            rows.push(vec![words, symbol(hidden).to_owned(), count(&|cell| *cell == Cell::Hidden(hidden))]);
        }
        let shown = cells.iter().filter(|cell| cell.figures().is_some()).count();
        let shown = u64::try_from(shown).expect("cells are counted in 64 bits");
        let rate = per_hundred(shown, length(&cells)).map(|rate| self.pack.number(rate));
        rows.extend(rate.map(|rate| vec![self.words(Word::CompletenessRate), String::new(), rate]));
        let columns = [Word::CountsColumn, Word::SymbolColumn, Word::NumberColumn];
        let columns = columns.map(|word| self.words(word)).to_vec();
        let table = Table { columns, rows, is_numeric: true };
        let introduction = vec![self.words(Word::ShownIntroduction)];
        Section { table: Some(table), ..self.section("shown", Word::ShownHeading, introduction) }
    }

    pub(super) fn withheld_parts(&self) -> Section {
        let mut paragraphs = Vec::new();
        for table in self.edition.published.tables() {
            paragraphs.extend(table.withheld().iter().filter_map(|part| {
                let title = self.edition.country.table(table.id())?.title.get(self.pack.language());
                Some(self.withheld_part(title, part))
            }));
        }
        if paragraphs.is_empty() {
            paragraphs.push(self.words(Word::WithheldNothing));
        }
        self.section("withheld", Word::WithheldHeading, paragraphs)
    }

    fn withheld_part(&self, title: &str, part: &Withheld) -> String {
        let reason = self.pack.text(reason(part.why));
        match &part.breakdown {
            None => self.pack.fill(Word::WithheldWhole, &[("table", title), ("reason", reason)]),
            Some(breakdown) => {
                let label = self.label(breakdown);
                let values = [("table", title), ("breakdown", label.as_str()), ("reason", reason)];
                self.pack.fill(Word::WithheldPart, &values)
            }
        }
    }

    /// The shares of "don't know" and "not relevant", of every table that tells them.
    pub(super) fn opinions_lacking(&self) -> Section {
        let mut rows: Vec<Vec<String>> = Vec::new();
        for table in self.edition.published.tables() {
            let Some(spec) = self.edition.country.table(table.id()) else { continue };
            for row in spec.rows.iter().filter(|row| self.lacks_opinion(row)) {
                let figures = table.cell(&row.id, &Domain::Total).and_then(Cell::figures);
                let Some(figures) = figures else { continue };
                let numbers = [figures.estimate(), figures.low(), figures.high()];
                let numbers = numbers.map(|number| self.pack.number(Number::from(number)));
                let label = self.question_and_answer(spec, row);
                let row: Vec<String> =
                    std::iter::once(label).chain(numbers).chain([self.pack.count(figures.n())]).collect();
                if !rows.contains(&row) {
                    rows.push(row);
                }
            }
        }
        if rows.is_empty() {
            return Section::default();
        }
        let columns = [Word::QuestionColumn, Word::AxisShare, Word::LowColumn, Word::HighColumn, Word::AnswersColumn];
        let columns = columns.map(|word| self.words(word)).to_vec();
        let table = Table { columns, rows, is_numeric: true };
        let introduction = vec![self.words(Word::DontKnowIntroduction)];
        Section { table: Some(table), ..self.section("dont-know", Word::DontKnowHeading, introduction) }
    }

    /// Whether a row counts nothing but answers that are no opinion.
    fn lacks_opinion(&self, row: &Row) -> bool {
        let Some(variable) = self.edition.country.codebook.variable(&row.item) else { return false };
        let is_lack = |role| matches!(role, Role::DontKnow | Role::NotRelevant);
        let role = |code: &Code| variable.categories().iter().find(|category| category.code == *code).map(|it| it.role);
        !row.codes.is_empty() && row.codes.iter().all(|code| role(code).is_some_and(is_lack))
    }

    /// The label of the question, of an item with its battery's, and of the answer.
    fn question_and_answer(&self, spec: &TableSpec, row: &Row) -> String {
        let answers = row.codes.iter().map(|code| self.group_label(&row.item, code).to_owned());
        let answer = self.pack.list(&answers.collect::<Vec<_>>(), Word::ListOr);
        let label = self.label(&row.item);
        let question = match self.edition.country.codebook.battery_of(&row.item) {
            Some(_) => format!("{}: {label}", spec.title.get(self.pack.language())),
            None => label,
        };
        format!("{question}: {answer}")
    }
}
