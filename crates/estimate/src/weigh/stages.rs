//! The stages of sampling behind the first, as the answers tell them.

use std::collections::BTreeMap;

use codebook::{Design, LonelyPsu, StageAnswers, StratumAnswers};

use super::sizes::Kind;
use super::{WeighError, name};
use crate::{ClusterSize, LaterStage, Wide};

/// The later stages of the design. More sampled than there is, and one of several where the design refuses that, are errors that name the
/// stratum: ids of clusters are of those who answered and stand in no message.
pub(super) fn later_stages(
    kind: Kind,
    design: &Design,
    answers: &[StratumAnswers],
    stages: &[StageAnswers],
    errors: &mut Vec<WeighError>,
) -> Vec<LaterStage> {
    let mut later = Vec::new();
    for (stage, number) in stages.iter().zip(2..) {
        let mut misfits = Misfits { stage: number, too_many: BTreeMap::new(), lonely: BTreeMap::new() };
        let mut sizes = Vec::new();
        for cluster in &stage.above {
            // Where nobody has a weight, a fraction tells nothing.
            let population = (cluster.sampled > 0).then(|| kind.population(cluster.population, cluster.sampled));
            let size = ClusterSize { sampled: cluster.sampled, population };
            misfits.look_at(cluster.stratum, size, design.lonely);
            sizes.push(size);
        }
        errors.extend(misfits.errors(answers));
        later.push(LaterStage { parents: stage.parents.clone(), sizes });
    }
    later
}

/// The clusters of one stage that cannot be, by stratum: how many, and the first of them.
struct Misfits {
    stage: usize,
    too_many: BTreeMap<usize, (u64, ClusterSize)>,
    lonely: BTreeMap<usize, (u64, ClusterSize)>,
}

impl Misfits {
    fn look_at(&mut self, stratum: usize, size: ClusterSize, rule: LonelyPsu) {
        let is_too_many = size.population.is_some_and(|population| population < Wide::from_count(size.sampled));
        let is_refused = rule == LonelyPsu::Refuse && size.is_lonely();
        let found = match (is_too_many, is_refused) {
            (true, _) => &mut self.too_many,
            (false, true) => &mut self.lonely,
            (false, false) => return,
        };
        found.entry(stratum).or_insert((0, size)).0 += 1;
    }

    fn errors(self, answers: &[StratumAnswers]) -> Vec<WeighError> {
        let stage = self.stage;
        let units = |size: ClusterSize| {
            size.population.map_or_else(|| "an undeclared number".to_owned(), |units| units.to_f64().to_string())
        };
        let of_stratum = |stratum: usize| name(&answers[stratum].key);
        let too_many = self.too_many.into_iter().map(|(stratum, (clusters, size))| {
            let (stratum, sampled, units) = (of_stratum(stratum), size.sampled, units(size));
            WeighError::MoreSampledInClusters { stratum, stage, clusters, sampled, units }
        });
        let lonely = self.lonely.into_iter().map(|(stratum, (clusters, size))| WeighError::LonelyInClusters {
            stratum: of_stratum(stratum),
            stage,
            clusters,
            units: units(size),
        });
        too_many.chain(lonely).collect()
    }
}
