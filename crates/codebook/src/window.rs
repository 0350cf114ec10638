//! The window of a wave and the year that it goes by.

use crate::{Country, Finding, WaveId};

impl Country {
    /// A warning for each wave whose window ends in another year than the one that its file is named by, as far as years stand in its words. A ledger, a series and
    /// printed numbers go by that year, so one wave may be taken for another.
    #[must_use]
    pub fn window_gaps(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for wave in self.waves.values() {
            let years = wave.window.iter().flat_map(|(_, text)| years(text));
            let Some(end) = years.max().filter(|end| *end != wave.id) else { continue };
            let message = format!("the window ends in {end}, and the file is that of the wave {}", wave.id);
            let finding = Finding::warning(wave.place.clone(), "window", message);
            let help = format!("a wave goes by the year in which its window ends: waves/{end}.toml, or another window");
            findings.push(finding.hint(help));
        }
        findings
    }
}

/// Numbers of four digits that can be years.
fn years(text: &str) -> impl Iterator<Item = WaveId> {
    text.split(|character: char| !character.is_ascii_digit()).filter_map(|digits| WaveId::new(digits).ok())
}
