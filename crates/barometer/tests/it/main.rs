//! Tests of the whole house: the program on real and synthetic countries, from raw export to pages.

mod analyst;
mod browser;
mod claims;
mod command_line;
mod damaged;
mod denmark;
mod downloads;
mod drafting;
mod estimates;
mod exports;
mod guarding;
mod house;
mod inspecting;
mod languages;
mod planted;
mod recompute;
mod replicates;
mod sameness;
mod schools;
mod stopping;
mod uruguay;
