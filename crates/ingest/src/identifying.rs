//! What the raw files call respondents and what respondents wrote, for the guard that searches a release for it.
//!
//! Which columns those are nobody has to say: their values are of few rows each. A column of codes has few values for many rows.

use std::collections::BTreeSet;

use codebook::{SurveyTool, Wave, Written};

use crate::check::RawFile;
use crate::delimited::{Format, Wanted};
use crate::files::format;
use crate::open::{Part, file_named, open};
use crate::raw::RawColumn;

/// The values of every column, also of those that the wave does not name, in which most rows have one of their own: ids, names, addresses, free
/// texts. From the answers and the register of a wave that passed [`check`](crate::check); a frame table holds no units.
///
/// Nothing may be made of them but hashes, and nothing of it may be kept.
#[must_use]
pub fn identifying(wave: &Wave, files: &[RawFile]) -> BTreeSet<String> {
    let answers = &wave.answers;
    let written = answers.written();
    let names = std::iter::once(answers.file.as_str()).chain(answers.more_files.iter().map(|(name, _)| name.as_str()));
    let mut values = BTreeSet::new();
    for name in names {
        collect((name, wave, &written, "[answers]"), answers.tool, files, &mut values);
    }
    if let Some(register) = &wave.register {
        collect((&register.file, wave, &register.written, "[register]"), SurveyTool::Plain, files, &mut values);
    }
    values
}

fn collect(
    (name, wave, written, table): (&str, &Wave, &Written, &'static str),
    tool: SurveyTool,
    files: &[RawFile],
    values: &mut BTreeSet<String>,
) {
    // Whatever there is to say of the file was said when it was checked.
    let mut said = Vec::new();
    let (Some(file), Some(format)) = (file_named(files, name), format((written, table), &wave.place, &mut said)) else {
        return;
    };
    let format = Format { tool, ..format };
    let part = Part::of(name, written.sheet.as_deref());
    let Some(data) = open(&file.path, &file.bytes, (format, part), Wanted::Every, &mut said) else { return };
    for column in data.columns.values().filter(|column| tells_rows_apart(column)) {
        values.extend(column.values().iter().map(|value| value.to_string()));
    }
}

/// Whether there are at least half as many values as filled cells.
fn tells_rows_apart(column: &RawColumn) -> bool {
    let filled = (0..column.rows()).filter(|row| !column.value(*row).is_empty()).count();
    let distinct = column.values().iter().filter(|value| !value.is_empty()).count();
    distinct * 2 >= filled && distinct > 0
}
