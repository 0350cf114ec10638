//! How near a column stands to the one who answered, as far as its name and its cells tell.
//!
//! Names are looked at word by word, in the Nordic languages, Dutch, German, Spanish and English. A person decides in the end: the class is
//! advice for the one who writes a wave's file.

use codebook::ColumnClass;

use super::column::Content;
use super::headings;

/// Beginnings of words for a weight.
const WEIGHT: [&str; 10] =
    ["weight", "wgt", "vægt", "vaegt", "vekt", "vikt", "paino", "gewicht", "ponder", "expansion"];
/// Words for what others may know of a unit or a person: place, activity, size, age, sex, position.
const QUASI_IDENTIFIERS: [&str; 72] = [
    "region",
    "municipality",
    "kommune",
    "kommun",
    "kunta",
    "gemeente",
    "gemeinde",
    "municipio",
    "county",
    "fylke",
    "län",
    "amt",
    "maakunta",
    "provincie",
    "province",
    "departamento",
    "postcode",
    "postnr",
    "postnummer",
    "postalcode",
    "zip",
    "country",
    "land",
    "industry",
    "branche",
    "bransje",
    "bransch",
    "toimiala",
    "sector",
    "sektor",
    "nace",
    "isic",
    "sni",
    "division",
    "level",
    "niveau",
    "forvaltningsled",
    "employees",
    "employed",
    "ansatte",
    "anställda",
    "antal_ansatte",
    "henkilöstö",
    "medewerkers",
    "empleados",
    "size",
    "størrelse",
    "storlek",
    "tamaño",
    "age",
    "alder",
    "ålder",
    "ikä",
    "leeftijd",
    "edad",
    "born",
    "birth",
    "birthyear",
    "fødselsår",
    "fødeår",
    "gender",
    "sex",
    "køn",
    "kjønn",
    "kön",
    "sukupuoli",
    "geslacht",
    "sexo",
    "title",
    "stilling",
    "position",
    "occupation",
];

/// What is known of a column when it is classed.
pub(super) struct Known<'k> {
    pub(super) name: &'k str,
    pub(super) content: Content,
    /// Whether it tells who answered.
    pub(super) is_personal: bool,
    /// Rows with an empty cell.
    pub(super) missing: u64,
}

impl Known<'_> {
    /// The class of the column.
    pub(super) fn class(&self) -> ColumnClass {
        if self.is_personal {
            return ColumnClass::DirectIdentifier;
        }
        match self.content {
            Content::UniqueId => ColumnClass::UnitId,
            Content::Text => ColumnClass::OpenText,
            Content::Number if self.is_weight() => ColumnClass::Weight,
            Content::Code | Content::Number | Content::Date if self.is_quasi_identifier() => {
                ColumnClass::QuasiIdentifier
            }
            Content::Empty
            | Content::Constant
            | Content::Code
            | Content::Condition
            | Content::Number
            | Content::Date
            | Content::Moment => ColumnClass::Answer,
        }
    }

    /// Every row has a number whose name says so.
    fn is_weight(&self) -> bool {
        let name = self.name.to_lowercase();
        let is_named = name == "w" || name.starts_with("w_") || WEIGHT.iter().any(|word| name.contains(word));
        is_named && self.missing == 0
    }

    fn is_quasi_identifier(&self) -> bool {
        is_quasi_identifier(self.name)
    }
}

/// Whether a heading says that its column tells what others may know of a unit or a person.
pub(super) fn is_quasi_identifier(heading: &str) -> bool {
    headings::words(heading).iter().any(|word| QUASI_IDENTIFIERS.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use codebook::ColumnClass;

    use super::{Content, Known};

    #[track_caller]
    fn check(name: &str, content: Content, class: ColumnClass) {
        assert_eq!(Known { name, content, is_personal: false, missing: 0 }.class(), class, "{name}");
    }

    #[test]
    fn names_tell_what_others_may_know_of_a_unit() {
        check("antal_ansatte", Content::Number, ColumnClass::QuasiIdentifier);
        check("Kommune", Content::Code, ColumnClass::QuasiIdentifier);
        check("BirthYear", Content::Number, ColumnClass::QuasiIdentifier);
        check("s_11_1", Content::Code, ColumnClass::Answer);
        check("stage", Content::Code, ColumnClass::Answer);
    }

    #[test]
    fn a_weight_is_a_number_that_every_row_has() {
        check("w_trans", Content::Number, ColumnClass::Weight);
        check("vægt", Content::Number, ColumnClass::Weight);
        check("body_weight_class", Content::Code, ColumnClass::Answer);
        let gaps = Known { name: "weight", content: Content::Number, is_personal: false, missing: 3 };
        assert_eq!(gaps.class(), ColumnClass::Answer);
    }

    #[test]
    fn what_identifies_is_never_anything_less() {
        let known = Known { name: "region", content: Content::Code, is_personal: true, missing: 0 };
        assert_eq!(known.class(), ColumnClass::DirectIdentifier);
        check("id", Content::UniqueId, ColumnClass::UnitId);
        check("comment", Content::Text, ColumnClass::OpenText);
    }
}
