//! What every store does with tickets.

use futures_util::future::join_all;

use crate::{
    store::{Acted, Opens, Store, Ticket, Write},
    testing::builder::{at, connection_id},
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

async fn put(store: &dyn Store, ticket: &Ticket) {
    assert_eq!(store.act(&[Write::Ticket(ticket)]).await.unwrap(), Acted::Done);
}

/// A ticket is taken once, by one of several callers at once.
pub async fn r40_a_ticket_is_taken_once(store: &dyn Store) {
    let now = at("2026-03-01T04:00:00Z");
    put(store, &ticket("0a")).await;
    assert_eq!(store.find_ticket("0a", now).await.unwrap(), Some(ticket("0a")));
    let taken = join_all((0..5).map(|_| store.take_ticket("0a", now))).await;
    let taken: Vec<_> = taken.into_iter().filter_map(Result::unwrap).collect();
    assert_eq!(taken, [ticket("0a")]);
    assert_eq!(store.take_ticket("0a", now).await.unwrap(), None);
    assert_eq!(store.find_ticket("0b", now).await.unwrap(), None);
    put(store, &ticket("0c")).await;
}

/// A ticket that has ended opens nothing.
pub async fn r40_a_ticket_ends(store: &dyn Store) {
    let end = at("2026-03-01T04:30:00Z");
    put(store, &ticket("0a")).await;
    assert_eq!(store.find_ticket("0a", end).await.unwrap(), None);
    assert_eq!(store.take_ticket("0a", end).await.unwrap(), None);
}

/// A sweep deletes the tickets of a connection that have ended, and no others.
pub async fn r49_tickets_that_have_ended_are_swept(store: &dyn Store) {
    let end = at("2026-03-01T04:30:00Z");
    let later = Ticket {
        expires_at: at("2026-03-01T05:00:00Z"),
        ..ticket("0b")
    };
    let foreign = Ticket {
        connection: connection_id("c-2"),
        ..ticket("0c")
    };
    for ticket in [&ticket("0a"), &later, &foreign] {
        put(store, ticket).await;
    }
    let own = connection_id("c-1");
    assert_eq!(store.sweep_tickets(&own, at("2026-03-01T04:00:00Z")).await.unwrap(), 0);
    assert_eq!(store.sweep_tickets(&own, end).await.unwrap(), 1);
    assert_eq!(store.sweep_tickets(&own, end).await.unwrap(), 0);
    assert_eq!(store.find_ticket("0b", end).await.unwrap(), Some(later));
}
