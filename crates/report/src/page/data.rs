//! The page that offers the numbers as files, and what may be offered.

use std::collections::BTreeMap;

use codebook::{Language, TableId};
use minijinja::context;

use super::{Frame, Scene};
use crate::ReportError;
use crate::language::Word;
use crate::templates::{Engine, list, text};

/// Files of numbers that lie in `data/` in each language's folder.
#[derive(Debug, Clone, Copy, Default)]
pub struct Downloads<'a> {
    /// The file with the cells of all waves, for an edition that shows several.
    pub waves: &'a str,
    /// What each table comes as; the files' names are the ending behind the table's name.
    pub of_tables: &'a [Offer],
    /// What the whole release comes as, in the order in which it is offered.
    pub of_release: &'a [Offer],
    /// The bytes of every file by language and name.
    pub sizes: Option<&'a Sizes>,
    /// The SQL statements behind each table, as files below the release's root.
    pub statements: &'a [(TableId, Vec<String>)],
}

/// The bytes of every file of numbers, by language and name.
pub type Sizes = BTreeMap<(Language, String), u64>;

/// A format in which numbers are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// The name of the format.
    pub name: &'static str,
    /// Its file, or what the files' names end in.
    pub file: &'static str,
    /// What it is for.
    pub purpose: Purpose,
}

/// What a file of numbers is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To open in Excel.
    Workbook,
    /// To open in LibreOffice and others.
    OpenWorkbook,
    /// To read with any program, one row for each cell.
    Tidy,
    /// To analyse: the same with types.
    Columns,
    /// To exchange between statistics offices.
    Exchange,
    /// The questions and what the answers mean.
    Codebook,
    /// To tell programs what the columns of the CSV files are.
    Description,
    /// For data portals.
    Portals,
    /// For research repositories.
    Repositories,
    /// To follow the cells over the waves of a series.
    Series,
    /// To read the numbers of the quality report with a program.
    Quality,
    /// To read one table with any program.
    TidyTable,
    /// For table programs of statistics offices.
    OfficeTables,
    /// For programs that draw and compare tables on the web.
    WebTables,
}

impl Purpose {
    fn word(self) -> Word {
        match self {
            Self::Workbook => Word::DataForWorkbook,
            Self::OpenWorkbook => Word::DataForOpenWorkbook,
            Self::Tidy => Word::DataForTidy,
            Self::Columns => Word::DataForColumns,
            Self::Exchange => Word::DataForExchange,
            Self::Codebook => Word::DataForCodebook,
            Self::Description => Word::DataForDescription,
            Self::Portals => Word::DataForPortals,
            Self::Repositories => Word::DataForRepositories,
            Self::Series => Word::DataForSeries,
            Self::Quality => Word::DataForQuality,
            Self::TidyTable => Word::DataForTidyTable,
            Self::OfficeTables => Word::DataForOfficeTables,
            Self::WebTables => Word::DataForWebTables,
        }
    }
}

impl Scene<'_> {
    /// The page that offers the numbers as files.
    pub(super) fn data(&self, engine: &Engine<'_>, languages: &[Language]) -> Result<String, ReportError> {
        let lead = self.pack.text(Word::DataLead);
        let frame =
            Frame { name: "data.html", title: self.pack.text(Word::Data).to_owned(), description: lead, languages };
        let downloads = self.edition.downloads;
        let offer = |offer: &Offer, file: String| {
            context! {
                label => text(offer.name),
                purpose => text(self.pack.text(offer.purpose.word())),
                size => text(self.size(&file)),
                href => text(format!("data/{file}")),
            }
        };
        let published = |spec: &&codebook::TableSpec| self.edition.published.table(&spec.id).is_some();
        let rows = self.edition.country.tables.iter().filter(published).map(|spec| {
            let files = downloads.of_tables.iter().map(|format| offer(format, format!("{}.{}", spec.id, format.file)));
            context! { title => text(spec.title.get(self.language())), files => list(files) }
        });
        let page = context! {
            release => list(downloads.of_release.iter().map(|format| offer(format, format.file.to_owned()))),
            formats => list(downloads.of_tables.iter().map(|format| offer(format, String::new()))),
            tables => list(rows),
        };
        engine.render("html/data.html", &self.context(&frame, page))
    }

    /// The size of a file in kilobytes, rounded up; nothing where it is not known.
    fn size(&self, file: &str) -> String {
        let sizes = self.edition.downloads.sizes;
        let bytes = sizes.and_then(|sizes| sizes.get(&(self.language().clone(), file.to_owned())));
        bytes.map_or_else(String::new, |bytes| {
            self.pack.fill(Word::DataSize, &[("kilobytes", &self.pack.count(bytes.div_ceil(1000)))])
        })
    }
}
