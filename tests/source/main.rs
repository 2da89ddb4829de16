//! Sources against the emulated HR systems: what is read is the truth, person by person, and nothing that goes wrong ever makes
//! a short roster. `suite` runs what is stated of every source; what is particular to one of them stands in its folder, and
//! what their connections have in common (tokens, pace) beside it.

#[cfg(test)]
mod bamboohr;
#[cfg(test)]
mod factorial;
#[cfg(test)]
mod grant;
#[cfg(test)]
mod hibob;
#[cfg(test)]
mod humaans;
#[cfg(test)]
mod lucca;
#[cfg(test)]
mod merge;
#[cfg(test)]
mod pace;
#[cfg(test)]
mod payfit;
#[cfg(test)]
mod personio;
#[cfg(test)]
mod recording;
#[cfg(test)]
mod refresh;
#[cfg(test)]
mod staffology;
#[cfg(test)]
mod suite;
#[cfg(test)]
mod support;
#[cfg(test)]
mod torn;
