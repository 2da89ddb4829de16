//! A good port.

pub mod directory;
