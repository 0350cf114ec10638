//! A made-up release of linked tables, for the benchmark and for the test of what protection loses.
//!
//! 3,000 people in 4 regions and 24 trades, of which some are rare, answer 40 questions. Half of the tables show five answers by region and half a yes by
//! trade, of everybody and of four bases: cells that are linked by bases that are rows of other tables, by totals, and by parts that add up. The naive rule
//! withholds a table's breakdown as soon as one of its groups is confidential.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use codebook::{
    BaseId, Code, Measure, Place, Row, RowId, Sensitivity, TableId, TableSpec, Translated, VariableName, WaveId,
};
use disclose::{
    Cell, Derived, Fieldwork, Hidden, Published, Release, Rules, Spot, Statement, Surroundings, Told, Unions, attack,
    disclose,
};
use estimate::{
    Contributors, Degrees, Domain, Estimate, IntervalMethod, Membership, Method, NotEstimable, Outcome, Table, Wide,
};

const PEOPLE: usize = 3_000;
const SMALLEST_BASE: u64 = 5;

/// Made-up answers; the same on every machine.
struct Random(u64);

impl Random {
    /// A number below `most`.
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % most
    }
}

/// One who answered.
struct Person {
    region: usize,
    trade: usize,
    innovates: bool,
    copies: bool,
    shares: bool,
    /// Answers from 0 to 4.
    answers: [u64; 20],
    /// Yes or no.
    says_yes: [bool; 20],
}

fn people() -> Vec<Person> {
    let mut random = Random(20_190_617);
    let index = |number: u64| usize::try_from(number).expect("small numbers");
    (0..PEOPLE)
        .map(|_| {
            // The product of two numbers is more often small: trades of the last third are rare.
            let trade = index(random.below(24) * random.below(24) / 23);
            Person {
                region: index(random.below(4)),
                trade,
                innovates: random.below(10) < 6,
                copies: random.below(10) < 3,
                shares: random.below(10) < 4,
                answers: std::array::from_fn(|_| random.below(5)),
                says_yes: std::array::from_fn(|question| random.below(20) <= as_u64(question)),
            }
        })
        .collect()
}

type Counts = fn(&Person) -> bool;

/// The bases, from the widest.
const BASES: [(&str, Counts); 5] = [
    ("all", |_| true),
    ("innovative", |person| person.innovates),
    ("others", |person| !person.innovates),
    ("copying", |person| person.innovates && person.copies),
    ("sharing", |person| person.innovates && person.copies && person.shares),
];

/// What came of a release.
pub(crate) struct Outcomes {
    /// Its tables and their cells.
    pub(crate) tables: usize,
    pub(crate) cells: usize,
    /// How long it took.
    pub(crate) protected: Duration,
    pub(crate) attacked: Duration,
    /// Cells that are confidential by themselves.
    pub(crate) primary: usize,
    /// Cells that are hidden beyond these, and how many the naive rule would hide beyond them.
    pub(crate) more: usize,
    pub(crate) naive_more: usize,
    /// What can be derived.
    pub(crate) derived: Vec<Derived>,
}

/// Protects and attacks ten tables for each of so many questions.
pub(crate) fn outcomes(questions: usize) -> Outcomes {
    let people = people();
    let made: Vec<(TableSpec, Table, Vec<Vec<Contributors>>)> =
        (0..10 * questions).map(|table| table_of(table, questions, &people)).collect();
    let specs: Vec<&TableSpec> = made.iter().map(|(spec, ..)| spec).collect();
    let tables: Vec<Table> = made.iter().map(|(_, table, _)| table.clone()).collect();
    let contributors: Vec<_> = made.iter().map(|(.., behind)| behind.clone()).collect();
    let memberships = memberships(&people);
    let started = Instant::now();
    let unions = Unions::of(&memberships, &specs, SMALLEST_BASE);
    let published = disclose(release(&specs, &tables, &contributors, &unions));
    let protected = started.elapsed();
    let statements = statements(&specs, &published);
    let started = Instant::now();
    let derived = attack(&statements, Surroundings { asked: SMALLEST_BASE, weight_ratio: 1.0 });
    let attacked = started.elapsed();
    let primary = count(&contributors, |behind| (1..SMALLEST_BASE).contains(&behind.n));
    Outcomes {
        tables: specs.len(),
        cells: tables.iter().flat_map(|table| &table.cells).map(Vec::len).sum(),
        protected,
        attacked,
        primary,
        more: hidden(&specs, &published).saturating_sub(primary),
        naive_more: naive(&contributors).saturating_sub(primary),
        derived,
    }
}

/// Each person alone, as in a file where nobody is like another one.
fn memberships(people: &[Person]) -> Vec<Membership> {
    let code = |index: usize| Code::new(&(index + 1).to_string()).expect("a code");
    let group = |name: &str, index| (VariableName::new(name).expect("a name"), code(index));
    let bases = |person: &Person| {
        let in_base = BASES.iter().filter(|(_, is_in)| is_in(person));
        in_base.map(|(base, _)| BaseId::new(base).expect("a name")).collect()
    };
    let groups = |person: &Person| [group("region", person.region), group("trade", person.trade)].into();
    people.iter().map(|it| Membership { n: 1, bases: bases(it), groups: groups(it) }).collect()
}

fn as_u64(number: usize) -> u64 {
    u64::try_from(number).expect("64 bits")
}

fn translated() -> Translated {
    Translated::default()
}

/// The first half of the tables show an answer of five by region, the others a yes by trade.
fn table_of(table: usize, questions: usize, people: &[Person]) -> (TableSpec, Table, Vec<Vec<Contributors>>) {
    let (base, is_asked) = BASES[table % BASES.len()];
    let question = table / BASES.len() % questions;
    let by_region = table < BASES.len() * questions;
    let breakdown = VariableName::new(if by_region { "region" } else { "trade" }).expect("a name");
    let groups = if by_region { 4 } else { 24 };
    let item = VariableName::new(&format!("{}{question}", if by_region { "answer" } else { "yes" })).expect("a name");
    let codes: Vec<Option<u64>> = if by_region { (0..5).map(Some).collect() } else { vec![None] };
    let row = |code: &Option<u64>| Row {
        id: RowId::new(&code.map_or_else(|| item.to_string(), |code| format!("{item}:{code}"))).expect("a name"),
        label: translated(),
        item: item.clone(),
        over: None,
        codes: code.iter().map(|code| Code::new(&code.to_string()).expect("a code")).collect(),
    };
    let rows: Vec<Row> = codes.iter().map(row).collect();
    let is_in = |person: &Person, group: usize| {
        let own = if by_region { person.region } else { person.trade };
        is_asked(person) && (group == 0 || own + 1 == group)
    };
    let says = |person: &Person, code: Option<u64>| match code {
        Some(code) => person.answers[question] == code,
        None if question == 0 => person.innovates,
        None => person.says_yes[question],
    };
    let cell = |code: Option<u64>, group: usize| {
        let of_group = || people.iter().filter(move |person| is_in(person, group));
        let n = as_u64(of_group().count());
        let positive = as_u64(of_group().filter(|person| says(person, code)).count());
        let size = Wide::from_count(n).to_f64();
        let behind =
            Contributors { n, positive, weight: size, lightest: 1.0, heaviest: 1.0, take_all: false, sizes: None };
        (outcome(n, positive), behind)
    };
    let (cells, behind) = codes.iter().map(|code| (0..=groups).map(|group| cell(*code, group)).unzip()).unzip();
    let id = TableId::new(&format!("table{table}")).expect("a name");
    let made = Table {
        id: id.clone(),
        domains: (0..=groups).map(|group| domain(&breakdown, group)).collect(),
        rows: rows.iter().map(|row| row.id.clone()).collect(),
        cells,
        strata: Vec::new(),
        differences: Vec::new(),
        row_differences: Vec::new(),
    };
    let spec = TableSpec {
        id,
        title: translated(),
        base: BaseId::new(base).expect("a name"),
        measure: Measure::Share,
        rows,
        breakdowns: vec![breakdown],
        decimals: 0,
        scale: None,
        sensitivity: Sensitivity::Ordinary,
        base_sensitivity: Sensitivity::Ordinary,
        place: Place::File { file: "tables.toml".to_owned() },
    };
    (spec, made, behind)
}

/// The total, then the groups from 1 on.
fn domain(breakdown: &VariableName, group: usize) -> Domain {
    match group {
        0 => Domain::Total,
        group => Domain::Group { breakdown: breakdown.clone(), code: Code::new(&group.to_string()).expect("a code") },
    }
}

fn outcome(n: u64, positive: u64) -> Outcome {
    if n == 0 {
        return Outcome::NotEstimable { reason: NotEstimable::Empty, n };
    }
    let (size, value) = (Wide::from_count(n).to_f64(), Wide::from_ratio(positive, n).to_f64());
    let se = (value * (1.0 - value) / size).sqrt();
    let (low, high) = ((value - 2.0 * se).max(0.0), (value + 2.0 * se).min(1.0));
    Outcome::Estimated(Estimate { value, se, low, high, df: size, n, positive, deff: None, sides: None })
}

fn release<'a>(
    specs: &'a [&'a TableSpec],
    tables: &'a [Table],
    contributors: &'a [Vec<Vec<Contributors>>],
    unions: &'a Unions,
) -> Release<'a> {
    static NO_PHRASES: BTreeMap<codebook::Language, Vec<codebook::SharePhrase>> = BTreeMap::new();
    Release {
        wave: WaveId::new("2019").expect("a year"),
        synthetic: true,
        // Uncertainty is no secret, and would only blur what is lost to protection.
        rules: Rules { quality: codebook::QualityPreset::None, ..Rules::with_smallest_base(SMALLEST_BASE) },
        method: Method { shares: IntervalMethod::Xlogit, level: 0.95, degrees: Degrees::Domain },
        specs,
        tables,
        contributors,
        unions,
        themes: &[],
        wordings: &[],
        phrases: &NO_PHRASES,
        beside: disclose::Beside::default(),
        fieldwork: Fieldwork::default(),
    }
}

/// What a reader is told of every cell, those of withheld parts included.
fn statements(specs: &[&TableSpec], published: &Published) -> Vec<Statement> {
    let mut statements = Vec::new();
    for (spec, table) in specs.iter().zip(published.tables()) {
        for (row, domain) in spec.rows.iter().flat_map(|row| table.domains().iter().map(move |domain| (row, domain))) {
            let group = match domain {
                Domain::Total => None,
                Domain::Group { breakdown, code } => Some((breakdown.to_string(), code.to_string())),
            };
            let codes = row.codes.iter().map(Code::to_string).collect();
            let spot = Spot { base: spec.base.to_string(), item: row.item.to_string(), codes, group };
            let tell = |told| Statement { spot: spot.clone(), told, place: spec.id.to_string() };
            match table.cell(&row.id, domain) {
                Some(Cell::Shown(figures) | Cell::Flagged(figures, _)) => {
                    let percent: f64 = figures.estimate().to_string().parse().expect("a number");
                    let share = Told::Share { low: (percent - 0.5) / 100.0, high: (percent + 0.5) / 100.0 };
                    statements.extend([tell(Told::Answers(figures.n())), tell(share)]);
                }
                Some(Cell::Hidden(Hidden::Empty)) => statements.push(tell(Told::Answers(0))),
                Some(Cell::Hidden(Hidden::Confidential)) | None => statements.push(tell(Told::Confidential)),
                Some(Cell::Hidden(_)) => statements.push(tell(Told::NotShown)),
            }
        }
    }
    statements
}

fn count(contributors: &[Vec<Vec<Contributors>>], is_it: fn(&Contributors) -> bool) -> usize {
    contributors.iter().flatten().flatten().filter(|behind| is_it(behind)).count()
}

/// Cells with answers that are not shown, in parts that are withheld, too.
fn hidden(specs: &[&TableSpec], published: &Published) -> usize {
    let of_table = |(spec, table): (&&TableSpec, &disclose::PublishedTable)| {
        let groups = if spec.rows.len() == 5 { 4 } else { 24 };
        let cells =
            spec.rows.iter().flat_map(|row| table.domains().iter().filter_map(|domain| table.cell(&row.id, domain)));
        let is_told = |cell: &&Cell| !matches!(cell, Cell::Hidden(Hidden::Confidential));
        spec.rows.len() * (groups + 1) - cells.filter(is_told).count()
    };
    specs.iter().zip(published.tables()).map(of_table).sum()
}

/// Cells with answers in tables of which a group is confidential.
fn naive(contributors: &[Vec<Vec<Contributors>>]) -> usize {
    let few = |behind: &Contributors| (1..SMALLEST_BASE).contains(&behind.n);
    let is_touched = |rows: &&Vec<Vec<Contributors>>| rows.iter().flatten().any(few);
    let groups = |row: &Vec<Contributors>| row.iter().skip(1).filter(|behind| behind.n > 0).count();
    contributors.iter().filter(is_touched).flatten().map(groups).sum()
}
