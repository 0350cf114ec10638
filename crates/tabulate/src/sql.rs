//! Printing expressions as SQL.
