//! What may be done with the data: said by who publishes them, and never made up.

use crate::{Country, Finding, Place};

impl Country {
    /// A warning where nobody knows what may be done with the data. Nothing stops a run: the downloads then tell no licence. Nobody publishes
    /// made-up answers, so a country that has no others need not tell one.
    ///
    /// `folder` is the country's folder as findings show it.
    #[must_use]
    pub fn licence_gap(&self, folder: &str) -> Option<Finding> {
        if self.licence.is_some() || self.waves.values().all(|wave| wave.synthetic) {
            return None;
        }
        let place = Place::File { file: format!("{folder}/country.toml") };
        let message = "no licence is told: data portals and readers cannot know what may be done with the data";
        let finding = Finding::warning(place, "no-licence", message);
        Some(finding.hint("name it by its address: licence = \"https://creativecommons.org/licenses/by/4.0/\""))
    }
}
