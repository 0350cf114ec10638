//! What readers would be told is unknown: it may be published, since it is better told than left out, but not unawares.

use codebook::{Country, Finding, Place, SourceFile, Survey, Wave};

/// Where a draft says that somebody has to fill in something.
pub(crate) const TO_FILL_IN: &str = "unknown:";

/// Every line of these files in which a draft waits for somebody: file, number of the line, and the line.
pub(crate) fn lines_to_fill_in(files: &[SourceFile]) -> impl Iterator<Item = (&SourceFile, usize, &str)> {
    let texts = files.iter().filter(|file| file.path.ends_with(".toml") || file.path.ends_with(".md"));
    let lines = texts.flat_map(|file| file.text.lines().enumerate().map(move |(index, line)| (file, index + 1, line)));
    lines.filter(|(.., line)| line.contains(TO_FILL_IN)).map(|(file, line, text)| (file, line, text.trim()))
}

/// The points of `[survey]` of which the wave says that nobody knows them, by their keys.
pub(crate) fn unknown_points(survey: &Survey) -> Vec<&'static str> {
    let points = [
        ("unit", &survey.unit),
        ("population", &survey.population),
        ("speaks_for", &survey.speaks_for),
        ("weights", &survey.weights),
    ];
    points.into_iter().filter(|(_, text)| Survey::is_unknown(text)).map(|(point, _)| point).collect()
}

/// What an edition of the wave would tell its readers that nobody knows: a warning for each kind, however often it stands there.
pub(crate) fn unfinished(folder: &str, country: &Country, wave: &Wave, files: &[SourceFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(survey) = &wave.survey {
        let points = unknown_points(survey);
        if !points.is_empty() {
            let message = format!("readers are told that this is unknown: {}", points.join(", "));
            let finding = Finding::warning(survey.place.clone(), "unknown", message);
            findings.push(finding.hint("the method page says so; whoever learns it tells it here"));
        }
    }
    if country.title.iter().any(|(_, words)| words == codebook::UNKNOWN) {
        let place = Place::File { file: format!("{folder}/country.toml") };
        findings.push(Finding::warning(place, "unknown", "readers see the title \"unknown\""));
    }
    let of_wave = |path: &str| {
        let below = path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/');
        let other = |kind: &str| {
            let rest = below.strip_prefix(kind);
            rest.is_some_and(|rest| !rest.starts_with(&wave.id.to_string()))
        };
        !other("waves/") && !other("report/") && !below.starts_with("twin/")
    };
    let mut lines = lines_to_fill_in(files).filter(|(file, ..)| of_wave(&file.path));
    if let Some((file, line, text)) = lines.next() {
        let place = Place::Text { file: file.path.clone(), line: u32::try_from(line).unwrap_or(u32::MAX), column: 1 };
        let more = match lines.count() {
            0 => String::new(),
            1 => ", and one more".to_owned(),
            more => format!(", and {more} more"),
        };
        let message = format!("readers would see what nobody has filled in: {text}{more}");
        findings.push(Finding::warning(place, "unknown", message).hint("barometer check lists all of them"));
    }
    findings
}
