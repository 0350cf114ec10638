//! Parquet and Arrow files that are damaged: a finding with exit code 3, whatever was done to them, and never the words of a panic.

use std::num::NonZeroUsize;
use std::path::Path;

use pipeline::{
    Adjustment, Asked, Degrees, EstimateRequest, IntervalMethod, Lonely, MissingWeight, PipelineError, QuantileRule,
    RaoScott,
};

use crate::house::{Said, barometer};

/// The schools as Parquet, as this program writes it.
fn sound() -> Vec<u8> {
    let path = testkit::repository().join("fixtures/schools/clus1/raw/apiclus1.csv");
    let text = std::fs::read(path).expect("the sample is in the repository");
    ingest::data_file("apiclus1.csv", &text).expect("a sound file").parquet().expect("Parquet")
}

fn ask(file: &Path, work: &Path) -> Result<(), PipelineError> {
    let request = EstimateRequest {
        file: file.to_owned(),
        work: work.to_owned(),
        threads: NonZeroUsize::MIN,
        weight: Some("pw".to_owned()),
        missing_weight: MissingWeight::Refused,
        missing: Vec::new(),
        strata: Vec::new(),
        psu: vec!["dnum".to_owned()],
        population: Vec::new(),
        lonely: Lonely::Rule(codebook::LonelyPsu::Certainty),
        replicates: None,
        replicate_centre: None,
        asked: vec![Asked::Mean("api00".to_owned()), Asked::Share("stype".to_owned())],
        categories: Vec::new(),
        by: Vec::new(),
        condition: None,
        interval: IntervalMethod::Xlogit,
        quantile_rule: QuantileRule::Hf1,
        level: 0.95,
        degrees: Degrees::Design,
        rao_scott: RaoScott::Second,
        adjustment: Adjustment::None,
    };
    pipeline::estimates(&request).map(|_| ())
}

/// Numbers that look random and are the same in every run: a linear congruential generator (Knuth's constants).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let limit = u64::try_from(limit).expect("few bytes");
        usize::try_from((self.0 >> 33) % limit).expect("few bytes")
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).expect("below 256")
    }
}

/// A file with something wrong: cut off, bytes of the footer changed, bits turned anywhere, a footer of another length.
fn mutant(sound: &[u8], number: usize) -> Vec<u8> {
    let mut dice = Dice(u64::try_from(number).expect("few mutants"));
    let mut bytes = sound.to_vec();
    let size = bytes.len();
    let mut length = [0; 4];
    length.copy_from_slice(&bytes[size - 8..size - 4]);
    let footer = usize::try_from(u32::from_le_bytes(length)).expect("a short footer");
    match number % 4 {
        0 => bytes.truncate(4 + dice.below(size - 4)),
        1 => (0..=dice.below(3)).for_each(|_| bytes[size - 8 - footer + dice.below(footer)] = dice.byte()),
        2 => (0..=dice.below(4)).for_each(|_| bytes[5 + dice.below(size - 5)] ^= 1 << dice.below(8)),
        _ => bytes[size - 8 + dice.below(3)] = dice.byte(),
    }
    bytes
}

#[test]
fn no_damage_is_more_than_a_finding() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name() != Some(pipeline::ENGINE_THREADS) {
            usual(panic);
        }
    }));
    let sound = sound();
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let file = folder.path().join("schools.parquet");
    let (mut read, mut unreadable) = (0, 0);
    for number in 0..320 {
        std::fs::write(&file, mutant(&sound, number)).expect("a file can be written");
        match ask(&file, folder.path()) {
            // Damage in a column that nobody asked for, or in statistics that nobody needs.
            Ok(()) => read += 1,
            Err(PipelineError::Findings(findings)) => {
                let text = findings.iter().map(ToString::to_string).collect::<String>();
                assert!(!text.contains("rror: Parquet") && !text.contains("External"), "mutant {number}: {text}");
                unreadable += usize::from(text.contains("not a readable Parquet file: "));
            }
            Err(error) => panic!("mutant {number}: {error}"),
        }
    }
    assert!(unreadable > 200 && read > 10, "{unreadable} unreadable, {read} read");
}

/// The command on bytes that are called Parquet.
fn say_of(bytes: &[u8]) -> Said {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    std::fs::write(folder.path().join("x.parquet"), bytes).expect("a file can be written");
    let mut command = barometer();
    command.current_dir(folder.path()).args(["estimate", "x.parquet", "--mean", "api00"]).env_remove("RUST_BACKTRACE");
    command.output().expect("the program starts").into()
}

#[track_caller]
fn assert_unreadable(bytes: &[u8], damage: &str) {
    let said = say_of(bytes);
    let expected = format!(
        "x.parquet: not a readable Parquet file: {damage}\n\
         help: was it copied whole? Write it anew, or export the data as delimited text\n1 error; nothing was written\n"
    );
    assert_eq!((said.code, said.out.as_str(), said.err), (Some(3), "", expected));
}

#[test]
fn what_is_called_parquet_and_is_none_is_told_why() {
    let sound = sound();
    assert_unreadable(b"", "it is empty");
    assert_unreadable(b"PAR1", "it ends behind its first mark");
    assert_unreadable(b"PAR1PAR1", "it ends behind its first mark");
    assert_unreadable(b"y,x\n1,2\n", "it does not begin as one");
    assert_unreadable(&sound[..sound.len() / 2], "it does not end as one, so it was cut off or is still being written");
    assert_unreadable(&[b"PARE", &sound[4..]].concat(), "it is encrypted");
    let mut lying = sound;
    let size = lying.len();
    lying[size - 5] = 0x7f;
    assert_unreadable(&lying, "its footer is said to be longer than the whole file");
    let garbage: Vec<u8> = [b"PAR1", [0xa5_u8; 64].as_slice(), &[40, 0, 0, 0], b"PAR1"].concat();
    let said = say_of(&garbage);
    assert_eq!(said.code, Some(3), "{}", said.err);
    assert!(said.err.starts_with("x.parquet: not a readable Parquet file: "), "{}", said.err);
}

#[test]
fn a_sound_file_is_read_whatever_it_is_called() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let file = folder.path().join("schools.csv");
    std::fs::write(&file, sound()).expect("a file can be written");
    assert!(ask(&file, folder.path()).is_ok());
}

/// Each of these copies makes the decoder of its format panic.
#[test]
fn no_decoder_has_words_of_its_own_about_a_damaged_export() {
    for (file, seed) in [("answers.arrow", 140), ("answers.arrow", 317), ("answers.pandas.parquet", 315)] {
        let sound = std::fs::read(testkit::repository().join("fixtures/formats").join(file)).expect("a fixture");
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        std::fs::write(folder.path().join(file), testkit::mutant(&sound, seed)).expect("a file can be written");
        let mut command = barometer();
        command.current_dir(folder.path()).args(["inspect", file]).env_remove("RUST_BACKTRACE");
        let said: Said = command.output().expect("the program starts").into();
        let expected = format!(
            "{file}: the file is damaged or cut off\nhelp: export it again, and compare its size with that of the original\n\
             1 error; nothing was written\n"
        );
        assert_eq!((said.code, said.out.as_str(), said.err), (Some(3), "", expected), "copy {seed}");
    }
}
