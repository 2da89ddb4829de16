//! The house rules as tests: which room may use what, how files open, what a manifest says, where links lead.
//!
//! They read text only, so a broken rule is reported even where it compiles. Each test says what to do in its message.

#[cfg(test)]
mod checker;
#[cfg(test)]
mod files;
#[cfg(test)]
mod manifests;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod rooms;
#[cfg(test)]
mod writing;
