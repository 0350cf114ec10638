//! The calendar as an Atom feed (RFC 4287).

use super::{Entry, escaped};

pub(super) fn feed(entries: &[Entry]) -> String {
    let updated = entries.iter().map(moment).max().unwrap_or_else(|| "1970-01-01T00:00:00Z".to_owned());
    let mut countries: Vec<&str> = entries.iter().map(|entry| entry.country.as_str()).collect();
    countries.sort_unstable();
    countries.dedup();
    let mut titles: Vec<&str> = entries.iter().map(|entry| entry.publication.as_str()).collect();
    titles.dedup();
    let entries: String = entries.iter().map(item).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<id>urn:barometer:{}</id>\n\
         <title>{}</title>\n<updated>{updated}</updated>\n{entries}</feed>\n",
        countries.join("+"),
        escaped(&titles.join(" · "))
    )
}

fn item(entry: &Entry) -> String {
    let (id, updated) = (format!("urn:barometer:{}:{}", entry.country, entry.wave), moment(entry));
    format!(
        "<entry xml:lang=\"{}\">\n<id>{id}</id>\n<title>{}</title>\n<updated>{updated}</updated>\n<published>{updated}</published>\n\
         <author><name>{}</name></author>\n<content>{}</content>\n</entry>\n",
        entry.language,
        escaped(&entry.marked()),
        escaped(&entry.publisher),
        escaped(&entry.marked())
    )
}

/// The moment of an edition in one zone, so that moments sort as texts; of a day its beginning.
fn moment(entry: &Entry) -> String {
    entry
        .moment
        .as_ref()
        .map_or_else(|| format!("{}T00:00:00Z", entry.day), |(at, _)| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}
