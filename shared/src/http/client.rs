//! The client: one per process, built before the first request.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;

use super::{
    Error, Pace, Session, Settings,
    budget::Budget,
    jitter::Jitter,
    pace::Pacer,
    transport::{Transport, Wire},
};

/// The one outbound client. Clones share connections, pacing and budgets.
#[derive(Clone)]
pub struct Client(Arc<Shared>);

/// What all sessions share.
pub(super) struct Shared {
    pub(super) settings: Settings,
    pub(super) transport: Box<dyn Transport>,
    pub(super) jitter: Jitter,
    providers: Mutex<BTreeMap<String, Arc<Budget>>>,
    pacers: Mutex<BTreeMap<(String, String), Arc<Pacer>>>,
}

impl Client {
    /// Returns a new client. It opens no connection yet, and reads no file and no environment.
    ///
    /// # Errors
    /// [`Error::Setup`] where TLS cannot be set up.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let wire = Wire::new(&settings)?;
        Ok(Self::with_transport(settings, Box::new(wire)))
    }

    pub(super) fn with_transport(settings: Settings, transport: Box<dyn Transport>) -> Self {
        Self(Arc::new(Shared {
            jitter: Jitter::new(settings.seed),
            settings,
            transport,
            providers: Mutex::default(),
            pacers: Mutex::default(),
        }))
    }

    /// Opens one run's use of the client. `provider` is a label: sessions with the same label share a budget of retries
    /// and, host by host, the pace that the first of them asked for.
    pub fn open_session(&self, provider: &str, pace: Pace) -> Session {
        let mut providers = self.0.providers.lock().unwrap_or_else(PoisonError::into_inner);
        let budget = providers
            .entry(provider.to_owned())
            .or_insert_with(|| Arc::new(Budget::refilling(self.0.settings.retry.per_provider)));
        Session::new(Arc::clone(&self.0), provider, Arc::clone(budget), pace)
    }

    /// Returns the time, as the settings' clock tells it.
    pub fn now(&self) -> Timestamp {
        (self.0.settings.now)()
    }
}

impl Shared {
    /// Returns the pacer, which lets requests of a provider to a host start.
    pub(super) fn pacer(&self, provider: &str, host: &str, pace: Pace) -> Arc<Pacer> {
        let mut pacers = self.pacers.lock().unwrap_or_else(PoisonError::into_inner);
        let pacer = pacers
            .entry((provider.to_owned(), host.to_owned()))
            .or_insert_with(|| Arc::new(Pacer::new(pace)));
        Arc::clone(pacer)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Client").finish_non_exhaustive()
    }
}
