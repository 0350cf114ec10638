//! A small country with made-up numbers, and its pages.

use std::collections::BTreeMap;

use codebook::{CheckKind, Code, Comparison, Country, SourceFile, TableId, TableSpec, VariableName, Wave};
use disclose::{
    Corrections, Count, Coverage, CoveredGroup, DataQuality, Fieldwork, ItemGap, Published, Release, Rules,
    WeightFacts, disclose,
};
use estimate::{
    Contributors, Degrees, Difference, Domain, Estimate, IntervalMethod, Method, Outcome, Table, Trimmed, WeightSummary,
};
use report::{Downloads, Edition, Empty, Languages, Narrative, Offer, Page, Purpose, Templates, narrative, pages};

/// The made-up numbers.
pub(crate) const NUMBERS: &str = include_str!("numbers.txt");

/// The country, its narratives and its numbers.
pub(crate) struct Sample {
    pub(crate) country: Country,
    pub(crate) languages: Languages,
    pub(crate) narratives: Vec<Narrative>,
    pub(crate) published: Published,
    pub(crate) corrections: Corrections,
    pub(crate) statements: Vec<(TableId, Vec<String>)>,
}

fn files(text: &str) -> Vec<SourceFile> {
    let file = |(path, text)| SourceFile { path, text };
    testkit::country("pipelines/demo", text).into_iter().map(file).collect()
}

/// The sample country; `change` edits its text first.
pub(crate) fn country(change: impl Fn(String) -> String) -> Country {
    let (country, findings) = Country::read("pipelines/demo", &files(&change(include_str!("country.txt").to_owned())));
    country.unwrap_or_else(|| panic!("{}", findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))
}

impl Sample {
    pub(crate) fn new() -> Self {
        Self::of(country(|text| text))
    }

    pub(crate) fn of(country: Country) -> Self {
        Self::with(country, include_str!("narratives.txt"), NUMBERS)
    }

    /// The pages of a country whose design is not known: no claim stands on a test.
    pub(crate) fn of_unknown_design() -> Self {
        const TESTED: [&str; 3] = ["same", "most", "large-small"];
        let untested = |text: &str| {
            let words =
                TESTED.iter().fold(text.to_owned(), |text, claim| text.replace(&format!("]{{{claim}}}"), "]{}"));
            let parts: Vec<&str> = words.split("]{}").collect();
            let (last, others) = parts.split_last().unwrap();
            let unmarked = |part: &&str| {
                let (before, words) = part.rsplit_once('[').unwrap();
                format!("{before}{words}")
            };
            others.iter().map(unmarked).chain([(*last).to_owned()]).collect::<String>()
        };
        let country = country(|text| {
            let design = "[design]\nweights = { column = \"w\" }\ndesign_known = false\n";
            let (before, after) = text.split_once("[design]").unwrap();
            let after = untested(after.split_once("=== report").unwrap().1);
            let of_test = |line: &str| TESTED.iter().any(|claim| line == format!("[claims.{claim}]"));
            let mut lines = Vec::new();
            let mut after = after.lines();
            while let Some(line) = after.next() {
                // A claim is its heading and one line.
                if of_test(line) {
                    after.next()
                } else {
                    lines.push(line);
                    None
                };
            }
            format!("{}{design}=== report{}\n", before.split_once("[frame]").unwrap().0, lines.join("\n"))
        });
        Self::with(country, &untested(include_str!("narratives.txt")), NUMBERS)
    }

    /// The pages of a country with these narratives and these numbers.
    pub(crate) fn with(country: Country, texts: &str, numbers: &str) -> Self {
        let (languages, findings) = Languages::read(&[]);
        assert!(findings.is_empty(), "{}", findings[0]);
        let sources = files(texts);
        let wave = country.newest().unwrap();
        let mut narratives = Vec::new();
        for language in &country.languages {
            for theme in &wave.themes {
                let name = format!("/{}.{language}.md", theme.id);
                let source = sources.iter().find(|file| file.path.ends_with(&name)).unwrap();
                // Judging wordings is the work of `disclose` and tested there.
                let (narrative, _, findings) = narrative(theme, &wave.facts, languages.pack(language).unwrap(), source);
                assert!(findings.is_empty(), "{}", findings[0]);
                narratives.push(narrative);
            }
        }
        let published = published(&country, wave, numbers);
        let statement = |table: &TableSpec| (table.id.clone(), vec!["provenance/sql/sums-01.sql".to_owned()]);
        let statements = country.tables.iter().map(statement).collect();
        Self { languages, narratives, corrections: Corrections::default(), published, statements, country }
    }

    pub(crate) fn pages_with(&self, templates: &Templates) -> Result<Vec<Page>, report::ReportError> {
        pages(self.edition(templates), &self.country.languages, &Empty)
    }

    pub(crate) fn edition<'a>(&'a self, templates: &'a Templates) -> Edition<'a> {
        Edition {
            country: &self.country,
            whole: &self.country,
            wave: self.country.newest().unwrap(),
            published: &self.published,
            corrections: &self.corrections,
            narratives: &self.narratives,
            languages: &self.languages,
            templates,
            downloads: Downloads {
                waves: "waves.csv",
                of_tables: &[Offer { name: "CSV", file: "csv", purpose: Purpose::TidyTable }],
                of_release: &[Offer { name: "XLSX", file: "tables.xlsx", purpose: Purpose::Workbook }],
                sizes: None,
                statements: &self.statements,
            },
        }
    }

    pub(crate) fn pages(&self) -> Vec<Page> {
        self.pages_with(&Templates::new(Vec::new())).unwrap()
    }

    /// The text of one page.
    pub(crate) fn page(&self, path: &str) -> String {
        let pages = self.pages();
        let page = pages.iter().find(|page| page.path == path);
        page.unwrap_or_else(|| panic!("{path} is among {:?}", pages.iter().map(|it| &it.path).collect::<Vec<_>>()))
            .text
            .clone()
    }
}

fn published(country: &Country, wave: &Wave, numbers: &str) -> Published {
    let specs: Vec<&TableSpec> = country.tables.iter().collect();
    let comparisons = disclose::comparisons(&wave.themes, &country.codebook);
    let tables: Vec<Table> = specs.iter().map(|spec| table(country, spec, &comparisons, numbers)).collect();
    let bases = country.bases.keys().map(|id| (id.clone(), if id.as_str() == "all" { 2271 } else { 1877 })).collect();
    disclose(Release {
        wave: wave.id,
        synthetic: wave.synthetic,
        rules: Rules::with_smallest_base(5),
        method: Method {
            shares: IntervalMethod::Xlogit,
            level: country.confidence_level.as_f64(),
            degrees: Degrees::Domain,
        },
        specs: &specs,
        tables: &tables,
        contributors: &tables.iter().map(behind).collect::<Vec<_>>(),
        unions: disclose::Unions::NONE,
        themes: &wave.themes,
        wordings: &[],
        phrases: &BTreeMap::new(),
        beside: disclose::Beside::default(),
        fieldwork: Fieldwork {
            rows: 2312,
            left_out: [(codebook::LeftOut::Incomplete, 41)].into(),
            zero_weight: 0,
            answers: 2271,
            drawn: Some(4_500),
            population: Some(15_012),
            strata: 6,
            bases,
            coverage: coverage(),
            weights: weight_facts(),
            quality: quality(),
        },
    })
}

/// As many answers behind each cell as it says, all of one weight.
fn behind(table: &Table) -> Vec<Vec<Contributors>> {
    let of = |outcome: &Outcome| {
        let positive = if let Outcome::Estimated(estimate) = outcome { estimate.positive } else { 0 };
        Contributors {
            n: outcome.n(),
            positive,
            weight: 1.0,
            lightest: 1.0,
            heaviest: 1.0,
            take_all: false,
            sizes: None,
        }
    };
    table.cells.iter().map(|row| row.iter().map(of).collect()).collect()
}

/// The levels of government of whoever answered, beside the population.
fn coverage() -> Vec<Coverage> {
    let group = |(code, population, answers)| CoveredGroup {
        code: Code::new(code).unwrap(),
        population,
        answers,
        drawn: None,
        weighted: None,
    };
    let levels = [("municipality", 11_000, 1_479), ("region", 2_012, 380), ("state", 2_000, 412)];
    vec![Coverage { variable: VariableName::new("level").unwrap(), groups: levels.map(group).to_vec() }]
}

/// Twelve answers given fast, three in a straight line, and two questions with gaps.
fn quality() -> DataQuality {
    let gap = |name: &str, refused, blank| ItemGap {
        variable: VariableName::new(name).unwrap(),
        asked: Some(2_271),
        refused: Count::Exact(refused),
        blank: Count::Exact(blank),
    };
    DataQuality {
        checks: [
            (CheckKind::Range, Count::Exact(0)),
            (CheckKind::StraightLining, Count::Exact(3)),
            (CheckKind::Speeding, Count::Exact(1_012)),
        ]
        .into(),
        gaps: vec![gap("product", 0, 4), gap("core", 20, 3)],
        questions: 17,
        median_minutes: Some(14),
    }
}

/// Weights from 1.5 to 12.25; one answer in forty had its weight cut.
fn weight_facts() -> Option<WeightFacts> {
    let summary = WeightSummary {
        units: 2271,
        sum: 15_012.0,
        smallest: 1.5,
        largest: 12.25,
        design_effect: 1.2345,
        effective_units: 1839.0,
        smallest_factor: 0.8,
        largest_factor: 1.5,
        factor_variation: 0.1,
    };
    let trimmed = Trimmed { weights: Vec::new(), cut: 57, share_of_units: 0.025, share_moved: 0.01 };
    WeightFacts::new(&summary, Some(&trimmed))
}

fn table(country: &Country, spec: &TableSpec, comparisons: &[Comparison], numbers: &str) -> Table {
    let group =
        |breakdown: &VariableName, code: &Code| Domain::Group { breakdown: breakdown.clone(), code: code.clone() };
    let groups = spec.breakdowns.iter().flat_map(|breakdown| {
        let categories = country.codebook.variable(breakdown).unwrap().categories();
        categories.iter().map(move |category| group(breakdown, &category.code))
    });
    let domains: Vec<Domain> = std::iter::once(Domain::Total).chain(groups).collect();
    let rows = spec.rows.iter().map(|row| row.id.clone()).collect();
    let cells = spec.rows.iter().map(|row| domains.iter().map(|it| cell(spec, row.id.as_str(), it, numbers)).collect());
    let of_table = comparisons.iter().filter(|comparison| comparison.table == spec.id);
    let differences = of_table.map(|it| difference(spec, it, numbers)).collect();
    let (cells, strata, row_differences) = (cells.collect(), Vec::new(), Vec::new());
    Table { id: spec.id.clone(), cells, domains, rows, strata, differences, row_differences }
}

/// A difference of two independent groups.
fn difference(spec: &TableSpec, comparison: &Comparison, numbers: &str) -> Difference {
    let group = |code: &Code| {
        let domain = Domain::Group { breakdown: comparison.breakdown.clone(), code: code.clone() };
        let Outcome::Estimated(estimate) = cell(spec, comparison.row.as_str(), &domain, numbers) else {
            unreachable!()
        };
        estimate
    };
    let (one, other) = (group(&comparison.group), group(&comparison.than));
    let (value, se) = (one.value - other.value, one.se.hypot(other.se));
    let (low, high) = (value - 1.96 * se, value + 1.96 * se);
    let outcome = Outcome::Estimated(Estimate { value, se, low, high, n: one.n + other.n, ..one });
    Difference { comparison: comparison.clone(), outcome }
}

fn cell(spec: &TableSpec, row: &str, domain: &Domain, numbers: &str) -> Outcome {
    let domain = match domain {
        Domain::Total => "total".to_owned(),
        Domain::Group { breakdown, code } => format!("{breakdown}:{code}"),
    };
    let name = format!("{} {row} {domain} ", spec.id);
    let line = numbers.lines().find_map(|line| line.strip_prefix(&name));
    let numbers: Vec<f64> =
        line.unwrap_or_else(|| panic!("no numbers for {name}")).split(' ').map(|it| it.parse().unwrap()).collect();
    let (value, se, n) = (numbers[0] / 100.0, numbers[1] / 100.0, line.unwrap().rsplit(' ').next().unwrap());
    let (low, high, n) = (value - 1.96 * se, value + 1.96 * se, n.parse::<u64>().unwrap());
    // As many answers count as the value says of a share. Of what a mean adds up, any number of answers may be more than 0.
    let positive = if (0.0..=1.0).contains(&value) {
        format!("{:.0}", value * n.to_string().parse::<f64>().unwrap()).parse().unwrap()
    } else {
        n / 2
    };
    Outcome::Estimated(Estimate { value, se, low, high, df: 2000.0, n, positive, deff: None, sides: None })
}
