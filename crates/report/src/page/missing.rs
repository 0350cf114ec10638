//! What the pages tell of computed measures whose questions some left empty: the question itself leaves these out, and what is computed from it does not.

use std::collections::BTreeSet;

use codebook::{Expr, VariableName};

use super::Scene;
use crate::language::Word;

impl Scene<'_> {
    /// Which of the measures that tables show, group by or count in count a missing answer as one that does not hold; nothing where all questions behind
    /// them were answered.
    pub(super) fn counted_without_an_answer(&self) -> Option<String> {
        let country = self.edition.country;
        let gaps = &self.edition.published.fieldwork().quality.gaps;
        let missing: BTreeSet<&VariableName> = gaps.iter().map(|gap| &gap.variable).collect();
        let mut used: BTreeSet<&VariableName> = BTreeSet::new();
        for table in &country.tables {
            let base = country.bases.get(&table.base).and_then(|base| base.condition.as_ref());
            used.extend(base.map(Expr::variables).unwrap_or_default());
            used.extend(table.rows.iter().flat_map(|row| std::iter::once(&row.item).chain(&row.over)));
            used.extend(&table.breakdowns);
        }
        let concerned = country.codebook.variables.iter().filter(|variable| {
            let parts = country.codebook.computed_from(&variable.name);
            used.contains(&variable.name) && parts.iter().any(|part| missing.contains(part))
        });
        let labels: Vec<VariableName> = concerned.map(|variable| variable.name.clone()).collect();
        (!labels.is_empty()).then(|| self.pack.fill(Word::BasesMissing, &[("measures", &self.labels(&labels))]))
    }
}
