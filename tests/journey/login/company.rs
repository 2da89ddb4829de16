//! A connection opens one company, which is one tenant's (R01): anything else is refused, and leaves everything as it was.

use std::sync::Arc;

use acceptance::journey::{Nobody, Office, Place, Verdict, Watch};
use jiff::SignedDuration;
use rollcall::{
    connection::{Connection, ConnectionSecret, Credential, Status, TokenSet},
    employee::CompanyId,
    run::{
        Actor, ConnectError, LoginError, choose_company, disconnect, list_choices, open_login, reopen_login,
        secret_name,
    },
    source::Provider as _,
    store::{Acted, Write},
    testing::builder,
};

use super::{arrive, connect_by_key, find, kept, leave, log_in, new_connection, reconnect_by_key, stage};
use crate::support::Nth;

#[tokio::test]
async fn r01_a_login_of_another_company_changes_nothing_and_is_given_back() {
    let stage = stage(&Office::new("7"), Arc::new(Nobody));
    let first = connect_by_key(&stage, "acme").await.unwrap().connection;
    stage.office.change_company("8");
    let again = reopen_login(&stage.ports, &Actor::named("somebody"), first.clone(), None)
        .await
        .unwrap();
    let outcome = log_in(&stage, &again).await.outcome;
    assert!(matches!(
        outcome,
        Err(LoginError::Connect(ConnectError::DifferentCompany))
    ));
    let by_key = reconnect_by_key(&stage, first.clone(), "of-another").await;
    assert!(matches!(by_key, Err(ConnectError::DifferentCompany)));
    assert_eq!(stage.office.revoked(), ["login-1", "of-another"]);
    assert_eq!(kept(&stage, &first.id).await.as_deref(), Some("a-key"));
    assert_eq!(find(&stage, &first.id).await, first);
    // The company does not count as connected either.
    connect_by_key(&stage, "other").await.unwrap();
}

#[tokio::test]
async fn r01_a_company_of_another_tenant_is_refused_until_that_one_disconnects() {
    let stage = stage(&Office::new("7"), Arc::new(Nobody));
    let first = connect_by_key(&stage, "acme").await.unwrap().connection;
    let second = connect_by_key(&stage, "acme").await.unwrap().connection;
    let start = open_login(
        &stage.ports,
        &Actor::named("somebody"),
        new_connection(&stage, "other"),
        None,
    )
    .await
    .unwrap();
    let refused = async || {
        let error = connect_by_key(&stage, "other").await.unwrap_err();
        assert!(matches!(error, ConnectError::ForeignCompany), "{error}");
    };
    refused().await;
    let brought = leave(&stage, &start, None).await.unwrap();
    let outcome = arrive(&stage, &brought).await.unwrap().outcome;
    assert!(matches!(
        outcome,
        Err(LoginError::Connect(ConnectError::ForeignCompany))
    ));
    assert_eq!(kept(&stage, &start.connection.id).await, None);
    disconnect(&stage.ports, &Actor::named("somebody"), first)
        .await
        .unwrap();
    refused().await;
    disconnect(&stage.ports, &Actor::named("somebody"), second)
        .await
        .unwrap();
    // A login that was refused may be begun again with its start.
    let brought = leave(&stage, &start, Some(&brought.0)).await.unwrap();
    let login = arrive(&stage, &brought).await.unwrap().outcome.unwrap();
    assert_eq!(login.connection.status, Status::Connected);
}

#[tokio::test]
async fn r01_the_companies_that_were_not_chosen_stay_free() {
    let stage = stage(&Office::new("7 8"), Arc::new(Nobody));
    assert!(matches!(
        connect_by_key(&stage, "acme").await,
        Err(ConnectError::SeveralCompanies)
    ));
    let start = open_login(
        &stage.ports,
        &Actor::named("somebody"),
        new_connection(&stage, "acme"),
        None,
    )
    .await
    .unwrap();
    let login = log_in(&stage, &start).await.outcome.unwrap();
    let company = |id: &str| CompanyId::parse(id).unwrap();
    let (chosen, _) = choose_company(
        &stage.ports,
        &Actor::named("somebody"),
        &login.connection,
        &company("7"),
    )
    .await
    .unwrap();
    // The choice stands, whichever page asks for another company.
    for page in [&login.connection, &chosen] {
        let other = choose_company(&stage.ports, &Actor::named("somebody"), page, &company("8")).await;
        assert!(matches!(other, Err(ConnectError::DifferentCompany)));
    }
    let other = Connection {
        provider: stage.office.kind().id(),
        ..builder::connection("c-9", "other")
    };
    let is_free = async |id| {
        let enter = Write::EnterCompany {
            connection: &other,
            company: &company(id),
            shared: false,
        };
        stage.store.act(&[enter]).await.unwrap() == Acted::Done
    };
    assert_eq!((is_free("7").await, is_free("8").await), (false, true));
}

#[tokio::test]
async fn r01_a_login_that_another_one_overtook_leaves_that_ones_credential() {
    let office = Office::new("7");
    let stage = stage(&office, Arc::new(Nobody));
    let start = open_login(
        &stage.ports,
        &Actor::named("somebody"),
        new_connection(&stage, "acme"),
        None,
    )
    .await
    .unwrap();
    let slow = find(&stage, &start.connection.id).await;
    log_in(&stage, &start).await.outcome.unwrap();
    office.change_company("8");
    // The connection was read before the other login came to its end.
    let outcome = reconnect_by_key(&stage, slow, "of-another").await;
    assert!(matches!(outcome, Err(ConnectError::DifferentCompany)));
    assert_eq!(kept(&stage, &start.connection.id).await.as_deref(), Some("login-1"));
    assert_eq!(office.revoked(), ["of-another"]);
    connect_by_key(&stage, "other").await.unwrap();
}

#[tokio::test]
async fn r01_a_connection_that_cannot_be_written_leaves_no_secret_and_no_claim() {
    for number in 1..=3 {
        let watch = Nth::new(number, Verdict::Fail);
        let stage = stage(&Office::new("7"), Arc::clone(&watch) as Arc<dyn Watch>);
        watch.arm();
        let error = connect_by_key(&stage, "acme").await.unwrap_err();
        assert!(matches!(error, ConnectError::Internal(_)), "{error}");
        assert_eq!(stage.store.list_connections(&stage.tenant).await.unwrap(), []);
        let secrets = stage.secrets.list_secrets("connection/", None).await.unwrap();
        assert_eq!(secrets.names, [], "write {number}");
        connect_by_key(&stage, "other").await.unwrap();
    }
}

#[tokio::test]
async fn a_connection_whose_write_was_answered_by_nobody_is_found_and_stays() {
    let watch = Nth::at(Place::Store("connection"), Verdict::LoseReply);
    let stage = stage(&Office::new("7"), Arc::clone(&watch) as Arc<dyn Watch>);
    watch.arm();
    let connected = connect_by_key(&stage, "acme").await.unwrap();
    assert_eq!(kept(&stage, &connected.connection.id).await.as_deref(), Some("a-key"));
    assert!(connected.run.is_some());
}

#[tokio::test]
async fn r40_a_choice_that_took_its_time_finds_the_login_still_good() {
    let stage = stage(&Office::new("7 8"), Arc::new(Nobody));
    let start = open_login(
        &stage.ports,
        &Actor::named("somebody"),
        new_connection(&stage, "acme"),
        None,
    )
    .await
    .unwrap();
    let connection = log_in(&stage, &start).await.outcome.unwrap().connection;
    let tokens = TokenSet {
        access_token: "of-an-hour".to_owned().into(),
        refresh_token: Some("of-a-week".to_owned().into()),
        expires_at: Some(stage.now() + SignedDuration::from_hours(1)),
        obtained_at: stage.now(),
        scope: None,
    };
    let secret = ConnectionSecret {
        version: 2,
        source: Some(Credential::Tokens(tokens)),
        ..ConnectionSecret::default()
    };
    let name = secret_name(&connection.id);
    let text = secret.to_secret_text().unwrap();
    stage.ports.secrets.put_secret(&name, &text).await.unwrap();
    let version = async || {
        let text = stage.ports.secrets.find_secret(&name).await.unwrap().unwrap();
        ConnectionSecret::from_secret_text(&text).unwrap().version
    };
    list_choices(&stage.ports, &connection).await.unwrap();
    assert_eq!(version().await, 2, "it is good for an hour");
    stage.pass_hours(5);
    let both = tokio::join!(
        list_choices(&stage.ports, &connection),
        list_choices(&stage.ports, &connection)
    );
    assert_eq!((both.0.unwrap().len(), both.1.unwrap().len()), (2, 2));
    assert_eq!(version().await, 3, "one of them refreshed it, and kept what it got");
    let company = CompanyId::parse("8").unwrap();
    choose_company(&stage.ports, &Actor::named("somebody"), &connection, &company)
        .await
        .unwrap();
    assert_eq!(version().await, 3);
}
