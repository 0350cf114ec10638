//! The one variance.
