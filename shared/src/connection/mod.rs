//! The `connection` room (layer 0): one tenant's authorised link to one HR system, and what it was told to do.
//!
//! Here live the connection's record and life cycle, its configuration with the presets and the checks of what callers
//! send, decisions about single people, and the values it logs in with. No HTTP calls, no I/O.

mod configuration;
mod credential;
mod decision;
mod document;
mod error;
mod id;
mod life_cycle;
mod login;
mod parse;
mod preset;
mod record;
mod role;
mod rule;
mod unfinished;

pub use configuration::{
    ApplyMode, Configuration, CountLimit, Joiners, LeaverLimit, Leavers, Limits, NAMES, PercentLimit,
};
pub use credential::{ConnectionSecret, Credential, Issuer, TokenSet};
pub use decision::{Decision, DecisionRecord};
pub use document::Document;
pub use error::Error;
pub use id::{ConnectionId, ProviderId, TenantId};
pub use life_cycle::{InvalidTransition, Status, Transition};
pub use login::{CodeVerifier, OneTimeToken, hash_token};
pub use parse::{Invalid, MOST_BYTES as MOST_CONFIGURATION_BYTES, Submission, parse};
pub use preset::Preset;
pub use record::{
    ConnectError, Connection, DifferentCompany, DifferentHome, Home, SCHEMA_VERSION, ScimServer, TargetChoice,
};
pub use role::Role;
pub use rule::{
    Condition, CustomAttribute, Exception, FirstLink, Identifier, LeaverPolicy, RehirePolicy, Test, ValueMap,
};
pub use unfinished::{Undertaking, Unfinished};
