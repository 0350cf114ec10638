//! Refuses templates that compute or compare.
//!
//! Arithmetic on opaque text fails by itself, but ordering does not (a comparison of text with a number is silently false), and
//! joining text could build a number that nobody published. So none of their operators may stand in a template at all.

use codebook::SourceFile;

use crate::ReportError;

/// Characters that only operators hold. `=` alone gives a name to a value; `.` and `,` place and list.
const REFUSED: [&str; 12] = ["==", "!=", "+", "-", "*", "/", "%", "<", ">", "~", "|", "!"];

/// Words that compute, compare or test.
const REFUSED_WORDS: [&str; 2] = ["in", "is"];

/// Refuses the first operator of a template, with its line.
pub(super) fn refuse(file: &SourceFile) -> Result<(), ReportError> {
    let mut rest = file.text.as_str();
    while let Some(open) = ["{{", "{%", "{#"].iter().filter_map(|mark| rest.find(mark)).min() {
        let offset = file.text.len() - rest.len() + open;
        let (mark, inside) = rest[open..].split_at(2);
        let close = match mark {
            "{{" => "}}",
            "{%" => "%}",
            _ => "#}",
        };
        let Some((code, behind)) = inside.split_once(close) else {
            // What is not closed is told by the engine, which knows the grammar.
            return Ok(());
        };
        if let Some(operator) = (mark != "{#").then(|| operator_in(code)).flatten() {
            let line = 1 + file.text[..offset].matches('\n').count();
            return Err(ReportError::Template(format!(
                "{}:{line}: {operator:?} in a template: templates place finished text and do not compute or compare\n\
                 \x20    {} {} {close}",
                file.path,
                mark,
                code.trim()
            )));
        }
        rest = behind;
    }
    Ok(())
}

/// The first operator of a tag, its quoted texts and marks for blanks left out.
fn operator_in(code: &str) -> Option<String> {
    let code = without_texts(code.trim_start_matches(['-', '+']).trim_end_matches(['-', '+']));
    let words: Vec<&str> = code.split_whitespace().collect();
    let loops = words.first() == Some(&"for");
    let word = words.iter().enumerate().find(|(index, word)| {
        // The `in` of a loop stands behind its names.
        REFUSED_WORDS.contains(word) && !(loops && **word == "in" && !words[1..*index].contains(&"in"))
    });
    let symbol = REFUSED.iter().find(|symbol| code.replace("| escape", "").contains(**symbol));
    symbol.copied().or(word.map(|(_, word)| *word)).map(str::to_owned)
}

fn without_texts(code: &str) -> String {
    let mut kept = String::new();
    let mut quote = None;
    for character in code.chars() {
        match (quote, character) {
            (None, '"' | '\'') => quote = Some(character),
            (None, other) => kept.push(other),
            (Some(open), other) if open == other => quote = None,
            (Some(_), _) => {}
        }
    }
    kept
}
