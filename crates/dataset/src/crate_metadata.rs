//! `ro-crate-metadata.json` (RO-Crate 1.1): the folder of data as a crate that research repositories take.

use codebook::Language;
use serde_json::{Value, json};

use crate::format::media_type;
use crate::observation::notes;
use crate::{DataFile, ReleaseFormat, Source, pretty, sheets};

pub(crate) fn json(source: Source<'_>, language: &Language, files: &[DataFile]) -> Vec<u8> {
    let name = sheets::title(source, language);
    let about = source.wave.about.get(language);
    let description = notes(source).into_iter().chain([about.to_owned()]).collect::<Vec<_>>().join(" ");
    let mut graph = vec![
        json!({
            "@id": ReleaseFormat::RoCrate.file(),
            "@type": "CreativeWork",
            "conformsTo": { "@id": "https://w3id.org/ro/crate/1.1" },
            "about": { "@id": "./" },
        }),
        json!({
            "@id": "./",
            "@type": "Dataset",
            "identifier": format!("{}-{}", source.country.id, source.edition()),
            "name": name,
            "description": description,
            "datePublished": source.wave.published.to_string(),
            "version": source.edition().to_string(),
            "dateModified": source.day().to_string(),
            "inLanguage": language.as_str(),
            "publisher": { "@id": "#publisher" },
            "hasPart": files.iter().map(|file| json!({ "@id": file.name })).collect::<Vec<Value>>(),
        }),
        json!({ "@id": "#publisher", "@type": "Organization", "name": source.country.publisher.get(language) }),
    ];
    if let Some(licence) = &source.country.licence {
        graph[1]["license"] = json!({ "@id": licence });
    }
    graph.extend(files.iter().map(|file| {
        json!({
            "@id": file.name,
            "@type": "File",
            "name": file.name,
            "encodingFormat": media_type(&file.name),
            "contentSize": file.bytes.len().to_string(),
        })
    }));
    pretty(&json!({ "@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph }))
}
