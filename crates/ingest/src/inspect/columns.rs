//! The columns of a file while its rows go by, and what is wrong with them.

use std::collections::BTreeMap;

use codebook::{Finding, Place, SurveyTool};

use super::column::{DayOrder, InspectedColumn};
use super::personal;
use super::profile::{Memory, Profile};
use super::shape::Shape;
use super::signature::Recognised;
use super::{FileFormat, Inspection};
use crate::raw::About;
use crate::tally::Tally;

/// The columns of a file while its rows go by.
pub(super) struct Columns {
    abouts: Vec<About>,
    profiles: Vec<Profile>,
    memory: Memory,
    rows: u64,
    ragged: BTreeMap<usize, Tally>,
}

impl Columns {
    /// Columns of which the file says this, without rows.
    pub(super) fn new(abouts: Vec<About>) -> Self {
        Self {
            profiles: abouts.iter().map(|about| Profile::new(about.missing.clone())).collect(),
            abouts,
            memory: Memory::new(),
            rows: 0,
            ragged: BTreeMap::new(),
        }
    }

    /// Columns of which rows above the answers tell names and questions.
    pub(super) fn below(header: &Recognised) -> Self {
        let named = header.heading.names.iter().zip(&header.labels);
        let about = |(name, label): (&String, &Option<String>)| About {
            name: name.clone(),
            label: label.clone(),
            ..About::default()
        };
        Self::new(named.map(about).collect())
    }

    /// Adds a row of `width` cells.
    pub(super) fn add<'c>(&mut self, row: u64, cells: impl Iterator<Item = &'c str>, width: usize) {
        self.rows += 1;
        let expected = self.abouts.len();
        if width != expected && !(width + 1 == expected && self.has_phantom_name()) {
            let fields = if width == 1 { "field" } else { "fields" };
            let statement = format!("{width} {fields} instead of {expected}");
            let tally = self.ragged.entry(width).or_insert_with(|| {
                Tally::error("ragged-row", statement)
                    .hint("a delimiter or line break inside a cell must stand in quotes")
            });
            return tally.add(row);
        }
        for (profile, cell) in self.profiles.iter_mut().zip(cells.chain(std::iter::once(""))) {
            profile.add(cell, &mut self.memory);
        }
    }

    /// Whether a delimiter ends the header, so that there seems to be one more column.
    fn has_phantom_name(&self) -> bool {
        self.abouts.len() > 1 && self.abouts.last().is_some_and(|about| about.name.is_empty())
    }

    fn has_phantom_column(&self) -> bool {
        self.has_phantom_name() && self.profiles.last().is_some_and(|last| last.filled == 0)
    }

    /// Rows whose cells cannot be told apart.
    pub(super) fn damage(&mut self, path: &str) -> Vec<Finding> {
        let mut ragged = std::mem::take(&mut self.ragged);
        let title = self.title_above(&ragged);
        ragged.retain(|width, _| title.is_none_or(|usual| usual != *width));
        let mut findings: Vec<Finding> = ragged.into_values().filter_map(|tally| tally.finding_in_file(path)).collect();
        if let Some(usual) = title {
            let cells = self.abouts.len();
            let message = format!("the first row has {cells} cells, and most others have {usual}");
            let message = if cells == 1 { message.replace("1 cells", "1 cell") } else { message };
            let hint = "take out what stands above the names of the columns, such as a title or Excel's sep=;";
            // With one name fewer than cells, the delimiter stands in cells, mostly as the decimal mark of numbers.
            let in_cells = "if the names do stand in it, the delimiter stands in cells, too, such as in 12,5: export with another one, or with \
                            cells in quotes";
            let hint = if cells > 2 { in_cells } else { hint };
            findings.push(Finding::error(Place::File { file: path.to_owned() }, "no-header", message).hint(hint));
        }
        findings
    }

    /// The cells that two in three rows have, if those are more than the first row's: then a title stands there, and no header.
    fn title_above(&self, ragged: &BTreeMap<usize, Tally>) -> Option<usize> {
        let usual =
            ragged.iter().filter(|(width, _)| **width > self.abouts.len()).max_by_key(|(_, rows)| rows.count())?;
        (usual.1.count() * 3 >= self.rows * 2).then_some(*usual.0)
    }

    /// What the columns hold, in a file that stores no encoding and no delimiter.
    pub(super) fn inspection(
        self,
        path: &str,
        format: FileFormat,
        (tool, header_rows): (SurveyTool, usize),
        mut findings: Vec<Finding>,
    ) -> Inspection {
        findings.extend(self.oddities(path));
        let has_names = !self.abouts.iter().any(|about| is_answer(&about.name));
        let rows = self.rows;
        let kept = self.abouts.len() - usize::from(self.has_phantom_column());
        // Where the first row is somebody's answers, no column is called by them. Nor is one by whom it is about.
        let tells_nobody = |about: &About| has_names && !personal::holds_contact(&about.name);
        let named = self.abouts.into_iter().map(|about| if tells_nobody(&about) { about } else { About::default() });
        let described = named.zip(&self.profiles).take(kept);
        let columns: Vec<InspectedColumn> =
            described.map(|(about, profile)| InspectedColumn::of(about, profile, rows)).collect();
        findings.extend(column_findings(path, &columns));
        findings.sort();
        Inspection {
            format,
            sheet: None,
            structure: None,
            encoding: None,
            delimiter: None,
            decimal_mark: decimal_mark(&columns),
            tool,
            header_rows,
            rows,
            columns,
            findings,
        }
    }

    /// What is odd about the header and the rows as a whole.
    fn oddities(&self, path: &str) -> Vec<Finding> {
        let place = || Place::File { file: path.to_owned() };
        let mut findings = Vec::new();
        let has_answers = self.abouts.iter().any(|about| is_answer(&about.name));
        if has_answers || self.abouts.iter().all(|about| about.name.is_empty()) {
            let message = "the first row holds values, and no names of columns";
            findings.push(Finding::error(place(), "no-header", message).hint("put the names into a row of their own"));
        }
        let addresses = self.abouts.iter().filter(|about| !has_answers && personal::holds_contact(&about.name)).count();
        if addresses > 0 {
            let message = format!(
                "an e-mail address or a telephone number stands in the names of columns, which are not shown ({addresses})"
            );
            findings.push(Finding::error(place(), "personal-name", message).hint("rename them in the export"));
        }
        let unnamed = self
            .abouts
            .iter()
            .zip(&self.profiles)
            .filter(|(about, profile)| about.name.is_empty() && profile.filled > 0);
        let unnamed = unnamed.count();
        if unnamed > 0 && unnamed < self.abouts.len() {
            let columns = if unnamed == 1 { "1 column has".to_owned() } else { format!("{unnamed} columns have") };
            let hint = "does a title stand above the names of the columns? take it out; else give each column a name";
            let finding = Finding::warning(place(), "no-name", format!("{columns} cells and no name"));
            findings.push(finding.hint(hint));
        }
        if self.rows == 0 {
            findings.push(Finding::error(place(), "no-rows", "the file has a header row and no rows below it"));
        }
        if self.has_phantom_column() {
            let message = "a delimiter ends the header row, so that the last column is empty and has no name";
            findings.push(Finding::warning(place(), "phantom-column", message).hint("it is left out here"));
        }
        findings
    }
}

/// Whether a heading is what a respondent answered: an address, a telephone number, a day, a number with decimals. A question that
/// holds such a thing is longer.
fn is_answer(heading: &str) -> bool {
    let is_number = heading.bytes().all(|byte| byte.is_ascii_digit() || b" +-()/".contains(&byte));
    let is_personal = personal::in_text(heading).is_some() && (is_number || !heading.contains(' '));
    let is_value = || {
        matches!(Shape::of(heading), Shape::Date { .. } | Shape::Moment { .. } | Shape::Decimal { .. } | Shape::Grouped)
    };
    !heading.is_empty() && (is_personal || is_value())
}

/// The mark of the columns with decimals, if more of them have it than the other.
fn decimal_mark(columns: &[InspectedColumn]) -> Option<char> {
    let with = |mark| columns.iter().filter(|column| column.decimal_mark == Some(mark)).count();
    match with(',').cmp(&with('.')) {
        std::cmp::Ordering::Greater => Some(','),
        std::cmp::Ordering::Less => Some('.'),
        std::cmp::Ordering::Equal => None,
    }
}

/// What is wrong with single columns.
fn column_findings(path: &str, columns: &[InspectedColumn]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (position, column) in columns.iter().enumerate() {
        *seen.entry(&column.name).or_default() += 1;
        let shown = if column.name.is_empty() { format!("number {}", position + 1) } else { column.name.clone() };
        let place = Place::Cell { file: path.to_owned(), row: 1, column: shown };
        if let Some(conflict) = column.mark_conflict {
            let message = format!(
                "numbers with different marks: {} with a comma, {} with a point, {} with both",
                conflict.commas, conflict.points, conflict.grouped
            );
            let finding = Finding::warning(place.clone(), "decimal-mark", message);
            findings
                .push(finding.hint("a mark between thousands must go; the decimal mark must be the same in every row"));
        }
        if column.strays > 0 {
            let message = match column.strays {
                1 => "1 cell is no number, and all others are".to_owned(),
                cells => format!("{cells} cells are no numbers, and all others are"),
            };
            findings.push(Finding::warning(place.clone(), "almost-numbers", message));
        }
        if column.day_order == Some(DayOrder::Mixed) {
            let message = "some days can only be read with the day first, others only with the month first";
            let finding = Finding::warning(place.clone(), "day-order", message);
            findings.push(finding.hint("were exports of two computers put together? write all days in one order"));
        }
        if column.zeros_in_front > 0 && column.personal.is_none() {
            let message =
                format!("{} whole numbers with zeros in front, which a number would lose", column.zeros_in_front);
            let finding = Finding::warning(place, "codes", message);
            findings.push(
                finding
                    .hint("they are codes: list them under [code_lists], as the classification they are of has them"),
            );
        }
    }
    let repeated = seen.into_iter().filter(|(name, count)| *count > 1 && !name.is_empty());
    findings.extend(repeated.map(|(name, count)| {
        let place = Place::Cell { file: path.to_owned(), row: 1, column: name.to_owned() };
        let finding = Finding::error(place, "repeated-column", format!("{count} columns have this name"));
        finding.hint("rename all but one in the export")
    }));
    findings
}
