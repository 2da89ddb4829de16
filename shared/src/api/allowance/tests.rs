//! What is counted, and what it costs.

use super::*;
use crate::{
    store::{Meter as _, memory::MemoryStore},
    testing::builder::at,
};

const NOW: &str = "2026-03-01T12:00:03Z";

fn of_key(most: u32) -> Allowance {
    Allowance {
        per_key: Some(most),
        per_address: None,
    }
}

fn door() -> (Arc<MemoryStore>, Arc<dyn DoorStore>) {
    let store = Arc::new(MemoryStore::new());
    (Arc::clone(&store), store)
}

/// How many of `asked` requests pass.
async fn passed(counter: &Counter, door: &Arc<dyn DoorStore>, most: u32, key: &str, asked: u32) -> u32 {
    let mut passed = 0;
    for _ in 0..asked {
        let answer = counter.count_key(door, of_key(most), at(NOW), key).await;
        passed += u32::from(answer.is_ok());
    }
    passed
}

#[tokio::test]
async fn a_key_may_ask_as_often_as_its_allowance_says_whatever_that_is() {
    for most in [1, 2, 19, 20, 21, 45, 200] {
        let (store, door) = door();
        let counter = Counter::default();
        assert_eq!(passed(&counter, &door, most, "a", most + 30).await, most, "{most}");
        assert!(store.writes() <= 21, "{most}: {} writes", store.writes());
        assert_eq!(
            passed(&counter, &door, most, "b", 1).await,
            1,
            "another key is not touched"
        );
    }
}

#[tokio::test]
async fn a_key_that_asks_once_costs_one_write() {
    let (store, door) = door();
    assert_eq!(passed(&Counter::default(), &door, 500, "a", 1).await, 1);
    assert_eq!(store.writes(), 1);
}

#[tokio::test]
async fn processes_share_the_allowance_of_a_key() {
    let (_, door) = door();
    let counters: Vec<Counter> = (0..8).map(|_| Counter::default()).collect();
    let mut all = 0;
    for _ in 0..100 {
        for counter in &counters {
            all += passed(counter, &door, 100, "a", 1).await;
        }
    }
    assert_eq!(all, 100);
}

#[tokio::test]
async fn the_wait_ends_with_the_window() {
    let (_, door) = door();
    let counter = Counter::default();
    let count = |now: &'static str| counter.count_key(&door, of_key(1), at(now), "a");
    count("2026-03-01T12:00:03Z").await.unwrap();
    let refused = count("2026-03-01T12:00:03.9Z").await.unwrap_err();
    assert_eq!((refused.code, refused.retry_after), (Code::TooMany, Some(7)));
    let refused = count("2026-03-01T12:00:09.999Z").await.unwrap_err();
    assert_eq!(refused.retry_after, Some(1));
    count("2026-03-01T12:00:10Z").await.unwrap();
}

#[test]
fn addresses_of_one_network_are_counted_together_and_others_apart() {
    let counter = Counter::default();
    let allowance = Allowance {
        per_key: None,
        per_address: Some(2),
    };
    let count = |address: &str| counter.count_address(allowance, at(NOW), address).is_ok();
    assert!(count("192.0.2.1") && count("::ffff:192.0.2.1") && !count("192.0.2.1"));
    assert!(count("192.0.2.2"), "another address is not touched");
    assert!(count("2001:db8:1:2::1") && count("2001:db8:1:2:ffff::9") && !count("2001:db8:1:2::3"));
    assert!(count("2001:db8:1:3::1"));
    assert!(count("") && count("unknown") && !count(""), "what is no address is one");
}

#[test]
fn very_many_addresses_take_no_more_memory_than_the_bound() {
    let counter = Counter::default();
    let allowance = Allowance {
        per_key: None,
        per_address: Some(5),
    };
    for number in 0..u32::try_from(MOST_ADDRESSES).unwrap() * 2 {
        let address = std::net::Ipv4Addr::from(number);
        let _: Result<(), Problem> = counter.count_address(allowance, at(NOW), &address.to_string());
    }
    let kept = counter.within(start_of(at(NOW)), |counted| counted.addresses.len());
    assert!(kept <= MOST_ADDRESSES + 1, "{kept}");
    assert!(
        counter.count_address(allowance, at(NOW), "0.0.0.1").is_ok(),
        "who was there before is not touched"
    );
    assert!(counter.count_address(allowance, at(NOW), "203.0.113.9").is_err());
}
