//! The columns of a data file as SQL expressions of the types that sums are exact in.
//!
//! Whole numbers and decimals are decimals already. A double is read as the decimal it was printed with, where one exists: a
//! scale is looked for at which every value comes back to the same bits. Where there is none the column stays a double, and whatever
//! uses it takes the road of units.

use std::collections::BTreeSet;

use arrow::datatypes::DataType;
use codebook::{ColumnKind, VariableName};

use crate::TabulateError;
use crate::engine::Engine;
use crate::plan::Statement;
use crate::sql::{From, Select, identifier};

/// Decimals that are tried for doubles, fewest first. Weights of R have up to 13.
const SCALES: [u8; 7] = [0, 1, 2, 4, 6, 9, 13];

/// The columns, in the order of the file.
pub(super) struct Columns(Vec<Column>);

struct Column {
    /// Its name in the file.
    name: String,
    /// The SQL of its cells: the column, but for single precision what each cell is printed as.
    cells: String,
    /// Its name in expressions; that of the file until [`Columns::name`] gives one.
    variable: Option<VariableName>,
    form: Form,
    digits: Digits,
    /// Of a decimal that is read as it is: precision and scale.
    decimal: Option<(u8, i8)>,
}

/// Whether numbers are calculated with in all their digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Digits {
    /// As decimals, where they are decimals.
    All,
    /// As doubles, since some product of them has more digits than a decimal holds.
    Double,
}

/// How a column is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As it is.
    Plain(ColumnKind),
    /// A whole number, as a decimal without decimals.
    Whole,
    /// A decimal of another width, with so many decimals.
    OtherDecimal(u8),
    /// A double of which nothing is known yet.
    Double,
    /// A double that is the decimal of so many decimals.
    Decimal(u8),
    /// A double that is no short decimal.
    Inexact,
    /// Something that is only told apart, as text.
    Other,
}

impl Columns {
    /// The columns that can be calculated with or told apart.
    pub(super) fn new(engine: &Engine) -> Self {
        let column = |(name, found): &(String, DataType)| Column {
            name: name.clone(),
            cells: cells(name, found),
            variable: None,
            form: form(found),
            digits: Digits::All,
            decimal: if let DataType::Decimal128(precision, scale) = found { Some((*precision, *scale)) } else { None },
        };
        Self(engine.types().iter().filter(|(_, found)| unusable(found).is_none()).map(column).collect())
    }

    /// The others: name, and what they hold.
    pub(super) fn left_out(engine: &Engine) -> Vec<(String, &'static str)> {
        let others = engine.types().iter();
        others.filter_map(|(name, found)| unusable(found).map(|held| (name.clone(), held))).collect()
    }

    pub(super) fn kinds(&self) -> Vec<(String, ColumnKind)> {
        self.0.iter().map(|column| (column.name.clone(), column.form.kind())).collect()
    }

    pub(super) fn name(&mut self, names: Vec<VariableName>) {
        assert_eq!(names.len(), self.0.len(), "every column gets a name");
        for (column, name) in self.0.iter_mut().zip(names) {
            column.variable = Some(name);
        }
    }

    /// Every column, by its name in expressions.
    pub(super) fn variables(&self) -> impl Iterator<Item = &VariableName> {
        self.0.iter().filter_map(|column| column.variable.as_ref())
    }

    fn column(&self, variable: &VariableName) -> &Column {
        let named = |column: &&Column| column.variable.as_ref() == Some(variable);
        self.0.iter().find(named).expect("expressions name columns of the file")
    }

    /// Has these numbers calculated with as doubles from now on.
    pub(super) fn make_doubles(&mut self, variables: &BTreeSet<&VariableName>) {
        for column in &mut self.0 {
            if column.variable.as_ref().is_some_and(|name| variables.contains(name)) {
                column.digits = Digits::Double;
            }
        }
    }

    /// The column itself, where its cells are read as they are.
    pub(super) fn as_it_is(&self, variable: &VariableName) -> Option<String> {
        let Column { name, form, digits, .. } = self.column(variable);
        match (form, digits) {
            (Form::Plain(_), Digits::All) => Some(identifier(name)),
            (Form::Plain(_), Digits::Double)
            | (
                Form::Whole | Form::OtherDecimal(_) | Form::Double | Form::Decimal(_) | Form::Inexact | Form::Other,
                _,
            ) => None,
        }
    }

    /// The column itself, where it can at least be told whether a cell has a value.
    pub(super) fn countable(&self, variable: &VariableName) -> Option<String> {
        let Column { name, form, .. } = self.column(variable);
        match form {
            Form::Plain(_) | Form::Whole => Some(identifier(name)),
            Form::OtherDecimal(_) | Form::Double | Form::Decimal(_) | Form::Inexact | Form::Other => None,
        }
    }

    /// The SQL expression of a column.
    pub(super) fn expression(&self, variable: &VariableName) -> String {
        let Column { form, digits, .. } = self.column(variable);
        let exact = self.exact_expression(variable);
        match (digits, form.kind()) {
            (Digits::Double, ColumnKind::Number) => format!("CAST({exact} AS DOUBLE)"),
            (Digits::All | Digits::Double, _) => exact,
        }
    }

    /// 0 in the very type of a column of numbers: the engine does not always find one type for two branches of a CASE.
    pub(super) fn zero(&self, variable: &VariableName) -> String {
        let Column { form, digits, decimal, .. } = self.column(variable);
        let of_type = match (digits, form) {
            (Digits::All, Form::Whole) => "DECIMAL(20, 0)".to_owned(),
            (Digits::All, Form::OtherDecimal(scale) | Form::Decimal(scale)) => format!("DECIMAL(38, {scale})"),
            (Digits::All, Form::Plain(_)) => {
                let (precision, scale) = decimal.unwrap_or((38, 0));
                format!("DECIMAL({precision}, {scale})")
            }
            (Digits::All, Form::Double | Form::Inexact | Form::Other) | (Digits::Double, _) => "DOUBLE".to_owned(),
        };
        format!("CAST(0 AS {of_type})")
    }

    fn exact_expression(&self, variable: &VariableName) -> String {
        let Column { cells: column, form, .. } = self.column(variable);
        match form {
            Form::Plain(_) => column.clone(),
            Form::Whole => format!("CAST({column} AS DECIMAL(20, 0))"),
            Form::OtherDecimal(scale) => format!("CAST({column} AS DECIMAL(38, {scale}))"),
            Form::Double | Form::Inexact => finite(column),
            Form::Decimal(scale) => format!("CAST({} AS DECIMAL(38, {scale}))", finite(column)),
            Form::Other => format!("CAST({column} AS VARCHAR)"),
        }
    }

    /// Finds out which of these doubles are decimals.
    pub(super) fn settle(&mut self, used: &BTreeSet<&VariableName>, engine: &Engine) -> Result<(), TabulateError> {
        let unknown = |column: &Column| {
            column.form == Form::Double && column.variable.as_ref().is_some_and(|name| used.contains(name))
        };
        let unknown: Vec<usize> = (0..self.0.len()).filter(|index| unknown(&self.0[*index])).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let tried: Vec<(usize, u8)> = unknown.iter().flat_map(|index| SCALES.map(|scale| (*index, scale))).collect();
        // The engine tells sums apart by names that leave casts out, so each comparison is a column first.
        let name = |number: usize| format!("changed_{number}");
        let changes = tried
            .iter()
            .enumerate()
            .map(|(number, (index, scale))| (changed(&finite(&self.0[*index].cells), *scale), name(number)));
        let layer =
            Select { columns: changes.collect(), from: From::Responses, group_by: Vec::new(), order_by: Vec::new() };
        let counts = (0..tried.len()).map(|number| (format!("COUNT({})", identifier(&name(number))), name(number)));
        let select = Select {
            columns: counts.collect(),
            from: From::Layer(Box::new(layer), "changes"),
            group_by: Vec::new(),
            order_by: Vec::new(),
        };
        let statement = Statement { name: "decimals".to_owned(), sql: select.print() };
        let outcome = engine.run(&[&statement])?.remove(0);
        for index in unknown {
            self.0[index].form = Form::Inexact;
        }
        // From many decimals to few, so that the fewest that do stand.
        for (number, (index, scale)) in tried.into_iter().enumerate().rev() {
            if outcome.integers(number)?.value(0) == 0 {
                self.0[index].form = Form::Decimal(scale);
            }
        }
        Ok(())
    }
}

/// Widened as it is, the single 0.1 would be the double 0.10000000149011612.
fn cells(name: &str, found: &DataType) -> String {
    let column = identifier(name);
    if *found == DataType::Float32 { format!("CAST(CAST({column} AS VARCHAR) AS DOUBLE)") } else { column }
}

/// A double, or NULL for what is no number.
fn finite(column: &str) -> String {
    let largest = "CAST('1.7976931348623157e308' AS DOUBLE)";
    let smallest = "CAST('-1.7976931348623157e308' AS DOUBLE)";
    format!("CASE WHEN {column} BETWEEN {smallest} AND {largest} THEN CAST({column} AS DOUBLE) END")
}

/// 1 for a value that changes on the way to a decimal and back.
fn changed(double: &str, scale: u8) -> String {
    let there_and_back = format!("CAST(TRY_CAST({double} AS DECIMAL(38, {scale})) AS DOUBLE)");
    format!("CASE WHEN {there_and_back} IS DISTINCT FROM {double} THEN 1 END")
}

#[expect(clippy::wildcard_enum_match_arm, reason = "whatever else Arrow has or will have is told apart as text")]
fn form(found: &DataType) -> Form {
    if found.is_integer() {
        return Form::Whole;
    }
    match found {
        DataType::Float32 | DataType::Float64 => Form::Double,
        DataType::Decimal128(_, scale) if *scale >= 0 => Form::Plain(ColumnKind::Number),
        DataType::Decimal32(_, scale) | DataType::Decimal64(_, scale) | DataType::Decimal256(_, scale) => {
            u8::try_from(*scale).map_or(Form::Other, Form::OtherDecimal)
        }
        DataType::Boolean => Form::Plain(ColumnKind::Condition),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Form::Plain(ColumnKind::Text),
        DataType::Dictionary(_, values) if values.is_string() => Form::Plain(ColumnKind::Text),
        DataType::Date32 => Form::Plain(ColumnKind::Date),
        _ => Form::Other,
    }
}

/// What a column holds that can neither be calculated with nor told apart as text.
#[expect(clippy::wildcard_enum_match_arm, reason = "whatever else Arrow has or will have is a single value")]
fn unusable(found: &DataType) -> Option<&'static str> {
    match found {
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => Some("bytes that are not declared as text"),
        DataType::FixedSizeBinary(16) => Some("16 bytes in each row, such as UUIDs"),
        DataType::FixedSizeBinary(_) => Some("bytes that are not declared as text"),
        DataType::List(_) | DataType::LargeList(_) | DataType::FixedSizeList(..) => Some("lists"),
        DataType::ListView(_) | DataType::LargeListView(_) => Some("lists"),
        DataType::Struct(_) | DataType::Union(..) | DataType::Map(..) => Some("structures of several values"),
        DataType::Dictionary(_, values) => unusable(values),
        _ => None,
    }
}

impl Form {
    fn kind(self) -> ColumnKind {
        match self {
            Self::Plain(kind) => kind,
            Self::Whole | Self::OtherDecimal(_) | Self::Double | Self::Decimal(_) | Self::Inexact => ColumnKind::Number,
            Self::Other => ColumnKind::Text,
        }
    }
}
