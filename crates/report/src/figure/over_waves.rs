//! Figures over several waves: which cells they show, and what joins them.

use codebook::{Chart, Figure, Joint, Row, TableSpec, VariableName, WaveId};
use disclose::WaveCell;
use estimate::Domain;

use super::drawing::end;
use super::lines::{Line, LineGroup};
use crate::chart::{Axis, Fill, Form, Link, Plot, Point, Reach, Reading, Series, Waves};
use crate::page::Scene;

/// The mark of a wave outside of the official series.
pub(super) const OUTSIDE: &str = "*";

/// A figure over waves, taken apart.
pub(super) struct OverWaves<'f> {
    pub(super) rows: Vec<&'f Row>,
    pub(super) breakdown: Option<&'f VariableName>,
    pub(super) waves: &'f [WaveId],
}

impl<'f> OverWaves<'f> {
    pub(super) fn of(figure: &'f Figure, spec: &'f TableSpec) -> Option<Self> {
        let Chart::OverWaves { row, breakdown, waves } = &figure.chart else { return None };
        let rows = spec.rows.iter().filter(|known| row.as_ref().is_none_or(|row| known.id == *row)).collect();
        Some(Self { rows, breakdown: breakdown.as_ref(), waves })
    }
}

impl Scene<'_> {
    /// A group for each row or each group of the base, a line in it for each wave.
    pub(super) fn lines_over_waves(&self, figure: &Figure, spec: &TableSpec) -> Vec<LineGroup> {
        let Some(over) = OverWaves::of(figure, spec) else { return Vec::new() };
        let line = |row: &Row, domain: &Domain, wave: WaveId| Line {
            label: self.wave_label(wave),
            fill: Fill::Plain,
            cell: self.edition.published.in_wave(wave, &spec.id, &row.id, domain),
            is_asked: self.edition.country.asks((spec, row), over.breakdown, wave),
            // What is corrected is the edition's own wave.
            is_revised: wave == self.edition.published.wave() && self.is_revised(spec, &row.id, domain),
        };
        let group = |heading: String, row: &Row, domain: &Domain| LineGroup {
            heading,
            is_total: false,
            lines: over.waves.iter().map(|wave| line(row, domain, *wave)).collect(),
        };
        let language = self.pack.language();
        match (over.breakdown, over.rows.as_slice()) {
            (Some(breakdown), [row, ..]) => {
                let variable = self.edition.country.codebook.variable(breakdown);
                let categories = variable.map_or(&[][..], |variable| variable.categories());
                let of = |category: &codebook::Category| {
                    let domain = Domain::Group { breakdown: breakdown.clone(), code: category.code.clone() };
                    group(category.label.get(language).to_owned(), row, &domain)
                };
                categories.iter().map(of).collect()
            }
            (None, [row]) => vec![group(String::new(), row, &Domain::Total)],
            (_, rows) => {
                rows.iter().map(|row| group(row.label.get(language).to_owned(), row, &Domain::Total)).collect()
            }
        }
    }

    fn is_outside(&self, wave: WaveId) -> bool {
        self.edition.country.series.outside.iter().any(|(outside, _)| *outside == wave)
    }

    /// A wave as its year, marked where it is outside of the official series.
    fn wave_label(&self, wave: WaveId) -> String {
        if self.is_outside(wave) { format!("{wave}{OUTSIDE}") } else { wave.to_string() }
    }

    /// The places of the waves that are drawn: those that asked for something of what the figure shows.
    pub(super) fn drawn_waves(&self, spec: &TableSpec, over: &OverWaves<'_>) -> Vec<usize> {
        let country = self.edition.country;
        let is_asked = |wave: WaveId| over.rows.iter().any(|row| country.asks((spec, row), over.breakdown, wave));
        let asked: Vec<usize> = (0..over.waves.len()).filter(|at| is_asked(over.waves[*at])).collect();
        if asked.is_empty() { (0..over.waves.len()).collect() } else { asked }
    }

    pub(super) fn plot_over_waves(&self, figure: &Figure, spec: &TableSpec, groups: &[LineGroup], form: Form) -> Plot {
        let over = OverWaves::of(figure, spec).expect("reading a country gives these kinds of charts waves");
        let drawn = self.drawn_waves(spec, &over);
        let row_of = |index: usize| if over.breakdown.is_some() { over.rows.first() } else { over.rows.get(index) };
        let point = |index: usize, group: &LineGroup, place: usize| {
            let (line, wave) = (&group.lines[drawn[place]], over.waves[drawn[place]]);
            let before = place.checked_sub(1).map(|before| over.waves[drawn[before]]);
            let link = |row: &&Row| before.map_or(Link::Apart, |before| self.link(spec, row, &over, [before, wave]));
            let is_absent = matches!(line.cell, WaveCell::Absent) && !line.is_asked;
            Point {
                reading: (!is_absent).then(|| self.reading(spec, line)),
                link: row_of(index).map_or(Link::Apart, link),
            }
        };
        let series = groups.iter().enumerate().map(|(index, group)| Series {
            label: if group.heading.is_empty() { self.only_label(spec, &over) } else { group.heading.clone() },
            points: (0..drawn.len()).map(|place| point(index, group, place)).collect(),
        });
        let series: Vec<Series> = series.collect();
        let readings = series.iter().flat_map(|series| series.points.iter().filter_map(|point| point.reading.as_ref()));
        let reaches: Vec<Reach> = readings.filter_map(Reading::reach).collect();
        let axis = Axis::up(&reaches, spec.decimals, end(spec));
        let waves: Vec<WaveId> = drawn.iter().map(|at| over.waves[*at]).collect();
        let plot = Waves {
            unit: self.unit(spec),
            waves: waves.iter().map(|wave| self.wave_label(*wave)).collect(),
            years: waves.iter().map(|wave| i64::from(wave.year())).collect(),
            series,
            notes: Vec::new(),
            axis,
            ticks: self.ticks(axis),
            outside: (0..waves.len()).filter(|at| self.is_outside(waves[*at])).collect(),
        };
        Plot::Waves(plot, form)
    }

    fn only_label(&self, spec: &TableSpec, over: &OverWaves<'_>) -> String {
        let language = self.pack.language();
        match (spec.rows.as_slice(), over.rows.first()) {
            ([_, _, ..], Some(row)) => row.label.get(language).to_owned(),
            _ => String::new(),
        }
    }

    /// How a wave follows the one that is drawn before it.
    fn link(&self, spec: &TableSpec, row: &Row, over: &OverWaves<'_>, [before, wave]: [WaveId; 2]) -> Link {
        match self.edition.country.joint_of((spec, row), over.breakdown, before, wave) {
            Joint::Joined => Link::Comparable,
            Joint::Broken(_) => Link::Broken,
            Joint::Outside(_) | Joint::Absent => Link::Apart,
        }
    }
}
