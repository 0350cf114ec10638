//! The cells of a release, as its tidy CSV files tell them.

use std::collections::{BTreeMap, BTreeSet};

use disclose::{Spot, Statement, Told};

/// A number as it is printed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Printed {
    pub(super) value: f64,
    /// Half a unit of its last digit.
    pub(super) half: f64,
}

impl Printed {
    /// Reads a number with a point and any decimals.
    pub(super) fn read(text: &str) -> Option<Self> {
        let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let half = (0..decimals).fold(0.5, |half, _| half / 10.0);
        Some(Self { value: text.parse().ok()?, half })
    }
}

/// What a file says of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    /// There are numbers.
    Shown,
    /// Too few answers.
    Confidential,
    /// Nobody.
    Empty,
    /// Not shown for another reason.
    NotShown,
}

/// One row of a file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CellLine {
    /// The file.
    pub(super) file: String,
    pub(super) wave: String,
    /// Whether that is a wave before the release's own.
    pub(super) is_earlier: bool,
    pub(super) table: String,
    pub(super) unit: String,
    pub(super) item: String,
    /// Codes, joined by a plus.
    pub(super) category: String,
    pub(super) row_label: String,
    pub(super) group_label: String,
    pub(super) spot: Spot,
    pub(super) status: Status,
    /// Estimate, standard error, lower and upper limit: what is there.
    pub(super) numbers: [Option<Printed>; 4],
    pub(super) n: Option<u64>,
}

/// The names of [`CellLine::numbers`].
pub(super) const NUMBERS: [&str; 4] = ["estimate", "standard error", "lower limit", "upper limit"];

impl CellLine {
    /// `table innovation, row innovative, level state`, with the wave where it is an earlier one.
    pub(super) fn name(&self) -> String {
        let row = if self.category.is_empty() { self.item.clone() } else { format!("{}:{}", self.item, self.category) };
        let group = self.spot.group.as_ref();
        let group = group.map_or_else(|| "total".to_owned(), |(breakdown, code)| format!("{breakdown} {code}"));
        let wave = if self.is_earlier { format!(", wave {}", self.wave) } else { String::new() };
        format!("table {}, row {row}, {group}{wave}", self.table)
    }

    pub(super) fn is_share(&self) -> bool {
        self.unit == "per cent"
    }

    pub(super) fn is_hidden(&self) -> bool {
        self.status == Status::Confidential
    }

    /// Whether it shows this number as its estimate or a limit.
    pub(super) fn shows(&self, number: f64) -> bool {
        let [estimate, _, low, high] = &self.numbers;
        self.status == Status::Shown
            && [estimate, low, high].into_iter().flatten().any(|it| (it.value - number).abs() < 1e-6)
    }

    /// What follows for the attack from what the row says.
    fn statements(&self) -> Vec<Statement> {
        let tell = |told| Statement { spot: self.spot.clone(), told, place: self.file.clone() };
        let mut statements = match self.status {
            Status::Shown => Vec::new(),
            Status::Confidential => vec![tell(Told::Confidential)],
            Status::Empty => vec![tell(Told::Answers(0))],
            Status::NotShown => vec![tell(Told::NotShown)],
        };
        statements.extend(self.n.map(|n| tell(Told::Answers(n))));
        let share = self.numbers[0].filter(|_| self.is_share());
        statements.extend(share.map(|share| tell(share_told(share))));
        statements
    }
}

/// A share in per cent, for the attack.
pub(super) fn share_told(percent: Printed) -> Told {
    Told::Share { low: (percent.value - percent.half) / 100.0, high: (percent.value + percent.half) / 100.0 }
}

/// All cells of a release.
#[derive(Debug, Default)]
pub(super) struct Cells {
    /// By the folder of the language, which ends with a slash or is empty, and by table.
    by_language: BTreeMap<String, BTreeMap<String, Vec<CellLine>>>,
    /// Those of files that hold several tables.
    others: Vec<CellLine>,
    /// Those of several waves, by the folder of the language.
    over_waves: BTreeMap<String, Vec<CellLine>>,
}

impl Cells {
    /// Reads every file of cells; files of another form are passed over.
    pub(super) fn read(files: &BTreeMap<String, Vec<u8>>) -> Self {
        let mut cells = Self::default();
        for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(".csv")) {
            let Some((folder, name)) = path.split_once("data/") else { continue };
            if name == dataset::WAVES_FILE {
                cells.over_waves.insert(folder.to_owned(), lines(path, bytes));
                continue;
            }
            let table = name.trim_end_matches(".csv");
            for line in lines(path, bytes) {
                if line.table == table {
                    let tables = cells.by_language.entry(folder.to_owned()).or_default();
                    tables.entry(table.to_owned()).or_default().push(line);
                } else {
                    cells.others.push(line);
                }
            }
        }
        // The release's own wave is that of the files of its tables.
        let own = cells.once().next().map(|line| line.wave.clone());
        for line in cells.over_waves.values_mut().flatten() {
            line.is_earlier = own.as_ref().is_some_and(|own| *own != line.wave);
        }
        cells
    }

    /// Every row of every file.
    pub(super) fn all(&self) -> impl Iterator<Item = &CellLine> {
        let own = self.by_language.values().flat_map(BTreeMap::values).flatten();
        own.chain(&self.others).chain(self.over_waves.values().flatten())
    }

    /// The rows of the own wave, in the first language, each cell once.
    pub(super) fn once(&self) -> impl Iterator<Item = &CellLine> {
        self.by_language.values().next().into_iter().flat_map(BTreeMap::values).flatten()
    }

    /// The same with those of earlier waves.
    pub(super) fn once_of_every_wave(&self) -> impl Iterator<Item = &CellLine> {
        let over_waves = self.over_waves.values().next().into_iter().flatten();
        self.once().chain(over_waves.filter(|line| line.is_earlier))
    }

    /// The rows of a table with the labels of a page's language.
    pub(super) fn of_table(&self, page: &str, table: &str) -> &[CellLine] {
        let tables = self.by_language.get(folder(page)).or_else(|| self.by_language.get(""));
        tables.and_then(|tables| tables.get(table)).map_or(&[], Vec::as_slice)
    }

    /// All rows with the labels of a page's language.
    pub(super) fn of_page(&self, page: &str) -> impl Iterator<Item = &CellLine> {
        let tables = self.by_language.get(folder(page)).or_else(|| self.by_language.get(""));
        tables.into_iter().flat_map(BTreeMap::values).flatten()
    }

    /// The rows of the file of several waves, with the labels of a page's language.
    pub(super) fn lines_over_waves(&self, page: &str) -> impl Iterator<Item = &CellLine> {
        self.over_waves.get(folder(page)).or_else(|| self.over_waves.get("")).into_iter().flatten()
    }

    /// The rows of earlier waves with the labels of a page's language.
    pub(super) fn earlier_of_page(&self, page: &str) -> impl Iterator<Item = &CellLine> {
        self.lines_over_waves(page).filter(|line| line.is_earlier)
    }

    /// What the rows of each wave tell, each thing once with the first file that tells it. The answers of two waves are different answers.
    pub(super) fn statements(&self) -> BTreeMap<String, Vec<Statement>> {
        let mut known = BTreeSet::new();
        let mut by_wave: BTreeMap<String, Vec<Statement>> = BTreeMap::new();
        for line in self.all() {
            let statements = line.statements().into_iter();
            let new = statements.filter(|it| known.insert((&line.wave, it.spot.clone(), format!("{:?}", it.told))));
            by_wave.entry(line.wave.clone()).or_default().extend(new);
        }
        by_wave
    }
}

/// The folder of the language that a page is in.
fn folder(page: &str) -> &str {
    let below = page.trim_end_matches(|letter| letter != '/');
    below.trim_end_matches("figures/").trim_end_matches("data/")
}

fn lines(path: &str, bytes: &[u8]) -> Vec<CellLine> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let Ok(header) = reader.headers().cloned() else { return Vec::new() };
    let column = |name: &str| header.iter().position(|column| column == name);
    let needed =
        ["table", "base", "unit", "item", "category", "category_label", "breakdown", "group", "group_label", "wave"];
    let Some(places) = needed.iter().map(|name| column(name)).collect::<Option<Vec<_>>>() else { return Vec::new() };
    let rows = reader.records().filter_map(Result::ok);
    let line = |row: csv::StringRecord| {
        let at = |place: Option<usize>| place.and_then(|place| row.get(place)).unwrap_or_default().to_owned();
        let text = |index: usize| at(Some(places[index]));
        let number = |name: &str| Printed::read(&at(column(name)));
        let (table, unit, item, category) = (text(0), text(2), text(3), text(4));
        let status = match (at(column("status")).as_str(), at(column("reason")).as_str()) {
            ("shown" | "flagged" | "merged", _) => Status::Shown,
            (_, "confidential") => Status::Confidential,
            (_, "nobody in the group") => Status::Empty,
            (_, _) => Status::NotShown,
        };
        // What is no share has answers of its own: who has no number is not in them.
        let counted = if unit == "per cent" { item.clone() } else { format!("{item} ({unit})") };
        let group = Some((text(6), text(7))).filter(|(breakdown, _)| !breakdown.is_empty());
        let codes = category.split('+').filter(|code| !code.is_empty()).map(str::to_owned).collect();
        CellLine {
            file: path.to_owned(),
            wave: text(9),
            is_earlier: false,
            row_label: text(5),
            group_label: text(8),
            spot: Spot { base: text(1), item: counted, codes, group },
            status,
            numbers: ["estimate", "se", "ci_low", "ci_high"].map(number),
            n: at(column("n")).parse().ok(),
            table,
            unit,
            item,
            category,
        }
    };
    rows.map(line).collect()
}
