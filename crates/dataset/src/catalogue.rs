//! An entry for data portals (DCAT 3 as JSON-LD): the release as a dataset, each of its files as a distribution.

use codebook::{Language, Translated};
use serde_json::{Value, json};

use crate::format::media_type;
use crate::observation::{correction, mark};
use crate::{DataFile, Source, pretty};

pub(crate) fn json(source: Source<'_>, language: &Language, files: &[DataFile]) -> Vec<u8> {
    let (country, wave) = (source.country, source.wave);
    let distribution = |file: &DataFile| {
        json!({
            "@id": file.name,
            "@type": "dcat:Distribution",
            "dct:title": file.name,
            "dct:issued": day(source),
            "dct:language": language.as_str(),
            "dcat:downloadURL": { "@id": file.name },
            "dcat:mediaType": { "@id": format!("https://www.iana.org/assignments/media-types/{}", media_type(&file.name)) },
            "dcat:byteSize": { "@type": "xsd:nonNegativeInteger", "@value": file.bytes.len().to_string() },
        })
    };
    let mut dataset = json!({
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": "#dataset",
        "@type": "dcat:Dataset",
        "dct:identifier": format!("{}-{}", country.id, source.edition()),
        "dct:title": in_every_language(&country.title),
        "dct:description": in_every_language(&wave.about),
        "dct:temporal": wave.window.get(language),
        "dct:issued": day(source),
        "dct:publisher": { "@type": "foaf:Agent", "foaf:name": in_every_language(&country.publisher) },
        "dcat:distribution": files.iter().map(distribution).collect::<Vec<Value>>(),
    });
    if let Some(licence) = &country.licence {
        let licence = json!({ "@id": licence });
        for distribution in dataset["dcat:distribution"].as_array_mut().into_iter().flatten() {
            distribution["dct:license"] = licence.clone();
        }
        dataset["dct:license"] = licence;
    }
    if let Some(mark) = mark(source) {
        dataset["dcat:keyword"] = json!(mark);
    }
    if let Some(note) = correction(source) {
        dataset["dcat:version"] = json!(source.edition().to_string());
        dataset["dct:modified"] = json!({ "@type": "xsd:date", "@value": source.day().to_string() });
        dataset["adms:versionNotes"] = json!(note);
        dataset["@context"]["adms"] = json!("http://www.w3.org/ns/adms#");
    }
    pretty(&dataset)
}

fn day(source: Source<'_>) -> Value {
    json!({ "@type": "xsd:date", "@value": source.wave.published.to_string() })
}

fn in_every_language(text: &Translated) -> Value {
    let texts = text.iter().map(|(language, text)| json!({ "@language": language.as_str(), "@value": text }));
    texts.collect()
}
