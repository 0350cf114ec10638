//! What was asked, of whom, how they were sampled, and what is published about them.
//!
//! A country is a folder of TOML files. [`Country::read`] turns their texts into one checked [`Country`], or into findings:
//! it reads in two steps, *as written* (every key, with its place) and *as meant* (names resolved, expressions typed), and
//! it reports everything that is wrong in one go. Everything after it may rely on what it promises: every name that a
//! [`Country`] mentions exists, every expression is admitted and typed, every table can be planned.
//!
//! This crate holds the vocabulary of the whole program, so it must stay light: it knows neither Arrow nor DataFusion nor
//! templates, sees no respondent's answer but through [`Expr::evaluate`], and touches no disk, clock or environment.

mod accessibility;
mod answer_time;
mod calibration;
mod checks;
mod claim;
mod class;
mod comparison;
mod confidence;
mod core_questionnaire;
mod country;
mod data_file;
mod decimal;
mod design;
mod edition;
mod erratum;
mod expression;
mod fact;
mod fieldwork;
mod finding;
mod indicator;
mod insert;
mod ledger;
mod licence;
mod loops;
mod moment;
mod name;
mod narrow;
mod printed;
mod protection;
mod read;
mod replicates;
mod series;
mod shared_item;
mod sims;
mod survey;
mod table;
mod text;
mod tool;
mod variable;
mod variant;
mod wave;
mod window;

pub use accessibility::{Accessibility, Assessment, Assessor, Compliance};
pub use answer_time::{AnswerTimeWords, NoAnswerTime, Third, answer_time, days_between};
pub use calibration::{
    CalibrationMethod, CalibrationRecipe, CellTotals, FactorBounds, Margin, MarginFile, MarginOf, TrimRecipe,
    WeightBound,
};
pub use checks::{Check, CheckKind, CheckRule, CheckSeverities, CheckSeverity};
pub use claim::{
    CellName, Claim, ClaimId, Comparison, Direction, Lean, Predicate, RowComparison, SharePhrase, Spoken, Wording,
};
pub use class::{ColumnClass, column_classes};
pub use comparison::{
    CellSource, ComparedDesign, ComparedEdition, ComparisonPage, CountryComparison, InComparison, MemberCountry,
};
pub use confidence::ConfidenceLevel;
pub use core_questionnaire::CoreQuestionnaire;
pub use country::{Country, Press, SourceFile};
pub use data_file::{
    Argument, ColumnKind, DifferenceSpec, FileColumn, FileColumns, FileExpression, Purpose, QuantileSpec, RatioSpec,
    TestSpec, TrendSpec,
};
pub use decimal::{Decimal, DecimalError};
pub use design::{
    ClusterAnswers, Design, FrameCount, LonelyPsu, Population, StageAnswers, StratumAnswers, WeightRecipe,
};
pub use edition::EditionId;
pub use erratum::{CellOf, Edited, Erratum, ErratumKind, Touched};
pub use expression::{Comparator, Expr, Literal, Operator, ScalarFunction, SqlType, Value};
pub use fact::{Allowed, Fact, Told};
pub use fieldwork::{AnswerTimes, FieldworkPeriod, LeaveOut, LeftOut, RowsOf};
pub use finding::{Finding, Place, Severity};
pub use indicator::{Indicator, Lag};
pub use insert::{Case, PageKind, Quotation};
pub use ledger::{BreakCause, BreakReason, Comparability, Ledger, LedgerLine, Sameness, SeriesBreak};
pub use loops::{LoopColumn, LoopFile, LoopRule, LoopTable};
pub use moment::{ReleaseMoment, Standing};
pub use name::{
    BaseId, Code, ComparedId, CountryId, ErratumId, FigureId, InsertId, Language, NameError, RowId, TableId, ThemeId,
    VariableName, VariantId, WaveId,
};
pub use printed::{Printed, PrintedNumber, Weighting};
pub use protection::{Extremes, MagnitudeRule, Numerators, Protection, QualityPreset, Sensitivity};
pub use replicates::{ColumnPattern, ReplicateCentre, ReplicateKind, ReplicateRecipe};
pub use series::{Joint, Samples, Series, WavePair};
pub use shared_item::{SharedItem, SharedKind};
pub use sims::{Concept, Filled};
pub use survey::{Survey, UNKNOWN};
pub use table::{Base, Chart, ChartKind, Figure, Measure, Parts, QuantileRule, Row, Scale, TableSpec, Theme};
pub use text::Translated;
pub use tool::SurveyTool;
pub use variable::{
    Battery, BatteryKind, Category, Codebook, CoreItem, CoreUse, Kind, NotTaken, Origin, Role, Variable,
};
pub use variant::Variant;
pub use wave::{
    AnswerFile, Choice, Completion, FrameFile, Missing, RawValue, Recode, RegisterFile, SlashedDays, Wave, Written,
};
