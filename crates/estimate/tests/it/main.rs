//! Estimates by hand, by a second road, and against R.

mod by_hand;
mod calibrate;
mod coverage;
mod independence;
mod interval;
mod oracle;
mod quantile;
mod replicate;
mod roads;
mod rows;
mod sample;
mod sampled;
mod schools;
mod significance;
mod stages;
mod textbook;
mod waves;
