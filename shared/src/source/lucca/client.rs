//! Requests to Lucca: all are those of its layouts. A key reads the older API, a client's tokens the newer one.

use super::convert::{Newer, Older};
use crate::connector::Laid;

/// One connection's view of Lucca.
pub(super) type LuccaSource = Laid<Older, Newer>;
