//! A login that sees several companies (R01): one has to be chosen before anything is read.

use acceptance::journey::{Ground, Office, Stage};
use rollcall::{
    connection::{ConnectionId, OneTimeToken, Preset, Status, TargetChoice},
    employee::CompanyId,
    run::{
        Actor, Callback, ConnectError, Login, NewConnection, begin_login, choose_company, finish_login, list_choices,
        open_login,
    },
    source::Kind,
};

const CALLBACK: &str = "https://rollcall.example/oauth/callback";

/// A person signs in at the office. Returns what the login comes to.
async fn sign_in(stage: &Stage) -> Login {
    let new = NewConnection {
        tenant: stage.tenant.clone(),
        provider: Kind::Factorial.id(),
        base_url: None,
        site: None,
        credential: (),
        target: TargetChoice::Directory,
        target_credential: None,
        configuration: Preset::Users.configuration(),
        authorised_by: None,
    };
    let made = open_login(&stage.ports, &Actor::named("somebody"), new, None)
        .await
        .unwrap();
    let departure = begin_login(&stage.ports, made.token.expose(), None, CALLBACK)
        .await
        .unwrap();
    let callback = Callback {
        cookie: departure.cookie.as_ref().map(OneTimeToken::expose),
        state: departure.url.split_once("state=").map(|(_, state)| state),
        code: Some("a-code"),
        issuer: None,
    };
    let arrival = finish_login(&stage.ports, &Actor::named("somebody"), &callback, CALLBACK)
        .await
        .unwrap();
    arrival.outcome.unwrap()
}

async fn status(stage: &Stage, id: &ConnectionId) -> Status {
    stage.store.find_connection(id).await.unwrap().unwrap().record.status
}

#[tokio::test]
async fn r01_a_login_that_sees_several_companies_waits_for_a_choice_and_reads_the_chosen_one() {
    let office = Office::new("7 8");
    office.hire(1, "Ana", "Sol").hire(2, "Bo", "Luz");
    let stage = Stage::new(Ground::memory(), &office).unwrap();
    let login = sign_in(&stage).await;
    assert_eq!((login.connection.status, login.run), (Status::ChoosingCompany, None));
    let choices = list_choices(&stage.ports, &login.connection).await.unwrap();
    assert_eq!(
        choices.iter().map(|company| company.id.as_str()).collect::<Vec<_>>(),
        ["7", "8"]
    );
    let unseen = CompanyId::parse("9").unwrap();
    let refused = choose_company(&stage.ports, &Actor::named("somebody"), &login.connection, &unseen).await;
    assert!(matches!(refused, Err(ConnectError::DifferentCompany)));
    assert_eq!(status(&stage, &login.connection.id).await, Status::ChoosingCompany);
    let chosen = CompanyId::parse("8").unwrap();
    let (connection, run) = choose_company(&stage.ports, &Actor::named("somebody"), &login.connection, &chosen)
        .await
        .unwrap();
    assert_eq!(connection.company.as_ref().map(|company| &company.id), Some(&chosen));
    stage.deliver().await.unwrap();
    let run = stage.run(&run.unwrap()).await.unwrap();
    assert!(run.errors.is_empty(), "{:?}", run.errors);
    assert_eq!(run.counts.joiners, 2);
    let other = CompanyId::parse("7").unwrap();
    let refused = choose_company(&stage.ports, &Actor::named("somebody"), &connection, &other).await;
    assert!(
        matches!(refused, Err(ConnectError::DifferentCompany)),
        "once chosen it stays"
    );
}

#[tokio::test]
async fn r01_a_login_that_sees_one_company_needs_no_choice() {
    let office = Office::new("7");
    let stage = Stage::new(Ground::memory(), &office).unwrap();
    let login = sign_in(&stage).await;
    assert_eq!(login.connection.status, Status::Connected);
    assert!(login.run.is_some());
}
