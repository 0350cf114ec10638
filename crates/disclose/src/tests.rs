//! Tests of the barrier, on a survey small enough to see: one table of two rows, broken down by level of government.

mod attacking;
mod comparing;
mod correcting;
mod covering;
mod enumerating;
mod instead;
mod judging;
mod nesting;
mod precise;
mod presets;
mod primary;
mod protecting;
mod storing;
mod strata;
mod testing;
mod waves;
mod weighing;

use codebook::{
    BaseId, Claim, ClaimId, Code, Comparison, Extremes, Language, Lean, Measure, Numerators, Place, Predicate,
    QualityPreset, Row, RowId, Sensitivity, SharePhrase, Spoken, TableId, TableSpec, Theme, ThemeId, Translated,
    VariableName, WaveId, Wording,
};
use estimate::{
    Contributors, Degrees, Difference, Domain, Estimate, IntervalMethod, Method, NotEstimable, Outcome, Table,
};

use crate::{Coverage, DataQuality, Fieldwork, Proof, Published, Release, Rules, disclose, proofs};

const RULES: Rules = Rules {
    smallest_base: 5,
    unreliable_below: 30,
    flagged_below: 50,
    widest_interval: 30,
    numerators: Numerators::Sensitive,
    extremes: Extremes::Shown,
    magnitudes: None,
    quality: QualityPreset::Usual,
};

const METHOD: Method = Method { shares: IntervalMethod::Xlogit, level: 0.95, degrees: Degrees::Domain };

/// The categories of the breakdown.
const LEVELS: [&str; 3] = ["municipality", "region", "state"];

/// A survey about one table, ready to be disclosed.
struct Survey {
    spec: TableSpec,
    table: Table,
    claims: Vec<Predicate>,
    wordings: Vec<(usize, Option<Spoken>)>,
    phrases: Vec<SharePhrase>,
    bases: Vec<(BaseId, u64)>,
    population: Option<u64>,
    quality: DataQuality,
    coverage: Vec<Coverage>,
    rules: Rules,
    method: Method,
    /// The weight of everybody in each level.
    weights: [f64; 3],
}

/// An estimate of a share or number from `n` answers, with limits `half` away.
fn about(value: f64, half: f64, n: u64) -> Outcome {
    let (se, positive) = (half / 1.96, n / 2);
    Outcome::Estimated(Estimate {
        value,
        se,
        low: value - half,
        high: value + half,
        df: 100.0,
        n,
        positive,
        deff: None,
        sides: None,
    })
}

/// Who stands behind the cells of a table: as many as its outcomes say, each with the weight of its level; 3 in other groups.
fn behind(table: &Table, weights: [f64; 3]) -> Vec<Vec<Contributors>> {
    let size = |n: u64| estimate::Wide::from_count(n).to_f64();
    let of_row = |row: &Vec<Outcome>| -> Vec<Contributors> {
        let levels: f64 = row.iter().skip(1).zip(weights).map(|(outcome, weight)| weight * size(outcome.n())).sum();
        let of = |(domain, outcome): (usize, &Outcome)| {
            let positive = if let Outcome::Estimated(estimate) = outcome { estimate.positive } else { 0 };
            let own = domain.checked_sub(1).and_then(|level| weights.get(level)).copied().unwrap_or(3.0);
            let (n, weight) = (outcome.n(), if domain == 0 { levels } else { own * size(outcome.n()) });
            Contributors { n, positive, weight, lightest: own, heaviest: own, take_all: false, sizes: None }
        };
        row.iter().enumerate().map(of).collect()
    };
    table.cells.iter().map(of_row).collect()
}

fn not_estimable(reason: NotEstimable, n: u64) -> Outcome {
    Outcome::NotEstimable { reason, n }
}

fn row(id: &str) -> RowId {
    RowId::new(id).unwrap()
}

fn level() -> VariableName {
    VariableName::new("level").unwrap()
}

fn code(text: &str) -> Code {
    Code::new(text).unwrap()
}

fn group(level_code: &str) -> Domain {
    Domain::Group { breakdown: level(), code: code(level_code) }
}

fn sector(sector_code: &str) -> Domain {
    Domain::Group { breakdown: VariableName::new("sector").unwrap(), code: code(sector_code) }
}

fn table_id() -> TableId {
    TableId::new("innovation").unwrap()
}

fn comparison(first: &str, second: &str) -> Comparison {
    Comparison { table: table_id(), row: row("any"), breakdown: level(), group: code(first), than: code(second) }
}

impl Survey {
    /// Shares of row `any`: the total, then the levels. Row `other` is a share of 50 per cent of 400 answers everywhere.
    fn of_shares(total: Outcome, levels: [Outcome; 3]) -> Self {
        let place = Place::File { file: "tables.toml".to_owned() };
        let words = Translated::default();
        let rows = ["any", "other"].map(row);
        let domains = std::iter::once(Domain::Total).chain(LEVELS.map(group)).collect();
        let spec = TableSpec {
            id: table_id(),
            title: words.clone(),
            base: BaseId::new("all").unwrap(),
            measure: Measure::Share,
            rows: rows
                .iter()
                .map(|id| Row {
                    id: id.clone(),
                    label: words.clone(),
                    item: VariableName::new(id.as_str()).unwrap(),
                    codes: Vec::new(),
                    over: None,
                })
                .collect(),
            breakdowns: vec![level()],
            decimals: 0,
            scale: None,
            sensitivity: Sensitivity::Ordinary,
            base_sensitivity: Sensitivity::Ordinary,
            place,
        };
        let cells = vec![std::iter::once(total).chain(levels).collect(), vec![about(0.5, 0.05, 400); 4]];
        let table = Table {
            id: table_id(),
            domains,
            rows: rows.to_vec(),
            cells,
            strata: Vec::new(),
            differences: Vec::new(),
            row_differences: Vec::new(),
        };
        Self {
            spec,
            table,
            claims: Vec::new(),
            wordings: Vec::new(),
            phrases: Vec::new(),
            bases: Vec::new(),
            population: None,
            quality: DataQuality::default(),
            coverage: Vec::new(),
            rules: RULES,
            method: METHOD,
            weights: [3.0; 3],
        }
    }

    /// A survey where every cell is good.
    fn sound() -> Self {
        Self::of_shares(
            about(0.81, 0.02, 2_271),
            [about(0.80, 0.03, 900), about(0.85, 0.03, 700), about(0.84, 0.03, 671)],
        )
    }

    /// With a second breakdown of two sectors.
    fn with_sectors(mut self, any: [Outcome; 2]) -> Self {
        for (sector_code, outcome) in ["health", "school"].into_iter().zip(any) {
            self.table.domains.push(sector(sector_code));
            self.table.cells[0].push(outcome);
            self.table.cells[1].push(about(0.5, 0.05, 400));
        }
        self
    }

    fn with_difference(mut self, first: &str, second: &str, outcome: Outcome) -> Self {
        self.table.differences.push(Difference { comparison: comparison(first, second), outcome });
        self
    }

    /// With a claim, and a wording that tells `spoken`.
    fn claiming(mut self, predicate: Predicate, spoken: Option<Spoken>) -> Self {
        self.claims.push(predicate);
        self.wordings.push((self.claims.len() - 1, spoken));
        self
    }

    fn disclose(&self) -> Published {
        self.released(disclose)
    }

    fn proofs(&self) -> Vec<Proof> {
        self.released(|release| proofs(&release, &disclose(release.clone())))
    }

    fn released<T>(&self, then: impl FnOnce(Release<'_>) -> T) -> T {
        let place = || Place::File { file: "theme.toml".to_owned() };
        let claim_id = |index: usize| ClaimId::new(&format!("claim{index}")).unwrap();
        let theme_id = ThemeId::new("theme").unwrap();
        let claims = self.claims.iter().enumerate();
        let claims = claims.map(|(index, predicate)| Claim {
            id: claim_id(index),
            predicate: predicate.clone(),
            place: place(),
        });
        let themes = [Theme {
            id: theme_id.clone(),
            variant: None,
            kind: codebook::PageKind::Theme,
            cases: Vec::new(),
            quotes: Vec::new(),
            figures: Vec::new(),
            claims: claims.collect(),
            allowed: Vec::new(),
            place: place(),
        }];
        let wording = |(index, spoken): &(usize, Option<Spoken>)| {
            let language = Language::new("en").unwrap();
            let text = "the words".to_owned();
            (theme_id.clone(), Wording { claim: claim_id(*index), language, text, spoken: *spoken, place: place() })
        };
        let wordings: Vec<_> = self.wordings.iter().map(wording).collect();
        then(Release {
            wave: WaveId::new("2019").unwrap(),
            synthetic: false,
            rules: self.rules,
            method: self.method,
            specs: &[&self.spec],
            tables: std::slice::from_ref(&self.table),
            contributors: &[behind(&self.table, self.weights)],
            unions: crate::Unions::NONE,
            themes: &themes,
            wordings: &wordings,
            phrases: &[(Language::new("en").unwrap(), self.phrases.clone())].into(),
            beside: crate::Beside::default(),
            fieldwork: Fieldwork {
                rows: 2_300,
                left_out: [(codebook::LeftOut::Incomplete, 29)].into(),
                zero_weight: 0,
                answers: 2_271,
                drawn: None,
                population: self.population,
                strata: 4,
                bases: self.bases.clone(),
                coverage: self.coverage.clone(),
                weights: None,
                quality: self.quality.clone(),
            },
        })
    }
}
