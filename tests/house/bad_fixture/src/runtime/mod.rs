//! The one room that may read the clock and the environment, and sees every adapter.

use crate::{run, source::factorial::FactorialSource, store::memory::MemoryPlanStore};

pub fn start() {
    let at = jiff::Timestamp::now();
    let stage = std::env::var("STAGE");
    let client = aws_sdk_dynamodb::Client::from_conf(at, stage);
}
