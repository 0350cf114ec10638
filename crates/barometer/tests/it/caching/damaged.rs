//! What happens to a cache between two runs.

use std::fs;
use std::path::PathBuf;

use super::Office;
use crate::house::differing;

/// Every entry of a kind.
fn entries(office: &Office, kind: &str) -> Vec<PathBuf> {
    office.cache().keys().filter(|path| path.starts_with(kind)).map(|path| office.path("cache").join(path)).collect()
}

#[test]
fn damaged_entries_are_made_anew_with_the_same_bytes_and_a_note() {
    type Damage = fn(&mut Vec<u8>);
    let damages: [Damage; 3] = [
        |bytes| bytes.truncate(bytes.len() / 2),
        |bytes| {
            let last = bytes.len() - 1;
            bytes[last] ^= 0x10;
        },
        Vec::clear,
    ];
    let office = Office::schools();
    let first = office.run();
    for damage in damages {
        for (kind, step) in
            [("count/", "estimate"), ("page/", "page"), ("download/", "download"), ("release/", "release")]
        {
            let damaged = entries(&office, kind);
            assert!(!damaged.is_empty(), "{kind}");
            for file in &damaged {
                let mut bytes = fs::read(file).expect("the entry is there");
                damage(&mut bytes);
                fs::write(file, bytes).expect("it can be written");
            }
            fs::remove_dir_all(office.path("out")).expect("there is a release");
            let ran = office.run();
            assert_eq!(usize::try_from(ran.done(step)).expect("few"), damaged.len(), "{kind}");
            assert_eq!(differing(&first.release, &ran.release), Vec::<String>::new(), "{kind}");
            let notes = ran.warnings();
            assert_eq!(notes.len(), damaged.len(), "{notes:?}");
            assert!(notes.iter().all(|note| note["message"] == "this entry of the cache is damaged"), "{notes:?}");
            let again = office.run();
            assert!(again.event("unchanged").is_some() && again.warnings().is_empty(), "{kind} is whole again");
        }
    }
}

#[test]
fn a_cache_that_is_gone_is_begun_anew() {
    let office = Office::schools();
    let first = office.run();
    fs::remove_dir_all(office.path("cache")).expect("there is a cache");
    let ran = office.run();
    ran.counted_everything();
    assert_eq!(differing(&first.release, &ran.release), Vec::<String>::new());
}

#[test]
fn a_folder_that_cannot_be_a_cache_stops_no_run_and_is_told_once() {
    use std::os::unix::fs::PermissionsExt;
    let office = Office::schools();
    fs::write(office.path("file"), "").expect("it can be written");
    fs::create_dir(office.path("shared")).expect("a folder can be made");
    fs::set_permissions(office.path("shared"), fs::Permissions::from_mode(0o775)).expect("the folder is ours");
    for (folder, told) in
        [("file", "this cannot be used as a cache: "), ("shared", "other users may look into this folder")]
    {
        let ran = office.run_with(&["--cache", folder]);
        ran.counted_everything();
        let warnings = ran.warnings();
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        let message = warnings[0]["message"].as_str().expect("words");
        assert!(message.starts_with(told), "{message}");
        assert_eq!(warnings[0]["file"], folder);
    }
    assert_eq!(fs::read_dir(office.path("shared")).expect("a folder").count(), 0);
}
