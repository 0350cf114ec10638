//! The choices of a country as words of stores and manifests. Where a choice is the usual one, no word is kept.

use codebook::{Extremes, Numerators, QualityPreset};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(remote = "Extremes", rename_all = "snake_case")]
pub(super) enum ExtremesWord {
    Shown,
    Sensitive,
    Hidden,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Numerators", rename_all = "snake_case")]
pub(super) enum NumeratorsWord {
    Never,
    Sensitive,
    Always,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "QualityPreset", rename_all = "snake_case")]
pub(super) enum QualityWord {
    Usual,
    Nchs,
    Ons,
    Statcan,
    None,
}

/// Whether a choice is the usual one.
pub(super) fn is_usual<T: Default + PartialEq>(choice: &T) -> bool {
    *choice == T::default()
}

/// `{"p": 10, "q": 50}`, as in `country.toml`.
pub(super) mod magnitudes {
    use codebook::MagnitudeRule;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Default, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Written {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        k: Option<u8>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        n: Option<u8>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        p: Option<u8>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        q: Option<u8>,
    }

    #[expect(clippy::ref_option, reason = "serde hands the field over as it is")]
    pub(in crate::rule) fn serialize<S: Serializer>(
        rule: &Option<MagnitudeRule>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let written = rule.map(|rule| match rule {
            MagnitudeRule::Dominance { n, k } => Written { n: Some(n), k: Some(k), ..Written::default() },
            MagnitudeRule::Percent { p } => Written { p: Some(p), ..Written::default() },
            MagnitudeRule::PriorPosterior { p, q } => Written { p: Some(p), q: Some(q), ..Written::default() },
        });
        written.serialize(serializer)
    }

    pub(in crate::rule) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<MagnitudeRule>, D::Error> {
        let Some(written) = Option::<Written>::deserialize(deserializer)? else { return Ok(None) };
        match (written.n, written.k, written.p, written.q) {
            (Some(n), Some(k), None, None) => Ok(Some(MagnitudeRule::Dominance { n, k })),
            (None, None, Some(p), None) => Ok(Some(MagnitudeRule::Percent { p })),
            (None, None, Some(p), Some(q)) => Ok(Some(MagnitudeRule::PriorPosterior { p, q })),
            (_, _, _, _) => Err(D::Error::custom("a rule for magnitudes is n and k, p, or p and q")),
        }
    }
}
