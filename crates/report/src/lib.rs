//! From [`Published`](disclose::Published) and templates to HTML and Markdown pages with their charts.
//!
//! Templates place; they do not compute. Everything reaches them as finished text: numbers are formatted here by the rules of
//! the page's language, charts are drawn here from the published (rounded) numbers, captions are built here from the
//! codebook. Narratives are parsed first ([`narrative()`]), before anything is counted, so that their claims join the plan.
//!
//! It touches no disk: templates and narratives come in as texts, pages go out as bytes.

mod calendar;
mod caption;
mod card;
mod chart;
mod comparison;
mod error;
mod fact;
mod figure;
mod language;
mod narrative;
mod page;
mod place;
mod proof;
mod shelf;
mod significance;
mod templates;

pub use calendar::{CalendarFormat, calendar};
pub use comparison::{ComparisonEdition, comparison_pages};
pub use error::ReportError;
pub use language::{Languages, Pack};
pub use narrative::{Narrative, boilerplate, narrative, unchecked_numbers, untested_comparisons, untested_words};
pub use page::{Downloads, Edition, Offer, Page, Pages, Picture, Purpose, Sizes, cards, pages, template_names};
pub use proof::proof_sheet;
pub use shelf::{Empty, Shelf, Shown};
pub use templates::Templates;
