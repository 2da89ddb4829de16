//! The `mapping` room (layer 0): from an employee to the account that HR wants.
//!
//! Here live the scope filter, the required attributes, the replaced words, the choice of attributes, and the forbidden
//! categories. What a configuration says is prepared once, in a [`Mapper`], and used for every person. No provider's
//! quirks, no I/O.

mod desired;
pub mod forbidden;
mod mapper;
mod output;
mod person;
mod scope;
#[cfg(test)]
mod tests;
mod text;

pub use desired::{Desired, Mapped, Warning};
pub use forbidden::{Category, classify_label};
pub use mapper::{Error, Mapper};
pub(crate) use person::{Person, Seen};
