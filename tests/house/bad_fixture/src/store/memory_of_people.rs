//! An adapter by the first word of its name.

use crate::connector::walk;
