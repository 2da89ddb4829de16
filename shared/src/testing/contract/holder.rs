//! What every store does with companies and shared targets: which tenants they belong to.

use futures_util::future::join_all;

use crate::{
    connection::{Connection, ProviderId, ScimServer, TargetChoice},
    employee::CompanyId,
    store::{Acted, Refusal, Store, Write},
    testing::builder::{company, connection},
};

fn seven() -> CompanyId {
    company("7").id
}

/// Returns a connection whose record says that it reads the company.
async fn reader(store: &dyn Store, id: &str, of: &str) -> Connection {
    let reader = connection(id, of).connect(&company("7")).unwrap();
    put(store, &reader).await;
    reader
}

async fn put(store: &dyn Store, connection: &Connection) {
    let new = Write::Connection {
        connection,
        revision: None,
    };
    assert_eq!(store.act(&[new]).await.unwrap(), Acted::Done);
}

async fn enter(store: &dyn Store, connection: &Connection, shared: bool) -> Acted {
    let company = &seven();
    let enter = Write::EnterCompany {
        connection,
        company,
        shared,
    };
    store.act(&[enter]).await.unwrap()
}

async fn leave(store: &dyn Store, connection: &Connection) {
    let company = &seven();
    let left = store.act(&[Write::LeaveCompany { connection, company }]).await.unwrap();
    assert_eq!(left, Acted::Done);
}

/// A company belongs to one tenant until the last of its connections leaves it.
pub async fn r01_a_company_belongs_to_one_tenant(store: &dyn Store) {
    let first = reader(store, "c-1", "acme").await;
    let second = reader(store, "c-2", "acme").await;
    let other = reader(store, "c-3", "other").await;
    let foreign = Acted::Refused(Refusal::ForeignCompany);
    for connection in [&first, &first, &second] {
        assert_eq!(enter(store, connection, false).await, Acted::Done);
    }
    // To leave twice is to leave once. A connection that is not in it takes it from no other.
    for connection in [&first, &first, &other] {
        leave(store, connection).await;
        assert_eq!(enter(store, &other, false).await, foreign);
    }
    let elsewhere = Connection {
        provider: ProviderId::parse("humaans").unwrap(),
        ..other.clone()
    };
    assert_eq!(enter(store, &elsewhere, false).await, Acted::Done);
    leave(store, &second).await;
    assert_eq!(enter(store, &other, false).await, Acted::Done);
    assert_eq!(enter(store, &first, false).await, foreign);
}

/// An operator may let a second tenant have a company; each leaves it for itself.
pub async fn r01_a_company_that_is_shared_is_left_by_each_for_itself(store: &dyn Store) {
    let first = reader(store, "c-1", "acme").await;
    let other = reader(store, "c-2", "other").await;
    let third = reader(store, "c-3", "third").await;
    assert_eq!(enter(store, &first, false).await, Acted::Done);
    assert_eq!(enter(store, &other, true).await, Acted::Done);
    leave(store, &first).await;
    assert_eq!(
        enter(store, &third, false).await,
        Acted::Refused(Refusal::ForeignCompany)
    );
    leave(store, &other).await;
    assert_eq!(enter(store, &third, false).await, Acted::Done);
}

/// Returns a connection of a tenant to a server.
fn writer(id: &str, of: &str, base_url: &str, shared: bool) -> Connection {
    Connection {
        target: TargetChoice::Scim(ScimServer {
            base_url: base_url.to_owned(),
            identity: None,
            profile: "generic".to_owned(),
            extension: None,
            shared,
        }),
        ..connection(id, of)
    }
}

async fn enters(store: &dyn Store, writer: &Connection) -> bool {
    store.act(&[Write::EnterTarget(writer)]).await.unwrap() == Acted::Done
}

async fn leaves(store: &dyn Store, writer: &Connection) {
    store.act(&[Write::LeaveTarget(writer)]).await.unwrap();
}

/// A target is written to by one tenant, unless it is said to be shared. Of several that come at once, one is let in.
pub async fn r04_a_target_is_one_tenants_unless_it_is_shared(store: &dyn Store) {
    let base_url = "https://app.example/scim";
    let of = |of: &str, shared| writer(&format!("c-{of}"), of, base_url, shared);
    let tenants = ["a", "b", "c", "d", "e"];
    for tenant in tenants.into_iter().chain(["acme", "other"]) {
        put(store, &of(tenant, false)).await;
    }
    let came = tenants.map(|tenant| of(tenant, false));
    let came = join_all(came.iter().map(|writer| enters(store, writer))).await;
    assert_eq!(came.iter().filter(|is_in| **is_in).count(), 1, "{came:?}");
    for tenant in tenants {
        leaves(store, &of(tenant, false)).await;
    }
    assert!(enters(store, &of("acme", false)).await);
    assert!(enters(store, &of("acme", false)).await);
    assert!(!enters(store, &of("other", false)).await);
    leaves(store, &of("other", false)).await;
    let shared = tenants.map(|tenant| of(tenant, true));
    let came = join_all(shared.iter().map(|writer| enters(store, writer))).await;
    assert!(came.into_iter().all(|is_in| is_in));
    assert!(enters(store, &of("b", false)).await, "who is in stays in");
    for tenant in tenants {
        leaves(store, &of(tenant, false)).await;
    }
    assert!(!enters(store, &of("other", false)).await, "acme is still there");
    leaves(store, &of("acme", false)).await;
    assert!(enters(store, &of("other", false)).await);
    let elsewhere = writer("c-acme", "acme", "https://app.example/scim/v2", false);
    assert!(enters(store, &elsewhere).await);
}

/// A tenant has left a target with the last of its connections to it.
pub async fn r04_a_target_is_left_with_the_last_connection(store: &dyn Store) {
    let of = |id: &str, of: &str| writer(id, of, "https://app.example/scim", false);
    let (first, second, other) = (of("c-1", "acme"), of("c-2", "acme"), of("c-3", "other"));
    for connection in [&first, &second, &other] {
        put(store, connection).await;
    }
    for connection in [&first, &second] {
        assert!(enters(store, connection).await);
    }
    // To leave twice is to leave once.
    for connection in [&first, &first, &other] {
        leaves(store, connection).await;
        assert!(!enters(store, &other).await);
    }
    leaves(store, &second).await;
    assert!(enters(store, &other).await);
}

/// A claim of a connection that is not there hinders no other, and a sweep ends it. What a connection claims stays.
pub async fn r49_a_claim_without_a_record_is_swept_and_in_nobodys_way(store: &dyn Store) {
    let gone = [connection("c-1", "acme"), connection("c-2", "acme")];
    let kept = reader(store, "c-3", "acme").await;
    let ended = writer("c-4", "acme", "https://app.example/scim", false);
    for connection in gone.iter().chain([&kept]) {
        assert_eq!(enter(store, connection, false).await, Acted::Done);
    }
    assert!(enters(store, &ended).await);
    let places = store.list_claims(None, 10).await.unwrap();
    assert_eq!(places.len(), 2, "{places:?}");
    let rest = store.list_claims(places.first().map(String::as_str), 1).await.unwrap();
    assert_eq!(rest, places[1..]);
    let other = reader(store, "c-5", "other").await;
    assert_eq!(
        enter(store, &other, false).await,
        Acted::Refused(Refusal::ForeignCompany)
    );
    let mut swept = Vec::new();
    for place in &places {
        swept.push(store.sweep_claim(place).await.unwrap());
    }
    swept.sort_unstable();
    assert_eq!(swept, [1, 2]);
    assert_eq!(store.list_claims(None, 10).await.unwrap().len(), 1);
    for place in &places {
        assert_eq!(store.sweep_claim(place).await.unwrap(), 0, "{place}");
    }
    assert_eq!(
        enter(store, &other, false).await,
        Acted::Refused(Refusal::ForeignCompany)
    );
    leave(store, &kept).await;
    assert_eq!(enter(store, &gone[0], false).await, Acted::Done);
    assert_eq!(enter(store, &other, false).await, Acted::Done, "acme's is not there");
    assert_eq!(store.sweep_claim("nonsense").await.unwrap(), 0);
}
