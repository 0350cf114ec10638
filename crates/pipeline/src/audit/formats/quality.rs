//! The quality report for programs: what it tells of a table, a row or a group must be told by the tables, too.

use serde_json::Value;

use crate::audit::cells::{CellLine, Printed};
use crate::audit::seen::Seen;

/// What is counted in the register, not among respondents.
const OF_THE_REGISTER: [&str; 2] = ["population", "share_of_population"];

/// Reads `quality.json`: an indicator of something that a table hides.
pub(super) fn read(known: &[&CellLine], path: &str, bytes: &[u8], seen: &mut Seen) -> Result<(), String> {
    let report: Value = serde_json::from_slice(bytes).map_err(|it| it.to_string())?;
    let hidden: Vec<&CellLine> = known.iter().copied().filter(|cell| cell.is_hidden()).collect();
    for indicator in report["indicators"].as_array().into_iter().flatten() {
        let name = indicator["indicator"].as_str().unwrap_or_default();
        let Some(value) = Printed::read(&indicator["value"].to_string()) else { continue };
        let Some(of) = indicator["of"].as_object().filter(|_| !OF_THE_REGISTER.contains(&name)) else { continue };
        let of: Vec<(&str, &str)> =
            of.iter().filter_map(|(key, value)| Some((key.as_str(), value.as_str()?))).collect();
        if let Some(cell) = hidden.iter().find(|cell| is_of(cell, &of)) {
            let is_n = indicator["unit"] == "units";
            seen.tells(cell, if is_n { "n" } else { name }, value, path);
        }
    }
    Ok(())
}

/// Whether what an indicator is of is a cell, or a group in any table.
fn is_of(cell: &CellLine, of: &[(&str, &str)]) -> bool {
    let value = |key: &str| of.iter().find(|(name, _)| *name == key).map(|(_, value)| *value);
    let is_table = value("table").is_none_or(|table| table == cell.table);
    let is_row = value("row").is_none_or(|row| row == cell.item || row == format!("{}:{}", cell.item, cell.category));
    let of_group = |(breakdown, code): &(String, String)| {
        let has = |text: &str| of.iter().any(|(_, value)| *value == text);
        has(breakdown) && has(code)
    };
    // What is of a row in total names its table; what is of a group names the variable and the category, whatever the keys are called.
    let is_group = match &cell.spot.group {
        Some(group) => of_group(group),
        None => value("table").is_some() && of.len() == 2,
    };
    is_table && is_row && is_group
}
