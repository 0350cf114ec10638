//! Which columns of an export are items of one question: a battery, with the wording that they share.
//!
//! Columns belong together where their names have one stem (`Q2[SQ001]`, `Q2[SQ002]`; `Q2_4`, `Q2_5`; the options of a multiple-response set of
//! SPSS) and what they are called begins with the same question. A tool that writes brackets writes them for items only, so there the
//! names are enough. What is not sure stays a variable of its own, which a person can group.

use std::collections::BTreeMap;

use codebook::SurveyTool;
use ingest::inspect::{Content, InspectedCode, InspectedColumn};

use super::names::Names;

/// What tools write between the question and the item, in the text of a column.
const SEPARATORS: [&str; 3] = [" [", " - ", "-"];
/// The option "other" of LimeSurvey holds words of respondents.
const OTHER: &str = "other";
/// The values of an option's column that say that it was ticked: with another value beside it where it was not, or with empty cells alone. (LimeSurvey's `N`
/// is no option that was left open: it is the answer no.)
const TICKED: [&str; 3] = ["1", "Y", "Yes"];
const NOT_TICKED: [&str; 2] = ["0", "No"];

/// A question with several items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Battery {
    /// Its name, which stands before those of its items.
    pub(super) name: String,
    /// Its wording, if the export tells it.
    pub(super) question: Option<String>,
    pub(super) items: Vec<Item>,
    /// How its items are answered.
    pub(super) answered: Answered,
}

/// One item of a battery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// The place of its column.
    pub(super) column: usize,
    /// Its name behind that of the battery.
    pub(super) name: String,
    pub(super) label: String,
}

/// How the items of a battery are answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answered {
    /// One of these codes for each.
    Scale,
    /// Ticked or not. The value that stands for ticked, and whether an empty cell stands for what was not ticked.
    Ticks { ticked: String, empty_is_not_ticked: bool },
}

impl Battery {
    /// The batteries among these columns, in the order of their first items.
    pub(super) fn all(columns: &[&InspectedColumn], tool: SurveyTool, names: &mut Names) -> Vec<Self> {
        let mut stems: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (place, column) in columns.iter().enumerate() {
            let is_listed = matches!(column.content, Content::Code | Content::Condition | Content::Constant);
            if let Some(stem) = stem(column, tool).filter(|_| is_listed && !column.codes.is_empty()) {
                stems.entry(stem).or_default().push(place);
            }
        }
        let of_stem = |(stem, places): (String, Vec<usize>)| {
            one_question_each(&places, columns).into_iter().map(move |places| (stem.clone(), places))
        };
        let mut groups: Vec<(String, Vec<usize>)> = stems.into_iter().flat_map(of_stem).collect();
        groups.retain(|(_, places)| places.len() > 1);
        groups.sort_by_key(|(_, places)| places[0]);
        groups.into_iter().filter_map(|(stem, places)| Self::of(&stem, &places, columns, names)).collect()
    }

    /// The battery of these columns; `None` where their texts are no items of one question.
    fn of(stem: &str, places: &[usize], columns: &[&InspectedColumn], names: &mut Names) -> Option<Self> {
        let texts: Vec<&str> = places.iter().map(|place| text(columns[*place])).collect();
        let is_told = places.iter().all(|place| columns[*place].label.is_some() || !is_word(&columns[*place].name));
        let shared = shared_question(&texts).filter(|_| is_told);
        if shared.is_none() && !places.iter().all(|place| is_item(columns[*place])) {
            return None;
        }
        let mut own = Names::default();
        let items = places.iter().zip(&texts).map(|(place, text)| {
            let column = columns[*place];
            let item = bracketed(&column.name).map_or(column.name.as_str(), |(_, item)| item);
            let item = item.strip_prefix(stem).map_or(item, |rest| rest.trim_start_matches(['_', ' ', '-']));
            let label = shared.as_ref().map_or_else(|| column.label.as_deref().unwrap_or(item), |it| it.item(text));
            Item { column: *place, name: own.item(item), label: label.to_owned() }
        });
        let answered = answered(places.iter().map(|place| columns[*place]));
        let question = shared.as_ref().map(|shared| shared.question.to_owned());
        Some(Self { name: names.battery(stem), question, items: items.collect(), answered })
    }

    /// The codes of all its items, each once, in order.
    pub(super) fn codes<'i>(&self, columns: &[&'i InspectedColumn]) -> Vec<&'i InspectedCode> {
        let mut codes: Vec<&InspectedCode> = Vec::new();
        for code in self.items.iter().flat_map(|item| &columns[item.column].codes) {
            if !codes.iter().any(|known| known.value == code.value) {
                codes.push(code);
            }
        }
        codes.sort_by_key(|code| (code.value.parse::<i64>().ok(), code.value.len(), &code.value));
        codes
    }
}

/// Columns of one stem as one group for each question. Where a tool cuts names, the stems of several questions may be the same, and then their texts
/// tell them apart.
fn one_question_each(places: &[usize], columns: &[&InspectedColumn]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for place in places {
        let is_one = |group: &Vec<usize>| {
            let texts: Vec<&str> = group.iter().chain([place]).map(|place| text(columns[*place])).collect();
            is_item(columns[*place]) || columns[*place].label.is_none() || shared_question(&texts).is_some()
        };
        match groups.last_mut().filter(|group| is_one(group)) {
            Some(group) => group.push(*place),
            None => groups.push(vec![*place]),
        }
    }
    groups
}

/// Whether a column that says the same in every row, or nothing, is an option that some have ticked.
pub(super) fn is_option(column: &InspectedColumn, tool: SurveyTool) -> bool {
    let is_tick = |code: &InspectedCode| TICKED.contains(&code.value.as_str());
    tool == SurveyTool::LimeSurvey && bracketed(&column.name).is_some() && column.codes.iter().all(is_tick)
}

/// Whether a value of an option says nothing to a reader.
pub(super) fn is_mark(value: &str) -> bool {
    value.parse::<u8>().is_ok() || value == "Y"
}

/// What the columns of one question with several items are called alike, where their names tell that they are; two questions of a questionnaire may
/// both be called by a letter and a number.
pub(super) fn question_of(column: &InspectedColumn, tool: SurveyTool) -> Option<String> {
    let is_told = |stem: &String| is_item(column) || stem.bytes().any(|byte| byte.is_ascii_digit());
    stem(column, tool).filter(is_told)
}

/// Whether the name or the file says itself that a column is an item, whatever its text.
fn is_item(column: &InspectedColumn) -> bool {
    bracketed(&column.name).is_some() || column.multiple_response_set.is_some()
}

/// What a column's text is: that which the file tells, or its name.
fn text(column: &InspectedColumn) -> &str {
    column.label.as_deref().unwrap_or(&column.name)
}

/// What the names of the items of one question begin with; `None` for a column that is no item.
fn stem(column: &InspectedColumn, tool: SurveyTool) -> Option<String> {
    if let Some(set) = &column.multiple_response_set {
        return Some(set.trim_start_matches('$').to_owned());
    }
    if let Some((stem, item)) = bracketed(&column.name) {
        let is_item = tool == SurveyTool::LimeSurvey && !item.eq_ignore_ascii_case(OTHER);
        return is_item.then(|| stem.to_owned());
    }
    if tool == SurveyTool::Enalyzer {
        // Its columns are called by their texts.
        return column.name.rsplit_once(" - ").map(|(question, _)| question.to_owned());
    }
    let (stem, number) = column.name.rsplit_once('_')?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && !stem.is_empty()).then(|| stem.to_owned())
}

/// Question and item of `Q2[SQ001]`, or of `What was new? [A product]`.
fn bracketed(name: &str) -> Option<(&str, &str)> {
    let (stem, item) = name.strip_suffix(']')?.rsplit_once('[')?;
    let stem = stem.trim_end();
    (!stem.is_empty() && !item.is_empty()).then_some((stem, item))
}

/// Whether a name is a code rather than a text.
pub(super) fn is_word(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The question that several texts begin with.
struct SharedQuestion<'t> {
    question: &'t str,
    /// The bytes of each text before its item.
    before_item: usize,
}

impl SharedQuestion<'_> {
    /// The item in one of the texts.
    fn item<'t>(&self, text: &'t str) -> &'t str {
        let item = text.get(self.before_item..).unwrap_or(text).trim();
        if text[..self.before_item.min(text.len())].trim_end().ends_with('[') {
            item.strip_suffix(']').unwrap_or(item)
        } else {
            item
        }
    }
}

/// The longest question that all of these texts begin with, up to a mark that tools write before the item. Each item is some text of its own.
fn shared_question<'t>(texts: &[&'t str]) -> Option<SharedQuestion<'t>> {
    let first = texts.first()?;
    let common = texts.iter().fold(first.len(), |common, text| {
        let same = first.bytes().zip(text.bytes()).take_while(|(left, right)| left == right).count();
        common.min(same)
    });
    let common = (0..=common).rev().find(|end| first.is_char_boundary(*end))?;
    let ends = SEPARATORS.iter().filter_map(|separator| {
        let start = first[..common].rfind(separator)?;
        Some((start, start + separator.len()))
    });
    let (end, before_item) = ends.max_by_key(|(_, before_item)| *before_item)?;
    let question = first[..end].trim();
    let has_items = texts.iter().all(|text| !text[before_item..].trim().is_empty());
    (!question.is_empty() && has_items).then_some(SharedQuestion { question, before_item })
}

/// How items are answered whose columns hold these codes.
fn answered<'i>(columns: impl Iterator<Item = &'i InspectedColumn>) -> Answered {
    let (mut ticked, mut has_other) = (None, false);
    for code in columns.flat_map(|column| &column.codes).filter(|code| !code.declared_missing) {
        let value = code.value.as_str();
        if TICKED.contains(&value) && ticked.is_none_or(|known| known == value) {
            ticked = Some(value);
        } else if NOT_TICKED.contains(&value) {
            has_other = true;
        } else {
            return Answered::Scale;
        }
    }
    match ticked {
        Some(ticked) => Answered::Ticks { ticked: ticked.to_owned(), empty_is_not_ticked: !has_other },
        None => Answered::Scale,
    }
}

#[cfg(test)]
mod tests {
    use super::shared_question;

    #[track_caller]
    fn check(texts: &[&str], expected: Option<(&str, &[&str])>) {
        let found = shared_question(texts);
        let items = found.as_ref().map(|it| texts.iter().map(|text| it.item(text)).collect::<Vec<_>>());
        assert_eq!(
            found.as_ref().map(|it| it.question).zip(items),
            expected.map(|(text, items)| (text, items.to_vec()))
        );
    }

    #[test]
    fn the_question_stands_before_the_item_as_each_tool_writes_it() {
        check(
            &["What was new? [A product]", "What was new? [A process]"],
            Some(("What was new?", &["A product", "A process"])),
        );
        check(
            &["What was new? - A product", "What was new? - A service"],
            Some(("What was new?", &["A product", "A service"])),
        );
        check(
            &["What was new?-A product", "What was new?-A service"],
            Some(("What was new?", &["A product", "A service"])),
        );
        // Items that begin alike, with a letter of two bytes.
        check(&["Hvad? [Ældre]", "Hvad? [Æbler]"], Some(("Hvad?", &["Ældre", "Æbler"])));
    }

    #[test]
    fn texts_that_are_no_items_share_no_question() {
        check(&["Staff in 2019", "Staff in 2020"], None);
        check(&["How many?", "How often?"], None);
    }
}
