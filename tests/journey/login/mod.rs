//! Logging in at the HR system: the person who began a login ends it, in time and once (R40). These files also say what becomes
//! of a login when a port of ours or the HR system is down. `company` is about whose data a login opens, `death` about
//! processes that die on the way, `ended` about connections that end meanwhile, `meanwhile` about what other processes do
//! besides, `shared` about whose server a connection writes to, `sweep` about what a morning clears away.

mod company;
pub(crate) mod death;
mod ended;
mod meanwhile;
mod shared;
mod sweep;

use std::sync::Arc;

use acceptance::journey::{Ground, Nobody, Office, Place, Stage, Verdict, Watch};
use jiff::SignedDuration;
use rollcall::{
    connection::{
        Connection, ConnectionId, ConnectionSecret, Credential, Preset, Status, TargetChoice, TenantId, Transition,
        hash_token,
    },
    run::{
        Actor, Arrival, Callback, ConnectError, Connected, LoginError, NewConnection, Startable, activate, begin_login,
        change_connection, connect, finish_login, open_login, reconnect, secret_name,
    },
    runtime::RandomIds,
    source::{self, Class, Provider as _},
    store::RunStatus,
};
use secrecy::ExposeSecret as _;

use crate::support::Nth;

const CALLBACK: &str = "https://rollcall.example/oauth/callback";

/// Returns a stage whose HR system has a login, and whose tokens are made by real chance.
pub(super) fn stage(office: &Office, watch: Arc<dyn Watch>) -> Stage {
    let ground = Ground {
        watch,
        ..Ground::memory()
    };
    let mut stage = Stage::new(ground, office).unwrap();
    stage.ports.ids = Arc::new(RandomIds::new().unwrap());
    stage
}

pub(super) fn new_connection(stage: &Stage, tenant: &str) -> NewConnection<()> {
    NewConnection {
        tenant: TenantId::parse(tenant).unwrap(),
        provider: stage.office.kind().id(),
        base_url: None,
        site: None,
        credential: (),
        target: TargetChoice::Directory,
        target_credential: None,
        configuration: Preset::Users.configuration(),
        authorised_by: None,
    }
}

pub(super) fn key(text: &str) -> Credential {
    Credential::ApiKey {
        key: text.to_owned().into(),
    }
}

pub(super) async fn connect_by_key(stage: &Stage, tenant: &str) -> Result<Connected, ConnectError> {
    connect(
        &stage.ports,
        &Actor::named("somebody"),
        new_connection(stage, tenant).with(key("a-key")),
    )
    .await
}

/// Connects again with a key.
pub(super) async fn reconnect_by_key(
    stage: &Stage,
    connection: Connection,
    text: &str,
) -> Result<Connection, ConnectError> {
    reconnect(&stage.ports, &Actor::named("somebody"), connection, key(text), None).await
}

/// What a browser brings back from the HR system: its cookie, and the `state`.
pub(super) type Brought = (String, String);

/// Opens the start page in a browser. Returns what the browser will bring back.
pub(super) async fn leave(stage: &Stage, start: &Startable, cookie: Option<&str>) -> Result<Brought, LoginError> {
    let departure = begin_login(&stage.ports, start.token.expose(), cookie, CALLBACK).await?;
    let (_, handed) = departure.url.split_once("state=").unwrap();
    let fresh = departure.cookie.map(|fresh| fresh.expose().to_owned());
    let cookie = fresh.or_else(|| cookie.map(str::to_owned)).unwrap();
    Ok((cookie, handed.to_owned()))
}

/// Brings the browser back from the HR system. Returns what the login comes to.
pub(super) async fn arrive(stage: &Stage, (cookie, brought): &Brought) -> Result<Arrival, LoginError> {
    let callback = Callback {
        cookie: Some(cookie),
        state: Some(brought),
        code: Some("a-code"),
        issuer: None,
    };
    finish_login(&stage.ports, &Actor::named("somebody"), &callback, CALLBACK).await
}

pub(super) async fn log_in(stage: &Stage, start: &Startable) -> Arrival {
    arrive(stage, &leave(stage, start, None).await.unwrap()).await.unwrap()
}

pub(super) async fn find(stage: &Stage, id: &ConnectionId) -> Connection {
    stage.store.find_connection(id).await.unwrap().unwrap().record
}

/// Returns the key that a connection logs in with.
pub(super) async fn kept(stage: &Stage, id: &ConnectionId) -> Option<String> {
    let text = stage.ports.secrets.find_secret(&secret_name(id)).await.unwrap()?;
    match ConnectionSecret::from_secret_text(&text).unwrap().source? {
        Credential::ApiKey { key } => Some(key.expose_secret().to_owned()),
        Credential::Basic { .. } | Credential::Client { .. } | Credential::Granted { .. } | Credential::Tokens(_) => {
            panic!("the office gives keys")
        }
    }
}

#[tokio::test]
async fn r40_a_login_proves_who_began_it_and_is_told_once() {
    let stage = stage(&Office::new("7"), Arc::new(Nobody));
    let start = open_login(
        &stage.ports,
        &Actor::named("somebody"),
        new_connection(&stage, "acme"),
        None,
    )
    .await
    .unwrap();
    let login = log_in(&stage, &start).await.outcome.unwrap();
    assert_eq!(login.connection.status, Status::Connected);
    assert!(login.run.is_some(), "the first sync was asked for");
    assert_eq!(kept(&stage, &login.connection.id).await.as_deref(), Some("login-1"));
    let now = stage.now();
    let tickets = stage
        .store
        .find_ticket(&hash_token(start.token.expose()), now)
        .await
        .unwrap();
    assert!(tickets.is_none(), "the start has done its work");
    let activation = login.activation.expose();
    let foreign = activate(&stage.ports, &Actor::named("somebody"), activation, |_| false).await;
    assert!(matches!(foreign, Err(LoginError::Ended)));
    let told = activate(&stage.ports, &Actor::named("somebody"), activation, |_| true)
        .await
        .unwrap();
    assert_eq!(told.id, login.connection.id);
    assert!(matches!(
        activate(&stage.ports, &Actor::named("somebody"), activation, |_| true).await,
        Err(LoginError::Ended)
    ));
}

#[tokio::test]
async fn r40_a_state_ends_after_ten_minutes_and_a_start_after_thirty() {
    let stage = stage(&Office::new("7"), Arc::new(Nobody));
    let start = open_login(
        &stage.ports,
        &Actor::named("somebody"),
        new_connection(&stage, "acme"),
        None,
    )
    .await
    .unwrap();
    let brought = leave(&stage, &start, None).await.unwrap();
    stage.clock.advance(SignedDuration::from_mins(10));
    assert!(matches!(arrive(&stage, &brought).await, Err(LoginError::Ended)));
    let (cookie, _) = brought;
    let again = leave(&stage, &start, Some(&cookie)).await.unwrap();
    assert_eq!(again.0, cookie, "the same browser");
    stage.clock.advance(SignedDuration::from_mins(9));
    let foreign = (format!("{cookie}x"), again.1);
    assert!(matches!(arrive(&stage, &foreign).await, Err(LoginError::OtherBrowser)));
    stage.clock.advance(SignedDuration::from_mins(11));
    let late = leave(&stage, &start, Some(&cookie)).await;
    assert!(matches!(late, Err(LoginError::Ended)), "nothing was begun in time");
    assert_eq!(
        find(&stage, &start.connection.id).await.status,
        Status::AwaitingAuthorization
    );
}

#[tokio::test]
async fn a_first_sync_that_cannot_be_asked_for_costs_no_connection() {
    let watch = Nth::at(Place::Queue, Verdict::Fail);
    let office = Office::new("7");
    office.hire_many(1..=3);
    let mut stage = stage(&office, Arc::clone(&watch) as Arc<dyn Watch>);
    watch.arm();
    let start = open_login(
        &stage.ports,
        &Actor::named("somebody"),
        new_connection(&stage, "acme"),
        None,
    )
    .await
    .unwrap();
    let login = log_in(&stage, &start).await.outcome.unwrap();
    assert_eq!((login.connection.status, &login.run), (Status::Connected, &None));
    assert_eq!(office.revoked(), Vec::<String>::new());
    stage.connection = login.connection.id;
    assert_eq!(stage.night().await.unwrap().status, RunStatus::Succeeded);
}

#[tokio::test]
async fn an_hr_system_that_is_down_leaves_the_credential_of_before() {
    let stage = stage(&Office::new("7"), Arc::new(Nobody));
    let first = connect_by_key(&stage, "acme").await.unwrap().connection;
    let lost = change_connection(&stage.ports, &first.id, |connection| {
        connection.clone().change(Transition::LoseAuthorization).ok()
    });
    let lost = lost.await.unwrap().unwrap();
    stage.office.refuse(Some(Class::Temporary));
    let error = reconnect_by_key(&stage, lost.clone(), "another").await.unwrap_err();
    assert!(
        matches!(
            &error,
            ConnectError::Source(source::Error {
                class: Class::Temporary,
                ..
            })
        ),
        "{error}"
    );
    assert_eq!(kept(&stage, &first.id).await.as_deref(), Some("a-key"));
    stage.office.refuse(None);
    let again = reconnect_by_key(&stage, lost, "another").await.unwrap();
    assert_eq!(again.status, Status::Connected);
    assert_eq!(kept(&stage, &first.id).await.as_deref(), Some("another"));
}
