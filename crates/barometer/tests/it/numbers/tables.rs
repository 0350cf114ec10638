//! What an edition publishes: the rows of its tables, its tests, its verdicts, the counts of the survey.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Estimate, error, limits and n of a cell that is shown.
type Cell = [String; 5];

pub(crate) struct Tables {
    cells: BTreeMap<String, Vec<Cell>>,
    tests: BTreeSet<[String; 3]>,
    counts_of_tests: BTreeSet<String>,
    weighted: BTreeSet<(String, String)>,
    /// Coefficient of variation, design effect, effective n.
    precision: BTreeSet<[String; 3]>,
    /// Late answers less early ones.
    late: BTreeSet<[String; 3]>,
    /// What was printed of the wave when it came out, per cent and n, and what the edition says of it.
    back_tests: BTreeSet<Vec<String>>,
    fieldwork: BTreeSet<String>,
    claims: BTreeSet<String>,
}

impl Tables {
    /// From the CSV files, by the names of their tables, the sealed store, and what the country tells of elsewhere and of then.
    pub(crate) fn new(
        files: impl Iterator<Item = (String, String)>,
        store: &Value,
        facts: &str,
        printed: &str,
    ) -> Self {
        let cells: BTreeMap<String, Vec<Cell>> = files.map(|(name, text)| (name, rows(&text))).collect();
        let families = store["families"].as_array().expect("a store has the tests of its pages");
        let sizes = families.iter().flat_map(|family| family["tests"].as_array().expect("a family has tests"));
        let size = |test: &Value| ["estimate", "low", "high"].map(|part| number(&test["size"][part]));
        let holds = |verdict: &&Value| verdict["kind"] == "holds";
        let verdicts = store["verdicts"].as_array().expect("a store has verdicts");
        let claim = |verdict: &Value| verdict["claim"].as_str().expect("a verdict is on a claim").to_owned();
        Self {
            tests: sizes.map(size).collect(),
            counts_of_tests: families.iter().map(|it| it["tests"].as_array().map_or(0, Vec::len).to_string()).collect(),
            weighted: weighted(store),
            precision: precision(store),
            late: store["late"].as_array().into_iter().flatten().map(size).collect(),
            back_tests: back_tests(store, printed),
            fieldwork: fieldwork(store),
            claims: verdicts.iter().filter(holds).map(claim).chain(facts_of(facts)).collect(),
            cells,
        }
    }

    fn of<'t>(&'t self, ids: &'t [String]) -> impl Iterator<Item = &'t Cell> {
        let tables = self.cells.iter().filter(move |(id, _)| ids.is_empty() || ids.contains(id));
        tables.flat_map(|(_, cells)| cells)
    }

    /// Whether a cell of one of these tables, or of any, has this estimate and these limits.
    pub(crate) fn has(&self, ids: &[String], [estimate, low, high]: [&String; 3]) -> bool {
        self.of(ids).any(|cell| [&cell[0], &cell[2], &cell[3]] == [estimate, low, high])
    }

    /// The same with n.
    pub(crate) fn has_row(&self, ids: &[String], [estimate, low, high, n]: [&String; 4]) -> bool {
        self.of(ids).any(|cell| [&cell[0], &cell[2], &cell[3], &cell[4]] == [estimate, low, high, n])
    }

    /// The same with the standard error.
    pub(crate) fn has_error(&self, row: [&String; 5]) -> bool {
        self.of(&[]).any(|cell| cell.each_ref() == row)
    }

    /// The same with what is told of its precision.
    pub(crate) fn has_precision(&self, row: &[String]) -> bool {
        let [estimate, error, low, high, n, beside @ ..] = row else { return false };
        let beside: Result<[String; 3], _> = beside.to_vec().try_into();
        self.has_error([estimate, error, low, high, n]) && beside.is_ok_and(|it| self.precision.contains(&it))
    }

    /// Three estimates of cells, and the difference between the last and the first with its limits.
    pub(crate) fn has_late(&self, row: &[String]) -> bool {
        let [first, middle, last, size @ ..] = row else { return false };
        let size: Result<[String; 3], _> = size.to_vec().try_into();
        let is_cell = |estimate: &String| self.of(&[]).any(|cell| cell[0] == *estimate);
        [first, middle, last].into_iter().all(is_cell) && size.is_ok_and(|it| self.late.contains(&it))
    }

    /// Estimate, limits and what was tested against: nothing, a half, or the ten points of "far more often".
    pub(crate) fn has_test(&self, [estimate, low, high, bound]: [&String; 4]) -> bool {
        let test = [estimate, low, high].map(Clone::clone);
        self.tests.contains(&test) && ["0", "10", "50"].contains(&bound.as_str())
    }

    /// A number as it was printed, as it is today, and the answers in both bases, those of then where they were printed.
    pub(crate) fn has_back_test(&self, row: &[String]) -> bool {
        self.back_tests.contains(row)
    }

    /// The numbers that were printed, which stand beside the reasons why they are other ones today.
    pub(crate) fn printed(&self) -> impl Iterator<Item = String> {
        self.back_tests.iter().filter_map(|row| row.first().cloned())
    }

    pub(crate) fn has_weighted(&self, weighted: &str, unweighted: &str) -> bool {
        self.weighted.contains(&(weighted.to_owned(), unweighted.to_owned()))
    }

    /// Whether a claim of this name was found to hold, or tells a fact from elsewhere, which the reading of the country compares.
    pub(crate) fn holds(&self, claim: &str) -> bool {
        self.claims.contains(claim)
    }

    /// Every number of some tables.
    pub(crate) fn numbers(&self, ids: &[String]) -> BTreeSet<String> {
        self.of(ids).flat_map(|cell| [&cell[0], &cell[2], &cell[3], &cell[4]].map(Clone::clone)).collect()
    }

    pub(crate) fn test_counts(&self) -> impl Iterator<Item = String> {
        self.counts_of_tests.iter().cloned()
    }

    /// The counts of the survey, and one per hundred of another.
    pub(crate) fn of_fieldwork(&self) -> BTreeSet<String> {
        self.fieldwork.clone()
    }
}

/// The shown rows of a table's CSV.
fn rows(text: &str) -> Vec<Cell> {
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().expect("there is a header").clone();
    let column = |name: &str| header.iter().position(|found| found == name).expect("a table has this column");
    let columns = ["estimate", "se", "ci_low", "ci_high", "n"].map(column);
    let rows = reader.records().map(|row| row.expect("a release has sound CSV"));
    rows.map(|row| columns.map(|column| row[column].to_owned())).filter(|cell| !cell[0].is_empty()).collect()
}

/// A number of the store, which keeps units and decimals.
fn number(value: &Value) -> String {
    let (units, decimals) = (value[0].as_i64().unwrap_or(0), value[1].as_u64().unwrap_or(0));
    let decimals = usize::try_from(decimals).expect("a number has few decimals");
    let digits = format!("{:0>width$}", units.unsigned_abs(), width = decimals + 1);
    let (whole, part) = digits.split_at(digits.len() - decimals);
    if part.is_empty() { whole.to_owned() } else { format!("{whole}.{part}") }
}

fn back_tests(store: &Value, printed: &str) -> BTreeSet<Vec<String>> {
    let mut reader = csv::Reader::from_reader(printed.as_bytes());
    let header = reader.headers().expect("there is a header").clone();
    let column = |name: &str| header.iter().position(|found| found == name).expect("it has this column");
    let columns = ["percent", "n"].map(column);
    let lines: Vec<[String; 2]> =
        reader.records().map(|row| row.expect("sound CSV")).map(|row| columns.map(|at| row[at].to_owned())).collect();
    let row = |tested: &Value| {
        let line = usize::try_from(tested["printed"].as_u64().expect("a line")).expect("a file has few lines");
        let [percent, n] = lines[line].clone();
        let today = [number(&tested["estimate"])];
        let n_then = (!n.is_empty()).then_some(n);
        let n_today = tested["n"].as_u64().expect("answers are counted").to_string();
        [percent].into_iter().chain(today).chain(n_then).chain([n_today]).collect()
    };
    store["back_tests"].as_array().into_iter().flatten().map(row).collect()
}

fn precision(store: &Value) -> BTreeSet<[String; 3]> {
    let shares = store["unweighted"].as_array().expect("a store has shares without weights");
    let told = |it: &Value| {
        let effective = it["effective"].as_u64().map_or_else(String::new, |n| n.to_string());
        [number(&it["variation"]), number(&it["design_effect"]), effective]
    };
    shares.iter().map(told).collect()
}

fn weighted(store: &Value) -> BTreeSet<(String, String)> {
    let tables = store["tables"].as_array().expect("a store has tables");
    let estimate = |table: &Value, row: &Value| {
        let table = tables.iter().find(|it| it["id"] == *table)?;
        let row = table["rows"].as_array()?.iter().position(|it| it == row)?;
        let cell = &table["cells"][row][0];
        let figures = if cell["shown"].is_object() { &cell["shown"] } else { &cell["flagged"][0] };
        Some(number(&figures["estimate"]))
    };
    let shares = store["unweighted"].as_array().expect("a store has shares without weights");
    shares.iter().filter_map(|it| Some((estimate(&it["table"], &it["row"])?, number(&it["share"])))).collect()
}

fn fieldwork(store: &Value) -> BTreeSet<String> {
    let mut counts = Vec::new();
    for part in ["fieldwork", "rules"] {
        gather(&store[part], &mut counts);
    }
    let fieldwork = &store["fieldwork"];
    let mut pairs: Vec<(u64, u64)> = Vec::new();
    let mut apart: Vec<String> = Vec::new();
    for coverage in fieldwork["coverage"].as_array().into_iter().flatten() {
        let groups = coverage["groups"].as_array().expect("coverage is told by groups");
        let of = |part: &str| groups.iter().map(|group| group[part].as_u64().unwrap_or(0)).collect::<Vec<_>>();
        let (answers, population, drawn) = (of("answers"), of("population"), of("drawn"));
        let all_drawn = drawn.iter().sum();
        pairs.extend(drawn.iter().map(|one| (*one, all_drawn)));
        let (all_answers, everybody) = (answers.iter().sum(), population.iter().sum());
        // How far the share of the answers is from that of the population, both as they are printed.
        let tenths = |part: u64, whole: u64| (part * 2000 + whole) / (2 * whole);
        apart.extend(answers.iter().zip(&population).map(|(one, units)| {
            let apart = tenths(*one, all_answers).abs_diff(tenths(*units, everybody));
            format!("{}.{}", apart / 10, apart % 10)
        }));
        apart.extend(groups.iter().map(|group| number(&group["weighted"])));
        pairs.extend(answers.iter().map(|one| (*one, all_answers)));
        pairs.extend(population.iter().map(|one| (*one, everybody)));
        pairs.extend(answers.into_iter().zip(population));
    }
    let weights = ["design_effect", "largest", "smallest"].map(|part| number(&fieldwork["weights"][part]));
    let answers = fieldwork["answers"].as_u64().expect("answers are counted");
    pairs.extend(
        counts.iter().filter(|count| **count > 0).flat_map(|count| [(answers, *count), (answers, answers + count)]),
    );
    let unfinished = left_out(fieldwork, "incomplete");
    let drawn = fieldwork["drawn"].as_u64().unwrap_or(0);
    // RR2, and what did not answer.
    pairs.extend([(answers + unfinished, drawn), (drawn - answers, drawn)]);
    let kinds: Vec<u64> = cells_by_kind(store).filter_map(|count| count.parse().ok()).collect();
    let all_cells: u64 = kinds.iter().sum();
    pairs.push((shown_cells(store), all_cells));
    let tables = store["tables"].as_array().map_or(0, Vec::len).to_string();
    // From 31 December 2019 and from 15 March 2020 to 4 December 2020, the waves of the series up to 2019, and over-coverage.
    let told = ["339", "264", "2", "0.0"].map(str::to_owned).into_iter().chain([tables]);
    let ratio = |(part, whole): (u64, u64)| {
        let tenths = (part * 2000 + whole).checked_div(2 * whole)?;
        Some(format!("{}.{}", tenths / 10, tenths % 10))
    };
    let counts = counts.iter().map(u64::to_string).chain(cells_by_kind(store));
    counts.chain(weights).chain(told).chain(apart).chain(pairs.into_iter().filter_map(ratio)).collect()
}

/// Rows of the export that are no answers for a reason.
fn left_out(fieldwork: &Value, reason: &str) -> u64 {
    let reasons = fieldwork["left_out"].as_array().into_iter().flatten();
    reasons.filter(|it| it[0] == reason).filter_map(|it| it[1].as_u64()).sum()
}

fn shown_cells(store: &Value) -> u64 {
    let rows = store["tables"].as_array().into_iter().flatten().flat_map(|table| table["cells"].as_array());
    let cells = rows.flatten().flat_map(|row| row.as_array().into_iter().flatten());
    let shown = cells.filter(|cell| cell["hidden"].is_null()).count();
    u64::try_from(shown).expect("cells are counted in 64 bits")
}

/// How many cells are shown, shown with a mark, and not shown for each reason.
fn cells_by_kind(store: &Value) -> impl Iterator<Item = String> {
    let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
    let rows = store["tables"].as_array().into_iter().flatten().flat_map(|table| table["cells"].as_array());
    for cell in rows.flatten().flat_map(|row| row.as_array().into_iter().flatten()) {
        let kind = cell.as_object().map_or("", |cell| cell.keys().next().map_or("", String::as_str));
        let kind = if kind == "hidden" { cell["hidden"].to_string() } else { kind.to_owned() };
        *kinds.entry(kind).or_default() += 1;
    }
    kinds.into_values().map(|count| count.to_string())
}

/// The names of the facts from elsewhere, which a run compares with the words that tell them.
fn facts_of(facts: &str) -> impl Iterator<Item = String> {
    facts.lines().filter_map(|line| Some(line.strip_prefix('[')?.strip_suffix(']')?.to_owned()))
}

/// Every whole number of a part of the store.
fn gather(value: &Value, found: &mut Vec<u64>) {
    match value {
        Value::Number(number) => found.extend(number.as_u64()),
        Value::Array(values) => values.iter().for_each(|value| gather(value, found)),
        Value::Object(fields) => fields.values().for_each(|value| gather(value, found)),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}
