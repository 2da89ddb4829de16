//! What every store does with rosters, and with parts of targets' lists.

use crate::{
    account::{AccountsBuilder, Listing},
    employee::Canonical,
    roster::Survey,
    store::{NewRoster, RosterId, Store},
    testing::builder::{account, at, connection_id, roster},
};

const NOW: &str = "2026-03-01T12:00:00Z";
const END: &str = "2026-03-31T12:00:00Z";

fn roster_id(id: &str) -> RosterId {
    RosterId::parse(id).unwrap()
}

/// A roster of many chunks is read as it was written, person by person.
pub async fn a_roster_of_twenty_thousand_people_comes_back_as_it_was(store: &dyn Store) {
    let (id, connection) = (roster_id("run-1-1"), connection_id("c-1"));
    let whole = roster(20_000);
    assert!(whole.chunks.len() > 2, "{} chunks", whole.chunks.len());
    store.put_roster(&connection, &id, &whole, at(END)).await.unwrap();
    let found = store.find_roster(&connection, &id, at(NOW)).await.unwrap().unwrap();
    assert!(found == whole);
    assert_eq!(found.employees().unwrap().len(), 20_000);
    let elsewhere = connection_id("c-2");
    assert!(store.find_roster(&elsewhere, &id, at(NOW)).await.unwrap().is_none());
}

/// A roster that is stored bit by bit is there wholly or not at all.
pub async fn r29_a_roster_that_is_stored_chunk_by_chunk_shows_once_it_is_ended(store: &dyn Store) {
    let (id, connection) = (roster_id("run-1-1"), connection_id("c-1"));
    let whole = roster(20_000);
    let new = NewRoster {
        connection: &connection,
        id: &id,
        header: &whole.header,
        kept_until: at(END),
    };
    let is_absent = async || {
        assert_eq!(store.find_roster_head(&connection, &id, at(NOW)).await.unwrap(), None);
        assert!(store.find_roster(&connection, &id, at(NOW)).await.unwrap().is_none());
        assert!(store.list_rosters(&connection).await.unwrap().is_empty());
    };
    // How many chunks there will be is not known exactly when the first one is stored.
    store.begin_roster(&new, whole.chunks.len() + 3).await.unwrap();
    is_absent().await;
    let (first, rest) = whole.chunks.split_at(1);
    store.put_roster_chunks(&new, 0, first.to_vec()).await.unwrap();
    is_absent().await;
    store.put_roster_chunks(&new, 1, rest.to_vec()).await.unwrap();
    is_absent().await;
    store.end_roster(&new, whole.chunks.len()).await.unwrap();
    let found = store.find_roster(&connection, &id, at(NOW)).await.unwrap().unwrap();
    assert!(found == whole);
    assert_eq!(store.erase_rosters(&connection).await.unwrap(), 1);
    is_absent().await;
}

/// Who walks over a roster loads some chunks at a time.
pub async fn chunks_of_a_roster_are_found_by_their_numbers_until_it_is_deleted(store: &dyn Store) {
    let (id, connection) = (roster_id("run-1-1"), connection_id("c-1"));
    let whole = roster(20_000);
    store.put_roster(&connection, &id, &whole, at(END)).await.unwrap();
    let head = store
        .find_roster_head(&connection, &id, at(NOW))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((&head.header, head.chunks), (&whole.header, whole.chunks.len()));
    for numbers in [0..1, 1..3, 0..head.chunks, 2..2] {
        let found = store
            .find_roster_chunks(&connection, &id, &head, numbers.clone())
            .await
            .unwrap();
        assert!(found.as_deref() == Some(&whole.chunks[numbers]));
    }
    assert_eq!(store.find_roster_head(&connection, &id, at(END)).await.unwrap(), None);
    store.delete_roster(&connection, &id).await.unwrap();
    let gone = store.find_roster_chunks(&connection, &id, &head, 0..1).await.unwrap();
    assert_eq!(gone, None);
}

/// A process that died while it stored a roster leaves nothing behind an erasure.
pub async fn r37_a_roster_that_was_begun_is_erased_with_the_others(store: &dyn Store) {
    let (id, connection) = (roster_id("run-1-1"), connection_id("c-1"));
    let whole = roster(20_000);
    let new = NewRoster {
        connection: &connection,
        id: &id,
        header: &whole.header,
        kept_until: at(END),
    };
    store.begin_roster(&new, whole.chunks.len()).await.unwrap();
    store.put_roster_chunks(&new, 0, whole.chunks.clone()).await.unwrap();
    assert_eq!(store.erase_rosters(&connection).await.unwrap(), 0, "it is none yet");
    store.end_roster(&new, whole.chunks.len()).await.unwrap();
    let found = store.find_roster(&connection, &id, at(NOW)).await;
    assert!(!matches!(found, Ok(Some(_))), "nothing of it comes back");
}

/// Two rosters of one connection do not mix.
pub async fn rosters_of_one_connection_stand_side_by_side(store: &dyn Store) {
    let connection = connection_id("c-1");
    for (id, people) in [("run-1-1", 3), ("run-2-2", 5)] {
        store
            .put_roster(&connection, &roster_id(id), &roster(people), at(END))
            .await
            .unwrap();
    }
    let listed = store.list_rosters(&connection).await.unwrap();
    assert_eq!(listed, [roster_id("run-1-1"), roster_id("run-2-2")]);
    store.delete_roster(&connection, &roster_id("run-1-1")).await.unwrap();
    store.delete_roster(&connection, &roster_id("run-1-1")).await.unwrap();
    let gone = store.find_roster(&connection, &roster_id("run-1-1"), at(NOW)).await;
    assert_eq!(gone.unwrap(), None);
    let kept = store.find_roster(&connection, &roster_id("run-2-2"), at(NOW)).await;
    assert_eq!(kept.unwrap(), Some(roster(5)));
}

/// A roster ends when it says, unless it is kept longer.
pub async fn r36_a_roster_is_absent_after_its_end_unless_it_was_extended(store: &dyn Store) {
    let (id, connection) = (roster_id("run-1-1"), connection_id("c-1"));
    let before_end = at("2026-03-31T11:59:59Z");
    store.put_roster(&connection, &id, &roster(3), at(END)).await.unwrap();
    assert!(store.find_roster(&connection, &id, before_end).await.unwrap().is_some());
    assert!(store.find_roster(&connection, &id, at(END)).await.unwrap().is_none());
    let later = at("2026-04-30T12:00:00Z");
    store.extend_roster(&connection, &id, later).await.unwrap();
    assert_eq!(
        store.find_roster(&connection, &id, at(END)).await.unwrap(),
        Some(roster(3))
    );
    assert!(store.find_roster(&connection, &id, later).await.unwrap().is_none());
    let unknown = roster_id("run-9-9");
    store.extend_roster(&connection, &unknown, later).await.unwrap();
    assert!(
        store
            .find_roster(&connection, &unknown, at(NOW))
            .await
            .unwrap()
            .is_none()
    );
}

/// All rosters of a connection are erased, and another connection's stay.
pub async fn r37_rosters_of_a_connection_are_erased_and_no_others(store: &dyn Store) {
    let (connection, other) = (connection_id("c-1"), connection_id("c-2"));
    for (of, id) in [(&connection, "run-1-1"), (&connection, "run-2-1"), (&other, "run-3-1")] {
        let put = store.put_roster(of, &roster_id(id), &roster(30), at(END)).await;
        put.unwrap();
    }
    let mut listed = store.list_rosters(&connection).await.unwrap();
    listed.sort();
    assert_eq!(listed, [roster_id("run-1-1"), roster_id("run-2-1")]);
    assert_eq!(store.erase_rosters(&connection).await.unwrap(), 2);
    assert_eq!(store.erase_rosters(&connection).await.unwrap(), 0);
    let gone = store.find_roster(&connection, &roster_id("run-2-1"), at(NOW)).await;
    assert_eq!(gone.unwrap(), None);
    assert!(store.list_rosters(&connection).await.unwrap().is_empty());
    let kept = store.find_roster(&other, &roster_id("run-3-1"), at(NOW)).await.unwrap();
    assert_eq!(kept, Some(roster(30)));
}

/// The survey that was made last is kept, one per connection.
pub async fn the_last_survey_of_a_connection_is_kept(store: &dyn Store) {
    let (one, other) = (connection_id("c-1"), connection_id("c-2"));
    let survey = |people| {
        Survey::of(
            &roster(people),
            &[Canonical::EmployeeId, Canonical::WorkEmail],
            1,
            at(NOW),
        )
        .unwrap()
    };
    assert_eq!(store.find_survey(&one).await.unwrap(), None);
    for people in [3, 5] {
        store.put_survey(&one, &survey(people)).await.unwrap();
        assert_eq!(store.find_survey(&one).await.unwrap(), Some(survey(people)));
    }
    assert_eq!(store.find_survey(&other).await.unwrap(), None);
}

/// What was counted of a connection's people goes with their rosters, and nobody else's does.
pub async fn r37_a_survey_goes_with_the_rosters_of_its_connection(store: &dyn Store) {
    let (one, other) = (connection_id("c-1"), connection_id("c-2"));
    let survey = Survey::of(&roster(3), &[Canonical::EmployeeId], 1, at(NOW)).unwrap();
    for connection in [&one, &other] {
        store.put_survey(connection, &survey).await.unwrap();
    }
    assert_eq!(store.erase_rosters(&one).await.unwrap(), 0);
    assert_eq!(store.find_survey(&one).await.unwrap(), None);
    assert_eq!(store.find_survey(&other).await.unwrap(), Some(survey));
}

fn listing(from: u16, accounts: u16) -> Listing {
    let mut builder = AccountsBuilder::default();
    for number in from..from + accounts {
        builder.push(&account(&format!("u{number}"), &[(Canonical::City, "Leeds")]));
    }
    builder.listing(0).unwrap()
}

/// Parts of a target's list come back as they were, beside the rosters and not among them, until their end.
pub async fn r36_parts_of_a_list_come_back_as_they_were_until_their_end(store: &dyn Store) {
    let (connection, id) = (connection_id("c-1"), roster_id("run-1-list-0-1"));
    let part = listing(0, 4_000);
    store.put_listing(&connection, &id, &part, at(END)).await.unwrap();
    let found = store.find_listing(&connection, &id, at(NOW)).await.unwrap();
    assert_eq!(found, Some(part));
    assert_eq!(store.find_listing(&connection, &id, at(END)).await.unwrap(), None);
    let elsewhere = connection_id("c-2");
    assert_eq!(store.find_listing(&elsewhere, &id, at(NOW)).await.unwrap(), None);
    assert_eq!(
        store.list_listings(&connection).await.unwrap(),
        std::slice::from_ref(&id)
    );
    assert!(store.list_rosters(&connection).await.unwrap().is_empty());
    assert!(store.find_roster(&connection, &id, at(NOW)).await.unwrap().is_none());
}

/// One part of a list is deleted, and deleted once more, and the other stays.
pub async fn parts_of_a_list_are_deleted_one_by_one(store: &dyn Store) {
    let connection = connection_id("c-1");
    let (one, other) = (roster_id("run-1-list-0-1"), roster_id("run-1-list-1-1"));
    for (id, from) in [(&one, 0), (&other, 10)] {
        let part = listing(from, 10);
        store.put_listing(&connection, id, &part, at(END)).await.unwrap();
    }
    for _ in 0..2 {
        store.delete_listing(&connection, &one).await.unwrap();
        assert_eq!(
            store.list_listings(&connection).await.unwrap(),
            std::slice::from_ref(&other)
        );
    }
    let kept = store.find_listing(&connection, &other, at(NOW)).await.unwrap();
    assert_eq!(kept, Some(listing(10, 10)));
}

/// The parts of a list are erased with the rosters of their connection, and no others.
pub async fn r37_parts_of_a_list_go_with_the_rosters_of_their_connection(store: &dyn Store) {
    let (one, other) = (connection_id("c-1"), connection_id("c-2"));
    for (connection, id) in [
        (&one, "run-1-list-0-1"),
        (&one, "run-1-list-1-1"),
        (&other, "run-2-list-0-1"),
    ] {
        let (id, part) = (roster_id(id), listing(0, 10));
        store.put_listing(connection, &id, &part, at(END)).await.unwrap();
    }
    store
        .put_roster(&one, &roster_id("run-1-part-0-1"), &roster(3), at(END))
        .await
        .unwrap();
    assert_eq!(store.erase_rosters(&one).await.unwrap(), 1, "rosters are counted");
    assert!(store.list_listings(&one).await.unwrap().is_empty());
    assert_eq!(store.list_listings(&other).await.unwrap().len(), 1);
}
