//! Two sections of the page of quality: what the checks of the answers found, and which questions lack answers.

use codebook::{CheckKind, VariableName};
use disclose::{Count, ItemGap};

use crate::language::Word;
use crate::page::Scene;
use crate::page::section::{Section, Table, length};

/// Questions without an answer that are listed.
const GAPS_SHOWN: usize = 10;
/// What stands for a rate that is not told.
const NONE: &str = "–";

impl Scene<'_> {
    /// What the checks found. A wave that nothing was applied to, and whose questions were all answered, has no such section.
    pub(super) fn checks(&self) -> Section {
        let quality = &self.edition.published.fieldwork().quality;
        let mut paragraphs = Vec::new();
        let rows: Vec<Vec<String>> =
            quality.checks.iter().map(|(kind, cases)| vec![self.words(check(*kind)), self.cases(*cases)]).collect();
        if !rows.is_empty() {
            paragraphs.push(self.words(Word::QualityIntroduction));
        }
        let columns = vec![self.words(Word::CheckColumn), self.words(Word::CasesColumn)];
        let table = (!rows.is_empty()).then_some(Table { columns, rows, is_numeric: true });
        Section { table, ..self.section("checks", Word::QualityHeading, paragraphs) }
    }

    /// The questions that most of those who were asked did not answer.
    pub(super) fn gaps(&self) -> Section {
        let quality = &self.edition.published.fieldwork().quality;
        if quality.gaps.is_empty() {
            let none = (quality.questions > 0).then(|| self.words(Word::GapsNone));
            return self.section("gaps", Word::GapsHeading, none.into_iter().collect());
        }
        let mut gaps: Vec<&ItemGap> = quality.gaps.iter().collect();
        // By what is told, so that the order tells nothing more.
        gaps.sort_by_key(|gap| std::cmp::Reverse(known(gap.refused) + known(gap.blank)));
        let shown = gaps.iter().take(GAPS_SHOWN);
        let rate = |gap: &ItemGap| gap.rate().map_or_else(|| NONE.to_owned(), |rate| self.pack.number(rate.into()));
        let row = |gap: &ItemGap| {
            vec![self.question(&gap.variable), self.cases(gap.refused), self.cases(gap.blank), rate(gap)]
        };
        let rows = shown.map(|gap| row(gap));
        let columns = [Word::QuestionColumn, Word::RefusedColumn, Word::BlankColumn, Word::ItemRateColumn];
        let columns = columns.into_iter().map(|word| self.words(word)).collect();
        let table = Table { columns, rows: rows.collect(), is_numeric: true };
        let (questions, shown) = (self.pack.count(quality.questions), GAPS_SHOWN.to_string());
        let places = [("questions", questions.as_str()), ("shown", &shown)];
        let introduction = self.pack.fill_counted(Word::GapsIntroduction, length(&quality.gaps), &places);
        Section { table: Some(table), ..self.section("gaps", Word::GapsHeading, vec![introduction]) }
    }

    /// A question by its label; an item of a battery by the battery's question, too, since labels of items come again.
    fn question(&self, name: &VariableName) -> String {
        let label = self.label(name);
        match self.edition.country.codebook.battery_of(name) {
            Some(battery) => format!("{} {label}", battery.question.get(self.pack.language())),
            None => label,
        }
    }

    fn cases(&self, count: Count) -> String {
        match count {
            Count::Exact(units) => self.pack.count(units),
            Count::FewerThan(units) => self.pack.fill(Word::FewerThan, &[("k", &self.pack.count(units))]),
        }
    }
}

/// The units of a count as it is told, at the most.
fn known(count: Count) -> u64 {
    match count {
        Count::Exact(units) => units,
        Count::FewerThan(units) => units,
    }
}

/// What a kind of check is called.
fn check(kind: CheckKind) -> Word {
    match kind {
        CheckKind::AnswerNotAsked => Word::CheckAnswerNotAsked,
        CheckKind::UnexplainedGap => Word::CheckUnexplainedGap,
        CheckKind::Range => Word::CheckRange,
        CheckKind::Unique => Word::CheckUnique,
        CheckKind::Sum => Word::CheckSum,
        CheckKind::Condition => Word::CheckCondition,
        CheckKind::Fieldwork => Word::CheckFieldwork,
        CheckKind::RepeatedAnswers => Word::CheckRepeatedAnswers,
        CheckKind::StraightLining => Word::CheckStraightLining,
        CheckKind::Speeding => Word::CheckSpeeding,
    }
}
