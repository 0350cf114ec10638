//! What the page of data says that each format is for.

use dataset::{QUALITY_FILE, ReleaseFormat, TableFormat, WAVES_FILE};
use report::{Offer, Purpose};

/// What each table comes as.
pub(super) const OF_TABLES: [Offer; 3] = [
    Offer { name: TableFormat::Csv.name(), file: TableFormat::Csv.ending(), purpose: Purpose::TidyTable },
    Offer { name: TableFormat::Px.name(), file: TableFormat::Px.ending(), purpose: Purpose::OfficeTables },
    Offer { name: TableFormat::JsonStat.name(), file: TableFormat::JsonStat.ending(), purpose: Purpose::WebTables },
];

/// What the whole release comes as: first what people open, then what programs read, then what describes the rest.
const OF_RELEASE: [Offer; 12] = [
    of_release(ReleaseFormat::Xlsx),
    of_release(ReleaseFormat::Ods),
    of_release(ReleaseFormat::Csv),
    of_release(ReleaseFormat::Parquet),
    of_release(ReleaseFormat::SdmxCsv),
    of_release(ReleaseFormat::Ddi),
    of_release(ReleaseFormat::DataPackage),
    of_release(ReleaseFormat::Csvw),
    of_release(ReleaseFormat::Dcat),
    of_release(ReleaseFormat::RoCrate),
    Offer { name: "JSON", file: QUALITY_FILE, purpose: Purpose::Quality },
    Offer { name: "CSV", file: WAVES_FILE, purpose: Purpose::Series },
];

/// What an edition comes as; the file of all waves is there where it shows several.
pub(super) fn of_edition(has_several_waves: bool) -> &'static [Offer] {
    &OF_RELEASE[..OF_RELEASE.len() - usize::from(!has_several_waves)]
}

const fn of_release(format: ReleaseFormat) -> Offer {
    let purpose = match format {
        ReleaseFormat::Xlsx => Purpose::Workbook,
        ReleaseFormat::Ods => Purpose::OpenWorkbook,
        ReleaseFormat::Csv => Purpose::Tidy,
        ReleaseFormat::Parquet => Purpose::Columns,
        ReleaseFormat::SdmxCsv => Purpose::Exchange,
        ReleaseFormat::Ddi => Purpose::Codebook,
        ReleaseFormat::DataPackage | ReleaseFormat::Csvw => Purpose::Description,
        ReleaseFormat::Dcat => Purpose::Portals,
        ReleaseFormat::RoCrate => Purpose::Repositories,
    };
    Offer { name: format.name(), file: format.file(), purpose }
}
