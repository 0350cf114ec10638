//! What became of something that was published, in a few words.

use codebook::{Erratum, ErratumKind};

use super::{Pack, Word};

impl Pack {
    /// `Corrected on 2 March 2020, edition 2019.1`.
    pub(crate) fn happened(&self, erratum: &Erratum) -> String {
        let word = match erratum.kind {
            ErratumKind::Correction => Word::ErratumCorrection,
            ErratumKind::Revision => Word::ErratumRevision,
            ErratumKind::Withdrawal => Word::ErratumWithdrawal,
            ErratumKind::Addition => Word::ErratumAddition,
        };
        let (date, edition) = (self.date(erratum.date), erratum.edition.to_string());
        self.fill(word, &[("date", &date), ("edition", &edition)])
    }
}
