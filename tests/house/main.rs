//! The house rules as tests: which room may use what, how files open, what a manifest says, where links lead.
//!
//! These tests read text only, so a broken rule is reported even where it compiles. The message of each test says what to do.

#[cfg(test)]
mod checker;
#[cfg(test)]
mod files;
#[cfg(test)]
mod folders;
#[cfg(test)]
mod manifests;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod places;
#[cfg(test)]
mod rooms;
#[cfg(test)]
mod writing;
