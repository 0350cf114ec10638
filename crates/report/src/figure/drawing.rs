//! A figure's chart, with all its words.

use codebook::{Chart, ChartKind, Figure, Measure, TableSpec};
use disclose::{Cell, Figures, WaveCell};

use super::lines::{Line, LineGroup};
use super::table::{FLAG, PRINTED, absence, reason, symbol};
use crate::chart::{
    Axis, Bar, Bars, Diverging, Drawing, End, Fill, Form, Group, Opposed, Plot, Reach, Reading, Side, Single, Stack,
    Stacked, Tick,
};
use crate::language::{Number, Word};
use crate::page::Scene;

impl Scene<'_> {
    /// The drawing of some lines; its description and its readings are those of the figure.
    pub(super) fn drawing(
        &self,
        figure: &Figure,
        spec: &TableSpec,
        groups: &[LineGroup],
        [description, readings]: [String; 2],
    ) -> Drawing {
        let plot = match figure.kind {
            ChartKind::Bar | ChartKind::GroupedBar => Plot::Bar(self.bars(spec, groups)),
            ChartKind::Dot => Plot::Dot(self.bars(spec, groups)),
            ChartKind::Diverging => Plot::Diverging(self.diverging(spec, groups)),
            ChartKind::Stacked => Plot::Stacked(self.stacked(spec, groups)),
            ChartKind::Single => Plot::Single(self.single(spec, groups)),
            ChartKind::Columns => self.plot_over_waves(figure, spec, groups, Form::Columns),
            ChartKind::Slope | ChartKind::Line => self.plot_over_waves(figure, spec, groups, Form::Lines),
        };
        Drawing {
            id: figure.id.as_str().to_owned(),
            title: self.chart_title(figure, spec),
            description,
            readings,
            mark: self.mark(),
            plot,
        }
    }

    fn bars(&self, spec: &TableSpec, groups: &[LineGroup]) -> Bars {
        let bar = |line: &Line| Bar { label: line.label.clone(), fill: line.fill, reading: self.reading(spec, line) };
        let group =
            |group: &LineGroup| Group { heading: group.heading.clone(), bars: group.lines.iter().map(bar).collect() };
        let groups: Vec<Group> = groups.iter().map(group).collect();
        let reaches: Vec<Reach> =
            groups.iter().flat_map(|group| group.bars.iter().filter_map(|bar| bar.reading.reach())).collect();
        let axis = Axis::over(&reaches, spec.decimals, end(spec));
        Bars { unit: self.unit(spec), limits: self.interval_column(), groups, axis, ticks: self.ticks(axis) }
    }

    fn stacked(&self, spec: &TableSpec, groups: &[LineGroup]) -> Stacked {
        let answers = groups.first().map_or(&[][..], |group| &group.lines);
        let stack = |group: &LineGroup| Stack {
            label: group.heading.clone(),
            is_total: group.is_total,
            readings: group.lines.iter().map(|line| self.reading(spec, line)).collect(),
        };
        Stacked {
            unit: self.unit(spec),
            answers: answers.iter().map(|line| (line.fill, line.label.clone())).collect(),
            bars: groups.iter().map(stack).collect(),
            decimals: spec.decimals,
        }
    }

    fn diverging(&self, spec: &TableSpec, groups: &[LineGroup]) -> Diverging {
        let answers = |side: usize| -> Vec<(Fill, String)> {
            let sides = groups.first().and_then(|group| sides(&group.lines));
            let parts = sides.map_or(&[][..], |sides| sides[side].1);
            parts.iter().map(|line| (line.fill, line.label.clone())).collect()
        };
        let opposed = |group: &LineGroup| {
            let side = |(total, parts): (&Line, &[Line])| Side {
                total: self.reading(spec, total),
                parts: parts.iter().map(|line| self.reading(spec, line)).collect(),
            };
            let [left, right] = sides(&group.lines)?.map(side);
            Some(Opposed { label: group.heading.clone(), left, right })
        };
        let bars: Vec<Opposed> = groups.iter().filter_map(opposed).collect();
        let axis = Axis::from_the_middle(&bars, spec.decimals);
        let away = |number: Number| Number { units: number.units.abs(), ..number };
        let words = |number: Number| self.told(spec.measure, in_brief(away(number)));
        Diverging {
            left: answers(0),
            right: answers(1),
            bars,
            axis,
            ticks: axis.marks().into_iter().map(|number| Tick { number, words: words(number) }).collect(),
        }
    }

    fn single(&self, spec: &TableSpec, groups: &[LineGroup]) -> Single {
        let line = groups.iter().flat_map(|group| &group.lines).next();
        let line = line.expect("a table that is not withheld has the total of each row");
        let limits = line.cell.figures();
        Single {
            label: line.label.clone(),
            reading: self.reading(spec, line),
            limits: limits.map_or_else(String::new, |it| self.interval_short(it.low().into(), it.high().into())),
            decimals: spec.decimals,
        }
    }

    /// What the numbers of a table are.
    pub(super) fn unit(&self, spec: &TableSpec) -> String {
        let words = spec.scale.as_ref().map(|scale| scale.unit.get(self.pack.language()));
        words.unwrap_or_else(|| self.pack.text(unit(spec.measure))).to_owned()
    }

    pub(super) fn ticks(&self, axis: Axis) -> Vec<Tick> {
        axis.marks().into_iter().map(|number| Tick { number, words: self.pack.number(in_brief(number)) }).collect()
    }

    pub(super) fn chart_title(&self, figure: &Figure, spec: &TableSpec) -> String {
        let language = self.pack.language();
        let title = spec.title.get(language);
        if let Chart::Against { table, .. } = &figure.chart {
            let other = self.edition.country.table(table);
            return other.map_or_else(|| title.to_owned(), |it| format!("{title} · {}", it.title.get(language)));
        }
        let Some(breakdown) = figure.chart.breakdown() else { return title.to_owned() };
        let variable = self.edition.country.codebook.variable(breakdown);
        let breakdown = variable.map_or(breakdown.as_str(), |it| it.label.get(language));
        self.pack.fill(Word::ChartTitleBy, &[("title", title), ("breakdown", breakdown)])
    }

    pub(super) fn reading(&self, spec: &TableSpec, line: &Line) -> Reading {
        let shown = |figures: &Figures, flag: &str| {
            let [estimate, low, high] = [figures.estimate(), figures.low(), figures.high()].map(Number::from);
            Reading::Shown {
                reach: Reach { estimate, low, high },
                value: self.told(spec.measure, estimate) + flag,
                bare: self.pack.number(estimate) + flag,
                limits: self.interval(figures),
            }
        };
        match &line.cell {
            WaveCell::Counted(Cell::Shown(figures)) => shown(figures, ""),
            WaveCell::Counted(Cell::Flagged(figures, _)) => shown(figures, FLAG),
            WaveCell::Printed(printed, _) => {
                let estimate = Number::from(*printed);
                Reading::Shown {
                    reach: Reach { estimate, low: estimate, high: estimate },
                    value: self.told(spec.measure, estimate) + PRINTED,
                    bare: self.pack.number(estimate) + PRINTED,
                    limits: String::new(),
                }
            }
            WaveCell::Absent => {
                let (symbol, reason) = absence(line);
                Reading::Absent { symbol: symbol.to_owned(), reason: self.pack.text(reason).to_owned() }
            }
            WaveCell::Counted(Cell::Hidden(hidden)) => Reading::Absent {
                symbol: symbol(*hidden).to_owned(),
                reason: self.pack.text(reason(*hidden)).to_owned(),
            },
        }
    }
}

/// The total of each side of a bar and its parts; a side that is not divided is its own part.
fn sides(lines: &[Line]) -> Option<[(&Line, &[Line]); 2]> {
    if let [left, right] = lines {
        return Some([(left, std::slice::from_ref(left)), (right, std::slice::from_ref(right))]);
    }
    let right = lines.iter().rposition(|line| line.fill == Fill::Total)?;
    let (left, right) = lines.split_at(right);
    let ([left_total, left @ ..], [right_total, right @ ..]) = (left, right) else { return None };
    Some([(left_total, left), (right_total, right)])
}

/// A mark of a scale, without decimals that say nothing.
fn in_brief(mark: Number) -> Number {
    let mut mark = mark;
    while mark.decimals > 0 && mark.units % 10 == 0 {
        mark = Number { units: mark.units / 10, decimals: mark.decimals - 1 };
    }
    mark
}

/// Where the scale of a table's numbers may end.
pub(super) fn end(spec: &TableSpec) -> End {
    match spec.scale.as_ref().and_then(|scale| scale.highest) {
        Some(highest) => End::At(highest),
        None if spec.measure == Measure::Share => End::AtMost(100),
        None => End::Open,
    }
}

/// What the numbers of a measure are.
fn unit(measure: Measure) -> Word {
    match measure {
        Measure::Share => Word::AxisShare,
        Measure::Mean => Word::AxisMean,
        Measure::Total => Word::AxisTotal,
        Measure::Ratio => Word::AxisRatio,
        median if median.is_median() => Word::AxisMedian,
        Measure::Quantile { .. } => Word::AxisQuantile,
    }
}
