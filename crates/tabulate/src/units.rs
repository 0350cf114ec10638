//! The general road: values unit by unit, in the canonical order of stratum, PSU and unit.

use std::collections::BTreeMap;

use arrow::array::BooleanArray;
use codebook::BaseId;
use estimate::{DesignTable, Domain, UnitValue, UnitValues, Wide};

use crate::TabulateError;
use crate::aggregate::Measured;
use crate::assemble::stratum_weight;
use crate::engine::{Decimals, Outcome};
use crate::margins::{groups, spot};
use crate::plan::{Setting, UnitsStatement};

/// The answers that the statement of units gave.
pub(crate) struct Units {
    /// Sorted, with the number of the unit as the last part of the order.
    places: Vec<Place>,
    /// Who is in each base that does not hold everyone, by row of the result.
    bases: BTreeMap<BaseId, BooleanArray>,
    /// Who is in each group, by row of the result.
    groups: BTreeMap<Domain, Vec<bool>>,
    /// The values of each measured item, by row of the result.
    values: BTreeMap<Measured, Decimals>,
    /// What the values of ratios are divided by.
    divisors: BTreeMap<Measured, Decimals>,
}

/// One answer's place in the design.
#[derive(Debug, Clone, Copy)]
struct Place {
    stratum: usize,
    psu: usize,
    unit: i64,
    weight: Wide,
    /// Its row in the result.
    row: usize,
}

impl Units {
    pub(crate) fn read(
        statement: &UnitsStatement,
        outcome: &Outcome,
        design: &DesignTable,
        setting: &Setting<'_>,
    ) -> Result<Self, TabulateError> {
        let mut columns = 0..;
        let mut next = || columns.next().expect("numbers do not end");
        let strata = outcome.integers(next())?;
        let psus = if setting.clusters { Some(outcome.integers(next())?) } else { None };
        let units = outcome.integers(next())?;
        let weights = if setting.supplied_weights { Some(outcome.decimals(next())?) } else { None };
        let mut places = Vec::with_capacity(outcome.rows());
        for row in 0..outcome.rows() {
            let unit = units.value(row);
            // Where units are PSUs, the unit's number is its PSU's.
            let spot = spot(strata.value(row), psus.as_ref().map_or(unit, |psus| psus.value(row)), design)?;
            let before = match &weights {
                Some(weights) => weights.at(row).unwrap_or(Wide::ZERO),
                None => stratum_weight(design, spot.stratum),
            };
            // An answer with weight 0 was not there when weights were calibrated, and counts nowhere.
            let weight = match &design.calibration {
                Some(calibration) if !before.is_zero() => calibration.weight(number_of(unit)),
                Some(_) | None => before,
            };
            places.push(Place { stratum: spot.stratum, psu: spot.psu, unit, weight, row });
        }
        // The statement orders by the numbers of the file; a collapsed stratum goes to its neighbour's.
        places.sort_by_key(|place| (place.stratum, place.psu, place.unit));
        let mut read = Self {
            places,
            bases: BTreeMap::new(),
            groups: BTreeMap::new(),
            values: BTreeMap::new(),
            divisors: BTreeMap::new(),
        };
        for breakdown in &statement.breakdowns {
            read.groups.extend(groups(breakdown, outcome, next(), &setting.country.codebook)?);
        }
        for base in &statement.bases {
            read.bases.insert(base.clone(), outcome.booleans(next())?);
        }
        for measured in &statement.values {
            read.values.insert(measured.clone(), outcome.decimals(next())?);
        }
        for measured in statement.values.iter().filter(|measured| measured.over.is_some()) {
            read.divisors.insert(measured.clone(), outcome.decimals(next())?);
        }
        Ok(read)
    }

    /// The units whose item is not missing. To a ratio only those belong that have something of either number: the others add
    /// nothing to it, so it is not of them.
    ///
    /// # Panics
    /// When the plan did not ask for the item: a bug.
    pub(crate) fn of(&self, measured: &Measured) -> MeasuredUnits<'_> {
        let base = self.bases.get(&measured.base);
        let values = self.values.get(measured).expect("the plan asks for every item that is read");
        let divisors = self.divisors.get(measured);
        let value = |place: &Place| {
            let inside = base.is_none_or(|base| base.value(place.row));
            let y = values.at(place.row).filter(|_| inside)?;
            let x = match divisors {
                None => Wide::ONE,
                Some(divisors) => divisors.at(place.row).filter(|x| !(x.is_zero() && y.is_zero()))?,
            };
            let unit = number_of(place.unit);
            let value = UnitValue { stratum: place.stratum, psu: place.psu, unit, w: place.weight, x, y };
            Some((value, place.row))
        };
        let (values, rows): (Vec<UnitValue>, Vec<usize>) = self.places.iter().filter_map(value).unzip();
        MeasuredUnits { values: values.into(), rows, groups: &self.groups }
    }
}

/// The units that have a value of one item.
pub(crate) struct MeasuredUnits<'u> {
    values: UnitValues,
    /// The row of the result of each.
    rows: Vec<usize>,
    groups: &'u BTreeMap<Domain, Vec<bool>>,
}

impl MeasuredUnits<'_> {
    /// Those of a domain.
    ///
    /// # Panics
    /// When the plan did not ask for the domain: a bug.
    pub(crate) fn in_domain(&self, domain: &Domain) -> UnitValues {
        match domain {
            Domain::Total => self.values.clone(),
            Domain::Group { .. } => {
                let group = self.groups.get(domain).expect("the plan asks for every domain that is read");
                let rows = self.rows.iter().enumerate();
                self.values.members(rows.filter(|(_, row)| group[**row]).map(|(place, _)| place))
            }
        }
    }
}

/// The number of a unit within the wave.
fn number_of(unit: i64) -> usize {
    usize::try_from(unit).expect("units are numbered from 0")
}
