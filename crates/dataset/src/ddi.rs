//! DDI Codebook 2.5: what was asked, of whom, and what the answers mean, in every language of the country, for data archives.
//!
//! It describes the survey, not its answers: no frequencies, since the only counts that may leave are those in the tables. Free texts are not
//! described either; they are never published.

use codebook::{Category, Country, Expr, Kind, Language, Origin, Translated, Variable, VariableName};

use crate::observation::{correction, mark};
use crate::waves::has_earlier;
use crate::xml::Element;
use crate::{Source, WAVES_FILE, waves};

pub(crate) fn xml(source: Source<'_>, language: &Language) -> Vec<u8> {
    Element::new("codeBook")
        .with("xmlns", "ddi:codebook:2_5")
        .with("version", "2.5")
        .with("ID", format!("{}-{}", source.country.id, source.edition()))
        .with("xml:lang", language.as_str())
        .child(study(source, language))
        .child(data(source))
        .children(has_earlier(source).then(|| series(source, language)))
        .document()
}

fn study(source: Source<'_>, language: &Language) -> Element {
    let (country, wave) = (source.country, source.wave);
    let name = |name: &'static str, language: &Language| {
        let text = format!("{}, {}", country.title.get(language), wave.window.get(language));
        Element::new(name).with("xml:lang", language.as_str()).text(text)
    };
    let others = country.languages.iter().filter(|other| *other != language);
    let day = wave.published.to_string();
    let version = correction(source).map(|note| {
        let day = source.day().to_string();
        let version = Element::new("version").with("date", &*day).text(source.edition().to_string());
        Element::new("verStmt").child(version).child(Element::new("notes").text(note))
    });
    let titles = Element::new("titlStmt")
        .child(name("titl", language))
        .children(others.map(|other| name("parTitl", other)))
        .child(Element::new("IDNo").text(format!("{}-{}", country.id, source.edition())));
    let production = Element::new("prodStmt").child(Element::new("producer").text(country.publisher.get(language)));
    let distribution = Element::new("distStmt").child(Element::new("distDate").with("date", &*day).text(&*day));
    let citation = Element::new("citation").child(titles).child(production).child(distribution).children(version);
    let summary = Element::new("sumDscr")
        .child(Element::new("timePrd").text(wave.window.get(language)))
        .children(each("nation", &country.name))
        .children(country.bases.values().flat_map(|base| each("universe", &base.label)))
        .child(Element::new("dataKind").text(mark(source).unwrap_or("aggregate data of a survey")));
    let information = Element::new("stdyInfo").children(each("abstract", &wave.about)).child(summary);
    let access = country.licence.as_ref().map(|licence| {
        let conditions = Element::new("conditions").text(licence.as_str());
        Element::new("dataAccs").child(Element::new("useStmt").child(conditions))
    });
    Element::new("stdyDscr").child(citation).child(information).children(access)
}

/// The file that holds several waves, which the study's own variables describe.
fn series(source: Source<'_>, language: &Language) -> Element {
    let label = Element::new("labl").with("xml:lang", language.as_str()).text(waves::title(source, language));
    let columns: Vec<&str> = waves::columns().collect();
    let meaning = waves::LINKS.iter().zip(waves::LINKS_MEAN).map(|(column, meaning)| format!("{column}: {meaning}"));
    let meaning: Vec<String> = meaning.collect();
    let columns = Element::new("txt").text(format!("Its columns: {}. {}", columns.join(", "), meaning.join(" ")));
    Element::new("otherMat").with("level", "study").with("URI", WAVES_FILE).child(label).child(columns)
}

fn data(source: Source<'_>) -> Element {
    let described = source.country.codebook.variables.iter().filter(|variable| !matches!(variable.kind, Kind::Text));
    Element::new("dataDscr").children(described.zip(1..).map(|(it, number)| variable(source.country, it, number)))
}

fn variable(country: &Country, variable: &Variable, number: usize) -> Element {
    let (kind, format) = match variable.kind {
        Kind::Category { .. } | Kind::Condition => ("discrete", "character"),
        Kind::Number => ("contin", "numeric"),
        Kind::Date | Kind::Text => ("discrete", "character"),
    };
    let battery = country.codebook.battery_of(&variable.name).map(|battery| &battery.question);
    let question =
        variable.question.as_ref().or(battery).map(|question| Element::new("qstn").children(each("qstnLit", question)));
    let derived = match &variable.origin {
        Origin::Derived(expression) => {
            let words = format!("derived from {}", names(expression));
            Some(Element::new("derivation").child(Element::new("drvdesc").text(words)))
        }
        Origin::Answer | Origin::Register | Origin::Fieldwork => None,
    };
    let asked = variable.asked_if.as_ref().map(|condition| {
        Element::new("universe").text(format!("those who are asked, by their answers to {}", names(condition)))
    });
    Element::new("var")
        .with("ID", format!("V{number}"))
        .with("name", variable.name.as_str())
        .with("intrvl", kind)
        .children(each("labl", &variable.label))
        .children(question)
        .children(asked)
        .children(variable.categories().iter().map(category))
        .children(derived)
        .child(Element::new("varFormat").with("type", format))
}

/// The variables of a condition.
fn names(expression: &Expr) -> String {
    expression.variables().into_iter().map(VariableName::as_str).collect::<Vec<_>>().join(", ")
}

fn category(category: &Category) -> Element {
    Element::new("catgry")
        .child(Element::new("catValu").text(category.code.as_str()))
        .children(each("labl", &category.label))
}

/// The element once for every language.
fn each(name: &'static str, text: &Translated) -> Vec<Element> {
    text.iter().map(|(language, text)| Element::new(name).with("xml:lang", language.as_str()).text(text)).collect()
}
