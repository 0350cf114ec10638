//! The wording of questions and answers, where a file's metadata tells it.
//!
//! Neither format has a place of its own for them. What people use is metadata: `label` on a column, or on the whole file the names
//! that pyreadstat gives them, `column_names_to_labels` and `variable_value_labels`, as JSON. Metadata of another shape is left alone:
//! it may be anyone's.

use std::collections::BTreeMap;
use std::fmt;

use arrow::datatypes::{Field, Schema};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::cells::Form;
use crate::raw::{About, ValueLabel};

/// The names under which a column's metadata may hold its question.
const LABEL_KEYS: [&str; 3] = ["label", "variable_label", "description"];

/// What the metadata of a file says of its columns.
pub(super) struct Labels {
    labels: BTreeMap<String, String>,
    value_labels: BTreeMap<String, InOrder>,
}

/// A JSON object whose order counts.
struct InOrder(Vec<(String, String)>);

impl Labels {
    pub(super) fn of(schema: &Schema) -> Self {
        let metadata = |key: &str| schema.metadata().get(key).map_or("{}", String::as_str);
        Self {
            labels: serde_json::from_str(metadata("column_names_to_labels")).unwrap_or_default(),
            value_labels: serde_json::from_str(metadata("variable_value_labels")).unwrap_or_default(),
        }
    }

    /// What the file says of a column.
    pub(super) fn about(&self, field: &Field, form: Form) -> About {
        let own = LABEL_KEYS.iter().find_map(|key| field.metadata().get(*key));
        let label = own.or_else(|| self.labels.get(field.name())).filter(|label| !label.is_empty()).cloned();
        let values = field.metadata().get("value_labels").and_then(|json| serde_json::from_str::<InOrder>(json).ok());
        let values = values.as_ref().or_else(|| self.value_labels.get(field.name()));
        let label_of = |(value, label): &(String, String)| ValueLabel { value: value.clone(), label: label.clone() };
        let value_labels = values.map(|values| values.0.iter().map(label_of).collect()).unwrap_or_default();
        About { name: field.name().clone(), label, storage: form.storage(), value_labels, ..About::default() }
    }
}

impl<'de> Deserialize<'de> for InOrder {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = InOrder;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of labels by value")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<InOrder, M::Error> {
                let mut pairs = Vec::new();
                while let Some((value, label)) = map.next_entry::<String, Label>()? {
                    pairs.extend(label.0.map(|label| (without_point(value), label)));
                }
                Ok(InOrder(pairs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

/// A label that is a text; what else stands in its place is none.
struct Label(Option<String>);

impl<'de> Deserialize<'de> for Label {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(untagged)]
        enum Either {
            Text(String),
            Other(IgnoredAny),
        }
        match Either::deserialize(deserializer)? {
            Either::Text(text) => Ok(Self(Some(text))),
            Either::Other(IgnoredAny) => Ok(Self(None)),
        }
    }
}

/// Python writes the code 1 of an SPSS file as `1.0`; the cells have `1`.
fn without_point(value: String) -> String {
    match value.strip_suffix(".0") {
        Some(whole)
            if !whole.is_empty() && whole.trim_start_matches('-').bytes().all(|digit| digit.is_ascii_digit()) =>
        {
            whole.to_owned()
        }
        Some(_) | None => value,
    }
}
