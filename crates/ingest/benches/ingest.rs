//! What checking an export costs beside a plain parse of the same file into Parquet.
//!
//! The export is the Danish twin's, its rows repeated under new ids and with other answers to two batteries: a million answers, 108
//! columns, with register and frame. The
//! reference is `arrow-csv`, which looks at no code and no rule and has one thread. Prints the ratio on one thread and on as many as there
//! are cores, which can be compared between machines; seconds cannot. Each round has all roads, and the median of the rounds' ratios counts,
//! so that other work on the machine hits both sides. It fails where one thread reaches less than [`LEAST`] of the reference's speed by
//! processor time. Run by `make bench`.
#![expect(clippy::print_stdout, reason = "a benchmark prints")]

use std::error::Error;
use std::fs;
use std::io::{Cursor, Seek};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow_csv::ReaderBuilder;
use arrow_csv::reader::Format;
use codebook::{Country, Severity, SourceFile, WaveId};
use ingest::{PseudonymKey, RawFile, check};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

const ROWS: usize = 1_000_000;
/// Rounds, unless the first argument tells another number. In each the reference and the checks take turns.
const ROUNDS: usize = 5;
/// The wave that the fixture is an export of.
const WAVE: &str = "2019";
/// Rows from which the reference tells the types of the columns.
const ROWS_TRIED: usize = 10_000;
/// Questions whose answers are drawn anew in each row, so that no row repeats another: factors and culture, codes from 1.
const DRAWN: [&str; 2] = ["s_15_", "s_20_"];
const CODES: u64 = 6;
/// Columns of the Danish export that tell the unit: respondent, workplace, address.
const IDS: std::ops::Range<usize> = 1..4;
/// The least part of the reference's speed that is good enough.
const LEAST: f64 = 0.5;

fn main() -> Result<(), Box<dyn Error>> {
    let rounds = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(ROUNDS).max(1);
    let whole = country()?;
    let id = WaveId::new(WAVE)?;
    let country = whole.of_wave(id);
    let wave = country.waves.get(&id).ok_or("Denmark has the wave")?;
    let files = files()?;
    let key = PseudonymKey::of_random(&[1; 32]);
    let megabytes = files[0].bytes.len() / 1_000_000;
    println!("{ROWS} rows, {megabytes} MB; {rounds} rounds");
    let ingest = |threads| -> Result<usize, Box<dyn Error>> {
        let (checked, findings) = check(&country, wave, &files, &key, threads);
        if let Some(error) = findings.iter().find(|finding| finding.severity == Severity::Error) {
            return Err(error.to_string().into());
        }
        Ok(checked.ok_or("a wave without errors is there")?.parquet(threads)?.len())
    };
    let cores = std::thread::available_parallelism()?;
    let mut costs = Vec::new();
    for _ in 0..rounds {
        let reference = cost(&mut || parsed(&files[0].bytes))?;
        let on_one = cost(&mut || ingest(NonZeroUsize::MIN))?;
        costs.push([reference, on_one, cost(&mut || ingest(cores))?]);
    }
    println!(
        "speed as a part of that of arrow-csv on one thread; the median of the rounds, from the least to the most"
    );
    let ratios = |road: usize, time: fn(&Cost) -> Duration| {
        Spread::of(costs.iter().map(|round| ratio(&round[0], &round[road], time)))
    };
    for (road, what) in [(1, "check on one thread".to_owned()), (2, format!("check on {cores} threads"))] {
        let (processor, clock) = (ratios(road, |cost| cost.processor), ratios(road, |cost| cost.clock));
        println!("{what}: {processor} by processor time, {clock} by the clock");
    }
    let seconds = |road: usize| Spread::of(costs.iter().map(|round| round[road].processor.as_secs_f64()));
    println!("seconds of a processor: arrow-csv {}, check on one thread {}", seconds(0), seconds(1));
    println!("peak memory with the export in it: {}", peak_memory());
    let reached = ratios(1, |cost| cost.processor).median;
    if reached < LEAST {
        return Err(format!("one thread reached {reached:.2} of the speed of arrow-csv, less than {LEAST}").into());
    }
    Ok(())
}

/// What a piece of work takes.
#[derive(Debug, Clone, Copy)]
struct Cost {
    clock: Duration,
    /// Of all threads; that of the clock where the system does not tell. A busy machine disturbs it less than the clock.
    processor: Duration,
}

/// Does some work, which gives the size of what it wrote, and tells what it took.
fn cost(work: &mut dyn FnMut() -> Result<usize, Box<dyn Error>>) -> Result<Cost, Box<dyn Error>> {
    let (start, before) = (Instant::now(), processor_time());
    let bytes = work()?;
    assert!(bytes > 0, "something was written");
    let clock = start.elapsed();
    let processor = processor_time().zip(before).map_or(clock, |(after, before)| after - before);
    Ok(Cost { clock, processor })
}

/// How fast a road is, as a part of the reference beside it in the same round: whatever else the machine did then has slowed both.
fn ratio(reference: &Cost, road: &Cost, time: fn(&Cost) -> Duration) -> f64 {
    time(reference).as_secs_f64() / time(road).as_secs_f64()
}

/// The middle and the ends of what rounds measured.
struct Spread {
    least: f64,
    median: f64,
    greatest: f64,
}

impl Spread {
    fn of(values: impl Iterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = values.collect();
        sorted.sort_by(f64::total_cmp);
        let at = |place: usize| sorted.get(place).copied().unwrap_or(f64::NAN);
        Self { least: at(0), median: at(sorted.len() / 2), greatest: at(sorted.len().saturating_sub(1)) }
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.2} ({:.2} to {:.2})", self.median, self.least, self.greatest)
    }
}

/// Processor time of this process, as the kernel tells it: user and system, in hundredths of a second.
fn processor_time() -> Option<Duration> {
    let status = fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program may hold anything, and stands in brackets; the times are the 14th and 15th field.
    let (_, fields) = status.rsplit_once(')')?;
    let hundredths: u64 =
        fields.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Some(Duration::from_millis(hundredths * 10))
}

/// The parse that checks nothing: typed columns, one Parquet file, compressed as ours.
fn parsed(bytes: &[u8]) -> Result<usize, Box<dyn Error>> {
    let mut text = Cursor::new(bytes);
    let (schema, _) =
        Format::default().with_header(true).with_delimiter(b';').infer_schema(&mut text, Some(ROWS_TRIED))?;
    text.rewind()?;
    let schema = Arc::new(schema);
    let reader = ReaderBuilder::new(Arc::clone(&schema)).with_header(true).with_delimiter(b';').build(text)?;
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), schema, Some(properties))?;
    for batch in reader {
        writer.write(&batch?)?;
    }
    Ok(writer.into_inner()?.len())
}

fn country() -> Result<Country, Box<dyn Error>> {
    let mut sources = Vec::new();
    gather(&testkit::repository().join("pipelines/dnk"), "dnk", &mut sources)?;
    let (country, _) = Country::read("dnk", &sources);
    country.ok_or_else(|| "Denmark checks clean".into())
}

fn gather(folder: &Path, shown: &str, sources: &mut Vec<SourceFile>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let shown = format!("{shown}/{}", path.file_name().ok_or("a file has a name")?.to_string_lossy());
        if path.is_dir() {
            gather(&path, &shown, sources)?;
        } else {
            sources.push(SourceFile { path: shown, text: fs::read_to_string(path)? });
        }
    }
    Ok(())
}

/// Answers and register with as many rows as wanted, and a frame that is as many times as large.
fn files() -> Result<Vec<RawFile>, Box<dyn Error>> {
    let read =
        |name: &str| fs::read_to_string(testkit::repository().join("fixtures/dnk").join(WAVE).join("raw").join(name));
    let answers = read("synthetic-answers.csv")?;
    let times = ROWS / answers.lines().count() + 1;
    let frame = read("synthetic-frame.csv")?;
    let mut scaled = String::new();
    for line in frame.lines() {
        let (strata, count) = line.rsplit_once(';').ok_or("a frame has a count")?;
        let scaled_count =
            count.parse::<usize>().map_or_else(|_| count.to_owned(), |count| (count * times).to_string());
        scaled.push_str(&format!("{strata};{scaled_count}\n"));
    }
    let file = |name: &str, text: String| RawFile { path: format!("raw/{name}"), bytes: text.into_bytes() };
    Ok(vec![
        file("synthetic-answers.csv", repeated(&answers, times, IDS, ROWS)),
        file("synthetic-register.csv", repeated(&read("synthetic-register.csv")?, times, 1..2, usize::MAX)),
        file("synthetic-frame.csv", scaled),
    ])
}

/// The rows of a file, again and again, at most so many, with the number of the round before each id.
fn repeated(text: &str, times: usize, ids: std::ops::Range<usize>, rows_at_most: usize) -> String {
    let mut lines = text.lines();
    let names = text.lines().next().unwrap_or_default().split(';');
    let drawn: Vec<bool> = names.map(|name| DRAWN.iter().any(|start| name.starts_with(start))).collect();
    // A multiplicative generator (Park and Miller 1988): what is drawn does not matter, only that it is no pattern.
    let mut state = 1_u64;
    let mut repeated = lines.next().map_or_else(String::new, |header| format!("{header}\n"));
    let lines: Vec<Vec<&str>> = lines.map(|line| line.split(';').collect()).collect();
    let rows = (0..times).flat_map(|round| lines.iter().map(move |cells| (round, cells))).take(rows_at_most);
    for (round, cells) in rows {
        for (column, cell) in cells.iter().enumerate() {
            if column > 0 {
                repeated.push(';');
            }
            if ids.contains(&column) {
                repeated.push_str(&round.to_string());
            }
            if drawn[column] && !cell.is_empty() {
                state = state * 48_271 % 2_147_483_647;
                repeated.push_str(&(state % CODES + 1).to_string());
            } else {
                repeated.push_str(cell);
            }
        }
        repeated.push('\n');
    }
    repeated
}

/// The most memory that this process has had, as the kernel tells it.
fn peak_memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.map_or_else(|| "not told by this system".to_owned(), |peak| peak.trim().to_owned())
}
