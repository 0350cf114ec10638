//! Tests of the repository as a whole, and of the browser that judges its pages.

mod architecture;
mod browser;
