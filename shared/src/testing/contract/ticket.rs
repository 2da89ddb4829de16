//! What every store does with tickets, companies and shared targets.

use futures_util::future::join_all;

use crate::{
    connection::{Connection, ProviderId, ScimServer, TargetChoice},
    employee::CompanyId,
    store::{Opens, Store, Ticket},
    testing::builder::{at, connection, connection_id, tenant},
};

fn ticket(hash: &str) -> Ticket {
    Ticket {
        hash: hash.to_owned(),
        opens: Opens::Start { browser: None },
        connection: connection_id("c-1"),
        return_url: Some("https://app.example/settings".to_owned()),
        expires_at: at("2026-03-01T04:30:00Z"),
    }
}

/// A ticket is taken once, however many ask at once.
pub async fn r40_a_ticket_is_taken_once(store: &dyn Store) {
    let now = at("2026-03-01T04:00:00Z");
    store.put_ticket(&ticket("0a")).await.unwrap();
    assert_eq!(store.find_ticket("0a", now).await.unwrap(), Some(ticket("0a")));
    let taken = join_all((0..5).map(|_| store.take_ticket("0a", now))).await;
    let taken: Vec<_> = taken.into_iter().filter_map(Result::unwrap).collect();
    assert_eq!(taken, [ticket("0a")]);
    assert_eq!(store.take_ticket("0a", now).await.unwrap(), None);
    assert_eq!(store.find_ticket("0b", now).await.unwrap(), None);
    store.put_ticket(&ticket("0c")).await.unwrap();
}

/// A ticket that has ended opens nothing.
pub async fn r40_a_ticket_ends(store: &dyn Store) {
    let end = at("2026-03-01T04:30:00Z");
    store.put_ticket(&ticket("0a")).await.unwrap();
    assert_eq!(store.find_ticket("0a", end).await.unwrap(), None);
    assert_eq!(store.take_ticket("0a", end).await.unwrap(), None);
}

/// Of browsers that come at once, one is the first.
pub async fn r40_a_ticket_is_changed_only_as_it_was_read(store: &dyn Store) {
    let now = at("2026-03-01T04:00:00Z");
    store.put_ticket(&ticket("0a")).await.unwrap();
    let bound = |browser: &str| Ticket {
        opens: Opens::Start {
            browser: Some(browser.to_owned()),
        },
        ..ticket("0a")
    };
    let (was, first, second) = (ticket("0a"), bound("b-1"), bound("b-2"));
    assert!(store.change_ticket(&was, &first).await.unwrap());
    assert!(!store.change_ticket(&was, &second).await.unwrap());
    assert_eq!(store.find_ticket("0a", now).await.unwrap(), Some(first));
}

/// A company belongs to one tenant until it is given free.
pub async fn r01_a_company_belongs_to_one_tenant(store: &dyn Store) {
    let provider = ProviderId::parse("factorial").unwrap();
    let company = CompanyId::parse("7").unwrap();
    let claim = async |of: &str| store.claim_company(&provider, &company, &tenant(of)).await.unwrap();
    assert!(claim("acme").await);
    assert!(claim("acme").await);
    assert!(!claim("other").await);
    store
        .release_company(&provider, &company, &tenant("other"))
        .await
        .unwrap();
    assert!(!claim("other").await);
    store
        .release_company(&provider, &company, &tenant("acme"))
        .await
        .unwrap();
    assert!(claim("other").await);
    let elsewhere = ProviderId::parse("humaans").unwrap();
    assert!(
        store
            .claim_company(&elsewhere, &company, &tenant("acme"))
            .await
            .unwrap()
    );
}

/// A connection of a tenant to a server.
fn writer(id: &str, of: &str, base_url: &str) -> Connection {
    Connection {
        target: TargetChoice::Scim(ScimServer {
            base_url: base_url.to_owned(),
            profile: "generic".to_owned(),
            extension: None,
            shared: false,
        }),
        ..connection(id, of)
    }
}

/// A target is written to by one tenant, unless it is said that it is shared; of two that come at once, one is in.
pub async fn r04_a_target_is_one_tenants_unless_it_is_shared(store: &dyn Store) {
    let writer_of = |of: &str| writer(&format!("c-{of}"), of, "https://app.example/scim");
    let enter = async |of: &str, shared| store.enter_target(&writer_of(of), shared).await.unwrap();
    let leave = async |of: &str| store.leave_target(&writer_of(of)).await.unwrap();
    let tenants = ["a", "b", "c", "d", "e"];
    let came = join_all(tenants.map(|of| enter(of, false))).await;
    assert_eq!(came.iter().filter(|is_in| **is_in).count(), 1, "{came:?}");
    for of in tenants {
        leave(of).await;
    }
    assert!(enter("acme", false).await);
    assert!(enter("acme", false).await);
    assert!(!enter("other", false).await);
    leave("other").await;
    assert!(
        join_all(tenants.map(|of| enter(of, true)))
            .await
            .into_iter()
            .all(|is_in| is_in)
    );
    assert!(enter("b", false).await, "who is in stays in");
    for of in tenants {
        leave(of).await;
    }
    assert!(!enter("other", false).await, "acme is still there");
    leave("acme").await;
    assert!(enter("other", false).await);
    let elsewhere = writer("c-acme", "acme", "https://app.example/scim/v2");
    assert!(store.enter_target(&elsewhere, false).await.unwrap());
}

/// A tenant has left a target with the last of its connections to it.
pub async fn r04_a_target_is_left_with_the_last_connection(store: &dyn Store) {
    let base_url = "https://app.example/scim";
    let (first, second) = (writer("c-1", "acme", base_url), writer("c-2", "acme", base_url));
    let other = writer("c-3", "other", base_url);
    for connection in [&first, &second] {
        assert!(store.enter_target(connection, false).await.unwrap());
    }
    // To leave twice is to leave once.
    for connection in [&first, &first, &other] {
        store.leave_target(connection).await.unwrap();
        assert!(!store.enter_target(&other, false).await.unwrap());
    }
    store.leave_target(&second).await.unwrap();
    assert!(store.enter_target(&other, false).await.unwrap());
}
