//! Which columns of an export become variables, and which codes they share.

use std::collections::{BTreeMap, BTreeSet};

use codebook::{Code, ColumnClass, Role, SlashedDays, SurveyTool, VariableName};
use ingest::inspect::{Content, DayOrder, FileFormat, InspectedCode, InspectedColumn, Inspection, Personal};
use ingest::is_own_column;

use super::batteries::{self, Answered, Battery};
use super::names::Names;
use super::no_answers::{self, NoAnswer, Told};

/// The mark of made-up rows.
const SYNTHETIC_COLUMN: &str = "synthetic";
const SYNTHETIC: &str = "SYNTHETIC";
/// Columns by which survey tools identify a respondent.
const RESPONDENT_COLUMNS: [&str; 7] =
    ["respondentid", "ResponseId", "ResponseID", "responseid", "lfdn", "Respondent ID", "id"];
/// SurveyXact's status "complete", one of several 0/1 columns.
const SURVEYXACT_COMPLETE: &str = "stat_4";
/// Codes of a question that a first table can show.
const CODES_SHOWN: std::ops::RangeInclusive<usize> = 2..=8;

/// The code of an option that was not ticked, where an empty cell stands for it.
const NOT_TICKED: &str = "not_ticked";

/// What is known of a country's codebook and wave.
#[derive(Debug)]
pub(super) struct Draft<'i> {
    /// The column that identifies the unit.
    pub(super) unit: String,
    pub(super) variables: Vec<DraftVariable<'i>>,
    pub(super) lists: Vec<DraftList>,
    /// Questions with several items; each item's column is the place of its variable.
    pub(super) batteries: Vec<Battery>,
    /// Columns that become no variable, with the reason.
    pub(super) left_out: Vec<(&'i str, String)>,
    /// Those of them that tell who answered, or may tell it.
    pub(super) personal: BTreeSet<&'i str>,
    /// The completion rule, where the tool has none of its own and a column tells.
    pub(super) complete: Option<(&'static str, &'static str)>,
    /// The decimal mark of delimited text.
    pub(super) decimal_mark: char,
    /// How days with slashes are written, where the export has any.
    pub(super) days: Option<DraftDays>,
    /// Whether every row says SYNTHETIC.
    pub(super) synthetic: bool,
    /// Marks for a missing answer, such as `NA`, of the columns of codes.
    pub(super) missing_marks: BTreeSet<&'i str>,
    /// How many rows the export has.
    rows: u64,
    /// Columns whose names say that they are weights.
    pub(super) weights: Vec<&'i str>,
}

/// A variable with its column.
#[derive(Debug)]
pub(super) struct DraftVariable<'i> {
    pub(super) name: VariableName,
    pub(super) column: &'i InspectedColumn,
    pub(super) kind: DraftKind,
    /// The battery that it is an item of.
    pub(super) battery: Option<usize>,
}

/// What the values of a variable are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DraftKind {
    /// One of the codes of the list with this number.
    Category(usize),
    Number,
    Date,
    Text,
}

/// How days with slashes are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DraftDays {
    /// By days that can only be read so.
    Told(SlashedDays),
    /// No day tells.
    Assumed(SlashedDays),
}

impl DraftDays {
    /// By the first column that tells an order.
    fn of(inspection: &Inspection) -> Option<Self> {
        let mut orders = inspection.columns.iter().filter_map(|column| column.day_order).peekable();
        orders.peek()?;
        let told = orders.find_map(|order| match order {
            DayOrder::DayFirst => Some(SlashedDays::DayFirst),
            DayOrder::MonthFirst => Some(SlashedDays::MonthFirst),
            DayOrder::Open | DayOrder::Mixed => None,
        });
        Some(told.map_or(Self::Assumed(SlashedDays::DayFirst), Self::Told))
    }

    /// Whether the days of a column can be read so.
    fn reads(self, order: DayOrder) -> bool {
        let (Self::Told(days) | Self::Assumed(days)) = self;
        match order {
            DayOrder::DayFirst => days == SlashedDays::DayFirst,
            DayOrder::MonthFirst => days == SlashedDays::MonthFirst,
            DayOrder::Open => true,
            DayOrder::Mixed => false,
        }
    }
}

/// A list of codes, shared by all columns that have the same values with the same words.
#[derive(Debug)]
pub(super) struct DraftList {
    pub(super) name: String,
    pub(super) codes: Vec<DraftCode>,
    /// Values that mean no answer here, such as a 9 that an SPSS file declares missing.
    pub(super) missing: Vec<NoAnswer>,
}

#[derive(Debug)]
pub(super) struct DraftCode {
    pub(super) code: Code,
    pub(super) raw: String,
    pub(super) label: String,
    pub(super) role: Role,
}

impl DraftList {
    /// Whether raw values are the codes themselves.
    pub(super) fn is_plain(&self) -> bool {
        self.missing.is_empty() && self.codes.iter().all(|code| code.code.as_str() == code.raw)
    }
}

/// The column that identifies the unit: the one asked for, the tool's own, or the first with a value of its own in every row that
/// tells nobody's name. `None` if there is none.
pub(super) fn unit(inspection: &Inspection, asked: Option<&str>) -> Option<String> {
    let identifies = |column: &&InspectedColumn| {
        column.content == Content::UniqueId && column.personal.is_none() && !column.name.is_empty()
    };
    let unique: Vec<&InspectedColumn> = inspection.columns.iter().filter(identifies).collect();
    let by_tool = RESPONDENT_COLUMNS.iter().find_map(|name| unique.iter().find(|column| column.name == *name));
    let found = by_tool.or_else(|| unique.first()).map(|column| column.name.as_str());
    asked.or(found).map(str::to_owned)
}

impl<'i> Draft<'i> {
    /// Drafts from an inspection; `None` when nothing could be published.
    pub(super) fn new(inspection: &'i Inspection, unit: String) -> Option<Self> {
        let (decimal_mark, days) = (decimal_mark(inspection), DraftDays::of(inspection));
        let (mapped, left_out) = columns(inspection, &unit, (decimal_mark, days));
        let mut names = Names::default();
        let mut batteries = Battery::all(&mapped, inspection.tool, &mut names);
        let items = named_items(&mut batteries, &mut names);
        let mut lists = Lists { tool: inspection.tool, names, lists: Vec::new(), numbers: BTreeMap::new() };
        let of_batteries: Vec<usize> = batteries.iter().map(|battery| lists.of_battery(battery, &mapped)).collect();
        let variables: Vec<DraftVariable<'i>> = mapped
            .into_iter()
            .enumerate()
            .map(|(place, column)| match items.get(&place) {
                Some((name, battery)) => {
                    let kind = DraftKind::Category(of_batteries[*battery]);
                    DraftVariable { name: name.clone(), column, kind, battery: Some(*battery) }
                }
                None => {
                    let name = lists.names.variable(&column.name);
                    DraftVariable { kind: lists.kind(&name, column), name, column, battery: None }
                }
            })
            .collect();
        first_shown(&variables, inspection.rows, &|_| true)?;
        let marks = variables.iter().filter(|variable| matches!(variable.kind, DraftKind::Category(_)));
        let missing_marks = marks.flat_map(|variable| &variable.column.missing_marks);
        let missing_marks = missing_marks.filter(|mark| !no_answers::is_of_list(mark)).map(|mark| mark.value.as_str());
        Some(Self {
            missing_marks: missing_marks.collect(),
            lists: lists.lists,
            batteries,
            left_out,
            personal: personal(inspection, &unit),
            unit,
            complete: complete(inspection),
            decimal_mark,
            days,
            synthetic: inspection.columns.iter().any(is_synthetic_mark),
            rows: inspection.rows,
            weights: variables
                .iter()
                .filter(|variable| variable.column.class == ColumnClass::Weight)
                .map(|variable| variable.column.name.as_str())
                .collect(),
            variables,
        })
    }

    /// The variable of the first table, of those that everyone was asked if there is one.
    pub(super) fn shown(&self, is_asked_of_all: impl Fn(&DraftVariable<'_>) -> bool) -> &DraftVariable<'i> {
        let of_all = first_shown(&self.variables, self.rows, &is_asked_of_all);
        &self.variables[of_all.or_else(|| first_shown(&self.variables, self.rows, &|_| true)).unwrap_or_default()]
    }
}

/// The columns that become variables, and the others with the reason.
fn columns<'i>(
    inspection: &'i Inspection,
    unit: &str,
    (decimal_mark, days): (char, Option<DraftDays>),
) -> (Vec<&'i InspectedColumn>, Vec<(&'i str, String)>) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for column in &inspection.columns {
        *counts.entry(&column.name).or_default() += 1;
    }
    let has_other_mark = |column: &InspectedColumn| {
        inspection.format == FileFormat::Delimited && column.decimal_mark.is_some_and(|mark| mark != decimal_mark)
    };
    let is_readable =
        |column: &InspectedColumn| column.day_order.zip(days).is_none_or(|(order, days)| days.reads(order));
    let (mut mapped, mut left_out) = (Vec::new(), Vec::new());
    for column in &inspection.columns {
        let is_repeated = counts.get(column.name.as_str()).is_some_and(|count| *count > 1);
        match reason(column, inspection.tool, unit, is_repeated) {
            Some(reason) => left_out.push((column.name.as_str(), reason)),
            None if has_other_mark(column) => {
                left_out.push((column.name.as_str(), format!("its decimal mark is not {decimal_mark:?}")));
            }
            None if !is_readable(column) => {
                left_out.push((column.name.as_str(), "its days are written in another order".to_owned()));
            }
            None => mapped.push(column),
        }
    }
    (mapped, left_out)
}

/// The columns that no variable may be read from. The unit's own may hold addresses, and stays the unit's.
fn personal<'i>(inspection: &'i Inspection, unit: &str) -> BTreeSet<&'i str> {
    let columns = inspection.columns.iter().filter(|column| column.personal.is_some());
    columns.map(|column| column.name.as_str()).filter(|name| !name.is_empty() && *name != unit).collect()
}

/// Names every item behind its battery, and gives the name and the battery of each by the place of its column.
fn named_items(batteries: &mut [Battery], names: &mut Names) -> BTreeMap<usize, (VariableName, usize)> {
    let mut items = BTreeMap::new();
    for (number, battery) in batteries.iter_mut().enumerate() {
        let prefix = format!("{}_", battery.name);
        for item in &mut battery.items {
            let name = names.variable(&format!("{prefix}{}", item.name));
            if let Some(own) = name.as_str().strip_prefix(&prefix) {
                own.clone_into(&mut item.name);
            }
            items.insert(item.column, (name, number));
        }
    }
    items
}

/// The decimal mark that a wave's file says; where no column or as many have either, that of whoever cuts at the delimiter.
fn decimal_mark(inspection: &Inspection) -> char {
    inspection.decimal_mark.unwrap_or(if inspection.delimiter == Some(';') { ',' } else { '.' })
}

/// Why a column becomes no variable; `None` if it does.
fn reason(column: &InspectedColumn, tool: SurveyTool, unit: &str, is_repeated: bool) -> Option<String> {
    let because = |reason: &str| Some(reason.to_owned());
    if column.name.is_empty() {
        return because("it has no name");
    }
    if column.name == unit {
        return because("it identifies the unit");
    }
    match column.personal {
        Some(Personal::MaybeName) => return because("it may name persons, by its heading or its values"),
        Some(personal) => return Some(format!("it tells who answered: {}", personal.name())),
        None => {}
    }
    if is_synthetic_mark(column) {
        return because("it marks made-up rows");
    }
    if is_repeated {
        return because("another column has the same name");
    }
    if is_own_column(tool, &column.name) {
        return because("it is the survey tool's own");
    }
    match column.content {
        Content::Empty => because("it is empty"),
        Content::Moment => because("it holds times"),
        Content::UniqueId => because("it identifies the unit, too"),
        Content::Constant | Content::Code if !no_answers::has_answers(column) => {
            because("it holds nothing but values that mean no answer")
        }
        Content::Constant if !is_code(&column.codes) && !batteries::is_option(column, tool) => {
            because("it is the same in every row")
        }
        Content::Number if column.mark_conflict.is_some() => because("its decimal marks differ"),
        Content::Number if column.zeros_in_front > 0 => {
            because("its whole numbers have zeros in front: too many codes to list")
        }
        Content::Number if column.strays > 0 => because("some of its cells are no numbers"),
        Content::Constant | Content::Code | Content::Condition | Content::Number | Content::Date | Content::Text => {
            None
        }
    }
}

/// Whether a value that never changes is an option that nobody, or everybody, ticked.
fn is_code(codes: &[InspectedCode]) -> bool {
    codes.iter().any(|code| code.value.parse::<i16>().is_ok())
}

fn is_synthetic_mark(column: &InspectedColumn) -> bool {
    column.name == SYNTHETIC_COLUMN && column.missing == 0 && column.codes.iter().all(|code| code.value == SYNTHETIC)
}

/// SurveyXact's one-hot status tells, whose columns are called otherwise where names are cut. Other tools bring their rule along.
fn complete(inspection: &Inspection) -> Option<(&'static str, &'static str)> {
    let tells = |column: &InspectedColumn| {
        column.name == SURVEYXACT_COMPLETE && column.codes.iter().any(|code| code.value == "1")
    };
    let is_told = inspection.tool == SurveyTool::SurveyXact && inspection.columns.iter().any(tells);
    is_told.then_some((SURVEYXACT_COMPLETE, "1"))
}

/// The variable of the first table: the first question of few codes that most rows answer, else the first of codes, else a number.
fn first_shown(
    variables: &[DraftVariable<'_>],
    rows: u64,
    may_show: &dyn Fn(&DraftVariable<'_>) -> bool,
) -> Option<usize> {
    let is_category = |variable: &DraftVariable<'_>| matches!(variable.kind, DraftKind::Category(_));
    let is_short = |variable: &DraftVariable<'_>| {
        CODES_SHOWN.contains(&variable.column.codes.len()) && variable.column.missing * 2 <= rows
    };
    let first = |fits: &dyn Fn(&DraftVariable<'_>) -> bool| {
        variables.iter().position(|variable| may_show(variable) && fits(variable))
    };
    first(&|variable| is_category(variable) && is_short(variable) && variable.battery.is_none())
        .or_else(|| first(&|variable| is_category(variable) && is_short(variable)))
        .or_else(|| first(&is_category))
        .or_else(|| first(&|variable| variable.kind == DraftKind::Number))
}

/// Values with their words.
type Words<'i> = Vec<(&'i str, Option<&'i str>)>;

/// What makes two lists the same: values with their words, and values that mean no answer; where values have no words, also the question, since 1 to 5 may
/// mean one thing here and another there.
type ListKey<'i> = (Option<String>, Words<'i>, Vec<NoAnswer>);

/// The lists of codes as columns ask for them.
struct Lists<'i> {
    tool: SurveyTool,
    names: Names,
    lists: Vec<DraftList>,
    numbers: BTreeMap<ListKey<'i>, usize>,
}

impl<'i> Lists<'i> {
    fn kind(&mut self, name: &VariableName, column: &'i InspectedColumn) -> DraftKind {
        match column.content {
            Content::Code | Content::Condition | Content::Constant => DraftKind::Category(self.list(name, column)),
            Content::Number => DraftKind::Number,
            Content::Date => DraftKind::Date,
            Content::Text | Content::Empty | Content::Moment | Content::UniqueId => DraftKind::Text,
        }
    }

    /// The number of the list of a battery's codes, which is called by the battery.
    fn of_battery(&mut self, battery: &Battery, columns: &[&'i InspectedColumn]) -> usize {
        let marks = battery.items.iter().flat_map(|item| &columns[item.column].missing_marks);
        let told = Told::by(battery.codes(columns).into_iter(), marks);
        let mut codes = drafted(&told.codes);
        if let Answered::Ticks { ticked, empty_is_not_ticked } = &battery.answered {
            // Where the export has no words for it, its value says nothing to a reader.
            for code in codes.iter_mut().filter(|code| code.label == code.raw && batteries::is_mark(&code.raw)) {
                code.label = if code.raw == *ticked { "Ticked" } else { "Not ticked" }.to_owned();
            }
            if *empty_is_not_ticked {
                let code = Code::new(NOT_TICKED).expect("small letters and '_'");
                let label = "Not ticked".to_owned();
                codes.push(DraftCode { code, raw: String::new(), label, role: Role::Answer });
            }
        }
        let name = self.names.list(&format!("{}_codes", battery.name));
        self.lists.push(DraftList { name, codes, missing: told.no_answers });
        self.lists.len() - 1
    }

    /// The number of the list of these codes. A new one is called by the question of several items that has it, or by the variable that has
    /// it first.
    fn list(&mut self, variable: &VariableName, column: &'i InspectedColumn) -> usize {
        let Told { codes, no_answers: missing } = Told::of(std::iter::once(column));
        let words: Words<'i> = codes.iter().map(|(code, _)| (code.value.as_str(), code.label.as_deref())).collect();
        let question = batteries::question_of(column, self.tool);
        let own = question.clone().unwrap_or_else(|| variable.as_str().to_owned());
        let key: ListKey<'i> = ((!are_told(&column.codes)).then_some(own), words, missing.clone());
        if let Some(number) = self.numbers.get(&key) {
            return *number;
        }
        let name = match question.filter(|_| key.0.is_some()) {
            Some(question) => self.names.list(&format!("{question}_codes")),
            None => variable.as_str().to_owned(),
        };
        let list = DraftList { name, codes: drafted(&codes), missing };
        self.lists.push(list);
        self.numbers.insert(key, self.lists.len() - 1);
        self.lists.len() - 1
    }
}

/// The codes of these values: the values themselves if all of them can be codes, else their words.
fn drafted(codes: &[(&InspectedCode, Role)]) -> Vec<DraftCode> {
    let is_plain = codes.iter().all(|(code, _)| Code::new(&code.value).is_ok());
    let mut taken = Names::default();
    let drafted = codes.iter().map(|(code, role)| {
        let words = code.label.as_deref().unwrap_or(&code.value);
        let plain = Code::new(&code.value).ok().filter(|_| is_plain);
        let raw = code.value.clone();
        DraftCode { code: plain.unwrap_or_else(|| taken.code(words)), raw, label: words.to_owned(), role: *role }
    });
    drafted.collect()
}

/// Whether all values have words, or are some.
pub(super) fn are_told(codes: &[InspectedCode]) -> bool {
    let is_word = |value: &str| {
        value.chars().filter(|it| it.is_alphabetic()).count() > 1 && !value.chars().any(|it| it.is_ascii_digit())
    };
    codes.iter().all(|code| code.label.is_some() || is_word(&code.value))
}
