//! What a country's statistics law and its office ask of published cells, beyond the smallest base.

/// Of which cells also the answers in the category, and those not in it, must not be few.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub enum Numerators {
    /// Of none: only the base counts.
    Never,
    /// Of tables that are marked as sensitive, and where everybody of the stratum answered.
    #[default]
    Sensitive,
    /// Of all shares.
    Always,
}

impl Numerators {
    /// Every choice, in the order of the documentation.
    pub const ALL: [Self; 3] = [Self::Never, Self::Sensitive, Self::Always];

    /// The word in `country.toml`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Sensitive => "sensitive",
            Self::Always => "always",
        }
    }
}

/// Whether it may be told that nobody of a group, or everybody, is in a category: it is then told of each of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub enum Extremes {
    /// It may, whatever it is about.
    #[default]
    Shown,
    /// Not of tables that are marked as sensitive.
    Sensitive,
    /// Of none.
    Hidden,
}

impl Extremes {
    /// Every choice, in the order of the documentation.
    pub const ALL: [Self; 3] = [Self::Shown, Self::Sensitive, Self::Hidden];

    /// The word in `country.toml`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Sensitive => "sensitive",
            Self::Hidden => "hidden",
        }
    }
}

/// Whose rules tell when an estimate is too uncertain to be shown, or to be shown without a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub enum QualityPreset {
    /// Fewer than 30 answers, or a share's interval wider than 30 points: not shown. Fewer than 50 answers: marked.
    #[default]
    Usual,
    /// National Center for Health Statistics, Data Presentation Standards for Proportions (2017): a share is not shown with fewer than 30 answers or
    /// effective answers, an interval of 30 points or more, or one of more than 5 points that is wider than 1.3 times the share.
    Nchs,
    /// Office for National Statistics: a coefficient of variation of 20 per cent or more is marked as unreliable, and nothing is hidden for it.
    Ons,
    /// Statistics Canada: fewer than 30 answers, or a coefficient of variation above 33.3 per cent: not shown. Above 16.5 per cent: marked.
    Statcan,
    /// Everything that is not confidential is shown without a mark.
    None,
}

impl QualityPreset {
    /// Every choice, in the order of the documentation.
    pub const ALL: [Self; 5] = [Self::Usual, Self::Nchs, Self::Ons, Self::Statcan, Self::None];

    /// The word in `country.toml`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Usual => "usual",
            Self::Nchs => "nchs",
            Self::Ons => "ons",
            Self::Statcan => "statcan",
            Self::None => "none",
        }
    }
}

/// When a total, mean or ratio tells too much of its largest contributors. A contributor that stands for several of the population counts as so many of
/// the same size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub enum MagnitudeRule {
    /// The n largest are more than k per cent of all: the (n, k) rule.
    Dominance {
        /// How many, from 1 to 5.
        n: u8,
        /// Per cent, from 1 to 100.
        k: u8,
    },
    /// All but the two largest are less than p per cent of the largest, so the second largest could tell the largest within p per cent.
    Percent {
        /// Per cent, from 1 to 100.
        p: u8,
    },
    /// The same for one who knows every other one within q per cent beforehand: the (p, q) rule.
    PriorPosterior {
        /// Per cent, from 1 to 100.
        p: u8,
        /// Per cent, from p to 100.
        q: u8,
    },
}

/// The rules of a country for its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Protection {
    /// Few answers in a category, or outside it.
    pub numerators: Numerators,
    /// Nobody in it, or everybody.
    pub extremes: Extremes,
    /// Few large ones; `None` is no rule.
    pub magnitudes: Option<MagnitudeRule>,
    /// Too uncertain.
    pub quality: QualityPreset,
}

/// Whether a table tells what people would not want to be known of themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub enum Sensitivity {
    /// It does not.
    #[default]
    Ordinary,
    /// It does.
    Sensitive,
}
