//! Which columns of a file are kept.

use std::collections::BTreeSet;

use codebook::ColumnPattern;

/// Which columns of a file are kept.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wanted<'w> {
    /// Those that a wave names.
    Named(&'w Names<'w>),
    /// Every column that has a name. `NA` without quotes is an empty cell then, as R writes it.
    Every,
}

/// The columns that a wave names: by their names, and by a pattern.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names<'w> {
    pub(crate) names: BTreeSet<&'w str>,
    pub(crate) pattern: Option<&'w ColumnPattern>,
}

impl Names<'_> {
    /// Whether a column is named.
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.names.contains(name) || self.pattern.is_some_and(|pattern| pattern.fits(name))
    }
}

impl Wanted<'_> {
    /// Whether a column of this name is kept.
    pub(crate) fn includes(self, name: &str) -> bool {
        match self {
            Self::Named(names) => names.contains(name),
            Self::Every => !name.is_empty(),
        }
    }
}
