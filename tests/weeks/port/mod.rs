//! What stands behind the ports: secrets and messages that can be looked at, a second target, a witness of what is written.

mod post;
mod shelf;
mod vault;
mod witness;

pub(crate) use post::{Letter, Post};
pub(crate) use shelf::Shelf;
pub(crate) use vault::Vault;
pub(crate) use witness::{Opener, Witness, Written};
