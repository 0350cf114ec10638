//! A small country with made-up numbers, and its pages.

use codebook::{Code, Country, SourceFile, TableSpec, VariableName, Wave};
use disclose::{Fieldwork, Published, Release, Rules, WeightFacts, disclose};
use estimate::{Domain, Estimate, Outcome, Table, Trimmed, WeightSummary};
use report::{Edition, Languages, Narrative, Page, Templates, narrative, pages};

/// The country, its narratives and its numbers.
pub(crate) struct Sample {
    pub(crate) country: Country,
    pub(crate) languages: Languages,
    pub(crate) narratives: Vec<Narrative>,
    pub(crate) published: Published,
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
        let (languages, findings) = Languages::read(&[]);
        assert!(findings.is_empty(), "{}", findings[0]);
        let sources = files(include_str!("narratives.txt"));
        let wave = country.newest().unwrap();
        let mut narratives = Vec::new();
        for language in &country.languages {
            for theme in &wave.themes {
                let name = format!("/{}.{language}.md", theme.id);
                let source = sources.iter().find(|file| file.path.ends_with(&name)).unwrap();
                // Judging wordings is the work of `disclose` and tested there.
                let (narrative, _, findings) = narrative(theme, languages.pack(language).unwrap(), source);
                assert!(findings.is_empty(), "{}", findings[0]);
                narratives.push(narrative);
            }
        }
        let published = published(&country, wave);
        Self { languages, narratives, published, country }
    }

    pub(crate) fn pages_with(&self, templates: &Templates) -> Result<Vec<Page>, report::ReportError> {
        let edition = Edition {
            country: &self.country,
            wave: self.country.newest().unwrap(),
            published: &self.published,
            narratives: &self.narratives,
            languages: &self.languages,
            templates,
        };
        pages(edition, &self.country.languages)
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

fn published(country: &Country, wave: &Wave) -> Published {
    let specs: Vec<&TableSpec> = country.tables.iter().collect();
    let tables: Vec<Table> = specs.iter().map(|spec| table(country, spec)).collect();
    let bases = country.bases.keys().map(|id| (id.clone(), if id.as_str() == "all" { 2271 } else { 1877 })).collect();
    disclose(Release {
        wave: wave.id,
        synthetic: wave.synthetic,
        rules: Rules { smallest_base: 5, unreliable_below: 30, flagged_below: 50, widest_interval: 30 },
        specs: &specs,
        tables: &tables,
        themes: &[],
        wordings: &[],
        fieldwork: Fieldwork {
            rows: 2312,
            incomplete: 41,
            answers: 2271,
            population: Some(15_012),
            strata: 6,
            bases,
            weights: weight_facts(),
        },
    })
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

fn table(country: &Country, spec: &TableSpec) -> Table {
    let group =
        |breakdown: &VariableName, code: &Code| Domain::Group { breakdown: breakdown.clone(), code: code.clone() };
    let groups = spec.breakdowns.iter().flat_map(|breakdown| {
        let categories = country.codebook.variable(breakdown).unwrap().categories();
        categories.iter().map(move |category| group(breakdown, &category.code))
    });
    let domains: Vec<Domain> = std::iter::once(Domain::Total).chain(groups).collect();
    let rows = spec.rows.iter().map(|row| row.id.clone()).collect();
    let cells = spec.rows.iter().map(|row| domains.iter().map(|it| cell(spec, row.id.as_str(), it)).collect());
    Table { id: spec.id.clone(), cells: cells.collect(), domains, rows, differences: Vec::new() }
}

fn cell(spec: &TableSpec, row: &str, domain: &Domain) -> Outcome {
    let domain = match domain {
        Domain::Total => "total".to_owned(),
        Domain::Group { breakdown, code } => format!("{breakdown}:{code}"),
    };
    let name = format!("{} {row} {domain} ", spec.id);
    let line = include_str!("numbers.txt").lines().find_map(|line| line.strip_prefix(&name));
    let numbers: Vec<f64> =
        line.unwrap_or_else(|| panic!("no numbers for {name}")).split(' ').map(|it| it.parse().unwrap()).collect();
    let (value, se, n) = (numbers[0] / 100.0, numbers[1] / 100.0, line.unwrap().rsplit(' ').next().unwrap());
    let (low, high, n) = (value - 1.96 * se, value + 1.96 * se, n.parse().unwrap());
    Outcome::Estimated(Estimate { value, se, low, high, df: 2000.0, n, positive: n / 2, deff: None })
}
