//! What the operator may set. The defaults suit HR systems that publish no limits.

use std::time::Duration;

use jiff::Timestamp;

use super::Names;

/// How fast one provider's host is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Requests a second in the long run.
    pub per_second: u32,
    /// Requests that may start at once after a rest.
    pub burst: u32,
    /// Requests under way at the same time.
    pub in_flight: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            per_second: 20,
            burst: 20,
            in_flight: 6,
        }
    }
}

/// How often, and after which waits, a failed request is sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Tries of one call, the first included.
    pub tries: u32,
    /// Retries of one session.
    pub per_run: u32,
    /// Retries towards one provider over all sessions; ten successes earn one back.
    pub per_provider: u32,
    /// The longest first wait; it doubles with every try.
    pub base: Duration,
    /// The longest wait that Rollcall chooses itself.
    pub most: Duration,
    /// The longest wait that a server may ask for; when it asks for more, the call ends.
    pub longest_asked: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            tries: 4,
            per_run: 60,
            per_provider: 200,
            base: Duration::from_millis(300),
            most: Duration::from_secs(20),
            longest_asked: Duration::from_mins(1),
        }
    }
}

/// Everything a [`Client`](super::Client) is built from.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The name of this client, in the header `User-Agent`.
    pub user_agent: String,
    /// How long a connection may take to open, TLS included.
    pub connect_timeout: Duration,
    /// How long one try may take, from the first byte sent to the last one read.
    pub try_timeout: Duration,
    /// How long an answer that is read piece by piece may take to begin, with all that the server has to gather first. Each piece
    /// of it may take as long as one try.
    pub slow_timeout: Duration,
    /// The largest answer that is read, in bytes.
    pub max_answer_bytes: usize,
    /// The largest answer that is read piece by piece, in bytes. Those who read it hold it to a number of rows.
    pub max_arriving_bytes: usize,
    /// Retries.
    pub retry: Retry,
    /// The seed of the waiting times' randomness.
    pub seed: u64,
    /// The clock, for servers that name the instant until which to wait.
    pub now: fn() -> Timestamp,
    /// The way to look names up.
    pub names: Names,
}

impl Settings {
    /// Returns the defaults, together with the two that have none: the clock and a seed.
    pub fn new(now: fn() -> Timestamp, seed: u64) -> Self {
        Self {
            user_agent: concat!("rollcall/", env!("CARGO_PKG_VERSION")).to_owned(),
            connect_timeout: Duration::from_secs(5),
            try_timeout: Duration::from_secs(30),
            slow_timeout: Duration::from_mins(2),
            max_answer_bytes: 16 * 1024 * 1024,
            max_arriving_bytes: 512 * 1024 * 1024,
            retry: Retry::default(),
            seed,
            now,
            names: Names::default(),
        }
    }
}
