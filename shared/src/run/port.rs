//! What a use case is given: the ports, the clock, ids, settings.

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

use crate::{
    account::MOST_ACCOUNTS_BYTES,
    clock::Clock,
    connection::{Connection, ConnectionId, ConnectionSecret, Home, ProviderId},
    event::Events,
    queue::Queue,
    secret::SecretStore,
    source::{Kind, Provider},
    store::Store,
    target::{self, Target},
};

/// Makes ids and keys. Only `runtime` draws randomness.
pub trait Ids: Send + Sync {
    /// A new id, sortable by time, beginning with a short word such as `run`.
    fn next(&self, kind: &str) -> String;

    /// A new secret key.
    fn key(&self) -> [u8; 32];
}

/// Opens the target of a connection.
pub trait Targets: Send + Sync {
    /// The target that a connection writes to.
    ///
    /// # Errors
    /// [`target::Error`] where its settings cannot work.
    fn open(&self, connection: &Connection, secret: &ConnectionSecret) -> Result<Arc<dyn Target>, target::Error>;
}

/// How many bytes of people a read holds in memory: compressed, some 25,000 of them, so that a company of usual size is never
/// stored in parts, and few parts make up a large one.
const PART_BYTES: usize = 4 * 1024 * 1024;

/// Bounds of a run. All durations are wall-clock.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How long a lease is held; longer than a function may run.
    pub lease: SignedDuration,
    /// No write starts with less than this left, of the lease and of the function (R30).
    pub margin: SignedDuration,
    /// How many changes are under way at once.
    pub together: usize,
    /// After how many steps a slice of an apply ends at the latest.
    pub slice_steps: u32,
    /// How many slices a run may have.
    pub most_slices: u32,
    /// How long a diff may read HR, all its slices together.
    pub longest_read: SignedDuration,
    /// How many deliveries in a row may begin without getting on before the run fails, slices among them.
    pub most_attempts: u32,
    /// How long a message waits at most before it tries again to get a lease: a second at first, and each time twice as long;
    /// where a target is down, this long times the attempts so far.
    pub retry_after: Duration,
    /// How many messages of a queue are carried out at once: as many places has the function behind it.
    pub places: u32,
    /// How many bytes of people a read of HR holds in memory before it keeps them as a part, and goes on behind them.
    pub part_bytes: usize,
    /// How many bytes the accounts of a target may take while a plan is made (R47).
    pub accounts_room: usize,
    /// Over how long the starts of a morning are spread; at most [`super::SPREAD`].
    pub spread: Duration,
    /// How long documents with values are kept (R36).
    pub keep: SignedDuration,
    /// By the clocks of which zone days are told apart: the schedule's.
    pub zone: TimeZone,
}

impl Settings {
    /// The date of an instant: that of the mornings, so that what counts by days counts a morning's work on its own.
    pub fn date_of(&self, instant: Timestamp) -> Date {
        instant.to_zoned(self.zone.clone()).date()
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            lease: SignedDuration::from_mins(6),
            margin: SignedDuration::from_secs(30),
            together: 16,
            slice_steps: 20_000,
            most_slices: 1_000,
            longest_read: SignedDuration::from_hours(12),
            most_attempts: 5,
            retry_after: Duration::from_secs(30),
            places: 10,
            part_bytes: PART_BYTES,
            accounts_room: MOST_ACCOUNTS_BYTES,
            spread: super::SPREAD,
            keep: SignedDuration::from_hours(30 * 24),
            zone: TimeZone::UTC,
        }
    }
}

/// Everything outside a use case.
#[derive(Clone)]
pub struct Ports {
    /// What Rollcall remembers.
    pub store: Arc<dyn Store>,
    /// Where credentials live.
    pub secrets: Arc<dyn SecretStore>,
    /// Messages to functions.
    pub queue: Arc<dyn Queue>,
    /// Whom to tell what happened.
    pub events: Arc<dyn Events>,
    /// The HR systems it can speak with.
    pub providers: Vec<Arc<dyn Provider>>,
    /// The targets it can write to.
    pub targets: Arc<dyn Targets>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Ids and keys.
    pub ids: Arc<dyn Ids>,
    /// The copy of this system that is running (R03).
    pub home: Home,
    /// Bounds of a run.
    pub settings: Settings,
}

impl Ports {
    /// The HR system of this slug, if it is known.
    pub fn provider(&self, id: &ProviderId) -> Option<&Arc<dyn Provider>> {
        let kind = Kind::parse(id.as_str())?;
        self.providers.iter().find(|provider| provider.kind() == kind)
    }
}

impl std::fmt::Debug for Ports {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Ports")
            .field("home", &self.home)
            .finish_non_exhaustive()
    }
}

/// One delivery of a message to a function.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// An id of this delivery: two deliveries of one message are two invocations.
    pub id: String,
    /// When the function will be stopped.
    pub deadline: Timestamp,
}

/// What became of a message. In every case the message is done with; an error means that it is to be delivered again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// The use case came to its end, good or bad; the run's record says which.
    Finished,
    /// The rest was sent on, as another slice.
    Continued,
    /// Another run holds the connection, other tenants' runs come first, or its target is down: the message was sent again
    /// with a delay.
    Deferred,
    /// The message was delivered before, or its run has ended, or was erased with its connection.
    Repeated,
}

/// How the names of secrets that hold connections' credentials begin.
pub(super) const SECRET_PREFIX: &str = "connection/";

/// The name of the secret that holds a connection's credentials.
pub fn secret_name(connection: &ConnectionId) -> String {
    format!("{SECRET_PREFIX}{connection}")
}

/// The secret that holds the deployment's hash key, from which every tenant's key for fingerprints and tombstones is
/// derived (R35).
pub const HASH_KEY_SECRET: &str = "hash-key";
