//! What a file holds, as a table for people.

use std::collections::BTreeMap;

use codebook::ColumnClass;
use pipeline::inspection::{Content, DayOrder, InspectedCode, InspectedColumn, Inspection};

use crate::arguments::Codes;

/// Columns of the terminal that a line may fill.
const WIDTH: usize = 100;
/// Characters that a name takes at most; a longer one is cut.
const NAME_AT_MOST: usize = 32;

/// The table: what the file is, a line for each column, and what a person should know.
pub(crate) fn table(path: &str, inspection: &Inspection, codes: Codes) -> String {
    let mut text = format!("{}\n", printable(path));
    for (name, value) in summary(inspection) {
        text.push_str(&format!("  {name:<13} {value}\n"));
    }
    text.push('\n');
    text.push_str(&columns(inspection, codes));
    if !inspection.findings.is_empty() {
        text.push('\n');
    }
    for finding in &inspection.findings {
        text.push_str(&format!("{}\n", printable_lines(&finding.to_string())));
    }
    text
}

fn summary(inspection: &Inspection) -> Vec<(&'static str, String)> {
    let mut lines = vec![("format", inspection.format.name().to_owned())];
    lines.extend(inspection.sheet.as_deref().map(|name| ("sheet", printable(name))));
    if let Some(encoding) = &inspection.encoding {
        let mark = if encoding.byte_order_mark { " with BOM" } else { "" };
        lines.push(("encoding", format!("{}{mark}", encoding.name)));
    }
    lines.extend(inspection.delimiter.map(|delimiter| ("delimiter", delimiter_name(delimiter))));
    lines.push(("decimal mark", decimal_mark(inspection)));
    lines.push(("tool", inspection.tool.as_str().to_owned()));
    lines.extend(inspection.structure.as_deref().map(|name| ("structure", printable(name))));
    lines.push(("header rows", inspection.header_rows.to_string()));
    lines.push(("rows", grouped(inspection.rows)));
    lines.push(("columns", grouped_length(inspection.columns.len())));
    lines.push(("classes", classes(inspection)));
    let personal = inspection.columns.iter().filter(|column| column.personal.is_some()).count();
    if personal > 0 {
        lines.push(("personal", format!("{personal} of them tell who answered; their values are not shown")));
    }
    lines
}

/// How many columns each class has, the nearest to the respondent first.
fn classes(inspection: &Inspection) -> String {
    let mut numbers: BTreeMap<ColumnClass, usize> = BTreeMap::new();
    for column in &inspection.columns {
        *numbers.entry(column.class).or_default() += 1;
    }
    numbers.iter().map(|(class, number)| count(*number, class.name())).collect::<Vec<_>>().join(", ")
}

fn delimiter_name(delimiter: char) -> String {
    match delimiter {
        '\t' => "tab".to_owned(),
        other => other.to_string(),
    }
}

fn decimal_mark(inspection: &Inspection) -> String {
    let with = |mark| inspection.columns.iter().filter(|column| column.decimal_mark == Some(mark)).count();
    match (with(','), with('.')) {
        (0, 0) => "none: no column has decimals".to_owned(),
        (commas, 0) => format!(", in {}", count(commas, "column")),
        (0, points) => format!(". in {}", count(points, "column")),
        (commas, points) => format!(", in {}, . in {}", count(commas, "column"), count(points, "column")),
    }
}

fn columns(inspection: &Inspection, codes: Codes) -> String {
    let shown_name = |column: &InspectedColumn| match column.name.as_str() {
        "" => "(no name)".to_owned(),
        name => cut(&printable(name), NAME_AT_MOST),
    };
    let names: Vec<String> = inspection.columns.iter().map(shown_name).collect();
    let widest = |texts: &mut dyn Iterator<Item = usize>, least: usize| texts.max().unwrap_or(0).max(least);
    let number = inspection.columns.len().to_string().len();
    let name = widest(&mut names.iter().map(|name| name.chars().count()), 4);
    let kind = widest(&mut inspection.columns.iter().map(|column| kind_of(column).chars().count()), 4);
    let missing = widest(&mut inspection.columns.iter().map(|column| grouped(column.missing).len()), 7);
    let mut text = format!("  {:>number$}  {:<name$}  {:<kind$}  {:>missing$}  what\n", "", "name", "kind", "missing");
    for (position, (column, shown)) in inspection.columns.iter().zip(&names).enumerate() {
        let start = format!(
            "  {:>number$}  {shown:<name$}  {:<kind$}  {:>missing$}  ",
            position + 1,
            kind_of(column),
            grouped(column.missing)
        );
        let room = WIDTH.saturating_sub(start.chars().count());
        let line = format!("{start}{}", cut(&about(column), room));
        text.push_str(line.trim_end());
        text.push('\n');
        match codes {
            Codes::Listed => text.push_str(&listed(column, number + 4)),
            Codes::LeftOut => {}
        }
    }
    text
}

/// What a column's cells are; that they tell who answered comes before it.
fn kind_of(column: &InspectedColumn) -> String {
    match (column.personal, column.content) {
        (Some(_), _) => "direct identifier",
        (None, Content::Empty) => "empty",
        (None, Content::Constant) => "constant",
        (None, Content::Code) => "code",
        (None, Content::Condition) => "condition",
        (None, Content::Number) => "number",
        (None, Content::Date) => "date",
        (None, Content::Moment) => "date and time",
        (None, Content::UniqueId) => "unique id",
        (None, Content::Text) => "open text",
    }
    .to_owned()
}

/// What else is known of a column, in a few words: its codes come before its question, which may be long.
fn about(column: &InspectedColumn) -> String {
    let mut parts = Vec::new();
    parts.extend(column.personal.map(|personal| personal.name().to_owned()));
    match column.class {
        ColumnClass::QuasiIdentifier | ColumnClass::Weight => parts.push(column.class.name().to_owned()),
        // The kind of the column says the same of these.
        ColumnClass::DirectIdentifier | ColumnClass::UnitId | ColumnClass::OpenText | ColumnClass::Answer => {}
    }
    let values: Vec<String> = column.codes.iter().map(|code| printable(&code.value)).collect();
    if !values.is_empty() {
        parts.push(values.join(" "));
    }
    parts.extend(column.decimal_mark.map(|mark| format!("decimal {mark}")));
    parts.extend(column.day_order.map(|order| match order {
        DayOrder::DayFirst => "days as 31/12/2019".to_owned(),
        DayOrder::MonthFirst => "days as 12/31/2019".to_owned(),
        DayOrder::Open => "day or month first".to_owned(),
        DayOrder::Mixed => "days in two orders".to_owned(),
    }));
    if column.zeros_in_front > 0 {
        parts.push("zeros in front".to_owned());
    }
    if column.mark_conflict.is_some() {
        parts.push("decimal marks differ".to_owned());
    }
    if column.strays > 0 {
        parts.push(format!("{} no numbers", grouped(column.strays)));
    }
    let marks = column.missing_marks.iter().map(|mark| format!("{} {}", grouped(mark.count), printable(&mark.value)));
    parts.extend(marks);
    parts.extend(column.label.as_deref().map(printable));
    parts.join(" · ")
}

/// The codes of a column, a line for each.
fn listed(column: &InspectedColumn, indent: usize) -> String {
    let widest = column.codes.iter().map(|code| grouped(code.count).len()).max().unwrap_or(0);
    let line = |code: &InspectedCode| {
        let words = code.label.as_deref().map_or_else(String::new, |label| format!("  {}", printable(label)));
        let missing = if code.declared_missing { " (declared missing)" } else { "" };
        let line =
            format!("{:indent$}{:>widest$}  {}{words}{missing}", "", grouped(code.count), printable(&code.value));
        format!("{}\n", cut(&line, WIDTH))
    };
    column.codes.iter().map(line).collect()
}

fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped_length(number))
}

/// `2,408`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn grouped_length(length: usize) -> String {
    grouped(u64::try_from(length).expect("a length in memory fits 64 bits"))
}

/// A text of at most so many characters; one that is cut ends in `…`.
fn cut(text: &str, characters: usize) -> String {
    if text.chars().count() <= characters {
        return text.to_owned();
    }
    text.chars().take(characters.saturating_sub(1)).chain(['…']).collect()
}

/// A text in one line that cannot steer the terminal.
fn printable(text: &str) -> String {
    let shown = |character: char| if character.is_control() { ' ' } else { character };
    text.chars().map(shown).collect()
}

/// The same for a text of several lines.
fn printable_lines(text: &str) -> String {
    text.split('\n').map(printable).collect::<Vec<_>>().join("\n")
}
