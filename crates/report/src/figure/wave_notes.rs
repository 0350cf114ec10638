//! What readers must know of the waves that a figure shows: which they are, what was asked in other words, which stand outside of the series, where it breaks and
//! why, and how many answered in each.

use codebook::{BreakCause, BreakReason, Figure, Joint, Sameness, TableSpec, VariableName, WaveId};
use disclose::{Figures, WaveCell};
use estimate::Domain;

use super::over_waves::{OUTSIDE, OverWaves};
use crate::language::Word;
use crate::page::{Scene, sameness_word};

impl Scene<'_> {
    /// The notes, in sentences; none for a figure of one wave.
    pub(super) fn notes_over_waves(&self, figure: &Figure, spec: &TableSpec) -> Vec<String> {
        let Some(over) = OverWaves::of(figure, spec) else { return Vec::new() };
        let language = self.pack.language();
        let waves: Vec<String> = over.waves.iter().map(ToString::to_string).collect();
        let mut notes = vec![self.pack.fill(Word::WavesShown, &[("waves", &self.pack.list(&waves, Word::ListAnd))])];
        notes.extend(self.wordings_over_waves(&over, spec));
        for (wave, because) in self.edition.country.series.outside.iter().filter(|(it, _)| over.waves.contains(it)) {
            let (wave, because) = (wave.to_string(), because.get(language));
            let note = self.pack.fill(Word::OutsideSeries, &[("wave", wave.as_str()), ("because", because)]);
            notes.push(format!("{OUTSIDE} {note}"));
        }
        for pair in self.drawn_waves(spec, &over).windows(2) {
            let (before, behind) = (over.waves[pair[0]], over.waves[pair[1]]);
            for row in &over.rows {
                let joint = self.edition.country.joint_of((spec, row), over.breakdown, before, behind);
                let Joint::Broken(reasons) = joint else { continue };
                let (before, behind) = (before.to_string(), behind.to_string());
                for because in reasons.iter().map(|reason| self.broken(reason)) {
                    let values = [("before", before.as_str()), ("behind", behind.as_str()), ("because", &because)];
                    let note = self.pack.fill(Word::SeriesBreak, &values);
                    if !notes.contains(&note) {
                        notes.push(note);
                    }
                }
            }
        }
        notes
    }

    /// What broke, in which wave and how, then the reason; a break of everything is its reason.
    fn broken(&self, reason: &BreakReason) -> String {
        let because = reason.because.as_ref().map(|because| because.get(self.pack.language()).to_owned());
        let status = match reason.cause {
            BreakCause::Series => return because.unwrap_or_default(),
            BreakCause::Item(status) => status,
            BreakCause::NoLedger | BreakCause::OwnItem | BreakCause::OwnDerivation | BreakCause::OtherCore => {
                Sameness::Unknown
            }
        };
        let status = self.pack.text(sameness_word(status));
        let what = match (&reason.item, reason.wave) {
            (Some(item), Some(wave)) => {
                format!("{} ({wave}): {status}.", self.pack.quote(&self.broken_item(item, wave)))
            }
            (Some(item), None) => format!("{}: {status}.", self.pack.quote(&self.item_name(item))),
            (None, _) => format!("{status}."),
        };
        because.map_or(what.clone(), |because| format!("{what} {because}"))
    }

    /// What the ledger's line is about: a battery as a whole, or the item.
    fn broken_item(&self, item: &VariableName, wave: WaveId) -> String {
        let country = self.edition.whole;
        let battery = country.codebook.battery_of(item).filter(|battery| {
            let lines = country.ledger.as_ref().and_then(|ledger| ledger.batteries.get(&wave));
            lines.is_some_and(|lines| lines.contains_key(&battery.name))
        });
        battery.map_or_else(
            || self.item_name(item),
            |battery| battery.question.get(self.pack.language()).replace("{window}", "…"),
        )
    }

    fn item_name(&self, item: &VariableName) -> String {
        let variable = self.edition.whole.codebook.variable(item);
        variable.map_or(item.as_str(), |variable| variable.label.get(self.pack.language())).to_owned()
    }

    /// The questions that the waves of the figure put in other words, each wording with its waves.
    fn wordings_over_waves(&self, over: &OverWaves<'_>, spec: &TableSpec) -> Option<String> {
        let (country, language) = (self.edition.whole, self.pack.language());
        let mut asked: Vec<&VariableName> = Vec::new();
        for row in &over.rows {
            let variables = country.variables_of(spec, row).into_iter().chain(over.breakdown);
            for item in country.codebook.asked_behind(variables) {
                let battery = country.codebook.battery_of(item).map(|battery| &battery.name);
                asked
                    .extend(battery.into_iter().chain([item]).filter(|name| !asked.contains(name)).collect::<Vec<_>>());
            }
        }
        let mut quoted = Vec::new();
        for wordings in asked.into_iter().map(|name| country.wordings(name, over.waves)).filter(|it| it.len() > 1) {
            for (words, waves) in wordings {
                let waves: Vec<String> = waves.iter().map(ToString::to_string).collect();
                quoted.push(format!("{} ({})", self.pack.quote(words.get(language)), waves.join(", ")));
            }
        }
        let questions = format!("{}.", quoted.join(" "));
        (!quoted.is_empty()).then(|| self.pack.fill(Word::Questions, &[("questions", &questions)]))
    }

    /// How many answered in each wave of a figure, in the total of its table; none for a figure of one wave, and none of a wave that tells none.
    pub(super) fn answers_over_waves(&self, figure: &Figure, spec: &TableSpec) -> Vec<String> {
        let Some(over) = OverWaves::of(figure, spec) else { return Vec::new() };
        let published = self.edition.published;
        let n = |wave: WaveId| {
            let cells = over.rows.iter().map(|row| published.in_wave(wave, &spec.id, &row.id, &Domain::Total));
            let n = cells.filter_map(|cell| match cell {
                WaveCell::Counted(cell) => cell.figures().map(Figures::n),
                WaveCell::Printed(_, n) => n,
                WaveCell::Absent => None,
            });
            n.max()
        };
        let told = over.waves.iter().filter_map(|wave| {
            let (wave, n) = (wave.to_string(), self.pack.count(n(*wave)?));
            Some(self.pack.fill(Word::AnswersOfWave, &[("wave", wave.as_str()), ("n", n.as_str())]))
        });
        told.collect()
    }
}
