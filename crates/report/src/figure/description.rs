//! A chart in words, for those who do not see it.
//!
//! The description says what a glance says: what kind of chart of what, its finding, its extremes, what is not shown, n and source. The
//! readings say every number; a page has them as a table, a drawing that stands alone carries them with it.

use codebook::{ChartKind, Figure, TableSpec};
use disclose::{Cell, Figures, WaveCell};

use super::lines::{Line, LineGroup};
use super::table::{FLAG, absence, reason};
use crate::caption::sentence;
use crate::chart::Fill;
use crate::language::Word;
use crate::narrative::Headline;
use crate::page::Scene;

impl Scene<'_> {
    /// What there is to see: what it is, its finding, its extremes, what is not shown, n and source.
    pub(super) fn description(
        &self,
        figure: &Figure,
        spec: &TableSpec,
        groups: &[LineGroup],
        headline: &Headline,
        answers: Option<u64>,
    ) -> String {
        let bars = match figure.kind {
            ChartKind::Stacked | ChartKind::Diverging | ChartKind::Slope | ChartKind::Line => groups.len(),
            ChartKind::Bar | ChartKind::GroupedBar | ChartKind::Dot | ChartKind::Single | ChartKind::Columns => {
                groups.iter().map(|group| group.lines.len()).sum()
            }
        };
        let title = sentence(&self.chart_title(figure, spec));
        let mut sentences = vec![self.kind_in_words(figure.kind, bars, &title)];
        if !headline.text.plain.is_empty() {
            sentences.push(self.pack.fill(Word::ChartFinding, &[("headline", &sentence(&headline.text.plain))]));
        }
        sentences.extend(self.extremes(spec, groups));
        sentences.extend(self.hidden(groups));
        sentences.extend(self.notes_over_waves(figure, spec));
        let of_waves = self.answers_over_waves(figure, spec);
        if !of_waves.is_empty() {
            sentences.extend(of_waves);
        } else if let Some(answers) = answers {
            sentences.push(self.pack.fill_counted(Word::ChartAnswers, answers, &[]));
        }
        sentences.push(self.source());
        let mark = self.mark();
        if !mark.is_empty() {
            sentences.push(format!("{mark}."));
        }
        sentences.join(" ")
    }

    /// What kind of chart it is, with how many marks, of what.
    fn kind_in_words(&self, kind: ChartKind, marks: usize, title: &str) -> String {
        let word = match kind {
            ChartKind::Bar => Word::ChartDescription,
            ChartKind::GroupedBar => Word::ChartGrouped,
            ChartKind::Diverging => Word::ChartDiverging,
            ChartKind::Stacked => Word::ChartStacked,
            ChartKind::Dot => Word::ChartDots,
            ChartKind::Single => return self.pack.fill(Word::ChartShare, &[("title", title)]),
            ChartKind::Columns => Word::ChartColumns,
            ChartKind::Slope | ChartKind::Line => Word::ChartWaves,
        };
        let marks = u64::try_from(marks).expect("a chart has few marks");
        self.pack.fill_counted(word, marks, &[("title", title)])
    }

    /// Every number, with its limits or the reason why it is not shown.
    pub(super) fn readings(&self, spec: &TableSpec, groups: &[LineGroup]) -> String {
        let lines = groups.iter().flat_map(|group| group.lines.iter().map(move |line| (group.name(line), line)));
        let reading = |(name, line): (String, &Line)| match &line.cell {
            WaveCell::Counted(Cell::Shown(figures) | Cell::Flagged(figures, _)) => {
                let (value, interval) = self.value_and_interval(spec, &line.cell, figures);
                self.pack.fill(Word::ChartSingle, &[("label", &name), ("value", &value), ("interval", &interval)])
            }
            WaveCell::Printed(printed, _) => {
                let value = self.told(spec.measure, (*printed).into());
                format!("{name}: {value} ({}).", self.pack.text(Word::PrintedThen))
            }
            WaveCell::Absent => format!("{name}: {}.", self.pack.text(absence(line).1)),
            WaveCell::Counted(Cell::Hidden(hidden)) => format!("{name}: {}.", self.pack.text(reason(*hidden))),
        };
        lines.map(reading).collect::<Vec<_>>().join(" ")
    }

    fn value_and_interval(&self, spec: &TableSpec, cell: &WaveCell, figures: &Figures) -> (String, String) {
        let flag = if matches!(cell, WaveCell::Counted(Cell::Flagged(_, _))) { FLAG } else { "" };
        let value = self.told(spec.measure, figures.estimate().into()) + flag;
        (value, self.interval_short(figures.low().into(), figures.high().into()))
    }

    fn extremes(&self, spec: &TableSpec, groups: &[LineGroup]) -> Option<String> {
        // The total lies between its groups, so it is no extreme.
        let lines = groups.iter().filter(|group| !group.is_total || groups.len() == 1);
        let lines = lines.flat_map(|group| group.lines.iter().map(move |line| (group, line)));
        // But where sides are divided, the totals are what one sees.
        let has_sides = groups.iter().flat_map(|group| &group.lines).any(|line| matches!(line.fill, Fill::Against(_)));
        let has_totals = groups.iter().flat_map(|group| &group.lines).any(|line| line.fill == Fill::Total);
        let shown: Vec<(String, &Line, &Figures)> = lines
            .filter(|(_, line)| (line.fill == Fill::Total) == (has_sides && has_totals))
            .filter_map(|(group, line)| Some((group.name(line), line, line.cell.figures()?)))
            .collect();
        let highest = shown.iter().rev().max_by_key(|(_, _, figures)| figures.estimate().units())?;
        let lowest = shown.iter().min_by_key(|(_, _, figures)| figures.estimate().units())?;
        let words = |(_, line, figures): &(String, &Line, &Figures)| self.value_and_interval(spec, &line.cell, figures);
        let (value, interval) = words(highest);
        if shown.len() == 1 {
            let values = [("label", highest.0.as_str()), ("value", &value), ("interval", &interval)];
            return Some(self.pack.fill(Word::ChartSingle, &values));
        }
        // Printed alike, none of them is the highest; the first stands for all, with its interval.
        if highest.2.estimate() == lowest.2.estimate() {
            let (value, interval) = words(&shown[0]);
            let values = [("label", shown[0].0.as_str()), ("value", &value), ("interval", &interval)];
            let first = self.pack.fill(Word::ChartSingle, &values);
            return Some(format!("{} {first}", self.pack.fill(Word::ChartAlike, &[("value", &value)])));
        }
        let (lowest_value, lowest_interval) = words(lowest);
        let values = [
            ("highest", highest.0.as_str()),
            ("highest_value", &value),
            ("highest_interval", &interval),
            ("lowest", lowest.0.as_str()),
            ("lowest_value", &lowest_value),
            ("lowest_interval", &lowest_interval),
        ];
        Some(self.pack.fill(Word::ChartExtremes, &values))
    }

    /// What is not shown, and why.
    fn hidden(&self, groups: &[LineGroup]) -> Option<String> {
        let lines = groups.iter().flat_map(|group| group.lines.iter().map(move |line| (group.name(line), line)));
        let hidden = lines.filter_map(|(name, line)| match &line.cell {
            WaveCell::Counted(Cell::Hidden(hidden)) => Some(format!("{name} ({})", self.pack.text(reason(*hidden)))),
            WaveCell::Absent => Some(format!("{name} ({})", self.pack.text(absence(line).1))),
            WaveCell::Counted(Cell::Shown(_) | Cell::Flagged(_, _)) | WaveCell::Printed(..) => None,
        });
        let hidden: Vec<String> = hidden.collect();
        (!hidden.is_empty()).then(|| self.pack.fill(Word::ChartHidden, &[("names", &hidden.join("; "))]))
    }
}
