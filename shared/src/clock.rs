//! The `clock` room (layer 0): what tells the time, for every room that is told it. Only `runtime` has the real one.

use jiff::Timestamp;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Returns the present instant.
    fn now(&self) -> Timestamp;
}
