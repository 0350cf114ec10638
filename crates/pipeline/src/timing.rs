//! When an edition becomes public: the embargo, drafts before it, and the approval of what is published.
//!
//! The clock is read by whoever calls; what it says stands in no output. A draft is the release itself, made on the same road, with a mark
//! wherever it is opened; it lies among the files for the office alone. The run that makes it tells the digest that the release's manifest will
//! have, which is what an approval names: should any input change in between, the digest does, and the approval is
//! void. A run that is not given the approval does not ask for one.

use std::fs;
use std::path::Path;

use codebook::{Finding, Place, ReleaseMoment, Standing, WaveId};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use toml::de::DeTable;

use crate::PipelineError;
use crate::load::shown;

/// What is asked of a run about its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Timing {
    /// Before the wave's moment of release a draft, from then on a release. This is the time now.
    ByTheClock(Timestamp),
    /// A release; before its moment it is refused. This is the time now.
    Publish(Timestamp),
    /// A release, though it may be before its moment.
    BreakEmbargo {
        /// Why; the manifest keeps it where the embargo was really broken.
        reason: String,
        /// The time now.
        now: Timestamp,
    },
    /// A draft, whatever the time.
    Draft,
}

/// What a run makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Timed {
    /// Whether it is for everybody.
    pub(crate) standing: Standing,
    /// Why it is public before its moment.
    pub(crate) embargo_broken: Option<String>,
}

impl Timing {
    /// What a run makes of an edition with this moment of release.
    ///
    /// # Errors
    /// When it is too early for a release, or the time cannot be.
    pub(crate) fn of(
        &self,
        edition: &str,
        wave: WaveId,
        moment: Option<&ReleaseMoment>,
    ) -> Result<Timed, PipelineError> {
        if let (Self::ByTheClock(now) | Self::Publish(now) | Self::BreakEmbargo { now, .. }, Some(moment)) =
            (self, moment)
            && !is_plausible(*now, wave, moment)
        {
            let now = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
            return Err(PipelineError::Clock { edition: edition.to_owned(), now });
        }
        let timed = |standing| Timed { standing, embargo_broken: None };
        let early = |now: &Timestamp| moment.filter(|moment| *now < moment.at());
        match self {
            Self::Draft => Ok(timed(Standing::Draft)),
            Self::ByTheClock(now) if early(now).is_some() => Ok(timed(Standing::Draft)),
            Self::Publish(now) => match early(now) {
                None => Ok(timed(Standing::Released)),
                Some(moment) => {
                    Err(PipelineError::Embargo { edition: edition.to_owned(), release_at: moment.as_str().to_owned() })
                }
            },
            Self::BreakEmbargo { reason, now } => {
                Ok(Timed { standing: Standing::Released, embargo_broken: early(now).map(|_| reason.clone()) })
            }
            Self::ByTheClock(_) => Ok(timed(Standing::Released)),
        }
    }
}

impl Timing {
    /// The time now, unless it counts for nothing.
    pub(crate) fn now(&self) -> Option<Timestamp> {
        match self {
            Self::ByTheClock(now) | Self::Publish(now) | Self::BreakEmbargo { now, .. } => Some(*now),
            Self::Draft => None,
        }
    }
}

/// The name of the rule that a day of publication is not still to come; no other warning depends on the clock.
pub(crate) const STILL_TO_COME: &str = "published-to-come";

/// A release that tells readers a day of publication which is still to come. By a day it may be: in some time zone it is tomorrow already.
/// A clock that says a year before the one that is asked about is off, and tells nothing.
pub(crate) fn still_to_come(wave: WaveId, published: Date, place: &Place, now: Timestamp) -> Option<Finding> {
    let tomorrow = Offset::UTC.to_datetime(now).date().tomorrow().ok()?;
    let is_plausible = i64::from(tomorrow.year()) >= i64::from(wave.year());
    (is_plausible && published > tomorrow).then(|| {
        let message = format!("readers are told that this was published on {published}, which is still to come");
        let finding = Finding::warning(place.clone(), STILL_TO_COME, message);
        finding.hint(format!(
            "release_at = {published}T… makes it a draft until then; or write the day on which it comes out"
        ))
    })
}

/// Whether a clock may say this when an edition is made: nobody answers before the year that is asked about, where a clock without a battery begins
/// (1970), and nobody waits a century to publish. It is asked only where the time decides something.
fn is_plausible(now: Timestamp, wave: WaveId, moment: &ReleaseMoment) -> bool {
    const CENTURY: i64 = 100 * 31_556_952;
    let year = now.strftime("%Y").to_string();
    year.parse::<i64>().is_ok_and(|year| year >= i64::from(wave.year()))
        && now.as_second().saturating_sub(moment.at().as_second()) < CENTURY
}

/// Refuses a release that is not the one that was approved, by the digest of its manifest. `file` is TOML with the digest of the approved one under
/// `manifest`.
///
/// # Errors
/// When it is not, or the file cannot be read; a finding when it names no digest.
pub(crate) fn check_approval(file: &Path, found: &str) -> Result<(), PipelineError> {
    let text = fs::read_to_string(file).map_err(PipelineError::read(file))?;
    let table = DeTable::parse(&text).ok();
    let approved = table.as_ref().and_then(|table| text_at(table.get_ref(), "manifest"));
    let Some(approved) = approved else {
        let place = Place::File { file: shown(file) };
        let finding =
            Finding::error(place, "no-approval", "this approves nothing: there is no text \"manifest\" in it");
        return Err(PipelineError::Findings(vec![
            finding
                .hint("write manifest = \"...\" with the digest that the run of the draft tells, and who approved it"),
        ]));
    };
    if approved == found {
        return Ok(());
    }
    Err(PipelineError::Unapproved { file: file.to_path_buf(), approved: approved.to_owned(), found: found.to_owned() })
}

/// The text of a key.
fn text_at<'a>(table: &'a DeTable<'_>, key: &str) -> Option<&'a str> {
    let (_, value) = table.iter().find(|(name, _)| name.get_ref() == key)?;
    value.get_ref().as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave() -> WaveId {
        WaveId::new("2019").expect("a year")
    }

    #[track_caller]
    fn check(timing: &Timing, moment: Option<&str>, expected: Option<(Standing, Option<&str>)>) {
        let moment = moment.map(|text| ReleaseMoment::new(text).expect("a moment"));
        let found = timing.of("dnk 2019", wave(), moment.as_ref()).ok();
        let found = found.as_ref().map(|timed| (timed.standing, timed.embargo_broken.as_deref()));
        assert_eq!(found, expected);
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a moment")
    }

    #[test]
    fn an_edition_is_a_draft_until_its_moment_and_public_from_it_on() {
        let moment = Some("2020-12-04T09:00:00+01:00");
        let (draft, released) = (Some((Standing::Draft, None)), Some((Standing::Released, None)));
        check(&Timing::ByTheClock(at("2020-12-04T07:59:59Z")), moment, draft);
        check(&Timing::ByTheClock(at("2020-12-04T08:00:00Z")), moment, released);
        check(&Timing::ByTheClock(at("1970-01-01T00:00:00Z")), None, released);
        check(&Timing::Draft, moment, draft);
        check(&Timing::Draft, None, draft);
    }

    #[test]
    fn publishing_before_the_moment_is_refused_unless_a_reason_is_given() {
        let moment = Some("2020-12-04T09:00:00+01:00");
        check(&Timing::Publish(at("2020-12-04T07:59:59Z")), moment, None);
        check(&Timing::Publish(at("2020-12-04T08:00:00Z")), moment, Some((Standing::Released, None)));
        let broken_at = |now| Timing::BreakEmbargo { reason: "leaked".to_owned(), now: at(now) };
        check(&broken_at("2020-12-04T07:59:59Z"), moment, Some((Standing::Released, Some("leaked"))));
        // There is nothing left to break.
        check(&broken_at("2020-12-04T08:00:00Z"), moment, Some((Standing::Released, None)));
        check(&broken_at("2020-12-04T07:59:59Z"), None, Some((Standing::Released, None)));
    }

    #[test]
    fn a_clock_that_is_far_off_decides_nothing() {
        let moment = ReleaseMoment::new("2020-12-04T09:00:00+01:00");
        for now in ["1970-01-01T00:00:00Z", "2018-12-31T23:59:59Z", "2446-05-10T22:38:55Z"] {
            for timing in [Timing::ByTheClock(at(now)), Timing::Publish(at(now))] {
                let error =
                    timing.of("dnk 2019", wave(), moment.as_ref()).expect_err("nobody knows whether it is time");
                assert!(error.to_string().starts_with(&format!("the clock of this machine says {now}")), "{error}");
            }
            // Where the time decides nothing, it may be any.
            assert!(Timing::ByTheClock(at(now)).of("dnk 2019", wave(), None).is_ok());
        }
        assert!(Timing::Draft.of("dnk 2019", wave(), moment.as_ref()).is_ok());
        // Whoever makes an edition again after fifty years may.
        assert!(Timing::ByTheClock(at("2070-01-01T00:00:00Z")).of("dnk 2019", wave(), moment.as_ref()).is_ok());
    }
    #[test]
    fn a_day_of_publication_that_is_still_to_come_is_told() {
        let place = Place::File { file: "waves/2019.toml".to_owned() };
        let told = |day: &str, now: &str| {
            let found = still_to_come(wave(), day.parse().expect("a day"), &place, at(now));
            found.map(|finding| finding.message)
        };
        assert_eq!(told("2020-12-04", "2020-12-04T00:00:00Z"), None);
        // In the east it is tomorrow already.
        assert_eq!(told("2020-12-05", "2020-12-04T23:00:00Z"), None);
        let message = "readers are told that this was published on 2020-12-06, which is still to come";
        assert_eq!(told("2020-12-06", "2020-12-04T23:00:00Z").as_deref(), Some(message));
        assert_eq!(told("2020-12-06", "1970-01-01T00:00:00Z"), None, "a clock that is off tells nothing");
    }
}
