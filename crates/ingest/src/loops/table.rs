//! A loop as a table of its own: the rows of the units that count, beside what their units carry.

use std::num::NonZeroUsize;

use crate::IngestError;
use crate::column::{Cell, Cells, Column};
use crate::parquet::{Field, OfUnits, Responses};
use crate::summary::LoopSummary;
use crate::tally::counted;

use super::LoopRead;

/// A loop of a checked wave, every cell of which is what the codebook says it may be. Only [`check`](crate::check) makes one.
///
/// The columns of its Parquet file, rows in the order of their units and within each of the loop's key (numbers by size):
/// `__unit` (int64, the row of the unit in the wave's own file), `__pseudonym` (16 bytes, as there), `__row` (int32, the number of the row among
/// those of its unit, from 0), `__stratum`, `__psu` and `__weight` (as there, those of the unit), then the loop's columns by name: codes as text,
/// numbers as decimals. A column in which some row has no answer has `<column>__missing` beside it, with `not_asked`, `refused`, `blank` or null. The key
/// itself is left out, since it may be what a respondent wrote.
///
/// The rows are a sample of clusters, one of each unit: the unit is a stage of its own below those of the wave.
#[derive(Debug, Clone)]
pub struct CheckedLoop {
    name: String,
    responses: Responses,
    left_out: u64,
}

impl CheckedLoop {
    /// The table of a loop. `rows` are the rows of the answers that the units of the wave's own file have, in its order.
    pub(crate) fn new(read: LoopRead<'_>, rows: &[Option<usize>], wave: &Responses) -> Self {
        let mut of = OfUnits { unit: Vec::new(), number: Vec::new() };
        let mut kept: Vec<usize> = Vec::new();
        for (unit, row) in rows.iter().enumerate() {
            let own = row.map_or(&[][..], |row| read.rows[row].as_slice());
            of.unit.extend(own.iter().map(|_| unit));
            of.number.extend(0..own.len());
            kept.extend(own);
        }
        let every: usize = read.rows.iter().map(Vec::len).sum();
        let left_out = counted(every - kept.len());
        let fields = read.columns.into_iter().map(|(about, column)| {
            let cells = kept.iter().map(|row| column.cells.at_if_there(*row).unwrap_or(Cell::UNKNOWN));
            let cells = Cells::of(column.values.len(), cells);
            Field::of_loop(about, Column { values: column.values, cells })
        });
        let mut file_metadata = wave.file_metadata.clone();
        file_metadata.insert("barometer.loop".to_owned(), read.table.name.clone());
        let responses = Responses {
            file_metadata,
            pseudonyms: of.unit.iter().map(|unit| wave.pseudonyms[*unit]).collect(),
            stratum: of.unit.iter().map(|unit| wave.stratum[*unit]).collect(),
            psu: wave.psu.as_ref().map(|psu| of.unit.iter().map(|unit| psu[*unit]).collect()),
            weight: wave.weight.as_ref().map(|weight| of.unit.iter().map(|unit| weight[*unit]).collect()),
            fields: fields.collect(),
            of_units: Some(of),
        };
        Self { name: read.table.name.clone(), responses, left_out }
    }

    /// The loop's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The unit of each row, as its row in the wave's own file.
    #[must_use]
    pub fn unit_of_rows(&self) -> &[usize] {
        self.responses.of_units.as_ref().map_or(&[], |of| &of.unit)
    }

    /// The Parquet file, the same bytes for the same answers on any number of `threads`.
    ///
    /// # Errors
    /// When Parquet cannot be encoded.
    pub fn parquet(&self, threads: NonZeroUsize) -> Result<Vec<u8>, IngestError> {
        self.responses.encode(threads)
    }

    /// What came in of it.
    pub(crate) fn summary(&self) -> LoopSummary {
        let units = self.unit_of_rows();
        let with_rows = units.iter().collect::<std::collections::BTreeSet<_>>().len();
        LoopSummary {
            name: self.name.clone(),
            rows: counted(units.len()),
            units: counted(with_rows),
            left_out: self.left_out,
        }
    }
}
