//! Every text that a pack must have, with the places that it must fill and the one of them that its nouns agree with.

macro_rules! words {
    (@counted) => { None };
    (@counted $number:literal) => { Some($number) };
    ($($word:ident = $key:literal [$($place:literal),*] $(by $number:literal)?;)*) => {
        /// A text of the language pack.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Word { $($word),* }

        impl Word {
            /// All of them, in the order of the packs.
            pub(crate) const ALL: &[Self] = &[$(Self::$word),*];

            /// Its key in a pack and, when it has no places, in templates.
            pub(crate) fn key(self) -> &'static str {
                match self { $(Self::$word => $key),* }
            }

            /// The places that its text must fill.
            pub(crate) fn places(self) -> &'static [&'static str] {
                match self { $(Self::$word => &[$($place),*]),* }
            }

            /// The place whose number asks for a form of the nouns around it: a pack may give the text once for each form.
            pub(crate) fn counted(self) -> Option<&'static str> {
                match self { $(Self::$word => words!(@counted $($number)?)),* }
            }
        }
    };
}

words! {
    // The frame of every page.
    LanguageName = "language_name" [];
    SkipToContent = "skip_to_content" [];
    MainNavigation = "main_navigation" [];
    LanguageNavigation = "language_navigation" [];
    PageNavigation = "page_navigation" [];
    Errata = "errata" [];
    ErrataLead = "errata_lead" [];
    EditionColumn = "edition_column" [];
    EditionNotice = "edition_notice" ["edition", "date"];
    ErratumCorrection = "erratum_correction" ["date", "edition"];
    ErratumRevision = "erratum_revision" ["date", "edition"];
    ErratumWithdrawal = "erratum_withdrawal" ["date", "edition"];
    ErratumAddition = "erratum_addition" ["date", "edition"];
    ErratumWrong = "erratum_wrong" [];
    ErratumChanged = "erratum_changed" [];
    ErratumTouches = "erratum_touches" [];
    ErratumAllTables = "erratum_all_tables" [];
    ErratumNumbers = "erratum_numbers" [];
    ErratumNumber = "erratum_number" [];
    ErratumBefore = "erratum_before" [];
    ErratumNow = "erratum_now" [];
    ErratumNotShown = "erratum_not_shown" [];
    ErratumUntold = "erratum_untold" [];
    EarlierEditions = "earlier_editions" [];
    RevisedMark = "revised_mark" [];
    CalendarHeading = "calendar_heading" [];
    Home = "home" [];
    Themes = "themes" [];
    Method = "method" [];
    Data = "data" [];
    DataLead = "data_lead" [];
    DataRelease = "data_release" [];
    DataTables = "data_tables" [];
    DataTableColumn = "data_table_column" [];
    DataFilesColumn = "data_files_column" [];
    DataFormatColumn = "data_format_column" [];
    DataPurposeColumn = "data_purpose_column" [];
    DataSizeColumn = "data_size_column" [];
    DataSize = "data_size" ["kilobytes"];
    DataForWorkbook = "data_for_workbook" [];
    DataForOpenWorkbook = "data_for_open_workbook" [];
    DataForTidy = "data_for_tidy" [];
    DataForColumns = "data_for_columns" [];
    DataForExchange = "data_for_exchange" [];
    DataForCodebook = "data_for_codebook" [];
    DataForDescription = "data_for_description" [];
    DataForPortals = "data_for_portals" [];
    DataForRepositories = "data_for_repositories" [];
    DataForTidyTable = "data_for_tidy_table" [];
    DataForOfficeTables = "data_for_office_tables" [];
    DataForWebTables = "data_for_web_tables" [];
    NextTheme = "next_theme" [];
    PreviousTheme = "previous_theme" [];
    Publisher = "publisher" [];
    Published = "published" [];
    WholeReport = "whole_report" [];
    AddedIntervals = "added_intervals" [];
    DraftMark = "draft_mark" [];
    DraftNotice = "draft_notice" [];
    SyntheticMark = "synthetic_mark" [];
    SyntheticNotice = "synthetic_notice" [];

    // The front page.
    Edition = "edition" ["country", "window"];
    KeyFindings = "key_findings" [];
    AboutSurvey = "about_survey" [];
    VariantsHeading = "variants_heading" [];
    VariantScope = "variant_scope" ["whom"];
    VariantWhole = "variant_whole" [];
    IntervalShort = "interval_short" ["level", "low", "high"];
    IntervalShortApproximate = "interval_short_approximate" ["level", "low", "high"];
    FieldworkOf = "fieldwork_of" ["answers", "population"];
    FieldworkAlone = "fieldwork_alone" ["answers"];
    CountOfUnits = "count_of_units" ["count", "unit"];
    ReadMethod = "read_method" [];
    PrintEdition = "print_edition" [];
    PrintLead = "print_lead" [];
    PrintVolume = "print_volume" ["number", "total"];
    Contents = "contents" [];

    // What stands beside the themes.
    LocalCase = "local_case" [];
    Article = "article" [];
    PressMarkdown = "press_markdown" [];
    PressPlain = "press_plain" [];
    AboutPublication = "about_publication" [];
    Contact = "contact" [];
    Accessibility = "accessibility" [];
    AccessibilityScope = "accessibility_scope" ["publisher"];
    AccessibilityLaw = "accessibility_law" ["law"];
    AccessibilityStatusHeading = "accessibility_status_heading" [];
    AccessibilityFull = "accessibility_full" [];
    AccessibilityPartial = "accessibility_partial" [];
    AccessibilityNone = "accessibility_none" [];
    AccessibilityUnassessed = "accessibility_unassessed" [];
    AccessibilityContentHeading = "accessibility_content_heading" [];
    AccessibilityContentNone = "accessibility_content_none" [];
    AccessibilityPreparationHeading = "accessibility_preparation_heading" [];
    AccessibilityPreparedByPublisher = "accessibility_prepared_by_publisher" ["date"];
    AccessibilityPreparedByOthers = "accessibility_prepared_by_others" ["date"];
    AccessibilityReviewed = "accessibility_reviewed" ["date"];
    AccessibilityAutomatic = "accessibility_automatic" [];
    AccessibilityCharts = "accessibility_charts" [];
    AccessibilityFeedbackHeading = "accessibility_feedback_heading" [];
    AccessibilityFeedback = "accessibility_feedback" ["contact"];
    AccessibilityAskPublisher = "accessibility_ask_publisher" [];
    AccessibilityEnforcementHeading = "accessibility_enforcement_heading" [];
    AccessibilityEnforcement = "accessibility_enforcement" ["body"];
    AccessibilityEnforcementUnknown = "accessibility_enforcement_unknown" [];

    // Where a figure's numbers come from.
    SourceLink = "source_link" [];
    SourceFiles = "source_files" [];
    SourceQuestion = "source_question" [];
    SourceDefinition = "source_definition" [];
    SourceSql = "source_sql" [];

    // The page of questions.
    QuestionsTitle = "questions_title" [];
    QuestionsLead = "questions_lead" [];
    QuestionsRegister = "questions_register" [];
    QuestionsDerived = "questions_derived" [];
    // The page of comparability.
    ComparabilityTitle = "comparability_title" [];
    ComparabilityLead = "comparability_lead" [];
    ComparabilityInShort = "comparability_in_short" [];
    ComparabilityRead = "comparability_read" [];
    ComparabilityTable = "comparability_table" [];
    ComparabilityTableNote = "comparability_table_note" [];
    ComparabilityItem = "comparability_item" [];
    ComparabilityCore = "comparability_core" [];
    ComparabilityCoreName = "comparability_core_name" [];
    ComparabilityOwnName = "comparability_own_name" [];
    ComparabilitySame = "comparability_same" [];
    ComparabilityReworded = "comparability_reworded" [];
    ComparabilityOtherScale = "comparability_other_scale" [];
    ComparabilityOtherBase = "comparability_other_base" [];
    ComparabilityOtherUnit = "comparability_other_unit" [];
    ComparabilityOtherMode = "comparability_other_mode" [];
    ComparabilityUnknown = "comparability_unknown" [];
    ComparabilityAbsent = "comparability_absent" [];
    ComparabilityOwn = "comparability_own" [];
    ComparabilityDerived = "comparability_derived" [];
    ComparabilityReasons = "comparability_reasons" [];
    ComparabilityBreaks = "comparability_breaks" [];
    ComparabilityWordings = "comparability_wordings" [];
    ComparabilityWordingsNote = "comparability_wordings_note" [];
    ComparabilityDifference = "comparability_difference" [];
    QuestionWordingUnknown = "question_wording_unknown" [];
    QuestionAskedAll = "question_asked_all" [];
    QuestionAskedIf = "question_asked_if" ["condition"];
    QuestionFromRegister = "question_from_register" [];
    QuestionComputed = "question_computed" ["definition"];
    QuestionNumber = "question_number" [];
    QuestionDate = "question_date" [];
    QuestionText = "question_text" [];
    QuestionItems = "question_items" [];
    QuestionAnswers = "question_answers" [];
    QuestionFigures = "question_figures" [];

    // The index of figures and questions.
    Search = "search" [];
    SearchLead = "search_lead" [];
    SearchLabel = "search_label" [];
    SearchFigures = "search_figures" [];
    SearchFound = "search_found" ["count"];

    // Numbers, lists and quotations.
    Percent = "percent" ["number"];
    Points = "points" ["number"] by "number";
    Interval = "interval" ["low", "high"];
    Quote = "quote" ["quoted"];
    ListAnd = "list_and" [];
    ListOr = "list_or" [];
    Total = "total" [];

    // Proposals to the editor, for a sentence that does not hold.
    ProposalMoreOften = "proposal_more_often" ["group", "than"];
    ProposalNoDifference = "proposal_no_difference" [];

    // The editor's proof sheet.
    ProofTitle = "proof_title" [];
    ProofLead = "proof_lead" [];
    ProofWords = "proof_words" [];
    ProofNumber = "proof_number" [];
    ProofSlack = "proof_slack" [];
    ProofWithin = "proof_within" ["points"];
    ProofExact = "proof_exact" [];
    ProofFar = "proof_far" [];
    ProofDown = "proof_down" ["points"];
    ProofUp = "proof_up" ["points"];
    ProofEither = "proof_either" ["down", "up"];

    // Charts and their tables.
    AxisShare = "axis_share" [];
    AxisMean = "axis_mean" [];
    AxisTotal = "axis_total" [];
    AxisRatio = "axis_ratio" [];
    AxisMedian = "axis_median" [];
    AxisQuantile = "axis_quantile" [];
    RowColumn = "row_column" [];
    IntervalColumn = "interval_column" ["level"];
    IntervalColumnApproximate = "interval_column_approximate" ["level"];
    AnswerColumn = "answer_column" [];
    LowColumn = "low_column" [];
    HighColumn = "high_column" [];
    AnswersColumn = "answers_column" [];
    DataTable = "data_table" [];
    DownloadChart = "download_chart" [];
    FewAnswers = "few_answers" [];
    Imprecise = "imprecise" [];
    Confidential = "confidential" [];
    Unreliable = "unreliable" [];
    Empty = "empty" [];
    NotEstimable = "not_estimable" [];
    WithheldTable = "withheld_table" ["reason"];
    WithheldBreakdown = "withheld_breakdown" ["breakdown", "reason"];

    // The caption, in its order.
    ShowsShare = "shows_share" ["title", "base"];
    ShowsMean = "shows_mean" ["title", "base"];
    ShowsTotal = "shows_total" ["title", "base"];
    ShowsRatio = "shows_ratio" ["title", "base", "over"];
    ShowsMedian = "shows_median" ["title", "base"];
    ShowsQuantile = "shows_quantile" ["title", "base", "percent"];
    ShowsShareBy = "shows_share_by" ["what", "breakdown", "base"];
    ShowsMeanBy = "shows_mean_by" ["what", "breakdown", "base"];
    ShowsTotalBy = "shows_total_by" ["what", "breakdown", "base"];
    ShowsRatioBy = "shows_ratio_by" ["what", "breakdown", "base", "over"];
    ShowsMedianBy = "shows_median_by" ["what", "breakdown", "base"];
    ShowsQuantileBy = "shows_quantile_by" ["what", "breakdown", "base", "percent"];
    Question = "question" ["question"];
    Questions = "questions" ["questions"];
    MadeOf = "made_of" ["row", "definition"];
    MadeOfMany = "made_of_many" [];
    Merged = "merged" [];
    CountedAnswer = "counted_answer" ["answer"];
    Sides = "sides" ["left", "right"];
    CountedAnswers = "counted_answers" ["answers"];
    Asked = "asked" ["base"];
    CountingUnit = "counting_unit" ["unit"];
    Omitted = "omitted" ["answers"];
    OmittedShare = "omitted_share" ["answer", "share"];
    SumAboveHundred = "sum_above_hundred" [];
    SeveralAnswers = "several_answers" [];
    SumRounding = "sum_rounding" [];
    TotalRounding = "total_rounding" [];
    TestMajority = "test_majority" ["test"];
    TestMostCommon = "test_most_common" ["test"];
    TestedLead = "tested_lead" ["what"];
    TestedLeadInGroup = "tested_lead_in_group" ["what", "breakdown", "group"];
    TestMoreOften = "test_more_often" ["test"];
    TestFarMoreOften = "test_far_more_often" ["points", "test"] by "points";
    TestAboutTheSame = "test_about_the_same" ["points", "level"] by "points";
    TestFamily = "test_family" ["level", "tests"];
    TestFamilyOfOne = "test_family_of_one" ["level"];
    LinesShow = "lines_show" [];
    TableShows = "table_shows" [];
    IntervalResponse = "interval_response" ["shown", "level"];
    IntervalDesign = "interval_design" ["shown", "level"];
    IntervalApproximate = "interval_approximate" ["shown", "level"];
    WeightedResponse = "weighted_response" [];
    WeightedSupplied = "weighted_supplied" [];
    WeightedCalibrated = "weighted_calibrated" [];
    Unweighted = "unweighted" [];
    Answers = "answers" ["n"];

    // The tests of a page.
    FactsHeading = "facts_heading" [];
    FactChecked = "fact_checked" ["source", "date"];
    TestsHeading = "tests_heading" [];
    TestsNote = "tests_note" ["level", "tests"];
    TestsNoteOfOne = "tests_note_of_one" ["level"];
    TestedColumn = "tested_column" [];
    TestedSizeColumn = "tested_size_column" [];
    NullColumn = "null_column" [];
    TestedDifference = "tested_difference" ["what", "breakdown", "group", "than"];
    TestedShare = "tested_share" ["what", "breakdown", "group"];

    // Conditions in words.
    ConditionEqual = "condition_equal" ["left", "right"];
    ConditionNotEqual = "condition_not_equal" ["left", "right"];
    ConditionLess = "condition_less" ["left", "right"];
    ConditionLessOrEqual = "condition_less_or_equal" ["left", "right"];
    ConditionGreater = "condition_greater" ["left", "right"];
    ConditionGreaterOrEqual = "condition_greater_or_equal" ["left", "right"];
    ConditionBetween = "condition_between" ["value", "low", "high"];
    ConditionNot = "condition_not" ["condition"];
    ConditionMissing = "condition_missing" ["value"];
    ConditionComputed = "condition_computed" ["variables"];

    // The chart in words, for those who do not see it.
    ChartDescription = "chart_description" ["count", "title"] by "count";
    ChartGrouped = "chart_grouped" ["count", "title"] by "count";
    ChartStacked = "chart_stacked" ["count", "title"] by "count";
    ChartDiverging = "chart_diverging" ["count", "title"] by "count";
    ChartDots = "chart_dots" ["count", "title"] by "count";
    ChartShare = "chart_share" ["title"];
    ChartWaves = "chart_waves" ["count", "title"] by "count";
    ChartTitleBy = "chart_title_by" ["title", "breakdown"];
    ChartFinding = "chart_finding" ["headline"];
    ChartAlike = "chart_alike" ["value"];
    ChartExtremes = "chart_extremes" ["highest", "highest_value", "highest_interval", "lowest", "lowest_value", "lowest_interval"];
    ChartSingle = "chart_single" ["label", "value", "interval"];
    ChartHidden = "chart_hidden" ["names"];
    ChartAnswers = "chart_answers" ["n"] by "n";
    ChartSource = "chart_source" ["source"];

    // The method page.
    MethodIntroduction = "method_introduction" [];
    PopulationHeading = "population_heading" [];
    SurveyUnit = "survey_unit" [];
    SurveyPopulation = "survey_population" [];
    SurveySpeaksFor = "survey_speaks_for" [];
    SurveyWeights = "survey_weights" [];
    SurveyCutPoints = "survey_cut_points" ["answers"];
    SurveyUnknown = "survey_unknown" [];
    SampleHeading = "sample_heading" [];
    SampleStratified = "sample_stratified" ["strata", "count"] by "count";
    SampleOneStratum = "sample_one_stratum" [];
    SampleClusters = "sample_clusters" ["clusters"];
    SampleStages = "sample_stages" ["clusters", "stages"];
    SampleReplicates = "sample_replicates" ["method"];
    ReplicatesJackknife = "replicates_jackknife" ["name"];
    ReplicatesHalves = "replicates_halves" [];
    ReplicatesFay = "replicates_fay" ["rho"];
    ReplicatesBootstrap = "replicates_bootstrap" [];
    ReplicatesDifferences = "replicates_differences" [];
    ReplicatesAroundMean = "replicates_around_mean" [];
    ReplicatesAroundEstimate = "replicates_around_estimate" [];
    CorrectionFrame = "correction_frame" [];
    CorrectionNone = "correction_none" [];
    LonelyRefuse = "lonely_refuse" [];
    LonelyCertainty = "lonely_certainty" [];
    LonelyCentre = "lonely_centre" [];
    LonelyAverage = "lonely_average" [];
    AnswersHeading = "answers_heading" [];
    AnswersIntroduction = "answers_introduction" [];
    CountsColumn = "counts_column" [];
    NumberColumn = "number_column" [];
    RowsOfExport = "rows_of_export" [];
    IncompleteRows = "incomplete_rows" [];
    PreviewRows = "preview_rows" [];
    DuplicateRows = "duplicate_rows" [];
    OtherWaveRows = "other_wave_rows" [];
    OutOfScopeRows = "out_of_scope_rows" [];
    ZeroWeightRows = "zero_weight_rows" [];
    UsableAnswers = "usable_answers" [];
    UnitsOfPopulation = "units_of_population" [];
    ShareAnswered = "share_answered" [];
    StrataWithAnswers = "strata_with_answers" [];
    QualityHeading = "quality_heading" [];
    QualityIntroduction = "quality_introduction" [];
    CheckColumn = "check_column" [];
    CasesColumn = "cases_column" [];
    FewerThan = "fewer_than" ["k"];
    MedianTime = "median_time" ["minutes"] by "minutes";
    GapsNone = "gaps_none" [];
    GapsHeading = "gaps_heading" [];
    GapsIntroduction = "gaps_introduction" ["questions", "count", "shown"] by "count";
    QuestionColumn = "question_column" [];
    RefusedColumn = "refused_column" [];
    BlankColumn = "blank_column" [];
    CheckAnswerNotAsked = "check_answer_not_asked" [];
    CheckUnexplainedGap = "check_unexplained_gap" [];
    CheckRange = "check_range" [];
    CheckUnique = "check_unique" [];
    CheckSum = "check_sum" [];
    CheckCondition = "check_condition" [];
    CheckFieldwork = "check_fieldwork" [];
    CheckRepeatedAnswers = "check_repeated_answers" [];
    CheckStraightLining = "check_straight_lining" [];
    CheckSpeeding = "check_speeding" [];
    Quality = "quality" [];
    QualityLead = "quality_lead" [];
    ResponseHeading = "response_heading" [];
    ResponseFormula = "response_formula" [];
    ResponseUnknown = "response_unknown" [];
    CompletionFormula = "completion_formula" [];
    DrawnUnits = "drawn_units" [];
    OutOfScopeUnits = "out_of_scope_units" [];
    UnfinishedAnswers = "unfinished_answers" [];
    ResponseRate = "response_rate" [];
    CompletionRate = "completion_rate" [];
    CoverageHeading = "coverage_heading" ["breakdown"];
    CoverageIntroduction = "coverage_introduction" [];
    CoverageWithheld = "coverage_withheld" ["breakdowns"];
    PopulationColumn = "population_column" [];
    PopulationShareColumn = "population_share_column" [];
    AnswersShareColumn = "answers_share_column" [];
    PrecisionHeading = "precision_heading" [];
    PrecisionIntroduction = "precision_introduction" ["level"];
    KeyFigureColumn = "key_figure_column" [];
    EstimateColumn = "estimate_column" [];
    StandardErrorColumn = "standard_error_column" [];
    WeightingHeading = "weighting_heading" [];
    WeightingIntroduction = "weighting_introduction" [];
    WeightedColumn = "weighted_column" [];
    UnweightedColumn = "unweighted_column" [];
    ShownHeading = "shown_heading" [];
    ShownIntroduction = "shown_introduction" [];
    ShownNumbers = "shown_numbers" [];
    ShownFlagged = "shown_flagged" ["reason"];
    NotShown = "not_shown" ["reason"];
    DontKnowHeading = "dont_know_heading" [];
    DontKnowIntroduction = "dont_know_introduction" [];
    BasesHeading = "bases_heading" [];
    BasesIntroduction = "bases_introduction" [];
    BaseColumn = "base_column" [];
    CountingUnitColumn = "counting_unit_column" [];
    WeightsHeading = "weights_heading" [];
    WeightsResponse = "weights_response" [];
    WeightsCollapsed = "weights_collapsed" ["count"] by "count";
    WeightsSupplied = "weights_supplied" [];
    WeightsEqual = "weights_equal" [];
    WeightsPoststratified = "weights_poststratified" ["margins"];
    WeightsRaked = "weights_raked" ["margins"];
    WeightsLinear = "weights_linear" ["margins"];
    WeightsLogit = "weights_logit" ["margins", "low", "high"];
    WeightsExplained = "weights_explained" [];
    MarginCells = "margin_cells" ["variables"];
    MarginNumber = "margin_number" ["variable"];
    WeightsTrimmed = "weights_trimmed" ["bounds"];
    BoundLowest = "bound_lowest" ["weight"];
    BoundHighest = "bound_highest" ["weight"];
    TimesMedian = "times_median" ["times"];
    TimesMean = "times_mean" ["times"];
    WeightsUnequal = "weights_unequal" [];
    WeightsColumn = "weights_column" [];
    ValueColumn = "value_column" [];
    SmallestWeight = "smallest_weight" [];
    LargestWeight = "largest_weight" [];
    WeightsEffect = "weights_effect" [];
    TrimmedShare = "trimmed_share" [];
    IntervalsHeading = "intervals_heading" [];
    IntervalsHow = "intervals_how" ["level"];
    IntervalsReplicated = "intervals_replicated" ["level"];
    IntervalsCover = "intervals_cover" [];
    IntervalsNot = "intervals_not" [];
    SentencesHeading = "sentences_heading" [];
    SentencesChecked = "sentences_checked" [];
    SentencesTested = "sentences_tested" ["level", "test_level"];
    SentencesUntested = "sentences_untested" [];
    RoundingNote = "rounding_note" [];
    DefinitionsHeading = "definitions_heading" [];
    DefinitionsIntroduction = "definitions_introduction" [];
    DisclosureHeading = "disclosure_heading" [];
    DisclosureRule = "disclosure_rule" ["k"];
    QualityRule = "quality_rule" ["unreliable", "points", "flagged"];
    QualityOfOffice = "quality_of_office" ["office"];
    WithheldHeading = "withheld_heading" [];
    WithheldNothing = "withheld_nothing" [];
    WithheldWhole = "withheld_whole" ["table", "reason"];
    WithheldPart = "withheld_part" ["table", "breakdown", "reason"];
    SymbolsHeading = "symbols_heading" [];
    SymbolColumn = "symbol_column" [];
    MeaningColumn = "meaning_column" [];

    // Several survey waves beside each other, and what was printed of them.
    WavesShown = "waves_shown" ["waves"];
    NotAsked = "not_asked" [];
    NotAtHand = "not_at_hand" [];
    PrintedThen = "printed_then" [];
    OutsideSeries = "outside_series" ["wave", "because"];
    SeriesBreak = "series_break" ["before", "behind", "because"];
    TestChange = "test_change" ["test"];
    TestUnchanged = "test_unchanged" ["level", "points"] by "points";
    TestedChange = "tested_change" ["what", "wave"];
    ChartColumns = "chart_columns" ["count", "title"] by "count";
    WaveColumn = "wave_column" [];
    SeriesHeading = "series_heading" [];
    SeriesIntroduction = "series_introduction" [];
    SamplesIndependent = "samples_independent" ["earlier", "later", "source"];
    SamplesCoordinated = "samples_coordinated" ["earlier", "later", "source"];
    SamplesPanel = "samples_panel" ["earlier", "later", "source"];
    BackTestHeading = "back_test_heading" [];
    BackTestIntroduction = "back_test_introduction" [];
    PrintedColumn = "printed_column" [];
    TodayColumn = "today_column" [];
    PrintedAnswersColumn = "printed_answers_column" [];
    TodayAnswersColumn = "today_answers_column" [];
    PrintedUnweighted = "printed_unweighted" ["what"];
    WavesFile = "waves_file" [];

    // Comparisons over countries.
    ComparisonDemonstration = "comparison_demonstration" ["title"];
    ComparisonEdition = "comparison_edition" [];
    ComparisonEditions = "comparison_editions" [];
    ComparisonCountry = "comparison_country" [];
    ComparisonNumbersFrom = "comparison_numbers_from" [];
    ComparisonNote = "comparison_note" [];
    ComparisonFromPrinted = "comparison_from_printed" [];
    ComparisonFromRelease = "comparison_from_release" ["edition"];
    ComparisonDesigns = "comparison_designs" [];
    ComparisonDesignsLead = "comparison_designs_lead" [];
    ComparisonCharacteristic = "comparison_characteristic" [];
    ComparisonUnit = "comparison_unit" [];
    ComparisonPopulation = "comparison_population" [];
    ComparisonGroup = "comparison_group" [];
    ComparisonFrame = "comparison_frame" [];
    ComparisonMode = "comparison_mode" [];
    ComparisonFieldwork = "comparison_fieldwork" [];
    ComparisonResponse = "comparison_response" [];
    ComparisonResponseFormula = "comparison_response_formula" [];
    ComparisonWeights = "comparison_weights" [];
    ComparisonSpeaksFor = "comparison_speaks_for" [];
    ComparisonSource = "comparison_source" [];
    ComparisonNotKnown = "comparison_not_known" [];
    ComparisonComparabilityLead = "comparison_comparability_lead" [];
    ComparisonNotComparable = "comparison_not_comparable" ["why"];
    ComparisonInWords = "comparison_in_words" [];
    ComparisonUnweighted = "comparison_unweighted" [];
    ComparisonNotPublished = "comparison_not_published" [];
    ComparisonOwnDerivation = "comparison_own_derivation" [];
    ComparisonOtherCore = "comparison_other_core" [];
    ComparisonNoLedger = "comparison_no_ledger" [];
    ComparisonLeftOut = "comparison_left_out" ["items"];
    ComparisonLeftOutHeading = "comparison_left_out_heading" [];
    ComparisonTooFew = "comparison_too_few" [];
    ComparisonSources = "comparison_sources" ["sources"];
    ComparisonOrder = "comparison_order" [];
    ComparisonAllCells = "comparison_all_cells" [];
    ComparisonLimits = "comparison_limits" [];
    ComparisonSourceOrReason = "comparison_source_or_reason" [];
    ComparisonDataLead = "comparison_data_lead" [];
    ComparisonMethodItems = "comparison_method_items" [];
    ComparisonMethodSame = "comparison_method_same" ["version"];
    ComparisonMethodPrinted = "comparison_method_printed" [];
    ComparisonMethodReleased = "comparison_method_released" [];
    ComparisonMethodDifferences = "comparison_method_differences" [];
    ComparisonMethodOrder = "comparison_method_order" [];
}
