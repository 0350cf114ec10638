//! What a sentence could say in place of one that does not hold, in its own language.

use codebook::{Code, Country, RowId, TableId, VariableName};
use disclose::{Instead, Rounded};

use super::{Number, Pack, Word};

impl Pack {
    /// The words of a proposal, in the language's quotation marks where they can stand as they are.
    ///
    /// # Panics
    /// When the country does not have the breakdown, group, table or row, or no label for it in this language: reading it excludes that.
    #[must_use]
    pub fn proposal(&self, instead: &Instead, country: &Country) -> String {
        let label = |breakdown: &VariableName, code: &Code| {
            let variable = country.codebook.variable(breakdown).expect("a claim names a breakdown of the codebook");
            let category = variable.categories().iter().find(|category| category.code == *code);
            category.expect("a claim names a group of its breakdown").label.get(self.language()).to_owned()
        };
        let row_label = |table: &TableId, row: &RowId| {
            let row = country.table(table).and_then(|table| table.row(row));
            row.expect("a claim names rows of its table").label.get(self.language()).to_owned()
        };
        let percent = |share: &Rounded| self.percent(Number::from(*share));
        match instead {
            Instead::Phrase(words) => self.quote(words),
            Instead::Percent(share) => self.quote(&percent(share)),
            Instead::Number(number) => self.quote(&self.number(Number::from(*number))),
            Instead::Count(count) => self.quote(&self.count(*count)),
            Instead::MoreOften { breakdown, group, than } => {
                let (group, than) = (label(breakdown, group), label(breakdown, than));
                self.fill(Word::ProposalMoreOften, &[("group", &group), ("than", &than)])
            }
            Instead::NoClearDifference => self.quote(self.text(Word::ProposalNoDifference)),
            Instead::Rows { table, rows } => {
                let told = |(row, share): &(RowId, Rounded)| format!("{} {}", row_label(table, row), percent(share));
                self.list(&rows.iter().map(told).collect::<Vec<_>>(), Word::ListAnd)
            }
            Instead::Shares { breakdown, groups } => {
                let told = |(code, share): &(Code, Rounded)| format!("{} {}", label(breakdown, code), percent(share));
                self.list(&groups.iter().map(told).collect::<Vec<_>>(), Word::ListAnd)
            }
        }
    }
}
