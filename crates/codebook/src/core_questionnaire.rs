//! The questionnaire that countries share, as this program carries it.
//!
//! Its source is `pipelines/core/<version>/`; it is embedded, so that a country can live anywhere and needs nothing but the program. A version
//! that a country may have pinned is never taken out and never changes its meaning: what must change becomes the next version.

use crate::{Codebook, Finding, SourceFile};

/// Its files by version, in the order of the questionnaire.
const VERSIONS: &[(&str, &[(&str, &str)])] = &[(
    "1",
    &[
        ("core/1/lists.toml", include_str!("../../../pipelines/core/1/lists.toml")),
        ("core/1/background.toml", include_str!("../../../pipelines/core/1/background.toml")),
        ("core/1/introduced.toml", include_str!("../../../pipelines/core/1/introduced.toml")),
        ("core/1/innovation.toml", include_str!("../../../pipelines/core/1/innovation.toml")),
        ("core/1/roles.toml", include_str!("../../../pipelines/core/1/roles.toml")),
        ("core/1/outcome.toml", include_str!("../../../pipelines/core/1/outcome.toml")),
        ("core/1/culture.toml", include_str!("../../../pipelines/core/1/culture.toml")),
        ("core/1/derived.toml", include_str!("../../../pipelines/core/1/derived.toml")),
    ],
)];

/// A version of the shared questionnaire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CoreQuestionnaire {
    version: &'static str,
    files: &'static [(&'static str, &'static str)],
}

impl CoreQuestionnaire {
    /// The languages that all its texts are in.
    pub const LANGUAGES: [&str; 8] = ["da", "en", "nb", "sv", "fi", "is", "nl", "es"];

    /// The versions that this program carries, oldest first.
    pub fn versions() -> impl Iterator<Item = Self> {
        VERSIONS.iter().map(|(version, files)| Self { version, files })
    }

    /// The version of this name.
    #[must_use]
    pub fn of(version: &str) -> Option<Self> {
        Self::versions().find(|core| core.version == version)
    }

    /// The version that a country's files take, if `country.toml` in `folder` names one of this program's.
    #[must_use]
    pub fn taken_by(folder: &str, files: &[SourceFile]) -> Option<Self> {
        let name = format!("{}/country.toml", folder.trim_end_matches('/'));
        let file = files.iter().find(|file| file.path == name)?;
        let settings = toml::de::DeTable::parse(&file.text).ok()?;
        Self::of(settings.get_ref().get("core")?.get_ref().as_str()?)
    }

    /// Its name, such as `1`.
    #[must_use]
    pub fn version(self) -> &'static str {
        self.version
    }

    /// Path and text of its files, in the order of the questionnaire. Paths are as findings show them: `core/1/lists.toml`.
    pub fn files(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.files.iter().copied()
    }

    /// All of it, with every text in all of [`Self::LANGUAGES`]; for whoever wants to know what there is to take.
    #[must_use]
    pub fn codebook(self) -> Codebook {
        crate::read::core_codebook(self)
    }

    /// Every finding in a questionnaire that is to be shared, in files of one version: whatever is written is understood, and every text is
    /// there in all of [`Self::LANGUAGES`]. Files are in the order of the questionnaire.
    #[must_use]
    pub fn check(files: &[SourceFile]) -> Vec<Finding> {
        crate::read::core(files)
    }
}
