//! What the onlooker checks: each plan and each write as it happens, and everything once all is quiet.

mod audit;
mod erased;
pub(crate) mod judge;
mod kept;
mod memory;
mod night;
mod oracle;
pub(crate) mod quiet;
mod rule;
mod stranger;

pub(crate) use memory::Memory;
