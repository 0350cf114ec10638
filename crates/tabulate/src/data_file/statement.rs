//! The statements of a scan.
//!
//! Three layers: the columns of the file in exact types, then the weight and the items of each unit (NULL outside their domain), then the
//! sums. Everything is plain SQL of any engine, but for `TRY_CAST` where doubles are looked into.

use codebook::{Codebook, Expr, VariableName};

use super::columns::Columns;
use super::probe::Probed;
use super::{Item, ItemKind, MissingWeight, Order, Scan};
use crate::plan::Statement;
use crate::sql::{self, From, Select, identifier};

/// Whether the unit has a weight above 0 and is in the scan's condition.
const INSIDE: &str = "inside";
/// Whether it is inside and its group is known.
const COUNTS: &str = "counts";
/// Whether it has a weight above 0, and a value that the condition needs is missing.
const UNTOLD: &str = "untold";
const WEIGHT: &str = "weight";

/// The values of an expression, counted.
pub(super) fn levels(index: usize, expr: &Expr, columns: &Columns) -> Statement {
    let file = of_file(expr.variables(), columns);
    let select = Select {
        columns: vec![(identifier("value"), "value".to_owned()), ("COUNT(*)".to_owned(), "rows".to_owned())],
        from: From::Layer(
            Box::new(Select {
                columns: vec![(sql::value(expr, &Codebook::default()), "value".to_owned())],
                from: From::Layer(Box::new(file), "file"),
                group_by: Vec::new(),
                order_by: Vec::new(),
            }),
            "values",
        ),
        group_by: vec!["value".to_owned()],
        order_by: Vec::new(),
    };
    Statement { name: format!("levels-{index}"), sql: select.print() }
}

/// The same as [`probe`] asks, of columns alone: the statistics that a Parquet file keeps of them answer it, and none of its rows is read.
/// `None` where more than columns must be looked at. A file with doubles keeps no statistics that can be trusted, see [`crate::engine`], and is read.
pub(super) fn statistics(scan: &Scan, columns: &Columns) -> Option<Statement> {
    if scan.condition.is_some() || scan.missing_weight == MissingWeight::OutOfSample {
        return None;
    }
    let count = |column: &str| format!("COUNT({column})");
    let mut asked = vec![("COUNT(*)".to_owned(), "rows".to_owned())];
    for (name, of) in keys(scan) {
        asked.push((count(&columns.countable(of)?), format!("known {name}")));
    }
    for (index, of) in scan.by.iter().enumerate() {
        asked.push((count(&columns.countable(of)?), format!("known {}", by(index))));
    }
    for (name, of) in weights(scan).into_iter().zip(scan.weight.iter().chain(&scan.replicates)) {
        let column = columns.as_it_is(of)?;
        asked.push((count(&column), format!("known {name}")));
        asked.extend(extremes_of(&column, &name));
    }
    for (index, item) in scan.items.iter().enumerate() {
        let Item { y: Expr::Variable(of), kind, x: None, within: None } = item else { return None };
        let column = columns.as_it_is(of)?;
        asked.push((count(&column), format!("known {}", y(index))));
        if *kind == ItemKind::Number {
            asked.extend(extremes_of(&column, &y(index)));
        }
    }
    let select = Select { columns: asked, from: From::Responses, group_by: Vec::new(), order_by: Vec::new() };
    Some(Statement { name: "statistics".to_owned(), sql: select.print() })
}

/// What must be known before anything is summed: how many design columns lack a value, how large the numbers are.
pub(super) fn probe(scan: &Scan, columns: &Columns) -> Statement {
    let holds = |column: &str| format!("COUNT(CASE WHEN {} THEN 1 END)", identifier(column));
    let mut asked = vec![("COUNT(*)".to_owned(), "rows".to_owned())];
    let conditional = scan.condition.iter().map(|_| UNTOLD);
    asked.extend(
        [INSIDE, COUNTS].into_iter().chain(conditional).map(|column| (holds(column), format!("rows {column}"))),
    );
    // Who is not in the sample need not be in a stratum either.
    let is_out = match (scan.missing_weight, &scan.weight) {
        (MissingWeight::OutOfSample, Some(_)) => format!(" OR {} <= 0", identifier(WEIGHT)),
        (MissingWeight::OutOfSample | MissingWeight::Refused, _) => String::new(),
    };
    for (name, _) in keys(scan) {
        let known = format!("COUNT(CASE WHEN {} IS NOT NULL{is_out} THEN 1 END)", identifier(&name));
        asked.push((known, format!("known {name}")));
    }
    for name in weights(scan) {
        let column = identifier(&name);
        let count = |condition: &str| format!("COUNT(CASE WHEN {column} {condition} THEN 1 END)");
        asked.push((count("IS NULL"), format!("missing {name}")));
        asked.push((count("< 0"), format!("negative {name}")));
        asked.push((count("= 0"), format!("zero {name}")));
        asked.extend(extremes(&name));
    }
    for (index, item) in scan.items.iter().enumerate() {
        asked.push((format!("COUNT({})", identifier(&y(index))), format!("known {}", y(index))));
        if item.kind == ItemKind::Number {
            asked.extend(extremes(&y(index)));
        }
        if item.x.is_some() {
            asked.extend(extremes(&x(index)));
        }
    }
    let select =
        Select { columns: asked, from: units_layer(scan, columns), group_by: Vec::new(), order_by: Vec::new() };
    Statement { name: "probe".to_owned(), sql: select.print() }
}

fn extremes(name: &str) -> [(String, String); 2] {
    extremes_of(&identifier(name), name)
}

fn extremes_of(column: &str, name: &str) -> [(String, String); 2] {
    [(format!("MIN({column})"), format!("smallest {name}")), (format!("MAX({column})"), format!("largest {name}"))]
}

/// Sums by stratum, cluster and group.
pub(super) fn sums(scan: &Scan, columns: &Columns, probed: &Probed) -> Statement {
    let groups: Vec<String> = place_names(scan).into_iter().chain(by_names(scan)).collect();
    let mut asked: Vec<(String, String)> = groups.iter().map(|name| (identifier(name), name.clone())).collect();
    asked.push((count_of_units(scan), "units".to_owned()));
    asked.push((format!("COUNT(CASE WHEN {} THEN 1 END)", identifier(COUNTS)), "counting".to_owned()));
    for index in 0..scan.sizes.len() {
        let column = identifier(&size(index));
        asked.push((format!("COUNT(*) - COUNT({column})"), format!("missing {}", size(index))));
        asked.extend(extremes(&size(index)));
    }
    let sums = Sums::of(scan, probed);
    asked.extend(sums.expressions.iter().enumerate().map(|(index, sum)| (sum.clone(), format!("sum_{index:03}"))));
    asked.extend(scan.weight.iter().map(|_| (format!("SUM({})", identifier(WEIGHT)), WEIGHT.to_owned())));
    let select = Select { columns: asked, from: units_layer(scan, columns), group_by: groups, order_by: Vec::new() };
    Statement { name: "sums".to_owned(), sql: select.print() }
}

/// Every unit that has a weight, in an order that does not depend on the file's.
pub(super) fn units(scan: &Scan, columns: &Columns) -> Statement {
    let mut names: Vec<String> = place_names(scan).into_iter().chain(by_names(scan)).collect();
    names.push(COUNTS.to_owned());
    names.extend((0..scan.sizes.len()).map(size));
    names.extend(scan.weight.iter().map(|_| WEIGHT.to_owned()));
    names.extend((0..scan.replicates.len()).map(replicate));
    for (index, item) in scan.items.iter().enumerate() {
        names.push(y(index));
        names.extend(item.x.iter().map(|_| x(index)));
        names.extend(item.within.iter().map(|_| within(index)));
    }
    let contents: Vec<String> = match scan.order {
        Order::Asked => Vec::new(),
        Order::Content => columns.variables().map(content).collect(),
    };
    let select = Select {
        columns: names.iter().map(|name| (identifier(name), name.clone())).collect(),
        from: units_layer(scan, columns),
        group_by: Vec::new(),
        order_by: contents.into_iter().chain(names).collect(),
    };
    Statement { name: "units".to_owned(), sql: select.print() }
}

/// The units with their keys, weight and items.
fn units_layer(scan: &Scan, columns: &Columns) -> From {
    let codebook = Codebook::default();
    let column = |name: &VariableName| identifier(name.as_str());
    let mut selected: Vec<(String, String)> = keys(scan).iter().map(|(name, of)| (column(of), name.clone())).collect();
    for (index, of) in scan.by.iter().enumerate() {
        selected.push((column(of), by(index)));
    }
    for (index, of) in scan.sizes.iter().enumerate() {
        selected.push((column(of), size(index)));
    }
    if scan.order == Order::Content {
        selected.extend(columns.variables().map(|of| (column(of), content(of))));
    }
    let weight = |of: &VariableName| match scan.missing_weight {
        MissingWeight::Refused => column(of),
        MissingWeight::OutOfSample => {
            format!("CASE WHEN {0} IS NULL THEN {1} ELSE {0} END", column(of), columns.zero(of))
        }
    };
    selected.extend(scan.weight.iter().map(|of| (weight(of), WEIGHT.to_owned())));
    for (index, of) in scan.replicates.iter().enumerate() {
        let sampled = match (scan.missing_weight, &scan.weight) {
            (MissingWeight::OutOfSample, Some(weight)) => {
                format!("CASE WHEN {} IS NULL THEN {} ELSE {} END", column(weight), columns.zero(of), column(of))
            }
            (MissingWeight::OutOfSample | MissingWeight::Refused, _) => column(of),
        };
        selected.push((sampled, replicate(index)));
    }
    let condition = scan.condition.as_ref().map(|condition| sql::conjunct(condition, &codebook));
    let weighted = scan.weight.as_ref().map(|of| format!("{} > 0", weight(of)));
    let known = scan.by.iter().map(|of| format!("{} IS NOT NULL", column(of)));
    let all = |conditions: Vec<String>| {
        if conditions.is_empty() { "TRUE".to_owned() } else { conditions.join(" AND ") }
    };
    if let Some(condition) = &condition {
        let untold = weighted.iter().cloned().chain([format!("({condition}) IS NULL")]).collect();
        selected.push((sql::two_valued(&all(untold)), UNTOLD.to_owned()));
    }
    let inside: Vec<String> = weighted.into_iter().chain(condition).collect();
    selected.push((sql::two_valued(&all(inside.clone())), INSIDE.to_owned()));
    let counts = all(inside.into_iter().chain(known).collect());
    selected.push((sql::two_valued(&counts), COUNTS.to_owned()));
    for (index, item) in scan.items.iter().enumerate() {
        selected.extend(item_columns(index, item, &counts, &codebook));
    }
    From::Layer(
        Box::new(Select {
            columns: selected,
            from: From::Layer(Box::new(file_layer(scan, columns)), "file"),
            group_by: Vec::new(),
            order_by: Vec::new(),
        }),
        "units",
    )
}

/// An item's values; a ratio has both or none.
fn item_columns(index: usize, item: &Item, counts: &str, codebook: &Codebook) -> Vec<(String, String)> {
    let conditions: Vec<String> = std::iter::once(counts.to_owned())
        .filter(|counts| counts != "TRUE")
        .chain(item.within.as_ref().map(|within| sql::conjunct(within, codebook)))
        .collect();
    let inside = |value: String, other: Option<&Expr>| {
        let known = other.map(|other| format!("({}) IS NOT NULL", sql::value(other, codebook)));
        let conditions: Vec<String> = conditions.iter().cloned().chain(known).collect();
        if conditions.is_empty() { value } else { format!("CASE WHEN {} THEN {value} END", conditions.join(" AND ")) }
    };
    let value = match item.kind {
        ItemKind::Condition => sql::condition(&item.y, codebook),
        ItemKind::Number => sql::value(&item.y, codebook),
    };
    let mut columns = vec![(inside(value, item.x.as_ref()), y(index))];
    if let Some(denominator) = &item.x {
        columns.push((inside(sql::value(denominator, codebook), Some(&item.y)), x(index)));
    }
    if let Some(condition) = &item.within {
        columns.push((sql::two_valued(&sql::conjunct(condition, codebook)), within(index)));
    }
    columns
}

/// The columns of the file that the scan reads.
fn file_layer(scan: &Scan, columns: &Columns) -> Select {
    match scan.order {
        Order::Asked => of_file(scan.variables(), columns),
        Order::Content => of_file(columns.variables(), columns),
    }
}

fn of_file<'v>(variables: impl IntoIterator<Item = &'v VariableName>, columns: &Columns) -> Select {
    let selected = variables.into_iter().map(|name| (columns.expression(name), name.to_string())).collect();
    Select { columns: selected, from: From::Responses, group_by: Vec::new(), order_by: Vec::new() }
}

/// Units with a weight above 0, in the condition or not.
fn count_of_units(scan: &Scan) -> String {
    match scan.weight {
        Some(_) => format!("COUNT(CASE WHEN {} > 0 THEN 1 END)", identifier(WEIGHT)),
        None => "COUNT(*)".to_owned(),
    }
}

/// Strata and clusters: name in the statement, column.
pub(super) fn keys(scan: &Scan) -> Vec<(String, &VariableName)> {
    let strata = scan.strata.iter().enumerate().map(|(index, name)| (format!("stratum_{index}"), name));
    let stages = scan.stages.iter().enumerate().map(|(index, name)| (format!("stage_{index}"), name));
    strata.chain(stages).collect()
}

/// Columns whose values must be known and not negative.
pub(super) fn weights(scan: &Scan) -> Vec<String> {
    scan.weight.iter().map(|_| WEIGHT.to_owned()).chain((0..scan.replicates.len()).map(replicate)).collect()
}

fn place_names(scan: &Scan) -> Vec<String> {
    keys(scan).into_iter().map(|(name, _)| name).collect()
}

fn by_names(scan: &Scan) -> Vec<String> {
    (0..scan.by.len()).map(by).collect()
}

fn content(of: &VariableName) -> String {
    format!("content {of}")
}

fn by(index: usize) -> String {
    format!("by_{index}")
}

fn size(index: usize) -> String {
    format!("size_{index}")
}

fn replicate(index: usize) -> String {
    format!("replicate_{index:04}")
}

fn y(index: usize) -> String {
    format!("y_{index:03}")
}

fn x(index: usize) -> String {
    format!("x_{index:03}")
}

fn within(index: usize) -> String {
    format!("within_{index:03}")
}

/// The factors of a sum: how often w, x and y.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Powers {
    pub(super) w: usize,
    pub(super) x: usize,
    pub(super) y: usize,
}

/// The sums that every item needs: of w x, w y, w y^2, w^2 x^2 and, where units are PSUs, w^2 x y and w^2 y^2.
pub(super) const TERMS: [Powers; 6] = [
    Powers { w: 1, x: 1, y: 0 },
    Powers { w: 1, x: 0, y: 1 },
    Powers { w: 1, x: 0, y: 2 },
    Powers { w: 2, x: 2, y: 0 },
    Powers { w: 2, x: 1, y: 1 },
    Powers { w: 2, x: 0, y: 2 },
];

/// The terms of a scan.
pub(super) fn terms(scan: &Scan) -> &'static [Powers] {
    if scan.stages.is_empty() { &TERMS } else { &TERMS[..4] }
}

/// Which sums a statement asks for, each once.
pub(super) struct Sums {
    pub(super) expressions: Vec<String>,
    /// For each item: n, positive, then its terms, as indices of `expressions`.
    pub(super) of_items: Vec<Vec<usize>>,
    /// For each item: the rows of its domain, as an index of `expressions`.
    pub(super) domains: Vec<usize>,
}

impl Sums {
    pub(super) fn of(scan: &Scan, probed: &Probed) -> Self {
        let mut sums = Self { expressions: Vec::new(), of_items: Vec::new(), domains: Vec::new() };
        for (index, item) in scan.items.iter().enumerate() {
            let present = Present { everywhere: probed.always_known(index) };
            let mut of_item = vec![sums.index(present.count(index)), sums.index(positive(index, item))];
            for term in terms(scan) {
                let w = if scan.weight.is_some() { term.w } else { 0 };
                of_item.push(sums.index(present.sum(index, item, Powers { w, ..*term })));
            }
            sums.of_items.push(of_item);
            let domain = match item.within {
                Some(_) => format!("{} AND {}", identifier(COUNTS), identifier(&within(index))),
                None => identifier(COUNTS),
            };
            let domain = sums.index(format!("COUNT(CASE WHEN {domain} THEN 1 END)"));
            sums.domains.push(domain);
        }
        sums
    }

    fn index(&mut self, expression: String) -> usize {
        let known = self.expressions.iter().position(|known| *known == expression);
        known.unwrap_or_else(|| {
            self.expressions.push(expression);
            self.expressions.len() - 1
        })
    }
}

/// Where an item has a value.
struct Present {
    /// In every row of the file, so that no condition is needed and items share their sums of weights.
    everywhere: bool,
}

impl Present {
    fn count(&self, index: usize) -> String {
        if self.everywhere { "COUNT(*)".to_owned() } else { format!("COUNT({})", identifier(&y(index))) }
    }

    /// The sum of w^a x^b y^c over the units where the item has a value.
    fn sum(&self, index: usize, item: &Item, powers: Powers) -> String {
        let weights = vec![identifier(WEIGHT); powers.w];
        let y = identifier(&y(index));
        let xs = if item.x.is_some() { vec![identifier(&x(index)); powers.x] } else { Vec::new() };
        let ys = if item.kind == ItemKind::Number { vec![y.clone(); powers.y] } else { Vec::new() };
        // A factor that is NULL outside the item's domain keeps the others out, too.
        let tied = !xs.is_empty() || !ys.is_empty();
        let condition = match item.kind {
            ItemKind::Condition if powers.y > 0 => Some(y),
            ItemKind::Condition | ItemKind::Number if tied || self.everywhere => None,
            ItemKind::Condition | ItemKind::Number => Some(format!("{y} IS NOT NULL")),
        };
        let product = [weights, xs, ys].concat().join(" * ");
        match (condition, product.is_empty()) {
            (None, true) => "COUNT(*)".to_owned(),
            (Some(condition), true) => format!("COUNT(CASE WHEN {condition} THEN 1 END)"),
            (None, false) => format!("SUM({product})"),
            (Some(condition), false) => format!("SUM(CASE WHEN {condition} THEN {product} END)"),
        }
    }
}

/// Units whose item is not 0.
fn positive(index: usize, item: &Item) -> String {
    let y = identifier(&y(index));
    match item.kind {
        ItemKind::Condition => format!("COUNT(CASE WHEN {y} THEN 1 END)"),
        ItemKind::Number => format!("COUNT(CASE WHEN {y} <> 0 THEN 1 END)"),
    }
}
