//! The `run` room (layer 2): the use cases, one file each. They see traits only, and hold the order of steps, not rules.
//!
//! What is decided is decided in [`crate::plan`]; what touches a network or a clock is behind a port.
//!
//! What happens when something fails, in one place:
//! * One person's step fails: it is in the run's record, the others go on, the next plan sees the person again (R31).
//! * The target answers nobody: the slice is sent again with growing delays, a few times; then the run fails, its plan
//!   ends `applied_with_errors`, and the next plan picks up the rest.
//! * The store, the secrets or the queue do not answer, or the process dies: the message is delivered again, and what
//!   was begun is looked up before it is sent again (R29).
//! * The HR system takes no more requests for now: the read pauses at its position and goes on when it does, as often as it has
//!   to within the time that a read may take.
//! * A stored document is damaged, or a run gets nowhere in several deliveries: the run fails, by name.
//! * A message ends in the dead-letter queue: nobody works on its run any more. It may be put back at any time, which
//!   does no harm. If nobody does, the connection's next diff sends the message of a plan that is being applied again,
//!   and ends other runs that are older than a day, as `abandoned`. So does the morning's sweep, for a connection that has
//!   no diff. Where a connection is disconnected, its runs that wait are called off.

mod access;
mod actor;
mod adopt;
mod allowance;
pub mod apply;
mod approve;
mod claim;
mod configure;
mod connect;
mod credential;
mod daily;
mod deadline;
mod decide;
mod delivery;
mod diff;
mod edit;
mod elsewhere;
mod ended;
mod erasure;
mod error;
mod first;
mod gathered;
mod hash_key;
mod key;
mod learning;
mod load;
mod login;
mod making;
mod message;
mod news;
mod outlook;
mod pause;
mod port;
mod receiver;
mod recognise;
mod reconnect;
mod record;
mod schedule;
mod share;
mod spread;
mod stop;
mod stranger;
mod sweep;
mod trial;
mod undo;
mod upkeep;
mod way;

pub use crate::clock::Clock;
pub use access::StoredAccess;
pub use actor::{Actor, KeyedRequest};
pub use allowance::SharedAllowance;
pub use approve::{Refused, approve, cancel};
pub use configure::{ConfigureRefused, configure};
pub use connect::{Connected, connect};
pub use daily::{DailyReport, OVERDUE_AFTER, daily};
pub use decide::{DecideRefused, decide};
pub use diff::{Asked, ask, diff, request, request_diff};
pub use edit::edit_account;
pub use erasure::{
    Choice, ErasedPerson, ErasureRefused, Held, HeldByConnection, HeldInPlan, Named, RECOVERABLE_FOR, Receipt,
    erase_person, erase_tenant, load_person, readmit_tenant,
};
pub use error::{ConnectError, Error};
pub use key::{KeyRefused, create_key, revoke_key};
pub use login::{
    Arrival, Callback, Departure, Login, LoginError, Startable, activate, begin_login, choose_company, finish_login,
    list_choices, open_login,
};
pub use making::NewConnection;
pub use message::{InvalidMessage, Message, Task};
pub use news::tell_connection;
pub use outlook::{Comparison, NoOutlook, Outlook, compare_configuration};
pub use pause::{change_connection, pause, resume};
pub use port::{Done, HASH_KEY_SECRET, Ids, Invocation, Ports, Settings, Targets, secret_name};
pub use receiver::{ReceiverRefused, find_receiver, put_receiver, remove_receiver, rotate_receiver};
pub use reconnect::{disconnect, reconnect, renew_target, reopen_login};
pub use schedule::Schedule;
pub use spread::SPREAD;
pub use stop::{LiftRefused, Whose, find_stops, lift_stop, stop, whose};
pub use sweep::Swept;
pub use undo::{UndoRefused, undo};
pub use upkeep::{Upkeep, upkeep};
pub use way::Attempt;
