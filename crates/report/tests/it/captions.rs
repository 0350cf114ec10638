//! Captions, whole, in their fixed order.

use crate::sample::{Sample, country};

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
            "<strong>SYNTETISKE DATA (SYNTHETIC)</strong> Innovationer knyttet til kerneopgaven, fordelt på \
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
            "<strong>SYNTHETIC DATA</strong> Value that innovations have created. Per cent of innovative workplaces. \
             Question: “What value has the innovation created?”",
            "Base: innovative workplaces. Counted: latest innovations, one per innovative workplace. The shares add up \
             to more than 100 because several answers could be given.",
            "Lines and limits show 95% confidence intervals. They cover sampling and random non-response within strata, not \
             other errors. Weighted to the population by stratum. n = 1,877.",
        ]
    );
}

#[test]
fn spanish_captions_follow_the_same_grammar() {
    assert_eq!(
        caption(&Sample::new().page("es/core-task.html"), "core"),
        [
            "<strong>DATOS SINTÉTICOS (SYNTHETIC)</strong> ¿Está ligada a la tarea principal? Porcentaje de organizaciones \
             innovadoras. Pregunta: «¿Está la innovación ligada a la tarea principal?»",
            "Base: organizaciones innovadoras. Se cuentan: últimas innovaciones, una por organización. Los \
             porcentajes no suman 100 por el redondeo.",
            "Las líneas y los límites muestran intervalos de confianza del 95 %. Cubren el muestreo y la falta de respuesta \
             aleatoria dentro de los estratos, no otros errores. Ponderado a la población por estrato. n = 1877.",
        ]
    );
}

#[test]
fn items_of_a_scale_say_which_answers_count() {
    let caption = caption(&Sample::new().page("en/value.html"), "promoted");
    let counted = "Question: “Did the following hinder or promote the innovation?” Counted are the answers “Promoted \
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
    let related = country(|text| text.replace("rows = [\"core\"]", "rows = [\"core\"]\ncodes = [\"now\", \"future\"]"));
    let caption = caption(&Sample::of(related).page("en/core-task.html"), "core");
    let counted = "Counted are the answers “Yes, current core tasks” and “Yes, future core tasks”.";
    assert!(caption[0].ends_with(counted), "{caption:?}");
}

#[test]
fn intervals_of_an_unpublished_design_are_called_approximate() {
    let supplied = |text: String| {
        let design = "[design]\nweights = { column = \"w\" }\ndesign_known = false\n";
        let (before, after) = text.split_once("[design]").unwrap();
        let after = after.split_once("=== report").unwrap().1;
        let before = before.split_once("[frame]").unwrap().0;
        // No claim compares groups where the design is unknown.
        let comparison =
            "about_the_same = { table = \"core_task\", row = \"core_task\", breakdown = \"level\", margin = 5 }";
        let after = after.replace(comparison, "majority = { table = \"core_task\", row = \"core_task\" }");
        format!("{before}{design}=== report{after}")
    };
    let caption = caption(&Sample::of(country(supplied)).page("en/core-task.html"), "core");
    assert_eq!(
        caption[2],
        "Lines and limits show approximate 95% confidence intervals: the design of the sample is not published. Weighted \
         with the survey's own weights. n = 1,877."
    );
}
