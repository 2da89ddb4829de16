//! Part of the port, whatever its name begins with.

use crate::source::Source;
