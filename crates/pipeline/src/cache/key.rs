//! What an entry was made from, as a name.

use std::fmt;

use serde::Serialize;
use sha2::{Digest, Sha256};

/// A digest over parts, each with its length, so that no two lists of parts give the same one.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    kind: &'static str,
    parts: Sha256,
}

impl Key {
    /// Of something that is kept by this program.
    pub(super) fn new(kind: &'static str, program: &str) -> Self {
        Self { kind, parts: Sha256::new() }.part(kind.as_bytes()).part(program.as_bytes())
    }

    /// With one more part.
    pub(crate) fn part(mut self, part: &[u8]) -> Self {
        self.parts.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        self.parts.update(part);
        self
    }

    /// With what a value means.
    pub(crate) fn meaning<T: Serialize + ?Sized>(self, value: &T) -> Self {
        self.part(&serde_json::to_vec(value).expect("texts, numbers and lists can always be written as JSON"))
    }

    /// What is kept: the folder of its entries.
    pub(super) fn kind(&self) -> &'static str {
        self.kind
    }
}

impl fmt::Display for Key {
    /// The digest, in small hexadecimal letters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.clone().finalize().iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::Key;

    fn key(parts: &[&str]) -> String {
        parts.iter().fold(Key::new("page", "1"), |key, part| key.part(part.as_bytes())).to_string()
    }

    #[test]
    fn a_key_tells_the_parts_their_order_and_where_one_ends() {
        let keys = [key(&[]), key(&[""]), key(&["ab"]), key(&["a", "b"]), key(&["b", "a"]), key(&["a", "b", ""])];
        for (index, one) in keys.iter().enumerate() {
            assert!(keys[index + 1..].iter().all(|other| one != other));
        }
        assert_eq!(key(&["a", "b"]), key(&["a", "b"]));
    }

    #[test]
    fn another_program_and_another_kind_have_other_keys() {
        let page = Key::new("page", "1").to_string();
        assert_ne!(page, Key::new("page", "2").to_string());
        assert_ne!(page, Key::new("card", "1").to_string());
    }
}
