//! A whole country: its words, its codebook, its tables and its waves.

use std::collections::BTreeMap;

use crate::{
    Accessibility, Base, BaseId, Check, Codebook, ConfidenceLevel, CountryId, Finding, Language, Ledger, Place,
    Printed, Protection, Series, TableId, TableSpec, Translated, Wave, WaveId,
};

/// One file of a country, as the caller read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// The path that findings show, with `/` between folders: `pipelines/dnk/waves/2019.toml`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// What stands below every article and press release.
#[derive(Debug, Clone, PartialEq)]
pub struct Press {
    /// What the publication is, in a paragraph.
    pub about: Translated,
    /// Whom journalists ask; a synthetic edition need not have one.
    pub contact: Option<Translated>,
    /// Where the paragraph is written.
    pub about_place: Place,
}

/// A country that was read and checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Country {
    /// Its name, which is also the name of its folder.
    pub id: CountryId,
    /// The languages of its reports, the first of which is the root of the site.
    pub languages: Vec<Language>,
    /// Its name.
    pub name: Translated,
    /// What the publication is called.
    pub title: Translated,
    /// Who publishes, for page footers. A synthetic edition names no office here.
    pub publisher: Translated,
    /// What stands below articles and press releases, if the country has them.
    pub press: Option<Press>,
    /// What it says of how accessible its pages are, if it says anything.
    pub accessibility: Option<Accessibility>,
    /// Unweighted answers that a published cell needs at the least.
    pub smallest_base: u64,
    /// What is asked of cells beside it.
    pub protection: Protection,
    /// How sure its intervals and tests are.
    pub confidence_level: ConfidenceLevel,
    /// The address under which its releases lie, `https://…` without a slash at its end; `None` where it is not known.
    pub site: Option<String>,
    /// The address of the licence that its data are published under; `None` where it is not told.
    pub licence: Option<String>,
    /// The variables.
    pub codebook: Codebook,
    /// What the answers of every wave must satisfy, in the order of the codebook.
    pub checks: Vec<Check>,
    /// Who can be counted.
    pub bases: BTreeMap<BaseId, Base>,
    /// The tables, in order.
    pub tables: Vec<TableSpec>,
    /// How the waves asked what they asked; `None` where nobody tells.
    pub ledger: Option<Ledger>,
    /// The waves.
    pub waves: BTreeMap<WaveId, Wave>,
    /// Which of them are shown beside each other, and how they may be compared.
    pub series: Series,
    /// What was printed of each wave when it came out.
    pub printed: Vec<Printed>,
}

impl Country {
    /// Reads the TOML files of one country's folder and checks them as a whole.
    ///
    /// `folder` is the country's folder as the paths of `files` show it, such as `pipelines/dnk`. Files: `country.toml`,
    /// `codebook.toml`, `tables.toml`, `ledger.toml`, `series.toml`, `quality.toml`, `published.csv`, `waves/<year>.toml`, `report/<year>/<theme>.toml`; others are
    /// not looked at.
    /// The country is there unless a finding is an error. All findings come back at once, sorted by place.
    #[must_use]
    pub fn read(folder: &str, files: &[SourceFile]) -> (Option<Self>, Vec<Finding>) {
        crate::read::country(folder, files)
    }

    /// The table of this name.
    #[must_use]
    pub fn table(&self, id: &TableId) -> Option<&TableSpec> {
        self.tables.iter().find(|table| table.id == *id)
    }

    /// The newest wave.
    #[must_use]
    pub fn newest(&self) -> Option<&Wave> {
        self.waves.values().next_back()
    }
}
