//! Whole exports through the door of the crate: broken ones with their expected findings, small ones worked out by hand,
//! mutated ones that must never panic, and the real one where it is at hand.

#![expect(unreachable_pub, reason = "the modules of a test binary share what they make public")]

mod answers;
mod cases;
mod checks;
mod damage;
mod data_file;
mod design;
mod exports;
mod file;
mod formats;
mod inspect;
mod labels;
mod loops;
mod mutation;
mod panel;
mod presets;
mod real;
mod support;
mod tools;
