//! The tests behind the sentences of a page, in words: once for the page, with the size of everything that is tested.
//!
//! Significance is never printed without the size of the difference, and a p value not at all: a reader is told which tests
//! there were, at which level and how they were adjusted for their number, and sees how large what they found is.

use codebook::{CellName, Claim, Code, ConfidenceLevel, Measure, Predicate, RowId, TableId, Theme, VariableName};
use disclose::{Family, Rounded, Test};
use estimate::Domain;
use fixed_decimal::Decimal;
use minijinja::{Value, context};

use crate::Pack;
use crate::language::{Number, Word, as_written};
use crate::page::Scene;
use crate::templates::{list, text};

/// What a page says of its tests.
#[derive(Debug, Clone)]
pub(crate) struct TestNote {
    heading: String,
    sentence: String,
    columns: [String; 5],
    rows: Vec<TestRow>,
}

/// One test: what it is about, then estimate, limits and what it is tested against.
#[derive(Debug, Clone)]
struct TestRow {
    label: String,
    cells: [String; 4],
}

/// The tests of a theme, if it has any.
pub(crate) fn family_of<'a>(families: &'a [Family], theme: &Theme) -> Option<&'a Family> {
    families.iter().find(|family| *family.theme() == theme.id)
}

/// Level, test and adjustment, for a caption.
pub(crate) fn test_in_brief(pack: &Pack, family: &Family, level: ConfidenceLevel) -> String {
    in_family(pack, family, level, Word::TestFamily, Word::TestFamilyOfOne)
}

/// A text about a family; another one where there is nothing to adjust for.
fn in_family(pack: &Pack, family: &Family, level: ConfidenceLevel, several: Word, one: Word) -> String {
    let level = pack.decimal(&level.test_percent().to_string());
    match family.tests() {
        [_only] => pack.fill(one, &[("level", &level)]),
        tests => {
            let count = pack.count(u64::try_from(tests.len()).expect("a page has few tests"));
            pack.fill(several, &[("level", &level), ("tests", &count)])
        }
    }
}

impl TestNote {
    /// What a template places under a heading of this level, with this anchor, and the anchors that name the region of its table.
    pub(crate) fn value(&self, id: &str, named_by: &str, level: u8) -> Value {
        let rows = self.rows.iter().map(|row| {
            context! { label => text(row.label.clone()), cells => list(row.cells.iter().map(text)) }
        });
        context! {
            id => text(id),
            named_by => text(named_by),
            level => text(level.to_string()),
            heading => text(self.heading.clone()),
            sentence => text(self.sentence.clone()),
            columns => list(self.columns.iter().map(text)),
            rows => list(rows),
        }
    }
}

impl Scene<'_> {
    /// What the page of a theme says of its tests; nothing where there are none.
    pub(crate) fn test_note(&self, theme: &Theme) -> Option<TestNote> {
        let published = self.edition.published;
        let family = family_of(published.families(), theme)?;
        let words = [Word::TestedColumn, Word::TestedSizeColumn, Word::LowColumn, Word::HighColumn, Word::NullColumn];
        Some(TestNote {
            heading: self.pack.text(Word::TestsHeading).to_owned(),
            sentence: in_family(self.pack, family, published.level(), Word::TestsNote, Word::TestsNoteOfOne),
            columns: words.map(|word| self.pack.text(word).to_owned()),
            rows: family.tests().iter().filter_map(|test| self.test_row(theme, test)).collect(),
        })
    }

    /// A test whose size is shown.
    fn test_row(&self, theme: &Theme, test: &Test) -> Option<TestRow> {
        let claim = theme.claims.iter().find(|claim| claim.id == *test.claim())?;
        let size = test.size()?;
        let (label, table, null) = self.tested(claim)?;
        let measure = self.edition.country.table(table)?.measure;
        let unit = |number: Decimal| match (measure, &claim.predicate) {
            (Measure::Share, Predicate::MoreOften { .. } | Predicate::MostCommon { .. } | Predicate::Change { .. }) => {
                self.pack.points(number)
            }
            (Measure::Share, _) => {
                self.pack.fill(Word::Percent, &[("number", &self.pack.number_form().format(&number))])
            }
            (Measure::Mean | Measure::Total | Measure::Ratio | Measure::Quantile { .. }, _) => {
                self.pack.number_form().format(&number)
            }
        };
        let number = |rounded: Rounded| unit(Number::from(rounded).into());
        let null = unit(as_written(null));
        Some(TestRow { label, cells: [number(size.estimate()), number(size.low()), number(size.high()), null] })
    }

    /// What a claim tests in words, its table, and what it tests against.
    fn tested<'c>(&self, claim: &'c Claim) -> Option<(String, &'c TableId, f64)> {
        match &claim.predicate {
            Predicate::Majority { table, row, group } => {
                let domain = group.as_ref().map_or(Domain::Total, |(breakdown, code)| Domain::Group {
                    breakdown: breakdown.clone(),
                    code: code.clone(),
                });
                Some((self.cell_label(table, row, &domain)?, table, 50.0))
            }
            Predicate::MoreOften { comparison, at_least } => {
                let what = self.row_label(&comparison.table, &comparison.row)?;
                let group = |code| self.group_label(&comparison.breakdown, code);
                let values = [
                    ("what", what.as_str()),
                    ("breakdown", self.breakdown_label(&comparison.breakdown)),
                    ("group", group(&comparison.group)),
                    ("than", group(&comparison.than)),
                ];
                Some((self.pack.fill(Word::TestedDifference, &values), &comparison.table, *at_least))
            }
            Predicate::MostCommon { row: CellName { table, row, group }, .. } => {
                let what = self.row_label(table, row)?;
                let label = match group {
                    None => self.pack.fill(Word::TestedLead, &[("what", &what)]),
                    Some((breakdown, code)) => {
                        let (breakdown, group) = (self.breakdown_label(breakdown), self.group_label(breakdown, code));
                        let values = [("what", what.as_str()), ("breakdown", breakdown), ("group", group)];
                        self.pack.fill(Word::TestedLeadInGroup, &values)
                    }
                };
                Some((label, table, 0.0))
            }
            Predicate::Change { cell, since, .. } => {
                let domain = cell.group.as_ref().map_or(Domain::Total, |(breakdown, code)| Domain::Group {
                    breakdown: breakdown.clone(),
                    code: code.clone(),
                });
                let what = self.cell_label(&cell.table, &cell.row, &domain)?;
                let values = [("what", what.as_str()), ("wave", &since.to_string())];
                Some((self.pack.fill(Word::TestedChange, &values), &cell.table, 0.0))
            }
            Predicate::Near { .. }
            | Predicate::NearThen { .. }
            | Predicate::Answers { .. }
            | Predicate::Answered
            | Predicate::AboutTheSame { .. }
            | Predicate::Unchanged { .. } => None,
        }
    }

    /// A cell in words: its row, and its group if it is about one.
    pub(crate) fn cell_label(&self, table: &TableId, row: &RowId, domain: &Domain) -> Option<String> {
        let what = self.row_label(table, row)?;
        Some(match domain {
            Domain::Total => what,
            Domain::Group { breakdown, code } => {
                let (breakdown, group) = (self.breakdown_label(breakdown), self.group_label(breakdown, code));
                let values = [("what", what.as_str()), ("breakdown", breakdown), ("group", group)];
                self.pack.fill(Word::TestedShare, &values)
            }
        })
    }

    /// A row in words: the only row of a table is what its title says, and an answer such as "Yes" says nothing without it.
    fn row_label(&self, table: &TableId, row: &RowId) -> Option<String> {
        let (table, language) = (self.edition.country.table(table)?, self.pack.language());
        let (title, row) = (table.title.get(language), table.row(row)?);
        let label = row.label.get(language);
        Some(match table.rows.as_slice() {
            [_only] => title.to_owned(),
            _ if row.is_answer() => format!("{title}: {label}"),
            _ => label.to_owned(),
        })
    }

    pub(crate) fn breakdown_label(&self, name: &VariableName) -> &str {
        let variable = self.edition.country.codebook.variable(name);
        variable.map_or("", |variable| variable.label.get(self.pack.language()))
    }

    pub(crate) fn group_label(&self, breakdown: &VariableName, code: &Code) -> &str {
        let variable = self.edition.country.codebook.variable(breakdown);
        let categories = variable.map_or(&[][..], |variable| variable.categories());
        let category = categories.iter().find(|category| category.code == *code);
        category.map_or("", |category| category.label.get(self.pack.language()))
    }
}
