//! A target that reads the source.

use crate::source::Source;
