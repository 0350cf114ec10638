//! JSON-stat 2.0, read strictly: one dataset of rows, groups and numbers.

use serde_json::Value;

use super::{Cube, ReadError, cells};

/// Reads a JSON-stat dataset with the dimensions row, group and content. `None` for JSON that says of itself that it is something else.
///
/// # Errors
/// When it is no JSON, a dimension has other names, or there are more or fewer values than the dimensions make.
pub fn json_stat(bytes: &[u8]) -> Result<Option<Cube>, ReadError> {
    let dataset: Value =
        serde_json::from_slice(bytes).map_err(|error| ReadError::new(error.line(), error.to_string()))?;
    if dataset["class"] != "dataset" {
        return Ok(None);
    }
    let names: Vec<&str> = dataset["id"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if names != ["row", "group", "content"] {
        let message = format!("the dimensions are {}; row, group, content were expected", names.join(", "));
        return Err(ReadError::new(0, message));
    }
    let codes = |name: &str| codes(&dataset["dimension"][name]["category"]["index"]);
    let (rows, groups, contents) = (codes("row")?, codes("group")?, codes("content")?);
    let count = rows.len() * groups.len() * contents.len();
    let values = match &dataset["value"] {
        Value::Array(values) => values.iter().map(told).collect(),
        // Values may stand under their places, those without a number left out.
        Value::Object(by_place) => {
            if let Some(place) = by_place.keys().find(|place| place.parse().is_ok_and(|it: usize| it >= count)) {
                return Err(ReadError::new(0, format!("the value {place} is behind the last of {count}")));
            }
            (0..count).map(|place| by_place.get(&place.to_string()).map_or(String::new(), told)).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    let values: Vec<(String, usize)> = values.into_iter().map(|value| (value, 0)).collect();
    let mut words = Vec::new();
    texts(&dataset, &mut words);
    Ok(Some(Cube { cells: cells(&rows, &groups, &contents, values)?, words }))
}

/// The codes of a dimension in their order: a list, or each with its place.
fn codes(index: &Value) -> Result<Vec<String>, ReadError> {
    match index {
        Value::Array(codes) => Ok(codes.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
        Value::Object(places) => {
            let mut codes: Vec<(u64, &String)> =
                places.iter().filter_map(|(code, place)| Some((place.as_u64()?, code))).collect();
            codes.sort_unstable();
            Ok(codes.into_iter().map(|(_, code)| code.clone()).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            Err(ReadError::new(0, "a dimension does not tell its codes"))
        }
    }
}

/// A value as its digits; nothing for null.
fn told(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

/// Every text of it.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|it| texts(it, found)),
        Value::Object(values) => values.values().for_each(|it| texts(it, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
