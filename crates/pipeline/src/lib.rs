//! The order of the steps, and all that touches the disk.
//!
//! A run is [`run()`]: it loads a country, reads its narratives and its raw files, and leads them through the rooms,
//! one public function each, a value in and a value out:
//!
//! 1. [`codebook::Country::read`] and [`report::narrative`]: what is asked for, the claims of the texts included;
//! 2. [`ingest::check`]: the raw export, checked;
//! 3. [`weigh()`]: the design with its weights, calibrated and trimmed as the wave's recipe says;
//! 4. [`tabulate::tabulate`]: sums, through SQL, before rayon starts;
//! 5. [`estimate::estimate`]: estimates, in parallel over tables;
//! 6. [`disclose::disclose`]: the one barrier; claims are judged here;
//! 7. [`report::pages`]: pages, which are written beside the last release and exchanges with it.
//!
//! What an earlier run of the same inputs kept ([`Caching`]) spares the steps that made it, or all of them where the release stands as it would be made.
//!
//! [`Preview`] does the same in memory and again whenever a file of the country changes, from no earlier a step than the change asks for.
//!
//! [`estimates()`] is the short road: from any data file to estimates, without a country and without disclosure control.
//!
//! [`inspection::inspect`] looks into a file that nobody has described yet, and [`new_country`] drafts a country from it.
//!
//! [`verify()`], [`diff()`], [`why()`] and [`audit()`] look at releases that are there already: whether they come out the same when they are made again, in
//! which figures two of them differ, what a file was made from, and what can be derived of the numbers that they hide.
//!
//! A run tells its caller what happens as [`Event`]s, and knows neither the terminal nor the clock nor the environment.

mod audit;
mod batch;
mod cache;
mod calendar;
mod comparison;
mod core_folder;
mod core_items;
mod coverage;
mod diff;
mod error;
mod estimates;
mod event;
pub mod inspection;
mod key;
mod load;
mod manifest;
mod preview;
mod provenance;
mod quality;
mod release;
mod released;
mod run;
mod scaffold;
mod stands;
mod stopping;
mod synthesis;
mod timing;
pub mod twin;
mod unfinished;
mod verify;
mod weighing;

pub use audit::{Audit, Disclosure, audit};
pub use batch::{EditionName, editions, newest_wave, run_all};
pub use cache::{Caching, Step, Steps};
pub use calendar::calendar;
pub use comparison::{ComparisonRequest, check_comparison, comparisons, run_comparison};
pub use core_folder::{check_core, core_folders};
pub use core_items::{core_items, core_json};
pub use coverage::{Coverage, CoveragePart, Left, check_json};
pub use diff::{Chance, Class, Comparison, FigureChange, ShownNumbers, Side, diff};
pub use disclose::{Hidden, VerdictKind, Withheld};
pub use error::{FailedClaim, NotCounted, PipelineError};
pub use estimate::Centre as ReplicateCentre;
pub use estimate::{Adjustment, Degrees, Estimate, IntervalMethod, Outcome, QuantileRule, RaoScott, ReplicateMethod};
pub use estimates::{
    Asked, DesignSummary, EstimateRequest, EstimateRow, Estimates, Lonely, ReplicateRequest, Scale, TestKind, TestRow,
    estimates,
};
pub use event::{Event, summary_line};
pub use ingest::{DECODER_THREADS, ItemMissing, LoopSummary, Summary};
pub use load::countries;
pub use preview::{Made, Preview, Scope};
pub use provenance::{Provenance, Since, Source, WhyRequest, why};
pub use released::{FigureName, ReleasedFigures, ReleasedNumber};
pub use report::CalendarFormat;
pub use run::{CheckRequest, CheckedData, CheckedFiles, Request, check, check_data, run};
pub use scaffold::{Drafted, NewCountry, new_country};
pub use stopping::abandon;
pub use synthesis::{TwinRequest, make_twin};
pub use tabulate::ENGINE_THREADS;
pub use tabulate::MissingWeight;
pub use timing::Timing;
pub use verify::{CountryFolder, Difference, FileChanges, Mismatch, Rebuilt, Verification, VerifyRequest, verify};
pub use weighing::{Weighed, weigh};
