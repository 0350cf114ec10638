//! Pages of a small country, from its files and made-up numbers.

#[cfg(test)]
mod accessibility;
mod captions;
#[cfg(test)]
mod cards;
#[cfg(test)]
mod charts;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod finding;
#[cfg(test)]
mod overrides;
mod print;
mod quality;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod site;
mod variants;
