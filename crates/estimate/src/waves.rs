//! Differences between waves.
//!
//! Each wave has its own sample, strata and weights, so each has its own variance; what two waves have together is the covariance
//! from the PSUs that are in both samples:
//!
//!   V(later - earlier) = V(later) + V(earlier) - 2 C.
//!
//! Let e be the linearised PSU total less the mean of its stratum over all n PSUs of the sample, those outside the domain with z = 0.
//! For stratum h of the earlier wave and g of the later one, with m PSUs in both samples, of which chance alone explains k,
//!
//!   C = sum_hg (m - k) s ,   s = sum_common (e_h e_g) / (m (1 - 1/n_h - 1/n_g + m/(n_h n_g))).
//!
//! **One stratum, same population.** k = n_h n_g / N is what independent samples would share, and (m - k) S is the covariance of two
//! simple random samples of which m units are common, however they were rotated (Tam 1984). The divisor of s makes it unbiased for S:
//! e_h and e_g are deviations from means of n_h and n_g PSUs that share m. In a panel m = n_h = n_g, so the divisor is n - 1, m - k is
//! n (1 - f), and V is exactly the variance of the paired differences.
//!
//! **PSUs that change strata.** An inclusion of PSU i earlier and of j later are taken to depend on each other equally for all i other
//! than j. Then only the common PSUs carry covariance, and deviations are from the means of the whole strata, not of those who moved
//! (which would need two movers in each pair of strata). It is an approximation of the kind of Berger (2004) and of Qualité and Tillé
//! (2008), who condition on sample sizes; exact for the first case.
//!
//! **What chance explains.** k = f_h f_g M, M the number of PSUs of the population that were in h and are in g. No sample tells M. It is
//! taken as the smaller of N_h m / m_h and N_g m / m_g, where m_h and m_g are the common PSUs of the stratum whatever the other one: as if all
//! that was there still is, and moved as the common PSUs did. Where PSUs closed or opened between the waves M is smaller, so k is too large, the
//! covariance too small, and the standard error errs to the large side if answers are alike. k matters only where f is large; a stratum that is
//! sampled whole has no error and hence no covariance.
//!
//! In a clustered sample the covariance is that between totals of PSUs. What the later stages of two samples have in common is not
//! looked at on its own. A PSU that is alone in its stratum in both waves tells no covariance.

use std::collections::BTreeMap;

use crate::difference::of_difference;
use crate::linearise::{Linearised, Statistic, Totals, Values};
use crate::significance::satterthwaite;
use crate::single::without_value;
use crate::variance::{Fixed, Precision};
use crate::{DesignTable, Estimate, Interval, Method, NotEstimable, Outcome, Single, Sums, Wide};

/// How the samples of two waves hang together (statistics section 4). Every pair declares it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pairing<'a> {
    /// Drawn without regard to each other: variances add, even if units recur.
    Independent,
    /// Drawn with regard to each other, as by rotation or by permanent random numbers.
    Coordinated(&'a [CommonPsu]),
    /// The same units asked again. Estimated as a coordinated sample, since answers fail to come in either wave; but some must recur.
    Panel(&'a [CommonPsu]),
}

/// A PSU of a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SampledPsu {
    /// Index into [`DesignTable::strata`].
    pub stratum: usize,
    /// Number of the PSU within the wave.
    pub psu: usize,
}

/// A PSU in the samples of both waves, inside the domain or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommonPsu {
    /// What it is in the earlier wave.
    pub earlier: SampledPsu,
    /// What it is in the later wave.
    pub later: SampledPsu,
}

/// The PSUs of two samples that have the same key, in the order of the key. A key is what names a PSU in every wave: in a
/// workplace survey the pseudonym of the workplace.
///
/// # Panics
/// When a key names two PSUs of one wave: a bug, since ingest refuses it.
#[must_use]
pub fn common_psus<K: Ord>(earlier: &[(K, SampledPsu)], later: &[(K, SampledPsu)]) -> Vec<CommonPsu> {
    let [earlier, later] = [earlier, later].map(|wave| {
        let by_key: BTreeMap<&K, SampledPsu> = wave.iter().map(|(key, psu)| (key, *psu)).collect();
        assert_eq!(by_key.len(), wave.len(), "a key names one PSU of a wave");
        by_key
    });
    let in_both = earlier.into_iter().filter_map(|(key, earlier)| later.get(key).map(|later| (earlier, *later)));
    in_both.map(|(earlier, later)| CommonPsu { earlier, later }).collect()
}

/// The sums of one domain in one wave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WaveSums<'a> {
    /// By PSU or by unit; by stratum only for independent waves.
    pub sums: &'a Sums,
    /// The design of the wave.
    pub design: &'a DesignTable,
}

/// Why waves that are not independent cannot be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotPaired {
    /// A panel in which no PSU recurs: the keys of the waves do not match.
    NoCommonPsus,
    /// Sums by stratum do not tell who is who.
    SumsByStratum,
    /// Replicates of one wave are not those of another.
    Replicates,
}

impl Single {
    /// The change of a statistic from one wave to the next, with a t interval. `n` and `positive` are those of both waves together.
    ///
    /// Degrees of freedom: those of Satterthwaite (1946) for independent waves; otherwise the fewer of the two waves'.
    ///
    /// # Errors
    /// When the pairing asks for a covariance that there are no data for.
    ///
    /// # Panics
    /// When a common PSU lies in a stratum that its design does not have: a bug.
    pub fn change(
        self,
        earlier: WaveSums<'_>,
        later: WaveSums<'_>,
        pairing: Pairing<'_>,
        method: Method,
    ) -> Result<Outcome, NotPaired> {
        let [before, after] = [earlier, later].map(|wave| Statistic::new(self.measure(), wave.sums, wave.design));
        let n = Totals::of(earlier.sums).n + Totals::of(later.sums).n;
        let (before, after) = match (before, after) {
            (Some(before), Some(after)) => (before, after),
            (None, _) => return Ok(Outcome::NotEstimable { reason: without_value(earlier.sums), n }),
            (_, None) => return Ok(Outcome::NotEstimable { reason: without_value(later.sums), n }),
        };
        let covariance = pairing.covariance((&before.values, earlier.design), (&after.values, later.design))?;
        let precisions = [(&before, earlier), (&after, later)]
            .map(|(statistic, wave)| Precision::new(&statistic.values, Fixed::No, wave.design, method.degrees));
        let totals = after.totals.with(&before.totals);
        let precision = pairing.precision(precisions, covariance);
        Ok(of_difference(after.value - before.value, precision, &totals, method))
    }

    /// The covariance of a statistic between two waves, for [`WaveErrors::Correlated`](crate::WaveErrors::Correlated); 0 for independent
    /// ones, and where nobody is in the domain in one of them.
    ///
    /// # Errors
    /// As [`change`](Self::change).
    ///
    /// # Panics
    /// As [`change`](Self::change).
    pub fn covariance(
        self,
        earlier: WaveSums<'_>,
        later: WaveSums<'_>,
        pairing: Pairing<'_>,
    ) -> Result<f64, NotPaired> {
        let [before, after] = [earlier, later].map(|wave| Statistic::new(self.measure(), wave.sums, wave.design));
        let (Some(before), Some(after)) = (before, after) else { return Ok(0.0) };
        let covariance = pairing.covariance((&before.values, earlier.design), (&after.values, later.design))?;
        Ok(covariance.to_f64())
    }
}

/// The change from one estimate to that of a later wave whose sample was drawn without regard to the first, from the estimates alone: the variances
/// add up, with the degrees of freedom of Satterthwaite (1946). The same as [`Single::change`] of [`Pairing::Independent`].
///
/// An estimate without error, as of a census, adds none. One whose sample merely shows none tells no change.
#[must_use]
pub fn change_of_independent(earlier: &Estimate, later: &Estimate, level: f64) -> Outcome {
    let n = earlier.n + later.n;
    let value = later.value - earlier.value;
    let positive = earlier.positive + later.positive;
    let is_exact = |estimate: &Estimate| estimate.se <= 0.0 && estimate.low >= estimate.high;
    if [earlier, later].into_iter().any(|it| it.se <= 0.0 && !is_exact(it)) {
        return Outcome::NotEstimable { reason: NotEstimable::NoVariance, n };
    }
    let variances = [earlier, later].map(|it| it.se * it.se);
    let sum = variances[0] + variances[1];
    if sum <= 0.0 {
        return Outcome::exact(value, n, positive);
    }
    let sampled = [earlier, later].into_iter().zip(variances).filter(|(_, variance)| *variance > 0.0);
    let df = satterthwaite(sampled.map(|(it, variance)| (variance / sum, it.df)));
    let se = libm::sqrt(sum);
    let Interval { low, high } = Interval::around(value, se, df, level);
    Outcome::Estimated(Estimate { value, se, low, high, df, n, positive, deff: None, sides: None })
}

/// Linearised values and the design that they are of.
type Linearisation<'a> = (&'a Linearised, &'a DesignTable);

impl Pairing<'_> {
    /// The precision of the difference, from those of the two waves.
    fn precision(self, waves: [Precision; 2], covariance: Wide) -> Precision {
        let [(before, df_before), (after, df_after)] = match waves {
            [Precision::Unknown(reason), _] | [_, Precision::Unknown(reason)] => return Precision::Unknown(reason),
            [Precision::Exact, other] | [other, Precision::Exact] => return other,
            [
                Precision::Sampled { variance: before, df: df_before },
                Precision::Sampled { variance: after, df: df_after },
            ] => [(before, df_before), (after, df_after)],
        };
        let sum = before + after;
        let df = match self {
            Self::Independent if !sum.is_zero() => {
                let share = |variance: Wide| (variance / sum).to_f64();
                satterthwaite([(share(before), df_before), (share(after), df_after)].into_iter())
            }
            Self::Independent | Self::Coordinated(_) | Self::Panel(_) => df_before.min(df_after),
        };
        // Rounding alone is taken for 0: a panel that answers as before shows no variance. Nor does a sample in which C comes
        // out above what the variances allow, as it may when few PSUs recur.
        const ROUNDING: f64 = 1e-25;
        let variance = sum - covariance - covariance;
        let shown = variance.to_f64() > ROUNDING * sum.to_f64();
        Precision::Sampled { variance: if shown { variance } else { Wide::ZERO }, df }
    }

    /// C of the module's documentation.
    fn covariance(self, earlier: Linearisation<'_>, later: Linearisation<'_>) -> Result<Wide, NotPaired> {
        let common = match self {
            Self::Independent => return Ok(Wide::ZERO),
            Self::Panel([]) => return Err(NotPaired::NoCommonPsus),
            Self::Coordinated(common) | Self::Panel(common) => common,
        };
        let (earlier, later) = (Deviations::new(earlier)?, Deviations::new(later)?);
        let mut pairs: BTreeMap<(usize, usize), CommonPart> = BTreeMap::new();
        let mut recurring: [BTreeMap<usize, u64>; 2] = [BTreeMap::new(), BTreeMap::new()];
        for psu in common {
            let (h, g) = (psu.earlier.stratum, psu.later.stratum);
            let part = pairs.entry((h, g)).or_default();
            part.count += 1;
            part.products += earlier.of(psu.earlier) * later.of(psu.later);
            *recurring[0].entry(h).or_default() += 1;
            *recurring[1].entry(g).or_default() += 1;
        }
        let of_pair = |((h, g), part): (&(usize, usize), &CommonPart)| {
            part.covariance(earlier.side(*h, recurring[0][h]), later.side(*g, recurring[1][g]))
        };
        Ok(pairs.iter().map(of_pair).sum())
    }
}

/// The common PSUs of a pair of strata.
#[derive(Debug, Clone, Copy)]
struct CommonPart {
    /// m.
    count: u64,
    /// The sum of e_h e_g.
    products: Wide,
}

impl Default for CommonPart {
    fn default() -> Self {
        Self { count: 0, products: Wide::ZERO }
    }
}

/// What one wave has to say of a pair of strata: its n, its f, and how many of its PSUs recur in whatever stratum.
#[derive(Debug, Clone, Copy)]
struct Side {
    sampled: Wide,
    correction: Wide,
    recurring: Wide,
}

impl CommonPart {
    fn covariance(&self, earlier: Side, later: Side) -> Wide {
        if earlier.correction.is_zero() || later.correction.is_zero() {
            return Wide::ZERO;
        }
        let m = Wide::from_count(self.count);
        let product = earlier.sampled * later.sampled;
        let own = (earlier.sampled - Wide::ONE) * (later.sampled - Wide::ONE) + m - Wide::ONE;
        if own.is_zero() {
            return Wide::ZERO;
        }
        let spread = self.products * product / (m * own);
        // f_h f_g N_h m / m_h = f_g n_h m / m_h.
        let by = |one: Side, other: Side| (Wide::ONE - other.correction) * one.sampled * m / one.recurring;
        let (by_earlier, by_later) = (by(earlier, later), by(later, earlier));
        let by_chance = if by_earlier < by_later { by_earlier } else { by_later };
        (m - by_chance) * spread
    }
}

/// PSU totals of linearised values less the means of their strata.
struct Deviations<'a> {
    totals: BTreeMap<SampledPsu, Wide>,
    means: Vec<Wide>,
    design: &'a DesignTable,
}

impl<'a> Deviations<'a> {
    fn new((linearised, design): Linearisation<'a>) -> Result<Self, NotPaired> {
        let clusters = match &linearised.values {
            Values::Strata(_) => return Err(NotPaired::SumsByStratum),
            Values::Replicates(_) => return Err(NotPaired::Replicates),
            Values::Clusters(clusters) => clusters,
        };
        let mut totals: BTreeMap<SampledPsu, Wide> = BTreeMap::new();
        let mut sums = vec![Wide::ZERO; design.strata.len()];
        for ((stratum, cluster), total) in clusters {
            let psu = design.later.iter().rev().fold(*cluster, |cluster, stage| stage.parents[cluster]);
            *totals.entry(SampledPsu { stratum: *stratum, psu }).or_insert(Wide::ZERO) += total.z;
            sums[*stratum] += total.z;
        }
        let mean = |(sum, stratum): (Wide, &crate::Stratum)| {
            if stratum.psus == 0 { Wide::ZERO } else { sum / Wide::from_count(stratum.psus) }
        };
        let means = sums.into_iter().zip(&design.strata).map(mean).collect();
        Ok(Self { totals, means, design })
    }

    /// e.
    fn of(&self, psu: SampledPsu) -> Wide {
        self.totals.get(&psu).copied().unwrap_or(Wide::ZERO) - self.means[psu.stratum]
    }

    fn side(&self, stratum: usize, recurring: u64) -> Side {
        let stratum = &self.design.strata[stratum];
        Side {
            sampled: Wide::from_count(stratum.psus),
            correction: stratum.wide_correction(),
            recurring: Wide::from_count(recurring),
        }
    }
}
