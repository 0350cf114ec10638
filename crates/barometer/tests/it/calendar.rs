//! The release calendar: the same editions as a page, for calendars and for feed readers.

use crate::house::{editions, say};

fn calendar(format: &str) -> String {
    let said = say(&["calendar", "pipelines", "--format", format]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    said.out
}

#[test]
fn every_form_has_every_edition_once_in_the_order_of_time() {
    let (page, ical, feed) = (calendar("html"), calendar("ical"), calendar("atom"));
    // Editions of countries, and the two comparisons over them.
    let all = editions().len() + 2;
    assert_eq!(page.matches("<li ").count(), all);
    assert_eq!((ical.matches("BEGIN:VEVENT\r\n").count(), ical.matches("END:VEVENT\r\n").count()), (all, all));
    assert_eq!((feed.matches("<entry ").count(), feed.matches("</entry>").count()), (all, all));
    let days: Vec<&str> = page.split("datetime=\"").skip(1).map(|rest| &rest[..10]).collect();
    assert!(days.is_sorted(), "{days:?}");
    assert!(days.contains(&"2020-12-04"));
    assert!(
        ical.contains("UID:dnk-2019@barometer\r\nDTSTAMP:20201204T000000Z\r\nDTSTART;VALUE=DATE:20201204\r\n"),
        "{ical}"
    );
    assert!(ical.replace("\r\n ", "").contains(" · SYNTHETIC\r\n"), "made-up editions say so: {ical}");
    assert!(ical.lines().all(|line| line.len() <= 75));
    assert!(feed.contains("<id>urn:barometer:dnk:2019</id>") && feed.contains("<id>urn:barometer:nordic:2019</id>"));
    assert!(page.contains("Demonstration: "), "a comparison of made-up numbers says what it is: {page}");
}

#[test]
fn a_moment_of_release_is_told_with_its_zone_and_as_one_moment() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    crate::house::copy(&testkit::repository().join("pipelines/dnk"), &folder.path().join("dnk"));
    let wave = folder.path().join("dnk/waves/2019.toml");
    let text = std::fs::read_to_string(&wave).expect("a wave");
    let text = text.replacen(
        "published = 2020-12-04\n",
        "published = 2020-12-04\nrelease_at = 2020-12-04T09:00:00+01:00\n",
        1,
    );
    std::fs::write(&wave, text).expect("a file can be written");
    let path = folder.path().to_str().expect("UTF-8");
    let told = |format| say(&["calendar", path, "--format", format]).out;
    let shown = "<time datetime=\"2020-12-04T09:00:00+01:00\">4.\u{a0}december 2020, 09:00 (+01:00)</time>";
    assert!(told("html").contains(shown), "{}", told("html"));
    assert!(told("ical").contains("DTSTART:20201204T080000Z\r\n"), "{}", told("ical"));
    assert!(told("atom").contains("<updated>2020-12-04T08:00:00Z</updated>"), "{}", told("atom"));
}
