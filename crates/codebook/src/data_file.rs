//! The columns of any data file.

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Numbers.
    Number,
    /// Texts.
    Text,
    /// True or false.
    Condition,
    /// Calendar dates.
    Date,
}
