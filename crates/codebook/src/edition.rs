//! Editions of a wave: the first one, and those that correct it.

use std::fmt;

use crate::{NameError, WaveId};

/// One edition of a wave: `2019` is the first one, `2019.1` the one that corrects it, `2019.2` the one that corrects that. It is the name of the
/// edition's folder, for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EditionId {
    wave: WaveId,
    correction: u16,
}

impl EditionId {
    /// The first edition of a wave.
    #[must_use]
    pub fn first(wave: WaveId) -> Self {
        Self { wave, correction: 0 }
    }

    /// Reads the name of an edition.
    ///
    /// # Errors
    /// When it is neither a year nor a year, a point and a number from 1 on.
    pub fn new(text: &str) -> Result<Self, NameError> {
        let rule = "it is a year, or a year with a point and a number from 1 to 999, such as 2019.1";
        let wrong = || NameError { kind: "name of an edition", found: text.to_owned(), rule };
        let (year, number) = text.split_once('.').map_or((text, None), |(year, number)| (year, Some(number)));
        let wave = WaveId::new(year).map_err(|_| wrong())?;
        let Some(number) = number else { return Ok(Self::first(wave)) };
        let is_number = (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
        let correction = number.parse().ok().filter(|_| is_number && !number.starts_with('0'));
        correction.map(|correction| Self { wave, correction }).ok_or_else(wrong)
    }

    /// The wave.
    #[must_use]
    pub fn wave(self) -> WaveId {
        self.wave
    }

    /// How often the wave was corrected up to this edition: 0 for the first one.
    #[must_use]
    pub fn correction(self) -> u16 {
        self.correction
    }

    /// The edition that this one corrects; `None` for the first one.
    #[must_use]
    pub fn corrects(self) -> Option<Self> {
        Some(Self { correction: self.correction.checked_sub(1)?, ..self })
    }
}

impl EditionId {
    /// The edition that corrects this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self { correction: self.correction + 1, ..self }
    }
}

impl fmt::Display for EditionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.correction {
            0 => write!(f, "{}", self.wave),
            number => write!(f, "{}.{number}", self.wave),
        }
    }
}

impl serde::Serialize for EditionId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::EditionId;

    #[test]
    fn an_edition_is_a_year_and_the_number_of_its_correction() {
        for name in ["2019", "2019.1", "2019.12"] {
            assert_eq!(EditionId::new(name).map(|edition| edition.to_string()), Ok(name.to_owned()));
        }
        for name in ["", "19", "2019.", "2019.0", "2019.01", "2019.+1", "2019.1.1", "2019.1000", "2019-1"] {
            assert!(EditionId::new(name).is_err(), "{name}");
        }
    }

    #[test]
    fn each_edition_corrects_the_one_before_and_the_first_none() {
        let edition = |name| EditionId::new(name).ok();
        assert_eq!(edition("2019.2").and_then(EditionId::corrects), edition("2019.1"));
        assert_eq!(edition("2019.1").and_then(EditionId::corrects), edition("2019"));
        assert_eq!(edition("2019").and_then(EditionId::corrects), None);
        assert!(edition("2019.2") < edition("2019.10") && edition("2019.10") < edition("2020"));
    }
}
