//! The cells of a release, as its tidy CSV files tell them.

use std::collections::{BTreeMap, BTreeSet};

use disclose::{Spot, Statement, Told};

use super::compared::ComparedRow;

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

    /// The cells of a comparison over countries, whose editions stand as groups, and what each row says of its edition; parallel to [`Cells::all`].
    pub(super) fn of_comparison(files: &BTreeMap<String, Vec<u8>>) -> (Self, Vec<ComparedRow>) {
        let mut cells = Self::default();
        let mut rows = Vec::new();
        let folder =
            |path: &String| path.strip_suffix(dataset::COMPARISON_FILE)?.strip_suffix("data/").map(str::to_owned);
        let by_folder: BTreeMap<String, (&String, &Vec<u8>)> =
            files.iter().filter_map(|(path, bytes)| Some((folder(path)?, (path, bytes)))).collect();
        for (folder, (path, bytes)) in by_folder {
            let tables = cells.by_language.entry(folder).or_default();
            let mut of_language: BTreeMap<String, Vec<(CellLine, ComparedRow)>> = BTreeMap::new();
            for (line, row) in compared_lines(path, bytes) {
                of_language.entry(line.table.clone()).or_default().push((line, row));
            }
            for (table, told) in of_language {
                let (lines, of_rows): (Vec<_>, Vec<_>) = told.into_iter().unzip();
                rows.extend(of_rows);
                tables.insert(table, lines);
            }
        }
        (cells, rows)
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
        let tables = of_language(&self.by_language, page);
        tables.and_then(|tables| tables.get(table)).map_or(&[], Vec::as_slice)
    }

    /// The rows of a file that holds several tables.
    pub(super) fn of_file<'c>(&'c self, path: &'c str) -> impl Iterator<Item = &'c CellLine> {
        self.others.iter().filter(move |line| line.file == path)
    }

    /// The rows of the own wave in files of a folder that hold several tables.
    pub(super) fn of_other_files(&self, below: &str) -> impl Iterator<Item = &CellLine> {
        let data = format!("{below}data/");
        let of_waves = self.over_waves.get(below).into_iter().flatten().filter(|line| !line.is_earlier);
        let others = self.others.iter().filter(move |line| line.file.starts_with(&data));
        others.chain(of_waves)
    }

    /// All rows with the labels of a page's language.
    pub(super) fn of_page(&self, page: &str) -> impl Iterator<Item = &CellLine> {
        let tables = of_language(&self.by_language, page);
        tables.into_iter().flat_map(BTreeMap::values).flatten()
    }

    /// The rows of the file of several waves, with the labels of a page's language.
    pub(super) fn lines_over_waves(&self, page: &str) -> impl Iterator<Item = &CellLine> {
        of_language(&self.over_waves, page).into_iter().flatten()
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

/// What there is in the language of a page: that of the nearest folder above it which has files of cells.
fn of_language<'m, T>(by_language: &'m BTreeMap<String, T>, page: &str) -> Option<&'m T> {
    let ends = page.char_indices().rev().filter(|(_, letter)| *letter == '/').map(|(at, _)| at + 1);
    ends.chain([0]).find_map(|end| by_language.get(&page[..end]))
}

fn lines(path: &str, bytes: &[u8]) -> Vec<CellLine> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let Ok(header) = reader.headers().cloned() else { return Vec::new() };
    let header: Vec<String> = header.iter().map(str::to_owned).collect();
    let rows = reader.records().filter_map(Result::ok).map(|row| row.iter().map(str::to_owned).collect());
    lines_of(path, &header, &rows.collect::<Vec<Vec<String>>>()).unwrap_or_default()
}

/// The rows of a tidy file by the names of its columns. `None` where it has not all columns that tell what a cell is.
pub(super) fn lines_of(path: &str, header: &[String], rows: &[Vec<String>]) -> Option<Vec<CellLine>> {
    let column = |name: &str| header.iter().position(|column| column == name);
    let needed =
        ["table", "base", "unit", "item", "category", "category_label", "breakdown", "group", "group_label", "wave"];
    let places = needed.iter().map(|name| column(name)).collect::<Option<Vec<_>>>()?;
    let line = |row: &Vec<String>| {
        let at = |place: Option<usize>| place.and_then(|place| row.get(place)).cloned().unwrap_or_default();
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
    Some(rows.iter().map(line).collect())
}

/// The rows of a comparison's file of cells.
fn compared_lines(path: &str, bytes: &[u8]) -> Vec<(CellLine, ComparedRow)> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let rows = reader.deserialize::<BTreeMap<String, String>>().filter_map(Result::ok);
    let line = |row: BTreeMap<String, String>| {
        let text = |name: &str| row.get(name).cloned().unwrap_or_default();
        let status = match (text("status").as_str(), text("reason").as_str()) {
            ("shown" | "flagged", _) => Status::Shown,
            ("hidden", "confidential") => Status::Confidential,
            (_, _) => Status::NotShown,
        };
        let (item, category) = (text("item"), text("category"));
        let codes = category.split('+').filter(|code| !code.is_empty()).map(str::to_owned).collect();
        let group = Some(("edition".to_owned(), text("edition")));
        let line = CellLine {
            file: path.to_owned(),
            wave: text("wave"),
            is_earlier: false,
            row_label: text("item_label"),
            group_label: text("edition_label"),
            spot: Spot { base: text("base"), item: item.clone(), codes, group },
            status,
            numbers: ["per_cent", "se", "lower", "upper"].map(|name| Printed::read(&text(name))),
            n: text("n").parse().ok(),
            table: text("table"),
            unit: "per cent".to_owned(),
            item,
            category,
        };
        let group = Some((text("breakdown"), text("group"))).filter(|(breakdown, _)| !breakdown.is_empty());
        (line, ComparedRow { country: text("country"), wave: text("wave"), group, origin: text("origin") })
    };
    rows.map(line).collect()
}
