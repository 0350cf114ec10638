//! From margins and units to the sums that `estimate` wants, table by table.

use codebook::{Code, Codebook, TableSpec, Variable};
use estimate::{DesignTable, Domain, PsuCell, RowSums, StratumCell, Sums, TableSums, Wide};

use crate::aggregate::{Measured, Term};
use crate::margins::{Margins, Series, Spot};
use crate::plan::Road;
use crate::units::Units;

/// What was summed, and the design it belongs to.
pub(crate) struct Material<'a> {
    pub(crate) margins: &'a Margins,
    /// There if a row takes the road of units.
    pub(crate) units: Option<&'a Units>,
    pub(crate) design: &'a DesignTable,
    /// Whether units carry their own weights, rather than the weight of their stratum.
    pub(crate) supplied_weights: bool,
}

impl Material<'_> {
    /// The sums of one table. `rows` are what its rows measure, and their roads.
    pub(crate) fn table(&self, table: &TableSpec, rows: &[(Measured, Road)], codebook: &Codebook) -> TableSums {
        let domains = domains(table, codebook);
        let row_sums = |(row, (measured, road)): (&codebook::Row, &(Measured, Road))| RowSums {
            row: row.id.clone(),
            domains: self.row(measured, *road, &domains),
        };
        let rows = table.rows.iter().zip(rows).map(row_sums).collect();
        TableSums { table: table.id.clone(), rows, domains }
    }

    /// The sums of one row in each of these domains.
    fn row(&self, measured: &Measured, road: Road, domains: &[Domain]) -> Vec<Sums> {
        let domains = domains.iter();
        match road {
            Road::Strata => domains.map(|domain| Sums::ByStratum(self.by_stratum(measured, domain))).collect(),
            Road::Psus => domains.map(|domain| Sums::ByPsu(self.by_psu(measured, domain))).collect(),
            Road::Units => {
                let units = self.units.expect("the plan reads units if a row takes their road").of(measured);
                domains.map(|domain| Sums::ByUnit(units.in_domain(domain))).collect()
            }
        }
    }

    fn by_stratum(&self, measured: &Measured, domain: &Domain) -> Vec<StratumCell> {
        let sum = |term| self.weighted(measured, term, domain);
        let (w, wy, wyy) = (sum(Term::W), sum(Term::Wy), sum(Term::Wyy));
        let (ww, wwy, wwyy) = (sum(Term::Ww), sum(Term::Wwy), sum(Term::Wwyy));
        let cell = |(spot, n, positive): (Spot, u64, u64)| StratumCell {
            stratum: spot.stratum,
            n,
            positive,
            wx: w.at(spot),
            wy: wy.at(spot),
            wyy: wyy.at(spot),
            wwxx: ww.at(spot),
            wwxy: wwy.at(spot),
            wwyy: wwyy.at(spot),
        };
        self.counts(measured, domain).into_iter().map(cell).collect()
    }

    fn by_psu(&self, measured: &Measured, domain: &Domain) -> Vec<PsuCell> {
        let sum = |term| self.weighted(measured, term, domain);
        let (w, wy, wyy, ww) = (sum(Term::W), sum(Term::Wy), sum(Term::Wyy), sum(Term::Ww));
        let cell = |(spot, n, positive): (Spot, u64, u64)| PsuCell {
            stratum: spot.stratum,
            psu: spot.psu,
            n,
            positive,
            wx: w.at(spot),
            wy: wy.at(spot),
            wyy: wyy.at(spot),
            wwxx: ww.at(spot),
        };
        self.counts(measured, domain).into_iter().map(cell).collect()
    }

    /// Where the domain has units whose item is not missing: how many, and how many of them have y other than 0.
    fn counts(&self, measured: &Measured, domain: &Domain) -> Vec<(Spot, u64, u64)> {
        let (present, _) = self.margins.of(&measured.present(Term::N), domain);
        let (positive, _) = self.margins.of(&measured.positive(Term::N), domain);
        let count = |units: i128| u64::try_from(units).expect("a count of answers is not negative");
        present.iter().map(|(spot, units)| (*spot, count(*units), count(at(positive, *spot)))).collect()
    }

    fn weighted(&self, measured: &Measured, term: Term, domain: &Domain) -> Weighted<'_> {
        let (summed, power) = if self.supplied_weights { (term, 0) } else { term.without_weights() };
        let (series, scale) = self.margins.of(&measured.summed(summed), domain);
        Weighted { series, scale, power, design: self.design }
    }
}

/// A sum by spot, with the weights of the strata still to be multiplied in.
struct Weighted<'a> {
    series: &'a Series,
    scale: u8,
    /// How often the stratum's weight is a factor; 0 if the units' own weights are in the sum.
    power: usize,
    design: &'a DesignTable,
}

impl Weighted<'_> {
    fn at(&self, spot: Spot) -> Wide {
        let sum = Wide::from_decimal(at(self.series, spot), self.scale);
        (0..self.power).fold(sum, |sum, _| sum * stratum_weight(self.design, spot.stratum))
    }
}

/// The weight that a stratum's units share.
///
/// # Panics
/// When they do not: a bug, since it is only asked where all strata have one.
pub(crate) fn stratum_weight(design: &DesignTable, stratum: usize) -> Wide {
    design.strata[stratum].weight.expect("units carry no weights, so their strata do")
}

/// The sum at a spot; sums that are 0 are not in the series.
fn at(series: &Series, spot: Spot) -> i128 {
    series.binary_search_by_key(&spot, |(spot, _)| *spot).map_or(0, |index| series[index].1)
}

/// The total, then the categories of each breakdown in codebook order, also those that nobody has.
fn domains(table: &TableSpec, codebook: &Codebook) -> Vec<Domain> {
    let codes = |variable: &Variable| -> Vec<Code> {
        variable.categories().iter().map(|category| category.code.clone()).collect()
    };
    let groups = table.breakdowns.iter().flat_map(|breakdown| {
        let codes = codebook.variable(breakdown).map(codes).unwrap_or_default();
        codes.into_iter().map(|code| Domain::Group { breakdown: breakdown.clone(), code })
    });
    std::iter::once(Domain::Total).chain(groups).collect()
}
