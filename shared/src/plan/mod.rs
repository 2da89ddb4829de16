//! The `plan` room (layer 0): what is to be done about the difference between HR and the target, and why not more.
//!
//! [`diff`] is synchronous, deterministic and without side effects; everything that is decided is decided here. A plan
//! is an immutable document with a hash over its lines; carrying it out leaves no choice open. No clock, no I/O.

mod assemble;
mod basis;
mod change;
mod diff;
mod document;
mod edit;
mod finding;
mod fingerprint;
mod first_link;
mod guard;
mod inverse;
mod line;
mod link;
mod links;
mod order;
mod purpose;
mod recognition;
#[cfg(test)]
mod tests;

pub use assemble::{VALID_FOR, assemble};
pub use basis::{Basis, Past};
pub use change::{
    Action, Change, Class, Edit, Edits, Evidence, LeaveBy, LeaverReason, ManagerEdit, Reference, ReferenceEdit,
};
pub use diff::{Absence, Differ, MISSING_FOR, Outcome, diff};
pub use document::{
    Counts, Error, Header, Hold, HoldCode, Lines, MAX_CHUNK_BYTES, Plan, PlanId, Status, VERSION, Writer,
};
pub use finding::{Code, Finding, State};
pub use fingerprint::{Fingerprint, Fingerprints, Prints, PrintsView};
pub use guard::baseline_after;
pub use inverse::inverse;
pub use link::{Journal, Link, LinkState, Phase};
pub use links::{LinkView, Links, LinksBuilder};
pub use purpose::Purpose;
pub use recognition::{Recogniser, Recognition, recognise};
