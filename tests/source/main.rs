//! The contract of a source, held by each connector against the emulated HR system: what is read is the truth, person by
//! person, and nothing that goes wrong ever makes a short roster. Factorial's files stand here, all others in a folder of
//! their own.

#[cfg(test)]
mod bamboohr;
#[cfg(test)]
mod breaks;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod grant;
#[cfg(test)]
mod login;
#[cfg(test)]
mod lucca;
#[cfg(test)]
mod pace;
#[cfg(test)]
mod permission;
#[cfg(test)]
mod refresh;
#[cfg(test)]
mod slices;
#[cfg(test)]
mod suite;
#[cfg(test)]
mod support;
#[cfg(test)]
mod truth;
#[cfg(test)]
mod walk;
