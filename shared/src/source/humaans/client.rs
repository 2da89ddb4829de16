//! Requests to Humaans: all are those of its layout.

use super::convert::Everybody;
use crate::connector::Laid;

/// One connection's view of Humaans.
pub(super) type HumaansSource = Laid<Everybody, Everybody>;
