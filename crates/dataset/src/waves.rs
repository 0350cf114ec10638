//! The cells of several waves in one file of tidy rows, for an edition that shows earlier waves beside its own.
//!
//! Its columns are those of every tidy file, and three that tell what may be joined ([`LINKS`]): who draws or compares the numbers of two waves needs the
//! breaks as much as the numbers. A share that was printed when its wave came out, and was not counted again, has no error and the source `printed`.

use codebook::{BreakCause, Code, Joint, Language, Row, Sameness, WaveId};
use disclose::{Cell, PublishedWave, WaveCell};
use serde_json::{Value, json};

use crate::observation::{Group, Observed, numbers, origin, status_in};
use crate::tidy::{COLUMNS, text};
use crate::{DatasetError, Source};

/// The file's name below the folder of data.
pub const WAVES_FILE: &str = "waves.csv";

/// The columns that tell what of this file may be joined: what keeps a row apart from the row of the same cell before it, as codes and as the ledger's
/// reason, and the waves of the cell that its number may be compared with.
pub(crate) const LINKS: [&str; 3] = ["break_before", "break_before_label", "comparable_with"];

/// What the columns mean, in the order of [`LINKS`].
pub(crate) const LINKS_MEAN: [&str; 3] = [
    "What keeps the number apart from that of the row before it, of the same cell in an earlier wave: none, or one or more of reworded, other_scale, \
     other_base, other_unit, other_mode, unknown, series, outside, absent, no_ledger, joined by +; empty in the first row of a cell. Over anything but none \
     draw no line and tell no change.",
    "The reasons, in the ledger's words.",
    "The waves of the same cell in this file that the number may be compared with, parted by spaces.",
];

/// All columns of the file, in their order.
pub(crate) fn columns() -> impl Iterator<Item = &'static str> {
    COLUMNS.into_iter().chain(LINKS)
}

/// Adds to the description of a column what it means, under a key of the description's own.
pub(crate) fn described(mut description: Value, column: &str, key: &str) -> Value {
    if let Some(at) = LINKS.iter().position(|link| *link == column) {
        description[key] = json!(LINKS_MEAN[at]);
    }
    description
}

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
    writer.write_record(columns())?;
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
                if cells.len() < 2 {
                    continue;
                }
                let shown: Vec<WaveId> = cells.iter().map(|(wave, _)| *wave).collect();
                for (at, (wave, cell)) in cells.iter().enumerate() {
                    let links = links(table, row, &group, &shown, at);
                    writer.write_record(record(table, row, &group, *wave, *cell).into_iter().chain(links))?;
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

/// What keeps a cell of the wave at a place among `shown` apart from the one before it, why, and which of `shown` it may be compared with.
fn links(table: &Observed<'_>, row: &Row, group: &Group<'_>, shown: &[WaveId], at: usize) -> [String; 3] {
    let own = shown[at];
    let breakdown = group.breakdown.map(|(name, _)| name);
    let joint = |other: WaveId| {
        let country = table.source.country;
        country.joint_of((table.spec, row), breakdown, own.min(other), own.max(other))
    };
    let (codes, because) =
        at.checked_sub(1).map_or_else(Default::default, |before| kept_apart(&joint(shown[before]), table.language));
    let others = shown.iter().filter(|other| **other != own && joint(**other) == Joint::Joined);
    let comparable: Vec<String> = others.map(ToString::to_string).collect();
    [codes, text(&because), comparable.join(" ")]
}

/// The codes of what keeps two waves apart, and the reasons, each once.
fn kept_apart(joint: &Joint<'_>, language: &Language) -> (String, String) {
    let reasons = match joint {
        Joint::Joined => return ("none".to_owned(), String::new()),
        Joint::Outside(because) => return ("outside".to_owned(), because.get(language).to_owned()),
        Joint::Absent => return ("absent".to_owned(), String::new()),
        Joint::Broken(reasons) => reasons,
    };
    let (mut codes, mut told): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for reason in reasons {
        let code = match reason.cause {
            BreakCause::Series => "series",
            BreakCause::Item(Sameness::Same) | BreakCause::NoLedger => "no_ledger",
            BreakCause::Item(sameness) => sameness.as_str(),
            // These keep countries apart, and waves of one country never.
            BreakCause::OwnItem | BreakCause::OwnDerivation | BreakCause::OtherCore => continue,
        };
        if !codes.contains(&code) {
            codes.push(code);
        }
        let because = reason.because.as_ref().map(|because| because.get(language));
        told.extend(because.filter(|because| !told.contains(because)));
    }
    (codes.join("+"), told.join(" "))
}
