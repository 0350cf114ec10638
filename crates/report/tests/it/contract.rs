//! The contract with those who write templates: `templates/README.md` lists every name, every name exists, and a block can be put in the place of one
//! of the program's.

use std::collections::{BTreeMap, BTreeSet};

use codebook::{CellName, EditionId, RowId, SourceFile, TableId};
use disclose::{Corrections, Former};
use report::{Templates, template_names};

use crate::print::wordy;
use crate::sample::{NUMBERS, Sample, country};

/// A sample in which everything happens that a template may be told: facts from elsewhere, tests, withheld figures, a local case, a quotation, an
/// article, a press release, an address.
fn telling() -> Sample {
    let all = |text: &str| format!("{{ da = \"{text}\", en = \"{text}\", es = \"{text}\" }}");
    let (checked, press) = ("2020-12-01", format!("[press]\nabout = {}\ncontact = {}\n", all("A"), all("B")));
    let inserts = format!(
        "[[cases]]\nid = \"school\"\nheading = {0}\ntext = {0}\nsource = {0}\nchecked = {checked}\n\
         [[quotes]]\nid = \"head\"\nwords = {0}\nrole = {0}\nsaid = {checked}\nconsent = \"by mail\"\n\
         === report/2019/facts.toml\n[nordic]\ncount = 5\nchecked = {checked}\nurl = \"https://example.org\"\nsource = {0}\n\
         === report/2019/news.toml\nkind = \"article\"\norder = 8\n{1}\
         === report/2019/variants.toml\n[local]\ntitle = {2}\nwhom = {2}\nbases = [\"innovative\"]\n\
         === report/2019/local-core.toml\nvariant = \"local\"\norder = 10\n{1}\
         === report/2019/errata.toml\n[e1]\nedition = \"2019.1\"\ndate = 2021-01-15\nkind = \"correction\"\nwrong = {0}\nchanged = {0}\n\
         tables = [\"core_task\"]\npages = [\"news\"]\n\
         === report/2019/press.toml\nkind = \"press\"\norder = 9\n{1}",
        all("C"),
        "[claims.tied]\nnear = { table = \"core_task\", row = \"core_task\" }\n",
        all("F")
    );
    let told = |text: String| {
        let site = "=== country.toml\nsite = \"https://example.org/barometer\"\n";
        let text = text.replace("=== country.toml\n", site);
        format!("{}{inserts}", text.replace("=== codebook.toml", &format!("{press}=== codebook.toml")))
    };
    let mut texts = include_str!("narratives.txt")
        .replace("{{ figure value }}", "{{ figure value }}\n\n{{ case school }}\n\n{{ quote head }}")
        .replace("\n=== ", "\n\n[5]{nordic}\n\n=== ");
    for page in ["news", "press", "local-core"] {
        for (language, words) in [("da", "9 ud af 10"), ("en", "9 out of 10"), ("es", "9 de cada 10")] {
            texts.push_str(&format!("=== report/2019/{page}.{language}.md\n# D\n\n[{words}]{{tied}}.\n"));
        }
    }
    let mut sample = Sample::with(country(told), &texts, NUMBERS);
    let cell =
        CellName { table: TableId::new("core_task").unwrap(), row: RowId::new("core_task").unwrap(), group: None };
    let changes = [((None, cell), Some(Former::new([(80, 0), (78, 0), (82, 0)], 2_200)))];
    let edition = EditionId::new("2019.1").unwrap();
    sample.corrections = Corrections::new(Corrections::default(), edition, changes, &sample.published);
    sample
}

/// A sample in which no text tells a number, and either a headline does or every number is hidden.
fn silent(numbers: &str) -> Sample {
    let figures =
        [("core-task", ["core-task-by-level", "core"].as_slice()), ("value", &["value", "promoted", "role-by-size"])];
    let mut texts = String::new();
    for (theme, figures) in figures {
        for (language, answers, more) in
            [("da", "2.271", "oftere"), ("en", "2,271", "more often"), ("es", "2271", "con más frecuencia")]
        {
            texts.push_str(&format!("=== report/2019/{theme}.{language}.md\n# D\n\nE.\n"));
            texts.extend(figures.iter().map(|figure| format!("\n{{{{ figure {figure} }}}}\n")));
            if theme == "core-task" {
                texts.push_str(&format!("\n[{answers}]{{answers}} [{more}]{{large-small}}.\n"));
            }
        }
    }
    Sample::with(country(|text| text), &texts, numbers)
}

/// The numbers of the sample, each with so few answers behind it that it is not shown.
fn hidden() -> String {
    let few = |line: &str| line.rsplit_once(' ').map_or(line.to_owned(), |(before, _)| format!("{before} 10"));
    NUMBERS.lines().map(|line| few(line) + "\n").collect()
}

/// The names of a section of the contract: what stands in the first column of its table.
fn listed(heading: &str) -> BTreeSet<String> {
    let readme = std::fs::read_to_string(testkit::repository().join("templates/README.md")).unwrap();
    let section = readme.split_once(&format!("\n## {heading}\n")).map_or("", |(_, section)| section);
    let section = section.split_once("\n## ").map_or(section, |(section, _)| section);
    let first = |line: &str| Some(line.strip_prefix("| `")?.split_once('`')?.0.to_owned());
    section.lines().filter_map(first).collect()
}

/// What several templates are given: the section that lists its names, how names of it go on behind what holds it, and what they begin with there.
const SHARED: [(&str, &str, &str); 4] = [
    ("A figure", ".figure.", "figure"),
    ("A block of a text", ".blocks[].", "block"),
    ("Tests and facts", ".tests.", "tests"),
    ("Tests and facts", ".facts.", "facts"),
];

/// The names that templates are given, by the section of the contract that lists them.
fn given() -> BTreeMap<String, BTreeSet<String>> {
    let templates = Templates::new(Vec::new());
    let names = |sample: Sample| template_names(sample.edition(&templates), &sample.country.languages).unwrap();
    let mut given: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (template, names) in [telling(), silent(NUMBERS), silent(&hidden()), wordy()].into_iter().flat_map(names) {
        for name in names.into_iter().filter(|name| !name.starts_with("words.")) {
            let mut name = name;
            for (section, within, begins) in SHARED {
                if let Some((holder, rest)) = name.clone().split_once(within) {
                    given.entry(section.to_owned()).or_default().insert(format!("{begins}.{rest}"));
                    // What holds it is told by its own name.
                    name = format!("{holder}{}", within.trim_end_matches('.'));
                }
            }
            let own = if name.starts_with("page.") { format!("`{template}`") } else { "Every page".to_owned() };
            given.entry(own).or_default().insert(name);
        }
    }
    given
}

#[test]
fn the_contract_lists_every_name_that_a_template_is_given_and_no_other() {
    let given = given();
    assert!(given.len() > 12, "only {} sections", given.len());
    let mut differences = Vec::new();
    for (heading, names) in given {
        let listed = listed(&heading);
        differences.extend(names.difference(&listed).map(|name| format!("{heading}: {name} is not listed")));
        differences.extend(listed.difference(&names).map(|name| format!("{heading}: {name} is listed and not given")));
    }
    assert!(differences.is_empty(), "\n{}\n", differences.join("\n"));
}

#[test]
fn every_text_of_the_pack_without_places_is_a_word() {
    let sample = Sample::new();
    let names = template_names(sample.edition(&Templates::new(Vec::new())), &sample.country.languages).unwrap();
    let words: BTreeSet<&str> =
        names["html/index.html"].iter().filter_map(|name| name.strip_prefix("words.")).collect();
    let pack = std::fs::read_to_string(testkit::repository().join("templates/lang/en.toml")).unwrap();
    let texts = pack.split_once("\n[texts]\n").unwrap().1;
    let texts: BTreeSet<&str> = texts
        .lines()
        .filter_map(|line| line.split_once(" = "))
        .filter(|(key, text)| text.starts_with('"') && !text.contains('{') && !key.starts_with('#'))
        .map(|(key, _)| key)
        .collect();
    assert_eq!(words, texts);
}

fn overridden(files: &[(&str, &str)]) -> Templates {
    let file = |(name, text): &(&str, &str)| SourceFile {
        path: format!("pipelines/demo/templates/{name}"),
        text: (*text).to_owned(),
    };
    Templates::new(files.iter().map(file).collect())
}

#[test]
fn a_country_puts_its_own_block_in_place_of_one_and_keeps_the_rest() {
    let footer = "{% extends \"program/html/base.html\" %}\n{% block footer %}\n<footer><p>{{ publisher }} &amp; co.</p></footer>\n{% endblock %}\n";
    let sample = Sample::new();
    let own = sample.pages_with(&overridden(&[("html/base.html", footer)])).unwrap();
    for (page, before) in own.iter().zip(sample.pages()).filter(|(page, _)| page.path.ends_with(".html")) {
        let part = |text: &str| text.split_once("<footer>").unwrap().0.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(part(&page.text), part(&before.text), "{}: what is above the footer stays", page.path);
        assert!(
            page.text.contains("&amp; co.</p></footer>") && !page.text.contains("class=\"assurance\""),
            "{}",
            page.path
        );
    }
}

#[test]
fn a_country_adds_templates_that_its_own_include() {
    let footer =
        "{% extends \"program/html/base.html\" %}{% block head %}{% include \"html/logo.html\" %}{% endblock %}";
    let files = [("html/base.html", footer), ("html/logo.html", "<meta name=\"logo\" content=\"{{ name }}\">")];
    let pages = Sample::new().pages_with(&overridden(&files)).unwrap();
    let index = pages.iter().find(|page| page.path == "index.html").unwrap();
    assert!(index.text.contains("<meta name=\"logo\" content=\"index.html\"></head>"), "{}", index.text);
}

/// What is said about these templates.
#[track_caller]
fn check(files: &[(&str, &str)], expected: &[&str]) {
    let error = Sample::new().pages_with(&overridden(files)).unwrap_err().to_string();
    for part in expected {
        assert!(error.contains(part), "{part:?} is in\n{error}");
    }
}

#[test]
fn a_wrong_name_is_told_with_file_line_snippet_and_the_names_near_by() {
    check(
        &[("html/index.html", "<p>\n{{ publikation }}\n</p>")],
        &[
            "pipelines/demo/templates/html/index.html:2: undefined value",
            "   2 > {{ publikation }}",
            "help: names near by: \"publication\"; templates/README.md lists them all",
        ],
    );
    check(
        &[("html/theme.html", "{% for block in page.blocks %}\n{{ block.htlm }}\n{% endfor %}")],
        &["pipelines/demo/templates/html/theme.html:2: undefined value", "help: names near by: \"page.blocks[].html\""],
    );
    // In a part that others include, the part is told.
    check(
        &[("html/figure.html", "<h2>\n\n{{ figure.headlin }}</h2>")],
        &["pipelines/demo/templates/html/figure.html:3: undefined value", "\"page.blocks[].figure.headline\""],
    );
    check(&[("html/index.html", "{{ weather_tomorrow }}")], &["help: templates/README.md lists every name"]);
}

#[test]
fn a_template_that_nothing_uses_is_told_with_the_names_there_are() {
    check(
        &[("html/themes.html", "<p>")],
        &[
            "pipelines/demo/templates/html/themes.html:1: the program has no template of this name, and no template of the country",
            "help: those of the program are html/accessibility.html, html/article.html",
        ],
    );
    check(
        &[("html/index.html", "{% include \"html/gone.html\" %}")],
        &["templates/html/index.html:1: template not found"],
    );
}
