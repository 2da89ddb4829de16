//! The port re-exports one of its adapters, looks across at another port, and hands test builders out.

mod factorial;
mod personio;

pub use factorial::FactorialSource;

use crate::{store::PlanStore, testing::roster};
