//! The formats of a release, in the order in which a reader meets them: first what opens in a spreadsheet, last what only programs read.

/// What each table comes as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableFormat {
    /// Tidy CSV, one row for each cell.
    Csv,
    /// The format of the Nordic statistics offices.
    Px,
    /// JSON-stat 2.0.
    JsonStat,
}

/// What the whole release comes as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReleaseFormat {
    /// A workbook for Excel.
    Xlsx,
    /// An OpenDocument spreadsheet.
    Ods,
    /// Every table in one tidy CSV.
    Csv,
    /// The same rows by columns, with their types.
    Parquet,
    /// SDMX-CSV 2.0, for exchange between statistics offices.
    SdmxCsv,
    /// Frictionless Data Package: describes the CSV files, table by table.
    DataPackage,
    /// CSV on the Web: the same for the web's own readers.
    Csvw,
    /// DDI Codebook 2.5: the questions and their answers, for data archives.
    Ddi,
    /// An entry for data portals.
    Dcat,
    /// RO-Crate 1.1, for research repositories.
    RoCrate,
}

impl TableFormat {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Px, Self::JsonStat];

    /// What people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Px => "PX",
            Self::JsonStat => "JSON-stat",
        }
    }

    /// What its files' names end in, behind the table's name and a dot.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Px => "px",
            Self::JsonStat => "json",
        }
    }
}

impl ReleaseFormat {
    /// All of them. What describes other files stands behind them.
    pub const ALL: [Self; 10] = [
        Self::Xlsx,
        Self::Ods,
        Self::Csv,
        Self::Parquet,
        Self::SdmxCsv,
        Self::Ddi,
        Self::DataPackage,
        Self::Csvw,
        Self::Dcat,
        Self::RoCrate,
    ];

    /// What people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Xlsx => "XLSX",
            Self::Ods => "ODS",
            Self::Csv => "CSV",
            Self::Parquet => "Parquet",
            Self::SdmxCsv => "SDMX-CSV",
            Self::DataPackage => "Data Package",
            Self::Csvw => "CSVW",
            Self::Ddi => "DDI Codebook",
            Self::Dcat => "DCAT",
            Self::RoCrate => "RO-Crate",
        }
    }

    /// Its file. Where a description has a fixed name, it is that one; the name of a table holds no dot, so none but a JSON-stat file could
    /// have the same.
    #[must_use]
    pub const fn file(self) -> &'static str {
        match self {
            Self::Xlsx => "tables.xlsx",
            Self::Ods => "tables.ods",
            Self::Csv => "tables.tidy.csv",
            Self::Parquet => "tables.parquet",
            Self::SdmxCsv => "tables.sdmx.csv",
            Self::DataPackage => "datapackage.json",
            Self::Csvw => "csv-metadata.json",
            Self::Ddi => "codebook.ddi.xml",
            Self::Dcat => "catalogue.dcat.jsonld",
            Self::RoCrate => "ro-crate-metadata.json",
        }
    }
}

/// What the web calls the content of a file by its name.
pub(crate) fn media_type(file: &str) -> &'static str {
    match file.rsplit('.').next() {
        Some("csv") => "text/csv",
        Some("px") => "text/x-pcaxis",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Some("ods") => "application/vnd.oasis.opendocument.spreadsheet",
        Some("parquet") => "application/vnd.apache.parquet",
        Some("xml") => "application/xml",
        Some("jsonld") => "application/ld+json",
        _ => "application/json",
    }
}
