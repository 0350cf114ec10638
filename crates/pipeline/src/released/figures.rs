//! The figures of a release, as its sealed tables tell them.
//!
//! They are read leniently: what a later version adds to the store is passed over, and a cell of a kind that is not known here counts as
//! hidden. A number keeps the decimals that it was published with.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use disclose::ToldCells;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The name of a figure: a row of a table, in total or in one group, of the edition's own wave or of an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct FigureName {
    /// The earlier wave, where the edition shows several; `None` is its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wave: Option<String>,
    /// The table.
    pub table: String,
    /// The row.
    pub row: String,
    /// The breakdown and the group's code; `None` is the total.
    pub group: Option<(String, String)>,
}

impl fmt::Display for FigureName {
    /// `table innovation, row innovative, level municipality`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "table {}, row {}, {}", self.table, self.row, self.among())
    }
}

impl FigureName {
    /// Among whom, and in which wave if it is not the edition's own: `level municipality, wave 2019`.
    pub(crate) fn among(&self) -> String {
        let group = self.group.as_ref();
        let group = group.map_or_else(|| "total".to_owned(), |(breakdown, code)| format!("{breakdown} {code}"));
        self.wave.as_ref().map_or_else(|| group.clone(), |wave| format!("{group}, wave {wave}"))
    }
}

/// A number as it was published: whole units of `10^-decimals`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(from = "(i64, u8)")]
pub struct ReleasedNumber {
    units: i64,
    decimals: u8,
}

impl From<(i64, u8)> for ReleasedNumber {
    fn from((units, decimals): (i64, u8)) -> Self {
        // More decimals than a number of 18 digits can have are a damaged file; they must not make a power overflow.
        Self { units, decimals: decimals.min(18) }
    }
}

impl ReleasedNumber {
    /// Reads a number as files write it: digits, a point, a plain minus. `None` if it is none.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let decimals = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        Some(Self::from((text.replacen('.', "", 1).parse().ok()?, u8::try_from(decimals).ok()?)))
    }

    /// How far apart two numbers are, in units of the last digit that both have.
    pub(crate) fn apart(self, other: Self) -> u128 {
        let decimals = self.decimals.min(other.decimals);
        (self.rounded_to(decimals) - other.rounded_to(decimals)).unsigned_abs()
    }

    /// The number in units of `10^-decimals`, halves away from zero.
    fn rounded_to(self, decimals: u8) -> i128 {
        let divisor = 10_i128.pow(u32::from(self.decimals.saturating_sub(decimals)));
        let units = i128::from(self.units);
        let half = if units < 0 { -(divisor / 2) } else { divisor / 2 };
        (units + half) / divisor
    }

    /// Units of `10^-decimals`, and decimals.
    pub(crate) fn parts(self) -> (i64, u8) {
        (self.units, self.decimals)
    }

    /// The number as a double, for a test of a difference.
    pub(crate) fn as_f64(self) -> f64 {
        self.to_string().parse().expect("digits, a point and a sign are a double")
    }
}

impl Ord for ReleasedNumber {
    fn cmp(&self, other: &Self) -> Ordering {
        let decimals = self.decimals.max(other.decimals);
        let scaled = |number: &Self| i128::from(number.units) * 10_i128.pow(u32::from(decimals - number.decimals));
        scaled(self).cmp(&scaled(other))
    }
}

impl PartialOrd for ReleasedNumber {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for ReleasedNumber {
    /// Point, plain minus, every decimal: `-0.50`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.units < 0 { "-" } else { "" };
        let decimals = usize::from(self.decimals);
        let digits = format!("{:0>width$}", self.units.unsigned_abs(), width = decimals + 1);
        let (whole, fraction) = digits.split_at(digits.len() - decimals);
        let mark = if fraction.is_empty() { "" } else { "." };
        write!(f, "{sign}{whole}{mark}{fraction}")
    }
}

impl Serialize for ReleasedNumber {
    /// As the text that it was published as: a double would lose its decimals.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The numbers of one figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub struct ReleasedFigures {
    /// The estimate.
    pub estimate: ReleasedNumber,
    /// Its standard error.
    pub se: ReleasedNumber,
    /// The lower limit.
    pub low: ReleasedNumber,
    /// The upper limit.
    pub high: ReleasedNumber,
    /// Unweighted answers.
    pub n: u64,
}

/// What a release shows at the place of a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FigureState {
    /// Numbers.
    Shown(ReleasedFigures),
    /// That there is something which is not shown, and why.
    Hidden(String),
}

/// A share that was printed, with the answers of its base if they were.
pub(crate) type Printed = (ReleasedNumber, Option<u64>);

/// A breakdown that is not shown, or the whole table (`None`), and why.
type Withheld = (Option<String>, String);

/// Every figure of a release, in the order of its tables.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct ReleasedTables {
    order: Vec<FigureName>,
    states: BTreeMap<FigureName, FigureState>,
    /// Breakdowns that are withheld (`None`: the whole table), by wave and table.
    withheld: BTreeMap<(Option<String>, String), Vec<Withheld>>,
    /// Estimates and answers of earlier waves that were printed when these came out, and not counted again.
    printed: BTreeMap<FigureName, Printed>,
}

#[derive(Deserialize)]
struct StoredTables {
    tables: Vec<StoredTable>,
    #[serde(default)]
    earlier: Vec<StoredWave>,
}

#[derive(Deserialize)]
struct StoredWave {
    wave: String,
    tables: Vec<StoredTable>,
    #[serde(default)]
    printed: Vec<StoredPrinted>,
}

#[derive(Deserialize)]
struct StoredPrinted {
    table: String,
    row: String,
    group: Option<(String, String)>,
    estimate: ReleasedNumber,
    n: Option<u64>,
}

#[derive(Deserialize)]
struct StoredTable {
    id: String,
    rows: Vec<String>,
    domains: Vec<Value>,
    cells: Vec<Vec<Value>>,
    #[serde(default)]
    withheld: Vec<StoredWithheld>,
}

#[derive(Deserialize)]
struct StoredWithheld {
    breakdown: Option<String>,
    why: Value,
}

impl ReleasedTables {
    /// Reads the bytes of a store.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        let stored: StoredTables = serde_json::from_slice(bytes)?;
        let mut tables = Self::default();
        tables.take(None, stored.tables);
        for StoredWave { wave, tables: counted, printed } in stored.earlier {
            tables.take(Some(&wave), counted);
            let named = |StoredPrinted { table, row, group, estimate, n }| {
                (FigureName { wave: Some(wave.clone()), table, row, group }, (estimate, n))
            };
            tables.printed.extend(printed.into_iter().map(named));
        }
        Ok(tables)
    }

    fn take(&mut self, wave: Option<&str>, tables: Vec<StoredTable>) {
        let wave = wave.map(str::to_owned);
        for table in tables {
            for (row, cells) in table.rows.iter().zip(&table.cells) {
                for (domain, cell) in table.domains.iter().zip(cells) {
                    let (wave, table, row) = (wave.clone(), table.id.clone(), row.clone());
                    let name = FigureName { wave, table, row, group: group(domain) };
                    self.states.insert(name.clone(), state(cell));
                    self.order.push(name);
                }
            }
            let withheld = table.withheld.into_iter().map(|part| (part.breakdown, reason(&part.why)));
            self.withheld.insert((wave.clone(), table.id), withheld.collect());
        }
    }

    /// The same without what the edition shows of earlier waves.
    pub(crate) fn of_own_wave(mut self) -> Self {
        self.order.retain(|name| name.wave.is_none());
        self.states.retain(|name, _| name.wave.is_none());
        self.withheld.retain(|(wave, _), _| wave.is_none());
        self.printed.clear();
        self
    }

    /// Numbers of earlier waves that were printed when these came out, and stand here otherwise than in another release of the same edition: the figure,
    /// then and now in words.
    pub(crate) fn printed_otherwise(&self, now: &Self) -> Vec<(FigureName, [String; 2])> {
        let told = |printed: Option<&Printed>| match printed {
            None => "not there".to_owned(),
            Some((estimate, None)) => format!("{estimate}, as printed"),
            Some((estimate, Some(n))) => format!("{estimate}, as printed, n {n}"),
        };
        let names: BTreeSet<&FigureName> = self.printed.keys().chain(now.printed.keys()).collect();
        let sides = names.into_iter().map(|name| (name, [self.printed.get(name), now.printed.get(name)]));
        let differing = sides.filter(|(_, [then, now])| then != now);
        differing.map(|(name, sides)| (name.clone(), sides.map(told))).collect()
    }

    /// What this release, which was made before, showed of the printed numbers that stand otherwise in another one of the same edition.
    pub(crate) fn printed_before(&self, now: &Self) -> Vec<(FigureName, Option<Printed>)> {
        let names: BTreeSet<&FigureName> = self.printed.keys().chain(now.printed.keys()).collect();
        let differing = names.into_iter().filter(|name| self.printed.get(name) != now.printed.get(name));
        differing.map(|name| (name.clone(), self.printed.get(name).copied())).collect()
    }

    /// The cells of the release's own wave of which readers are told anything: all but those that are confidential.
    pub(crate) fn told(&self) -> ToldCells {
        self.told_of(None)
    }

    /// The same of an earlier wave that is drawn in a series; nothing where it is not.
    pub(crate) fn told_of_earlier(&self, wave: &str) -> ToldCells {
        self.told_of(Some(wave))
    }

    fn told_of(&self, wave: Option<&str>) -> ToldCells {
        let mut told = ToldCells::default();
        let of_wave = self.withheld.keys().filter(|(it, _)| it.as_deref() == wave);
        of_wave.for_each(|(_, table)| told.add_table(table));
        for (name, state) in self.states.iter().filter(|(name, _)| name.wave.as_deref() == wave) {
            if !matches!(state, FigureState::Hidden(why) if why == "confidential") {
                told.add(&name.table, &name.row, name.group.clone());
            }
        }
        told
    }

    /// The names of all figures, in the order of the tables.
    pub(crate) fn names(&self) -> &[FigureName] {
        &self.order
    }

    /// Whether any table of any wave is broken down by it, be that part shown or withheld.
    pub(crate) fn has_breakdown(&self, breakdown: &str) -> bool {
        let mut of_names = self.order.iter().filter_map(|name| name.group.as_ref());
        let mut withheld = self.withheld.values().flatten().filter_map(|(withheld, _)| withheld.as_deref());
        of_names.any(|(of_name, _)| of_name == breakdown) || withheld.any(|it| it == breakdown)
    }

    /// What is at the place of a figure; a part of a table that is withheld hides all of its figures. `None` if there is no such place.
    pub(crate) fn state(&self, name: &FigureName) -> Option<FigureState> {
        if let Some(state) = self.states.get(name) {
            return Some(state.clone());
        }
        let hides = |breakdown: &Option<String>| match (breakdown, &name.group) {
            (None, _) => true,
            (Some(withheld), Some((breakdown, _))) => withheld == breakdown,
            (Some(_), None) => false,
        };
        let withheld =
            self.withheld.get(&(name.wave.clone(), name.table.clone()))?.iter().find(|(breakdown, _)| hides(breakdown));
        withheld.map(|(_, why)| FigureState::Hidden(why.clone()))
    }
}

fn group(domain: &Value) -> Option<(String, String)> {
    let group = domain.get("group")?;
    let text = |key: &str| group.get(key).and_then(Value::as_str).map(str::to_owned);
    Some((text("breakdown")?, text("code")?))
}

fn state(cell: &Value) -> FigureState {
    let flagged = cell.get("flagged").map(|parts| parts.get(0).unwrap_or(parts));
    let figures = cell.get("shown").or(flagged);
    match figures.map(ReleasedFigures::deserialize) {
        Some(Ok(figures)) => FigureState::Shown(figures),
        Some(Err(_)) | None => FigureState::Hidden(reason(cell.get("hidden").unwrap_or(cell))),
    }
}

/// A reason for hiding, in the words of the store.
fn reason(why: &Value) -> String {
    why.as_str().map_or_else(|| why.to_string(), |word| word.replace('_', " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(units: i64, decimals: u8) -> ReleasedNumber {
        ReleasedNumber::from((units, decimals))
    }

    #[test]
    fn distances_are_counted_in_the_last_digit_that_both_have() {
        assert_eq!(number(81, 0).apart(number(82, 0)), 1);
        assert_eq!(number(814, 1).apart(number(812, 1)), 2);
        assert_eq!(number(81, 0).apart(number(814, 1)), 0, "81.4 is published as 81 where there are no decimals");
        assert_eq!(number(81, 0).apart(number(815, 1)), 1);
        assert_eq!(number(-5, 0).apart(number(5, 0)), 10);
    }

    #[test]
    fn numbers_of_different_decimals_are_ordered_by_value() {
        assert!(number(815, 1) > number(81, 0));
        assert_eq!(number(810, 1).cmp(&number(81, 0)), Ordering::Equal);
        assert!(number(-1, 0) < number(0, 3));
    }

    #[test]
    fn a_withheld_breakdown_hides_its_figures_and_no_others() {
        let store = br#"{"tables":[{"id":"t","rows":["r"],"domains":["total"],"cells":[[{"shown":
            {"estimate":[81,0],"high":[83,0],"low":[79,0],"n":100,"se":[9,1]}}]],
            "withheld":[{"breakdown":"size","why":"confidential"}]}]}"#;
        let tables = ReleasedTables::read(store).expect("it is a store");
        let figure = |group: Option<(&str, &str)>| FigureName {
            wave: None,
            table: "t".to_owned(),
            row: "r".to_owned(),
            group: group.map(|(breakdown, code)| (breakdown.to_owned(), code.to_owned())),
        };
        assert!(matches!(tables.state(&figure(None)), Some(FigureState::Shown(_))));
        let hidden = FigureState::Hidden("confidential".to_owned());
        assert_eq!(tables.state(&figure(Some(("size", "small")))), Some(hidden));
        assert_eq!(tables.state(&figure(Some(("level", "state")))), None);
    }

    #[test]
    fn numbers_of_earlier_waves_are_figures_of_their_own() {
        let store = |estimate: u8, printed: u8| {
            let text = format!(
                r#"{{"tables":[],"earlier":[{{"wave":"2019","tables":[{{"id":"t","rows":["r"],"domains":["total"],"cells":[[{{"shown":
                {{"estimate":[{estimate},0],"high":[83,0],"low":[79,0],"n":100,"se":[9,1]}}}}]]}}],
                "printed":[{{"table":"u","row":"s","group":["level","state"],"estimate":[{printed},0],"n":null}}]}}]}}"#
            );
            ReleasedTables::read(text.as_bytes()).expect("it is a store")
        };
        let tables = store(81, 40);
        assert_eq!(tables.names()[0].to_string(), "table t, row r, total, wave 2019");
        assert!(matches!(tables.state(&tables.names()[0]), Some(FigureState::Shown(_))));
        assert_eq!(tables.printed_otherwise(&store(82, 40)), []);
        let [(name, sides)] = &tables.printed_otherwise(&store(81, 41))[..] else { panic!("one differs") };
        assert_eq!(name.to_string(), "table u, row s, level state, wave 2019");
        assert_eq!(sides, &["40, as printed", "41, as printed"]);
        assert_eq!(tables.of_own_wave().names(), []);
    }
}
