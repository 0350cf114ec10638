//! What a disk, a killed run or another user may do to the cache.

use super::*;

fn key(text: &str) -> Key {
    Key::new("page", "1").part(text.as_bytes())
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder can be made")
}

fn opened(folder: &Path) -> Store {
    Store::open(&folder.join("cache")).expect("a cache can be made")
}

/// The file of an entry after something happened to its bytes, and what is then found under its key.
fn after(change: impl FnOnce(&mut Vec<u8>)) -> Result<Option<Vec<u8>>, Failure> {
    let folder = folder();
    let store = opened(folder.path());
    store.put(&key("a"), b"an estimate").expect("it can be written");
    let path = store.path(&key("a"));
    let mut bytes = fs::read(&path).expect("it is there");
    change(&mut bytes);
    fs::write(&path, bytes).expect("it can be written");
    store.get(&key("a"))
}

#[test]
fn what_is_kept_is_found_under_its_key_and_no_other() {
    let folder = folder();
    let store = opened(folder.path());
    assert_eq!(store.get(&key("a")).expect("it can be read"), None);
    for content in [&b""[..], b"an estimate", b"another one"] {
        store.put(&key("a"), content).expect("it can be written");
        assert_eq!(store.get(&key("a")).expect("it can be read").as_deref(), Some(content));
    }
    assert_eq!(store.get(&key("b")).expect("it can be read"), None);
    assert_eq!(opened(folder.path()).get(&key("a")).expect("it can be read").as_deref(), Some(&b"another one"[..]));
}

#[test]
fn every_entry_that_was_cut_or_in_which_a_bit_flipped_is_damaged() {
    assert!(matches!(after(|_| {}), Ok(Some(_))), "nothing happened to it");
    let length = FORM.len() + DIGEST + b"an estimate".len();
    for index in 0..length {
        assert!(matches!(after(|bytes| bytes.truncate(index)), Err(Failure::Damaged)), "cut at {index}");
        assert!(matches!(after(|bytes| bytes[index] ^= 1), Err(Failure::Damaged)), "flipped at {index}");
    }
    assert!(matches!(after(|bytes| bytes.push(0)), Err(Failure::Damaged)), "something follows it");
}

#[test]
fn a_damaged_entry_is_gone_and_can_be_written_again() {
    let folder = folder();
    let store = opened(folder.path());
    store.put(&key("a"), b"an estimate").expect("it can be written");
    fs::write(store.path(&key("a")), b"half").expect("it can be written");
    assert!(matches!(store.get(&key("a")), Err(Failure::Damaged)));
    assert!(matches!(store.get(&key("a")), Ok(None)));
    store.put(&key("a"), b"an estimate").expect("it can be written");
    assert!(matches!(store.get(&key("a")), Ok(Some(_))));
}

#[test]
fn an_entry_in_the_place_of_another_one_is_damaged() {
    let folder = folder();
    let store = opened(folder.path());
    store.put(&key("a"), b"an estimate").expect("it can be written");
    fs::rename(store.path(&key("a")), store.path(&key("b"))).expect("it can be renamed");
    assert!(matches!(store.get(&key("b")), Err(Failure::Damaged)));
}

#[test]
fn the_oldest_entries_make_room() {
    let folder = folder();
    let store = opened(folder.path());
    for name in ["a", "b", "c"] {
        store.put(&key(name), name.as_bytes()).expect("it can be written");
        let file = fs::File::options().write(true).open(store.path(&key(name))).expect("it is there");
        // The second one is the oldest; each says that it takes half of the room.
        file.set_len(ROOM / 2).expect("a file with a hole takes no disk");
        let age = if name == "b" { 1 } else { 2 };
        file.set_modified(UNIX_EPOCH + std::time::Duration::from_secs(age)).expect("a time can be set");
    }
    store.make_room();
    let left: Vec<bool> = ["a", "b", "c"].iter().map(|name| store.path(&key(name)).exists()).collect();
    assert_eq!(left, [true, false, true]);
}

#[cfg(unix)]
#[test]
fn folders_and_entries_are_for_one_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let store = opened(folder.path());
    store.put(&key("a"), b"an estimate").expect("it can be written");
    let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    let path = store.path(&key("a"));
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().expect("a folder")), 0o700);
    assert_eq!(mode(&folder.path().join("cache")), 0o700);
}

#[cfg(unix)]
#[test]
fn a_folder_with_rights_for_others_is_no_cache() {
    use std::os::unix::fs::PermissionsExt;
    for mode in [0o755, 0o770, 0o702] {
        let folder = folder();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode)).expect("the folder is ours");
        assert!(matches!(Store::open(folder.path()), Err(Failure::Open)), "{mode:o}");
    }
}

#[test]
fn a_file_is_no_cache() {
    let folder = folder();
    fs::write(folder.path().join("cache"), b"").expect("it can be written");
    assert!(matches!(Store::open(&folder.path().join("cache")), Err(Failure::Disk(_))));
}
