//! Held to others' words. A Python client that others wrote lists everybody from the emulated HR system, and what the connector asks,
//! and the emulator answers, is valid against the vendor's own description, where that file is at hand. tests/run installs both
//! programs, in an environment of their own.

#[cfg(test)]
mod client;
#[cfg(test)]
mod description;
#[cfg(test)]
mod merge;
#[cfg(test)]
mod personio;
#[cfg(test)]
mod recorder;
#[cfg(test)]
mod support;
