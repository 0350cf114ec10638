//! The exports in `fixtures/tools`, each in the whole shape of its tool, give the Parquet that the plain table of the same answers gives.

use std::io;

use ingest::inspect::inspect;

use crate::support::{Export, ONE};
use crate::tools::COUNTRY;

/// One file of `fixtures/tools` with what the wave's file says of it.
pub struct Preset<'p> {
    pub file: &'p str,
    /// A second file of the export.
    beside: Option<&'p str>,
    /// What `[answers]` says beside file and unit.
    answers: &'p str,
    /// The columns of new, product, service and staff: names, or TOML tables of a column and one of its choices.
    columns: [&'p str; 4],
    /// How the answers of the first question, and of its options, are written.
    recodes: [&'p str; 2],
    /// Rows, and those left out.
    rows: (u64, u64),
}

const CODED: [&str; 2] = ["1 = \"yes\"\n2 = \"no\"", "1 = \"yes\"\n0 = \"no\""];
const PLAIN: Preset<'_> = Preset {
    file: "plain.csv",
    beside: None,
    answers: "",
    columns: ["new", "product", "service", "staff"],
    recodes: CODED,
    rows: (3, 0),
};
/// The answers of LimeSurvey by their labels.
const LABELS: [&str; 2] =
    ["Yes = \"yes\"\nNo = \"no\"", "Yes = \"yes\"\nNo = \"no\"\n\"N/A\" = { missing = \"not_asked\" }"];
/// Its columns by their texts alone.
const FULL_TEXTS: [&str; 4] =
    ["Anything new?", "What was new? [A product]", "What was new? [A service]", "Staff. All of them, please"];
const LIMESURVEY: Preset<'_> = Preset {
    file: "limesurvey-codes.csv",
    answers: "tool = \"limesurvey\"",
    columns: ["Q1", "Q2[SQ001]", "Q2[SQ002]", "Q3"],
    recodes: ["A1 = \"yes\"\nA2 = \"no\"", "Y = \"yes\"\n\"\" = \"no\""],
    rows: (4, 1),
    ..PLAIN
};

pub const PRESETS: &[Preset<'static>] = &[
    Preset {
        file: "surveyxact.csv",
        beside: Some("surveyxact-structure.csv"),
        answers: "tool = \"surveyxact\"\nstructure = \"surveyxact-structure.csv\"\nencoding = \"iso-8859-1\"\ndelimiter = \";\"\ndecimal_mark = \",\"",
        columns: ["innovation", "innovationtype_1", "innovationtype_2", "staffnumber"],
        rows: (4, 1),
        ..PLAIN
    },
    Preset {
        file: "surveyxact.xlsx",
        answers: "tool = \"surveyxact\"",
        columns: ["innovati", "innov_3", "innov_4", "staffnum"],
        rows: (4, 1),
        ..PLAIN
    },
    Preset {
        file: "qualtrics.csv",
        answers: "tool = \"qualtrics\"",
        columns: ["Q1", "Q2_4", "Q2_5", "Q3"],
        rows: (5, 2),
        ..PLAIN
    },
    // Texts in place of codes, and several of them in one cell.
    Preset {
        file: "qualtrics-texts.csv",
        answers: "tool = \"qualtrics\"",
        columns: [
            "Q1",
            "{ column = \"Q2\", choice = \"A product\" }",
            "{ column = \"Q2\", choice = \"A service\" }",
            "Q3",
        ],
        recodes: [LABELS[0], CODED[1]],
        rows: (5, 2),
        ..PLAIN
    },
    Preset {
        file: "qualtrics-legacy.csv",
        answers: "tool = \"qualtrics\"",
        columns: ["Q1", "Q2_4", "Q2_5", "Q3"],
        rows: (4, 1),
        ..PLAIN
    },
    LIMESURVEY,
    Preset { file: "limesurvey-texts.csv", recodes: LABELS, ..LIMESURVEY },
    Preset { file: "limesurvey-texts-codes.csv", answers: "tool = \"limesurvey\"\ndelimiter = \";\"", ..LIMESURVEY },
    Preset { file: "limesurvey-labels.csv", recodes: LABELS, ..LIMESURVEY },
    Preset { file: "limesurvey-full.csv", columns: FULL_TEXTS, recodes: LABELS, ..LIMESURVEY },
    Preset { file: "limesurvey-full-codes.csv", columns: FULL_TEXTS, ..LIMESURVEY },
    Preset {
        file: "enalyzer.csv",
        answers: "tool = \"enalyzer\"\nencoding = \"windows-1252\"\ndelimiter = \";\"\ndecimal_mark = \",\"",
        columns: ["Noget nyt?", "Hvad var nyt? - Et produkt", "Hvad var nyt? - En ydelse", "Årsværk"],
        recodes: ["", CODED[1]],
        rows: (3, 0),
        ..PLAIN
    },
    Preset {
        file: "questback.csv",
        answers: "tool = \"questback\"\ndelimiter = \";\"\ndecimal_mark = \",\"",
        columns: ["v_1", "v_2", "v_3", "v_4"],
        rows: (4, 1),
        ..PLAIN
    },
    Preset {
        file: "forsta.tsv",
        answers: "tool = \"forsta\"\nencoding = \"windows-1252\"\ndelimiter = \"\\t\"",
        columns: ["q1", "q2_1", "q2_2", "q3"],
        rows: (4, 1),
        ..PLAIN
    },
    Preset { file: "spss.sav", answers: "tool = \"spss\"", ..PLAIN },
    Preset { file: "spss.csv", answers: "tool = \"spss\"\ndelimiter = \";\"\ndecimal_mark = \",\"", ..PLAIN },
];

fn bytes(file: &str) -> Vec<u8> {
    std::fs::read(testkit::repository().join("fixtures/tools").join(file)).expect("the fixture is in the repository")
}

impl Preset<'_> {
    pub fn export(&self) -> Export {
        let mut text = COUNTRY.replace("answers.csv", self.file).replace("ANSWERS", self.answers);
        for (question, column) in ["\"NEW\"", "\"PRODUCT\"", "\"SERVICE\"", "\"STAFF\""].iter().zip(self.columns) {
            let column = if column.starts_with('{') { column.to_owned() } else { format!("{column:?}") };
            text = text.replace(question, &column);
        }
        let text = text.replace("RECODES", self.recodes[0]).replace("TICKED", self.recodes[1]);
        let unit = match self.file {
            "questback.csv" => "unit = \"c_0002\"",
            file if file.starts_with("limesurvey-full") => "unit = \"Unit\"",
            _ => "unit = \"unit\"",
        };
        let text = text.replace("unit = \"unit\"", unit);
        let export = Export::from_text(&text).with_raw(self.file, bytes(self.file));
        self.beside.map_or(export.clone(), |file| export.with_raw(file, bytes(file)))
    }
}

#[test]
fn the_export_of_every_tool_gives_the_parquet_of_the_plain_table() {
    let plain = PLAIN.export().checked().parquet(ONE).expect("it can be written");
    for preset in PRESETS {
        let export = preset.export();
        assert_eq!(export.findings(), "", "{}", preset.file);
        let wave = export.checked();
        let summary = wave.summary();
        let (rows, left_out) = (summary.rows, summary.left_out.values().sum::<u64>());
        assert_eq!((rows, left_out), preset.rows, "{}", preset.file);
        let parquet = wave.parquet(ONE).expect("it can be written");
        assert!(parquet == plain, "{} gives another wave than the plain table", preset.file);
    }
}

#[test]
fn every_file_beside_the_writer_is_compared() {
    let folder = testkit::repository().join("fixtures/tools");
    let files = std::fs::read_dir(folder).expect("the fixtures are part of the repository");
    let mut files: Vec<String> =
        files.filter_map(|file| file.ok()?.file_name().into_string().ok()).filter(|name| name != "write.py").collect();
    let presets = PRESETS;
    let compared = presets.iter().flat_map(|preset| std::iter::once(preset.file).chain(preset.beside));
    let mut compared: Vec<String> = compared.chain([PLAIN.file]).map(str::to_owned).collect();
    files.sort();
    compared.sort();
    assert_eq!(files, compared);
}

#[test]
fn inspection_names_the_tool_of_every_export() {
    for preset in PRESETS.iter().chain([&PLAIN]) {
        let bytes = bytes(preset.file);
        let inspection = inspect(preset.file, &mut || io::Result::Ok(&bytes[..])).expect("memory can be read");
        let found = inspection.unwrap_or_else(|findings| panic!("{}: {findings:?}", preset.file)).tool;
        let stated = preset.answers.strip_prefix("tool = \"").and_then(|rest| rest.split('"').next());
        // The text that SPSS saves is a table like any other.
        let tool = stated.filter(|_| preset.file != "spss.csv").unwrap_or("plain");
        assert_eq!(found.as_str(), tool, "{}", preset.file);
    }
}

#[test]
fn the_structure_beside_a_dataset_tells_its_questions_and_the_words_of_its_codes() {
    let (dataset, structure) = (bytes("surveyxact.csv"), bytes("surveyxact-structure.csv"));
    let inspection = inspect("surveyxact.csv", &mut || io::Result::Ok(&dataset[..])).expect("memory can be read");
    let told =
        inspection.expect("it is text").told_by("surveyxact-structure.csv", &structure).expect("it is its structure");
    assert_eq!(told.structure.as_deref(), Some("surveyxact-structure.csv"));
    let label = |name: &str| {
        let column = told.columns.iter().find(|column| column.name == name).expect("the dataset has the column");
        column.label.as_deref()
    };
    assert_eq!(
        ["innovati", "innov_3", "innov_5", "unit"].map(label),
        [Some("Noget nyt?"), Some("Hvad var nyt? - Et produkt"), Some("På hvilken måde?"), None]
    );
    // A dataset tells nothing of another one, and nothing else is a structure.
    assert!(told.told_by("surveyxact.csv", &dataset).is_none());
    let other = inspect("plain.csv", &mut || io::Result::Ok(&b"a;b\n1;2\n"[..])).expect("memory can be read");
    assert!(other.expect("it is text").told_by("surveyxact-structure.csv", &structure).is_none());
}
