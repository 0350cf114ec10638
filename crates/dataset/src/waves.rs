//! The cells of several waves in one file of tidy rows, for an edition that shows earlier waves beside its own.
//!
//! Its columns are those of every tidy file. A share that was printed when its wave came out, and was not counted again, has no error and the source `printed`.

use codebook::{Code, Language, Row, WaveId};
use disclose::{Cell, PublishedWave, WaveCell};

use crate::observation::{Group, Observed, numbers, origin, status_in};
use crate::tidy::{COLUMNS, text};
use crate::{DatasetError, Source};

/// The file's name below the folder of data.
pub const WAVES_FILE: &str = "waves.csv";

/// Whether an edition shows earlier waves of anything.
pub(crate) fn has_earlier(source: Source<'_>) -> bool {
    !source.published.earlier().is_empty()
}

/// What the file is called in descriptions: the country's title, and the waves that are in it.
pub(crate) fn title(source: Source<'_>, language: &Language) -> String {
    let published = source.published;
    let waves = published.earlier().iter().map(PublishedWave::wave).chain([published.wave()]);
    let waves: Vec<String> = waves.map(|wave| wave.to_string()).collect();
    format!("{}, {}", source.country.title.get(language), waves.join(", "))
}

/// The rows of every cell that an earlier wave has, too: wave by wave, this one last.
pub(crate) fn csv(tables: &[Observed<'_>]) -> Result<Vec<u8>, DatasetError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for table in tables {
        let published = table.source.published;
        let earlier = published.earlier().iter().map(PublishedWave::wave);
        let waves: Vec<WaveId> = earlier.chain([published.wave()]).collect();
        for row in &table.spec.rows {
            for group in table.groups() {
                let cell = |wave: &WaveId| published.in_wave(*wave, &table.spec.id, &row.id, &group.domain);
                let cells: Vec<(WaveId, WaveCell)> = waves
                    .iter()
                    .map(|wave| (*wave, cell(wave)))
                    .filter(|(_, cell)| *cell != WaveCell::Absent)
                    .collect();
                // What no earlier wave has is in the table's own file.
                for (wave, cell) in cells.iter().filter(|_| cells.len() > 1) {
                    writer.write_record(record(table, row, &group, *wave, *cell))?;
                }
            }
        }
    }
    Ok(writer.into_inner().expect("a vector takes every byte"))
}

fn record(table: &Observed<'_>, row: &Row, group: &Group<'_>, wave: WaveId, cell: WaveCell) -> Vec<String> {
    let category: Vec<&str> = row.codes.iter().map(Code::as_str).collect();
    let (breakdown, breakdown_label) = group.breakdown.map_or(("", ""), |(name, label)| (name.as_str(), label));
    let (code, label) = group.category.map_or(("", ""), |(code, label)| (code.as_str(), label));
    let what = [
        table.spec.id.to_string(),
        text(table.title()),
        wave.to_string(),
        table.spec.base.to_string(),
        text(table.base_label()),
        table.unit(),
        row.item.to_string(),
        text(table.variable_label(&row.item)),
        category.join("+"),
        text(row.label.get(table.language)),
        breakdown.to_owned(),
        text(breakdown_label),
        code.to_owned(),
        text(label),
    ];
    let own = origin(table.source);
    let (numbers, kind) = match cell {
        WaveCell::Counted(cell) => {
            let (status, reason) = status_in(row, &cell);
            let numbers = match &cell {
                Cell::Shown(figures) | Cell::Flagged(figures, _) => numbers(figures),
                Cell::Hidden(_) => Default::default(),
            };
            (numbers, [status, reason, own])
        }
        WaveCell::Printed(estimate, n) => {
            let n = n.map_or_else(String::new, |n| n.to_string());
            ([estimate.to_string(), String::new(), String::new(), String::new(), n], ["shown", "", "printed"])
        }
        WaveCell::Absent => (Default::default(), ["", "", own]),
    };
    what.into_iter().chain(numbers).chain(kind.map(str::to_owned)).collect()
}
