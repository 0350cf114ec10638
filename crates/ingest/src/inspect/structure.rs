//! The structure that SurveyXact exports beside a dataset: what its columns ask, and the words of their codes.

use std::collections::BTreeMap;

use codebook::SurveyTool;
use encoding_rs::Encoding;

use super::Inspection;
use crate::delimited::Records;
use crate::tool::surveyxact::{STRUCTURE_COLUMNS, StructureRow, structure_rows};

impl Inspection {
    /// The same file, told by a structure of these bytes that lies beside it under this name. `None` where the file is no dataset of SurveyXact as
    /// text, or the other one no structure of its columns.
    #[must_use]
    pub fn told_by(&self, name: &str, bytes: &[u8]) -> Option<Self> {
        let (encoding, delimiter) = (self.encoding.as_ref()?, u8::try_from(self.delimiter?).ok()?);
        if self.tool != SurveyTool::SurveyXact || !begins_as_structure(bytes) {
            return None;
        }
        // A tool writes both files alike; a letter that goes wrong is told when the wave reads them.
        let (text, _, _) = Encoding::for_label(encoding.name.as_bytes())?.decode(bytes);
        let records = Records::new(&text, delimiter).first(usize::MAX);
        let mut rows: BTreeMap<&str, Vec<StructureRow<'_>>> = BTreeMap::new();
        for row in structure_rows(&records)? {
            rows.entry(row.variable).or_default().push(row);
        }
        let mut told = self.clone();
        let mut known = 0;
        for column in &mut told.columns {
            let Some(rows) = rows.get(column.name.as_str()) else { continue };
            known += 1;
            let label = match rows.as_slice() {
                // The only choice of an option's column is the option.
                [only] if !only.choice.is_empty() => format!("{} - {}", only.text, only.choice),
                [first, ..] => first.text.to_owned(),
                [] => continue,
            };
            column.label = Some(label).filter(|label| !label.is_empty());
            for code in column.codes.iter_mut().filter(|_| rows.len() > 1) {
                let words = rows.iter().find(|row| row.value == code.value).map(|row| row.choice);
                code.label = words.filter(|words| !words.is_empty()).map(str::to_owned);
            }
            column.look_at_words();
        }
        told.structure = Some(name.to_owned());
        (known > 0).then_some(told)
    }
}

/// Whether a file begins with the names that every structure has, in any encoding that leaves ASCII as it is.
fn begins_as_structure(bytes: &[u8]) -> bool {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let first = String::from_utf8_lossy(&bytes[..end]);
    STRUCTURE_COLUMNS.iter().all(|name| first.contains(name))
}
