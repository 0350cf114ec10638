//! Estimates by hand, by a second road, and against R.

mod by_hand;
mod independence;
mod oracle;
mod roads;
mod sample;
mod schools;
mod textbook;
