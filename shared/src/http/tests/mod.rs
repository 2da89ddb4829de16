//! The client as its callers see it: retries and pacing on a scripted wire in virtual time, the real wire against
//! small servers on this machine.

mod pieces;
mod reach;
mod retries;
mod wire;

use super::{Pace, Settings};

const FAST: Pace = Pace {
    per_second: 1_000,
    burst: 1_000,
    in_flight: 100,
};

fn settings() -> Settings {
    Settings::new(|| "2026-01-01T00:00:00Z".parse().unwrap(), 1)
}
