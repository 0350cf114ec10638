//! The t distribution.
