//! The units that were drawn, by the variables of the strata: from a register that lists all of them, whether or not they answered.

use std::collections::BTreeMap;

use codebook::{Code, Country, Origin, Value, VariableName, Wave};

use crate::delimited::DataFile;
use crate::tally::counted;
use crate::translate::{Meaning, meaning};

/// Units drawn by code, for each variable of the strata that the register tells.
pub(crate) type Drawn = BTreeMap<VariableName, BTreeMap<Code, u64>>;

/// Counts the rows of the register. `None` unless it has exactly as many as were drawn: a register of only those who answered, or of the whole
/// population, does not tell who was drawn. A variable of which a row has no code is left out.
pub(crate) fn drawn(country: &Country, wave: &Wave, register: &DataFile) -> Option<Drawn> {
    let (units, _) = wave.drawn.as_ref()?;
    let rows = register.row_numbers.len();
    if counted(rows) != *units {
        return None;
    }
    let mut drawn = Drawn::new();
    for name in &wave.design.strata {
        let variable = country.codebook.variable(name).filter(|variable| variable.origin == Origin::Register);
        let column = wave.columns.get(name).and_then(|(column, _)| register.column(column));
        let Some((variable, column)) = variable.zip(column) else { continue };
        let code = |raw: &str| match meaning(variable, wave, register.decimal_mark, raw) {
            Meaning::Value(Value::Text(code)) => Code::new(&code).ok(),
            Meaning::Value(_) | Meaning::Missing(_) | Meaning::Unknown(_) => None,
        };
        let codes: Vec<Option<Code>> = column.values().iter().map(code).collect();
        let of_rows = (0..rows).map(|row| codes[column.index(row)].clone()).collect::<Option<Vec<Code>>>();
        let Some(of_rows) = of_rows else { continue };
        let mut counts: BTreeMap<Code, u64> = BTreeMap::new();
        of_rows.into_iter().for_each(|code| *counts.entry(code).or_default() += 1);
        drawn.insert(name.clone(), counts);
    }
    Some(drawn)
}
