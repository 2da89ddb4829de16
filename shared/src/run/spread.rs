//! When something is to come that does not come at once: a place of its own for each connection, and the end of a delay.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::connection::ConnectionId;

/// Over how long the starts of a morning are spread. A queue delays no longer.
pub const SPREAD: Duration = Duration::from_mins(15);

/// A number that is always the same for a connection, evenly over all.
pub(super) fn draw(connection: &ConnectionId) -> u32 {
    let digest = Sha256::digest(connection.as_str());
    let bytes = digest.iter().take(4);
    bytes.fold(0, |draw: u32, byte| (draw << 8) | u32::from(*byte))
}

/// When something that is sent with a delay is to come.
pub(super) fn later(now: Timestamp, delay: Duration) -> Timestamp {
    let delay = SignedDuration::try_from(delay).unwrap_or(SignedDuration::MAX);
    now.saturating_add(delay).unwrap_or(Timestamp::MAX)
}
