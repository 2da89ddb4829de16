//! Emulated HR systems, and a SCIM service as a target (`scim`): servers on this machine that answer as the real ones do, with
//! invented people, faults on demand and controls to move time on. They know nothing about the programs that read them.
//!
//! `company` and `person` are who works there and what a day brings; `kit` is what every HR system has in common (log-in,
//! lists, rights, faults, controls); `server` listens. Each HR system is a folder beside them and holds its dialect only:
//! routes, names, forms, limits, errors. [`start`] starts any of them by its [`Kind`].

mod bamboohr;
mod clock;
mod company;
mod draw;
mod error;
pub mod factorial;
mod hibob;
mod humaans;
mod kit;
mod lucca;
mod merge;
mod payfit;
mod person;
mod personio;
pub mod scim;
mod server;
mod staffology;

pub use company::Cast;
pub use error::Error;
pub use kit::{
    Access, Break, Kind, MODES, Mode, Options, PermissionGroup, RetryAfter, Running, Sees, Shape, TokenSet,
    service_user, start,
};
pub use person::CANARY;
