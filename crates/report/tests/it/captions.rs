//! Captions, whole, in their fixed order.

use crate::sample::{NUMBERS, Sample, country};

/// The paragraphs of the caption of a figure, from its page.
#[track_caller]
fn caption(page: &str, figure: &str) -> Vec<String> {
    let block =
        page.split_once(&format!("<figure class=\"figure\" id=\"{figure}\"")).expect("the figure is on the page").1;
    let caption = block.split_once("<figcaption>").unwrap().1.split_once("</figcaption>").unwrap().0;
    let paragraphs = caption.lines().filter(|line| line.starts_with("<p>"));
    let strip = |line: &str| line.trim_start_matches("<p>").trim_end_matches("</p>").to_owned();
    paragraphs.map(|line| strip(line).replace("&#39;", "'").replace('\u{a0}', " ")).collect()
}

#[test]
fn a_derived_total_is_told_with_the_question_behind_it() {
    assert_eq!(
        caption(&Sample::new().page("core-task.html"), "core-task-by-level"),
        [
            "Innovationer knyttet til kerneopgaven, fordelt på \
             »Forvaltningsled«. Procent af innovative arbejdspladser. »Knyttet til kerneopgaven« betyder: \
             »Er innovationen direkte knyttet til arbejdspladsens kerneopgave?«: Ja, nuværende kerneopgaver eller Ja, \
             fremtidige kerneopgaver.",
            "Grundlag: innovative arbejdspladser. Der tælles: seneste innovationer, én per innovativ arbejdsplads.",
            "»Stort set det samme« bruges, hvor 95 %-intervallet for alle forskelle ligger inden for 5 procentpoint.",
            "Streger og grænser viser 95 %-konfidensintervaller. De dækker stikprøveusikkerhed og tilfældigt bortfald inden \
             for strata, ikke andre fejl. Vægtet op til populationen inden for strata. n = 1.877.",
        ]
    );
}

#[test]
fn several_answers_may_sum_to_more_than_a_hundred() {
    assert_eq!(
        caption(&Sample::new().page("en/value.html"), "value"),
        [
            "Value that innovations have created. Per cent of innovative workplaces. \
             Question: “What value has the innovation created?”",
            "Base: innovative workplaces. Counted: latest innovations, one per innovative workplace. The shares add up \
             to more than 100 because several answers could be given.",
            "Lines and limits show 95% confidence intervals. They cover sampling and random non-response within strata, not \
             other errors. Weighted to the population by stratum. n = 1,877.",
        ]
    );
}

/// Whoever ticked nothing but "don't know" is in the base, and in no bar.
#[test]
fn options_that_a_figure_leaves_out_are_named_with_their_share_where_it_is_published() {
    let some = |text: String| {
        let table = "rows = [\"value\"]\n";
        let some = "rows = [\"value_efficiency\", \"value_quality\", \"value_satisfaction\"]\n";
        text.replacen(table, some, 1)
    };
    let without = |numbers: &str| numbers.replace("value value_involvement total 24.6 1.0 42\n", "");
    let paragraph = |country, numbers: &str| {
        let sample = Sample::with(country, include_str!("narratives.txt"), &without(numbers));
        caption(&sample.page("en/value.html"), "value")[1].clone()
    };
    let left_out = "Left out of the figure: Involvement of citizens and their insight into what the workplace does";
    assert!(paragraph(country(some), NUMBERS).contains(&format!("{left_out}. ")));
    let elsewhere = |text: String| {
        let text = some(text);
        let (before, after) = text.split_once("[tables.value]\n").unwrap();
        let table = "[tables.involved]\ntitle = { da = \"M\", en = \"I\", es = \"P\" }\nbase = \"innovative\"\nmeasure = \"share\"\n\
            rows = [\"value_involvement\"]\n\n";
        format!("{before}{table}[tables.value]\n{after}")
    };
    let numbers = format!("{NUMBERS}\ninvolved value_involvement total 3.4 0.5 1877\n");
    assert!(paragraph(country(elsewhere), &numbers).contains(&format!("{left_out} (3%). ")));
}

#[test]
fn spanish_captions_follow_the_same_grammar() {
    assert_eq!(
        caption(&Sample::new().page("es/core-task.html"), "core"),
        [
            "¿Está ligada a la tarea principal? Porcentaje de organizaciones \
             innovadoras. Pregunta: «¿Está la innovación ligada a la tarea principal?»",
            "Base: organizaciones innovadoras. Se cuentan: últimas innovaciones, una por organización. Los \
             porcentajes no suman 100 por el redondeo.",
            "Se habla de mayoría cuando el porcentaje está por encima del 50 por ciento (prueba t basada en el diseño al \
             nivel del 5 %, ajustada por el método de Holm para las 2 pruebas de la página).",
            "Las líneas y los límites muestran intervalos de confianza del 95 %. Cubren el muestreo y la falta de respuesta \
             aleatoria dentro de los estratos, no otros errores. Ponderado a la población por estrato. n = 1877.",
        ]
    );
}

#[test]
fn items_of_a_scale_say_which_answers_count() {
    let caption = caption(&Sample::new().page("en/value.html"), "promoted");
    let counted = "Question: “Did the following hinder or promote the innovation?” The answers counted are “Promoted \
                   somewhat” and “Promoted a lot”.";
    assert!(caption[0].ends_with(counted), "{caption:?}");
}

#[test]
fn a_union_over_questions_quotes_each_of_them() {
    let caption = caption(&Sample::new().page("en/value.html"), "role-by-size");
    let definition = "“Employees initiated or promoted” means: “Who or what started the innovation?”: \
                      Employees or “Did the following hinder or promote the innovation?”: Participation of employees: \
                      Promoted somewhat or Promoted a lot.";
    assert!(caption[0].ends_with(definition), "{caption:?}");
}

#[test]
fn codes_that_count_together_are_named() {
    let related = country(|text| {
        let text = text.replace("rows = [\"core\"]", "rows = [\"core\"]\ncodes = [\"now\", \"future\"]");
        text.replace("row = \"core:now\"", "row = \"core\"")
    });
    let caption = caption(&Sample::of(related).page("en/core-task.html"), "core");
    let counted = "The answers counted are “Yes, current core tasks” and “Yes, future core tasks”.";
    assert!(caption[0].ends_with(counted), "{caption:?}");
}

#[test]
fn intervals_of_an_unpublished_design_are_called_approximate() {
    let sample = Sample::of_unknown_design();
    let page = sample.page("en/core-task.html");
    let caption = caption(&page, "core");
    assert_eq!(
        caption[2],
        "Lines and limits show approximate 95% confidence intervals: the design of the sample is not published. They \
         cover sampling, not other errors. Weighted with the survey's own weights. n = 1,877."
    );
    // Wherever an interval is named, not only in captions.
    for path in ["en/index.html", "en/core-task.html", "en/value.html", "en/report.md", "en/figures/core.svg"] {
        let page = sample.page(path).to_lowercase();
        assert!(page.contains("approximate 95% "), "{path}");
        assert_eq!(page.matches("95% interval").count(), page.matches("approximate 95% interval").count(), "{path}");
    }
    assert!(!page.contains("Tests on this page"));
    let method = sample.page("en/method.html");
    assert!(method.contains("so nothing is tested") && !method.contains("t test"), "{method}");
}

#[test]
fn a_caption_names_level_test_adjustment_and_family_size() {
    let words = |path: &str| caption(&Sample::new().page(path), "core")[2].clone();
    assert_eq!(
        words("en/core-task.html"),
        "A majority is stated where the share is above 50 per cent (design-based t test at the 5% level, adjusted by Holm's \
         method for the 2 tests of the page)."
    );
    assert_eq!(
        words("core-task.html"),
        "Et flertal nævnes, hvor andelen ligger over 50 procent (designbaseret t-test på 5 %-niveau, korrigeret med Holms \
         metode for sidens 2 test)."
    );
}

/// The note on the tests of a page: its sentence, and the cells of its table.
fn tests(page: &str) -> (String, Vec<Vec<String>>) {
    let note = page.split_once("<h2 id=\"tests\">").expect("the page has a note").1.split_once("</section>").unwrap().0;
    let sentence = note.split_once("<p>").unwrap().1.split_once("</p>").unwrap().0;
    let text = |cell: &str| cell.split_once('>').unwrap().1.split_once('<').unwrap().0.replace('\u{a0}', " ");
    let rows = note.lines().filter(|line| line.starts_with("<tr><th scope=\"row\""));
    let cells = rows.map(|row| row.split("<t").skip(2).map(text).collect()).collect();
    (sentence.replace("&#39;", "'").replace('\u{a0}', " "), cells)
}

#[test]
fn a_page_says_once_what_its_sentences_test_and_how_large_it_is() {
    let sample = Sample::new();
    let (sentence, rows) = tests(&sample.page("en/core-task.html"));
    assert_eq!(
        sentence,
        "Differences and majorities stated in the text are tested at the 5% level with design-based t tests; p values are \
         adjusted by Holm's method for the 2 tests of this page."
    );
    assert_eq!(
        rows,
        [
            ["Is the innovation tied to the core task?: Yes, current core tasks", "77%", "75%", "78%", "50%"]
                .map(str::to_owned)
                .to_vec(),
            [
                "Workplaces with at least one innovation, by “Employees”: 10 or more minus Under 10",
                "11 pp",
                "7 pp",
                "15 pp",
                "0 pp"
            ]
            .map(str::to_owned)
            .to_vec(),
        ]
    );
    assert!(!sample.page("en/value.html").contains("id=\"tests\""), "nothing is tested there");
    let report = sample.page("report.md");
    assert_eq!(report.matches("Test på denne side").count(), 1);
    assert!(report.contains("for de 2 test på denne side"), "{report}");
}

#[test]
fn the_only_test_of_a_page_is_not_adjusted() {
    let one = country(|text| {
        let (before, after) = text.split_once("[claims.large-small]\n").unwrap();
        let after = after.split_once('\n').unwrap().1;
        format!("{before}[claims.large-small]\nnear = {{ table = \"core\", row = \"core:now\" }}\n{after}")
    });
    let sample = Sample::with(
        one,
        &include_str!("narratives.txt")
            .replace("[oftere]", "[77 procent]")
            .replace("[more often]", "[77 per cent]")
            .replace("[con más frecuencia]", "[77 por ciento]"),
        NUMBERS,
    );
    let (sentence, rows) = tests(&sample.page("en/core-task.html"));
    assert!(sentence.ends_with("with a design-based t test, the only one of this page."), "{sentence}");
    assert_eq!(rows.len(), 1);
}

#[test]
fn a_country_chooses_its_level_and_every_page_says_so() {
    let sample =
        Sample::of(country(|text| text.replace("smallest_base = 5", "smallest_base = 5\nconfidence_level = 0.975")));
    for (folder, [interval, level]) in
        [("", ["97,5 %", "2,5 %"]), ("en/", ["97.5%", "2.5%"]), ("es/", ["97,5 %", "2,5 %"])]
    {
        for page in ["index.html", "core-task.html", "value.html", "method.html", "report.md", "figures/core.svg"] {
            let text = sample.page(&format!("{folder}{page}")).replace('\u{a0}', " ");
            assert!(text.contains(interval), "{folder}{page} names the level of its intervals");
            let usual = ["95 %", "95%"].map(|usual| text.matches(usual).count());
            assert_eq!(usual, [0, 0], "{folder}{page} still tells of 95 per cent");
            if page == "core-task.html" || page == "method.html" {
                assert!(text.contains(level), "{folder}{page} names the level of its tests");
            }
        }
    }
}
