//! Estimates by hand, by a second road, and against R.

mod by_hand;
mod coverage;
mod oracle;
mod roads;
mod sample;
mod sampled;
mod schools;
mod stages;
mod textbook;
