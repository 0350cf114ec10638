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
fn the_nearest_names_come_first_and_strange_ones_bring_none() {
    let context = context! {
        publication => text("p"), published => text("d"),
        page => context! { themes => list([context! { title => text("t"), href => text("h") }]) },
    };
    let names = names::names_in(&context);
    assert_eq!(names::near("publikation", &names), ["publication"]);
    assert_eq!(names::near("theme.titel", &names), ["page.themes[].title"]);
    assert_eq!(names::near("publishe", &names), ["published"]);
    assert_eq!(names::near("weather", &names), Vec::<String>::new());
}

#[test]
fn the_programs_templates_hold_no_operator() {
    for file in &Templates::new(Vec::new()).files {
        assert!(operators::refuse(file).is_ok(), "{}", file.path);
    }
}

/// What a template written on purpose to get at a number would try, each in a way of its own; the engine refuses every one even without the check for operators.
#[test]
fn a_template_written_to_leak_gets_nothing_through() {
    let filters = [
        "string",
        "upper",
        "length",
        "replace('8', '')",
        "list",
        "first",
        "tojson",
        "pprint",
        "sort",
        "groupby(0)",
        "sum",
        "min",
        "max",
        "round",
        "abs",
        "batch(1)",
        "format",
    ];
    for filter in filters {
        assert!(render_unchecked(&format!("{{{{ cell | {filter} }}}}")).is_err(), "{filter}");
        assert!(render_unchecked(&format!("{{{{ cells | {filter} }}}}")).is_err(), "{filter} of a list");
    }
    let attempts = [
        ("its digits one by one", "{% for digit in cell %}{{ digit }};{% endfor %}"),
        ("a digit by its place", "{{ cell[0] }}"),
        ("a part of it", "{{ cell[:1] }}"),
        ("what lies behind it", "{{ cell.value }}"),
        ("a method of text", "{{ cell.split('') }}"),
        ("its class", "{{ cell.__class__ }}"),
        ("a test of its kind", "{% if cell is number %}number{% endif %}"),
        ("a loop of a given length", "{% for i in range(81) %}{{ i }}{% endfor %}"),
        ("everything there is", "{{ debug() }}"),
        ("a name space to count in", "{% set ns = namespace(sum=0) %}{{ ns.sum }}"),
        ("a file of the disk", "{% include '/etc/hostname' %}"),
        ("a name that nobody gave", "{{ unrounded }}"),
        ("a member that nobody gave", "{{ cells[1] }}"),
    ];
    for (what, source) in attempts {
        assert!(render_unchecked(source).is_err(), "{what}: {:?}", render_unchecked(source));
    }
}

/// Whether a text is there is all that a condition learns, so no loop over guesses finds a number.
#[test]
fn a_condition_cannot_tell_one_number_from_another() {
    let templates = Templates::new(Vec::new());
    let mut environment = templates.engine().unwrap().environment;
    environment.add_template("html/unchecked.html", "{% if cell %}there{% else %}empty{% endif %}").unwrap();
    let said = |number: &str| {
        environment.get_template("html/unchecked.html").unwrap().render(context! { cell => text(number) })
    };
    for number in ["0", "0.0", "81", "-1", "false"] {
        assert_eq!(said(number).unwrap(), "there", "{number}");
    }
    assert_eq!(said("").unwrap(), "empty");
}

/// The same attempts by operators never reach the engine: each is refused with its line.
#[test]
fn operators_on_numbers_are_refused_before_anything_is_rendered() {
    for source in [
        "{% if cell > 50 %}most{% endif %}",
        "{% if cell == '81' %}it is{% endif %}",
        "{% if '8' in cell %}it has an 8{% endif %}",
        "{{ cell ~ '0' }}",
        "{{ cell * 2 }}",
        "{{ cell | string }}",
        "{{ cell if cell < other }}",
        "{%- set twice = cell + cell -%}",
    ] {
        let file =
            SourceFile { path: "pipelines/x/templates/html/theme.html".to_owned(), text: format!("<p>\n{source}") };
        let refused = operators::refuse(&file).unwrap_err().to_string();
        assert!(refused.starts_with("pipelines/x/templates/html/theme.html:2: "), "{source}: {refused}");
    }
}
