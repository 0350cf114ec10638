//! DataFusion: one runtime, one table, several statements at once.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BooleanArray, Decimal128Array, Float64Array, Int64Array, RecordBatch, RecordBatchOptions,
    StringArray, new_empty_array,
};
use arrow::compute::{cast, concat};
use arrow::datatypes::{DataType, FieldRef, SchemaRef};
use arrow::error::ArrowError;
use codebook::Decimal;
use datafusion::error::DataFusionError;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::GreedyMemoryPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use datafusion::prelude::{ParquetReadOptions, SessionConfig, SessionContext};
use estimate::Wide;
use tokio::runtime::Runtime;
use tokio::task::{JoinError, JoinSet};

use crate::TabulateError;
use crate::plan::Statement;
use crate::sql::RESPONSES;

/// The planner of the engine recurses over expressions, deeper than the default of 2 MiB allows.
const STACK_BYTES: usize = 16 << 20;

/// The name of every thread that the engine works in. A panic there never leaves the engine: it becomes an error.
pub const ENGINE_THREADS: &str = "sql-engine";

/// What the engine may take of the machine. No result depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resources {
    /// Threads.
    pub threads: usize,
    /// Bytes of memory for what statements collect; `None` is as many as there are. Nothing is laid on the disk instead, since that
    /// would be answers outside of the private folder: a statement that needs more fails.
    pub memory: Option<NonZeroUsize>,
}

impl Resources {
    /// So many threads, and as much memory as there is.
    #[must_use]
    pub fn of_threads(threads: usize) -> Self {
        Self { threads, memory: None }
    }
}

/// The SQL engine with the answers as its only table.
pub(crate) struct Engine {
    runtime: Runtime,
    context: SessionContext,
    /// How many statements are run beside each other.
    beside: usize,
    columns: BTreeSet<String>,
    types: Vec<(String, DataType)>,
}

impl Engine {
    /// Opens a Parquet file. Nothing but its schema is read.
    pub(crate) fn open(parquet: &Path, resources: Resources) -> Result<Self, TabulateError> {
        let threads = resources.threads.max(1);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(threads)
            .thread_stack_size(STACK_BYTES)
            .thread_name(ENGINE_THREADS)
            .build()
            .map_err(TabulateError::Threads)?;
        let context = context(resources)?;
        // A task of its own, since the reader may panic on a damaged file.
        let opening = runtime.spawn(open(context.clone(), parquet.to_owned()));
        match runtime.block_on(opening).map_err(|stopped| panicked("open", stopped))? {
            Ok(types) => {
                let columns = types.iter().map(|(name, _)| name.clone()).collect();
                Ok(Self { runtime, context, beside: threads, columns, types })
            }
            Err(source) => Err(TabulateError::Open { path: parquet.to_owned(), source: Box::new(source) }),
        }
    }

    /// The names of the file's columns.
    pub(crate) fn columns(&self) -> &BTreeSet<String> {
        &self.columns
    }

    /// The file's columns in their order, each with its type.
    pub(crate) fn types(&self) -> &[(String, DataType)] {
        &self.types
    }

    /// Runs statements, as many side by side as there are threads: each of them uses all threads, and what it has in memory while it reads the
    /// file does not depend on the others. Their results come in the order of the statements.
    pub(crate) fn run(&self, statements: &[&Statement]) -> Result<Vec<Outcome>, TabulateError> {
        self.runtime.block_on(async {
            let mut running = JoinSet::new();
            let mut tasks = Vec::new();
            let mut waiting = statements.iter();
            let mut outcomes = Vec::new();
            loop {
                while running.len() < self.beside
                    && let Some(statement) = waiting.next()
                {
                    tasks.push(running.spawn(run(self.context.clone(), Statement::clone(statement))).id());
                }
                let place =
                    |id| tasks.iter().position(|task| *task == id).expect("every task was noted when it was started");
                let Some(ended) = running.join_next_with_id().await else { break };
                outcomes.push(match ended {
                    Ok((id, outcome)) => (place(id), outcome),
                    Err(stopped) => {
                        (place(stopped.id()), Err(panicked(&statements[place(stopped.id())].name, stopped)))
                    }
                });
            }
            outcomes.sort_by_key(|(place, _)| *place);
            outcomes.into_iter().map(|(_, outcome)| outcome).collect()
        })
    }
}

/// Registers the file as the only table; its columns with their types.
async fn open(context: SessionContext, parquet: PathBuf) -> Result<Vec<(String, DataType)>, DataFusionError> {
    let url = file_url(&parquet)?;
    let mut types = register(&context, &url).await?;
    types.extend(repeated(&parquet, &types)?);
    if types.iter().any(|(_, found)| found.is_floating()) {
        // The extremes that a file keeps of a column leave out what is no number: a column of ones and NaN would be read as ones alone.
        context.deregister_table(RESPONSES)?;
        context.state_ref().write().config_mut().options_mut().execution.collect_statistics = false;
        register(&context, &url).await?;
    }
    Ok(types)
}

/// The columns of the file beyond the first of each name, of which the engine tells one only.
fn repeated(parquet: &Path, told: &[(String, DataType)]) -> Result<Vec<(String, DataType)>, DataFusionError> {
    let file = ArrowReaderMetadata::load(&File::open(parquet)?, ArrowReaderOptions::new())?;
    let mut left: BTreeMap<&str, usize> = BTreeMap::new();
    told.iter().for_each(|(name, _)| *left.entry(name).or_default() += 1);
    let mut repeated = Vec::new();
    for field in file.schema().fields() {
        match left.get_mut(field.name().as_str()) {
            Some(more) if *more > 0 => *more -= 1,
            Some(_) | None => repeated.push((field.name().clone(), field.data_type().clone())),
        }
    }
    Ok(repeated)
}

async fn register(context: &SessionContext, url: &str) -> Result<Vec<(String, DataType)>, DataFusionError> {
    let options = ParquetReadOptions { file_extension: "", ..ParquetReadOptions::default() };
    context.register_parquet(RESPONSES, url, options).await?;
    let schema = context.table(RESPONSES).await?.schema().inner().clone();
    Ok(schema.fields().iter().map(|field| (field.name().clone(), field.data_type().clone())).collect())
}

/// A task that did not end, as an error with the words of its panic.
fn panicked(task: &str, stopped: JoinError) -> TabulateError {
    let words = |payload: Box<dyn std::any::Any + Send>| match payload.downcast::<String>() {
        Ok(words) => *words,
        Err(payload) => payload.downcast::<&'static str>().map_or_else(|_| String::new(), |words| (*words).to_owned()),
    };
    let message = match stopped.try_into_panic() {
        Ok(payload) => words(payload),
        Err(cancelled) => cancelled.to_string(),
    };
    TabulateError::Panicked { task: task.to_owned(), message }
}

/// The file as a URL. The engine would take some characters of a plain path for a pattern of several files.
fn file_url(path: &Path) -> std::io::Result<String> {
    let absolute = std::path::absolute(path)?;
    let mut url = "file://".to_owned();
    for byte in absolute.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(byte) {
            url.push(char::from(*byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
    Ok(url)
}

fn configuration(threads: usize) -> SessionConfig {
    let mut configuration = SessionConfig::new().with_target_partitions(threads);
    let parser = &mut configuration.options_mut().sql_parser;
    parser.enable_ident_normalization = false;
    parser.parse_float_as_decimal = true;
    configuration
}

/// A session with its threads and its memory.
fn context(resources: Resources) -> Result<SessionContext, TabulateError> {
    let configuration = configuration(resources.threads.max(1));
    let Some(memory) = resources.memory else { return Ok(SessionContext::new_with_config(configuration)) };
    let disk = DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled);
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(GreedyMemoryPool::new(memory.get())))
        .with_disk_manager_builder(disk)
        .build_arc()
        .map_err(|source| TabulateError::of("open", source))?;
    Ok(SessionContext::new_with_config_rt(configuration, runtime))
}

async fn run(context: SessionContext, statement: Statement) -> Result<Outcome, TabulateError> {
    let failed = |source: DataFusionError| TabulateError::of(&statement.name, source);
    let frame = context.sql(&statement.sql).await.map_err(failed)?;
    let schema = Arc::clone(frame.schema().inner());
    let batches = frame.collect().await.map_err(failed)?;
    let batch = joined(&schema, batches).map_err(|source| failed(source.into()))?;
    Ok(Outcome { statement: statement.name, batch })
}

/// Batches as one, column by column: a result with a row for each unit is large, and only one of its columns is there twice.
fn joined(schema: &SchemaRef, batches: Vec<RecordBatch>) -> Result<RecordBatch, ArrowError> {
    let rows = batches.iter().map(RecordBatch::num_rows).sum();
    let mut pieces: Vec<Vec<ArrayRef>> = vec![Vec::new(); schema.fields().len()];
    for batch in batches {
        pieces.iter_mut().zip(batch.columns()).for_each(|(pieces, column)| pieces.push(Arc::clone(column)));
    }
    let column = |(pieces, field): (Vec<ArrayRef>, &FieldRef)| {
        if pieces.is_empty() {
            return Ok(new_empty_array(field.data_type()));
        }
        concat(&pieces.iter().map(AsRef::as_ref).collect::<Vec<&dyn Array>>())
    };
    let columns = pieces.into_iter().zip(schema.fields()).map(column).collect::<Result<Vec<ArrayRef>, ArrowError>>()?;
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(Arc::clone(schema), columns, &options)
}

/// What a statement gave, with typed access to its columns by position.
pub(crate) struct Outcome {
    statement: String,
    batch: RecordBatch,
}

impl Outcome {
    pub(crate) fn rows(&self) -> usize {
        self.batch.num_rows()
    }

    /// A column of codes, in whatever encoding the engine chose for them.
    pub(crate) fn texts(&self, column: usize) -> Result<StringArray, TabulateError> {
        let array = self.array(column, "text", |found| {
            matches!(found, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Dictionary(..))
        })?;
        let texts = self.converted(cast(array, &DataType::Utf8))?;
        Ok(texts.as_any().downcast_ref::<StringArray>().expect("it was cast to this type").clone())
    }

    /// A column of whole numbers.
    pub(crate) fn integers(&self, column: usize) -> Result<Int64Array, TabulateError> {
        let array = self.array(column, "a whole number", |found| matches!(found, DataType::Int32 | DataType::Int64))?;
        let integers = self.converted(cast(array, &DataType::Int64))?;
        Ok(integers.as_any().downcast_ref::<Int64Array>().expect("it was cast to this type").clone())
    }

    /// A column of conditions.
    pub(crate) fn booleans(&self, column: usize) -> Result<BooleanArray, TabulateError> {
        let array = self.array(column, "true or false", |found| *found == DataType::Boolean)?;
        Ok(array.as_any().downcast_ref::<BooleanArray>().expect("its type was checked").clone())
    }

    /// A column of decimals or whole numbers.
    pub(crate) fn decimals(&self, column: usize) -> Result<Decimals, TabulateError> {
        let array = self.array(column, "a decimal", |found| {
            matches!(found, DataType::Int32 | DataType::Int64)
                || matches!(found, DataType::Decimal128(_, scale) if *scale >= 0)
        })?;
        if let DataType::Decimal128(_, scale) = array.data_type() {
            let scale = u8::try_from(*scale).expect("it was checked not to be negative");
            let values = array.as_any().downcast_ref::<Decimal128Array>().expect("its type was checked");
            return Ok(Decimals { values: values.iter().collect(), scale });
        }
        let integers = self.integers(column)?;
        Ok(Decimals { values: integers.iter().map(|value| value.map(i128::from)).collect(), scale: 0 })
    }

    /// Whether a column holds doubles.
    pub(crate) fn is_double(&self, column: usize) -> bool {
        *self.batch.column(column).data_type() == DataType::Float64
    }

    /// A column of numbers of any type.
    pub(crate) fn numbers(&self, column: usize) -> Result<Vec<Option<Wide>>, TabulateError> {
        if self.is_double(column) {
            let values = self.batch.column(column).as_any().downcast_ref::<Float64Array>();
            let values = values.expect("its type was checked");
            return Ok(values.iter().map(|value| value.map(printed)).collect());
        }
        let decimals = self.decimals(column)?;
        Ok((0..self.rows()).map(|row| decimals.at(row)).collect())
    }

    /// A column of values that tell rows apart, as texts: numbers without zeros behind their last digit.
    pub(crate) fn keys(&self, column: usize) -> Result<Vec<Option<String>>, TabulateError> {
        let array = self.batch.column(column);
        let is_number = array.data_type().is_numeric();
        let texts = self.converted(cast(array, &DataType::Utf8))?;
        let texts = texts.as_any().downcast_ref::<StringArray>().expect("it was cast to this type");
        let key = |text: &str| match text {
            text if is_number && text.contains('.') => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
            text => text.to_owned(),
        };
        Ok(texts.iter().map(|text| text.map(key)).collect())
    }

    fn array(
        &self,
        column: usize,
        expected: &'static str,
        fits: impl FnOnce(&DataType) -> bool,
    ) -> Result<&ArrayRef, TabulateError> {
        let array = self.batch.column(column);
        if fits(array.data_type()) {
            return Ok(array);
        }
        Err(TabulateError::Column {
            statement: self.statement.clone(),
            column: self.batch.schema_ref().field(column).name().clone(),
            expected,
            found: array.data_type().clone(),
        })
    }

    fn converted(&self, array: Result<ArrayRef, ArrowError>) -> Result<ArrayRef, TabulateError> {
        array.map_err(|source| TabulateError::Engine {
            statement: self.statement.clone(),
            source: Box::new(source.into()),
        })
    }
}

/// The number that a double stands for: of all decimals that are read as this double the shortest, which is what programs print. So a column gives
/// the same numbers from a Parquet file as from its text, down to the last bit.
fn printed(double: f64) -> Wide {
    match Decimal::parse(&double.to_string(), '.') {
        Ok(decimal) => Wide::from_decimal(decimal.units(), decimal.scale()),
        Err(_) => Wide::from_f64(double),
    }
}

/// A column of exact numbers: units of 10^-scale.
pub(crate) struct Decimals {
    pub(crate) values: Vec<Option<i128>>,
    pub(crate) scale: u8,
}

impl Decimals {
    /// The number in a row, unless it is missing.
    pub(crate) fn at(&self, row: usize) -> Option<Wide> {
        self.values[row].map(|units| Wide::from_decimal(units, self.scale))
    }
}
