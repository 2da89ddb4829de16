//! The `run` room (layer 2): the use cases, one file each. They see traits only, and hold the order of steps, not rules.
//!
//! What is decided is decided in [`crate::plan`]; what touches a network or a clock is behind a port.

mod access;
pub mod apply;
mod approve;
mod connect;
mod diff;
mod error;
mod message;
mod port;

pub use access::StoredAccess;
pub use approve::{Refused, approve, cancel};
pub use connect::{ConnectError, NewConnection, connect};
pub use diff::{diff, request_diff};
pub use error::Error;
pub use message::{InvalidMessage, Message, Task};
pub use port::{Clock, Done, Ids, Invocation, Ports, Settings, Targets, fingerprint_key_name, secret_name};
