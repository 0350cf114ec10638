//! Editions within an edition: pages about some of the population, such as one level of government.

use crate::{BaseId, FigureId, Place, Translated, VariantId};

/// An edition about some of those that the whole edition is about. Its numbers are those of tables whose bases are its own; so whatever stands on
/// its pages is about them.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// Its name; also its folder.
    pub id: VariantId,
    /// What it is called.
    pub title: Translated,
    /// Whom it is about, as it stands in a sentence: "municipal workplaces".
    pub whom: Translated,
    /// Who is counted on its pages; the first base is everyone it is about.
    pub bases: Vec<BaseId>,
    /// The figure that its front page leads with; `None` is the first whose headline tells a number.
    pub lead: Option<FigureId>,
    /// Where it is written.
    pub place: Place,
}
