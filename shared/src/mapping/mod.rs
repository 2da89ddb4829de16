//! The `mapping` room (layer 0): from an employee to the account that HR wants.
//!
//! Here live the scope filter, the required attributes, the replaced words and the choice of attributes. What a
//! configuration says is prepared once, in a [`Mapper`], and used for every person. No provider's
//! quirks, no I/O.

mod desired;
mod mapper;
mod output;
mod person;
mod scope;
#[cfg(test)]
mod tests;
mod text;

pub use desired::{Desired, Mapped, Warning};
pub use mapper::{Error, Mapper};
pub(crate) use person::{Person, Seen};
