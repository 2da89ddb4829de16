//! Use cases that know adapters, wires and doors.

use axum::Json;

use crate::{
    connector::walk,
    store::{PlanStore, memory::MemoryPlanStore},
};

pub fn run(request: http::Request<()>) -> crate::http::Client {
    crate::runtime::start()
}
