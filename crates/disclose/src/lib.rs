//! The one barrier between estimates and readers.
//!
//! [`disclose`] takes tables of estimates, applies the country's rules and gives back [`Published`], the only source of
//! numbers for pages, charts and downloads. Its cells are rounded; what is hidden is not in it in any form. Nothing else in
//! the program can make one: its fields are private, and it comes back from the store only through [`Published::open`],
//! which checks the seal.
//!
//! It does not know where numbers come from nor what becomes of them.

mod answer_time;
mod apart;
mod attack;
mod back_test;
mod compared;
mod correction;
mod coverage;
mod family;
mod judge;
mod precision;
mod proof;
mod protect;
mod published;
mod rates;
mod rounded;
mod rule;
mod series;
mod store;
#[cfg(test)]
mod tests;
mod unions;

pub use answer_time::{LateDifference, late_comparisons};
pub use attack::{Derived, Number, Spot, Statement, Surroundings, Told, attack};
pub use back_test::{Agreement, BackTested};
pub use compared::{
    ComparedCell, ComparedCellName, ComparedCorrection, ComparedCorrections, ComparedRow, ComparedTable,
    ComparedTables, FormerCell, FormerlyCompared, Member, compare,
};
pub use correction::{CellOfWave, Corrected, Corrections, Former, Formerly};
pub use coverage::{Coverage, CoveredGroup};
pub use family::{Family, Size, Test, TestKind};
pub use judge::{Instead, comparisons, row_comparisons, tells};
pub use precision::Precision;
pub use proof::{Proof, Slack, proofs};
pub use published::{
    Cell, Count, DataQuality, Fieldwork, Figures, Hidden, ItemGap, Published, PublishedTable, Quality, UnweightedShare,
    Verdict, VerdictKind, WeightFacts, Withheld,
};
pub use rates::per_hundred;
pub use rounded::Rounded;
pub use rule::{Release, Rules, disclose};
pub use series::{
    Beside, Differing, Earlier, PrintedCell, PublishedWave, ToldCells, WaveCell, needed_of_earlier, told_of_earlier,
};
pub use store::{Seal, StoreError};
pub use unions::Unions;
