//! Pages of a small country, from its files and made-up numbers.

#[cfg(test)]
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
mod quality;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod site;
