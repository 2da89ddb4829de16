//! The `connector` room (layer 3): what HR systems' and directories' APIs have in common, and none of them by name.
//!
//! It stands between `http` and the adapters, which alone may use it. [`Caller`] sends what a connection's credential opens,
//! [`Walk`] finds the way through a list, [`grant`] gets tokens, [`answer`] says what went wrong. What comes is read by
//! [`row`](read_page) into values ([`Text`], [`Flag`], [`Nested`]), put together by [`Joined`] and [`ById`], and seen by [`Sight`];
//! [`custom`] says which custom fields may be read. `caller`, `grant` and `application` wait for others; all else is pure.

pub mod answer;
mod application;
mod caller;
pub mod custom;
pub mod grant;
mod join;
mod row;
mod sight;
mod value;
mod walk;

pub use application::{APPLICATIONS, Applications, secret};
pub use caller::{Arrived, Caller, List, Sign, find_base, find_site};
pub use join::{ById, Joined};
pub(crate) use row::{Outline, row};
pub use row::{Page, Row, Slot, read_list, read_page, read_rows};
pub use sight::{Reach, Sight, deny, deny_custom};
pub use value::{Flag, Nested, Said, Text};
pub use walk::{Broken, Mark, Next, Paging, Place, Walk, Waypoint, parameter};
