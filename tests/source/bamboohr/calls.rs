//! What a key costs, and what is asked for once.

use rollcall::roster::Reading;

use super::support::{Bamboo, company};

#[tokio::test]
async fn a_read_with_a_key_costs_the_documented_number_of_calls() {
    // Fields, number, everybody, and the people who begin later.
    let bamboo = Bamboo::start(700).await;
    let read = bamboo.read().await;
    assert!(read.error.is_none(), "{:?}", read.error);
    assert_eq!((bamboo.0.requests().await.len(), read.calls), (4, 4));
}

#[tokio::test]
async fn who_asked_for_the_fields_before_a_read_does_not_ask_again() {
    let bamboo = Bamboo::start(20).await;
    let source = bamboo.open(bamboo.key());
    source.identify().await.unwrap();
    source.read(&mut Reading::whole(company())).await.unwrap();
    assert_eq!(source.calls(), 4);
}
