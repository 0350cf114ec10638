//! A comparison as Markdown, for a merge request or a mail.

use super::{Comparison, FigureChange};

pub(super) fn page(comparison: &Comparison) -> String {
    let (old, new) = (&comparison.old, &comparison.new);
    let mut text =
        format!("# {} {} and {} {}, figure by figure\n\n", old.country, old.edition, new.country, new.edition);
    text.push_str(&format!("Old: `{}`. New: `{}`.\n\n", old.folder, new.folder));
    for note in comparison.notes() {
        text.push_str(&format!("- {note}.\n"));
    }
    text.push_str("\n| class | figures |\n| --- | ---: |\n");
    for (class, count) in &comparison.counts {
        text.push_str(&format!("| {} | {count} |\n", class.words()));
    }
    let changed: Vec<&FigureChange> = comparison.changed().collect();
    if changed.is_empty() {
        return text;
    }
    text.push_str(&format!("\n| {} |\n{}|\n", FigureChange::COLUMNS.join(" | "), "| --- ".repeat(6)));
    for figure in changed {
        let cells = figure.cells().map(|cell| cell.replace('|', "\\|"));
        text.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    text
}
