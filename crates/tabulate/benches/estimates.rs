//! How much estimates cost beside the scan that they need.
//!
//! Prints ratios, which can be compared between machines; seconds cannot. Nothing is asserted: a benchmark that fails on a busy
//! machine tells nothing about the program. Run by `make bench`.
#![expect(clippy::print_stdout, reason = "a benchmark prints")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::array::{ArrayRef, BooleanArray, Decimal128Array, Int32Array, RecordBatch};
use codebook::{Expr, LonelyPsu, VariableName};
use datafusion::prelude::{ParquetReadOptions, SessionConfig, SessionContext};
use estimate::{Degrees, DesignTable, IntervalMethod, Method, Single, Stratum};
use parquet::arrow::ArrowWriter;
use tabulate::{Clusters, DataFile, Item, ItemKind, MissingWeight, Order, Placing, Scan, Scanned, Wanted};

const ROWS: usize = 1_000_000;
const STRATA: usize = 60;
const THREADS: usize = 2;
const REPEATS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    println!("{ROWS} rows, {STRATA} strata, {THREADS} threads; median of {REPEATS}");
    for (items, domains) in [(10, 12), (50, 1), (50, 10), (50, 100)] {
        let path = sample(folder.path(), items, domains)?;
        let statements = scanned(&path, items)?.statements;
        let statement = &statements.last().ok_or("a scan keeps its statements")?.sql;
        let estimates = median(|| estimates(&path, items))?;
        let scan = median(|| scan_alone(&path, statement))?;
        println!(
            "{items:>3} shares x {domains:>3} domains: {:.2} of the scan alone ({} ms, {} ms)",
            estimates.as_secs_f64() / scan.as_secs_f64(),
            estimates.as_millis(),
            scan.as_millis()
        );
    }
    Ok(())
}

fn median(mut run: impl FnMut() -> Result<(), Box<dyn Error>>) -> Result<Duration, Box<dyn Error>> {
    let mut times = Vec::new();
    for _ in 0..REPEATS {
        let start = Instant::now();
        run()?;
        times.push(start.elapsed());
    }
    times.sort();
    Ok(times[REPEATS / 2])
}

/// A file: stratum, domain, weight, then conditions.
fn sample(folder: &Path, items: usize, domains: usize) -> Result<PathBuf, Box<dyn Error>> {
    let path = folder.join(format!("{items}-{domains}.parquet"));
    // A multiplicative generator (Park and Miller 1988): what is drawn does not matter, only that it is no pattern.
    let mut state = 1_u64;
    let mut draw = |below: usize| -> Result<usize, std::num::TryFromIntError> {
        state = state * 48_271 % 2_147_483_647;
        Ok(usize::try_from(state)? % below)
    };
    let mut numbers = |below: usize| (0..ROWS).map(|_| draw(below)).collect::<Result<Vec<_>, _>>();
    let whole = |values: Vec<usize>| -> Result<ArrayRef, std::num::TryFromIntError> {
        Ok(Arc::new(values.into_iter().map(i32::try_from).collect::<Result<Vec<_>, _>>().map(Int32Array::from)?))
    };
    let mut columns: Vec<(String, ArrayRef)> =
        vec![("stratum".to_owned(), whole(numbers(STRATA)?)?), ("domain".to_owned(), whole(numbers(domains)?)?)];
    let weights = numbers(1_000_000)?
        .into_iter()
        .map(|units| i128::try_from(units + 1_000_000))
        .collect::<Result<Vec<_>, _>>()?;
    columns.push(("weight".to_owned(), Arc::new(Decimal128Array::from(weights).with_precision_and_scale(18, 6)?)));
    for item in 0..items {
        let answers: BooleanArray = numbers(100)?.into_iter().map(|percent| Some(percent < 20 + item)).collect();
        columns.push((format!("item_{item}"), Arc::new(answers)));
    }
    let batch = RecordBatch::try_from_iter(columns)?;
    let mut writer = ArrowWriter::try_new(std::fs::File::create(&path)?, batch.schema(), None)?;
    for start in (0..ROWS).step_by(ROWS / 10) {
        writer.write(&batch.slice(start, ROWS / 10))?;
        writer.flush()?;
    }
    writer.close()?;
    Ok(path)
}

/// The shares of every item in every domain, by columns in their order.
fn scan(items: usize) -> Result<Scan, Box<dyn Error>> {
    let column = |index: usize| VariableName::new(&format!("column.{index}"));
    let item = |index: usize| -> Result<Item, Box<dyn Error>> {
        let y = Expr::Variable(column(index + 3)?);
        Ok(Item { y, kind: ItemKind::Condition, x: None, within: None })
    };
    Ok(Scan {
        strata: vec![column(0)?],
        stages: Vec::new(),
        sizes: Vec::new(),
        weight: Some(column(2)?),
        replicates: Vec::new(),
        condition: None,
        by: vec![column(1)?],
        items: (0..items).map(item).collect::<Result<_, _>>()?,
        units: Wanted::Sums,
        order: Order::Asked,
        missing_weight: MissingWeight::Refused,
    })
}

fn scanned(path: &Path, items: usize) -> Result<Scanned, Box<dyn Error>> {
    let mut file = DataFile::open(path, THREADS)?;
    let names: Result<Vec<_>, _> = (0..items + 3).map(|index| VariableName::new(&format!("column.{index}"))).collect();
    file.name(names?);
    file.scan(&scan(items)?)?.map_err(|troubles| format!("{troubles:?}").into())
}

fn estimates(path: &Path, items: usize) -> Result<(), Box<dyn Error>> {
    let scanned = scanned(path, items)?;
    let stratum = |cluster: &tabulate::ScannedCluster| Stratum {
        key: Vec::new(),
        units: cluster.units,
        psus: cluster.units,
        population: None,
        weight: None,
    };
    let design = DesignTable::of_strata(scanned.clusters.iter().map(stratum).collect(), LonelyPsu::Refuse);
    let places: Vec<(usize, usize)> = (0..scanned.clusters.len()).map(|stratum| (stratum, 0)).collect();
    let placing = Placing { places: &places, weights: None, clusters: Clusters::None };
    let method = Method { shares: IntervalMethod::Xlogit, level: 0.95, degrees: Degrees::Design };
    for item in 0..items {
        for group in 0..scanned.groups.len() {
            std::hint::black_box(Single::Share.estimate(&scanned.sums(item, group, placing), &design, method));
        }
    }
    Ok(())
}

/// The statement that the estimates are made from, run by the engine and nothing else.
fn scan_alone(path: &Path, statement: &str) -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(THREADS).build()?;
    runtime.block_on(async {
        let mut configuration = SessionConfig::new().with_target_partitions(THREADS);
        configuration.options_mut().sql_parser.enable_ident_normalization = false;
        let context = SessionContext::new_with_config(configuration);
        let url = path.to_string_lossy();
        context.register_parquet("responses", url, ParquetReadOptions::default()).await?;
        std::hint::black_box(context.sql(statement).await?.collect().await?);
        Ok(())
    })
}
