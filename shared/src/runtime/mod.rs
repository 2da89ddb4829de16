//! The `runtime` room (layer 6): the only place that reads the clock, the environment and the system's randomness, and
//! where adapters are put together. Functions and the local stage begin here. No rules of the business.

mod assembly;
mod aws;
mod clock;
mod environment;
mod error;
mod ids;
pub mod inbox;
pub mod lambda;
mod provider;
pub mod telemetry;

pub use assembly::{BuiltInTargets, assemble, outbound_client, outbound_settings};
pub use aws::sdk_client;
pub use clock::SystemClock;
pub use environment::{Environment, VARIABLES, wants_colour};
pub use error::Error;
pub use ids::RandomIds;
pub use provider::{Applications, ProviderSettings, providers};
