//! An adapter that sees its neighbour, speaks HTTP by itself, and knows where things are stored.

use crate::{
    employee::Employee,
    http::Client,
    source::{Source, personio},
    store::PlanStore,
    target::Target,
};

pub fn fetch() -> reqwest::Request {
    let late = std::time::SystemTime::now();
    personio::fetch(late)
}
