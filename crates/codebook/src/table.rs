//! What is published: bases, tables, figures and themes.

use crate::{
    Allowed, BaseId, Case, Claim, Code, Decimal, Expr, FigureId, PageKind, Place, Quotation, RowId, Sensitivity,
    TableId, ThemeId, Translated, VariableName, VariantId, WaveId,
};

/// Who is counted. A base is who was *asked*; only not asked, refused and blank leave the base of an item.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Base {
    /// Its name.
    pub id: BaseId,
    /// A condition over variables; `None` means everyone who answered.
    pub condition: Option<Expr>,
    /// Who this is, for captions: "innovative workplaces".
    pub label: Translated,
    /// What one of them counts as: "workplace", "latest innovation of an innovative workplace"; plural, for captions.
    pub counting_unit: Translated,
    /// Where it is written.
    pub place: Place,
}

/// One table: a measure of its rows, in its base, in total and by each breakdown.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct TableSpec {
    /// Its name.
    pub id: TableId,
    /// What it shows, as a noun phrase.
    pub title: Translated,
    /// Who is counted.
    pub base: BaseId,
    /// What is estimated.
    pub measure: Measure,
    /// What each row estimates it of; never empty.
    pub rows: Vec<Row>,
    /// Category variables; each of their categories is a domain beside the total.
    pub breakdowns: Vec<VariableName>,
    /// Decimals with which estimates and limits are published. Shares are percents.
    pub decimals: u8,
    /// What its numbers are, where its measure does not say so.
    pub scale: Option<Scale>,
    /// Whether it tells what people would not want to be known.
    pub sensitivity: Sensitivity,
    /// Whether being in its base, or not, tells that already.
    pub base_sensitivity: Sensitivity,
    /// Where it is written.
    pub place: Place,
}

impl TableSpec {
    /// The row of this name.
    #[must_use]
    pub fn row(&self, id: &RowId) -> Option<&Row> {
        self.rows.iter().find(|row| row.id == *id)
    }
}

/// The scale of numbers that are no per cents: an index, an amount of money.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Scale {
    /// What the numbers are, with a capital letter: "Index from 0 to 100", "Euros".
    pub unit: Translated,
    /// The highest that a number can be, where there is such a number: a chart's scale ends there.
    pub highest: Option<u32>,
}

/// What is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub enum Measure {
    /// The weighted share of the base for which the row holds.
    Share,
    /// The weighted mean of a number.
    Mean,
    /// The weighted total of a number.
    Total,
    /// The weighted total of a number over that of another one.
    Ratio,
    /// A quantile of the weighted distribution of a number.
    Quantile {
        /// Above 0 and below 1; 0.5 for the median.
        probability: Decimal,
        /// How the distribution is inverted.
        rule: QuantileRule,
    },
}

impl Measure {
    /// Whether it is the middle of the distribution, by either rule.
    #[must_use]
    pub fn is_median(self) -> bool {
        matches!(self, Self::Quantile { probability, .. } if probability == Decimal::new(5, 1))
    }

    /// Whether it is made of sizes, of which a few may be most.
    #[must_use]
    pub fn is_magnitude(self) -> bool {
        match self {
            Self::Mean | Self::Total | Self::Ratio => true,
            Self::Share | Self::Quantile { .. } => false,
        }
    }

    /// Whether units are needed one by one: a quantile is no sum, and the sums of a ratio are of two numbers.
    #[must_use]
    pub fn is_by_unit(self) -> bool {
        match self {
            Self::Share | Self::Mean | Self::Total => false,
            Self::Ratio | Self::Quantile { .. } => true,
        }
    }
}

/// How a weighted distribution is inverted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub enum QuantileRule {
    /// The smallest value that at least the share p of the weight is at or below. Always a value that somebody has.
    Hf1,
    /// Interpolated: with units ordered by value, and C the weight before a unit, the unit stands at p = C / (W - w), w the weight of the
    /// last unit of all. With equal weights this is the rule that most programs take by default.
    ///
    /// Between two values it is the last unit of the lower one that counts, so where units of different weights have the same value,
    /// their order matters. In R that is the order of the rows; here it is that of the numbers of the units.
    Hf7,
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Row {
    /// Its name in claims and downloads: the variable, or `variable:code`.
    pub id: RowId,
    /// Its words.
    pub label: Translated,
    /// The variable.
    pub item: VariableName,
    /// For a share of a category variable: the codes that count. Empty for conditions and numbers.
    pub codes: Vec<Code>,
    /// For a ratio: the number whose total is divided by.
    pub over: Option<VariableName>,
}

impl Row {
    /// Whether it is one answer to a question, whose words mean nothing without the question.
    #[must_use]
    pub fn is_answer(&self) -> bool {
        self.id.as_str() != self.item.as_str()
    }

    /// Whether it shows several answers to a question as one, since one of them is too rare to be shown: its label ends in an asterisk.
    #[must_use]
    pub fn is_merged(&self) -> bool {
        self.is_answer() && self.codes.len() > 1
    }
}

/// A table shown on a page, with its chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Its name; also its file name and its anchor.
    pub id: FigureId,
    /// The finding as a sentence. Claims stand in it like in any narrative: `[9 of 10]{core-task}`.
    pub headline: Translated,
    /// Where the headline is written.
    pub headline_place: Place,
    /// The table.
    pub table: TableId,
    /// What it shows of the table.
    pub chart: Chart,
    /// How that is drawn. It fits what is shown.
    pub kind: ChartKind,
    /// Where it is written.
    pub place: Place,
}

/// What a figure shows of its table.
#[derive(Debug, Clone, PartialEq)]
pub enum Chart {
    /// Each row of the table, in total.
    Rows,
    /// One row, in total.
    Row {
        /// The row.
        row: RowId,
    },
    /// Each category of a breakdown and the total, of one row.
    Groups {
        /// The row.
        row: RowId,
        /// The breakdown.
        breakdown: VariableName,
    },
    /// Each row by each category of a breakdown.
    RowsByGroups {
        /// The breakdown.
        breakdown: VariableName,
    },
    /// Several waves beside each other: each row in total, one row in total, or one row by the groups of a breakdown.
    OverWaves {
        /// The row; `None` is all of them.
        row: Option<RowId>,
        /// The breakdown, of one row only.
        breakdown: Option<VariableName>,
        /// The waves, in order of time, the report's own the last.
        waves: Vec<WaveId>,
    },
    /// Each row of the table against the same row of another one, which counts other answers of the same base.
    Against {
        /// The other table.
        table: TableId,
        /// Tables that count one answer of a side each; empty where sides are not divided.
        parts: Parts,
    },
}

/// How the sides of bars are divided: the tables of each side's answers, from the middle outwards.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parts {
    /// Of the answers that the other table counts, to the left.
    pub left: Vec<TableId>,
    /// Of the answers that the figure's table counts, to the right.
    pub right: Vec<TableId>,
}

impl Parts {
    /// All of them, from left to right.
    pub fn tables(&self) -> impl Iterator<Item = &TableId> {
        self.left.iter().rev().chain(&self.right)
    }
}

impl Chart {
    /// The breakdown that is shown, if one is.
    #[must_use]
    pub fn breakdown(&self) -> Option<&VariableName> {
        match self {
            Self::Rows | Self::Row { .. } | Self::Against { .. } => None,
            Self::Groups { breakdown, .. } | Self::RowsByGroups { breakdown } => Some(breakdown),
            Self::OverWaves { breakdown, .. } => breakdown.as_ref(),
        }
    }

    /// The waves that are shown; none where it is the report's own alone.
    #[must_use]
    pub fn waves(&self) -> &[WaveId] {
        match self {
            Self::OverWaves { waves, .. } => waves,
            Self::Rows | Self::Row { .. } | Self::Against { .. } | Self::Groups { .. } | Self::RowsByGroups { .. } => {
                &[]
            }
        }
    }
}

/// How a figure is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    /// Bars with intervals.
    Bar,
    /// Bars with intervals, in a group for each row.
    GroupedBar,
    /// Bars to both sides of a middle.
    Diverging,
    /// Bars that are divided by the answers to one question.
    Stacked,
    /// A column for each wave.
    Columns,
    /// A straight line for each row between two waves.
    Slope,
    /// A line for each row over several waves.
    Line,
    /// Dots with intervals.
    Dot,
    /// One share, large.
    Single,
}

impl ChartKind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Bar,
        Self::GroupedBar,
        Self::Diverging,
        Self::Stacked,
        Self::Columns,
        Self::Slope,
        Self::Line,
        Self::Dot,
        Self::Single,
    ];

    /// Its name in the country's files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bar => "bar",
            Self::GroupedBar => "grouped_bar",
            Self::Diverging => "diverging",
            Self::Stacked => "stacked",
            Self::Columns => "columns",
            Self::Slope => "slope",
            Self::Line => "line",
            Self::Dot => "dot",
            Self::Single => "single",
        }
    }
}

/// A page of the report: its figures and the claims that its texts may make.
#[derive(Debug, Clone, PartialEq)]
pub struct Theme {
    /// Its name; the page's file name.
    pub id: ThemeId,
    /// The edition within the edition that it belongs to, and where that is written; `None` is the whole edition.
    pub variant: Option<(VariantId, Place)>,
    /// What kind of page it is.
    pub kind: PageKind,
    /// Its figures, in order.
    pub figures: Vec<Figure>,
    /// The claims that its narratives and headlines make.
    pub claims: Vec<Claim>,
    /// Numbers in its texts that state nothing.
    pub allowed: Vec<Allowed>,
    /// The local cases that its texts place.
    pub cases: Vec<Case>,
    /// The quotations that its texts place.
    pub quotes: Vec<Quotation>,
    /// Where it is written.
    pub place: Place,
}

impl Theme {
    /// The edition within the edition that it belongs to.
    #[must_use]
    pub fn variant(&self) -> Option<&VariantId> {
        self.variant.as_ref().map(|(id, _)| id)
    }
}
