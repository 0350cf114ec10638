use minijinja::context;

use super::*;

/// Renders a template that was not checked for operators, to show what holds even then.
fn render_unchecked(source: &str) -> Result<String, minijinja::Error> {
    let templates = Templates::new(Vec::new());
    let mut environment = templates.engine().expect("the program's templates are sound").environment;
    environment.add_template_owned("html/unchecked.html", source.to_owned())?;
    let context = context! { cell => text("81"), word => text("<a & b>"), bold => markup("<b>x</b>"), cells => list([text("1")]) };
    environment.get_template("html/unchecked.html")?.render(context)
}

#[test]
fn published_numbers_are_text_that_nothing_can_compute_with() {
    assert_eq!(render_unchecked("{{ cell }}").unwrap(), "81");
    for source in ["{{ cell + 1 }}", "{{ cell * 2 }}", "{{ 1 - cell }}", "{{ -cell }}", "{{ cells[0] / 2 }}"] {
        assert!(render_unchecked(source).is_err(), "{source}");
    }
}

#[test]
fn there_are_no_filters_tests_or_functions() {
    for source in ["{{ cell | int }}", "{{ cell | float }}", "{{ word | safe }}", "{{ range(3) }}", "{{ debug() }}"] {
        assert!(render_unchecked(source).is_err(), "{source}");
    }
}

#[test]
fn text_is_escaped_and_markup_is_not() {
    assert_eq!(render_unchecked("{{ word }}{{ bold }}").unwrap(), "&lt;a &amp; b&gt;<b>x</b>");
    assert_eq!(escape_markdown("a|b *c* [d](e) <f>"), "a\\|b \\*c\\* \\[d\\](e) \\<f>");
}

#[test]
fn the_programs_templates_hold_no_operator() {
    for file in &Templates::new(Vec::new()).0 {
        assert!(operators::refuse(file).is_ok(), "{}", file.path);
    }
}
