//! What a country's files are written for on purpose: a template and a claim that tell of a hidden group.

use std::fs;
use std::path::Path;

use super::country;
use crate::house::{Said, barometer};

/// Runs the Danish files of a smallest base of 120 after something was changed in them. Tells, too, whether anything was published.
fn run_with(change: impl Fn(&Path)) -> (Said, bool) {
    let country = country(120);
    let folder = country.path().join("dnk");
    change(&folder);
    let out = country.path().join("out");
    let said: Said = barometer()
        .arg("run")
        .arg(&folder)
        .args(["--wave", "2019", "--raw", "fixtures/dnk/2019/raw", "--lang", "en", "--out"])
        .arg(&out)
        .output()
        .expect("the program starts")
        .into();
    (said, out.join("dnk/2019").exists())
}

#[test]
fn a_template_that_tells_of_a_hidden_group_stops_the_run() {
    let (said, published) = run_with(|country| {
        let own = fs::read_to_string(testkit::repository().join("templates/html/figure.html")).expect("the template");
        let caption = "<figcaption>\n<p>Police, courts and prisons: n = 109</p>";
        let changed = own.replacen("<figcaption>", caption, 1);
        assert_ne!(own, changed);
        fs::create_dir_all(country.join("templates/html")).expect("a folder can be made");
        fs::write(country.join("templates/html/figure.html"), changed).expect("a file can be written");
    });
    assert_eq!((said.code, published), (Some(4), false), "{}", said.err);
    assert!(said.err.contains("  in en/innovation.html, caption of figure innovation-by-industry\n"), "{}", said.err);
    assert!(
        said.err.contains(" can be derived; nothing was written\nhelp: take out what tells it there"),
        "{}",
        said.err
    );
}

#[test]
fn the_message_of_a_claim_about_a_hidden_group_tells_no_number() {
    let (said, published) = run_with(|country| {
        let add = |file: &str, text: &str| {
            let path = country.join("report/2019").join(file);
            let old = fs::read_to_string(&path).expect("the file is there");
            fs::write(path, format!("{old}{text}")).expect("a file can be written");
        };
        let claim = "\n[claims.police]\nnear = { table = \"innovation\", row = \"innovative\", breakdown = \"industry\", group = \"justice\" }\n";
        add("innovation.toml", claim);
        add("innovation.en.md", "\nIt is [10 per cent]{police} among the police.\n");
        add("innovation.da.md", "\nDet er [10 pct.]{police} hos politiet.\n");
    });
    assert_eq!((said.code, published), (Some(4), false), "{}", said.err);
    let (_, message) = said.err.split_once("innovation.en.md").expect("the file is named");
    let told = ["82", "74", "88", "109", "3.3"].into_iter().find(|number| message.contains(number));
    assert_eq!(told, None, "{message}");
}
