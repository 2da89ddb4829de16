//! How a server is opened and found: stray refusals, tokens, ways in which a client shows itself, what a server says of itself.

use emulators::scim::{CLIENT, CLIENT_SECRET, ClientShown};
use rollcall::{
    employee::Canonical::{Email, JobTitle, Manager},
    target::{Class, Patch, Target as _, scim::Client},
    testing::builder::{account_id, attributes, by_plan, new_account},
};
use serde_json::json;

use super::{Access, BaseUrl, Changes, Filters, Habits, HostRule, Opener, Profile, Running, bearer, service, target};

/// Returns the client that the service knows.
fn client(service: &Running) -> Access {
    let url = BaseUrl::parse(&service.token_url(), HostRule::Any).unwrap();
    let secret = CLIENT_SECRET.to_owned().into();
    Access::Client(Client::new(url, CLIENT.to_owned(), secret, None))
}

/// Returns how often tokens were asked for, and how often in vain.
fn token_requests(service: &Running) -> (usize, usize) {
    let asked = service.asked();
    let asked: Vec<_> = asked.iter().filter(|asked| asked.target == "/oauth/token").collect();
    let refused = asked.iter().filter(|asked| asked.status >= 400).count();
    (asked.len(), refused)
}

#[tokio::test]
async fn a_refusal_by_mistake_ends_nothing_and_one_that_lasts_is_the_credentials() {
    let service = service(Habits::default()).await;
    for access in [bearer(), client(&service)] {
        let target = target(&service.base(), &Profile::GENERIC, access);
        target.list_accounts(None).await.unwrap();
        service.change_habits(|habits| habits.stray_refusals = 1);
        target.list_accounts(None).await.unwrap();
        service.change_habits(|habits| habits.stray_refusals = 1);
        let number = service.users().len().to_string();
        let account = new_account(&number, &[(Email, &format!("p{number}@acme.example"))]);
        target.create(&account_id("hint"), &account).await.unwrap();
    }
    assert_eq!(service.users().len(), 2);
    let target = target(&service.base(), &Profile::GENERIC, bearer());
    target.list_accounts(None).await.unwrap();
    service.change_habits(|habits| habits.refuses = vec![Opener::Bearer]);
    assert_eq!(target.list_accounts(None).await.unwrap_err().class, Class::Unauthorized);
    service.stop().await;
}

#[tokio::test]
async fn a_token_that_lives_a_minute_serves_many_requests() {
    for life in [60, 45] {
        let service = service(Habits {
            token_life: Some(life),
            ..Habits::default()
        })
        .await;
        let target = target(&service.base(), &Profile::GENERIC, client(&service));
        for _ in 0..5 {
            target.list_accounts(None).await.unwrap();
        }
        assert_eq!(token_requests(&service), (1, 0), "a life of {life} seconds");
        service.stop().await;
    }
}

/// The secret holds what is written otherwise in a form. What worked is asked in again.
#[tokio::test]
async fn a_client_shows_itself_form_encoded_then_raw_then_in_the_body() {
    for (shown, refused) in [(ClientShown::Encoded, 0), (ClientShown::Raw, 1), (ClientShown::Body, 2)] {
        let service = service(Habits {
            client_shown: shown,
            ..Habits::default()
        })
        .await;
        let target = target(&service.base(), &Profile::GENERIC, client(&service));
        for _ in 0..3 {
            target.list_accounts(None).await.unwrap();
            service.forget_tokens();
        }
        assert_eq!(token_requests(&service), (3 + refused, refused), "{shown:?}");
        // A later run begins with what worked.
        let later = super::target(&service.base(), &Profile::GENERIC, client(&service));
        later.recall(target.learned());
        later.list_accounts(None).await.unwrap();
        assert_eq!(token_requests(&service), (4 + refused, refused), "{shown:?}");
        service.stop().await;
    }
}

#[tokio::test]
async fn a_path_of_users_that_begins_with_the_base_or_leads_nowhere_keeps_no_server_from_being_read() {
    for endpoint in ["/scim/v2/Users", "/scim/v2/Users/", "Users", "/v2/Users", "/people"] {
        let service = service(Habits {
            endpoint: Some(endpoint.to_owned()),
            ..Habits::default()
        })
        .await;
        let target = target(&service.base(), &Profile::GENERIC, bearer());
        let account = new_account("1", &[(Email, "ana@acme.example")]);
        let made = target.create(&account_id("hint"), &account).await.unwrap();
        let listed = target.list_accounts(None).await.unwrap().accounts;
        assert_eq!(listed.len(), 1, "{endpoint}");
        assert!(target.find_account(&made.id).await.unwrap().is_some(), "{endpoint}");
        // What was learnt is not asked for again.
        let later = super::target(&service.base(), &Profile::GENERIC, bearer());
        later.recall(target.learned());
        let before = service.asked().len();
        later.list_accounts(None).await.unwrap();
        let asked = service.asked().split_off(before);
        assert!(asked.iter().all(|asked| asked.status == 200), "{endpoint}: {asked:?}");
        service.stop().await;
    }
}

/// Leapsome shows a manager otherwise than it takes one.
#[tokio::test]
async fn a_manager_that_is_shown_with_a_managers_id_is_read() {
    let service = service(Habits {
        changes: Changes::Merge,
        filters: Filters::UserNameOnly,
        manager_as_object: true,
        ..Habits::default()
    })
    .await;
    let extension = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    service.add(&json!({ "userName": "ana@acme.example", extension: { "manager": "u-9" } }));
    let target = target(&service.base(), &Profile::LEAPSOME, bearer());
    let listed = target.list_accounts(None).await.unwrap().accounts;
    assert_eq!(listed[0].value(Manager), Some("u-9"));
    service.stop().await;
}

/// What is redirected was not done, and a credential is shown to no other server.
#[tokio::test]
async fn r41_a_redirected_write_says_so_and_to_which_host_it_is_not_followed() {
    let service = service(Habits::default()).await;
    let target = target(&service.base(), &Profile::GENERIC, bearer());
    let account = |employee: &str| new_account(employee, &[(Email, &format!("p{employee}@acme.example"))]);
    let made = target.create(&account_id("hint"), &account("1")).await.unwrap();
    let elsewhere = "https://other.example:8443/scim/v2/Users/p1@acme.example";
    service.change_habits(|habits| habits.redirects_writes = Some(elsewhere.to_owned()));
    let patch = Patch {
        id: made.id,
        attributes: attributes(&[(JobTitle, "Cook")]),
        active: None,
        external_id: None,
        version: None,
        origin: by_plan("p-1"),
    };
    let created = target.create(&account_id("hint"), &account("2")).await.unwrap_err();
    let changed = target.update(&[patch]).await.unwrap_err();
    for error in [created, changed] {
        assert_eq!(error.class, Class::Refused);
        let said = error.to_string();
        assert!(
            said.contains("redirects to https://other.example:8443 with status 308"),
            "{said}"
        );
        assert!(!said.contains("p1@"), "{said}");
    }
    service.stop().await;
}
