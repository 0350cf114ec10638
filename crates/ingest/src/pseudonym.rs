//! Keyed pseudonyms of units: the same unit under the same key is the same, and without the key nobody can tell which unit that is.
//!
//! A pseudonym is HMAC-SHA-256 of the country and the unit's id as the export writes it, cut to its first 128 bits (RFC 2104; cut as in
//! NIST SP 800-107, section 5.3.3). A plain digest would not do: the ids of a country's workplaces are few enough to try them all. The
//! country stands in front, so that unit 1 of two countries is two units; the wave does not, so that the waves of a panel can be linked.

use std::fmt;

use codebook::CountryId;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Bytes of a key.
const KEY_BYTES: usize = 32;
/// Bytes of a pseudonym: among a million units, two share one with a chance below 10^-26.
pub(crate) const PSEUDONYM_BYTES: usize = 16;
/// A random key has some 30 different bytes among its 32; fewer than this have been made up.
const DIFFERENT_BYTES: usize = 16;

/// The secret that pseudonyms are made with. It shows itself to nobody.
#[derive(Clone)]
pub struct PseudonymKey(Hmac<Sha256>);

/// Why some text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    /// It holds something else than hexadecimal digits in one line.
    #[error("holds something else than one line of hexadecimal digits")]
    NotHexadecimal,
    /// It has another number of digits.
    #[error("has {found} hexadecimal digits, and a key has 64 (256 bits)")]
    Length {
        /// How many it has.
        found: usize,
    },
    /// The same digits again and again: nobody drew them.
    #[error("repeats the same digits, so it was not drawn at random")]
    NotRandom,
}

/// What stands for a unit: 128 bits that tell nothing of its id without the key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pseudonym([u8; PSEUDONYM_BYTES]);

impl PseudonymKey {
    /// The key with these bytes, which must be drawn at random.
    ///
    /// # Panics
    /// Never: HMAC takes a key of any length.
    #[must_use]
    pub fn of_random(bytes: &[u8; KEY_BYTES]) -> Self {
        Self(Hmac::new_from_slice(bytes).expect("HMAC takes a key of any length"))
    }

    /// The key that a text writes as 64 hexadecimal digits, alone in a line.
    ///
    /// # Errors
    /// When it writes none, or one that nobody drew.
    pub fn of_text(text: &[u8]) -> Result<Self, BadKey> {
        let digits = text.trim_ascii();
        let nibble = |digit: &u8| char::from(*digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
        let nibbles: Vec<u8> = digits.iter().map(nibble).collect::<Option<_>>().ok_or(BadKey::NotHexadecimal)?;
        let bytes: Vec<u8> = nibbles.chunks(2).map(|pair| pair.iter().fold(0, |byte, half| byte << 4 | half)).collect();
        let found = nibbles.len();
        let bytes: [u8; KEY_BYTES] = match bytes.try_into() {
            Ok(bytes) if found == 2 * KEY_BYTES => bytes,
            Ok(_) | Err(_) => return Err(BadKey::Length { found }),
        };
        let different: std::collections::BTreeSet<u8> = bytes.iter().copied().collect();
        if different.len() < DIFFERENT_BYTES { Err(BadKey::NotRandom) } else { Ok(Self::of_random(&bytes)) }
    }

    /// The pseudonym of a unit of a country, by the id that the export gives it.
    #[must_use]
    pub fn pseudonym(&self, country: &CountryId, unit: &str) -> Pseudonym {
        let mut code = self.0.clone();
        code.update(country.as_str().as_bytes());
        // No country's name holds this byte, so no two pairs are written the same.
        code.update(&[0]);
        code.update(unit.as_bytes());
        let full = code.finalize().into_bytes();
        let mut bytes = [0; PSEUDONYM_BYTES];
        bytes.copy_from_slice(&full[..PSEUDONYM_BYTES]);
        Pseudonym(bytes)
    }
}

impl Pseudonym {
    /// Its bytes, as the Parquet file holds them.
    #[must_use]
    pub fn bytes(&self) -> &[u8; PSEUDONYM_BYTES] {
        &self.0
    }
}

impl fmt::Debug for PseudonymKey {
    /// Nothing of it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PseudonymKey")
    }
}

impl fmt::Debug for Pseudonym {
    /// Nothing of it: who holds the key could tell the unit.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pseudonym")
    }
}

#[cfg(test)]
mod tests {
    use codebook::CountryId;

    use super::{BadKey, PseudonymKey};

    const TEXT: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    fn of(text: &str) -> Result<Vec<u8>, BadKey> {
        let country = CountryId::new("dnk").expect("a country");
        PseudonymKey::of_text(text.as_bytes()).map(|key| key.pseudonym(&country, "1001").bytes().to_vec())
    }

    #[test]
    fn a_pseudonym_is_the_first_half_of_an_hmac() {
        // python3 -c 'import hmac; print(hmac.new(bytes(range(32)), b"dnk\0" + b"1001", "sha256").hexdigest()[:32])'
        let by_python = "f1d60d2563d20efa3fe688c6cb2ba3cc";
        let found: String = of(TEXT).expect("a key").iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(found, by_python);
    }

    #[test]
    fn neither_an_end_of_line_nor_capitals_change_a_key() {
        let plain = of(TEXT);
        assert!(plain.is_ok());
        assert_eq!(of(&format!("{TEXT}\r\n")), plain);
        assert_eq!(of(&TEXT.to_uppercase()), plain);
    }

    #[test]
    fn what_is_too_short_too_long_no_number_or_never_drawn_is_no_key() {
        assert_eq!(of(""), Err(BadKey::Length { found: 0 }));
        assert_eq!(of(&TEXT[1..]), Err(BadKey::Length { found: 63 }));
        assert_eq!(of(&format!("{TEXT}0")), Err(BadKey::Length { found: 65 }));
        assert_eq!(of("correct horse battery staple"), Err(BadKey::NotHexadecimal));
        assert_eq!(of(&format!("{TEXT}\n{TEXT}")), Err(BadKey::NotHexadecimal));
        assert_eq!(of(&"0123456789abcdef".repeat(4)), Err(BadKey::NotRandom));
    }

    #[test]
    fn neither_a_key_nor_a_pseudonym_shows_itself() {
        let country = CountryId::new("dnk").expect("a country");
        let key = PseudonymKey::of_text(TEXT.as_bytes()).expect("a key");
        assert_eq!(format!("{key:?} {:?}", key.pseudonym(&country, "1001")), "PseudonymKey Pseudonym");
    }
}
