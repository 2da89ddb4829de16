//! What a stage is made on: where things are kept, how ids are made, and which target is opened. The target is the directory or
//! an emulated SCIM server.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use emulators::scim::{self as emulated, EXTENSION, TOKEN};
use rollcall::{
    connection::{Connection, ConnectionSecret, Credential, ScimServer, TargetChoice, TenantId},
    http::{BaseUrl, Client, HostRule, Pace},
    run::{Clock, Ids, Targets},
    runtime::outbound_settings,
    store::{DirectoryStore, Store, memory::MemoryStore},
    target::{
        self, Target,
        directory::DirectoryTarget,
        scim::{Access, Profile, ScimTarget, Settings},
    },
    testing::FixedClock,
};

use super::{Failure, Letters, Nobody, Trouble, Watch, WatchedTarget};

/// How fast the product may ask the emulated server.
const PACE: Pace = Pace {
    per_second: 10_000,
    burst: 10_000,
    in_flight: 16,
};

/// The ground that a stage is made on.
pub struct Ground {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The directory's records.
    pub directory: Arc<dyn DirectoryStore>,
    /// Messages; where none are given, the usual queue in memory is used.
    pub letters: Option<Arc<dyn Letters>>,
    /// The watch that is asked before each write.
    pub watch: Arc<dyn Watch>,
    /// A word that no other process uses, for ids.
    pub process: String,
    /// The SCIM server that is written to; the directory where there is none.
    pub server: Option<Arc<emulated::Running>>,
    /// How that server is spoken to.
    pub profile: &'static Profile,
}

impl Ground {
    /// Returns a ground that keeps everything in memory.
    pub fn memory() -> Self {
        let store = Arc::new(MemoryStore::new());
        Self {
            directory: Arc::clone(&store) as Arc<dyn DirectoryStore>,
            store,
            letters: None,
            watch: Arc::new(Nobody),
            process: "0".to_owned(),
            server: None,
            profile: &Profile::GENERIC,
        }
    }

    /// Returns a ground in memory whose target is an emulated SCIM server instead of the directory.
    ///
    /// # Errors
    /// The server cannot be started.
    pub async fn server() -> Result<Self, Failure> {
        Self::server_with(emulated::Habits::default()).await
    }

    /// Returns a ground in memory whose target is an emulated SCIM server with the habits of a server that was seen. A server that
    /// has a profile of its own is spoken to with it.
    ///
    /// # Errors
    /// There is no such set, or the server cannot be started.
    pub async fn seen(set: &str) -> Result<Self, Failure> {
        let ground = Self::server_with(emulated::Habits::set(set)?).await?;
        Ok(Self {
            profile: Profile::find(set).unwrap_or(&Profile::GENERIC),
            ..ground
        })
    }

    async fn server_with(habits: emulated::Habits) -> Result<Self, Failure> {
        let server = emulated::start(emulated::Options { port: 0, habits }).await?;
        Ok(Self {
            server: Some(Arc::new(server)),
            ..Self::memory()
        })
    }
}

/// The key of every tenant's fingerprints on a stage.
pub(super) const FINGERPRINT_KEY: [u8; 32] = [7; 32];

/// Ids by number, after a word that differs from process to process.
pub(super) struct Numbered {
    process: String,
    last: AtomicU64,
}

impl Numbered {
    pub(super) const fn new(process: String) -> Self {
        Self {
            process,
            last: AtomicU64::new(0),
        }
    }
}

impl Ids for Numbered {
    fn next(&self, kind: &str) -> String {
        let number = self.last.fetch_add(1, Ordering::SeqCst);
        format!("{kind}-{}-{number:06}", self.process)
    }

    fn key(&self) -> [u8; 32] {
        FINGERPRINT_KEY
    }
}

/// Opens the target that the stage writes to.
pub(super) struct Opener {
    pub(super) directory: Arc<dyn DirectoryStore>,
    pub(super) server: Option<Arc<emulated::Running>>,
    profile: &'static Profile,
    pub(super) clock: Arc<FixedClock>,
    http: Client,
}

impl Opener {
    pub(super) fn new(ground: &Ground, clock: &Arc<FixedClock>) -> Result<Self, Failure> {
        Ok(Self {
            directory: Arc::clone(&ground.directory),
            server: ground.server.clone(),
            profile: ground.profile,
            clock: Arc::clone(clock),
            http: Client::new(outbound_settings()?)?,
        })
    }

    /// Returns what a connection says that it writes to, and the credential that opens that target.
    pub(super) fn choice(&self) -> (TargetChoice, Option<Credential>) {
        let Some(server) = &self.server else {
            return (TargetChoice::Directory, None);
        };
        let choice = ScimServer {
            base_url: server.base(),
            identity: None,
            profile: self.profile.name.to_owned(),
            extension: Some(EXTENSION.to_owned()),
            shared: false,
        };
        let credential = Credential::ApiKey {
            key: TOKEN.to_owned().into(),
        };
        (TargetChoice::Scim(choice), Some(credential))
    }

    /// Returns the target, without a watch.
    pub(super) fn open(&self, tenant: &TenantId) -> Result<Arc<dyn Target>, target::Error> {
        let clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        let Some(server) = &self.server else {
            let directory = DirectoryTarget::new(tenant.clone(), Arc::clone(&self.directory), clock);
            return Ok(Arc::new(directory));
        };
        let no_address = |_| target::Error::new(target::Class::Refused, "open", "no address");
        let settings = Settings {
            base: BaseUrl::parse(&server.base(), HostRule::Any).map_err(no_address)?,
            profile: self.profile,
            extension: Some(EXTENSION.into()),
            access: Access::Bearer(TOKEN.to_owned().into()),
        };
        let session = self.http.open_session("scim", PACE);
        Ok(Arc::new(ScimTarget::new(session, settings, clock)))
    }
}

/// Opens the stage's target with a watch.
pub(super) struct Watched {
    pub(super) opener: Arc<Opener>,
    pub(super) watch: Arc<dyn Watch>,
    pub(super) trouble: Trouble,
}

impl Targets for Watched {
    fn open(&self, connection: &Connection, _secret: &ConnectionSecret) -> Result<Arc<dyn Target>, target::Error> {
        Ok(Arc::new(WatchedTarget {
            inner: self.opener.open(&connection.tenant)?,
            watch: Arc::clone(&self.watch),
            trouble: self.trouble.clone(),
        }))
    }
}
