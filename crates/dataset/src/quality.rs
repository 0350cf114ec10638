//! The quality report for programs: the numbers of its page by the concepts of SIMS, and its texts in every language.
//!
//! `texts` has what the country's `quality.toml` tells, by concept and language. `indicators` has one entry for each number: its concept, its name, the code of
//! the quality indicator of the European Statistical System where there is one, what it is of (a table and a row, a variable and a category), its value, and
//! its unit. A number that is not available has no entry; the page says why.

use codebook::{Concept, Indicator, LeftOut, Third, VariableName, answer_time};
use disclose::{Cell, Rounded, per_hundred};
use estimate::Domain;
use serde_json::{Map, Value, json};

use crate::observation::mark;
use crate::{Source, pretty};

/// The file's name below the folder of data.
pub const QUALITY_FILE: &str = "quality.json";

/// Per cent, points, and what is only counted.
const PERCENT: &str = "per cent";
const POINTS: &str = "percentage points";
const UNITS: &str = "units";
const DAYS: &str = "days";
const RATIO: &str = "ratio";

pub(crate) fn json(source: Source<'_>) -> Vec<u8> {
    let mut indicators = Indicators::default();
    indicators.response(source);
    indicators.representation(source);
    indicators.precision(source);
    indicators.late(source);
    indicators.gaps(source);
    indicators.times(source);
    let texts: Map<String, Value> = source
        .wave
        .quality
        .iter()
        .map(|(concept, text)| {
            let of_language = text.iter().map(|(language, words)| (language.to_string(), json!(words)));
            (concept.number().to_owned(), Value::Object(of_language.collect()))
        })
        .collect();
    pretty(&json!({
        "structure": "ESS Single Integrated Metadata Structure (SIMS) 2.0",
        "country": source.country.id.to_string(),
        "edition": source.edition().to_string(),
        "data": mark(source),
        "texts": texts,
        "indicators": indicators.0,
    }))
}

/// The numbers of the report, in the order of the structure.
#[derive(Default)]
struct Indicators(Vec<Value>);

/// What a number is of.
type Of = [(&'static str, String)];

impl Indicators {
    /// A number without a code.
    fn add(&mut self, concept: Concept, name: &str, value: (Value, &str), of: &Of) {
        self.push(concept, name, None, value, of);
    }

    fn push(&mut self, concept: Concept, name: &str, code: Option<&str>, (value, unit): (Value, &str), of: &Of) {
        let of: Map<String, Value> = of.iter().map(|(key, value)| ((*key).to_owned(), json!(value))).collect();
        self.0.push(json!({
            "concept": concept.number(),
            "indicator": name,
            "code": code,
            "of": of,
            "value": value,
            "unit": unit,
        }));
    }

    fn named(&mut self, indicator: Indicator, value: (Value, &str), of: &Of) {
        self.push(indicator.concept(), indicator.name(), indicator.code(), value, of);
    }

    fn response(&mut self, source: Source<'_>) {
        let fieldwork = source.published.fieldwork();
        let mut count = |concept, name, units: u64| self.add(concept, name, (json!(units), UNITS), &[]);
        count(Concept::NonResponseError, "usable_answers", fieldwork.usable());
        count(Concept::NonResponseError, "unfinished_answers", fieldwork.left_out(LeftOut::Incomplete));
        if let Some(drawn) = fieldwork.drawn {
            count(Concept::NonResponseError, "units_drawn", drawn);
            count(Concept::CoverageError, "units_out_of_scope", fieldwork.left_out(LeftOut::OutOfScope));
        }
        for (indicator, rate) in fieldwork.rates() {
            self.named(indicator, (number(rate), PERCENT), &[]);
        }
    }

    fn representation(&mut self, source: Source<'_>) {
        for coverage in &source.published.fieldwork().coverage {
            let population: u64 = coverage.groups.iter().map(|group| group.population).sum();
            let answers: u64 = coverage.groups.iter().map(|group| group.answers).sum();
            for group in &coverage.groups {
                let of = group_of(&coverage.variable, group.code.as_str());
                let mut add = |name, value, unit| self.add(Concept::CoverageError, name, (value, unit), &of);
                add("population", json!(group.population), UNITS);
                add("answers", json!(group.answers), UNITS);
                if let Some(drawn) = group.drawn {
                    add("units_drawn", json!(drawn), UNITS);
                }
                let shares = [
                    ("share_of_population", per_hundred(group.population, population).map(number)),
                    ("share_of_answers", per_hundred(group.answers, answers).map(number)),
                    ("share_of_weighted_answers", group.weighted.map(number)),
                ];
                for (name, share) in shares.into_iter().filter_map(|(name, share)| Some((name, share?))) {
                    add(name, share, PERCENT);
                }
            }
        }
    }

    /// Every share in total: those that the page tells are among them.
    fn precision(&mut self, source: Source<'_>) {
        for table in source.published.tables() {
            for row in table.rows() {
                let Some(precision) = source.published.precision(table.id(), row) else { continue };
                let of = [("table", table.id().to_string()), ("row", row.to_string())];
                self.named(Indicator::CoefficientOfVariation, (number(precision.variation()), PERCENT), &of);
                let mut add = |name, value, unit| self.add(Concept::SamplingError, name, (value, unit), &of);
                if let Some(effect) = precision.design_effect() {
                    add("design_effect", number(effect), RATIO);
                }
                if let Some(effective) = precision.effective() {
                    add("effective_answers", json!(effective), UNITS);
                }
                if let Some(unweighted) = source.published.unweighted(table.id(), row) {
                    self.add(Concept::NonResponseError, "unweighted_share", (number(unweighted), PERCENT), &of);
                }
            }
        }
    }

    fn late(&mut self, source: Source<'_>) {
        for late in source.published.late() {
            let Some(table) = source.published.table(late.table()) else { continue };
            let of = [("table", late.table().to_string()), ("row", late.row().to_string())];
            let mut add = |name: &str, value, unit| self.add(Concept::NonResponseError, name, (value, unit), &of);
            for third in Third::ALL {
                let domain = Domain::Group { breakdown: answer_time(), code: third.code() };
                if let Some(figures) = table.cell(late.row(), &domain).and_then(Cell::figures) {
                    add(&format!("share_{}_third", third.as_str()), number(figures.estimate()), PERCENT);
                }
            }
            let size = late.size();
            add("late_less_early", number(size.estimate()), POINTS);
            add("late_less_early_low", number(size.low()), POINTS);
            add("late_less_early_high", number(size.high()), POINTS);
        }
    }

    fn gaps(&mut self, source: Source<'_>) {
        for gap in &source.published.fieldwork().quality.gaps {
            if let Some(rate) = gap.rate() {
                let of = [("variable", gap.variable.to_string())];
                self.named(Indicator::ItemNonResponseRate, (number(rate), PERCENT), &of);
            }
        }
    }

    fn times(&mut self, source: Source<'_>) {
        let wave = source.wave;
        for lag in wave.lags() {
            self.named(lag.indicator, (json!(lag.days), DAYS), &[]);
        }
        let errata = u64::try_from(wave.errata.len()).expect("errata are counted in 64 bits");
        self.add(Concept::RevisionPractice, "errata", (json!(errata), "errata"), &[]);
    }
}

fn group_of(variable: &VariableName, code: &str) -> [(&'static str, String); 2] {
    [("variable", variable.to_string()), ("category", code.to_owned())]
}

/// A rounded number as one of JSON, whole where it has no decimals. JSON has no zeros at the end: 1.50 is written as 1.5.
fn number(rounded: Rounded) -> Value {
    if rounded.decimals() == 0 {
        return json!(rounded.units());
    }
    rounded.to_string().parse::<f64>().map_or(Value::Null, |number| json!(number))
}
