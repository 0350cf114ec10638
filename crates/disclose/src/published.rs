//! What may leave: rounded cells, counts, and verdicts on claims.

use std::collections::BTreeMap;

use codebook::{
    BaseId, CheckKind, ClaimId, Code, ConfidenceLevel, LeftOut, RowId, TableId, ThemeId, VariableName, WaveId,
};
use estimate::{Domain, Method, Trimmed, WeightSummary};

use crate::{BackTested, Coverage, Family, Instead, LateDifference, Precision, PublishedWave, Rounded, Rules};

/// Everything that a release of one wave may show. Only [`disclose`](crate::disclose()) and [`Published::open`] make one;
/// it cannot be deserialized:
///
/// ```compile_fail
/// fn opens<T: serde::de::DeserializeOwned>() {}
/// opens::<disclose::Published>();
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    pub(crate) wave: WaveId,
    pub(crate) synthetic: bool,
    pub(crate) rules: Rules,
    pub(crate) method: Method,
    /// That of the method, as a number that can be printed.
    pub(crate) level: ConfidenceLevel,
    pub(crate) tables: Vec<PublishedTable>,
    pub(crate) unweighted: Vec<UnweightedShare>,
    pub(crate) late: Vec<LateDifference>,
    pub(crate) families: Vec<Family>,
    pub(crate) verdicts: Vec<Verdict>,
    pub(crate) fieldwork: Fieldwork,
    pub(crate) earlier: Vec<PublishedWave>,
    pub(crate) back_tests: Vec<BackTested>,
}

impl Published {
    /// What was printed of this wave and of those beside it, against what comes out today; in the order of the country's file.
    #[must_use]
    pub fn back_tests(&self) -> &[BackTested] {
        &self.back_tests
    }

    /// The wave.
    #[must_use]
    pub fn wave(&self) -> WaveId {
        self.wave
    }

    /// Whether everything here is made up.
    #[must_use]
    pub fn synthetic(&self) -> bool {
        self.synthetic
    }

    /// The rules that were applied.
    #[must_use]
    pub fn rules(&self) -> Rules {
        self.rules
    }

    /// How the estimates and their intervals were made.
    #[must_use]
    pub fn method(&self) -> Method {
        self.method
    }

    /// The confidence level of every interval, and the level of every test that goes with it.
    #[must_use]
    pub fn level(&self) -> ConfidenceLevel {
        self.level
    }

    /// The tests behind the sentences: a family for each theme that tests anything, in the order of the pages.
    #[must_use]
    pub fn families(&self) -> &[Family] {
        &self.families
    }

    /// The tables, in the country's order.
    #[must_use]
    pub fn tables(&self) -> &[PublishedTable] {
        &self.tables
    }

    /// The table of this name.
    #[must_use]
    pub fn table(&self, id: &TableId) -> Option<&PublishedTable> {
        self.tables.iter().find(|table| table.id == *id)
    }

    /// The share of the answers that a row counts, as if each answer stood for itself: what weighting changed. `None` where the row's total is not shown,
    /// or is no share.
    #[must_use]
    pub fn unweighted(&self, table: &TableId, row: &RowId) -> Option<Rounded> {
        self.unweighted.iter().find(|share| share.table == *table && share.row == *row).map(|share| share.share)
    }

    /// How precise the total of a row is. `None` where it is not shown, or is no share.
    #[must_use]
    pub fn precision(&self, table: &TableId, row: &RowId) -> Option<Precision> {
        self.unweighted.iter().find(|share| share.table == *table && share.row == *row)?.precision
    }

    /// The shares of late answers against those of early ones, in the order of tables and rows.
    #[must_use]
    pub fn late(&self) -> &[LateDifference] {
        &self.late
    }

    /// What became of each wording of each claim.
    #[must_use]
    pub fn verdicts(&self) -> &[Verdict] {
        &self.verdicts
    }

    /// Counts for the method page.
    #[must_use]
    pub fn fieldwork(&self) -> &Fieldwork {
        &self.fieldwork
    }
}

/// One table.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishedTable {
    pub(crate) id: TableId,
    pub(crate) domains: Vec<Domain>,
    pub(crate) rows: Vec<RowId>,
    pub(crate) cells: Vec<Vec<Cell>>,
    pub(crate) withheld: Vec<Withheld>,
}

impl PublishedTable {
    /// Its name.
    #[must_use]
    pub fn id(&self) -> &TableId {
        &self.id
    }

    /// The total (unless the table is withheld whole), then the categories of each breakdown that is not withheld.
    #[must_use]
    pub fn domains(&self) -> &[Domain] {
        &self.domains
    }

    /// The rows.
    #[must_use]
    pub fn rows(&self) -> &[RowId] {
        &self.rows
    }

    /// The cell of a row in a domain; `None` when the table has no such row or domain, or the breakdown is withheld.
    #[must_use]
    pub fn cell(&self, row: &RowId, domain: &Domain) -> Option<&Cell> {
        let row = self.rows.iter().position(|candidate| candidate == row)?;
        let domain = self.domains.iter().position(|candidate| candidate == domain)?;
        Some(&self.cells[row][domain])
    }

    /// The breakdowns that are withheld whole, and why.
    #[must_use]
    pub fn withheld(&self) -> &[Withheld] {
        &self.withheld
    }
}

/// What a row's share would be without weights, in total, and how precise the weighted one is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnweightedShare {
    pub(crate) table: TableId,
    pub(crate) row: RowId,
    pub(crate) share: Rounded,
    pub(crate) precision: Option<Precision>,
}

/// A part of a table that is not published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withheld {
    /// The breakdown; `None` means the whole table.
    pub breakdown: Option<VariableName>,
    /// Why.
    pub why: Hidden,
}

/// One cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// Fit to be read.
    Shown(Figures),
    /// To be read with care: few answers.
    Flagged(Figures, Quality),
    /// Not shown, with no number of any kind.
    Hidden(Hidden),
}

impl Cell {
    /// The numbers, if the cell shows any.
    #[must_use]
    pub fn figures(&self) -> Option<&Figures> {
        match self {
            Self::Shown(figures) | Self::Flagged(figures, _) => Some(figures),
            Self::Hidden(_) => None,
        }
    }
}

/// The numbers of a cell, rounded. Shares are per cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    pub(crate) estimate: Rounded,
    pub(crate) se: Rounded,
    pub(crate) low: Rounded,
    pub(crate) high: Rounded,
    pub(crate) n: u64,
}

impl Figures {
    /// The estimate.
    #[must_use]
    pub fn estimate(&self) -> Rounded {
        self.estimate
    }

    /// Its standard error, with one decimal more.
    #[must_use]
    pub fn se(&self) -> Rounded {
        self.se
    }

    /// The lower confidence limit, rounded from the unrounded limit.
    #[must_use]
    pub fn low(&self) -> Rounded {
        self.low
    }

    /// The upper confidence limit.
    #[must_use]
    pub fn high(&self) -> Rounded {
        self.high
    }

    /// Unweighted answers in the cell's base.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.n
    }
}

/// Why a shown cell is to be read with care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quality {
    /// Fewer answers than the rule for a reliable cell asks for.
    FewAnswers,
    /// A large error beside the estimate.
    Imprecise,
}

/// Why a cell is not shown. Different reasons have different symbols; only the first is a matter of confidentiality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hidden {
    /// Too few answers to publish without disclosing some of them.
    Confidential,
    /// Too uncertain to be of use.
    Unreliable,
    /// Nobody is in the domain.
    Empty,
    /// The sample does not tell how uncertain it is.
    NotEstimable,
}

/// What became of one wording of one claim.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The theme page.
    pub theme: ThemeId,
    /// The claim.
    pub claim: ClaimId,
    /// Index of the wording in the list that was judged.
    pub wording: usize,
    /// The result.
    pub kind: VerdictKind,
    /// Where it fails, what could stand instead. It is for the run that stops there; the store does not keep it.
    pub instead: Vec<Instead>,
}

/// The result of judging a wording.
#[derive(Debug, Clone, PartialEq)]
pub enum VerdictKind {
    /// It may stand.
    Holds,
    /// It is not true.
    Fails {
        /// What the estimate says, with published (rounded) numbers only, in English for the analyst.
        because: String,
    },
    /// It is about a cell that is not shown.
    Refused(Hidden),
}

/// Counts for the method page; they are about the survey, not about answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fieldwork {
    /// Rows of the export.
    pub rows: u64,
    /// Rows that are no answers, by reason.
    pub left_out: BTreeMap<LeftOut, u64>,
    /// Usable answers that count in no figure because their weight is 0.
    pub zero_weight: u64,
    /// Usable answers that count.
    pub answers: u64,
    /// Units that were drawn and invited, if the wave says how many.
    pub drawn: Option<u64>,
    /// Units of the population, if the design declares them.
    pub population: Option<u64>,
    /// Strata with answers.
    pub strata: u64,
    /// Answers in each base of the country, those left out that have too few to be named.
    pub bases: Vec<(BaseId, u64)>,
    /// Respondents against the population, where no confidential number follows from it.
    pub coverage: Vec<Coverage>,
    /// How unequal the weights are; `None` if all answers count the same.
    pub weights: Option<WeightFacts>,
    /// What the checks of the answers found, and which questions have gaps.
    pub quality: DataQuality,
}

impl Fieldwork {
    /// Answers that are usable, whether or not their weight counts.
    #[must_use]
    pub fn usable(&self) -> u64 {
        self.answers + self.zero_weight
    }

    /// Rows that are no answers, for this reason.
    #[must_use]
    pub fn left_out(&self, reason: LeftOut) -> u64 {
        self.left_out.get(&reason).copied().unwrap_or(0)
    }

    /// Units that were drawn and belong to the population, or are not known not to: what AAPOR's RR1 divides by.
    #[must_use]
    pub fn eligible(&self) -> Option<u64> {
        self.drawn?.checked_sub(self.left_out(LeftOut::OutOfScope))
    }

    /// How many answered, of how many; `None` where the size of the population is not known or is nothing.
    pub(crate) fn answered(&self) -> Option<(u64, u64)> {
        self.population.filter(|population| *population > 0).map(|population| (self.answers, population))
    }
}

/// How good the answers are, in counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DataQuality {
    /// Cases that each kind of check found; kinds that were not applied are not there.
    pub checks: BTreeMap<CheckKind, Count>,
    /// Questions that units were asked and did not answer, in questionnaire order; those without a gap are not there.
    pub gaps: Vec<ItemGap>,
    /// Questions of the wave.
    pub questions: u64,
    /// Half of the answers took at least so many minutes.
    pub median_minutes: Option<u64>,
}

/// How many units were asked a question and gave no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemGap {
    /// The variable.
    pub variable: VariableName,
    /// Units that were asked, where that is the number of a base that is told.
    pub asked: Option<u64>,
    /// Units that would not answer.
    pub refused: Count,
    /// Units that left it empty.
    pub blank: Count,
}

/// A number of units, told so that it discloses none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// The number itself.
    Exact(u64),
    /// Fewer than this. At least one, unless it hides what stands beside it.
    FewerThan(u64),
}

impl ItemGap {
    /// Item non-response, quality indicator A5: units without an answer and units that were asked; `None` where one of the two is not told.
    #[must_use]
    pub fn unanswered(&self) -> Option<(u64, u64)> {
        let (Count::Exact(refused), Count::Exact(blank)) = (self.refused, self.blank) else { return None };
        Some((refused + blank, self.asked?))
    }
}

impl Count {
    /// Two counts whose sum readers may know, since a table of the question shows who is left: where one of them is few, the other one would tell it, and is told as fewer
    /// than the sum. A count of none tells it, too: it is then told as few like the other, so that nobody knows which of the two the few are.
    pub(crate) fn told_beside(self, other: Self, rules: Rules) -> (Self, Self) {
        let sum = match (self, other) {
            (Self::Exact(one), Self::Exact(another)) => one + another,
            (_, _) => 0,
        };
        match (self.told(rules), other.told(rules)) {
            (few @ Self::FewerThan(_), Self::Exact(many)) if many > 0 => (few, Self::FewerThan(sum)),
            (Self::Exact(many), few @ Self::FewerThan(_)) if many > 0 => (Self::FewerThan(sum), few),
            (few @ Self::FewerThan(_), Self::Exact(_)) | (Self::Exact(_), few @ Self::FewerThan(_)) => (few, few),
            both => both,
        }
    }

    /// The count as it may be told: of a few units only that they are few.
    pub(crate) fn told(self, rules: Rules) -> Self {
        match self {
            Self::Exact(units) if units > 0 && units < rules.smallest_base => Self::FewerThan(rules.smallest_base),
            Self::Exact(_) | Self::FewerThan(_) => self,
        }
    }
}

/// How unequal the weights of the answers are, rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeightFacts {
    pub(crate) smallest: Rounded,
    pub(crate) largest: Rounded,
    pub(crate) design_effect: Rounded,
    pub(crate) trimmed: Option<Rounded>,
}

impl WeightFacts {
    /// Rounds what is told of the weights. `None` when one of the numbers cannot be published.
    #[must_use]
    pub fn new(summary: &WeightSummary, trimmed: Option<&Trimmed>) -> Option<Self> {
        /// Of weights and of the design effect.
        const DECIMALS: u8 = 2;
        let trimmed = match trimmed {
            Some(trimmed) => Some(Rounded::new(trimmed.share_of_units, 2, 1)?),
            None => None,
        };
        Some(Self {
            smallest: Rounded::new(summary.smallest, 0, DECIMALS)?,
            largest: Rounded::new(summary.largest, 0, DECIMALS)?,
            design_effect: Rounded::new(summary.design_effect, 0, DECIMALS)?,
            trimmed,
        })
    }

    /// The smallest weight.
    #[must_use]
    pub fn smallest(self) -> Rounded {
        self.smallest
    }

    /// The largest weight.
    #[must_use]
    pub fn largest(self) -> Rounded {
        self.largest
    }

    /// Kish's design effect of unequal weights.
    #[must_use]
    pub fn design_effect(self) -> Rounded {
        self.design_effect
    }

    /// Per cent of the answers whose weight was cut; `None` if weights are not trimmed.
    #[must_use]
    pub fn trimmed(self) -> Option<Rounded> {
        self.trimmed
    }
}

/// The breakdown and the code of a group; `None` for the total.
#[must_use]
pub(crate) fn breakdown_of(domain: &Domain) -> Option<(&VariableName, &Code)> {
    match domain {
        Domain::Total => None,
        Domain::Group { breakdown, code } => Some((breakdown, code)),
    }
}
