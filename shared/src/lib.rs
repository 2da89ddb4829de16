//! Rollcall keeps an application's users in step with its customers' HR systems.
//!
//! It is a reconciler: it reads what HR says, works out what the application's directory should look like, writes the
//! difference down as an immutable plan, checks the plan, and applies it step by step.
//!
//! The rooms, by layer; an arrow may point only to a lower number:
//! * 0, pure: [`employee`], [`account`], [`roster`], [`connection`], [`mapping`], [`allowance`], [`clock`]
//! * 1, ports (their adapters are layer 4): [`source`], [`target`], [`store`], [`secret`], [`queue`], [`event`]
//! * 3, the one outbound client: [`mod@http`]; and what adapters have in common: [`connector`]
//! * 5, the edge: [`api`]
//! * 6, where all is put together: [`runtime`]

pub mod account;
pub mod allowance;
pub mod api;
pub mod clock;
pub mod connection;
pub mod connector;
pub mod employee;
pub mod event;
pub mod http;
pub mod mapping;
pub mod plan;
pub mod queue;
pub mod roster;
pub mod run;
pub mod runtime;
pub mod secret;
pub mod source;
pub mod store;
pub mod target;
#[cfg(feature = "testing")]
pub mod testing;
