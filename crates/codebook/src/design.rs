//! How the units were sampled and how they are weighted.

use crate::{CalibrationRecipe, Code, Decimal, Margin, Place, ReplicateRecipe, TrimRecipe, VariableName};

/// The sampling design of a wave.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Design {
    /// The variables (answers, register or derived categories) whose combinations are the strata; none means one stratum.
    pub strata: Vec<VariableName>,
    /// The variables that identify the sampled clusters, one for each stage: PSUs, nested in strata, then the clusters drawn within them,
    /// nested in those above. None means that the unit is the PSU.
    pub psu: Vec<VariableName>,
    /// Where the number of PSUs (units, if they are PSUs) in each stratum of the population comes from.
    pub population: Population,
    /// The columns of the answers that tell how many clusters of each later stage there are in the cluster above, stage by stage; the
    /// stage behind the last cluster is that of units. Stages without a column add nothing to the variance.
    pub later_populations: Vec<String>,
    /// How weights are made.
    pub weights: WeightRecipe,
    /// Replicate weights that come with supplied weights.
    pub replicates: Option<ReplicateRecipe>,
    /// Totals of the population that the weights are then made to reproduce.
    pub calibration: Option<CalibrationRecipe>,
    /// Bounds that the weights are kept in at the end.
    pub trim: Option<TrimRecipe>,
    /// Strata that each count as part of a named neighbour: those of the frame without any answer, and those with one PSU.
    /// Keys are the codes of `strata`, in that order.
    pub collapse: Vec<(Vec<Code>, Vec<Code>)>,
    /// What to do with a stratum that has one PSU in the sample but more in the population.
    pub lonely: LonelyPsu,
    /// Where it is written.
    pub place: Place,
}

impl Design {
    /// The margins that weights are calibrated to.
    #[must_use]
    pub fn margins(&self) -> &[Margin] {
        self.calibration.as_ref().map_or(&[], |recipe| &recipe.margins)
    }

    /// The variables that every unit needs a value of: strata, PSUs and margins. One may come twice.
    pub fn variables(&self) -> impl Iterator<Item = &VariableName> {
        let margins = self.margins().iter().flat_map(Margin::variables);
        self.strata.iter().chain(&self.psu).chain(margins)
    }

    /// The stages of sampling: those of clusters, then that of units.
    #[must_use]
    pub fn stages(&self) -> usize {
        self.psu.len() + 1
    }

    /// The columns of the answers that hold population sizes, stage by stage.
    pub fn population_columns(&self) -> impl Iterator<Item = &str> {
        let first = match &self.population {
            Population::Column(column) => Some(column),
            Population::Undeclared | Population::Frame => None,
        };
        first.into_iter().chain(&self.later_populations).map(String::as_str)
    }

    /// Whether units have weights of their own, rather than the weight of their stratum.
    #[must_use]
    pub fn weights_by_unit(&self) -> bool {
        self.calibration.is_some() || self.trim.is_some()
    }
}

/// Where stratum sizes come from.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub enum Population {
    /// Not declared: sampling is treated as with replacement, 1 - n/N is 1.
    Undeclared,
    /// A column of the answers gives the size of the unit's stratum; it is constant within the stratum.
    Column(String),
    /// The frame table of the wave counts the units of each stratum.
    Frame,
}

/// How weights are made.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub enum WeightRecipe {
    /// All weights are 1.
    Equal,
    /// A column of the answers holds them.
    Supplied {
        /// The column's name in the export.
        column: String,
        /// Whether the design behind the weights is known. If not, every interval is called approximate and nothing is tested.
        design_known: bool,
    },
    /// N_h / r_h: the frame's units in the stratum over its usable answers.
    Response,
}

/// What a stratum contributes to the variance when the sample has one of its several PSUs (statistics: lonely PSU).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub enum LonelyPsu {
    /// An error that names the stratum.
    Refuse,
    /// Nothing.
    Certainty,
    /// (1-f)(z - m)^2 with m the mean PSU total over all sampled PSUs.
    Centre,
    /// The mean variance of the other strata.
    Average,
}

/// The usable answers of one stratum, as ingest counts them and the weighing step wants them.
#[derive(Debug, Clone, PartialEq)]
pub struct StratumAnswers {
    /// The codes of the stratum variables, in the order of the design; empty if there is one stratum.
    pub key: Vec<Code>,
    /// Usable answers with a weight above 0.
    pub units: u64,
    /// Distinct PSUs among them; equal to `units` where units are PSUs.
    pub psus: u64,
    /// The population size that the answers carry ([`Population::Column`]), constant within the stratum.
    pub population: Option<Decimal>,
}

/// The clusters of one stage behind the first, as ingest counts them.
#[derive(Debug, Clone, PartialEq)]
pub struct StageAnswers {
    /// For each cluster of this stage, by its number: the number of the cluster of the stage above that it lies in.
    pub parents: Vec<usize>,
    /// For each cluster of the stage above, by its number.
    pub above: Vec<ClusterAnswers>,
}

/// What was sampled within one cluster.
#[derive(Debug, Clone, PartialEq)]
pub struct ClusterAnswers {
    /// The stratum of the answers that it lies in, as an index.
    pub stratum: usize,
    /// Clusters of the next stage with a weight above 0.
    pub sampled: u64,
    /// The population size that the answers carry for it.
    pub population: Decimal,
}

/// The units of one stratum of the frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrameCount {
    /// The codes of the stratum variables, in the order of the design.
    pub key: Vec<Code>,
    /// Units of the population, those out of scope left out.
    pub units: u64,
}
