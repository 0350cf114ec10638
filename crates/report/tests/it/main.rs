//! Pages of a small country, from its files and made-up numbers.

#[cfg(test)]
mod accessibility;
#[cfg(test)]
mod captions;
#[cfg(test)]
mod cards;
#[cfg(test)]
mod charts;
mod comparability;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod finding;
#[cfg(test)]
mod overrides;
#[cfg(test)]
mod print;
#[cfg(test)]
mod quality;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod site;
#[cfg(test)]
mod variants;
