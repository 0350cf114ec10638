//! A figure's chart, with all its words.

use codebook::{Chart, Figure, Measure, TableSpec};
use disclose::{Cell, Figures};

use super::lines::Line;
use super::table::{FLAG, reason, symbol};
use crate::caption::sentence;
use crate::chart::{Axis, Bar, BarChart, BarReach, Reach, Tone};
use crate::language::{Number, Word};
use crate::narrative::Headline;
use crate::page::Scene;

impl Scene<'_> {
    pub(super) fn chart(
        &self,
        figure: &Figure,
        spec: &TableSpec,
        lines: &[Line],
        headline: &Headline,
        answers: Option<u64>,
    ) -> BarChart {
        let bars: Vec<Bar> = lines.iter().map(|line| self.bar(spec, line)).collect();
        let reaches: Vec<Reach> = bars.iter().filter_map(|bar| Some(bar.reach.as_ref()?.reach)).collect();
        let axis = Axis::over(&reaches, spec.decimals, matches!(spec.measure, Measure::Share));
        let unit = match spec.measure {
            Measure::Share => Word::AxisShare,
            Measure::Mean => Word::AxisMean,
            Measure::Total => Word::AxisTotal,
        };
        let title = self.chart_title(figure, spec);
        BarChart {
            id: figure.id.as_str().to_owned(),
            description: self.description(&title, &bars, headline, answers),
            title,
            unit: self.pack.text(unit).to_owned(),
            interval: self.interval_column(),
            bars,
            axis,
            ticks: axis.marks().into_iter().map(|mark| (mark, self.tick(mark))).collect(),
            mark: self.mark(),
        }
    }

    /// A mark of the scale, without decimals that say nothing.
    fn tick(&self, mark: Number) -> String {
        let mut mark = mark;
        while mark.decimals > 0 && mark.units % 10 == 0 {
            mark = Number { units: mark.units / 10, decimals: mark.decimals - 1 };
        }
        self.pack.number(mark)
    }

    fn chart_title(&self, figure: &Figure, spec: &TableSpec) -> String {
        let title = spec.title.get(self.pack.language());
        match &figure.chart {
            Chart::Rows => title.to_owned(),
            Chart::Groups { breakdown, .. } => {
                let variable = self.edition.country.codebook.variable(breakdown);
                let breakdown = variable.map_or(breakdown.as_str(), |it| it.label.get(self.pack.language()));
                self.pack.fill(Word::ChartTitleBy, &[("title", title), ("breakdown", breakdown)])
            }
        }
    }

    fn bar(&self, spec: &TableSpec, line: &Line) -> Bar {
        let (reach, absent) = match &line.cell {
            Cell::Shown(figures) => (Some(self.bar_reach(spec, figures, "")), String::new()),
            Cell::Flagged(figures, _) => (Some(self.bar_reach(spec, figures, FLAG)), String::new()),
            Cell::Hidden(hidden) => (None, format!("{} {}", symbol(*hidden), self.pack.text(reason(*hidden)))),
        };
        Bar { label: line.label.clone(), tone: line.tone, reach, absent }
    }

    fn bar_reach(&self, spec: &TableSpec, figures: &Figures, flag: &str) -> BarReach {
        let [estimate, low, high] = [figures.estimate(), figures.low(), figures.high()].map(Number::from);
        BarReach {
            reach: Reach { estimate, low, high },
            value: self.told(spec.measure, estimate) + flag,
            interval: self.interval(figures),
        }
    }

    /// The chart in words: what it is, its finding, its extremes, n and source.
    fn description(&self, title: &str, bars: &[Bar], headline: &Headline, answers: Option<u64>) -> String {
        let count = self.pack.count(u64::try_from(bars.len()).expect("a chart has few bars"));
        let mut sentences =
            vec![self.pack.fill(Word::ChartDescription, &[("count", &count), ("title", &sentence(title))])];
        if !headline.text.plain.is_empty() {
            sentences.push(self.pack.fill(Word::ChartFinding, &[("headline", &sentence(&headline.text.plain))]));
        }
        sentences.extend(self.extremes(bars));
        if let Some(answers) = answers {
            sentences.push(self.pack.fill(Word::ChartAnswers, &[("n", &self.pack.count(answers))]));
        }
        sentences.push(self.source());
        let mark = self.mark();
        if !mark.is_empty() {
            sentences.push(format!("{mark}."));
        }
        sentences.join(" ")
    }

    fn extremes(&self, bars: &[Bar]) -> Option<String> {
        // The total lies between its groups, so it is no extreme.
        let shown = bars.iter().filter(|bar| bar.tone != Tone::Total);
        let shown: Vec<(&Bar, &BarReach)> = shown.filter_map(|bar| Some((bar, bar.reach.as_ref()?))).collect();
        let highest = shown.iter().rev().max_by_key(|(_, reach)| reach.reach.estimate.units)?;
        let lowest = shown.iter().min_by_key(|(_, reach)| reach.reach.estimate.units)?;
        let interval = |BarReach { reach, .. }: &BarReach| self.interval_short(reach.low, reach.high);
        if shown.len() == 1 {
            let interval = interval(highest.1);
            let values = [("label", highest.0.label.as_str()), ("value", &highest.1.value), ("interval", &interval)];
            return Some(self.pack.fill(Word::ChartSingle, &values));
        }
        let values = [
            ("highest", highest.0.label.as_str()),
            ("highest_value", &highest.1.value),
            ("highest_interval", &interval(highest.1)),
            ("lowest", lowest.0.label.as_str()),
            ("lowest_value", &lowest.1.value),
            ("lowest_interval", &interval(lowest.1)),
        ];
        Some(self.pack.fill(Word::ChartExtremes, &values))
    }
}
