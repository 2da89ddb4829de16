//! Putting adapters together.

use std::{fmt, sync::Arc};

use super::{Applications, Environment, Error, ProviderSettings, RandomIds, SystemClock, aws, clock::now, providers};
use crate::{
    api::{self, Edge, Route},
    connection::{Connection, ConnectionSecret, Credential, ScimServer, TargetChoice},
    event::webhook::{self, WebhookEvents},
    http::{self, BaseUrls, Pace},
    queue::sqs::SqsQueue,
    run::{self, Clock, Ports, Targets},
    secret::{SecretStore, secretsmanager::SecretsManagerStore},
    store::{DirectoryStore, dynamodb::DynamoStore},
    target::{
        self, Target,
        directory::DirectoryTarget,
        scim::{self, Access, Client, Profile, ScimTarget},
    },
};

/// The one outbound client of a process, with the real clock and waiting times that differ from process to process.
/// Built before the first request.
///
/// # Errors
/// [`Error`] where TLS or randomness cannot be had.
pub fn outbound_client() -> Result<http::Client, Error> {
    Ok(http::Client::new(outbound_settings()?)?)
}

/// What outbound clients are built from.
///
/// # Errors
/// [`Error::Randomness`].
pub fn outbound_settings() -> Result<http::Settings, Error> {
    let mut seed = [0; 8];
    getrandom::fill(&mut seed).map_err(Error::Randomness)?;
    Ok(http::Settings::new(now, u64::from_le_bytes(seed)))
}

/// Puts a deployed function together, before the first event is asked for. Clients of services that many events do without are
/// made when they are first used. `build` names the code, `routes` are what it answers.
///
/// # Errors
/// [`Error`] where a part cannot be set up.
pub async fn assemble(environment: Environment, build: &str, routes: Vec<Route>) -> Result<Edge, Error> {
    let accounts_room = environment.accounts_room();
    let config = aws::load(&outbound_settings()?).await?;
    let clock = Arc::new(SystemClock);
    let client = aws_sdk_dynamodb::Client::new(&config);
    let store = Arc::new(DynamoStore::new(client, &environment.table));
    let shared = config.clone();
    let client = move || aws_sdk_secretsmanager::Client::new(&shared);
    let secrets: Arc<dyn SecretStore> = Arc::new(SecretsManagerStore::new(client, &environment.secrets));
    let client = move || aws_sdk_sqs::Client::new(&config);
    let queue = SqsQueue::new(client, environment.diff_queue, environment.apply_queue);
    let http = outbound_client()?;
    let settings = ProviderSettings {
        applications: Applications::Kept(Arc::clone(&secrets)),
        base_urls: environment.base_urls.clone(),
        pace: None,
    };
    let events = WebhookEvents::new(
        http.clone(),
        Arc::clone(&secrets),
        clock.clone(),
        webhook::Settings::default(),
    );
    let ports = Ports {
        store: store.clone(),
        secrets,
        queue: Arc::new(queue),
        events: Arc::new(events),
        providers: providers(&http, &settings),
        targets: Arc::new(BuiltInTargets::new(
            store.clone(),
            http,
            environment.base_urls.clone(),
            clock.clone(),
        )),
        clock,
        ids: Arc::new(RandomIds::new()?),
        home: environment.home,
        settings: run::Settings {
            lease: environment.lease,
            places: environment.maximum_concurrency,
            accounts_room,
            zone: environment.schedule.zone.clone(),
            spread: environment.daily_spread,
            ..run::Settings::default()
        },
    };
    let settings = api::Settings {
        public_url: environment.public_url,
        base_urls: environment.base_urls,
        schedule: environment.schedule,
        allowance: environment.allowance,
        build: build.to_owned(),
    };
    Ok(Edge::new(ports, store.clone(), store, settings, routes))
}

/// Opens the targets that are built in. Others join here, one arm each.
pub struct BuiltInTargets {
    directory: Arc<dyn DirectoryStore>,
    http: http::Client,
    base_urls: BaseUrls,
    clock: Arc<dyn Clock>,
    pace: Option<Pace>,
}

impl BuiltInTargets {
    /// Targets that keep their accounts in `directory`, or reach them through `http` at public addresses and those of
    /// `base_urls`, and read the time from `clock`.
    pub fn new(
        directory: Arc<dyn DirectoryStore>,
        http: http::Client,
        base_urls: BaseUrls,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            directory,
            http,
            base_urls,
            clock,
            pace: None,
        }
    }

    /// Returns these targets with this pace for every server, in place of the pace that each server's profile says: for
    /// a machine of one's own.
    #[must_use]
    pub const fn paced(mut self, pace: Pace) -> Self {
        self.pace = Some(pace);
        self
    }

    fn open_scim(&self, server: &ScimServer, credential: Option<&Credential>) -> Result<ScimTarget, target::Error> {
        let refused = |class, detail| target::Error::new(class, "open the target", detail);
        let misset = |detail| refused(target::Class::Misconfigured, detail);
        let profile = Profile::find(&server.profile).ok_or_else(|| misset("its profile is not known"))?;
        let base = self
            .base_urls
            .find_public(&server.base_url)
            .ok_or_else(|| misset("its address may not be reached").about("base_url"))?;
        let access = match credential {
            Some(Credential::ApiKey { key }) => Access::Bearer(key.clone()),
            Some(Credential::Basic { user, password }) => Access::Basic {
                user: user.clone(),
                password: password.clone(),
            },
            Some(Credential::Client {
                token_url,
                id,
                secret,
                scope,
            }) => {
                let url = token_url.as_deref().and_then(|url| self.base_urls.find_public(url));
                let url =
                    url.ok_or_else(|| misset("the address of its tokens may not be reached").about("token_url"))?;
                Access::Client(Client::new(url, id.clone(), secret.clone(), scope.clone()))
            }
            // A caller without a credential only asks which target it is, and sends nothing.
            None => Access::Bearer(secrecy::SecretString::default()),
            Some(Credential::Granted { .. } | Credential::Tokens(_)) => {
                return Err(refused(target::Class::Unauthorized, "a login does not open it"));
            }
        };
        let session = self
            .http
            .open_session(&format!("scim {}", base.as_str()), self.pace.unwrap_or(profile.pace));
        let settings = scim::Settings {
            base,
            profile,
            extension: server.extension.as_deref().map(Into::into),
            access,
        };
        Ok(ScimTarget::new(session, settings, Arc::clone(&self.clock)))
    }
}

impl Targets for BuiltInTargets {
    fn open(&self, connection: &Connection, secret: &ConnectionSecret) -> Result<Arc<dyn Target>, target::Error> {
        match &connection.target {
            TargetChoice::Directory => {
                let (store, clock) = (Arc::clone(&self.directory), Arc::clone(&self.clock));
                let directory = DirectoryTarget::new(connection.tenant.clone(), store, clock);
                Ok(Arc::new(directory))
            }
            TargetChoice::Scim(server) => {
                let target = self.open_scim(server, secret.target.as_ref())?;
                Ok(Arc::new(target.known_as(connection.target_identity())))
            }
        }
    }
}

impl fmt::Debug for BuiltInTargets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("BuiltInTargets").finish_non_exhaustive()
    }
}
