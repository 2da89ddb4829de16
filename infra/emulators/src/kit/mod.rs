//! What every emulated HR system has in common; nothing here knows one of them by name but `kind`.
//!
//! `option` and `start` begin, `running` is what a program that started one holds, `system` what the emulator itself knows.
//! A request (`asked`) passes the `gate`, where faults strike, and is answered by the `dialect`: with a `caller` found by key
//! or token, a `view` of the company through that caller's eyes, lists (`list`, `paging`, `query`) of `resource`s whose
//! rows (`row`) are covered by a `veil`. `oauth` and `token` log in, `control` is for tests.

mod asked;
pub(crate) mod caller;
pub(crate) mod control;
pub(crate) mod dialect;
pub(crate) mod fault;
mod gate;
mod kind;
pub(crate) mod list;
mod meter;
pub(crate) mod oauth;
mod option;
pub(crate) mod paging;
pub(crate) mod permission;
pub(crate) mod query;
pub(crate) mod refusal;
pub(crate) mod resource;
pub(crate) mod row;
mod running;
mod stage;
mod start;
pub(crate) mod system;
pub(crate) mod token;
pub(crate) mod veil;
pub(crate) mod view;

#[cfg(test)]
mod pretend;

pub use caller::service_user;
pub use fault::{Break, MODES, Mode, RetryAfter, Shape};
pub use kind::Kind;
pub use option::Options;
pub use permission::{PermissionGroup, Sees};
pub use running::{Access, Running, TokenSet};
pub use start::start;

pub(crate) use asked::Asked;
