//! The ESS Single Integrated Metadata Structure (SIMS 2.0): the concepts of a quality report in the European Statistical System, by their numbers.
//!
//! Those that mean nothing for a survey with a report every few years (seasonal adjustment, mirror flows, national accounts) are left out. What can be computed
//! is computed; the rest is told by `quality.toml`.

/// How a concept is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filled {
    /// By the country's text alone.
    Text,
    /// By the program alone.
    Computed,
    /// By the program, and by the country's text where there is one.
    Both,
}

macro_rules! concepts {
    ($($concept:ident = $number:literal $filled:ident;)*) => {
        /// A concept of the structure.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Concept { $(#[doc = $number] $concept),* }

        impl Concept {
            /// All of them, in the order of the structure.
            pub const ALL: &[Self] = &[$(Self::$concept),*];

            /// Its number, such as `S.13.2`.
            #[must_use]
            pub fn number(self) -> &'static str {
                match self { $(Self::$concept => $number),* }
            }

            /// How it is filled.
            #[must_use]
            pub fn filled(self) -> Filled {
                match self { $(Self::$concept => Filled::$filled),* }
            }
        }
    };
}

concepts! {
    Contact = "S.1" Computed;
    ContactOrganisation = "S.1.1" Computed;
    ContactAddress = "S.1.6" Both;
    MetadataUpdate = "S.2" Computed;
    MetadataLastUpdate = "S.2.3" Computed;
    StatisticalPresentation = "S.3" Computed;
    DataDescription = "S.3.1" Both;
    ClassificationSystem = "S.3.2" Text;
    SectorCoverage = "S.3.3" Text;
    ConceptsAndDefinitions = "S.3.4" Text;
    StatisticalUnit = "S.3.5" Computed;
    StatisticalPopulation = "S.3.6" Computed;
    ReferenceArea = "S.3.7" Computed;
    TimeCoverage = "S.3.8" Computed;
    UnitOfMeasure = "S.4" Computed;
    ReferencePeriod = "S.5" Computed;
    InstitutionalMandate = "S.6" Computed;
    LegalActs = "S.6.1" Text;
    DataSharing = "S.6.2" Text;
    Confidentiality = "S.7" Computed;
    ConfidentialityPolicy = "S.7.1" Text;
    ConfidentialityTreatment = "S.7.2" Computed;
    ReleasePolicy = "S.8" Computed;
    ReleaseCalendar = "S.8.1" Both;
    UserAccess = "S.8.3" Text;
    Frequency = "S.9" Text;
    AccessibilityAndClarity = "S.10" Computed;
    OnlineDatabase = "S.10.3" Computed;
    MicrodataAccess = "S.10.4" Text;
    MethodDocumentation = "S.10.6" Computed;
    QualityManagement = "S.11" Computed;
    QualityAssurance = "S.11.1" Both;
    QualityAssessment = "S.11.2" Text;
    Relevance = "S.12" Computed;
    UserNeeds = "S.12.1" Text;
    UserSatisfaction = "S.12.2" Text;
    Completeness = "S.12.3" Computed;
    Accuracy = "S.13" Computed;
    OverallAccuracy = "S.13.1" Text;
    SamplingError = "S.13.2" Computed;
    NonSamplingError = "S.13.3" Computed;
    CoverageError = "S.13.3.1" Both;
    MeasurementError = "S.13.3.2" Both;
    NonResponseError = "S.13.3.3" Computed;
    ProcessingError = "S.13.3.4" Text;
    ModelError = "S.13.3.5" Text;
    TimelinessAndPunctuality = "S.14" Computed;
    Timeliness = "S.14.1" Computed;
    Punctuality = "S.14.2" Computed;
    CoherenceAndComparability = "S.15" Computed;
    GeographicalComparability = "S.15.1" Text;
    ComparabilityOverTime = "S.15.2" Computed;
    CrossDomainCoherence = "S.15.3" Text;
    InternalCoherence = "S.15.4" Computed;
    CostAndBurden = "S.16" Both;
    DataRevision = "S.17" Computed;
    RevisionPolicy = "S.17.1" Text;
    RevisionPractice = "S.17.2" Computed;
    StatisticalProcessing = "S.18" Computed;
    SourceData = "S.18.1" Both;
    CollectionFrequency = "S.18.2" Text;
    DataCollection = "S.18.3" Both;
    DataValidation = "S.18.4" Computed;
    DataCompilation = "S.18.5" Both;
    Comment = "S.19" Text;
}

impl Concept {
    /// How deep it lies: 0 for `S.13`, 1 for `S.13.3`, 2 for `S.13.3.1`.
    #[must_use]
    pub fn depth(self) -> usize {
        self.number().matches('.').count() - 1
    }

    /// Whether `quality.toml` may tell it.
    #[must_use]
    pub fn takes_text(self) -> bool {
        matches!(self.filled(), Filled::Text | Filled::Both)
    }

    /// The concept of a number.
    #[must_use]
    pub fn numbered(number: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|concept| concept.number() == number)
    }
}

#[cfg(test)]
mod tests {
    use super::Concept;

    #[test]
    fn every_concept_stands_behind_the_one_that_it_is_a_part_of() {
        for (place, concept) in Concept::ALL.iter().enumerate().filter(|(_, concept)| concept.depth() > 0) {
            let (above, _) = concept.number().rsplit_once('.').expect("a part has a dot");
            let above = Concept::numbered(above).expect("what it is a part of is there");
            assert!(Concept::ALL[..place].contains(&above), "{}", concept.number());
        }
    }

    #[test]
    fn the_structure_has_nineteen_chapters_in_order() {
        let chapters = Concept::ALL.iter().filter(|concept| concept.depth() == 0).map(|concept| concept.number());
        let expected: Vec<String> = (1..=19).map(|number| format!("S.{number}")).collect();
        assert_eq!(chapters.collect::<Vec<_>>(), expected);
    }
}
