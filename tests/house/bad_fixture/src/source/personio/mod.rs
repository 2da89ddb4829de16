//! A good neighbour.

use super::Source;
use crate::http::Client;
