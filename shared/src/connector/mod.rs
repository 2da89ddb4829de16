//! The `connector` room (layer 3): what HR systems' and directories' APIs have in common, and none of them by name.
//!
//! It stands between `http` and the adapters, which alone may use it. [`Caller`] sends what a connection's credential opens,
//! [`Walk`] finds the way through a list, [`Arriving`] an answer that comes at once, [`grant`] gets tokens, [`answer`] says what
//! went wrong. What comes is read by [`row`](read_page) into values ([`Text`], [`Flag`], [`Nested`]), or by [`cells`](read_cells)
//! where its members are known at run time only, put together by [`Joined`] and [`ById`], and seen by [`Sight`]; [`custom`] says which
//! custom fields may be read, [`country`] which country a name means. `caller`, `grant` and `application` wait for others; all
//! else is pure.

pub mod answer;
mod application;
mod caller;
mod cells;
pub mod country;
pub mod custom;
mod cut;
pub mod grant;
mod join;
mod row;
mod sight;
mod value;
mod walk;

pub use application::{APPLICATIONS, Applications, secret};
pub use caller::{Arrived, Arriving, Caller, List, Sign, find_base, find_site};
pub use cells::{Cells, Columns, KeptCells, read_cells};
pub use join::{ById, Joined};
pub(crate) use row::{Outline, row};
pub use row::{Page, Row, Slot, read_list, read_page, read_rows};
pub use sight::{Reach, Sight, deny, deny_custom};
pub use value::{Flag, Nested, Said, Text};
pub use walk::{Broken, Mark, Next, Paging, Place, Walk, Waypoint, parameter};
