//! What providers share makes an exception for one, and looks up at it.

mod caller;
mod walk;

use crate::{http::Client, run::Clock, source::Source};

pub struct FactorialWalk(crate::source::factorial::FactorialSource);

pub const NOT_A_PROVIDER: &str = "factorially";
