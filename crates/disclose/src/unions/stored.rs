//! How unions are kept between two runs, which is no part of a release.

use codebook::{BaseId, Code, VariableName};

use super::{Near, Side, Tie, Unions, Written, WrittenSide};

impl Unions {
    /// All of it as JSON.
    ///
    /// # Panics
    /// Never: texts and numbers are JSON.
    #[must_use]
    pub fn stored(&self) -> String {
        let written = Written {
            ties: self.ties.iter().map(|Tie(one, other)| [written(one), written(other)]).collect(),
            nears: self.nears.iter().map(|it| (written(&it.larger), written(&it.smaller), it.few)).collect(),
        };
        serde_json::to_string(&written).expect("texts and numbers are JSON")
    }

    /// What was stored; `None` where it is anything else.
    #[must_use]
    pub fn from_stored(stored: &str) -> Option<Self> {
        let Written { ties, nears } = serde_json::from_str(stored).ok()?;
        let tie = |[one, other]: [WrittenSide; 2]| Some(Tie(side(one)?, side(other)?));
        let near = |(larger, smaller, few)| Some(Near { larger: side(larger)?, smaller: side(smaller)?, few });
        Some(Self {
            ties: ties.into_iter().map(tie).collect::<Option<_>>()?,
            nears: nears.into_iter().map(near).collect::<Option<_>>()?,
        })
    }
}

fn written(side: &Side) -> WrittenSide {
    let groups = |(breakdown, codes): &(VariableName, std::collections::BTreeSet<Code>)| {
        (breakdown.to_string(), codes.iter().map(Code::to_string).collect())
    };
    (side.base.to_string(), side.groups.as_ref().map(groups))
}

fn side((base, groups): WrittenSide) -> Option<Side> {
    let groups = match groups {
        None => None,
        Some((breakdown, codes)) => {
            let codes = codes.iter().map(|code| Code::new(code).ok()).collect::<Option<_>>()?;
            Some((VariableName::new(&breakdown).ok()?, codes))
        }
    };
    Some(Side { base: BaseId::new(&base).ok()?, groups })
}
