//! When an answer came in, as a background of the units: in the first, the middle or the last third of the days of fieldwork.
//!
//! Those who answer late are taken to be a little like those who never do. So key figures are told by thirds: they are a breakdown like any other, with the
//! same protection and in the same downloads. A country does not write it; the program adds it to the tables whose shares its texts tell.

use jiff::civil::Date;

use crate::{
    Category, Code, Country, FieldworkPeriod, Kind, Measure, Origin, Place, Predicate, Role, TableId, Translated,
    Variable, VariableName, Wave, WaveId,
};

/// The name of the variable; no country may have one that is called so.
pub(crate) const NAME: &str = "answer_time";

/// A third of the days of fieldwork.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Third {
    /// The first days.
    First,
    /// Those between.
    Middle,
    /// The last days.
    Last,
}

impl Third {
    /// All of them, in order of time.
    pub const ALL: [Self; 3] = [Self::First, Self::Middle, Self::Last];

    /// Its code.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Middle => "middle",
            Self::Last => "last",
        }
    }

    /// The code of its category.
    ///
    /// # Panics
    /// Never: the three words are codes.
    #[must_use]
    pub fn code(self) -> Code {
        Code::new(self.as_str()).expect("a word is a code")
    }
}

/// What the thirds are called.
#[derive(Debug, Clone)]
pub struct AnswerTimeWords {
    /// All three together.
    pub label: Translated,
    /// Each, in order of time.
    pub thirds: [Translated; 3],
}

/// Why a wave does not tell early from late answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAnswerTime {
    /// No column of the export tells when an answer was finished.
    NoColumn,
    /// The days of fieldwork are not told.
    NoDays,
}

impl FieldworkPeriod {
    /// How many days it lasted, both ends counted.
    ///
    /// # Panics
    /// When the last day is before the first: reading a wave excludes it.
    #[must_use]
    pub fn days(&self) -> i64 {
        days_between(self.from, self.to) + 1
    }

    /// The third of a day. A day before the first counts with the first, one after the last with the last; the checks tell such answers.
    #[must_use]
    pub fn third_of(&self, day: Date) -> Third {
        match days_between(self.from, day) * 3 / self.days() {
            ..=0 => Third::First,
            1 => Third::Middle,
            2.. => Third::Last,
        }
    }
}

/// Days from one to another; negative where the second is earlier.
#[must_use]
pub fn days_between(from: Date, to: Date) -> i64 {
    // Both are in whole days, so nothing is lost.
    to.duration_since(from).as_hours() / 24
}

impl Wave {
    /// The days of fieldwork, where early answers can be told from late ones.
    ///
    /// # Errors
    /// What is missing for it.
    pub fn answer_time(&self) -> Result<&FieldworkPeriod, NoAnswerTime> {
        let period = self.fieldwork.as_ref();
        if self.answers.times.finished.is_none() {
            return Err(NoAnswerTime::NoColumn);
        }
        period.ok_or(NoAnswerTime::NoDays)
    }
}

/// The name of the variable that tells the third.
///
/// # Panics
/// Never: the name is one.
#[must_use]
pub fn answer_time() -> VariableName {
    VariableName::new(NAME).expect("it is a name")
}

impl Country {
    /// Adds the third of each answer to the variables, and to the breakdowns of the tables whose shares the texts of the wave tell in total. Nothing where
    /// early answers cannot be told from late ones.
    pub fn add_answer_time(&mut self, wave: WaveId, words: &AnswerTimeWords) {
        let Some(edition) = self.waves.get(&wave).filter(|edition| edition.answer_time().is_ok()) else { return };
        let told = told_tables(edition);
        let tables = self.tables.iter_mut().filter(|table| table.measure == Measure::Share && told.contains(&table.id));
        let mut is_used = false;
        for table in tables {
            table.breakdowns.push(answer_time());
            is_used = true;
        }
        if is_used {
            let place = edition.place.clone();
            self.codebook.variables.push(variable(words, place));
        }
    }
}

/// The tables of which a text tells a number in total.
fn told_tables(wave: &Wave) -> Vec<TableId> {
    let claims = wave.themes.iter().flat_map(|theme| &theme.claims);
    let tables = claims.filter_map(|claim| {
        if let Predicate::Near { table, group: None, .. } = &claim.predicate { Some(table.clone()) } else { None }
    });
    tables.collect()
}

fn variable(words: &AnswerTimeWords, place: Place) -> Variable {
    let category = |(third, label): (Third, &Translated)| Category {
        code: third.code(),
        label: label.clone(),
        role: Role::Answer,
    };
    Variable {
        name: answer_time(),
        label: words.label.clone(),
        question: None,
        kind: Kind::Category {
            list: NAME.to_owned(),
            categories: Third::ALL.into_iter().zip(&words.thirds).map(category).collect(),
        },
        origin: Origin::Fieldwork,
        asked_if: None,
        place,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{Third, days_between};
    use crate::{FieldworkPeriod, Place};

    fn period(days: i8) -> FieldworkPeriod {
        let place = Place::File { file: "2019.toml".to_owned() };
        FieldworkPeriod { from: date(2020, 2, 1), to: date(2020, 2, days), shortest_minutes: None, place }
    }

    #[test]
    fn thirds_have_the_same_number_of_days_and_what_is_over_goes_to_the_first_ones() {
        let thirds = |days: i8| -> Vec<usize> {
            let period = period(days);
            let third = |day| period.third_of(date(2020, 2, day));
            Third::ALL.map(|wanted| (1..=days).filter(|day| third(*day) == wanted).count()).to_vec()
        };
        assert_eq!(thirds(9), [3, 3, 3]);
        assert_eq!(thirds(10), [4, 3, 3]);
        assert_eq!(thirds(11), [4, 4, 3]);
        assert_eq!(thirds(1), [1, 0, 0]);
    }

    #[test]
    fn a_day_outside_of_fieldwork_counts_with_the_nearest_third() {
        assert_eq!(period(9).third_of(date(2020, 1, 1)), Third::First);
        assert_eq!(period(9).third_of(date(2020, 3, 20)), Third::Last);
        assert_eq!(days_between(date(2020, 2, 28), date(2020, 3, 1)), 2, "2020 has a 29th of February");
        assert_eq!(days_between(date(2020, 3, 1), date(2020, 2, 28)), -2);
    }
}
