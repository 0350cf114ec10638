//! What a scheduler sets: how lines are written, and how much memory a run may take.

use std::num::NonZeroUsize;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use pipeline::Timing;

/// How progress and results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Lines for people
    Text,
    /// One JSON object a line: events on standard error, the summary on standard output
    Json,
}

/// Whether what is made is for everybody. Without any of these, a wave with `release_at` is a draft before that moment and a release from then on.
#[derive(Debug, Args)]
#[command(next_help_heading = "Release")]
pub(crate) struct ReleaseTime {
    /// Make a draft, whatever the time
    #[arg(long, conflicts_with_all = ["publish", "break_embargo"])]
    draft: bool,
    /// Make a release, and nothing before its moment
    #[arg(long, conflicts_with = "break_embargo")]
    publish: bool,
    /// Make a release before its moment, for this reason, which its manifest keeps
    #[arg(long, value_name = "REASON", value_parser = reason)]
    break_embargo: Option<String>,
    /// A file that names the manifest which may be released
    #[arg(long, value_name = "FILE")]
    pub(crate) approval: Option<PathBuf>,
    /// An edition that readers have already: refuse what tells a hidden number together with it; can be given several times
    #[arg(long, value_name = "RELEASE")]
    pub(crate) against: Vec<PathBuf>,
}

impl ReleaseTime {
    /// The option that is given and speaks of one edition.
    pub(crate) fn of_one_edition(&self) -> Option<&'static str> {
        let broken = self.break_embargo.as_ref().map(|_| "--break-embargo");
        broken.or(self.approval.as_ref().map(|_| "--approval"))
    }

    /// What was asked for at this moment.
    pub(crate) fn timing(&self, now: jiff::Timestamp) -> Timing {
        match (self.draft, self.publish, &self.break_embargo) {
            (true, _, _) => Timing::Draft,
            (false, true, _) => Timing::Publish(now),
            (false, false, Some(reason)) => Timing::BreakEmbargo { reason: reason.clone(), now },
            (false, false, None) => Timing::ByTheClock(now),
        }
    }
}

/// Reads an amount of memory: `800MiB`, `2GiB`, or bytes.
pub(crate) fn memory(text: &str) -> Result<NonZeroUsize, String> {
    let units = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40)];
    let unit = units.iter().find_map(|(name, shift)| Some((text.strip_suffix(name)?, *shift)));
    let (digits, shift) = unit.unwrap_or((text, 0));
    let bytes = digits.trim().parse::<usize>().ok().and_then(|number| number.checked_mul(1 << shift));
    bytes.and_then(NonZeroUsize::new).ok_or_else(|| "expected an amount of memory such as 800MiB or 2GiB".to_owned())
}

/// A reason in words; blanks are none.
fn reason(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("say why, in words that the manifest can keep".to_owned()),
        reason => Ok(reason.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{memory, reason};

    #[test]
    fn blanks_are_no_reason() {
        assert_eq!(reason(" leaked to the press ").as_deref(), Ok("leaked to the press"));
        assert!(reason(" \t").is_err() && reason("").is_err());
    }

    #[test]
    fn memory_is_told_in_binary_units_or_bytes() {
        let bytes = |text| memory(text).map(std::num::NonZeroUsize::get);
        assert_eq!(bytes("800MiB"), Ok(838_860_800));
        assert_eq!(bytes("2 GiB"), Ok(2_147_483_648));
        assert_eq!(bytes("4096"), Ok(4096));
        for wrong in ["", "0", "2GB", "-1GiB", "99999999TiB", "1.5GiB"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }
}
