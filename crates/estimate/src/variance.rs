//! The one variance.
//!
//! V = sum_h (1 - n_h/N_h) n_h/(n_h - 1) sum_j (z_hj - mean_h z)^2 over the PSUs j of the design's strata h (Särndal, Swensson
//! and Wretman 1992, 3.7; statistics section 2). PSUs outside the domain are in it with z = 0. Each later stage adds
//! n_h/N_h times the same sum within each PSU, where sizes are declared. Lonely PSUs: statistics section 5.

use std::collections::{BTreeMap, BTreeSet};

use codebook::LonelyPsu;

use crate::linearise::{Linearised, Moments, Total, Values};
use crate::{Degrees, DesignTable, LaterStage, NotEstimable, Stratum, Unreplicated, Wide};

/// How far an estimate may be off.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Precision {
    /// Not at all: a census, or fixed by the design.
    Exact,
    /// By sampling.
    Sampled {
        /// The variance; 0 if the sample happens to show none.
        variance: Wide,
        /// Degrees of freedom, above 0.
        df: f64,
    },
    /// There is no telling, for a reason: no variance that the design knows, or no degree of freedom.
    Unknown(NotEstimable),
}

impl Precision {
    /// The precision of the statistic with these linearised values. `fixed` says that the sampling design alone decides it.
    pub(crate) fn new(values: &Linearised, fixed: Fixed, design: &DesignTable, degrees: Degrees) -> Self {
        let variance = variance(values, design);
        let every_psu = values.strata.iter().all(|stratum| design.strata[*stratum].is_sampled_whole());
        let census = every_psu && design.samples_only_psus();
        if variance.is_some_and(Wide::is_zero) && (census || fixed == Fixed::ByDesign) {
            return Self::Exact;
        }
        let df = degrees_of_freedom(values, design, degrees);
        match variance {
            Some(variance) if df > 0.0 => Self::Sampled { variance, df },
            None if df > 0.0 => Self::Unknown(NotEstimable::UnknownVariance),
            Some(_) | None => Self::Unknown(NotEstimable::NoDegreesOfFreedom),
        }
    }
}

/// Whether a statistic is known before anyone answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fixed {
    /// The stratum, or the domain itself, tells the value of every unit.
    ByDesign,
    /// The answers tell it.
    No,
}

/// Degrees of freedom of a statistic with these linearised values: PSUs less strata. Replicates have their own, and in a
/// domain no more than its strata have PSUs for.
pub(crate) fn degrees_of_freedom(values: &Linearised, design: &DesignTable, degrees: Degrees) -> f64 {
    let counted = || Wide::from_count(psus_less_strata(values, design, degrees)).to_f64();
    match (&design.replicates, degrees) {
        (None, _) => counted(),
        (Some(replicates), Degrees::Design) => replicates.df,
        (Some(replicates), Degrees::Domain | Degrees::Subset) => replicates.df.min(counted()),
    }
}

/// PSUs less strata. In a stratum whose PSUs are all in the sample it is what lies within them that was sampled; they count then, too.
fn psus_less_strata(values: &Linearised, design: &DesignTable, degrees: Degrees) -> u64 {
    let only_psus = design.samples_only_psus();
    let reached =
        |index: usize, stratum: &Stratum| values.strata.contains(&index) && !(only_psus && stratum.is_sampled_whole());
    let of_strata = |counts: &dyn Fn(usize, &Stratum) -> bool| -> u64 {
        let strata = design.strata.iter().enumerate().filter(|(index, stratum)| counts(*index, stratum));
        strata.map(|(_, stratum)| stratum.psus.saturating_sub(1)).sum()
    };
    match degrees {
        Degrees::Design => of_strata(&|_, _| true),
        Degrees::Domain => of_strata(&reached),
        Degrees::Subset => match (psus_holding(values, design), &design.calibration) {
            (Some(holding), None) => holding.values().map(|psus| psus.saturating_sub(1)).sum(),
            (Some(_) | None, _) => of_strata(&reached),
        },
    }
}

/// By stratum, the PSUs that hold the domain; `None` where values by replicate do not tell.
fn psus_holding(values: &Linearised, design: &DesignTable) -> Option<BTreeMap<usize, u64>> {
    match &values.values {
        Values::Strata(strata) => Some(strata.iter().map(|(stratum, moments)| (*stratum, moments.psus)).collect()),
        Values::Clusters(clusters) => {
            let psu = |cluster: usize| design.later.iter().rev().fold(cluster, |cluster, stage| stage.parents[cluster]);
            let psus: BTreeSet<(usize, usize)> =
                clusters.keys().map(|(stratum, cluster)| (*stratum, psu(*cluster))).collect();
            let mut holding = BTreeMap::new();
            for (stratum, _) in psus {
                *holding.entry(stratum).or_insert(0) += 1;
            }
            Some(holding)
        }
        Values::Replicates(_) => None,
    }
}

/// The variance of the total of the linearised values; `None` if lonely strata should have the mean variance of the others
/// and there are none, if a replicate has no value, or if values lie so far apart that their squares are no numbers.
///
/// # Panics
/// When the values have a stratum that the design does not have, or a lonely one that the design refuses, and when the
/// variance is negative by more than rounding explains: bugs.
pub(crate) fn variance(values: &Linearised, design: &DesignTable) -> Option<Wide> {
    estimated(values, design).filter(|variance| variance.to_f64().is_finite())
}

fn estimated(values: &Linearised, design: &DesignTable) -> Option<Wide> {
    let counted = counted_strata(values, design);
    let mut moments = BTreeMap::new();
    let mut later = Wide::ZERO;
    match &values.values {
        Values::Replicates(by_replicate) => {
            let replicates = design.replicates.as_ref().expect("values by replicate come from a design that has some");
            let scale = match replicates.unreplicated {
                Unreplicated::Nothing => Wide::ONE,
                Unreplicated::MeanOfOthers => with_mean_of_others(&counted, design)?,
            };
            return replicates.variance(by_replicate).map(|variance| scale * variance);
        }
        Values::Strata(strata) => {
            assert!(design.units_are_psus, "sums by stratum do not tell the variance of a clustered sample");
            moments.clone_from(strata);
        }
        Values::Clusters(clusters) => {
            let mut totals = clusters.clone();
            for depth in (0..design.later.len()).rev() {
                let (within, above) = later_stage(&totals, design, depth)?;
                later += within;
                totals = above;
            }
            for ((stratum, _), total) in totals {
                moments.entry(stratum).or_insert(Moments::ZERO).add_total(total);
            }
        }
    }
    let beyond = moments.keys().next_back().is_some_and(|last| *last >= design.strata.len());
    assert!(!beyond, "sums and design table are of the same strata");

    let group = |(index, stratum): (usize, &Stratum)| Group {
        moments: moments.get(&index).copied().unwrap_or(Moments::ZERO),
        sampled: stratum.psus,
        correction: stratum.wide_correction(),
        probability: Wide::ONE,
    };
    Some(stage(&counted.into_iter().map(group).collect::<Vec<_>>(), design.lonely)? + later)
}

/// The strata that the variance looks at: all that were sampled. Under the rule `average` only those that hold the domain, as in R: what
/// is added for a lonely stratum would otherwise be charged to domains that it has nothing to do with, and be the mean over strata that show
/// no variance since nobody of the domain is there. Calibration gives values to units outside the domain, so there all strata count.
fn counted_strata<'d>(values: &Linearised, design: &'d DesignTable) -> Vec<(usize, &'d Stratum)> {
    let only_domain = design.lonely == LonelyPsu::Average && design.calibration.is_none();
    let counts =
        |(index, stratum): &(usize, &Stratum)| stratum.psus > 0 && (!only_domain || values.strata.contains(index));
    design.strata.iter().enumerate().filter(counts).collect()
}

/// What multiplies the variance of the others so that each lonely stratum among these has their mean; `None` if there are no others.
fn with_mean_of_others(strata: &[(usize, &Stratum)], design: &DesignTable) -> Option<Wide> {
    let count = |of: usize| u64::try_from(of).expect("a number of strata fits 64 bits");
    let lonely = strata.iter().filter(|(_, stratum)| stratum.is_lonely()).count();
    match (design.lonely, count(strata.len() - lonely)) {
        (_, _) if lonely == 0 => Some(Wide::ONE),
        (LonelyPsu::Average, 0) => None,
        (LonelyPsu::Average, regular) => Some(Wide::from_ratio(count(strata.len()), regular)),
        (LonelyPsu::Refuse | LonelyPsu::Certainty | LonelyPsu::Centre, _) => Some(Wide::ONE),
    }
}

/// What the sampling of clusters within those of the stage above adds, and the totals of the stage above. Clusters above that the
/// domain does not reach add nothing, so they are left out.
#[expect(clippy::type_complexity, reason = "two results that only the loop above sees")]
fn later_stage(
    totals: &BTreeMap<(usize, usize), Total>,
    design: &DesignTable,
    depth: usize,
) -> Option<(Wide, BTreeMap<(usize, usize), Total>)> {
    let LaterStage { parents, sizes } = &design.later[depth];
    let mut above: BTreeMap<(usize, usize), Total> = BTreeMap::new();
    let mut moments: BTreeMap<(usize, usize), Moments> = BTreeMap::new();
    for ((stratum, cluster), total) in totals {
        let parent = (*stratum, parents[*cluster]);
        above.entry(parent).or_insert(Total::ZERO).add(*total);
        moments.entry(parent).or_insert(Moments::ZERO).add_total(*total);
    }
    let group = |((stratum, parent), moments): (&(usize, usize), &Moments)| Group {
        moments: *moments,
        sampled: sizes[*parent].sampled,
        correction: sizes[*parent].correction(),
        probability: probability(*stratum, *parent, depth, design),
    };
    let groups: Vec<Group> = moments.iter().map(group).filter(|group| !group.probability.is_zero()).collect();
    Some((stage(&groups, design.lonely)?, above))
}

/// The product of the sampling fractions of all stages above `depth`, for a cluster that was sampled there; 0 where a size is not declared.
fn probability(stratum: usize, mut cluster: usize, depth: usize, design: &DesignTable) -> Wide {
    let fraction = |correction: Wide| Wide::ONE - correction;
    let mut probability = fraction(design.strata[stratum].wide_correction());
    for stage in design.later[..depth].iter().rev() {
        cluster = stage.parents[cluster];
        probability = probability * fraction(stage.sizes[cluster].correction());
    }
    probability
}

/// The clusters that were sampled together: those of a stratum, or those of a cluster of the stage above.
struct Group {
    moments: Moments,
    /// Clusters in the sample.
    sampled: u64,
    /// 1 - n/N.
    correction: Wide,
    /// How probable it was that the sample came here at all.
    probability: Wide,
}

impl Group {
    /// Whether the sample has one cluster out of several, so that the group shows no variance of its own.
    fn is_lonely(&self) -> bool {
        self.sampled == 1 && !self.correction.is_zero()
    }

    /// What the group's clusters show of their variance.
    fn variance(&self) -> Wide {
        if self.correction.is_zero() {
            return Wide::ZERO;
        }
        let n = Wide::from_count(self.sampled);
        let Moments { sum, squares, size, psus: _ } = self.moments;
        let spread = without_rounding(squares - sum.square() / n, size, self.sampled);
        self.correction * n / (n - Wide::ONE) * spread
    }
}

/// The variance of one stage; `None` if there are only lonely groups and they should have the mean variance of the others.
fn stage(groups: &[Group], rule: LonelyPsu) -> Option<Wide> {
    let (lonely, regular): (Vec<_>, Vec<_>) = groups.iter().partition(|group| group.is_lonely());
    let variances: Vec<Wide> = regular.iter().map(|group| group.variance()).collect();
    let variance: Wide = regular.iter().zip(&variances).map(|(group, variance)| group.probability * *variance).sum();
    if lonely.is_empty() {
        return Some(variance);
    }
    match rule {
        LonelyPsu::Refuse => panic!("the weighing step refuses a lonely PSU where the design does"),
        LonelyPsu::Certainty => Some(variance),
        LonelyPsu::Average if regular.is_empty() => None,
        LonelyPsu::Average => {
            let count = u64::try_from(regular.len()).expect("a number of groups fits 64 bits");
            let mean = variances.into_iter().sum::<Wide>() / Wide::from_count(count);
            Some(variance + lonely.iter().map(|group| group.probability * mean).sum())
        }
        LonelyPsu::Centre => {
            let sampled: u64 = groups.iter().map(|group| group.sampled).sum();
            let mean = groups.iter().map(|group| group.moments.sum).sum::<Wide>() / Wide::from_count(sampled);
            let size: f64 = groups.iter().map(|group| group.moments.size).sum();
            let around_mean = |group: &&Group| {
                let square = without_rounding((group.moments.sum - mean).square(), size, sampled);
                group.probability * group.correction * square
            };
            Some(variance + lonely.iter().map(around_mean).sum())
        }
    }
}

/// A sum of squares of which rounding alone is taken for 0. `size` is the sum of the squares before anything was subtracted.
pub(crate) fn without_rounding(squares: Wide, size: f64, terms: u64) -> Wide {
    // Each square is made in some twenty operations of relative error EPSILON, and sums of n terms have n more.
    let bound = Wide::EPSILON * (64.0 + 8.0 * Wide::from_count(terms).to_f64()) * size;
    if squares.abs().to_f64() <= bound {
        return Wide::ZERO;
    }
    // What is no number is found out where the variance is complete.
    assert!(
        squares > Wide::ZERO || !squares.to_f64().is_finite(),
        "a sum of squares is negative by more than rounding: {squares:?}, bound {bound:e}"
    );
    squares
}
