//! The survey tools whose exports are known.

/// The tool that wrote an export. It decides how many header rows there are, what columns are called, and which rows are no
/// answers unless the wave says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, serde::Serialize)]
pub enum SurveyTool {
    /// None that is known: one header row, and every row is an answer.
    #[default]
    Plain,
    /// SurveyXact.
    SurveyXact,
    /// Qualtrics.
    Qualtrics,
    /// LimeSurvey.
    LimeSurvey,
    /// Enalyzer.
    Enalyzer,
    /// Questback EFS.
    Questback,
    /// Forsta.
    Forsta,
    /// SPSS, saved as text.
    Spss,
}

impl SurveyTool {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Plain,
        Self::SurveyXact,
        Self::Qualtrics,
        Self::LimeSurvey,
        Self::Enalyzer,
        Self::Questback,
        Self::Forsta,
        Self::Spss,
    ];

    /// Its word in TOML.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::SurveyXact => "surveyxact",
            Self::Qualtrics => "qualtrics",
            Self::LimeSurvey => "limesurvey",
            Self::Enalyzer => "enalyzer",
            Self::Questback => "questback",
            Self::Forsta => "forsta",
            Self::Spss => "spss",
        }
    }

    /// The columns that it writes of itself and that identify a respondent: addresses, names, tokens, computers, places. The id
    /// of a response is not among them: a wave needs it to tell units apart, and it is never written.
    #[must_use]
    pub fn personal_columns(self) -> &'static [&'static str] {
        match self {
            Self::Plain | Self::Spss | Self::Enalyzer | Self::Questback | Self::Forsta => &[],
            Self::SurveyXact => &["email"],
            Self::Qualtrics => &[
                "IPAddress",
                "RecipientEmail",
                "RecipientFirstName",
                "RecipientLastName",
                "ExternalReference",
                "ExternalDataReference",
                "LocationLatitude",
                "LocationLongitude",
            ],
            Self::LimeSurvey => &["ipaddr", "token", "firstname", "lastname", "email", "refurl"],
        }
    }
}
