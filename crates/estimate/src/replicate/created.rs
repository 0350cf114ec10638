//! Replicate weights made from the design: jackknife and bootstrap.
//!
//! Both treat PSUs as drawn with replacement but for the factor 1 - f_h of the first stage; what is declared of later
//! stages does not enter, as in R. Strata that were sampled whole keep their weights in every replicate, so they add
//! nothing.

use codebook::LonelyPsu;

use super::random::Random;
use super::{Bearer, Centre, ReplicateError, Replicates, Unreplicated};
use crate::{DesignTable, Stratum, Wide};

impl Replicates {
    /// The jackknife that leaves out one PSU at a time: the others of its stratum have factor n_h/(n_h - 1), its rscale
    /// is (1 - f_h) (n_h - 1)/n_h. With one stratum this is R's JK1, with several its JKn. Squares are taken around the
    /// mean of the replicates, as R does unless told. For totals the variance is exactly the linearised one. Degrees of
    /// freedom: PSUs less strata, over the strata that are not sampled whole.
    ///
    /// `strata` tells the stratum of each PSU by its number, as an index into [`DesignTable::strata`]; PSUs without any
    /// weight have no number. Factors are those of the clusters of the last stage, which is that of the PSUs where
    /// there is no other.
    ///
    /// A stratum with one PSU out of several (statistics section 5) makes no replicate under `certainty`. Under
    /// `average` it has the mean variance of the other strata that hold the domain; R scales by numbers of PSUs instead. Under `centre` it makes a replicate that is off by its distance from the mean PSU total, and squares
    /// are taken around the full estimate.
    ///
    /// Takes as many factors as the square of the number of PSUs, so it is for samples of some thousand PSUs at most.
    ///
    /// # Panics
    /// When the PSUs are not those that the design table counts, or a stratum is lonely that the design refuses: bugs.
    #[must_use]
    pub fn jackknife(design: &DesignTable, strata: &[usize]) -> Self {
        let sample = Sample::new(design, strata);
        let mut factors = Vec::new();
        let mut rscales = Vec::new();
        for stratum in &sample.strata {
            let n = stratum.count();
            match stratum.treatment {
                Treatment::Kept => {}
                Treatment::Resampled => {
                    for dropped in &stratum.psus {
                        factors.push(sample.without(stratum, *dropped));
                        rscales.push(stratum.correction * Wide::from_ratio(n - 1, n));
                    }
                }
                Treatment::Centred => {
                    factors.push(sample.with_mean_for(stratum));
                    rscales.push(stratum.correction);
                }
            }
        }
        let is_centred = sample.strata.iter().any(|stratum| stratum.treatment == Treatment::Centred);
        let centre = if is_centred { Centre::Estimate } else { Centre::Mean };
        let df = Wide::from_count(sample.degrees_of_freedom()).to_f64();
        Self {
            bearer: Bearer::Cluster,
            factors,
            scale: Wide::ONE,
            rscales,
            centre,
            unreplicated: sample.unreplicated,
            df,
        }
    }

    /// The bootstrap of Rao and Wu (1988): each replicate draws n_h - 1 PSUs of stratum h with replacement, and a PSU
    /// that was drawn t times has factor 1 + sqrt(1 - f_h) (t n_h/(n_h - 1) - 1), which is never negative. Where no
    /// population size is declared, f_h is 0 and the factor t n_h/(n_h - 1). Scale 1/R around the full estimate, as
    /// Statistics Canada does, and 1/(R - 1) around the mean of the replicates, which is one of them short; for totals
    /// the expectation of both is the linearised variance, and the standard error from R replicates is off by about
    /// 1/sqrt(2 R) of itself. Degrees of freedom: as for the jackknife, but at most R - 1.
    ///
    /// `strata` as in [`Replicates::jackknife`]. The generator is ChaCha20 with `seed` as key and the number of the
    /// replicate as stream, so the same seed gives the same weights everywhere, and more replicates leave the first
    /// ones as they are. Lonely strata: `certainty` and `average` as in the jackknife.
    ///
    /// # Errors
    /// [`ReplicateError::NoReplicates`] when `replicates` is 0, [`ReplicateError::LonelyInBootstrap`] for a lonely
    /// stratum under the rule `centre`.
    ///
    /// # Panics
    /// As [`Replicates::jackknife`].
    pub fn bootstrap(
        design: &DesignTable,
        strata: &[usize],
        replicates: u64,
        seed: u64,
        centre: Centre,
    ) -> Result<Self, ReplicateError> {
        if replicates == 0 {
            return Err(ReplicateError::NoReplicates);
        }
        let sample = Sample::new(design, strata);
        if let Some(stratum) = sample.strata.iter().position(|stratum| stratum.treatment == Treatment::Centred) {
            return Err(ReplicateError::LonelyInBootstrap { stratum });
        }
        let factors: Vec<Vec<Wide>> =
            (0..replicates).map(|replicate| sample.drawn(Random::new(seed, replicate))).collect();
        let rscales = vec![Wide::ONE; factors.len()];
        let squares = match centre {
            Centre::Estimate => replicates,
            // One replicate shows no spread around its own mean, whatever its scale.
            Centre::Mean => (replicates - 1).max(1),
        };
        let scale = Wide::from_ratio(1, squares);
        let df = Wide::from_count(sample.degrees_of_freedom().min(replicates - 1)).to_f64();
        Ok(Self { bearer: Bearer::Cluster, factors, scale, rscales, centre, unreplicated: sample.unreplicated, df })
    }
}

/// The PSUs of a design, stratum by stratum.
struct Sample {
    /// In the order of the design table.
    strata: Vec<SampledStratum>,
    /// For each cluster of the last stage: the number of its PSU.
    psu_of: Vec<usize>,
    /// PSUs in the sample.
    psus: usize,
    unreplicated: Unreplicated,
}

struct SampledStratum {
    /// The numbers of its PSUs.
    psus: Vec<usize>,
    /// 1 - n/N.
    correction: Wide,
    treatment: Treatment,
}

/// What replicates do with a stratum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Treatment {
    /// Its PSUs are left out or drawn.
    Resampled,
    /// It has its weights in every replicate.
    Kept,
    /// One PSU, which is compared with the mean of all.
    Centred,
}

impl Treatment {
    fn of(stratum: &Stratum, rule: LonelyPsu) -> Self {
        if stratum.psus == 0 || stratum.is_sampled_whole() {
            return Self::Kept;
        }
        if !stratum.is_lonely() {
            return Self::Resampled;
        }
        match rule {
            LonelyPsu::Refuse => panic!("the weighing step refuses a lonely PSU where the design does"),
            LonelyPsu::Certainty | LonelyPsu::Average => Self::Kept,
            LonelyPsu::Centre => Self::Centred,
        }
    }
}

impl SampledStratum {
    fn count(&self) -> u64 {
        u64::try_from(self.psus.len()).expect("a number of PSUs fits 64 bits")
    }
}

impl Sample {
    fn new(design: &DesignTable, strata: &[usize]) -> Self {
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); design.strata.len()];
        for (psu, stratum) in strata.iter().enumerate() {
            members[*stratum].push(psu);
        }
        let mut sampled = Vec::new();
        for (stratum, psus) in design.strata.iter().zip(members) {
            let agree = u64::try_from(psus.len()).is_ok_and(|count| count == stratum.psus);
            assert!(agree, "the design table counts {} PSUs in a stratum of {}", stratum.psus, psus.len());
            let treatment = Treatment::of(stratum, design.lonely);
            sampled.push(SampledStratum { psus, correction: stratum.wide_correction(), treatment });
        }
        Self {
            strata: sampled,
            psu_of: psu_of_clusters(design, strata.len()),
            psus: strata.len(),
            unreplicated: match design.lonely {
                LonelyPsu::Average => Unreplicated::MeanOfOthers,
                LonelyPsu::Refuse | LonelyPsu::Certainty | LonelyPsu::Centre => Unreplicated::Nothing,
            },
        }
    }

    /// PSUs less strata, over the strata that replicates resample.
    fn degrees_of_freedom(&self) -> u64 {
        let resampled = self.strata.iter().filter(|stratum| stratum.treatment == Treatment::Resampled);
        resampled.map(|stratum| stratum.count() - 1).sum()
    }

    /// Factors by cluster from factors by PSU.
    fn by_cluster(&self, by_psu: &[Wide]) -> Vec<Wide> {
        self.psu_of.iter().map(|psu| by_psu[*psu]).collect()
    }

    /// The replicate without one PSU of a stratum, whose weight the others of the stratum take on.
    fn without(&self, stratum: &SampledStratum, dropped: usize) -> Vec<Wide> {
        let n = stratum.count();
        let mut by_psu = vec![Wide::ONE; self.psus];
        for psu in &stratum.psus {
            by_psu[*psu] = Wide::from_ratio(n, n - 1);
        }
        by_psu[dropped] = Wide::ZERO;
        self.by_cluster(&by_psu)
    }

    /// The replicate in which the mean PSU total of the sample stands in for the one PSU of a stratum: T - z + T/n.
    fn with_mean_for(&self, stratum: &SampledStratum) -> Vec<Wide> {
        let mean = Wide::from_ratio(1, u64::try_from(self.psus).expect("a number of PSUs fits 64 bits"));
        let mut by_psu = vec![Wide::ONE + mean; self.psus];
        for psu in &stratum.psus {
            by_psu[*psu] = mean;
        }
        self.by_cluster(&by_psu)
    }

    /// A replicate of the bootstrap.
    fn drawn(&self, mut random: Random) -> Vec<Wide> {
        let mut by_psu = vec![Wide::ONE; self.psus];
        for stratum in self.strata.iter().filter(|stratum| stratum.treatment == Treatment::Resampled) {
            let n = stratum.count();
            let mut times = vec![0_u64; stratum.psus.len()];
            for _ in 1..n {
                times[random.index(stratum.psus.len())] += 1;
            }
            let spread = Wide::from_f64(libm::sqrt(stratum.correction.to_f64()));
            for (psu, times) in stratum.psus.iter().zip(times) {
                by_psu[*psu] = Wide::ONE - spread + spread * Wide::from_ratio(n * times, n - 1);
            }
        }
        self.by_cluster(&by_psu)
    }
}

/// The number of the PSU of each cluster of the last stage.
fn psu_of_clusters(design: &DesignTable, psus: usize) -> Vec<usize> {
    let clusters = design.later.last().map_or(psus, |last| last.parents.len());
    let psu_of = |cluster| design.later.iter().rev().fold(cluster, |cluster: usize, stage| stage.parents[cluster]);
    (0..clusters).map(psu_of).collect()
}
