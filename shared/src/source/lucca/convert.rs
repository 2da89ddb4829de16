//! How Lucca's people are laid out, of both its APIs: pure, without a network. Each API has a table of its own, which says what
//! stands where.
//!
//! * A role answers `null` for what it may not see of a person, so that `null` in what takes a permission is unseen. A scope opens a
//!   list for everybody or for nobody, so that there what is empty for everybody is hidden.
//! * Of several employments and positions Lucca names the one that applies: the current one, else the next, else the last. Of
//!   a person's amounts of basic pay the same is chosen here.
//! * A reference whose list may not be read, or that leads to nothing, says nothing: unseen. A custom field without a value has
//!   none: empty; but in the newer API, which shows values that apply today, that is known of people alone who are there today.

mod custom;
mod newer;
mod older;
#[cfg(test)]
mod tests;

pub(super) use self::{newer::Newer, older::Older};
