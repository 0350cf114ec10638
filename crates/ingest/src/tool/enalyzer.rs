//! Enalyzer: one header row; a single choice is told by the position of its label, whatever value the label has.
//!
//! "Label number" is what its download writes for single choices and scales unless somebody chose otherwise. A question with several
//! answers has a column for each option, which holds a value.

use codebook::{BatteryKind, Codebook, Kind, SurveyTool, Variable, Wave};

/// Columns that the tool adds to the questions.
pub(crate) const OWN_COLUMNS: &[&str] = &["Respondent ID", "Created", "Last modified"];

/// Whether the answers tell this variable by the position of its code in the list. Recodes say themselves what each raw value is.
pub(crate) fn is_by_position(codebook: &Codebook, wave: &Wave, variable: &Variable) -> bool {
    let Kind::Category { list, .. } = &variable.kind else { return false };
    let is_recoded = |name: &str| wave.recodes.get(name).is_some_and(|recode| !recode.0.is_empty());
    let is_option = codebook.battery_of(&variable.name).is_some_and(|battery| match battery.kind {
        BatteryKind::Multiple { .. } => true,
        BatteryKind::Scale => false,
    });
    wave.answers.tool == SurveyTool::Enalyzer && !is_option && !is_recoded(list) && !is_recoded(variable.name.as_str())
}

/// The code at a position, which counts from 1.
pub(crate) fn code_at<'v>(variable: &'v Variable, position: &str) -> Option<&'v str> {
    let number: usize = position.parse().ok()?;
    // A value such as "01" or "+1" is no label number.
    let category = variable.categories().get(number.checked_sub(1)?)?;
    (number.to_string() == position).then(|| category.code.as_str())
}
