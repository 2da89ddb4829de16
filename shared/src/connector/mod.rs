//! The `connector` room (layer 3): what HR systems' and directories' APIs have in common, and none of them by name.
//!
//! It stands between `http` and the adapters, which alone may use it. [`Adapter`] makes a provider of a [`Dialect`], which says
//! what is particular to one; [`Linked`] makes one whose customers are linked at its vendor. [`Caller`] sends what a connection's credential opens, [`Census`] says which lists a read of people
//! takes, each of them a [`Resource`] of some [`Form`]; [`Walk`] finds the way through a list, [`Arriving`] an answer that comes
//! at once, [`grant`] gets tokens, [`answer`] says what went wrong. What comes is read by [`row`](read_page) into values ([`Text`], [`Flag`], [`Nested`]), or by [`cells`](read_cells)
//! where its members are known at run time only, put together by [`Lists`], [`Joined`] and [`ById`], and seen by [`Sight`]. A table says what is [`Given`] and where it stands: [`Shown`] finds it in
//! a person's own row, or by steps through what is [`Related`], and a [`Layout`] or a [`Report`] is a whole read by such a table. [`Time`] is the employment that counts of several, [`Contracts`] those that count of all that are listed, [`of_type`] an address of several, [`reader`] has
//! how values are commonly written, [`custom`] says which
//! custom fields may be read, [`country`] which country a name means. `adapter`, `application`, `caller`, `census`,
//! `failures`, `grant` and `linked` wait for others; all else is pure.

mod adapter;
pub mod answer;
mod application;
mod caller;
mod cells;
mod census;
mod company;
mod contracts;
pub mod country;
pub mod custom;
mod cut;
mod failures;
mod given;
pub mod grant;
mod join;
mod layout;
mod linked;
mod lists;
pub mod reader;
mod related;
mod report;
mod resource;
mod row;
mod shown;
mod sight;
mod spells;
mod typed;
mod value;
mod walk;

pub use adapter::{Adapter, Dialect, Endpoint, Host, Opened, Scope, Settings, Tokens, Wishes};
pub use application::{APPLICATIONS, Applications, secret};
pub use caller::{Arrived, Arriving, Caller, List, Sign, find_base, find_site};
pub use cells::{Cells, Columns, KeptCells, read_cells};
pub use census::{Census, Converter, Laid, read_number, unless_under_way};
pub use company::company;
pub use contracts::{Contracts, Terms, is_word};
pub use failures::Failures;
pub(crate) use given::given;
pub use given::{
    Given, Rule, Step, asked_for, columns_of, offered, offered_by_either, permitted, plain, refused, serves,
};
pub use join::{ById, Joined, Workplace, find, find_all};
pub use layout::{ByLayout, ByTable, Custom, Layout, References, Values};
pub use linked::{Linked, Linking, Links};
pub use lists::Lists;
pub use related::{
    ANY, Belongings, Found, Kept, Only, OwnRows, Owned, Related, Shared, Spell, details_for, owned_by, shared_by,
};
pub use report::{ByReport, Report};
pub use resource::{Ask, Form, Path, Resource, Rows, Sequel, Written};
pub(crate) use row::row;
pub use row::{Page, Row, Slot, read_list, read_objects, read_page, read_rows};
pub use shown::{Ground, ID, Shown};
pub use sight::{Reach, Sight, deny, deny_custom, deny_unknown};
pub use spells::Time;
pub use typed::{instead_of_list, of_type, of_type_or_only};
pub use value::{Flag, Nested, Text};
pub use walk::{Broken, Mark, Next, Paging, Place, Walk, Waypoint, parameter};
