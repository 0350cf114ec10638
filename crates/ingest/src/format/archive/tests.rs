//! Archives that other programs packed, and mutants of them.

use super::{Member, members, read, split};
use crate::format::FileFormat;
use crate::format::fixtures::{fixture, mutant, shown};

fn unpacked(name: &str, wanted: Option<&str>) -> Result<(String, Vec<u8>), Vec<String>> {
    let mut findings = Vec::new();
    let unpacked = read(name, wanted, &fixture(name), &mut findings);
    unpacked.map(|file| (file.path, file.bytes)).ok_or_else(|| shown(&findings))
}

#[test]
fn the_only_data_file_of_an_archive_is_the_export() {
    assert_eq!(FileFormat::of("answers.zip", &fixture("answers.zip")), FileFormat::Zip);
    let (path, bytes) = unpacked("answers.zip", None).unwrap();
    assert_eq!(path, "answers.zip/survey/answers.csv");
    assert_eq!(bytes, fixture("answers.csv"));
}

#[test]
fn an_archive_lists_its_files_and_not_its_folders() {
    let mut findings = Vec::new();
    let members = members("answers.zip", &fixture("answers.zip"), &mut findings).unwrap();
    let size = u64::try_from(fixture("answers.csv").len()).unwrap();
    let expected = [
        Member { name: "survey/answers.csv".to_owned(), size },
        Member { name: "survey/codebook.pdf".to_owned(), size: 14 },
    ];
    assert_eq!(members, expected);
    assert!(findings.is_empty());
}

#[test]
fn one_of_several_exports_has_to_be_named() {
    let expected = "several.zip: the archive holds 2 data files: 2018.csv, 2020.csv\n\
                    help: name the one that is meant, such as several.zip/2018.csv";
    assert_eq!(unpacked("several.zip", None), Err(vec![expected.to_owned()]));
    assert_eq!(unpacked("several.zip", Some("2020.csv")).unwrap().1, fixture("answers.csv"));
    let expected = "several.zip: the archive holds no file \"2019.csv\"\nhelp: did you mean \"2018.csv\"?";
    assert_eq!(unpacked("several.zip", Some("2019.csv")), Err(vec![expected.to_owned()]));
}

#[test]
fn a_path_may_lead_into_an_archive() {
    assert_eq!(split("raw/export.zip/data/a.csv"), Some(("raw/export.zip", "data/a.csv")));
    assert_eq!(split("raw/EXPORT.ZIP/a.csv"), Some(("raw/EXPORT.ZIP", "a.csv")));
    assert_eq!(split("raw/export.zip"), None);
    assert_eq!(split("raw/export.zip/"), None);
}

#[test]
fn what_no_survey_tool_packs_is_refused() {
    let nested = |name: &str, member: &str| {
        format!("{name}/{member}: an archive inside an archive is not opened\nhelp: unpack the outer one")
    };
    let cases = [
        (
            "odd.unsafe.zip",
            "odd.unsafe.zip: the archive holds a file that would lie outside of it: \"../answers.csv\"\n\
             help: no survey tool writes such a name; do not unpack this archive"
                .to_owned(),
        ),
        ("odd.nested.zip", nested("odd.nested.zip", "answers.zip")),
        ("odd.disguised.zip", nested("odd.disguised.zip", "answers.csv")),
        (
            "odd.bomb.zip",
            "odd.bomb.zip/answers.csv: unpacked, the file is more than 200 times as large\n\
             help: an export does not shrink that far; unpack it by hand if you trust where it comes from"
                .to_owned(),
        ),
        ("odd.empty.zip", "odd.empty.zip: the archive holds no file".to_owned()),
        (
            "odd.password.zip",
            "odd.password.zip/answers.csv: the file is protected by a password\nhelp: save it without a password"
                .to_owned(),
        ),
    ];
    for (name, expected) in cases {
        assert_eq!(unpacked(name, None), Err(vec![expected]), "{name}");
    }
}

#[test]
fn an_archive_that_is_cut_off_is_damaged_and_not_shorter() {
    let whole = fixture("answers.zip");
    for length in 1..whole.len() {
        let mut findings = Vec::new();
        assert!(read("a.zip", None, &whole[..length], &mut findings).is_none(), "{length} bytes");
        assert_eq!(findings.len(), 1, "{length} bytes");
    }
}

/// A mutant either gives the very bytes that were packed (the change hit a date, say) or a finding: the checksum sees to that.
#[test]
fn no_mutant_of_an_archive_gives_other_answers() {
    let (original, answers) = (fixture("answers.zip"), fixture("answers.csv"));
    let (mut listed, mut opened) = (0, 0);
    for seed in 0..2000 {
        let bytes = mutant(&original, seed);
        let mut findings = Vec::new();
        listed += usize::from(members("a.zip", &bytes, &mut Vec::new()).is_some());
        match read("a.zip", None, &bytes, &mut findings) {
            Some(file) => {
                opened += 1;
                assert_eq!(file.bytes, answers, "seed {seed}");
            }
            None => assert_eq!(findings.len(), 1, "seed {seed}"),
        }
    }
    println!("of 2000 mutants {listed} had a list of members, {opened} gave the answers");
    assert!(listed > 300 && opened > 100, "{listed}, {opened}");
}
