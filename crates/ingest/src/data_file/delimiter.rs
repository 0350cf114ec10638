//! The delimiter of a file that nobody has described, by how it cuts the first records.

use std::collections::BTreeMap;

use codebook::{Finding, Place};

use crate::delimited::Records;

/// The delimiters a file may have, the likeliest last.
const DELIMITERS: [u8; 4] = [b',', b'|', b'\t', b';'];
/// What a few programs put between cells. It is not looked for, since times and texts hold it, too.
const UNUSUAL: [u8; 4] = [b':', b'^', b'~', b' '];
/// Records that are cut to find the delimiter.
const RECORDS_TRIED: usize = 100;

/// The delimiter that cuts the header into most columns and nearly all of the first records into as many. Where none does, a title may
/// stand above the header, and the one counts that cuts most records into more cells than the first; then the one
/// with most records like the header, so that the others are found to be ragged. None cuts the header of a file of one column; then it
/// is one that cuts the fewest of its cells.
pub(crate) fn delimiter(text: &str) -> u8 {
    let candidates = DELIMITERS.map(|delimiter| Cut::of(text, delimiter));
    let several = || candidates.iter().filter(|cut| cut.header > 1);
    let regular = several().filter(|cut| cut.alike * 10 >= cut.records * 9);
    let best = regular.max_by_key(|cut| cut.header);
    let below_a_title = || candidates.iter().filter(|cut| cut.is_below_a_title()).max_by_key(|cut| cut.usual);
    let best = best.or_else(below_a_title);
    let best = best.or_else(|| several().max_by_key(|cut| cut.alike));
    let best = best.or_else(|| candidates.iter().max_by_key(|cut| cut.alike));
    best.map_or(b',', |cut| cut.delimiter)
}

/// How a delimiter cuts the first records of a text.
struct Cut {
    delimiter: u8,
    /// Cells of the first record.
    header: usize,
    /// Records with as many.
    alike: usize,
    /// The number of cells that most records have, and how many records those are.
    usual: usize,
    with_usual: usize,
    records: usize,
}

impl Cut {
    fn of(text: &str, delimiter: u8) -> Self {
        let widths = Records::new(text, delimiter).widths(RECORDS_TRIED);
        let header = widths.first().copied().unwrap_or(0);
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        widths.iter().for_each(|width| *counts.entry(*width).or_default() += 1);
        let (usual, with_usual) =
            counts.iter().max_by_key(|(_, count)| **count).map_or((0, 0), |(width, count)| (*width, *count));
        let alike = counts.get(&header).copied().unwrap_or(0);
        Self { delimiter, header, alike, usual, with_usual, records: widths.len() }
    }

    /// Whether two in three records have more cells than the first, and so many that no mark in a number or a text makes them.
    fn is_below_a_title(&self) -> bool {
        self.usual > self.header.max(2) && self.with_usual >= 2 && self.with_usual * 3 >= self.records * 2
    }
}

/// What there is to say of a file whose header no delimiter cuts, where something else cuts all of the first records into as many cells.
pub(crate) fn one_column(path: &str, text: &str) -> Option<Finding> {
    let is_cut = DELIMITERS.iter().any(|delimiter| Cut::of(text, *delimiter).header > 1);
    let cuts = UNUSUAL.map(|mark| Cut::of(text, mark));
    let fits = |cut: &&Cut| cut.header > 1 && cut.records > 1 && cut.alike == cut.records;
    let best = cuts.iter().filter(fits).max_by_key(|cut| cut.header).filter(|_| !is_cut)?;
    let (mark, columns) = (char::from(best.delimiter).to_string(), best.header);
    let message = "the file has one column: none of ; tab | , cuts its first row";
    let finding = Finding::warning(Place::File { file: path.to_owned() }, "delimiter", message);
    Some(finding.hint(format!("{mark:?} cuts it into {columns} columns: save the file with ; or , in its place")))
}
