//! What a page of the preview has beside its own: the wait for the next release, and what is wrong.

use super::Shown;
use super::server::NEXT;

/// A page where there is none.
pub(super) const EMPTY: &str = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Preview</title></head>\n\
                                <body><main><h1>There is no such page in this release.</h1></main></body></html>\n";

/// The page with its additions, before the end of its body.
pub(super) fn live(page: &str, shown: &Shown) -> String {
    let (before, after) = page.rsplit_once("</body>").unwrap_or((page, ""));
    let complaint = shown.complaint.as_deref().map_or_else(String::new, complaint);
    let script = script(shown.number);
    format!("{before}{complaint}{script}</body>{after}")
}

/// What is wrong, on top of whatever is below it. It has its own colours, since the page's stylesheet may be what is wrong.
fn complaint(words: &str) -> String {
    let words = words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!(
        "<aside role=\"alert\" style=\"position: fixed; inset: auto 0 0 0; max-height: 60vh; overflow: auto; z-index: 9; padding: 1rem 1.5rem; \
         background: #7a1f12; color: #fff; font: 14px/1.5 ui-monospace, monospace; white-space: pre-wrap\" tabindex=\"0\">{words}</aside>\n"
    )
}

/// Waits for a release other than this one and loads the page again, which keeps its place.
fn script(number: u64) -> String {
    format!(
        "<script>(async function wait() {{ for (;;) try {{ \
         if (await (await fetch(\"{NEXT}{number}\", {{ cache: \"no-store\" }})).text() !== \"{number}\") return location.reload(); \
         }} catch {{ await new Promise(again => setTimeout(again, 500)); }} }})();</script>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(complaint: Option<&str>) -> Shown {
        Shown { number: 7, complaint: complaint.map(str::to_owned), ..Shown::default() }
    }

    #[test]
    fn a_page_waits_for_the_release_after_its_own() {
        let page = live("<body><p>81 %</p></body></html>\n", &shown(None));
        assert!(
            page.starts_with("<body><p>81 %</p><script>") && page.ends_with("</script>\n</body></html>\n"),
            "{page}"
        );
        assert!(page.contains("\"/-/after/7\""), "{page}");
    }

    #[test]
    fn what_is_wrong_is_text_whatever_it_quotes() {
        let page = live("<body></body>", &shown(Some("value.da.md:3:1: \"<b>\" & more")));
        assert!(page.contains("<aside role=\"alert\"") && page.contains("\"&lt;b&gt;\" &amp; more</aside>"), "{page}");
    }
}
