//! One deployment with everything outside it: the real use cases and the real door over ports that fate watches.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::Ordering},
    task::{Context, Poll, Waker},
};

use acceptance::journey::{
    Watch, WatchedDirectory, WatchedDoor, WatchedProvider, WatchedQueue, WatchedSecrets, WatchedStore,
};
use jiff::{Timestamp, tz::TimeZone};
use rollcall::{
    api::{
        Allowance, Edge, Settings as DoorSettings,
        key::{compose, hash},
        routes,
    },
    connection::{ConnectionId, Home, Role, TenantId},
    event::memory::MemoryEvents,
    http::BaseUrls,
    run::{Clock, Ids, Ports, Schedule, Settings},
    store::{ConnectionStore as _, DoorStore, KeyRecord, KeyStore as _, Meter as _, Reach, memory::MemoryStore},
};

use crate::{
    fate::Fate,
    office::{Door, Hr, Office},
    port::{Opener, Post, Shelf, Vault, Witness},
    sabotage::{Bug, Saboteur},
};

/// The instant at which every life begins: a Sunday evening.
const BEGINS_AT: &str = "2026-03-01T18:00:00Z";

/// The random part of the application's keys, of each tenant's key and of the operator's.
const CHANCE: [u8; 32] = [5; 32];

/// The whole deployment, with everything outside it.
pub(crate) struct World {
    pub(crate) fate: Arc<Fate>,
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) vault: Arc<Vault>,
    pub(crate) post: Arc<Post>,
    pub(crate) hr: Arc<Hr>,
    pub(crate) shelves: Vec<Arc<Shelf>>,
    pub(crate) events: Arc<MemoryEvents>,
    pub(crate) ports: Ports,
    pub(crate) edge: Edge,
    witness: Arc<Mutex<Witness>>,
}

/// Returns the answer of a port that never has to wait.
pub(crate) fn at_once<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer,
        Poll::Pending => unreachable!("what is in memory answers at once"),
    }
}

impl World {
    pub(crate) fn new(seed: u64, offices: Vec<Office>, servers: &[&str], tenants: &[TenantId]) -> Self {
        let fate = Arc::new(Fate::new(seed, BEGINS_AT.parse().unwrap()));
        let watch = || Arc::clone(&fate) as Arc<dyn Watch>;
        let (store, vault) = (Arc::new(MemoryStore::new()), Arc::new(Vault::default()));
        let (post, hr) = (
            Arc::new(Post::new(Arc::clone(&fate))),
            Arc::new(Hr::new(Arc::clone(&fate), offices)),
        );
        let shelves: Vec<_> = servers.iter().map(|address| Arc::new(Shelf::new(address))).collect();
        let (witness, events) = (Arc::default(), Arc::new(MemoryEvents::new()));
        let targets = Opener {
            fate: Arc::clone(&fate),
            store: Arc::clone(&store),
            shelves: shelves.clone(),
            witness: Arc::clone(&witness),
        };
        let ports = Ports {
            store: Arc::new(WatchedStore {
                inner: Arc::clone(&store) as _,
                watch: watch(),
            }),
            secrets: Arc::new(WatchedSecrets {
                inner: Arc::clone(&vault) as _,
                watch: watch(),
            }),
            queue: Arc::new(WatchedQueue {
                inner: Arc::clone(&post) as _,
                watch: watch(),
            }),
            events: Arc::clone(&events) as _,
            providers: vec![Arc::new(WatchedProvider {
                inner: Arc::new(Door(Arc::clone(&hr))),
                watch: watch(),
            })],
            targets: Arc::new(targets),
            clock: Arc::clone(&fate) as Arc<dyn Clock>,
            ids: Arc::clone(&fate) as Arc<dyn Ids>,
            home: Home {
                stage: "weeks".to_owned(),
                account: "000000000000".to_owned(),
                table: "rollcall".to_owned(),
            },
            settings: Settings {
                slice_steps: 4,
                // In every second life a read keeps each page as a part.
                part_bytes: if seed.is_multiple_of(2) {
                    1
                } else {
                    Settings::default().part_bytes
                },
                ..Settings::default()
            },
        };
        let directory = WatchedDirectory {
            inner: Arc::clone(&store) as _,
            watch: watch(),
        };
        let door = WatchedDoor {
            inner: Arc::clone(&store) as Arc<dyn DoorStore>,
            watch: watch(),
        };
        let settings = DoorSettings {
            public_url: "https://rollcall.example".to_owned(),
            base_urls: BaseUrls::Any,
            schedule: Schedule {
                at: jiff::civil::time(4, 0, 0, 0),
                zone: TimeZone::UTC,
            },
            allowance: Allowance::default(),
            build: String::new(),
        };
        let edge = Edge::new(
            ports.clone(),
            Arc::new(directory),
            Arc::new(door),
            settings,
            routes::all(),
        );
        make_keys(&store, tenants);
        Self {
            fate,
            store,
            vault,
            post,
            hr,
            shelves,
            events,
            ports,
            edge,
            witness,
        }
    }

    /// Returns how many items were written so far.
    pub(crate) fn store_writes(&self) -> u64 {
        self.store.writes()
    }

    /// From now on a bug is at work.
    pub(crate) fn plant(&self, bug: Bug, tenants: &[TenantId]) {
        self.hr.pretends.store(bug == Bug::WholeRead, Ordering::Relaxed);
        let saboteur = Saboteur::new(bug, &self.store, &self.vault, &self.shelves, tenants);
        self.fate.plant(saboteur);
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.fate.state().now
    }

    pub(crate) fn witness(&self) -> MutexGuard<'_, Witness> {
        self.witness.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns all connections, ended ones too.
    pub(crate) fn connections(&self) -> Vec<rollcall::connection::Connection> {
        let ids = at_once(self.store.list_connection_ids(None, 1_000)).unwrap();
        let found = ids.iter().filter_map(|id| self.connection(id));
        found.collect()
    }

    pub(crate) fn connection(&self, id: &ConnectionId) -> Option<rollcall::connection::Connection> {
        at_once(self.store.find_connection(id))
            .unwrap()
            .map(|found| found.record)
    }
}

/// Returns the id of a tenant's key; `None` stands for the operator.
fn key_id(tenant: Option<&TenantId>) -> String {
    tenant.map_or_else(|| "operator".to_owned(), |tenant| format!("of{tenant}"))
}

/// Returns the key that the application's backend logs in with.
pub(crate) fn api_key(tenant: Option<&TenantId>) -> secrecy::SecretString {
    compose(&key_id(tenant), &CHANCE)
}

fn make_keys(store: &MemoryStore, tenants: &[TenantId]) {
    let callers = tenants.iter().map(Some).chain([None]);
    for tenant in callers {
        let key = KeyRecord {
            id: key_id(tenant),
            name: "the application".to_owned(),
            hash: hash(&api_key(tenant)),
            reach: tenant.map_or(Reach::All, |tenant| Reach::Tenants([tenant.clone()].into())),
            role: Role::Admin,
            created_at: Timestamp::UNIX_EPOCH,
            created_by: None,
            revoked_at: None,
        };
        assert!(at_once(store.create_key(&key)).unwrap());
    }
}
