//! Judging claims on unrounded estimates.
