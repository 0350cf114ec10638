//! `[design]` of a wave: strata, PSUs, weights. What weights are calibrated to is read beside it.

use super::calibration::{calibration, trim};
use super::codebook::{Questionnaire, find_code};
use super::replicates::replicates;
use super::tables::category;
use super::toml::{Text, Value};
use crate::expression::types::Meaning;
use crate::{
    Code, Design, Finding, FrameFile, Kind, Language, LonelyPsu, Place, Population, VariableName, WeightRecipe, Written,
};

/// What the wave tells about the population, and how its answers are written, which holds for other files, too.
pub(super) struct Files<'w> {
    pub(super) answers: Option<&'w Written>,
    pub(super) frame: Option<&'w FrameFile>,
    /// Where `[frame]` stands, be it with findings.
    pub(super) frame_place: Option<Place>,
    /// The country's languages.
    pub(super) languages: &'w [Language],
}

impl<'w> Files<'w> {
    /// `told` is `[frame]`, be it with findings.
    pub(super) fn new(
        answers: Option<&'w Written>,
        frame: Option<&'w FrameFile>,
        told: Option<Value<'_>>,
        languages: &'w [Language],
    ) -> Self {
        Self { answers, frame, frame_place: told.map(|it| it.place()), languages }
    }
}

pub(super) fn design(
    value: Value<'_>,
    files: &Files<'_>,
    questionnaire: &Questionnaire,
    findings: &mut Vec<Finding>,
) -> Option<Design> {
    let mut entries = value.entries(findings)?;
    let place = entries.place().clone();
    let mut reader = Reader { files, questionnaire, findings };
    let strata_value = entries.optional("strata");
    let strata = strata_value.map_or(Some(Vec::new()), |value| reader.strata(value));
    let psu = entries.optional("psu").map(|value| reader.psu(value)).unwrap_or_default();
    let populations = entries.optional("population").map(|value| reader.populations(value, psu.len()));
    let (population, later_populations) = populations.unwrap_or((None, Vec::new()));
    let weights = entries.required("weights").and_then(|value| reader.weights(value));
    let known = entries.optional("design_known").and_then(|value| Some((value, value.boolean(reader.findings)?)));
    let collapse = entries.optional("collapse").zip(strata.as_deref());
    let collapse = collapse.map(|(value, strata)| reader.collapse(value, strata)).unwrap_or_default();
    let lonely = entries.optional("lonely").and_then(|value| value.text(reader.findings));
    let lonely = lonely.map_or(LonelyPsu::Refuse, |text| reader.lonely(text));
    let weights = weights.map(|weights| reader.design_known(weights, known));
    let recipe = entries.optional("calibration");
    let recipe = recipe.and_then(|value| calibration(value, files, strata.as_deref(), questionnaire, reader.findings));
    let replicates_value = entries.optional("replicates");
    let replicates = replicates_value.and_then(|value| replicates(value, reader.findings));
    let bounds = entries.optional("trim").and_then(|value| trim(value, reader.findings));
    entries.finish(reader.findings);
    if let Some(value) = replicates_value {
        let makes_weights = recipe.is_some() || bounds.is_some();
        reader.fit_replicates(value, weights.as_ref(), makes_weights);
    }
    if let Some(strata) = &strata {
        reader.compare_with_frame(strata);
    }
    Some(Design {
        strata: strata?,
        psu,
        population: population.unwrap_or(Population::Undeclared),
        later_populations,
        weights: weights?,
        replicates,
        calibration: recipe,
        trim: bounds,
        collapse,
        lonely,
        place,
    })
}

struct Reader<'r> {
    files: &'r Files<'r>,
    questionnaire: &'r Questionnaire,
    findings: &'r mut Vec<Finding>,
}

impl Reader<'_> {
    /// The strata, unless one of them has a finding.
    fn strata(&mut self, value: Value<'_>) -> Option<Vec<VariableName>> {
        let texts = value.texts(self.findings)?;
        let mut strata = Vec::new();
        for text in &texts {
            let Some(name) = category(*text, "stratum variable", self.questionnaire, self.findings) else { continue };
            if strata.contains(&name) {
                self.findings
                    .push(text.finding("duplicate", format!("the stratum variable {:?} is listed twice", text.value)));
            } else {
                strata.push(name);
            }
        }
        (strata.len() == texts.len()).then_some(strata)
    }

    /// Clusters are identified by codes or by numbers.
    fn psu(&mut self, value: Value<'_>) -> Vec<VariableName> {
        let mut psu = Vec::new();
        for text in value.texts(self.findings).unwrap_or_default() {
            let is_number = matches!(self.questionnaire.scope.meaning(text.value), Meaning::Known(Kind::Number));
            let name = if is_number {
                VariableName::new(text.value).ok()
            } else {
                category(text, "PSU variable", self.questionnaire, self.findings)
            };
            if let Some(name) = name {
                if psu.contains(&name) {
                    let message = format!("the PSU variable {:?} is listed twice", text.value);
                    self.findings.push(text.finding("duplicate", message).hint("one variable for each stage"));
                } else {
                    psu.push(name);
                }
            }
        }
        psu
    }

    /// The population of the first stage, and the columns of the later ones: one value, or a list by stage.
    fn populations(&mut self, value: Value<'_>, clusters: usize) -> (Option<Population>, Vec<String>) {
        if !value.is_list() {
            return (self.population(value), Vec::new());
        }
        let values = value.list(self.findings).unwrap_or_default();
        // Units are a stage of their own behind the clusters.
        let stages = clusters + 1;
        if values.len() > stages {
            let message = format!("population has sizes of {} stages, but the sample has {stages}", values.len());
            let finding = value.finding("wrong-length", message);
            self.findings.push(finding.hint("psu names a variable for each stage; the stage of units is behind them"));
        }
        let mut values = values.into_iter();
        let first = values.next().and_then(|value| self.population(value));
        let later = values.filter_map(|value| self.later_population(value)).collect();
        (first, later)
    }

    /// A frame counts the strata, so what lies within a cluster is told by the answers.
    fn later_population(&mut self, value: Value<'_>) -> Option<String> {
        if value.is_table() {
            return self.column(value);
        }
        let text = value.text(self.findings)?;
        let finding = text.finding("unknown-word", format!("{:?} is no population of a later stage", text.value));
        self.findings.push(finding.hint("{ column = \"…\" }, with the size of the cluster that each unit lies in"));
        None
    }

    /// `{ column = "…" }`
    fn column(&mut self, value: Value<'_>) -> Option<String> {
        let mut entries = value.entries(self.findings)?;
        let column = entries.required("column").and_then(|value| value.filled_text(self.findings));
        entries.finish(self.findings);
        column.map(|text| text.value.to_owned())
    }

    fn population(&mut self, value: Value<'_>) -> Option<Population> {
        if value.is_table() {
            return self.column(value).map(Population::Column);
        }
        let text = value.text(self.findings)?;
        if text.value != "frame" {
            let finding = text.finding("unknown-word", format!("{:?} is no population", text.value));
            let hint = "population = \"frame\", or { column = \"…\" }, or a list of these by stage, or left out";
            self.findings.push(finding.hint(hint));
            return None;
        }
        self.need_frame(text, "the population comes from a frame");
        Some(Population::Frame)
    }

    fn weights(&mut self, value: Value<'_>) -> Option<WeightRecipe> {
        if value.is_table() {
            return self.column(value).map(|column| WeightRecipe::Supplied { column, design_known: true });
        }
        let text = value.text(self.findings)?;
        match text.value {
            "equal" => Some(WeightRecipe::Equal),
            "response" => {
                self.need_frame(text, "response weights (N_h / r_h) need a frame");
                Some(WeightRecipe::Response)
            }
            other => {
                let finding = text.finding("unknown-word", format!("{other:?} is no recipe for weights"));
                self.findings.push(finding.hint("weights = \"response\", \"equal\", or { column = \"…\" }"));
                None
            }
        }
    }

    fn need_frame(&mut self, text: Text<'_>, what: &str) {
        if self.files.frame_place.is_none() {
            let finding = text.finding("no-frame", format!("{what}, and the wave has none"));
            self.findings.push(finding.hint("add a [frame] with its file, count and strata"));
        }
    }

    fn design_known(&mut self, weights: WeightRecipe, known: Option<(Value<'_>, bool)>) -> WeightRecipe {
        match (weights, known) {
            (WeightRecipe::Supplied { column, .. }, Some((_, design_known))) => {
                WeightRecipe::Supplied { column, design_known }
            }
            (weights @ (WeightRecipe::Equal | WeightRecipe::Response), Some((value, false))) => {
                let message = "only a design behind weights from a column can be unknown";
                self.findings.push(value.finding("contradiction", message));
                weights
            }
            (weights, _) => weights,
        }
    }

    /// Replicate weights belong to the weights that were supplied with them.
    fn fit_replicates(&mut self, value: Value<'_>, weights: Option<&WeightRecipe>, makes_weights: bool) {
        match weights {
            Some(WeightRecipe::Equal | WeightRecipe::Response) => {
                let message = "replicate weights stand beside the weights of a column, and the wave makes its own";
                self.findings.push(value.finding("contradiction", message).hint("weights = { column = \"…\" }"));
            }
            Some(WeightRecipe::Supplied { .. }) if makes_weights => {
                let message =
                    "replicate weights are those of the supplied weights, which calibration or trimming changes";
                let finding = value.finding("contradiction", message);
                self.findings.push(finding.hint("leave out [design.calibration] and [design.trim], or the replicates"));
            }
            Some(WeightRecipe::Supplied { .. }) | None => {}
        }
    }

    fn lonely(&mut self, text: Text<'_>) -> LonelyPsu {
        match text.value {
            "refuse" => LonelyPsu::Refuse,
            "certainty" => LonelyPsu::Certainty,
            "centre" => LonelyPsu::Centre,
            "average" => LonelyPsu::Average,
            "collapse" => {
                let finding = text.finding("unknown-word", "strata collapse into neighbours that are named");
                self.findings.push(finding.hint("leave lonely out, and add collapse = [{ from = […], into = […] }]"));
                LonelyPsu::Refuse
            }
            other => {
                let finding = text.finding("unknown-word", format!("{other:?} is no rule for lonely PSUs"));
                self.findings.push(finding.did_you_mean(other, ["refuse", "certainty", "centre", "average"]));
                LonelyPsu::Refuse
            }
        }
    }

    fn collapse(&mut self, value: Value<'_>, strata: &[VariableName]) -> Vec<(Vec<Code>, Vec<Code>)> {
        let mut pairs: Vec<(Vec<Code>, Vec<Code>)> = Vec::new();
        for value in value.list(self.findings).unwrap_or_default() {
            let Some(mut entries) = value.entries(self.findings) else { continue };
            let from = entries.required("from").and_then(|value| self.stratum(value, strata));
            let into = entries.required("into").and_then(|value| self.stratum(value, strata));
            entries.finish(self.findings);
            let (Some(from), Some(into)) = (from, into) else { continue };
            if from == into {
                self.findings.push(value.finding("contradiction", "a stratum cannot collapse into itself"));
            } else if pairs.iter().any(|(earlier, _)| *earlier == from) {
                self.findings.push(value.finding("duplicate", "the stratum collapses twice"));
            } else if pairs.iter().any(|(earlier, target)| *earlier == into || *target == from) {
                let finding = value.finding("contradiction", "a stratum collapses into one that collapses itself");
                self.findings.push(finding.hint("name the last one of the chain in each"));
            } else {
                pairs.push((from, into));
            }
        }
        pairs
    }

    /// A stratum by the codes of the design's variables, in their order.
    fn stratum(&mut self, value: Value<'_>, strata: &[VariableName]) -> Option<Vec<Code>> {
        let texts = value.texts(self.findings)?;
        if texts.len() != strata.len() {
            let names: Vec<&str> = strata.iter().map(VariableName::as_str).collect();
            let message = format!("expected a code of each of {}, found {}", names.join(", "), texts.len());
            self.findings.push(value.finding("wrong-length", message));
            return None;
        }
        let codes: Vec<Option<Code>> = texts.iter().zip(strata).map(|(text, name)| self.code(*text, name)).collect();
        codes.into_iter().collect()
    }

    fn code(&mut self, text: Text<'_>, variable: &VariableName) -> Option<Code> {
        match self.questionnaire.scope.meaning(variable.as_str()) {
            Meaning::Known(Kind::Category { list, categories }) => find_code(text, list, categories, self.findings),
            Meaning::Known(Kind::Condition | Kind::Number | Kind::Date | Kind::Text)
            | Meaning::Unclear
            | Meaning::Unknown => None,
        }
    }

    /// The frame counts the strata of the design, no others.
    fn compare_with_frame(&mut self, strata: &[VariableName]) {
        let (Some(frame), Some(place)) = (self.files.frame, &self.files.frame_place) else { return };
        let without_column: Vec<&str> =
            strata.iter().filter(|name| !frame.strata.contains_key(*name)).map(VariableName::as_str).collect();
        let not_in_design: Vec<&str> =
            frame.strata.keys().filter(|name| !strata.contains(name)).map(VariableName::as_str).collect();
        for (names, what) in [(without_column, "lacks a column for"), (not_in_design, "has a column too many, for")] {
            if !names.is_empty() {
                let message = format!("the frame {what} {}: its strata are those of the design", names.join(", "));
                self.findings.push(Finding::error(place.clone(), "frame-strata", message));
            }
        }
    }
}
