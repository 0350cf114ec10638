//! The values of units one by one, shared by the domains of a row.
//!
//! A value takes some seventy bytes, and a row has every unit once for each breakdown beside the total. So a group holds the places of
//! its units among those of the total, four bytes each.

use std::sync::Arc;

use crate::UnitValue;

/// Values of units, sorted by stratum, PSU and unit key.
#[derive(Debug, Clone)]
pub struct UnitValues {
    all: Arc<[UnitValue]>,
    /// Which of them are meant; `None` is all.
    members: Option<Vec<u32>>,
}

impl UnitValues {
    /// Some of these values, by their places among all of them, in order.
    ///
    /// # Panics
    /// When a place is beyond all of them, or there are more than 32 bits count: bugs.
    #[must_use]
    pub fn members(&self, places: impl Iterator<Item = usize>) -> Self {
        let member = |place: usize| {
            assert!(place < self.all.len(), "a member is one of all");
            u32::try_from(place).expect("a wave has at most two billion units")
        };
        Self { all: Arc::clone(&self.all), members: Some(places.map(member).collect()) }
    }

    /// One after the other.
    ///
    /// # Panics
    /// Never: members are places among all of them.
    pub fn iter(&self) -> impl Iterator<Item = &UnitValue> + Clone {
        let count = self.members.as_ref().map_or(self.all.len(), Vec::len);
        (0..count).map(|number| match &self.members {
            None => &self.all[number],
            Some(members) => &self.all[usize::try_from(members[number]).expect("32 bits fit a size")],
        })
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.as_ref().map_or(self.all.len(), Vec::len)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl PartialEq for UnitValues {
    /// Whether the values are the same, whoever shares them.
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl From<Vec<UnitValue>> for UnitValues {
    fn from(values: Vec<UnitValue>) -> Self {
        Self { all: values.into(), members: None }
    }
}

impl FromIterator<UnitValue> for UnitValues {
    fn from_iter<I: IntoIterator<Item = UnitValue>>(values: I) -> Self {
        Self { all: values.into_iter().collect(), members: None }
    }
}

#[cfg(test)]
mod tests {
    use super::UnitValues;
    use crate::{UnitValue, Wide};

    #[test]
    fn members_are_values_like_all_others() {
        let value = |unit: usize| {
            let y = Wide::from_count(u64::try_from(unit).unwrap());
            UnitValue { stratum: 0, psu: unit, unit, w: Wide::ONE, x: Wide::ONE, y }
        };
        let all: UnitValues = (0..5).map(value).collect();
        let odd = all.members([1, 3].into_iter());
        assert_eq!(odd, UnitValues::from(vec![value(1), value(3)]));
        assert_eq!((odd.len(), odd.is_empty(), all.len()), (2, false, 5));
        assert!(all.members(std::iter::empty()).is_empty());
        assert_ne!(odd, all);
    }
}
