//! The `http` room (layer 3): the one outbound client. Time-outs, pacing, retry, size cap and redaction live here and
//! nowhere else; no provider's names, and no type of the HTTP library leaves this room.
//!
//! A [`Client`] is built once per process. A [`Session`] is one run's use of it towards one provider: it counts the
//! calls and holds the run's budget of retries. Only repeatable requests are ever sent again (R31). Redirects stay on
//! the host they came from, and names that callers give never lead to private networks; answers are capped (R41). No
//! error and no log line holds a query, a header or a body (R38). An answer that is too large to be kept whole is read piece by
//! piece ([`Incoming`]). Where a provider's limit binds all processes, a session asks for each request ([`Session::within`]), and
//! tells what each answer says.

mod address;
mod budget;
mod client;
mod error;
mod incoming;
mod jitter;
mod network;
mod pace;
mod request;
mod response;
mod retry;
mod said;
mod sender;
mod session;
mod settings;
#[cfg(test)]
mod tests;
mod transport;

pub use address::{BaseUrl, BaseUrls, HostRule, InvalidAddress};
pub use client::Client;
pub use error::{Call, Error, Failure, Limit};
pub use incoming::Incoming;
pub use network::{Names, Resolver};
pub use request::{Method, Request, basic, bearer};
pub use response::{NotText, Response};
pub use sender::Sender;
pub use session::Session;
pub use settings::{Pace, Retry, Settings};
pub use transport::Trouble;
