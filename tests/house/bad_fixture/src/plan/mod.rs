//! The pure heart of it reads the clock, the disk and the environment.

use std::collections::HashMap;
use std::time::Instant as Moment;

use jiff::Timestamp;

use crate::{run::Clock, store};

pub async fn plan(clock: &dyn Clock) -> HashMap<String, Moment> {
    let today = Timestamp::now();
    let limits = std::fs::read_to_string("limits");
    let key = ::getrandom::fill(&mut []);
    let stage = format!("{:?}", std::env::var("STAGE"));
    tracing::info!(?today, "planned");
    println!("{stage}");
    store::load(clock).await
}
