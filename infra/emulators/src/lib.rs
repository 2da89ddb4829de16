//! Emulated HR systems, and a SCIM service as a target (`scim`): servers on this machine that answer as the real ones do, with invented people, faults on demand and
//! controls to move time on. They know nothing about the programs that read them.
//!
//! What is common to all of them lies at the top: `company` and `person` (who works there and what a day brings), `fault`
//! (break modes), `control` (the routes under `/_emulator/`), `server` (listening, stopping, losing replies). Each HR system
//! is a folder of its own beside them; `factorial` is the first.

mod clock;
mod company;
mod control;
mod draw;
mod error;
pub mod factorial;
mod fault;
mod person;
pub mod scim;
mod server;
mod stage;

pub use error::Error;
pub use fault::{Break, MODES, Mode, RetryAfter};
pub use person::CANARY;
