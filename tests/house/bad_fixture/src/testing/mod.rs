//! Test builders may use every room.

use crate::{runtime::Settings, store::memory::MemoryPlanStore};
