//! The moment at which an edition becomes public, and whether it is.

use jiff::Timestamp;

/// The moment from which everybody may see an edition, as its wave's file tells it: with a zone, so that it is the same moment everywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseMoment {
    at: Timestamp,
    written: String,
}

impl ReleaseMoment {
    /// Reads a moment such as `2020-12-04T09:00:00+01:00`; `None` without a zone, or if there is no such moment.
    #[must_use]
    pub fn new(written: &str) -> Option<Self> {
        let at = written.parse().ok()?;
        Some(Self { at, written: written.to_owned() })
    }

    /// The moment.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// As the wave's file writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.written
    }
}

/// Whether what is made of a wave is for everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub enum Standing {
    /// It is.
    #[default]
    Released,
    /// It is for those who check it, and says so wherever it is opened. Nobody can tell that from a country's files; whoever makes the edition
    /// knows the time.
    Draft,
}

#[cfg(test)]
mod tests {
    use super::ReleaseMoment;

    #[test]
    fn a_moment_is_the_same_in_every_zone_and_none_without_one() {
        let moment = |text| ReleaseMoment::new(text).map(|moment| moment.at());
        assert_eq!(moment("2020-12-04T09:00:00+01:00"), moment("2020-12-04T08:00:00Z"));
        assert!(moment("2020-12-04T09:00:00+01:00").is_some());
        assert_eq!(moment("2020-12-04T09:00:00"), None);
        assert_eq!(moment("2020-12-04"), None);
    }
}
